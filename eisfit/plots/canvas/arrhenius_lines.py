"""Laws over 1/T as they are drawn: grouped by quantity, solid within the points and dashed beyond."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import InputError
from eisfit.laws.arrhenius import ARRHENIUS
from eisfit.laws.law_fit import LawFit
from eisfit.laws.ordinate import is_logarithm
from eisfit.results.fit import Fit
from eisfit.results.series import Series
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

Lines: TypeAlias = Series | LawFit | Iterable[LawFit]

QUANTITIES = {
    ("ln(sigma T)", "conductivity"): ("σT", "S K cm⁻¹"),
    ("ln(sigma)", "conductivity"): ("σ", "S cm⁻¹"),
    ("ln(1/R)", "asr"): ("1/ASR", "Ω⁻¹ cm⁻²"),
    ("ln(T/R)", "asr"): ("T/ASR", "K Ω⁻¹ cm⁻²"),
    ("ln(1/R)", "resistance"): ("1/R", "Ω⁻¹"),
    ("ln(T/R)", "resistance"): ("T/R", "K Ω⁻¹"),
    ("ln(R)", "asr"): ("ASR", "Ω cm²"),
    ("ln(R)", "resistance"): ("R", "Ω"),
}
_BEYOND = 0.07  # a line continues dashed by this fraction of the measured span
_STEPS = 120


def lines_of(result: Lines) -> list[LawFit]:
    """Return the lines to draw: of a series the default one of each contribution, and its laws over 1/T.

    Raises
    ------
    InputError
        If there is no line, or one that was handed over is not over temperature or not a logarithm.
    """
    if isinstance(result, Series):
        found = [line for line, default in result.law_fits() if default and _fits_here(line)]
    elif isinstance(result, Spectrum | Fit):
        raise InputError(f"an Arrhenius plot needs a series: a {type(result).__name__} has one temperature")
    else:
        found = [result] if isinstance(result, LawFit) else list(result)
    if not found:
        raise InputError(
            "there is no Arrhenius line to draw: no contribution has a value at two temperatures or more"
        )
    for line in found:
        if not _fits_here(line):
            raise InputError(
                f"{line.contribution}: {line.law} of {line.ordinate} over {line.condition} cannot be drawn here: "
                "an Arrhenius plot shows logarithms over 1/T"
            )
    return found


def _fits_here(line: LawFit) -> bool:
    return line.over_temperature and is_logarithm(line.ordinate)


def panels_of(lines: Sequence[LawFit]) -> list[list[LawFit]]:
    """Group lines so that one panel never mixes two quantities."""
    groups: dict[tuple[str, str], list[LawFit]] = {}
    for line in lines:
        groups.setdefault((line.ordinate, line.quantity), []).append(line)
    return list(groups.values())


def pieces(line: LawFit, limits: tuple[float, float]) -> list[tuple[Floats, str, str]]:
    """Return the grids of a line: solid through its points, dashed beyond them and where it is rejected."""
    inside = 1000 / line.at[line.used]
    low, high = float(inside.min()), float(inside.max())
    style = "--" if line.checks.rejected else "-"
    pieces = [(np.linspace(low, high, _STEPS), style, "line")]
    if limits[0] < low:
        pieces.append((np.linspace(limits[0], low, _STEPS), "--", "extrapolated"))
    if limits[1] > high:
        pieces.append((np.linspace(high, limits[1], _STEPS), "--", "extrapolated"))
    return pieces


def span(lines: Sequence[LawFit]) -> tuple[float, float]:
    """Return the limits of 1000/T: all points, and a little beyond."""
    x = 1000 / np.concatenate([line.at for line in lines])
    beyond = _BEYOND * float(np.ptp(x))
    return float(x.min()) - beyond, float(x.max()) + beyond


def italic(symbol: str) -> str:
    """Set the symbols of quantities in italics."""
    return symbol.replace("σ", "$\\sigma$").replace("T", "$T$").replace("R", "$R$").replace("AS$R$", "ASR")


def ordinate(line: LawFit) -> str:
    """Return the ordinate as text, such as ln(σT)."""
    symbol = QUANTITIES[line.ordinate, line.quantity][0]
    return f"ln({italic(symbol)})"


def data(result: Lines) -> list[dict[str, Any]]:
    """Return the plotted numbers: points with their errors, and the lines with their bands."""
    rows: list[dict[str, Any]] = []
    lines = lines_of(result)
    limits = span(lines)
    others = any(line.law != ARRHENIUS for line in lines)
    for line in lines:
        unit = QUANTITIES[line.ordinate, line.quantity][1]
        head = {"contribution": line.contribution, "ordinate": line.ordinate, "unit": unit}
        if others:
            head["law"] = line.law
        y = np.exp(line.ordinate_value)
        for k, label in enumerate(line.labels):
            error = float(line.ordinate_stderr[k])
            rows.append(
                {
                    **head,
                    "kind": "used" if line.used[k] else "not used",
                    "spectrum": label,
                    "temperature_c": float(line.at[k]) - ZERO_CELSIUS_K,
                    "inverse_temperature_1000_per_k": 1000 / float(line.at[k]),
                    "value": float(y[k]),
                    "low": float(y[k] * np.exp(-error)),
                    "high": float(y[k] * np.exp(error)),
                }
            )
        for grid, _, kind in pieces(line, limits):
            columns = (np.exp(part) for part in line.line(1000 / grid))
            for x, value, low, high in zip(grid, *columns, strict=True):
                rows.append(
                    {
                        **head,
                        "kind": kind,
                        "spectrum": "",
                        "temperature_c": float(1000 / x) - ZERO_CELSIUS_K,
                        "inverse_temperature_1000_per_k": float(x),
                        "value": float(value),
                        "low": float(low),
                        "high": float(high),
                    }
                )
    return rows
