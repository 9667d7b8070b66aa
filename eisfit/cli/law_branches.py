"""Heating against cooling, as the command law prints it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.cli.app import DONE, SOME_FAILED
from eisfit.cli.console import say, table_console
from eisfit.errors import InputError

if TYPE_CHECKING:
    from eisfit.laws import HeatingCooling, LawFit
    from eisfit.tables.wide_and_narrow import Form


def refuse_others(name: str, against: bool, permittivity: bool) -> None:
    """Refuse options that belong to other laws.

    Raises
    ------
    InputError
        If one is given.
    """
    if against or permittivity:
        raise InputError(f"{name} has no rivals and no permittivity: leave --against and --permittivity out")


def print_branches(
    file: Path, series: Any, contributions: Sequence[str], ordinate: str | None, as_json: bool
) -> int:
    """Print the comparison of heating with cooling for each contribution; return the exit code."""
    from eisfit.workflow.branch_points import (
        HEATING_COOLING,
        branch_data,
        branch_sentence,
        branches_of_series,
        branches_of_table,
    )
    from eisfit.workflow.number_table import number_table

    if series is None:
        answer = branches_of_table(number_table(file), contributions, ordinate)
    else:
        answer = branches_of_series(series, contributions, ordinate, file)
    if as_json:
        rows = [branch_data(name, found) for name, (_, found) in answer.found.items()]
        print(json.dumps({"law": HEATING_COOLING, "remark": answer.remark, "contributions": rows}, indent=1))
    for name, (fit, found) in answer.found.items():
        if not as_json:
            table_console().print(_form(name, fit, found).table())
        say(f"{name}: {branch_sentence(found)}" if name else branch_sentence(found))
    if answer.found:
        say(answer.remark)
    for text in answer.failed:
        say(text)
    return SOME_FAILED if answer.failed else DONE


def _form(name: str, fit: LawFit, found: HeatingCooling) -> Form:
    from eisfit.tables.wide_and_narrow import Column, Form
    from eisfit.tools.rounding import with_error

    rows = [
        (
            branch,
            str(int(line.used.sum())),
            with_error(line.activation_energy_ev, line.activation_energy_stderr_ev),
        )
        for branch, line in (("heating", found.heating), ("cooling", found.cooling))
    ]
    common = with_error(found.energies.slope, found.energies.slope_stderr)
    rows.append(("both, one energy", str(int(fit.used.sum())), common))
    columns = (Column("branch", words=True), Column("points"), Column("Eₐ / eV"))
    return Form(f"{name or 'points'}: heating against cooling in {fit.ordinate}", columns, rows)
