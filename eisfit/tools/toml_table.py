"""A TOML table that knows where it stands and which of its keys were taken."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from eisfit.errors import InputError
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.toml_faults import escape_in, fault_of

_LONGEST_SHOWN = 80
_MOST_DOTS = 100  # of one key; the time to read it grows with their square


class Table:
    """A table of a TOML file, read key by key; what is left over is an unknown key.

    Parameters
    ----------
    data : mapping
        The parsed table.
    where : str
        What messages call it.
    error : type
        Error class to raise.
    """

    def __init__(self, data: Mapping[str, Any], where: str, error: type[InputError]) -> None:
        if not isinstance(data, Mapping):
            raise error(f"{where}: this must be a table, not {shown(data)}; write it as {{ NAME = VALUE }}")
        self.data, self.where, self.error = dict(data), where, error
        self.taken: set[str] = set()

    @classmethod
    def parse(cls, text: str, where: str, error: type[InputError]) -> Table:
        """Read TOML text."""
        if any(line.partition("=")[0].count(".") > _MOST_DOTS for line in text.splitlines()):
            raise error(f"{where}: not valid TOML: a key has more than {_MOST_DOTS} parts")
        if backslash := escape_in(text):
            raise error(f"{where}: {backslash}")
        try:
            return cls(tomllib.loads(text), where, error)
        except tomllib.TOMLDecodeError as fault:
            raise error(f"{where}: {fault_of(text, fault)}") from None
        except (ValueError, RecursionError) as fault:  # of integers with thousands of digits, of deep nesting
            raise error(f"{where}: not valid TOML: {fault}") from None

    def take(self, key: str, *default: Any) -> Any:
        """Return the value of `key`, or the default where one is given."""
        self.taken.add(key)
        if key in self.data:
            return self.data[key]
        if default:
            return default[0]
        raise self.error(f"{self.where}: {key!r} is missing")

    def string(self, key: str, *default: str) -> str:
        """Return a text."""
        value = self.take(key, *default)
        if not isinstance(value, str):
            raise self.error(f"{self.where}: {key} is {shown(value)}; it must be a text in quotes")
        return value

    def optional_string(self, key: str) -> str | None:
        """Return a text, or None where the key is not given."""
        return self.string(key) if self.take(key, None) is not None else None

    def truth(self, key: str, default: bool) -> bool:
        """Take what is true or false.

        Raises
        ------
        InputError
            If it is anything else.
        """
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise self.error(f"{self.where}: {key} is {shown(value)}; write {key} = true or {key} = false")
        return value

    def number(self, key: str) -> float | None:
        """Return a number, or None where the key is not given."""
        value = self.take(key, None)
        if value is None:
            return None
        if not _is_number(value) or math.isnan(value):
            raise self.error(
                f"{self.where}: {key} is {shown(value)}; it must be a number{_as_number(key, value)}"
            )
        return float(value)

    def pair(self, key: str) -> tuple[float, float] | None:
        """Return two rising numbers that are not negative, or None where the key is not given."""
        value = self.take(key, None)
        if value is None:
            return None
        if isinstance(value, list) and len(value) == 2 and all(_is_number(v) for v in value):
            low, high = map(float, value)
            if 0 <= low < high:
                return low, high
        raise self.error(f"{self.where}: {key} is {shown(value)}; write two rising numbers, as [1e-7, 1e-5]")

    def required_number(self, key: str) -> float:
        """Return a number that must be there."""
        value = self.number(key)
        if value is None:
            raise self.error(f"{self.where}: {key!r} is missing")
        return value

    def whole_number(self, key: str, *default: int) -> int:
        """Return a whole number from 1."""
        value = self.take(key, *default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.error(f"{self.where}: {key} is {shown(value)}; it must be a whole number from 1")
        return value

    def numbers(self, key: str) -> tuple[float, ...]:
        """Return one or more numbers."""
        value = self.take(key)
        if isinstance(value, list) and value and all(_is_number(v) for v in value):
            return tuple(map(float, value))
        raise self.error(f"{self.where}: {key} is {shown(value)}; write numbers, as [25, 60]")

    def strings(self, key: str, *default: tuple[str, ...]) -> tuple[str, ...]:
        """Return texts."""
        value = self.take(key, *default)
        if isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
            return tuple(value)
        raise self.error(f'{self.where}: {key} is {shown(value)}; write texts in quotes, as ["a", "b"]')

    def tables(self, key: str, name_key: str = "") -> Iterator[Table]:
        """Go through an array of tables; each is called by its `name_key` or its number."""
        below = self.take(key, [])
        if not isinstance(below, list):
            raise self.error(f"{self.where}: {key} is {shown(below)}; write [[{key}]] tables")
        for number, data in enumerate(below, 1):
            name = data.get(name_key, number) if isinstance(data, Mapping) else number
            yield Table(data, f"{self.where}, {key} {name!r}", self.error)

    def named_tables(self, key: str) -> dict[str, Table]:
        """Return the tables below `key` by name."""
        below = self.take(key, {})
        if not isinstance(below, Mapping):
            raise self.error(f"{self.where}: {key} is {shown(below)}; write [{key}.NAME] tables")
        return {
            name: Table(data, f"{self.where}, {key} {name!r}", self.error) for name, data in below.items()
        }

    def further_numbers(self) -> dict[str, float]:
        """Return the numbers under keys that were not taken, and take them."""
        found = {k: float(v) for k, v in self.data.items() if k not in self.taken and _is_number(v)}
        self.taken |= found.keys()
        return found

    def finish(self) -> None:
        """Raise where a key was not taken."""
        unknown = sorted(set(self.data) - self.taken)
        if unknown:
            known = ", ".join(sorted(self.taken))
            near = did_you_mean(unknown[0], self.taken)
            raise self.error(f"{self.where}: unknown key {unknown[0]!r}{near}; known: {known}")


def shown(value: object) -> str:
    """Return a value as messages show it: cut off where it is long."""
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _as_number(key: str, value: object) -> str:
    """Return how a number that stands in quotes, with a comma or a unit, is written."""
    if not isinstance(value, str):
        return ""
    found = re.fullmatch(r"\s*([+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?)\s*(\D.{0,20})?", value)
    if found is None:
        return ""
    unit = f" in the unit that the key names, without {found[2].strip()!r}" if found[2] else ""
    return f" without quotes: write {key} = {found[1].replace(',', '.')}{unit}"


def _is_number(value: object) -> TypeGuard[int | float]:
    """Tell whether a value is a number that a float can hold."""
    if isinstance(value, float):
        return True
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**1000
