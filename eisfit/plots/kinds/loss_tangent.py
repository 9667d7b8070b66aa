"""The loss tangent over frequency."""

from __future__ import annotations

from matplotlib.axes import Axes

from eisfit.plots.canvas.curves import Result
from eisfit.plots.canvas.response import Form, Response, draw_response, kind_of
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.responses import loss_tangent as tangent_of
from eisfit.tools.frozen import Complexes, Floats
from eisfit.tools.keywords import known_keywords


def _tangent(f: Floats, z: Complexes, _: Conditions) -> Floats:
    return tangent_of(z)


RESPONSE = Response(Form("tan $δ$", "loss_tangent", _tangent))


@known_keywords
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


KIND = kind_of("loss tangent tan δ over frequency", RESPONSE)
