"""Results in one sealed HDF5 file."""

from eisfit.store.store import Result, as_bytes, load, load_settings, save

__all__ = [
    "Result",
    "as_bytes",
    "load",
    "load_settings",
    "save",
]
