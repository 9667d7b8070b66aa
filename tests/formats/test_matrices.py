"""Spectra as rows or columns of a matrix, in text and in MATLAB files."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats import read_file
from support.formats_samples import kinds
from support.formats_synthetic import F, Z, is_z, reread


class TestMatrix:
    def lay(self, folder: Path, rows: list[list[float]], *frequency_files: str) -> Path:
        for name in frequency_files:
            (folder / name).write_text("\n".join(f"{f:.6e}" for f in F))
        (folder / "Z_30a.txt").write_text("\n".join(" ".join(f"{v:.9e}" for v in row) for row in rows))
        return folder / "Z_30a.txt"

    def pairs(self, factor: float) -> list[float]:
        return [float(v) for z in factor * Z for v in (z.real, z.imag)]

    def test_one_spectrum_per_row(self, tmp_path: Path) -> None:
        path = self.lay(tmp_path, [self.pairs(1), self.pairs(2)], "freq_30a.txt", "freq_other.txt")
        a, b = read_file(path)
        assert is_z(a)
        assert is_z(b, 2.0)
        assert kinds(a) == {"frequency"}

    def test_one_spectrum_per_pair_of_columns(self, tmp_path: Path) -> None:
        table = np.array([self.pairs(k) for k in (1, 2, 3, 4)]).reshape(4, 5, 2)
        rows = np.concatenate(list(table), axis=1)
        spectra = read_file(self.lay(tmp_path, rows.tolist(), "freq_30a.txt"))
        assert len(spectra) == 4
        assert is_z(spectra[3], 4.0)

    def test_without_or_with_two_frequency_files_it_is_refused(self, tmp_path: Path) -> None:
        path = self.lay(tmp_path, [self.pairs(1)])
        with pytest.raises(
            FormatError, match=r"a matrix of 1 x 10 numbers without frequencies; .* freq_30a\.txt"
        ):
            read_file(path)
        self.lay(tmp_path, [self.pairs(1)], "freq_30a.txt", "freqs_30a.txt")
        with pytest.raises(FormatError, match="without frequencies"):
            read_file(path)
        with pytest.raises(NoImpedance, match="one column of 5 numbers"):
            read_file(tmp_path / "freq_30a.txt")


class TestMatlab:
    @pytest.mark.parametrize("packed", [False, True])
    @pytest.mark.parametrize("kind", ["f8", "f4", "i4", "u2"])
    def test_vectors_as_scipy_writes_them(self, tmp_path: Path, packed: bool, kind: str) -> None:
        from scipy.io import savemat

        z = np.round(Z)
        known = {
            "f": F.astype("f8"), "Z_re": z.real.astype(kind), "Z_im": (-z.imag).astype(kind),
            "note": "words", "table": np.ones((5, 2)), "one": {"a": 1}, "complex": Z, "x": [[1.0]],
        }  # fmt: skip
        savemat(tmp_path / "cell.mat", known, do_compression=packed)
        (s,) = read_file(tmp_path / "cell.mat")
        np.testing.assert_array_equal(s.frequency_hz, F)
        np.testing.assert_array_equal(s.z_ohm, z.conj())

    def test_damage_is_told(self, tmp_path: Path) -> None:
        from scipy.io import savemat

        savemat(tmp_path / "cell.mat", {"f": F, "Z_re": Z.real, "Z_im": Z.imag})
        data = (tmp_path / "cell.mat").read_bytes()
        with pytest.raises(FormatError, match="bytes of an element are missing"):
            reread(tmp_path, data[:-20])
        with pytest.raises(FormatError, match="its byte order is unknown"):
            reread(tmp_path, data[:126] + b"XX" + data[128:])

    def test_more_numbers_than_a_spectrum_has_are_refused(self, tmp_path: Path) -> None:
        from scipy.io import savemat

        savemat(tmp_path / "cell.mat", {"f": np.ones(600_000, "u1")}, do_compression=True)
        with pytest.raises(FormatError, match="more than 500000 numbers"):
            read_file(tmp_path / "cell.mat")

    def test_a_bomb_is_refused(self, tmp_path: Path) -> None:
        packed = zlib.compress(b"\0" * 60_000_000)
        head = b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM"
        with pytest.raises(FormatError, match="unpacks to more than 12 MB"):
            reread(tmp_path, head + struct.pack("<II", 15, len(packed)) + packed)
