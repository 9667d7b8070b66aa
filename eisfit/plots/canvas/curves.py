"""Turn spectra, fits or series into a list of curves with their colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from eisfit.errors import InputError
from eisfit.plots.canvas.cells import CELL_MARKERS, cell_colour, cells_of
from eisfit.plots.canvas.style import TEMPERATURES
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.results.series import Series
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes, Floats
from eisfit.tools.plain_text import one_line

Result: TypeAlias = Spectrum | Fit | Series | Iterable[Spectrum | Fit | Series]
Quantity: TypeAlias = Literal["ohm", "ohm cm2"]

DENSE = 400  # points of a fitted curve within the measured window
MOST_DRAWN = 200  # curves of a figure of all spectra
LONE = 0.3  # place of a single curve on the colour map
CONDITIONS = {
    "temperature_c": ("T", "°C"),
    "time_h": ("t", "h"),
    "concentration_mol_l": ("c", "mol L⁻¹"),
    "bias_v": ("U", "V"),
    "amplitude_v": ("ΔU", "V"),
    "amplitude_a": ("ΔI", "A"),
    "area_cm2": ("A", "cm²"),
    "thickness_cm": ("d", "cm"),
}

_ENDINGS = {  # of names that carry their unit
    "_mol_l": "mol L⁻¹", "_kcal_mol": "kcal mol⁻¹", "_ppm": "ppm", "_mpa": "MPa", "_h": "h", "_v": "V", "_c": "°C",
    "_ma_cm2": "mA cm⁻²", "_cm2": "cm²", "_cm": "cm", "_mm": "mm", "_um": "µm", "_nm": "nm", "_percent": "%",
    "_ohm": "Ω", "_hz": "Hz", "_kpa": "kPa", "_bar": "bar", "_mah": "mAh",
}  # fmt: skip


@dataclass(frozen=True)
class Curve:
    """One spectrum, with its fit where there is one, the condition that colours it, and the number of its cell."""

    spectrum: Spectrum
    fit: Fit | None
    condition: float | None
    cell: int = 0

    @property
    def label(self) -> str:
        """Label of the spectrum."""
        return self.spectrum.label or "spectrum"

    @property
    def marker(self) -> str:
        """Symbol of its cell."""
        return CELL_MARKERS[self.cell % len(CELL_MARKERS)]

    def factor(self, quantity: Quantity) -> float:
        """Return what turns ohm into the quantity asked for.

        Raises
        ------
        InputError
            If the area is asked for and not known.
        """
        if quantity == "ohm":
            return 1.0
        if quantity != "ohm cm2":
            raise InputError(f"quantity is {quantity!r}: it must be 'ohm' or 'ohm cm2'")
        area = self.spectrum.conditions.area_cm2
        if area is None:
            raise InputError(
                f"{self.label}: area_cm2 is not known, so there is no ohm cm2; give the area, or draw in ohm"
            )
        return area

    def dense(self) -> tuple[Floats, Complexes]:
        """Return frequencies in Hz and the fitted curve in ohm on a fine grid; empty without a fit.

        The grid ends where the points used end.
        """
        return self._dense

    @cached_property
    def _dense(self) -> tuple[Floats, Complexes]:
        if self.fit is None or self.fit.outcome is Outcome.FAILED or not self.spectrum.used.any():
            return np.empty(0), np.empty(0, complex)
        f = self.spectrum.frequency_hz[self.spectrum.used]
        grid = np.geomspace(f.max(), f.min(), DENSE)
        return grid, self.fit.impedance(grid)


@dataclass(frozen=True)
class Curves:
    """Curves that are drawn together, the condition that they differ in, and the names of their cells if several."""

    curves: tuple[Curve, ...]
    over: str
    cells: tuple[str, ...] = ()
    given_colours: tuple[tuple[float, ...], ...] = ()
    of: int = 0  # spectra that there are, where only some are drawn

    @property
    def all(self) -> int:
        """How many spectra there are."""
        return self.of or len(self.curves)

    @property
    def note(self) -> str:
        """How many of the spectra are drawn; empty where all are."""
        return f"{len(self.curves)} of {self.of} spectra" if self.of else ""

    def thinned(self, most: int = MOST_DRAWN) -> Curves:
        """Return at most so many of the curves, evenly spread from the first to the last."""
        n = len(self.curves)
        if n <= most:
            return self
        return replace(self.part([round(k) for k in np.linspace(0, n - 1, most)]), of=n)

    def part(self, places: Sequence[int]) -> Curves:
        """Return some of the curves, which keep their colours."""
        colours = self.colours
        kept = tuple(self.curves[k] for k in places)
        return Curves(kept, self.over, self.cells, tuple(colours[k] for k in places), self.of)

    def divided(self, most: int) -> list[Curves]:
        """Return the curves in parts of at most so many, which are about equally large."""
        n = -(-len(self.curves) // most)
        return [self.part(list(places)) for places in np.array_split(np.arange(len(self.curves)), n)]

    @cached_property
    def values(self) -> list[float]:
        """Distinct values of the condition in rising order; empty where one curve does not know it."""
        known = [c.condition for c in self.curves if c.condition is not None]
        return sorted(set(known)) if len(known) == len(self.curves) else []

    @property
    def ordered(self) -> bool:
        """Whether the condition tells the curves apart, so that a colour bar can name them."""
        return len(self.values) > 1

    @cached_property
    def mappable(self) -> ScalarMappable:
        """The colours of the condition."""
        return ScalarMappable(Normalize(self.values[0], self.values[-1]), TEMPERATURES)

    @cached_property
    def colours(self) -> list[tuple[float, ...]]:
        """One colour per curve: by the cell where there are several, by the condition, else by the order."""
        n = len(self.curves)
        if self.given_colours:
            return list(self.given_colours)
        if self.cells:
            known = self.values
            span = known[-1] - known[0] if len(known) > 1 else 0.0
            return [
                cell_colour(
                    c.cell, (c.condition - known[0]) / span if span and c.condition is not None else 0.5
                )
                for c in self.curves
            ]
        if self.ordered:
            return [
                tuple(row)
                for row in self.mappable.to_rgba(np.array([c.condition for c in self.curves], float))
            ]
        return [TEMPERATURES(k / (n - 1) if n > 1 else LONE) for k in range(n)]


def curves(result: Result, labels: Sequence[str] | None = None) -> Curves:
    """Return the curves of a spectrum, a fit, a series, or any number of them.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw; several series are so many cells.
    labels : sequence of str, optional
        Names of the cells, one for each item of `result`.

    Raises
    ------
    InputError
        If there is nothing to draw, or not one label for each item.
    """
    over = "temperature_c"
    names, items = cells_of(result, labels)
    parts: list[tuple[int, Spectrum | Fit]] = []
    for cell, item in enumerate(items):
        if isinstance(item, Series):
            over = item.condition
            parts += [(cell, fit) for fit in item.fits]
        elif isinstance(item, Spectrum | Fit):
            parts.append((cell, item))
        else:
            raise InputError(f"cannot draw {type(item).__name__}: give a Spectrum, a Fit, a Series or a list")
    if not parts:
        raise InputError("there is nothing to draw: the list is empty")
    found = []
    for cell, part in parts:
        spectrum, fit = (part.spectrum, part) if isinstance(part, Fit) else (part, None)
        found.append(Curve(spectrum, fit, spectrum.conditions.number(over), cell if names else 0))
    return Curves(tuple(found), over, names)


def as_drawn(text: str) -> str:
    """Return a name of unknown origin as a figure can draw it: on one line, and without mathematics."""
    return one_line(text).replace("$", r"\$")


def condition_label(over: str) -> str:
    """Return the label of an axis or a colour bar over a condition."""
    if over not in CONDITIONS:
        return name_with_unit(over)
    symbol, unit = CONDITIONS[over]
    return f"${symbol}$ / {unit}" if unit else symbol


def name_with_unit(name: str) -> str:
    """Return a name of the user's as a label: words apart, a known unit behind a slash."""
    for ending, unit in _ENDINGS.items():
        if name.endswith(ending) and name != ending:
            return f"{as_drawn(name.removesuffix(ending).replace('_', ' '))} / {unit}"
    return as_drawn(name.replace("_", " "))


def condition_text(curve: Curve, over: str) -> str:
    """Return the condition of a curve with its unit, or its label where the condition is not known."""
    if curve.condition is None:
        return as_drawn(curve.label)
    return value_text(curve.condition, over)


def value_text(value: float, over: str) -> str:
    """Return a value of a condition with its unit, to hundredths; below one to three digits."""
    shown = round(value, 2) if abs(value) >= 1 else float(f"{value:.3g}")
    return f"{shown:g} {CONDITIONS.get(over, ('', ''))[1]}".replace("-", "−").strip()
