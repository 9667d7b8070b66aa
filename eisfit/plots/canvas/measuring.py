"""What measures the words of figures before they are drawn: one renderer for all, so that each is measured once."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure


class MeasuringCanvas(FigureCanvasBase):
    """The canvas of a figure until it is written; Matplotlib takes another for each format."""

    def get_renderer(self) -> RendererAgg:
        """Return what measures words, at the resolution of the figure."""
        return _measuring(float(self.figure.dpi))


class _PrintingCanvas(FigureCanvasAgg):
    """The canvas of a figure while it is written as PNG: formulas that an earlier figure has shown are known."""

    def get_renderer(self) -> RendererAgg:
        renderer: RendererAgg = super().get_renderer()  # type: ignore[no-untyped-call]
        renderer.mathtext_parser = _measuring(float(self.figure.dpi)).mathtext_parser
        return renderer


@contextmanager
def printing(figure: Figure) -> Iterator[None]:
    """Draw a figure on a canvas of its own, and give it back the one that it has."""
    before = figure.canvas
    _PrintingCanvas(figure)
    try:
        yield
    finally:
        figure.set_canvas(before)


@functools.lru_cache(8)
def _measuring(dots_per_inch: float) -> RendererAgg:
    renderer: Any = RendererAgg
    return cast(RendererAgg, renderer(1, 1, dots_per_inch))  # it draws nothing
