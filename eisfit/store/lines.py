"""Arrhenius lines in HDF5: a table of all, and one NXdata plot per contribution; they are never read back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.laws.arrhenius import REFERENCES_C, Arrhenius
from eisfit.store.hdf5 import (
    Array,
    Group,
    Variable,
    add_group,
    child,
    floats,
    integers,
    link_names,
    texts,
    write_table,
    write_variables,
)

Line = tuple[Arrhenius, bool]
_DIM = ("thousand_per_k",)


def write_lines(entry: Group, lines: Sequence[Line]) -> None:
    """Write Arrhenius lines, each with whether its ordinate is the default of its role.

    Parameters
    ----------
    entry : h5py.Group
        Gets the groups ``arrhenius`` and ``tables/arrhenius``.
    lines : sequence of (Arrhenius, bool)
        As `Series.lines` gives them.
    """
    write_table(child(entry, "tables"), "arrhenius", _columns(lines))
    drawn = [line for line, default in lines if default]
    if not drawn:
        return
    names = link_names([line.contribution for line in drawn], "line")
    group = add_group(entry, "arrhenius", "NXcollection", default=names[_first(drawn)])
    for name, line in zip(names, drawn, strict=True):
        _write_line(group, name, line)


def _columns(lines: Sequence[Line]) -> dict[str, Array]:
    found = [line for line, _ in lines]
    columns = {
        name: texts(getattr(line, name) for line in found)
        for name in ("contribution", "role", "quantity", "unit", "ordinate")
    }
    columns |= {
        "default": np.array([default for _, default in lines], bool),
        "law": texts(line.law for line in found),
        "activation_energy_ev": floats(line.activation_energy_ev for line in found),
        "activation_energy_stderr_ev": floats(line.activation_energy_stderr_ev for line in found),
        "ci95_low_ev": floats(line.ci95_ev[0] for line in found),
        "ci95_high_ev": floats(line.ci95_ev[1] for line in found),
    }
    for k, celsius in enumerate(REFERENCES_C):
        columns[f"value_{celsius:g}c"] = floats(line.references[k].value for line in found)
        columns[f"value_{celsius:g}c_stderr"] = floats(line.references[k].stderr for line in found)
    return columns | {
        "extrapolated": texts(_extrapolated(line) for line in found),
        "scatter_ratio": floats(line.scatter_ratio for line in found),
        "points_used": integers(line.points_used for line in found),
        "points_total": integers(line.points_total for line in found),
        "remarks": texts("; ".join(line.remarks) for line in found),
    }


def _first(lines: Sequence[Arrhenius]) -> int:
    """Return which line is shown first: the interface, where there is one."""
    return next((k for k, line in enumerate(lines) if line.contribution == "interface"), 0)


def _extrapolated(line: Arrhenius) -> str:
    return "; ".join(f"{r.temperature_c:g} °C" for r in line.references if r.extrapolated)


def _write_line(parent: Group, name: str, line: Arrhenius) -> None:
    fitted, low, high = line.line(line.temperature_k)
    variables = {
        "thousand_per_k": Variable(_DIM, 1000 / line.temperature_k, "1000/K"),
        "ordinate": Variable(_DIM, line.ordinate_value),
        "ordinate_errors": Variable(_DIM, line.ordinate_stderr),
        "line": Variable(_DIM, fitted),
        "line_low": Variable(_DIM, low),
        "line_high": Variable(_DIM, high),
        "value": Variable(_DIM, line.value, line.unit),
        "value_stderr_log": Variable(_DIM, line.value_stderr_log),
        "used": Variable(_DIM, line.used),
        "spectrum": Variable(_DIM, texts(line.labels)),
    }
    group = add_group(
        parent,
        name,
        "NXdata",
        signal="ordinate",
        auxiliary_signals=["line"],
        axes="thousand_per_k",
        contribution=line.contribution,
        ordinate=line.ordinate,
        quantity=line.quantity,
        activation_energy_ev=line.activation_energy_ev,
        activation_energy_stderr_ev=line.activation_energy_stderr_ev,
    )
    write_variables(group, variables)
