"""Many spectra on one grid of frequencies as arrays, checked all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import overload

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError, SpectrumError
from eisfit.spectrum.conditions import (
    CONDITION_FIELDS,
    CONDITION_NUMBERS,
    NO_CONDITIONS,
    Conditions,
)
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Complexes, Floats, Ints
from eisfit.tools.nearest import did_you_mean

LARGEST_OHM = 1e60  # beyond it, and below its reciprocal, squares of derivatives are no numbers any more
_NOT_FINITE = "not finite"  # why a point is masked


class SpectraColumns(Sequence[Spectrum]):
    """Many spectra on one grid as arrays; `Spectrum` objects are made when they are asked for.

    Parameters
    ----------
    frequency_hz : array_like, shape (n,)
        Frequencies in Hz of all spectra, finite and positive.
    z_ohm : array_like of complex, shape (N, n)
        Impedances in ohm, a row for each spectrum. They are not copied: do not change them afterwards.
    conditions : mapping of str to array_like, shape (N,), optional
        Columns of numbers by the name of the condition, such as ``temperature_c``; others by a name of one's own. nan
        where a value is not known.
    row : int or array_like of int, shape (N,), optional
        Number of the first spectrum in a larger file, or of each.

    Raises
    ------
    SpectrumError
        If a shape is wrong, there is no spectrum or no point, or a frequency is not finite and positive. A row with a
        number that is not finite is no error: `faults` names it, and its fit fails.

    Examples
    --------
    >>> from eisfit.spectrum.columns import SpectraColumns
    >>> many = SpectraColumns([1e3, 1e2], [[10 - 2j, 11 - 5j], [20 - 2j, float("nan")]])
    >>> len(many), many.faults
    (2, {1: 'row 1: z_ohm[1] at 100 Hz is nan+0j: impedances must be finite; correct the row or leave it out'})
    """

    def __init__(
        self,
        frequency_hz: npt.ArrayLike,
        z_ohm: npt.ArrayLike,
        conditions: Mapping[str, npt.ArrayLike] | None = None,
        row: int | npt.ArrayLike = 0,
    ) -> None:
        self.frequency_hz = _frequencies(frequency_hz)
        self.z_ohm = _impedances(z_ohm, self.frequency_hz.size)
        size = self.z_ohm.shape[0]
        self.row: Ints = np.asarray(row, np.int64)
        if self.row.ndim == 0:
            self.row = self.row + np.arange(size)
        self.conditions: Mapping[str, Floats] = MappingProxyType(
            {name: _column(name, values, size) for name, values in (conditions or {}).items()}
        )

    def __repr__(self) -> str:
        return f"<SpectraColumns {len(self)} spectra of {self.frequency_hz.size} points>"

    def __reduce__(self) -> tuple[type[SpectraColumns], tuple[object, ...]]:
        return SpectraColumns, (self.frequency_hz, self.z_ohm, dict(self.conditions), self.row)

    def __len__(self) -> int:
        return int(self.z_ohm.shape[0])

    @overload
    def __getitem__(self, index: int) -> Spectrum: ...

    @overload
    def __getitem__(self, index: slice) -> SpectraColumns: ...

    def __getitem__(self, index: int | slice) -> Spectrum | SpectraColumns:
        """Return one spectrum, its points that are not finite masked; or some by a slice, as columns."""
        if isinstance(index, slice):
            return self.rows(np.arange(len(self))[index])
        place = range(len(self))[index]
        z, label = self.z_ohm[place], self.label(place)
        bad = ~np.isfinite(z)
        reasons = [_NOT_FINITE if b else "" for b in bad] if bad.any() else ()
        return Spectrum(
            self.frequency_hz,
            np.where(bad, 1.0, z),
            mask=bad,
            mask_reason=reasons,
            conditions=self.conditions_of(place),
            label=label,
        )

    def __iter__(self) -> Iterator[Spectrum]:
        return (self[k] for k in range(len(self)))

    def label(self, place: int) -> str:
        """Return the name of a spectrum: ``row`` and its number, from 0."""
        return f"row {self.row[place]}"

    def conditions_of(self, place: int) -> Conditions:
        """Return the conditions of one spectrum."""
        known = {name: float(values[place]) for name, values in self.conditions.items()}
        known = {name: value for name, value in known.items() if np.isfinite(value)}
        if not known or place in self._impossible:
            return NO_CONDITIONS
        return self._conditions(known)

    @staticmethod
    def _conditions(known: dict[str, float]) -> Conditions:
        named = {name: known.pop(name) for name in tuple(known) if name in CONDITION_NUMBERS}
        return Conditions(**named, own=known)  # type: ignore[arg-type]

    def all_conditions(self) -> list[Conditions]:
        """Return the conditions of all spectra."""
        if not self.conditions:
            return [NO_CONDITIONS] * len(self)
        return [self.conditions_of(k) for k in range(len(self))]

    def rows(self, index: Ints) -> SpectraColumns:
        """Return some of the spectra."""
        chosen = {name: values[index] for name, values in self.conditions.items()}
        return SpectraColumns(self.frequency_hz, self.z_ohm[index], chosen, self.row[index])

    @cached_property
    def faults(self) -> dict[int, str]:
        """Why rows are no impedance spectra under conditions that there may be, by their places."""
        with np.errstate(over="ignore", invalid="ignore"):
            size = np.abs(self.z_ohm)
        possible = (size <= LARGEST_OHM) & ((size >= 1 / LARGEST_OHM) | (self.z_ohm == 0))
        found = {k: f"{self.label(k)}: {reason}" for k, reason in self._impossible.items()}
        for k in np.flatnonzero(~possible.all(axis=1)).tolist():
            j = int(np.flatnonzero(~possible[k])[0])
            z = self.z_ohm[k, j]
            rule = (
                f"be 0 or lie between {1 / LARGEST_OHM:g} and {LARGEST_OHM:g} ohm"
                if np.isfinite(z)
                else "be finite"
            )
            found[k] = (
                f"{self.label(k)}: z_ohm[{j}] at {self.frequency_hz[j]:g} Hz is {z:g}: impedances must {rule}; "
                "correct the row or leave it out"
            )
        return found

    @cached_property
    def _impossible(self) -> dict[int, str]:
        """Why conditions of rows cannot be, by their places."""
        found: dict[int, str] = {}
        for name, values in self.conditions.items():
            doubtful = (
                np.isinf(values) if name not in CONDITION_NUMBERS else ~np.isnan(values) & ~(values > 0)
            )
            for k in np.flatnonzero(doubtful | np.isinf(values)).tolist():
                try:
                    self._conditions({name: float(values[k])})
                except InputError as error:
                    found.setdefault(k, str(error))
        return found

    @cached_property
    def with_zero(self) -> Bools:
        """Which rows have a point whose impedance is 0, shape (N,)."""
        return np.asarray(~self.z_ohm.all(axis=1))


def some_of(spectra: Sequence[Spectrum], index: Iterable[int]) -> Sequence[Spectrum]:
    """Return some of the spectra, in the form in which they are given."""
    if isinstance(spectra, SpectraColumns):
        chosen = np.fromiter(index, np.int64)
        return spectra if np.array_equal(chosen, np.arange(len(spectra))) else spectra.rows(chosen)
    return [spectra[k] for k in index]


def _frequencies(given: npt.ArrayLike) -> Floats:
    try:
        f = np.asarray(given, float)
    except (TypeError, ValueError) as error:
        raise SpectrumError(f"frequency_hz cannot be read as numbers: {error}") from None
    if f.ndim != 1 or f.size == 0:
        raise SpectrumError(
            f"frequency_hz has the shape {f.shape}: it must have one dimension and at least one point"
        )
    if not (sound := np.isfinite(f) & (f > 0)).all():
        k = int(np.flatnonzero(~sound)[0])
        raise SpectrumError(
            f"frequency_hz[{k}] is {f[k]:g}: frequencies must be finite and positive; remove that point of all rows"
        )
    return f


def _impedances(given: npt.ArrayLike, points: int) -> Complexes:
    try:
        z = np.asarray(given, complex)
    except (TypeError, ValueError) as error:
        raise SpectrumError(f"z_ohm cannot be read as numbers: {error}") from None
    if z.ndim != 2 or z.shape[1] != points:
        turned = (
            "; it has one column for each spectrum: hand over z_ohm.T" if z.shape[:1] == (points,) else ""
        )
        raise SpectrumError(
            f"z_ohm has the shape {z.shape}, and frequency_hz {points} points: z_ohm must have one row for each "
            f"spectrum and one column for each frequency, (N, {points}){turned}"
        )
    if z.shape[0] == 0:
        raise SpectrumError("z_ohm holds no spectrum: it needs at least one row")
    return z


def _column(name: str, given: npt.ArrayLike, size: int) -> Floats:
    if name in CONDITION_FIELDS and name not in CONDITION_NUMBERS:
        raise SpectrumError(
            f"condition {name!r} is no column of numbers: it belongs to the template, or to single spectra"
        )
    if not name.isidentifier():
        near = did_you_mean(name, CONDITION_NUMBERS)
        raise SpectrumError(
            f"condition {name!r}: a name consists of letters, digits and underscores{near}, as temperature_c"
        )
    try:
        values = np.asarray(given, float)
    except (TypeError, ValueError) as error:
        raise SpectrumError(f"condition {name!r} cannot be read as numbers: {error}") from None
    if values.shape != (size,):
        raise SpectrumError(
            f"condition {name!r} has the shape {values.shape}: it must have one number for each of {size} spectra"
        )
    return values
