"""The segments on the path at the estimates: resistances, time constants and their errors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from eisfit.cell.roles import role_of
from eisfit.cell.segments import PathSegment
from eisfit.cell.templates import Template
from eisfit.circuit.arc import dc_resistance, is_blocking, log_time_constant
from eisfit.circuit.circuit import Placed, span
from eisfit.reporting.estimate import Estimate
from eisfit.results.outcome import NAN
from eisfit.tools.frozen import Floats
from eisfit.uncertainty.undetected import Undetected, undetected

WithSlope: TypeAlias = tuple[Floats, Floats]  # a quantity of N spectra and its derivatives by ln p

DETERMINED_BELOW = 0.3  # relative standard error of a resistance that still counts as a value


@dataclass(frozen=True, eq=False)
class PathValues:
    """What the steps of the contribution table may ask of N estimates.

    Everything is computed when it is first asked for, and once.

    Parameters
    ----------
    estimate : Estimate
        Of N spectra.
    """

    estimate: Estimate

    @property
    def template(self) -> Template:
        """The template that was fitted."""
        return self.estimate.problem.template

    @property
    def segments(self) -> tuple[PathSegment, ...]:
        """The segments between the probes."""
        return self.template.path

    @cached_property
    def with_electrode(self) -> bool:
        """Whether reversible electrodes cannot be told from the interface: no other measurement knows either."""
        if not self.template.interface_with_electrode:
            return False
        joined = [s.segment for s in self.segments if role_of(s.segment.role).joined_with_electrode]
        unknown = {s.role == "electrode" for s in joined if s.name not in self.estimate.apart}
        return unknown == {True, False}

    @cached_property
    def values(self) -> Floats:
        """The parameters in their units, shape (N, P)."""
        return self.estimate.problem.values(self.estimate.x)

    @cached_property
    def resistances(self) -> list[WithSlope]:
        """The resistance of one of each segment, in ohm."""
        return [dc_resistance(s.node, self.values) for s in self.segments]

    @cached_property
    def log_taus(self) -> list[WithSlope | None]:
        """The logarithm of the time constant of each segment; None for what is no single arc."""
        return [log_time_constant(s.node, self.values) for s in self.segments]

    @cached_property
    def walls(self) -> dict[int, tuple[WithSlope, WithSlope | None]]:
        """Resistance and ln(time constant) of the wall of each pore that conducts, by segment."""
        found = {}
        for k, on_path in enumerate(self.segments):
            if on_path.segment.role == "pore" and isinstance(on_path.node, Placed):
                wall = on_path.node.wall
                if wall is not None and not is_blocking(wall):
                    found[k] = dc_resistance(wall, self.values), log_time_constant(wall, self.values)
        return found

    @cached_property
    def top_window_hz(self) -> tuple[Floats, Floats]:
        """Between which frequencies the top of an arc counts as measured: 2 f_min and f_max / 2, shapes (N,)."""
        low, high = self.estimate.problem.window_hz()
        return 2 * low, high / 2

    @cached_property
    def trials(self) -> Undetected:
        """What the data allow the undetected segments to be; solved in one batch when first asked for."""
        known = self.estimate.trials
        if known is not None:
            return known
        return undetected(self.estimate.problem, self.estimate.detected, self.estimate.undetected)

    @cached_property
    def tried_resistances(self) -> list[Floats]:
        """The resistance of one of each segment at all `trials`."""
        return self.resistances_at(self.trials)

    def resistances_at(self, trials: Undetected) -> list[Floats]:
        """Return the resistance of one of each segment at some trials."""
        values = self.estimate.problem.values(trials.x)
        return [dc_resistance(s.node, values)[0] for s in self.segments]

    def removed(self, i: int, k: int) -> bool:
        """Tell whether segment k was removed from the fit of spectrum i."""
        return bool(self.estimate.held[i, span(self.segments[k].node)].all())

    def top_hz(self, i: int, k: int) -> float:
        """Return the frequency of the top of an arc; nan for what is no single arc."""
        log_tau = self.log_taus[k]
        with np.errstate(over="ignore"):  # the time constant of an arc of no size may be any
            return NAN if log_tau is None else float(np.exp(-log_tau[0][i])) / (2 * np.pi)

    def log_error(self, i: int, gradient: Floats) -> float:
        """Return the standard error of a quantity with this gradient by ln p; nan where nothing in it is free."""
        confidence = self.estimate.confidence
        used = confidence.free[i] & (gradient != 0)
        if not used.any():
            return NAN
        g = gradient[used]
        return float(np.sqrt(max(g @ confidence.covariance_log[i][np.ix_(used, used)] @ g, 0.0)))

    def relative_error(self, i: int, resistance: float, gradient: Floats) -> float:
        """Return the relative standard error of a resistance; nan where it has none."""
        if not np.isfinite(resistance) or resistance <= 0:
            return NAN
        return float(self.log_error(i, gradient) / resistance)
