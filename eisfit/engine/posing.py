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
from eisfit.spectrum.columns import SpectraColumns
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.normalised import check_in_ohm
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Complexes, Floats
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
    z, used, grid, same = _arrays(spectra)
    s = Laplace(grid[0] if same else grid)
    conditions = _conditions(spectra, template)
    expected = expected_capacitances(template, conditions)
    sigma = (
        noise_deviations(spectra, z.shape[1])
        if isinstance(weights, str) and weights == "noise"
        else standard_deviations(z, weights)
    )
    data = Data(s, z, np.tile(used, 2) / sigma, absolute=not isinstance(weights, str))
    bounds = bounds_of(template, z, grid, used).with_known(template, [c.fixed for c in conditions])
    return Problem(template, template.circuit, data, bounds, expected)


def _conditions(spectra: Sequence[Spectrum], template: Template) -> list[Conditions]:
    """Return the conditions of all spectra, as far as a template asks for them."""
    if isinstance(spectra, SpectraColumns):
        return [NO_CONDITIONS] * len(spectra) if template.is_circuit else spectra.all_conditions()
    return [spectrum.conditions for spectrum in spectra]


def _arrays(spectra: Sequence[Spectrum]) -> tuple[Complexes, Bools, Floats, bool]:
    """Return impedances, which points take part, frequencies, all (N, F), and whether all have one grid."""
    if isinstance(spectra, SpectraColumns):
        shape = spectra.z_ohm.shape
        grid: Floats = np.broadcast_to(spectra.frequency_hz, shape)
        return spectra.z_ohm, np.ones(shape, bool), grid, True
    longest = max(len(s) for s in spectra)
    z = stacked([s.z_ohm for s in spectra], longest)
    used = stacked([s.used for s in spectra], longest, fill=False)
    grid = stacked([s.frequency_hz for s in spectra], longest)
    return z, used, grid, bool(np.all(grid == grid[0]))


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
    if isinstance(spectra, SpectraColumns):
        _check_columns(spectra, free, weights)
        return
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


def _check_columns(spectra: SpectraColumns, free: int, weights: Weights) -> None:
    """Check that all rows of some columns can be fitted."""
    points = spectra.frequency_hz.size
    if 2 * points < free:
        raise FitError(
            f"{points} points give {2 * points} numbers for {free} free parameters; measure more points or use a "
            "simpler circuit"
        )
    if not isinstance(weights, str):
        sigma = np.asarray(weights, float)
        if sigma.shape != (points,) or not np.all(np.isfinite(sigma) & (sigma > 0)):
            raise FitError(f"sigmas must be {points} positive numbers in ohm, one per point")
    elif weights == "noise" and points < FEWEST_POINTS:
        raise FitError(
            f"{points} points do not show their noise, which takes at least {FEWEST_POINTS}: use modulus weights"
        )
    for reason in unsound_rows(spectra, weights).values():
        raise FitError(reason)


def unsound_rows(spectra: SpectraColumns, weights: Weights) -> dict[int, str]:
    """Return why rows cannot be fitted, by their places."""
    lost = dict(spectra.faults)
    if isinstance(weights, str) and weights != "unit":
        for k in np.flatnonzero(spectra.with_zero).tolist():
            lost.setdefault(
                k,
                f"{spectra.label(k)}: |Z| is 0 at a point, so {weights} weights divide by zero; correct the row or "
                "leave it out",
            )
    return lost
