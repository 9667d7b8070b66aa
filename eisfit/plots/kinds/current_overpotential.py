"""Current density over the drop at an interface, with the fitted charge transfer and its 95 % band."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.errors import InputError
from eisfit.plots.canvas.layout import lay_out
from eisfit.plots.canvas.legends import legend_in_corner, root
from eisfit.plots.canvas.style import GREY, PALETTE, Style, Width, blank, ink, settle, styled
from eisfit.plots.canvas.units import prefix, scaled
from eisfit.polarisation.drops_at_faces import InterfaceCurve
from eisfit.polarisation.interface_fit import InterfaceFit
from eisfit.tools.rounding import with_error

_POINTS = 201
_FACES = {  # name, marker, its filling and size; open ones lie around the others
    "left": ("left face", "o", "blue", "full", 1.0),
    "right": ("right face", "s", "vermilion", "none", 1.9),
    "": ("measured", "o", "blue", "full", 1.0),
}
_MARKER = 4.7  # size of a marker in widths of the frame
_PAST = 1.04  # how far the line goes beyond the last point


def current_overpotential(
    result: InterfaceFit | InterfaceCurve,
    *,
    style: Style = "paper",
    width: Width = "single",
    ax: Axes | None = None,
) -> Figure:
    """Draw current density over the drop at an interface.

    Parameters
    ----------
    result : InterfaceFit or InterfaceCurve
        A fit with its points, or points alone.
    style : {"paper", "talk"}
        As for all figures.
    width : {"single", "double"}
        8.3 or 17.1 cm.
    ax : Axes, optional
        Where; on a new figure if not given.

    Returns
    -------
    Figure
        Bars are one standard error in both coordinates; the band is the 95 % interval of the drop; the dashed line is
        the share of the interphase.

    Raises
    ------
    InputError
        If there is no point.
    """
    curve = result if isinstance(result, InterfaceCurve) else result.curve
    if not curve.drop_v.size:
        raise InputError(f"{curve.label}: there is no point to draw")
    if ax is not None:
        _draw(ax, curve, None if isinstance(result, InterfaceCurve) else result)
        return root(ax)
    with styled(style):
        figure = blank(width, style, height_cm=6.8)
        _draw(settle(figure.add_subplot()), curve, None if isinstance(result, InterfaceCurve) else result)
        return figure


def _draw(ax: Axes, curve: InterfaceCurve, fit: InterfaceFit | None) -> None:
    factor, letter = prefix(float(np.abs(curve.current_a_per_cm2).max()))
    marker_size = ax.spines["left"].get_linewidth() * _MARKER
    thin = 0.5 * ax.spines["left"].get_linewidth()
    ax.axhline(0, color=GREY, linewidth=thin, zorder=0)
    ax.axvline(0, color=GREY, linewidth=thin, zorder=0)
    if fit is not None:
        _draw_fit(ax, fit)
    faces = np.array(curve.faces or ("",) * curve.drop_v.size)
    for face, (name, marker, colour, filled, size) in _FACES.items():
        inside = faces == face
        if not inside.any():
            continue
        known = np.isfinite(curve.drop_stderr_v).all()
        ax.errorbar(
            1e3 * curve.drop_v[inside], curve.current_a_per_cm2[inside],
            xerr=1e3 * curve.drop_stderr_v[inside] if known else None,
            yerr=curve.current_stderr_a_per_cm2[inside] if curve.current_stderr_a_per_cm2.any() else None,
            fmt=marker, color=PALETTE[colour], fillstyle=filled, markersize=size * marker_size,
            elinewidth=0.6, capsize=0, label=name, zorder=3,
        )  # fmt: skip
    ax.yaxis.set_major_formatter(scaled(factor))
    ax.set_xlabel("potential of solid − liquid / mV")
    ax.set_ylabel(f"current density / {letter}A cm$^{{-2}}$")
    ax.margins(0.05)
    lay_out(root(ax))
    legend_in_corner(ax)


def _draw_fit(ax: Axes, fit: InterfaceFit) -> None:
    i = fit.curve.current_a_per_cm2
    grid = np.linspace(min(_PAST * i.min(), 0.0), max(_PAST * i.max(), 0.0), _POINTS)
    drop, half = fit.drop_v(grid)
    ax.fill_betweenx(
        grid, 1e3 * (drop - half), 1e3 * (drop + half), color=ink(), alpha=0.18, linewidth=0, zorder=1
    )
    ax.plot(1e3 * drop, grid, color=ink(), label=_words(fit), zorder=2)
    if fit.determined and fit.law.r_slei_ohm_cm2 > 0:
        share = 1e3 * grid * fit.law.r_slei_ohm_cm2
        ax.plot(share, grid, color=GREY, linestyle=(0, (4, 2)), label="interphase alone", zorder=1)


def _words(fit: InterfaceFit) -> str:
    law, sigma = fit.law, fit.stderr
    if not fit.determined:
        return f"$R_\\mathrm{{p}}$ = {with_error(*fit.r_p_ohm_cm2)} Ω cm²"
    parts = [
        f"$i_0$ = {with_error(1e6 * law.i0_a_per_cm2, 1e6 * sigma['i0_a_per_cm2'])} µA cm⁻²",
        f"$α$ = {with_error(law.alpha, sigma['alpha'])}",
        f"$R_\\mathrm{{SLEI}}$ = {with_error(law.r_slei_ohm_cm2, sigma['r_slei_ohm_cm2'])} Ω cm²",
    ]
    return "\n".join(parts)
