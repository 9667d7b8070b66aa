"""The amplitude of the excitation as a file states it, made rms."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Literal, TypeAlias

from eisfit.formats.parsing.build import with_plausible
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import Finding

Kind: TypeAlias = Literal["rms", "peak"]
RMS_PER = {"rms": 1.0, "peak": 1 / math.sqrt(2)}  # rms value of a sine by its rms or peak value
_UNITS = {
    f"{prefix}{letter}": (name, scale)
    for letter, name in (("V", "amplitude_v"), ("A", "amplitude_a"))
    for prefix, scale in {"": 1.0, "m": 1e-3, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "n": 1e-9, "k": 1e3}.items()
}
_RMS = r"r\.?m\.?s\.?"
_STATED = re.compile(
    rf"(?P<prefix>[munkµμ]?)(?P<letter>[VA])[ _,(-]*{_RMS}|{_RMS}[ _,(-]*(?P<prefix_2>[munkµμ]?)(?P<letter_2>[VA])\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"[(\[]\s*(?P<prefix>[munkµμ]?)(?P<letter>[VA])\s*[)\]]", re.IGNORECASE)


def with_amplitude(
    conditions: Conditions, value: float | None, unit: str, kind: Kind, *, convention: str = ""
) -> tuple[Conditions, tuple[Finding, ...]]:
    """Return the conditions with the amplitude of the excitation, and the findings about it.

    Parameters
    ----------
    conditions : Conditions
        What is known so far.
    value : float or None
        As the file states it; None where it states nothing.
    unit : str
        ``V``, ``mV``, ``A``, ``mA`` and the like; volts go to ``amplitude_v``, amperes to ``amplitude_a``.
    kind : {"rms", "peak"}
        What the number is.
    convention : str
        The program whose convention `kind` follows, where the file does not state it; a finding names it.
    """
    if value is None or unit not in _UNITS:
        return conditions, ()
    name, scale = _UNITS[unit]
    rms = value * scale * RMS_PER[kind]
    if not (math.isfinite(rms) and rms > 0):
        return conditions, (Finding("amplitude", f"{value:g} {unit} ignored: an amplitude must be positive"),)
    reported: tuple[Finding, ...] = ()
    if convention:
        text = (
            f"the amplitude {value:g} {unit} was taken as {kind} by the convention of {convention}; "
            "the file does not say"
        )
        reported = (Finding("amplitude", text),)
    return with_plausible(conditions, **{name: rms}), reported


def with_one_amplitude(
    conditions: Conditions, values: Iterable[float], unit: str, kind: Kind, *, convention: str = ""
) -> tuple[Conditions, tuple[Finding, ...]]:
    """Return `with_amplitude` of values that must all be equal; a finding reports where they differ."""
    found = sorted(set(values))
    if len(found) > 1:
        listed = ", ".join(f"{v:g}" for v in found[:8])
        text = f"the file states several amplitudes ({listed} {unit}): none was taken"
        return conditions, (Finding("amplitude", text),)
    return with_amplitude(conditions, found[0] if found else None, unit, kind, convention=convention)


def rms_unit(text: str) -> str:
    """Return the unit that a text such as ``AC &Voltage (mV rms)`` gives to an rms value, else ''."""
    return _unit(_STATED.search(text))


def bare_unit(text: str) -> str:
    """Return the unit in the brackets of a text such as ``AC Voltage (mV)``, else ''."""
    return _unit(_BARE.search(text))


def _unit(found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    groups = found.groupdict()
    letter = groups["letter"] or groups.get("letter_2") or ""
    return (groups["prefix"] or groups.get("prefix_2") or "").lower() + letter.upper()
