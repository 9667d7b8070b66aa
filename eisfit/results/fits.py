"""Many fits as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from eisfit.results.fit import Fit
from eisfit.results.outcome import NAN, Outcome
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Bools, Floats, Value, equal
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.rounding import quantity, with_error
from eisfit.tools.views import Viewable

_SHOWN = 20  # fits in the table of a display
_SHOWN_NAMES = 8  # parameters in one line


@dataclass(frozen=True, eq=False, repr=False)
class FitColumns(Value):
    """Numbers of many fits as arrays, one entry or row per spectrum.

    Parameters
    ----------
    names : tuple of str
        Names of the parameters.
    values, stderrs : ndarray, shape (N, P)
        In their units; nan where not known, and where a fit has no parameter of that name.
    chi2_reduced : ndarray, shape (N,)
        Sum of squared weighted residuals by degrees of freedom; nan where the fit failed.
    converged : ndarray of bool, shape (N,)
        Whether the fit converged; false where it failed.
    """

    names: tuple[str, ...]
    values: Floats
    stderrs: Floats
    chi2_reduced: Floats
    converged: Bools

    def __repr__(self) -> str:
        return f"<FitColumns {len(self.converged)} spectra: {', '.join(self.names) or 'no parameter'}>"

    @classmethod
    def of(cls, fits: Sequence[Fit]) -> FitColumns:
        """Return the columns of some fits."""
        names = tuple(dict.fromkeys(p.name for f in fits for p in f.parameters))
        known = [{p.name: p for p in f.parameters} for f in fits]
        shape = len(fits), len(names)
        values = [[row[n].value if n in row else NAN for n in names] for row in known]
        stderrs = [[row[n].stderr if n in row else NAN for n in names] for row in known]
        converged = [f.outcome not in (Outcome.FAILED, Outcome.NOT_CONVERGED) for f in fits]
        chi2 = [NAN if f.statistics is None else f.statistics.chi2_reduced for f in fits]
        return cls(
            names,
            np.reshape(values, shape),
            np.reshape(stderrs, shape),
            np.array(chi2, float),
            np.array(converged, bool),
        )

    @classmethod
    def joined(cls, parts: Sequence[tuple[npt.ArrayLike, FitColumns]], size: int) -> FitColumns:
        """Return the columns of `size` fits, joined from parts that are given with the places of their rows."""
        names = tuple(dict.fromkeys(name for _, part in parts for name in part.names))
        values, stderrs = np.full((2, size, len(names)), np.nan)
        chi2, converged = np.full(size, np.nan), np.zeros(size, bool)
        for places, part in parts:
            where = np.asarray(places)
            k = [names.index(name) for name in part.names]
            values[where[:, None], k], stderrs[where[:, None], k] = part.values, part.stderrs
            chi2[where], converged[where] = part.chi2_reduced, part.converged
        return cls(names, values, stderrs, chi2, converged)


@dataclass(frozen=True, eq=False, repr=False)
class Fits(Presentable, Viewable):
    """The fits of many spectra: columns for arithmetic, `Fit` objects on demand.

    Parameters
    ----------
    fits : sequence of Fit
        In the order of the spectra; those of `fit_many` are made when they are asked for.
    given : FitColumns, optional
        Their numbers, where they are known without making the fits.
    """

    fits: Sequence[Fit]
    given: FitColumns | None = None

    def __eq__(self, other: object) -> bool:
        return equal(tuple(self.fits), tuple(other.fits)) if isinstance(other, Fits) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def headline(self) -> str:
        """Return how many spectra there are, how many fits did not converge, and the parameters."""
        lost = len(self) - int(np.count_nonzero(self.converged))
        failed = f"; {lost} not converged" if lost else ""
        spectra = "spectrum" if len(self) == 1 else "spectra"
        return f"{len(self)} {spectra}: {_some(self.names, _SHOWN_NAMES) or 'no parameter'}{failed}"

    def sheets(self) -> list[Sheet]:
        """Return the parameters of the first fits, and their reduced chi-squares."""
        columns, shown = self.columns, min(len(self), _SHOWN)
        rows = tuple(
            (
                str(k),
                *(with_error(v, e) for v, e in zip(columns.values[k], columns.stderrs[k], strict=True)),
                quantity(columns.chi2_reduced[k], digits=4),
                "" if columns.converged[k] else "not converged",
            )
            for k in range(shown)
        )
        notes = (f"and {len(self) - shown} more",) if shown < len(self) else ()
        return [Sheet("Parameters", ("", *self.names, "chi2_reduced", "remark"), rows, notes)]

    def _written_for(self, name: str) -> str | None:
        return f"{{it}}.column({name!r})" if name in self.names else None

    def __len__(self) -> int:
        return len(self.fits)

    @overload
    def __getitem__(self, index: int | str) -> Fit: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Fit]: ...

    def __getitem__(self, index: int | str | slice) -> Fit | Sequence[Fit]:
        """Return a fit by its place or by the label of its spectrum, or some by a slice.

        Raises
        ------
        KeyError
            If there is no spectrum of that label; the message lists those there are.
        """
        return fit_labelled(self, index) if isinstance(index, str) else self.fits[index]

    def __iter__(self) -> Iterator[Fit]:
        return iter(self.fits)

    @cached_property
    def columns(self) -> FitColumns:
        """All numbers as arrays."""
        return FitColumns.of(self.fits) if self.given is None else self.given

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parameters that occur."""
        return self.columns.names

    def column(self, name: str) -> Floats:
        """Return the values of one parameter, shape (N,); nan where a fit has none of that name.

        Raises
        ------
        KeyError
            If no fit has a parameter of that name; the message lists those there are.
        """
        return self.columns.values[:, self._place(name)]

    def stderr(self, name: str) -> Floats:
        """Return the standard errors of one parameter, shape (N,); nan where not known.

        They follow from the covariance, for all spectra at once. A `Fit` that is asked for has, besides, the errors
        of profiles and of undetected arcs where its table of contributions has them.

        Raises
        ------
        KeyError
            As `column`.
        """
        return self.columns.stderrs[:, self._place(name)]

    @property
    def chi2_reduced(self) -> Floats:
        """Reduced chi-squares, shape (N,)."""
        return self.columns.chi2_reduced

    @property
    def converged(self) -> Bools:
        """Which fits converged, shape (N,)."""
        return self.columns.converged

    def _place(self, name: str) -> int:
        if name not in self.names:
            near = did_you_mean(name, self.names)
            raise KeyError(f"no parameter {name!r}{near}; there are {', '.join(self.names) or 'none'}")
        return self.names.index(name)


def fit_labelled(fits: Iterable[Fit], label: str) -> Fit:
    """Return the first fit whose spectrum has a label.

    Raises
    ------
    KeyError
        If there is none; the message lists the labels.
    """
    fits = tuple(fits)
    labels = [fit.label for fit in fits]
    if label in labels:
        return fits[labels.index(label)]
    listed = ", ".join(map(repr, labels[:_SHOWN])) + (
        f" and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else ""
    )
    part = any(f._written_for(label) for f in fits)
    hint = f"; it is a part of each: write [0][{label!r}]" if part else ""
    raise KeyError(f"no spectrum {label!r}{did_you_mean(label, labels)}; there are {listed or 'none'}{hint}")


def _some(names: Sequence[str], most: int) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
