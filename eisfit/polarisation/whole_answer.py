"""All that dc data of one cell tell: steady states, drops, charge transfer, both directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from eisfit.errors import InputError
from eisfit.polarisation.at_rest import less_rest
from eisfit.polarisation.both_directions import DirectionTest, directions
from eisfit.polarisation.dc_data import DcData
from eisfit.polarisation.drops_at_faces import InterfaceCurve, interface_curve
from eisfit.polarisation.interface_fit import PARAMETERS, InterfaceFit, fit_interface
from eisfit.polarisation.steady import SteadyStates, steady_states
from eisfit.spectrum.findings import Finding
from eisfit.tools.frozen import Value


@dataclass(frozen=True, eq=False)
class DcAnswer(Value):
    """What dc data of one cell tell.

    Parameters
    ----------
    states : tuple of SteadyStates
        One for each record.
    curve : InterfaceCurve
        Current density and drop at the interface.
    fit : InterfaceFit or None
        Charge transfer and interphase.
    directions : DirectionTest or None
        Desolvation against solvation.
    unanswered : tuple of str
        Why the fit or the test is missing.
    """

    states: tuple[SteadyStates, ...]
    curve: InterfaceCurve
    fit: InterfaceFit | None
    directions: DirectionTest | None
    unanswered: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What must be known beside the values."""
        of_states = tuple(f for each in self.states for f in each.data.findings)
        return (*of_states, *(self.fit.findings if self.fit else ()))


def answer(
    data: DcData | Sequence[DcData],
    *,
    window: float = 0.2,
    subtract_rest: bool = False,
    series_ohm: float | None = None,
    series_stderr_ohm: float = 0.0,
    twin: DcData | None = None,
    charge: int = 1,
    alpha: float | None = None,
    r_slei_ohm_cm2: float | None = None,
) -> DcAnswer:
    """Return all that dc data of one cell at one temperature tell.

    Parameters
    ----------
    data : DcData or sequence of DcData
        Records over time, or steady states; several are joined.
    window : float
        Part of each step, at its end, over which is averaged.
    subtract_rest : bool
        Whether potentials are counted from those of the states without current, see `less_rest`.
    series_ohm, series_stderr_ohm : float, optional
        What is in series with the interface in a cell without positions of probes, with its standard error.
    twin : DcData, optional
        The cell without the solid, whose drop is subtracted for the test of both directions.
    charge : int
        Charge number of the ion.
    alpha, r_slei_ohm_cm2 : float, optional
        Fixes the parameter.

    Raises
    ------
    InputError
        If there is no curve: area, temperature or positions are missing, steps cannot be told apart.
    """
    several = [data] if isinstance(data, DcData) else list(data)
    states = tuple(steady_states(each, window=window) for each in several)
    if subtract_rest:
        states = tuple(replace(each, data=less_rest(each.data)) for each in states)
    series = 0.0 if series_ohm is None and twin is not None else series_ohm
    curve = interface_curve([s.data for s in states], series_ohm=series, series_stderr_ohm=series_stderr_ohm)
    missing = []
    found, test = None, None
    if twin is None:
        try:
            found = fit_interface(curve, charge=charge, alpha=alpha, r_slei_ohm_cm2=r_slei_ohm_cm2)
        except InputError as fault:
            missing.append(f"no fit: {fault}")
    else:
        missing.append(
            "no fit: its points hold the electrodes; the twin is subtracted from the resistances alone"
        )
    try:
        test = directions(curve, twin=_twin_curve(twin, window))
    except InputError as fault:
        missing.append(f"no test of both directions: {fault}")
    return DcAnswer(states, curve, found, test, tuple(missing))


def _twin_curve(twin: DcData | None, window: float) -> InterfaceCurve | None:
    return None if twin is None else interface_curve(steady_states(twin, window=window).data, series_ohm=0.0)


def value_rows(found: DcAnswer) -> list[dict[str, Any]]:
    """Return the values of an answer with errors and intervals, one row each."""
    rows: list[dict[str, Any]] = []
    if found.fit is not None:
        fit, law = found.fit, found.fit.law
        values = (law.i0_a_per_cm2, law.alpha, law.r_slei_ohm_cm2)
        for name, value in zip(PARAMETERS, values, strict=True):
            free = name in fit.free
            if free and not fit.determined:
                continue
            low, high = fit.ci95[name] if free else (None, None)
            stderr = fit.stderr[name] if free else None
            rows.append(
                {
                    "quantity": name,
                    "value": value,
                    "stderr": stderr,
                    "ci95_low": low,
                    "ci95_high": high,
                    "fixed": not free,
                }
            )
        value, stderr = fit.r_p_ohm_cm2
        reach = fit.quantile * stderr
        rows.append(_row("r_p_ohm_cm2", value, stderr, (value - reach, value + reach)))
    if (test := found.directions) is not None:
        rows.append(_row("desolvation_ohm_cm2", test.desolvation_ohm_cm2, test.desolvation_stderr, None))
        rows.append(_row("solvation_ohm_cm2", test.solvation_ohm_cm2, test.solvation_stderr, None))
        rows.append(_row("desolvation_over_solvation", test.ratio, test.ratio_stderr, test.ratio_ci95))
    return rows


def _row(name: str, value: float, stderr: float, ci95: tuple[float, float] | None) -> dict[str, Any]:
    low, high = ci95 or (None, None)
    return {
        "quantity": name,
        "value": value,
        "stderr": stderr,
        "ci95_low": low,
        "ci95_high": high,
        "fixed": False,
    }


def point_rows(found: DcAnswer) -> list[dict[str, Any]]:
    """Return the points of an answer, as they are fitted and drawn, one row each."""
    curve = found.curve
    columns = {
        "current_a_per_cm2": curve.current_a_per_cm2,
        "current_stderr_a_per_cm2": curve.current_stderr_a_per_cm2,
        "drop_v": curve.drop_v,
        "drop_stderr_v": curve.drop_stderr_v,
    }
    rows = []
    for k in range(curve.drop_v.size):
        row: dict[str, Any] = {"face": curve.faces[k] if curve.faces else ""}
        row |= {name: float(values[k]) for name, values in columns.items()}
        row["fitted_drop_v"] = float(found.fit.law.drop_v(curve.current_a_per_cm2[k])) if found.fit else None
        rows.append(row)
    return rows
