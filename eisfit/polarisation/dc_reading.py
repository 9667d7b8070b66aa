"""Read files as dc data: tables with places of probes, and the dc techniques of instruments."""

from __future__ import annotations

from collections.abc import Iterable

from eisfit.errors import FormatError, InputError
from eisfit.formats.raw_file import RawFile
from eisfit.formats.reading import AnyPath, Unread, files_of
from eisfit.polarisation import dc_table, instrument_records
from eisfit.polarisation.dc_data import DcData


def read_dc(paths: AnyPath | Iterable[AnyPath]) -> list[DcData]:
    """Return the dc data of files.

    Parameters
    ----------
    paths : str, Path, or iterable of those
        Files or patterns: a CSV with headings such as ``current/mA`` and ``L1/V`` under lines such as
        ``# position_mm: L1=0, L2=1``, or files of EC-Lab (text, mpr), Gamry, CH Instruments, CorrWare, VersaStudio.

    Raises
    ------
    FormatError
        If a file does not exist, holds impedance or no current and potential, or breaks its format.
    """
    return [data for path in files_of(paths) for data in _read(RawFile.open(path))]


def read_all_dc(paths: AnyPath | Iterable[AnyPath]) -> tuple[list[DcData], list[Unread]]:
    """Return the dc data of all files that can be read, and the other files with their reasons."""
    found: list[DcData] = []
    unread: list[Unread] = []
    for path in files_of(paths):
        try:
            found += _read(RawFile.open(path))
        except InputError as error:
            unread.append(Unread(path.stem, str(path), str(error)))
    return found, unread


def _read(raw: RawFile) -> list[DcData]:
    if not raw.data.strip(b"\0 \r\n\t"):
        raise FormatError(f"{raw.name}: the file is empty")
    for room in instrument_records.READERS:
        if room.recognise(raw):
            return room.read(raw)
    try:
        return dc_table.read(raw)
    except FormatError:
        if _holds_impedance(raw):
            raise FormatError(
                f"{raw.name}: it holds impedance, which 'eisfit fit' reads, and no dc data"
            ) from None
        raise


def _holds_impedance(raw: RawFile) -> bool:
    from eisfit.formats import known_formats

    try:
        return bool(known_formats.spectra_of_file(raw))
    except InputError:
        return False
