"""Recovery of every law over noise seeds: pulls and coverage; one slope or two; what composites say of an interface."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import write
from eisfit.constants import BOLTZMANN_EV_PER_K as K
from eisfit.laws import (
    Followed,
    LawValue,
    PowerOfConcentration,
    concentration_minimum,
    fit_law,
    law_named,
)
from eisfit.laws.law_fit import law_model
from eisfit.laws.ordinate import value_of
from eisfit.solids import bruggeman, hasselman_johnson, interface_bound
from eisfit.tools.frozen import Floats

NOISE = 0.02  # relative standard error of each point
KELVIN = np.linspace(273.15, 353.15, 9)
HOURS = np.array([0.5, 1, 2, 4, 8, 16, 32, 64, 128, 200.0])
MOLAR = np.array([0.01, 0.03, 0.1, 0.3, 0.6, 1.0, 2.0, 3.0])
AT: Mapping[str, Floats] = {"temperature_c": KELVIN, "time_h": HOURS, "concentration_mol_l": MOLAR}
TRUTH: Mapping[str, tuple[float, ...]] = {
    "arrhenius": (1e6, 0.5),
    "broken arrhenius": (1e-3, 0.84, 0.53, 313.0),
    "broken arrhenius at 40 °C": (1e-3, 0.84, 0.53),
    "vft": (10.0, 0.08, 190.0),
    "power of concentration": (300.0, 484.0, 0.56),
    "minimum over concentration": (0.3, 300.0, 0.1),
    "parabolic growth": (50.0, 20.0),
    "saturating growth": (50.0, 300.0, 50.0),
    "linear growth": (50.0, 2.0),
    "square growth": (50.0, 400.0),
    "logarithmic growth": (50.0, 80.0, 3.0),
    "power growth": (50.0, 20.0, 0.6),
    "stretched growth": (50.0, 300.0, 20.0, 0.7),
    "pinhole filling": (300.0, 30.0, 0.03),
    "proportional to thickness": (1200.0,),
}
_THICK = np.array([0.02, 0.04, 0.06, 0.1, 0.15, 0.2])


def recovery(name: str, seeds: int) -> list[dict[str, Any]]:
    """Return pulls and coverage of each parameter of a law."""
    law, true = law_named(name), TRUTH[name]
    at = AT.get(law.condition, _THICK)
    ordinate = law.ordinates[0]
    coordinates = np.array(
        [np.log(v) if p.coordinate == "logarithm" else v for p, v in zip(law.parameters, true, strict=True)]
    )
    y = law.formula(at, *true)[0] if law.straight is not None else law_model(law, coordinates, at)[0]
    exact = value_of(ordinate, y, at)
    pulls, covered, failed = [], [], 0
    for seed in range(seeds):
        noise = NOISE * np.random.default_rng(seed).standard_normal(at.size)
        try:
            fit = fit_law(name, at, exact * np.exp(noise), np.full(at.size, NOISE), ordinate=ordinate)
        except ValueError:
            failed += 1
            continue
        pulls.append([_pull(p.value, v, p.stderr, q.coordinate) for p, v, q in
                      zip(fit.parameters, true, law.parameters, strict=True)])  # fmt: skip
        covered.append([p.ci95[0] <= v <= p.ci95[1] for p, v in zip(fit.parameters, true, strict=True)])
    of = np.array(pulls)
    return [
        {
            "law": name, "parameter": p.name, "true": true[k], "pull width": float(of[:, k].std()),
            "pull mean": float(of[:, k].mean()), "covered / %": 100 * float(np.mean(covered, axis=0)[k]),
            "failed": failed,
        }
        for k, p in enumerate(law.parameters)
    ]  # fmt: skip


def _pull(value: float, true: float, stderr: float, coordinate: str) -> float:
    if coordinate == "logarithm":
        return float(np.log(value / true) * value / stderr)
    return (value - true) / stderr


def derived(name: str, seeds: int) -> list[dict[str, Any]]:
    """Return pulls and coverage of what follows from the parameters: times to 95 %, exchange currents."""
    law = law_named(name)
    at, of = AT[law.condition], Followed(quantity="asr", unit="ohm cm2")
    exact = np.exp(law.formula(at, *TRUTH[name])[0])

    def values(noise: Floats) -> tuple[LawValue, ...]:
        fit = fit_law(name, at, exact * np.exp(noise), np.full(at.size, NOISE), of=of)
        if isinstance(fit, PowerOfConcentration):
            transfer = fit.exchange_current(25.0)
            return (transfer.i0, transfer.alpha, transfer.r_slei, transfer.i0_at(0.1))
        return fit.derived

    true = values(np.zeros(at.size))
    drawn = [values(NOISE * np.random.default_rng(seed).standard_normal(at.size)) for seed in range(seeds)]
    rows = []
    for k, (t, *found) in enumerate(zip(true, *drawn, strict=True)):
        coordinate = "value" if t.name == "alpha" else "logarithm"
        pulls = [_pull(v.value, t.value, v.stderr, coordinate) for v in found]
        held = [v.ci95[0] <= t.value <= v.ci95[1] for v in found]
        rows.append({
            "law": name, "parameter": f"{t.name} at 0.1 mol/l" if k == 3 else t.name, "true": t.value,
            "pull width": float(np.std(pulls)), "pull mean": float(np.mean(pulls)),
            "covered / %": 100 * float(np.mean(held)), "failed": 0,
        })  # fmt: skip
    return rows


def minimum(seeds: int) -> dict[str, Any]:
    """Return how the minimum over concentration is recovered, with the interval of Fieller."""
    exact = 300 * np.exp(0.1 * np.log(MOLAR / 0.3) ** 2)
    held, pulls = [], []
    for seed in range(seeds):
        noise = NOISE * np.random.default_rng(seed).standard_normal(MOLAR.size)
        found = concentration_minimum(MOLAR, exact * np.exp(noise), np.full(MOLAR.size, NOISE))
        held.append(found.ci95_mol_l[0] < 0.3 < found.ci95_mol_l[1])
        pulls.append((found.value - 300) / found.stderr)
    row = {"law": "concentration_minimum", "parameter": "c_min after Fieller", "true": 0.3}
    return row | {"pull width": float(np.std(pulls)), "pull mean": float(np.mean(pulls)),
                  "covered / %": 100 * float(np.mean(held)), "failed": 0}  # fmt: skip


def composite(seeds: int) -> list[dict[str, Any]]:
    """Return how often the limit of the interface in a composite holds, by both theories."""
    cell = {"matrix_s_cm": 1e-4, "particle_s_cm": 5e-4, "radius_cm": 1e-3, "particle_fraction": 0.2}
    rows = []
    for theory, mixture in (("hasselman-johnson", hasselman_johnson), ("bruggeman", bruggeman)):
        exact = float(mixture(1e-4, 5e-4, 0.2, radius_cm=1e-3, asr_ohm_cm2=3.0))
        rng = np.random.default_rng(1)
        found = [
            interface_bound(exact * (1 + 0.002 * z), stderr_s_cm=0.002 * exact, theory=theory, **cell)  # type: ignore[arg-type]
            for z in rng.standard_normal(seeds)
        ]
        pulls = [(f.interface_ohm_cm2 - 3) / ((f.upper_ohm_cm2 - f.interface_ohm_cm2) / 1.645) for f in found]
        rows.append(
            {"law": theory, "parameter": "below its 95 % limit", "true": 3.0, "pull width": float(np.std(pulls)),
             "pull mean": float(np.mean(pulls)),
             "covered / %": 100 * float(np.mean([f.upper_ohm_cm2 > 3 for f in found])), "failed": 0}
        )  # fmt: skip
    return rows


def slopes(seeds: int) -> list[dict[str, Any]]:
    """Return how often a polymer that melts is told from an interface of one slope, 30 to 90 °C."""
    kelvin = np.linspace(303.15, 363.15, 13)
    x = 1 / kelvin - 1 / 333.15
    exact = {
        "polymer, 0.84 and 0.53 eV": np.exp(np.where(kelvin < 333.15, 0.84, 0.53) * x / K),
        "interface, 1.0 eV": np.exp(1.0 * x / K),
    }
    rows = []
    for what, r in exact.items():
        error = np.full(kelvin.size, NOISE)
        bent = 0
        for seed in range(seeds):
            noise = NOISE * np.random.default_rng(seed).standard_normal(kelvin.size)
            fit = fit_law("arrhenius", kelvin, 100 * r * np.exp(noise), error, condition_err=1e-9 * kelvin)
            bent += fit.checks.curvature.bent
        rows.append({"points": what, "said to be bent / %": 100 * bent / seeds})
    return rows


def main(given: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--seeds", type=int, default=200)
    asked = options.parse_args(given)
    rows = [row for name in TRUTH for row in recovery(name, asked.seeds)]
    of_laws = ("power of concentration", "saturating growth", "stretched growth", "pinhole filling")
    rows += [row for name in of_laws for row in derived(name, asked.seeds)]
    rows += [minimum(asked.seeds), *composite(asked.seeds)]
    write(asked.output, "laws", f"Laws from points with {100 * NOISE:g} % noise, {asked.seeds} seeds", rows)
    write(asked.output, "slopes", f"One slope or two, {asked.seeds} seeds", slopes(asked.seeds))


if __name__ == "__main__":
    main()
