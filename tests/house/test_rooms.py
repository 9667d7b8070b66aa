"""The house is as its page says: rooms, faces, names, and who imports whom."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.paths import ROOT
from support.rooms import PACKAGE, PAGE, PICTURE, picture

ALONE_IN = {
    "lmfit": ("interop",),
    "matplotlib": ("plots",),
    "impedance": ("interop",),
    "h5py": ("store", "formats"),
    "torch": ("engine",),
    "nicegui": ("app",),
    "fastapi": ("app",),
    "uvicorn": ("app",),
}
OUR_PACKAGES = ("eisfit", "benchmarks", "support")
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 45  # signature and body, without the docstring


@dataclass(frozen=True)
class Room:
    """A row of the table: where a room stands, and what it may import."""

    row: int
    may: str

    def may_import(self, name: str, other: Room) -> bool:
        """Tell whether the table lets this room import another."""
        allowed, _, never = self.may.partition("; never ")
        if name in never:
            return False
        if allowed == "all":
            return True
        if allowed == "nothing":
            return False
        if numbers := re.fullmatch(r"(\d+)(?:-(\d+))?", allowed):
            return int(numbers[1]) <= other.row <= int(numbers[2] or numbers[1])
        if first := re.fullmatch(r"(\w+) and above", allowed):
            return other.row <= ROOMS[first[1]].row
        return other.row <= 4 or name in allowed.split(", ")


def table() -> dict[str, Room]:
    """Return the rooms of the table on the page."""
    found = {}
    for row, names, may in re.findall(
        r"^\| (\d+) \| ([^|]+) \| [^|]+ \| ([^|]+) \|$", PAGE.read_text("utf-8"), re.M
    ):
        for name in names.removesuffix(" (to come)").split(", "):
            found[name.removesuffix(" (to come)")] = Room(int(row), may)
    return found


ROOMS = table()
ROWS = re.findall(r"^\| \d+ \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", PAGE.read_text("utf-8"), re.M)
TO_COME = {
    name.removesuffix(" (to come)")
    for names, _ in ROWS
    for name in names.split(", ")
    if name.endswith(" (to come)")
}
ALONE_IN_ROW = {  # rooms whose sentence is theirs alone
    names: sentence for names, sentence in ROWS if ", " not in names and not names.endswith(" (to come)")
}


def modules() -> list[Path]:
    return sorted(
        p for p in PACKAGE.rglob("*.py") if p not in (PACKAGE / "__init__.py", PACKAGE / "__main__.py")
    )


def all_code() -> list[Path]:
    """Return the files of the package, its tests, its benchmarks and the extensions of its pages."""
    return sorted(p for name in (*OUR_PACKAGES, "tests", "docs") for p in (ROOT / name).rglob("*.py"))


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> list[str]:
    """Return the full names of all modules that a file imports, wherever in it; type checking apart."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    names: list[str] = []
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            assert node.module is not None
            whole = node.module == "eisfit"
            names += [f"eisfit.{alias.name}" for alias in node.names] if whole else [node.module]
    return names


def of_each(paths: Sequence[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """Return what makes a check of a file one test of all files, which names each that fails."""

    def of_all(check: Callable[[Path], None]) -> Callable[[], None]:
        def test() -> None:
            faults = []
            for path in paths:
                try:
                    check(path)
                except AssertionError as error:
                    faults.append(f"{path.relative_to(ROOT)}: {error}")
            assert not faults, "\n".join(faults)

        test.__name__ = check.__name__
        return test

    return of_all


@of_each(modules())
def test_a_room_imports_what_the_table_lets_it(path: Path) -> None:
    here = room_of(path)
    assert here in ROOMS, f"{here} has no place in the table of rooms"
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "eisfit" and len(parts) > 1 and parts[1] != here:
            assert parts[1] in ROOMS, f"{path.name} imports {name}"
            assert ROOMS[here].may_import(parts[1], ROOMS[parts[1]]), f"{path.name} imports {name}"


def test_the_picture_shows_all_modules_and_no_others() -> None:
    shown = PICTURE.search(PAGE.read_text("utf-8"))
    assert shown is not None
    assert shown[0] == picture(), "run python -m support.rooms in tests/"


def test_every_room_but_those_to_come_is_there() -> None:
    rooms = {room_of(p) for p in modules()}
    assert rooms == {name for name in ROOMS if name not in TO_COME}
    assert not rooms & TO_COME


@pytest.mark.parametrize("name", sorted(ALONE_IN_ROW))
def test_the_face_of_a_room_opens_with_the_sentence_of_the_table(name: str) -> None:
    path = PACKAGE / name / "__init__.py"
    doc = ast.get_docstring(
        ast.parse((path if path.is_file() else PACKAGE / f"{name}.py").read_text("utf-8"))
    )
    assert doc is not None
    said = doc.split("\n")[0]
    assert (
        said[0].lower() + said[1:].rstrip(".") == ALONE_IN_ROW[name] or said.rstrip(".") == ALONE_IN_ROW[name]
    )


def test_no_file_or_folder_begins_with_an_underscore() -> None:
    names = {part for p in modules() for part in p.relative_to(PACKAGE).parts}
    assert [n for n in sorted(names) if n.startswith("_") and n not in ("__init__.py", "__main__.py")] == []


@pytest.mark.parametrize(
    "face", sorted(PACKAGE.rglob("__init__.py")), ids=lambda p: str(p.parent.relative_to(ROOT))
)
def test_no_module_is_named_like_what_its_folder_hands_on(face: Path) -> None:
    module = importlib.import_module(".".join(face.parent.relative_to(ROOT).parts))
    beside = {p.stem for p in face.parent.glob("*.py")} | {
        p.name for p in face.parent.iterdir() if p.is_dir()
    }
    hidden = [
        n for n in getattr(module, "__all__", []) if n in beside and not inspect.ismodule(getattr(module, n))
    ]
    assert hidden == []


@of_each(all_code())
def test_no_private_name_is_used_across_modules(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ours: set[str] = set()  # names of this repository that the file has imported
    private: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OUR_PACKAGES:
            ours |= {a.asname or a.name for a in node.names}
            private += [a.name for a in node.names if is_private(a.name)]
        elif isinstance(node, ast.Import):
            ours |= {a.asname or a.name for a in node.names if a.name.split(".")[0] in OUR_PACKAGES}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr) and ast.unparse(node.value) in ours:
            private.append(ast.unparse(node))
    assert private == []


@of_each(all_code())
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES_OF_A_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            lines = (node.end_lineno or 0) - first.lineno + 1 + node.body[0].lineno - node.lineno
            assert lines <= MOST_LINES_OF_A_FUNCTION, f"{node.name} has {lines} lines"


@of_each(modules())
def test_a_heavy_package_is_named_in_its_own_room_alone(path: Path) -> None:
    for name in imported(path):
        rooms = ALONE_IN.get(name.split(".")[0])
        assert rooms is None or room_of(path) in rooms, f"{path.name} imports {name}"


@of_each(modules())
def test_a_file_opens_with_one_sentence(path: Path) -> None:
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert doc
    assert doc.split("\n")[0].endswith(".")
