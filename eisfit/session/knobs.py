"""Parameters as knobs that a user turns, and the model at where they stand; nothing is fitted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eisfit.cell.segments import Setting
from eisfit.cell.setting_checks import LEAST_EXPONENT
from eisfit.cell.templates import Template
from eisfit.cell.ties import parse_tie
from eisfit.circuit.circuit import Circuit, Parameter
from eisfit.session.model_actions import setting_of
from eisfit.session.project import Project
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes, Floats

if TYPE_CHECKING:
    from eisfit.results.fit import Fit

HARDLY = 1e-4  # of the size of the data: what is not detected
DECADES = 3.0  # a knob reaches this far to both sides of where it stood first


@dataclass(frozen=True)
class Knob:
    """A parameter that can be turned.

    Parameters
    ----------
    name, unit : str
        Of the parameter.
    value : float
        Where it stands, in its unit.
    low, high : float
        How far it can be turned.
    logarithmic : bool
        Whether equal turns are equal factors; not for exponents.
    fixed : bool
        Whether the user has fixed the parameter.
    tie : str
        What it follows; such a knob cannot be turned. Empty for none.
    """

    name: str
    unit: str
    value: float
    low: float
    high: float
    logarithmic: bool
    fixed: bool = False
    tie: str = ""

    def position(self, value: float) -> float:
        """Return where a slider stands at a value."""
        return math.log10(value) if self.logarithmic else value

    def at(self, position: float) -> float:
        """Return the value at a position of a slider."""
        return float(10**position) if self.logarithmic else position


@dataclass(frozen=True)
class Turned:
    """The model of a spectrum at where its knobs stand.

    Parameters
    ----------
    spectrum : Spectrum
        With which it is compared.
    circuit : Circuit
        Of the model.
    values : mapping of str to float
        By parameter name, in their units.
    """

    spectrum: Spectrum
    circuit: Circuit
    values: Mapping[str, float]

    def impedance(self, frequency_hz: Floats) -> Complexes:
        """Return the impedance of the model in ohm, shape (F,)."""
        return self.circuit.impedance(frequency_hz, self.values)

    @property
    def residual_percent(self) -> Complexes:
        """(measured - model) / |measured| in percent, shape (n,); real and imaginary part."""
        z = self.spectrum.z_ohm
        return 100 * (z - self.impedance(self.spectrum.frequency_hz)) / np.abs(z)

    @property
    def rms_percent(self) -> float:
        """Root mean square of the residuals of both parts over the points that are used, in percent."""
        rest = self.residual_percent[self.spectrum.used]
        return float(np.sqrt(np.mean(np.abs(rest) ** 2) / 2)) if rest.size else math.nan


def model_of(project: Project) -> Template | None:
    """Return what is fitted with what is set of its parameters; None where it is not chosen yet.

    Raises
    ------
    TemplateError
        As `Project.cell` raises it.
    """
    cell = project.cell()
    if cell is None:
        return None
    return cell.setting({name: setting_of(given) for name, given in project.parameters.items()})


def as_fitted(cell: Template, fit: Fit | None) -> Template:
    """Return the model as the latest fit of a file has it, where arcs above the window are resistors.

    Parameters
    ----------
    cell : Template
        What is chosen now, with what is set of its parameters.
    fit : Fit, optional
        One of another template does not count.
    """
    if fit is None or fit.statistics is None:
        return cell
    same = (fit.template.name, fit.template.electrodes) == (cell.name, cell.electrodes)
    return replace(fit.template, settings=cell.settings) if same else cell


def knobs_of(
    cell: Template, spectrum: Spectrum, fit: Fit | None = None, turned: Mapping[str, float] | None = None
) -> tuple[Knob, ...]:
    """Return the knobs of a template over one spectrum.

    Parameters
    ----------
    cell : Template
        With its number of electrodes, and with what is set of its parameters.
    spectrum : Spectrum
        Whose window and size say where a knob stands first that neither a fit nor the template tells.
    fit : Fit, optional
        At whose values knobs stand, where no parameter is fixed; the resistance of what it has not detected is small.
    turned : mapping of str to float, optional
        Where the user has turned them to.

    Returns
    -------
    tuple of Knob
        In the order of the parameters of the circuit.
    """
    settings = cell.effective_settings
    guessed = _guesses(cell.circuit, spectrum)
    fitted = _fitted(cell.circuit, fit, guessed)
    known = {}
    for name, guess in guessed.items():
        given = settings.get(name, Setting())
        fixed = given.fixed_in(spectrum.conditions.fixed)
        tried = (fixed, (turned or {}).get(name), fitted.get(name), given.start, guess)
        known[name] = next(v for v in tried if v is not None and math.isfinite(v) and v > 0)
    for name, given in settings.items():
        if given.tie is not None and name in known:
            known[name] = _followed(given.tie, known)
    return tuple(
        _knob(p, settings.get(p.name, Setting()), known[p.name], spectrum) for p in cell.circuit.parameters
    )


def _fitted(circuit: Circuit, fit: Fit | None, guessed: Mapping[str, float]) -> dict[str, float]:
    """Return the values of a fit; what was not detected hardly shows."""
    found = dict(fit.values) if fit is not None else {}
    for p in circuit.parameters:
        if math.isnan(found.get(p.name, 0.0)) and p.quantity.resistance > 0:
            found[p.name] = HARDLY * guessed[p.name]
    return found


def values_of(knobs: tuple[Knob, ...], turned: Mapping[str, float]) -> dict[str, float]:
    """Return the values of all parameters after some knobs were turned; tied ones follow."""
    values = {k.name: turned.get(k.name, k.value) for k in knobs if not k.tie}
    values |= {k.name: _followed(k.tie, values) for k in knobs if k.tie}
    return {k.name: values[k.name] for k in knobs}


def _followed(tie: str, values: Mapping[str, float]) -> float:
    of = parse_tie(tie)
    return of.factor * values[of.name]


def _knob(p: Parameter, given: Setting, value: float, spectrum: Spectrum) -> Knob:
    exponent = p.quantity.is_exponent
    reach = 10.0**DECADES
    low, high = (LEAST_EXPONENT, p.quantity.upper) if exponent else (value / reach, value * reach)
    low = given.low if given.low is not None and (given.low > 0 or exponent) else low
    high = given.high if given.high is not None and math.isfinite(given.high) else high
    fixed = given.fixed_in(spectrum.conditions.fixed) is not None
    return Knob(
        p.name, p.unit, value, min(low, value), max(high, value), not exponent, fixed, given.tie or ""
    )


def _guesses(circuit: Circuit, spectrum: Spectrum) -> dict[str, float]:
    """Return values of the size of the data: elements with a time are spread over the window, the fastest first."""
    used = spectrum.used
    f, z = spectrum.frequency_hz[used], spectrum.z_ohm[used]
    if not f.size:
        f, z = spectrum.frequency_hz, spectrum.z_ohm
    ohm = float(np.median(np.abs(z)))
    timed = list(dict.fromkeys(p.leaf for p in circuit.parameters if p.quantity.time != 0))
    ends = 1 / (2 * np.pi * f.max()), 1 / (2 * np.pi * f.min())
    times = dict(zip(timed, np.geomspace(*ends, len(timed) + 2)[1:-1], strict=True))
    found = {p.name: _middle(p) for p in circuit.parameters if p.quantity.dimensionless}
    for p in circuit.parameters:
        q = p.quantity
        if not q.dimensionless:
            power = found.get(f"{p.leaf}_{q.time}", 1.0) if isinstance(q.time, str) else q.time
            found[p.name] = q.size * ohm**q.resistance * float(times.get(p.leaf, 1.0)) ** power
    return found


def _middle(p: Parameter) -> float:
    low, high = p.quantity.usual
    return 0.5 * (low + high) if p.quantity.is_exponent else math.sqrt(low * high)
