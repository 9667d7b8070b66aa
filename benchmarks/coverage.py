"""Intervals hold the truth as often as they say: coverage over many simulated spectra of three templates.

Each spectrum has 0.5 % of normal noise on the real and on the imaginary part; no start is given.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import eisfit
from benchmarks.common import timed, write
from benchmarks.window import WINDOW_HZ
from eisfit.cell.templates import Template
from eisfit.results.fit import Fit
from eisfit.tools.frozen import Bools

NOISE = 0.005
LIMITS = {95: (92.9, 97.1), 68: (63.9, 72.7)}  # percent; what 1000 spectra keep if the intervals are honest


@dataclass(frozen=True)
class Case:
    """A cell with a known truth, all of whose contributions are resolved.

    Parameters
    ----------
    title : str
        What is special about it.
    template : str
        Its name.
    electrodes : int
        Through which configuration it is seen.
    fading : tuple of str
        Segments that are resistors in truth.
    values : mapping of str to float
        Parameters of one segment each.
    truth_ohm : mapping of str to float
        Resistance of each contribution over the whole path.
    """

    title: str
    template: str
    electrodes: int
    arcs_that_may_fade: tuple[str, ...]
    values: Mapping[str, float]
    truth_ohm: Mapping[str, float]

    @property
    def cell(self) -> Template:
        """The template that made the spectra."""
        return eisfit.template(self.template, electrodes=self.electrodes).with_arcs_as_resistors(
            self.arcs_that_may_fade
        )

    def spectra(self, count: int, seed: int) -> list[eisfit.Spectrum]:
        """Return noisy spectra of the cell."""
        z = self.cell.circuit.impedance(WINDOW_HZ, self.values)
        rng = np.random.default_rng(seed)
        shape = count, z.size
        noise = NOISE * np.abs(z) * (rng.standard_normal(shape) + 1j * rng.standard_normal(shape))
        known = eisfit.Conditions(area_cm2=1.0, thickness_cm=0.1, electrodes=self.electrodes)
        return [
            eisfit.Spectrum(WINDOW_HZ, row, conditions=known, label=f"{self.template} {k}")
            for k, row in enumerate(z + noise)
        ]


def arc(name: str, r: float, tau: float, alpha: float) -> dict[str, float]:
    """Return the parameters of one arc."""
    return {f"Zarc_{name}_R": r, f"Zarc_{name}_tau": tau, f"Zarc_{name}_alpha": alpha}


TWO_PROCESSES = {  # true resistances of an interface with an interphase and a charge transfer
    "liquid + bulk": 100.0,
    "grain boundary": 250.0,
    "interphase": 600.0,
    "charge transfer": 1200.0,
    "interface": 1800.0,
}
CASES = (
    Case(
        "far apart",
        "le_se",
        4,
        ("bulk",),
        {"R_le_b": 100.0} | arc("gb", 250.0, 2.5e-6, 0.9) | arc("int", 500.0, 5e-4, 0.9),
        {"liquid + bulk": 100.0, "grain boundary": 250.0, "interface": 1000.0},
    ),
    Case(
        "far apart",
        "se_blocking",
        2,
        (),
        arc("b", 1e5, 2e-6, 0.9) | arc("gb", 3e5, 6e-4, 0.9) | {"CPE_el_Q": 1e-5, "CPE_el_alpha": 0.9},
        {"bulk": 1e5, "grain boundary": 3e5},
    ),
    Case(
        "far apart",
        "le_se_slei",
        4,
        ("bulk",),
        {"R_le_b": 100.0}
        | arc("gb", 250.0, 2.5e-6, 0.9)
        | arc("film", 300.0, 3e-4, 0.9)
        | arc("ct", 600.0, 3e-2, 0.9),
        TWO_PROCESSES,
    ),
    Case(
        "time constants a factor 5 apart",
        "le_se_slei",
        4,
        ("bulk",),
        {"R_le_b": 100.0}
        | arc("gb", 250.0, 2.5e-6, 0.9)
        | arc("film", 300.0, 1e-3, 0.9)
        | arc("ct", 600.0, 5e-3, 0.9),
        TWO_PROCESSES,
    ),
)


def held(fit: Fit, name: str, true: float) -> tuple[bool, bool]:
    """Tell whether the 95 % and the 68 % interval of a contribution hold the truth; one not known does not."""
    row = next((c for c in fit.contributions if c.name == name), None)
    if row is None or not math.isfinite(row.resistance_ohm):
        return False, False
    low, high = row.ci95_ohm
    return low <= true <= high, abs(math.log(true / row.resistance_ohm)) <= row.stderr_log


def coverage(case: Case, fits: Sequence[Fit]) -> dict[str, Bools]:
    """Return for each contribution which intervals hold the truth, shape (K, 2): at 95 % and at 68 %.

    K is the number of fits that give it a value under its name: of an arc whose name is left open there is no interval.
    """
    return {
        name: np.array([held(fit, name, true) for fit in fits if _has_value(fit, name)], bool).reshape(-1, 2)
        for name, true in case.truth_ohm.items()
    }


def _has_value(fit: Fit, name: str) -> bool:
    return any(c.name == name and math.isfinite(c.resistance_ohm) for c in fit.contributions)


def summary(case: Case, name: str, inside: Bools, fits: Sequence[Fit]) -> dict[str, Any]:
    """Return one row of the table."""
    at_95, at_68 = (100 * float(share) for share in inside.mean(axis=0))
    pulls = [
        math.log(c.resistance_ohm / case.truth_ohm[name]) / c.stderr_log
        for f in fits
        for c in f.contributions
        if c.name == name and math.isfinite(c.stderr_log)
    ]
    kept = LIMITS[95][0] <= at_95 <= LIMITS[95][1] and LIMITS[68][0] <= at_68 <= LIMITS[68][1]
    return {
        "template": case.template,
        "arcs": case.title,
        "contribution": name,
        "spectra": len(fits),
        "not known": len(fits) - len(inside),
        "in the 95 % interval, %": at_95,
        "in the 68 % interval, %": at_68,
        "pull, mean": float(np.mean(pulls)),
        "pull, width": float(np.std(pulls, ddof=1)),
        "holds": "yes" if kept else "no",
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--spectra", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--case", type=int, nargs="*", default=range(len(CASES)), help="which, from 0")
    given = options.parse_args()
    cases = [CASES[k] for k in given.case]
    rows, seconds = [], 0.0
    for case in cases:
        spectra = case.spectra(given.spectra, given.seed)
        _, cpu, fits = timed(lambda s=spectra, c=case: list(eisfit.fit_many(s, c.template)), 1)  # type: ignore[misc]
        seconds += cpu
        rows += [summary(case, name, inside, fits) for name, inside in coverage(case, fits).items()]
    each = 1000 * seconds / (len(cases) * given.spectra)
    notes = (
        f"{given.spectra} spectra of each cell, {100 * NOISE:g} % noise, no start given; {each:.2g} ms of one "
        f"core each. Honest intervals of 1000 spectra hold the truth in {LIMITS[95][0]} to {LIMITS[95][1]} % and "
        f"{LIMITS[68][0]} to {LIMITS[68][1]} %."
    )
    write(given.output, "coverage", "Coverage of the intervals", rows, notes)


if __name__ == "__main__":
    main()
