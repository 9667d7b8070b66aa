"""A file of results that leads elsewhere, or holds what eisfit does not write, is refused with one sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from eisfit import store
from eisfit.errors import FormatError, StoreError
from eisfit.formats import read_file
from support.stored import series

SECRET = b"TOP SECRET "
Change = Callable[[Any, Path], object]


@cache
def image() -> bytes:
    return store.as_bytes(series())


def first(file: Any) -> Any:
    spectra = file["entry/spectra"]
    return spectra[next(iter(spectra))]


def instead(name: str, make: Callable[[Any, str, int, Path], object]) -> Change:
    """Put something in the place of a dataset of the first spectrum."""

    def change(file: Any, folder: Path) -> None:
        group = first(file)
        size = group[name].shape[0]
        del group[name]
        make(group, name, size, folder)

    return change


def link(target: Callable[[Path], Any], place: str) -> Change:
    def change(file: Any, folder: Path) -> None:
        if place in file:
            del file[place]
        file[place] = target(folder)

    return change


def outside(folder: Path) -> Any:
    return h5py.ExternalLink(str(folder / "other.h5"), "/x")


def outside_group(folder: Path) -> Any:
    return h5py.ExternalLink(str(folder / "other.h5"), "/group")


def stored_outside(group: Any, name: str, size: int, folder: Path) -> None:
    place = [(str(folder / "secret"), 0, 8 * size)]
    group.create_dataset(name, shape=(size,), dtype="f8", external=place)


def virtual(group: Any, name: str, size: int, folder: Path) -> None:
    layout = h5py.VirtualLayout(shape=(size,), dtype="f8")
    layout[:5] = h5py.VirtualSource(str(folder / "other.h5"), "x", shape=(5,))
    group.create_virtual_dataset(name, layout)


def text_outside(file: Any, folder: Path) -> None:
    del file["entry/settings"]
    file["entry"].create_dataset(
        "settings", shape=(1,), dtype="S60", external=[(str(folder / "secret"), 0, 60)]
    )


def empty(group: Any, name: str, shape: tuple[int, ...], **known: Any) -> None:
    group.create_dataset(name, shape=shape, **({"dtype": "f8"} | known))


def in_two_places(file: Any, _: Path) -> None:
    table = file["entry/tables/fits"]
    table["again"] = table["spectrum"]


def attribute(place: str, name: str, value: object) -> Change:
    return lambda file, _: file[place].attrs.__setitem__(name, value)


CASES: dict[str, tuple[Change, str]] = {
    "external link": (link(outside, "entry/spectra/25 °C/z_real_ohm"), "z_real_ohm leads to another file"),
    "external link that nothing reads": (link(outside, "entry/more"), "/entry/more leads to another file"),
    "external link to a group": (link(outside_group, "entry/tables"), "/entry/tables leads to another file"),
    "external link to everything": (link(outside_group, "entry"), "/entry leads to another file"),
    "soft link": (
        link(lambda _: h5py.SoftLink("/entry/spectra/25 °C/z_imag_ohm"), "entry/spectra/25 °C/z_real_ohm"),
        "leads to another place",
    ),
    "external storage": (instead("z_real_ohm", stored_outside), "keeps its content in another file"),
    "external storage of a text": (text_outside, "settings keeps its content in another file"),
    "virtual dataset": (instead("z_real_ohm", virtual), "is made of parts of other files"),
    "texts for numbers": (
        instead("z_real_ohm", lambda g, n, size, _: g.create_dataset(n, data=["a"] * size)),
        "holds no numbers",
    ),
    "references for numbers": (
        instead(
            "z_real_ohm", lambda g, n, size, _: g.create_dataset(n, data=[g.ref] * size, dtype=h5py.ref_dtype)
        ),
        "holds no numbers",
    ),
    "complex numbers": (
        instead("mask", lambda g, n, size, _: g.create_dataset(n, data=np.ones(size, complex))),
        "holds no numbers",
    ),
    "pairs for numbers": (
        instead("z_real_ohm", lambda g, n, size, _: g.create_dataset(n, data=np.ones(size, "f8,i4"))),
        "holds no numbers",
    ),
    "a group for numbers": (instead("mask", lambda g, n, *_: g.create_group(n)), "mask is no dataset"),
    "numbers for a table": (
        lambda file, _: (
            file.__delitem__("entry/tables/fits"),
            file["entry/tables"].create_dataset("fits", data=1),
        ),
        "fits is no group",
    ),
    "a terabyte": (instead("mask", lambda g, n, *_: empty(g, n, (10**12,), chunks=(1000,))), "claims"),
    "a gigabyte of nothing": (
        instead(
            "mask", lambda g, n, *_: empty(g, n, (10**9,), dtype="i1", chunks=(10**6,), compression="gzip")
        ),
        "claims",
    ),
    "numbers that are not there": (
        instead("mask", lambda g, n, *_: empty(g, n, (10**7,))),
        "the file holds 0",
    ),
    "two places": (in_two_places, "stands in 2 places"),
    "format 0": (attribute("/", "eisfit_format", 0), "its format number is '0'"),
    "format -3": (attribute("/", "eisfit_format", -3), "its format number is '-3'"),
    "format 3": (attribute("/", "eisfit_format", 3), "a newer eisfit wrote this file"),
    "format 1.5": (attribute("/", "eisfit_format", 1.5), "its format number is '1.5'"),
    "format nan": (attribute("/", "eisfit_format", float("nan")), "its format number is 'nan'"),
    "format as a text": (attribute("/", "eisfit_format", "one"), "its format number is 'one'"),
    "formats": (attribute("/", "eisfit_format", [1, 1]), "was not written by eisfit"),
    "unknown content": (attribute("/entry", "content", "Anything"), "its content is 'Anything'"),
    "content as a number": (attribute("/entry", "content", 5), "its content is '5'"),
    "deep JSON": (attribute("/entry", "order", "[" * 100_000), "is damaged"),
    "JSON of another kind": (attribute("/entry", "order", "5"), "is damaged"),
    "no label": (attribute("/entry/spectra/25 °C", "label", h5py.Empty("f")), "label is missing"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_eisfit_does_not_write_is_refused(tmp_path: Path, name: str) -> None:
    change, words = CASES[name]
    (tmp_path / "secret").write_bytes(SECRET * 1000)
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["x"] = np.arange(5.0)
        other.create_group("group")["text"] = SECRET
    path = tmp_path / "a.h5"
    path.write_bytes(image())
    with h5py.File(path, "r+") as file:
        change(file, tmp_path)
    with pytest.raises(StoreError) as refused:
        store.load(path)
    sentence = str(refused.value)
    assert sentence.startswith(f"{path}: ")
    assert words in sentence
    assert "SECRET" not in sentence
    assert "\n" not in sentence


def test_settings_of_another_file_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b'{"a": "SECRET"}'.ljust(60))
    path = tmp_path / "a.h5"
    path.write_bytes(image())
    with h5py.File(path, "r+") as file:
        text_outside(file, tmp_path)
    with pytest.raises(StoreError, match="keeps its content in another file") as refused:
        store.load_settings(path)
    assert "SECRET" not in str(refused.value)


@pytest.mark.parametrize("make", [stored_outside, virtual])
def test_the_reader_of_measured_hdf5_opens_no_other_file(tmp_path: Path, make: Any) -> None:
    (tmp_path / "secret").write_bytes(SECRET * 1000)
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["x"] = np.arange(5.0)
    with h5py.File(tmp_path / "m.h5", "w") as file:
        make(file, "flat", 30, tmp_path)
        place = [(str(tmp_path / "secret"), 0, 240)]
        file.create_dataset("table", shape=(10, 3), dtype="f8", external=place)
    with pytest.raises(FormatError, match="no array has the three columns"):
        read_file(tmp_path / "m.h5")
