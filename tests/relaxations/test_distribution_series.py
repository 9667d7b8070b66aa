"""Distributions of a series: peaks are followed over temperature; tables and figures."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

import eisfit
from eisfit import plots
from eisfit.relaxations import DistributionSeries
from eisfit.relaxations.track_lines import arcs_of, basin_edges
from eisfit.simulate import simulate
from eisfit.tables.relaxation_table import relaxation_rows
from support.cells import noisy


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


def test_energies_stand_above_the_waterfall(found: DistributionSeries) -> None:
    texts = [text.get_text() for text in found.plot().axes[0].texts if text.get_gid() == "energy"]
    assert len(texts) == 2
    assert all(text.startswith("$E_A$ = 0.") and text.endswith(" eV") for text in texts)


def test_arcs_stand_in_the_colours_of_their_peaks(found: DistributionSeries) -> None:
    plane, below = found.distributions[3].plot().axes
    arcs, peaks = (
        [line.get_color() for line in plane.lines if line.get_gid() == gid] for gid in ("arc", "peak")
    )
    assert arcs == peaks
    assert [line.get_color() for line in below.lines if line.get_gid() == "arc"] == arcs


def test_a_rise_to_the_end_of_the_window_belongs_to_no_peak() -> None:
    f = np.logspace(6, -1, 71)
    s = 2j * np.pi * f
    z = 20 + 100 / (1 + (s * 1e-4) ** 0.9) + 1 / (1e-2 * s**0.8)
    found = eisfit.drt(eisfit.Spectrum(f, noisy(z, 0.005, 1)))
    assert found.goes_on
    assert basin_edges(found)[-1] < 0.3 * found.tau_s[-1]
    assert len(arcs_of(found, found.peaks[0])) >= 1


def test_where_a_peak_holds_one_that_is_not_seen_it_takes_no_part_in_the_line() -> None:
    f = np.logspace(6, -1, 71)
    spectra: list[eisfit.Spectrum] = []
    for celsius, apart in ((0, 100.0), (15, 60.0), (30, 30.0), (45, 2.0)):
        z = 20 + sum(r / (1 + 2j * np.pi * f * t) ** 0.9 for r, t in ((100.0, 1e-4), (60.0, 1e-4 * apart)))
        under = eisfit.Conditions(temperature_c=float(celsius))
        spectra.append(eisfit.Spectrum(f, z, conditions=under, label=f"{celsius} C"))
    tracks = eisfit.drt_series(spectra).tracks
    assert [len(track.peaks) for track in tracks] in ([4, 3], [3, 4])
    whole = next(track for track in tracks if len(track.peaks) == 4)
    assert whole.line is not None
    assert whole.line.labels == ("0 C", "15 C", "30 C")


def test_a_refused_spectrum_names_the_cut_that_cures_it() -> None:
    f = np.logspace(6, -1, 71)
    z = 20 + 100 / (1 + (2j * np.pi * f * 1e-3) ** 0.9)
    lead = 15 / (1 + 1 / (2j * np.pi * f * 3e-7))  # R beside L: no relaxation, and it obeys Kramers-Kronig
    resonant = eisfit.Spectrum(f, noisy(z + lead, 0.001, 1), label="cell")
    with pytest.raises(
        eisfit.InputError, match=r"largest at 1e\+06 Hz .* cut that part by f_max_hz = "
    ) as refused:
        eisfit.drt(resonant)
    edge = float(str(refused.value).rsplit("= ", 1)[1])
    assert 5e4 < edge < 1e6
    assert len(eisfit.drt(resonant.cut(f_max_hz=edge)).peaks) == 1
