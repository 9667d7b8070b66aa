"""Results in one HDF5 file: everything needed to look at, check and redo a fit."""

from __future__ import annotations

import json
import os
import platform
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import scipy

from eisfit.errors import StoreError
from eisfit.formats.parsing.plain_hdf5 import way_out_of
from eisfit.formats.reading import Unread
from eisfit.polarisation.whole_answer import DcAnswer
from eisfit.relaxations.distribution import Distribution
from eisfit.relaxations.over_series import DistributionSeries
from eisfit.results.fit import Fit
from eisfit.results.fits import Fits
from eisfit.results.outcome import Outcome
from eisfit.results.series import Series
from eisfit.spectrum.spectrum import Spectrum
from eisfit.store.direct_current import read_answers, write_answers
from eisfit.store.fit_table import is_fit_table, read_fit_table
from eisfit.store.fits import read_fits, write_fits
from eisfit.store.hdf5 import (
    Group,
    Unusable,
    Variable,
    add_group,
    child,
    read_attributes,
    read_table,
    read_texts,
    set_attributes,
    texts,
    write_table,
    write_variables,
)
from eisfit.store.joint import read_joint, write_joint
from eisfit.store.laws import read_laws, write_laws
from eisfit.store.lines import write_lines
from eisfit.store.looks import LOOKS, read_look, write_look
from eisfit.store.relaxations import read_relaxations, write_relaxations
from eisfit.store.sealed_file import refuse, sealed, unsealed
from eisfit.store.spectra import read_spectra, write_spectra
from eisfit.store.suggestion import read_suggestion, write_suggestion
from eisfit.suggestion import Suggestion
from eisfit.tools.keywords import known_keywords, path_given
from eisfit.tools.whole_files import write_together
from eisfit.version import __version__

Result: TypeAlias = (
    Series | Fits | Fit | Spectrum | DistributionSeries | Distribution | DcAnswer | Suggestion | Sequence[Fit]
    | Sequence[Spectrum] | Sequence[DcAnswer]
)  # fmt: skip

FORMAT = 2  # the highest that is read
_FIRST_FORMAT = 1  # which every version reads
_ITEMS = {"Spectrum": Spectrum, "Fit": Fit, "DcAnswer": DcAnswer}
_HDF5 = b"\x89HDF"  # how such a file begins
_DAMAGE = (
    OSError, RuntimeError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError, MemoryError
)  # fmt: skip
_CONTENTS = (
    "Series",
    "Fits",
    *_ITEMS,
    *LOOKS,
    *(f"{many} of {item}" for many in ("list", "tuple") for item in _ITEMS),
)


@known_keywords
def save(
    path: str | os.PathLike[str],
    result: Result,
    *,
    overwrite: bool = False,
    settings: Mapping[str, object] | None = None,
) -> Path:
    """Write a result to an HDF5 file.

    The file appears complete or not at all: it is made in memory, written beside its place, and moved there.

    Parameters
    ----------
    path : str or path
        The file; its folder must exist.
    result : Series, Fits, Fit, Spectrum, DistributionSeries, Distribution, DcAnswer, Suggestion, or a sequence of one
        of Fit, Spectrum, DcAnswer
        The result to save.
    overwrite : bool
        Whether a file that is already there may be replaced.
    settings : mapping of str to object, optional
        How the result was made (options of a command, a series.toml); plain values, kept as JSON.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    StoreError
        If the file exists and `overwrite` is not set, if it cannot be written, or if the result is none of
        these. An old file then stays as it was.

    Examples
    --------
    >>> import tempfile
    >>> import eisfit
    >>> from eisfit import store
    >>> spectrum = eisfit.Spectrum(frequency_hz=[1e3, 1e2], z_ohm=[10 - 2j, 11 - 5j])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = store.save(folder + "/cell7.h5", spectrum)
    ...     store.load(path) == spectrum
    True
    """
    path = path_given(path, "save", "the file comes first, then the result: save('cell.h5', fit)")
    shown, target = Path(path), Path(os.path.realpath(path))
    refuse(shown, target, overwrite)
    content = as_bytes(result, settings=settings, shown=shown)
    try:
        write_together(target.parent, {target.name: content}, new=() if overwrite else [target.name])
    except FileExistsError:
        refuse(shown, target, overwrite)
        raise
    return shown


def as_bytes(
    result: Result, *, settings: Mapping[str, object] | None = None, shown: Path = Path("eisfit.h5")
) -> bytes:
    """Return the bytes of the file that `save` writes.

    Parameters
    ----------
    result, settings
        As for `save`.
    shown : Path
        The file, for messages.

    Raises
    ------
    StoreError
        If the result or the settings cannot be saved.
    """
    content = _content(shown, result)
    return sealed(_image(result, content, _json(shown, settings)))


@known_keywords
def load(path: str | os.PathLike[str]) -> Any:
    """Return the result that a file holds, equal to the one that was saved.

    Parameters
    ----------
    path : str or path
        A file written by `save`.

    Returns
    -------
    Series, Fits, Fit, Spectrum, DistributionSeries, Distribution, DcAnswer, Suggestion, ManyFits, or a list or tuple of
    one of Fit, Spectrum, DcAnswer
        As it was saved; `ManyFits` where ``eisfit batch`` wrote the file.

    Raises
    ------
    StoreError
        If there is no such file, it is no eisfit file, a newer eisfit wrote it, or a part of it is missing or
        damaged.
    """
    path = path_given(path, "load", "write load('cell.h5')")
    if is_fit_table(Path(path)):
        return read_fit_table(Path(path))
    with _opened(Path(path)) as entry:
        return _read(entry)


def load_settings(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the settings that were saved with a result; empty if there were none.

    Parameters
    ----------
    path : str or path
        A file written by `save`.

    Raises
    ------
    StoreError
        As for `load`.
    """
    with _opened(Path(path)) as entry:
        return dict(json.loads(read_texts(entry, "settings")))


def _content(shown: Path, result: Any) -> str:
    """Return the words for what is saved, such as ``list of Fit``."""
    for single in (Series, Fits, *_ITEMS.values(), *LOOKS.values()):
        if isinstance(result, single):
            return str(single.__name__)
    cure = (
        "give a Series, Fits, Fit, Spectrum, DistributionSeries, DcAnswer or Suggestion, or a list of fits, spectra or "
        "DcAnswer"
    )
    if not isinstance(result, Sequence) or isinstance(result, str | bytes):
        raise StoreError(f"{shown}: a value of type {type(result).__name__} cannot be saved; {cure}")
    if not result:
        raise StoreError(f"{shown}: an empty list holds nothing to save; {cure}")
    for name, kind in _ITEMS.items():
        if all(isinstance(item, kind) for item in result):
            return f"{'tuple' if isinstance(result, tuple) else 'list'} of {name}"
    raise StoreError(f"{shown}: a list of {type(result[0]).__name__} and others cannot be saved; {cure}")


def _json(shown: Path, settings: Mapping[str, object] | None) -> str:
    try:
        return json.dumps(dict(settings or {}), default=_plain, indent=1)
    except (TypeError, ValueError) as error:
        raise StoreError(
            f"{shown}: the settings cannot be kept as JSON ({error}): give plain values"
        ) from error


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{value!r} is a {type(value).__name__}")


def _image(result: Any, content: str, settings: str) -> bytes:
    """Return the bytes of the HDF5 file; HDF5 works in memory, so that a failure leaves nothing on the disk."""
    import h5py

    name = f"eisfit-{secrets.token_hex(8)}"
    with h5py.File(name, "w", driver="core", backing_store=False, block_size=1 << 20) as file:
        set_attributes(file.id, {"NX_class": "NXroot", "default": "entry", **_versions(content)})
        entry = add_group(file, "entry", "NXentry", content=content)
        add_group(entry, "tables", "NXcollection")
        write_variables(entry, {"settings": Variable((), texts([settings]).reshape(()))})
        _write(entry, result)
        file.flush()
        image = bytes(file.id.get_file_image())
    return image


def _versions(content: str) -> dict[str, object]:
    import h5py

    return {
        "eisfit_format": FORMAT if content in LOOKS or content.endswith("DcAnswer") else _FIRST_FORMAT,
        "creator": f"eisfit-heteroionic {__version__}",
        "file_time": datetime.now(UTC).isoformat(timespec="seconds"),
        "python_version": platform.python_version(),
        "numpy_version": np.__version__,
        "scipy_version": scipy.__version__,
        "h5py_version": h5py.__version__,
        "HDF5_Version": h5py.version.hdf5_version,
    }


def _write(entry: Group, result: Any) -> None:
    if isinstance(result, Distribution | DistributionSeries | Suggestion):
        write_look(entry, result)
        return
    items: list[Any] = [result] if isinstance(result, Fit | Spectrum | DcAnswer) else list(result)
    if items and isinstance(items[0], DcAnswer):
        write_answers(entry, items)
        set_attributes(entry.id, {"default": "direct_current"})
        return
    fits = [item for item in items if isinstance(item, Fit)]
    spectra = [item.spectrum if isinstance(item, Fit) else item for item in items]
    models = [
        item.impedance() if isinstance(item, Fit) and item.outcome is not Outcome.FAILED else None
        for item in items
    ]
    write_spectra(entry, spectra, models)
    if not isinstance(items[0] if items else None, Spectrum):
        write_fits(entry, fits)
    if isinstance(result, Series):
        write_lines(entry, result.arrhenius_fits())
        write_joint(entry, result.joint)
        write_laws(entry, result.laws, result.law_fits())
        write_relaxations(entry, result.relaxations, spectra)
        write_suggestion(entry, result.suggestion, spectra)
        unread = {key: texts(getattr(u, key) for u in result.unread) for key in ("label", "file", "reason")}
        write_table(entry["tables"], "unread", unread)
        kept = {"order": json.dumps(result.order), "keep": json.dumps(result.keep)}
        set_attributes(entry.id, {"over": result.condition, **kept})
    set_attributes(entry.id, {"default": "arrhenius" if "arrhenius" in entry else "spectra"})


@contextmanager
def _opened(path: Path) -> Iterator[Group]:
    """Open a file for reading; raise a StoreError with one sentence if it is damaged."""
    import h5py

    image = unsealed(path)
    try:
        with h5py.File(h5py.h5f.open_file_image(image)) as file:
            _check_format(path, file)
            if way_out := way_out_of(file):
                raise Unusable(f"{way_out}, which is not opened")
            yield child(file, "entry")
    except StoreError:
        raise
    except Unusable as error:
        raise StoreError(
            f"{path}: {error}; eisfit writes no such file: fit again, or take another copy"
        ) from error
    except KeyError as error:
        raise StoreError(
            f"{path}: {error.args[0]} is missing from the results: take another copy of it, or fit again"
        ) from error
    except _DAMAGE as error:
        raise StoreError(f"{path}: {_what_it_is(image, error)}") from error


def _what_it_is(image: bytes, error: Exception) -> str:
    """Return why bytes are no file of results, in plain words."""
    if image.startswith(_HDF5) and isinstance(error, ValueError) and "file id" not in str(error):
        return f"the file is damaged or no HDF5 file ({error}): take another copy of it, or fit again"
    if image.startswith(_HDF5):
        return "the file is damaged or no HDF5 file, a part of it is missing: take another copy of it, or fit again"
    kind = "a text" if image and b"\0" not in image[:4096] else "something else"
    return (
        f"damaged or no HDF5 file, but {kind}; name a file that eisfit has written, such as eisfit.h5 (files of "
        "instruments are read by 'eisfit read' and 'eisfit fit')"
    )


def _check_format(path: Path, file: Any) -> None:
    found = read_attributes(file).get("eisfit_format")
    if found is None:
        raise StoreError(f"{path}: this HDF5 file was not written by eisfit; give one that was")
    if not isinstance(found, int | np.integer) or found < 1:
        raise StoreError(
            f"{path}: its format number is {str(found)[:40]!r}, which no eisfit writes: take another copy of it"
        )
    if found > FORMAT:
        raise StoreError(
            f"{path}: a newer eisfit wrote this file (format {found}, this one reads up to {FORMAT}): "
            "install a newer eisfit-heteroionic"
        )


def _read(entry: Group) -> Any:
    known = read_attributes(entry)
    content = known["content"]
    if content not in _CONTENTS:
        raise Unusable(f"its content is {str(content)[:40]!r}")
    if content.endswith("DcAnswer"):
        answers = read_answers(entry)
        return (
            answers[0]
            if content == "DcAnswer"
            else tuple(answers)
            if content.startswith("tuple")
            else answers
        )
    if content in LOOKS:
        return read_look(entry, content)
    spectra = read_spectra(entry)
    items: list[Any] = spectra if content.endswith("Spectrum") else read_fits(entry, spectra)
    if content == "Series":
        unread = read_table(child(entry, "tables"), "unread")
        rows = zip(unread["label"], unread["file"], unread["reason"], strict=True)
        unreadable = tuple(Unread(*row) for row in rows)
        order, keep = (tuple(json.loads(known.get(name, "[]"))) for name in ("order", "keep"))
        laws = read_laws(entry)
        joint = read_joint(entry, laws)
        looked = read_relaxations(entry, spectra)
        over = str(known["over"])
        suggested = read_suggestion(entry, spectra)
        return Series(over, tuple(items), unreadable, laws, order, keep, joint, looked, suggested)
    if content == "Fits":
        return Fits(tuple(items))
    if content in _ITEMS:
        (item,) = items
        return item
    return tuple(items) if content.startswith("tuple") else items
