"""Form the least-squares problem of some spectra and a template."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.cell.templates import Template
from eisfit.circuit.circuit import leaves
from eisfit.elements import Laplace
from eisfit.engine.data import Data
from eisfit.engine.parameter_bounds import bounds_of, fixed_parameters
from eisfit.engine.plausibility import expected_capacitances
from eisfit.engine.problem import Problem
from eisfit.engine.weights import noise_deviations, stacked, standard_deviations
from eisfit.errors import FitError
from eisfit.options import Weights, check_weights
from eisfit.spectrum.normalised import check_in_ohm
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats
from eisfit.validity.noise import FEWEST_POINTS


def pose(spectra: Sequence[Spectrum], template: Template, weights: Weights = "modulus") -> Problem:
    """Form the problem of fitting a template to each of some spectra.

    Parameters
    ----------
    spectra : sequence of Spectrum
        At least one; masked points take no part.
    template : Template
        With its configuration chosen.
    weights : {"modulus", "unit", "proportional", "noise"} or array_like, shape (F,)
        Standard deviation of Re Z and Im Z: |Z|; 1 ohm; Re Z and Im Z themselves (no smaller than 1 % of
        |Z|); the noise that a Kramers-Kronig residual shows (`eisfit.noise.noise_level`); or the given
        values in ohm.

    Raises
    ------
    FitError
        If a spectrum has fewer real numbers than there are free parameters, |Z| is 0 at a point, or
        given sigmas do not fit.
    """
    check_fittable(spectra, template, weights)
    longest = max(len(s) for s in spectra)
    z = stacked([s.z_ohm for s in spectra], longest)
    used = stacked([s.used for s in spectra], longest, fill=False)
    grid: Floats = stacked([s.frequency_hz for s in spectra], longest)
    same = bool(np.all(grid == grid[0]))
    s = Laplace(grid[0] if same else grid)
    expected = expected_capacitances(template, [spectrum.conditions for spectrum in spectra])
    sigma = (
        noise_deviations(spectra, longest)
        if isinstance(weights, str) and weights == "noise"
        else standard_deviations(z, weights)
    )
    data = Data(s, z, np.tile(used, 2) / sigma, absolute=not isinstance(weights, str))
    bounds = bounds_of(template, z, grid, used).with_known(template, [s.conditions.fixed for s in spectra])
    return Problem(template, template.circuit, data, bounds, expected)


def _more_points(spectrum: Spectrum) -> str:
    """Return how a spectrum of too few points gets more of them: by a wider cut, or by measuring."""
    if not spectrum.mask.any():
        return "measure more points or use a simpler circuit"
    low, high = spectrum.frequency_hz.min(), spectrum.frequency_hz.max()
    cuts = dict.fromkeys(reason for reason in spectrum.mask_reason if reason)
    return (
        f"{int(spectrum.mask.sum())} of {len(spectrum)} points are cut ({', '.join(cuts)}), the data go from "
        f"{low:.4g} to {high:.4g} Hz: widen the cut or use a simpler circuit"
    )


def check_determined(template: Template) -> None:
    """Check that no element has more free parameters than any spectrum determines; raise FitError."""
    fixed = fixed_parameters(template)
    for leaf in leaves(template.circuit.root):
        most, names = leaf.element.determined, template.circuit.names[leaf.first : leaf.first + leaf.size]
        free = [name for name, known in zip(names, fixed[leaf.first :], strict=False) if not known]
        if most is not None and len(free) > most:
            raise FitError(
                f"{leaf.name}: a spectrum determines {most} of {', '.join(names)}, but {len(free)} are free "
                f"({', '.join(free)}): fix {len(free) - most} more, such as the area, the temperature and what "
                "is known of the electrolyte"
            )


def check_fittable(spectra: Sequence[Spectrum], template: Template, weights: Weights) -> None:
    """Check that the spectra can be fitted; raise as `pose` does."""
    check_weights(weights)
    check_determined(template)
    free = int(np.count_nonzero(~fixed_parameters(template)))
    for spectrum in spectra:
        check_in_ohm(spectrum, FitError)
        points = len(spectrum) - int(np.count_nonzero(spectrum.mask))
        if 2 * points < free:
            raise FitError(
                f"{spectrum.label or 'spectrum'}: {points} points give {2 * points} numbers for "
                f"{free} free parameters; {_more_points(spectrum)}"
            )
        if not isinstance(weights, str):
            sigma = np.asarray(weights, float)
            if sigma.shape != spectrum.z_ohm.shape or not np.all(np.isfinite(sigma) & (sigma > 0)):
                raise FitError(
                    f"{spectrum.label or 'spectrum'}: sigmas must be {len(spectrum)} positive numbers in ohm, "
                    "one per point"
                )
        elif weights == "noise" and points < FEWEST_POINTS:
            raise FitError(
                f"{spectrum.label or 'spectrum'}: {points} points do not show their noise, which takes at least "
                f"{FEWEST_POINTS}: use modulus weights"
            )
        elif weights != "unit" and not (spectrum.z_ohm.all() or spectrum.z_ohm[spectrum.used].all()):
            raise FitError(
                f"{spectrum.label or 'spectrum'}: |Z| is 0 at a point, so {weights} weights divide by zero; "
                "drop the point"
            )
