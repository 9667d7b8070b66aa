"""The real part of the complex capacitance over frequency."""

from __future__ import annotations

from matplotlib.axes import Axes

from eisfit.plots.canvas.curves import Result
from eisfit.plots.canvas.response import Form, Response, draw_response, kind_of
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.responses import capacitance_f
from eisfit.tools.frozen import Complexes, Floats
from eisfit.tools.keywords import known_keywords


def _capacitance(f: Floats, z: Complexes, _: Conditions) -> Floats:
    return capacitance_f(f, z).real


RESPONSE = Response(Form("$C$′ / F", "capacitance_real_f", _capacitance))


@known_keywords
def capacitance_spectrum(result: Result, *, ax: Axes | None = None) -> Axes:
    r"""Draw the real part of the complex capacitance, :math:`C = 1 / (i \omega Z)`, over frequency.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw; several are coloured by their condition.
    ax : Axes, optional
        Where; on a new figure of one column if not given.

    Returns
    -------
    Axes
        Of the whole path, in F. It rises in steps towards low frequencies, from the capacitance of the bulk to that of
        what blocks. Inductive points have no place on its logarithmic axis; a line above it counts them.

    Raises
    ------
    InputError
        If there is nothing to draw.

    Notes
    -----
    Source: K. S. Cole and R. H. Cole, J. Chem. Phys. 9 (1941) 341.
    """
    return draw_response(result, RESPONSE, ax)


KIND = kind_of("capacitance C′ over frequency", RESPONSE)
