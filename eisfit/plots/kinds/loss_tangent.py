"""The loss tangent over frequency."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Result
from eisfit.plots.canvas.response import TAKES, Form, Response, draw_response, paint_response, response_rows
from eisfit.plots.kind import Kind
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.responses import loss_tangent as tangent_of
from eisfit.tools.frozen import Complexes, Floats


def _tangent(f: Floats, z: Complexes, _: Conditions) -> Floats:
    return tangent_of(z)


RESPONSE = Response(Form("tan $δ$", "loss_tangent", _tangent))


def loss_tangent(result: Result, *, ax: Axes | None = None) -> Axes:
    r"""Draw the loss tangent, :math:`\tan \delta = Z' / (-Z'')`, over frequency.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw; several are coloured by their condition.
    ax : Axes, optional
        Where; on a new figure of one column if not given.

    Returns
    -------
    Axes
        It needs no geometry. Inductive points have no place on its logarithmic axis; a line above it counts them.

    Raises
    ------
    InputError
        If there is nothing to draw.

    Notes
    -----
    Source: Agilent Impedance Measurement Handbook (2009), table 1-1, where it is called D.
    """
    return draw_response(result, RESPONSE, ax)


def paint(figure: Figure, result: Result, choice: Choice = BY_DEFAULT) -> Axes:
    """Draw on a whole figure."""
    return paint_response(figure, result, RESPONSE, choice)


def data(result: Result, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers."""
    return response_rows(result, RESPONSE, choice)


KIND = Kind("loss tangent tan δ over frequency", paint, data, TAKES)
