"""The rows of the contribution table while it is made."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from eisfit.cell.roles import role_of
from eisfit.cell.templates import Template
from eisfit.circuit.arc import (
    dc_resistance,
    is_arc,
    is_blocking,
    is_resistor,
    log_time_constant,
)
from eisfit.circuit.circuit import Placed, span
from eisfit.engine.problem import Problem
from eisfit.reporting.intervals import CORRELATED
from eisfit.reporting.joining import ANTICORRELATED
from eisfit.reporting.remarks import TOPOLOGY, TOPOLOGY_FREE, UNEXPECTED_DECADES, WALL
from eisfit.results.contribution import Resolved
from eisfit.results.outcome import NAN, Outcome
from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import NORMAL_95, NORMAL_95_ONE_SIDED, mixture_ends
from eisfit.uncertainty.detection import Detected
from eisfit.uncertainty.profiles import profile_ends
from eisfit.uncertainty.undetected import Undetected, undetected

DETERMINED_BELOW = 0.3  # relative standard error of a resistance that still counts as a value


_WithSlope: TypeAlias = tuple[Floats, Floats]  # a quantity of N spectra and its derivatives by ln p


@dataclass
class Row:
    """One contribution of one spectrum on its way into the table."""

    spectrum: int
    parts: tuple[int, ...]
    name: str
    role: str
    count: int
    resistance: float
    gradient: Floats
    error: float  # relative standard error
    ends: tuple[float, float] = (NAN, NAN)
    resolved: Resolved = "yes"
    outcome: str = ""
    limit: float = NAN
    joined_in: str = ""
    unexpected: bool = False
    total: bool = False  # stands beside the rows of its parts: of a split interface, or the wall of a pore
    wall: bool = False


class Reporter:
    """The rows of all spectra, and the steps that decide what each may say."""

    def __init__(self, problem: Problem, state: Detected) -> None:
        self.problem, self.state, self.confidence = problem, state, state.confidence
        self.x = state.x
        self.template: Template = problem.template
        self.path = self.template.path
        self.values = problem.values(self.x)
        self.single = [dc_resistance(s.node, self.values) for s in self.path]
        self.taus = [log_time_constant(s.node, self.values) for s in self.path]
        self.of_wall: dict[int, tuple[_WithSlope, _WithSlope | None]] = {}  # R and ln tau of a pore's wall
        low, high = problem.window_hz()
        self.top_low, self.top_high = 2 * low, high / 2
        self.undetected = undetected(problem, state, state.missing)
        self.tried = self._single_tried(self.undetected)
        self.rows = [self._row(i, parts) for i in range(problem.size) for parts in self._units()]

    def by_spectrum(self) -> list[list[Row]]:
        """Return the rows of each spectrum, in order."""
        found: list[list[Row]] = [[] for _ in range(self.problem.size)]
        for row in self.rows:
            found[row.spectrum].append(row)
        return found

    def _units(self) -> list[tuple[int, ...]]:
        """Return which segments share a row: each its own, but interface and reversible electrode one."""
        everything = range(len(self.path))
        if not self.template.interface_with_electrode:
            return [(k,) for k in everything]
        mixed = tuple(k for k in everything if role_of(self.path[k].segment.role).joined_with_electrode)
        units = [(k,) for k in everything if k not in mixed]
        return [*units, mixed]

    def _row(self, i: int, parts: tuple[int, ...]) -> Row:
        segments = [self.path[k].segment for k in parts]
        names, roles = [s.name for s in segments], [s.role for s in segments]
        if self.template.interface_with_electrode and "electrode" in roles:
            names, roles = ["interface", "electrode"], ["interface", "electrode"]
        counts = {self.path[k].count for k in parts}
        there = [k for k in parts if not (self.state.missing[i, k] and self._taken_out(i, k))]
        resistance = float(sum(self.path[k].count * self.single[k][0][i] for k in there))
        gradient = np.zeros(self.x.shape[1])
        for k in there:
            gradient += self.path[k].count * self.single[k][1][i]
        return Row(
            spectrum=i,
            parts=parts,
            name=" + ".join(names),
            role=" + ".join(roles),
            count=counts.pop() if len(counts) == 1 else 1,
            resistance=resistance,
            gradient=gradient,
            error=self._error(i, resistance, gradient),
            resolved="yes" if there else "upper limit",
        )

    def _taken_out(self, i: int, k: int) -> bool:
        return bool(self.state.absent[i, span(self.path[k].node)].all())

    def _error(self, i: int, resistance: float, gradient: Floats) -> float:
        """Return the relative standard error by the covariance; nan where nothing in it is free."""
        if not np.isfinite(resistance):
            return NAN
        used = self.confidence.free[i] & (gradient != 0)
        if not used.any() or resistance <= 0:
            return NAN
        g = gradient[used]
        variance = g @ self.confidence.covariance_log[i][np.ix_(used, used)] @ g
        return float(np.sqrt(max(variance, 0.0)) / resistance)

    def _resistance_index(self, row: Row) -> int | None:
        """Return the one free parameter that is the row's resistance, if there is just one."""
        index = np.flatnonzero(row.gradient)
        return int(index[0]) if index.size == 1 and self.confidence.free[row.spectrum, index[0]] else None

    def total(self) -> None:
        """Add the total of an interface that is split into an interphase and a charge transfer."""
        split = tuple(k for k, s in enumerate(self.path) if role_of(s.segment.role).part_of_interface)
        if len(split) < 2 or self.template.interface_with_electrode:
            return
        for i in range(self.problem.size):
            row = self._row(i, split)
            row.name, row.role, row.total = "interface", "interface", True
            last = max(n for n, r in enumerate(self.rows) if r.spectrum == i and set(r.parts) & set(split))
            self.rows.insert(last + 1, row)

    def walls(self) -> None:
        """Add the wall of a pore, which is the interface itself, beside the row of the pore."""
        if self.template.interface_with_electrode:
            return
        for k, on_path in enumerate(self.path):
            if not role_of(on_path.segment.role).has_wall or not isinstance(on_path.node, Placed):
                continue
            wall = on_path.node.wall
            if wall is None or is_blocking(wall):
                continue
            self.of_wall[k] = dc_resistance(wall, self.values), log_time_constant(wall, self.values)
            r, slope = (on_path.count * values for values in self.of_wall[k][0])
            for i in range(self.problem.size):
                error = self._error(i, r[i], slope[i])
                row = Row(i, (k,), "interface", "interface", on_path.count, r[i], slope[i], error)
                row.total = row.wall = True
                last = max(n for n, o in enumerate(self.rows) if o.spectrum == i and k in o.parts)
                self.rows.insert(last + 1, row)

    def profile(self) -> None:
        """Replace the error of strongly correlated resistances by half their 68 % profile interval."""
        chosen = []
        for row in self.rows:
            k = self._resistance_index(row) if row.resolved == "yes" else None
            if k is not None and self.confidence.correlation(row.spectrum, k) > CORRELATED:
                chosen.append((row, k))
        q = (-1.0, 1.0, -NORMAL_95, NORMAL_95)
        requests = [(row.spectrum, k, level) for row, k in chosen for level in q]
        sigma = np.repeat([row.error for row, _ in chosen], len(q))
        ends = self._profile_ends(requests, sigma).reshape(-1, len(q))
        for (row, k), (low, high, low95, high95) in zip(chosen, ends, strict=True):
            row.error = 0.5 * float(high - low)
            factor = row.resistance / self.values[row.spectrum, k]
            with np.errstate(over="ignore"):
                row.ends = (factor * float(np.exp(low95)), factor * float(np.exp(high95)))

    def join(self) -> None:
        """Join neighbours whose single resistances are not known but whose sum is."""
        for i, group in sorted(self.state.undecided):
            rows = [r for r in self.rows if r.spectrum == i and not r.total and set(r.parts) & set(group)]
            if len(rows) > 1:
                self._joined(rows)
        for rows in self.by_spectrum():
            while (found := self._joinable(rows)) is not None:
                self._joined(found)

    def _joined(self, rows: list[Row]) -> None:
        whole = self._row(rows[0].spectrum, tuple(sorted(k for row in rows for k in row.parts)))
        self._allow_for_unseen(whole)
        whole.resolved, whole.outcome = "sum only", Outcome.NOT_SEPARABLE.value
        for row in rows:
            row.resolved, row.joined_in = "sum only", whole.name
            row.outcome = f"only known within '{whole.name}'"
        for row in self.rows:
            shared = set(row.parts) & set(whole.parts)
            if row.total and row.spectrum == whole.spectrum and shared and set(whole.parts) - set(row.parts):
                row.resolved, row.joined_in = "sum only", whole.name
                row.outcome = f"not known: a part of it is only known within '{whole.name}'"
        self.rows.insert(max(self.rows.index(row) for row in rows) + 1, whole)

    def _joinable(self, rows: list[Row]) -> list[Row] | None:
        loose = [
            r
            for r in rows
            if r.error >= DETERMINED_BELOW and r.resolved == "yes" and not (r.joined_in or r.total)
        ]
        loose.sort(key=lambda r: self._log_tau(r))
        best: tuple[float, list[Row]] | None = None
        for size in range(2, len(loose) + 1):
            for first in range(len(loose) - size + 1):
                group = loose[first : first + size]
                whole = self._row(group[0].spectrum, tuple(k for row in group for k in row.parts))
                trading = all(self._trade(a, b) for a, b in itertools.pairwise(group))
                if whole.error < DETERMINED_BELOW and trading and (best is None or whole.error < best[0]):
                    best = (whole.error, group)
            if best is not None:
                return best[1]
        return None

    def _trade(self, a: Row, b: Row) -> bool:
        covariance = np.nan_to_num(self.confidence.covariance_log[a.spectrum])
        ab = a.gradient @ covariance @ b.gradient
        norm = np.sqrt((a.gradient @ covariance @ a.gradient) * (b.gradient @ covariance @ b.gradient))
        return bool(norm > 0 and ab / norm < ANTICORRELATED)

    def _log_tau(self, row: Row) -> float:
        """Return where a row stands in frequency: a resistor before all arcs."""
        taus = [t[0][row.spectrum] for k in row.parts if (t := self.taus[k]) is not None]
        return float(np.mean(taus)) if taus else -np.inf

    def limit(self) -> None:
        """Give one-sided limits: from above to what is not there, from below to what has no value."""
        for row in self.rows:
            if row.resolved == "yes" and all(self.state.missing[row.spectrum, k] for k in row.parts):
                row.resolved = "upper limit"
        limits = self.undetected.limits
        for row in self.rows:
            if row.resolved == "upper limit" and (row.spectrum, row.parts[0]) in limits:
                row.limit = limits[row.spectrum, row.parts[0]] * self.path[row.parts[0]].count
                row.outcome = f"not seen: below {row.limit:.3g} ohm (95 %){self._assumption(row)}"
                row.outcome += "; the other rows hold what there is of it"
        self._limit_loose()

    def average(self) -> None:
        """Let values and errors allow for what arcs could be that are not seen (model averaging).

        A sum that holds such an arc is averaged over all that it could be. The neighbours of an arc that is more
        likely not there are averaged with that probability; their 95 % intervals allow for it in any case.
        """
        for row in self.rows:
            if row.resolved == "yes" and np.isfinite(row.error):
                self._allow_for_unseen(row)

    def _allow_for_unseen(self, row: Row) -> None:
        i = row.spectrum
        for part in np.flatnonzero(self.state.missing[i]).tolist():
            place = self.undetected.places.get((i, part))
            if place is not None and self._taken_out(i, part):
                inside = part in row.parts and not row.wall
                there = 1.0 if inside else self.undetected.there[i, part]
                tried = self._tried(row, self.undetected, self.tried, place)
                self._averaged(row, tried, self.undetected.weight[place], there)

    def rescue(self) -> None:
        """Give a total its value by averaging where only an arc in it is not known, which trades with others."""
        asked = np.zeros_like(self.state.missing)
        loose: list[tuple[Row, int]] = []
        for row in self.rows:
            known = row.resolved == "yes" and row.error < DETERMINED_BELOW
            if not row.total or row.wall or known:
                continue
            bad = [k for k in row.parts if self._is_loose(row.spectrum, k)]
            if len(bad) == 1:
                loose.append((row, bad[0]))
                asked[row.spectrum, bad[0]] = True
        if not loose:
            return
        trials = undetected(self.problem, self.state, asked)
        single = self._single_tried(trials)
        for row, part in loose:
            place = trials.places.get((row.spectrum, part))
            own = self._error_beside(row, part)
            if place is not None and np.isfinite(own):
                trial = replace(row, error=own, resolved="yes", joined_in="", outcome="")
                tried = self._tried(row, trials, single, place)
                self._averaged(trial, tried, trials.weight[place], 1.0)
                if trial.error < DETERMINED_BELOW:
                    self.rows[self.rows.index(row)] = trial

    def _is_loose(self, i: int, k: int) -> bool:
        """Tell whether an arc is in the fit, but hardly known."""
        if self._taken_out(i, k) or not is_arc(self.path[k].node):
            return False
        error = self._error(i, float(self.single[k][0][i]), self.single[k][1][i])
        return bool(error >= DETERMINED_BELOW)

    def _error_beside(self, row: Row, part: int) -> float:
        """Return the relative error of a row if one arc in it had a known resistance and time constant."""
        i, slope = row.spectrum, self.taus[part]
        assert slope is not None
        normal = np.nan_to_num(self.confidence.covariance_log[i])
        known = np.stack([self.single[part][1][i], slope[1][i]])
        cross = known @ normal
        left = normal - cross.T @ np.linalg.pinv(cross @ known.T) @ cross
        return float(np.sqrt(max(row.gradient @ left @ row.gradient, 0.0)) / row.resistance)

    def _single_tried(self, trials: Undetected) -> list[Floats]:
        """Return the resistance of each segment at all trials."""
        values = self.problem.values(trials.x)
        return [dc_resistance(s.node, values)[0] for s in self.path]

    def _tried(self, row: Row, trials: Undetected, single: list[Floats], place: slice) -> Floats:
        """Return the resistance of a row at the trials of one spectrum and part."""
        if row.wall:
            node = self.path[row.parts[0]].node
            assert isinstance(node, Placed)
            assert node.wall is not None
            return row.count * dc_resistance(node.wall, self.problem.values(trials.x[place]))[0]
        return np.asarray(sum(self.path[k].count * single[k][place] for k in row.parts))

    @staticmethod
    def _averaged(row: Row, tried: Floats, weight: Floats, there: float) -> None:
        """Average a row over trials that have a probability together; widen its interval to hold them all."""
        own, old = row.error * row.resistance, row.resistance
        value = (1 - there) * old + there * float(weight @ tried)
        between = (1 - there) * (old - value) ** 2 + there * float(weight @ (tried - value) ** 2)
        low, high = mixture_ends(tried, weight, own)
        row.resistance, row.error = value, float(np.sqrt(own**2 + between) / value)
        ends = (value * float(np.exp(side * NORMAL_95 * row.error)) for side in (-1, 1))
        outer = row.ends if np.isfinite(row.ends[0]) else tuple(ends)
        row.ends = (max(min(low, outer[0]), 0.0), max(high, outer[1]))

    def _limit_loose(self) -> None:
        """Give limits in place of a value to what is badly known: from above where the data set one."""
        loose = [r for r in self.rows if r.resolved == "yes" and r.error >= DETERMINED_BELOW]
        single = [(r, k) for r in loose if (k := self._resistance_index(r)) is not None]
        both = (-NORMAL_95_ONE_SIDED, NORMAL_95_ONE_SIDED)
        requests = [(r.spectrum, k, q) for r, k in single for q in both]
        sigma = np.repeat([r.error for r, _ in single], 2)
        ends = self._profile_ends(requests, sigma).reshape(-1, 2)
        for row in loose:
            row.resolved, row.outcome = "no", "not determined by these data"
        for (row, k), end in zip(single, ends, strict=True):
            with np.errstate(over="ignore"):
                low, high = np.exp(end) * row.resistance / self.values[row.spectrum, k]
            if np.isfinite(high) and (row.wall or not row.total) and not self._below_window(row):
                row.resolved, row.limit = "upper limit", float(high)
                row.outcome = f"hardly seen: between {low:.3g} and {high:.3g} ohm (95 % each)"
                continue
            row.limit = float(low)
            row.outcome = (
                f"seen, but its size is not determined: at least {row.limit:.3g} ohm (95 %); "
                "measure to lower frequencies or at another temperature"
            )

    def _below_window(self, row: Row) -> bool:
        i = row.spectrum
        taus = [t[0][i] for k in row.parts if (t := self.taus[k]) is not None]
        return any(np.exp(-tau) / (2 * np.pi) < self.top_low[i] for tau in taus)

    def _assumption(self, row: Row) -> str:
        """Return for which arc an upper limit holds."""
        on_path = self.path[row.parts[0]]
        if on_path.segment.capacitance is None:
            return " for an arc with its top in the window" if is_arc(on_path.node) else ""
        low, high = on_path.segment.capacitance
        unit = "F at 1 cm^-1" if role_of(on_path.segment.role).kind == "layer" else "F cm^-2"
        return f" at the capacitance expected of it, {low:g} to {high:g} {unit}"

    def _profile_ends(self, requests: list[tuple[int, int, float]], sigma: Floats) -> Floats:
        state = self.state
        return profile_ends(
            self.problem, state.x, state.cost, state.confidence.variance, requests, sigma, state.absent
        )

    def locate(self) -> None:
        """Say of determined arcs whether their top lies inside the window."""
        for row in self.rows:
            i = row.spectrum
            if row.resolved == "yes" and not np.isfinite(row.resistance):
                row.resolved, row.outcome = "blocking", "blocks direct current: it has no resistance"
            if row.resolved == "yes" and row.resistance == 0:
                row.outcome = "passes direct current without a resistance"
            if row.resolved != "yes":
                continue
            for k in row.parts:
                if self.state.missing[i, k]:
                    continue
                tau = self.taus[k]
                if tau is None:
                    self._locate_resistor(row, k)
                    continue
                top = float(np.exp(-tau[0][i])) / (2 * np.pi)
                if not self.top_low[i] <= top <= self.top_high[i]:
                    row.resolved = "top outside window"
                    row.outcome = (
                        f"top at {top:.3g} Hz, outside {self.top_low[i]:.3g} to {self.top_high[i]:.3g} Hz"
                    )
            if row.total:
                row.outcome = WALL if row.wall else TOPOLOGY_FREE
            elif len(row.parts) > 1:
                row.outcome = (
                    "reversible electrodes lie in series and impedance cannot part them from the interface: "
                    "measure with four electrodes, or the twin cell without the solid"
                )

    def topology(self) -> None:
        """Say of the parts of a split interface that the split depends on the topology of the circuit."""
        split = {(r.spectrum, k) for r in self.rows if r.total and not r.wall for k in r.parts}
        for row in self.rows:
            if (
                not row.total
                and row.resolved in ("yes", "top outside window")
                and ((row.spectrum, row.parts[0]) in split)
            ):
                row.outcome = "; ".join(t for t in (row.outcome, TOPOLOGY) if t)

    def doubt(self) -> None:
        """Say of determined arcs whether their capacitance is far from what is expected of the segment."""
        by_resistance = {arc.resistance: arc for arc in self.problem.soft}
        for row in self.rows:
            k = self._resistance_index(row)
            if row.resolved not in ("yes", "top outside window", "no") or k not in by_resistance:
                continue
            arc, i = by_resistance[k], row.spectrum
            log_c = self.x[i, arc.tau] - self.x[i, arc.resistance]
            beyond = max(arc.low[i] - log_c, log_c - arc.high[i]) / np.log(10)
            if beyond > UNEXPECTED_DECADES:
                text = (
                    f"its capacitance, {np.exp(log_c):.2g} F, is {beyond:.1f} decades outside the "
                    f"{np.exp(arc.low[i]):.2g} to {np.exp(arc.high[i]):.2g} F expected of it"
                )
                row.unexpected, row.outcome = True, f"{row.outcome}; {text}" if row.outcome else text

    def _locate_resistor(self, row: Row, k: int) -> None:
        segment = self.path[k].segment
        if not is_resistor(self.path[k].node):
            return
        if len(segment.roles) > 1:
            row.resolved = "sum only"
            row.outcome = (
                "resistors in series: no arc in the window parts them; fix one of them to split the sum"
            )
        elif role_of(segment.role).of_solid:
            row.resolved = "top outside window"
            row.outcome = "its arc lies above the window: it acts as a resistor"


def log_error(table: Reporter, i: int, gradient: Floats) -> float:
    """Return the standard error of the logarithm of a quantity with this gradient."""
    used = table.confidence.free[i] & (gradient != 0)
    if not used.any():
        return NAN
    g = gradient[used]
    return float(np.sqrt(max(g @ table.confidence.covariance_log[i][np.ix_(used, used)] @ g, 0.0)))
