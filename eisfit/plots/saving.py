"""Write figures and their numbers to files that are equal byte by byte at every run."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeAlias

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.errors import InputError
from eisfit.plots.canvas.layout import lay_out_for_good
from eisfit.plots.canvas.legends import root
from eisfit.plots.canvas.measuring import printing
from eisfit.plots.canvas.pdf_fonts import small_fonts
from eisfit.tools.keywords import known_keywords, path_given
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.plain_text import safe_cell
from eisfit.tools.whole_files import write_together

METADATA: dict[str, dict[str, str | None]] = {
    "pdf": {"CreationDate": None},
    "svg": {"Date": None},
    "png": {},
}
Drawn: TypeAlias = Figure | Axes | Sequence[Figure]

_DOTS_PER_INCH = 300
_COMPRESSION = 3  # of PNG: 6 would take twice the time for files a tenth smaller
_WRITING: Any = {"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "eisfit", "savefig.dpi": 300}


@known_keywords
def save(figure_or_axes: Drawn, stem: str | Path, formats: Sequence[str] = ("pdf", "png")) -> list[Path]:
    """Write a figure, with fonts embedded and without a date.

    Parameters
    ----------
    figure_or_axes : Figure or Axes, or a sequence of Figure
        The figure, or any axes of it; several are pages of one PDF, and files of their own in other formats.
    stem : str or Path
        Path without suffix; files that are there already are replaced.
    formats : sequence of {"pdf", "svg", "png"}
        PNG has 300 points per inch.

    Returns
    -------
    list of Path
        The files, in the order of the formats.

    Raises
    ------
    InputError
        If a format is not known, the path is none, or what is given is no figure.
    """
    path = path_given(
        stem, "save", "the figure comes first, then the path: save(nyquist(fit), 'figures/cell')"
    )
    return write_together(path.parent, as_files(figure_or_axes, path.name, formats))


@known_keywords
def as_files(figure_or_axes: Drawn, name: str, formats: Sequence[str] = ("pdf", "png")) -> dict[str, bytes]:
    """Return the contents of the files that `save` writes, by their names.

    Parameters
    ----------
    figure_or_axes, formats
        As for `save`.
    name : str
        Name of the files without suffix; pages of formats without pages are ``name_1`` and so on.

    Raises
    ------
    InputError
        If a format is not known.
    """
    for suffix in formats:
        if suffix not in METADATA:
            raise InputError(
                f"no figure format {suffix!r}{did_you_mean(suffix, METADATA)}; known: {', '.join(METADATA)}"
            )
    if isinstance(figure_or_axes, Axes):
        figures = [root(figure_or_axes)]
    else:
        given: Any = figure_or_axes
        figures = [given] if isinstance(given, Figure) or not isinstance(given, Sequence) else list(given)
        if wrong := [figure for figure in figures if not isinstance(figure, Figure)]:
            raise InputError(f"{type(wrong[0]).__name__} is no figure; draw it first, as plots.nyquist(...)")
    for figure in figures:
        lay_out_for_good(figure)
    written = {}
    with rc_context(_WRITING):
        for suffix in formats:
            if suffix == "pdf":
                written[f"{name}.pdf"] = _pdf(figures)
                continue
            for k, figure in enumerate(figures):
                numbered = f"{name}_{k + 1}" if len(figures) > 1 else name
                written[f"{numbered}.{suffix}"] = _image(figure, suffix)
    return written


def _image(figure: Figure, suffix: str) -> bytes:
    content = io.BytesIO()
    further: dict[str, Any] = {"pil_kwargs": {"compress_level": _COMPRESSION}} if suffix == "png" else {}
    with printing(figure) if suffix == "png" else nullcontext():
        figure.savefig(
            content,
            format=suffix,
            dpi=_DOTS_PER_INCH,
            facecolor=figure.get_facecolor(),
            edgecolor="none",
            metadata=METADATA[suffix],
            **further,
        )
    return content.getvalue()


def _pdf(figures: Sequence[Figure]) -> bytes:
    """Return figures as pages of one PDF."""
    from matplotlib.backends.backend_pdf import PdfPages

    content = io.BytesIO()
    with small_fonts(), PdfPages(content, metadata=METADATA["pdf"]) as pages:
        for figure in figures:
            figure.savefig(
                pages,
                format="pdf",
                dpi=_DOTS_PER_INCH,
                facecolor=figure.get_facecolor(),
                edgecolor="none",
            )
    return content.getvalue()


@known_keywords
def save_data(rows: Sequence[Mapping[str, Any]], stem: str | Path) -> Path:
    """Write the plotted numbers of a figure as CSV, for users of other plotting programs.

    Parameters
    ----------
    rows : sequence of mappings
        What ``KINDS[kind].data(result)`` returns; all with the same columns.
    stem : str or Path
        Path without suffix; a file that is there already is replaced.

    Returns
    -------
    Path
        The file. A value that is not known is an empty cell.

    Raises
    ------
    InputError
        If there is no row.
    """
    name = Path(stem).name
    return write_together(Path(stem).parent, data_as_file(rows, name))[0]


def data_as_file(rows: Sequence[Mapping[str, Any]], name: str) -> dict[str, bytes]:
    """Return the content of the file that `save_data` writes, by its name.

    Parameters
    ----------
    rows : sequence of mappings
        As for `save_data`.
    name : str
        Name of the file without suffix.

    Raises
    ------
    InputError
        If there is no row.
    """
    if not rows:
        raise InputError(f"{name}: there are no plotted numbers to write")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return {f"{name}.csv": text.getvalue().encode()}


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return safe_cell(value)
    return "" if value is None or value != value else value
