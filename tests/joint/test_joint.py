"""Spectra of one cell fitted at once: published values, recovery, names, honesty, bad input."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import least_squares

import eisfit
from eisfit.cell.links import Link
from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.engine.following import Following
from eisfit.engine.joint import Block, JointProblem, JointSolution, solve_joint
from eisfit.engine.posing import pose
from eisfit.errors import SeriesError
from eisfit.laws.ordinate import Ordinate
from eisfit.laws.registry import LAWS
from eisfit.tools.frozen import Floats
from support.joint_cells import LAWS_OF_ALL, OMEGA, TRUE_EV, TWO_ARCS, F, activated, fitted_jointly, two_arcs


@pytest.fixture(scope="module")
def measured(real_spectra: Path) -> list[eisfit.Spectrum]:
    """Return the measured pellet s04147 at 140 to 200 °C."""
    found = []
    for path in sorted((real_spectra / "series" / "novocontrol-s04147-140-200C").glob("s04147-*deg.txt")):
        t = float(re.findall(r"-(\d+)deg", path.name)[0])
        found += [s.under(s.conditions.updated(temperature_c=t)) for s in eisfit.read(path)]
    assert len(found) == 7
    return found


# published


def test_the_measured_pellet_gives_its_published_simultaneous_fit(measured: list[eisfit.Spectrum]) -> None:
    # doi 10.1039/d3ta06237f and the report of its program (EISFitpython, MIT): 44 parameters, sum of squares
    # 2.332766e-2, 0.569(8) and 0.891(3) eV by unweighted lines in ln(sigma T)
    joint = fitted_jointly(
        measured, "p(R1,CPE1)-p(R2,CPE2)-CPE3", share=["CPE1_Q", "CPE1_alpha"], noise="common"
    )
    values = [{p.name: p.value for p in row} for row in joint.parameters]
    squares = 0.0
    for spectrum, row in zip(measured, values, strict=True):
        z = (
            eisfit.template("se_blocking")
            .from_circuit("p(R1,CPE1)-p(R2,CPE2)-CPE3")
            .circuit.impedance(spectrum.frequency_hz, row)
        )
        used = spectrum.used
        squares += float(np.sum(np.abs((z - spectrum.z_ohm)[used] / spectrum.z_ohm[used]) ** 2))
    assert squares <= 2.332766e-2 * (1 + 1e-6)
    assert joint["CPE1_Q"].value == pytest.approx(7.162e-11, rel=1e-3)
    assert joint["CPE1_alpha"].value == pytest.approx(0.8373, abs=1e-4)
    assert values[0]["R1"] == pytest.approx(1.338e5, rel=1e-3)
    assert values[0]["R2"] == pytest.approx(2.032e6, rel=1e-3)
    t = np.array([s.conditions.temperature_c for s in measured]) + 273.15
    for name, published, its_error in (("R1", 0.569, 0.008), ("R2", 0.891, 0.003)):
        y = np.log(t / np.array([row[name] for row in values]))
        (slope, _), covariance = np.polyfit(1 / t, y, 1, cov=True)
        assert -slope * BOLTZMANN_EV_PER_K == pytest.approx(published, abs=0.001)
        assert float(np.sqrt(covariance[0, 0])) * BOLTZMANN_EV_PER_K == pytest.approx(its_error, abs=0.001)


def test_the_measured_pellet_says_what_its_laws_cost(measured: list[eisfit.Spectrum]) -> None:
    wanted: tuple[str, Ordinate] = ("arrhenius", "ln(T/R)")
    laws: dict[str, str | tuple[str, Ordinate]] = dict.fromkeys(("R1", "R2"), wanted)
    joint = fitted_jointly(measured, "p(R1,CPE1)-p(R2,CPE2)-CPE3", share=["CPE1_Q", "CPE1_alpha"], laws=laws)
    tests = {t.parameter: t for t in joint.tests}
    assert set(tests) == {"CPE1_Q", "CPE1_alpha", "R1", "R2"}
    assert tests["R2"].rejected  # temperatures taken as exact, with errors of R2 below 0.3 %
    assert tests["R2"].spectrum in tests["R2"].sentence
    assert joint.scatter_ratio > 1
    assert any("no temperature error given" in text for text in joint.remarks)
    stated = [s.under(s.conditions.updated(temperature_err_c=0.5)) for s in measured]
    with_errors = fitted_jointly(stated, "p(R1,CPE1)-p(R2,CPE2)-CPE3", laws=laws)
    assert np.all(with_errors.temperature_shift_stderr_k > 0)
    assert not any("no temperature error" in text for text in with_errors.remarks)


# the step, against independent code


def small_problem(error: float) -> tuple[JointProblem, list[Floats]]:
    """Return three spectra of R0-p(R1,C1) with a law of R1 and a shared C1."""
    circuit = eisfit.Template.from_circuit("R0-p(R1,C1)")
    rng, spectra = np.random.default_rng(3), []
    t = np.array([0.0, 25.0, 55.0])
    for each in t:
        r = activated(1e4, 0.5, each + 273.15 + 0.2)
        z = 50 + r / (1 + 1j * OMEGA * r * 1e-8)
        z = z * (1 + 0.003 * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size)))
        spectra.append(eisfit.Spectrum(F, z))
    problem = pose(spectra, circuit)
    at = t + 273.15
    law = LAWS["arrhenius"]
    links = (Link("R1", law, "ln(1/R)"), Link("C1"))
    assert law.straight is not None
    centre = float(law.straight.abscissa(at)[0].mean())
    following = (Following.of(links[0], (1, None), at, centre), Following.of(links[1], (2, None), at, 0.0))
    block = Block(
        problem, following, (slice(0, 2), slice(2, 3)), np.full(3, 0.003**2), np.full(3, error), np.arange(3)
    )
    start = np.log([[50.0, activated(1e4, 0.5, each), 1e-8] for each in at])
    return JointProblem((block,), np.array([np.zeros(3), np.full(3, np.inf)])), [start]


@pytest.mark.parametrize("error", [0.0, 0.3])
def test_the_joint_step_ends_where_a_dense_solver_does(error: float) -> None:
    joint, start = small_problem(error)
    found: JointSolution = solve_joint(joint, joint.started(start, [np.ones_like(start[0])]))
    block, at = joint.blocks[0], joint.blocks[0].following[0].at

    def residual(u: Floats) -> Floats:
        level, slope, log_c = u[:3]
        log_r0, shift = u[3:6], u[6:9] if error else np.zeros(3)
        x = np.stack(
            [log_r0, -(level + slope * (1 / (at + shift) - np.mean(1 / at))), np.full(3, log_c)], axis=1
        )
        parts = block.problem.residual(x, np.arange(3)) / 0.003
        return np.concatenate([parts.ravel(), shift / error] if error else [parts.ravel()])

    u0 = np.concatenate([found.state.common * (1 + 1e-4), start[0][:, 0], np.zeros(3) if error else []])
    dense = least_squares(
        residual, u0, x_scale=np.maximum(np.abs(u0), 1e-2), xtol=1e-14, ftol=1e-14, gtol=1e-14
    )
    assert found.converged
    assert found.cost == pytest.approx(dense.cost, rel=1e-6)
    slopes = np.asarray(dense.jac)
    covariance = np.linalg.inv(slopes.T @ slopes)
    size = np.sqrt(np.diag(covariance)[:3])
    scale = np.outer(size, size)
    np.testing.assert_allclose(found.common_covariance / scale, covariance[:3, :3] / scale, atol=2e-3)
    np.testing.assert_allclose(found.covariance_log[0][:, 0, 0], np.diag(covariance)[3:6], rtol=2e-3)
    if error:
        np.testing.assert_allclose(found.state.shift[0], dense.x[6:9], atol=1e-3)
        np.testing.assert_allclose(found.shift_stderr[0], np.sqrt(np.diag(covariance)[6:9]), rtol=2e-3)


@pytest.mark.parametrize("name", sorted(LAWS))
def test_the_derivatives_of_a_followed_parameter_are_exact(name: str) -> None:
    law = LAWS[name]
    at = np.array([280.0, 300.0, 333.0]) if law.condition == "temperature_c" else np.array([1.1, 3.0, 7.0])
    for ordinate in [o for o in law.ordinates if "sigma" not in o and o.startswith("ln(")]:
        centre = float(law.straight.abscissa(at)[0].mean()) if law.straight else 0.0
        f = Following.of(Link("R1", law, ordinate), (0, None), at, centre)
        coordinates = np.full(f.size, 0.3)
        _, slopes, rate = f.log_values(coordinates, at)
        for k in range(f.size):
            step = np.zeros(f.size)
            step[k] = 1e-4
            numeric = (
                f.log_values(coordinates + step, at)[0] - f.log_values(coordinates - step, at)[0]
            ) / 2e-4
            np.testing.assert_allclose(slopes[:, k], numeric, rtol=1e-5, atol=1e-10)
        numeric = (f.log_values(coordinates, at + 1e-4)[0] - f.log_values(coordinates, at - 1e-4)[0]) / 2e-4
        np.testing.assert_allclose(rate, numeric, rtol=1e-5, atol=1e-9)


# recovery


def test_one_joint_fit_beats_a_line_through_single_fits() -> None:
    pulls = []
    for seed in range(5):
        spectra = two_arcs(seed)
        joint = fitted_jointly(spectra, TWO_ARCS, laws=LAWS_OF_ALL)
        for name, true in TRUE_EV.items():
            law = joint.law(name)
            pulls.append((law["E"].value - true) / law["E"].stderr)
        errors = {name: joint.law(name)["E"].stderr for name in ("Zarc1_R", "Zarc2_R")}
        assert errors["Zarc1_R"] < 0.0075
        assert errors["Zarc2_R"] < 0.0025
    assert np.max(np.abs(pulls)) < 3.5
    alone = eisfit.fit_series(two_arcs(0), TWO_ARCS)
    lines = {line.contribution: line for line, default in alone.lines() if default}
    joint = fitted_jointly(two_arcs(0), TWO_ARCS, laws=LAWS_OF_ALL)
    for name in ("Zarc1", "Zarc2"):
        assert lines[name]["E"].stderr > 5 * joint.law(f"{name}_R")["E"].stderr


def test_the_errors_of_temperatures_count_and_shared_capacitances_help() -> None:
    share = ["Zarc1_C", "Zarc2_C", "Zarc1_alpha", "Zarc2_alpha"]
    pulls, errors = [], []
    for seed in range(6):
        spectra = two_arcs(100 + seed, off_k=0.3)
        joint = fitted_jointly(spectra, TWO_ARCS, share=share, laws=LAWS_OF_ALL)
        law = joint.law("Zarc2_R")
        pulls.append((law["E"].value - 0.52) / law["E"].stderr)
        errors.append(law["E"].stderr)
        pulls.append((joint["Zarc1_C"].value - 1e-7) / joint["Zarc1_C"].stderr)
    assert np.median(errors) < 0.0036
    assert np.max(np.abs(pulls)) < 3.5


def test_what_is_known_from_elsewhere_narrows_the_rest() -> None:
    spectra = two_arcs(7, off_k=0.3)
    free = fitted_jointly(spectra, TWO_ARCS, share=["Zarc1_C"], laws=LAWS_OF_ALL)
    known = fitted_jointly(spectra, TWO_ARCS, known={"Zarc1_C": (1e-7, 1e-9)}, laws=LAWS_OF_ALL)
    assert known["Zarc1_C"].stderr < 1.01e-9
    assert known.law("Zarc2_R")["E"].stderr <= free.law("Zarc2_R")["E"].stderr
    assert abs(known.law("Zarc2_R")["E"].value - 0.52) < 4 * known.law("Zarc2_R")["E"].stderr


def test_arcs_with_equal_links_stand_in_the_order_of_their_time_constants() -> None:
    for seed in (3, 13, 16):  # in which the independent fits take the arcs for each other
        joint = fitted_jointly(two_arcs(seed), TWO_ARCS, laws=LAWS_OF_ALL)
        assert joint.law("Zarc1_R")["E"].value < joint.law("Zarc2_R")["E"].value


def test_a_joint_fit_is_kept_in_the_file_and_stands_in_the_tables(tmp_path: Path) -> None:
    series = eisfit.fit_joint(two_arcs(0, off_k=0.3), TWO_ARCS, share=["Zarc1_C"], laws=LAWS_OF_ALL)
    assert series.joint is not None
    eisfit.store.save(tmp_path / "joint.h5", series)
    assert eisfit.store.load(tmp_path / "joint.h5") == series
    found = eisfit.tables.tables(series)
    estimates = {(row["contribution"], row["estimate"]) for row in found["arrhenius"]}
    assert {("R0", "lines"), ("R0", "joint"), ("Zarc2_R", "joint")} <= estimates
    energy = next(r for r in found["arrhenius"] if (r["contribution"], r["estimate"]) == ("Zarc2_R", "joint"))
    assert energy["activation_energy_ev"] == series.joint.law("Zarc2_R")["E"].value
    shared = next(row for row in found["joint"] if row["parameter"] == "Zarc1_C")
    assert (shared["value"], shared["unit"]) == (series.joint["Zarc1_C"].value, "F")
    assert sum(row["parameter"] == "temperature" for row in found["joint"]) == 8


# honesty


@pytest.mark.parametrize("seed", [76, 154])  # of 200, those with two such minima far apart
def test_where_two_minima_fit_as_well_the_errors_cover_both(seed: int) -> None:
    joint = fitted_jointly(two_arcs(seed), TWO_ARCS, laws=LAWS_OF_ALL)
    assert any("another minimum fits as well" in text for text in joint.remarks)
    for name in ("Zarc1_R", "Zarc2_R"):
        energy = joint.law(name)["E"]
        assert energy.stderr > 0.02
        assert abs(energy.value - TRUE_EV[name]) < 3 * energy.stderr
    alone = joint.law("R0")["E"]
    assert alone.stderr < 0.001


def test_a_law_that_does_not_hold_is_rejected_in_words() -> None:
    joint = fitted_jointly(two_arcs(5, kink=0.02), TWO_ARCS, laws=LAWS_OF_ALL)
    test = next(t for t in joint.tests if t.parameter == "Zarc2_R")
    assert test.rejected
    assert "the data contradict arrhenius in ln(1/R) of Zarc2_R" in test.sentence
    assert test.sentence in joint.report()


def test_exact_laws_are_rejected_no_more_often_than_stated() -> None:
    rejected = [
        t.rejected
        for seed in range(8)
        for t in fitted_jointly(two_arcs(40 + seed), TWO_ARCS, laws=LAWS_OF_ALL).tests
    ]
    assert sum(rejected) <= 1


def test_the_temperatures_of_spectra_are_found() -> None:
    spectra = two_arcs(9, off_k=0.0)
    moved = [
        s.under(
            s.conditions.updated(
                temperature_err_c=1.0, temperature_c=s.conditions.temperature_c + (3.0 if k == 4 else 0.0)
            )
        )
        for k, s in enumerate(spectra)
        if s.conditions.temperature_c is not None
    ]
    joint = fitted_jointly(moved, TWO_ARCS, laws=LAWS_OF_ALL)
    shift, error = joint.temperature_shift_k[4], joint.temperature_shift_stderr_k[4]
    others = np.delete(joint.temperature_shift_k, 4)
    assert shift - others.mean() == pytest.approx(-3.0, abs=3 * error + 0.2)


def test_a_spectrum_that_cannot_be_fitted_is_left_out_and_named() -> None:
    spectra = two_arcs(0)
    short = spectra[3]
    spectra[3] = eisfit.Spectrum(
        short.frequency_hz[:3], short.z_ohm[:3], conditions=short.conditions, label=short.label
    )
    joint = fitted_jointly(spectra, TWO_ARCS, laws=LAWS_OF_ALL)
    assert len(joint.labels) == 7
    assert any(spectra[3].label in text for text in joint.remarks)


def test_a_series_may_be_asked_for_its_joint_fit() -> None:
    spectra = two_arcs(0, temperatures=(0, 20, 40, 60))
    series = eisfit.fit_series(spectra, TWO_ARCS, joint=True, share=["Zarc1_C"], laws=LAWS_OF_ALL)
    assert series == eisfit.fit_joint(spectra, TWO_ARCS, share=["Zarc1_C"], laws=LAWS_OF_ALL)
    with pytest.raises(SeriesError, match="give joint=True with them"):
        eisfit.fit_series(spectra, TWO_ARCS, laws=LAWS_OF_ALL)


def test_where_nothing_is_linked_each_resistance_follows_a_law() -> None:
    joint = fitted_jointly(two_arcs(0), TWO_ARCS)
    assert [(t.parameter, t.link) for t in joint.tests] == [
        (name, "arrhenius in ln(1/R)") for name in ("R0", "Zarc1_R", "Zarc2_R")
    ]


# bad input


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ({"share": ["CPE9_Q"]}, "'CPE9_Q', which is none of R0, Zarc1_R"),
        ({"laws": {"R9": "arrhenius"}}, "'R9', which is none of"),
        ({"laws": {"R0": "arhenius"}}, "no law 'arhenius'"),
        ({"laws": {"R0": ("arrhenius", "ln(sigma)")}}, "follows arrhenius in ln(1/R) or ln(T/R)"),
        ({"share": ["R0"], "laws": {"R0": "arrhenius"}}, "shared and has a law as well"),
        ({"known": {"R0": (-1.0, 0.1)}}, "must be positive"),
        ({"share": ["Zarc1_C", "Zarc1_tau"]}, "are the same parameter"),
    ],
)
def test_a_wrong_link_is_one_sentence(links: dict[str, object], said: str) -> None:
    with pytest.raises(SeriesError, match=re.escape(said)):
        fitted_jointly(two_arcs(0, temperatures=(0, 30, 60)), TWO_ARCS, **links)


def test_a_law_needs_as_many_conditions_as_parameters() -> None:
    with pytest.raises(
        SeriesError, match=re.escape("R0: 1 value(s) of temperature_c; arrhenius has 2 parameters")
    ):
        fitted_jointly(two_arcs(0, temperatures=(20, 20)), TWO_ARCS, laws={"R0": "arrhenius"})
