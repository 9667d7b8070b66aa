"""From the columns of one spectrum to its impedance: which formula, which unit, which sign, and what was assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from eisfit.errors import FormatError
from eisfit.formats.parsing.groups import EXCEL_ERROR, Columns
from eisfit.formats.parsing.units import Unit
from eisfit.formats.raw_file import RawFile
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import AREA_NORMALISED, RESISTIVITY, Finding
from eisfit.spectrum.immittance import OHM_CM, Route, impedance_of
from eisfit.tools.frozen import Complexes, Floats

RIGHT_ANGLE_RAD = 1.6
_OHMS = ("ohm", "ohm cm", "ohm cm2", "ohm / cm2")
FEWEST_SAME = 4
_DIFFERS = 0.02  # |Z| and the modulus of Z' and Z'' of one sample agree within this fraction, with rounding
_GUESS = {
    **dict.fromkeys(("re", "im", "modulus", "rp"), "ohm"), **dict.fromkeys(("phase", "y_phase"), "degrees"),
    **dict.fromkeys(("y_re", "y_im", "y_modulus"), "S"), **dict.fromkeys(("cp", "cs", "c_im"), "F"),
    **dict.fromkeys(("lp", "ls"), "H"),
}  # fmt: skip


def impedance(
    raw: RawFile,
    columns: Columns,
    part: Floats,
    frequency_hz: Floats,
    conditions: Conditions,
    assume_units: bool,
) -> tuple[Complexes, tuple[Finding, ...]]:
    """Return the impedance of the rows of one spectrum, and what was computed or assumed.

    Parameters
    ----------
    raw : RawFile
        For the messages.
    columns : Columns
        Which column holds what; complete.
    part : array, shape (n, m)
        The rows.
    frequency_hz : array, shape (n,)
        Frequencies in Hz.
    conditions : Conditions
        Area and thickness, for quantities of a material.
    assume_units : bool
        Whether the format prescribes ohm and degrees.

    Raises
    ------
    FormatError
        If the units of both columns do not fit together, or are ohm per area.
    """
    route = columns.route
    assert route is not None
    first, second = (columns.heading[q].scaled(part[:, columns.place[q]]) for q in route.needs)
    _require_own_numbers(raw, columns, part, route)
    notes = assumptions(raw, columns, route.needs, second, assume_units)
    if route.needs == ("re", "im"):
        sign, reported = _sign(columns, part, second)
        second, notes = sign * second, notes + reported + _other_modulus(columns, part, first, second)
    if route.needs == ("y_modulus", "phase") and "z" not in columns.heading["phase"].text.lower():
        second = -second  # a bare phase beside |Y| is that of Y
    z, turned = impedance_of(route, frequency_hz, first, second)
    notes += _computed(columns, route)
    if turned:
        loss = columns.heading[route.needs[1]].text.strip()
        text = (
            f"{loss!r} is printed negative; the loss of a passive sample is positive, and its sign was turned"
        )
        notes += (Finding("sign", text),)
    if route.gives == OHM_CM or any(_kind(columns, q) == "ohm cm" for q in route.needs):
        return with_geometry(z, conditions, notes, columns, route)
    return z, notes


def _require_own_numbers(raw: RawFile, columns: Columns, part: Floats, route: Route) -> None:
    """Refuse a column that repeats the frequencies or the other half: it is not what its heading says."""
    first, second = route.needs
    for one, other in (("frequency", first), ("frequency", second), (first, second)):
        values = part[:, columns.place[one]]
        same = np.array_equal(values, part[:, columns.place[other]])
        if np.unique(values).size >= FEWEST_SAME and same:
            texts = [columns.heading[q].text.strip() for q in (one, other)]
            raise FormatError(
                f"{raw.name}: {texts[0]!r} and {texts[1]!r} hold the same numbers, so one of them is not what its "
                "heading says: correct the file"
            )


def _kind(columns: Columns, quantity: str) -> str:
    unit = columns.heading[quantity].unit
    return unit.kind if unit else ""


def _computed(columns: Columns, route: Route) -> tuple[Finding, ...]:
    """Return a finding that names the formula, where the columns are not the impedance itself."""
    logs = any(columns.heading[q].log_base for q in route.needs)
    if not route.law and not logs:
        return ()
    law = route.law or "Z = |Z| exp(i phase)"
    kind = "permittivity" if route.gives == OHM_CM else "immittance"
    return (Finding(kind, f"Z was computed from {_named(columns, route)}: {law}"),)


def _named(columns: Columns, route: Route) -> str:
    return " and ".join(repr(columns.heading[q].text.strip()) for q in route.needs)


def with_geometry(
    z: Complexes, conditions: Conditions, notes: tuple[Finding, ...], columns: Columns, route: Route
) -> tuple[Complexes, tuple[Finding, ...]]:
    """Return a resistivity in ohm cm as an impedance in ohm where the file states area and thickness."""
    area, thickness = conditions.area_cm2, conditions.thickness_cm
    if area is not None and thickness is not None:
        text = f"ohm follow with thickness_cm = {thickness:g} and area_cm2 = {area:g}"
        return np.asarray(z * (thickness / area), np.complex128), (*notes, Finding("permittivity", text))
    text = (
        f"{_named(columns, route)} are of the material, not of the sample: the values are kept in ohm cm; give "
        "area_cm2 and thickness_cm, and a fit multiplies them by thickness over area"
    )
    return z, (*notes, Finding(RESISTIVITY, text))


def assumptions(
    raw: RawFile, columns: Columns, use: Iterable[str], second: Floats, assume_units: bool = False
) -> tuple[Finding, ...]:
    """Return what had to be assumed of the units of the columns in use; ohm per area is refused.

    Parameters
    ----------
    raw : RawFile
        For the message.
    columns : Columns
        The headings.
    use : iterable of str
        The quantities in use.
    second : array, shape (n,)
        The phases, where a phase is in use.
    assume_units : bool
        Whether the format prescribes ohm and degrees.
    """
    use = tuple(use)
    silent = () if assume_units else _unit_findings(columns, use, second)
    return silent + _area_findings(raw, columns, use)


def _unit_findings(columns: Columns, use: Iterable[str], second: Floats) -> tuple[Finding, ...]:
    silent = [q for q in use if columns.heading[q].unit is None and q in _GUESS]
    lower = [h.text.strip() for h in columns.heading.values() if re.search(r"\bm(hz|ohms?)\b", h.text)]
    milli = tuple(
        Finding("unit", f"the m of '{text}' was read as milli; mega is written M") for text in lower
    )
    if not silent:
        return milli
    text = ", ".join(f"'{columns.heading[q].text.strip()}' taken as {_GUESS[q]}" for q in silent)
    if "phase" in silent and np.all(np.abs(second) <= RIGHT_ANGLE_RAD):
        text += "; all phases are so small that they may be radians: write the unit into the heading"
    return (Finding("unit", f"no unit in the heading: {text}"), *milli)


def _area_findings(raw: RawFile, columns: Columns, use: Iterable[str]) -> tuple[Finding, ...]:
    units = [columns.heading[q].unit or Unit("") for q in use]
    texts = "', '".join(columns.heading[q].text.strip() for q in use)
    if any(u.kind == "ohm / cm2" for u in units):
        raise FormatError(
            f"{raw.name}: '{texts}' is in ohm per area, which no impedance has: it is ohm or ohm cm2; "
            "correct the heading"
        )
    extensive = [u.kind.endswith("cm2") for u in units if u.kind not in ("deg", "1", "")]
    ohms = {u.kind for u in units if u.kind in _OHMS}
    if len(ohms) > 1 or len(set(extensive)) > 1:
        raise FormatError(
            f"{raw.name}: '{texts}' are in different units, one per area or length: correct the headings"
        )
    if not any(extensive):
        return ()
    return (
        Finding(
            AREA_NORMALISED,
            f"'{texts}' is in ohm times area, not in ohm: the values are kept in ohm cm2; "
            "a fit divides them by area_cm2",
        ),
    )


def _sign(columns: Columns, part: Floats, im: Floats) -> tuple[int, tuple[Finding, ...]]:
    """Compare the imaginary part with the phase where the file has both; report a contradiction.

    Where one heading states a negated sign and the other states none, the stated sign is used.
    """
    heading = columns.heading
    if heading["im"].text == EXCEL_ERROR:
        return 1, (
            Finding(
                "sign", "the heading of a column is '#NAME?' (a spreadsheet took '-Im' for a formula): -Im(Z)"
            ),
        )
    if "phase" not in columns.place:
        return 1, ()
    phase = heading["phase"].scaled(part[:, columns.place["phase"]])
    if heading["phase"].unit is None and np.all(np.abs(phase[np.isfinite(phase)]) <= RIGHT_ANGLE_RAD):
        phase = np.rad2deg(phase)  # its sign alone is asked for
    clear = np.isfinite(phase) & np.isfinite(im) & (np.abs(phase) > 1.0) & (np.abs(phase) < 90.0)
    if clear.sum() < 3 or np.mean((np.sign(phase) == np.sign(im))[clear]) > 0.5:
        return 1, ()
    reverse = heading["phase"].sign < 0 < heading["im"].sign
    names = [heading[q].text.strip() for q in (("phase", "im") if reverse else ("im", "phase"))]
    text = f"'{names[0]}' and '{names[1]}' contradict each other in sign; the sign of the former was used"
    return -1 if reverse else 1, (Finding("sign", text),)


def _other_modulus(columns: Columns, part: Floats, re_: Floats, im: Floats) -> tuple[Finding, ...]:
    """Report where |Z| of the file is not that of Z' and Z'': the columns may be of different samples."""
    if "modulus" not in columns.place:
        return ()
    printed = columns.heading["modulus"].scaled(part[:, columns.place["modulus"]])
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        ratio = printed / np.hypot(re_, im)
    ratio = ratio[np.isfinite(ratio)]
    if ratio.size < 3 or abs(float(np.median(ratio)) - 1) <= _DIFFERS:
        return ()
    text = (
        f"'{columns.heading['modulus'].text.strip()}' is {np.median(ratio):.3g} times the modulus of "
        f"'{columns.heading['re'].text.strip()}' and '{columns.heading['im'].text.strip()}'; the latter were used"
    )
    return (Finding("columns", text),)
