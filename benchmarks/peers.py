"""eisfit and its peers on the same spectra, in one process on one core: time, accuracy, success.

Run ``python -m benchmarks.peers -o results`` after ``pip install -r benchmarks/requirements.txt``; a peer
that is not installed is left out of the table.
"""

from __future__ import annotations

import os

from benchmarks.common import ONE_CORE, timed, write

if __name__ == "__main__":
    os.environ.update(ONE_CORE)  # before numpy is loaded

import argparse
import importlib
import importlib.util
import resource
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import eisfit
from eisfit.cell.templates import Template
from eisfit.engine.posing import pose
from eisfit.engine.solver import solve
from eisfit.interop.lmfit import fit_lmfit, parameters
from eisfit.tools.frozen import Complexes, Floats

NOISE = 0.005  # standard deviation of Re Z and of Im Z by |Z|
RIGHT = 1.01  # a fit is right if its cost is at most this times that of the fit started from the truth
EXACT = 1e-3  # and, for data without noise, if every parameter is right to this


@dataclass(frozen=True)
class Case:
    """Spectra of one circuit and the start that all programs are given.

    Parameters
    ----------
    name, circuit, cdc : str
        What it is; the circuit in the grammar of eisfit and impedance.py, and in that of pyimpspec.
    start : tuple of float
        By parameter.
    truth : ndarray, shape (N, P)
        By spectrum.
    frequency_hz : ndarray, shape (F,)
        Grid.
    z_ohm : ndarray of complex, shape (N, F)
        Data.
    best : ndarray, shape (N,)
        Modulus-weighted costs of fits started from the truth.
    by_hand : callable
        The impedance as somebody would write it by hand, ``by_hand(omega, *values)``.
    """

    name: str
    circuit: str
    cdc: str
    start: tuple[float, ...]
    truth: Floats
    frequency_hz: Floats
    z_ohm: Complexes
    best: Floats
    by_hand: Callable[..., Complexes]

    @property
    def template(self) -> Template:
        """The circuit as a template."""
        return Template.from_circuit(self.circuit)

    @property
    def named_start(self) -> dict[str, float]:
        """The start by name."""
        return dict(zip(self.template.circuit.names, self.start, strict=True))

    def spectra(self, count: int) -> list[eisfit.Spectrum]:
        """Return the first spectra."""
        return [eisfit.Spectrum(self.frequency_hz, z, label=str(k)) for k, z in enumerate(self.z_ohm[:count])]


def two_arcs_and_warburg(omega: Floats, *p: float) -> Complexes:
    s = 1j * omega
    first = p[1] / (1 + p[1] * p[2] * s ** p[3])
    second = p[4] / (1 + p[4] * p[5] * s ** p[6])
    result: Complexes = p[0] + first + second + p[7] * (1 - 1j) / np.sqrt(omega)
    return result


def one_arc(omega: Floats, *p: float) -> Complexes:
    return np.asarray(p[0] / (1 + 1j * omega * p[0] * p[1]))


def made(
    name: str,
    circuit: str,
    cdc: str,
    start: Sequence[float],
    truth: Floats,
    f: Floats,
    noise: float,
    by_hand: Callable[..., Complexes],
) -> Case:
    t = Template.from_circuit(circuit)
    z = t.circuit.impedance(f, truth)
    rng = np.random.default_rng(7)
    z = z + noise * np.abs(z) * (rng.standard_normal(z.shape) + 1j * rng.standard_normal(z.shape))
    problem = pose([eisfit.Spectrum(f, row) for row in z], t)
    best = solve(problem, np.log(truth), np.arange(len(z))).cost
    return Case(name, circuit, cdc, tuple(start), truth, f, z, best, by_hand)


def around(start: Sequence[float], exponents: Sequence[int], count: int) -> Floats:
    """Return parameters within a factor e of the start, exponents within 5 %."""
    rng = np.random.default_rng(3)
    truth = np.array(start) * np.exp(rng.uniform(-1, 1, (count, len(start))))
    for k in exponents:
        truth[:, k] = np.minimum(start[k] * (1 + rng.uniform(-0.05, 0.05, count)), 1.0)
    return truth


def cases(count: int) -> list[Case]:
    start = (20.0, 100.0, 1e-6, 0.9, 300.0, 1e-4, 0.85, 50.0)
    circuit = "R0-p(R1,CPE1)-p(R2,CPE2)-W1"
    cdc = (
        "R{{R={0}}}(R{{R={1}}}Q{{Y={2},n={3}}})(R{{R={4}}}Q{{Y={5},n={6}}})W{{Y={7}}}"  # W: Z = 1/(Y sqrt(s))
    )
    truth = around(start, (3, 6), count)
    pico = np.array([[1e6, 1e-11]])
    return [
        made(
            "two arcs and Warburg", circuit, cdc, start, truth, np.logspace(6, -1, 71), NOISE,
            two_arcs_and_warburg,
        ),
        made(
            "1 Mohm, 10 pF, exact data, start 3 times off", "p(R1,C1)", "(R{{R={0}}}C{{C={1}}})",
            (3e6, 3e-11), pico, np.logspace(7, -1, 81), 0.0, one_arc,
        ),
    ]  # fmt: skip


@dataclass(frozen=True)
class Contender:
    """A program under test: ``run(case, count)`` gives parameters (count, P), in the order of the case."""

    name: str
    start: str
    run: Callable[[Case, int], Floats]
    needs: str = "eisfit"
    slow: bool = True


def with_fit_many(case: Case, count: int) -> Floats:
    fits = eisfit.fit_many(case.spectra(count), case.circuit, start=case.named_start)
    return np.stack([fits.column(name) for name in case.template.circuit.names], axis=1)


def with_solver(case: Case, count: int) -> Floats:
    problem = pose(case.spectra(count), case.template)
    x = np.tile(np.log(case.start), (count, 1))
    return np.exp(solve(problem, x, np.arange(count)).x)


def without_start(case: Case, count: int) -> Floats:
    fits = [eisfit.fit(s, case.circuit) for s in case.spectra(count)]
    return np.array([[f.values[name] for name in case.template.circuit.names] for f in fits])


def with_our_lmfit(case: Case, count: int) -> Floats:
    params = parameters(case.template)
    for name, value in case.named_start.items():
        params[name].value = value
    fits = [fit_lmfit(s, case.template, params) for s in case.spectra(count)]
    return np.array([list(f.values.values()) for f in fits])


def with_plain_lmfit(case: Case, count: int) -> Floats:
    lmfit = importlib.import_module("lmfit")
    omega, names = 2 * np.pi * case.frequency_hz, case.template.circuit.names
    found = []
    for z in case.z_ohm[:count]:

        def residual(params: Any, z: Complexes = z) -> Floats:
            r = (case.by_hand(omega, *(params[n].value for n in names)) - z) / np.abs(z)
            return np.concatenate([r.real, r.imag])

        params = lmfit.Parameters()
        for p, value in zip(case.template.circuit.parameters, case.start, strict=True):
            params.add(p.name, value=value, min=0, max=p.quantity.upper)
        done = lmfit.minimize(residual, params, method="least_squares")
        found.append([done.params[n].value for n in names])
    return np.array(found)


def with_impedance_py(case: Case, count: int) -> Floats:
    circuits = importlib.import_module("impedance.models.circuits")
    found = []
    for z in case.z_ohm[:count]:
        circuit = circuits.CustomCircuit(case.circuit, initial_guess=[float(v) for v in case.start])
        circuit.fit(case.frequency_hz, z, weight_by_modulus=True)
        found.append(circuit.parameters_)
    return np.array(found)


def with_pyimpspec(method: str) -> Callable[[Case, int], Floats]:
    def run(case: Case, count: int) -> Floats:
        pyimpspec = importlib.import_module("pyimpspec")
        values = list(case.start)
        if "W" in case.cdc:
            values[-1] = 1 / (np.sqrt(2) * values[-1])
        found = []
        for z in case.z_ohm[:count]:
            circuit = pyimpspec.parse_cdc(case.cdc.format(*values))
            data = pyimpspec.DataSet(case.frequency_hz, z)
            fit = pyimpspec.fit_circuit(circuit, data, method=method, weight="modulus", num_procs=1)
            row = [v for e in fit.circuit.get_elements() for v in _free_values(e)]
            if "W" in case.cdc:
                row[-1] = 1 / (np.sqrt(2) * row[-1])
            found.append(row)
        return np.array(found)

    return run


def _free_values(element: Any) -> list[float]:
    """Return the values of a pyimpspec element, without the exponent of its Warburg element."""
    values = element.get_values()
    return [
        values[key] for key in values if not (type(element).__name__.startswith("Warburg") and key == "n")
    ]


CONTENDERS = (
    Contender("eisfit fit_many", "common start", with_fit_many, slow=False),
    Contender("eisfit, batched solver alone", "common start", with_solver, slow=False),
    Contender("eisfit fit", "none", without_start),
    Contender("eisfit fit_lmfit", "common start", with_our_lmfit),
    Contender("lmfit least_squares", "common start", with_plain_lmfit, "lmfit"),
    Contender("impedance.py, weight_by_modulus", "common start", with_impedance_py, "impedance"),
    Contender(
        "pyimpspec least_squares, modulus", "common start", with_pyimpspec("least_squares"), "pyimpspec"
    ),
    Contender("pyimpspec leastsq, modulus", "common start", with_pyimpspec("leastsq"), "pyimpspec"),
)


def measured(case: Case, contender: Contender, count: int, repeats: int) -> dict[str, Any] | None:
    """Return one row of the table; None for a peer that is not installed."""
    if importlib.util.find_spec(contender.needs) is None:
        return None
    count = min(count, len(case.z_ohm))
    contender.run(case, 1)  # imports and caches
    wall, cpu, found = timed(lambda: contender.run(case, count), repeats)
    t, z = case.template, case.z_ohm[:count]
    with np.errstate(all="ignore"):
        model = t.circuit.impedance(case.frequency_hz, found)
        cost = 0.5 * np.sum(np.abs((model - z) / np.abs(z)) ** 2, axis=1)
        off = np.abs(found / case.truth[:count] - 1).max(axis=1)
    right = off < EXACT if np.all(case.best[:count] < 1e-12) else cost <= RIGHT * case.best[:count]
    return {
        "case": case.name,
        "program": contender.name,
        "start": contender.start,
        "spectra": count,
        "ms per spectrum": 1e3 * wall / count,
        "of processor": 1e3 * cpu / count,
        "right, %": 100 * float(np.mean(right)),
        "worst parameter off, median %": 100 * float(np.median(off)),
        "cost over best, median": float(np.median(cost / case.best[:count])) if not _exact(case) else None,
    }


def _exact(case: Case) -> bool:
    return bool(np.all(case.best < 1e-12))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--spectra", type=int, default=2000, help="for the batched fits")
    options.add_argument("--slow", type=int, default=10, help="spectra for programs that fit one by one")
    options.add_argument("--repeats", type=int, default=3)
    given = options.parse_args()
    if hasattr(os, "sched_setaffinity"):  # not everywhere
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows = []
    for case in cases(given.spectra):
        for contender in CONTENDERS:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                row = measured(
                    case, contender, given.slow if contender.slow else given.spectra, given.repeats
                )
            if row is None:
                print(f"{contender.name}: not installed", file=sys.stderr)
                continue
            rows.append(row)
            print(f"{row['program']}: {row['ms per spectrum']:.3g} ms", file=sys.stderr)
    for row in rows:
        first = next(r for r in rows if r["case"] == row["case"])
        row["times eisfit fit_many"] = row["of processor"] / first["of processor"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    notes = (
        f"Medians of {given.repeats} runs on one core, ratios of processor time. "
        f"Data with {100 * NOISE:g} % noise of |Z| on Re and "
        "on Im; modulus weights everywhere. Right: a cost at most 1 % above that of the fit started from the "
        "truth; "
        f"for exact data, every parameter right to {100 * EXACT:g} %. "
        f"Largest memory of the whole process {peak:.0f} MB."
    )
    write(given.output, "peers", "eisfit and its peers", rows, notes)


if __name__ == "__main__":
    main()
