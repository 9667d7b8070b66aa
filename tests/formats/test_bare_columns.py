"""Columns without headings: what they show by themselves is used, and what they cannot be is refused."""

from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit.errors import FormatError

F = np.geomspace(1e5, 1.0, 16)
Z = 10 + 100 / (1 + 2j * np.pi * F * 1e-3)


def written(folder: Path, *columns: np.ndarray) -> Path:
    path = folder / "bare.csv"
    np.savetxt(path, np.column_stack(columns), delimiter=",", fmt="%.5g")
    return path


@pytest.mark.parametrize("more", [(), (np.angle(Z, deg=True),), (np.angle(Z, deg=True), np.arange(16.0))])
def test_a_fourth_column_that_is_their_modulus_tells_the_second_and_third(
    tmp_path: Path, more: tuple[np.ndarray, ...]
) -> None:
    (s,) = eisfit.read(written(tmp_path, F, Z.real, Z.imag, np.abs(Z), *more))
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-4)
    assert [f.text for f in s.findings] == [
        "the columns have no headings: taken as frequency/Hz, Z'/ohm, Z''/ohm, the sign as it stands; the fourth is "
        "their modulus"
    ]


def test_other_columns_beside_them_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="5 columns have no headings and cannot be identified"):
        eisfit.read(written(tmp_path, F, Z.real, Z.imag, np.angle(Z, deg=True), np.abs(Z)))


def test_a_second_column_that_is_negative_is_no_real_part(tmp_path: Path) -> None:
    log_modulus, phase = -np.log10(np.abs(Z)), np.angle(Z, deg=True)
    with pytest.raises(FormatError, match="the second column, which would be Z', is negative in most rows"):
        eisfit.read(written(tmp_path, F, log_modulus, phase))


def test_a_few_negative_real_parts_are_noise(tmp_path: Path) -> None:
    real = np.where(np.arange(16) < 3, -0.01, Z.real)
    (s,) = eisfit.read(written(tmp_path, F, real, Z.imag))
    assert len(s) == 16
