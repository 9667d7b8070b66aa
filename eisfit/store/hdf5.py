"""Named arrays and texts in HDF5 groups, as h5py, silx and xarray understand them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from eisfit.errors import StoreError
from eisfit.formats.parsing.plain_hdf5 import fault_of
from eisfit.tables.columns import TEXTS, TRUTHS, WHOLE, Row

Group: TypeAlias = Any  # h5py.Group; h5py is imported only when a file is written or read
Array: TypeAlias = npt.NDArray[Any]

COMPRESSED_FROM = 8192  # in bytes; the index of the chunks of a smaller array is larger than what gzip saves
_COMPACT_TO = 8192  # in bytes; arrays up to this size are kept in the header of their dataset
_MOST_TEXT = 1 << 28  # in bytes, read at a time
_LARGEST_VALUE = 1 << 20  # in bytes, of an attribute
_ESCAPED = "json:"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Variable:
    """An array with the names of its dimensions; a variable named like its only dimension is its scale."""

    dims: tuple[str, ...]
    values: Array
    units: str = ""


def texts(values: Iterable[str]) -> Array:
    """Return texts as an array that can be written; its inverse is `read_texts`."""
    return np.array([stored_text(value) for value in values], dtype=object)


def floats(values: Iterable[float | None]) -> Array:
    """Return numbers as float64, with nan for None."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def integers(values: Iterable[int]) -> Array:
    """Return whole numbers as int64."""
    return np.array(list(values), dtype=np.int64)


def columns_of(rows: Sequence[Row], columns: Iterable[str]) -> dict[str, Array]:
    """Return columns of a table of results as arrays that can be written."""
    found: dict[str, Array] = {}
    for name in columns:
        values = [row.get(name) for row in rows]
        if name in TEXTS:
            found[name] = texts("" if value is None else value for value in values)
        elif name in WHOLE and not any(isinstance(value, float) and value % 1 for value in values):
            found[name] = integers(0 if value is None else value for value in values)
        else:
            found[name] = np.array(values, bool) if name in TRUTHS else floats(values)
    return found


def stored_text(text: str) -> str:
    """Return a text in a form that HDF5 can hold.

    A text with a NUL, or with bytes of a file name that are no UTF-8, becomes ``json:"..."`` with escapes.

    Raises
    ------
    StoreError
        If it is no text.
    """
    if not isinstance(text, str):
        raise StoreError(f"{text!r} stands where a text belongs: make it a str before saving")
    if _UNSTORABLE.search(text) or text.startswith(_ESCAPED):
        return _ESCAPED + json.dumps(text)
    return text


def loaded_text(text: str | bytes) -> str:
    """Return a text as it was before `stored_text`."""
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    return str(json.loads(text.removeprefix(_ESCAPED))) if text.startswith(_ESCAPED) else str(text)


def link_names(labels: Iterable[str], fallback: str) -> list[str]:
    """Return a name that HDF5 allows, unique among them, for each label.

    Parameters
    ----------
    labels : iterable of str
        Any texts; ``/`` becomes ``_``.
    fallback : str
        Name for an empty label.
    """
    found: dict[str, None] = {}
    used: dict[str, int] = {}
    for label in labels:
        name = _UNSTORABLE.sub("_", str(label)).replace("/", "_")
        name = fallback if name in ("", ".", "..") else name
        unique = name
        while unique in found:
            used[name] = used.get(name, 1) + 1
            unique = f"{name}~{used[name]}"
        found[unique] = None
    return list(found)


def add_group(parent: Group, name: str, nx_class: str, **attributes: object) -> Group:
    """Return a new group with its NeXus class and further attributes."""
    group = parent.create_group(name)
    set_attributes(group.id, {"NX_class": nx_class, **attributes})
    return group


def set_attributes(target: Any, attributes: Mapping[str, object]) -> None:
    """Set attributes of a group or dataset, given by its low-level id; None is left out."""
    for name, value in attributes.items():
        if isinstance(value, str):
            _set_attribute(target, name, stored_text(value), text=True)
        elif isinstance(value, list | tuple):
            _set_attribute(target, name, [stored_text(v) for v in value], text=True)
        elif value is not None:
            _set_attribute(target, name, value, text=False)


def _set_attribute(target: Any, name: str, value: Any, *, text: bool) -> None:
    from h5py import h5a, h5s, h5t

    text_type, stored_as, scalar = _types()
    array = np.array(value, dtype=text_type if text else None)
    kind = stored_as if text else h5t.py_create(array.dtype, logical=True)
    space = h5s.create_simple(array.shape) if array.ndim else scalar
    h5a.create(target, name.encode(), kind, space).write(array)


@cache
def _types() -> tuple[Any, Any, Any]:
    """Return the numpy type of texts, their type in a file, and the space of a single value."""
    from h5py import h5s, h5t, string_dtype

    return string_dtype(), h5t.py_create(string_dtype(), logical=True), h5s.create(h5s.SCALAR)


def read_attributes(target: Any) -> dict[str, Any]:
    """Return the attributes of a group that are single texts or numbers."""
    from h5py import h5a

    found: dict[str, Any] = {}
    for k in range(h5a.get_num_attrs(target.id)):
        attribute = h5a.open(target.id, index=k)
        if (
            attribute.shape == ()
            and attribute.dtype.kind in "OSbiuf"
            and attribute.dtype.itemsize <= _LARGEST_VALUE
        ):
            array = np.empty((), attribute.dtype)
            attribute.read(array)
            value: Any = array[()]
            text = isinstance(value, bytes | str)
            found[attribute.name.decode()] = loaded_text(value) if text else value
    return found


def write_variables(group: Group, variables: Mapping[str, Variable]) -> None:
    """Write arrays as datasets, every axis with its dimension scale.

    Parameters
    ----------
    group : h5py.Group
        Where.
    variables : mapping of str to Variable
        By name; each dimension is itself one of them. Scales on some axes only would make a group that
        xarray refuses.
    """
    from h5py import h5ds

    made = {name: _write_array(group, name, variable) for name, variable in variables.items()}
    scales = {name for name, variable in variables.items() if variable.dims == (name,)}
    for name in scales:
        h5ds.set_scale(made[name], name.encode())
    for name, variable in variables.items():
        for axis, dim in enumerate(variable.dims):
            if name not in scales:
                h5ds.attach_scale(made[name], made[dim], axis)


def write_table(parent: Group, name: str, columns: Mapping[str, Array]) -> None:
    """Write a table: a group with one dataset per column along the dimension ``row``."""
    rows = len(next(iter(columns.values())))
    variables = {"row": Variable(("row",), np.arange(rows))}
    variables |= {column: Variable(("row",), values) for column, values in columns.items()}
    write_variables(add_group(parent, name, "NXcollection"), variables)


def read_table(parent: Group, name: str) -> dict[str, list[Any]]:
    """Return the columns of a table as lists."""
    group = child(parent, name)
    return {
        column: read_texts(group, column) if _is_text(group, column) else read(group, column).tolist()
        for column in group
    }


class Unusable(ValueError):
    """A part of a file is nothing that eisfit has written, and is not read; the message is a sentence of its own."""


def has(parent: Group, name: str) -> bool:
    """Tell whether a group holds a link of this name, without following it."""
    return bool(parent.id.links.exists(name.encode()))


def child(parent: Group, name: str) -> Group:
    """Return a group.

    Raises
    ------
    KeyError
        If there is none; the message is its full path.
    Unusable
        If it is no group, or lies elsewhere.
    """
    from h5py import h5o

    _require(parent, name, h5o.TYPE_GROUP, "group")
    return parent[name]


def _require(parent: Group, name: str, kind: int, word: str) -> None:
    """Refuse what leads out of the file, stands in two places, or is of another kind; nothing is followed."""
    from h5py import h5l, h5o

    path = f"{parent.name.rstrip('/')}/{name}"
    if "/" in name or name in ("", "."):
        raise Unusable(f"{path!r} is no name of a {word}")
    if not has(parent, name):
        raise KeyError(path)
    if parent.id.links.get_info(name.encode()).type != h5l.TYPE_HARD:
        raise Unusable(f"{path} leads to another place or file, which is not opened")
    found = h5o.get_info(parent.id, name.encode())
    if found.type != kind:
        raise Unusable(f"{path} is no {word}")
    if found.rc > 1:
        raise Unusable(f"{path} stands in {found.rc} places")


def _dataset(group: Group, name: str) -> Any:
    """Return the low-level id of a dataset that lies wholly in its file."""
    from h5py import h5d, h5o

    _require(group, name, h5o.TYPE_DATASET, "dataset")
    dataset = h5d.open(group.id, name.encode())
    if fault := fault_of(dataset):
        raise Unusable(f"{group.name.rstrip('/')}/{name} {fault}")
    return dataset


def read(group: Group, name: str) -> Array:
    """Return a dataset of numbers.

    Raises
    ------
    KeyError
        If there is none; the message is its full path.
    Unusable
        If it holds no numbers, or does not lie wholly in the file.
    """
    from h5py import h5s

    dataset = _dataset(group, name)
    if dataset.dtype.kind not in "biuf":
        raise Unusable(f"{group.name.rstrip('/')}/{name} holds no numbers")
    array = np.empty(dataset.shape, dataset.dtype)
    dataset.read(h5s.ALL, h5s.ALL, array)
    return array


def read_texts(group: Group, name: str) -> Any:
    """Return a dataset of texts: a str, or a (nested) list of them.

    Raises
    ------
    KeyError
        If there is none; the message is its full path.
    Unusable
        If it holds no texts, more than the file can, or does not lie wholly in the file.
    """
    import h5py

    dataset = h5py.Dataset(_dataset(group, name))
    if h5py.check_string_dtype(dataset.dtype) is None:
        raise Unusable(f"{dataset.name} holds no texts")
    if not dataset.ndim:
        return _loaded(dataset.asstr()[()])
    # each text is at most as long as the file, and many may be the same bytes of it: read few at a time, and count
    room = group.file.id.get_filesize()
    at_a_time = max(1, _MOST_TEXT // (room * max(1, dataset.size // max(1, len(dataset)))))
    found: list[Any] = []
    for start in range(0, len(dataset), at_a_time):
        part = dataset.asstr()[start : start + at_a_time]
        room -= sum(map(len, part.flat))
        if room < 0:
            raise Unusable(f"{dataset.name} holds longer texts than the file")
        found += _loaded(part)
    return found


def _loaded(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return [_loaded(part) for part in value] if isinstance(value, list) else loaded_text(value)


def _is_text(group: Group, name: str) -> bool:
    return bool(_dataset(group, name).dtype.kind in "OS")


def _write_array(group: Group, name: str, variable: Variable) -> Any:
    values = np.ascontiguousarray(variable.values) if variable.values.ndim else variable.values
    truth = values.dtype == bool
    values = values.astype(np.int8) if truth else values
    if values.dtype != object and values.nbytes >= COMPRESSED_FROM:
        made = group.create_dataset(name, data=values, compression="gzip", shuffle=True).id
    else:
        made = _write_plain(group, name, values)
    set_attributes(
        made, {"units": variable.units or None, "dtype": "bool" if truth else None}
    )  # dtype: for xarray
    return made


def _write_plain(group: Group, name: str, values: Array) -> Any:
    from h5py import h5d, h5p, h5s, h5t

    text_type, stored_as, scalar = _types()
    if values.dtype == object:
        values, kind = values.astype(text_type), stored_as
    else:
        kind = h5t.py_create(values.dtype, logical=True)

    layout = h5p.create(h5p.DATASET_CREATE)
    if 0 < values.nbytes <= _COMPACT_TO:
        layout.set_layout(h5d.COMPACT)
    space = h5s.create_simple(values.shape) if values.ndim else scalar
    made = h5d.create(group.id, name.encode(), kind, space, dcpl=layout)
    if values.size:
        made.write(h5s.ALL, h5s.ALL, values)
    return made
