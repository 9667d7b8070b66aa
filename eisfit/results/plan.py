"""What a measurement will know, foreseen: standard errors, and which further measurement helps most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from eisfit.errors import InputError
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Value
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.rounding import with_error
from eisfit.tools.views import Viewable

Quantity: TypeAlias = Literal["resistance", "resistance by the law", "activation energy"]
Estimate: TypeAlias = Literal["lines", "joint", "shared"]
ESTIMATES: tuple[Estimate, ...] = ("lines", "joint", "shared")
NOT_TOLD = "not told"
_SAID = {
    "lines": "fits of single spectra, lines through them",
    "joint": "joint fit, each resistance by its law",
    "shared": "joint fit, laws and shared parameters",
}


@dataclass(frozen=True)
class PredictedError:
    """The standard error that one value will have.

    Parameters
    ----------
    contribution : str
        What it is of: a segment, or a parameter of a circuit.
    quantity : {"resistance", "resistance by the law", "activation energy"}
        What of it: the resistance in one spectrum, at its true temperature; that which a line or a law gives at a
        temperature, with the errors of all temperatures; or the activation energy.
    estimate : {"lines", "joint", "shared"}
        From which fit: each spectrum by itself and lines through them; all at once, with laws; and with shared
        capacitances and exponents.
    cells : str
        Complementary cells that are fitted with it, joined by `` + ``; empty where none is.
    temperature_c : float
        Of a resistance; nan for an activation energy.
    value : float
        That is expected, in `unit`: of a resistance that of the measured path.
    stderr : float
        Its standard error by linear prediction, in `unit`.
    unit : str
        ``"ohm"`` or ``"eV"``.
    reason : str
        Why a linear prediction is not to be trusted; empty where it is.
    """

    contribution: str
    quantity: Quantity
    estimate: Estimate
    cells: str
    temperature_c: float
    value: float
    stderr: float
    unit: str
    reason: str = ""

    @property
    def told(self) -> bool:
        """Whether the prediction is to be trusted."""
        return not self.reason

    @property
    def stderr_percent(self) -> float:
        """Standard error in percent of the value."""
        return 100 * self.stderr / abs(self.value) if self.value else math.nan

    @property
    def text(self) -> str:
        """The error as tables show it."""
        if not self.told:
            return NOT_TOLD
        return (
            f"{two_digits(self.stderr_percent)} %"
            if self.unit == "ohm"
            else f"{two_digits(1e3 * self.stderr)} meV"
        )


@dataclass(frozen=True)
class Measurement:
    """One further measurement, and what it does for the value that was named.

    Parameters
    ----------
    name : str
        Such as ``"one decade up, to 10 MHz"``.
    kind : str
        ``temperature``, ``repetition``, ``complement``, ``thickness``, ``frequency``, ``noise`` or
        ``temperature error``.
    before, after : PredictedError
        Of the named value, without and with it.
    """

    name: str
    kind: str
    before: PredictedError
    after: PredictedError

    @property
    def gain(self) -> float:
        """By which factor the standard error falls."""
        return self.before.stderr / self.after.stderr

    @property
    def told(self) -> bool:
        """Whether the predicted error with it is to be trusted."""
        return self.after.told

    @property
    def gain_text(self) -> str:
        """The factor as tables show it."""
        if not self.told:
            return NOT_TOLD
        return f"{self.gain:.2f}" if self.before.told else "told with it alone"


@dataclass(frozen=True, eq=False, repr=False)
class Plan(Presentable, Viewable, Value):
    """What a measurement will know, and which further one helps most.

    Parameters
    ----------
    target : PredictedError
        The value that measurements are ranked by, without any of them.
    errors : tuple of PredictedError
        All predicted errors.
    measurements : tuple of Measurement
        Ranked: the one that helps most first, those of which nothing can be told last.
    remarks : tuple of str
        Such as a missing temperature error.
    """

    usual_figure: ClassVar[str] = "plan"

    target: PredictedError
    errors: tuple[PredictedError, ...]
    measurements: tuple[Measurement, ...]
    remarks: tuple[str, ...] = ()

    @property
    def best(self) -> Measurement | None:
        """The measurement that helps most; None where of none anything can be told."""
        return next((m for m in self.measurements if m.told), None)

    def error(
        self,
        contribution: str,
        quantity: Quantity = "activation energy",
        *,
        estimate: Estimate = "joint",
        cells: str = "",
        temperature_c: float | None = None,
    ) -> PredictedError:
        """Return one predicted error.

        Parameters
        ----------
        contribution, quantity, estimate, cells
            As in `PredictedError`.
        temperature_c : float, optional
            Of a resistance; the first that there is if not given.

        Raises
        ------
        InputError
            If there is none; the message lists those there are.
        """
        for e in self.errors:
            at = temperature_c is None or abs(e.temperature_c - temperature_c) < 1e-6
            if (e.contribution, e.quantity, e.estimate, e.cells) == (
                contribution,
                quantity,
                estimate,
                cells,
            ) and at:
                return e
        names = list(dict.fromkeys(e.contribution for e in self.errors))
        with_cells = list(dict.fromkeys(e.cells for e in self.errors))
        raise InputError(
            f"no {quantity} of {contribution!r} is predicted for {estimate!r} with cells {cells!r}"
            f"{did_you_mean(contribution, names)}; there are {', '.join(names)}; cells {with_cells}"
        )

    def headline(self) -> str:
        """Return what is ranked, what it is now, and what helps most."""
        t, best = self.target, self.best
        now = f"{named(t)}: {with_error(t.value, t.stderr, t.unit) if t.told else f'{NOT_TOLD} ({t.reason})'}"
        if best is None:
            return f"{now}; of no further measurement anything can be told"
        after = with_error(t.value, best.after.stderr, t.unit)
        gain = f"{two_digits(best.gain)} times smaller an error" if t.told else after
        return f"{now}; helps most: {best.name} ({gain})"

    def sheets(self) -> list[Sheet]:
        """Return the ranked measurements, the activation energies, and the resistances at each temperature."""
        found = [self._ranking()]
        if any(e.quantity == "activation energy" for e in self.errors):
            found.append(self._energies())
        return [*found, self._resistances()]

    def _ranking(self) -> Sheet:
        rows = tuple((m.name, m.after.text, m.gain_text) for m in self.measurements)
        heads = ("further measurement", "standard error with it", "gain")
        reasons = dict.fromkeys(f"{NOT_TOLD}: {m.after.reason}" for m in self.measurements if not m.told)
        title = f"{named(self.target)} ({_SAID[self.target.estimate]}): now {self.target.text}"
        return Sheet(title, heads, rows, (*reasons, *self.remarks))

    def _energies(self) -> Sheet:
        energies = [e for e in self.errors if e.quantity == "activation energy"]
        names = list(dict.fromkeys(e.contribution for e in energies))
        rows = []
        for estimate, cells in dict.fromkeys((e.estimate, e.cells) for e in energies):
            by_name = {e.contribution: e for e in energies if (e.estimate, e.cells) == (estimate, cells)}
            texts = [by_name[n].text if n in by_name else "" for n in names]
            rows.append((f"{_SAID[estimate]}{f', with {cells}' if cells else ''}", *texts))
        first = {n: next(e for e in energies if e.contribution == n) for n in names}
        heads = tuple(f"{n}, {e.value:.3g} eV" for n, e in first.items())
        return Sheet("Standard errors of activation energies", ("estimate", *heads), tuple(rows))

    def _resistances(self) -> Sheet:
        """Return the errors of resistances without complements, by single fits and by the joint fit that ranks."""
        own = [e for e in self.errors if e.unit == "ohm" and e.cells == self.target.cells]
        estimates: tuple[Estimate, ...] = ("lines", self.target.estimate)
        names = list(dict.fromkeys(e.contribution for e in own))
        cells = {(e.temperature_c, e.quantity, e.contribution, e.estimate): e for e in own}
        cells |= {
            (e.temperature_c, e.quantity, e.contribution, "lines"): e
            for e in self.errors
            if e.unit == "ohm" and e.estimate == "lines"
        }
        rows = []
        for t, quantity in dict.fromkeys((key[0], key[1]) for key in cells):
            found = [cells.get((t, quantity, n, estimate)) for n in names for estimate in estimates]
            where = f"{t:g}, by the law" if quantity == "resistance by the law" else f"{t:g}"
            rows.append((where, *("" if e is None else e.text for e in found)))
        heads = ("T / °C", *(f"{n}, {how}" for n in names for how in ("alone", self.target.estimate)))
        shown = [e for e in cells.values() if e.estimate in estimates and not e.told]
        reasons = dict.fromkeys(f"{NOT_TOLD}: {e.contribution}, {e.reason}" for e in shown)
        return Sheet("Standard errors of resistances", heads, tuple(rows), tuple(reasons))


def named(error: PredictedError) -> str:
    """Return what a predicted error is of."""
    if error.quantity == "activation energy":
        return f"E_A of {error.contribution}"
    by = " by the law" if error.quantity == "resistance by the law" else ""
    return f"resistance of {error.contribution} at {error.temperature_c:g} °C{by}"


def two_digits(number: float) -> str:
    """Return a positive number with two digits that count, without a power of ten.

    Examples
    --------
    >>> two_digits(13.62), two_digits(0.0341), two_digits(0.97), two_digits(4120.0)
    ('14', '0.034', '0.97', '4120')
    """
    if not (math.isfinite(number) and number > 0):
        return "?"
    return f"{number:.{max(0, 1 - math.floor(math.log10(float(f'{number:.1e}'))))}f}"


def ranked(measurements: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Return measurements, the one that helps most first, those of which nothing can be told last."""
    return tuple(sorted(measurements, key=lambda m: (not m.told, m.after.stderr)))
