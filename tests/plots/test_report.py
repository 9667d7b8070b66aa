"""The report of results: its pages, its file, and what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from eisfit import plots
from eisfit.errors import InputError
from eisfit.plots.canvas.paper import Paper, broken, shortened, text_width_cm
from eisfit.plots.canvas.style import blank, styled
from eisfit.plots.canvas.text_table import Column, printed, table
from eisfit.plots.document import book as book_module
from eisfit.plots.document.book import Book
from eisfit.polarisation import DcAnswer, answer
from eisfit.results.fit import Fit
from eisfit.results.series import Series
from eisfit.simulate import simulate_dc
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.rounding import with_error
from support.plots_samples import blocking, encloses, failed, four_electrode

ABOUT = plots.About(
    "Cell 7",
    "eisfit.h5",
    ("a remark that is long enough to need a second line, as remarks do: " * 3,),
    {"weights": "modulus", "seed": "0"},
    ("eisfit series cell7 -o results",),
)


class Recorded:
    """Takes the place of the PDF file and keeps what stands on each page."""

    pages: list[Figure]

    def __init__(self, *_: Any, **__: Any) -> None:
        self.pages = []
        RECORDED.append(self)

    def savefig(self, figure: Figure) -> None:
        figure.draw_without_rendering()
        self.pages.append(figure)

    def close(self) -> None:
        """Do nothing."""


RECORDED: list[Recorded] = []
KEPT: dict[Any, tuple[Series, list[Figure]]] = {}


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Figure]]:
    """Return a function that returns the pages of a report as figures; those of a series are made once."""

    def run(
        result: Series | Sequence[Fit] | Sequence[DcAnswer], about: plots.About = ABOUT, **options: Any
    ) -> list[Figure]:
        key = (id(result), id(about), *sorted((name, repr(value)) for name, value in options.items()))
        if key in KEPT:
            return KEPT[key][1]
        monkeypatch.setattr(book_module, "PdfPages", Recorded)
        plots.report_pdf(result, about, **options)
        pages = RECORDED.pop().pages
        if isinstance(result, Series) and about is ABOUT:
            KEPT[key] = (result, pages)  # with the result, so that its id stays its own
        return pages

    return run


def words(figure: Figure) -> str:
    return "\n".join(t.get_text() for t in figure.texts)


def everything(pages: Sequence[Figure]) -> str:
    return "\n".join(map(words, pages))


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("series", [four_electrode, blocking, failed])
def test_no_page_has_a_text_that_is_cut_or_lies_upon_another(
    recorded: Callable[..., list[Figure]], series: Callable[[], Series], paper: str
) -> None:
    for page in recorded(series(), paper=paper, spectra=1):
        inner = page.bbox.padded(-0.8 * page.dpi / 2.54)
        boxes = [(t.get_text(), t.get_window_extent()) for t in page.texts if t.get_text()]
        for text, place in boxes:
            assert encloses(inner, place), text
        for (a, one), (b, other) in combinations(boxes, 2):
            assert not one.padded(-1).overlaps(other.padded(-1)), (a, b)
        around = [box for ax in page.axes if (box := ax.get_tightbbox()) is not None]
        assert all(encloses(inner, box) for box in around)
        for box in around:
            assert not any(box.padded(-3).overlaps(other.padded(-1)) for _, other in boxes)


def dc_answers() -> list[DcAnswer]:
    return [answer(simulate_dc(seed=seed).data) for seed in (1, 2)]


def test_direct_current_has_a_page_for_each_record(recorded: Callable[..., list[Figure]]) -> None:
    pages = recorded(dc_answers())
    assert len(pages) == 3
    assert "2 records of direct current" in words(pages[0])
    for page, found in zip(pages, dc_answers(), strict=False):
        (ax,) = page.axes
        assert "mV" in ax.get_xlabel()
        assert with_error(*found.fit.r_p_ohm_cm2) in words(page)  # type: ignore[union-attr]
        inner = page.bbox.padded(-0.8 * page.dpi / 2.54)
        assert all(encloses(inner, t.get_window_extent()) for t in page.texts if t.get_text())
    assert "eisfit series cell7 -o results" in words(pages[-1])


def test_direct_current_of_the_same_cell_follows_its_spectra(recorded: Callable[..., list[Figure]]) -> None:
    found = recorded(failed(), spectra=0, dc=dc_answers())
    assert ["Direct current:" in words(page) for page in found[-3:]] == [True, True, False]
    assert "3 spectra" in words(found[0])


def test_pages_are_numbered_from_the_first_to_the_last(recorded: Callable[..., list[Figure]]) -> None:
    pages = recorded(four_electrode())
    assert [words(page).splitlines()[-1] for page in pages] == [str(k + 1) for k in range(len(pages))]
    assert all("Cell 7  ·  eisfit" in words(page) for page in pages)


def test_the_first_page_says_what_came_out(recorded: Callable[..., list[Figure]]) -> None:
    series = four_electrode()
    first = words(recorded(series, spectra=0)[0])
    assert "Cell 7" in first
    assert "5 spectra, temperature 0 to 60 °C: liquid + bulk, grain boundary, interface" in first
    line = series.arrhenius("interface")
    low, high = line.ci95_ev
    assert f"{low:.3f} to {high:.3f}" in first
    assert f"{line.activation_energy_ev:.3f}" in first
    assert "ln(1/R)" in first
    assert "le_se: Liquid | solid | liquid, symmetric" in first
    assert "area 0.785 cm², thickness of the solid 0.1 cm, 4 electrodes" in first
    for fit in series:
        assert fit.label in first


def test_each_spectrum_has_a_page_unless_fewer_are_asked_for(recorded: Callable[..., list[Figure]]) -> None:
    series = four_electrode()

    def with_page(**options: int) -> list[str]:
        pages = recorded(series, **options)
        return [f.label for f in series for page in pages if words(page).startswith(f.label)]

    assert with_page() == [f.label for f in series]
    assert with_page(spectra=2) == ["llto_0C", "llto_60C"]
    assert with_page(spectra=0) == []


def test_the_figures_of_the_series_are_there(recorded: Callable[..., list[Figure]]) -> None:
    pages = recorded(four_electrode(), spectra=0)
    text = everything(pages)
    for heading in ("Arrhenius plot", "Effective capacitances of one segment", "Nyquist plots"):
        assert heading in text
    (nyquist,) = [page for page in pages if "Nyquist plots" in words(page)]
    assert [ax.get_title() for ax in nyquist.axes] == ["0 °C", "15 °C", "25 °C", "40 °C", "60 °C"]
    (lines,) = [page for page in pages if "Arrhenius plot" in words(page)]
    assert sum(line.get_gid() == "line" for ax in lines.axes for line in ax.lines) == 3


def test_remarks_settings_and_how_to_make_it_again_stand_at_the_end(
    recorded: Callable[..., list[Figure]],
) -> None:
    last = words(recorded(four_electrode(), spectra=0)[-1])
    assert "a remark that is long enough" in last
    assert "eisfit series cell7 -o results" in last
    assert "modulus" in last


def test_a_failed_spectrum_is_said_on_the_first_page(recorded: Callable[..., list[Figure]]) -> None:
    assert "1 of 3 spectra could not be fitted: see the remarks" in words(recorded(failed(), spectra=0)[0])


def test_long_remarks_and_long_tables_go_on_on_further_pages(recorded: Callable[..., list[Figure]]) -> None:
    said = tuple(f"remark {k}: " + "word " * 60 for k in range(80))
    fits = list(four_electrode()) * 30
    pages = recorded(fits, plots.About("Many", remarks=said), spectra=0)
    text = everything(pages)
    assert all(f"remark {k}:" in text for k in range(80))
    assert text.count("llto_25C") >= 60  # in the table of resistances and in that of specific values
    assert "Resistances of the whole path / Ω (continued)" in text
    assert "Nyquist plots: 10 of 150 spectra" in text


def test_a_word_longer_than_a_page_ends(recorded: Callable[..., list[Figure]]) -> None:
    pages = recorded(four_electrode(), plots.About("x" * 500, remarks=("y" * 20_000,)), spectra=0)
    assert everything(pages).count("y") >= 20_000


def test_the_file_has_its_pages_its_title_embedded_fonts_and_no_date() -> None:
    content = plots.report_pdf(four_electrode(), ABOUT, spectra=1)
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", content)) == 5
    assert content.count(b"/FontFile2") >= 2
    assert b"/Subtype /Type3" not in content
    assert b"Cell 7" in content
    assert b"/CreationDate" not in content
    assert re.search(rb"/MediaBox \[ 0 0 595\.2\d+ 841\.8\d+ \]", content)


def test_equal_results_give_equal_files() -> None:
    one, other = (plots.report_pdf(blocking(), ABOUT, spectra=0) for _ in range(2))
    assert one == other


def test_only_one_page_is_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    import gc
    import weakref

    alive: list[weakref.ref[Figure]] = []
    most: list[int] = []

    class Counted(Recorded):
        def savefig(self, figure: Figure) -> None:
            gc.collect()
            most.append(sum(ref() is not None for ref in alive))
            alive.append(weakref.ref(figure))

    gc.collect()
    gc.freeze()  # what was there before takes no part: each look for garbage takes a second else
    monkeypatch.setattr(book_module, "PdfPages", Counted)
    plots.report_pdf(four_electrode(), ABOUT, spectra=4)
    RECORDED.clear()
    assert len(most) > 4
    assert max(most) <= 1


def test_progress_counts_the_pages_of_spectra() -> None:
    seen: list[tuple[int, int]] = []
    plots.report_pdf(
        four_electrode(), ABOUT, spectra=2, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("result", "options", "said"),
    [
        ([], {}, "there is nothing to report"),
        ([Spectrum([1e3, 1e2], [1 - 1j, 2 - 1j])], {}, "these results hold none"),
        (None, {"paper": "a3"}, "no paper 'a3'; known: a4, letter"),
        (None, {"spectra": -1}, "spectra is -1: it must be 0 or more"),
    ],
)
def test_what_cannot_be_reported_is_refused(result: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        plots.report_pdf(four_electrode() if result is None else result, ABOUT, **options)


def test_values_stand_with_their_errors_below_each_other() -> None:
    with styled("paper"):
        paper = Paper(blank())
        rows = [["a", "8004 ± 11"], ["b", "1.5 ± 0.1"], ["c", "upper limit"]]
        assert table(paper, [Column("name"), Column("R / Ω")], rows) == 3
    places: dict[str, float] = {t.get_text(): t.get_position()[0] for t in paper.figure.texts}
    width = paper.whole_cm[0]
    ends = [places[t] * width + text_width_cm(t.split(" ± ")[0]) for t in ("8004 ± 11", "1.5 ± 0.1")]
    assert ends[0] == pytest.approx(ends[1], abs=0.01)
    assert places["upper limit"] == pytest.approx(places["R / Ω"])


def test_a_table_keeps_numbers_whole_and_breaks_words_between_them() -> None:
    with styled("paper"):
        paper = Paper(blank())
        number = "(1.0591 ± 0.0028)×10⁻⁴"
        rows = [["contribution of a long name", *[number] * 5, "word " * 40]]
        columns = [
            Column("contribution", words=True),
            *[Column("σ / S cm⁻¹")] * 5,
            Column("remark", words=True),
        ]
        assert table(paper, columns, rows) == 1
    shown: list[Text] = list(paper.figure.texts)
    assert sum(t.get_text() == number for t in shown) == 5
    assert "contribution" in {t.get_text() for t in shown}
    assert all("word" in t.get_text().split() for t in shown if "wor" in t.get_text())


def test_a_table_without_room_writes_nothing() -> None:
    with styled("paper"):
        paper = Paper(blank())
        paper.skip(paper.room_cm - 0.5)
        assert table(paper, [Column("name")], [["a"]]) == 0
    assert not paper.figure.texts


def test_lines_are_no_longer_than_asked_and_lose_no_word() -> None:
    text = "some words of a sentence and averyveryverylongwordwithoutanyspace that goes on"
    lines = broken(text, 2.0)
    assert all(text_width_cm(line) <= 2.0 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert shortened(text, 40.0) == text
    assert "…" in shortened(text, 3.0)
    assert text_width_cm(shortened(text, 3.0)) <= 3.0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("(1.06 ± 0.03)e-4", "(1.06 ± 0.03)×10⁻⁴"),
        ("3e+07", "3×10⁷"),
        ("-20", "−20"),
        ("llto_-20C", "llto_-20C"),
        ("three-electrode", "three-electrode"),
        ("10 ohm cm2", "10 Ω cm²"),
        ("1.845e+05 Hz", "1.845×10⁵ Hz"),
    ],
)
def test_numbers_are_printed_as_in_a_journal(text: str, shown: str) -> None:
    assert printed(text) == shown


def test_a_book_without_a_page_is_a_file_of_its_first(monkeypatch: pytest.MonkeyPatch) -> None:
    with styled("paper"):
        book = Book("empty")
        book.paragraph("one line")
        content = book.finished()
    assert book.pages == 1
    assert len(re.findall(rb"/Type /Page\b", content)) == 1


@pytest.mark.parametrize(
    "text", ["residual 1.2 %", "residual 1.2 % of all", "top at 498 kHz", "above 60 °C, however"]
)
def test_a_number_stays_with_its_unit(text: str) -> None:
    for tenths in range(15, 60):
        lines = broken(text, tenths / 10)
        assert " ".join(lines) == text
        assert not any(line.startswith(("%", "kHz", "°C")) for line in lines)
