"""Curves of distributions of relaxation times as a session keeps them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from eisfit.tools.frozen import Floats

Curves = Mapping[str, tuple[Floats, Floats]]  # tau in s and gamma in ohm, by label of the spectrum


def read_curves(path: Path) -> Curves:
    """Return the curves of a ``drt_curves.csv``."""
    found: dict[str, list[tuple[float, float]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["spectrum"], []).append((float(row["tau_s"]), float(row["gamma_ohm"])))
    return {label: (np.array(rows)[:, 0], np.array(rows)[:, 1]) for label, rows in found.items()}
