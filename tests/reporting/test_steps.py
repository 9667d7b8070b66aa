"""The steps of the contribution table: values in, values out; sentences are made last and read by nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from functools import cache
from typing import Any, get_args

import numpy as np
import pytest

import eisfit
from eisfit import Conditions, Fit, Outcome
from eisfit.cell.segments import Setting
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.posing import pose
from eisfit.engine.solver import solve
from eisfit.options import FitOptions
from eisfit.reporting import averaging, contributions, intervals, parameters, remarks
from eisfit.reporting.contributions import STEPS
from eisfit.reporting.estimate import Estimate
from eisfit.reporting.fit_report import fits_of
from eisfit.reporting.misfit import LikelyCause
from eisfit.reporting.path_values import PathValues
from eisfit.reporting.rows import Row, first_rows, with_changes, with_rows_after
from eisfit.results.contribution import Cause, Doubt, ParameterState
from eisfit.results.split import curves_of
from eisfit.uncertainty import undetected
from support.cells import GEOMETRY, TWO_ELECTRODES, le_se_faded, le_se_values, measured

SAME_TAU = le_se_values(gb=(250.0, 6e-5, 0.9), interface=(125.0, 6e-5, 0.9))
NO_INTERFACE = le_se_values(interface=(1e-6, 1e-3, 0.9))
FAR_CAPACITANCE = le_se_values(interface=(500.0, 500 * 3e-2, 1.0))


def split() -> eisfit.Spectrum:
    """Return a spectrum of a cell whose interface is an interphase and a charge transfer."""
    cell = eisfit.template("le_se_slei", electrodes=4)
    check = next(c for c in cell.checks if c.configuration == cell.configuration.name)
    return measured(cell, dict(check.values), noise=0.001)


def porous() -> eisfit.Spectrum:
    cell = eisfit.template("pe_se_porous", electrodes=4)
    check = next(c for c in cell.checks if c.configuration == cell.configuration.name)
    return measured(cell, dict(check.values), noise=0.001)


CASES: dict[str, Callable[[], tuple[eisfit.Spectrum, Any]]] = {
    "good": lambda: (measured(le_se_faded(), le_se_values()), "le_se"),
    "not separable": lambda: (measured(le_se_faded(), SAME_TAU), "le_se"),
    "not detected": lambda: (measured(le_se_faded(), NO_INTERFACE), "le_se"),
    "unexpected": lambda: (measured(le_se_faded(), FAR_CAPACITANCE), "le_se"),
    "no geometry": lambda: (
        measured(le_se_faded(), le_se_values(), conditions=Conditions(electrodes=4)),
        "le_se",
    ),
    "split": lambda: (split(), eisfit.template("le_se_slei", electrodes=4)),
    "porous": lambda: (porous(), eisfit.template("pe_se_porous", electrodes=4)),
    "at bound": lambda: (
        measured(le_se_faded(), le_se_values()),
        eisfit.template("le_se", electrodes=4).setting({"Zarc_int_alpha": Setting(low=0.5, high=0.898)}),
    ),
}


def fitted(case: str) -> Fit:
    spectrum, template = CASES[case]()
    return eisfit.fit(spectrum, template)


fitted_once = cache(fitted)


def estimate(values: dict[str, float]) -> Estimate:
    """Return the estimate at the minimum next to the truth."""
    problem = pose([measured(le_se_faded(), values)], le_se_faded(), "modulus")
    x = np.log([[values[name] for name in problem.names]])
    found = solve(problem, np.clip(x, problem.lower, problem.upper), np.arange(1))
    return Estimate.from_solution(problem, found)


def row(**changes: Any) -> Row:
    plain = Row(0, (0,), "segment", "bulk", "bulk", 1, 10.0, np.array([10.0, 0.0]), 0.1)
    return replace(plain, **changes)


# rows are values


def test_rows_that_are_equal_up_to_their_arrays_are_told_apart() -> None:
    first, second = row(), row(gradient=np.array([0.0, 10.0]))
    rows = (first, second)
    assert first != second
    assert rows.index(second) == 1
    assert second not in (first,)
    new = replace(second, resolved="no")
    assert with_changes(rows, {second: new}) == (first, new)
    assert with_rows_after(rows, {first: new}) == (first, new, second)


def test_a_row_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        row().resolved = "no"  # type: ignore[misc]


@pytest.mark.parametrize(
    "values", [le_se_values(), SAME_TAU, NO_INTERFACE], ids=["good", "sum", "undetected"]
)
def test_a_step_leaves_the_rows_that_it_is_given(values: dict[str, float]) -> None:
    path = PathValues(estimate(values))
    rows = first_rows(path)
    for step in STEPS:
        before = [(repr(r), r.gradient.tobytes()) for r in rows]
        after = step(path, rows)
        assert [(repr(r), r.gradient.tobytes()) for r in rows] == before, step.__name__
        assert {r.spectrum for r in after} == {0}
        rows = after


def test_nothing_is_solved_before_the_first_step(monkeypatch: pytest.MonkeyPatch) -> None:
    found = estimate(NO_INTERFACE)

    def forbidden(*_: object, **__: object) -> Solution:
        raise AssertionError("a batch was solved")

    monkeypatch.setattr(undetected, "solve", forbidden)
    path = PathValues(found)
    assert first_rows(path)
    with pytest.raises(AssertionError, match="a batch was solved"):
        averaging.average(path, first_rows(path))


def test_steps_of_many_spectra_do_not_depend_on_each_other() -> None:
    spectra = [measured(le_se_faded(), v, label=f"{k}") for k, v in enumerate((le_se_values(), SAME_TAU))]
    cell = le_se_faded()
    truth = [[v[name] for name in cell.circuit.names] for v in (le_se_values(), SAME_TAU)]
    problem = pose(spectra, cell, "modulus")
    together = fits_of(
        Estimate.from_solution(problem, solve(problem, np.log(truth), np.arange(2))), spectra, FitOptions()
    )
    for k, spectrum in enumerate(spectra):
        problem = pose([spectrum], cell, "modulus")
        found = Estimate.from_solution(problem, solve(problem, np.log(truth[k : k + 1]), np.arange(1)))
        (alone,) = fits_of(found, [spectrum], FitOptions())
        words = [(c.name, c.resolved, c.cause, c.doubts, c.segments) for c in alone.contributions]
        assert [
            (c.name, c.resolved, c.cause, c.doubts, c.segments) for c in together[k].contributions
        ] == words


# decisions are values


@pytest.mark.parametrize("case", CASES)
def test_a_changed_sentence_changes_no_decision(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fitted_once(case)
    monkeypatch.setattr(remarks, "CAUSES", dict.fromkeys(get_args(Cause), "rests; arc lies above the window"))
    monkeypatch.setattr(remarks, "DOUBTS", dict.fromkeys(get_args(Doubt), Outcome.NOT_SEPARABLE.value))
    monkeypatch.setattr(
        parameters, "parameter_note", lambda *_: "rests on its lower bound 1; fixed; not detected"
    )
    after = fitted(case)
    assert after.outcome is before.outcome
    assert after.remarks == before.remarks
    for old, new in zip(before.contributions, after.contributions, strict=True):
        assert new.note != old.note or not new.note
        assert replace(new, note=old.note) == old
    for a, b in zip(before.parameters, after.parameters, strict=True):
        assert replace(b, note=a.note) == a
    assert [c.name for c in curves_of(after)] == [c.name for c in curves_of(before)]
    assert (
        eisfit.bootstrap(after, samples=3).contributions == eisfit.bootstrap(before, samples=3).contributions
    )
    free = next(p.name for p in after.parameters if p.state == "free")
    assert eisfit.profile(after, free).name == free


def test_the_cases_end_as_they_are_named() -> None:
    assert fitted_once("good").outcome is Outcome.GOOD
    assert fitted_once("not separable").outcome is Outcome.NOT_SEPARABLE
    assert fitted_once("not separable")["grain boundary + interface"].cause == "not separable"
    assert fitted_once("not separable")["interface"].cause == "in sum"
    assert fitted_once("not detected")["interface"].cause == "not detected"
    assert fitted_once("unexpected").outcome is Outcome.UNEXPECTED
    assert any(c.role == "unassigned" for c in fitted_once("unexpected").contributions)
    assert fitted_once("no geometry").remarks == (remarks.NO_AREA,)
    states = {p.name: p.state for p in fitted_once("at bound").parameters}
    assert states["Zarc_int_alpha"] == "upper bound"


def test_a_contribution_knows_its_segments() -> None:
    shared = fitted_once("not separable")
    made_of = {c.name: (c.kind, c.segments) for c in shared.contributions}
    assert made_of == {
        "liquid + bulk": ("sum", ("liquid + bulk",)),
        "grain boundary": ("segment", ("grain boundary",)),
        "interface": ("segment", ("interface",)),
        "grain boundary + interface": ("sum", ("grain boundary", "interface")),
    }
    both = fitted_once("split")
    assert both["interface"].kind == "total"
    assert both["interface"].segments == ("interphase", "charge transfer")
    assert both["interphase"].doubts == ("topology",)
    lined = fitted_once("porous")
    assert (lined["interface"].kind, lined["interface"].cause) == ("wall", "wall")
    assert lined["interface"].segments == lined["pore"].segments == ("pore",)


@pytest.mark.parametrize("case", CASES)
def test_segments_are_those_of_the_template(case: str) -> None:
    fit = fitted_once(case)
    names = [s.segment.name for s in fit.template.path]
    alone = [name for c in fit.contributions if c.kind == "segment" for name in c.segments]
    sums = {name for c in fit.contributions if c.kind == "sum" for name in c.segments}
    assert set(alone) | sums == set(names)
    assert len(alone) == len(set(alone))
    for c in fit.contributions:
        assert c.segments == tuple(name for name in names if name in c.segments)


def test_two_electrodes_in_series_with_an_interface_are_one_sum() -> None:
    cell = eisfit.template("le_se", electrodes=2).with_arcs_as_resistors(("bulk",))
    values = le_se_values() | {"Zarc_el_R": 40.0, "Zarc_el_tau": 8e-4, "Zarc_el_alpha": 0.85}
    both = eisfit.fit(measured(cell, values, conditions=TWO_ELECTRODES), "le_se")["interface + electrode"]
    assert (both.kind, both.cause) == ("sum", "reversible electrodes")
    assert both.segments == ("interface", "electrode")


def test_parameters_of_an_undetected_segment_say_so() -> None:
    fit = fitted_once("not detected")
    states = {p.name: p.state for p in fit.parameters}
    assert {s for name, s in states.items() if name.startswith("Zarc_int")} == {"not detected"}
    assert states["R_le_b"] == "free"
    again = Estimate.from_fit(fit)
    assert [
        s.segment.name for s, lost in zip(fit.template.path, again.undetected[0], strict=True) if lost
    ] == ["interface"]


def test_an_estimate_from_a_fit_is_that_of_the_solver() -> None:
    solved = estimate(le_se_values())
    spectrum = measured(le_se_faded(), le_se_values())
    (fit,) = fits_of(solved, [spectrum], FitOptions())
    again = Estimate.from_fit(fit)
    np.testing.assert_allclose(again.x, solved.x, rtol=1e-12)
    np.testing.assert_allclose(again.cost, solved.cost, rtol=1e-9)
    np.testing.assert_allclose(
        again.confidence.covariance_log, solved.confidence.covariance_log, rtol=1e-6, equal_nan=True
    )
    assert again.converged.tolist() == solved.converged.tolist() == [True]
    assert not again.held.any()


# sentences


def test_every_word_has_a_sentence() -> None:
    assert tuple(remarks.CAUSES) == get_args(Cause)
    assert tuple(remarks.DOUBTS) == get_args(Doubt)
    assert set(remarks.MISFITS) == set(get_args(LikelyCause))
    assert remarks.CAUSES["not separable"] == Outcome.NOT_SEPARABLE.value


@pytest.mark.parametrize(
    ("state", "upper", "limit", "note"),
    [
        ("free", False, np.nan, ""),
        ("fixed", False, np.nan, "fixed"),
        ("not detected", False, np.nan, "not detected"),
        ("upper bound", True, 0.7, "rests on its upper bound 0.8; above 0.7 (95 %)"),
        ("lower bound", False, 0.9, "rests on its lower bound 0.8; below 0.9 (95 %)"),
        ("lower bound", False, np.nan, "rests on its lower bound 0.8; the data allow its whole range"),
        ("physical limit", True, 0.7, "rests on its upper bound 0.8, a physical limit; above 0.7 (95 %)"),
        ("physical limit", False, 0.9, "rests at 0, a physical limit; below 0.9 (95 %)"),
    ],
)
def test_the_note_of_a_parameter(state: ParameterState, upper: bool, limit: float, note: str) -> None:
    assert remarks.parameter_note(state, upper, 0.8, limit) == note


def test_doubts_follow_the_cause() -> None:
    both = fitted_once("split")["interphase"]
    assert both.note.endswith("the split depends on topology")
    total = fitted_once("split")["interface"]
    assert total.note == "total of the split interface, whatever its topology"


def test_the_table_is_made_by_its_list_of_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    found = estimate(NO_INTERFACE)
    without = tuple(step for step in STEPS if step is not intervals.add_limits)
    monkeypatch.setattr(contributions, "STEPS", without)
    (rows,) = contributions.contributions(found, [GEOMETRY])
    assert np.isnan(next(c.limit_ohm for c in rows if c.name == "interface"))
