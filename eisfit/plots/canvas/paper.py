"""A sheet of paper that is written from the top to the bottom, in centimetres."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D

from eisfit.errors import InputError
from eisfit.plots.canvas.style import CM, em, ink, settle
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.plain_text import one_line

PaperSize: TypeAlias = Literal["a4", "letter"]

PAPERS_CM: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"a4": (21.0, 29.7), "letter": (21.59, 27.94)}
)
LEFT_CM, RIGHT_CM, TOP_CM, BOTTOM_CM = 2.2, 1.8, 1.7, 2.0
SMALL, TEXT, TITLE = 7.0, 8.0, 12.0  # points
LEADING = 1.4  # distance of lines, in sizes of the text
_POINT_CM = 2.54 / 72
_FOOT_CM = 1.2  # of the foot above the lower edge
_MEASURED = 100.0  # size in points at which letters are measured
_HINTED = 1.03  # by how much pixels may widen a text
_BASE = 7.0  # size in points of the text of a figure in a column, to which a style is scaled
_GAP = re.compile(r"(?<!\d) | (?!(?:%|[kMG]?Ω|[kMGm]?Hz|°C|eV)(?:\W|$))")  # between words


def check_paper(size: str) -> None:
    """Raise InputError if there is no paper of a name."""
    if size not in PAPERS_CM:
        raise InputError(f"no paper {size!r}{did_you_mean(size, PAPERS_CM)}; known: {', '.join(PAPERS_CM)}")


class Paper:
    """A page; each thing is put below the one before, and `room_cm` says what is left.

    Parameters
    ----------
    figure : Figure
        Empty; it gets the size of the paper. Call all methods inside `styled`.
    size : {"a4", "letter"}
        21.0 x 29.7 or 21.59 x 27.94 cm.

    Attributes
    ----------
    at_cm : float
        How far from the upper edge the next thing is put.
    """

    def __init__(self, figure: Figure, size: PaperSize = "a4") -> None:
        self.scale = 72 * em() / _BASE
        check_paper(size)
        self.whole_cm = PAPERS_CM[size]
        self.figure = figure
        self.at_cm = TOP_CM
        figure.set_layout_engine("none")
        width, height = (self.scale * CM * cm for cm in self.whole_cm)
        figure.set_size_inches(width, height)

    @property
    def width_cm(self) -> float:
        """Width between the margins."""
        return self.whole_cm[0] - LEFT_CM - RIGHT_CM

    @property
    def room_cm(self) -> float:
        """Height that is left above the lower margin."""
        return self.whole_cm[1] - BOTTOM_CM - self.at_cm

    def skip(self, cm: float) -> None:
        """Leave a gap."""
        self.at_cm += cm

    def write(
        self,
        text: str,
        x_cm: float = 0.0,
        *,
        at_cm: float | None = None,
        size: float = SMALL,
        bold: bool = False,
        colour: str | None = None,
        side: Literal["left", "right", "center"] = "left",
    ) -> None:
        """Write one line whose top lies at a place, from the left margin; nothing is moved on."""
        self.figure.text(
            *self._place(x_cm, self.at_cm if at_cm is None else at_cm),
            one_line(text),
            fontsize=self.scale * size,
            fontweight="bold" if bold else "normal",
            color=colour or ink(),
            ha=side,
            va="top",
            parse_math=False,
        )

    def paragraph(
        self, text: str, *, size: float = SMALL, bold: bool = False, colour: str | None = None, hang: str = ""
    ) -> bool:
        """Write a text of any length in as many lines as it needs; tell whether there was room for it.

        Nothing is written where there is none.

        Parameters
        ----------
        text : str
            The text; its lines are broken between words.
        size : float
            In points.
        bold : bool
            Whether it is set bold.
        colour : str, optional
            That of the axes if not given.
        hang : str
            What stands before the first line only, such as a dot.
        """
        indent = text_width_cm(hang, size) if hang else 0.0
        lines = broken(one_line(text), self.width_cm - indent, size, bold)
        step = line_cm(size)
        if len(lines) * step > self.room_cm:
            return False
        if hang:
            self.write(hang, size=size, colour=colour)
        for line in lines:
            self.write(line, indent, size=size, bold=bold, colour=colour)
            self.at_cm += step
        return True

    def lines(self, text: str, indent_cm: float = 0.0, size: float = SMALL) -> list[str]:
        """Return a text as the lines that stand between an indent and the right margin."""
        return broken(one_line(text), self.width_cm - indent_cm, size)

    def heading(self, text: str, size: float = TEXT) -> None:
        """Write a bold line with a gap around it."""
        self.skip(0.25)
        self.paragraph(text, size=size, bold=True)
        self.skip(0.1)

    def rule(self, at_cm: float | None = None, points: float = 0.5) -> None:
        """Draw a line from margin to margin."""
        y = self.at_cm if at_cm is None else at_cm
        xs, ys = zip(self._place(0, y), self._place(self.width_cm, y), strict=True)
        line = Line2D(xs, ys, transform=self.figure.transFigure, color=ink(), linewidth=self.scale * points)
        self.figure.add_artist(line)

    def axes(self, x_cm: float, width_cm: float, height_cm: float, *, below_cm: float = 0.0) -> Axes:
        """Return new axes whose frame has this place and size; below_cm is the gap above it."""
        return settle(self.figure.add_axes(self.frame(x_cm, width_cm, height_cm, below_cm=below_cm)))

    def frame(
        self, x_cm: float, width_cm: float, height_cm: float, *, below_cm: float = 0.0
    ) -> tuple[float, float, float, float]:
        """Return a place and size as fractions of the page, for `Axes.set_position`."""
        left, top = self._place(x_cm, self.at_cm + below_cm)
        across, down = width_cm / self.whole_cm[0], height_cm / self.whole_cm[1]
        return left, top - down, across, down

    def foot(self, left: str, right: str) -> None:
        """Write the two ends of the line at the lower edge."""
        at = self.whole_cm[1] - _FOOT_CM
        self.rule(at - 0.12, points=0.35)
        self.write(shortened(left, self.width_cm - 4.0, SMALL), at_cm=at)
        self.write(right, self.width_cm, at_cm=at, side="right")

    def _place(self, x_cm: float, down_cm: float) -> tuple[float, float]:
        return (LEFT_CM + x_cm) / self.whole_cm[0], 1 - down_cm / self.whole_cm[1]


def line_cm(size: float = SMALL) -> float:
    """Return the height of a line of text in cm."""
    return LEADING * size * _POINT_CM


def text_width_cm(text: str, size: float = SMALL, bold: bool = False) -> float:
    """Return the width of a text in cm."""
    return sum(_letter_cm(letter, bold) for letter in text) * size


@lru_cache(maxsize=4096)
def _letter_cm(letter: str, bold: bool) -> float:
    """Return the width of a letter of one point in cm."""
    family: Any = rcParams["font.sans-serif"][0]
    font: Any = get_font(findfont(FontProperties(family=family, weight="bold" if bold else "normal")))
    font.set_size(_MEASURED, 72)
    advance = font.load_char(ord(letter)).linearHoriAdvance / 65536  # 16.16 fixed point
    return float(advance) / _MEASURED * _HINTED * _POINT_CM


def broken(text: str, width_cm: float, size: float = SMALL, bold: bool = False) -> list[str]:
    """Return a text as lines of at most a width; a number stays with its unit, and longer words are broken within."""
    lines, taken, gap = [""], 0.0, text_width_cm(" ", size, bold)
    for word in _GAP.split(text):
        width = text_width_cm(word, size, bold)
        if lines[-1] and taken + gap + width <= width_cm:
            lines[-1], taken = f"{lines[-1]} {word}", taken + gap + width
            continue
        if lines[-1]:
            lines.append("")
        while len(word) > 1 and width > width_cm:
            fit = _most(1, len(word) - 1, partial(_fits, word, width_cm, size, bold))
            lines[-1:] = [word[:fit], ""]
            word = word[fit:]
            width = text_width_cm(word, size, bold)
        lines[-1], taken = word, width
    return lines


def _fits(word: str, width_cm: float, size: float, bold: bool, letters: int) -> bool:
    return text_width_cm(word[:letters], size, bold) <= width_cm


def _most(low: int, high: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number that fits, at least `low`, where all smaller ones fit too."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def shortened(text: str, width_cm: float, size: float = SMALL) -> str:
    """Return a text that fits into a width, with ``…`` for what is left out of its middle."""
    line = one_line(text)
    if text_width_cm(line, size) <= width_cm:
        return line

    def cut(kept: int) -> str:
        return f"{line[: kept // 2]}…{line[len(line) - (kept - kept // 2) :]}"

    return cut(_most(0, len(line) - 1, lambda kept: text_width_cm(cut(kept), size) <= width_cm))
