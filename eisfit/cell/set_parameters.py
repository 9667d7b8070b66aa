"""Which parameters are not left to the data: fixed, tied, or kept within a range that no shipped template has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eisfit.cell.templates import Template


def set_parameters(template: Template) -> tuple[str, ...]:
    """Return the names of the parameters that are fixed, tied or given a range of their own.

    The lower bounds that templates give exponents do not count.

    Parameters
    ----------
    template : Template
        With its settings.

    Examples
    --------
    >>> import eisfit
    >>> set_parameters(eisfit.template("le_se", electrodes=4).setting({"R_le": 20.0}))
    ('R_le',)
    """
    found = []
    for parameter in template.circuit.parameters:
        setting = template.settings.get(parameter.name)
        if setting is None:
            continue
        quantity = parameter.quantity
        narrowed = setting.high is not None and setting.high < quantity.upper
        raised = setting.low is not None and setting.low > 0 and not quantity.is_exponent
        held = setting.fixed is not None or setting.each is not None or setting.tie is not None
        if held or narrowed or raised:
            found.append(parameter.name)
    return tuple(found)
