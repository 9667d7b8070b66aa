"""The pages of a report that show what direct current told of an interface."""

from __future__ import annotations

from collections.abc import Sequence

from eisfit.plots.canvas.paper import TEXT
from eisfit.plots.canvas.text_table import Column, printed
from eisfit.plots.document.book import Book
from eisfit.plots.kinds.current_overpotential import current_overpotential
from eisfit.polarisation import DcAnswer, SteadyStates
from eisfit.polarisation.value_words import remarks_of, shown_values
from eisfit.tools.plain_text import one_line

_LEFT_CM, _WIDTH_CM, _HEIGHT_CM, _BELOW_CM = 1.9, 11.0, 7.5, 1.4


def direct_current(book: Book, answers: Sequence[DcAnswer]) -> None:
    """Write a page for each answer: current over potential, values with errors, remarks, steady states.

    Parameters
    ----------
    book : Book
        On a new page.
    answers : sequence of DcAnswer
        Of one or several cells.
    """
    for number, found in enumerate(answers):
        if number:
            book.turn()
        _answer(book, found)


def headline(answers: Sequence[DcAnswer]) -> str:
    """Return how many cells and steady points there are, and at which temperatures."""
    points = sum(a.curve.drop_v.size for a in answers)
    temperatures = sorted({a.curve.temperature_c for a in answers})
    span = " to ".join(f"{t:g}" for t in dict.fromkeys((temperatures[0], temperatures[-1])))
    cells = f"{len(answers)} {'records' if len(answers) > 1 else 'record'}"
    return f"{cells} of direct current, {points} steady points at {span} °C"


def _answer(book: Book, found: DcAnswer) -> None:
    curve = found.curve
    title = f"Direct current: {one_line(curve.label)}, {curve.drop_v.size} steady points at {curve.temperature_c:g} °C"
    book.heading(title, TEXT, follow_cm=_HEIGHT_CM + _BELOW_CM)
    paper = book.paper
    paper.skip(0.3)
    current_overpotential(found.fit or curve, ax=paper.axes(_LEFT_CM, _WIDTH_CM, _HEIGHT_CM))
    paper.skip(_HEIGHT_CM + _BELOW_CM)
    rows = [list(map(printed, row)) for row in shown_values(found)]
    heads = [Column("quantity", words=True), *map(Column, ("value", "95 %", "unit"))]
    if rows:
        book.table("What follows from it", heads, rows)
    book.paper.skip(0.2)
    for text in remarks_of(found):
        book.paragraph(printed(one_line(text)), hang="•  ")
    states = [row for each in found.states for row in _states(each)]
    if states:
        names = ("record", "step", "current / mA", "points", "drift / %", "steady")
        book.table("Steady states", [Column(n, words=n == "record") for n in names], states)


def _states(found: SteadyStates) -> list[list[str]]:
    """Return the steps of a record over time; none of one that holds steady states already."""
    return [
        [
            one_line(found.data.label) if k == 0 else "",
            str(k + 1),
            f"{1e3 * current:.4g}",
            str(count),
            f"{drift:.2g}",
            "yes" if steady else "no: see the remarks",
        ]
        for k, (current, count, drift, p, steady) in enumerate(
            zip(
                found.data.current_a,
                found.points,
                found.drift_percent,
                found.p_value,
                found.steady,
                strict=True,
            )
        )
        if p == p
    ]
