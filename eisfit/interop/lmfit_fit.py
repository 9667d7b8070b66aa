"""A fit that lmfit made."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import lmfit
import numpy as np

from eisfit.errors import FitError
from eisfit.interop.lmfit_minimizer import quiet
from eisfit.interop.lmfit_variables import LOG
from eisfit.options import GIVEN
from eisfit.results.fit import Fit
from eisfit.tools.frozen import Floats
from eisfit.tools.quotients import SMALLEST_DIVISOR

_LOG_NOISE = "__lnsigma"  # what lmfit calls the logarithm of the noise level


@dataclass(frozen=True, eq=False, repr=False)
class LmfitFit(Fit):
    """A fit that lmfit made, with what lmfit says of it.

    A file keeps the `Fit`; what lmfit says besides, and its expressions, are not stored.

    Parameters
    ----------
    params : lmfit.Parameters
        In their units, as they were given, with the values found. The standard error is None where it is
        not known: of what is fixed or rests on a bound.
    cost : float
        Half the sum of squares.
    result : lmfit.minimizer.MinimizerResult
        Of lmfit itself; its variables are the logarithms, named ``ln_<parameter>``.
    minimizer : lmfit.Minimizer
        For further use of lmfit.
    """

    params: lmfit.Parameters = field(compare=False)
    cost: float
    result: lmfit.minimizer.MinimizerResult = field(compare=False)
    minimizer: lmfit.Minimizer = field(compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters of the circuit."""
        return self.template.circuit.names

    @property
    def absolute(self) -> bool:
        """Whether the weights were standard deviations."""
        return self.options.weights_name == GIVEN

    @property
    def stderr(self) -> dict[str, float]:
        """Standard errors by name, in their units; nan where not known."""
        sigma = np.sqrt(np.diagonal(self.covariance_log))
        return {name: value * float(s) for (name, value), s in zip(self.values.items(), sigma, strict=True)}

    @property
    def converged(self) -> bool:
        """Whether lmfit stopped by itself."""
        return bool(self.result.success)

    def conf_interval(
        self, names: Sequence[str] | None = None, sigmas: Sequence[float] = (1.0, 1.959963984540054)
    ) -> dict[str, list[tuple[float, float]]]:
        """Return profile intervals by the F-test of lmfit.

        Parameters
        ----------
        names : sequence of str, optional
            Free parameters; all that have a standard error if not given.
        sigmas : sequence of float
            Widths in standard deviations of a normal distribution.

        Returns
        -------
        dict
            By name, (probability, value) from the lowest to the highest end; 0 or infinite where the profile
            does not rise so far within the bounds.

        Raises
        ------
        FitError
            If a parameter is not free or rests on a bound.
        """
        free = [n for n in self.params if (LOG + n) in self.result.var_names and self.params[n].stderr]
        for name in names or ():
            if name not in free:
                raise FitError(f"{name!r} has no interval: it is not free or rests on a bound; free: {free}")
        with quiet():
            found = lmfit.conf_interval(
                self.minimizer,
                self.result,
                p_names=[LOG + name for name in names or free],
                sigmas=list(sigmas),
            )
        return {
            name.removeprefix(LOG): [(float(p), math.exp(v)) for p, v in ends] for name, ends in found.items()
        }

    def emcee(self, *, steps: int = 1000, seed: int = 0, **options: Any) -> dict[str, Floats]:
        """Return samples of the posterior, drawn by emcee through lmfit.

        Parameters
        ----------
        steps : int
            Of each walker.
        seed : int
            Of the draws.
        **options
            For ``lmfit.Minimizer.emcee``: ``nwalkers``, ``burn``, ``thin``, ``workers`` and others.

        Returns
        -------
        dict
            Samples by name in units of the circuit's parameters. The prior is uniform in the logarithms
            within their bounds; the noise level is sampled too unless the weights are standard deviations.

        Raises
        ------
        FitError
            If the package emcee is not installed.
        """
        if importlib.util.find_spec("emcee") is None:
            raise FitError("sampling needs the package emcee, which is not installed: pip install emcee")
        start = self.result.params.copy()
        if not self.absolute:
            scatter = math.sqrt(max(2 * self.cost / self.result.residual.size, SMALLEST_DIVISOR))
            start.add(_LOG_NOISE, value=math.log(scatter))
        free = {name: p for name, p in start.items() if p.vary}
        walkers = int(options.setdefault("nwalkers", 4 * len(free)))
        drawn = np.random.default_rng(seed).standard_normal((walkers, len(free)))
        position = np.column_stack(
            [
                np.clip(p.value + (p.stderr or 1e-2) * drawn[:, k], p.min, p.max)
                for k, p in enumerate(free.values())
            ]
        )
        options = {"is_weighted": self.absolute, "progress": False, "pos": position, **options}
        with quiet():
            chain = self.minimizer.emcee(start, steps=steps, seed=seed, **options).flatchain
        tied = [name for name in self.names if self.params[name].expr]
        if not tied:
            known = {name: chain[LOG + name] for name in self.names if LOG + name in chain}
            still = np.ones(len(chain))
            return {
                name: np.exp(np.asarray(known[name])) if name in known else value * still
                for name, value in self.values.items()
            }
        samples = []
        for _, row in chain.iterrows():
            for name in self.result.var_names:
                start[name].value = float(row[name])
            start.update_constraints()
            samples.append([start[name].value for name in self.names])
        return dict(zip(self.names, np.array(samples).T, strict=True))
