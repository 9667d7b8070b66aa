"""The complex plane: −Z″ over Z′ with equal axes, points, fitted curves and decade marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas.axes import colour_bar
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Curve, Curves, Quantity, Result, as_drawn, curves
from eisfit.plots.canvas.decades import DecadeLabels, decades
from eisfit.plots.canvas.style import GREY, em, fineness, page_em, thin
from eisfit.plots.canvas.tails import TailMarks, shown_part, tail_handles
from eisfit.plots.canvas.units import UNITS, prefix, scaled
from eisfit.tools.frozen import Complexes, Floats

FLATTEST, STEEPEST = 0.38, 1.0  # least and greatest height of the axes relative to their width
_ROUNDS = 3
_FEW = 8  # curves above which symbols and lines shrink
TITLES = ("$Z$′", "−$Z$″")
EXTENT = "extent"  # lines that are not seen, whose extent sets the limits


def fit_height(figure: Figure, ax: Axes) -> None:
    """Fit one panel of fixed shape to the width of its figure, and set the height of the figure to at most a page."""
    pad = float(rcParams["figure.constrained_layout.w_pad"])
    figure.set_layout_engine("none")
    for _ in range(_ROUNDS):  # labels around the panel change with its size
        whole, inner = ax.get_tightbbox(), ax.get_window_extent()
        assert whole is not None
        margins = [inner.x0 - whole.x0, whole.x1 - inner.x1, inner.y0 - whole.y0, whole.y1 - inner.y1]
        left, right, below, above = (m / figure.dpi + pad for m in margins)
        width = figure.get_figwidth() - left - right
        (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
        highest = (page_em() * em() - below - above) / width
        if (y1 - y0) > highest * (x1 - x0):
            x1 = x0 + (y1 - y0) / highest
            ax.set_xlim(x0, x1)
        height = width * (y1 - y0) / (x1 - x0)
        total = below + height + above
        figure.set_figheight(total)
        ax.set_position(
            (left / figure.get_figwidth(), below / total, width / figure.get_figwidth(), height / total)
        )


def limit(ax: Axes, choice: Choice) -> None:
    """Set the limits that are asked for, and let the other axis keep what it shows."""
    if choice.xlim:
        ax.set_xlim(*choice.xlim)
    if choice.ylim:
        ax.set_ylim(*choice.ylim)
    if choice.xlim or choice.ylim:
        scale_ticks(ax, choice.quantity)
        ax.locator_params(axis="both", nbins=6, steps=[1, 2, 2.5, 5, 10])


def draw(
    ax: Axes,
    shown: Curves,
    quantity: Quantity = "ohm",
    *,
    colours: Sequence[Any] | None = None,
    bar: bool = True,
    label: bool = True,
) -> Axes:
    """Draw curves on axes; in their own colours and with all labels, unless given otherwise."""
    colours = shown.colours if colours is None else colours
    for curve, colour in zip(shown.curves, colours, strict=True):
        _curve(ax, curve, colour, quantity)
    thin(ax, len(shown.curves), _FEW)
    frame(ax)
    scale_ticks(ax, quantity)
    _mark_tails(ax, shown, colours, quantity)
    if bar:
        colour_bar(ax, shown, more=tail_handles([ax], UNITS[quantity]))
    if label:
        _label_decades(ax, shown, colours, quantity)
    return ax


def _mark_tails(ax: Axes, shown: Curves, colours: Sequence[Any], quantity: Quantity) -> None:
    cut = [
        (curve, colour) for curve, colour in zip(shown.curves, colours, strict=True) if shown_part(curve)[1]
    ]
    if cut:
        paths = [curve.factor(quantity) * _path(curve) for curve, _ in cut]
        TailMarks(
            ax,
            [np.stack([z.real, -z.imag], axis=1) for z in paths],
            [colour for _, colour in cut],
            fineness(len(shown.curves), _FEW),
        )


def _path(curve: Curve) -> Complexes:
    """Return the fitted curve, else the points used, the highest frequency first."""
    _, fitted = curve.dense()
    used = curve.spectrum.used
    order = np.argsort(-curve.spectrum.frequency_hz[used], kind="stable")
    return fitted if fitted.size else curve.spectrum.z_ohm[used][order]


def scale_ticks(ax: Axes, quantity: Quantity, like: Axes | None = None) -> None:
    """Let the labels of both axes carry the prefix that suits the width of `ax`, or of other axes."""
    factor, letter = prefix(max(abs(v) for v in (like or ax).get_xlim()))
    ax.xaxis.set_major_formatter(scaled(factor))
    ax.yaxis.set_major_formatter(scaled(factor))
    ax.set_xlabel(f"{TITLES[0]} / {letter}{UNITS[quantity]}")
    ax.set_ylabel(f"{TITLES[1]} / {letter}{UNITS[quantity]}")


def _curve(ax: Axes, curve: Curve, colour: Any, quantity: Quantity) -> None:
    factor = curve.factor(quantity)
    size = 72 * em()
    spectrum, z = curve.spectrum, factor * curve.spectrum.z_ohm
    used = spectrum.used
    ax.plot(
        z[~used].real,
        -z[~used].imag,
        "x",
        color=GREY,
        markersize=0.4 * size,
        gid="masked",
        zorder=1.8,
    )
    ax.plot(
        z[used].real,
        -z[used].imag,
        curve.marker,
        color=colour,
        markerfacecolor="none",
        gid="points",
        label=as_drawn(curve.label),
        zorder=2.2,
    )
    _, fitted = curve.dense()
    if fitted.size:
        fitted = factor * fitted
        ax.plot(fitted.real, -fitted.imag, "-", color=colour, gid="fit", zorder=2.1)
    _, marks = decades(curve)
    marks = factor * marks
    ax.plot(
        marks.real,
        -marks.imag,
        curve.marker,
        color=colour,
        markersize=0.44 * size,
        gid="decades",
        zorder=2.3,
    )
    seen = factor * shown_part(curve)[0]
    ax.plot(seen.real, -seen.imag, linestyle="none", gid=EXTENT, visible=False)


def frame(ax: Axes) -> None:
    """Set equal axes whose limits hold all that is shown of the curves drawn so far, with room for labels."""
    found = [np.asarray(line.get_xydata(), float) for line in ax.lines if line.get_gid() == EXTENT]
    xy = np.concatenate([xy for xy in found if xy.size] or [np.array([[0.0, 0.0], [1.0, 1.0]])])
    (x0, x1), (y0, y1) = _limits(xy)
    ax.set_xlim(x0, x1)
    ax.set_ylim(y0, y1)
    ax.set_aspect("equal", adjustable="box")
    ax.locator_params(axis="x", nbins=6, steps=[1, 2, 2.5, 5, 10])
    ax.locator_params(axis="y", nbins=5, steps=[1, 2, 2.5, 5, 10])


def _limits(xy: Floats) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the limits of both axes for some points."""
    (x0, y0), (x1, y1) = (tuple(map(float, edge)) for edge in (xy.min(axis=0), xy.max(axis=0)))
    if 0 < x0 < max(0.45 * x1, 0.75 * (y1 - y0)):  # the origin costs no room, or little
        x0 = 0.0
    y0 = min(y0, 0.0)
    size = max(x1 - x0, y1 - y0) or 1.0
    x0, x1 = x0 - 0.03 * size, x1 + 0.08 * size
    y0, y1 = y0 - 0.03 * size, y1 + 0.12 * size
    width, height = x1 - x0, y1 - y0
    y1 += max(FLATTEST * width - height, 0.0)
    x1 += max((y1 - y0) / STEEPEST - width, 0.0)
    return (x0, x1), (y0, y1)


def steepest(shown: Curves, quantity: Quantity = "ohm") -> float:
    """Return the greatest height by width that one of the curves needs on axes of its own."""
    found = FLATTEST
    for curve in shown.curves:
        z = curve.factor(quantity) * shown_part(curve)[0]
        if z.size:
            (x0, x1), (y0, y1) = _limits(np.stack([z.real, -z.imag], axis=1))
            found = max(found, (y1 - y0) / (x1 - x0))
    return found


def _label_decades(ax: Axes, shown: Curves, colours: Sequence[Any], quantity: Quantity) -> None:
    """Label the decades of the outermost curve."""
    k = int(np.argmax([_reach(curve, quantity) for curve in shown.curves]))
    exponents, z = decades(shown.curves[k])
    z = shown.curves[k].factor(quantity) * z
    if exponents.size:
        DecadeLabels(ax, exponents, np.stack([z.real, -z.imag], axis=1), colours[k])


def _reach(curve: Curve, quantity: Quantity) -> float:
    z = curve.spectrum.z_ohm[curve.spectrum.used]
    return float(curve.factor(quantity) * np.ptp(z.real)) if z.size else 0.0


def data(result: Result, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers: measured points, masked ones, and the fitted curve."""
    shown = curves(result, choice.labels or None)
    rows: list[dict[str, Any]] = []
    for curve in shown.curves:
        s = curve.spectrum
        head: dict[str, Any] = {"cell": shown.cells[curve.cell]} if shown.cells else {}
        head |= {"spectrum": curve.label, shown.over: curve.condition}
        kinds = ["masked" if masked else "measured" for masked in s.mask]
        f, z = curve.dense()
        for kind, frequency, value in [
            *zip(kinds, s.frequency_hz, s.z_ohm, strict=True),
            *zip(["fitted"] * f.size, f, z, strict=True),
        ]:
            rows.append(
                {
                    **head,
                    "kind": kind,
                    "frequency_hz": float(frequency),
                    "z_real_ohm": float(value.real),
                    "minus_z_imag_ohm": float(-value.imag),
                }
            )
    return rows
