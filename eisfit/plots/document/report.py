"""A report of results: one PDF with the tables, the figures and a page for each spectrum."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eisfit.errors import InputError
from eisfit.plots.canvas.curves import condition_text, curves
from eisfit.plots.canvas.grid import spread
from eisfit.plots.canvas.paper import PaperSize, check_paper
from eisfit.plots.canvas.style import styled
from eisfit.plots.document.about import About
from eisfit.plots.document.book import Book
from eisfit.plots.document.closing import closing, closing_of
from eisfit.plots.document.cover import cover, title
from eisfit.plots.document.direct_current import direct_current, headline
from eisfit.plots.document.distributions import distributions
from eisfit.plots.document.overview import overview
from eisfit.plots.document.suggestion import suggestion
from eisfit.plots.kinds.page import paint_page
from eisfit.polarisation import DcAnswer
from eisfit.relaxations.distribution import Distribution
from eisfit.relaxations.over_series import DistributionSeries, as_series
from eisfit.results.fit import Fit
from eisfit.results.series import Series
from eisfit.suggestion import Suggestion


def silent(done: int, total: int) -> None:
    """Show no progress."""


def report_pdf(
    result: Series | Sequence[Fit] | DistributionSeries | Distribution | Suggestion | Sequence[DcAnswer],
    about: About,
    *,
    dc: Sequence[DcAnswer] = (),
    paper: PaperSize = "a4",
    spectra: int | None = None,
    progress: Callable[[int, int], None] = silent,
) -> bytes:
    """Return a report as the content of a PDF file, with fonts embedded and without a date.

    Parameters
    ----------
    result : Series, sequence of Fit, DistributionSeries, Distribution, Suggestion, or sequence of DcAnswer
        What to report.
    about : About
        Title, remarks, settings and the like.
    dc : sequence of DcAnswer
        Answers from direct current of the same cell, whose pages stand behind those of the spectra.
    paper : {"a4", "letter"}
        Size of the pages.
    spectra : int, optional
        Of how many spectra, evenly spread, a page is drawn; of all if not given, of none if 0.
    progress : callable
        Called with how many pages of spectra are drawn, and how many there will be.

    Returns
    -------
    bytes
        Pages are drawn one after the other, so that memory does not grow with their number.

    Raises
    ------
    InputError
        If there is no fit, no such paper, or the number of spectra is negative.
    """
    check_paper(paper)
    if isinstance(result, Distribution | DistributionSeries):
        return _of_distributions(as_series(result), about, paper)
    if isinstance(result, Suggestion):
        return _of_suggestion(result, about, paper)
    answers = [each for each in result if isinstance(each, DcAnswer)]
    if answers:
        return _of_direct_current([*answers, *dc], about, paper)
    fits = [f for f in result if isinstance(f, Fit)]
    if not fits or len(fits) < len(result):
        raise InputError("there is nothing to report: a report needs fits, and these results hold none")
    if spectra is not None and spectra < 0:
        raise InputError(f"spectra is {spectra}: it must be 0 or more, the number of pages of single spectra")
    of_spectra: Series | list[Fit] = result if isinstance(result, Series) else fits
    shown = curves(of_spectra)
    chosen = spread(len(fits), len(fits) if spectra is None else spectra) if spectra != 0 else []
    with styled("paper"):
        book = Book(about.title, paper)
        cover(book, of_spectra, about)
        overview(book, of_spectra)
        if isinstance(result, Series):
            _looks(book, result)
        for n, k in enumerate(chosen):
            book.turn()
            known = shown.curves[k].condition is not None
            condition = condition_text(shown.curves[k], shown.over) if known else ""
            paint_page(book.paper, fits[k], condition, shown.over)
            progress(n + 1, len(chosen))
        if dc:
            book.turn()
            direct_current(book, dc)
        closing(book, of_spectra, about)
        return book.finished()


def _looks(book: Book, series: Series) -> None:
    """Add pages of what was looked at without a model."""
    if series.relaxations is not None:
        book.turn()
        distributions(book, series.relaxations)
    if series.suggestion is not None:
        book.turn()
        book.heading("Circuits and templates that the data allow")
        book.paragraph(series.suggestion.headline())
        suggestion(book, series.suggestion)


def _of_distributions(found: DistributionSeries, about: About, paper: PaperSize) -> bytes:
    """Return the report of distributions without fits."""
    with styled("paper"):
        book = Book(about.title, paper)
        title(book, "Distributions of relaxation times", about.title, found.headline())
        distributions(book, found)
        closing(book, found, about)
        return book.finished()


def _of_suggestion(found: Suggestion, about: About, paper: PaperSize) -> bytes:
    """Return the report of a suggestion without fits."""
    with styled("paper"):
        book = Book(about.title, paper)
        title(book, "What the data allow", about.title, found.headline())
        suggestion(book, found)
        closing(book, found, about)
        return book.finished()


def _of_direct_current(answers: Sequence[DcAnswer], about: About, paper: PaperSize) -> bytes:
    """Return the report of answers from direct current without fits."""
    with styled("paper"):
        book = Book(about.title, paper)
        title(book, "Direct current", about.title, headline(answers))
        direct_current(book, answers)
        closing_of(book, about)
        return book.finished()
