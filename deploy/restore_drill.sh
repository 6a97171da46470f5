#!/bin/sh
# Proves that this desk can be had back from a backup, while its service goes on: takes one, restores it into an empty
# place, starts a service there that this machine alone can reach, and compares what it remembers and answers with the
# desk. Writes nothing into the desk; what it made is removed. Exit status 0: all is the same; 1: it says what is not.
#
#   restore_drill.sh [-w WORDS] [-s SECONDS] [FILE]
#
#   -w WORDS    what is searched for and classified, best in words of your tickets
#   -s SECONDS  how long the restored service may take to be ready; 300 if not told
#   FILE        where the backup stays; without it the backup is removed as well
#
# It needs the settings (STELLWERK_...) and the folder that the service runs with, and, in TMPDIR, twice the desk's size.
set -eu
umask 077

words='Der Drucker im Lager druckt leere Seiten. The warehouse printer prints blank pages.'
seconds=300
usage='usage: restore_drill.sh [-w WORDS] [-s SECONDS] [FILE]'
while getopts w:s: option; do
    case $option in
        w) words=$OPTARG ;;
        s) seconds=$OPTARG ;;
        *) echo "$usage" >&2; exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -le 1 ] || { echo "$usage" >&2; exit 2; }

fail() {
    echo "restore drill FAILED: $*" >&2
    exit 1
}

service=
clean_up() {
    if [ -n "$service" ]; then
        kill "$service" 2>/dev/null || true
        wait "$service" 2>/dev/null || true
    fi
    rm -rf "$place"
}

program=$(command -v stellwerk) || fail 'there is no stellwerk in PATH; add the folder bin of its installation'
python=$(dirname "$(readlink -f "$program")")/python
[ -x "$python" ] || fail "$python is not there; the drill needs the Python that Stellwerk is installed with"
place=$(mktemp -d "${TMPDIR:-/tmp}/stellwerk-drill-XXXXXX")
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
backup=${1:-$place/desk.backup}
began=$(date +%s)

# A command with the settings of the restored desk; to be called in a subshell. Encoders and masking key are no part
# of a backup and stay the desk's own.
in_restored() {
    export STELLWERK_MODELS="$place/models" STELLWERK_KNOWLEDGE="$place/knowledge"
    export STELLWERK_JOURNAL="sqlite:///$place/journal.db" STELLWERK_VECTOR_CACHE="$place/vectors.db"
    export STELLWERK_HOST=127.0.0.1 STELLWERK_PORT="$port" STELLWERK_WORKERS=1 STELLWERK_DRAIN_SECONDS=0
    export STELLWERK_AUTHENTICATION=keys STELLWERK_OIDC_ISSUER='' STELLWERK_OTLP_ENDPOINT='' STELLWERK_TRACKING=''
    export STELLWERK_AUDIT_SHARE=0 STELLWERK_FOLLOW_MLFLOW_SECONDS=0
    exec "$@"
}

# What the journal of the settings holds, as JSON.
remembered() {
    "$python" -c '
import json, sys
from desk import Settings
from journal import Journal
url = Settings().journal
if not Journal.exists(url):
    sys.exit("there is no journal; are the settings those of the service?")
with Journal.open(url) as journal:
    counts = journal.counts()
    told = {name: getattr(counts, name) for name in ("decisions", "corrections", "votes")}
    print(json.dumps(told | {"documents": len(journal.documents)}))
'
}

# What the desk itself remembers and answers, into the folder $1; neither predicting nor searching writes to its journal.
ask_desk() {
    mkdir -p "$1"
    remembered >"$1/journal" || fail "the desk's journal cannot be read"
    stellwerk predict - <"$place/ticket" >"$1/classification" || fail 'the desk itself cannot classify'
    stellwerk search "$words" --json >"$1/search" || fail 'the desk itself cannot search'
}

# What the restored service answers over HTTP.
ask_restored() {
    KEY=$key PORT=$port "$python" - "$place" <<'PYTHON' || fail 'the restored service did not answer'
import json, os, pathlib, sys, urllib.request
place = pathlib.Path(sys.argv[1])
def ask(path, body):
    headers = {"Authorization": "Bearer " + os.environ["KEY"], "Content-Type": "application/json"}
    address = f"http://127.0.0.1:{os.environ['PORT']}{path}"
    with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=120) as answer:
        return answer.read()
(place / "restored" / "classification").write_bytes(ask("/v1/classifications", (place / "ticket").read_bytes()))
(place / "restored" / "search").write_bytes(ask("/v1/search", (place / "query").read_bytes()))
PYTHON
}

# What was compared; or, with exit status 1, what differs from what the desk said first, in $1, and now, in the last.
compare() {
    "$python" - "$place" "$@" <<'PYTHON'
import json, pathlib, sys
def read(side, name):
    return json.loads((pathlib.Path(sys.argv[1]) / side / name).read_text("utf-8"))
def answer(side):
    told = read(side, "classification")
    version = told["model"]["version"] if told["model"] else None
    return version, {name: (one["label"], one["probabilities"]) for name, one in told["predictions"].items()}
def same(one, other):
    return one.keys() == other.keys() and all(
        label == other[name][0] and shares.keys() == other[name][1].keys()
        and all(abs(share - other[name][1][key]) < 1e-6 for key, share in shares.items())
        for name, (label, shares) in one.items())
first, now = sys.argv[2], sys.argv[-1]
lacking = []
counts, least, most = read("restored", "journal"), read(first, "journal"), read(now, "journal")
for name, n in counts.items():
    low, high = sorted((least[name], most[name]))
    if not low <= n <= high:
        lacking.append(f"the journal has {n} {name}, the desk {most[name]}")
version, predictions = answer("restored")
desks = [answer(side) for side in (first, now)]
if not desks[-1][1]:
    lacking.append("the desk itself has no model; promote one")
elif all(version != one[0] for one in desks):
    lacking.append(f"model {version} classifies, in the desk {desks[-1][0]}")
elif not any(same(predictions, one[1]) for one in desks):
    lacking.append("the same model classifies the same words differently")
hits = [hit["id"] for hit in read("restored", "search")["hits"]]
found = [[hit["id"] for hit in read(side, "search")["hits"]] for side in (first, now)]
if not found[-1]:
    lacking.append("the desk itself finds nothing for these words; name others with -w")
elif sorted(hits) not in map(sorted, found):
    lacking.append(f"the search finds others: {', '.join(hits) or 'nothing'}; the desk {', '.join(found[-1])}")
if lacking:
    sys.exit("; ".join(lacking))
print("ok: the journal holds", ", ".join(f"{n} {name}" for name, n in counts.items()))
labels = ", ".join(f"{name} {label}" for name, (label, _) in predictions.items())
print(f"ok: a ticket is classified as in the desk: {labels}, by model {version}")
print(f"ok: a search finds what it finds in the desk: {len(hits)} documents")
PYTHON
}

port=$("$python" -c 'import socket; one = socket.socket(); one.bind(("127.0.0.1", 0)); print(one.getsockname()[1])')
"$python" -c '
import json, pathlib, sys
place, words = pathlib.Path(sys.argv[1]), sys.argv[2]
(place / "ticket").write_text(json.dumps({"id": "restore-drill", "body": words}) + "\n")
(place / "query").write_text(json.dumps({"query": words}))
' "$place" "$words"

ask_desk "$place/before"
stellwerk backup "$backup" --json >"$place/told" || fail 'no backup was written; the line above says why'
parts=$("$python" -c 'import json, sys; print(*json.load(sys.stdin)["parts"])' <"$place/told")
[ "$parts" = 'journal knowledge models' ] ||
    fail "the backup holds $parts alone; the drill needs a journal, a knowledge base and a model in files of this machine"
echo "ok: backed up journal, knowledge base and models, $(($(wc -c <"$backup") / 1000)) kB"

(in_restored stellwerk restore "$backup" --json) >"$place/told" ||
    fail 'the backup could not be restored; the line above says why'
mkdir "$place/restored"
(export STELLWERK_JOURNAL="sqlite:///$place/journal.db"; remembered) >"$place/restored/journal" ||
    fail 'the restored journal cannot be read'
echo 'ok: every checksum is right, and all was restored into an empty place'

key=$(in_restored stellwerk keys create restore-drill --scope classify --scope search 2>"$place/told") ||
    fail "the restored journal takes no key: $(cat "$place/told")"
(in_restored stellwerk serve) >"$place/log" 2>&1 &
service=$!
started=$(date +%s)
until "$python" -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=5)' \
    "http://127.0.0.1:$port/readyz" 2>"$place/told"; do
    if [ $(($(date +%s) - started)) -ge "$seconds" ] || ! kill -0 "$service" 2>/dev/null; then
        tail -n 20 "$place/log" >&2
        fail "the restored service ended, or was not ready within $seconds seconds; the lines above are its log"
    fi
    sleep 1
done
echo "ok: the restored service is ready, $(($(date +%s) - started)) seconds after its start"

ask_restored
compare before 2>"$place/told" || {
    # Somebody may have written between the first question and the backup: then the desk answers so by now.
    ask_desk "$place/now"
    compare before now 2>"$place/told" || fail "$(cat "$place/told")"
}
echo "restore drill passed in $(($(date +%s) - began)) seconds"
