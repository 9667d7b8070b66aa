"""A series: fits of one cell over temperature (or time, concentration, bias)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, overload

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import SeriesError
from eisfit.results.contribution import DETERMINED, Contribution
from eisfit.results.doubted import chosen as chosen_points
from eisfit.results.doubted import misses, shown
from eisfit.results.fit import Fit
from eisfit.results.fits import fit_labelled
from eisfit.results.given import many_fits
from eisfit.results.order import condition_value, measured_at_once, measured_order
from eisfit.results.outcome import Outcome
from eisfit.results.quantity import ordinates_of_quantity, parts_seen, quantity_for_law, quantity_value
from eisfit.spectrum.findings import IMPLAUSIBLE_CONDITION
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Value
from eisfit.tools.keywords import known_keywords, refusing_unknown
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.views import Viewable

if TYPE_CHECKING:
    from eisfit.formats.reading import Unread
    from eisfit.laws.arrhenius import Arrhenius
    from eisfit.laws.checks import Grouping
    from eisfit.laws.law_fit import Followed, LawFit
    from eisfit.laws.ordinate import Ordinate
    from eisfit.relaxations.over_series import DistributionSeries
    from eisfit.results.joint import Joint
    from eisfit.suggestion import Suggestion

# the laws are imported with the first that is followed: ``import eisfit`` stays light

FOLLOWED = (*DETERMINED, "misfit")  # rows that have a point in a figure of a line
_WITHOUT_LAW = {"lead", "unassigned"}  # of what is no process of the cell, or may be none


@refusing_unknown(SeriesError)
@dataclass(frozen=True, eq=False, repr=False)
class Series(Presentable, Viewable, Value):
    """Fits of one cell, ordered by one condition.

    Parameters
    ----------
    condition : str
        Name of the condition, such as ``"temperature_c"``, or one of `Conditions.own`.
    fits : tuple of Fit
        In rising order of it; equal values (heating and cooling) keep their order.
    unread : tuple of Unread
        Files that could not be read.
    laws : tuple of LawFit
        Fits of laws that belong to the result beside the lines of Arrhenius; `with_laws` adds them.
    order : tuple of int
        When each spectrum was measured, among the others; empty if that is not known.
    keep : tuple of str
        Labels of spectra that take part in lines although their fit misses the data, or their data are those of an
        earlier one.
    joint : Joint or None
        The fit of all spectra at once, if one was made; its laws stand among `laws`.
    relaxations : DistributionSeries or None
        The distributions of relaxation times of its spectra, if they were looked at; see `with_relaxations`.
    suggestion : Suggestion or None
        The circuits and templates that its spectra allow, if it was asked for; see `with_suggestion`.
    """

    condition: str
    fits: tuple[Fit, ...]
    unread: tuple[Unread, ...] = ()
    laws: tuple[LawFit, ...] = ()
    order: tuple[int, ...] = ()
    keep: tuple[str, ...] = ()
    joint: Joint | None = None
    relaxations: DistributionSeries | None = None
    suggestion: Suggestion | None = None

    @classmethod
    @known_keywords
    def over(cls, condition: str, fits: Sequence[Fit], unread: Sequence[Unread] = ()) -> Series:
        """Order fits by a condition.

        Parameters
        ----------
        condition : str
            Name of the condition.
        fits : sequence of Fit
            In the order in which they were measured, unless all know their ``time_h``, which then counts.
        unread : sequence of Unread
            Files that could not be read.

        Raises
        ------
        SeriesError
            If the condition is unknown, a spectrum does not know its value, or `fits` holds anything but fits.
        """
        fits = many_fits(fits, "Series.over")
        place, order = measured_order([f.spectrum for f in fits], condition)
        return cls(condition, tuple(fits[k] for k in place), tuple(unread), order=order)

    def headline(self) -> str:
        """Return how many spectra there are, over what, how many failed, and how many fits miss their data."""
        values = [condition_value(f.spectrum, self.condition) for f in self.fits]
        span = f" from {min(values):g} to {max(values):g}" if values else ""
        lost = len(self.unread) + sum(f.outcome is Outcome.FAILED for f in self.fits)
        failed = f"; {lost} failed" if lost else ""
        missed = f"; {text}" if (text := misses(self.fits)) else ""
        names = ", ".join(self.names)
        return f"{len(self.fits)} spectra over {self.condition}{span}: {names}{failed}{missed}"

    def sheets(self) -> list[Sheet]:
        """Return resistances by contribution, and activation energies."""
        from eisfit.laws.line_sentences import energy_text

        rows = []
        for f in self.fits:
            by_name = {c.name: shown(c) for c in f.contributions}
            value = condition_value(f.spectrum, self.condition)
            rows.append((f.label, f"{value:g}", *(by_name.get(name, "") for name in self.names), f.sentence))
        echo = {
            n.text: None for f in self.fits for n in f.spectrum.findings if n.kind == IMPLAUSIBLE_CONDITION
        }
        columns = ("spectrum", self.condition, *self.names, "remark")
        found = [Sheet("Resistances / ohm", columns, tuple(rows), tuple(echo))]
        lines = tuple((a.contribution, energy_text(a), a.ordinate) for a, default in self.lines() if default)
        if lines:
            notes = tuple(text for a, default in self.lines() if default for text in a.sentences())
            columns = ("contribution", "E_A", "ordinate")
            found.append(Sheet("Activation energies / eV", columns, lines, notes))
        parameters = tuple(
            (fit.contribution, fit.law, p.name, fit.shown(p).removesuffix(f" {p.unit}"), p.unit, fit.ordinate)
            for fit in self.laws
            for p in fit.parameters
        )
        if parameters:
            heads = ("contribution", "law", "parameter", "value", "unit", "ordinate")
            found.append(Sheet("Laws", heads, parameters))
        return found

    def _written_for(self, name: str) -> str | None:
        return f"{{it}}.follow({name!r}), or {{it}}.arrhenius({name!r})" if name in self.names else None

    def __len__(self) -> int:
        return len(self.fits)

    def __iter__(self) -> Iterator[Fit]:
        return iter(self.fits)

    @overload
    def __getitem__(self, index: int | str) -> Fit: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Fit, ...]: ...

    def __getitem__(self, index: int | str | slice) -> Fit | tuple[Fit, ...]:
        """Return a fit by its place or by the label of its spectrum, or some by a slice.

        Raises
        ------
        KeyError
            If there is no spectrum of that label; the message lists those there are.
        """
        return fit_labelled(self.fits, index) if isinstance(index, str) else self.fits[index]

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
        law: str = "arrhenius",
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
        from eisfit.laws import fit_law, law_named
        from eisfit.laws.registry import TEMPERATURE

        kind = law_named(law)
        rows = self._rows(contribution)
        quantity, unit, choices = quantity_for_law([c for _, c in rows], kind)
        chosen = choices[0] if ordinate is None else ordinate
        if chosen not in choices:
            raise SeriesError(f"ordinate {chosen!r} does not suit {quantity}; take {' or '.join(choices)}")
        over_temperature = kind.condition == TEMPERATURE
        errors = [f.spectrum.conditions.temperature_err_c if over_temperature else 0.0 for f, _ in rows]
        at_once = measured_at_once([f.spectrum for f, _ in rows], kind.condition)
        point = np.array([c.stderr_log for _, c in rows])
        used, said = chosen_points(contribution, rows, leave_out, {*self.keep, *keep})
        condition = np.array([condition_value(f.spectrum, kind.condition) for f, _ in rows])
        return fit_law(
            law,
            condition + ZERO_CELSIUS_K if over_temperature else condition,
            np.array([quantity_value(c, quantity) for _, c in rows])
            / parts_seen([c for _, c in rows], quantity),
            point if weighted else None,
            condition_err=np.array([e or 0.0 for e in errors]) * np.sqrt(at_once),
            ordinate=chosen,
            used=used & np.isfinite(point) if weighted else used,
            of=self._followed(
                rows, quantity, unit, said, complete=None not in errors, over_temperature=over_temperature
            ),
            common_stderr_log=_relative_error_of_area(rows[0][0]) if quantity != "resistance" else 0.0,
        )

    def _followed(
        self,
        rows: Sequence[tuple[Fit, Contribution]],
        quantity: str,
        unit: str,
        said: Sequence[str],
        *,
        complete: bool,
        over_temperature: bool,
    ) -> Followed:
        """Return what the points of a law are of."""
        from eisfit.laws import Followed

        fits = [f for f, _ in rows]
        pairs = {f.spectrum.conditions.probe_pair for f in fits}
        return Followed(
            contribution=rows[0][1].name,
            role=rows[0][1].role,
            quantity=quantity,
            unit=unit,
            labels=tuple(f.label for f in fits),
            points_total=len(self.fits) + len(self.unread),
            remarks=(*(() if complete else ("no temperature error given: not in the error bar",)), *said),
            condition_err_known=complete,
            grouping=self._grouping(fits) if over_temperature and len(pairs) < 2 else None,
        )

    @known_keywords
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
        from eisfit.laws.arrhenius import ARRHENIUS, Arrhenius

        line = self.follow(
            contribution, ARRHENIUS, ordinate, weighted=weighted, leave_out=leave_out, keep=keep
        )
        assert isinstance(line, Arrhenius)
        return line

    def with_laws(self, *found: LawFit) -> Series:
        """Return the series with further fits of laws, for its tables, figures and file."""
        return replace(self, laws=(*self.laws, *found))

    def with_relaxations(self, *, done: Callable[[int, int], None] | None = None) -> Series:
        """Return the series with the distributions of relaxation times of its spectra, for tables, figures, file.

        Parameters
        ----------
        done : callable, optional
            Called with the number of spectra that are done and the number of all, after each.
        """
        from eisfit.relaxations.over_series import drt_series

        found = drt_series([f.spectrum for f in self.fits], over=self.condition, done=done)
        return replace(self, relaxations=found)

    def with_suggestion(self, *, done: Callable[[int, int], object] | None = None) -> Series:
        """Return the series with the circuits and templates that its spectra allow, for tables, report and file.

        Parameters
        ----------
        done : callable, optional
            Called with the number of spectra that are done and the number of all, after each.
        """
        from eisfit.suggestion import suggest

        return replace(self, suggestion=suggest([f.spectrum for f in self.fits], done=done))

    def _rows(self, contribution: str) -> list[tuple[Fit, Contribution]]:
        """Return the rows of a contribution that have a value, each with its fit."""
        if contribution not in self.names:
            raise SeriesError(
                f"no contribution {contribution!r} in this series{did_you_mean(contribution, self.names)}; there are "
                f"{', '.join(map(repr, self.names))}"
            )
        rows = [
            (f, c)
            for f in self.fits
            for c in f.contributions
            if c.name == contribution
            and c.resolved in FOLLOWED
            and np.isfinite(c.resistance_ohm)
            and not {c.role, *c.rivals} & _WITHOUT_LAW
        ]
        if not rows:
            raise SeriesError(f"{contribution!r} has no value in any spectrum; see the outcome of each fit")
        return rows

    def _grouping(self, fits: Sequence[Fit]) -> Grouping | None:
        """Return the groups of spectra that ought to agree at equal temperatures."""
        from eisfit.laws.registry import TEMPERATURE
        from eisfit.results.passes import grouping_of

        when = {id(f): n for f, n in zip(self.fits, self.order, strict=False)}
        temperatures = [condition_value(f.spectrum, TEMPERATURE) for f in fits]
        return grouping_of(
            [f.label for f in fits], temperatures, [when[id(f)] for f in fits if id(f) in when]
        )

    def lines(self) -> list[tuple[Arrhenius, bool]]:
        """Return the lines of all contributions in both ordinates, each with whether it is the default.

        Contributions with a value at fewer than two temperatures are left out.
        """
        from eisfit.laws.registry import TEMPERATURE

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

    def arrhenius_fits(self) -> list[tuple[Arrhenius, bool]]:
        """Return the lines as `lines` does, then the Arrhenius laws of a joint fit, each as a default."""
        from eisfit.laws.arrhenius import Arrhenius

        joint = [fit for fit in self.laws if isinstance(fit, Arrhenius) and fit.estimate == "joint"]
        return [*self.lines(), *((fit, True) for fit in joint)]

    def law_fits(self) -> list[tuple[LawFit, bool]]:
        """Return the Arrhenius lines as `lines` does, then the fits of `laws`, each of which counts as a default."""
        return [*self.lines(), *((fit, True) for fit in self.laws)]


def _relative_error_of_area(fit: Fit) -> float:
    known = fit.spectrum.conditions
    return (known.area_err_cm2 or 0.0) / known.area_cm2 if known.area_cm2 else 0.0
