"""The two figures of every series: what they draw is what they were handed, at journal quality."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.transforms import BboxBase

from eisfit import plots
from eisfit.errors import InputError
from eisfit.plots.canvas.decades import DecadeLabels
from eisfit.results.series import Series
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats
from eisfit.tools.rounding import with_error
from support.plots_samples import blocking, drawn, encloses, four_electrode, lines, xy

SERIES = [four_electrode, blocking]


@pytest.mark.parametrize("series", SERIES)
def test_nyquist_points_are_the_measured_impedances(series: Callable[[], Series]) -> None:
    found = [xy(line) for ax in drawn("nyquist", series).axes for line in lines(ax, "points")]
    assert len(found) == len(series())
    for fit in series():
        z = fit.spectrum.z_ohm[fit.spectrum.used]
        assert any(np.array_equal(part, np.stack([z.real, -z.imag], axis=1)) for part in found)


def test_spectra_of_very_different_size_stand_in_panels_of_their_own() -> None:
    panels = drawn("nyquist", four_electrode).axes[:-1]
    assert len(panels) > 1
    for ax in panels:
        reach = [np.abs(xy(line)).max() for line in lines(ax, "points")]
        assert max(reach) / min(reach) < 6
        assert ax.get_xlim()[1] < 1.6 * max(reach)
    near = [four_electrode()[k] for k in (2, 3)]
    assert len(plots.nyquist(near).figure.axes) == 1


def test_nyquist_curve_is_the_model_within_the_points_used() -> None:
    fit = four_electrode()[0]
    (line,) = lines(plots.nyquist(fit), "fit")
    f = fit.spectrum.frequency_hz[fit.spectrum.used]
    z = fit.impedance([f.max(), f.min()])
    np.testing.assert_allclose(xy(line)[[0, -1]], np.stack([z.real, -z.imag], axis=1))


def test_nyquist_in_ohm_cm2_is_area_times_ohm() -> None:
    fit = four_electrode()[2]
    ax = plots.nyquist(fit, quantity="ohm cm2")
    z = fit.spectrum.z_ohm * 0.785
    np.testing.assert_allclose(xy(lines(ax, "points")[0])[:, 0], z.real)
    assert ax.get_xlabel().endswith("Ω cm²")


def test_nyquist_in_ohm_cm2_needs_an_area() -> None:
    s = Spectrum(np.array([10.0, 1.0]), np.array([1 - 1j, 2 - 1j]), label="cell")
    with pytest.raises(InputError, match=r"^cell: area_cm2 is not known, so there is no ohm cm2; give the"):
        plots.nyquist(s, quantity="ohm cm2")


def test_nyquist_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="the list is empty"):
        plots.nyquist([])


def test_masked_points_are_drawn_apart() -> None:
    s = four_electrode()[0].spectrum
    (line,) = lines(plots.nyquist(s), "masked")
    np.testing.assert_array_equal(xy(line)[:, 0], s.z_ohm[s.mask].real)


def test_decade_marks_lie_on_whole_powers_of_ten() -> None:
    fit = four_electrode()[3]
    (line,) = lines(plots.nyquist(fit.spectrum), "decades")
    f, z = fit.spectrum.frequency_hz, fit.spectrum.z_ohm
    whole = np.isclose(np.log10(f) % 1, 0) | np.isclose(np.log10(f) % 1, 1)
    np.testing.assert_array_equal(np.sort(xy(line)[:, 0]), np.sort(z[whole].real))


def test_a_grid_that_misses_the_powers_of_ten_is_marked_on_the_fitted_curve() -> None:
    fit = blocking()[0]
    off = replace(fit.spectrum, frequency_hz=fit.spectrum.frequency_hz * 1.1)
    (bare,) = lines(plots.nyquist(off), "decades")
    assert xy(bare).size == 0
    (marked,) = lines(plots.nyquist(replace(fit, spectrum=off)), "decades")
    z = fit.impedance(10.0 ** np.arange(0, 7))
    np.testing.assert_allclose(xy(marked), np.stack([z.real, -z.imag], axis=1))


@pytest.mark.parametrize("series", SERIES)
def test_nyquist_axes_are_equal_in_the_saved_figure(series: Callable[[], Series], tmp_path: Path) -> None:
    ax = plots.nyquist(series()[0])
    plots.save(ax, tmp_path / "n", ("png",))
    step = np.diff(ax.transData.transform(np.array([[0, 0], [1e3, 1e3]])), axis=0)[0]
    assert step[0] == pytest.approx(step[1], rel=1e-6)


def test_large_impedances_carry_a_prefix_and_no_offset(tmp_path: Path) -> None:
    ax = plots.nyquist(blocking()[0])
    plots.save(ax, tmp_path / "n", ("png",))
    assert ax.get_xlabel() == "$Z$′ / MΩ"
    assert ax.get_ylabel() == "−$Z$″ / MΩ"
    assert ax.xaxis.get_offset_text().get_text() == ""
    assert [t.get_text() for t in ax.get_xticklabels()][-2] in {"2", "3", "2.5", "3.0"}


def test_colours_follow_the_temperature_and_are_named() -> None:
    together = plots.nyquist(four_electrode(), ax=Figure().add_subplot())
    on_axes = next(child for child in together.child_axes if child.get_label() == "colour bar")
    of_figure = drawn("nyquist", four_electrode).axes[-1]
    for bar in (on_axes, of_figure):
        assert bar.get_label() == "colour bar"
        assert bar.get_ylabel() == "$T$ / °C"
        assert list(bar.get_yticks()) == [0, 15, 25, 40, 60]


@pytest.mark.parametrize("kind", ["nyquist", "nyquist_grid"])
@pytest.mark.parametrize("series", SERIES)
def test_decade_labels_overlap_nothing(series: Callable[[], Series], kind: str) -> None:
    placed = 0
    for ax in drawn(kind, series).axes:
        for labels in [a for a in ax.artists if isinstance(a, DecadeLabels)]:
            boxes = [t.get_window_extent() for t in labels.texts if t.get_visible()]
            placed += len(boxes)
            for k, box in enumerate(boxes):
                assert not box.count_overlaps(boxes[k + 1 :])
                assert encloses(ax.bbox, box)
                for line in ax.lines:
                    assert not box.count_contains(ax.transData.transform(xy(line)))
    assert placed >= 6


@pytest.mark.parametrize("kind", ["nyquist", "nyquist_grid"])
@pytest.mark.parametrize("series", SERIES)
def test_a_decade_label_is_next_to_its_own_point_or_a_line_leads_to_it(
    series: Callable[[], Series], kind: str
) -> None:
    for ax in drawn(kind, series).axes:
        for labels in [a for a in ax.artists if isinstance(a, DecadeLabels)]:
            marks = ax.transData.transform(labels.xy)
            points = np.concatenate([ax.transData.transform(xy(line)) for line in lines(ax, "points")])
            for mark, text, leader in zip(marks, labels.texts, labels.leaders, strict=True):
                if not text.get_visible() or leader.get_visible():
                    continue
                box = text.get_window_extent()
                others = points[np.hypot(*(points - mark).T) > 0.5 * float(text.get_fontsize())]
                assert distance(mark[None], box) < distance(others, box)


def distance(points: Floats, box: BboxBase) -> float:
    """Return the distance of a box from the nearest of some points."""
    outside = np.maximum(np.maximum(box.min - points, points - box.max), 0)
    return float(np.hypot(*outside.T).min(initial=np.inf))


@pytest.mark.parametrize("series", SERIES)
def test_arrhenius_points_and_lines_are_those_of_the_law(series: Callable[[], Series]) -> None:
    figure = drawn("arrhenius", series)
    laws = [line for line, default in series().lines() if default]
    found = [(ax, line) for ax in figure.axes for line in lines(ax, "points")]
    assert len(found) == len(laws)
    for (ax, points), law in zip(found, laws, strict=True):
        np.testing.assert_allclose(xy(points)[:, 0], 1000 / law.temperature_k[law.used])
        np.testing.assert_allclose(np.log(xy(points)[:, 1]), law.ordinate_value[law.used])
        curve = [xy(c) for c in lines(ax, "line")][[p for a, p in found if a is ax].index(points)]
        np.testing.assert_allclose(np.log(curve[:, 1]), law.line(1000 / curve[:, 0])[0])


def test_quantities_with_different_units_have_panels_of_their_own() -> None:
    figure = drawn("arrhenius", four_electrode)
    units = [ax.get_ylabel().partition(" / ")[2] for ax in figure.axes]
    assert units == ["K Ω⁻¹", "S K cm⁻¹", "Ω⁻¹ cm⁻²"]
    assert [ax.get_ylabel() for ax in drawn("arrhenius", blocking).axes] == ["$\\sigma$$T$ / S K cm⁻¹"]


def test_legend_names_energy_and_ordinate() -> None:
    law = four_electrode().arrhenius("interface")
    legend = plots.arrhenius(law).axes[0].get_legend()
    assert legend is not None
    assert legend.get_title().get_text() == "$E_\\mathrm{A}$ from ln(1/ASR)"
    text = legend.get_texts()[0].get_text()
    energy = with_error(law.activation_energy_ev, law.activation_energy_stderr_ev, "eV")
    assert text == f"interface: {energy}"  # the digits of the table


def test_a_legend_is_no_wider_than_its_axes() -> None:
    long = {"interface": "interface of liquid and solid in this cell"}
    figure = plots.figure("arrhenius", four_electrode(), names=long)
    for ax in figure.axes:
        if (legend := ax.get_legend()) is not None:
            assert legend.get_window_extent().width < ax.get_window_extent().width
    assert any(
        "this cell:\n" in t.get_text() for ax in figure.axes if (g := ax.get_legend()) for t in g.get_texts()
    )


def test_an_arrhenius_figure_names_its_axes_ticks_and_lines() -> None:
    axes = drawn("arrhenius", four_electrode).axes
    (top,) = axes[0].child_axes
    assert (top.get_xlabel(), axes[-1].get_xlabel()) == ("$T$ / °C", "1000 K / $T$")
    assert [t.get_text() for t in top.get_xticklabels()] == ["0", "10", "20", "30", "40", "50", "60"]
    low, high = axes[-1].get_xlim()
    shown = [t.get_text() for t in axes[-1].get_xticklabels() if low <= t.get_position()[0] <= high]
    assert shown == ["3.0", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7"]
    said = []
    for ax in axes:
        legend = ax.get_legend()
        assert legend is not None
        (text,) = legend.get_texts()
        said.append((legend.get_title().get_text(), text.get_text().partition(":")[0]))
    assert said == [
        ("$E_\\mathrm{A}$ from ln($T$/$R$)", "liquid + bulk"),
        ("$E_\\mathrm{A}$ from ln($\\sigma$$T$)", "grain boundary (apparent)"),
        ("$E_\\mathrm{A}$ from ln(1/ASR)", "interface"),
    ]


@pytest.mark.parametrize("series", SERIES)
def test_legends_cover_no_data(series: Callable[[], Series]) -> None:
    figure = drawn("arrhenius", series)
    for ax in figure.axes:
        legend = ax.get_legend()
        assert legend is not None
        box = legend.get_window_extent()
        for line in ax.lines:
            assert not box.count_contains(ax.transData.transform(xy(line)))


def test_points_left_out_are_open_and_the_line_beyond_is_dashed() -> None:
    law = four_electrode().arrhenius("interface", leave_out=["llto_60C"])
    ax = plots.arrhenius(law).axes[0]
    (unused,) = lines(ax, "unused")
    assert unused.get_markerfacecolor() == "none"
    np.testing.assert_allclose(xy(unused)[0, 0], 1000 / 333.15)
    assert {line.get_linestyle() for line in lines(ax, "extrapolated")} == {"--"}
    assert xy(lines(ax, "line")[0])[:, 0].min() == pytest.approx(1000 / 313.15)


def test_celsius_stand_on_top_at_round_values() -> None:
    figure = drawn("arrhenius", blocking)
    (top,) = figure.axes[0].child_axes
    assert top.get_xlabel() == "$T$ / °C"
    assert sorted(t.get_text() for t in top.get_xticklabels()) == [str(t) for t in range(140, 201, 10)]


def test_arrhenius_without_a_line_is_refused() -> None:
    with pytest.raises(InputError, match="no contribution has a value at two temperatures"):
        plots.arrhenius([])


def test_axes_of_the_caller_are_used() -> None:
    ax = Figure().add_subplot()
    assert plots.nyquist(four_electrode(), ax=ax) is ax
    other = Figure().add_subplot()
    assert plots.arrhenius(blocking(), axes=other) is other.figure
    with pytest.raises(InputError, match="1 axes were given for 3 quantities"):
        plots.arrhenius(four_electrode(), axes=other)


def test_files_are_equal_whenever_they_are_written(tmp_path: Path) -> None:
    first, second = (
        plots.save(plots.nyquist(four_electrode()[1]), tmp_path / name, ("pdf", "png", "svg"))
        for name in "ab"
    )
    assert [p.name for p in first] == ["a.pdf", "a.png", "a.svg"]
    for a, b in zip(first, second, strict=True):
        assert a.read_bytes() == b.read_bytes()


def test_fonts_are_embedded_as_truetype(tmp_path: Path) -> None:
    (path,) = plots.save(plots.nyquist(blocking()[0]), tmp_path / "a.b", ("pdf",))
    assert path.name == "a.b.pdf"
    raw = path.read_bytes()
    assert b"/FontFile2" in raw
    assert b"/Type3" not in raw


def test_unknown_words_are_answered_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="no figure kind 'pie'; known: nyquist, "):
        plots.figure("pie", four_electrode())
    with pytest.raises(InputError, match="no figure format 'doc'; known: pdf, svg, png"):
        plots.save(Figure(), Path("x"), ("doc",))


def test_labels_of_two_curves_on_the_same_axes_keep_clear_of_each_other(tmp_path: Path) -> None:
    ax = plots.nyquist(four_electrode()[0])
    plots.nyquist(four_electrode()[1], ax=ax)
    plots.save(ax, tmp_path / "two", ("png",))
    boxes = [box for artist in ax.artists if isinstance(artist, DecadeLabels) for box in artist.boxes]
    assert len(boxes) >= 4
    assert not any(box.count_overlaps(boxes[k + 1 :]) for k, box in enumerate(boxes))
