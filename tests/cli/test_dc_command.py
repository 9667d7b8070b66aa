"""The command dc."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eisfit import store
from eisfit.polarisation import DcAnswer
from support.commands import Command, rows
from support.dc_cells import (
    AREA_CM2,
    DENSITIES,
    INSTRUMENTS,
    PLACES,
    as_csv,
    ec_lab,
    eight_electrodes,
    potentials,
    steps_of,
)
from support.formats_synthetic import mpr, records


@pytest.fixture
def cell(tmp_path: Path) -> Path:
    path = tmp_path / "cell.csv"
    path.write_text(as_csv(eight_electrodes(1)))
    return path


def values(text: str) -> dict[str, dict[str, float]]:
    (found,) = json.loads(text)["cells"]
    return {row["quantity"]: row for row in found["values"]}


def test_eight_electrodes_give_the_transfer(eisfit: Command, cell: Path) -> None:
    ran = eisfit("dc", cell, "--json")
    assert ran.code == 0
    found = values(ran.out)
    for name, truth in (
        ("i0_a_per_cm2", 53.1e-6),
        ("alpha", 0.44),
        ("r_slei_ohm_cm2", 300),
        ("r_p_ohm_cm2", 784),
    ):
        assert abs(found[name]["value"] - truth) < 4 * found[name]["stderr"]
    (data,) = json.loads(ran.out)["cells"]
    assert data["determined"] is True
    assert len(data["points"]) == 28
    assert np.array(data["correlation"]).shape == (3, 3)


def test_the_table_and_the_figure(eisfit: Command, cell: Path, tmp_path: Path) -> None:
    ran = eisfit("dc", cell, "--figure", "-o", tmp_path / "out")
    assert ran.code == 0
    assert "R_SLEI" in ran.err
    assert "Ω cm²" in ran.err
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"dc.csv", "dc.pdf", "dc.png"}
    assert len(rows(tmp_path / "out" / "dc.csv")) == 28
    again = eisfit("dc", cell, "--figure", "-o", tmp_path / "out")
    assert again.code == 2
    assert "exists already" in again.err


def test_an_instrument_file_takes_what_is_missing_from_options(eisfit: Command, tmp_path: Path) -> None:
    path = tmp_path / "run.DTA"
    path.write_text(INSTRUMENTS["DTA"](*steps_of()))
    asked = eisfit("dc", path, "--series-ohm", "0")
    assert asked.code == 1
    assert "run: the temperature is missing" in asked.err
    assert eisfit("dc", path, "--temperature-c", "25").err.count("give what is in series") == 1
    ran = eisfit("dc", path, "--temperature-c", "25", "--series-ohm", "0", "--json")
    assert abs(values(ran.out)["alpha"]["value"] - 0.44) < 4 * values(ran.out)["alpha"]["stderr"]


def test_a_binary_run_of_ec_lab(eisfit: Command, tmp_path: Path) -> None:
    time, potential, current = steps_of()
    columns = {4: time.tolist(), 6: potential.tolist(), 8: (1e3 * current).tolist()}
    path = tmp_path / "run.mpr"
    path.write_bytes(mpr(records(columns, 3), 3))
    ran = eisfit("dc", path, "--temperature-c", "25", "--area-cm2", "0.785", "--series-ohm", "0", "--json")
    assert ran.code == 0, ran.err
    assert (
        abs(values(ran.out)["r_slei_ohm_cm2"]["value"] - 300)
        < 4 * values(ran.out)["r_slei_ohm_cm2"]["stderr"]
    )


def test_a_batch_runs_to_its_end(eisfit: Command, cell: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("current,U/V\n1,2\n")
    ran = eisfit("dc", tmp_path / "bad.csv", cell, "--json")
    assert ran.code == 1
    assert "bad.csv: the heading 'current' tells no unit" in ran.err
    assert "alpha" in values(ran.out)
    nothing = eisfit("dc", tmp_path / "bad.csv")
    assert nothing.code == 3


def test_positions_and_faces_belong_together(eisfit: Command, cell: Path) -> None:
    ran = eisfit("dc", cell, "--position", "L1=0")
    assert ran.code == 2
    assert "--position and --solid-mm belong together" in ran.err
    near = eisfit("dc", cell, "--position", "L11=0", "--solid-mm", "2..4")
    assert "position is given for 'L11', which is no column (did you mean 'L1'?)" in near.err


def test_files_are_joined_on_request(eisfit: Command, tmp_path: Path) -> None:
    paths = []
    for seed in (1, 2):
        paths.append(tmp_path / f"part_{seed}.csv")
        paths[-1].write_text(as_csv(eight_electrodes(seed)))
    (joined,) = json.loads(eisfit("dc", *paths, "--together", "--json").out)["cells"]
    assert len(joined["points"]) == 56
    assert len(json.loads(eisfit("dc", *paths, "--json").out)["cells"]) == 2


def test_dc_is_compared_with_the_impedance(eisfit: Command, cell: Path) -> None:
    more = eisfit("dc", cell, "--impedance-ohm-cm2", "500", "--impedance-stderr-ohm-cm2", "5")
    assert "cell: dc resists more than the impedance tells" in more.err
    alike = eisfit("dc", cell, "--impedance-ohm-cm2", "784", "--impedance-stderr-ohm-cm2", "20", "--json")
    (found,) = json.loads(alike.out)["cells"]
    assert any(r.startswith("dc and impedance agree") for r in found["remarks"])


def test_eight_electrodes_at_analog_inputs_of_ec_lab(eisfit: Command, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    n = 60
    clean = np.repeat(potentials(DENSITIES), n, axis=0)
    measured = clean + 1e-3 * rng.standard_normal(clean.shape)
    current = np.repeat(AREA_CM2 * DENSITIES, n)
    text = ec_lab(
        np.linspace(0.0, 2.0 * current.size, current.size), measured[:, 0] - measured[:, 5], current
    ).splitlines()
    at = next(k for k, line in enumerate(text) if line.startswith("mode"))
    names = [f"Analog IN {k}" for k in range(1, 7)]
    text[at] += "".join(f"\t{name}/V" for name in names)
    for k, row in enumerate(measured, at + 1):
        text[k] += "".join(f"\t{u:.7E}" for u in row)
    path = tmp_path / "run.mpt"
    path.write_text("\r\n".join(text) + "\r\n", encoding="latin-1")
    given = ["--temperature-c", "25", "--json"]
    refused = eisfit("dc", path, *given)
    assert "the positions of the probes Ewe, Analog IN 1" in refused.err
    for name, x in zip(names, PLACES.values(), strict=True):
        given += ["--probe", name, "--position", f"{name}={x}"]
    ran = eisfit("dc", path, *given, "--solid-mm", "2..4")
    assert ran.code == 0, ran.err
    found = values(ran.out)
    for name, truth in (("i0_a_per_cm2", 53.1e-6), ("alpha", 0.44), ("r_slei_ohm_cm2", 300)):
        assert abs(found[name]["value"] - truth) < 4 * found[name]["stderr"]


def test_all_answers_are_kept_in_one_file(eisfit: Command, cell: Path, tmp_path: Path) -> None:
    path = tmp_path / "results.h5"
    twice = tmp_path / "twice.csv"
    twice.write_bytes(Path(cell).read_bytes())
    ran = eisfit("dc", cell, twice, "-o", path)
    assert ran.code == 0, ran.err
    assert str(path) in ran.out
    answers = store.load(path)
    assert [type(each) for each in answers] == [DcAnswer, DcAnswer]
    assert answers[0].fit.law.alpha == pytest.approx(0.44, abs=0.02)
    assert store.load_settings(path)["charge"] == 1
    assert eisfit("dc", cell, "-o", path).code == 2
    drawn = eisfit(
        "plot", path, "current_overpotential", "--data", "--format", "png", "-o", tmp_path / "figures"
    )
    assert drawn.code == 0, drawn.err
    assert {p.suffix for p in (tmp_path / "figures").iterdir()} == {".png", ".csv"}
    assert eisfit("dc", cell, "-o", tmp_path / "one.h5").code == 0
    asked = json.loads(eisfit("diagnose", tmp_path / "one.h5", "--json").out)
    assert asked == json.loads(eisfit("diagnose", "--dc", cell, "--json").out)


def test_what_does_not_fit_a_file_of_answers_is_refused(eisfit: Command, cell: Path, tmp_path: Path) -> None:
    path = tmp_path / "results.h5"
    ran = eisfit("dc", cell, "-o", path, "--figure")
    assert (ran.code, path.exists(), "--figure goes into a folder" in ran.err) == (2, False, True)
    assert eisfit("dc", cell, "-o", path).code == 0
    assert "there is no figure 'nyquist'; draw current_overpotential" in eisfit("plot", path, "nyquist").err
