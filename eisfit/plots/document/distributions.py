"""The pages of a report that show distributions of relaxation times."""

from __future__ import annotations

from eisfit.plots.canvas.curves import CONDITIONS, as_drawn
from eisfit.plots.canvas.grid import spread
from eisfit.plots.canvas.paper import TEXT
from eisfit.plots.canvas.style import em
from eisfit.plots.canvas.text_table import Column
from eisfit.plots.document.book import Book
from eisfit.plots.kinds.drt import drt, spectrum_of
from eisfit.relaxations.distribution import DepressedArc, Distribution, Peak, count_sentence
from eisfit.relaxations.over_series import DistributionSeries
from eisfit.tools.plain_text import one_line
from eisfit.tools.rounding import with_error

_LEFT_CM, _BELOW_CM, _GAP_CM = 1.7, 1.2, 0.2  # room for labels
_WATERFALL_CM = (7.0, 13.0)  # least and greatest height
_STEP_CM = 0.8  # of a waterfall, for each distribution
_PANEL_CM, _TITLE_CM = 4.0, 0.9  # of spectrum and distribution side by side, and above them
_SHOWN = 8  # distributions that are drawn one by one


def distributions(book: Book, found: DistributionSeries) -> None:
    """Write waterfall and energies of a series, some spectra beside their distributions, peaks, arcs and refusals."""
    if found.distributions:
        if len(found) > 1:
            _waterfall(book, found)
            _energies(book, found)
        shown = [found.distributions[k] for k in spread(len(found), _SHOWN)]
        some = f": {len(shown)} of {len(found)} spectra" if len(shown) < len(found) else ""
        for k, one in enumerate(shown):
            heading = f"Spectra and their distributions of relaxation times{some}" if k == 0 else ""
            _side_by_side(book, one, found.over, heading)
        _peaks(book, found)
    for label, reason in found.refused:
        book.paragraph(f"{one_line(label)}: no distribution: {one_line(reason)}", hang="•  ")


def _waterfall(book: Book, found: DistributionSeries) -> None:
    book.heading("Distributions of relaxation times")
    paper = book.paper
    paper.skip(0.3)
    least, most = _WATERFALL_CM
    height = min(max(_STEP_CM * len(found), least), most)
    drt(found, ax=paper.axes(_LEFT_CM, paper.width_cm - _LEFT_CM - 1.8, height))
    paper.skip(height + _BELOW_CM)


def _energies(book: Book, found: DistributionSeries) -> None:
    """Write the peaks that were followed, with their apparent energies."""
    rows = []
    for track in found.tracks:
        peaks, line = [peak for _, peak in track.peaks], track.line
        rows.append(
            [
                str(track.number),
                f"{len(peaks)} of {len(found)}",
                _span([peak.frequency_hz for peak in peaks]),
                _span([peak.resistance_ohm for peak in peaks]),
                ""
                if line is None
                else with_error(line.activation_energy_ev, line.activation_energy_stderr_ev),
                "" if line is None else "; ".join(line.remarks),
            ]
        )
    heads = ["peak", "seen", "f / Hz", "R / Ω", "apparent Eₐ / eV, in ln(1/R)"]
    if rows:
        columns = [*map(Column, heads), Column("remark", words=True)]
        book.table("Peaks followed over the series", columns, rows)


def _span(values: list[float]) -> str:
    return f"{min(values):.3g} to {max(values):.3g}"


def _side_by_side(book: Book, one: Distribution, over: str, heading: str) -> None:
    """Draw a spectrum, its peaks in the colours of its distribution, which stands beside it."""
    whole = _PANEL_CM + _BELOW_CM + _TITLE_CM
    if heading:
        book.heading(heading, TEXT, follow_cm=whole)
    elif book.paper.room_cm < whole:
        book.turn()
    paper = book.paper
    paper.skip(_TITLE_CM)
    width = paper.width_cm / 2 - _LEFT_CM - _GAP_CM
    plane = paper.axes(_LEFT_CM, width, _PANEL_CM)
    beside = paper.axes(paper.width_cm / 2 + _LEFT_CM, width, _PANEL_CM)
    spectrum_of(one, plane)
    plane.set_anchor("W")
    drt(one, ax=beside)
    value = one.spectrum.conditions.number(over)
    known = "" if value is None else f", {value:g} {CONDITIONS.get(over, ('', over))[1]}"
    plane.set_title(f"{as_drawn(one.spectrum.label)}{known}", fontsize=72 * em(), loc="left")
    beside.set_title(count_sentence(one.count), fontsize=0.8 * 72 * em(), loc="left")
    paper.skip(_PANEL_CM + _BELOW_CM)


def _peaks(book: Book, found: DistributionSeries) -> None:
    rows = []
    for one in found:
        told: list[tuple[str, Peak | DepressedArc, str]]
        told = [(f"peak{'' if p.stands else ' (not certain)'}", p, "") for p in one.peaks]
        told += [("arc", a, with_error(a.alpha, a.alpha_stderr)) for a in one.arcs]
        for k, (kind, x, alpha) in enumerate(told):
            rows.append(
                [
                    one_line(one.spectrum.label) if k == 0 else "",
                    kind,
                    f"{x.frequency_hz:.3g}",
                    with_error(x.resistance_ohm, x.resistance_stderr_ohm),
                    f"{x.capacitance_f:.2g}",
                    alpha,
                ]
            )
    heads = ["kind", "f / Hz", "R / Ω", "C / F", "α"]
    if rows:
        book.table("Peaks and depressed arcs", [Column("spectrum", words=True), *map(Column, heads)], rows)
    for one in found:
        for remark in one.remarks:
            book.paragraph(f"{one_line(one.spectrum.label)}: {one_line(remark)}", hang="•  ")
