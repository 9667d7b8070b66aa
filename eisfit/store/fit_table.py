"""The columns of very many fits in an HDF5 file, whole or block by block."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eisfit.errors import StoreError
from eisfit.results.many_fits import OUTCOMES, PER_CONTRIBUTION, ManyFits
from eisfit.store.spectra_table import FRAME, opened, padded
from eisfit.version import __version__

FORMAT = "eisfit_many_fits"
_PER_PARAMETER = ("values", "stderrs")
_PER_ROW = ("chi2_reduced", "rms_percent", "outcome", "missed", "row")
_NARROW, _WIDE = 8192, 1024  # rows of one piece of a column, and of several side by side, on the disk
_AXES = ("parameter", "contribution", "condition")


def fit_table_size(rows: int, parameters: int, contributions: int, conditions: int) -> int:
    """Return how many bytes a file of so many fits takes at most, without reasons of failures."""
    wide = 2 * parameters + len(PER_CONTRIBUTION) * contributions + conditions
    return 8 * (len(_PER_ROW) * padded(rows, _NARROW) + wide * padded(rows, _WIDE)) + FRAME


def fit_table_bytes(fits: ManyFits, about: Mapping[str, Any]) -> bytes:
    """Return the content of a file that holds some fits, with what is told about them."""
    image = io.BytesIO()
    write_fit_table(image, [fits], about)
    return image.getvalue()


def write_fit_table(
    target: Path | io.BytesIO,
    blocks: Iterable[ManyFits],
    about: Mapping[str, Any],
    names: Sequence[str] | None = None,
    contributions: Sequence[str] | None = None,
) -> None:
    """Write fits block by block.

    Parameters
    ----------
    target : Path or BytesIO
        A new file; one that exists is replaced.
    blocks : iterable of ManyFits
        In the order of their rows, at least one.
    about : mapping
        Plain values that are kept as JSON.
    names, contributions : sequence of str, optional
        Of all blocks; those of the first if not given.
    """
    import h5py

    with h5py.File(target, "w") as file:
        file.attrs[FORMAT] = 1
        file.attrs["eisfit_version"] = __version__
        file.attrs["about"] = json.dumps(dict(about))
        file.attrs["outcomes"] = [o.name.lower() for o in OUTCOMES]
        failed: list[tuple[int, str]] = []
        done = 0
        for fits in blocks:
            if done == 0:
                axes = (names or fits.names, contributions or fits.contributions, tuple(fits.conditions))
                _prepare(file, axes)
            whole = _under_names(fits, file)
            for name, values in whole.items():
                file[name].resize(done + len(fits), axis=0)
                file[name][done:] = values
            failed += [(done + k, text) for k, text in sorted(fits.reasons.items())]
            done += len(fits)
        file.create_dataset("failed_place", data=np.array([k for k, _ in failed], np.int64))
        file.create_dataset("failed_reason", data=[t for _, t in failed], dtype=h5py.string_dtype())
        file["failed_place"].make_scale("failed_place")
        file["failed_reason"].dims[0].attach_scale(file["failed_place"])


def _prepare(file: Any, axes: Sequence[Sequence[str]]) -> None:
    """Make the empty columns, with names on their axes as netCDF has them."""
    import h5py

    file.create_dataset("row", (0,), np.int64, maxshape=(None,), chunks=(_NARROW,))
    file["row"].make_scale("row")
    for name, entries in zip(_AXES, axes, strict=True):
        file.create_dataset(name, data=list(entries), dtype=h5py.string_dtype(), shape=(len(entries),))
        file[name].make_scale(name)
    for name in (n for n in _PER_ROW if n != "row"):
        kind = {"outcome": np.int8, "missed": np.int8}.get(name, np.float64)
        file.create_dataset(name, (0,), kind, maxshape=(None,), chunks=(_NARROW,))
        file[name].dims[0].attach_scale(file["row"])
    wide = {**dict.fromkeys(_PER_PARAMETER, "parameter"), **dict.fromkeys(PER_CONTRIBUTION, "contribution")}
    for name, axis in {**wide, "conditions": "condition"}.items():
        width = file[axis].size
        file.create_dataset(name, (0, width), "f8", maxshape=(None, width), chunks=(_WIDE, max(width, 1)))
        file[name].dims[0].attach_scale(file["row"])
        file[name].dims[1].attach_scale(file[axis])


def _under_names(fits: ManyFits, file: Any) -> dict[str, Any]:
    """Return the columns of some fits in the order of the names in a file."""
    names, contributions, conditions = (tuple(file[a].asstr()[()]) for a in _AXES)
    if (names, contributions) != (fits.names, fits.contributions):
        wide = ManyFits.empty(fits.row, names, contributions, fits.conditions)
        wide.put(slice(None), fits)
        fits = wide
    columns = [fits.conditions[name] for name in conditions]
    found = {name: getattr(fits, name) for name in (*_PER_ROW, *_PER_PARAMETER, *PER_CONTRIBUTION)}
    return {**found, "conditions": np.stack(columns, axis=1) if columns else np.empty((len(fits), 0))}


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
