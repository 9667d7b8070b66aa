"""A room imports only rooms above it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "eisfit"
ROOMS = (
    "errors",
    "constants",
    "values",
    "quantiles",
    "toml",
    "show",
    "spectrum",
    "formats",
    "elements",
    "circuit",
    "arcs",
    "templates",
    "template_files",
    "manifest",
    "laws",
    "kramers_kronig",
    "validity",
    "noise",
    "problem",
    "solve",
    "robust",
    "starts",
    "exchange",
    "relaxation",
    "search",
    "identity",
    "confidence",
    "absence",
    "bounds",
    "outcome",
    "contributions",
    "fitted",
    "verdict",
    "batch",
    "fit",
    "resumed",
    "bootstrap",
    "profile",
    "lmfit_solver",
    "compare",
    "series",
    "literature",
    "simulate",
    "store",
    "plots",
    "report",
    "interop",
    "cli",
    "__main__",
)
ALONE_IN = {"lmfit": ("lmfit_solver",), "matplotlib": ("plots",), "impedance": ("interop",)}


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


def room_of(path: Path) -> str:
    return room_named(path.relative_to(PACKAGE).parts[0].removesuffix(".py"))


def room_named(module: str) -> str:
    """Return the room of a module; ``_store_fits`` is a closet of the room ``store``."""
    return module[1:].split("_")[0] if module.startswith("_") and not module.startswith("__") else module


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
def test_a_room_imports_only_rooms_above_it(path: Path) -> None:
    here = room_of(path)
    assert here in ROOMS, f"{here} has no place in the order of rooms"
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "eisfit" and len(parts) > 1 and parts[1] not in ("__version__", here):
            room = room_named(parts[1])
            assert room in ROOMS, f"{path.name} imports {name}"
            assert room == here or ROOMS.index(room) < ROOMS.index(here), (
                f"{path.name} imports {name}, a room below it"
            )


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
