"""Currents and potentials of a cell under direct current, with the places of its probes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.spectrum.findings import Finding
from eisfit.tools.frozen import Floats, Ints, Value, frozen_array
from eisfit.tools.nearest import did_you_mean

LARGEST_CURRENT_A = 100.0
LARGEST_POTENTIAL_V = 100.0
_ONE = "potential"  # name of the only potential of a cell without probes of its own


@dataclass(frozen=True)
class ProbeLayout:
    """Where the probes and the solid electrolyte lie along the current.

    Parameters
    ----------
    positions_mm : mapping of str to float
        Place of each probe along the current, in mm from any origin; positive current runs towards larger values.
    solid_mm : (float, float)
        Both faces of the solid electrolyte, the interfaces.
    position_stderr_mm : float
        Standard error of each place, 0 if it counts as exact.

    Raises
    ------
    InputError
        If a place is not finite, the faces are not in order, or a probe lies on a face.
    """

    positions_mm: Mapping[str, float]
    solid_mm: tuple[float, float]
    position_stderr_mm: float = 0.0

    def __post_init__(self) -> None:
        low, high = self.solid_mm
        if not (isfinite(low) and isfinite(high) and low < high):
            raise InputError(f"solid_mm is {low:g}..{high:g}: the left face must come before the right one")
        if not (isfinite(self.position_stderr_mm) and self.position_stderr_mm >= 0):
            raise InputError(
                f"position_stderr_mm is {self.position_stderr_mm:g}: it must be zero or a positive number of mm"
            )
        for name, place in self.positions_mm.items():
            if not isfinite(place):
                raise InputError(f"probe {name!r}: its position is {place:g}: give a number of mm")
            if place in self.solid_mm:
                raise InputError(
                    f"probe {name!r} lies at {place:g} mm, on a face of the solid: on which side is it? "
                    "move it by its radius to the side it touches"
                )

    def phase(self, name: str) -> str:
        """Return ``left``, ``solid`` or ``right``, in which a probe lies."""
        place, (low, high) = self.positions_mm[name], self.solid_mm
        return "left" if place < low else "right" if place > high else "solid"


@dataclass(frozen=True, eq=False)
class DcData(Value):
    """Current and potentials of a cell under direct current.

    Parameters
    ----------
    label : str
        Name in tables.
    current_a : array_like, shape (n,)
        In ampere; positive from left to right, towards larger positions.
    potential_v : array_like, shape (n,) or (n, P)
        In volt, one column a probe, against any common reference; of a cell without probes of its own its potential.
    probes : tuple of str
        Names of the columns.
    time_s : array_like, shape (n,), optional
        Without it every point is taken for a steady state.
    step : array_like of int, shape (n,), optional
        Number of the step each point belongs to, where the file tells it.
    current_stderr_a, potential_stderr_v : array_like, optional
        Standard errors, of the shapes of the values.
    area_cm2, temperature_c : float, optional
        Of the interface.
    layout : ProbeLayout, optional
        Where the probes lie.
    technique : str
        As the file names it.
    findings : tuple of Finding
        Remarks of reading.

    Raises
    ------
    InputError
        If shapes differ, a value is not finite, or a number cannot be in the stated unit.
    """

    label: str
    current_a: Floats
    potential_v: Floats
    probes: tuple[str, ...] = (_ONE,)
    time_s: Floats | None = None
    step: Ints | None = None
    current_stderr_a: Floats | None = None
    potential_stderr_v: Floats | None = None
    area_cm2: float | None = None
    temperature_c: float | None = None
    layout: ProbeLayout | None = None
    technique: str = ""
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        current = _numbers(self.label, "current_a", self.current_a, LARGEST_CURRENT_A, "A")
        potential = _numbers(self.label, "potential_v", self.potential_v, LARGEST_POTENTIAL_V, "V")
        potential = potential[:, None] if potential.ndim == 1 else potential
        if current.ndim != 1 or not current.size:
            raise InputError(f"{self.label}: current_a has shape {current.shape}: give one value a point")
        shape = (current.size, len(self.probes))
        if potential.shape != shape:
            raise InputError(f"{self.label}: potential_v has shape {potential.shape}, not {shape}")
        fields: dict[str, npt.ArrayLike | None] = {"current_a": current, "potential_v": potential}
        for name, like in (("current_stderr_a", current), ("potential_stderr_v", potential)):
            fields[name] = _errors(self.label, name, getattr(self, name), like.shape)
        if self.time_s is not None:
            time = _numbers(self.label, "time_s", self.time_s, np.inf, "s")
            if time.shape != current.shape or (np.diff(time) < 0).any():
                raise InputError(
                    f"{self.label}: time_s must hold one value a point, none before the last one"
                )
            fields["time_s"] = time
        for name, found in fields.items():
            object.__setattr__(self, name, None if found is None else frozen_array(found, float))
        if self.step is not None:
            object.__setattr__(self, "step", frozen_array(self.step, int))
        _check_conditions(self)

    def __len__(self) -> int:
        return self.current_a.size

    @property
    def area(self) -> float:
        """Area of the interface in cm2.

        Raises
        ------
        InputError
            If it is not known.
        """
        if self.area_cm2 is None:
            raise InputError(
                f"{self.label}: the area is missing: a current density needs it; give it as --area-cm2 or area_cm2="
            )
        return self.area_cm2

    def under(self, **changes: object) -> DcData:
        """Return the same data with other conditions: ``area_cm2``, ``temperature_c``, ``layout``.

        Raises
        ------
        InputError
            If there is no such condition, or its value cannot be.
        """
        known = ("area_cm2", "temperature_c", "layout", "label")
        for name in changes:
            if name not in known:
                raise InputError(
                    f"no condition {name!r}{did_you_mean(name, known)}; known: {', '.join(known)}"
                )
        return replace(self, **changes)  # type: ignore[arg-type]

    def only(self, probes: Sequence[str]) -> DcData:
        """Return the same data with some of the potentials, such as those of an instrument's analog inputs.

        Raises
        ------
        InputError
            If there is no such probe.
        """
        columns = [self.potential_of(name) for name in probes]
        places = [self.probes.index(name) for name in probes]
        error = self.potential_stderr_v
        return replace(
            self,
            potential_v=np.column_stack(columns),
            probes=tuple(probes),
            potential_stderr_v=None if error is None else error[:, places],
        )

    def potential_of(self, probe: str) -> Floats:
        """Return the potential of one probe in V, shape (n,).

        Raises
        ------
        InputError
            If there is no such probe.
        """
        if probe not in self.probes:
            raise InputError(
                f"{self.label}: no probe {probe!r}{did_you_mean(probe, self.probes)}; there are: "
                f"{', '.join(self.probes)}"
            )
        return np.asarray(self.potential_v[:, self.probes.index(probe)])


def _numbers(label: str, name: str, values: npt.ArrayLike, largest: float, unit: str) -> Floats:
    array = np.asarray(values, float)
    if not np.isfinite(array).all():
        row = int(np.argwhere(~np.isfinite(array))[0][0]) + 1
        raise InputError(f"{label}: {name} of point {row} is not finite: correct or remove that point")
    if array.size and (most := float(np.abs(array).max())) > largest:
        raise InputError(
            f"{label}: {name} reaches {most:g} {unit}, more than {largest:g} {unit}: the unit is probably m{unit} "
            f"or µ{unit}; write it behind the heading"
        )
    return array


def _errors(label: str, name: str, values: npt.ArrayLike | None, shape: tuple[int, ...]) -> Floats | None:
    if values is None:
        return None
    array = np.asarray(values, float)
    if array.ndim < len(shape):
        array = array.reshape(*array.shape, *([1] * (len(shape) - array.ndim)))
    array = np.broadcast_to(array, shape)
    if not (np.isfinite(array).all() and (array >= 0).all()):
        raise InputError(
            f"{label}: {name} holds a value that is negative or not finite: give standard errors"
        )
    return array


def _check_conditions(data: DcData) -> None:
    if data.area_cm2 is not None and not (isfinite(data.area_cm2) and data.area_cm2 > 0):
        raise InputError(f"{data.label}: area_cm2 is {data.area_cm2:g}: it must be positive")
    if data.temperature_c is not None and not -273.15 < data.temperature_c < 2000:
        raise InputError(f"{data.label}: temperature_c is {data.temperature_c:g}: give °C")
    if data.step is not None and data.step.shape != data.current_a.shape:
        raise InputError(f"{data.label}: step must hold one number a point")
    if data.layout is not None:
        for name in data.layout.positions_mm:
            if name not in data.probes:
                near = did_you_mean(name, data.probes)
                raise InputError(
                    f"{data.label}: a position is given for {name!r}, which is no column{near}; "
                    f"the potentials are: {', '.join(data.probes)}"
                )
