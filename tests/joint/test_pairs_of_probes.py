"""Several pairs of voltage probes on one cell: left and right interface apart, one temperature or many, bad input."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit.engine.joint import JointProblem
from eisfit.errors import EisfitError, FitError, SeriesError
from eisfit.fitting import joint as fitting
from eisfit.joint.minimum import best_joint
from eisfit.results.joint import Joint
from support.eight_electrodes import (
    AREA_CM2,
    LEFT_OHM,
    PAIRS,
    RIGHT_OHM,
    STATED_CM,
    TRUE_EV,
    eight_electrodes,
)

INTERFACES = {"interface left": ("Zarc_left_R", LEFT_OHM), "interface right": ("Zarc_right_R", RIGHT_OHM)}


def at_25c(seed: int, **changes: Any) -> list[eisfit.Spectrum]:
    return eight_electrodes(seed, temperatures=(25,), off_k=0.0, **changes)


def fitted(spectra: list[eisfit.Spectrum], **links: Any) -> tuple[eisfit.Series, Joint]:
    series = eisfit.fit_joint(spectra, "le_se_eight", **links)
    assert series.joint is not None
    return series, series.joint


def values_of(joint: Joint, pair: str) -> dict[str, tuple[float, float]]:
    """Return values and relative errors of the parameters of the first spectrum of a pair."""
    row = next(k for k, label in enumerate(joint.labels) if label.startswith(pair))
    return {p.name: (p.value, p.stderr_log) for p in joint.parameters[row]}


@pytest.fixture(scope="module")
def over_temperature() -> eisfit.Series:
    """Return the joint fit of all four pairs at five temperatures."""
    return fitted(eight_electrodes(3))[0]


def test_each_pair_by_itself_shows_what_lies_between_its_probes(over_temperature: eisfit.Series) -> None:
    seen = {pair: over_temperature[f"{pair}_30C"] for pair in PAIRS}
    names = {pair: {c.name for c in fit.contributions if np.isfinite(c.value)} for pair, fit in seen.items()}
    assert "interface left" in names["L2-S1"]
    assert "interface right" in names["S2-R1"]
    assert not any("interface" in name for name in names["S1-S2"])
    assert "interface left + interface right" in names["L2-R1"]
    assert seen["S1-S2"]["grain boundary"].count == pytest.approx(0.4)


def test_the_view_of_four_electrodes_is_the_sum_of_both_interfaces(over_temperature: eisfit.Series) -> None:
    for t in (0, 30, 60):
        left = over_temperature[f"L2-S1_{t}C"]["interface left"]
        right = over_temperature[f"S2-R1_{t}C"]["interface right"]
        both = over_temperature[f"L2-R1_{t}C"]["interface left + interface right"]
        error = np.hypot(np.hypot(left.stderr, right.stderr), both.stderr)
        assert abs(left.value + right.value - both.value) < 3.5 * error


def test_left_and_right_come_out_apart_with_their_energies(over_temperature: eisfit.Series) -> None:
    joint = over_temperature.joint
    assert joint is not None
    assert not any(t.rejected for t in joint.tests)
    for name, true in TRUE_EV.items():
        energy = joint.law(name)["E"]
        assert abs(energy.value - true) < 3.5 * energy.stderr
        assert energy.stderr < 0.006
    asr = {name: next(r for r in joint.law(name).references if r.temperature_c == 25) for name in INTERFACES}
    for name, (_, ohm) in INTERFACES.items():
        assert abs(asr[name].value - ohm * AREA_CM2) < 3.5 * asr[name].stderr
    apart = asr["interface right"].value - asr["interface left"].value
    assert apart > 5 * np.hypot(asr["interface left"].stderr, asr["interface right"].stderr)
    lines = {line.contribution: line for line, default in over_temperature.lines() if default}
    for name in ("interface left", "interface right", "grain boundary"):
        assert joint.law(name)["E"].stderr < 1.05 * lines[name]["E"].stderr


def test_joint_rows_give_one_conductivity_whatever_part_of_the_solid_a_pair_sees(
    over_temperature: eisfit.Series,
) -> None:
    joint = over_temperature.joint
    assert joint is not None
    rows = {
        label.split("_")[0]: {c.name: c for c in joint.contributions(k)}
        for k, label in enumerate(joint.labels)
        if label.endswith("_30C")
    }
    for name in ("bulk", "grain boundary"):
        own = {pair: found[name] for pair, found in rows.items()}
        whole = own["L2-R1"]
        for row in own.values():
            assert row.conductivity_s_cm == pytest.approx(whole.conductivity_s_cm, rel=1e-6)
            assert row.conductivity_stderr_s_cm == pytest.approx(whole.conductivity_stderr_s_cm, rel=1e-3)
            part = row.conductivity_s_cm * row.resistance_ohm * AREA_CM2 / 0.1
            assert row.count == pytest.approx(part, rel=1e-6)
        assert sum(own[pair].count for pair in PAIRS[:3]) == pytest.approx(whole.count, rel=1e-6)
        assert (
            max(
                abs(own[pair].count - stated) for pair, stated in zip(PAIRS[:3], (0.3, 0.4, 0.3), strict=True)
            )
            > 0.01
        )


def test_fewer_pairs_know_the_conductivity_as_well_as_the_places_of_their_probes() -> None:
    joint = fitted(at_25c(3, pairs=("L2-S1", "S1-S2")))[1]
    row = next(c for c in joint.contributions(1) if c.name == "grain boundary")
    assert row.stderr_log < 0.005
    assert 0.03 < row.conductivity_stderr_s_cm / row.conductivity_s_cm < 0.08  # 0.002 cm at both ends of 0.04


def test_the_temperature_of_all_pairs_is_one(over_temperature: eisfit.Series) -> None:
    joint = over_temperature.joint
    assert joint is not None
    shifts = joint.temperature_shift_k.reshape(-1, len(PAIRS))
    assert np.all(shifts == shifts[:, :1])
    assert np.ptp(shifts[:, 0]) > 0


def test_a_joint_fit_of_pairs_is_kept_in_a_file(over_temperature: eisfit.Series, tmp_path: Path) -> None:
    eisfit.store.save(tmp_path / "pairs.h5", over_temperature)
    assert eisfit.store.load(tmp_path / "pairs.h5") == over_temperature


@pytest.mark.parametrize(
    ("seeds", "widths", "mean"),
    [
        pytest.param(range(6), (0.5, 1.5), 0.8, id="6"),
        pytest.param(range(30), (0.85, 1.18), 0.35, id="30", marks=pytest.mark.slow),
    ],
)
def test_one_temperature_is_enough_and_errors_are_what_they_say(
    seeds: range, widths: tuple[float, float], mean: float
) -> None:
    pulls = []
    for seed in seeds:
        _, joint = fitted(at_25c(seed))
        assert not joint.laws
        found = values_of(joint, "L2-R1")
        pulls.append([np.log(found[name][0] / true) / found[name][1] for name, true in INTERFACES.values()])
    assert widths[0] < np.std(pulls) < widths[1]
    assert abs(np.mean(pulls)) < mean


def test_all_pairs_together_are_better_than_each() -> None:
    series, joint = fitted(at_25c(1))
    together = values_of(joint, "L2-R1")
    for name, (parameter, _) in INTERFACES.items():
        alone = [
            c.stderr_log
            for fit in series
            for c in fit.contributions
            if c.name == name and np.isfinite(c.value)
        ]
        assert alone
        assert together[parameter][1] < min(alone)
    solid = values_of(joint, "S1-S2")
    for name in together.keys() & solid.keys() - {"Zarc_gb_R", "R_b"}:  # of these each sees another part
        assert solid[name][0] == pytest.approx(together[name][0], rel=1e-9)


def test_the_places_of_probes_are_found_and_their_error_counts() -> None:
    spectra = at_25c(2, off_cm=0.0)
    moved = [s.under(s.conditions.updated(probes_cm={"S1": 0.034, "S2": STATED_CM["S2"]})) for s in spectra]
    exact = [s.under(eisfit.Conditions(**{**_known(s), "probe_err_cm": None})) for s in moved]
    found, wrong = fitted(moved)[1], fitted(exact)[1]
    value, error = values_of(found, "L2-R1")["Zarc_gb_R"]
    assert abs(np.log(value / 250)) < 3.5 * error
    part = values_of(found, "S1-S2")["Zarc_gb_R"][0] / value
    assert part * 0.036 == pytest.approx(0.040, abs=0.0015)  # the true length between S1 and S2
    assert any("they are taken as exact" in text for text in wrong.remarks)
    assert wrong.chi2_reduced > 10 * max(found.chi2_reduced, 1.0)


def _known(s: eisfit.Spectrum) -> dict[str, Any]:
    return {name: getattr(s.conditions, name) for name in s.conditions.__dataclass_fields__}


@pytest.mark.parametrize("pairs", [("L2-S1", "S2-R1"), ("L2-S1", "L2-R1"), ("S1-S2", "L2-R1", "L2-S1")])
def test_some_pairs_are_enough(pairs: tuple[str, ...]) -> None:
    _, joint = fitted(at_25c(4, pairs=pairs))
    found = values_of(joint, pairs[-1] if "R1" in pairs[-1] else "L2-R1")
    value, error = found["Zarc_right_R"]
    assert abs(np.log(value / RIGHT_OHM)) < 3.5 * error
    value, error = values_of(joint, "L2-S1")["Zarc_left_R"]
    assert abs(np.log(value / LEFT_OHM)) < 3.5 * error


def test_a_pair_may_be_missing_at_a_temperature() -> None:
    spectra = [s for s in eight_electrodes(5, temperatures=(0, 30, 60)) if s.label != "S2-R1_30C"]
    joint = fitted(spectra, laws={"interface left": "arrhenius", "interface right": "arrhenius"})[1]
    for name in INTERFACES:
        energy = joint.law(name)["E"]
        assert abs(energy.value - TRUE_EV[name]) < 3.5 * energy.stderr
    assert joint.law("interface right").points_used == 5


def problem_of(series: eisfit.Series, monkeypatch: pytest.MonkeyPatch, **links: Any) -> JointProblem:
    """Return the joint problem that a series with links leads to."""
    kept: list[JointProblem] = []

    def spy(joint: JointProblem, *arguments: Any) -> Any:
        kept.append(joint)
        return best_joint(joint, *arguments)

    monkeypatch.setattr(fitting, "best_joint", spy)
    fitting.with_joint(series, **links)
    return kept[0]


def test_the_joint_step_over_sets_ends_where_a_dense_solver_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from scipy.optimize import least_squares

    spectra = eight_electrodes(6, temperatures=(10, 40), pairs=("L2-S1", "S1-S2", "L2-R1"))
    series = eisfit.fit_series(spectra, "le_se_eight")
    joint = problem_of(series, monkeypatch, laws={"grain boundary": "arrhenius"})
    (family,) = joint.families
    solution = best_joint(joint, *_starts(series)).solution
    common = solution.state.common
    pairs = zip(family.blocks, solution.state.x, strict=True)
    own = family.gathered([b.unextended(x, common) for b, x in pairs], solution.state.shift)
    free = family.variable

    def residual(u: np.ndarray) -> np.ndarray:
        there, values = u[: joint.size], own.copy()
        values[free] = u[joint.size :]
        parts = [((there - joint.prior[0]) / joint.prior[1])[np.isfinite(joint.prior[1])]]
        for k, block in enumerate(family.blocks):
            x, shift = family.spread(values, k)
            placed = block.placed(x, there, shift)[0]
            r = block.problem.residual(placed, np.arange(len(placed)))
            parts.append((r / np.sqrt(block.variance)[:, None]).ravel())
        parts.append(values[:, family.shift_place] / family.error)
        return np.concatenate(parts)

    u0 = np.concatenate([common, own[free]])
    assert 0.5 * np.sum(residual(u0) ** 2) == pytest.approx(solution.cost, rel=1e-9)
    dense = least_squares(residual, u0, x_scale="jac", xtol=1e-12, ftol=1e-12, gtol=1e-12)
    assert solution.cost == pytest.approx(dense.cost, rel=1e-5)
    slopes = np.asarray(dense.jac)
    inner = np.linalg.pinv(slopes.T @ slopes, rcond=1e-14)[: joint.size, : joint.size]
    scale = np.sqrt(np.outer(np.diag(inner), np.diag(inner)))
    np.testing.assert_allclose(solution.common_covariance / scale, inner / scale, atol=0.03)


def _starts(series: eisfit.Series) -> tuple[list[Any], list[Any]]:
    from eisfit.fitting.joint_pairs import starts_at_once
    from eisfit.fitting.joint_starts import Cell

    starts = starts_at_once(0, Cell("", list(series.fits)), 0, "temperature_c", "modulus")
    return [s.x for s in starts], [s.weight for s in starts]


def test_a_set_of_measurements_is_a_row_of_each_block() -> None:
    series = eisfit.fit_series(eight_electrodes(7, temperatures=(10, 40)), "le_se_eight")
    x, _ = _starts(series)
    assert [own.shape[0] for own in x] == [2, 2, 2, 2]


# bad input


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"probe_pair": "L2-S9"}, "'L2-S9' names no two of the probes L1, L2, S1, S2, R1, R2 (did you mean"),
        ({"probe_pair": None}, "its pair of probes is not known; write pair ="),
        ({"probes_cm": {"S1": 0.03}}, "probe 'S2' stands in bulk and grain boundary, and where is not known"),
        ({"probes_cm": {"S1": 0.08, "S2": 0.07}}, "do not follow each other in the order of the current"),
        (
            {"probes_cm": {"S1": 0.03, "S2": 0.7}},
            "probe 'S2' stands at 0.7 cm, and the solid goes from 0 to 0.1",
        ),
        ({"probes_cm": {"S1": 0.03, "S2": 0.07, "S3": 0.08}}, "places 'S3', which is no probe of this cell"),
        ({"probes_cm": {"S1": 0.03, "S2": 0.07, "L2": 0.01}}, "left of the solid places are negative"),
        ({"thickness_cm": None}, "whose thickness_cm is not known"),
    ],
)
def test_wrong_probes_are_one_sentence(changes: dict[str, Any], said: str) -> None:
    spectra = at_25c(0)
    (wrong,) = [s for s in spectra if s.label == "S1-S2_25C"]
    others = [s for s in spectra if s is not wrong]
    bad = wrong.under(eisfit.Conditions(**{**_known(wrong), **changes}))
    with pytest.raises(FitError, match=re.escape(said)) as error:
        eisfit.fit_series([*others, bad], "le_se_eight")
    assert "S1-S2_25C" in str(error.value)


def test_pairs_of_a_cell_without_probes_are_no_series() -> None:
    with pytest.raises(SeriesError, match="le_se has no such probes: take a template with eight electrodes"):
        eisfit.fit_series([s.under(electrodes=4) for s in at_25c(0)], "le_se")


def test_one_fit_of_many_is_of_one_pair() -> None:
    spectra = at_25c(0)
    with pytest.raises(FitError, match="between several pairs of probes"):
        eisfit.fit_many(spectra, "le_se_eight")
    assert eisfit.fit(spectra[0], "le_se_eight")["interface left"].resolved == "yes"


def test_parts_of_a_liquid_need_the_places_of_its_probes() -> None:
    spectra = at_25c(0, pairs=("L2-S1", "L1-S1"))
    with pytest.raises(SeriesError, match="see different parts of liquid left, and where L1 and L2 stand"):
        eisfit.fit_series(spectra, "le_se_eight")


@pytest.mark.parametrize("text", ["L2-S1", "s1 – l2", "L2S1", "L2_S1", "L2 vs. S1", "left"])
def test_a_pair_is_spelled_in_many_ways(text: str) -> None:
    cell = eisfit.template("le_se_eight", electrodes=8)
    known = eisfit.Conditions(thickness_cm=0.1, probes_cm=STATED_CM)
    assert cell.between(text, known).configuration.pair == "L2-S1"


def test_a_template_refuses_wrong_probes(tmp_path: Path) -> None:
    text = Path("circuits/le_se_eight.toml").read_text(encoding="utf-8")
    for old, new, said in (
        ('L1 = ["liquid left"]', 'L1 = ["liquid lft"]', "stands in the unknown segment 'liquid lft'"),
        ('L1 = ["liquid left"]', 'L1 = ["interface left"]', "a probe stands in a layer"),
        ('L1 = ["liquid left"]', 'L1 = ["liquid right"]', "do not follow the current"),
        ('left = "L2-S1"', 'left = "L2-S7"', "pair 'L2-S7' names no two of the probes"),
        ("L1 = [", '"L-1" = [', "call it by letters and digits"),
    ):
        (tmp_path / "mine.toml").write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(EisfitError, match=re.escape(said)):
            eisfit.template(tmp_path / "mine.toml")


def test_a_solution_of_nothing_common_is_found() -> None:
    _, joint = fitted(at_25c(0, probe_err_cm=None, off_cm=0.0))
    assert not joint.laws
    assert all(t.parameter.startswith("pair ") and not t.rejected for t in joint.tests)
    assert len(joint.tests) == 4
