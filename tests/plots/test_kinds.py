"""What holds for every kind of figure, and what each of them draws."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text

import eisfit
from eisfit import plots
from eisfit.cell.find import template
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.errors import InputError
from eisfit.fitting.series import fit_series
from eisfit.plots.canvas.diagram import label
from eisfit.plots.canvas.grid import spread
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.style import GREY, ROLES, TEMPERATURES, role_colours
from eisfit.plots.canvas.units import prefix, scientific, with_prefix
from eisfit.results.split import curves_of
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.frozen import Floats
from support.plots_samples import blocking, drawn, encloses, failed, four_electrode, lines, subject, xy

KINDS = list(plots.KINDS)
IN_A_COLUMN = [kind for kind in KINDS if kind != "page"]  # which has the size of paper


def texts(figure: Figure) -> list[Text]:
    """Return the texts that are seen."""
    found = [t for t in figure.findobj(Text) if isinstance(t, Text) and t.get_text() and t.get_visible()]
    return [t for t in found if t.get_window_extent().width > 0]


@pytest.mark.parametrize("kind", IN_A_COLUMN)
def test_nothing_is_cut_off_at_one_column(kind: str) -> None:
    figure = drawn(kind, subject(kind))
    assert figure.get_figwidth() == pytest.approx(8.3 / 2.54)
    whole = figure.bbox.padded(0.5)
    for ax in figure.axes:
        box = ax.get_tightbbox()
        assert box is not None
        assert encloses(whole, box), (box, whole)
    assert all(encloses(whole, legend.get_window_extent()) for legend in figure.legends)


@pytest.mark.parametrize("kind", ["nyquist", "arrhenius", "parameters", "circuit"])
def test_megohms_and_wide_labels_are_not_cut_off_either(kind: str) -> None:
    figure = drawn(kind, blocking)
    whole = figure.bbox.padded(0.5)
    assert all(encloses(whole, box) for ax in figure.axes if (box := ax.get_tightbbox()) is not None)


@pytest.mark.parametrize("kind", KINDS)
def test_labels_do_not_overlap(kind: str) -> None:
    figure = drawn(kind, subject(kind))
    words = [t for ax in figure.axes for t in (ax.title, ax.xaxis.label, ax.yaxis.label)]
    for ax in figure.axes:
        words += [*ax.texts, *_inside(ax.get_xticklabels(), ax), *_inside(ax.get_yticklabels(), ax)]
    boxes = [(t.get_text(), t.get_window_extent().padded(-0.5)) for t in words if t.get_text()]
    for (a, one), (b, other) in combinations(boxes, 2):
        assert not one.overlaps(other), (a, b)


def _inside(labels: list[Text], ax: Axes) -> list[Text]:
    """Return the tick labels whose tick lies on its axis: the others are not drawn."""
    found, box = [], ax.bbox.padded(2)
    for text in labels:
        x, y = text.get_window_extent().get_points().mean(axis=0)
        if text.get_visible() and (box.x0 <= x <= box.x1 or box.y0 <= y <= box.y1):
            found.append(text)
    return found


@pytest.mark.parametrize("kind", IN_A_COLUMN)
def test_text_has_seven_or_eight_points(kind: str) -> None:
    assert {t.get_fontsize() for t in texts(drawn(kind, subject(kind)))} <= {7.0, 8.0}


@pytest.mark.parametrize("kind", KINDS)
def test_rows_for_other_programs_have_the_same_columns_and_plain_values(kind: str) -> None:
    rows = plots.KINDS[kind].data(subject(kind)())
    assert rows
    assert len({tuple(row) for row in rows}) == 1
    assert {type(v) for row in rows for v in row.values()} <= {str, float, int, type(None)}


@pytest.mark.parametrize("kind", ["nyquist", "capacitances", "circuit"])
def test_a_talk_is_twice_as_wide_in_large_black_letters_without_a_background(kind: str) -> None:
    figure = plots.figure(kind, four_electrode(), style="talk")
    figure.draw_without_rendering()
    assert figure.get_figwidth() == pytest.approx(2 * 8.3 / 2.54)
    assert to_rgba(figure.get_facecolor())[3] == 0
    assert {t.get_fontsize() for t in texts(figure)} <= {17.5, 20.0}
    assert {to_rgb(ax.xaxis.label.get_color()) for ax in figure.axes} == {(0, 0, 0)}
    assert figure.get_figheight() <= 19 / 2.54 + 1e-9


def contrast(colour: Any, ground: float) -> float:
    """Contrast ratio with a grey ground; WCAG 2.2, section 1.4.3."""
    c: Floats = np.array(to_rgb(colour))
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    own = float(linear @ [0.2126, 0.7152, 0.0722])
    return (max(own, ground) + 0.05) / (min(own, ground) + 0.05)


@pytest.mark.parametrize("colour", [*ROLES.values(), GREY, *(TEMPERATURES(x) for x in (0.0, 0.5, 1.0))])
def test_colours_are_seen_on_white_and_on_black(colour: object) -> None:
    assert contrast(colour, 1.0) > 2
    assert contrast(colour, 0.0) > 2


def test_two_contributions_never_share_a_colour() -> None:
    colours = role_colours(["bulk", "liquid + bulk", "bulk", "", "interface + electrode"])
    assert len(set(colours)) == 5
    assert colours[0] == ROLES["bulk"]
    assert colours[4] == ROLES["interface"]


def test_bode_shows_modulus_and_phase() -> None:
    upper, lower = drawn("bode", four_electrode).axes[:2]
    fit = four_electrode()[2]
    z = fit.spectrum.z_ohm
    np.testing.assert_allclose(xy(lines(upper, "points")[2])[:, 1], np.abs(z))
    np.testing.assert_allclose(xy(lines(lower, "points")[2])[:, 1], -np.angle(z, deg=True))
    grid = xy(lines(upper, "fit")[2])
    np.testing.assert_allclose(grid[:, 1], np.abs(fit.impedance(grid[:, 0])))


def test_residuals_need_a_fit() -> None:
    with pytest.raises(InputError, match="nothing was fitted; give a Fit or a Series"):
        plots.residuals(four_electrode()[0].spectrum)


def test_the_last_arc_ends_at_the_dc_resistance() -> None:
    fit = four_electrode()[3]
    found = curves_of(fit)
    assert [arc.name for arc in found] == ["liquid + bulk", "grain boundary", "interface"]
    assert found[-1].z_ohm[-1].real == pytest.approx(
        sum(c.resistance_ohm for c in fit.contributions), rel=1e-3
    )


def test_the_parts_add_up_to_the_model() -> None:
    fit = four_electrode()[3]
    found = curves_of(fit)
    ends = np.cumsum([0.0, *(arc.resistance_ohm for arc in found)])
    total = np.sum([arc.z_ohm - end for arc, end in zip(found, ends, strict=False)], axis=0)
    np.testing.assert_allclose(total, fit.impedance(found[0].frequency_hz))


def test_a_blocking_electrode_comes_last_and_is_not_shaded() -> None:
    found = curves_of(blocking()[0])
    assert [(arc.name, arc.shaded) for arc in found] == [
        ("bulk", True),
        ("grain boundary", True),
        ("electrode", False),
    ]


def test_parameters_of_one_quantity_share_a_panel() -> None:
    axes = drawn("parameters", blocking).axes
    assert [ax.get_ylabel() for ax in axes] == ["$R$ / Ω", "$τ$ / s", "$α$", "$Q$ / S s$^{α}$"]
    value = [f.values["Zarc_gb_R"] for f in blocking()]
    np.testing.assert_array_equal(xy(lines(axes[0], "points")[1])[:, 1], value)


def test_parameters_without_an_error_are_open() -> None:
    held = fit_series([f.spectrum for f in four_electrode()][2:], fixed_alpha())
    figure = plots.parameters(held)
    (line,) = lines(figure.axes[-1], "without error")
    assert line.get_markerfacecolor() == "none"
    assert set(xy(line)[:, 1]) == {0.95}


def fixed_alpha() -> Template:
    return template("le_se", 4).setting({"Zarc_gb_alpha": Setting(fixed=0.95)})


def test_a_grid_has_a_panel_for_each_spectrum_with_equal_axes() -> None:
    axes = drawn("nyquist_grid", four_electrode).axes
    assert [ax.get_title() for ax in axes] == ["0 °C", "15 °C", "25 °C", "40 °C", "60 °C"]
    for ax in axes:
        step = np.diff(ax.transData.transform(np.array([[0, 0], [1e3, 1e3]])), axis=0)[0]
        assert step[0] == pytest.approx(step[1])


def test_an_inset_covers_no_data_and_has_equal_axes() -> None:
    (ax,) = drawn("nyquist_inset", four_electrode).axes
    inset = ax.child_axes[-1]
    step = np.diff(inset.transData.transform(np.array([[0, 0], [1e2, 1e2]])), axis=0)[0]
    assert step[0] == pytest.approx(step[1], rel=1e-6)
    box = inset.get_tightbbox()
    assert box is not None
    for line in ax.lines:
        assert not box.count_contains(ax.transData.transform(xy(line)))


def test_an_inset_above_a_frequency_holds_all_points_above_it() -> None:
    fit = four_electrode()[2]
    inset = plots.nyquist_inset(fit, above_hz=1e4).child_axes[-1]
    z = fit.spectrum.z_ohm[fit.spectrum.frequency_hz > 1e4]
    assert z.real.max() < inset.get_xlim()[1] < 1.5 * z.real.max()


def test_a_circuit_names_segments_and_counts() -> None:
    figure = plots.figure("circuit", template("le_se", 4))
    assert [t.get_text() for t in figure.axes[0].texts][1::2] == [
        "liquid",
        "bulk",
        "grain\nboundary",
        "interface\n× 2",
    ]


def test_a_bare_circuit_is_broken_into_rows_and_labelled_by_its_elements() -> None:
    bare = Template.from_circuit("L0-R0-p(R1,CPE1)-p(R2-W1,C2)-p(R3,C3)-Wo9")
    ax = plots.circuit(bare)
    assert [row["element"] for row in plots.KINDS["circuit"].data(bare)][:4] == ["L0", "R0", "R1", "CPE1"]
    assert len({line.get_ydata()[0] for line in ax.lines if line.get_marker() in ("o", ">")}) >= 2  # type: ignore[index]
    assert label(bare.path[0].node) == "$L$$_{\\mathrm{0}}$"  # type: ignore[arg-type]


def test_a_circuit_of_something_else_is_refused() -> None:
    with pytest.raises(InputError, match="cannot draw the circuit of Spectrum: give a Template"):
        plots.figure("circuit", four_electrode()[0].spectrum)


@pytest.mark.parametrize("kind", ["nyquist", "residuals", "contributions", "parameters", "capacitances"])
def test_a_failed_fit_stops_no_figure(kind: str) -> None:
    assert failed()[0].outcome.name == "FAILED"
    plots.figure(kind, failed())


def test_spectra_without_a_common_condition_are_named_by_their_labels() -> None:
    plain = [replace(f.spectrum, conditions=Conditions()) for f in four_electrode()][:3]
    legend = plots.nyquist(plain).get_legend()
    assert legend is not None
    assert [t.get_text() for t in legend.get_texts()] == ["llto_0C", "llto_15C", "llto_25C"]


def test_the_settings_of_the_caller_come_back() -> None:
    before = dict(matplotlib.rcParams)
    plots.bode(four_electrode()[0])
    assert dict(matplotlib.rcParams) == before


def test_energies_have_the_same_digits_in_the_figure_as_in_the_report() -> None:
    series = four_electrode()
    lines = [line for line, default in series.lines() if default]
    legends = [ax.get_legend() for ax in plots.arrhenius(lines).axes]
    drawn = {text.get_text() for legend in legends if legend is not None for text in legend.get_texts()}
    assert len(drawn) == len(lines) >= 2
    for text in drawn:
        name, _, energy = text.replace(" (apparent)", "").partition(": ")
        assert re.search(rf"{re.escape(name)} +{re.escape(energy.replace(' eV', ''))} ", series.report())


def test_numbers_are_written_as_a_reader_wants_them() -> None:
    assert with_prefix(999.9, "Ω") == "1.00 kΩ"
    assert with_prefix(1.8e-11, "F") == "18.0 pF"
    assert prefix(4999.0) == (1.0, "")
    assert prefix(5001.0) == (1e3, "k")
    assert scientific(2.5e-7) == "2.5×10⁻⁷"


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (900, 8000, "10³ 2×10³ 5×10³"),
        (90, 4000, "100 1000"),
        (1500, 40_000, "2×10³ 5×10³ 10⁴ 2×10⁴"),
        (3, 700, "10 100"),
        (2e-5, 30, "10⁻⁴ 10⁻³ 10⁻² 10⁻¹ 10⁰ 10¹"),
        (7.8e-8, 7.9e-8, "7.8×10⁻⁸ 7.85×10⁻⁸ 7.9×10⁻⁸"),
    ],
)
def test_labels_of_a_logarithmic_axis_are_of_one_kind(low: float, high: float, labels: str) -> None:
    ax = Figure().add_subplot()
    ax.set_yscale("log")
    log_ticks(ax.yaxis)
    ax.set_ylim(low, high)
    shown = [t.get_text() for t in ax.get_yticklabels() if low <= t.get_position()[1] <= high]
    assert shown == labels.split()


def test_what_needs_a_series_says_so() -> None:
    fit = four_electrode()[0]
    with pytest.raises(InputError, match=r"^an Arrhenius plot needs a series: a Fit has one temperature$"):
        plots.figure("arrhenius", fit)
    with pytest.raises(InputError, match=r"needs a Series, and this is a Fit$"):
        plots.figure("parameters", fit)
    with pytest.raises(
        InputError, match=r"^an Arrhenius plot needs a series; these are results of single fits: eis"
    ):
        plots.figure("arrhenius", (fit,))
    for kind in ("parameters", "capacitances"):
        with pytest.raises(InputError, match=r"these are results of single fits: eisfit series fits"):
            plots.figure(kind, (fit,))


def test_a_wide_arrhenius_figure_has_its_panels_side_by_side() -> None:
    figure = plots.figure("arrhenius", four_electrode(), width="double")
    figure.draw_without_rendering()
    assert len({round(ax.bbox.y0) for ax in figure.axes}) == 1
    whole = figure.bbox.padded(0.5)
    for ax in figure.axes:
        box, legend = ax.get_tightbbox(), ax.get_legend()
        assert box is not None
        assert encloses(whole, box)
        assert legend is not None
        assert encloses(ax.bbox, legend.get_window_extent())


def test_the_wall_of_a_pore_is_drawn_within_it() -> None:
    ax = plots.circuit(Template.from_circuit("R0-Pore_pe(p(R_ct,CPE_dl))"))
    named = [t.get_text() for t in ax.texts]
    assert "Pore$_{\\mathrm{pe}}$" in named
    frame = next(patch for patch in ax.patches if patch.get_linestyle() == "--")
    wall = next(t for t in ax.texts if t.get_text() == "$R$$_{\\mathrm{ct}}$")
    assert frame.get_window_extent().contains(*wall.get_window_extent().get_points().mean(axis=0))


def test_each_circuit_of_an_element_is_drawn_within_it_and_named() -> None:
    ax = plots.circuit(Template.from_circuit("R0-PoreEnd_pe(p(R_ct,CPE_dl),Zarc_li)-W_1"))
    ax.figure.canvas.draw()
    frame = next(patch for patch in ax.patches if patch.get_linestyle() == "--").get_window_extent()
    by_text = {t.get_text(): t.get_window_extent().get_points().mean(axis=0) for t in ax.texts}
    for inner in ("$R$$_{\\mathrm{ct}}$", "Zarc$_{\\mathrm{li}}$"):
        assert frame.contains(*by_text[inner])
    assert frame.x0 < by_text["wall"][0] < by_text["end"][0] < frame.x1
    assert not frame.contains(*by_text["W"])


@pytest.mark.parametrize(
    "text", ["R_s-Probes_re(R_b-Zarc_gb-Zarc_int,R_cm)", "R_s-Coating_interphase-Rails_polymer(SLEI_x)"]
)
def test_the_values_below_a_circuit_stay_within_the_figure(text: str) -> None:
    template, f = Template.from_circuit(text), np.geomspace(1e5, 0.1, 31)
    values = [
        10.0 if q.unit == "ohm" else 0.8 if q.unit == "1" else 1e-4
        for q in (p.quantity for p in template.circuit.parameters)
    ]
    fit = eisfit.fit(eisfit.Spectrum(f, template.circuit.impedance(f, values)), template)
    figure = plots.figure("circuit", fit)
    figure.canvas.draw()
    said = [t for t in figure.texts if "=" in t.get_text()]
    assert len(said) > 3
    assert all(t.get_window_extent().x1 <= figure.bbox.x1 for t in said)


def test_numbers_are_written_beside_the_figure(tmp_path: Path) -> None:
    rows = plots.KINDS["parameters"].data(four_electrode())
    path = plots.save_data(rows, tmp_path / "x.y")
    assert path.name == "x.y.csv"
    with path.open(newline="") as file:
        read = list(csv.DictReader(file))
    assert [float(r["value"]) for r in read] == [r["value"] for r in rows]
    plots.save_data([{"a": float("nan"), "b": None, "c": 1.5}], tmp_path / "e")
    assert (tmp_path / "e.csv").read_text() == "a,b,c\n,,1.5\n"
    with pytest.raises(InputError, match="there are no plotted numbers to write"):
        plots.save_data([], tmp_path / "n")


def test_a_long_series_shows_as_many_panels_as_a_page_holds() -> None:
    assert spread(5, 24) == [0, 1, 2, 3, 4]
    chosen = spread(200, 24)
    assert (len(chosen), chosen[0], chosen[-1]) == (24, 0, 199)
