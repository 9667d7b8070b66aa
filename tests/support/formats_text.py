"""A small spectrum written as delimited text."""

from __future__ import annotations

from pathlib import Path

import numpy as np

F = np.array([1e4, 1e3, 1e2, 10.0])
Z = np.array([10 - 1j, 20 - 7.5j, 40 - 12j, 90 - 3j])


def written(folder: Path, text: str | bytes, name: str = "cell.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def table(header: str, columns: list[np.ndarray], separator: str = ",", comma: bool = False) -> str:
    rows = [separator.join(repr(float(v)) for v in row) for row in zip(*columns, strict=True)]
    body = "\n".join(rows)
    return header + "\n" + (body.replace(".", ",") if comma else body) + "\n"
