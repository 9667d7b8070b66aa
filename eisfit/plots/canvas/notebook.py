"""Figures and axes that show themselves in a notebook."""

from __future__ import annotations

import io
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

SHOWN_DPI = 200  # a column of 8.3 cm is then 650 pixels wide


class ShownFigure(Figure):
    """A figure that a notebook shows where it ends a cell; so do axes that are added to it."""

    def add_subplot(self, *args: Any, **kwargs: Any) -> Any:
        """Return further axes, as Matplotlib makes them; rectangular ones show the figure."""
        return super().add_subplot(*args, **_shown(args, kwargs))

    def add_axes(self, *args: Any, **kwargs: Any) -> Any:
        """Return further axes, as Matplotlib makes them; rectangular ones show the figure."""
        return super().add_axes(*args, **_shown(args, kwargs))

    def _repr_png_(self) -> bytes:
        content = io.BytesIO()
        self.savefig(content, format="png", dpi=SHOWN_DPI, facecolor=self.get_facecolor(), edgecolor="none")
        return content.getvalue()


class ShownAxes(Axes):
    """Axes that a notebook shows with their whole figure."""

    def _repr_png_(self) -> bytes | None:
        figure = self.get_figure(root=True)
        return figure._repr_png_() if isinstance(figure, ShownFigure) else None


def _shown(args: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the keywords for axes that show themselves; those of a projection, or made before, stay as they are."""
    made = any(isinstance(arg, Axes) for arg in args) or {"projection", "polar", "axes_class"} & set(kwargs)
    return kwargs if made else kwargs | {"axes_class": ShownAxes}
