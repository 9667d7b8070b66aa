"""Profile likelihood and bootstrap of joint fits agree with their standard errors."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit.errors import FitError
from eisfit.results.joint import Joint
from support.joint_cells import GEOMETRY, pellet, two_arcs

LAWS = {"R0": "arrhenius", "R1": "arrhenius"}


def one_arc(seed: int, off_k: float = 0.3) -> list[eisfit.Spectrum]:
    rng, f = np.random.default_rng(seed), np.logspace(5, 0, 31)
    found = []
    for t in (0.0, 15.0, 30.0, 45.0):
        true = t + 273.15 + off_k * rng.standard_normal()
        r0, r1 = (
            r * np.exp(e / 8.617333262e-5 * (1 / true - 1 / 298.15)) for r, e in ((20, 0.2), (1e3, 0.5))
        )
        z = r0 + r1 / (1 + 2j * np.pi * f * r1 * 1e-7)
        z = z * (1 + 0.005 * (rng.standard_normal(f.size) + 1j * rng.standard_normal(f.size)))
        known = eisfit.Conditions(temperature_c=t, temperature_err_c=off_k or None)
        found.append(eisfit.Spectrum(f, z, conditions=known, label=f"{t:g}"))
    return found


@cache
def series() -> eisfit.Series:
    return eisfit.fit_joint(one_arc(1), "R0-p(R1,C1)", laws=LAWS, known={"C1": (1e-7, 1e-9)})


def joint() -> Joint:
    found = series().joint
    assert found is not None
    return found


def errors_of(found: Joint) -> dict[str, tuple[float, float]]:
    """Return value and standard error of everything that may be asked for."""
    values = {p.name: (p.value, p.stderr) for p in found.shared}
    energies = {f"{law.contribution} E": (law["E"].value, law["E"].stderr) for law in found.laws}
    return values | energies


@pytest.mark.parametrize("name", ["C1", "R0 E", "R1 E"])
def test_a_profile_ends_where_the_standard_error_says(name: str) -> None:
    value, error = errors_of(joint())[name]
    found = eisfit.joint_profile(series(), name)
    assert found.value == pytest.approx(value, rel=1e-9)
    for (low, high), sigmas in zip(found.intervals, (0.9945, 1.96), strict=True):
        assert low == pytest.approx(value - sigmas * error, abs=0.06 * error)
        assert high == pytest.approx(value + sigmas * error, abs=0.06 * error)
    assert found.remarks == ()
    least = np.argmin(found.rise)
    assert found.rise[least] == pytest.approx(0, abs=1e-4)
    assert found.values[least] == pytest.approx(value, rel=1e-9)
    assert (np.diff(found.rise[: least + 1]) < 0).all()
    assert (np.diff(found.rise[least:]) > 0).all()
    assert eisfit.joint_profile(joint(), name).intervals == found.intervals


def test_drawn_again_values_scatter_by_their_standard_errors() -> None:
    found = eisfit.joint_bootstrap(series(), samples=150, seed=2)
    assert found.names == ("C1", "R0 E", "R1 E")
    assert found.converged.all()
    for name, (value, error) in errors_of(joint()).items():
        assert found.stderr[name] == pytest.approx(error, rel=0.17)  # 5.8 % by chance
        assert abs(found.column(name).mean() - value) < 0.3 * error
    again = eisfit.joint_bootstrap(joint(), samples=150, seed=2)
    np.testing.assert_array_equal(again.samples, found.samples)


def test_draws_are_as_wide_as_the_scatter_about_the_links() -> None:
    spectra = [
        s.under(replace(s.conditions, temperature_err_c=None)) for s in one_arc(5, off_k=0.6)
    ]  # errors of temperatures that are not stated
    found = eisfit.fit_joint(spectra, "R0-p(R1,C1)", laws=LAWS)
    assert found.joint is not None
    assert found.joint.scatter_ratio > 1.5
    drawn = eisfit.joint_bootstrap(found, samples=80)
    for name in ("R0 E", "R1 E"):
        error = errors_of(found.joint)[name][1]
        assert drawn.stderr[name] == pytest.approx(error, rel=0.25)
        low, high = eisfit.joint_profile(found, name, [0.68]).intervals[0]
        assert (high - low) / 2 == pytest.approx(0.9945 * error, rel=0.06)


@pytest.mark.slow
def test_the_geometry_of_another_cell_is_drawn_and_followed_too() -> None:
    cell = two_arcs(
        0, count=2, capacitances=(1e-8, 1e-6), off_k=0.3, temperatures=(0, 30, 60), conditions=GEOMETRY
    )
    other = eisfit.Complement(pellet(0, 1e-8)[1:6:2], "se_blocking", ("grain boundary",), 0.02, "pellet")
    laws = {"grain boundary": "arrhenius", "interface": "arrhenius"}
    found = eisfit.fit_joint(cell, "le_se", laws=laws, complements=[other]).joint
    assert found is not None
    drawn = eisfit.joint_bootstrap(found, samples=60)
    known = errors_of(found)
    for name in ("grain boundary C", "grain boundary E", "interface E"):
        assert drawn.stderr[name] == pytest.approx(known[name][1], rel=0.3)  # 9 % by chance
    low, high = eisfit.joint_profile(found, "grain boundary C", [0.68]).intervals[0]
    assert (high - low) / 2 == pytest.approx(known["grain boundary C"][1], rel=0.06)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: eisfit.joint_profile(series(), "R1"), "no 'R1' in the joint fit (did you mean 'R1 E'?)"),
        (lambda: eisfit.joint_profile(series(), "R1 E", [1.5]), "level 1.5 is no probability"),
        (lambda: eisfit.joint_profile(series(), "R1 E", []), "no level is given"),
        (lambda: eisfit.joint_bootstrap(series(), samples=1), "at least 2 are needed"),
        (
            lambda: eisfit.joint_bootstrap(replace(series(), joint=None)),
            "needs a joint fit, not a series without one; fit the spectra with fit_joint",
        ),
        (lambda: eisfit.joint_profile(series()[0], "R1"), "needs a joint fit, not Fit"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_asked_is_one_sentence(ask: Callable[[], object], said: str) -> None:
    with pytest.raises(FitError, match=re.escape(said)):
        ask()


def test_a_joint_fit_from_a_file_is_to_be_fitted_again(tmp_path: Path) -> None:
    eisfit.store.save(tmp_path / "joint.h5", series())
    read = eisfit.store.load(tmp_path / "joint.h5")
    assert read == series()
    with pytest.raises(FitError, match="which a file does not hold; fit the spectra again with fit_joint"):
        eisfit.joint_profile(read, "R1 E")
