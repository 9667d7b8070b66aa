"""Where the axes of a figure and their titles stand, found once: finding it again costs more than drawing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

_SAME = 1e-6  # axes whose left sides differ by less stand below each other


@dataclass(frozen=True)
class _Around:
    """What stands around the frame of axes, in pixels: on each side, and where the titles of x and y axis are."""

    sides: tuple[float, float, float, float]  # left, below, right, above
    x_title_below: float
    y_title_left: float


def lay_out(figure: Figure) -> dict[Axes, _Around]:
    """Give the axes of a figure the places that they will have when it is drawn; return what is around them."""
    axes = [ax for ax in figure.axes if ax.axison]
    around = {ax: _measured(ax) for ax in axes}
    engine = figure.get_layout_engine()
    if engine is not None:
        with _known(around):
            engine.execute(figure)
    return around


def lay_out_for_good(figure: Figure) -> None:
    """Lay a figure out, and fix the places of axes and of their titles; those of stacked axes are aligned."""
    around = lay_out(figure)
    keep_places(figure)
    for ax in around:
        ax.apply_aspect()
    for ax, own in around.items():
        column = [
            other.y_title_left
            for each, other in around.items()
            if abs(each.get_position().x0 - ax.get_position().x0) < _SAME
        ]
        if str(ax.xaxis.get_label_position()) == "bottom":
            ax.xaxis.set_label_coords(0.5, -own.x_title_below / ax.bbox.height)
        if str(ax.yaxis.get_label_position()) == "left":
            ax.yaxis.set_label_coords(-max(column) / ax.bbox.width, 0.5)


def keep_places(figure: Figure) -> None:
    """Let the axes of a figure stay where they are."""
    with rc_context({"figure.autolayout": False, "figure.constrained_layout.use": False}):
        figure.set_layout_engine(None)  # "none" would leave a place holder, for which files are drawn twice


def _measured(ax: Axes) -> _Around:
    """Return what is around the frame of axes where they stand now."""
    box = ax.get_tightbbox(for_layout_only=True)  # it moves the titles to their places too
    inner = ax.bbox
    whole = inner if box is None else box
    sides = (inner.x0 - whole.x0, inner.y0 - whole.y0, whole.x1 - inner.x1, whole.y1 - inner.y1)
    x, y = (
        title.get_transform().transform(title.get_position()) for title in (ax.xaxis.label, ax.yaxis.label)
    )
    return _Around(sides, float(inner.y0 - x[1]), float(inner.x0 - y[0]))


@contextmanager
def _known(around: dict[Axes, _Around]) -> Iterator[None]:
    """Let axes answer at once how much room they need: it does not change with their places."""

    def answer(ax: Axes) -> Any:
        left, below, right, above = around[ax].sides

        def tight(renderer: Any = None, **_: Any) -> Bbox:
            ax.apply_aspect()
            inner = ax.bbox
            return Bbox.from_extents(inner.x0 - left, inner.y0 - below, inner.x1 + right, inner.y1 + above)

        return tight

    for ax in around:
        ax.get_tightbbox = answer(ax)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for ax in around:
            del ax.get_tightbbox  # that of the class comes back
