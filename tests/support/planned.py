"""Planned cells for tests and benchmarks, and the scatter of simulated fits of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.cell.links import Link, place_of
from eisfit.constants import ZERO_CELSIUS_K
from eisfit.engine.joint import solve_joint
from eisfit.engine.posing import pose
from eisfit.engine.solver import solve
from eisfit.laws.arrhenius import fit_arrhenius
from eisfit.planning import Expected, PlannedCell
from eisfit.planning.information import Foreseen, foreseen
from eisfit.planning.joint_problem import posed
from eisfit.planning.predicted import contributions_of
from eisfit.results.plan import PredictedError
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

TEMPERATURES = tuple(np.linspace(0, 60, 8).tolist())
GEOMETRY = {"area_cm2": 0.785, "thickness_cm": 0.1, "electrodes": 4}


def two_arcs(ratio: float, temperature_err_c: float | None = 0.3) -> PlannedCell:
    """Return a four-electrode cell of 250 and 1000 ohm whose time constants are a factor apart at 25 °C."""
    return PlannedCell.of(
        "le_se",
        {
            "liquid + bulk": Expected(100, activation_energy_ev=0.35, ordinate="ln(1/R)"),
            "grain boundary": Expected(
                250, activation_energy_ev=0.40, capacitance_f=1e-7, alpha=0.9, ordinate="ln(1/R)"
            ),
            "interface": Expected(
                1000, activation_energy_ev=0.52, capacitance_f=ratio * 2.5e-5 / 500, alpha=0.9
            ),
        },
        temperatures_c=TEMPERATURES,
        conditions=Conditions(temperature_err_c=temperature_err_c, **GEOMETRY),  # type: ignore[arg-type]
        above_window=["bulk"],
    )


def pellet_of(cell: PlannedCell, **how: object) -> PlannedCell:
    """Return the same solid between blocking contacts, twice as thick."""
    conditions = Conditions(
        temperature_err_c=cell.conditions.temperature_err_c, area_cm2=0.785, thickness_cm=0.2, electrodes=2
    )
    expected = {
        "bulk": Expected(160, activation_energy_ev=0.35, capacitance_f=3.5e-11),
        "electrode": Expected(capacitance_f=1e-5, alpha=0.8),
    }
    return cell.complement(
        "pellet",
        "se_blocking",
        ["grain boundary"],
        expected,
        conditions=conditions,
        **how,  # type: ignore[arg-type]
    )


def one_arc(temperatures_c: Sequence[float] = (25.0,), noise_percent: float = 0.5) -> PlannedCell:
    """Return a resistor parallel to a capacitor."""
    return PlannedCell.of(
        "p(R1,C1)",
        {"R1": Expected(value=1e3, activation_energy_ev=0.5), "C1": Expected(value=1e-7)},
        temperatures_c=temperatures_c,
        noise_percent=noise_percent,
    )


def drawn(cell: PlannedCell, rng: np.random.Generator) -> tuple[list[Spectrum], Floats]:
    """Return noisy spectra at true temperatures, and the true logarithms of their parameters (N, P)."""
    at = np.array(cell.temperatures_c)
    true = at + cell.temperature_err_c * rng.standard_normal(at.size)
    names, f = cell.template.circuit.names, cell.grid_hz
    x = np.stack([cell.rates[name].log_values(true) for name in names], axis=1)
    spectra = []
    for p in np.exp(x):
        z = cell.template.circuit.impedance(f, dict(zip(names, p.tolist(), strict=True)))
        noise = rng.standard_normal(f.size) + 1j * rng.standard_normal(f.size)
        spectra.append(Spectrum(f, z + cell.noise * np.abs(z) * noise))
    return spectra, x


@dataclass(frozen=True, eq=False)
class Scatter:
    """Pulls of simulated fits, in predicted standard errors, by what they are of; shapes (seeds, ...)."""

    pulls: dict[str, Floats]

    @property
    def widths(self) -> dict[str, float]:
        """Root mean squares of the pulls; of what no error is told there is none."""
        return {name: float(np.sqrt(np.mean(pull**2))) for name, pull in self.pulls.items() if pull.size}


def scatter_of_joint(cells: Sequence[PlannedCell], links: Sequence[Link], seeds: int) -> Scatter:
    """Return the pulls of the common coordinates, and of resistances, of joint fits from the truth."""
    rng, problem = np.random.default_rng(0), posed(cells, links)
    known = foreseen(problem)
    sigma = np.sqrt(np.diag(known.common_covariance))
    pulls: dict[str, list[Floats]] = {}
    for _ in range(seeds):
        draws = [drawn(cell, rng) for cell in cells]
        blocks = tuple(
            replace(block, problem=pose(spectra, cell.template))
            for block, (spectra, _), cell in zip(problem.joint.blocks, draws, cells, strict=True)
        )
        prior = problem.joint.prior.copy()
        for k, cell in enumerate(cells[1:], prior.shape[1] - len(cells) + 1):
            prior[0, k] = cell.geometry_err * rng.standard_normal()  # the stated geometry is off
        found = solve_joint(replace(problem.joint, blocks=blocks, prior=prior), problem.state)
        off = (found.state.common - problem.state.common) / sigma
        first = 0
        for link in links:
            pulls.setdefault(link.name, []).append(off[first : first + link.size])
            first += link.size
        for name, column, error in _resistances(known):
            pulls.setdefault(f"R of {name}", []).append(
                (found.state.x[0][:, column] - draws[0][1][:, column]) / error
            )
    return Scatter({name: np.array(each) for name, each in pulls.items()})


def _resistances(known: Foreseen) -> list[tuple[str, int, Floats]]:
    cell, found = known.posed.cells[0], []
    for name in contributions_of(cell.template):
        place = place_of(name, cell.template)
        assert place is not None
        column = place[0]
        found.append((name, column, np.sqrt(known.covariance_log[0][:, column, column])))
    return found


def scatter_of_lines(cell: PlannedCell, errors: Sequence[PredictedError], seeds: int) -> Scatter:
    """Return the pulls of single fits, and of the energies of lines through those whose errors are told."""
    rng, known = np.random.default_rng(0), foreseen(posed([cell], ()))
    kelvin = np.array(cell.temperatures_c) + ZERO_CELSIUS_K
    pulls: dict[str, list[float | Floats]] = {}
    for _ in range(seeds):
        spectra, true = drawn(cell, rng)
        problem = pose(spectra, cell.template)
        found = solve(problem, known.x[0], np.arange(problem.size)).x
        for name, column, sigma in _resistances(known):
            own = [e for e in errors if e.contribution == name and e.estimate == "lines"]
            told = np.array([e.told for e in own if e.quantity == "resistance"])
            energy = next(e for e in own if e.quantity == "activation energy")
            ordinate = cell.rates[cell.template.circuit.names[column]].ordinate
            pulls.setdefault(f"R of {name}", []).append(((found[:, column] - true[:, column]) / sigma)[told])
            if not energy.told or ordinate is None:
                continue
            line = fit_arrhenius(
                kelvin[told],
                np.exp(found[told, column]),
                sigma[told],
                temperature_err_k=np.full(told.sum(), cell.temperature_err_c),
                ordinate=ordinate,
            )
            pulls.setdefault(name, []).append((line.activation_energy_ev - energy.value) / energy.stderr)
    return Scatter({name: np.array(each) for name, each in pulls.items()})
