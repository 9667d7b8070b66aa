"""The house is as its page says: rooms, faces, names, and who imports whom."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.paths import ROOT

PACKAGE = ROOT / "eisfit"
PAGE = ROOT / "docs" / "house.md"
ALONE_IN = {
    "lmfit": ("interop",),
    "matplotlib": ("plots",),
    "impedance": ("interop",),
    "h5py": ("store", "formats"),
}


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


def modules() -> list[Path]:
    return sorted(
        p for p in PACKAGE.rglob("*.py") if p not in (PACKAGE / "__init__.py", PACKAGE / "__main__.py")
    )


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


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_what_the_table_lets_it(path: Path) -> None:
    here = room_of(path)
    assert here in ROOMS, f"{here} has no place in the table of rooms"
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "eisfit" and len(parts) > 1 and parts[1] != here:
            assert parts[1] in ROOMS, f"{path.name} imports {name}"
            assert ROOMS[here].may_import(parts[1], ROOMS[parts[1]]), f"{path.name} imports {name}"


def test_the_picture_shows_every_file() -> None:
    picture = re.search(r"```\n(eisfit/.*?)```", PAGE.read_text("utf-8"), re.S)
    assert picture is not None
    shown = set(re.findall(r"[\w/]+", picture[1]))
    there = {p.stem for p in modules() if p.stem != "__init__" and "formats" not in p.parts}
    assert there - shown == set()
    rooms = {room_of(p) for p in modules()}
    assert {name for name in rooms if name not in shown and f"{name}/" not in shown} == set()


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


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_private_name_is_used_across_modules(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("eisfit"):
            private = [a.name for a in node.names if a.name.startswith("_") and a.name != "__version__"]
            assert private == [], f"{path.name} imports {private} of {node.module}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_heavy_package_is_named_in_its_own_room_alone(path: Path) -> None:
    for name in imported(path):
        rooms = ALONE_IN.get(name.split(".")[0])
        assert rooms is None or room_of(path) in rooms, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_file_opens_with_one_sentence(path: Path) -> None:
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert doc
    assert doc.split("\n")[0].endswith(".")
