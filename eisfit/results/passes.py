"""Groups of spectra of one series that ought to agree at equal temperatures: heating and cooling, passes, names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.laws.checks import Grouping
from eisfit.laws.hysteresis import EQUAL_WITHIN

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_UNIT = re.compile(r"[ _]?(?:°C|degC|deg_C|deg|K|C)(?![A-Za-z])")
_SIGN = re.compile(r"(?:(?<![A-Za-z])(?:m|minus|neg|min)[ _]?|[-−–])$")
_SWEEP = re.compile(r"#\d+$")
_SAME = 0.5  # K; a smaller step is neither heating nor cooling
_CLOSE = 0.06  # K; a number in a name is the temperature within rounding


def grouping_of(
    labels: Sequence[str], temperature_c: Sequence[float], order: Sequence[int]
) -> Grouping | None:
    """Return the groups of spectra by their names, or else by the order in which they were measured.

    Parameters
    ----------
    labels, temperature_c : sequence, length n
        Of the spectra.
    order : sequence of int, length n
        When each was measured, among the others; empty if that is not known.

    Returns
    -------
    Grouping or None
        None where no temperature occurs in two groups, within 2 K.
    """
    found = [_by_name(labels, temperature_c)]
    if order:
        found.append(_by_order(temperature_c, order))
    for grouping in found:
        if grouping is not None and _meet(grouping, temperature_c):
            return grouping
    return None


def _meet(grouping: Grouping, temperature_c: Sequence[float]) -> bool:
    rows = list(zip(grouping.of, temperature_c, strict=True))
    return any(a != b and abs(t - u) <= EQUAL_WITHIN for a, t in rows for b, u in rows)


def _by_name(labels: Sequence[str], temperature_c: Sequence[float]) -> Grouping | None:
    """Return groups of equal names, the temperatures apart; running numbers and sweeps of a file may differ too."""
    files = [_SWEEP.sub("", label) for label in labels]
    rest = [_without_temperature(name, t) for name, t in zip(files, temperature_c, strict=True)]
    if any(name is None for name in rest):
        return None
    stems = [str(name) for name in rest]
    for names in (stems, [_NUMBER.sub("", name) for name in stems]):
        kinds = list(dict.fromkeys(names))
        sizes = [names.count(kind) for kind in kinds]
        if len(kinds) > 1 and min(sizes) > 1:
            return Grouping("names", tuple(kinds), tuple(kinds.index(name) for name in names))
    return None


def _without_temperature(label: str, temperature_c: float) -> str | None:
    """Return a name with a star for its temperature; None where it holds none."""
    known = (abs(temperature_c), temperature_c + ZERO_CELSIUS_K)
    matches = [
        (match, _UNIT.match(label, match.end()))
        for match in _NUMBER.finditer(label)
        if any(abs(float(match.group().replace(",", ".")) - t) <= _CLOSE for t in known)
    ]
    if not matches:
        return None
    match, unit = next((pair for pair in matches if pair[1]), matches[-1])
    before = _SIGN.sub("", label[: match.start()])
    return f"{before}*{label[unit.end() if unit else match.end() :]}"


def _by_order(temperature_c: Sequence[float], order: Sequence[int]) -> Grouping | None:
    """Return the runs of rising and of falling temperature; a single jump back begins the next run."""
    place = sorted(range(len(order)), key=lambda k: order[k])
    runs = _runs([temperature_c[k] for k in place])
    if len(runs) < 2:
        return None
    of = [-1] * len(order)
    for number, (_, members) in enumerate(runs):
        for k in members:
            of[place[k]] = number
    directions = [rises for rises, _ in runs]
    if len(runs) == 2 and directions[0] != directions[1]:
        return Grouping(
            "branches", tuple("heating" if rises else "cooling" for rises in directions), tuple(of)
        )
    words = ("heating" if rises else "cooling" for rises in directions)
    return Grouping("passes", tuple(f"pass {k} ({word})" for k, word in enumerate(words, 1)), tuple(of))


def heating_of(temperature: Sequence[float], order: Sequence[int]) -> tuple[bool, ...] | None:
    """Return whether each point was measured in heating, by the order; None where the temperature runs one way.

    Parameters
    ----------
    temperature : sequence of float, length n
        In °C or kelvin.
    order : sequence of int, length n
        When each was measured, among the others.
    """
    place = sorted(range(len(order)), key=lambda k: order[k])
    runs = _runs([temperature[k] for k in place])
    if len({rises for rises, _ in runs}) < 2:
        return None
    of = {place[k]: rises for rises, members in runs for k in members}
    return tuple(of[k] for k in range(len(order)))


def _runs(temperature_c: Sequence[float]) -> list[tuple[bool, list[int]]]:
    """Return whether each run rises, and its members in the order measured."""
    runs: list[tuple[bool, list[int]]] = []
    start: list[int] = []
    for k, t in enumerate(temperature_c):
        step = t - temperature_c[k - 1] if k else 0.0
        if abs(step) <= _SAME:
            (runs[-1][1] if runs else start).append(k)
            continue
        rises = step > 0
        if not runs:
            runs.append((rises, [*start, k]))
        elif runs[-1][0] == rises:
            runs[-1][1].append(k)
        elif len(runs[-1][1]) == 1 and len(runs) > 1:
            runs[-1] = (rises, [*runs[-1][1], k])
        else:
            runs.append((rises, [k]))
    return runs
