"""The growth of layers from a table of resistance and capacitance over time, and as rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from eisfit.errors import EisfitError, InputError
from eisfit.solids import LayerGrowth, layer_growth
from eisfit.tools.frozen import Bools, Floats
from eisfit.tools.nearest import did_you_mean
from eisfit.workflow.law_points import NAME, finite
from eisfit.workflow.number_table import NumberTable

Grower: TypeAlias = Callable[[float | None, float], LayerGrowth]  # of a permittivity and its standard error
LAYER = "layer growth"
WHAT = "Thickness of a layer from its capacitance, and whether it thickens or densifies, by R C over R."
COLUMNS = ("time_h", "asr_ohm_cm2", "asr_stderr_ohm_cm2", "capacitance_f_cm2", "capacitance_stderr_f_cm2")


@dataclass(frozen=True)
class LayerAnswer:
    """The layers that a file holds, by contribution, and why some have no answer."""

    layers: dict[str, LayerGrowth]
    failed: tuple[str, ...]


def grown_layers(
    file: Path,
    growers: Mapping[str, Grower],
    contributions: Sequence[str],
    permittivity: float | None,
    permittivity_stderr: float,
) -> LayerAnswer:
    """Return the growth of the layers that a file holds.

    Parameters
    ----------
    file : Path
        For messages.
    growers : mapping of str to callable
        What tells the growth of each layer.
    contributions : sequence of str
        Those to follow; all where none is named.
    permittivity, permittivity_stderr : float
        Relative permittivity of the layers, where it is known.

    Raises
    ------
    InputError
        If a contribution does not occur.
    """
    found, failed = {}, []
    for name in contributions or growers:
        if name not in growers:
            near = did_you_mean(name, growers)
            raise InputError(f"{file}: no layer {name!r}{near}; there are {', '.join(map(repr, growers))}")
        try:
            found[name] = growers[name](permittivity, permittivity_stderr)
        except EisfitError as error:
            failed.append(f"{file}: {name + ': ' if name else ''}{error}")
    return LayerAnswer(found, tuple(failed))


def layers_of_table(table: NumberTable) -> dict[str, Grower]:
    """Return what tells the growth of each layer of a table.

    Raises
    ------
    InputError
        If a column is missing, or a cell is no number.
    """
    columns = tuple(table.numbers(name) for name in COLUMNS)
    names = np.array(table.texts(NAME), object)
    return {name: _grower(columns, names == name) for name in dict.fromkeys(names)}


def _grower(columns: Sequence[Floats], rows: Bools) -> Grower:
    def grown(permittivity: float | None, permittivity_stderr: float) -> LayerGrowth:
        there = rows & np.isfinite(columns[0]) & np.isfinite(columns[1]) & np.isfinite(columns[3])
        t, r, of_r, c, of_c = (column[there] for column in columns)
        errors = {"asr_stderr_log": of_r / r, "capacitance_stderr_log": of_c / c}
        return layer_growth(
            t, r, c, **errors, permittivity=permittivity, permittivity_stderr=permittivity_stderr
        )

    return grown


def layer_rows(layer: LayerGrowth) -> list[dict[str, Any]]:
    """Return the layer at each time, one row each; None for what is not known."""
    columns = (
        "time_h", "thickness_cm", "thickness_stderr_cm", "conductivity_s_cm", "conductivity_stderr_s_cm",
        "product_s", "product_stderr_s",
    )  # fmt: skip
    return [
        {name: finite(float(getattr(layer, name)[k])) for name in columns} for k in range(layer.time_h.size)
    ]


def layer_data(name: str, layer: LayerGrowth) -> dict[str, Any]:
    """Return a layer as JSON has it."""
    test = layer.test
    return {
        "contribution": name,
        "points": layer_rows(layer),
        "rc_over_r": None
        if test is None
        else {
            "word": test.word, "power": test.power, "stderr": test.stderr, "p_constant": test.p_constant,
            "p_as_r": test.p_as_r, "sentence": str(test),
        },
    }  # fmt: skip
