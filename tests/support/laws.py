"""Laws for the tests: a power of the temperature, a square root of the time."""

from __future__ import annotations

import numpy as np

from eisfit.laws import LawParameter, Straight, law
from eisfit.laws.registry import Evaluated
from eisfit.tools.frozen import Floats

ROOM_K = 300.0


@law(
    "power law",
    LawParameter("a", "ordinate"),
    LawParameter("n", "1", coordinate="value"),
    ordinates=("ln(R)", "ln(sigma)"),
    condition="temperature_c",
    source="test",
    straight=Straight(lambda t: (np.log(t / ROOM_K), t)),
)
def power_law(temperature_k: Floats, a: float, n: float) -> Evaluated:
    r"""Power of the temperature, :math:`a (T / 300\,\mathrm{K})^n`."""
    x = np.log(temperature_k / ROOM_K)
    return np.log(a) + n * x, (np.ones_like(x), x), n / temperature_k


def _start(time_h: Floats, y: Floats) -> tuple[float, float]:
    first, last = np.exp(y[0]), np.exp(y[-1])
    return first, max((last - first) / np.sqrt(time_h[-1]), 1e-3 * first)


@law(
    "square root of time",
    LawParameter("R0", "ordinate"),
    LawParameter("k", "ordinate h^-1/2"),
    ordinates=("ln(R)",),
    condition="time_h",
    source="test",
    start=_start,
)
def root_of_time(time_h: Floats, r0: float, k: float) -> Evaluated:
    r"""Growth limited by diffusion, :math:`R_0 + k \sqrt{t}`."""
    root = np.sqrt(time_h)
    r = r0 + k * root
    with np.errstate(divide="ignore"):
        return np.log(r), (r0 / r, k * root / r), k / (2 * root * r)
