"""Instrument files in, spectra out; each file is recognised by its content."""

from __future__ import annotations

from eisfit.formats._files import Format, RawFile
from eisfit.formats._read import FORMATS, names_of, read, read_file

__all__ = ["FORMATS", "Format", "RawFile", "names_of", "read", "read_file"]
