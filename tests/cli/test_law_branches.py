"""Heating against cooling on the command line: from a column, from times, from the order of lines."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from support.commands import Command

LAW = "heating against cooling"
TEMPERATURE = np.array([0.0, 20, 40, 60, 80, 60, 40, 20, 0])
RISES = np.array([True] * 5 + [False] * 4)


def written(path: Path, ratio: float, column: str = "", order: np.ndarray | None = None) -> Path:
    rng = np.random.default_rng(3)
    kelvin = TEMPERATURE + 273.15
    value = 100 * np.exp(0.5 / 8.617333262e-5 * (1 / kelvin - 1 / 298.15) + 0.02 * rng.normal(size=9))
    value = value * np.where(RISES, 1.0, ratio)
    cells = {"branch": np.where(RISES, "Heating", "cooling"), "time_h": np.arange(9.0)}
    lines = [
        f"temperature_c,asr_ohm_cm2,asr_stderr_ohm_cm2,temperature_err_c{',' + column if column else ''}"
    ]
    for k in range(9) if order is None else order:
        own = f",{cells[column][k]}" if column else ""
        lines.append(f"{TEMPERATURE[k]},{value[k]:.6g},{0.02 * value[k]:.6g},0.01{own}")
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("column", ["", "branch", "time_h"])
def test_what_grew_between_the_branches_is_told(eisfit: Command, tmp_path: Path, column: str) -> None:
    order = np.random.default_rng(1).permutation(9) if column else None
    ran = eisfit("law", LAW, written(tmp_path / "cell.csv", 1.3, column, order), "--json")
    (found,) = json.loads(ran.out)["contributions"]
    assert found["differ"]
    assert found["cooling_over_heating"] == pytest.approx(1.3, rel=0.06)
    assert found["heating"]["points"], found["cooling"]["points"] == (5, 4)
    assert "cooling gives" in ran.err


def test_equal_branches_agree(eisfit: Command, tmp_path: Path) -> None:
    ran = eisfit("law", "heating_against_cooling", written(tmp_path / "cell.csv", 1.0))
    assert ran.code == 0
    assert "heating and cooling agree: one energy" in ran.err
    assert "both, one energy" in ran.err


def test_mistakes_have_their_cure(eisfit: Command, tmp_path: Path) -> None:
    path = written(tmp_path / "cell.csv", 1.0)
    path.write_text("\n".join(path.read_text().splitlines()[:6]) + "\n")
    ran = eisfit("law", LAW, path)
    assert ran.code == 1
    assert "runs one way in the order measured" in ran.err
    wrong = written(tmp_path / "wrong.csv", 1.0, "branch")
    wrong.write_text(wrong.read_text().replace("Heating", "sideways"))
    assert "line 2: branch is 'sideways': write heating or cooling" in eisfit("law", LAW, wrong).err
    assert "leave --against" in eisfit("law", LAW, path, "--against", "vft").err
