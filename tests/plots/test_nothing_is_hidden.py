"""Figures of blocking cells, of many spectra, of several cells: nothing is hidden, cut or covered."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from matplotlib.figure import Figure

from eisfit import plots
from eisfit.errors import InputError
from eisfit.fitting.spectra import fit
from eisfit.plots.canvas.curves import curves
from eisfit.plots.canvas.layout import lay_out_for_good
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.style import Style
from eisfit.plots.canvas.tails import shown_part
from eisfit.plots.kinds.trend import shared_evenly
from eisfit.plots.kinds.waterfall import parts
from eisfit.relaxations.of_spectrum import drt
from eisfit.relaxations.over_series import DistributionSeries, drt_series
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from eisfit.studies import compare_series
from support.plots_samples import FREQUENCY_HZ, encloses, four_electrode, lines, xy
from support.solvent_cells import solvents
from support.two_cells import other_cell

W = 2j * np.pi * FREQUENCY_HZ


def blocked(scale: float = 1.0) -> Spectrum:
    """Return a spectrum of one arc before a blocking tail."""
    z = scale * (1000 / (1 + (W * 1e-5) ** 0.9) + 1 / (2e-5 * W**0.85))
    return Spectrum(FREQUENCY_HZ, z, label=f"blocked {scale:g}")


@cache
def closed() -> DistributionSeries:
    """Return the distributions of three spectra whose arcs close."""
    return drt_series([f.spectrum for f in four_electrode().fits[1:4]])


def as_saved(figure: Figure) -> Figure:
    """Return a figure laid out as `plots.save` does it."""
    lay_out_for_good(figure)
    figure.draw_without_rendering()
    return figure


def test_the_tail_of_a_distribution_is_dotted_and_no_plateau() -> None:
    one = drt(blocked())
    found = DistributionSeries("temperature_c", (one, one), (), ())
    (ax,) = plots.figure("drt", found).axes
    tails = lines(ax, "tail")
    assert len(tails) == len(found) == 2
    for line, d in zip(tails, found, strict=True):
        assert line.get_linestyle() == ":"
        seen = xy(line)[np.isfinite(xy(line)).all(axis=1)]
        assert np.all(np.diff(seen[:, 1]) >= 0)
        assert np.count_nonzero(seen[:, 1] == seen[:, 1].max()) == 1
        assert seen[0, 0] >= d.peaks[-1].tau_s
    assert "dotted: a tail" in ax.get_xlabel()


def test_a_distribution_that_ends_in_its_window_has_no_tail() -> None:
    found = closed().distributions[0]
    process, tail = parts(found)
    assert process.all()
    assert not tail.any()
    assert "dotted" not in plots.figure("drt", found).axes[-1].get_xlabel()


@pytest.mark.parametrize("style", ["paper", "talk"])
def test_energies_of_a_waterfall_stay_within_it(style: Style) -> None:
    figure = as_saved(plots.figure("drt", closed(), style=style))
    (ax,) = figure.axes
    texts = [t for t in ax.texts if t.get_gid() == "energy"]
    assert len(texts) == 2
    assert all(encloses(ax.bbox, t.get_window_extent()) for t in texts)


def test_cells_have_distributions_of_their_own() -> None:
    cells = [replace(each, relaxations=closed()) for each in (four_electrode(), other_cell())]
    axes = [ax for ax in plots.figure("drt", cells).axes if ax.lines]
    assert [ax.get_title(loc="left") for ax in axes] == ["cell 1", "cell 2"]
    assert [len(lines(ax, "distribution")) for ax in axes] == [3, 3]
    assert {row["cell"] for row in plots.KINDS["drt"].data(cells)} == {"cell 1", "cell 2"}
    with pytest.raises(InputError, match="distributions of 7 cells do not fit on a page"):
        plots.figure("drt", [cells[0]] * 7)


def test_small_arcs_before_a_long_tail_are_no_noise() -> None:
    z = 100 / (1 + W * 1e-6) + 1 / (2e-8 * W)
    spectrum = Spectrum(FREQUENCY_HZ, z)
    ax = plots.figure("real_imaginary", spectrum).axes[1]
    assert (-z.imag).max() / (-z.imag).min() > 1e4
    assert ax.get_ylim()[0] < (-z.imag).min()
    assert "\n" not in ax.get_xlabel()


def test_masked_points_of_one_spectrum_do_not_cut_the_others() -> None:
    first = Spectrum(FREQUENCY_HZ, 100 / (1 + (W * 1e-4) ** 0.5)).cut(f_min_hz=1.0)
    second = Spectrum(FREQUENCY_HZ, 1 / (1e-6 * W))
    low, high = plots.figure("bode", [first, second]).axes[1].get_ylim()
    assert low < 1
    assert high > 90


def test_a_note_stands_below_and_covers_no_legend() -> None:
    z = (100 / (1 + W * 1e-5)).conj()
    cells = [Spectrum(FREQUENCY_HZ, z), Spectrum(FREQUENCY_HZ, 100 / (1 + W * 1e-5))]
    ax = as_saved(plots.figure("loss_tangent", cells, labels=("a", "b"))).axes[0]
    assert "not positive: not shown" in ax.get_xlabel()
    legend = ax.get_legend()
    assert legend is not None
    assert legend.get_window_extent().y0 >= ax.bbox.y1 - 1


@pytest.mark.parametrize("kind", ["nyquist_grid", "contributions"])
def test_panels_of_cells_name_them(kind: str) -> None:
    figure = plots.figure(kind, [four_electrode(), other_cell()])
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert sum("cell 1, " in title for title in titles) == sum("cell 2, " in title for title in titles) == 5


@pytest.mark.parametrize("kind", ["parameters", "capacitances", "circuit"])
def test_figures_of_one_cell_say_so(kind: str) -> None:
    with pytest.raises(InputError, match="one cell, and these are 2"):
        plots.figure(kind, [four_electrode(), other_cell()])


def test_cells_that_share_some_conditions_say_how_many_spectra_are_shown() -> None:
    fewer = replace(other_cell(), fits=other_cell().fits[2:])
    figure = plots.figure("nyquist", [four_electrode(), fewer])
    said = figure.get_supxlabel().replace("\n", " ")
    assert "6 of 8 spectra: at conditions that cells share" in said


def test_ticks_of_a_narrow_axis_differ() -> None:
    ax = plots.figure("circuit", four_electrode()).add_axes((0.1, 0.1, 0.5, 0.5))
    ax.set_yscale("log")
    log_ticks(ax.yaxis)
    ax.set_ylim(1.994e-6, 2.006e-6)
    labels = [t.get_text() for t in ax.get_yticklabels()]
    assert len(labels) == len(set(labels)) >= 2


def test_an_arc_that_does_not_close_is_a_tail() -> None:
    conditions = Conditions(electrodes=2, area_cm2=1.0, thickness_cm=0.1)
    open_ = fit(replace(blocked(), conditions=conditions), "pe_se")
    z, cut = shown_part(curves(open_).curves[0])
    assert cut
    assert 1000 < z.real.max() < 2000
    assert not shown_part(curves(four_electrode()[0]).curves[0])[1]


def test_a_sheet_of_paper_is_a4_in_each_style() -> None:
    sizes = [
        tuple(plots.figure("page", four_electrode()[2], style=style).get_size_inches())
        for style in ("paper", "talk")
    ]
    assert sizes[0] == sizes[1] == pytest.approx((21 / 2.54, 29.7 / 2.54))


def test_many_curves_have_finer_symbols() -> None:
    def size(n: int) -> float:
        ax = plots.figure("bode", [blocked(1 + k) for k in range(n)]).axes[0]
        return float(lines(ax, "points")[0].get_markersize())

    assert size(32) == pytest.approx(size(4) / 2**0.75)


@pytest.mark.parametrize("style", ["paper", "talk"])
def test_the_labels_of_an_inset_beside_tails_are_free(style: Style) -> None:
    figure = as_saved(plots.figure("nyquist_inset", blocked(), style=style))
    (ax,) = (a for a in figure.axes if a.child_axes)
    box = ax.child_axes[-1].get_tightbbox()
    assert box is not None
    assert encloses(ax.bbox, box)


@pytest.mark.slow
def test_trends_that_do_not_fit_on_one_page_stand_on_several() -> None:
    found = compare_series(solvents(), over="donor_number").trends
    pages = plots.trend_pages(found, style="talk", width="single")
    panels = [ax for figure in pages for ax in figure.axes if ax.axison]
    assert len(panels) == len(found)
    assert len(pages) == 3
    with pytest.raises(InputError, match="do not fit on one page of the style 'talk'"):
        plots.trend(found, style="talk", width="single")


def test_rows_of_trends_are_shared_evenly() -> None:
    assert [len(page) for page in shared_evenly([[]] * 7, 3)] == [2, 3, 2]
    assert [len(page) for page in shared_evenly([[]] * 3, 3)] == [3]


def test_titles_of_axes_stay_within_a_figure_of_panels_of_unequal_width() -> None:
    figure = as_saved(plots.figure("suggestion", four_electrode()[2].spectrum))
    whole = figure.bbox.padded(1)
    for ax in figure.axes:
        assert encloses(whole, ax.yaxis.label.get_window_extent()), ax.get_ylabel()
