"""Whether a layer that resists more has thickened or has closed its pores: R C over R."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.solids.checks import number
from eisfit.solids.permittivity import layer_thickness_cm
from eisfit.tools.frozen import Floats, Value, frozen_array
from eisfit.tools.real_arguments import real_arguments
from eisfit.tools.rounding import with_error
from eisfit.tools.statistics import normal_cdf

CONSTANT, RISES, NEITHER = "constant", "rises with R", "neither constant nor as R"
UNDECIDED = "not told apart"
_MEANS = {
    CONSTANT: "it thickens at constant composition",
    RISES: "its capacitance stays while it resists more: pores close, it densifies",
    NEITHER: "neither thickening nor densification alone",
    UNDECIDED: "the resistance changes too little, or the errors are too large",
}
FEWEST = 3
_CONTRADICTED = 3e-3  # probability below which a power counts as contradicted
_ROUNDS = 50
_SETTLED = 1e-10


@dataclass(frozen=True, eq=False)
class ThickeningTest(Value):
    """How R C of a layer goes with its R.

    Parameters
    ----------
    word : str
        ``constant`` (it thickens), ``rises with R`` (it densifies), ``neither constant nor as R``, ``not told apart``.
    power, stderr : float
        Slope of ln RC over ln R: 0 of a layer that thickens, 1 of one whose pores close.
    p_constant, p_as_r : float
        Probabilities of so large a deviation from 0, and from 1.
    """

    word: str
    power: float
    stderr: float
    p_constant: float
    p_as_r: float

    @property
    def p_value(self) -> float:
        """That of the power which the word stands for; the larger one where it stands for none."""
        if self.word in (CONSTANT, RISES):
            return self.p_constant if self.word == CONSTANT else self.p_as_r
        return max(self.p_constant, self.p_as_r)

    def __str__(self) -> str:
        return f"R C goes as R to the power {with_error(self.power, self.stderr)}: {_MEANS[self.word]}"


@real_arguments(InputError)
def thickening_test(
    resistance: npt.ArrayLike,
    product_s: npt.ArrayLike,
    product_stderr_log: npt.ArrayLike,
    resistance_stderr_log: npt.ArrayLike | None = None,
) -> ThickeningTest:
    r"""Return whether R C of a layer stays while its R changes.

    :math:`C = \varepsilon/d` and :math:`R = d/\sigma` give :math:`RC = \varepsilon/\sigma`, which knows no thickness.

    Parameters
    ----------
    resistance : array_like, shape (n,)
        Of the layer, at three times or more; any unit.
    product_s : array_like, shape (n,)
        R C in s, or 1 / (2 pi f) of the top of its arc.
    product_stderr_log : array_like, shape (n,)
        Standard errors of ln(R C).
    resistance_stderr_log : array_like, shape (n,), optional
        Those of ln R, where R and C are known independently, so that R stands in both; not of products from f.

    Raises
    ------
    InputError
        If there are fewer than three points, or a value or an error is not positive.
    """
    r, product, error = (np.asarray(a, float) for a in (resistance, product_s, product_stderr_log))
    of_r = np.zeros_like(r) if resistance_stderr_log is None else np.asarray(resistance_stderr_log, float)
    if not r.shape == product.shape == error.shape == of_r.shape or r.ndim != 1:
        raise InputError("resistance, R C and their errors must hold one value a point")
    if r.size < FEWEST or np.unique(r).size < 2:
        raise InputError(f"{r.size} points are too few to follow R C over R: give {FEWEST} that differ in R")
    for name, values in (("resistance", r), ("R C", product), ("an error of ln(R C)", error)):
        if not (np.isfinite(values).all() and (values > 0).all()):
            raise InputError(f"{name} is not a positive number at every point: leave such points out")
    power, stderr = _power(np.log(r), np.log(product), error, of_r)
    constant, as_r = _two_sided(power / stderr), _two_sided((power - 1) / stderr)
    if constant > _CONTRADICTED and abs(power) + 3 * stderr < 0.5:
        word = CONSTANT
    elif as_r > _CONTRADICTED and power - 3 * stderr > 0.5:
        word = RISES
    else:
        word = UNDECIDED if min(constant, as_r) > _CONTRADICTED else NEITHER
    return ThickeningTest(word, power, stderr, constant, as_r)


def _power(x: Floats, y: Floats, error: Floats, of_x: Floats) -> tuple[float, float]:
    """Return the slope of a line and its error; where x has errors, y holds x, so that they cancel at slope 1."""
    x, slope = x - x.mean(), 0.0
    for _ in range(_ROUNDS):
        variance = error**2 + (slope**2 - 2 * slope) * of_x**2
        sigma = np.sqrt(np.maximum(variance, 1e-6 * error**2))
        weight = 1 / sigma**2
        from_mean = x - np.sum(weight * x) / weight.sum()
        spread = float(np.sum(weight * from_mean**2))
        new = float(np.sum(weight * from_mean * y)) / spread
        settled = abs(new - slope) <= _SETTLED * max(abs(new), 1e-3)
        slope = new
        if settled:
            break
    residual = y - slope * x
    residual = residual - np.sum(weight * residual) / weight.sum()
    scatter = max(1.0, float(np.sum(weight * residual**2)) / max(x.size - 2, 1))
    return slope, math.sqrt(scatter / spread)


def _two_sided(z: float) -> float:
    return 2 * normal_cdf(-abs(z))


@dataclass(frozen=True, eq=False)
class LayerGrowth(Value):
    """Thickness and conductivity of a layer over time, and what R C says of them.

    Parameters
    ----------
    time_h : ndarray, shape (n,)
        When.
    thickness_cm, thickness_stderr_cm : ndarray, shape (n,)
        From the capacitance; nan without a permittivity. The error holds that of the permittivity, which all share.
    conductivity_s_cm, conductivity_stderr_s_cm : ndarray, shape (n,)
        Thickness over area-specific resistance; nan without a permittivity.
    product_s, product_stderr_s : ndarray, shape (n,)
        R C.
    test : ThickeningTest or None
        None where there are fewer than three times.
    """

    time_h: Floats
    thickness_cm: Floats
    thickness_stderr_cm: Floats
    conductivity_s_cm: Floats
    conductivity_stderr_s_cm: Floats
    product_s: Floats
    product_stderr_s: Floats
    test: ThickeningTest | None


@real_arguments(InputError)
def layer_growth(
    time_h: npt.ArrayLike,
    asr_ohm_cm2: npt.ArrayLike,
    capacitance_f_cm2: npt.ArrayLike,
    *,
    asr_stderr_log: npt.ArrayLike,
    capacitance_stderr_log: npt.ArrayLike,
    product_stderr_log: npt.ArrayLike | None = None,
    permittivity: float | None = None,
    permittivity_stderr: float = 0.0,
) -> LayerGrowth:
    r"""Return how thick a layer is over time, and whether it thickens or densifies.

    Parameters
    ----------
    time_h : array_like, shape (n,)
        When.
    asr_ohm_cm2, capacitance_f_cm2 : array_like, shape (n,)
        Of the arc of the layer; the capacitance is an effective one, see `eisfit.solids.effective_capacitance`.
    asr_stderr_log, capacitance_stderr_log : array_like, shape (n,)
        Standard errors of their logarithms, independent of each other.
    product_stderr_log : array_like, shape (n,), optional
        Those of ln(R C), where they are known by themselves, as from the frequency of the top of an arc.
    permittivity, permittivity_stderr : float, optional
        Relative permittivity of the layer with its standard error; without it there is no thickness.

    Raises
    ------
    InputError
        If a value or an error is not positive, arrays differ in length, or a capacitance or the permittivity is out of
        its range.

    Notes
    -----
    :math:`d = \varepsilon_r \varepsilon_0 / C`, the same at every time only in its permittivity: a layer that changes
    its composition has none. Where pores close, d is that of a dense layer of equal capacitance.

    Examples
    --------
    >>> import numpy as np
    >>> errors = {"asr_stderr_log": np.full(3, 0.01), "capacitance_stderr_log": np.full(3, 0.02)}
    >>> film = layer_growth([1, 10, 100], [30, 100, 300], [3.5e-6, 1.05e-6, 0.35e-6], permittivity=10.0, **errors)
    >>> f"{1e7 * film.thickness_cm[-1]:.0f} nm", film.test.word
    ('25 nm', 'constant')
    """
    t, r = np.asarray(time_h, float), np.asarray(asr_ohm_cm2, float)
    c, of_r, of_c = (
        np.asarray(a, float) for a in (capacitance_f_cm2, asr_stderr_log, capacitance_stderr_log)
    )
    _check(t, r, c, {"asr_stderr_log": of_r, "capacitance_stderr_log": of_c})
    if not (math.isfinite(permittivity_stderr) and permittivity_stderr >= 0):
        raise InputError(f"permittivity_stderr is {permittivity_stderr:g}: it must be 0 or larger")
    nothing = np.full(r.shape, np.nan)
    thickness = nothing if permittivity is None else layer_thickness_cm(c, permittivity)
    common = 0.0 if permittivity is None else permittivity_stderr / permittivity
    product = r * c
    of_product = np.hypot(of_r, of_c) if product_stderr_log is None else np.asarray(product_stderr_log, float)
    shared = of_r if product_stderr_log is None else None
    enough = t.size >= FEWEST and np.unique(r).size >= 2
    columns = (
        t, thickness, thickness * np.hypot(of_c, common), thickness / r, thickness / r * np.hypot(of_product, common),
        product, product * of_product,
    )  # fmt: skip
    test = thickening_test(r, product, of_product, shared) if enough else None
    time, d, of_d, sigma, of_sigma, rc, of_rc = (frozen_array(column, float) for column in columns)
    return LayerGrowth(time, d, of_d, sigma, of_sigma, rc, of_rc, test)


def _check(t: Floats, r: Floats, c: Floats, errors: Mapping[str, Floats]) -> None:
    if t.ndim != 1 or any(values.shape != t.shape for values in (r, c, *errors.values())):
        raise InputError("times, resistances, capacitances and their errors must hold one value a point")
    if not (np.isfinite(t) & (t >= 0)).all():
        raise InputError(
            f"time_h is {t[~(np.isfinite(t) & (t >= 0))][0]:g}: it must be 0 or more; leave that point out"
        )
    number("asr_ohm_cm2", r)
    number("capacitance_f_cm2", c)
    if not (r > 0).all():
        raise InputError(f"asr_ohm_cm2 is {r.min():g} at a time: it must be positive; leave that point out")
    for name, values in errors.items():
        if not (np.isfinite(values).all() and (values > 0).all()):
            raise InputError(f"{name} is not a positive number at every point: leave such points out")
