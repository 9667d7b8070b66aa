"""What worker processes do for the pages: open, compute, export."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eisfit.errors import InputError
from eisfit.session import Recipe, carry_out, opening
from eisfit.tools.progress import Progress

FIGURES = (
    "nyquist",
    "bode",
    "arrhenius",
    "contributions",
    "residuals",
    "parameters",
    "capacitances",
    "circuit",
)
FILES = ("results.xlsx", "curves.csv", "tables.zip", "eisfit.h5", "report.pdf")


@dataclass(frozen=True)
class Task:
    """Something that takes long; `run` is called in another process."""

    name: str

    def run(self, progress: Progress) -> Any:
        """Return what it gives.

        Raises
        ------
        EisfitError
            If it cannot be done; its sentence is shown in the page.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Open(Task):
    """Read what the user names.

    Parameters
    ----------
    arguments : tuple of str
        As for `opening`.
    """

    arguments: tuple[str, ...]

    def run(self, progress: Progress) -> Any:
        """Return the actions that open it, and what there is to say of it."""
        return opening(self.arguments, progress)


@dataclass(frozen=True)
class Compute(Task):
    """Carry out a recipe.

    Parameters
    ----------
    recipe : Recipe
        What is asked for.
    folder : Path
        Its place.
    """

    recipe: Recipe
    folder: Path

    def run(self, progress: Progress) -> Any:
        """Return what it gave."""
        return carry_out(self.recipe, self.folder, progress)


@dataclass(frozen=True)
class Export(Task):
    """Make a file of results.

    Parameters
    ----------
    results : Path
        An HDF5 file of results.
    wanted : str
        One of `FILES`, or a figure as ``nyquist.pdf``.
    style, width : str
        Of a figure.
    """

    results: Path
    wanted: str
    style: str = "paper"
    width: str = "single"

    def run(self, progress: Progress) -> Any:
        """Return the name of the file, and its content."""
        stem, _, ending = self.wanted.rpartition(".")
        if stem in FIGURES:
            return _figure(self.results, stem, ending, self.style, self.width)
        if self.wanted not in FILES:
            raise InputError(
                f"{self.wanted}: there is no such export; known: {', '.join((*FILES, *FIGURES))}"
            )
        return self.wanted, _file(self.results, self.wanted, progress)


def _figure(results: Path, kind: str, ending: str, style: Any, width: Any) -> tuple[str, bytes]:
    from eisfit import plots, store

    drawn = plots.figures(kind, store.load(results), style=style, width=width)
    files = plots.as_files(drawn, kind, (ending,))
    return next(iter(files.items()))


def _file(results: Path, wanted: str, progress: Progress) -> bytes:
    from eisfit import store
    from eisfit.workflow.exports import results_as_files
    from eisfit.workflow.print_report import print_report

    if wanted == "eisfit.h5":
        return results.read_bytes()
    if wanted == "tables.zip":
        return _zipped(results)
    if wanted == "report.pdf":
        import tempfile

        with tempfile.TemporaryDirectory() as place:
            return Path(print_report(results, Path(place) / wanted)).read_bytes()
    return results_as_files(store.load(results), Path(wanted))[wanted]


def _zipped(results: Path) -> bytes:
    import io
    import zipfile

    from eisfit import store, tables

    found = tables.csv_files(tables.tables(store.load(results)))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return whole.getvalue()
