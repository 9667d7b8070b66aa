"""Parameters of a template or a fit as those of lmfit, and back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import lmfit

from eisfit.cell.segments import Setting
from eisfit.cell.setting_checks import check_settings
from eisfit.cell.templates import Template
from eisfit.cell.ties import parse_tie
from eisfit.errors import FitError, TemplateError
from eisfit.results.fit import NEGLIGIBLE, Fit


def parameters(source: Template | Fit) -> lmfit.Parameters:
    """Return the parameters of a template or a fit for lmfit, in their units.

    Parameters
    ----------
    source : Template or Fit
        A template gives its starts, fixed values, ranges and ties, as expressions; a fit its values and standard
        errors as well.

    Returns
    -------
    lmfit.Parameters
        A value of 0 stands for a start that is to be found from the data; a standard error of None for one
        that is not known.

    Examples
    --------
    >>> from eisfit.templates import Template
    >>> made = parameters(Template.from_circuit("R0-p(R1,CPE1)"))
    >>> made["CPE1_alpha"].max
    1.0
    """
    template = source if isinstance(source, Template) else source.template
    fitted = {} if isinstance(source, Template) else {p.name: p for p in source.parameters}
    made, settings = lmfit.Parameters(), template.effective_settings
    for p in template.circuit.parameters:
        setting = settings.get(p.name, Setting())
        high = p.quantity.upper if setting.high is None else setting.high
        value, vary, stderr = setting.fixed or setting.start or 0.0, setting.fixed is None, math.nan
        if p.name in fitted:
            value, stderr = fitted[p.name].value, fitted[p.name].stderr
            if math.isnan(value):  # a part that the data do not show
                value, vary = NEGLIGIBLE, False
        low = min(setting.low or 0.0, value)
        made.add(p.name, value=value, min=low, max=max(high, value), vary=vary)
        made[p.name].stderr = None if math.isnan(stderr) else stderr
    for p in template.circuit.parameters:  # last, because what an expression names must be there
        tie = settings.get(p.name, Setting()).tie
        if tie is not None and made[p.name].vary and made[parse_tie(tie).name].vary:
            made[p.name].expr = tie
    return made


def with_parameters(template: Template, params: lmfit.Parameters) -> Template:
    """Return a template with the starts, fixed values, ranges and ties of lmfit parameters instead of its own.

    Parameters
    ----------
    template : Template
        With its configuration chosen.
    params : lmfit.Parameters
        One for each parameter of the circuit.

    Raises
    ------
    FitError
        If one is missing, or is given by an expression that is no tie: a template holds a factor times one other
        parameter, and no other expression.
    """
    names = template.circuit.names
    for name in names:
        if name in params and params[name].expr and tie_of(params[name].expr, names) is None:
            raise FitError(
                f"{name} = {params[name].expr}: a template holds no expressions but a factor times one parameter; "
                "fit with fit_lmfit"
            )
    return settled(template, params)


def settled(template: Template, params: lmfit.Parameters) -> Template:
    """Return a template with the settings of parameters; those given by an expression that is no tie are free in it."""
    settings, names = {}, template.circuit.names
    for p in template.circuit.parameters:
        if p.name not in params:
            known = ", ".join(params)
            raise FitError(f"params: {p.name!r} is missing; given are {known or 'none'}")
        given = params[p.name]
        if given.expr:
            if (tie := tie_of(given.expr, names)) is not None:
                settings[p.name] = Setting(tie=tie)
            continue
        low = given.min if given.min > 0 else None
        high = given.max if given.max < p.quantity.upper else None
        if not given.vary:
            settings[p.name] = Setting(fixed=float(given.value))
        else:
            start = float(given.value) if is_start(given) else None
            settings[p.name] = Setting(start=start, low=low, high=high)
    changed = replace(template, settings=MappingProxyType(settings))
    check_settings(changed)
    return changed


def is_start(parameter: lmfit.Parameter) -> bool:
    """Tell whether the value of a parameter is one to start from."""
    return math.isfinite(parameter.value) and parameter.value > 0


def tie_of(expression: str, names: Sequence[str]) -> str | None:
    """Return an expression as a tie to one of the parameters of a circuit; None where it is none."""
    try:
        tie = parse_tie(expression)
    except TemplateError:
        return None
    return tie.text if tie.name in names else None
