"""Further measurements that may be made: each is the planned ones with one thing changed, or one cell more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.cell.geometry import layer_thickness_cm
from eisfit.cell.roles import names_in, role_of
from eisfit.circuit.circuit import span
from eisfit.planning.planned_cell import PlannedCell
from eisfit.planning.rates import Rate

_DECADE = 10.0
_STEP_C = 20.0  # between temperatures, where there is one
_WHOLE_C = 2.0  # steps from which on proposed temperatures are whole
_THICKER = 2.0


@dataclass(frozen=True)
class Allowed:
    """What a laboratory can do: ranges of temperature in °C and of frequency in Hz, lowest and highest."""

    temperatures_c: tuple[float, float] = (-np.inf, np.inf)
    frequency_hz: tuple[float, float] = (0.0, np.inf)


def further(
    cells: Sequence[PlannedCell], candidates: Sequence[PlannedCell], allowed: Allowed
) -> Iterator[tuple[str, str, list[PlannedCell]]]:
    """Yield name, kind and cells of each further measurement.

    Parameters
    ----------
    cells : sequence of PlannedCell
        The cell, then the complements that are measured in any case.
    candidates : sequence of PlannedCell
        Complements of which one may be measured too.
    allowed : Allowed
        What can be done.
    """
    cell, others = cells[0], list(cells[1:])
    for complement in candidates:
        yield f"complementary cell: {complement.name}", "complement", [*cells, complement]
    for name, t in _temperatures(cell, allowed):
        yield name, "temperature", [cell.with_temperatures((*cell.temperatures_c, t)), *others]
    twice = cell.with_temperatures((*cell.temperatures_c, *cell.temperatures_c))
    yield "the same series once more", "repetition", [twice, *others]
    for factor in (_THICKER, 1 / _THICKER):
        changed = _other_thickness(cell, factor)
        if changed is not None:
            yield changed.name, "thickness", [*cells, changed]
    high, low = cell.frequency_hz
    for name, window in (
        (f"one decade up, to {_hertz(high * _DECADE)}", (high * _DECADE, low)),
        (f"one decade down, to {_hertz(low / _DECADE)}", (high, low / _DECADE)),
    ):
        if allowed.frequency_hz[0] <= window[1] and window[0] <= allowed.frequency_hz[1]:
            yield name, "frequency", [replace(cell, frequency_hz=window), *others]
    name = f"half the noise, {50 * cell.noise:.2g} % of |Z|"
    yield name, "noise", [replace(cell, noise=cell.noise / 2), *others]
    if cell.temperature_err_c > 0:
        error = cell.temperature_err_c / 2
        changed = replace(cell, conditions=cell.conditions.updated(temperature_err_c=error))
        yield f"half the temperature error, {error:.2g} K", "temperature error", [changed, *others]


def _hertz(frequency_hz: float) -> str:
    """Return a frequency with a prefix."""
    for least, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")):
        if frequency_hz >= least * (1 - 1e-9):
            return f"{frequency_hz / least:.3g} {prefix}Hz"
    return f"{1e3 * frequency_hz:.3g} mHz" if frequency_hz >= 1e-3 else f"{1e6 * frequency_hz:.3g} µHz"


def _temperatures(cell: PlannedCell, allowed: Allowed) -> list[tuple[str, float]]:
    """Return one temperature below the others, one above, and one in the widest gap."""
    at = np.unique(cell.temperatures_c)
    step = float(np.median(np.diff(at))) if at.size > 1 else _STEP_C
    found = [float(at[0] - step), float(at[-1] + step)]
    if at.size > 1:
        widest = int(np.argmax(np.round(np.diff(at), 6)))
        found.append(float(at[widest : widest + 2].mean()))
    found = [round(t, 0 if step >= _WHOLE_C else 1) for t in found]
    low, high = allowed.temperatures_c
    low = max(low, -273.0)
    return [(f"one more temperature, {t:.4g} °C", t) for t in found if low <= t <= high]


def _other_thickness(cell: PlannedCell, factor: float) -> PlannedCell | None:
    """Return the same cell with its solid, or else its one layer, of another thickness; None without a geometry."""
    parts = [s for s in cell.template.path if s.segment.role]
    roles = [role_of(r) for s in parts for r in names_in(s.segment.role)]
    solid = any(r.of_solid for r in roles)
    own = next((r.name for r in roles if r.kind == "layer" and not r.of_solid), "")
    role = next((r.name for r in roles if r.of_solid), own)
    if not role or cell.conditions.area_cm2 is None or layer_thickness_cm(role, cell.conditions) is None:
        return None
    if solid:
        conditions = cell.conditions.updated(thickness_cm=(cell.conditions.thickness_cm or 0.0) * factor)
        layers = {r: cm * factor for r, cm in conditions.layers.items() if role_of(r).of_solid}
        conditions = replace(conditions, layers={**conditions.layers, **layers})
    else:
        layers = {**cell.conditions.layers, own: cell.conditions.layers[own] * factor}
        conditions = replace(cell.conditions, layers=layers)
    rates = dict(cell.rates)
    for part in parts:
        grown = [r for r in names_in(part.segment.role) if (role_of(r).of_solid if solid else r == own)]
        if len(grown) == len(names_in(part.segment.role)):
            rates |= _larger(cell, part.node, factor)
    shares = [s.segment.name for s in parts if _shareable(s.segment.role, cell)]
    how = f"{factor:g} times as thick" if factor > 1 else f"1/{1 / factor:g} as thick"
    return replace(
        cell,
        rates=rates,
        conditions=conditions,
        name=f"the cell with its {role if not solid else 'solid'} {how}",
        shares=tuple(shares),
    )


def _shareable(role: str, cell: PlannedCell) -> bool:
    """Tell whether a segment has a geometry of its own, by which it is the same in both cells."""
    kind = role_of(role).kind
    return kind in ("boundary", "electrode") or (
        kind == "layer" and layer_thickness_cm(role, cell.conditions) is not None
    )


def _larger(cell: PlannedCell, node: object, factor: float) -> dict[str, Rate]:
    """Return the rates of a layer that is thicker: resistances rise, capacitances fall, times stay."""
    own = span(node)  # type: ignore[arg-type]
    inside = cell.template.circuit.parameters[own.start : own.stop]
    return {p.name: cell.rates[p.name].scaled(p.quantity.resistance * float(np.log(factor))) for p in inside}
