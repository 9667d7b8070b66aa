"""Through lmfit the same minimum is found, and its Parameters come in and go out."""

from __future__ import annotations

from dataclasses import replace

import lmfit
import numpy as np
import pytest

import eisfit
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.engine.posing import pose
from eisfit.engine.solver import solve
from eisfit.errors import FitError, TemplateError
from eisfit.interop.lmfit import fit_lmfit, parameters, with_parameters
from support.cells import grid, le_se_faded, le_se_values, measured, noisy
from support.circuits import SEEN, TWO_ARCS, TWO_ARCS_VALUES, plausible


def two_arcs(noise: float = 0.003, seed: int = 1) -> tuple[Template, eisfit.Spectrum]:
    t = Template.from_circuit(TWO_ARCS)
    f = grid()
    return t, eisfit.Spectrum(
        f, noisy(t.circuit.impedance(f, TWO_ARCS_VALUES), noise, seed), label="two arcs"
    )


@pytest.mark.parametrize(("name", "electrodes"), SEEN, ids=[f"{n} {e}" for n, e in SEEN])
def test_both_solvers_find_the_same_minimum(name: str, electrodes: int) -> None:
    t = eisfit.template(name, electrodes=electrodes)
    t = t.with_counts({count.name: count.least + 1 for count in t.counts})
    f = grid(1e8, 1e-3, 8)
    truth = plausible(t, f.min(), f.max())
    values = dict(zip(t.circuit.names, truth, strict=True))
    t = t.setting({given: float(values[given]) for given, _ in t.given})
    spectrum = eisfit.Spectrum(f, noisy(t.circuit.impedance(f, truth), 0.003, 3), label=name)
    problem = pose([spectrum], t)
    ours = solve(problem, np.log(truth)[None], np.array([0]))
    start = parameters(t)
    for p, value in zip(t.circuit.parameters, truth, strict=True):
        start[p.name].value = value
    theirs = fit_lmfit(spectrum, t, start)
    on_bound = np.any(((ours.x <= problem.lower + 1e-9) | (ours.x >= problem.upper - 1e-9)) & ~problem.fixed)
    assert theirs.cost == pytest.approx(ours.cost[0], rel=1e-4 if on_bound else 1e-6)
    if not on_bound:
        sigma = np.sqrt(np.diagonal(theirs.covariance_log))
        difference = np.log(list(theirs.values.values())) - ours.x[0]
        free = ~problem.fixed
        assert np.all(np.abs(difference[free]) < 1e-3 * sigma[free])


def test_values_and_errors_are_those_of_a_fit() -> None:
    t = le_se_faded()
    spectrum = measured(t, le_se_values(gb=(250.0, 2.5e-6, 0.92)), seed=2)
    ours, theirs = eisfit.fit(spectrum, t), fit_lmfit(spectrum, t)
    for p in ours.parameters:
        assert theirs.values[p.name] == pytest.approx(p.value, abs=1e-3 * p.stderr)
        assert theirs.stderr[p.name] == pytest.approx(p.stderr, rel=1e-4)
        assert theirs.params[p.name].stderr == theirs.stderr[p.name]
    np.testing.assert_allclose(theirs.impedance(), ours.impedance(), rtol=1e-6)


def test_on_a_bound_the_cost_agrees_and_no_error_is_given() -> None:
    t = le_se_faded()
    for seed in range(6):
        spectrum = measured(t, le_se_values(gb=(250.0, 2.5e-6, 1.0)), seed=seed)
        problem = pose([spectrum], t)
        ours = solve(problem, np.log(list(le_se_values().values()))[None], np.array([0]))
        theirs = fit_lmfit(spectrum, t)
        assert theirs.cost == pytest.approx(ours.cost[0], rel=1e-4)
        if np.exp(ours.x[0, 3]) == 1.0:
            assert theirs.values["Zarc_gb_alpha"] == pytest.approx(1.0, abs=1e-6)
            assert np.isnan(theirs.stderr["Zarc_gb_alpha"])
            assert theirs.params["Zarc_gb_alpha"].stderr is None
            assert np.isfinite(theirs.stderr["Zarc_gb_R"])
            return
    pytest.fail("no seed put the exponent on its bound")


def test_picofarads_come_out_exact() -> None:
    f = grid(1e7, 0.1)
    t = Template.from_circuit("p(R1,C1)")
    spectrum = eisfit.Spectrum(f, t.circuit.impedance(f, [1e6, 1e-11]))
    start = parameters(t)
    start["R1"].value, start["C1"].value = 3e6, 3e-11
    for params in (start, None):
        found = fit_lmfit(spectrum, t, params)
        assert found.values["R1"] == pytest.approx(1e6, rel=1e-8)
        assert found.values["C1"] == pytest.approx(1e-11, rel=1e-8)


def test_an_expression_ties_parameters() -> None:
    t, spectrum = two_arcs()
    params = parameters(t)
    params["R2"].expr = "3 * R1"
    tied = fit_lmfit(spectrum, t, params)
    assert tied.values["R2"] == pytest.approx(3 * tied.values["R1"], rel=1e-12)
    assert tied.stderr["R2"] == pytest.approx(3 * tied.stderr["R1"], rel=1e-6)
    free = fit_lmfit(spectrum, t)
    assert free.cost <= tied.cost
    assert tied.values["R1"] == pytest.approx(100.0, abs=4 * tied.stderr["R1"])
    assert tied.stderr["R1"] < free.stderr["R1"]


def test_an_expression_may_name_a_parameter_that_the_circuit_has_not() -> None:
    t, spectrum = two_arcs()
    params = parameters(t)
    params.add("total", value=420.0, min=0.0)
    params["R2"].expr = "total - R1 - R0"
    tied, free = fit_lmfit(spectrum, t, params), fit_lmfit(spectrum, t)
    assert tied.cost == pytest.approx(free.cost, rel=1e-9)
    assert tied.params["total"].value == pytest.approx(
        sum(free.values[n] for n in ("R0", "R1", "R2")), rel=1e-6
    )
    for name in t.circuit.names:
        assert tied.stderr[name] == pytest.approx(free.stderr[name], rel=1e-4)


def test_the_derivatives_with_expressions_are_those_of_finite_differences() -> None:
    t, spectrum = two_arcs()
    params = parameters(t)
    params["R2"].expr = "R1**1.2 + R0"
    found = fit_lmfit(spectrum, t, params)
    inner = found.result.params.copy()
    exact = found.minimizer.jacfcn(inner)
    for j, name in enumerate(found.result.var_names):
        ends = []
        for step in (-1e-5, 1e-5):
            moved = inner.copy()
            moved[name].value += step
            moved.update_constraints()
            ends.append(found.minimizer.userfcn(moved))
        numeric = (ends[1] - ends[0]) / 2e-5
        np.testing.assert_allclose(exact[:, j], numeric, atol=1e-7 * np.abs(numeric).max())


def test_vary_and_bounds_are_kept() -> None:
    t, spectrum = two_arcs()
    params = parameters(t)
    params["R0"].set(value=20.0, vary=False)
    params["R2"].set(min=305.0, max=400.0)
    found = fit_lmfit(spectrum, t, params)
    assert found.values["R0"] == 20.0
    assert found.values["R2"] == pytest.approx(305.0, rel=1e-4)
    assert np.isnan([found.stderr["R0"], found.stderr["R2"]]).all()
    assert found.params["R0"].stderr is None  # lmfit would say 0


def test_parameters_of_a_fit_carry_values_errors_and_units_of_the_template() -> None:
    t, spectrum = two_arcs()
    fitted = eisfit.fit(spectrum, t.setting({"C1": Setting(fixed=1e-8), "R1": Setting(low=1.0, high=1e3)}))
    made = parameters(fitted)
    assert list(made) == list(t.circuit.names)
    assert not made["C1"].vary
    assert made["C1"].stderr is None
    assert (made["R1"].min, made["R1"].max) == (1.0, 1e3)
    for p in fitted.parameters:
        assert made[p.name].value == p.value
        if p.name != "C1":
            assert made[p.name].stderr == p.stderr
    again = fit_lmfit(spectrum, fitted.template, made)
    assert again.result.nfev <= 5
    assert again.values["R2"] == pytest.approx(fitted.values["R2"], rel=1e-7)


def test_a_part_that_is_not_seen_stays_out() -> None:
    t = le_se_faded()
    fitted = eisfit.fit(measured(t, {**le_se_values(), "Zarc_int_R": 1e-9}, seed=1), t)
    undetected = ("Zarc_int_R", "Zarc_int_tau", "Zarc_int_alpha")
    parts = tuple(replace(p, value=np.nan) if p.name in undetected else p for p in fitted.parameters)
    made = parameters(replace(fitted, parameters=parts))
    assert [name for name, p in made.items() if not p.vary] == list(undetected)
    again = fit_lmfit(fitted.spectrum, fitted.template, made)
    alone = fit_lmfit(fitted.spectrum, "R0-Zarc1")
    assert again.cost == pytest.approx(alone.cost, rel=1e-6)


def test_a_template_takes_parameters_back() -> None:
    t, spectrum = two_arcs()
    params = parameters(t)
    params["R0"].set(value=20.0, vary=False)
    params["R2"].set(value=250.0, min=200.0, max=400.0)
    back = with_parameters(t, params)
    assert back.settings["R0"].fixed == 20.0
    assert back.settings["R2"] == Setting(start=250.0, low=200.0, high=400.0)
    for name, p in parameters(back).items():
        assert (p.value, p.min, p.max, p.vary) == tuple(
            getattr(params[name], a) for a in ("value", "min", "max", "vary")
        )
    assert eisfit.fit(spectrum, back).values["R0"] == 20.0


def test_profile_intervals_are_those_of_the_covariance_where_the_problem_is_linear() -> None:
    t, spectrum = two_arcs()
    found = fit_lmfit(spectrum, t)
    ends = found.conf_interval(["R1", "C2"], sigmas=[1.0])
    for name in ("R1", "C2"):
        (p_low, low), (zero, best), (p_high, high) = ends[name]
        assert zero == 0.0
        assert best == pytest.approx(found.values[name], rel=1e-15, abs=0.0)  # a logarithm there and back
        assert p_low == p_high == pytest.approx(0.6827, abs=1e-4)
        assert (high - low) / 2 == pytest.approx(found.stderr[name], rel=0.03)


def test_a_profile_counts_parameters_on_their_bounds_as_free_to_leave_them() -> None:
    t, spectrum = two_arcs()
    params = parameters(t)
    params["R2"].set(min=305.0, max=400.0)
    found = fit_lmfit(spectrum, t, params)
    with pytest.raises(FitError, match="'R2' has no interval"):
        found.conf_interval(["R2"])
    (_, low), _, (_, high) = found.conf_interval(["R1"], sigmas=[1.0])["R1"]
    assert low < found.values["R1"] < high


def test_noise_free_data_give_no_warning() -> None:
    t, spectrum = two_arcs(noise=0.0)
    found = fit_lmfit(spectrum, t)
    np.testing.assert_allclose(list(found.values.values()), TWO_ARCS_VALUES, rtol=1e-8)
    assert found.converged


def test_given_sigmas_have_a_scale() -> None:
    t, spectrum = two_arcs()
    sigma = 0.003 * np.abs(spectrum.z_ohm)
    once, twice = (fit_lmfit(spectrum, t, weights=k * sigma) for k in (1, 2))
    assert twice.stderr["R1"] == pytest.approx(2 * once.stderr["R1"], rel=1e-3)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda p: p.pop("R2"), "params: 'R2' is missing"),
        (lambda p: p.add("scale", value=0.0, min=0.0), "'scale' is no parameter of the circuit"),
    ],
)
def test_wrong_parameters_are_refused(change: object, sentence: str) -> None:
    t, spectrum = two_arcs()
    params = parameters(t)
    change(params)  # type: ignore[operator]
    with pytest.raises(FitError, match=sentence):
        fit_lmfit(spectrum, t, params)


def test_a_value_outside_the_physical_range_is_refused() -> None:
    t = Template.from_circuit("R0-p(R1,CPE1)")
    params = parameters(t)
    params["CPE1_alpha"].set(value=1.2, vary=False, max=2.0)
    with pytest.raises(TemplateError, match="outside its range"):
        with_parameters(t, params)


def test_a_template_takes_no_expression() -> None:
    t, _ = two_arcs()
    params = parameters(t)
    params["R2"].expr = "2 * R1 + R0"
    with pytest.raises(FitError, match=r"R2 = 2 \* R1 \+ R0: a template holds no expressions"):
        with_parameters(t, params)


def test_a_template_takes_an_expression_that_is_a_tie_and_gives_it_back() -> None:
    t, _ = two_arcs()
    params = parameters(t)
    params["R2"].expr = "2 * R1"
    back = with_parameters(t, params)
    assert back.settings["R2"] == Setting(tie="2*R1")
    assert parameters(back)["R2"].expr == "2*R1"


def test_nothing_given_is_changed() -> None:
    t, spectrum = two_arcs()
    params = parameters(t)
    before = [(p.name, p.value, p.min, p.max, p.vary, p.expr, p.stderr) for p in params.values()]
    fit_lmfit(spectrum, t, params)
    assert [(p.name, p.value, p.min, p.max, p.vary, p.expr, p.stderr) for p in params.values()] == before


def test_sampling_agrees_with_the_errors() -> None:
    pytest.importorskip("emcee")
    t, spectrum = two_arcs()
    found = fit_lmfit(spectrum, t)
    samples = found.emcee(steps=200, burn=60, nwalkers=24, seed=1)
    for name in t.circuit.names:
        assert samples[name].mean() == pytest.approx(found.values[name], abs=found.stderr[name])
        assert samples[name].std() == pytest.approx(found.stderr[name], rel=0.4)


def test_samples_keep_expressions() -> None:
    pytest.importorskip("emcee")
    t, spectrum = two_arcs()
    params = parameters(t)
    params["R2"].expr = "3 * R1"
    samples = fit_lmfit(spectrum, t, params).emcee(steps=20, seed=1)
    np.testing.assert_allclose(samples["R2"], 3 * samples["R1"])


def test_without_emcee_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    t, spectrum = two_arcs()
    with pytest.raises(FitError, match="pip install emcee"):
        fit_lmfit(spectrum, t).emcee()


def test_lmfit_itself_takes_the_parameters() -> None:
    made = parameters(eisfit.template("le_se", electrodes=4))
    assert isinstance(made, lmfit.Parameters)
    made.add("total", expr="R_le + Zarc_b_R")
    assert made["total"].value == made["R_le"].value + made["Zarc_b_R"].value
