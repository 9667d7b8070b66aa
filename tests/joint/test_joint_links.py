"""Links of joint fits: laws beyond Arrhenius, ties, robust losses, twins that are none, and what is refused."""

import re
from collections.abc import Callable

import numpy as np
import pytest

import eisfit
from eisfit.errors import SeriesError
from eisfit.fitting.joint import with_joint
from eisfit.results.joint import Joint
from support.joint_cells import (
    GEOMETRY,
    LAWS_OF_ALL,
    TWO_ARCS,
    F,
    activated,
    fitted_jointly,
    pellet,
    two_arcs,
    zarc,
)

ONE_ARC = "R0-Zarc1"


def one_arc(
    seed: int, resistance: Callable[[float], float], at: list[float], of: Callable[[float], dict[str, object]]
) -> list[eisfit.Spectrum]:
    """Return spectra of a resistor and one arc whose resistance is a function of some condition."""
    rng, found = np.random.default_rng(seed), []
    for x in at:
        z = 20 + zarc(resistance(x), 1e-7, 0.9)
        z = z * (1 + 0.005 * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size)))
        conditions = eisfit.Conditions(**of(x))  # type: ignore[arg-type]
        found.append(eisfit.Spectrum(F, z, conditions=conditions, label=f"x{x:g}"))
    return found


HOURS = [1.0, 4.0, 10.0, 25.0, 60.0, 120.0]
MOLAR = [0.02, 0.05, 0.15, 0.4, 1.0, 2.0]
CELSIUS = [float(t) for t in range(0, 91, 10)]
BREAK_K = 318.15


def broken(t: float) -> float:
    kelvin = t + 273.15
    energy = 0.7 if kelvin < BREAK_K else 0.3
    return 500 * float(np.exp(energy / 8.617333262e-5 * (1 / kelvin - 1 / BREAK_K)))


def vogel(t: float) -> float:
    return 0.02 * float(np.exp(0.08 / 8.617333262e-5 / (t + 273.15 - 190.0))) * 100


@pytest.mark.parametrize(
    ("law", "over", "at", "resistance", "true"),
    [
        ("parabolic growth", "time_h", HOURS, lambda t: 100 + 30 * t**0.5, {"R0": 100, "k": 30}),
        (
            "saturating growth",
            "time_h",
            HOURS,
            lambda t: 100 + 300 * (1 - np.exp(-t / 20)),
            {"R0": 100, "rise": 300, "tau": 20},
        ),
        (
            "power of concentration",
            "concentration_mol_l",
            MOLAR,
            lambda c: 80 + 60 * c**-0.6,
            {"R0": 80, "K": 60, "n": 0.6},
        ),
        ("proportional to thickness", "thickness_cm", MOLAR, lambda d: 4000 * d, {"per_cm": 4000}),
        ("inverse to area", "area_cm2", MOLAR, lambda a: 90 / a, {"times_area": 90}),
        (
            "broken arrhenius",
            "temperature_c",
            CELSIUS,
            broken,
            {"E_low": 0.7, "E_high": 0.3, "T_break": BREAK_K},
        ),
        ("broken arrhenius at 45 °C", "temperature_c", CELSIUS, broken, {"E_low": 0.7, "E_high": 0.3}),
        ("vft", "temperature_c", CELSIUS, vogel, {"B": 0.08, "T0": 190.0}),
    ],
)
def test_a_resistance_follows_a_law_over_its_condition(
    law: str, over: str, at: list[float], resistance: Callable[[float], float], true: dict[str, float]
) -> None:
    pulls = []
    for seed in (1, 2):
        spectra = one_arc(seed, resistance, at, lambda x: {over: x})
        joint = fitted_jointly(spectra, ONE_ARC, laws={"Zarc1_R": law}, share=["Zarc1_C"], over=over)
        found = joint.law("Zarc1_R")
        assert not any(t.rejected for t in joint.tests)
        assert found.law == law
        pulls += [(found[name].value - value) / found[name].stderr for name, value in true.items()]
    assert np.max(np.abs(pulls)) < 4


def test_the_logarithm_of_a_capacitance_may_be_linear_in_1_over_t() -> None:
    rng, spectra = np.random.default_rng(2), []
    for t in CELSIUS:
        kelvin = t + 273.15
        c = 1e-7 * np.exp(-300 * (1 / kelvin - 1 / 298.15))
        z = 20 + zarc(activated(400, 0.4, kelvin), c, 0.9)
        z = z * (1 + 0.005 * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size)))
        spectra.append(eisfit.Spectrum(F, z, conditions=eisfit.Conditions(temperature_c=t), label=f"t{t:g}"))
    laws = {"Zarc1_R": "arrhenius", "Zarc1_C": "linear in 1/T"}
    law = fitted_jointly(spectra, ONE_ARC, laws=laws).law("Zarc1_C")
    assert (law.unit, law["value_25c"].unit) == ("F", "F")
    assert abs(law["value_25c"].value - 1e-7) < 4 * law["value_25c"].stderr
    assert abs(law["slope"].value + 300) < 4 * law["slope"].stderr


def test_a_law_that_bends_is_refused_with_the_pattern_of_its_residuals() -> None:
    spectra = one_arc(3, broken, CELSIUS, lambda t: {"temperature_c": t})
    test = next(t for t in fitted_jointly(spectra, ONE_ARC, laws={"Zarc1_R": "arrhenius"}).tests)
    assert test.rejected
    assert re.search(r"without it values lie above it .*, below it from .*, above it .* °C", test.sentence)
    assert test.spectrum in test.sentence


def test_where_no_vogel_temperature_shows_it_is_said() -> None:
    spectra = one_arc(4, lambda t: activated(300, 0.5, t + 273.15), CELSIUS, lambda t: {"temperature_c": t})
    law = fitted_jointly(spectra, ONE_ARC, laws={"Zarc1_R": "vft"}).law("Zarc1_R")
    assert "T0 not determined" in law.notes
    assert any("an Arrhenius law describes the points as well" in text for text in law.sentences())


# ties and robust losses


def test_ties_within_each_spectrum_hold_in_a_joint_fit() -> None:
    template = eisfit.Template.from_circuit(TWO_ARCS).setting({"Zarc2_alpha": "Zarc1_alpha"})
    joint = fitted_jointly(two_arcs(3, temperatures=(0, 20, 40, 60)), template, laws=LAWS_OF_ALL)
    for row in joint.parameters:
        own = {p.name: p for p in row}
        assert own["Zarc2_alpha"].state == "tied"
        assert own["Zarc2_alpha"].value == pytest.approx(own["Zarc1_alpha"].value, rel=1e-12)
        assert own["Zarc2_alpha"].stderr_log == pytest.approx(own["Zarc1_alpha"].stderr_log)
    with pytest.raises(SeriesError, match=r"'Zarc2_alpha' is Zarc2_alpha, which is tied to Zarc1_alpha"):
        fitted_jointly(two_arcs(3, temperatures=(0, 20)), template, share=["Zarc2_alpha"])


def test_a_robust_loss_keeps_bad_points_out_of_a_joint_fit() -> None:
    spectra = []
    for s in one_arc(
        5, lambda t: activated(300, 0.5, t + 273.15), CELSIUS[::2], lambda t: {"temperature_c": t}
    ):
        z = s.z_ohm.copy()
        z[20::9] *= 1.3
        spectra.append(eisfit.Spectrum(F, z, conditions=s.conditions, label=s.label))
    law = {"Zarc1_R": "arrhenius"}
    robust = fitted_jointly(spectra, ONE_ARC, laws=law, loss="student_t").law("Zarc1_R")["E"]
    plain = fitted_jointly(spectra, ONE_ARC, laws=law).law("Zarc1_R")["E"]
    assert abs(robust.value - 0.5) < 4 * robust.stderr
    assert robust.stderr < 0.5 * plain.stderr


# equal energies


def test_equal_energies_gain_nothing_unless_a_capacitance_is_tied() -> None:
    def errors(joint: Joint) -> float:
        return max(joint.law(f"Zarc{k}_R")["E"].stderr for k in (1, 2))

    spectra = two_arcs(2, energies=(0.45, 0.45))
    alone, tied = (
        fitted_jointly(spectra, TWO_ARCS, share=share, laws=LAWS_OF_ALL)
        for share in ([], ["Zarc1_C", "Zarc2_C"])
    )
    unequal = fitted_jointly(two_arcs(2), TWO_ARCS, laws=LAWS_OF_ALL)
    assert errors(alone) > 2 * errors(unequal)
    assert errors(tied) < 0.5 * errors(alone)
    said = "Zarc1_R and Zarc2_R have equal energies within their errors: their laws do not tell them apart"
    assert any(said in text for text in alone.remarks)
    assert not any("equal energies" in text for joint in (tied, unequal) for text in joint.remarks)


# twins


def test_a_twin_that_is_not_transferable_is_said_and_left_out_on_request_only() -> None:
    cell = two_arcs(
        1, count=2, capacitances=(1e-7, 1.5e-7), off_k=0.3, temperatures=(0, 30, 60), conditions=GEOMETRY
    )
    laws = dict.fromkeys(("liquid + bulk", "grain boundary", "interface"), "arrhenius")
    series = eisfit.fit_series(cell, "le_se")
    other = pellet(1, 2.0e-7)[::2]  # its grain boundary has twice the capacitance

    def joint(**said: object) -> Joint:
        twin = eisfit.Complement(other, "se_blocking", ("grain boundary",), 0.02, "pellet", **said)  # type: ignore[arg-type]
        found = with_joint(series, laws=laws, complements=[twin]).joint
        assert found is not None
        return found

    found = joint()
    bad = [c for c in found.consistency if c.rejected]
    assert "grain boundary C" in [c.parameter for c in bad]
    assert found.outcome is eisfit.Outcome.CONTRADICTED
    assert "pellet is not transferable: its grain boundary C is" in found.report()
    left_out = joint(use=False)
    assert left_out.consistency == ()
    assert "pellet is left out, as asked" in left_out.remarks


# bad input


@pytest.mark.parametrize(
    ("law", "said"),
    [
        (
            "parabolic growth",
            "law of 'Zarc1_R': parabolic growth is over time_h, which 'x0' does not know; state it",
        ),
        ("vvft", "no law 'vvft'"),
        (
            "broken arrhenius",
            "law of Zarc1_R: 3 value(s) of temperature_c; broken arrhenius has 4 parameters",
        ),
    ],
)
def test_a_law_that_cannot_be_followed_is_one_sentence(law: str, said: str) -> None:
    spectra = one_arc(1, lambda t: 300.0, [0.0, 20.0, 40.0], lambda t: {"temperature_c": t})
    with pytest.raises(SeriesError, match=re.escape(said)):
        fitted_jointly(spectra, ONE_ARC, laws={"Zarc1_R": law})


def test_what_is_fixed_in_the_template_is_not_linked_again() -> None:
    template = eisfit.Template.from_circuit(ONE_ARC).setting({"Zarc1_alpha": 0.9})
    spectra = one_arc(1, lambda t: 300.0, [0.0, 20.0, 40.0], lambda t: {"temperature_c": t})
    with pytest.raises(SeriesError, match=r"which is fixed at 0\.9: two known values contradict each other"):
        fitted_jointly(spectra, template, known={"Zarc1_alpha": (0.8, 0.01)})
