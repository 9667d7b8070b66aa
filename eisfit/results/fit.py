"""One fitted spectrum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, overload

import numpy as np
import numpy.typing as npt

from eisfit.cell.templates import Template
from eisfit.errors import FitError
from eisfit.options import FitOptions
from eisfit.results.by_name import ByName
from eisfit.results.contribution import Contribution, FittedParameter, LoneElement, Statistics, Word
from eisfit.results.outcome import Outcome
from eisfit.results.quantity import conductivity_unit
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Complexes, Floats, Value, frozen_array
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.rounding import quantity, with_error
from eisfit.tools.views import Viewable

NEGLIGIBLE = 1e-30  # value of the parameters of a segment that was not detected: its impedance vanishes


@dataclass(frozen=True, eq=False, repr=False)
class Fit(Presentable, Viewable, Value):
    """A spectrum split among the contributions of a template.

    Parameters
    ----------
    spectrum : Spectrum
        What was fitted.
    template : Template
        As it was fitted: arcs above the window are resistors in it.
    parameters : tuple of FittedParameter, also by name
        Each belongs to one segment.
    covariance_log : ndarray, shape (P, P)
        Of the natural logarithms of the parameters; nan for parameters fixed or on a bound.
    contributions : tuple of Contribution, also by name
        Rows of the table.
    outcome : Outcome
        How the fit ended.
    remarks : tuple of str
        Further sentences for the reader.
    statistics : Statistics or None
        Quality of the fit; None where it failed.
    options : FitOptions
        How it was fitted: weights, with the standard deviations that were given, loss, seed and start.
    point_weights : ndarray, shape (n,)
        Weight of each point: 1, less where a robust loss finds it far off, 0 where it is masked.
    """

    spectrum: Spectrum
    template: Template
    parameters: tuple[FittedParameter, ...]
    covariance_log: Floats
    contributions: tuple[Contribution, ...]
    outcome: Outcome
    remarks: tuple[str, ...]
    statistics: Statistics | None
    options: FitOptions
    point_weights: Floats

    written: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("params", "values_", "parameter"), "{it}.parameters"),
        **dict.fromkeys(("value", "get"), "{it}['R1'].value, or {it}.values for all"),
        **dict.fromkeys(("predict", "simulate", "z", "model", "eval"), "{it}.impedance(frequency_hz)"),
        **dict.fromkeys(("residuals", "residual", "resid"), "{it}.residual_percent"),
        **dict.fromkeys(("stderr", "errors", "sigma"), "{it}['R1'].stderr"),
        **dict.fromkeys(("chi2", "chisqr", "chisq", "redchi", "rms", "aic", "bic"), "{it}.statistics"),
        **dict.fromkeys(("cov", "covar"), "{it}.covariance"),
        **dict.fromkeys(("success", "message", "converged", "status"), "{it}.outcome"),
        **dict.fromkeys(("conditions", "temperature_c", "temperature"), "{it}.spectrum.conditions"),
        "circuit": "{it}.template.circuit",
        "frequency_hz": "{it}.spectrum.frequency_hz",
        "z_ohm": "{it}.spectrum.z_ohm, or {it}.impedance() for the model",
    }

    def _written_for(self, name: str) -> str | None:
        known = [*(p.name for p in self.parameters), *(c.name for c in self.contributions)]
        return f"{{it}}[{name!r}]" if name in known else None

    def __post_init__(self) -> None:
        for what, kind in (("parameters", "parameter"), ("contributions", "contribution")):
            object.__setattr__(self, what, ByName(getattr(self, what), kind))

    @overload
    def __getitem__(self, name: Word) -> Contribution: ...

    @overload
    def __getitem__(self, name: str) -> Any: ...

    def __getitem__(self, name: str) -> Contribution | FittedParameter:
        """Return a contribution, or a fitted parameter, by its name.

        Parameters
        ----------
        name : str
            Such as ``"interface"``, or ``"Zarc_int_tau"``. A lone element of a circuit string, such as ``R0`` or
            ``L1``, is both; it gives the contribution. Both have `value`, `stderr` and `unit`, which are those of the
            parameter.

        Raises
        ------
        KeyError
            If there is neither; the message lists those there are.
        """
        contribution = next((c for c in self.contributions if c.name == name), None)
        parameter = next((p for p in self.parameters if p.name == name), None)
        if contribution is not None:
            lone = parameter is not None and parameter.unit != "ohm"
            return LoneElement.of(contribution, parameter) if lone and parameter else contribution
        if parameter is not None:
            return parameter
        contributions, parameters = [c.name for c in self.contributions], list(self.values)
        none = ", ".join(map(repr, contributions)) or "none, the fit failed"
        also = f"; nor a parameter of that name: {', '.join(parameters)}" if parameters else ""
        near = did_you_mean(str(name), [*contributions, *parameters])
        raise KeyError(f"{self.label}: no contribution {name!r}{near}; there are {none}{also}")

    __iter__ = None  # a fit is no list: without this, Python would ask it for its item 0

    def headline(self) -> str:
        """Return label, circuit and outcome."""
        return f"{self.label}: {self.template.circuit.text}; {self.sentence or 'good fit'}"

    def sheets(self) -> list[Sheet]:
        """Return contributions, parameters and statistics."""
        rows = tuple(
            (
                f"{c.count} x {c.name}" if c.count > 1 else c.name,
                with_error(c.resistance_ohm, c.resistance_stderr_ohm),
                with_error(c.asr_ohm_cm2, c.asr_stderr_ohm_cm2)
                or with_error(c.conductivity_s_cm, c.conductivity_stderr_s_cm, conductivity_unit(c.role)),
                with_error(c.capacitance_f, c.capacitance_stderr_f),
                quantity(c.frequency_hz, digits=3),
                c.known,
                c.note,
            )
            for c in self.contributions
        )
        columns = ("contribution", "R / ohm", "ohm cm2, or S/cm", "C / F", "f / Hz", "known", "remark")
        parameters = tuple((p.name, with_error(p.value, p.stderr), p.unit, p.note) for p in self.parameters)
        found = [
            Sheet("Contributions", columns, rows),
            Sheet("Parameters", ("parameter", "value", "unit", "remark"), parameters),
        ]
        if (s := self.statistics) is not None:
            numbers = (
                ("points", str(s.points)),
                ("free parameters", str(s.parameters_free)),
                ("rms / % of |Z|", f"{s.rms_percent:.3g}"),
                ("noise / % of |Z|", f"{s.noise_percent:.3g}"),
                ("reduced chi-square", f"{s.chi2_reduced:.4g}"),
                ("AICc", f"{s.aicc:.1f}"),
            )
            found.append(Sheet("Statistics", ("", "value"), numbers))
        return found

    @property
    def missed(self) -> bool:
        """Whether the model misses the data by so much that a row has lost its value: one of them is ``misfit``."""
        return any(c.resolved == "misfit" for c in self.contributions)

    @property
    def label(self) -> str:
        """Label of the spectrum."""
        return self.spectrum.label or "spectrum"

    @property
    def weights(self) -> str:
        """Name of the weights; empty where the fit failed."""
        return "" if self.outcome is Outcome.FAILED else self.options.weights_name

    @property
    def loss(self) -> str:
        """Name of the loss; empty where the fit failed."""
        return "" if self.outcome is Outcome.FAILED else self.options.loss

    def check_weights_known(self) -> None:
        """Raise FitError if standard deviations were given to the fit that it does not hold."""
        if not self.options.complete:
            raise FitError(
                f"{self.label}: it was fitted with standard deviations that it does not hold; "
                "give them again as weights"
            )

    @property
    def values(self) -> dict[str, float]:
        """Fitted values by parameter name, in their units."""
        return {p.name: p.value for p in self.parameters}

    @property
    def covariance(self) -> Floats:
        """Covariance of the parameters in their units, shape (P, P)."""
        p = np.array([parameter.value for parameter in self.parameters])
        result: Floats = self.covariance_log * p[:, None] * p
        return result

    def impedance(self, frequency_hz: npt.ArrayLike | None = None) -> Complexes:
        """Return the model impedance in ohm.

        Parameters
        ----------
        frequency_hz : array_like, shape (F,), optional
            Where; the frequencies of the spectrum if not given.

        Raises
        ------
        FitError
            If the fit failed.
        """
        if self.outcome is Outcome.FAILED:
            raise FitError(f"{self.label}: the fit failed, so there is no model: {'; '.join(self.remarks)}")
        f = self.spectrum.frequency_hz if frequency_hz is None else frequency_hz
        known = {name: NEGLIGIBLE if np.isnan(value) else value for name, value in self.values.items()}
        return self.template.circuit.impedance(f, known)

    @property
    def residual_percent(self) -> Complexes:
        """(measured - model) / |measured| in percent, shape (n,); real and imaginary part."""
        z = self.spectrum.z_ohm
        return 100 * (z - self.impedance()) / np.abs(z)

    @property
    def sentence(self) -> str:
        """Outcome and remarks as one text."""
        return "; ".join(text for text in (self.outcome.value, *self.remarks) if text)


def failed(spectrum: Spectrum, template: Template, reason: str, options: FitOptions) -> Fit:
    """Return the fit of a spectrum that could not be fitted."""
    empty = frozen_array(np.empty((0, 0)), float)
    nothing = frozen_array(np.zeros(len(spectrum)), float)
    return Fit(spectrum, template, (), empty, (), Outcome.FAILED, (reason,), None, options, nothing)
