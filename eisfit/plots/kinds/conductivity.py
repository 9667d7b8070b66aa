"""The real part of the conductivity over frequency."""

from __future__ import annotations

from matplotlib.axes import Axes

from eisfit.plots.canvas.curves import Result
from eisfit.plots.canvas.response import Form, Response, draw_response, kind_of
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.responses import admittance_s, conductivity_s_cm
from eisfit.tools.frozen import Complexes, Floats
from eisfit.tools.keywords import known_keywords


def _conductance(f: Floats, z: Complexes, _: Conditions) -> Floats:
    return admittance_s(z).real


def _conductivity(f: Floats, z: Complexes, known: Conditions) -> Floats:
    assert known.area_cm2 is not None
    assert known.thickness_cm is not None
    return conductivity_s_cm(z, known.area_cm2, known.thickness_cm)


RESPONSE = Response(
    Form("$Y$′ / S", "conductance_s", _conductance),
    Form("$σ$′ / S cm⁻¹", "conductivity_s_cm", _conductivity),
)


@known_keywords
def conductivity(result: Result, *, ax: Axes | None = None) -> Axes:
    r"""Draw the real part of the conductivity, :math:`\sigma' = Y' d / A`, over frequency.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw; several are coloured by their condition.
    ax : Axes, optional
        Where; on a new figure of one column if not given.

    Returns
    -------
    Axes
        In S/cm where area and thickness of all spectra are known, else the conductance Y' in S. A plateau is the dc
        conductivity of a part of the cell.

    Raises
    ------
    InputError
        If there is nothing to draw.

    Notes
    -----
    Source: A. K. Jonscher, Nature 267 (1977) 673.
    """
    return draw_response(result, RESPONSE, ax)


KIND = kind_of("conductivity σ′ over frequency", RESPONSE)
