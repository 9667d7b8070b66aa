"""What the commands read and check print of spectra: aligned lines, and what was found, each sentence once."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eisfit.cli.console import within
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tables.remarks import gathered
from eisfit.tables.wide_and_narrow import Column, Form
from eisfit.tools.plain_text import encodable, one_line

_UNITS = {"ohm": "Ω", "ohm cm2": "Ω cm²", "ohm cm": "Ω cm"}
_COLUMNS = (
    Column("spectrum"),
    Column("points", justify="right"),
    Column("f / Hz", justify="right"),
    Column("|Z|", justify="right"),
    Column("unit"),
    Column("T / °C", justify="right"),
    Column("T from"),
    Column("format"),
    Column("file"),
)


def print_spectra(spectra: Sequence[Spectrum], rows: Sequence[Mapping[str, Any]]) -> None:
    """Print one line for each spectrum, then the findings of reading.

    Parameters
    ----------
    spectra : sequence of Spectrum
        As they were read.
    rows : sequence of mapping
        What `eisfit.workflow.described` says of each.
    """
    cells = [
        (
            s.label,
            str(row["points"]),
            f"{row['f_min_hz']:.4g} to {row['f_max_hz']:.4g}",
            f"{row['z_min_ohm']:.3g} to {row['z_max_ohm']:.3g}",
            _UNITS[row["unit"]],
            *_temperature(row),
            row["format"],
            _file(row),
        )
        for s, row in zip(spectra, rows, strict=True)
    ]
    form = Form("", _COLUMNS, cells).spelled(sys.stdout.encoding)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    lines = form.lines()
    whole = max(map(len, lines)) <= width
    formats = list(dict.fromkeys(str(row["format"]) for row in rows))
    narrow = form.chosen(range(8 if len(formats) > 1 else 7), "")
    for number, part in enumerate([form] if whole else narrow.cut(width, 1)):
        if number:
            print()
        for line in part.lines():
            print(line)
    if not whole and len(formats) == 1:
        print_line(f"format: {formats[0]}")
    print_findings((s.label, s.findings) for s in spectra)


def print_findings(found: Iterable[tuple[str, Sequence[Finding]]]) -> None:
    """Print the sentences of findings, each once, with the spectra that it is about."""
    spectra = list(found)
    by_text: dict[str, list[str]] = {}
    for label, findings in spectra:
        for finding in findings:
            by_text.setdefault(finding.text, []).append(label)
    for text in gathered(by_text, len(spectra)):
        print_line(f"- {text}")


def print_line(text: str) -> None:
    """Print a line on stdout, on a terminal broken between words."""
    print(within(encodable(one_line(text), sys.stdout.encoding), sys.stdout))


def _temperature(row: Mapping[str, Any]) -> tuple[str, str]:
    value = row["temperature_c"]
    if value is None:
        value = row["temperature_in_name_c"]
    return ("", "") if value is None else (f"{value:g}", row["temperature_from"])


def _file(row: Mapping[str, Any]) -> str:
    return f"{row['file']}, sweep {row['sweep']}" if row["sweep"] > 1 else str(row["file"])
