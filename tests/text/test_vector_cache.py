"""Vectors kept by content hash."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.vector_cache import VectorCache, VectorCacheError


def test_what_is_written_is_read_again(tmp_path) -> None:
    """A vector comes back bit for bit, from a new object too; unknown keys are left out."""
    vectors = {"a": np.array([0.1, -2, 3], np.float32), "b": np.array([1, 0, 1e-30], np.float32)}
    VectorCache(tmp_path / "var" / "vectors.db").write(vectors)
    found = VectorCache(tmp_path / "var" / "vectors.db").read(["b", "a", "unknown"])
    assert found.keys() == {"a", "b"}
    assert all(np.array_equal(found[key], vectors[key]) for key in vectors)


def test_more_keys_than_one_statement_takes(tmp_path) -> None:
    """Thousands of keys are read in parts and none is lost."""
    cache = VectorCache(tmp_path / "vectors.db")
    cache.write({str(i): np.array([i], np.float32) for i in range(1_203)})
    assert {int(vector[0]) for vector in cache.read([str(i) for i in range(2_000)]).values()} == set(range(1_203))


@given(
    st.tuples(st.text(max_size=9), st.sampled_from(["query", "passage"]), st.text(max_size=9)),
    st.tuples(st.text(max_size=9), st.sampled_from(["query", "passage"]), st.text(max_size=9)),
)
def test_keys_tell_encoder_role_and_text_apart(one, other) -> None:
    """Two keys are equal only where encoder, role and text are (names hold no zero byte)."""
    one, other = [(name.replace("\0", ""), role, text) for name, role, text in (one, other)]
    assert (VectorCache.key(*one) == VectorCache.key(*other)) == (one == other)


def test_half_characters_have_a_key() -> None:
    """A text that no UTF-8 file could hold still has a key of its own."""
    assert VectorCache.key("e", "query", "\ud800") != VectorCache.key("e", "query", "\ud801")


def test_the_file_holds_no_words(tmp_path) -> None:
    """A ticket's words cannot be read from the cache."""
    cache = VectorCache(tmp_path / "vectors.db")
    cache.write({VectorCache.key("e", "query", "Geheimnisvoll"): np.ones(3, np.float32)})
    assert all(b"Geheimnis" not in path.read_bytes() for path in tmp_path.iterdir())


def test_threads_share_one_file(tmp_path) -> None:
    """Eight threads write and read at once, and nothing is lost or refused."""
    cache = VectorCache(tmp_path / "vectors.db")

    def work(thread: int) -> int:
        for i in range(10):
            cache.write({f"{thread}-{i}": np.array([thread, i], np.float32)})
        return len(cache.read([f"{thread}-{i}" for i in range(10)]))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [10] * 8


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 8_000])
def test_a_damaged_file_is_told_with_the_cure(tmp_path, content: bytes) -> None:
    """A file that is no database, or a broken one, is refused and the message says what to delete."""
    path = tmp_path / "vectors.db"
    path.write_bytes(content)
    with pytest.raises(VectorCacheError, match=r"vectors\.db cannot be used .*delete it"):
        VectorCache(path).read(["a"])
    with pytest.raises(VectorCacheError, match="delete it"):
        VectorCache(path).write({"a": np.ones(2, np.float32)})


def test_a_folder_that_cannot_be_made_is_told(tmp_path) -> None:
    """Where the path leads through a file, the error is the cache's own."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(VectorCacheError, match="cannot be used"):
        VectorCache(tmp_path / "file" / "vectors.db").read(["a"])
