"""The pages of a report that show which circuits and templates the data allow."""

from __future__ import annotations

from eisfit.plots.canvas.curves import as_drawn
from eisfit.plots.canvas.paper import TEXT
from eisfit.plots.canvas.style import em
from eisfit.plots.canvas.text_table import Column
from eisfit.plots.document.book import Book
from eisfit.plots.kinds.suggestion import rivals_of, rivals_over_spectrum
from eisfit.suggestion import Suggestion
from eisfit.tools.plain_text import one_line

_LEFT_CM, _BELOW_CM, _GAP_CM = 1.7, 1.2, 0.25  # room for labels, and between strips
_BLOCK_CM, _LEGEND_CM, _TITLE_CM = 7.2, 2.0, 0.9
_MOST_WAYS = 4  # of writing a member that are listed
_MOST_EXCLUDED = 4  # templates beside the set that are listed


def suggestion(book: Book, found: Suggestion) -> None:
    """Write the ranked set, its rivals over a spectrum with their residuals, what would decide, and the templates."""
    if found.circuits:
        _rivals(book, found)
        _circuits(book, found)
    if found.templates:
        _templates(book, found)
    for remark in found.remarks:
        book.paragraph(one_line(remark), hang="•  ")
    for label, reason in found.refused:
        book.paragraph(f"{one_line(label)}: not used: {one_line(reason)}", hang="•  ")


def _rivals(book: Book, found: Suggestion) -> None:
    """Draw the spectrum with its rivals on the left, their residuals on the right."""
    count = len(rivals_of(found))
    whole = _TITLE_CM + _BLOCK_CM + _BELOW_CM
    book.heading("Rivals over the spectrum in which they differ most", TEXT, whole)
    paper = book.paper
    paper.skip(_TITLE_CM)
    top, half = paper.at_cm, paper.width_cm / 2
    width = half - _LEFT_CM - _GAP_CM
    plane = paper.axes(_LEFT_CM, width, _BLOCK_CM - _LEGEND_CM - _BELOW_CM)
    paper.at_cm = top + _BLOCK_CM - _LEGEND_CM
    legend = paper.axes(_LEFT_CM - 0.3, width, _LEGEND_CM)
    height = (_BLOCK_CM - _GAP_CM * (count - 1)) / count
    strips = []
    for k in range(count):
        paper.at_cm = top + k * (height + _GAP_CM)
        strips.append(paper.axes(half + _LEFT_CM, width, height))
    spectrum = rivals_over_spectrum(found, plane, strips, legend)
    plane.set_anchor("NW")
    if spectrum.label:
        plane.set_title(as_drawn(spectrum.label), fontsize=72 * em(), loc="left")
    paper.at_cm = top + _BLOCK_CM + _BELOW_CM


def _circuits(book: Book, found: Suggestion) -> None:
    """Write the members of the set with their other ways of writing, and the nearest circuits that are excluded."""
    numbers = {c.circuit: str(k) for k, c in enumerate(found.members, 1)}
    rows = []
    for c in found.circuits:
        if c.same_curve_as:
            continue
        ways = found.other_ways(c)
        more = f", {len(ways) - _MOST_WAYS} more" if len(ways) > _MOST_WAYS else ""
        standing = numbers.get(c.circuit, "not needed" if c.fits_as_well else "excluded")
        rows.append(
            [
                standing,
                c.circuit,
                ", ".join(ways[:_MOST_WAYS]) + more,
                f"{c.bic_difference:.1f}",
                f"{c.misfit_percent:.2g} %",
                c.decided_by,
            ]
        )
    heads = [
        Column("member"),
        Column("circuit", words=True),
        Column("same curve within the noise", words=True),
        Column("ΔBIC"),
        Column("misfit"),
        Column("told from the first by", words=True),
    ]
    book.table("Circuits", heads, rows)


def _templates(book: Book, found: Suggestion) -> None:
    """Write the templates of the set, and the nearest that are excluded."""
    allowed = found.allowed_templates
    excluded = [t for t in found.templates if not t.allowed][:_MOST_EXCLUDED]
    rows = [
        [
            "yes" if t.allowed else "",
            t.name,
            str(t.electrodes),
            f"{t.difference:.1f}",
            "; ".join(t.against[:2]),
            t.decided_by,
        ]
        for t in (*allowed, *excluded)
    ]
    heads = [
        Column("in the set"),
        Column("template"),
        Column("electrodes"),
        Column("difference"),
        Column("against it", words=True),
        Column("told from the first by", words=True),
    ]
    book.table("Templates", heads, rows)
