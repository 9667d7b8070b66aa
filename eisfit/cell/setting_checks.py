"""Whether the settings of a template are possible: known names, values within ranges, ties that lead somewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from eisfit.cell.segments import STRAY, Setting
from eisfit.cell.ties import parse_tie, roots_of
from eisfit.circuit.circuit import Parameter, parse
from eisfit.errors import TemplateError
from eisfit.tools.nearest import did_you_mean

if TYPE_CHECKING:
    from eisfit.cell.templates import Template

LEAST_EXPONENT = 1e-2  # of what is fitted: the logarithm of an exponent cannot reach that of 0


def merged_settings(
    old: Mapping[str, Setting], new: Mapping[str, Setting | float | str]
) -> dict[str, Setting]:
    """Return settings with further ones; a fixed value takes the place of a tie, and a tie that of a fixed value.

    Raises
    ------
    TemplateError
        If they are no mapping, or one is neither a Setting, nor a number, nor the text of a tie.
    """
    if not isinstance(new, Mapping):
        raise TemplateError(
            f'settings are given by name, as {{"R1": 100.0}}, and this is of the kind {type(new).__name__}'
        )
    merged = dict(old)
    for name, given in new.items():
        setting = _as_setting(name, given)
        changes = {
            key: value for key in Setting.__dataclass_fields__ if (value := getattr(setting, key)) is not None
        }
        gone = {}
        if setting.tie is not None:
            gone = {"start": None, "fixed": None}
        elif setting.fixed is not None or setting.start is not None:
            gone = {"tie": None}
        merged[name] = replace(merged.get(name, Setting()), **(gone | changes))
    return merged


def check_between_probes(t: Template, names: Iterable[str]) -> None:
    """Raise TemplateError where a parameter belongs to a segment that does not lie between the probes."""
    there = t.circuit.names
    for name in names:
        if name not in there and any(name == p.name for s in t.segments for p in parse(s.circuit).parameters):
            raise TemplateError(
                f"template {t.name!r}: {name!r} belongs to a segment that does not lie between the probes, so it "
                f"cannot be set; the parameters are {', '.join(there)}"
            )


def _as_setting(name: str, given: object) -> Setting:
    if isinstance(given, Setting):
        return given
    if isinstance(given, str):
        return Setting(tie=given)
    if isinstance(given, bool) or not hasattr(given, "__float__"):
        raise TemplateError(
            f"setting of {name!r} is {given!r}: give a number to fix it, a text such as '2*R1' to tie it, or a Setting"
        )
    return Setting(fixed=float(given))


def check_settings(t: Template) -> None:
    """Raise TemplateError where a setting names an unknown parameter, leaves its range, or is an impossible tie."""
    known = {p.name: p for s in t.segments for p in parse(s.circuit).parameters}
    where = f"circuit {t.name!r}" if t.is_circuit else f"template {t.name!r}"
    if not t.is_circuit:
        known |= {p.name: p for p in parse(STRAY).parameters}
        _check_holder(where, t.settings.get(STRAY, Setting()))
    for name, setting in t.settings.items():
        _check_name(where, name, known)
        _check_values(where, known[name], setting)
    for name, setting in t.settings.items():
        if setting.tie is not None:
            _check_tie(where, name, setting, known)
    try:
        roots = roots_of(t.settings)
    except TemplateError as error:
        raise TemplateError(f"{where}: {error}") from None
    for name, tie in roots.items():
        _check_reach(where, name, tie.factor, known[tie.name], known[name], t.settings)


def _check_holder(where: str, setting: Setting) -> None:
    if setting != replace(Setting(), fixed=setting.fixed, each=setting.each):
        raise TemplateError(
            f"{where}: {STRAY} is the capacitance of the empty holder in F: it can be fixed at a measured value, and "
            "has no range, start or tie; leave it out if it is not known"
        )


def _check_name(where: str, name: str, known: Mapping[str, Parameter]) -> None:
    if name not in known:
        raise TemplateError(
            f"{where}: unknown parameter {name!r}{did_you_mean(name, known)}; known: {', '.join(known)}"
        )


def _check_values(where: str, parameter: Parameter, setting: Setting) -> None:
    name, upper = parameter.name, parameter.quantity.upper
    low, high = setting.low or 0.0, upper if setting.high is None else setting.high
    if not 0 <= low < high <= upper:
        raise TemplateError(
            f"{where}: range [{low:g}, {high:g}] of {name!r} must rise and lie within 0 and {upper:g}; give "
            "the lower number first, and none beyond these"
        )
    for what in ("start", "fixed"):
        value = getattr(setting, what)
        if value is not None and not (low <= value <= high and 0 < value < math.inf):
            raise TemplateError(
                f"{where}: {what} = {value:g} of {name!r} lies outside its range [{low:g}, {high:g}]"
                f"{_cure(value, low, high, upper)}"
            )


def _cure(value: float, low: float, high: float, upper: float) -> str:
    """Return what to do about a value outside a range, as the end of a sentence."""
    if not 0 < value < math.inf:
        return "; give a positive number"
    narrower = (low, high) != (0.0, upper) and value <= upper
    return "; give a value within" + (", or a wider range" if narrower else "")


def _check_tie(where: str, name: str, setting: Setting, known: Mapping[str, Parameter]) -> None:
    tie = parse_tie(setting.tie or "")
    said = f"tie {name} = {tie.text}"
    if tie.name not in known:
        raise TemplateError(
            f"{where}: {said} names the unknown parameter {tie.name!r}"
            f"{did_you_mean(tie.name, known)}; known: {', '.join(known)}"
        )
    for what in ("fixed", "start"):
        if getattr(setting, what) is not None:
            raise TemplateError(
                f"{where}: {name!r} has {what} = {getattr(setting, what):g} and is tied to {tie.text}; keep one"
            )
    own, other = known[name], known[tie.name]
    if own.unit != other.unit or own.quantity.is_exponent != other.quantity.is_exponent:
        raise TemplateError(
            f"{where}: {said} ties {_unit(own)} to {_unit(other)}; tie parameters of the same kind and unit"
        )


def _unit(parameter: Parameter) -> str:
    if parameter.quantity.is_exponent:
        return f"the exponent {parameter.name}"
    return f"{parameter.name} ({parameter.unit})"


def _check_reach(
    where: str, name: str, factor: float, root: Parameter, own: Parameter, settings: Mapping[str, Setting]
) -> None:
    """Raise TemplateError where the ranges of a parameter and of what it follows have no value in common."""
    at, mine = settings.get(root.name, Setting()), settings[name]
    low, high = _ends(own, mine)
    if at.fixed is not None:
        value = factor * at.fixed
        if not low * (1 - 1e-12) <= value <= high * (1 + 1e-12):
            raise TemplateError(
                f"{where}: {name} = {factor:g}*{root.name} = {value:g}, because {root.name} is fixed, and that lies "
                f"outside its range [{low:g}, {high:g}]"
            )
        return
    root_low, root_high = _ends(root, at)
    if not max(low, factor * root_low) < min(high, factor * root_high):
        raise TemplateError(
            f"{where}: tie {name} = {factor:g}*{root.name} leaves no value: {name} lies within [{low:g}, {high:g}], "
            f"{root.name} within [{root_low:g}, {root_high:g}]"
        )


def _ends(parameter: Parameter, setting: Setting) -> tuple[float, float]:
    quantity = parameter.quantity
    floor = LEAST_EXPONENT if quantity.is_exponent else 0.0
    return setting.low or floor, quantity.upper if setting.high is None else setting.high
