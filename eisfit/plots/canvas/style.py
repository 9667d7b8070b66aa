"""Widths, sizes, fonts and colours of all figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, TypeVar

import matplotlib
import numpy as np
from matplotlib import rc_context, rcdefaults, rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, ListedColormap
from matplotlib.figure import Figure

from eisfit.cell.roles import ROLES as ALL_ROLES
from eisfit.cell.roles import names_in
from eisfit.plots.canvas.measuring import MeasuringCanvas
from eisfit.plots.canvas.notebook import ShownFigure
from eisfit.plots.canvas.units import scaled

Style: TypeAlias = Literal["paper", "talk"]
Width: TypeAlias = Literal["single", "double"]
AnyAxes = TypeVar("AnyAxes", bound=Artist)  # axes or secondary axes

WIDTH_CM: Mapping[Width, float] = MappingProxyType({"single": 8.3, "double": 17.1})  # journal columns
SCALE: Mapping[Style, float] = MappingProxyType({"paper": 1.0, "talk": 2.0})  # a slide is two columns wide
LETTERS: Mapping[Style, float] = MappingProxyType({"paper": 1.0, "talk": 2.5})
PAGE_CM: Mapping[Style, float] = MappingProxyType(
    {"paper": 23.0, "talk": 19.0}
)  # of a journal, and of a slide
CM = 1 / 2.54  # inch
DOTS_PER_INCH = 300

# every colour of data has a contrast of at least 2 with white and with black, so that it shows on both
TEMPERATURES: Colormap = ListedColormap(
    matplotlib.colormaps["plasma"](0.24 + 0.50 * np.arange(256) / 255), name="temperatures"
)
GREY = "#8a8a8a"
PALETTE = MappingProxyType(  # in the order in which colours are given away
    {
        "vermilion": "#D55E00",
        "magenta": "#c2458c",
        "ochre": "#b8860b",
        "raspberry": "#a8326b",
        "green": "#008f68",
        "blue": "#0072B2",
        "violet": "#7a52c7",
        "sky blue": "#2a9bd6",
        "grey": "#7d7d7d",
        "brown": "#8c6d46",
    }
)
ROLES = MappingProxyType(
    {
        role.name: colour
        for word, colour in PALETTE.items()
        for role in ALL_ROLES.values()
        if role.colour == word
    }
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p")

_SIZES = {  # in points; the scale of the style multiplies them
    "font.size": 7,
    "axes.labelsize": 8,
    "axes.titlesize": 8,
    "figure.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.title_fontsize": 7,
    "axes.linewidth": 0.6,
    "axes.labelpad": 2.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.45,
    "ytick.minor.width": 0.45,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "xtick.minor.size": 1.6,
    "ytick.minor.size": 1.6,
    "lines.linewidth": 1.0,
    "lines.markersize": 2.8,
    "lines.markeredgewidth": 0.6,
    "patch.linewidth": 0.6,
}
_KINDS = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # travels with matplotlib: the same figure everywhere
    "mathtext.fontset": "dejavusans",
    "xtick.direction": "in",
    "ytick.direction": "in",
    "legend.frameon": False,
    "legend.handlelength": 1.5,
    "legend.handletextpad": 0.5,
    "legend.labelspacing": 0.3,
    "legend.columnspacing": 1.2,
    "legend.borderaxespad": 0.4,
    "axes.unicode_minus": True,
    "pdf.fonttype": 42,  # TrueType, embedded: editable, and accepted by journals
    "ps.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "eisfit",
    "savefig.dpi": 300,
    "figure.constrained_layout.h_pad": 0.02,
    "figure.constrained_layout.w_pad": 0.02,
}
_TALK_POINTS = 10  # letters of a talk are larger
_INK = {"paper": ("black", "white"), "talk": ("black", "none")}


def parameters(style: Style) -> dict[str, Any]:
    """Return the matplotlib settings of a style.

    Parameters
    ----------
    style : {"paper", "talk"}
        Black on white at the sizes of a journal column; or twice as large with letters and lines 2.5 times as
        large, black without a background, for a projector.
    """
    ink, ground = _INK[style]
    inked = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")
    grounds = ("figure.facecolor", "axes.facecolor", "savefig.facecolor")
    return {
        **{name: LETTERS[style] * size for name, size in _SIZES.items()},
        **_KINDS,
        **dict.fromkeys(inked, ink),
        **dict.fromkeys(grounds, ground),
    }


@contextmanager
def styled(style: Style) -> Iterator[None]:
    """Draw in a style; the settings of the caller come back afterwards."""
    with rc_context():
        rcdefaults()
        settings: Any = rcParams
        settings.update(parameters(style))
        yield


def blank(width: Width = "single", style: Style = "paper", height_cm: float = 6.5) -> Figure:
    """Return an empty figure; call it inside `styled`."""
    scale = SCALE[style] * CM
    size = scale * WIDTH_CM[width], scale * height_cm
    figure = ShownFigure(figsize=size, dpi=DOTS_PER_INCH, layout="constrained")
    MeasuringCanvas(figure)  # it is the canvas of the figure from now on
    return figure


def settle(axes: AnyAxes) -> AnyAxes:
    """Set the look of ticks, which matplotlib would otherwise take from the settings when it draws."""
    now: Any = rcParams
    drawn: Any = axes
    for axis in (drawn.xaxis, drawn.yaxis):
        axis.set_major_formatter(scaled(1.0))
    for which in ("major", "minor"):
        for name in ("x", "y"):
            tick = f"{name}tick"
            drawn.tick_params(
                axis=name,
                which=which,
                direction=now[f"{tick}.direction"],
                length=now[f"{tick}.{which}.size"],
                width=now[f"{tick}.{which}.width"],
                pad=now[f"{tick}.{which}.pad"],
                labelsize=now[f"{tick}.labelsize"],
                colors=now[f"{tick}.color"],
            )
    return axes


def em() -> float:
    """Return the size of the text, in inch."""
    return float(rcParams["font.size"]) / 72


def page_em() -> float:
    """Return the greatest height of a figure, in sizes of the text."""
    return PAGE_CM["paper" if em() * 72 < _TALK_POINTS else "talk"] * CM / em()


def set_height(figure: Figure, height_em: float) -> None:
    """Give a figure its height in sizes of the text, at most that of a page."""
    figure.set_figheight(min(height_em, page_em()) * em())


def fineness(drawn: int, few: int) -> float:
    """Return which share of their usual size symbols and lines of so many curves have."""
    return min(1.0, float((few / max(drawn, 1)) ** 0.75))


def thin(ax: Axes, drawn: int, few: int) -> None:
    """Make the symbols and lines of curves smaller where more than a few of them would hide each other."""
    share = fineness(drawn, few)
    for line in ax.lines if share < 1 else ():
        if line.get_gid() in ("points", "fit", "decades"):
            line.set_markersize(share * line.get_markersize())
            line.set_markeredgewidth(share * line.get_markeredgewidth())
            line.set_linewidth(share * line.get_linewidth())


def ink() -> str:
    """Return the colour of text and axes."""
    return str(rcParams["text.color"])


def role_colours(roles: Sequence[str]) -> list[str]:
    """Return a colour for each contribution by its role; a role whose colour is taken gets a free one.

    Parameters
    ----------
    roles : sequence of str
        Of several joined by `` + `` the first in the order of `ROLES` counts; an empty one takes what is
        free.
    """
    found: list[str | None] = []
    for role in roles:
        own = [colour for name, colour in ROLES.items() if name in names_in(role)]
        found.append(next((colour for colour in own if colour not in found), None))
    free = iter([colour for colour in ROLES.values() if colour not in found])
    return [next(free, GREY) if colour is None else colour for colour in found]
