"""Results in one sealed HDF5 file."""

from eisfit.store.store import Result, load, load_settings, save

__all__ = [
    "Result",
    "load",
    "load_settings",
    "save",
]
