"""Clicks on points of a figure, told by where the mouse was pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# plotly.js reports a click only on the point that it last found under the mouse, and it looks 20 times a second:
# a click that follows a movement within 50 ms, or one while the figure is laid out, would be lost
_POINT_UNDER_MOUSE = """(event) => {
    const figure = event.currentTarget, layout = figure._fullLayout;
    if (!layout || !event.target.classList.contains('nsewdrag')) return;
    const frame = figure.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    let found = null, nearest = %d;
    for (const trace of figure._fullData || []) {
        const [across, up] = ['x', 'y'].map(k => layout[trace[k + 'axis'].replace(k, k + 'axis')]);
        const [left, top] = [across._offset, up._offset];
        if (!trace.customdata || x < left || x > left + across._length || y < top || y > top + up._length) continue;
        trace.customdata.forEach((own, k) => {
            const away = Math.hypot(left + across.d2p(trace.x[k]) - x, top + up.d2p(trace.y[k]) - y);
            if (away < nearest) [found, nearest] = [own, away];
        });
    }
    if (found) emit({points: [{customdata: found}]});
}"""
_REACH_PX = 20  # as far as a point is looked for under the mouse: `hoverdistance` of plotly.js


def on_point(plot: Any, told: Callable[[Any], None]) -> None:
    """Tell of every click on a point, or within 20 pixels of one.

    Parameters
    ----------
    plot : nicegui.ui.plotly
        Whose points carry `customdata`.
    told : callable
        Handed an event whose ``args["points"]`` holds the nearest point with its `customdata`.
    """
    plot.on("click", told, js_handler=_POINT_UNDER_MOUSE % _REACH_PX)
