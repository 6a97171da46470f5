"""The rules of the house: layers, front doors, one module for each big library, sizes and names."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
ROOMS = (
    "steps",
    "tickets",
    "masking",
    "text",
    "history",
    "classifier",
    "knowledge",
    "journal",
    "inspection",
    "desk",
    "service",
    "workbench",
    "stellwerk",
)
MODULES = sorted(path for room in ROOMS for path in (SRC / room).rglob("*.py"))

ALLOWED = {
    "mlflow": {"classifier/tracking.py", "classifier/flavour.py"},
    "matplotlib": {"classifier/plots.py", "service/plots.py", "workbench/report.py"},
    "cleanlab": {"inspection/suspects.py"},
    "joblib": {"classifier/shelf.py"},
    "joserfc": {"desk/issuer.py"},
    "fastapi": {"service/"},
    "starlette": {"service/"},
    "typer": {"stellwerk/"},
    "sentence_transformers": {"text/sentence_transformer.py", "text/e5.py"},
    "onnxruntime": {"text/session.py", "text/e5.py"},
    "torch": {"text/e5.py", "text/tuning.py"},
    "lancedb": {"knowledge/lance.py", "knowledge/table.py", "knowledge/expression.py"},
    "obstore": {"knowledge/store.py"},
    "ray": {"knowledge/distributed.py", "desk/batches.py"},
    "pdfplumber": {"knowledge/pdf_document.py"},
    "docx": {"knowledge/word_document.py"},
    "opentelemetry": {"service/tracing.py"},
    "prometheus_client": {"service/metrics.py", "service/standing.py"},
    "phonenumbers": {"masking/phones.py"},
    "pathspec": {"knowledge/folder.py"},
    "sqlalchemy": {"journal/", "classifier/tracking.py"},
    "sqlite3": {"journal/", "text/vector_cache.py"},
}
RUN_OTHERS_WORK = {"desk/together.py", "desk/rehearsal.py", "desk/shadow.py"}
"""They hand whatever it was to the caller whose it is, refuse a model for it, or count it."""
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "core", "misc", "manager"}
FORBIDDEN_ENDINGS = ("Manager", "Handler", "Processor", "Helper", "Util")
MOST_LINES, MOST_FUNCTION_LINES = 300, 50


def place(path: Path) -> str:
    """A module's path below ``src``."""
    return path.relative_to(SRC).as_posix()


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Every module's syntax tree, by its path below ``src``."""
    assert len(MODULES) > 60
    return {place(path): ast.parse(path.read_text("utf-8")) for path in MODULES}


def imports(tree: ast.Module) -> Iterator[str]:
    """The dotted names of all modules that are imported anywhere in ``tree``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are written out in full"
            yield node.module or ""


def test_the_layers_hold(tmp_path) -> None:
    """import-linter finds no import against the layers."""
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
            *("--config", ROOT / "pyproject.toml", "--cache-dir", tmp_path),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(SRC), "PATH": ""},
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def test_other_rooms_are_entered_by_the_front_door(trees) -> None:
    """A room's inner modules are imported by the room itself alone."""
    trespasses = [
        f"{where} imports {name}"
        for where, tree in trees.items()
        for name in imports(tree)
        if "." in name and name.split(".")[0] in ROOMS and name.split(".")[0] != where.split("/")[0]
    ]
    assert trespasses == []


def test_nobody_enters_the_own_room_by_the_front_door(trees) -> None:
    """Inside a room the exact module is imported, which keeps circles out."""
    detours = [
        f"{where} imports {name}"
        for where, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == where.split("/")[0]
        for name in (alias.name for alias in node.names)
        if Path(where).name != "__init__.py" and not (SRC / node.module / f"{name}.py").is_file()
    ]
    assert detours == []


@pytest.mark.parametrize("library", ALLOWED)
def test_one_place_knows_each_big_library(trees, library: str) -> None:
    """A big library is imported where the table says, and nowhere else."""
    users = {where for where, tree in trees.items() for name in imports(tree) if name.split(".")[0] == library}
    strangers = {where for where in users if not any(where.startswith(allowed) for allowed in ALLOWED[library])}
    assert strangers == set()
    assert users, f"nobody imports {library}; take it out of the table"


def test_tickets_stand_on_the_standard_library(trees) -> None:
    """The lowest room imports nothing that must be installed."""
    foreign = {
        name
        for where, tree in trees.items()
        if where.startswith("tickets/")
        for name in imports(tree)
        if name.split(".")[0] not in sys.stdlib_module_names | {"tickets"}
    }
    assert foreign == set()


def test_front_doors_say_what_they_offer(trees) -> None:
    """Each room has a docstring and an ``__all__`` of what it imports; the command line may offer nothing."""
    for room in ROOMS:
        tree = trees[f"{room}/__init__.py"]
        assert ast.get_docstring(tree), room
        offered = [
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
        ]
        if room == "stellwerk" and not offered:
            continue
        names = {
            alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
        }
        assert len(offered) == 1, room
        assert set(offered[0]) == names, room


def test_modules_are_named_for_nouns() -> None:
    """No module is called after what everything could be."""
    assert [place(path) for path in MODULES if path.stem.lower() in FORBIDDEN_NAMES] == []


def test_classes_are_named_for_nouns(trees) -> None:
    """No class is a manager, handler or processor."""
    named = [
        f"{where}: {node.name}"
        for where, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(FORBIDDEN_ENDINGS)
    ]
    assert named == []


def test_no_module_grows_too_long() -> None:
    """A module of more than 300 lines holds two nouns."""
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {where: n for where, n in lengths.items() if n > MOST_LINES} == {}


def test_no_function_grows_too_long(trees) -> None:
    """A function of more than 50 lines does two things."""
    long = {
        f"{where}: {node.name}": length
        for where, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > MOST_FUNCTION_LINES
    }
    assert long == {}


def test_nothing_is_printed(trees) -> None:
    """Output goes through the doors' own modules, never through ``print``."""
    prints = [
        f"{where}:{node.lineno}"
        for where, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert prints == []


def test_only_the_doors_catch_everything(trees) -> None:
    """A bare ``except`` stands nowhere, ``except Exception`` in service, command line and what runs others' work."""
    caught = [
        f"{where}:{node.lineno}"
        for where, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and not (where.startswith(("service/", "stellwerk/")) or where in RUN_OTHERS_WORK)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]
    assert caught == []


def test_logging_is_set_up_in_the_doors_alone(trees) -> None:
    """A room that is imported changes nobody's logging."""
    setters = {"basicConfig", "dictConfig", "addHandler", "setLevel"}
    found = [
        f"{where}:{node.lineno}"
        for where, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in setters and not where.startswith(("service/", "stellwerk/"))
    ]
    assert found == []


def test_importing_a_room_touches_no_file(run_python, tmp_path) -> None:
    """No folder, database or model is made when the rooms are imported."""
    done = run_python(
        f"import os, sys; os.chdir(sys.argv[1]); import {', '.join(ROOMS)}; print(os.listdir('.'))", tmp_path
    )
    assert done.stdout.strip() == "[]"


def test_every_test_says_what_it_proves() -> None:
    """Each test has a docstring of one sentence or more."""
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []
