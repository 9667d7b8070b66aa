"""Very many spectra on one grid in a columnar HDF5 file, read and written block by block."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from eisfit.errors import StoreError
from eisfit.formats.parsing.plain_hdf5 import way_out_of
from eisfit.spectrum.columns import SpectraColumns
from eisfit.spectrum.conditions import CONDITION_NUMBERS
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean, file_like

Block: TypeAlias = tuple[
    Floats, Mapping[str, Floats]
]  # impedances (n, points) and columns of conditions (n,)

FREQUENCY, REAL, IMAGINARY = "frequency_hz", "z_real_ohm", "z_imag_ohm"
_NEEDED = (FREQUENCY, REAL, IMAGINARY)
_ROWS = 1024  # of one piece on the disk
FRAME = 65_536  # bytes of names and indices
_FORMAT = "eisfit_spectra_table"


class SpectraTable:
    """A columnar HDF5 file of spectra, of which only blocks are in memory.

    Parameters
    ----------
    path : Path
        It holds ``frequency_hz`` (points,), ``z_real_ohm`` and ``z_imag_ohm`` (N, points); every other dataset of
        numbers of shape (N,) is a condition. Groups are left alone.

    Raises
    ------
    StoreError
        If it is no such file.

    Examples
    --------
    >>> from eisfit.store.spectra_table import SpectraTable
    >>> table = SpectraTable("map.h5")  # doctest: +SKIP
    >>> len(table), table.read(0, 5000)  # doctest: +SKIP
    (100000, <SpectraColumns 5000 spectra of 71 points>)
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        with self._open() as file:
            missing = [name for name in _NEEDED if name not in file]
            if missing:
                there = list(file)
                near = did_you_mean(missing[0], there)
                raise StoreError(
                    f"{path}: the dataset {missing[0]!r} is missing{near}; a file of many spectra holds {FREQUENCY} "
                    f"(points,), {REAL} and {IMAGINARY} (N, points), as 'eisfit simulate --many' and 'eisfit convert "
                    f"--many' write them; there are {', '.join(there[:8]) or 'none'}"
                )
            shapes = {name: file[name].shape for name in _NEEDED}
            kinds = {name: file[name].dtype.kind for name in _NEEDED}
            f, real, imaginary = (shapes[name] for name in _NEEDED)
            if any(kind not in "fiu" for kind in kinds.values()):
                raise StoreError(f"{path}: {', '.join(_NEEDED)} must hold real numbers")
            if len(f) != 1 or len(real) != 2 or real != imaginary or real[1:] != f:
                raise StoreError(
                    f"{path}: {FREQUENCY} has the shape {f}, {REAL} {real} and {IMAGINARY} {imaginary}: they must be "
                    "(points,), (N, points) and (N, points)"
                )
            self.size, self.points = int(real[0]), int(real[1])
            if self.size == 0:
                raise StoreError(f"{path}: it holds no spectrum: {REAL} has no row")
            self.frequency_hz: Floats = np.asarray(file[FREQUENCY][()], float)
            self.conditions = tuple(sorted(self._conditions(file)))
        self.read(0, 1)  # its frequencies and names are checked before anything is begun

    def __repr__(self) -> str:
        return f"<SpectraTable {self.path.name}: {self.size} spectra of {self.points} points>"

    def __len__(self) -> int:
        return self.size

    def read(self, first: int, last: int) -> SpectraColumns:
        """Return the spectra from `first` up to before `last`.

        Raises
        ------
        StoreError
            If that part cannot be read.
        """
        return self._columns(slice(first, last), first)

    def rows(self, index: Sequence[int]) -> SpectraColumns:
        """Return single spectra, by rising numbers."""
        return self._columns(list(index), np.array(index))

    def fingerprint(self, first: int, last: int) -> str:
        """Return `fingerprint_of` the spectra from `first` up to before `last`."""
        return fingerprint_of(self.read(first, last))

    def _columns(self, where: slice | list[int], row: Any) -> SpectraColumns:
        with self._open() as file:
            real, imaginary = file[REAL][where], file[IMAGINARY][where]
            conditions = {name: np.asarray(file[name][where], float) for name in self.conditions}
        z = np.empty(real.shape, complex)
        z.real, z.imag = real, imaginary
        return SpectraColumns(self.frequency_hz, z, conditions, row)

    def _conditions(self, file: Any) -> list[str]:
        found = []
        for name, node in file.items():
            if name in _NEEDED or not hasattr(node, "shape"):
                continue
            if node.shape != (self.size,) or node.dtype.kind not in "fiu":
                raise StoreError(
                    f"{self.path}: the dataset {name!r} has the shape {node.shape} of {node.dtype}; move it to a "
                    f"group: beside the impedances stand conditions alone, one number for each of {self.size} spectra"
                )
            found.append(name)
        return found

    def _open(self) -> Any:
        return opened(self.path)


def fingerprint_of(block: SpectraColumns) -> str:
    """Return the SHA-256 of what some spectra hold: frequencies, impedances and conditions."""
    found = hashlib.sha256(block.frequency_hz.tobytes())
    found.update(np.ascontiguousarray(block.z_ohm).data.cast("B"))
    for name, values in block.conditions.items():
        found.update(name.encode() + b"\0" + values.tobytes())
    return found.hexdigest()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open an HDF5 file for reading; what goes wrong is told in a sentence that names it.

    Raises
    ------
    StoreError
        If it cannot be read, leads to other files, or is damaged.
    """
    import h5py

    if path.is_dir():
        raise StoreError(f"{path}: this is a folder; name the file in it")
    if not path.exists():
        raise StoreError(f"{path}: there is no such file{file_like(path)}")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        reason = error.strerror or "it is no HDF5 file, or a damaged one"
        raise StoreError(f"{path}: the file cannot be read ({reason})") from None
    with file:
        if way := way_out_of(file):
            raise StoreError(f"{path}: {way}: copy all that it holds into one file")
        try:
            yield file
        except (OSError, RuntimeError, KeyError) as error:
            raise StoreError(f"{path}: a part of the file is damaged ({str(error)[:80]})") from None


def spectra_table_size(rows: int, points: int, columns: int) -> int:
    """Return how many bytes a file of so many spectra takes at most, with columns of one number for each."""
    return 8 * (2 * points * padded(rows, _ROWS) + columns * padded(rows, 8 * _ROWS)) + FRAME


def padded(rows: int, piece: int) -> int:
    """Return how many rows a dataset takes on the disk, whose pieces are there whole."""
    return -(-rows // piece) * piece


def write_spectra_table(
    path: Path, frequency_hz: Floats, blocks: Iterable[Block], *, about: Mapping[str, str] | None = None
) -> int:
    """Write spectra block by block into a new file, and return how many they are.

    Parameters
    ----------
    path : Path
        It is replaced if it exists.
    frequency_hz : ndarray, shape (points,)
        Of all spectra.
    blocks : iterable of (ndarray, mapping)
        Impedances in ohm (n, points), and columns of conditions (n,), the same in each block.
    about : mapping of str to str, optional
        What is kept beside, such as the circuit of a simulation.
    """
    import h5py

    points, written = frequency_hz.size, 0
    with h5py.File(path, "w") as file:
        file.attrs[_FORMAT] = 1
        for key, text in (about or {}).items():
            file.attrs[key] = text
        file[FREQUENCY] = frequency_hz
        shape = {"shape": (0, points), "maxshape": (None, points), "chunks": (_ROWS, points)}
        for name in (REAL, IMAGINARY):
            file.create_dataset(name, dtype="f8", **shape)
        for z, conditions in blocks:
            after = written + z.shape[0]
            for name, part in ((REAL, z.real), (IMAGINARY, z.imag)):
                file[name].resize(after, axis=0)
                file[name][written:after] = part
            for name, column in conditions.items():
                if name not in file:
                    file.create_dataset(name, (0,), "f8", maxshape=(None,), chunks=(_ROWS * 8,))
                file[name].resize(after, axis=0)
                file[name][written:after] = column
            written = after
    return written


def block_of(spectra: Sequence[Spectrum]) -> tuple[Floats, Block]:
    """Return the frequencies of spectra on one grid, and their impedances with the conditions that are numbers.

    Raises
    ------
    StoreError
        If a spectrum has another grid, or masked points.
    """
    first = spectra[0]
    for s in spectra:
        if not np.array_equal(s.frequency_hz, first.frequency_hz):
            raise StoreError(
                f"{s.label or 'spectrum'}: it has {len(s)} points from {s.frequency_hz[0]:g} to {s.frequency_hz[-1]:g} "
                f"Hz, and {first.label or 'the first'} {len(first)} from {first.frequency_hz[0]:g} to "
                f"{first.frequency_hz[-1]:g} Hz: a table of many spectra has one grid; convert each grid by itself"
            )
        if s.mask.any():
            raise StoreError(
                f"{s.label or 'spectrum'}: {int(s.mask.sum())} of its points are masked, which a table of many spectra "
                "cannot keep; convert to .h5 without --many"
            )
    named = {
        n
        for s in spectra
        for n in (*CONDITION_NUMBERS, *s.conditions.own)
        if s.conditions.number(n) is not None
    }
    conditions = {
        name: np.array([np.nan if (v := s.conditions.number(name)) is None else v for s in spectra])
        for name in sorted(named)
    }
    return first.frequency_hz, (np.stack([s.z_ohm for s in spectra]), conditions)
