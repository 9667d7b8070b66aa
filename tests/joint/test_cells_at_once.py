"""Joint fits of templates: names of the arcs, specific values, complementary cells."""

import pytest

import eisfit
from eisfit.errors import SeriesError
from support.joint_cells import GEOMETRY, fitted_jointly, pellet, two_arcs

SEGMENTS = dict.fromkeys(("liquid + bulk", "grain boundary", "interface"), "arrhenius")


def test_a_template_is_named_where_its_capacitances_decide() -> None:
    spectra = two_arcs(
        1, count=2, capacitances=(8e-9, 7e-7), off_k=0.3, temperatures=range(0, 61, 10), conditions=GEOMETRY
    )
    joint = fitted_jointly(spectra, "le_se", laws=SEGMENTS)
    assert joint.odds > 20
    assert [law.contribution for law in joint.laws] == ["liquid + bulk", "grain boundary", "interface"]
    boundary = joint.law("interface")
    assert (boundary.quantity, boundary.unit, boundary.ordinate) == ("asr", "ohm cm2", "ln(1/R)")
    assert abs(boundary["E"].value - 0.52) < 3.5 * boundary["E"].stderr
    asr = next(r for r in boundary.references if r.temperature_c == 25)
    assert abs(asr.value - 500 * 0.785) < 3.5 * asr.stderr
    layer = joint.law("grain boundary")
    assert (layer.quantity, layer.ordinate) == ("conductivity", "ln(sigma T)")
    sigma = next(r for r in layer.references if r.temperature_c == 25)
    assert abs(sigma.value - 0.1 / (250 * 0.785)) < 4 * sigma.stderr


def test_a_template_is_left_undecided_where_capacitances_fit_both_ways() -> None:
    spectra = two_arcs(
        2, count=2, capacitances=(1e-7, 2.6e-7), off_k=0.3, temperatures=range(0, 61, 10), conditions=GEOMETRY
    )
    joint = fitted_jointly(spectra, "le_se", laws=SEGMENTS)
    assert joint.odds < 20
    names = [law.contribution for law in joint.laws]
    assert names == ["liquid + bulk", "grain boundary or interface (1)", "grain boundary or interface (2)"]
    assert any("is not decided" in text for text in joint.remarks)
    assert all(law.quantity == "resistance" for law in joint.laws[1:])
    for order, energies in (
        (("grain boundary", "interface"), (0.40, 0.52)),
        (("interface", "grain boundary"), (0.52, 0.40)),
    ):
        known = fitted_jointly(spectra, "le_se", laws=SEGMENTS, assign=order)
        found = [known.law(name)["E"].value for name in ("grain boundary", "interface")]
        assert found == pytest.approx(energies, abs=0.04)


@pytest.mark.parametrize(
    ("capacitance", "seed"),  # time constants of 5 and 3 times that of the grain boundary
    [
        (2.6e-7, 0),
        *(pytest.param(c, k, marks=pytest.mark.slow) for c, k in ((2.6e-7, 1), (1.5e-7, 0), (1.5e-7, 1))),
    ],
)
def test_a_pellet_decides_which_arc_is_which_and_sharpens_the_interface(
    capacitance: float, seed: int
) -> None:
    cell = two_arcs(
        seed,
        count=2,
        capacitances=(1e-7, capacitance),
        off_k=0.3,
        temperatures=range(0, 61, 10),
        conditions=GEOMETRY,
    )
    complement = eisfit.Complement(pellet(seed, 1e-7), "se_blocking", ("grain boundary",), 0.02, "pellet")
    joint = fitted_jointly(cell, "le_se", laws=SEGMENTS, complements=[complement])
    assert joint.odds > 20
    interface = joint.law("interface")
    assert interface["E"].stderr < 0.0045
    assert abs(interface["E"].value - 0.52) < 3.5 * interface["E"].stderr
    at_25 = next(r for r in interface.references if r.temperature_c == 25)
    assert at_25.stderr < 0.012 * at_25.value
    assert abs(at_25.value - 500 * 0.785) < 3.5 * at_25.stderr
    assert joint["grain boundary C"].value == pytest.approx(1e-7, rel=0.05)


def test_a_complement_without_geometry_is_one_sentence() -> None:
    cell = two_arcs(0, count=2, temperatures=range(0, 61, 20), conditions=GEOMETRY)
    bare = [
        eisfit.Spectrum(
            s.frequency_hz,
            s.z_ohm,
            conditions=eisfit.Conditions(temperature_c=s.conditions.temperature_c, electrodes=2),
            label=s.label,
        )
        for s in pellet(0, 1e-7)
    ]
    complement = eisfit.Complement(bare, "se_blocking", ("grain boundary",), name="pellet")
    with pytest.raises(
        SeriesError, match="pellet, p-40: area_cm2 is not known, so 'grain boundary' cannot be shared"
    ):
        fitted_jointly(cell, "le_se", laws=SEGMENTS, complements=[complement])
