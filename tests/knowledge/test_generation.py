"""The pointer file and the one writer's lock."""

import subprocess
import sys

import pytest

from knowledge import BusyKnowledgeError, DamagedKnowledgeError, KnowledgeError, NoKnowledgeError
from knowledge.generation import Generation, discard_all_but, point_to, pointer_of, read_generation
from knowledge.place import place_of


def test_the_pointer_names_the_generation_that_serves(tmp_path):
    """What was pointed to last is read back, and no draft is left."""
    place = place_of(tmp_path)
    for folder in ("rows-1", "rows-2"):
        point_to(place, Generation(folder, "e5", 384), before=pointer_of(place))
    assert read_generation(place) == Generation("rows-2", "e5", 384)
    assert [file.name for file in tmp_path.iterdir()] == ["knowledge.json"]


def test_a_pointer_that_another_writer_changed_is_left_alone(tmp_path):
    """A building that began before another one took over does not take its place."""
    place = place_of(tmp_path)
    point_to(place, Generation("rows-1", "e5", 384), before=None)
    with pytest.raises(BusyKnowledgeError):
        point_to(place, Generation("rows-2", "e5", 384), before=None)
    assert read_generation(place).folder == "rows-1"


def test_no_pointer_is_no_knowledge_base(tmp_path):
    """A missing or empty folder says how to make one."""
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(NoKnowledgeError, match="stellwerk index"):
            read_generation(place_of(path))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 99, "folder": "x"}', "\x00"])
def test_a_pointer_that_cannot_be_understood_says_how_to_rebuild(tmp_path, content):
    """A damaged pointer is an error that names the cure."""
    (tmp_path / "knowledge.json").write_text(content)
    with pytest.raises(DamagedKnowledgeError, match="--rebuild"):
        read_generation(place_of(tmp_path))


def test_only_other_generations_are_discarded(tmp_path):
    """The one that serves and files of others stay."""
    for name in ("rows-a", "rows-b", "notes"):
        (tmp_path / name).mkdir()
    discard_all_but(place_of(tmp_path), "rows-b")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["notes", "rows-b"]


def test_a_second_writer_waits_and_then_says_so(tmp_path):
    """While one writes another cannot; afterwards it can."""
    with (
        place_of(tmp_path).writing(),
        pytest.raises(BusyKnowledgeError, match="try again"),
        place_of(tmp_path).writing(patience_seconds=0.05),
    ):
        pass
    with place_of(tmp_path).writing(patience_seconds=0):
        pass


def test_the_lock_holds_between_processes_and_ends_with_its_holder(tmp_path):
    """Another process's lock is respected, and gone when that process is killed."""
    program = (
        "import fcntl, sys; lock = open(sys.argv[1], 'w'); fcntl.flock(lock, fcntl.LOCK_EX);"
        "print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "writer.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(BusyKnowledgeError), place_of(tmp_path).writing(patience_seconds=0.05):
            pass
        holder.kill()
    with place_of(tmp_path).writing(patience_seconds=1):
        pass


def test_a_place_that_cannot_be_written_says_so(tmp_path):
    """A file where the folder should be is an error with a cure."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(KnowledgeError, match="choose a folder"), place_of(tmp_path / "file").writing():
        pass
