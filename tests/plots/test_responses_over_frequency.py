"""Conductivity, modulus, loss tangent and capacitance over frequency."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes

from eisfit import plots
from eisfit.errors import InputError
from eisfit.results.series import Series
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from support.plots_samples import blocking, four_electrode, lines, xy

RESPONSES = ("conductivity", "modulus", "loss_tangent", "capacitance_spectrum")
F = np.logspace(1, 6, 26)
R_OHM, C_F = 1e5, 2e-11
Z = R_OHM / (1 + 2j * np.pi * F * R_OHM * C_F)
PLATE = Conditions(temperature_c=25, area_cm2=0.5, thickness_cm=0.1)


def axes_of(kind: str, result: object) -> Axes:
    return plots.figure(kind, result).axes[0]


@pytest.mark.parametrize("kind", RESPONSES)
@pytest.mark.parametrize("series", [four_electrode, blocking])
def test_points_and_fit_of_every_spectrum_are_drawn_within_the_limits(kind: str, series: object) -> None:
    shown: Series = series()  # type: ignore[operator]
    ax = axes_of(kind, shown)
    assert len(lines(ax, "points")) == len(lines(ax, "fit")) == len(shown)
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    for line in lines(ax, "points") + lines(ax, "fit"):
        x, y = xy(line)[np.isfinite(xy(line)).all(axis=1)].T
        assert x0 <= x.min() <= x.max() <= x1
        assert y0 <= y.min() <= y.max() <= y1
    assert ax.get_xscale() == ax.get_yscale() == "log"


@pytest.mark.parametrize("kind", RESPONSES)
def test_limits_follow_the_data_and_leave_no_empty_half(kind: str) -> None:
    ax = axes_of(kind, four_electrode())
    y = np.concatenate([xy(line)[:, 1] for line in lines(ax, "points") + lines(ax, "fit")])
    y = y[np.isfinite(y)]
    low, high = ax.get_ylim()
    assert np.log10(y.max() / y.min()) > 0.85 * np.log10(high / low)


@pytest.mark.parametrize(
    ("kind", "label", "column", "value"),
    [
        ("conductivity", "$σ$′ / S cm⁻¹", "conductivity_s_cm", 0.1 / (R_OHM * 0.5)),
        ("loss_tangent", "tan $δ$", "loss_tangent", 1 / (2 * np.pi * F[0] * R_OHM * C_F)),
        ("capacitance_spectrum", "$C$′ / F", "capacitance_real_f", C_F),
        ("modulus", "$M$″", "modulus_imag", None),
    ],
)
def test_a_plate_has_its_specific_values(kind: str, label: str, column: str, value: float | None) -> None:
    spectrum = Spectrum(F, Z, conditions=PLATE)
    assert axes_of(kind, spectrum).get_ylabel() == label
    rows = plots.KINDS[kind].data(spectrum)
    if value is None:
        value = 2 * np.pi * F[0] * 8.8541878128e-14 * 5 * Z[0].real
    assert rows[0][column] == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    ("kind", "label", "column", "value"),
    [
        ("conductivity", "$Y$′ / S", "conductance_s", 1 / R_OHM),
        ("modulus", "$M$″ / $C$$_0$ = $ωZ$′ / F⁻¹", "omega_z_real_per_f", 2 * np.pi * F[0] * Z[0].real),
    ],
)
def test_where_one_spectrum_has_no_thickness_all_are_without_geometry(
    kind: str, label: str, column: str, value: float
) -> None:
    both = [Spectrum(F, Z, conditions=PLATE), Spectrum(F, Z, conditions=replace(PLATE, thickness_cm=None))]
    assert axes_of(kind, both).get_ylabel() == label
    assert plots.KINDS[kind].data(both)[0][column] == pytest.approx(value, rel=1e-9)


def test_inductive_points_are_counted_and_kept_in_the_numbers() -> None:
    z = Z.copy()
    z[:3] = z[:3].conj()
    spectrum = Spectrum(F, z, conditions=PLATE)
    assert (
        axes_of("loss_tangent", spectrum).get_xlabel().split("\n")[1]
        == "3 of 26 points are not positive: not shown"
    )
    assert axes_of("conductivity", spectrum).get_title() == ""
    assert sum(row["loss_tangent"] < 0 for row in plots.KINDS["loss_tangent"].data(spectrum)) == 3


def test_only_inductive_points_are_refused_with_the_reason() -> None:
    with pytest.raises(
        InputError, match="loss_tangent is positive at no frequency; are all points inductive"
    ):
        plots.loss_tangent(Spectrum(F, Z.conj()))


@pytest.mark.parametrize("kind", RESPONSES)
def test_masked_points_are_grey_and_do_not_stretch_the_axis(kind: str) -> None:
    z = Z.copy()
    z[5] = 1e3 * z[5]
    masked = Spectrum(F, z, conditions=PLATE).cut(drop=[5])
    ax = axes_of(kind, masked)
    assert len(xy(lines(ax, "masked")[0])) == 1
    assert ax.get_ylim() == pytest.approx(
        axes_of(kind, Spectrum(np.delete(F, 5), np.delete(Z, 5), conditions=PLATE)).get_ylim()
    )


def test_spectra_are_coloured_in_the_order_of_their_temperatures() -> None:
    series = four_electrode()
    ax = axes_of("conductivity", series)
    colours = [line.get_color() for line in lines(ax, "points")]
    assert colours == [line.get_color() for line in lines(ax, "fit")]
    assert len(set(colours)) == len(series)
    red = [colour[0] for colour in colours]
    assert red == sorted(red)


@pytest.mark.parametrize("kind", RESPONSES)
def test_axes_of_ones_own_are_drawn_on(kind: str) -> None:
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert getattr(plots, kind)(four_electrode(), ax=ax) is ax
    assert lines(ax, "points")


def test_symbols_of_many_spectra_are_small_enough_to_leave_their_curves_seen() -> None:
    few, many = four_electrode(), list(four_electrode()) * 13
    one, other = (
        lines(axes_of("conductivity", shown), "points")[0].get_markersize() for shown in (few, many)
    )
    assert one == pytest.approx(2.8)
    assert other < 0.5 * one
