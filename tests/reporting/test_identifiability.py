"""How well two neighbouring arcs are separated: by the Fisher information, and by the scatter of noisy fits.

The cell is a resistor of 50 ohm in series with two arcs of 250 and 500 ohm and exponents of 0.9, whose time
constants have the geometric mean 1 ms; 1 MHz to 0.1 Hz, ten points a decade, noise of 0.5 % of |Z| on Re and Im.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

import eisfit
from eisfit.cell.templates import Template
from eisfit.engine.posing import pose
from eisfit.tools.frozen import Floats
from support.cells import grid

NOISE = 0.005
F = grid()
CELL = Template.from_circuit("R0-Zarc1-Zarc2")
NAMES = list(CELL.circuit.names)
R_1, R_2 = NAMES.index("Zarc1_R"), NAMES.index("Zarc2_R")
FIRST_ARC = [NAMES.index(f"Zarc1_{name}") for name in ("R", "tau", "alpha")]
EXPONENTS = [NAMES.index(f"Zarc{k}_alpha") for k in (1, 2)]
PRINTED = {  # ratio of time constants: standard errors of ln R1 and ln R2 in percent, and their correlation
    100: ("0.4", "0.3", "-0.76"),
    30: ("0.8", "0.5", "-0.93"),
    10: ("2.3", "1.2", "-0.991"),
    5: ("7", "3.6", ""),
    3: ("23", "11", "-0.9999"),
    2: ("94", "47", ""),
}
WITHIN = 0.05  # of the printed figures, beyond what their last digit leaves open


def truth(ratio: float) -> Floats:
    """Return the parameters in the order of the circuit."""
    return np.array([50.0, 250.0, 1e-3 / math.sqrt(ratio), 0.9, 500.0, 1e-3 * math.sqrt(ratio), 0.9])


def errors(information: Floats, held: list[int] | None = None) -> tuple[float, float, float]:
    """Return the standard errors of ln R1 and ln R2 in percent and their correlation; nan for what is held."""
    free = [k for k in range(len(NAMES)) if k not in (held or [])]
    covariance = np.full(information.shape, np.nan)
    covariance[np.ix_(free, free)] = np.linalg.inv(information[np.ix_(free, free)])
    first, second = (100 * math.sqrt(covariance[k, k]) for k in (R_1, R_2))
    return first, second, 1e4 * covariance[R_1, R_2] / (first * second)


def information(ratio: float) -> Floats:
    """Return the Fisher information of ln p from eisfit's exact derivatives."""
    z = CELL.circuit.impedance(F, truth(ratio))
    problem = pose([eisfit.Spectrum(F, z)], CELL, NOISE * np.abs(z))
    _, slope = problem.residual_and_jacobian(np.log(truth(ratio))[None], np.array([0]))
    return np.asarray(slope[0] @ slope[0].T)


def by_differences(ratio: float) -> Floats:
    """Return the same from the formula written down once more, and differences of it."""

    def impedance(log_p: Floats) -> np.ndarray:
        r, r_1, tau_1, n_1, r_2, tau_2, n_2 = np.exp(log_p)
        s = 2j * np.pi * F
        return np.asarray(r + r_1 / (1 + (s * tau_1) ** n_1) + r_2 / (1 + (s * tau_2) ** n_2))

    at, step = np.log(truth(ratio)), 1e-5
    slopes = [(impedance(at + step * e) - impedance(at - step * e)) / (2 * step) for e in np.eye(at.size)]
    relative = np.array(slopes) / (NOISE * np.abs(impedance(at)))
    whole = np.concatenate([relative.real, relative.imag], axis=1)
    return np.asarray(whole @ whole.T)


@pytest.mark.parametrize("ratio", PRINTED)
def test_the_fisher_information_is_that_of_the_formula(ratio: float) -> None:
    assert errors(information(ratio)) == pytest.approx(errors(by_differences(ratio)), rel=1e-3)


@pytest.mark.parametrize("ratio", PRINTED)
def test_the_fisher_information_gives_the_printed_table(ratio: int) -> None:
    for found, printed in zip(errors(information(ratio)), PRINTED[ratio], strict=True):
        if printed:
            decimals = len(printed.partition(".")[2])
            open_by = 0.5 * 10.0**-decimals
            assert abs(found - float(printed)) <= open_by + WITHIN * abs(float(printed))


def test_known_exponents_help() -> None:
    first, second, _ = errors(information(3), EXPONENTS)
    assert (round(first), round(second)) == (6, 3), "percent"


@pytest.mark.parametrize("ratio", PRINTED)
def test_an_arc_known_from_another_cell_gives_the_other_at_any_ratio(ratio: float) -> None:
    # once the first arc is known, the second is known to a fifth of a percent, however close they are
    free = [k for k in range(len(NAMES)) if k not in FIRST_ARC]
    covariance = np.linalg.inv(information(ratio)[np.ix_(free, free)])
    assert 0.1 < 100 * math.sqrt(covariance[free.index(R_2), free.index(R_2)]) < 0.2


@pytest.mark.parametrize("ratio", PRINTED)
def test_the_sum_is_known_at_any_ratio(ratio: float) -> None:
    covariance = np.linalg.inv(information(ratio))
    share = truth(ratio)[[R_1, R_2]] / (truth(ratio)[R_1] + truth(ratio)[R_2])
    assert 100 * math.sqrt(share @ covariance[np.ix_([R_1, R_2], [R_1, R_2])] @ share) < 0.15


@pytest.mark.parametrize("ratio", [100, 30, 10])
def test_noisy_fits_scatter_as_the_fisher_information_says(ratio: float) -> None:
    count = 1000  # their scatter is known to 2.2 %
    z = CELL.circuit.impedance(F, truth(ratio))
    rng = np.random.default_rng(1)
    shape = count, z.size
    noisy = z + NOISE * np.abs(z) * (rng.standard_normal(shape) + 1j * rng.standard_normal(shape))
    start = dict(zip(NAMES, truth(ratio), strict=True))
    fits = eisfit.fit_many([eisfit.Spectrum(F, row) for row in noisy], CELL, start=start)
    assert fits.converged.all()
    log_r = np.log([fits.column("Zarc1_R"), fits.column("Zarc2_R")])
    first, second, correlation = errors(information(ratio))
    assert 100 * log_r.std(axis=1, ddof=1) == pytest.approx([first, second], rel=0.07)
    assert np.corrcoef(log_r)[0, 1] == pytest.approx(correlation, rel=WITHIN)
    told = 100 * fits.stderr("Zarc1_R") / fits.column("Zarc1_R")
    assert np.median(told) == pytest.approx(first, rel=WITHIN)
