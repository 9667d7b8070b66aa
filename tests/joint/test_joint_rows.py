"""The contributions of a joint fit: the same words as those of single fits, by all spectra together."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import eisfit
from eisfit.reporting.path_values import PathValues
from eisfit.results.series import Series
from support.joint_cells import (
    GEOMETRY,
    activated,
    liquid_alone,
    pellet,
    solid_in_liquid,
    solid_without_interface,
    two_arcs,
)

SEGMENTS = dict.fromkeys(("liquid + bulk", "grain boundary", "interface"), "arrhenius")
COLD_TO_WARM = (0, 20, 40, 60)


@pytest.fixture(scope="module")
def cell_and_pellet() -> Series:
    cell = two_arcs(
        1,
        count=2,
        capacitances=(1e-7, 1.5e-7),
        off_k=0.3,
        temperatures=COLD_TO_WARM,
        conditions=GEOMETRY,
    )
    other = eisfit.Complement(pellet(1, 1e-7)[::2], "se_blocking", ("grain boundary",), 0.02, "pellet")
    return eisfit.fit_joint(cell, "le_se", laws=SEGMENTS, complements=[other])


def test_each_spectrum_has_rows_by_all_spectra_together(cell_and_pellet: Series) -> None:
    joint = cell_and_pellet.joint
    assert joint is not None
    for label, celsius in zip(joint.labels[:4], COLD_TO_WARM, strict=True):
        interface, boundary = (joint.contribution(label, n) for n in ("interface", "grain boundary"))
        assert (interface.resolved, boundary.resolved) == ("yes", "yes")
        kelvin = celsius + 273.15
        true = {
            "interface": activated(1000, 0.52, kelvin),
            "grain boundary": activated(250, 0.40, kelvin) * kelvin / 298.15,
        }
        for row in (interface, boundary):
            off = row.resistance_ohm - true[row.name]
            assert abs(off) < 4 * np.hypot(row.resistance_stderr_ohm, 0.02 * true[row.name])
            assert row.resistance_stderr_ohm < 0.05 * row.resistance_ohm
            assert row.ci95_ohm[0] < row.resistance_ohm < row.ci95_ohm[1]
        assert interface.asr_ohm_cm2 == pytest.approx(0.785 * interface.resistance_ohm / 2)
        assert boundary.conductivity_s_cm == pytest.approx(0.1 / (0.785 * boundary.resistance_ohm))
    assert joint.contributions("pellet: p-40")[-1].resolved == "blocking"


def test_both_estimates_stand_in_one_table_and_in_the_file(cell_and_pellet: Series, tmp_path: Path) -> None:
    rows = eisfit.tables.tables(cell_and_pellet)["contributions"]
    assert {row["estimate"] for row in rows} == {"independent", "joint"}
    own = [r for r in rows if r["estimate"] == "joint" and r["contribution"] == "interface"]
    assert [row["temperature_c"] for row in own] == list(COLD_TO_WARM)
    path = eisfit.store.save(tmp_path / "joint.h5", cell_and_pellet)
    assert eisfit.store.load(path) == cell_and_pellet


def test_a_wrong_label_or_name_is_one_sentence(cell_and_pellet: Series) -> None:
    joint = cell_and_pellet.joint
    assert joint is not None
    with pytest.raises(
        KeyError, match=r"no spectrum 'c00' .*did you mean 'c0'.* in the joint fit; there are 'c0'"
    ):
        joint.contributions("c00")
    with pytest.raises(KeyError, match=r"c0 in the joint fit: no contribution 'interfase'.*did you mean"):
        joint.contribution("c0", "interfase")


@pytest.mark.parametrize("seed", [0, 1])
def test_what_no_spectrum_shows_is_limited_by_all_of_them(seed: int) -> None:
    spectra = solid_without_interface(seed, temperatures=COLD_TO_WARM)
    series = eisfit.fit_joint(spectra, "le_se", laws=SEGMENTS)
    joint = series.joint
    assert joint is not None
    assert "interface" not in [law.contribution for law in joint.laws]
    assert any("interface is not detected by all spectra together" in text for text in joint.remarks)
    limits = []
    for fit in series:
        row = joint.contribution(fit.label, "interface")
        assert (row.resolved, row.cause) == ("upper limit", "not detected")
        assert joint.contribution(fit.label, "grain boundary").resolved in ("yes", "top outside window")
        limits.append((row.limit_ohm, fit["interface"].limit_ohm))
    assert min(by_all for by_all, _ in limits) < min(alone for _, alone in limits)


def test_a_twin_is_tested_for_each_quantity_that_it_shares(cell_and_pellet: Series) -> None:
    joint = cell_and_pellet.joint
    assert joint is not None
    assert [(c.cell, c.parameter) for c in joint.consistency] == [
        ("pellet", name) for name in ("grain boundary C", "grain boundary alpha", "grain boundary")
    ]
    assert not any(c.rejected for c in joint.consistency)
    assert joint.outcome is eisfit.Outcome.GOOD


def test_a_conductivity_cell_splits_liquid_and_bulk() -> None:
    pulls = []
    for seed in range(4):
        other = eisfit.Complement(liquid_alone(seed), "le", ("liquid",), 0.02, "conductivity cell")
        joint = eisfit.fit_joint(solid_in_liquid(seed), "le_se", laws=SEGMENTS, complements=[other]).joint
        assert joint is not None
        assert {"liquid", "bulk"} <= {law.contribution for law in joint.laws}
        kelvin = 293.15
        true = {
            "liquid": kelvin / 298.15 * activated(60, 0.15, kelvin),
            "bulk": kelvin / 298.15 * activated(100, 0.35, kelvin),
        }
        for name, value in true.items():
            row = joint.contribution("c20", name)
            assert row.stderr_log < 0.03
            pulls.append(float(np.log(row.resistance_ohm / value) / row.stderr_log))
            assert np.isfinite(row.conductivity_s_cm)
    assert np.max(np.abs(pulls)) < 3.5


@pytest.mark.parametrize(
    ("known", "joined"),
    [((), True), (("electrode",), False), (("interface",), False), (("polymer",), True)],
)
def test_electrodes_are_told_from_the_interface_where_one_of_them_is_known(
    known: tuple[str, ...], joined: bool
) -> None:
    template = eisfit.template("pe_se", electrodes=2)
    estimate = SimpleNamespace(problem=SimpleNamespace(template=template), apart=frozenset(known))
    path = PathValues(estimate)  # type: ignore[arg-type]
    assert path.with_electrode is joined
