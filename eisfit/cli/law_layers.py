"""The growth of layers, as the command law prints it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.cli.app import DONE, SOME_FAILED
from eisfit.cli.console import say, table_console

if TYPE_CHECKING:
    from eisfit.solids import LayerGrowth
    from eisfit.tables.wide_and_narrow import Form


def print_layers(
    file: Path,
    series: Any,
    contributions: Sequence[str],
    permittivity: float | None,
    permittivity_stderr: float,
    as_json: bool,
) -> int:
    """Print the growth of the layers of a file; return the exit code."""
    from eisfit.diagnosis.layers import layers_of_series
    from eisfit.workflow.layer_points import LAYER, grown_layers, layer_data, layers_of_table
    from eisfit.workflow.number_table import number_table

    growers = (
        layers_of_table(number_table(file))
        if series is None
        else layers_of_series(series, file, every=bool(contributions))
    )
    found = grown_layers(file, growers, contributions, permittivity, permittivity_stderr)
    if as_json:
        layers = [layer_data(name, layer) for name, layer in found.layers.items()]
        print(json.dumps({"law": LAYER, "layers": layers}, indent=1))
    for name, layer in found.layers.items():
        if not as_json:
            table_console().print(_form(name, layer).table())
        for text in _remarks(layer, permittivity):
            say(f"{name}: {text}" if name else text)
    for text in found.failed:
        say(text)
    return SOME_FAILED if found.failed else DONE


def _remarks(layer: LayerGrowth, permittivity: float | None) -> list[str]:
    said = [] if permittivity is not None else ["no thickness without --permittivity of the layer"]
    if layer.test is None:
        return [*said, "fewer than three times that differ in R: thickening is not told from densification"]
    return [*said, str(layer.test)]


def _form(name: str, layer: LayerGrowth) -> Form:
    from eisfit.tables.wide_and_narrow import Column, Form
    from eisfit.tools.rounding import with_error

    def shown(value: float, stderr: float) -> str:
        return with_error(value, stderr) if value == value else ""

    rows = [
        (
            f"{layer.time_h[k]:g}",
            shown(1e7 * layer.thickness_cm[k], 1e7 * layer.thickness_stderr_cm[k]),
            shown(layer.conductivity_s_cm[k], layer.conductivity_stderr_s_cm[k]),
            shown(1e6 * layer.product_s[k], 1e6 * layer.product_stderr_s[k]),
        )
        for k in range(layer.time_h.size)
    ]
    columns = (Column("t / h"), Column("thickness / nm"), Column("conductivity / S/cm"), Column("R C / µs"))
    return Form(f"{name or 'points'}: layer growth, {len(rows)} points", columns, rows)
