"""The columns of very many fits in an HDF5 file, whole or block by block."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from eisfit.errors import StoreError
from eisfit.results.many_fits import OUTCOMES, PER_CONTRIBUTION, ManyFits
from eisfit.store.spectra_table import FRAME, opened
from eisfit.version import __version__

FORMAT = "eisfit_many_fits"
_PER_PARAMETER = ("values", "stderrs")
_PER_ROW = ("chi2_reduced", "rms_percent", "outcome", "missed", "row")
_AXES = ("parameter", "contribution", "condition")
_WIDE = {
    **dict.fromkeys(_PER_PARAMETER, "parameter"), **dict.fromkeys(PER_CONTRIBUTION, "contribution"),
    "conditions": "condition",
}  # columns side by side, and the axis that names them  # fmt: skip
_IMAGE_GROWS = 1 << 20  # bytes by which a file in memory grows


def fit_table_size(rows: int, parameters: int, contributions: int, conditions: int) -> int:
    """Return how many bytes a file of so many fits takes at most, without reasons of failures."""
    wide = 2 * parameters + len(PER_CONTRIBUTION) * contributions + conditions
    return 8 * rows * (len(_PER_ROW) + wide) + FRAME


def fit_table_bytes(fits: ManyFits, about: Mapping[str, Any]) -> bytes:
    """Return the content of a file that holds some fits, with what is told about them."""
    import h5py

    with h5py.File("image", "w", driver="core", backing_store=False, block_size=_IMAGE_GROWS) as file:
        written = FitTableFile(
            file, len(fits), (fits.names, fits.contributions, tuple(fits.conditions)), about
        )
        written.put(fits)
        written.finish()
        file.flush()
        return bytes(file.id.get_file_image())


class FitTableFile:
    """A file of fits that is written block by block.

    Parameters
    ----------
    file : h5py.File
        A new one.
    rows : int
        Number of all fits.
    axes : sequence of sequence of str
        Names of the parameters, of the contributions and of the conditions.
    about : mapping
        Plain values that are kept as JSON.
    """

    def __init__(self, file: Any, rows: int, axes: Sequence[Sequence[str]], about: Mapping[str, Any]) -> None:
        self.file, self.done = file, 0
        self._names, self._contributions, self._conditions = (tuple(names) for names in axes)
        self._failed: list[tuple[int, str]] = []
        file.attrs[FORMAT] = 1
        file.attrs["eisfit_version"] = __version__
        file.attrs["about"] = json.dumps(dict(about))
        file.attrs["outcomes"] = [o.name.lower() for o in OUTCOMES]
        _prepare(file, rows, axes)
        self._columns = {name: file[name] for name in (*_PER_ROW, *_WIDE)}

    @classmethod
    def at(
        cls, path: Path, rows: int, axes: Sequence[Sequence[str]], about: Mapping[str, Any]
    ) -> FitTableFile:
        """Begin a file; one that is there is replaced."""
        import h5py

        return cls(h5py.File(path, "w"), rows, axes, about)

    def close(self) -> None:
        """Close the file, also one that is not finished."""
        self.file.close()

    def put(self, fits: ManyFits) -> None:
        """Write the next fits; what a name of the file is not known of is nan."""
        after = self.done + len(fits)
        for name, values in self._under_names(fits).items():
            self._columns[name][self.done : after] = values
        self._failed += [(self.done + k, text) for k, text in sorted(fits.reasons.items())]
        self.done = after

    def finish(self) -> None:
        """Write which fits failed."""
        import h5py

        file = self.file
        file.create_dataset("failed_place", data=np.array([k for k, _ in self._failed], np.int64))
        file.create_dataset("failed_reason", data=[t for _, t in self._failed], dtype=h5py.string_dtype())
        file["failed_place"].make_scale("failed_place")
        file["failed_reason"].dims[0].attach_scale(file["failed_place"])

    def _under_names(self, fits: ManyFits) -> dict[str, Any]:
        """Return the columns of some fits in the order of the names of the file."""
        if (self._names, self._contributions) != (fits.names, fits.contributions):
            wide = ManyFits.empty(fits.row, self._names, self._contributions, fits.conditions)
            wide.put(slice(None), fits)
            fits = replace(wide, reasons=fits.reasons)
        known = [fits.conditions[name] for name in self._conditions]
        found = {name: getattr(fits, name) for name in self._columns if name != "conditions"}
        return {**found, "conditions": np.stack(known, axis=1) if known else np.empty((len(fits), 0))}


def _prepare(file: Any, rows: int, axes: Sequence[Sequence[str]]) -> None:
    """Make the empty columns, with names on their axes as netCDF has them."""
    import h5py

    file.create_dataset("row", (rows,), np.int64)
    file["row"].make_scale("row")
    for name, entries in zip(_AXES, axes, strict=True):
        file.create_dataset(name, data=list(entries), dtype=h5py.string_dtype(), shape=(len(entries),))
        file[name].make_scale(name)
    for name in (n for n in _PER_ROW if n != "row"):
        kind = {"outcome": np.int8, "missed": np.int8}.get(name, np.float64)
        file.create_dataset(name, (rows,), kind)
        file[name].dims[0].attach_scale(file["row"])
    for name, axis in _WIDE.items():
        file.create_dataset(name, (rows, file[axis].size), "f8")
        file[name].dims[0].attach_scale(file["row"])
        file[name].dims[1].attach_scale(file[axis])


def is_fit_table(path: Path) -> bool:
    """Tell whether a file holds the columns of very many fits."""
    import h5py

    if not path.is_file():
        return False
    try:
        with h5py.File(path, "r") as file:
            return FORMAT in file.attrs
    except OSError:
        return False


def read_fit_table(path: str | Path) -> ManyFits:
    """Return the fits that a file holds.

    Raises
    ------
    StoreError
        If there is no such file, or it is another one.
    """
    with opened(Path(path)) as file:
        _check(Path(path), file)
        names, contributions, conditions = (tuple(file[a].asstr()[()]) for a in _AXES)
        numbers = {name: file[name][()] for name in (*_PER_ROW, *_PER_PARAMETER, *PER_CONTRIBUTION)}
        known, failed = file["conditions"][()], file["failed_place"][()].tolist()
        reasons = dict(zip(failed, file["failed_reason"].asstr()[()], strict=True))
    numbers |= {"outcome": numbers["outcome"].astype(np.int64), "missed": numbers["missed"].astype(bool)}
    columns = {name: known[:, k] for k, name in enumerate(conditions)}
    return ManyFits(names=names, contributions=contributions, conditions=columns, reasons=reasons, **numbers)


def about_fit_table(path: str | Path) -> dict[str, Any]:
    """Return what is told about the fits in a file, with ``names``, ``contributions`` and the number of ``rows``.

    Raises
    ------
    StoreError
        As `read_fit_table`.
    """
    with opened(Path(path)) as file:
        _check(Path(path), file)
        names, contributions, _ = (tuple(file[a].asstr()[()]) for a in _AXES)
        about = dict(json.loads(file.attrs["about"]))
        rows = int(file["row"].size)
        missed, failed = int(np.sum(file["missed"][()])), int(file["failed_place"].size)
    return {
        **about, "names": names, "contributions": contributions, "rows": rows, "missed": missed, "failed": failed
    }  # fmt: skip


def failed_rows(path: str | Path) -> dict[int, str]:
    """Return why rows of a file could not be fitted, by their numbers.

    Raises
    ------
    StoreError
        As `read_fit_table`.
    """
    with opened(Path(path)) as file:
        _check(Path(path), file)
        rows = file["row"][()][file["failed_place"][()]].tolist()
        return dict(zip(rows, file["failed_reason"].asstr()[()], strict=True))


def _check(path: Path, file: Any) -> None:
    found = file.attrs.get(FORMAT)
    if found is None:
        raise StoreError(f"{path}: this file holds no columns of many fits, as 'eisfit batch' writes them")
    if found != 1:
        raise StoreError(
            f"{path}: a newer eisfit wrote this file (format {found}): install a newer eisfit-heteroionic"
        )
