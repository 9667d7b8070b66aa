"""Spectra under the temperatures that the names of their files and folders tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from eisfit import formats
from eisfit.errors import ManifestError
from eisfit.formats import Channel
from eisfit.formats.reading import AnyPath
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.keywords import known_keywords
from eisfit.workflow.given_conditions import AGREE
from eisfit.workflow.temperature_names import name_in, temperature_from_name

COMMAND_LINE = "command line"


@known_keywords
def read(
    paths: AnyPath | Iterable[AnyPath],
    *,
    channel: Channel = "we",
    temperature_from_name: str | None = None,
) -> list[Spectrum]:
    """Return the spectra of instrument files, each with a label of its own.

    Parameters
    ----------
    paths : str, Path, or iterable of those
        A file, or a pattern such as ``lab/*.mpt`` (``**`` for all folders below).
    channel : {"we", "ce", "we-ce"}
        Which impedance of three-electrode files: working electrode, counter electrode, or both together.
    temperature_from_name : str, optional
        How the names of files and folders contain the temperature in °C, such as ``"T{temperature_c}_"``; it counts
        before that of the file. A spectrum whose name tells none keeps what it has, and a finding says so.

    Returns
    -------
    list of Spectrum
        In the order of the paths, patterns sorted by name, sweeps in the order of the file. The label is
        the file's stem, with ``#2`` for its second sweep; where a stem is taken, the whole name, then the
        folder too.

    Raises
    ------
    FormatError
        If a file does not exist, is a directory, is of no known format, or breaks its format.
    NoImpedance
        If a file was understood and holds no impedance.
    ManifestError
        If the pattern is none, or no name tells a temperature by it.

    Examples
    --------
    >>> import eisfit
    >>> spectra = eisfit.read(
    ...     "sample_spectra/llto_le_four_electrode/*C.mpt", temperature_from_name="{temperature_c}C"
    ... )
    >>> spectra[0].label, spectra[0].conditions.temperature_c
    ('llto_0C', 0.0)
    """
    spectra = formats.read(paths, channel=channel)
    return spectra if temperature_from_name is None else under_names(spectra, temperature_from_name)


def under_names(spectra: Sequence[Spectrum], pattern: str, where: str = "") -> list[Spectrum]:
    """Return spectra with the temperatures that their names tell.

    Parameters
    ----------
    spectra : sequence of Spectrum
        As they were read. One whose name tells no temperature keeps what it has, and a finding says so.
    pattern : str
        As `temperature_from_name` takes it.
    where : str
        For messages.

    Raises
    ------
    ManifestError
        If the pattern is none, or no name tells a temperature by it.
    """
    named: list[Spectrum] = []
    faults: list[ManifestError] = []
    for spectrum in spectra:
        try:
            value, notes = temperature_from_name(_name(spectrum), pattern, where)
        except ManifestError as error:
            faults.append(error)
            named.append(spectrum.noting(Finding("temperature", str(error).removeprefix(f"{where}: "))))
        else:
            named.append(_under(spectrum, value, notes))
    if faults and len(faults) == len(named):
        raise faults[0]
    return named


def temperature_named(spectrum: Spectrum, pattern: str, folders: bool = True) -> float | None:
    """Return the temperature in °C that the name of a spectrum tells by a pattern; None where it tells none."""
    name = _name(spectrum)
    try:
        return temperature_from_name(name if folders else name.rpartition("/")[2], pattern)[0]
    except ManifestError:
        return None


def _name(spectrum: Spectrum) -> str:
    """Return the file of a spectrum with its folders as they were given, without suffix; its label without a file."""
    if spectrum.source is None:
        return spectrum.label
    file = Path(spectrum.source.file)
    return name_in(file, Path(file.anchor))


def _under(spectrum: Spectrum, temperature_c: float, notes: Sequence[Finding]) -> Spectrum:
    known = spectrum.conditions.temperature_c
    if known is not None and abs(known - temperature_c) > AGREE * max(abs(known), abs(temperature_c)):
        text = f"the name says {temperature_c:g} °C, the file {known:g} °C; that of the name is used"
        notes = (*notes, Finding("disagreement", text))
    return spectrum.under(replace(spectrum.conditions, temperature_c=temperature_c)).noting(*notes)
