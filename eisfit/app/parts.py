"""Small things that all pages use: sentences for mistakes, tables of text, buttons, parts drawn by themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nicegui import ui

from eisfit.app.desk import Desk
from eisfit.errors import EisfitError, InputError

_WRAPPED = "white-space: normal; min-width: 16em"


@dataclass
class Part:
    """A part of a page that is drawn anew when what it shows has changed, and else stays under the user's hands.

    Parameters
    ----------
    shows : callable
        Returns all that the part shows, to be compared.
    again : callable
        Draws it anew.
    """

    shows: Callable[[], object]
    again: Callable[[], Any]
    _seen: object = field(init=False)

    def __post_init__(self) -> None:
        self._seen = self.shows()

    @property
    def outdated(self) -> bool:
        """Whether it shows what was."""
        return bool(self.shows() != self._seen)

    def keep_up(self) -> None:
        """Draw it anew if it shows what was."""
        if self.outdated:
            self._seen = self.shows()
            self.again()


def drawn(shows: Callable[[], object], draw: Callable[[], None]) -> Part:
    """Draw a part, and return it."""
    redrawn = ui.refreshable(draw)
    part = Part(shows, redrawn.refresh)  # before it draws: what changes meanwhile is drawn next
    redrawn()
    return part


@dataclass(frozen=True)
class Parts:
    """The parts of a page, and what must stay the same for them to be drawn by themselves."""

    frame: Part
    parts: tuple[Part, ...]

    def keep_up(self) -> bool:
        """Draw the parts anew that show what was; False where the whole page must be."""
        if self.frame.outdated:
            return False
        for part in self.parts:
            part.keep_up()
        return True


def attempt(deed: Callable[[], Any]) -> bool:
    """Do a deed; a mistake is said in the page, and the rest goes on. Tell whether it was done."""
    try:
        deed()
    except EisfitError as error:
        said = str(error)
    except OSError as error:
        said = f"{error.filename or 'the disk'}: {error.strerror or error}; nothing was changed"
    else:
        return True
    ui.notify(said, type="warning", multi_line=True, close_button="OK", timeout=15000)
    return False


def number_of(text: str | float | None, what: str) -> float | None:
    """Return a number that a user has typed, with a decimal point or comma; None for nothing.

    Raises
    ------
    InputError
        If it is none.
    """
    if text is None or not str(text).strip():
        return None
    try:
        return float(str(text).strip().replace(",", "."))
    except ValueError:
        raise InputError(f"{what}: {text!r} is no number; write one as 0.785, without its unit") from None


def text_table(columns: Sequence[str], rows: Sequence[Sequence[str]], mark: str) -> Any:
    """Show a table of texts."""
    heads = [
        {
            "name": str(k),
            "label": head,
            "field": str(k),
            "align": "left",
            "style": _WRAPPED if head == "remark" else "",
        }
        for k, head in enumerate(columns)
    ]
    found = [{"id": n, **{str(k): cell for k, cell in enumerate(row)}} for n, row in enumerate(rows)]
    table = ui.table(columns=heads, rows=found, row_key="id", pagination=0).mark(mark)
    return (
        table.props("dense flat bordered virtual-scroll hide-pagination")
        .classes("w-full")
        .style("max-height: 40vh")
    )


def command_button(text: str, deed: Callable[[], Any], mark: str, tip: str = "") -> Any:
    """Show a button whose mistakes are said in the page."""
    button = (
        ui.button(text, on_click=lambda: attempt(deed))
        .props("no-caps no-wrap dense unelevated")
        .mark(mark.replace(" ", "-"))
    )
    if tip:
        button.tooltip(tip)
    return button


def nothing_open(desk: Desk) -> bool:
    """Say so where no file is open, and tell whether that is so."""
    if desk.session.project.files:
        return False
    ui.label("No data file is open yet: open one on the page Files.")
    return True
