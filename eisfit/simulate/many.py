"""Very many spectra of one circuit whose parameters vary over a plane, block by block."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TypeAlias

import numpy as np

from eisfit.cell.templates import Template
from eisfit.circuit.circuit import evaluate
from eisfit.elements import Laplace
from eisfit.errors import InputError
from eisfit.simulate.draws import named
from eisfit.simulate.scenario import Scenario, parameters_at
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean

Block: TypeAlias = tuple[Floats, dict[str, Floats]]  # impedances (n, points), columns (n,)

ROWS = 4096  # of a block
FREQUENCY_HZ = np.logspace(6, -1, 71)
_PITCH_MM = 0.1  # distance of neighbours
_WAVES = 2.5  # of the smooth variation over the plane


def scenario_at_start(name: str) -> tuple[Template, dict[str, float]]:
    """Return the cell of a scenario, and its true parameters at the first of its conditions.

    Raises
    ------
    InputError
        If there is no such scenario.
    """
    found = named(name)
    scenario = found if isinstance(found, Scenario) else found.scenario
    first = scenario.stated[0]
    assert first.temperature_c is not None
    return scenario.cell, parameters_at(scenario, first.temperature_c, first)


def check_values(template: Template, values: Mapping[str, float]) -> None:
    """Raise InputError if a parameter has no value, one is unknown, or a value is not finite and positive."""
    names = template.circuit.names
    for name, value in values.items():
        if name not in names:
            raise InputError(
                f"--value {name}: no such parameter{did_you_mean(name, names)}; they are {', '.join(names)}"
            )
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"--value {name}={value:g}: it must be finite and positive")
    missing = [name for name in names if name not in values]
    if missing:
        raise InputError(f"{', '.join(missing)}: give a value of each parameter, as --value {missing[0]}=100")


def many_blocks(
    template: Template,
    values: Mapping[str, float],
    count: int,
    *,
    noise: float = 0.005,
    spread: float = 0.2,
    seed: int = 1,
    frequency_hz: Floats = FREQUENCY_HZ,
) -> Iterator[Block]:
    r"""Go through spectra with noise, on a square of neighbours ``x_mm``, ``y_mm``, in which parameters vary.

    Parameters
    ----------
    template : Template
        Its circuit is simulated.
    values : mapping of str to float
        The middle of each parameter.
    count : int
        Number of spectra.
    noise : float
        Standard deviation of Re Z and of Im Z, relative to \\|Z\\|.
    spread : float
        Standard deviation of the logarithms of parameters; half of their variance is smooth over the plane. Exponents
        stay as they are.
    seed : int
        Equal seeds give equal spectra.
    frequency_hz : ndarray, shape (points,)
        Of all spectra.

    Yields
    ------
    (ndarray, dict of str to ndarray)
        Impedances in ohm (n, points), and columns: the places, and the true parameters as ``truth/NAME``.

    Raises
    ------
    InputError
        If the count is below 1, or noise or spread is negative.
    """
    if count < 1:
        raise InputError(f"--many {count}: it must be at least 1")
    for key, value in (("noise", noise), ("spread", spread)):
        if not (math.isfinite(value) and value >= 0):
            raise InputError(f"{key} is {value:g}: it must be finite and not below 0")
    check_values(template, values)
    circuit = template.circuit
    middle = np.log([values[name] for name in circuit.names])
    varied = np.array([not p.quantity.is_exponent for p in circuit.parameters])
    phase = np.random.default_rng((seed, 0)).uniform(0, 2 * np.pi, (2, middle.size))
    side, s = math.isqrt(count - 1) + 1, Laplace(frequency_hz)
    for number, first in enumerate(range(0, count, ROWS), 1):
        place = np.arange(first, min(first + ROWS, count))
        rng = np.random.default_rng((seed, number))
        x, y = place % side, place // side
        waves = [
            np.sin(_WAVES * 2 * np.pi * k[:, None] / side + p) for k, p in zip((x, y), phase, strict=True)
        ]
        smooth = (waves[0] + waves[1]) / math.sqrt(2)
        logs = middle + spread * varied * (smooth + rng.standard_normal(smooth.shape) * math.sqrt(0.5))
        true = np.exp(logs)
        z = evaluate(circuit.root, s, true)
        size = noise * np.abs(z)
        z = z + size * (rng.standard_normal(z.shape) + 1j * rng.standard_normal(z.shape))
        truth: dict[str, Floats] = {f"truth/{name}": true[:, k] for k, name in enumerate(circuit.names)}
        yield z, {"x_mm": np.asarray(_PITCH_MM * x), "y_mm": np.asarray(_PITCH_MM * y), **truth}
