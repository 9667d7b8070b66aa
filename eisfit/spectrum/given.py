"""What is handed to a verb as spectra: taken, or refused with the way to what it takes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from eisfit.errors import InputError
from eisfit.spectrum.spectrum import Spectrum


def one_spectrum(given: object, verb: str, for_all: str = "") -> Spectrum:
    """Return what was given if it is one spectrum.

    Parameters
    ----------
    given : object
        What the caller handed over.
    verb, for_all : str
        Name of the function, and of the one that takes many, for the message.

    Raises
    ------
    InputError
        If it is a list, a path or anything else; the message says how to get a spectrum from it.
    """
    if isinstance(given, Spectrum):
        return given
    if isinstance(given, list | tuple):
        held = (
            f"{len(given)} spectra" if all(isinstance(s, Spectrum) for s in given) else f"{len(given)} items"
        )
        raise InputError(
            f"{verb} takes one Spectrum, and this is a {type(given).__name__} of {held}, as eisfit.read gives; "
            f"take [0] of it, or {for_all or 'one after the other'}{' for all' if for_all else ''}"
        )
    raise InputError(f"{verb} takes one Spectrum, and this is {_way(given)}")


def many_spectra(given: object, verb: str, for_one: str = "eisfit.fit") -> Sequence[Spectrum]:
    """Return what was given if it is a row of spectra; an iterable that can be gone through once becomes a list.

    Parameters
    ----------
    given : object
        What the caller handed over.
    verb, for_one : str
        Name of the function, and of the one that takes a single spectrum, for the message.

    Raises
    ------
    InputError
        If it is one spectrum, a path, or holds anything but spectra.
    """
    if isinstance(given, Spectrum):
        raise InputError(
            f"{verb} takes a list of spectra, and this is one Spectrum; write [spectrum], or use {for_one}"
        )
    if isinstance(given, str | os.PathLike) or not isinstance(given, Iterable):
        raise InputError(f"{verb} takes a list of spectra, and this is {_way(given, '')}")
    spectra: Sequence[Spectrum] = given if isinstance(given, Sequence) else list(given)
    if isinstance(spectra, list | tuple):
        for k, item in enumerate(spectra):
            if isinstance(item, list | tuple):
                raise InputError(
                    f"{verb} takes a list of spectra, and item {k} of it is a {type(item).__name__}; eisfit.read gives "
                    "a list for each call: join lists by +, or read all files in one call"
                )
            if not isinstance(item, Spectrum):
                raise InputError(f"{verb} takes a list of spectra, and item {k} of it is {_way(item)}")
    return spectra


def _way(given: object, first: str = "[0]") -> str:
    """Return what something is, and how to get a spectrum from it."""
    name = type(given).__name__
    article = "an" if name[:1].lower() in "aeiou" else "a"
    if isinstance(given, str | os.PathLike):
        return f"a path; read it first: eisfit.read({os.fspath(given)!r}){first}"
    if hasattr(given, "spectrum"):
        return f"{article} {name}; its spectrum is the attribute .spectrum"
    return f"{article} {name}; make one of numbers: eisfit.Spectrum(frequency_hz=f, z_ohm=z)"
