"""The exchange current behind a power of the concentration, as the command law prints it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.cli.console import say, table_console
from eisfit.errors import EisfitError, InputError

if TYPE_CHECKING:
    from eisfit.laws import ExchangeCurrent, LawFit
    from eisfit.tables.wide_and_narrow import Form

LAW = "power of concentration"


def check_options(name: str, temperature_c: float | None, charge: int) -> None:
    """Refuse a temperature or charge where no exchange current is asked for.

    Raises
    ------
    InputError
        If one is given for another law.
    """
    if name != LAW and (temperature_c is not None or charge != 1):
        raise InputError(f"--temperature-c and --charge belong to {LAW!r}, not to {name!r}")


def exchange_of(
    fit: LawFit, file: Path, series: Any, temperature_c: float | None, charge: int
) -> ExchangeCurrent | None:
    """Return the exchange current behind a fit; say where there should be one and is none."""
    from eisfit.workflow.exchange_points import exchange_current_of

    try:
        return exchange_current_of(fit, file, series, temperature_c, charge)
    except EisfitError as fault:
        say(f"{fit.contribution}: {fault}" if fit.contribution else str(fault))
        return None


def print_exchange(fit: LawFit, found: ExchangeCurrent) -> None:
    """Print i0, alpha and R_SLEI, and how they are correlated."""
    table_console().print(_form(fit, found).table())


def _form(fit: LawFit, found: ExchangeCurrent) -> Form:
    from eisfit.laws.exchange_current import NAMES
    from eisfit.tables.wide_and_narrow import Column, Form
    from eisfit.tools.rounding import with_error

    units = ((1e6, "µA/cm² at 1 mol/l"), (1.0, ""), (1.0, "Ω cm²"))
    rows = []
    for k, (value, (factor, unit)) in enumerate(zip(found.values, units, strict=True)):
        low, high = (f"{factor * end:.4g}" for end in value.ci95)
        interval = f"{low} to {high}" if value.stderr == value.stderr else ""
        beside = ", ".join(f"{found.correlation[k, j]:+.2f} {NAMES[j]}" for j in range(3) if j != k)
        rows.append(
            (NAMES[k], with_error(factor * value.value, factor * value.stderr), interval, unit, beside)
        )
    headings = ("quantity", "value", "95 % interval", "unit", "correlation")
    title = (
        f"{fit.contribution or 'points'}: charge transfer at {found.temperature_c:g} °C, z = {found.charge}"
    )
    return Form(
        title, tuple(Column(h, words=h in ("quantity", "unit", "correlation")) for h in headings), rows
    )
