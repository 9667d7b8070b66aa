"""A cell that is to be measured: its circuit, what is expected of it, and how it will be measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from eisfit.cell.find import resolve_template
from eisfit.cell.templates import Template
from eisfit.errors import InputError
from eisfit.planning.expected import Expected, expected_rates
from eisfit.planning.rates import Rate
from eisfit.planning.same_segments import shared_rates
from eisfit.simulate.scenario import Scenario, parameters_at
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean

_MOST_POINTS = 100_000


@dataclass(frozen=True)
class PlannedCell:
    r"""A cell that is to be measured.

    Parameters
    ----------
    template : Template
        With its configuration chosen.
    rates : mapping of str to Rate
        How each parameter of its circuit is expected to follow temperature.
    conditions : Conditions
        Area, thickness, and ``temperature_err_c``, the standard error of each temperature.
    temperatures_c : tuple of float
        At which a spectrum is taken.
    frequency_hz : (float, float)
        Highest and lowest frequency.
    points_per_decade : int
        Density of each sweep.
    noise : float
        Standard deviation of Re Z and of Im Z, relative to \|Z\|.
    name : str
        Empty for the cell itself; of a complementary cell, for tables.
    shares : tuple of str
        Segments that a complementary cell has in common with the cell.
    geometry_err : float
        Relative standard error of its thickness / area against that of the cell.
    measured : bool
        Whether a complementary cell is measured in any case, and not one of several that are weighed.

    Raises
    ------
    InputError
        If there is no temperature, the window is none, or a number is not positive.
    """

    template: Template
    rates: Mapping[str, Rate]
    conditions: Conditions
    temperatures_c: tuple[float, ...]
    frequency_hz: tuple[float, float]
    points_per_decade: int
    noise: float
    name: str = ""
    shares: tuple[str, ...] = ()
    geometry_err: float = 0.02
    measured: bool = field(default=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rates", MappingProxyType(dict(self.rates)))
        object.__setattr__(self, "temperatures_c", tuple(float(t) for t in self.temperatures_c))
        where = self.name or "the cell"
        high, low = self.frequency_hz
        if not self.temperatures_c:
            raise InputError(f"{where}: temperatures_c is empty; name at least one")
        if not (math.isfinite(high) and high > low > 0):
            raise InputError(
                f"{where}: frequency_hz is {high:g}, {low:g}; give the highest and the lowest frequency, as 1e6, 0.1"
            )
        for what, number in (("noise", self.noise), ("geometry_err", self.geometry_err)):
            if not (0 < number < 1):
                raise InputError(f"{where}: {what} is {number:g}; it is a fraction, such as 0.005 for 0.5 %")
        if self.points_per_decade < 1 or self.count_of_points > _MOST_POINTS:
            raise InputError(
                f"{where}: points_per_decade is {self.points_per_decade}; it must be a whole number from 1, and a "
                f"sweep no longer than {_MOST_POINTS} points"
            )
        for t in self.temperatures_c:
            self.conditions.updated(temperature_c=t)  # raises below absolute zero

    @classmethod
    def of(
        cls,
        template: str | Path | Template,
        expected: Mapping[str, Expected | float],
        *,
        temperatures_c: Sequence[float],
        frequency_hz: tuple[float, float] = (1e6, 0.1),
        points_per_decade: int = 10,
        noise_percent: float = 0.5,
        conditions: Conditions | None = None,
        above_window: Sequence[str] = (),
        name: str = "",
        shares: Sequence[str] = (),
        geometry_err: float = 0.02,
        measured: bool = False,
    ) -> PlannedCell:
        r"""Return a cell of which the value of each segment is expected.

        Parameters
        ----------
        template : str, Path or Template
            A template, its name or path, or a circuit string.
        expected : mapping of str to Expected or float
            By segment, or by parameter. A number is the value of a parameter, or the resistance of a segment in ohm.
        noise_percent : float
            Standard deviation of Re Z and of Im Z, in percent of \|Z\|.
        above_window : sequence of str
            Segments whose arc lies above the window: they are resistors.
        temperatures_c, frequency_hz, points_per_decade, conditions, name, shares, geometry_err, measured
            As in `PlannedCell`.

        Raises
        ------
        InputError
            If something that lies between the probes has no expected value, or a name is unknown.
        """
        conditions = conditions or Conditions()
        chosen = _chosen(template, conditions, above_window)
        return cls(
            chosen,
            expected_rates(chosen, expected, conditions, name or "the cell"),
            conditions,
            tuple(temperatures_c),
            (float(max(frequency_hz)), float(min(frequency_hz))),
            points_per_decade,
            noise_percent / 100,
            name,
            tuple(shares),
            geometry_err,
            measured,
        )

    @classmethod
    def of_scenario(cls, scenario: Scenario) -> PlannedCell:
        """Return the cell of a scenario of `eisfit.simulate`, measured as it is simulated there."""
        low, high = min(scenario.temperatures_c), max(scenario.temperatures_c)
        at = np.linspace(low - 20, high + 20, 9)
        values = [parameters_at(scenario, float(t)) for t in at]
        rates = {
            name: Rate.through(at.tolist(), np.log([each[name] for each in values])) for name in values[0]
        }
        return cls(
            scenario.cell,
            rates,
            scenario.conditions,
            scenario.temperatures_c,
            scenario.frequency_hz,
            scenario.points_per_decade,
            scenario.noise,
        )

    def complement(
        self,
        name: str,
        template: str | Path | Template,
        shares: Sequence[str],
        expected: Mapping[str, Expected | float] | None = None,
        *,
        conditions: Conditions,
        temperatures_c: Sequence[float] | None = None,
        frequency_hz: tuple[float, float] | None = None,
        points_per_decade: int | None = None,
        noise_percent: float | None = None,
        above_window: Sequence[str] = (),
        geometry_err: float = 0.02,
        measured: bool = False,
    ) -> PlannedCell:
        """Return a complementary cell: what it shares with this one has the values of this one, in its own geometry.

        Parameters
        ----------
        name : str
            For tables.
        template, above_window, conditions
            As in `of`, of the complementary cell.
        shares : sequence of str
            Segments that both have in common.
        expected : mapping of str to Expected or float, optional
            Of the segments that it does not share.
        temperatures_c, frequency_hz, points_per_decade, noise_percent : optional
            As in `of`; those of this cell if not given.
        geometry_err, measured
            As in `PlannedCell`.

        Raises
        ------
        InputError
            If a segment has no value, a shared one is none of both cells or is expected once more, or a geometry is
            missing.
        """
        chosen = _chosen(template, conditions, above_window)
        own = PlannedCell(
            chosen,
            {},
            conditions,
            tuple(self.temperatures_c if temperatures_c is None else temperatures_c),
            self.frequency_hz if frequency_hz is None else (max(frequency_hz), min(frequency_hz)),
            self.points_per_decade if points_per_decade is None else points_per_decade,
            self.noise if noise_percent is None else noise_percent / 100,
            name,
            tuple(shares),
            geometry_err,
            measured,
        )
        rates = shared_rates(self, own, expected or {})
        return replace(
            own, rates=expected_rates(chosen, expected or {}, conditions, f"complement {name!r}", rates)
        )

    @property
    def count_of_points(self) -> int:
        """Number of points of a sweep."""
        decades = math.log10(self.frequency_hz[0] / self.frequency_hz[1])
        return math.floor(decades * self.points_per_decade + 1e-6) + 1

    @property
    def grid_hz(self) -> Floats:
        """Frequencies of a sweep, from the highest on; a wider window has all those of a narrower one."""
        steps = np.arange(self.count_of_points) / self.points_per_decade
        return np.asarray(self.frequency_hz[0] * 10.0**-steps)

    @property
    def temperature_err_c(self) -> float:
        """Standard error of each temperature; 0 where it counts as exact."""
        return self.conditions.temperature_err_c or 0.0

    def log_values(self) -> Floats:
        """Return the expected logarithms of the parameters at each temperature, shape (N, P)."""
        at = np.array(self.temperatures_c)
        return np.stack([self.rates[name].log_values(at) for name in self.template.circuit.names], axis=1)

    def with_temperatures(self, temperatures_c: Sequence[float]) -> PlannedCell:
        """Return the same cell at other temperatures."""
        return replace(self, temperatures_c=tuple(temperatures_c))


def _chosen(template: str | Path | Template, conditions: Conditions, above_window: Sequence[str]) -> Template:
    """Return a template with its configuration chosen, and the arcs above the window as resistors."""
    grid, known = np.array([2.0, 1.0]), conditions.updated()
    found = resolve_template(template, [Spectrum(grid, np.ones(2, complex), conditions=known)])
    names = [s.segment.name for s in found.path]
    for name in above_window:
        if name not in names:
            raise InputError(
                f"above_window: {name!r} is no segment between the probes{did_you_mean(name, names)}; there are "
                f"{', '.join(names)}"
            )
    return found.with_arcs_as_resistors(tuple(above_window)) if above_window else found
