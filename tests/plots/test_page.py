"""The page of one spectrum: all of it is there, and nothing is cut or lies upon another."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from eisfit import plots
from eisfit.errors import InputError
from eisfit.fitting.spectra import fit
from eisfit.results.fit import Fit
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from support.plots_samples import blocking, encloses, failed, four_electrode

CM = 72 / 2.54  # points


def written(figure: Figure) -> list[Text]:
    """Return the texts of the page itself, without those of its axes."""
    return [text for text in figure.texts if text.get_text()]


def words(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in written(figure))


def with_findings(count: int) -> Fit:
    one = four_electrode()[1]
    said = [Finding(f"kind {k}", f"finding {k} " + "that says many words " * 12) for k in range(count)]
    return replace(one, spectrum=one.spectrum.noting(*said))


def named(label: str) -> Fit:
    one = four_electrode()[1]
    return replace(one, spectrum=one.spectrum.named(label))


def of_circuit() -> Fit:
    return fit(four_electrode()[2].spectrum, "R0-p(R1,CPE1)-p(R2,CPE2)")


CASES = {
    "sample": lambda: four_electrode()[0],
    "blocking": lambda: blocking()[0],
    "failed": lambda: failed()[0],
    "circuit": of_circuit,
    "many findings": lambda: with_findings(60),
    "long name": lambda: named("a $very$ long name of a sample / with everything in it that " * 4),
}


def pages_of() -> list[object]:
    return [
        pytest.param(case, paper, id=f"{name}-{paper}")
        for name, case in CASES.items()
        for paper in ("a4", "letter")
    ]


@pytest.mark.parametrize(("case", "paper"), pages_of())
def test_nothing_is_cut_and_no_text_lies_upon_another(case: object, paper: str) -> None:
    figure = plots.page(case(), paper=paper)  # type: ignore[operator, arg-type]
    figure.draw_without_rendering()
    inner = figure.bbox.padded(-0.8 * CM * figure.dpi / 72)
    boxes = [(t.get_text(), t.get_window_extent()) for t in written(figure)]
    for text, place in boxes:
        assert encloses(inner, place), text
    for ax in figure.axes:
        box = ax.get_tightbbox()
        assert box is not None
        assert encloses(inner, box)
        for text, other in boxes:
            assert not box.padded(-3).overlaps(other.padded(-1)), text
    for (a, one), (b, other) in combinations(boxes, 2):
        assert not one.padded(-1).overlaps(other.padded(-1)), (a, b)
    around = [box for ax in figure.axes if (box := ax.get_tightbbox()) is not None]
    for one, other in combinations(around, 2):
        assert not one.padded(-2).overlaps(other.padded(-2))


def test_it_has_the_size_of_its_paper() -> None:
    assert plots.page(four_electrode()[0]).get_size_inches() == pytest.approx([21.0 / 2.54, 29.7 / 2.54])
    letter = plots.page(four_electrode()[0], paper="letter")
    assert letter.get_size_inches() == pytest.approx([8.5, 11.0], abs=0.005)


def test_it_says_values_errors_states_conditions_and_outcome() -> None:
    one = four_electrode()[2]
    text = words(plots.page(one))
    for row in one.contributions:
        assert row.name in text.replace("2 × ", "")
    for p in one.parameters:
        assert p.name in text
    for said in (
        "area 0.785 cm²",
        "thickness of the solid 0.1 cm",
        "4 electrodes",
        "25 °C",
        "Outcome: good",
        "fitted",
    ):
        assert said in text
    assert f"{one['interface'].resistance_ohm:.0f}"[:3] in text
    assert " ± " in text
    assert "llto_25C" in text


def test_the_circuit_carries_the_values_of_its_segments() -> None:
    one = four_electrode()[2]
    shown = [t.get_text() for t in plots.page(one).axes[0].texts]
    interface = one["interface"]
    assert any(f"{interface.resistance_ohm / 2:.0f} Ω" in t and "nF" in t for t in shown)


def test_points_and_fit_stand_in_all_plots_with_the_band_of_the_noise() -> None:
    figure = plots.page(four_electrode()[2])
    _, nyquist, modulus, phase, real, imaginary = figure.axes
    for ax in (nyquist, modulus, phase):
        assert {"points", "fit"} <= {line.get_gid() for line in ax.lines}
    for ax in (real, imaginary):
        assert "points" in {line.get_gid() for line in ax.lines}
        assert "noise" in {patch.get_gid() for patch in ax.collections}
        assert ax.get_xlabel() == "$f$ / Hz"
    assert any(line.get_gid() == "decades" and np.size(line.get_xydata()) for line in nyquist.lines)


def test_a_fit_that_failed_shows_its_data_and_the_reason() -> None:
    bad = failed()[0]
    figure = plots.page(bad)
    assert "Outcome: failed" in words(figure)
    assert "widen the cut or use a simpler circuit" in words(figure).replace("\n", " ")
    assert len(figure.axes) == 4  # circuit, Nyquist, modulus, phase: no residuals without a model


def test_remarks_that_have_no_room_are_counted() -> None:
    text = words(plots.page(with_findings(60)))
    shown = [k for k in range(60) if f"Finding {k} " in text]
    assert 1 <= len(shown) < 60
    assert f"and {60 - len(shown)} more remarks: see spectra.csv" in text


def test_a_name_stands_as_it_is_and_not_as_mathematics() -> None:
    assert "a $x_1$ b" in words(plots.page(named("a $x_1$ b")))


def test_of_a_series_the_first_is_drawn_and_the_foot_says_so() -> None:
    text = words(plots.figure("page", four_electrode()))
    assert "llto_0C" in text
    assert "1 of 5 spectra" in text


def test_pages_are_drawn_when_they_are_asked_for() -> None:
    series = four_electrode()
    made = plots.pages(series)
    assert "llto_0C" in words(next(made))
    labels = [words(figure) for figure in made]
    assert len(labels) == len(series) - 1
    assert "llto_60C" in labels[-1]


def test_a_spectrum_without_a_fit_is_refused() -> None:
    with pytest.raises(InputError, match="no page to draw: nothing was fitted"):
        plots.figure("page", Spectrum([1e3, 1e2], [10 - 2j, 11 - 5j]))


def test_the_numbers_of_the_page_are_those_of_its_plots() -> None:
    one = four_electrode()[2]
    rows = plots.KINDS["page"].data(one)
    measured = [row for row in rows if row["kind"] == "measured"]
    assert len(measured) == len(one.spectrum)
    np.testing.assert_allclose([row["z_real_ohm"] for row in measured], one.spectrum.z_ohm.real)
    np.testing.assert_allclose(
        [row["residual_imag_percent"] for row in measured], one.residual_percent.imag, rtol=1e-12
    )
    assert {row["residual_real_percent"] for row in rows if row["kind"] == "fitted"} == {None}
