"""The list of formats, in the order in which they are tried."""

from __future__ import annotations

import numpy as np

from eisfit.errors import FormatError, InputError, NoImpedance
from eisfit.formats import (
    agilent_4294a,
    autolab_dfr,
    ch_instruments,
    complex_cells,
    corrware,
    eclab_mpr,
    eclab_settings,
    eclab_text,
    eis_spectrum_analyser,
    elchemea,
    gamry,
    git_pointer,
    hdf5,
    ivium,
    keysight,
    lcr_meter,
    lists_in_cells,
    moku,
    novocontrol,
    p00,
    palmsens,
    princeton,
    pstrace,
    relaxis_project,
    relaxis_text,
    spreadsheet,
    touchstone,
    versastudio,
    zahner_ism,
    zahner_text,
    zplot,
)
from eisfit.formats import delimited_text as table
from eisfit.formats import json_matlab as named
from eisfit.formats import matrix_of_numbers as split_columns
from eisfit.formats.parsing.dialect import looks_like_text
from eisfit.formats.parsing.direct_current import dc_columns, dc_said
from eisfit.formats.parsing.search_limit import limited
from eisfit.formats.plugins import plugins
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

FORMATS: tuple[Format, ...] = (
    git_pointer.FORMAT,
    eclab_mpr.FORMAT,
    eclab_settings.FORMAT,
    eclab_text.FORMAT,
    gamry.FORMAT,
    zplot.FORMAT,
    corrware.FORMAT,
    zahner_ism.FORMAT,
    zahner_text.FORMAT,
    palmsens.FORMAT,
    pstrace.FORMAT,
    ivium.FORMAT,
    autolab_dfr.FORMAT,
    versastudio.FORMAT,
    *princeton.FORMATS,
    ch_instruments.FORMAT,
    novocontrol.FORMAT,
    lcr_meter.FORMAT,
    keysight.FORMAT,
    agilent_4294a.FORMAT,
    touchstone.FORMAT,
    relaxis_text.FORMAT,
    relaxis_project.FORMAT,
    hdf5.FORMAT,
    elchemea.FORMAT,
    p00.FORMAT,
    moku.FORMAT,
    eis_spectrum_analyser.FORMAT,
    spreadsheet.FORMAT,
    *named.FORMATS,
    lists_in_cells.FORMAT,
    complex_cells.FORMAT,
    split_columns.FORMAT,
    table.FORMAT,  # accepts any text, so it is tried last, after the plug-ins
)


# what damaged content may raise where a reader has not foreseen it; one such file must not end a series of 200
_UNFORESEEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    EOFError,
    MemoryError,
    RecursionError,
)


def spectra_of_file(raw: RawFile) -> list[Spectrum]:
    """Return the spectra of a file by the first format that recognises its content.

    Raises
    ------
    FormatError
        If no format knows it, the format has no such channel, or the file breaks its format.
    """
    try:
        with limited(raw.name):
            return _read(raw)
    except InputError:
        raise
    except _UNFORESEEN as error:
        what = f"{type(error).__name__}: {str(error)[:80]}"
        raise FormatError(
            f"{raw.name}: the file is damaged in a way that its reader does not know ({what}); where the program of "
            "the instrument opens it, report it"
        ) from error


def _read(raw: RawFile) -> list[Spectrum]:
    chosen, notes = _chosen(raw)
    if raw.channel != "we" and not chosen.channels:
        raise FormatError(
            f"{raw.name}: {chosen.name} files hold one impedance and no channel {raw.channel!r}; "
            "leave the channel out"
        )
    with np.errstate(all="ignore"):  # overflows are refused later by their value, with a message
        spectra = chosen.read(raw)
    return [s.noting(*notes) for s in spectra] if notes else spectra


def _chosen(raw: RawFile) -> tuple[Format, tuple[Finding, ...]]:
    """Return the format that recognises the content, and the faults of the plug-ins that were tried before it."""
    found = next((f for f in FORMATS if f is not table.FORMAT and f.recognise(raw)), None)
    if found is not None:
        return found, ()
    notes = plugins().broken
    for plugin in plugins().formats:
        try:
            if plugin.recognise(raw):
                return plugin, ()
        except FormatError as error:
            notes += (Finding("plug-in", str(error)),)
    if table.FORMAT.recognise(raw):
        return table.FORMAT, notes
    if looks_like_text(raw) and (columns := dc_columns(raw.lines)):
        raise NoImpedance(f"{raw.name}: {dc_said(columns)}")
    known = "its content is of no known format; save it as text or CSV with column headings"
    raise FormatError("; ".join([f"{raw.name}: {known}", *(n.text for n in notes)]))
