"""Temperatures that are off without a stated error: what a joint fit says covers the truth all the same."""

from __future__ import annotations

import numpy as np

import eisfit
from eisfit.results.joint import Joint

F = np.logspace(6, 0, 25)
TRUE_EV = {"R1": 0.4, "R2": 0.8}
STATED_C = (0.0, 15.0, 30.0, 45.0, 60.0)


def resistance(name: str, celsius: float) -> float:
    """Return the true resistance at a temperature in ohm."""
    at = {"R1": 1e3, "R2": 2e3}[name]
    return float(at * np.exp(TRUE_EV[name] / 8.617333262e-5 * (1 / (celsius + 273.15) - 1 / 303.15)))


def spectra(seed: int) -> tuple[list[eisfit.Spectrum], list[float]]:
    """Return spectra at stated temperatures that are off by 0.3 K, without an error of them, and the true ones."""
    rng = np.random.default_rng(seed)
    found, true = [], []
    for stated in STATED_C:
        t = stated + 0.3 * float(rng.standard_normal())
        z = np.full(F.size, 50.0 + 0j)
        for name, tau in (("R1", 3e-6), ("R2", 3e-3)):
            z += resistance(name, t) / (1 + 2j * np.pi * F * tau)
        z *= 1 + 0.003 * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size))
        conditions = eisfit.Conditions(temperature_c=stated)
        found.append(eisfit.Spectrum(F, z, conditions=conditions, label=f"c{stated:g}"))
        true.append(t)
    return found, true


def fitted(seed: int) -> tuple[Joint, list[float]]:
    """Return the joint fit of such spectra, and the true temperatures."""
    drawn, true = spectra(seed)
    joint = eisfit.fit_joint(drawn, "R0-p(R1,C1)-p(R2,C2)", laws=dict.fromkeys(TRUE_EV, "arrhenius")).joint
    assert joint is not None
    return joint, true


def test_errors_cover_the_truth_where_no_error_of_the_temperatures_is_stated() -> None:
    off: dict[str, list[float]] = {name: [] for name in TRUE_EV}
    for seed in (0, 1):
        joint, true = fitted(seed)
        for k, celsius in enumerate(true):
            for p in joint.parameters[k]:
                if p.name in TRUE_EV:
                    off[p.name].append(float(np.log(p.value / resistance(p.name, celsius)) / p.stderr_log))
        for law in joint.laws:
            low, high = law["E"].ci95
            assert low < TRUE_EV[law.contribution] < high
        said = " ".join(joint.remarks)
        assert "temperatures that are off by 0." in said
        assert "give temperature_err_c" in said
        assert joint.outcome is eisfit.Outcome.CONTRADICTED
    for found in off.values():  # with one factor on all errors 1.4 for the larger energy
        assert 0.7 < np.sqrt(np.mean(np.square(found))) < 1.25
