"""The columns of a `.mpr` record: their ids, their types, and how to place unknown ones."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

FREQUENCY, TIME, CYCLE, SEQUENCE = 32, 4, 24, 131
EWE_IDS = (77, 174, 6)  # <Ewe>/V; BT-Lab has Ewe/V
CHANNEL_IDS = {"we": (37, 38), "ce": (100, 101), "we-ce": (432, 433)}
FLAGS = frozenset({1, 2, 3, 21, 31, 65})  # bits of one byte
MODULUS, PHASE, TEMPERATURE = 36, 35, 462
NEEDED = frozenset({32, 37, 38})
NEEDED_POLAR = frozenset({32, 35, 36})  # Modulo Bat keeps |Z| and phase
_DOUBLES = {4, 11, 13, 24, 467, 7, 74, 123, 124}
_SHORTS = {39, 131}
_INTEGERS = {468, 469}
_SINGLES = {
    5, 6, 8, 9, 16, 17, 19, 20, 27, 70, 75, 76, 77, 96, 98, 99, 100, 101, 163, 169, 172, 174, 462,
    *range(32, 39), *range(422, 427), *range(430, 436), 441, 471, 473, 474, 476, 477, 479, 480,
    *range(486, 498),
}  # fmt: skip
TYPES: dict[int, str] = {
    **dict.fromkeys(_SINGLES, "<f4"),
    **dict.fromkeys(_DOUBLES, "<f8"),
    **dict.fromkeys(_SHORTS, "<u2"),
    **dict.fromkeys(_INTEGERS, "<u4"),
}


def record_type(ids: list[int], size: int) -> np.dtype[np.void]:
    """Return the layout of one record, its fields named by column id.

    Parameters
    ----------
    ids : list of int
        Column ids in the order of the file.
    size : int
        Bytes of one record.

    Raises
    ------
    ValueError
        If the known columns do not make up the record, naming ids and bytes.
    """
    columns = _columns(ids)
    unknown = [i for i in columns if i >= 0 and i not in TYPES]
    missing = size - sum(_bytes(i) for i in columns if i not in unknown)
    if missing < 0 or (missing == 0) == bool(unknown):
        raise ValueError(f"the columns {ids} do not add up to records of {size} bytes ({missing} left)")
    guess = _guessed(columns, unknown, missing)
    names, formats, offsets, at = [], [], [], 0
    for i in columns:
        kind = guess.get(i, TYPES.get(i, "u1" if i < 0 else ""))
        if not kind:
            break  # of unknown size: what follows stays opaque
        name = "flags" if i < 0 else str(i)
        names.append(f"{name} again at {at}" if name in names else name)
        formats.append(kind)
        offsets.append(at)
        at += np.dtype(kind).itemsize
    needed = needed_of(ids)
    if not {int(n) for n in names if n.isdigit()} >= needed and set(ids) >= needed:
        raise ValueError(
            f"the unknown columns {unknown} ({missing} bytes) stand before frequency and impedance"
        )
    layout = {"names": names, "formats": formats, "offsets": offsets, "itemsize": size}
    return np.dtype(layout)  # type: ignore[call-overload, no-any-return]


def needed_of(ids: Collection[int]) -> frozenset[int]:
    """Return the ids of frequency and impedance: by real and imaginary part, else by modulus and phase."""
    return NEEDED_POLAR if not set(ids) >= NEEDED and set(ids) >= NEEDED_POLAR else NEEDED


def _columns(ids: list[int]) -> list[int]:
    """Return the columns with all flags made one, -1, at the place of the first."""
    columns = [-1 if i in FLAGS else i for i in ids]
    first = columns.index(-1) if -1 in columns else 0
    return [i for k, i in enumerate(columns) if i != -1 or k == first]


def _bytes(column: int) -> int:
    return 1 if column < 0 else np.dtype(TYPES[column]).itemsize


def _guessed(columns: list[int], unknown: list[int], missing: int) -> dict[int, str]:
    """Return types for unknown columns before a needed one, where the record size allows one answer only."""
    last_needed = max((columns.index(i) for i in needed_of(columns) if i in columns), default=-1)
    if not unknown or last_needed < columns.index(unknown[0]):
        return {}
    each = missing / len(unknown)
    if each in (4, 8) or (len(unknown) == 1 and each in (1, 2)):
        return dict.fromkeys(unknown, {1: "u1", 2: "<u2", 4: "<f4", 8: "<f8"}[int(each)])
    return {}


__all__ = [
    "CHANNEL_IDS",
    "CYCLE",
    "EWE_IDS",
    "FLAGS",
    "FREQUENCY",
    "MODULUS",
    "PHASE",
    "SEQUENCE",
    "TEMPERATURE",
    "TIME",
    "needed_of",
    "record_type",
]
