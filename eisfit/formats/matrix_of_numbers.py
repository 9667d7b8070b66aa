"""A matrix of impedances whose frequencies stand in a second file beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.build import as_complex, build
from eisfit.formats.parsing.dialect import looks_like_text
from eisfit.formats.parsing.numbers import number
from eisfit.formats.parsing.rows import matrix
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

NAME = "matrix"
MOST_BYTES = 2_000_000
FEWEST_POINTS = 4


def recognise(raw: RawFile) -> bool:
    """Accept a file of nothing but numbers, one per line or at least four pairs per line."""
    if not looks_like_text(raw) or len(raw.data) > MOST_BYTES:
        return False
    first = next((line for line in raw.lines if line.strip()), "").replace(",", " ").split()
    if not (len(first) == 1 or (len(first) >= 2 * FEWEST_POINTS and len(first) % 2 == 0)):
        return False
    return all(number(cell) is not None for cell in first) and _numbers(raw) is not None


def _numbers(raw: RawFile) -> Floats | None:
    """Return the matrix, or None where a line holds something else than as many numbers."""
    rows = [line.replace(",", " ").split() for line in raw.lines if line.strip()]
    values = [[v for cell in row if (v := number(cell)) is not None] for row in rows]
    width = len(rows[0])
    if any(len(row) != width for row in rows) or any(len(v) != width for v in values):
        return None
    return matrix(values, width)


def read(raw: RawFile) -> list[Spectrum]:
    """Return one spectrum per row of the matrix, its columns being Z' and Z'' in turn.

    Raises
    ------
    NoImpedance
        If the file is a single column, such as the frequencies themselves.
    FormatError
        If there is not exactly one file with the frequencies beside it.
    """
    table = _numbers(raw)
    assert table is not None
    if table.shape[1] == 1:
        raise NoImpedance(
            f"{raw.name}: one column of {table.shape[0]} numbers, such as frequencies; no impedance"
        )
    beside, frequency = _frequencies(raw, table)
    text = f"the frequencies were taken from {beside.name}, the columns as Z' and Z'' in turn, signed"
    if table.shape[1] != 2 * frequency.size:
        table = np.hstack([table[:, k : k + 2].reshape(1, -1).T for k in range(0, table.shape[1], 2)]).T
    spectra: list[Spectrum] = []
    for row in table:
        spectra += build(
            raw, NAME, frequency, as_complex(row[0::2] + 1j * row[1::2]),
            findings=(Finding("frequency", text),), restarts=False, first_sweep=len(spectra) + 1,
        )  # fmt: skip
    return spectra


def _frequencies(raw: RawFile, table: Floats) -> tuple[Path, Floats]:
    """Find the one file ``freq...`` beside this one whose tail is the same and whose length fits."""
    tail = raw.path.stem.partition("_")[2]
    found = []
    for path in sorted(raw.path.parent.glob("*")):
        name = path.stem.lower()
        if (
            path == raw.path
            or not name.startswith("freq")
            or not path.stem.endswith(tail)
            or not path.is_file()
        ):
            continue
        other = RawFile.open(path) if path.stat().st_size <= MOST_BYTES else None
        column = _numbers(other) if other is not None and recognise(other) else None
        if (column is not None and column.shape[1] == 1 and 2 * column.size == table.shape[1]) or (
            column is not None and column.shape[1] == 1 and column.size == table.shape[0]
        ):
            found.append((path, column[:, 0]))
    if len(found) != 1:
        wanted = f"freq_{tail}{raw.path.suffix}" if tail else f"freq{raw.path.suffix}"
        raise FormatError(
            f"{raw.name}: a matrix of {table.shape[0]} x {table.shape[1]} numbers without frequencies; "
            f"put them one per line into {wanted} beside it, or give the file column headings"
        )
    return found[0]


FORMAT = Format(NAME, recognise, read)
