"""The imaginary part of the electric modulus over frequency."""

from __future__ import annotations

from matplotlib.axes import Axes

from eisfit.plots.canvas.curves import Result
from eisfit.plots.canvas.response import Form, Response, draw_response, kind_of
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.responses import electric_modulus, inverse_capacitance_per_f
from eisfit.tools.frozen import Complexes, Floats
from eisfit.tools.keywords import known_keywords


def _without_geometry(f: Floats, z: Complexes, _: Conditions) -> Floats:
    return inverse_capacitance_per_f(f, z).imag


def _modulus(f: Floats, z: Complexes, known: Conditions) -> Floats:
    assert known.area_cm2 is not None
    assert known.thickness_cm is not None
    return electric_modulus(f, z, known.area_cm2, known.thickness_cm).imag


RESPONSE = Response(
    Form("$M$″ / $C$$_0$ = $ωZ$′ / F⁻¹", "omega_z_real_per_f", _without_geometry),
    Form("$M$″", "modulus_imag", _modulus),
)


@known_keywords
def modulus(result: Result, *, ax: Axes | None = None) -> Axes:
    r"""Draw the imaginary part of the electric modulus, :math:`M'' = \omega C_0 Z'`, over frequency.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw; several are coloured by their condition.
    ax : Axes, optional
        Where; on a new figure of one column if not given.

    Returns
    -------
    Axes
        M'' where area and thickness of all spectra are known, else :math:`\omega Z'` in 1/F. The arc of the smallest
        capacitance has the highest peak, which is why the bulk stands out here.

    Raises
    ------
    InputError
        If there is nothing to draw.

    Notes
    -----
    Source: I. M. Hodge, M. D. Ingram and A. R. West, J. Electroanal. Chem. 74 (1976) 125.
    """
    return draw_response(result, RESPONSE, ax)


KIND = kind_of("electric modulus M″ over frequency", RESPONSE)
