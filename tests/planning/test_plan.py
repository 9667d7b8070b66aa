"""What a plan says: gains of complements, rankings, what is not told, and sentences for mistakes."""

import dataclasses
from pathlib import Path

import pytest

import eisfit
from eisfit import plots
from eisfit.errors import InputError
from eisfit.planning import Expected, PlannedCell
from eisfit.planning.further import Allowed
from eisfit.results.plan import Estimate, Plan
from eisfit.simulate import SCENARIOS
from eisfit.spectrum.conditions import Conditions
from support.planned import one_arc, pellet_of, two_arcs
from support.plots_samples import four_electrode


def test_gains_of_complements_are_those_of_the_derivation() -> None:
    """Two arcs a factor 3 apart, lines 18.4 and 69 meV: the pellet gains 5.7 and 27, shared C and alpha 6 and 14."""
    cell = two_arcs(3.0)
    found = eisfit.plan(cell, complements=[pellet_of(cell)])
    linear = {n: found.error(n, estimate="lines").stderr for n in ("interface", "grain boundary")}
    # of the lines few points are told; all of them are in the derivation
    assert linear["interface"] > 0.0184
    pellet = {n: found.error(n, cells="pellet").stderr for n in linear}
    assert 0.0184 / pellet["interface"] == pytest.approx(5.7, rel=0.15)
    assert 0.069 / pellet["grain boundary"] == pytest.approx(27, rel=0.35)
    shared = {n: found.error(n, estimate="shared").stderr for n in linear}
    assert 0.0184 / shared["interface"] == pytest.approx(6.1, rel=0.15)
    assert 0.069 / shared["grain boundary"] == pytest.approx(14, rel=0.15)


def test_with_exact_temperatures_laws_alone_gain_as_derived() -> None:
    found = eisfit.plan(two_arcs(10.0, None))
    lines, joint = found.error("interface", estimate="lines"), found.error("interface", estimate="shared")
    assert 1e3 * lines.stderr == pytest.approx(1.6, rel=0.05)
    assert 1e3 * joint.stderr == pytest.approx(0.32, rel=0.15)
    assert any("temperatures count as exact" in text for text in found.remarks)


def polymer_cell(electrode_ohm_cm2: float) -> PlannedCell:
    """Return Li | polymer | LLTO | polymer | Li, 50 to 90 °C."""
    return PlannedCell.of(
        "pe_se",
        {
            "polymer + bulk": Expected(150, activation_energy_ev=0.5, ordinate="ln(1/R)"),
            "grain boundary": Expected(
                asr_ohm_cm2=50, activation_energy_ev=0.4, capacitance_f_cm2=1e-8, alpha=0.95
            ),
            "interface": Expected(
                asr_ohm_cm2=2200, reference_c=80, activation_energy_ev=1.0, capacitance_f_cm2=1e-6, alpha=0.9
            ),
            "electrode": Expected(
                asr_ohm_cm2=electrode_ohm_cm2,
                reference_c=80,
                activation_energy_ev=0.7,
                capacitance_f_cm2=2200 * 1e-6 / electrode_ohm_cm2 * 1.3,
                alpha=0.85,
            ),
        },
        temperatures_c=[50, 60, 70, 80, 90],
        conditions=Conditions(
            temperature_err_c=0.3, area_cm2=0.785, thickness_cm=0.1, electrodes=2, layers={"polymer": 0.02}
        ),
        above_window=["polymer", "bulk"],
    )


def test_a_twin_tells_what_two_electrodes_cannot() -> None:
    """The electrode a quarter of the interface, time constants 1.3 apart: with the twin 2.1 % and 11 meV."""
    cell = polymer_cell(550)
    twin = cell.complement(
        "twin",
        "li_pe_li",
        ["electrode"],
        {"polymer": Expected(100, activation_energy_ev=0.5, ordinate="ln(1/R)")},
        conditions=Conditions(temperature_err_c=0.3, area_cm2=0.785, electrodes=2),
        geometry_err=0.05,
        above_window=["polymer"],
    )
    found = eisfit.plan(cell, "interface", complements=[twin], reference_c=80)
    assert not found.target.told
    assert found.best is not None
    assert (found.best.kind, found.best.gain_text) == ("complement", "told with it alone")
    with_twin = found.error("interface", "resistance by the law", cells="twin")
    assert with_twin.told
    assert 1e3 * found.error("interface", cells="twin").stderr == pytest.approx(11, rel=0.25)
    assert any("only a complementary cell with the same electrode" in text for text in found.remarks)


def test_measurements_are_ranked_and_those_not_told_come_last() -> None:
    cell = two_arcs(3.0)
    found = eisfit.plan(cell, complements=[pellet_of(cell)])
    told = [m.told for m in found.measurements]
    assert told == sorted(told, reverse=True)
    errors = [m.after.stderr for m in found.measurements if m.told]
    assert errors == sorted(errors)
    assert {m.kind for m in found.measurements} == {
        "complement",
        "temperature",
        "repetition",
        "thickness",
        "frequency",
        "noise",
        "temperature error",
    }
    again = next(m for m in found.measurements if m.kind == "repetition")
    assert again.gain == pytest.approx(2**0.5, rel=1e-3)


def test_a_measured_complement_belongs_to_what_is_planned() -> None:
    cell = two_arcs(3.0)
    found = eisfit.plan(cell, complements=[pellet_of(cell, measured=True)])
    assert found.target.cells == "pellet"
    assert (
        found.target.stderr
        == eisfit.plan(cell, complements=[pellet_of(cell)]).error("interface", cells="pellet").stderr
    )
    assert all(m.kind != "complement" for m in found.measurements)


def test_only_what_can_be_reached_is_proposed() -> None:
    allowed = Allowed((0.0, 65.0), (0.1, 1e6))
    names = [m.name for m in eisfit.plan(two_arcs(3.0), allowed=allowed).measurements]
    assert not any("decade" in name for name in names)
    assert [n for n in names if "temperature, " in n and "°C" in n] == ["one more temperature, 4 °C"]


@pytest.mark.parametrize(
    ("top_hz", "noise_percent", "reason"),
    [
        (1e5, 0.5, ""),
        (2e6, 0.5, ""),
        (5e6, 0.5, "top of its arc outside the window"),
        (2e7, 0.5, "error > 30 %"),
    ],
)
def test_an_arc_outside_the_window_is_not_told(top_hz: float, noise_percent: float, reason: str) -> None:
    cell = PlannedCell.of(
        "R0-Zarc1",
        {
            "R0": Expected(value=50),
            "Zarc1_R": Expected(value=250),
            "Zarc1_tau": Expected(value=1 / (6.283185 * top_hz)),
            "Zarc1_alpha": Expected(value=0.9),
        },
        temperatures_c=[25],
        noise_percent=noise_percent,
    )
    assert eisfit.plan(cell, "Zarc1_R").target.reason == reason


def test_a_sum_of_energies_follows_no_law_and_is_said() -> None:
    found = eisfit.plan("llto_pe_two_electrode")
    assert "polymer + bulk: a sum of several energies, which no law of a joint fit follows" in found.remarks
    with pytest.raises(
        InputError, match="'polymer \\+ bulk' follows no Arrhenius law: rank by its resistance"
    ):
        eisfit.plan("llto_pe_two_electrode", "polymer + bulk")
    assert eisfit.plan("llto_pe_two_electrode", "polymer + bulk R").target.quantity == "resistance"


def test_results_of_a_first_measurement_are_planned_again() -> None:
    series = four_electrode()
    found = eisfit.plan(series)
    line = series.arrhenius("interface")
    assert found.target.value == pytest.approx(
        line.activation_energy_ev, abs=2 * line.activation_energy_stderr_ev
    )
    alone = found.error("interface", estimate="lines")
    assert alone.stderr == pytest.approx(line.activation_energy_stderr_ev, rel=0.15)
    for fit in series:
        at_c = fit.spectrum.conditions.temperature_c
        own = found.error("interface", "resistance", estimate="lines", temperature_c=at_c)
        assert own.stderr_percent == pytest.approx(100 * fit["interface"].stderr_log, rel=0.3)


def test_one_temperature_is_ranked_by_its_resistance() -> None:
    found = eisfit.plan(one_arc(), "R1")
    assert (found.target.quantity, found.target.temperature_c) == ("resistance", 25.0)
    assert all(e.quantity == "resistance" for e in found.errors)


def test_a_plan_is_a_value_that_shows_itself() -> None:
    found = eisfit.plan(two_arcs(3.0))
    assert dataclasses.is_dataclass(Plan)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.target = found.errors[0]  # type: ignore[misc]
    assert found == eisfit.plan(two_arcs(3.0))
    assert "<table>" in found._repr_html_()
    assert "helps most" in repr(found)
    frame = found.to_dataframe()
    assert list(frame["measurement"]) == [m.name for m in found.measurements]
    assert frame["gain"].dtype == float
    assert len(found.to_dataframe("predicted_errors")) == len(found.errors)
    assert found.plot().axes[0].get_xscale() == "log"
    rows = plots.KINDS["plan"].data(found)
    assert rows[0]["unit"] == "meV"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("interfce", "no contribution 'interfce' (did you mean 'interface'?)"),
        ("electrode", "no contribution 'electrode'"),
    ],
)
def test_an_unknown_target_is_told_what_there_is(text: str, sentence: str) -> None:
    with pytest.raises(InputError) as told:
        eisfit.plan(two_arcs(3.0), text)
    assert str(told.value).startswith(sentence)
    assert "liquid + bulk, grain boundary, interface" in str(told.value)


def test_mistakes_in_complements_are_one_sentence_each() -> None:
    cell = two_arcs(3.0)
    conditions = Conditions(area_cm2=0.785, electrodes=2)
    expected = {"bulk": Expected(160, capacitance_f=3.5e-11), "electrode": Expected(capacitance_f=1e-5)}

    def pellet(shares: list[str], conditions: Conditions = conditions, **more: Expected) -> PlannedCell:
        return cell.complement("pellet", "se_blocking", shares, {**expected, **more}, conditions=conditions)

    with pytest.raises(
        InputError, match="complement 'pellet': thickness_cm is not known, so 'grain boundary' cannot"
    ):
        pellet(["grain boundary"])
    with pytest.raises(InputError, match="the cell: 'bulk' is no segment that can be shared"):
        pellet(["bulk"])
    with pytest.raises(
        InputError, match=r"'grain boundry' is no segment that can be shared \(did you mean 'grain bou"
    ):
        pellet(["grain boundry"])
    with pytest.raises(InputError, match="'grain boundary' is shared, so its values are those of the cell"):
        pellet(["grain boundary"], conditions, **{"grain boundary": Expected(100, capacitance_f=1e-8)})
    whole = Conditions(area_cm2=0.785, thickness_cm=0.2, electrodes=2)
    with pytest.raises(InputError, match="complement 2 is called 'pellet': give each a name of its own"):
        eisfit.plan(cell, complements=[pellet(["grain boundary"], whole)] * 2)
    with pytest.raises(InputError, match="complement 'pellet' shares nothing"):
        eisfit.plan(cell, complements=[dataclasses.replace(pellet(["grain boundary"], whole), shares=())])


def test_what_lies_between_the_probes_must_be_expected() -> None:
    with pytest.raises(InputError, match="nothing is expected of 'interface', which lies between the probes"):
        PlannedCell.of(
            "le_se",
            {
                "liquid": Expected(10),
                "bulk": Expected(10, capacitance_f=1e-11),
                "grain boundary": Expected(10, capacitance_f=1e-9),
            },
            temperatures_c=[25],
            conditions=Conditions(electrodes=4),
        )
    with pytest.raises(InputError, match="asr_ohm_cm2 needs the area: give area_cm2, or resistance_ohm"):
        PlannedCell.of("le", {"liquid": Expected(asr_ohm_cm2=10)}, temperatures_c=[25])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"temperatures_c": ()}, "temperatures_c is empty"),
        ({"frequency_hz": (1.0, 10.0)}, "frequency_hz is 1, 10"),
        ({"noise": 5.0}, "noise is 5; it is a fraction, such as 0.005 for 0.5 %"),
        ({"points_per_decade": 0}, "points_per_decade is 0"),
        ({"temperatures_c": (-300.0,)}, "-300"),
    ],
)
def test_numbers_of_a_cell_are_checked(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        dataclasses.replace(one_arc(), **change)  # type: ignore[arg-type]


def test_figures_of_other_results_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a figure of a plan needs a Plan, and this is a Series"):
        plots.figure("plan", four_electrode())


def test_what_is_fixed_has_no_error_and_sharpens_the_rest() -> None:
    expected = {"R0": 20.0, "R1": 500.0, "C1": 1e-6}
    free = PlannedCell.of("R0-p(R1,C1)", expected, temperatures_c=[25])
    fixed = eisfit.Template.from_circuit("R0-p(R1,C1)").setting({"R0": 20.0})
    known = PlannedCell.of(fixed, expected, temperatures_c=[25])
    assert eisfit.plan(known, "R1").target.stderr < eisfit.plan(free, "R1").target.stderr
    with pytest.raises(InputError, match="no contribution 'R0'; name one of R1"):
        eisfit.plan(known, "R0")


def test_what_is_tied_is_one_parameter() -> None:
    circuit, arcs = "R0-p(R1,CPE1)-p(R2,CPE2)", {"R1": 250.0, "CPE1_Q": 1e-7, "R2": 500.0, "CPE2_Q": 1e-5}
    expected = {"R0": 20.0, "CPE1_alpha": 0.9, "CPE2_alpha": 0.9, **arcs}
    tied = eisfit.Template.from_circuit(circuit).setting({"CPE2_alpha": "CPE1_alpha"})
    one, two = (PlannedCell.of(t, expected, temperatures_c=[25]) for t in (tied, circuit))
    assert eisfit.plan(one, "R1").target.stderr < 0.9 * eisfit.plan(two, "R1").target.stderr


def test_a_complement_of_a_cell_at_one_temperature_is_measured_there() -> None:
    cell = two_arcs(3.0).with_temperatures([25.0])
    alone = eisfit.plan(cell, complements=[pellet_of(cell)])
    assert alone.best is not None
    assert (alone.best.kind, alone.best.told) == ("complement", True)
    with pytest.raises(InputError, match="'pellet' is measured at 0, 25 °C, the cell at 25 °C alone"):
        eisfit.plan(cell, complements=[pellet_of(cell, temperatures_c=[0, 25])])


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (3, "a plan is of a PlannedCell, the name of a scenario or a fitted series; this is a int"),
        ("plan.toml", "read a file by eisfit.workflow.plan_file.read_plan"),
        ("llto_le_4_electrode", "did you mean 'llto_le_four_electrode'"),
    ],
)
def test_what_cannot_be_planned_is_said(cell: object, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        eisfit.plan(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("noise", "alone", "shared"),
    [(0.005, (25, 55, 2.4, 6.3), (11, 16, 1.6, 3.9)), (0.001, (5.3, 12, 1.2, 3.5), (2.5, 4.6, 1.1, 3.4))],
)
def test_a_small_interphase_is_known_as_derived(
    noise: float, alone: tuple[float, ...], shared: tuple[float, ...]
) -> None:
    """Interphase and charge transfer, 2 and 13 % of the path at 80 °C: R in percent and E_A in meV of both."""
    cell = PlannedCell.of_scenario(SCENARIOS["lpscl_peo_four_electrode"])
    conditions = cell.conditions.updated(temperature_err_c=0.3)
    found = eisfit.plan(
        dataclasses.replace(cell, noise=noise, conditions=conditions), "interphase", reference_c=80
    )
    estimates: tuple[tuple[Estimate, tuple[float, ...]], ...] = (("joint", alone), ("shared", shared))
    for estimate, derived in estimates:
        errors = []
        for name in ("interphase", "charge transfer"):
            at_80 = found.error(name, "resistance by the law", estimate=estimate)
            errors += [at_80.stderr_percent, 1e3 * found.error(name, estimate=estimate).stderr]
        assert errors == pytest.approx(list(derived), rel=0.1)


def test_scenarios_are_planned_by_their_letters() -> None:
    assert eisfit.plan("a", "interface").target.stderr == eisfit.plan("A", "interface").target.stderr > 0
