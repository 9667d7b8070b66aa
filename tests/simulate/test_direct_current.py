"""Scenario L: its table and its file of EC-Lab both give what was put in."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from eisfit import InputError
from eisfit.polarisation import ProbeLayout, answer, read_dc
from eisfit.simulate import DcCell, simulate, simulate_dc, write_dc
from support.commands import Command

TRUTH = {"i0_a_per_cm2": 53.1e-6, "alpha": 0.44, "r_slei_ohm_cm2": 300.0}


def pulls(found: object) -> list[float]:
    law, error = found.fit.law, found.fit.stderr  # type: ignore[attr-defined]
    return [(getattr(law, name) - true) / error[name] for name, true in TRUTH.items()]


@pytest.mark.parametrize("seed", range(5))
def test_both_files_give_the_interface_within_errors(tmp_path: Path, seed: int) -> None:
    made = simulate_dc(seed=seed)
    write_dc(made, tmp_path)
    (table,) = read_dc(tmp_path / "cell.csv")
    (record,) = read_dc(tmp_path / "cell.mpt")
    inputs = [f"Analog IN {k}" for k in range(1, 7)]
    places = ProbeLayout(dict(zip(inputs, made.cell.places_mm.values(), strict=True)), made.cell.solid_mm)
    record = record.only(inputs).under(temperature_c=25.0, layout=places)
    assert record.area_cm2 == pytest.approx(0.785)
    for data in (table, record):
        assert max(map(abs, pulls(answer(data)))) < 3.5


def test_the_truth_and_the_readme_lie_beside_the_data(tmp_path: Path) -> None:
    write_dc(simulate_dc(seed=3), tmp_path)
    truth = tomllib.loads((tmp_path / "truth.toml").read_text("utf-8"))
    assert truth["mechanism"] == "charge transfer beside an interphase"
    assert {name: truth[name] for name in TRUTH} == TRUTH
    readme = (tmp_path / "README.md").read_text("utf-8")
    assert "simulated, not measured" in readme
    assert "--seed 3" in readme
    with pytest.raises(InputError, match="holds a simulation already"):
        write_dc(simulate_dc(seed=3), tmp_path)


def test_equal_seeds_give_equal_data() -> None:
    assert simulate_dc(seed=1).data == simulate_dc(seed=1).data
    assert simulate_dc(seed=1).data != simulate_dc(seed=2).data


def test_without_noise_the_points_lie_on_the_law() -> None:
    cell = DcCell(current_err=0.0)
    data = simulate_dc(cell, noise_v=0.0).data
    assert data.potential_v == pytest.approx(cell.potentials_v(data.current_a / 0.785), abs=1e-15)
    with pytest.raises(InputError, match="noise_v is -1: it must be finite and not below 0"):
        simulate_dc(noise_v=-1.0)


def test_simulate_says_how_dc_data_are_made() -> None:
    with pytest.raises(InputError, match=r"scenario 'L' is dc data without spectra: call simulate_dc\(\)"):
        simulate("L")


def test_the_command_writes_what_the_command_dc_reads(eisfit: Command, tmp_path: Path) -> None:
    assert eisfit("simulate", "L", "-o", tmp_path / "l").code == 0
    assert eisfit("dc", tmp_path / "l" / "cell.csv").code == 0
    refused = eisfit("simulate", "L", "-o", tmp_path / "m", "--noise", "0.1")
    assert refused.code == 2
    assert "--noise: scenario 'L' is dc data" in refused.err
    assert "llzo_eight_electrodes_dc" in eisfit("simulate", "list").out
