"""The conditions under which a spectrum was measured."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import InputError
from eisfit.tools.frozen import Value
from eisfit.tools.keywords import refusing_unknown

ELECTRODES = (2, 3, 4, 8)


@refusing_unknown(
    InputError,
    letters={
        "T": "temperature_c",
        "temp": "temperature_c",
        "A": "area_cm2",
        "d": "thickness_cm",
        "t": "time_h",
        "c": "concentration_mol_l",
    },
    hint='; a number of your own stands in own={"soc": 50}',
)
@dataclass(frozen=True, eq=False)
class Conditions(Value):
    """The conditions of a measurement; None means unknown.

    Parameters
    ----------
    temperature_c, temperature_err_c : float, optional
        Temperature and its standard error in °C.
    area_cm2, area_err_cm2 : float, optional
        Electrode or interface area and its standard error in cm².
    true_area_cm2 : float, optional
        Area in cm² of the wall of all pores of one interface, for porous interfaces.
    thickness_cm : float, optional
        Thickness of the solid electrolyte in cm.
    layers : mapping of str to float, optional
        Thickness in cm of further layers by role (``{"polymer": 0.01}``), each of one segment of the template: in
        the shipped ones, both sheets of a polymer on both sides of a solid together.
    time_h : float, optional
        Age of the cell in hours.
    concentration_mol_l : float, optional
        Salt concentration in mol/L.
    bias_v : float, optional
        DC bias in V.
    amplitude_v : float, optional
        Rms amplitude of the sinusoidal excitation in V, where a voltage is applied; peak / sqrt(2).
    amplitude_a : float, optional
        Rms amplitude of the sinusoidal excitation in A, where a current is applied.
    electrodes : int, optional
        Number of electrodes: 2, 3, 4 or 8.
    probe_pair : str, optional
        Which pair of voltage probes, for cells with several, such as ``"L2-S1"``.
    probes_cm : mapping of str to float, optional
        Where the probes of such a cell stand, in cm along the current from the left face of the solid electrolyte:
        ``{"L2": -0.2, "S1": 0.03}``.
    probe_err_cm : float, optional
        Standard error of each of these positions in cm.
    own : mapping of str to float, optional
        Further numbers by a name of one's own (``{"soc": 50, "pressure_mpa": 3.5}``), with the unit in the name.
    fixed : mapping of str to float, optional
        Parameters of the circuit that are known for this spectrum, from another measurement, in their units:
        ``{"R_le": 12.3}``. They are fixed at these values in its fit.

    Raises
    ------
    InputError
        If a value is not finite, a length, area, amplitude, error or fixed value is not positive, or the temperature
        lies below absolute zero; if a name in `own` is none that a column can have, or that of a field; if a keyword
        is not known.

    Examples
    --------
    >>> from eisfit import Conditions
    >>> Conditions(temperature_c=25, own={"soc": 50}).number("soc")
    50.0
    """

    temperature_c: float | None = None
    temperature_err_c: float | None = None
    area_cm2: float | None = None
    area_err_cm2: float | None = None
    true_area_cm2: float | None = None
    thickness_cm: float | None = None
    layers: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    time_h: float | None = None
    concentration_mol_l: float | None = None
    bias_v: float | None = None
    amplitude_v: float | None = None
    amplitude_a: float | None = None
    electrodes: int | None = None
    probe_pair: str | None = None
    probes_cm: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    probe_err_cm: float | None = None
    own: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    fixed: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for name in CONDITION_NUMBERS:
            value = getattr(self, name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float | np.number):
                raise InputError(f"{name} is {value!r}: it must be a number")
            object.__setattr__(self, name, _checked(name, float(value)))
        if self.electrodes is not None and self.electrodes not in ELECTRODES:
            as_text = ", without quotes" if repr(self.electrodes) != str(self.electrodes) else ""
            raise InputError(f"electrodes is {self.electrodes!r}: it must be one of 2, 3, 4, 8{as_text}")
        layers = {str(name): _checked(f"layers.{name}", float(cm)) for name, cm in self.layers.items()}
        object.__setattr__(self, "layers", MappingProxyType(layers))
        if not isinstance(self.probes_cm, Mapping):
            raise InputError(
                f"probes_cm is {self.probes_cm!r}: give the place of each probe by its name, as {{'S1': 0.03}}"
            )
        probes = {str(name): _position(str(name), cm) for name, cm in self.probes_cm.items()}
        object.__setattr__(self, "probes_cm", MappingProxyType(probes))
        own = {name: _checked_own(name, value) for name, value in self.own.items()}
        object.__setattr__(self, "own", MappingProxyType(own))
        fixed = {
            str(name): _checked(f"fixed.{name}", _number(name, value)) for name, value in self.fixed.items()
        }
        object.__setattr__(self, "fixed", MappingProxyType(fixed))

    def __reduce__(self) -> tuple[object, ...]:
        values = [getattr(self, f.name) for f in fields(self)]
        return Conditions, tuple(dict(v) if isinstance(v, Mapping) else v for v in values)

    def number(self, name: str) -> float | None:
        """Return a condition by its name, one of the fields that are numbers or of `own`; None where unknown."""
        if name in CONDITION_NUMBERS:
            value: float | None = getattr(self, name)
            return value
        return self.own.get(name)

    def updated(self, **changes: object) -> Conditions:
        """Return these conditions with every change that is not None applied."""
        return replace(self, **{k: v for k, v in changes.items() if v is not None})  # type: ignore[arg-type]


CONDITION_NUMBERS = tuple(
    f.name
    for f in fields(Conditions)
    if f.name not in ("layers", "electrodes", "probe_pair", "probes_cm", "own", "fixed")
)
CONDITION_FIELDS = tuple(f.name for f in fields(Conditions))
_OWN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


_SIGNED = {"temperature_c", "time_h", "bias_v"}


NO_CONDITIONS = Conditions()


def _checked(name: str, value: float) -> float:
    if not math.isfinite(value):
        raise InputError(f"{name} is {value}: it must be finite; leave it out if it is not known")
    if name == "temperature_c" and value <= -ZERO_CELSIUS_K:
        raise InputError(f"temperature_c is {value:g}: it lies below absolute zero (is it in kelvin or °C?)")
    if name not in _SIGNED and (value < 0 or (value == 0 and "err" not in name)):
        raise InputError(f"{name} is {value:g}: it must be positive; leave it out if it is not known")
    return value


def _position(name: str, value: object) -> float:
    where = f"probes_cm.{name}"
    number = _number(where, value)
    if not math.isfinite(number):
        raise InputError(f"{where} is {number}: it must be finite; leave it out if it is not known")
    return number


def _checked_own(name: str, value: object) -> float:
    if not _OWN_NAME.fullmatch(name) or name in CONDITION_FIELDS:
        raise InputError(
            f"{name!r} is no name for a condition of your own: write a letter, then letters, digits and _, "
            "as pressure_mpa"
        )
    number = _number(name, value)
    if not math.isfinite(number):
        raise InputError(f"{name} is {value}: it must be finite; leave it out if it is not known")
    return number


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise InputError(f"{name} is {value!r}: it must be a number")
    return float(value)
