"""Foresee what a measurement will know, and which further one would help most."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from eisfit.errors import InputError
from eisfit.laws.ordinate import Ordinate
from eisfit.planning.from_results import of_series
from eisfit.planning.further import Allowed, further
from eisfit.planning.planned_cell import PlannedCell
from eisfit.planning.predicted import Wanted, contributions_of, predicted, straight, target_of
from eisfit.planning.same_segments import part_of
from eisfit.results.plan import ESTIMATES, Estimate, Measurement, Plan, PredictedError, ranked
from eisfit.results.series import Series
from eisfit.simulate.draws import named
from eisfit.simulate.scenario import Scenario
from eisfit.tools.nearest import did_you_mean

REFERENCES_C = (25.0, 60.0)
_AT_ONE = 1e-6  # distance of ln alpha from 0


def plan(
    cell: PlannedCell | Scenario | Series | str,
    target: str = "interface",
    *,
    complements: Sequence[PlannedCell] = (),
    share: Sequence[str] = (),
    laws: Mapping[str, str | tuple[str, Ordinate]] | None = None,
    estimate: Estimate = "joint",
    reference_c: float | None = None,
    allowed: Allowed | None = None,
) -> Plan:
    """Foresee the standard errors of a measurement, and which further measurement helps most.

    Parameters
    ----------
    cell : PlannedCell, Scenario, Series or str
        What will be measured: a cell with expected values, a scenario of `eisfit.simulate` or its name, or the
        results of a first measurement, which is planned once more.
    target : str
        What counts: a contribution, such as ``"interface"`` for its activation energy (at one temperature its
        resistance), or ``"interface R"`` for its resistance at the reference temperature.
    complements : sequence of PlannedCell
        Complementary cells at hand, each with a name and what it shares. Those that are `measured` belong to the
        measurement, the others are weighed.
    share : sequence of str
        What has one value at all temperatures in the estimate ``"shared"``: as in `fit_joint`. Default: all
        capacitances and exponents.
    laws : mapping of str to str or (str, str), optional
        Laws of the joint fit, as in `fit_joint`. Default: Arrhenius for each resistance.
    estimate : {"joint", "shared"}
        By which fit measurements are ranked.
    reference_c : float, optional
        Temperature in °C of resistances by a law. Default: 25 or 60 °C where measured, else the middle of the range.
    allowed : Allowed, optional
        Temperatures and frequencies that can be reached.

    Returns
    -------
    Plan
        All predicted errors, and the further measurements ranked.

    Raises
    ------
    InputError
        If a name is unknown, a complement shares nothing with the cell, or a geometry is missing.

    Notes
    -----
    Standard errors are those of the exact Fisher information: nothing is simulated, and derivatives are those of the
    engine. They hold where the likelihood is nearly normal; elsewhere a value is `not told`, with the reason.

    Examples
    --------
    >>> import eisfit
    >>> plan = eisfit.plan("llto_le_four_electrode", "interface")
    >>> plan.target.text
    '4.9 meV'
    >>> plan.best.kind
    'temperature error'
    """
    first = planned(cell)
    _check(first, complements, estimate)
    reference = _reference(first) if reference_c is None else reference_c
    wanted = Wanted(tuple(share), dict(laws or {}), reference)
    name, resistance = target_of(target, first)
    base = [first, *(c for c in complements if c.measured)]
    at_hand = [c for c in complements if not c.measured]
    errors = _all_errors(base, at_hand, wanted)
    before = _of_target(predicted(base, estimate, wanted), name, resistance, reference)
    at_c = before.temperature_c if before.quantity == "resistance" else reference
    measurements = []
    for text, kind, cells in further(base, at_hand, allowed or Allowed()):
        after = _of_target(predicted(cells, estimate, wanted), name, resistance, at_c)
        measurements.append(Measurement(text, kind, before, after))
    return Plan(before, tuple(errors), ranked(measurements), tuple(_remarks(first, wanted)))


def planned(cell: PlannedCell | Scenario | Series | str) -> PlannedCell:
    """Return a cell that is to be measured, from whatever says what is expected of it.

    Raises
    ------
    InputError
        If there is no such scenario, or results have no values.
    """
    if isinstance(cell, str):
        if cell.endswith(".toml"):
            raise InputError(f"{cell}: read a file by eisfit.workflow.plan_file.read_plan({cell!r}).made()")
        found = named(cell)
        return PlannedCell.of_scenario(found if isinstance(found, Scenario) else found.scenario)
    if isinstance(cell, Scenario):
        return PlannedCell.of_scenario(cell)
    if isinstance(cell, Series):
        return of_series(cell)
    if not isinstance(cell, PlannedCell):
        raise InputError(
            f"a plan is of a PlannedCell, the name of a scenario or a fitted series; this is a {type(cell).__name__}"
        )
    return cell


def _check(cell: PlannedCell, complements: Sequence[PlannedCell], estimate: str) -> None:
    """Raise InputError where complements cannot be told apart or share nothing, or an estimate is unknown."""
    if estimate not in ESTIMATES[1:]:
        raise InputError(
            f"unknown estimate {estimate!r}{did_you_mean(estimate, ESTIMATES)}; known: joint, shared"
        )
    names = [c.name for c in complements]
    for k, c in enumerate(complements):
        if not c.name or c.name in names[:k]:
            raise InputError(f"complement {k + 1} is called {c.name!r}: give each a name of its own")
        if not c.shares:
            raise InputError(
                f'complement {c.name!r} shares nothing: name segments, as shares = ["grain boundary"]'
            )
        if len(set(cell.temperatures_c)) == 1 and set(c.temperatures_c) != set(cell.temperatures_c):
            theirs = ", ".join(f"{t:g}" for t in c.temperatures_c)
            raise InputError(
                f"complement {c.name!r} is measured at {theirs} °C, the cell at {cell.temperatures_c[0]:g} °C alone: "
                "without a law over temperature both must be the same"
            )
        for segment in c.shares:
            for one in (cell, c):
                part_of(one, segment)  # raises where it has none


def _reference(cell: PlannedCell) -> float:
    low, high = min(cell.temperatures_c), max(cell.temperatures_c)
    inside = [t for t in REFERENCES_C if low <= t <= high]
    return inside[0] if inside else sorted(cell.temperatures_c)[len(cell.temperatures_c) // 2]


def _all_errors(
    base: Sequence[PlannedCell], at_hand: Sequence[PlannedCell], wanted: Wanted
) -> list[PredictedError]:
    """Return the errors of each estimate: without complements, with each, with all."""
    sets = [list(base), *([*base, c] for c in at_hand)]
    if len(at_hand) > 1:
        sets.append([*base, *at_hand])
    errors = predicted(base[:1], "lines", wanted)
    for cells, estimate in itertools.product(sets, ESTIMATES[1:]):
        errors += predicted(cells, estimate, wanted)
    return errors


def _of_target(errors: Sequence[PredictedError], name: str, resistance: bool, at_c: float) -> PredictedError:
    """Return the error of the named value; of a resistance that no law gives, that in the nearest spectrum."""
    own = [e for e in errors if e.contribution == name]
    wanted = "resistance by the law" if resistance else "activation energy"
    found = [e for e in own if e.quantity == wanted]
    if found:
        return found[0]
    if not resistance:
        raise InputError(f"{name!r} follows no Arrhenius law: rank by its resistance, as {name + ' R'!r}")
    return min(own, key=lambda e: abs(e.temperature_c - at_c))


def _remarks(cell: PlannedCell, wanted: Wanted) -> list[str]:
    """Return what is to be said of the expected cell."""
    said, several = [], len(set(cell.temperatures_c)) > 1
    if cell.temperature_err_c == 0 and several:
        said.append(
            "no temperature error given: temperatures count as exact, and laws gain more than they will"
        )
    bent = [n for n in contributions_of(cell.template) if n not in straight(cell)]
    if bent and several and not wanted.laws:
        said.append(f"{', '.join(bent)}: a sum of several energies, which no law of a joint fit follows")
    if cell.template.interface_with_electrode:
        said.append(
            "two electrodes see interface and electrode in series: which of both is the interface only a complementary "
            "cell with the same electrode tells"
        )
    alphas = [
        n for n in cell.template.circuit.names if n.endswith("alpha") and cell.rates[n].level > -_AT_ONE
    ]
    if alphas:
        said.append(
            f"{', '.join(alphas)}: at the bound of 1, which is not used: errors beside it may be smaller"
        )
    return said
