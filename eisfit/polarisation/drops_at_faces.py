"""Current density against the drop at an interface, from all faces of a cell."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from eisfit.errors import InputError
from eisfit.polarisation.dc_data import DcData, ProbeLayout
from eisfit.polarisation.interface_drop import covariance_of_faces, extrapolate_interface_drop
from eisfit.tools.frozen import Floats, Ints, Value, frozen_array


@dataclass(frozen=True, eq=False)
class InterfaceCurve(Value):
    """Current density and drop at an interface; both positive from solid to liquid (solvation).

    Parameters
    ----------
    label : str
        Name in tables.
    current_a_per_cm2, drop_v : array_like, shape (n,)
        Steady values.
    current_stderr_a_per_cm2, drop_stderr_v : array_like, shape (n,)
        Standard errors; all nan in the drop where none are known.
    temperature_c : float
        In °C.
    faces : tuple of str
        ``left`` or ``right`` for each point; empty for a cell without probes of its own.
    pairs : ndarray of int, shape (m, 2)
        Points of both faces at one time, whose currents are one measurement and whose drops share the probes in the
        solid.
    pair_covariance_v2 : ndarray, shape (m,)
        Covariance of their drops.
    """

    label: str
    current_a_per_cm2: Floats
    drop_v: Floats
    current_stderr_a_per_cm2: Floats
    drop_stderr_v: Floats
    temperature_c: float
    faces: tuple[str, ...] = ()
    pairs: Ints = field(default_factory=lambda: np.empty((0, 2), int))
    pair_covariance_v2: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        size = np.size(self.current_a_per_cm2)
        for name in ("current_a_per_cm2", "drop_v", "current_stderr_a_per_cm2", "drop_stderr_v"):
            values = np.asarray(getattr(self, name), float)
            if values.shape != (size,):
                raise InputError(f"{self.label}: {name} must hold one value a point, {size}")
            object.__setattr__(self, name, frozen_array(values, float))
        object.__setattr__(self, "pairs", frozen_array(self.pairs, int))
        object.__setattr__(self, "pair_covariance_v2", frozen_array(self.pair_covariance_v2, float))

    @property
    def has_errors(self) -> bool:
        """Whether each point has a standard error of its drop, its current, or both; an unknown one counts as none."""
        return bool(((np.nan_to_num(self.drop_stderr_v) > 0) | (self.current_stderr_a_per_cm2 > 0)).all())


def interface_curve(
    data: DcData | Sequence[DcData], *, series_ohm: float | None = None, series_stderr_ohm: float = 0.0
) -> InterfaceCurve:
    """Return the drops at all faces of the solid that have two probes on both sides.

    Parameters
    ----------
    data : DcData or sequence of DcData
        Steady states, see `steady_states`; several are joined, and must have one temperature.
    series_ohm : float, optional
        For a cell without positions: what is in series between its potential probes apart from one interface, such as
        liquid, solid and electrodes from impedance or the twin cell. Zero if nothing is.
    series_stderr_ohm : float
        Its standard error.

    Raises
    ------
    InputError
        If area, temperature, positions or probes are missing, with the cure.

    Notes
    -----
    Positive current runs to the right. At the left face it enters the solid (desolvation), so both signs are
    reversed there; the right face keeps them. One record gives both branches.
    """
    several = [data] if isinstance(data, DcData) else list(data)
    if not several:
        raise InputError("no dc data are given")
    parts = [_curve(each, series_ohm, series_stderr_ohm) for each in several]
    warm = {part.temperature_c for part in parts}
    if max(warm) - min(warm) > 1.0:
        raise InputError(
            f"{', '.join(p.label for p in parts)}: temperatures reach from {min(warm):g} to {max(warm):g} °C: fit each "
            "temperature on its own"
        )
    names = ("current_a_per_cm2", "drop_v", "current_stderr_a_per_cm2", "drop_stderr_v")
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    faces = tuple(face for part in parts for face in part.faces)
    starts = np.cumsum([0, *(part.drop_v.size for part in parts)])
    pairs = np.concatenate([part.pairs + start for part, start in zip(parts, starts, strict=False)])
    shared = np.concatenate([part.pair_covariance_v2 for part in parts])
    label = " + ".join(dict.fromkeys(part.label for part in parts))
    temperature_c = float(np.mean([part.temperature_c for part in parts]))
    return InterfaceCurve(
        label, **joined, temperature_c=temperature_c, faces=faces, pairs=pairs, pair_covariance_v2=shared
    )


def _curve(data: DcData, series_ohm: float | None, series_stderr_ohm: float) -> InterfaceCurve:
    if data.time_s is not None:
        raise InputError(f"{data.label}: this is a record over time: take its steady_states first")
    if data.temperature_c is None:
        raise InputError(
            f"{data.label}: the temperature is missing: RT/F needs it; give it as --temperature-c or temperature_c="
        )
    if data.layout is not None:
        if series_ohm is not None:
            raise InputError(
                f"{data.label}: positions of probes and series_ohm exclude each other: extrapolation leaves out what "
                "is in series"
            )
        return _at_faces(data, data.layout, data.temperature_c)
    if len(data.probes) > 1:
        raise InputError(
            f"{data.label}: the positions of the probes {', '.join(data.probes)} are missing: give them as "
            "'# position_mm: L1=0, ...' with '# solid_mm: 2..4' in the file, or --position L1=0 and --solid-mm 2..4; "
            f"or keep one of them by --probe {shlex.quote(data.probes[0])}"
        )
    if series_ohm is None:
        raise InputError(
            f"{data.label}: one potential and no positions: give what is in series with the interface as --series-ohm "
            "(0 if nothing is), or the positions of two probes in each phase"
        )
    error = np.zeros(len(data)) if data.current_stderr_a is None else data.current_stderr_a
    of_u = np.full(len(data), np.nan) if data.potential_stderr_v is None else data.potential_stderr_v[:, 0]
    drop = data.potential_v[:, 0] - data.current_a * series_ohm
    of_drop = np.hypot(of_u, data.current_a * series_stderr_ohm)
    area = data.area
    return InterfaceCurve(data.label, data.current_a / area, drop, error / area, of_drop, data.temperature_c)


def _at_faces(data: DcData, layout: ProbeLayout, temperature_c: float) -> InterfaceCurve:
    placed = _placed(data, layout)
    phase = {name: layout.phase(name) for name in placed}
    error = np.zeros(len(data)) if data.current_stderr_a is None else data.current_stderr_a
    found: list[tuple[str, Floats, Floats, float]] = []
    for face, x, liquid, sign in (
        ("left", layout.solid_mm[0], "left", -1.0),
        ("right", layout.solid_mm[1], "right", 1.0),
    ):
        used = [name for name in placed if phase[name] in (liquid, "solid")]
        if not any(phase[name] == liquid for name in placed):
            continue  # a cell with one liquid
        at = [layout.positions_mm[name] for name in used]
        potentials = np.column_stack([data.potential_of(name) for name in used])
        columns = [data.probes.index(name) for name in used]
        sigma = None if data.potential_stderr_v is None else data.potential_stderr_v[:, columns]
        try:
            drop = extrapolate_interface_drop(
                at, potentials, x, potential_stderr=sigma,
                position_stderr=0.0 if sigma is None else layout.position_stderr_mm,
            )  # fmt: skip
        except InputError as fault:
            raise InputError(f"{data.label}: {fault}") from None
        found.append((face, sign * drop.drop_v, drop.stderr_v, sign))
    if not found:
        raise InputError(
            f"{data.label}: no probe lies outside the solid: an interface needs two on both sides"
        )
    pairs, shared = _shared(data, layout, placed, len(found))
    return InterfaceCurve(
        data.label,
        np.concatenate([sign * data.current_a / data.area for *_, sign in found]),
        np.concatenate([drop for _, drop, _, _ in found]),
        np.concatenate([error / data.area for _ in found]),
        np.concatenate([sigma for _, _, sigma, _ in found]),
        temperature_c,
        tuple(face for face, *_ in found for _ in range(len(data))),
        pairs,
        shared,
    )


def _placed(data: DcData, layout: ProbeLayout) -> list[str]:
    """Return the names of the probes, all of which have a place."""
    placed = [name for name in data.probes if name in layout.positions_mm]
    missing = [name for name in data.probes if name not in layout.positions_mm]
    if missing:
        raise InputError(
            f"{data.label}: the position of {', '.join(missing)} is missing: give --position "
            f"{shlex.quote(missing[0])}=MM, or keep the others alone by --probe"
        )
    return placed


def _shared(data: DcData, layout: ProbeLayout, placed: list[str], faces: int) -> tuple[Ints, Floats]:
    """Return which points of two faces belong together, and the covariance of their drops."""
    if faces < 2 or data.potential_stderr_v is None:
        return np.empty((0, 2), int), np.empty(0)
    inner = [name for name in placed if layout.phase(name) == "solid"]
    at = np.array([layout.positions_mm[name] for name in inner])
    columns = [data.probes.index(name) for name in inner]
    sigma = data.potential_stderr_v[:, columns]
    if layout.position_stderr_mm:
        slope = np.polyfit(at, data.potential_v[:, columns].T, 1)[0]
        sigma = np.hypot(sigma, slope[:, None] * layout.position_stderr_mm)
    point = np.arange(len(data))
    return np.stack([point, point + len(data)], axis=1), covariance_of_faces(at, sigma, *layout.solid_mm)
