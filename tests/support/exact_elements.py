"""Every element written down a second time, in mpmath."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath as mp
import numpy as np

from eisfit.elements import Element, Laplace, Quantity
from eisfit.tools.frozen import Complexes, Floats

mp.mp.dps = 50
ROWS = 60
TAU = 2 * mp.pi


def _sqrt(x: Any) -> Any:
    return mp.sqrt(x)


def _nernst(s: Any, d: Any, delta: Any, c: Any, t_plus: Any, area: Any, kelvin: Any) -> Any:
    """The layer in SI units, with k / e in V/K and the Faraday constant in C/mol."""
    boltzmann, faraday = mp.mpf("8.617333262e-5"), mp.mpf("96485.33212")
    r = 2 * (1 - t_plus) ** 2 * (boltzmann * kelvin) * delta / (faraday * d * c * area)
    x = _sqrt(s * delta**2 / d)
    return r * mp.tanh(x) / x


# name -> Z(s, *parameters), written down a second time; s and parameters are mpmath numbers
EXACT: dict[str, Callable[..., Any]] = {
    "R": lambda s, r: r + 0 * s,
    "C": lambda s, c: 1 / (s * c),
    "L": lambda s, inductance: s * inductance,
    "CPE": lambda s, q, alpha: 1 / (q * s**alpha),
    "Zarc": lambda s, r, tau, alpha: r / (1 + (s * tau) ** alpha),
    "W": lambda s, sigma: sigma * (1 - 1j) / _sqrt(s / 1j),
    "Ws": lambda s, r, tau: r * mp.tanh(_sqrt(s * tau)) / _sqrt(s * tau),
    "Wo": lambda s, r, tau: r * mp.coth(_sqrt(s * tau)) / _sqrt(s * tau),
    "Wsn": lambda s, r, tau, p: r * mp.tanh((s * tau) ** p) / (s * tau) ** p,
    "Won": lambda s, r, tau, p: r * mp.coth((s * tau) ** p) / (s * tau) ** p,
    "La": lambda s, inductance, alpha: inductance * s**alpha,
    "K": lambda s, r, tau: 1 / (1 / r + s * (tau / r)),
    "HN": lambda s, r, tau, alpha, beta: r * (1 + (s * tau) ** alpha) ** (-beta),
    "G": lambda s, r, tau: r / _sqrt(1 + s * tau),
    "Gs": lambda s, r, tau, phi: r * mp.coth(phi * _sqrt(1 + s * tau)) / _sqrt(1 + s * tau),
    "TLMQ": lambda s, x, q, alpha: _sqrt(x / (q * s**alpha)) * mp.coth(_sqrt(x * q * s**alpha)),
    "T": lambda s, a_ohm, b_ohm, a, b: (
        (a_ohm * mp.coth(_sqrt(a + s * b)) + b_ohm * mp.csch(_sqrt(a + s * b))) / _sqrt(a + s * b)
    ),
    "Gf": lambda s, r, tau, alpha: r / _sqrt(1 + (s * tau) ** alpha),
    "Gt": lambda s, r, tau, phi: r * mp.tanh(phi * _sqrt(1 + s * tau)) / (_sqrt(1 + s * tau) * mp.tanh(phi)),
    "PoreEnd": lambda s, zeta, end, x: (
        _sqrt(x * zeta)
        * (end + _sqrt(x * zeta) * mp.tanh(_sqrt(x / zeta)))
        / (_sqrt(x * zeta) + end * mp.tanh(_sqrt(x / zeta)))
    ),
    "Probes": lambda s, cell, common, tau1, tau2: (
        cell / (1 + s * tau1) + common * (1 / (1 + s * tau1) - 1 / (1 + s * tau2))
    ),
    "Nernst": lambda s, d, delta, c, t_plus, area, kelvin: _nernst(
        s, d * mp.mpf("1e-4"), delta * mp.mpf("1e-6"), c * 1000, t_plus, area * mp.mpf("1e-4"), kelvin
    ),
    "Rails": lambda s, zeta, x1, x2: (
        x1 * x2 / (x1 + x2) * (1 + 2 * mp.csch(_sqrt((x1 + x2) / zeta)) / _sqrt((x1 + x2) / zeta))
        + (x1**2 + x2**2) / (x1 + x2) * mp.coth(_sqrt((x1 + x2) / zeta)) / _sqrt((x1 + x2) / zeta)
    ),
    "Pore": lambda s, zeta, x: _sqrt(x * zeta) * mp.coth(_sqrt(x / zeta)),
}


def drawn(quantity: Quantity, omega: Floats, drawn_before: dict[str, Floats], seed: int) -> Floats:
    """Draw values over many decades: omega tau within 1e-16 .. 1e8, that is its root within 1e-8 .. 1e4."""
    rng = np.random.default_rng(seed)
    n = omega.size
    if quantity.is_exponent:
        exponent = quantity.usual[1] * rng.uniform(0.02, 1.0, n)
        exponent[::6] = quantity.usual[1]
        return exponent
    if quantity.is_ratio:
        return np.asarray(10 ** rng.uniform(-6, 4, n))
    ohm, omega_tau = 10 ** rng.uniform(-6, 9, n), 10 ** rng.uniform(-16, 8, n)
    omega_tau[:2] = 1e-16, 1e8
    power = drawn_before[quantity.time] if isinstance(quantity.time, str) else quantity.time
    return np.asarray(ohm**quantity.resistance * (omega_tau / omega) ** power)


def case(element: Element, seed: int) -> tuple[Floats, list[Complexes]]:
    """Return frequencies and what the formula takes, one row each; the impedances of inner circuits first."""
    rng = np.random.default_rng(seed)
    frequency = 10 ** rng.uniform(-6, 9, ROWS)
    values: dict[str, Floats] = {}
    for k in sorted(range(len(element.quantities)), key=lambda k: element.quantities[k].time != 0):
        q = element.quantities[k]
        values[q.name] = drawn(q, 2 * np.pi * frequency, values, seed + 101 * k)
    given = [values[q.name] for q in element.quantities]
    inner: list[Complexes] = []
    for _ in element.inner:
        u_squared = 10 ** rng.uniform(-16, 8, ROWS)
        u_squared[:2] = 1e-16, 1e8
        inner.append(given[0] / u_squared * np.exp(1j * rng.uniform(-np.pi / 2, np.pi / 2, ROWS)))
    return frequency, [*inner, *given]


def exact(name: str, frequency: Floats, values: Sequence[Complexes]) -> tuple[Complexes, list[Complexes]]:
    """Return Z and dZ/dln p of each row from the table, rounded to double precision."""
    z, slopes = [], []
    for row in zip(frequency, *values, strict=True):
        s, *p = (mp.mpc(0, TAU * mp.mpf(float(row[0]))), *(mp.mpmathify(v.item()) for v in row[1:]))
        z.append(complex(EXACT[name](s, *p)))
        slopes.append([complex(_slope(EXACT[name], s, p, k)) for k in range(len(p))])
    return np.array(z), list(np.array(slopes).T)


def _slope(formula: Callable[..., Any], s: Any, p: list[Any], k: int) -> Any:
    return mp.diff(lambda x: formula(s, *p[:k], p[k] * mp.exp(x), *p[k + 1 :]), 0)


def evaluated(
    element: Element, frequency: Floats, values: Sequence[Complexes]
) -> tuple[Complexes, list[Complexes]]:
    """Return Z and dZ/dln p of each row from the element."""
    z, slopes = element.formula(Laplace(frequency[:, None]), *(v[:, None] for v in values))
    return z[:, 0], [slope[:, 0] for slope in slopes]
