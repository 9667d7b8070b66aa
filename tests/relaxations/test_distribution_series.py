"""Distributions of a series: peaks are followed over temperature; tables and figures."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

import eisfit
from eisfit import plots
from eisfit.relaxations import DistributionSeries
from eisfit.simulate import simulate
from eisfit.tables.relaxation_table import relaxation_rows


@pytest.fixture(scope="module")
def found() -> DistributionSeries:
    spectra = list(simulate("llto_le_four_electrode", seed=2).spectra)
    few = eisfit.Spectrum(spectra[0].frequency_hz[:6], spectra[0].z_ohm[:6], label="few")
    return eisfit.drt_series([*reversed(spectra), few])


def test_peaks_keep_their_identity(found: DistributionSeries) -> None:
    temperatures = [float(d.spectrum.conditions.temperature_c or 0.0) for d in found]
    assert temperatures == sorted(temperatures)
    assert [len(track.peaks) for track in found.tracks] == [8, 8]
    assert found.refused[0][0] == "few"
    assert "6 points are too few" in found.refused[0][1]


def test_energies_are_apparent_ones_of_a_named_ordinate(found: DistributionSeries) -> None:
    boundary, interface = (track.line for track in found.tracks)
    assert boundary is not None
    assert interface is not None
    assert interface.ordinate == "ln(1/R)"
    assert interface.activation_energy_ev == pytest.approx(
        0.52, abs=3 * interface.activation_energy_stderr_ev
    )
    # of sigma T: higher by k T than of 1/R
    assert boundary.activation_energy_ev + 0.026 == pytest.approx(
        0.40, abs=3 * boundary.activation_energy_stderr_ev
    )


def test_rows_hold_peaks_arcs_and_reasons(found: DistributionSeries) -> None:
    rows = relaxation_rows(found)
    kinds = [row["kind"] for row in rows]
    assert kinds.count("peak") == kinds.count("arc") == 16
    assert kinds.count("refused") == 1
    assert {row.get("peak") for row in rows if row["kind"] == "peak"} == {1, 2}


def test_a_waterfall_draws_every_distribution_and_track(found: DistributionSeries) -> None:
    figure = found.plot()
    gids = [line.get_gid() for line in figure.axes[0].lines]
    assert gids.count("distribution") == 8
    assert gids.count("track") == 2
    assert gids.count("peak") == 16


def test_one_distribution_is_drawn_below_its_spectrum(found: DistributionSeries) -> None:
    figure: Figure = found.distributions[3].plot()
    plane, below = figure.axes
    assert [line.get_gid() for line in plane.lines].count("peak") == 2
    colours = {line.get_color() for line in plane.lines if line.get_gid() == "peak"}
    assert colours == {line.get_color() for line in below.lines if line.get_gid() == "peak"}
    assert plots.KINDS["drt"].data(found.distributions[3])[-1]["kind"] == "peak"


def test_nothing_to_draw_is_told_with_its_reason() -> None:
    few = eisfit.Spectrum([1e3, 1e2], [10 - 2j, 11 - 5j], label="few")
    with pytest.raises(eisfit.InputError, match="few: 2 points are too few"):
        plots.figure("drt", few)


def test_masked_points_take_no_part() -> None:
    spectrum = simulate("llto_le_four_electrode", seed=2).spectra[3]
    z = spectrum.z_ohm.copy()
    z[10] *= 3
    mask = np.zeros(z.size, bool)
    mask[10] = True
    masked = eisfit.Spectrum(spectrum.frequency_hz, z, mask=mask)
    assert eisfit.drt(masked).count.number == 2
    outlying = eisfit.drt(eisfit.Spectrum(spectrum.frequency_hz, z))
    assert outlying.count.number == 2
    assert outlying.remarks
