"""Arrhenius lines in HDF5: a table of all, and one NXdata plot per contribution; they are never read back."""

from __future__ import annotations

from collections.abc import Sequence

from eisfit.laws.arrhenius import Arrhenius
from eisfit.store.hdf5 import (
    Group,
    Variable,
    add_group,
    child,
    columns_of,
    link_names,
    texts,
    write_table,
    write_variables,
)
from eisfit.tables.columns import ARRHENIUS
from eisfit.tables.rows import arrhenius_rows

Line = tuple[Arrhenius, bool]
_DIM = ("thousand_per_k",)


def write_lines(entry: Group, lines: Sequence[Line]) -> None:
    """Write Arrhenius lines, each with whether its ordinate is the default of its role.

    Parameters
    ----------
    entry : h5py.Group
        Gets the groups ``arrhenius`` and ``tables/arrhenius``.
    lines : sequence of (Arrhenius, bool)
        As `Series.arrhenius_fits` gives them; those of a joint fit are drawn among the laws.
    """
    columns = columns_of(arrhenius_rows(lines), ARRHENIUS)
    columns["remarks"] = texts("; ".join(line.remarks) for line, _ in lines)
    write_table(child(entry, "tables"), "arrhenius", columns)
    drawn = [line for line, default in lines if default and line.estimate == "lines"]
    if not drawn:
        return
    names = link_names([line.contribution for line in drawn], "line")
    group = add_group(entry, "arrhenius", "NXcollection", default=names[_first(drawn)])
    for name, line in zip(names, drawn, strict=True):
        _write_line(group, name, line)


def _first(lines: Sequence[Arrhenius]) -> int:
    """Return which line is shown first: the interface, where there is one."""
    return next((k for k, line in enumerate(lines) if line.contribution == "interface"), 0)


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
