"""The numbers of very many fits as columns, without `Fit` objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from eisfit.circuit.circuit import unit_of_parameter
from eisfit.errors import InputError
from eisfit.results.outcome import Outcome
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Bools, Floats, Ints, Value
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.rounding import with_error
from eisfit.tools.views import Viewable

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = tuple(Outcome)
PER_CONTRIBUTION = ("resistance_ohm", "resistance_stderr_ohm", "capacitance_f", "frequency_hz")
_UNITS = {
    "resistance_ohm": "ohm",
    "resistance_stderr_ohm": "ohm",
    "capacitance_f": "F",
    "frequency_hz": "Hz",
    "chi2_reduced": "1",
    "rms_percent": "%",
}
_SHOWN = 20
_COPIES_IN_FRAME = (
    4_000_000  # rows above which a frame is refused: it would not fit into the memory of a laptop
)


@dataclass(frozen=True, eq=False, repr=False)
class ManyFits(Presentable, Viewable, Value):
    r"""The fits of very many spectra as columns.

    Parameters
    ----------
    names : tuple of str
        Parameters.
    values, stderrs : ndarray, shape (N, P)
        In their units, with standard errors from the covariance; nan where not known.
    chi2_reduced : ndarray, shape (N,)
        Sum of squared weighted residuals by degrees of freedom; nan where the fit failed.
    rms_percent : ndarray, shape (N,)
        Root mean square of the residuals in percent of \\|Z\\|.
    outcome : ndarray of int, shape (N,)
        Places in `OUTCOMES`, the list of `Outcome`.
    missed : ndarray of bool, shape (N,)
        Whether the model misses the data by so much that no value is to be trusted.
    contributions : tuple of str
        Arcs and resistors on the path of the current.
    resistance_ohm, resistance_stderr_ohm, capacitance_f, frequency_hz : ndarray, shape (N, C)
        Of each contribution: the resistance of the whole path, the effective capacitance of one segment, the top of the
        arc; nan where it is not known, or not detected.
    row : ndarray of int, shape (N,)
        Number of each spectrum in its file, from 0.
    conditions : mapping of str to ndarray, shape (N,)
        Columns of conditions.
    reasons : mapping of int to str
        Why rows could not be fitted, by their place.
    """

    names: tuple[str, ...]
    values: Floats
    stderrs: Floats
    chi2_reduced: Floats
    rms_percent: Floats
    outcome: Ints
    missed: Bools
    contributions: tuple[str, ...]
    resistance_ohm: Floats
    resistance_stderr_ohm: Floats
    capacitance_f: Floats
    frequency_hz: Floats
    row: Ints
    conditions: Mapping[str, Floats] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.outcome.size)

    @classmethod
    def empty(
        cls, row: Ints, names: Sequence[str], contributions: Sequence[str], conditions: Mapping[str, Floats]
    ) -> ManyFits:
        """Return columns to be filled: nothing is known, all have failed."""
        n, p, c = row.size, len(names), len(contributions)
        outcome = np.full(n, OUTCOMES.index(Outcome.FAILED), np.int64)
        values, stderrs, chi2, rms = *np.full((2, n, p), np.nan), *np.full((2, n), np.nan)
        r, error, capacitance, top = np.full((4, n, c), np.nan)
        each = tuple(contributions)
        return cls(
            tuple(names), values, stderrs, chi2, rms, outcome, np.zeros(n, bool), each, r, error, capacitance, top, row,
            conditions,
        )  # fmt: skip

    @classmethod
    def joined(cls, parts: Sequence[ManyFits]) -> ManyFits:
        """Return the rows of several, one after another; names that a part lacks are nan there."""
        names = tuple(dict.fromkeys(n for part in parts for n in part.names))
        contributions = tuple(dict.fromkeys(n for part in parts for n in part.contributions))
        conditions = {
            name: np.concatenate([part.conditions[name] for part in parts]) for name in parts[0].conditions
        }
        out = cls.empty(np.concatenate([part.row for part in parts]), names, contributions, conditions)
        reasons: dict[int, str] = {}
        first = 0
        for part in parts:
            out.put(slice(first, first + len(part)), part)
            reasons |= {first + k: text for k, text in part.reasons.items()}
            first += len(part)
        return replace(out, reasons=reasons)

    def put(self, where: slice | Ints, part: ManyFits) -> None:
        """Write rows into columns that are being filled; their reasons are not taken."""
        columns = np.array([self.names.index(n) for n in part.names], int)
        of_arcs = np.array([self.contributions.index(n) for n in part.contributions], int)
        place = np.arange(len(self))[where]
        for name in ("chi2_reduced", "rms_percent", "outcome", "missed"):
            getattr(self, name)[place] = getattr(part, name)
        for name in ("values", "stderrs"):
            getattr(self, name)[np.ix_(place, columns)] = getattr(part, name)
        for name in PER_CONTRIBUTION:
            getattr(self, name)[np.ix_(place, of_arcs)] = getattr(part, name)

    def count(self, outcome: Outcome) -> int:
        """Return how many fits ended so."""
        return int(np.count_nonzero(self.outcome == OUTCOMES.index(outcome)))

    def numbers(self) -> dict[str, Floats]:
        """Return all columns of numbers by name: conditions, parameters, their errors, and those of contributions."""
        found = {**self.conditions}
        for k, name in enumerate(self.names):
            found |= {name: self.values[:, k], f"{name}_stderr": self.stderrs[:, k]}
        for k, name in enumerate(self.contributions):
            found |= {f"{name} {what}": getattr(self, what)[:, k] for what in PER_CONTRIBUTION}
        return {**found, "chi2_reduced": self.chi2_reduced, "rms_percent": self.rms_percent}

    def column(self, name: str) -> Floats:
        """Return one column of numbers, shape (N,).

        Raises
        ------
        InputError
            If there is none of that name; the message lists those there are.
        """
        found = self.numbers()
        if name not in found:
            raise InputError(f"no column {name!r}{did_you_mean(name, found)}; there are {', '.join(found)}")
        return found[name]

    def unit(self, name: str) -> str:
        """Return the unit of a column in text; ``1`` for a plain number, empty for a condition, whose name carries it.

        Raises
        ------
        InputError
            As `column`.

        Examples
        --------
        >>> import numpy as np
        >>> from eisfit.results.many_fits import ManyFits
        >>> many = ManyFits.empty(np.arange(2), ["R1", "CPE1_Q"], ["R1"], {"x_mm": np.zeros(2)})
        >>> [many.unit(name) for name in ("R1_stderr", "CPE1_Q", "R1 capacitance_f", "rms_percent", "x_mm")]
        ['ohm', 'S s^alpha', 'F', '%', '']
        """
        self.column(name)
        if name in self.conditions:
            return ""
        if name in _UNITS:
            return _UNITS[name]
        if (what := name.rpartition(" ")[2]) in PER_CONTRIBUTION:
            return _UNITS[what]
        return unit_of_parameter(name if name in self.names else name.removesuffix("_stderr"))

    def frame(self) -> pd.DataFrame:
        """Return all columns as a pandas DataFrame, a row for each spectrum.

        Raises
        ------
        InputError
            If there are more than four million rows: take the columns that are needed.
        """
        import pandas as pd

        if len(self) > _COPIES_IN_FRAME:
            raise InputError(
                f"{len(self)} rows are too many for one DataFrame with all columns; take some with column(name)"
            )
        words = np.array([o.name.lower() for o in OUTCOMES], object)[self.outcome]
        return pd.DataFrame({"row": self.row, **self.numbers(), "outcome": words, "missed": self.missed})

    def headline(self) -> str:
        """Return how many spectra there are, and how many failed."""
        lost = self.count(Outcome.FAILED)
        spectra = "spectrum" if len(self) == 1 else "spectra"
        return f"{len(self)} {spectra}: {', '.join(self.names)}{f'; {lost} failed' if lost else ''}"

    def sheets(self) -> list[Sheet]:
        """Return the parameters of the first fits."""
        rows = tuple(
            (
                str(self.row[k]),
                *(with_error(v, e) for v, e in zip(self.values[k], self.stderrs[k], strict=True)),
                OUTCOMES[self.outcome[k]].name.lower(),
            )
            for k in range(min(len(self), _SHOWN))
        )
        notes = (f"and {len(self) - _SHOWN} more",) if len(self) > _SHOWN else ()
        return [Sheet("Parameters", ("row", *self.names, "outcome"), rows, notes)]
