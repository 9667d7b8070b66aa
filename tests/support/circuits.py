"""Values of circuits and templates that a cell may have."""

from __future__ import annotations

import numpy as np

import eisfit
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import leaves, parse
from eisfit.tools.frozen import Floats

ONE_ARC = "R0-p(R1,CPE1)"
ONE_ARC_VALUES = {"R0": 10.0, "R1": 100.0, "CPE1_Q": 1e-5, "CPE1_alpha": 0.85}
ONE_ARC_HZ = np.logspace(5, -1, 61)  # holds the whole arc
TWO_ARCS = "R0-p(R1,C1)-p(R2,C2)"
TWO_ARCS_VALUES = (20.0, 100.0, 1e-8, 300.0, 1e-5)
SEEN = [  # what one spectrum sees; of a cell with several pairs of probes that is no configuration, but each pair
    (name, c.electrodes)
    for name in eisfit.shipped()
    for c in eisfit.template(name).configurations
    if not c.probes
]


def values_of(text: str, rows: int = 3) -> Floats:
    """Draw resistances of 1 to 1000 ohm and times of 1 µs to 1 s."""
    rng = np.random.default_rng(len(text))
    circuit = parse(text)
    values = np.empty((rows, len(circuit.parameters)))
    t = 10 ** rng.uniform(-6, 0, rows)
    for k, p in enumerate(circuit.parameters):
        r, q = 10 ** rng.uniform(0, 3, rows), p.quantity
        power = 0.5 if isinstance(q.time, str) else q.time
        values[:, k] = rng.uniform(*q.usual, rows) if q.dimensionless else r**q.resistance * t**power
    return values


def plausible(template: Template, low_hz: float, high_hz: float) -> np.ndarray:
    """Return values with time constants spread over a window, the parts in order from fast to slow."""
    values = []
    for k, on_path in enumerate(template.path):
        place = (k + 0.5) / len(template.path)
        tau = 1 / (2 * np.pi * high_hz * (low_hz / high_hz) ** place)
        for leaf in leaves(on_path.node):
            for q in leaf.element.quantities:
                limits = template.settings.get(f"{leaf.name}_{q.name}", Setting())
                high = limits.high or 1.0
                if q.is_exponent:
                    values.append(max(0.85 * high, limits.low or 0.0))
                elif q.is_ratio:
                    values.append(float(np.sqrt(np.prod(q.usual))))
                else:
                    power = 0.85 if isinstance(q.time, str) else q.time
                    values.append((100.0 * (1 + k)) ** q.resistance * tau**power)
    return np.array(values)
