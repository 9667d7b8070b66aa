"""Many spectra and several cells: nothing is taller than a page, and each is told apart."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from eisfit import plots
from eisfit.errors import InputError
from eisfit.fitting.series import fit_series
from eisfit.plots.canvas.ordinates import ORDINATE_NAMES, ordinate_named
from eisfit.results.series import Series
from eisfit.spectrum.spectrum import Spectrum
from support.plots_samples import blocking, encloses, four_electrode, lines, liquid_solid, subject, xy
from support.two_cells import other_cell

SPECTRA = 64
PAGE_CM = 23.0


@cache
def many() -> Series:
    """Return a fitted series of 64 temperatures, of which one spectrum has a jump that no circuit has."""
    rng = np.random.default_rng(11)
    spectra = [liquid_solid(float(t), rng) for t in np.linspace(-20, 70, SPECTRA).round(1)]
    z = spectra[40].z_ohm.copy()
    z[30:45] *= 1.3
    spectra[40] = replace(spectra[40], z_ohm=z)
    return fit_series(spectra, "le_se")


def two() -> list[Series]:
    return [four_electrode(), other_cell()]


@pytest.mark.parametrize(
    ("kind", "width"),
    [
        *((kind, "single") for kind in sorted(set(plots.KINDS) - {"circuit", "page", "plan"})),
        ("nyquist", "double"),
        ("arrhenius", "double"),
        pytest.param("contributions", "double", marks=pytest.mark.slow),
    ],
)
def test_no_page_of_many_spectra_is_taller_than_23_cm_or_cuts_its_titles(kind: str, width: Any) -> None:
    for page in plots.figures(kind, many(), width=width)[:2]:
        assert page.get_figheight() * 2.54 <= PAGE_CM + 1e-6
        assert_nothing_leaves(page)


@pytest.mark.parametrize("kind", sorted(set(plots.KINDS) - {"page"}))  # a page has the size of its paper
def test_no_slide_is_taller_than_19_cm(kind: str) -> None:
    for page in plots.figures(kind, subject(kind)(), style="talk"):
        assert page.get_figheight() * 2.54 <= 19 + 1e-6
        assert_nothing_leaves(page)


@pytest.mark.parametrize("kind", ["nyquist", "nyquist_grid", "contributions"])
def test_titles_of_panels_do_not_overlap_and_nothing_leaves_a_page_of_tails(kind: str) -> None:
    for page in plots.figures(kind, blocking()):
        assert_nothing_leaves(page)
        for ax in page.axes:
            titles = [t for t in (ax.title, ax._left_title, ax._right_title) if t.get_text()]  # type: ignore[attr-defined]
            boxes = [t.get_window_extent() for t in titles]
            assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


def assert_nothing_leaves(figure: Figure) -> None:
    """Fail if axes with their labels, or a legend, lie partly outside of a figure."""
    figure.draw_without_rendering()
    whole = figure.bbox.padded(2.0)
    for ax in figure.axes:
        box = ax.get_tightbbox()
        assert box is None or encloses(whole, box), (ax, box, whole)
    assert all(encloses(whole, legend.get_window_extent()) for legend in figure.legends)


@pytest.mark.parametrize("kind", ["nyquist_grid", "contributions"])
def test_the_pages_together_show_every_spectrum(kind: str) -> None:
    pages = plots.figures(kind, many())
    assert len(pages) > 1
    assert sum(len(page.axes) for page in pages) == SPECTRA
    (one,) = plots.figures(kind, four_electrode())
    assert len(one.axes) == len(four_electrode())
    some = plots.figure(kind, many())
    assert some.get_figheight() * 2.54 <= PAGE_CM + 1e-6
    assert f"{len(some.axes)} of {SPECTRA} spectra" in some._supxlabel.get_text()  # type: ignore[attr-defined]


def test_pages_are_one_pdf_and_several_images(tmp_path: Path) -> None:
    pages = plots.figures("nyquist_grid", many())
    written = plots.save(pages, tmp_path / "grid", ("pdf", "png"))
    assert [p.name for p in written] == ["grid.pdf", *(f"grid_{k + 1}.png" for k in range(len(pages)))]
    assert len(re.findall(rb"/Type /Page\b", written[0].read_bytes())) == len(pages)


def test_nyquist_of_many_spectra_shows_all_of_them() -> None:
    figure = plots.figure("nyquist", many())
    found = [line for ax in figure.axes for line in lines(ax, "points")]
    assert len(found) == SPECTRA


def test_the_misfit_among_many_spectra_has_a_strip_of_its_own() -> None:
    figure = plots.figure("residuals", many())
    bad = many()[40]
    assert bad.missed
    titles = {ax.get_title(loc="left"): ax for ax in figure.axes}
    ax = titles[f"{bad.spectrum.conditions.temperature_c:g} °C"]
    assert ax.get_title(loc="right").startswith("misfit: rms ")
    np.testing.assert_array_equal(xy(lines(ax, "points")[0])[:, 1], bad.residual_percent.real)
    rms = [float(xy(line)[0, 1]) for line in lines(figure.axes[0], "rms")]
    assert rms == [f.statistics.rms_percent for f in many() if f.statistics]


def test_a_tail_is_cut_at_one_and_a_half_times_the_foot_and_said_so() -> None:
    f = np.geomspace(1e6, 0.1, 200)
    z = 1000.0 + 1 / (1e-6 * (2j * np.pi * f) ** 0.95)
    ax = plots.nyquist(Spectrum(f, z, label="blocking"))
    assert ax.get_xlim()[1] < 2000
    assert 1200 < ax.get_ylim()[1] < 2500
    legend = ax.get_legend()
    assert legend is not None
    assert legend.get_texts()[-1].get_text().startswith("tail goes on to |$Z$| = 1.")
    np.testing.assert_array_equal(xy(lines(ax, "points")[0])[:, 0], z.real)


def test_the_flank_of_an_arc_is_no_tail() -> None:
    f = np.geomspace(1e6, 100.0, 60)
    z = 10.0 + 1e5 / (1 + (2j * np.pi * f) * 1e5 * 1e-8)
    ax = plots.nyquist(Spectrum(f, z, label="unfinished"))
    assert ax.get_xlim()[1] > z.real.max()
    assert ax.get_ylim()[1] > -z.imag.min()


def test_cells_have_colours_symbols_and_names_of_their_own() -> None:
    panels = plots.figure("nyquist", two(), labels=["A", "LLTO | LP30"])
    assert [t.get_text() for t in panels.legends[0].get_texts()] == ["A", "LLTO | LP30"]
    assert [ax.get_title() for ax in panels.axes] == ["0 °C", "15 °C", "25 °C", "40 °C", "60 °C"]
    for ax in panels.axes:
        first, second = lines(ax, "points")
        assert first.get_marker() != second.get_marker()
        assert to_rgb(first.get_color()) != to_rgb(second.get_color())


def test_lines_of_two_cells_are_told_apart_in_one_panel_per_contribution() -> None:
    figure = plots.arrhenius(two(), labels=["A", "B"])
    assert len(figure.axes) == 3
    ax = figure.axes[-1]
    legend = ax.get_legend()
    assert legend is not None
    assert legend.get_title().get_text() == "interface: $E_\\mathrm{A}$ from ln(1/ASR)"
    said = [t.get_text() for t in legend.get_texts()]
    assert [text.partition(":")[0] for text in said] == ["A", "B"]
    digits = {len(text.partition(" ± ")[0].rpartition(".")[2]) for text in said}
    assert len(digits) == 1
    first, second = lines(ax, "points")
    assert first.get_marker() != second.get_marker()
    assert to_rgb(first.get_color()) != to_rgb(second.get_color())
    cells = {row["cell"] for row in plots.KINDS["arrhenius"].data(two(), plots.Choice(labels=("A", "B")))}
    assert cells == {"A", "B"}


def test_labels_of_cells_are_one_for_each_and_different() -> None:
    with pytest.raises(InputError, match=r"^1 labels were given for 2 cells \(A\): give one for each$"):
        plots.nyquist(two(), labels=["A"])
    with pytest.raises(InputError, match=r"^two cells have the same label \(A, A\): name them differently$"):
        plots.arrhenius(two(), labels=["A", "A"])


@pytest.mark.parametrize("name", ORDINATE_NAMES)
def test_an_axis_shows_what_its_ordinate_says(name: str) -> None:
    asked = ordinate_named(name)
    line = four_electrode().arrhenius("grain boundary" if "sigma" in name else "interface", asked.fitted)
    plain = line.value if "sigma" in name else 1 / line.value
    plain = plain * (line.temperature_k if "T" in name else 1.0)
    plain = 1 / plain if name in {"R", "ln(R)", "log10(R)", "asr", "ln(asr)", "log10(asr)"} else plain
    expected = np.log10(plain) if "log10" in name else np.log(plain) if "ln" in name else plain
    ax = plots.arrhenius(four_electrode(), ordinate=name, contributions=[line.contribution]).axes[0]
    np.testing.assert_allclose(xy(lines(ax, "points")[0])[:, 1], expected)
    assert ax.get_yscale() == ("linear" if "(" in name else "log")
    curve = xy(lines(ax, "line")[0])
    at = np.interp(xy(lines(ax, "points")[0])[:, 0][::-1], *curve.T)[::-1]
    np.testing.assert_allclose(at, expected, rtol=0.1)


def test_energies_in_kj_per_mol_and_limits_are_those_asked_for() -> None:
    line = four_electrode().arrhenius("interface")
    figure = plots.arrhenius(
        four_electrode(),
        contributions=["interface"],
        energy_unit="kJ/mol",
        xlim=(2.8, 3.9),
        ylim=(1e-5, 1.0),
    )
    (ax,) = figure.axes
    assert (ax.get_xlim(), ax.get_ylim()) == ((2.8, 3.9), (1e-5, 1.0))
    legend = ax.get_legend()
    assert legend is not None
    assert (
        legend.get_texts()[0].get_text().startswith(f"interface: {line.activation_energy_ev * 96.485332:.2f}")
    )
    assert legend.get_texts()[0].get_text().endswith(" kJ/mol")


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"ordinate": "log(sigma)"}, r"^ordinate 'log\(sigma\)': write log10 or ln, as log10\(sigma\)$"),
        ({"ordinate": "sigm"}, r"^no ordinate 'sigm' \(did you mean 'sigma'\?\); known: sigma, sigma T, "),
        (
            {"contributions": ["interfce"]},
            r"^no contribution 'interfce' \(did you mean 'interface'\?\); there are ",
        ),
        (
            {"ordinate": "sigma", "contributions": ["interface"]},
            r"^ordinate 'sigma' suits none of the contributions",
        ),
        (
            {"energy_unit": "meV"},
            r"^energy unit 'meV' is not known \(did you mean 'eV'\?\); known: eV, kJ/mol$",
        ),
        ({"xlim": (3, 2)}, r"^xlim 3 to 2: the first limit must be the smaller one$"),
        ({"xlim": (3,)}, r"^xlim has 1 numbers: give the lower and the upper limit$"),
        ({"quantity": "ohm cm2"}, r"^a figure 'arrhenius' takes no quantity; it is for nyquist, "),
        ({"colour": "red"}, r"^a figure has no 'colour'; known: labels, "),
    ],
)
def test_what_a_figure_cannot_do_is_said(choice: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        plots.figure("arrhenius", four_electrode(), **choice)


def test_a_limit_is_an_arrow_and_stretches_no_axis() -> None:
    far = [replace(f.spectrum, z_ohm=f.spectrum.z_ohm) for f in four_electrode()]
    series = fit_series(far, "R0-p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)")
    rows = plots.KINDS["parameters"].data(series)
    limits = [row for row in rows if row["limit"]]
    ax = plots.parameters(series).axes[0]
    shown = [row["value"] for row in rows if row["quantity"] == "R / ohm" and np.isfinite(row["value"])]
    assert min(shown) > 0.1  # values, and limits in ohm; what is not there is no value of 1e-6 ohm
    assert ax.get_ylim()[0] > min(shown) / 100  # which leaves room for a legend
    arrows = [a for a in ax.texts if a.get_text() == ""]
    assert len(arrows) == len([row for row in limits if row["quantity"] == "R / ohm"])
