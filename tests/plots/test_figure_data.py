"""Figures show the numbers that they are handed, all of them, and say what they leave out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from eisfit import plots
from eisfit.cell.find import template
from eisfit.fitting.series import fit_series
from eisfit.spectrum.conditions import Conditions
from support.plots_samples import AREA_CM2, drawn, four_electrode, lines, xy


def test_parts_over_frequency_leave_out_what_a_logarithm_cannot_show() -> None:
    lower = drawn("real_imaginary", four_electrode).axes[1]
    parts = [-f.spectrum.z_ohm[f.spectrum.used].imag for f in four_electrode()]
    for line, y in zip(lines(lower, "points"), parts, strict=True):
        np.testing.assert_array_equal(xy(line)[:, 1], np.where(y > 0, y, np.nan))
    low, high = lower.get_ylim()
    floor = min(max(float(y[y > 0].min()), float(y.max()) / 1e4) for y in parts)
    assert low == pytest.approx(floor, rel=0.8)  # four decades of the spectrum that has the smallest
    assert low < floor < max(float(y.max()) for y in parts) < high
    negative = sum(int(np.count_nonzero(y <= 0)) for y in parts)
    assert lower.get_xlabel().split("\n")[1].startswith(f"{negative} points with −$Z$″ ≤ 0 not shown")


def test_bode_shows_every_spectrum_however_far_apart_they_are() -> None:
    first = four_electrode()[0].spectrum
    far = [replace(first, z_ohm=factor * first.z_ohm, label=str(factor)) for factor in (1.0, 1e-4, 1e-8)]
    ax = plots.bode(far).axes[0]
    low, high = ax.get_ylim()
    for s in far:
        assert low < np.abs(s.z_ohm[s.used]).min() < np.abs(s.z_ohm[s.used]).max() < high


def test_residuals_are_those_of_the_fit_and_stay_in_view() -> None:
    axes = drawn("residuals", four_electrode).axes
    assert len(axes) == len(four_electrode())
    for ax, fit in zip(axes, four_electrode(), strict=True):
        used = fit.spectrum.used
        parts = fit.residual_percent.real[used], fit.residual_percent.imag[used]
        for line, part in zip(lines(ax, "points"), parts, strict=True):
            np.testing.assert_array_equal(xy(line)[:, 1], part)
            assert ax.get_ylim()[1] == -ax.get_ylim()[0] > np.abs(part).max()


def test_capacitances_are_those_of_the_contributions_by_area_and_as_permittivities() -> None:
    upper, lower = drawn("capacitances", four_electrode).axes
    assert (upper.get_ylabel(), lower.get_ylabel()) == ("$C$/$A$ / F cm⁻²", "$C$ $d$/($A$ $ε$$_{0}$)")
    per_area = [f["interface"].capacitance_f / AREA_CM2 for f in four_electrode()]
    np.testing.assert_allclose(xy(lines(upper, "points")[0])[:, 1], per_area)
    by_vacuum = 0.1 / AREA_CM2 / 8.8541878128e-14
    permittivity = [f["grain boundary"].capacitance_f * by_vacuum for f in four_electrode()]
    np.testing.assert_allclose(xy(lines(lower, "points")[0])[:, 1], permittivity)
    segment = next(part.segment for part in template("le_se", 4).path if part.segment.name == "interface")
    low, high = segment.capacitance or (0.0, 0.0)
    (band,) = [p for p in upper.patches if p.get_gid() == "expected"]
    box = band.get_path().get_extents(band.get_patch_transform())
    assert (box.y0, box.y1) == pytest.approx((low, high))


def test_capacitances_without_a_geometry_are_in_farad() -> None:
    bare = fit_series(
        [
            replace(f.spectrum, conditions=Conditions(temperature_c=t))
            for f, t in zip(four_electrode(), range(5), strict=True)
        ],
        template("le_se", 4),
    )
    (ax,) = plots.capacitances(bare).axes
    assert ax.get_ylabel() == "$C$ / F"
