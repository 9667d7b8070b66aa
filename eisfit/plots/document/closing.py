"""The last pages of a report: remarks, settings, files, and how to make it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TypeAlias

from eisfit.plots.canvas.text_table import Column, printed
from eisfit.plots.document.about import About
from eisfit.plots.document.book import Book
from eisfit.relaxations.over_series import DistributionSeries
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.results.series import Series
from eisfit.suggestion import Suggestion

Reported: TypeAlias = Series | Sequence[Fit] | DistributionSeries | Suggestion

_NOTHING = "Nothing was noticed: no fit has a reservation, no spectrum a finding."
_NOTHING_OF_DISTRIBUTIONS = "Nothing was noticed: no spectrum has a finding."
_HASH = 16  # letters of a hash that are printed


def closing(book: Book, result: Reported, about: About) -> None:
    """Write remarks, settings, files with their hashes, and what makes the results again."""
    book.turn()
    book.heading("Remarks")
    seen = [remark for d in result for remark in d.remarks] if isinstance(result, DistributionSeries) else []
    said = [*about.remarks, *_unread(result)]
    if isinstance(result, Suggestion):
        nothing = (
            "See the remarks below the table of templates." if result.remarks else _NOTHING_OF_DISTRIBUTIONS
        )
    elif isinstance(result, DistributionSeries):
        nothing = "See the remarks below the table of peaks." if seen else _NOTHING_OF_DISTRIBUTIONS
    else:
        nothing = _of_the_fits(list(result))
    for text in said or [nothing]:
        book.paragraph(printed(text), hang="•  ")
    _settings(book, about)
    _files(book, result)
    _again(book, about)


def closing_of(book: Book, about: About) -> None:
    """Write remarks, settings and what makes them again, of results that are no fits."""
    book.turn()
    if about.remarks:
        book.heading("Remarks")
    for text in about.remarks:
        book.paragraph(printed(text), hang="•  ")
    _settings(book, about)
    _again(book, about)


def _settings(book: Book, about: About) -> None:
    if about.settings:
        rows = [[name, value] for name, value in about.settings.items()]
        book.table("Settings", [Column("setting"), Column("value", words=True)], rows)


def _again(book: Book, about: About) -> None:
    if about.again:
        book.heading("How to make these results again, and how to cite")
        for text in about.again:
            book.paragraph(text, hang="•  ")


def _of_the_fits(fits: Sequence[Fit]) -> str:
    """Return how many fits have something to read on their pages."""
    noticed = sum(fit.outcome is not Outcome.GOOD or bool(fit.spectrum.findings) for fit in fits)
    said = f"{noticed} of {len(fits)} spectra have remarks: see their pages, or spectra.csv of the results."
    return said if noticed else _NOTHING


def _unread(result: Reported) -> list[str]:
    return [f"not read: {u.reason}" for u in result.unread] if isinstance(result, Series) else []


def _files(book: Book, result: Reported) -> None:
    spectra = result.spectra if isinstance(result, Suggestion) else [f.spectrum for f in result]
    rows = {
        (PurePath(s.file).name, s.format, s.sha256[:_HASH]): None
        for spectrum in spectra
        if (s := spectrum.source) is not None
    }
    heads = [Column("file", words=True), Column("format"), Column(f"SHA-256 (first {_HASH})")]
    if rows:
        book.table("Files", heads, [list(row) for row in rows])
