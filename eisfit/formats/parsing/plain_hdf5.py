"""Whether a dataset of an HDF5 file lies wholly in that file, and is as large as its bytes allow."""

from __future__ import annotations

from typing import Any

LARGEST_RATIO = 1100  # gzip, the filter of most files, packs at most 1032 bytes into one
MOST_BYTES = 500_000_000  # of one dataset in memory


def way_out_of(file: Any) -> str:
    """Return which part of an open file leads to another file, as the beginning of a sentence; empty if none does.

    Parameters
    ----------
    file : h5py.File
        Nothing is followed, and no content is read.
    """
    from h5py import h5d, h5l, h5o

    def link(name: bytes, info: Any) -> str | None:
        elsewhere = info.type not in (h5l.TYPE_HARD, h5l.TYPE_SOFT)
        return f"/{name.decode('utf-8', 'replace')} leads to another file" if elsewhere else None

    def part(name: bytes, info: Any) -> str | None:
        if info.type != h5o.TYPE_DATASET:
            return None
        reason = _elsewhere(h5d.open(file.id, name).get_create_plist())
        return f"/{name.decode('utf-8', 'replace')} {reason}" if reason else None

    return file.id.links.visit(link, info=True) or h5o.visit(file.id, part, info=True) or ""


def _elsewhere(layout: Any) -> str:
    from h5py import h5d

    if layout.get_external_count():
        return "keeps its content in another file"
    return "is made of parts of other files" if layout.get_layout() == h5d.VIRTUAL else ""


def fault_of(dataset: Any) -> str:
    """Return why a dataset must not be read, as the end of a sentence; empty where it may.

    Parameters
    ----------
    dataset : h5py.h5d.DatasetID
        Low-level id. Nothing of its content is read.
    """
    from h5py import h5t

    layout = dataset.get_create_plist()
    if reason := _elsewhere(layout):
        return f"{reason}, which is not opened"
    kind = dataset.get_type()
    size = dataset.get_space().get_simple_extent_npoints() * kind.get_size()
    stored = dataset.get_storage_size()
    if size > MOST_BYTES:
        return f"claims {size:,} bytes, more than {MOST_BYTES:,}"
    variable = kind.get_class() == h5t.VLEN or (kind.get_class() == h5t.STRING and kind.is_variable_str())
    ratio = LARGEST_RATIO if layout.get_nfilters() else 1
    if size > max(stored, 1) * ratio and not (variable and not size):
        return f"claims {size:,} bytes where the file holds {stored:,}"
    return ""
