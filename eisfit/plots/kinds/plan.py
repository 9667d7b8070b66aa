"""Standard errors foreseen with each further measurement, beside that without any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.errors import InputError
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.style import GREY, PALETTE, blank, em, ink, page_em, set_height, settle, styled
from eisfit.plots.kind import Kind
from eisfit.results.plan import NOT_TOLD, Measurement, Plan, PredictedError, named
from eisfit.tools.keywords import known_keywords

_ROW_EM, _REST_EM = 2.5, 5.5
_ABOVE, _BELOW = 0.24, 0.22  # of a row: its name above, its mark below
_THICK, _LARGE = 1.6, 1.5  # of lines and marks, in those of other figures
_LONGEST = 50  # letters of a name
_ROOM = 1.25  # factor beyond the smallest and the largest error


@known_keywords
def plan(plan: Plan, *, ax: Axes | None = None) -> Axes:
    """Draw the standard error of the named value with each further measurement.

    Parameters
    ----------
    plan : Plan
        As `eisfit.plan` returns it.
    ax : Axes, optional
        Where; on a new figure of one column if not given.

    Returns
    -------
    Axes
        Errors in meV or percent on a logarithmic axis, the measurement that helps most on top; the dashed line is the
        error without any. Where nothing can be told it says so.

    Raises
    ------
    InputError
        If it is no plan.
    """
    _check(plan)
    if ax is None:
        with styled("paper"):
            figure = blank()
            return paint(figure, plan)[0]
    return _draw(ax, plan, BY_DEFAULT)


def paint(figure: Figure, plan: Plan, choice: Choice = BY_DEFAULT) -> list[Axes]:
    """Draw on a whole figure."""
    _check(plan)
    set_height(figure, _REST_EM + _ROW_EM * max(len(_shown(plan)), 1))
    return [_draw(settle(figure.add_subplot()), plan, choice)]


def data(plan: Plan, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers: errors in meV of an energy, in percent of a resistance."""
    _check(plan)
    unit = _unit(plan.target)
    return [
        {
            "measurement": m.name,
            "kind": m.kind,
            "unit": unit,
            "stderr_before": _size(m.before),
            "stderr_after": _size(m.after),
            "reason": m.after.reason,
        }
        for m in plan.measurements
    ]


def _check(plan: object) -> None:
    if not isinstance(plan, Plan):
        raise InputError(
            f"a figure of a plan needs a Plan, and this is a {type(plan).__name__}: eisfit plan --figure draws it"
        )


def _shown(plan: Plan) -> Sequence[Measurement]:
    """Return the measurements that a page has room for: those that help most."""
    return plan.measurements[: int((page_em() - _REST_EM) / _ROW_EM)]


def _unit(error: PredictedError) -> str:
    return "meV" if error.unit == "eV" else "%"


def _size(error: PredictedError) -> float:
    return 1e3 * error.stderr if error.unit == "eV" else error.stderr_percent


def _draw(ax: Axes, plan: Plan, choice: Choice) -> Axes:
    shown, now = _shown(plan), plan.target
    sizes = [_size(m.after) for m in shown if m.told] + ([_size(now)] if now.told else [])
    ax.set_xscale("log")
    if sizes:
        ax.set_xlim(min(sizes) / _ROOM, max(sizes) * _ROOM)
    if choice.xlim is not None:
        ax.set_xlim(*choice.xlim)
    log_ticks(ax.xaxis)
    ax.set_ylim(len(shown) - 0.5, -0.5)
    ax.set_yticks([])
    for k, m in enumerate(shown):
        _row(ax, k, m)
    if now.told:
        ax.axvline(
            _size(now), color=ink(), linestyle=(0, (4, 2)), linewidth=rcParams["axes.linewidth"], gid="now"
        )
    note = f"as planned: {now.text}"
    if len(shown) < len(plan.measurements):
        note = f"{len(shown)} of {len(plan.measurements)} measurements; {note}"
    ax.set_title(note, loc="right", fontsize=72 * em(), pad=3)
    ax.set_xlabel(f"standard error of {_name(now)} / {_unit(now)}")
    return ax


def _name(error: PredictedError) -> str:
    if error.quantity == "activation energy":
        return f"$E$$_{{\\mathrm{{A}}}}$ of {error.contribution}"
    return named(error)


def _row(ax: Axes, k: int, m: Measurement) -> None:
    """Draw one measurement: its name above, and below a line from the error without it to that with it."""
    name = m.name if len(m.name) <= _LONGEST else f"{m.name[: _LONGEST - 1]}…"
    name = name.replace(" -", " −")
    ax.text(0.02, k - _ABOVE, name, transform=ax.get_yaxis_transform(), ha="left", va="center")
    if not m.told:
        ax.text(
            0.98,
            k + _BELOW,
            NOT_TOLD,
            transform=ax.get_yaxis_transform(),
            ha="right",
            va="center",
            color=GREY,
        )
        return
    colour, y, after = PALETTE["blue"], k + _BELOW, _size(m.after)
    width, size = float(rcParams["lines.linewidth"]), float(rcParams["lines.markersize"])
    if m.before.told:
        ax.plot(
            [_size(m.before), after],
            [y, y],
            color=colour,
            linewidth=_THICK * width,
            solid_capstyle="butt",
            gid="gain",
        )
    ax.plot([after], [y], marker="o", color=colour, markersize=_LARGE * size, linestyle="none", gid="after")


KIND = Kind("standard errors foreseen with each further measurement", paint, data, frozenset({"xlim"}))
