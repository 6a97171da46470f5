"""One desk's Stellwerk put together."""

import shutil
import threading

import pytest

from classifier import (
    DamagedModelError,
    EncoderMismatchError,
    NoChampionError,
    NothingToRollBackError,
    UnknownVersionError,
)
from desk import USER_ERRORS, NotReadyError, ReasonCode, UnknownLabelError
from journal import Journal, UnknownClassificationError
from knowledge import Article, Query
from tickets import Solution, SolvedTicket, Taxonomy, Ticket

PRINTER = Ticket(
    id="4711",
    subject="Drucker druckt nicht",
    body="Seit heute Morgen kommen aus dem Drucker im Lager nur leere Seiten, der Toner ist neu.",
)
ARTICLE = Article(id="KB-1", title="Drucker druckt leere Seiten", body="Den Schutzstreifen des Toners abziehen.")


@pytest.fixture
def journal(settings):
    """The desk's journal, read beside it."""
    with Journal.open(settings.journal) as opened:
        yield opened


def save(shelf, trained) -> str:
    """A further version on the shelf, promoted by nobody."""
    return shelf.save(trained, n_tickets=1, data_fingerprint="x").version


def reasons(answer) -> list[ReasonCode]:
    """The codes of an answer's reasons."""
    return [reason.code for reason in answer.decision.reasons]


def test_without_a_model_a_person_must_look(opened, journal) -> None:
    """Before the first promotion every ticket is review with that reason, is remembered, and nothing is an error."""
    desk = opened()
    answer = desk.classify(PRINTER)
    assert answer.decision.action == "review"
    assert reasons(answer) == [ReasonCode.NO_MODEL]
    assert (answer.model, answer.predictions, answer.ticket_id) == (None, {}, "4711")
    assert desk.taxonomy == Taxonomy.builtin()
    assert desk.model_version is None
    assert desk.models().models == []
    record = journal.decision(answer.id)
    assert record is not None
    assert (record.action, record.model) == ("review", None)


def test_warming_without_a_model_names_the_cure(opened) -> None:
    """A service that must answer is told how to get a champion."""
    with pytest.raises(NotReadyError, match="stellwerk train"):
        opened().warm()


def test_the_champion_answers(opened, shelf, journal) -> None:
    """The answer holds predictions, decision, words, evidence and the model, and the journal remembers it."""
    desk = opened()
    desk.warm()
    answer = desk.classify(PRINTER)
    assert answer.model is not None
    assert answer.model.version == desk.model_version == shelf.champion
    for target in desk.taxonomy:
        prediction = answer.predictions[target.name]
        assert tuple(prediction.probabilities) == target.label_names
        assert sum(prediction.probabilities.values()) == pytest.approx(1)
        assert answer.decision.labels[target.name] == prediction.label
    assert answer.decision.promise is None  # 60 problems prove nothing
    assert answer.decision.action in {"suggest", "review"}
    assert answer.evidence
    assert answer.explanation["level"]
    record = journal.decision(answer.id)
    assert record is not None
    assert record.ticket == PRINTER
    assert record.predictions["level"].label == answer.predictions["level"].label
    assert record.model == answer.model.version


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ReasonCode.NO_TEXT),
        ({"subject": " ", "body": "<br>"}, ReasonCode.NO_TEXT),
        ({"body": "hm"}, ReasonCode.TOO_SHORT),
        (
            {"body": "Bonjour, mon imprimante ne fonctionne plus depuis hier, pouvez-vous m'aider ?"},
            ReasonCode.UNKNOWN_LANGUAGE,
        ),
    ],
)
def test_unusable_tickets_are_reviewed(opened, shelf, facts, expected) -> None:
    """No text, too little of it or a strange language: review with that reason."""
    answer = opened().classify(Ticket(**facts))
    assert answer.decision.action == "review"
    assert reasons(answer) == [expected]


@pytest.mark.parametrize(
    "text", ["qxzvw jkqpz wvxkq zzqpj vwkxz qqpzx", "Drucker \ud800 Absturz am Server", "\0\0\0 Drucker \0 kaputt"]
)
def test_gibberish_is_answered_and_never_automatic(opened, shelf, journal, text: str) -> None:
    """Random letters, half characters and zero bytes get an answer for a person, and are remembered."""
    answer = opened().classify(Ticket(body=text))
    assert answer.decision.action != "auto"
    assert answer.decision.reasons
    assert journal.decision(answer.id) is not None


def test_a_megabyte_is_answered(opened, shelf) -> None:
    """A huge ticket is classified like any other."""
    answer = opened().classify(Ticket(body="Drucker druckt nicht, Papierstau. " * 30_000))
    assert answer.predictions.keys() == {"level", "category"}


def test_many_are_answered_in_order_and_remembered_together(opened, shelf, journal) -> None:
    """Each of several tickets has its own answer and id, in order."""
    tickets = [Ticket(id=str(i), body=f"{PRINTER.body} Raum {i}") for i in range(5)]
    answers = opened().classify_many(tickets)
    assert [answer.ticket_id for answer in answers] == ["0", "1", "2", "3", "4"]
    assert len({answer.id for answer in answers}) == 5
    assert journal.counts().decisions == 5
    assert opened().classify_many([]) == []


def test_a_desk_without_journal_remembers_nothing(opened, shelf, journal) -> None:
    """Scoring a file of tickets leaves no traces."""
    opened(journal=False).classify(PRINTER)
    assert journal.counts().decisions == 0


def test_a_correction_is_remembered(opened, shelf, journal) -> None:
    """A person's labels are kept with the classification they correct."""
    desk = opened()
    answer = desk.classify(PRINTER)
    desk.correct(answer.id, {"level": "3", "category": "update"}, source="agent-7")
    (correction,) = journal.corrections()
    assert (correction.classification_id, correction.source) == (answer.id, "agent-7")
    assert correction.labels == {"level": "3", "category": "update"}


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({"level": "9"}, "target level has no label '9'; use 1, 2, 3"),
        ({"queue": "1"}, "there is no target 'queue'"),
        ({"level": "1", "category": "Bug"}, "use bug, question, requirement, update"),
    ],
)
def test_labels_the_desk_does_not_have_are_refused(opened, shelf, journal, labels, told: str) -> None:
    """A correction with an unknown target or label is refused with those allowed, and nothing is kept of it."""
    desk = opened()
    answer = desk.classify(PRINTER)
    with pytest.raises(UnknownLabelError, match=told):
        desk.correct(answer.id, labels)
    assert journal.counts().corrections == 0


def test_only_what_was_classified_is_corrected(opened, shelf) -> None:
    """An id that was never given is refused."""
    with pytest.raises(UnknownClassificationError):
        opened().correct("c_unknown", {"level": "1"})


def test_a_vote_is_remembered(opened, journal) -> None:
    """A person's no to a hit is kept with its query."""
    opened().vote("drucker", "KB-1", helpful=False)
    (vote,) = journal.votes()
    assert (vote.query, vote.hit_id, vote.helpful) == ("drucker", "KB-1", False)


def test_a_champion_promoted_elsewhere_is_taken_up(opened, shelf, trained_fast) -> None:
    """A model that another process promotes answers once the desk followed, and after its rollback the old one."""
    desk = opened()
    before = desk.classify(PRINTER).model
    version = save(shelf, trained_fast)
    shelf.promote(version)
    assert desk.model_version == before.version
    desk.follow()
    after = desk.classify(PRINTER).model
    assert before is not None
    assert after is not None
    assert after.version == version == desk.model_version != before.version
    shelf.rollback()
    desk.follow()
    assert desk.model_version == before.version


def test_a_bad_champion_leaves_the_old_one(opened, shelf, trained_fast, caplog) -> None:
    """A promoted model that was damaged since is refused with one line in the log; the old one goes on answering."""
    desk = opened()
    old = desk.model_version
    version = save(shelf, trained_fast)
    shelf.promote(version)
    (shelf.path / version / "classifier.joblib").write_bytes(b"x")
    for _ in range(3):
        desk.follow()
        answer = desk.classify(PRINTER)
        assert answer.model is not None
        assert answer.model.version == old
    assert len([record for record in caplog.records if "refused" in record.message]) == 1
    assert version in caplog.text
    told = desk.models()
    assert (told.serving, told.refused.version) == (old, version)
    assert "damaged" in told.refused.reason


def test_a_bad_first_champion_is_told(opened, shelf) -> None:
    """Where no other model can stand in, the damage is told and not hidden behind review."""
    (shelf.path / str(shelf.champion) / "classifier.joblib").write_bytes(b"x")
    with pytest.raises(DamagedModelError):
        opened().classify(PRINTER)


def test_promote_and_rollback(opened, shelf, trained_fast) -> None:
    """The desk promotes a version, tells the shelf, and goes back; past the first there is nothing."""
    desk = opened()
    first = shelf.champion
    version = save(shelf, trained_fast)
    told = desk.promote(version)
    assert told.champion == version
    assert [(entry.version, entry.champion) for entry in told.models] == [(version, True), (first, False)]
    assert told.models[1].n_tickets > 200
    assert told.models[1].plan == "fast"
    assert desk.rollback().champion == first
    with pytest.raises(NothingToRollBackError):
        desk.rollback()


def test_only_models_of_the_shelf_that_can_serve_are_promoted(opened, shelf, trained_default, tmp_path) -> None:
    """Unknown versions, folders elsewhere and models of another encoder leave the champion in place."""
    desk = opened()
    before = shelf.champion
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(shelf.path / before, elsewhere)
    for version in ("unknown", str(elsewhere), "../elsewhere", "elsewhere", ".."):
        with pytest.raises(UnknownVersionError):
            desk.promote(version)
    with pytest.raises(EncoderMismatchError):
        desk.promote(save(shelf, trained_default))
    assert shelf.champion == before


def test_a_chosen_model_answers_instead_of_the_champion(opened, shelf, trained_fast) -> None:
    """A version or folder named at the start answers whatever is promoted later."""
    version = save(shelf, trained_fast)
    for name in (version, str(shelf.path / version)):
        desk = opened(model=name, journal=False)
        assert desk.model_version == version
        assert desk.classify(PRINTER).model.version == version
    with pytest.raises(UnknownVersionError):
        opened(model="unknown", journal=False).classify(PRINTER)


def test_an_empty_base_finds_nothing(opened) -> None:
    """Before anything is indexed a search has no hits, and that is no error."""
    desk = opened()
    assert desk.search(Query(text="Drucker")).hits == []
    assert desk.documents.count() == {"article": 0, "ticket": 0}


def test_documents_are_brought_in_found_and_removed(opened) -> None:
    """Articles and solved tickets are counted, found by their words, and gone after removal."""
    desk = opened()
    solved = SolvedTicket(
        ticket=PRINTER, labels={"level": "2"}, solution=Solution(resolution="Schutzstreifen abgezogen.")
    )
    counts = desk.documents.put([ARTICLE, solved])
    assert (counts.article.added, counts.ticket.added) == (1, 1)
    assert desk.documents.put([ARTICLE]).article.unchanged == 1
    assert desk.documents.count() == {"article": 1, "ticket": 1}
    hits = desk.search(Query(text="leere Seiten aus dem Drucker")).hits
    assert {hit.id for hit in hits} == {"KB-1", "4711"}
    assert next(hit for hit in hits if hit.kind == "ticket").resolution == "Schutzstreifen abgezogen."
    assert desk.documents.remove("KB-1") == 1
    assert desk.documents.remove("KB-1") == 0
    assert desk.documents.count() == {"article": 0, "ticket": 1}
    rebuilt = desk.documents.rebuild([ARTICLE])
    assert rebuilt.article.added == 1
    assert desk.documents.count() == {"article": 1, "ticket": 0}


def test_all_parts_may_be_used_first_by_different_threads(opened, shelf) -> None:
    """Threads that load encoder, model, knowledge and journal at the same moment all finish."""
    desk = opened()
    acts = [
        lambda: desk.classify(PRINTER),
        lambda: desk.search(Query(text="Drucker")),
        lambda: desk.encoder.encode(["x"]),
        desk.documents.count,
        lambda: desk.vote("q", "h", helpful=True),
        lambda: desk.model_version,
    ]
    start = threading.Barrier(len(acts))
    faults = []

    def work(act) -> None:
        start.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001 - told below
            faults.append(error)

    threads = [threading.Thread(target=work, args=(act,), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    assert faults == []


def test_a_desk_is_opened_without_reading_anything(settings, tmp_path, opened) -> None:
    """Opening is free: nothing is made or read before the first question."""
    opened()
    assert list(tmp_path.iterdir()) == []


def test_every_error_a_user_can_act_on_is_listed() -> None:
    """The doors' list of errors covers those of the desk itself."""
    for error in (NoChampionError, DamagedModelError, EncoderMismatchError, UnknownLabelError):
        assert issubclass(error, USER_ERRORS)


def test_a_vote_moves_a_hit_up_at_once(opened) -> None:
    """Of two articles that say the same, the one that helped comes first from then on, and says why."""
    desk = opened()
    body = "Zertifikat im Portal erneuern, dann neu anmelden."
    desk.documents.put([Article(id=name, title=f"VPN {name}", body=body, language="de") for name in "ab"])
    query = Query(text="VPN Zertifikat erneuern", grouping=False)
    last = desk.search(query).hits[-1].id
    desk.vote("VPN", last, helpful=True)
    first = desk.search(query).hits[0]
    assert (first.id, first.flags) == (last, ["confirmed"])
    grouped = desk.search(Query(text="VPN Zertifikat erneuern")).hits
    assert [(hit.id, hit.n_similar) for hit in grouped] == [(last, 1)]
