"""What the distribution of relaxation times of a spectrum holds: peaks, and arcs beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Floats, Value
from eisfit.tools.rounding import with_error
from eisfit.tools.views import Viewable


@dataclass(frozen=True)
class Peak:
    """A maximum of the distribution.

    Parameters
    ----------
    tau_s, tau_stderr_s : float
        Where it is.
    resistance_ohm, resistance_stderr_ohm : float
        Integral of the distribution between the valleys beside it.
    stands : bool
        Whether it is higher than both valleys in 95 % of all distributions that suit the data, and its resistance
        larger than twice its standard error.
    """

    tau_s: float
    tau_stderr_s: float
    resistance_ohm: float
    resistance_stderr_ohm: float
    stands: bool

    @property
    def frequency_hz(self) -> float:
        """Characteristic frequency 1/(2 pi tau)."""
        return 1 / (2 * math.pi * self.tau_s)

    @property
    def capacitance_f(self) -> float:
        """Effective capacitance tau / R in F."""
        return self.tau_s / self.resistance_ohm


@dataclass(frozen=True)
class DepressedArc:
    """One of the depressed arcs in series that stand for a spectrum.

    Parameters
    ----------
    tau_s, tau_stderr_s : float
        Time constant.
    resistance_ohm, resistance_stderr_ohm : float
        Resistance.
    alpha, alpha_stderr : float
        Exponent.
    """

    tau_s: float
    tau_stderr_s: float
    resistance_ohm: float
    resistance_stderr_ohm: float
    alpha: float
    alpha_stderr: float

    @property
    def frequency_hz(self) -> float:
        """Characteristic frequency 1/(2 pi tau)."""
        return 1 / (2 * math.pi * self.tau_s)

    @property
    def capacitance_f(self) -> float:
        """Effective capacitance tau / R in F (Hsu and Mansfeld 2001, doi 10.5006/1.3280607)."""
        return self.tau_s / self.resistance_ohm


@dataclass(frozen=True, eq=False)
class ArcCount(Value):
    """How many depressed arcs a spectrum has within its window.

    Parameters
    ----------
    arcs : tuple of DepressedArc
        The best number of them, from short to long time constants; those beyond the window stand for tails and are
        not counted.
    odds_fewer, odds_more : float
        Odds of this number against the best with one arc less and one more; infinite where none was tried.
    possible : tuple of int
        All numbers whose odds against the best are above 1:20.
    bic : float
        Bayesian information criterion of the best.
    """

    arcs: tuple[DepressedArc, ...]
    odds_fewer: float
    odds_more: float
    possible: tuple[int, ...]
    bic: float

    @property
    def number(self) -> int:
        """The most probable number."""
        return len(self.arcs)


@dataclass(frozen=True, eq=False, repr=False)
class Distribution(Presentable, Viewable, Value):
    """The distribution of relaxation times of a spectrum.

    Parameters
    ----------
    spectrum : Spectrum
        Whose masked points take no part.
    tau_s : ndarray, shape (m,)
        Time constants at equal steps of the logarithm; they reach a decade beyond the window on either side.
    gamma_ohm, gamma_low_ohm, gamma_high_ohm : ndarray, shape (m,)
        Distribution over ln tau, and its 95 % band.
    peaks : tuple of Peak
        From short to long time constants, those in the window.
    count : ArcCount
        The discrete answer: how many depressed arcs, and which.
    resistance_ohm, resistance_stderr_ohm : float
        Integral of the whole distribution; nan where it goes on beyond the window.
    series_resistance_ohm, inductance_h, capacitance_f : float
        What lies in series; 0 H, and infinite F, where there is none.
    goes_on : bool
        Whether the distribution still rises at the longest time constants: blocking, diffusion, or an arc that the
        window does not hold.
    residual_percent : float
        Standard deviation of the residuals in percent of |Z|.
    remarks : tuple of str
        What the reader should know.
    """

    spectrum: Spectrum
    tau_s: Floats
    gamma_ohm: Floats
    gamma_low_ohm: Floats
    gamma_high_ohm: Floats
    peaks: tuple[Peak, ...]
    count: ArcCount
    resistance_ohm: float
    resistance_stderr_ohm: float
    series_resistance_ohm: float
    inductance_h: float
    capacitance_f: float
    goes_on: bool
    residual_percent: float
    remarks: tuple[str, ...] = field(default=())

    usual_figure = "drt"

    @property
    def arcs(self) -> tuple[DepressedArc, ...]:
        """The depressed arcs of the most probable number."""
        return self.count.arcs

    def headline(self) -> str:
        """Return the numbers of peaks and arcs in one line."""
        standing = sum(peak.stands for peak in self.peaks)
        label = f"{self.spectrum.label}: " if self.spectrum.label else ""
        return f"{label}{_counted(standing, 'peak')}, {_counted(self.count.number, 'depressed arc')}"

    def sheets(self) -> list[Sheet]:
        """Return peaks and arcs as tables."""
        peaks = tuple(
            (
                f"{p.frequency_hz:.3g}",
                with_error(p.resistance_ohm, p.resistance_stderr_ohm),
                f"{p.capacitance_f:.2g}",
                "" if p.stands else "not certain",
            )
            for p in self.peaks
        )
        arcs = tuple(
            (
                f"{a.frequency_hz:.3g}",
                with_error(a.resistance_ohm, a.resistance_stderr_ohm),
                f"{a.capacitance_f:.2g}",
                with_error(a.alpha, a.alpha_stderr),
            )
            for a in self.arcs
        )
        return [
            Sheet("Peaks", ("f / Hz", "R / ohm", "C / F", "remark"), peaks, self.remarks),
            Sheet(
                "Depressed arcs", ("f / Hz", "R / ohm", "C / F", "alpha"), arcs, (count_sentence(self.count),)
            ),
        ]


def count_sentence(count: ArcCount) -> str:
    """Return how certain the number of arcs is."""
    others = [k for k in count.possible if k != count.number]
    if not others:
        return f"{_counted(count.number, 'arc')}: any other number has odds below 1:20"
    return (
        f"{_counted(count.number, 'arc')}, or {' or '.join(map(str, others))}: "
        "the data do not tell (odds below 20:1)"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
