"""Small files made by hand from what is known of the formats, for variants that no sample shows."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eisfit.formats import read_file
from eisfit.formats.raw_file import Channel
from eisfit.spectrum.spectrum import Spectrum

F = np.array([1e5, 1e4, 1e3, 1e2, 1e1])
Z = np.array([10 - 1j, 20 - 5j, 40 - 12j, 90 - 30j, 100 - 3j])

# ---- EC-Lab mpr -----------------------------------------------------------------------------------

PEIS_IDS = (32, 37, 38, 36, 35, 4, 77, 76, 24)
SIZES = {4: "f8", 24: "f8", 39: "u2", 131: "u2"}
FLAG_IDS = (1, 2, 3, 21, 31, 65)


def module(name: str, payload: bytes, version: int, *, new: bool = False) -> bytes:
    """Return one module with its header in the old or the new layout."""
    head = b"MODULE" + name.encode().ljust(10) + name.encode().ljust(25)
    if new:
        head += struct.pack("<IIII", 0xFFFFFFFF, len(payload), 0, version)
    else:
        head += struct.pack("<II", len(payload), version)
    return head + b"03/02/21" + payload


def sweep(*strength: float | int, layout: str = "f", high_khz: float = 100.0, low_mhz: float = 1e4) -> bytes:
    """Return the planned frequencies of a run with what follows them: the amplitude by its layout."""
    return struct.pack(f"<fBfBIH{layout}", high_khz, 1, low_mhz, 3, 6, 0x101, *strength)


def settings(
    *,
    technique: int = 0x1D,
    comment: str = "",
    area: float = 0.001,
    unit: int = 2,
    planned: bytes = b"",
    at: int = 0x185E,
) -> bytes:
    """Return the payload of a settings module, with a planned sweep at a byte of it."""
    payload = bytearray(0x300 if not planned else 0x1A56)
    payload[at : at + len(planned)] = planned
    payload[0] = technique
    text = comment.encode("cp1252")
    payload[7 : 8 + len(text)] = bytes([len(text)]) + text
    struct.pack_into("<f", payload, 0x211, area)
    payload[0x250] = unit
    return bytes(payload)


def records(
    columns: dict[int, Sequence[float]], version: int, extra: dict[int, bytes] | None = None, flags: int = 0
) -> bytes:
    """Return the payload of a data module; `extra` are columns of a fixed content and unknown type."""
    ids = [*FLAG_IDS[:flags], *columns, *(extra or {})]
    start = {2: 405, 3: 406, 11: 1007}[version]
    count = len(next(iter(columns.values())))
    head = struct.pack("<IH" if version == 11 else "<IB", count, len(ids))
    head += struct.pack(f"<{len(ids)}H", *ids)
    rows = b""
    for k in range(count):
        rows += b"\x02" if flags else b""
        rows += b"".join(np.array(v[k], "<" + SIZES.get(i, "f4")).tobytes() for i, v in columns.items())
        rows += b"".join((extra or {}).values())
    return head.ljust(start, b"\0") + rows


def peis(
    f: np.ndarray = F, z: np.ndarray = Z, cycle: Sequence[float] | None = None
) -> dict[int, Sequence[float]]:
    """Return the usual columns of a PEIS run."""
    n = len(f)
    return {
        32: f.tolist(),
        37: z.real.tolist(),
        38: (-z.imag).tolist(),
        36: np.abs(z).tolist(),
        35: np.angle(z, deg=True).tolist(),
        4: np.arange(n).astype(float).tolist(),
        77: [0.25] * n,
        24: [1.0] * n if cycle is None else cycle,
    }


def mpr(data: bytes, version: int, *more: bytes, setting: bytes | None = None, new: bool = False) -> bytes:
    """Return a whole file."""
    head = b"BIO-LOGIC MODULAR FILE\x1a" + b" " * 25 + b"\0" * 4
    set_module = module("VMP Set", settings() if setting is None else setting, 10 if new else 0, new=new)
    return head + set_module + module("VMP data", data, version, new=new) + b"".join(more)


# ---- PalmSens -------------------------------------------------------------------------------------


def arrays(f: np.ndarray, z: np.ndarray, potential: float = 0.1) -> dict[str, object]:
    """Return a data set as a session holds it."""
    kinds = {0: np.arange(len(f)), 1: np.full(len(f), potential), 5: f, 7: z.real, 8: -z.imag}
    values = [{"ArrayType": k, "DataValues": [{"V": float(x)} for x in v]} for k, v in kinds.items()]
    return {"Values": values}


def session(measurements: list[dict[str, object]], *, lower: bool = False) -> bytes:
    """Return a session file."""
    top = {"Type": "x", "CoreVersion": "5.9", "MethodForMeasurement": "", "Measurements": measurements}
    text = json.dumps(top)
    for key in ("Measurements", "CoreVersion", "DataSet", "Values", "ArrayType", "EISDataList", "SubScans"):
        text = text.replace(f'"{key}"', f'"{key.lower()}"') if lower else text
    return b"\xff\xfe" + (text + "\ufeff").encode("utf-16-le")


# ---- text -----------------------------------------------------------------------------------------


def pstrace(*, curves: int = 1, encoding: str = "utf-16", columns: str = "full") -> bytes:
    """Return a PSTrace CSV; its Z'' is positive for a capacitive sample."""
    lines = ["File date:,2024-01-02 03:04:05", "Measurement:,Impedance Spectroscopy", "Notes:,"]
    for k in range(1, curves + 1):
        lines += [
            "Fixed at 5 freqs",
            "freq / Hz, neg. Phase / °, Idc / uA, Z / Ohm, Z' / Ohm, Z'' / Ohm, Cs / F",
        ]
        if columns == "polar":
            lines[-1] = "freq / Hz, neg. Phase / °, Z / Ohm"
        for f, z in zip(F, k * Z, strict=True):
            phase, modulus = -np.angle(z, deg=True), abs(z)
            full = f"{f},{phase},0.1,{modulus},{z.real},{-z.imag},1e-6,"
            lines.append(full if columns == "full" else f"{f},{phase},{modulus}")
        lines.append("")
    text = "\r\n".join(lines)
    return (text + "\ufeff").encode("utf-16") if encoding == "utf-16" else text.encode(encoding)


def lcr(
    *, area: str = "78,540", thickness: str = "1,000", temperature: bool = True, level: str = "0,010"
) -> bytes:
    """Return a LabVIEW file of an LCR meter, low to high, decimal commas."""
    lines = [
        "Time: 10:11; Datum: 02.03.2024",
        f"Sample Area [sqmm]: {area}", f"Sample Thickness [mm]: {thickness}",
        f"Voltage Level [V]: {level}", "", "", "F[Hz]\t\tZ[Ohm]\t\tTheta\t\tTemperatur[°C]",
    ]  # fmt: skip
    for f, z in zip(F[::-1], Z[::-1], strict=True):
        row = f"{f:.6f}\t{abs(z):.9f}\t{np.angle(z, deg=True):.9f}" + ("\t25,5" if temperature else "")
        lines.append(row.replace(".", ","))
    return "\r\n".join(lines).encode("cp1252")


def e4990a(pair: str = "R(Ohm)-data, X(Ohm)-data", channels: int = 1) -> bytes:
    """Return an impedance analyser's CSV."""
    lines = ["!Agilent Technologies,E4990A,MY1,A.02.12", "!Date: Fri Aug 28 18:37:56 2020", ""]
    polar = "theta" in pair
    for k in range(1, channels + 1):
        lines += [f"BEGIN CH{k}_DATA", f"Frequency(Hz), {pair}"]
        for f, z in zip(F, k * Z, strict=True):
            a, b = (abs(z), np.angle(z, deg=True)) if polar else (z.real, z.imag)
            lines.append(f"{f:+.11e}, {a:+.11e}, {b:+.11e}")
        lines.append("END")
    return "\r\n".join(lines).encode()


def versastudio(
    segments: int = 1, columns: str = "Segment #, Frequency(Hz), Z Real, Z Imag, ActionId"
) -> bytes:
    """Return a VersaStudio file with several segments."""
    lines = ["<Application>", "Name=VersaStudio", "</Application>", "<Action0>"]
    lines += ["Working Electrode Area (cm2)=2.5", "Amplitude (mV RMS)=20", "</Action0>"]
    for k in range(1, segments + 1):
        lines += [f"<Segment{k}>", "Type=2", f"Definition={columns}"]
        rows = zip(np.r_[0.0, F], np.r_[0, k * Z], strict=True)
        lines += [f"{k - 1},{f},{z.real},{z.imag},{20 + k}" for f, z in rows]
        lines.append(f"</Segment{k}>")
    return "\r\n".join(lines).encode()


def ivium(*methods: str) -> bytes:
    """Return an Ivium file with one data object per method."""
    text = "\0" * 16 + "H\0\0\0\r\nPeaks=false\r\n"
    for method in methods:
        text += f"Method={method}\r\nData Options.Area=1\r\n2\r\nData Objects    \r\n0\r\n"
        text += "primary_data    \r\n3\r\n5\r\n"
        text += "".join(f"{z.real:.5E}  {z.imag:.5E}\t{f:.5E} \r\n" for f, z in zip(F, Z, strict=True))
        text += 2 * ("\0" * 4 + "\r\n")
    return text.encode("latin-1")


def dfr(count: int | None = None) -> bytes:
    """Return an Autolab file."""
    lines = ["VERSION8.0", f" {len(F) if count is None else count}", " 1"]
    for f, z in zip(F, Z, strict=True):
        lines += [f" {f}", f" {z.real}", f" {-z.imag}", *[" 0.0"] * 6]
    return "\n".join([*lines, " 01.02.2020 03:04:05"]).encode()


def z60(first: str = "ZView Calculated Data File: Version 1.1", count: int = 5) -> bytes:
    """Return a file of the Z60W family."""
    lines = [f'"{first}"', '""', "0,2,0,1,0.1,10000", f"{count}"]
    lines += ["Freq(Hz),DCcurr(A),DCpot(V),Time(S),Zprime(Ohm),Zbis(Ohm),GD,X,Y"]
    lines += [f"{f},0,0,{k},{z.real},{z.imag},0,0,0" for k, (f, z) in enumerate(zip(F, Z, strict=True))]
    return "\r\n".join(lines).encode()


def chi(technique: str = "A.C. Impedance") -> bytes:
    """Return a CH Instruments file."""
    lines = ["Feb. 20, 2020   15:55:08", technique, "Instrument Model:  CHI660E", ""]
    lines += ["Init E (V) = 0.2", "Amplitude (V) = 0.005", ""]
    if technique == "A.C. Impedance":
        lines += ["Freq/Hz, Z'/ohm, Z\"/ohm, Z/ohm, Phase/deg", ""]
        lines += [f"{f:.3e}, {z.real:.3e}, {z.imag:.3e}, {abs(z):.3e}, 0" for f, z in zip(F, Z, strict=True)]
    else:
        lines += ["Potential/V, Current/A", "", "0.1, 1e-6"]
    return "\r\n".join(lines).encode()


def relaxis(count: int = 2) -> bytes:
    """Return a RelaxIS export with spectra side by side, the last one shorter."""
    heads, about = [], []
    for k in range(1, count + 1):
        heads += ["Data: Frequency", "Data: Z'", "Data: Z''", ""]
        about += [f"DC=0.{k}, TM={20 + k}.5, J=0", "Model: x", f"name {k}", ""]
    rows = []
    for i, (f, z) in enumerate(zip(F[::-1], Z[::-1], strict=True)):
        row: list[str] = []
        for k in range(1, count + 1):
            there = k < count or i < 4
            row += [f"{f}", f"{k * z.real}", f"{k * z.imag}", ""] if there else [""] * 4
        rows.append("\t".join(row))
    head = ["RelaxIS 3.0 Spectrum export", "Date: 12/16/2025 2:29:15 PM", "\t".join(heads), "\t".join(about)]
    return "\r\n".join([*head, *rows]).encode()


def ism(*, strings: Sequence[str] = (), times: Sequence[float] | None = None) -> bytes:
    """Return a Zahner file; strings are written with their case swapped, as the program does."""
    n = len(F)
    clock = [1e9 + 2.0 * k for k in range(n)] if times is None else times
    body = b"".join(np.asarray(a, ">f8").tobytes() for a in (F, np.abs(Z), np.angle(Z), clock))
    body += np.full(n, 950, ">i2").tobytes()
    for text in [*strings, *[""] * (11 - len(strings))]:
        coded = text.swapcase().encode("latin-1")
        body += struct.pack(">H", len(coded)) + coded
    return b"\0\0\xff\xff\xff\xfe" + (n - 1).to_bytes(6, "big") + body


def zahner_text() -> bytes:
    """Return a Zahner export with SI suffixes."""
    rows = [f"{f / 1e3}k;{abs(z) * 1e3}m;{np.angle(z, deg=True)}" for f, z in zip(F, Z, strict=True)]
    return "\r\n".join(["Frequency;Impedance;Phase", *rows]).encode()


def princeton(heading: str) -> bytes:
    """Return a Parstat or PowerSuite export with three columns."""
    rows = [f"{f}\t{z.real}\t{z.imag}\t" for f, z in zip(F, Z, strict=True)]
    return "\r\n".join([heading, *rows]).encode()


def p00() -> bytes:
    """Return a .P00 file."""
    head = [
        "Procedure : x",
        "start",
        "about",
        "t = 736.4 s",
        " f/Hz\t Z'/Ohm\t -Z''/Ohm\t time/s",
        f"{len(F)}",
    ]
    rows = [f"{f:.3e}\t{z.real:.3e}\t{-z.imag:.3e}\t{k}" for k, (f, z) in enumerate(zip(F, Z, strict=True))]
    return "\n".join([*head, *rows]).encode()


def spectrum_analyser() -> bytes:
    """Return a text of EIS Spectrum Analyser: the number of points, then Z', -Z'' and frequency."""
    rows = [f"{z.real:10.5g} {-z.imag:10.5g} {f:g}" for f, z in zip(F, Z, strict=True)]
    return "\r\n".join([f"{len(F)}", *rows]).encode()


def i2b() -> bytes:
    """Return an Elchemea file."""
    rows = [f"{f} {z.real} {z.imag}" for f, z in zip(F, Z, strict=True)]
    return "\n".join(["some words", "", f"{len(F)}", *rows]).encode()


def moku(shunt_ohm: float = 100.0) -> bytes:
    """Return gain and phase of a divider whose shunt the file name must tell."""
    ratio = Z / shunt_ohm + 1
    rows = [f"{f},0,0,{20 * np.log10(abs(r))},{np.angle(r, deg=True)}" for f, r in zip(F, ratio, strict=True)]
    return "\n".join(["% Moku:Go Frequency Response Analyzer", "% f, A, A, B, B", *rows]).encode()


# ---- workbooks ------------------------------------------------------------------------------------

_SHEETML = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def eis3(*facts: dict[str, object]) -> bytes:
    """Return a RelaxIS project with one record per argument, the k-th of k times Z."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE Files (ID INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE Datapoints (ID INTEGER, file_id INTEGER, frequency, zreal, zimag)")
    connection.execute("CREATE TABLE FileInformation (file_id INTEGER, name TEXT, value NUMERIC)")
    for k, known in enumerate(facts or ({},), 1):
        connection.execute("INSERT INTO Files VALUES (?)", (k,))
        points = zip(F.tolist(), (k * Z).tolist(), strict=True)
        rows = [(100 * k + i, k, f, z.real, z.imag) for i, (f, z) in enumerate(points)]
        connection.executemany("INSERT INTO Datapoints VALUES (?, ?, ?, ?, ?)", rows)
        pairs = [(k, name, value) for name, value in known.items()]
        connection.executemany("INSERT INTO FileInformation VALUES (?, ?, ?)", pairs)
    connection.commit()
    data = connection.serialize()
    connection.close()
    return data


def xlsx(sheets: dict[str, list[list[str | float]]]) -> bytes:
    """Return a workbook with inline strings."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        names = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(sheets))
        archive.writestr(
            "xl/workbook.xml", f"<workbook {_SHEETML} {_REL}><sheets>{names}</sheets></workbook>"
        )
        links = "".join(
            f'<Relationship Id="r{i}" Target="worksheets/sheet{i}.xml"/>' for i in range(len(sheets))
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        for i, rows in enumerate(sheets.values()):
            body = ""
            for r, row in enumerate(rows, 1):
                cells = ""
                for c, value in enumerate(row):
                    place = f"{chr(65 + c)}{r}"
                    if isinstance(value, str):
                        text = value.replace("&", "&amp;").replace("<", "&lt;")
                        cells += f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
                    else:
                        cells += f'<c r="{place}"><v>{float(value)!r}</v></c>'
                body += f'<row r="{r}">{cells}</row>'
            archive.writestr(
                f"xl/worksheets/sheet{i}.xml",
                f"<worksheet {_SHEETML}><sheetData>{body}</sheetData></worksheet>",
            )
    return buffer.getvalue()


def ods(rows: list[list[str | float]]) -> bytes:
    """Return an OpenDocument workbook with one sheet."""
    urn = "urn:oasis:names:tc:opendocument:xmlns:"
    names = f'xmlns:office="{urn}office:1.0" xmlns:table="{urn}table:1.0" xmlns:text="{urn}text:1.0"'
    body = ""
    for row in rows:
        cells = ""
        for value in row:
            text = f"{value}".replace("&", "&amp;").replace("<", "&lt;")
            number = "" if isinstance(value, str) else f' office:value-type="float" office:value="{value}"'
            cells += f"<table:table-cell{number}><text:p>{text}</text:p></table:table-cell>"
        body += f"<table:table-row>{cells}</table:table-row>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><table:table>{body}</table:table></office:document-content>",
        )
    return buffer.getvalue()


def reread(folder: Path, data: bytes, name: str = "cell.bin", channel: Channel = "we") -> list[Spectrum]:
    (folder / name).write_bytes(data)
    return read_file(folder / name, channel=channel)


def is_z(s: Spectrum, factor: float = 1.0, rtol: float = 1e-6, *, up: bool = False) -> bool:
    order = slice(None, None, -1) if up else slice(None)
    np.testing.assert_allclose(s.frequency_hz, F[order], rtol=rtol)
    np.testing.assert_allclose(s.z_ohm, factor * Z[order], rtol=rtol, atol=rtol)
    return True
