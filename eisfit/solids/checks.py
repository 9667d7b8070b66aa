"""Numbers and geometry checked at the door of this room: sign, size and unit, each refused by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from eisfit.constants import KJ_PER_MOL_PER_EV, VACUUM_PERMITTIVITY_F_PER_M
from eisfit.errors import InputError
from eisfit.tools.frozen import Complexes, Floats

FARADAY_C_PER_MOL = 1e3 * KJ_PER_MOL_PER_EV  # the same number, in coulomb
VACUUM_F_PER_CM = 1e-2 * VACUUM_PERMITTIVITY_F_PER_M
ROOM_K = 298.15


@dataclass(frozen=True)
class Kind:
    """What a number of some name must be: its unit, its range, and what is usually wrong outside it."""

    unit: str
    low: float
    high: float
    cure: str = "check its unit"


_LENGTH = "give it in cm (1 mm = 0.1 cm, 1 µm = 1e-4 cm, 1 nm = 1e-7 cm)"
_AREA = "give it in cm² (1 mm² = 0.01 cm²)"
_SIGMA = "give it in S/cm (1 mS/cm = 1e-3 S/cm, 1 S/m = 0.01 S/cm)"
_FARAD = "give it in F (1 pF = 1e-12 F, 1 nF = 1e-9 F, 1 µF = 1e-6 F)"
_PER_AREA = "multiply the resistance by the area: Ω cm², not Ω and not Ω/cm²"

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "area_cm2": Kind("cm²", 1e-10, 1e5, _AREA),
        "thickness_cm": Kind("cm", 1e-8, 20.0, _LENGTH),
        "grain_size_cm": Kind("cm", 1e-7, 1.0, _LENGTH),
        "radius_cm": Kind("cm", 1e-8, 1.0, _LENGTH),
        "resistance_ohm": Kind("Ω", 0.0, 1e16),
        "bulk_ohm": Kind("Ω", 0.0, 1e16),
        "boundary_ohm": Kind("Ω", 0.0, 1e16),
        "series_ohm": Kind("Ω", 0.0, 1e16),
        "asr_ohm_cm2": Kind("Ω cm²", 0.0, 1e16, _PER_AREA),
        "bare_ohm_cm2": Kind("Ω cm²", 0.0, 1e16, _PER_AREA),
        "resistivity_ohm_cm": Kind("Ω cm", 1e-6, 1e20, "give it in Ω cm (1 Ω m = 100 Ω cm)"),
        "capacitance_f": Kind("F", 1e-15, 10.0, _FARAD),
        "bulk_f": Kind("F", 1e-15, 1e-3, _FARAD),
        "boundary_f": Kind("F", 1e-15, 1e-2, _FARAD),
        "capacitance_f_cm2": Kind("F/cm²", 1e-14, 10.0, "divide the capacitance by the area: F/cm²"),
        "q": Kind("S s^alpha", 1e-16, 1e3),
        "alpha": Kind("1", 0.0, 1.0, "the exponent of a constant-phase element lies above 0 and up to 1"),
        "matrix_s_cm": Kind("S/cm", 1e-20, 10.0, _SIGMA),
        "particle_s_cm": Kind("S/cm", 1e-20, 10.0, _SIGMA),
        "measured_s_cm": Kind("S/cm", 1e-20, 10.0, _SIGMA),
        "bulk_s_cm": Kind("S/cm", 1e-20, 10.0, _SIGMA),
        "boundary_s_cm": Kind("S/cm", 1e-20, 10.0, _SIGMA),
        "conductivity_s_cm": Kind("S/cm", 1e-20, 10.0, _SIGMA),
        "permittivity": Kind(
            "1", 1.0, 1e6, "give it relative to vacuum (LLTO about 100), not in F/m or F/cm"
        ),
        "permittivity_ratio": Kind("1", 1e-3, 1e3, "it is that of the boundary over that of the bulk"),
        "temperature_k": Kind("K", 1.0, 3000.0, "give it in kelvin: °C + 273.15"),
        "concentration_mol_cm3": Kind(
            "mol/cm³", 1e-15, 1.0, "1 mol/L = 1e-3 mol/cm³, 1/cm³ = 1.66e-24 mol/cm³"
        ),
        "interstitial_cm2_s": Kind("cm²/s", 1e-25, 1.0, "1 m²/s = 1e4 cm²/s"),
        "vacancy_cm2_s": Kind("cm²/s", 1e-25, 1.0, "1 m²/s = 1e4 cm²/s"),
        "relaxation_s": Kind("s", 1e-15, 1e9),
        "potential_v": Kind("V", 1e-4, 10.0, "give its size in V (1 mV = 1e-3 V)"),
        "charge": Kind("1", 1.0, 4.0, "give the size of the charge number, 1 for Li⁺"),
    }
)
_ZERO_ALLOWED = frozenset({"asr_ohm_cm2", "bare_ohm_cm2", "series_ohm"})


def number(name: str, given: npt.ArrayLike | None, why: str = "") -> Floats:
    """Return a checked number or array of them.

    Parameters
    ----------
    name : str
        A key of `KINDS`.
    given : array_like or None
        What the user gave.
    why : str
        What it is needed for, for the sentence where it is missing.

    Raises
    ------
    InputError
        If it is missing, no real number, or outside the range of its kind.
    """
    kind = KINDS[name]
    if given is None:
        raise InputError(f"{name} is missing{f': {why}' if why else ''}; {kind.cure}")
    values = _array(name, given)
    if np.iscomplexobj(values):
        raise InputError(f"{name} must be real, in {kind.unit}: give its real part")
    out = (values < kind.low) | (values > kind.high) | ((values == 0) & (name not in _ZERO_ALLOWED))
    if bad := _first(values, out):
        rule = (
            f"between {kind.low:g} and {kind.high:g}" if kind.low > 0 else f"above 0 and up to {kind.high:g}"
        )
        unit = "" if kind.unit == "1" else f" {kind.unit}"
        raise InputError(f"{name} = {bad}{unit} must lie {rule}{unit}: {kind.cure}")
    return np.asarray(values, float)


def complex_number(name: str, given: npt.ArrayLike | None) -> Complexes:
    """Return a checked conductivity or specific resistance that may be complex; real ones are checked as `number`."""
    if given is None or not np.iscomplexobj(np.asarray(given)):
        return number(name, given)
    values = _array(name, given)
    if bad := _first(values, values.real < 0):
        raise InputError(f"{name} = {bad} {KINDS[name].unit} has a negative real part: it would be a source")
    return values


def fraction(name: str, given: npt.ArrayLike | None) -> Floats:
    """Return a checked share of 0 to 1."""
    if given is None:
        raise InputError(f"{name} is missing; give a share of 0 to 1")
    values = _array(name, given)
    if np.iscomplexobj(values):
        raise InputError(f"{name} must be real: a share of 0 to 1")
    if bad := _first(values, (values < 0) | (values > 1)):
        raise InputError(f"{name} = {bad} must lie between 0 and 1: divide percent by 100")
    return np.asarray(values, float)


def one_of(name: str, given: str, known: Mapping[str, object]) -> str:
    """Return a checked word."""
    from eisfit.tools.nearest import did_you_mean

    if given not in known:
        raise InputError(
            f"{name} {given!r} is not known{did_you_mean(given, known)}; known: {', '.join(known)}"
        )
    return given


def _array(name: str, given: npt.ArrayLike) -> Complexes:
    try:
        values = np.asarray(given)
        if values.dtype.kind not in "iufc":
            raise TypeError
    except (TypeError, ValueError):
        raise InputError(f"{name} = {given!r} is no number: give one in the unit of its name") from None
    if bad := _first(values, ~np.isfinite(values)):
        raise InputError(f"{name} = {bad} is not finite: leave such points out")
    return values


def _first(values: Complexes, bad: npt.NDArray[np.bool_] | np.bool_) -> str:
    """Return the first value that is marked, as text; empty where none is."""
    if not np.any(bad):
        return ""
    if values.ndim == 0:
        return f"{values:g}"
    place = int(np.flatnonzero(bad)[0])
    return f"{values.ravel()[place]:g} (number {place + 1})"
