"""A series: fits of one cell over temperature (or time, concentration, bias)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import SeriesError
from eisfit.laws.arrhenius import ARRHENIUS, Arrhenius
from eisfit.laws.follow import fit_law
from eisfit.laws.law_fit import Followed, LawFit
from eisfit.laws.ordinate import Ordinate
from eisfit.laws.registry import TEMPERATURE, law_named
from eisfit.results.contribution import DETERMINED, Contribution
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.results.quantity import ordinates_of_quantity, quantity_for_law, quantity_value
from eisfit.spectrum.conditions import CONDITION_NUMBERS
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Bools, Value
from eisfit.tools.rounding import with_error

if TYPE_CHECKING:
    from eisfit.formats.reading import Unread

FOLLOWED = (*DETERMINED, "misfit")  # rows that have a point in a figure of a line
_NAMED = 4  # values left out of a line that a remark names


@dataclass(frozen=True, eq=False, repr=False)
class Series(Presentable, Value):
    """Fits of one cell, ordered by one condition.

    Parameters
    ----------
    condition : str
        Name of the condition, such as ``"temperature_c"``.
    fits : tuple of Fit
        In rising order of it; equal values (heating and cooling) keep their order.
    unread : tuple of Unread
        Files that could not be read.
    laws : tuple of LawFit
        Fits of laws that belong to the result beside the lines of Arrhenius; `with_laws` adds them.
    keep : tuple of str
        Labels of spectra that take part in lines although their fit misses the data, or their data are those of an
        earlier one.
    """

    condition: str
    fits: tuple[Fit, ...]
    unread: tuple[Unread, ...] = ()
    laws: tuple[LawFit, ...] = ()
    keep: tuple[str, ...] = ()

    @classmethod
    def over(cls, condition: str, fits: Sequence[Fit], unread: Sequence[Unread] = ()) -> Series:
        """Order fits by a condition.

        Raises
        ------
        SeriesError
            If the condition is unknown, or a spectrum does not know its value.
        """
        ordered = sorted(fits, key=lambda f: condition_value(f.spectrum, condition))
        return cls(condition, tuple(ordered), tuple(unread))

    def headline(self) -> str:
        """Return how many spectra there are, over what, how many failed, and how many fits miss their data."""
        values = [condition_value(f.spectrum, self.condition) for f in self.fits]
        span = f" from {min(values):g} to {max(values):g}" if values else ""
        lost = len(self.unread) + sum(f.outcome is Outcome.FAILED for f in self.fits)
        failed = f"; {lost} failed" if lost else ""
        missed = f"; {text}" if (text := misses(self.fits)) else ""
        return (
            f"{len(self.fits)} spectra over {self.condition}{span}: {', '.join(self.names)}{failed}{missed}"
        )

    def sheets(self) -> list[Sheet]:
        """Return resistances by contribution, and activation energies."""
        rows = []
        for f in self.fits:
            by_name = {c.name: _shown(c) for c in f.contributions}
            value = condition_value(f.spectrum, self.condition)
            rows.append((f.label, f"{value:g}", *(by_name.get(name, "") for name in self.names), f.sentence))
        found = [Sheet("Resistances / ohm", ("spectrum", self.condition, *self.names, "remark"), tuple(rows))]
        lines = tuple(
            (a.contribution, with_error(a.activation_energy_ev, a.activation_energy_stderr_ev), a.ordinate)
            for a, default in self.lines()
            if default
        )
        if lines:
            found.append(Sheet("Activation energies / eV", ("contribution", "E_A", "ordinate"), lines))
        parameters = tuple(
            (fit.contribution, fit.law, p.name, with_error(p.value, p.stderr), p.unit, fit.ordinate)
            for fit in self.laws
            for p in fit.parameters
        )
        if parameters:
            columns = ("contribution", "law", "parameter", "value", "unit", "ordinate")
            found.append(Sheet("Laws", columns, parameters))
        return found

    def __len__(self) -> int:
        return len(self.fits)

    def __iter__(self) -> Iterator[Fit]:
        return iter(self.fits)

    def __getitem__(self, index: int) -> Fit:
        return self.fits[index]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the contributions that occur, in the order of the cell."""
        return tuple(dict.fromkeys(c.name for f in self.fits for c in f.contributions))

    @property
    def all_done(self) -> bool:
        """Whether every spectrum was read and fitted."""
        return not self.unread and all(f.outcome is not Outcome.FAILED for f in self.fits)

    def follow(
        self,
        contribution: str,
        law: str = ARRHENIUS,
        ordinate: Ordinate | None = None,
        *,
        weighted: bool = True,
        leave_out: Sequence[str] = (),
        keep: Sequence[str] = (),
    ) -> LawFit:
        """Fit a law to the values of one contribution.

        Parameters
        ----------
        contribution : str
            Its name, such as ``"interface"``.
        law : str
            Name of a registered law.
        ordinate : str, optional
            What is fitted; the default of the role if not given, or the first of the law that suits.
        weighted : bool
            Whether points are weighted by their errors; otherwise all have the same weight.
        leave_out : sequence of str
            Labels of spectra to leave out.
        keep : sequence of str
            Labels of spectra to use although they would be left out, beside those of the series: those whose fit
            misses the data (``misfit``), and those whose data are those of an earlier one (``twin``). Both stay in
            the figure as open points, and a remark names them.

        Returns
        -------
        LawFit
            Of the class that the law declares.

        Raises
        ------
        SeriesError
            If there is no such law, the contribution does not occur, the condition of the law is not known, or
            the contribution has a value at too few values of it.
        """
        kind = law_named(law)
        rows = self._rows(contribution)
        quantity, unit, choices = quantity_for_law([c for _, c in rows], kind)
        chosen = choices[0] if ordinate is None else ordinate
        if chosen not in choices:
            raise SeriesError(f"ordinate {chosen!r} does not suit {quantity}; take {' or '.join(choices)}")
        over_temperature = kind.condition == TEMPERATURE
        errors = [f.spectrum.conditions.temperature_err_c if over_temperature else 0.0 for f, _ in rows]
        complete = all(e is not None for e in errors)
        labels = tuple(f.label for f, _ in rows)
        point = np.array([c.stderr_log for _, c in rows])
        used, said = _chosen(contribution, rows, leave_out, {*self.keep, *keep})
        area = rows[0][0].spectrum.conditions
        relative_area = (area.area_err_cm2 or 0.0) / area.area_cm2 if area.area_cm2 else 0.0
        condition = np.array([condition_value(f.spectrum, kind.condition) for f, _ in rows])
        return fit_law(
            law,
            condition + ZERO_CELSIUS_K if over_temperature else condition,
            np.array([quantity_value(c, quantity) for _, c in rows]),
            point if weighted else None,
            condition_err=np.array([e or 0.0 for e in errors]),
            ordinate=chosen,
            used=used & np.isfinite(point) if weighted else used,
            of=Followed(
                contribution=contribution,
                role=rows[0][1].role,
                quantity=quantity,
                unit=unit,
                labels=labels,
                points_total=len(self.fits) + len(self.unread),
                remarks=(
                    *(() if complete else ("no temperature error given: not in the error bar",)),
                    *said,
                ),
            ),
            common_stderr_log=relative_area if quantity != "resistance" else 0.0,
        )

    def arrhenius(
        self,
        contribution: str,
        ordinate: Ordinate | None = None,
        *,
        weighted: bool = True,
        leave_out: Sequence[str] = (),
        keep: Sequence[str] = (),
    ) -> Arrhenius:
        """Return the Arrhenius line of one contribution: `follow` with this law.

        Parameters
        ----------
        contribution, ordinate, weighted, leave_out, keep
            As in `follow`.

        Raises
        ------
        SeriesError
            If the contribution does not occur, or has a value at fewer than two temperatures.
        """
        line = self.follow(
            contribution, ARRHENIUS, ordinate, weighted=weighted, leave_out=leave_out, keep=keep
        )
        assert isinstance(line, Arrhenius)
        return line

    def with_laws(self, *found: LawFit) -> Series:
        """Return the series with further fits of laws, for its tables, figures and file."""
        return replace(self, laws=(*self.laws, *found))

    def _rows(self, contribution: str) -> list[tuple[Fit, Contribution]]:
        """Return the rows of a contribution that have a value, each with its fit."""
        if contribution not in self.names:
            raise SeriesError(
                f"no contribution {contribution!r} in this series; there are {', '.join(map(repr, self.names))}"
            )
        rows = [
            (f, c)
            for f in self.fits
            for c in f.contributions
            if c.name == contribution and c.resolved in FOLLOWED and np.isfinite(c.resistance_ohm)
        ]
        if not rows:
            raise SeriesError(f"{contribution!r} has no value in any spectrum; see the outcome of each fit")
        return rows

    def lines(self) -> list[tuple[Arrhenius, bool]]:
        """Return the lines of all contributions in both ordinates, each with whether it is the default.

        Contributions with a value at fewer than two temperatures are left out.
        """
        found: list[tuple[Arrhenius, bool]] = []
        if self.condition != TEMPERATURE:
            return found
        for name in self.names:
            try:
                first = self.arrhenius(name)
            except SeriesError:
                continue
            other = next(o for o in ordinates_of_quantity(first.quantity) if o != first.ordinate)
            found += [(first, True), (self.arrhenius(name, other), False)]
        return found

    def law_fits(self) -> list[tuple[LawFit, bool]]:
        """Return the Arrhenius lines as `lines` does, then the fits of `laws`, each of which counts as a default."""
        return [*self.lines(), *((fit, True) for fit in self.laws)]


def misses(fits: Sequence[Fit]) -> str:
    """Return how many fits miss the data, as a sentence with the remedy; empty if none does."""
    count = sum(f.missed for f in fits)
    if not count:
        return ""
    verb = "disagrees" if count == 1 else "disagree"
    return f"{count} of {len(fits)} {'fits' if len(fits) > 1 else 'fit'} {verb} with the data: try another template"


def _shown(row: Contribution) -> str:
    """Return a resistance with what must be known beside it."""
    value = with_error(row.resistance_ohm, row.resistance_stderr_ohm)
    if row.resolved == "misfit":
        return f"{value} ({row.known})" if value else row.known
    return value or row.resolved.removeprefix("yes")


def _doubt(fit: Fit, row: Contribution) -> str:
    """Return why a value takes no part in lines unless it is asked for."""
    if row.resolved == "misfit":
        return row.known
    findings = fit.spectrum.checked.findings if fit.spectrum.checked else ()
    return "the same data twice" if any(finding.kind == "twin" for finding in findings) else ""


def _chosen(
    contribution: str,
    rows: Sequence[tuple[Fit, Contribution]],
    leave_out: Sequence[str],
    keep: Collection[str],
) -> tuple[Bools, list[str]]:
    """Return which values take part in a line, and what is said of those that are doubted.

    Raises
    ------
    SeriesError
        If none is left beside doubted ones.
    """
    doubted = {f.label: why for f, c in rows if (why := _doubt(f, c)) and f.label not in keep}
    used = ~np.isin([f.label for f, _ in rows], [*leave_out, *doubted])
    said = _left_out(contribution, doubted, len(rows))
    if said and not used.any():
        raise SeriesError(f"{said[0]}; none is left: try another template, or name those to keep")
    return used, said


def _left_out(contribution: str, doubted: Mapping[str, str], points: int) -> list[str]:
    """Say which values were left out of a line, and why."""
    if not doubted:
        return []
    named = ", ".join(f"{label} ({why})" for label, why in list(doubted.items())[:_NAMED])
    more = f" and {len(doubted) - _NAMED} more" if len(doubted) > _NAMED else ""
    return [f"{contribution}: {len(doubted)} of {points} values are not in the line: {named}{more}"]


def condition_value(spectrum: Spectrum, condition: str) -> float:
    """Return the value of a numeric condition.

    Raises
    ------
    SeriesError
        If the condition is unknown or the spectrum does not know it.
    """
    if condition not in CONDITION_NUMBERS:
        raise SeriesError(f"unknown condition {condition!r}; known: {', '.join(CONDITION_NUMBERS)}")
    value = getattr(spectrum.conditions, condition)
    if value is None:
        raise SeriesError(
            f"{spectrum.label or 'spectrum'}: {condition} is not known, so it has no place in the series"
        )
    return float(value)
