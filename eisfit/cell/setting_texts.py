"""Settings of parameters as one writes them on a line: NAME=VALUE, NAME=LOW..HIGH, NAME = FACTOR*OTHER."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from eisfit.cell.segments import Setting
from eisfit.cell.ties import named_tie
from eisfit.errors import TemplateError

_RANGE = re.compile(r"(?P<low>[^:]*?)\s*(?:\.\.+|:)\s*(?P<high>.*)")
_FIELDS = tuple(Setting.__dataclass_fields__)


def settings_of(
    fix: Iterable[str] = (), ranges: Iterable[str] = (), ties: Iterable[str] = (), start: Iterable[str] = ()
) -> dict[str, Setting]:
    """Return settings by parameter from texts.

    Parameters
    ----------
    fix, start : iterable of str
        ``R0=12.3``.
    ranges : iterable of str
        ``CPE1_alpha=0.7..1`` or ``CPE1_alpha=0.7:1``; either end may be left out.
    ties : iterable of str
        ``R2 = 2*R1``.

    Raises
    ------
    TemplateError
        If a text is none of these, or two say the same of one parameter.

    Examples
    --------
    >>> settings_of(fix=["R0=12.3"], ties=["R2 = 2 R1"])["R2"].tie
    '2*R1'
    """
    parts: list[dict[str, Setting]] = []
    for text in fix:
        name, value = _named(text, "fix", "R0=12.3")
        parts.append({name: Setting(fixed=_number(value, f"fix {text!r}"))})
    for text in start:
        name, value = _named(text, "start", "R0=12.3")
        parts.append({name: Setting(start=_number(value, f"start {text!r}"))})
    for text in ranges:
        name, value = _named(text, "range", "CPE1_alpha=0.7..1")
        parts.append({name: _range(value, f"range {text!r}")})
    parts += [{name: Setting(tie=tie)} for name, tie in map(named_tie, ties)]
    return joined_settings(parts)


def joined_settings(parts: Iterable[Mapping[str, Setting]]) -> dict[str, Setting]:
    """Return all settings by parameter.

    Raises
    ------
    TemplateError
        If two say the same of one parameter.
    """
    found: dict[str, Setting] = {}
    for part in parts:
        for name, new in part.items():
            old = found.get(name, Setting())
            changes = {key: value for key in _FIELDS if (value := getattr(new, key)) is not None}
            for key in changes:
                if getattr(old, key) is not None:
                    what = {"low": "range", "high": "range"}.get(key, key)
                    raise TemplateError(f"{name}: {what} is given twice; keep one")
            found[name] = replace(old, **changes)
    return found


def _named(text: str, what: str, example: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise TemplateError(
            f"{what} {text!r} cannot be read: write the parameter and its value, as {example}"
        )
    return name.strip(), value.strip()


def _range(text: str, where: str) -> Setting:
    found = _RANGE.fullmatch(text)
    if found is None or not (found["low"] or found["high"]):
        raise TemplateError(f"{where} cannot be read: write two numbers, as CPE1_alpha=0.7..1")
    low, high = (_number(found[end], where) if found[end] else None for end in ("low", "high"))
    if low is not None and high is not None and not low < high:
        raise TemplateError(f"{where} cannot be used: the numbers must rise, as CPE1_alpha=0.7..1")
    return Setting(low=low, high=high)


def _number(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        cure = "a decimal point, not a comma" if re.fullmatch(r"-?\d+,\d+", text.strip()) else "a number"
        unit = ", without its unit" if re.match(r"\s*[-+]?[\d.]+\s*[A-Za-zµΩ]", text) else ""
        raise TemplateError(
            f"{where} cannot be used: {text.strip()!r} is no number; write {cure}{unit}"
        ) from None
