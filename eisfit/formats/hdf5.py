"""HDF5 stores of the Zurich Instruments MFIA: arrays of frequency, Z', Z''."""

from __future__ import annotations

import io

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.build import build, with_plausible
from eisfit.formats.parsing.numbers import number
from eisfit.formats.parsing.plain_hdf5 import fault_of
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

NAME = "HDF5"
MAGIC = b"\x89HDF\r\n\x1a\n"
MOST_POINTS = 1_000_000
LARGEST_BIAS_V = 100.0


def recognise(raw: RawFile) -> bool:
    """Look for the signature of HDF5."""
    return raw.data.startswith(MAGIC)


def read(raw: RawFile) -> list[Spectrum]:
    """Return every array of three columns whose first is positive and monotone.

    Raises
    ------
    NoImpedance
        If there is no such array; the arrays that are there are named.
    FormatError
        If the file is damaged.
    """
    try:
        arrays, others = _arrays(raw)
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError) as error:
        raise FormatError(f"{raw.name}: the HDF5 file is damaged ({str(error)[:80]})") from None
    spectra: list[Spectrum] = []
    for path, array in arrays:
        conditions, notes = _conditions(path)
        notes += (Finding("columns", f"the columns of {path} were taken as frequency/Hz, Z'/ohm, Z''/ohm"),)
        spectra += build(
            raw, NAME, array[:, 0], array[:, 1] + 1j * array[:, 2],
            conditions=conditions, findings=notes, restarts=False, first_sweep=len(spectra) + 1,
        )  # fmt: skip
    if not spectra:
        if any(name.startswith("entry/spectra/") for name in others):
            raise NoImpedance(
                f"{raw.name}: this is a file that eisfit has written, and no data of an instrument; load it by "
                "eisfit.store.load, or draw it by 'eisfit plot'"
            )
        named = ", ".join(others[:8]) or "none"
        raise NoImpedance(f"{raw.name}: no array has the three columns f, Z', Z''; its arrays are: {named}")
    return spectra


def _arrays(raw: RawFile) -> tuple[list[tuple[str, Floats]], list[str]]:
    import h5py

    found: list[tuple[str, Floats]] = []
    others: list[str] = []

    def look(name: str | bytes, node: object) -> None:
        path = name.decode("utf-8", "replace") if isinstance(name, bytes) else name
        if not isinstance(node, h5py.Dataset):
            return
        if fault_of(node.id):
            others.append(path)
            return
        fits = node.ndim == 2 and node.shape[1] == 3 and 2 <= node.shape[0] <= MOST_POINTS
        if (
            fits
            and node.dtype.kind in "fiu"
            and node.dtype.itemsize * node.size <= max(len(raw.data), 1000) * 20
        ):
            array = np.asarray(node[()], float)
            step = np.diff(array[:, 0])
            if np.all(array[:, 0] > 0) and (np.all(step > 0) or np.all(step < 0)):
                found.append((path, array))
                return
        others.append(path)

    with h5py.File(io.BytesIO(raw.data), "r") as store:
        store.visititems(look)
    return found, others


def _conditions(path: str) -> tuple[Conditions, tuple[Finding, ...]]:
    """Take a bias where the group of the array is named by a number of volts."""
    group = path.split("/")[-2] if "/" in path else ""
    bias = number(group)
    if bias is None or not abs(bias) <= LARGEST_BIAS_V:
        return NO_CONDITIONS, ()
    text = f"the bias {bias:g} V was taken from the name of the group {group!r}"
    return with_plausible(NO_CONDITIONS, bias_v=bias), (Finding("bias", text),)


FORMAT = Format(NAME, recognise, read)
