"""RelaxIS projects whose records hold a permittivity only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import NoImpedance
from eisfit.formats import read_file
from eisfit.spectrum.spectrum import Spectrum
from support import formats_synthetic as made
from support.formats_samples import kinds
from support.formats_synthetic import Z


def reread(folder: Path, *facts: dict[str, object]) -> list[Spectrum]:
    (folder / "cell.eis3").write_bytes(made.eis3(*facts))
    return read_file(folder / "cell.eis3")


@pytest.mark.parametrize("mark", [0, "0", "False", None])
def test_a_record_that_is_not_marked_is_an_impedance(tmp_path: Path, mark: object) -> None:
    (s,) = reread(tmp_path, {"IsEpsOnlyData": mark})
    np.testing.assert_allclose(s.z_ohm, Z)
    assert "permittivity" not in kinds(s)


@pytest.mark.parametrize("mark", [1, "1", "True"])
def test_a_permittivity_is_no_impedance(tmp_path: Path, mark: object) -> None:
    with pytest.raises(NoImpedance, match=r"1 of 1 records hold a permittivity only \(IsEpsOnlyData\)"):
        reread(tmp_path, {"IsEpsOnlyData": mark})


def test_the_other_records_of_the_project_are_read(tmp_path: Path) -> None:
    first, last = reread(tmp_path, {"IsEpsOnlyData": 0}, {"IsEpsOnlyData": 1}, {"Temperature": 25.0})
    np.testing.assert_allclose(first.z_ohm, Z)
    np.testing.assert_allclose(last.z_ohm, 3 * Z)
    assert last.conditions.temperature_c == 25.0
    for s in (first, last):
        assert [f.text for f in s.findings if f.kind == "permittivity"] == [
            "1 of 3 records hold a permittivity only (IsEpsOnlyData) and were left out"
        ]
