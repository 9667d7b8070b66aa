"""What was seen without a fit, in HDF5: distributions of relaxation times and suggestions, with their spectra."""

from __future__ import annotations

from types import MappingProxyType
from typing import TypeAlias

from eisfit.relaxations.distribution import Distribution
from eisfit.relaxations.over_series import DistributionSeries, as_series
from eisfit.store.hdf5 import Group, set_attributes
from eisfit.store.relaxations import read_relaxations, write_relaxations
from eisfit.store.spectra import read_spectra, write_spectra
from eisfit.store.suggestion import read_suggestion, write_suggestion
from eisfit.suggestion import Suggestion

Look: TypeAlias = DistributionSeries | Distribution | Suggestion

LOOKS = MappingProxyType({kind.__name__: kind for kind in (DistributionSeries, Distribution, Suggestion)})


def write_look(entry: Group, result: Look) -> None:
    """Write distributions or a suggestion without fits, with the spectra that they are of."""
    if isinstance(result, Suggestion):
        write_spectra(entry, result.spectra, [None] * len(result.spectra))
        write_suggestion(entry, result, result.spectra)
        set_attributes(entry.id, {"default": "spectra"})
        return
    found = as_series(result)
    spectra = [d.spectrum for d in found]
    write_spectra(entry, spectra, [None] * len(spectra))
    write_relaxations(entry, found, spectra)
    set_attributes(entry.id, {"default": "relaxations" if spectra else "spectra"})


def read_look(entry: Group, content: str) -> Look:
    """Return what `write_look` has written, by the word of `LOOKS` that names it.

    Raises
    ------
    KeyError, Unusable
        If a part is missing, or no part of such a file.
    """
    spectra = read_spectra(entry)
    if content == "Suggestion":
        suggested = read_suggestion(entry, spectra)
        if suggested is None:
            raise KeyError("/entry/suggestion")
        return suggested
    found = read_relaxations(entry, spectra)
    if found is None:
        raise KeyError("/entry/relaxations")
    return found if content == "DistributionSeries" else found.distributions[0]
