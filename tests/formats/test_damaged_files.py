"""Damaged, cut, shuffled and foreign bytes: always a FormatError or a valid spectrum, and soon."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eisfit.errors import FormatError
from eisfit.formats import FORMATS, read_file
from eisfit.formats.delimited_text import write_csv
from eisfit.formats.eclab_text import write_mpt
from eisfit.formats.gamry import write_dta
from eisfit.formats.parsing.headings import parse
from eisfit.formats.zplot import write_z
from eisfit.spectrum.spectrum import Spectrum
from support import formats_synthetic as made
from support.formats_samples import ROOT, needs_samples
from support.formats_synthetic import F, Z

LONGEST_S = 5.0
MUTATIONS = 40
MEGA = 1_000_000


def by(write: Callable[[Path, Spectrum], None]) -> Callable[[Path], bytes]:
    def bytes_of(folder: Path) -> bytes:
        write(folder / "seed", Spectrum(F, Z))
        return (folder / "seed").read_bytes()

    return bytes_of


def hdf5(folder: Path) -> bytes:
    import h5py

    with h5py.File(folder / "seed", "w") as store:
        store["run/0.1/data"] = np.transpose([F, Z.real, Z.imag])
    return (folder / "seed").read_bytes()


def matlab(_: Path) -> bytes:
    from scipy.io import savemat

    buffer = io.BytesIO()
    savemat(buffer, {"freq": F, "Z_real": Z.real, "Z_imag": Z.imag})  # type: ignore[arg-type]
    return buffer.getvalue()


def matrix(folder: Path) -> bytes:
    (folder / "freq.dat").write_text("\n".join(f"{f}" for f in F))
    pairs = [f"{part}" for z in Z for part in (z.real, z.imag)]
    return "\n".join([" ".join(pairs)] * 2).encode()


NOVOCONTROL = (
    "s1\r\nFixed value(s) :  Temp. [K]=300  AC Volt  [Vrms]=1\r\n"
    " Freq. [Hz]\t Zs' [Ohms]\t Zs'' [Ohms]\r\n"
    + "".join(f"{f}\t{z.real}\t{z.imag}\r\n" for f, z in zip(F, Z, strict=True))
)
LISTS = "id;frequency [Hz];Z\n" + "".join(f"{k};{F.tolist()};{Z.tolist()}\n" for k in range(3))
SHEET: list[list[str | float]] = [["f/Hz", "Z'/Ohm", "Z''/Ohm"], [10.0, 1.0, -1.0], [1.0, 2.0, -1.0]]
METHOD = "METHOD_ID=eis\r\nAMPLITUDE=1.0E-002\r\n"
RUN: dict[str, object] = {"Title": "EIS", "Method": METHOD, "DataSet": made.arrays(F, Z)}
PLANNED = made.settings(planned=made.sweep(10.0))

SEEDS: dict[str, Callable[[Path], bytes]] = {
    "mpt": by(write_mpt),
    "csv": by(write_csv),
    "dta": by(write_dta),
    "z": by(write_z),
    "mpr 3": lambda _: made.mpr(made.records(made.peis(), 3), 3, setting=PLANNED),
    "mpr 11": lambda _: made.mpr(made.records(made.peis(), 11), 11, new=True),
    "pssession": lambda _: made.session([RUN]),
    "pstrace": lambda _: made.pstrace(),
    "lcr": lambda _: made.lcr(),
    "e4990a": lambda _: made.e4990a(),
    "par": lambda _: made.versastudio(2),
    "idf": lambda _: made.ivium("Impedance"),
    "dfr": lambda _: made.dfr(),
    "z60": lambda _: made.z60(),
    "chi": lambda _: made.chi(),
    "relaxis": lambda _: made.relaxis(),
    "ism": lambda _: made.ism(strings=["160724", "x", "0.1V, Ampl: 10mV", "", "25.0+-0.1C"]),
    "xlsx": lambda _: made.xlsx({"a": SHEET}),
    "novocontrol": lambda _: NOVOCONTROL.encode(),
    "complex": lambda _: b"f/Hz,Z/Ohm\n10,(1-2j)\n5,(2-2j)\n1,(3-2j)\n",
    "lists": lambda _: LISTS.encode(),
    "json": lambda _: b'{"f/Hz": {"0": 10, "1": 1}, "Re(Z)/Ohm": [1, 2], "Im(Z)/Ohm": [-1, -2]}',
    "zahner text": lambda _: made.zahner_text(),
    "parstat": lambda _: made.princeton("Frequency (Hz)\tZre (ohms)\tZim (ohms)\t"),
    "powersuite": lambda _: made.princeton("Frequency\t Zre\t Zimg"),
    "p00": lambda _: made.p00(),
    "spectrum analyser": lambda _: made.spectrum_analyser(),
    "i2b": lambda _: made.i2b(),
    "moku": lambda _: made.moku(),
    "ods": lambda _: made.ods(SHEET),
    "matlab": matlab,
    "matrix": matrix,
    "h5": hdf5,
    "eis3": lambda _: made.eis3(),
    "touchstone": lambda _: (
        b"! vna\n# MHz S RI R 50\n" + b"".join(b"%d .5 -.%d\n" % (k, k) for k in range(1, 9))
    ),
    "4294a": lambda _: (Path(__file__).parent / "data" / "a4294_R_X.txt").read_bytes(),
    "labels": lambda _: (
        Path(__file__).parent / "data" / "two_samples_shared_f_labelled_AB.csv"
    ).read_bytes(),
    "cp and d": lambda _: b"f/Hz;Cp/pF;D\n" + b"".join(b"%d;1,5;,%d\n" % (10**k, k) for k in range(1, 9)),
}


def check(path: Path) -> list[Spectrum]:
    """Read a file; only a FormatError may come out, and within the time."""
    start = time.perf_counter()
    sentence = path.name
    spectra = []
    unforeseen = None
    try:
        spectra = read_file(path)
    except FormatError as error:
        sentence = str(error)
        unforeseen = error.__cause__
    assert unforeseen is None  # a fault that its reader does not know
    assert sentence.startswith(path.name)
    assert time.perf_counter() - start < LONGEST_S
    return spectra


def seed(folder: Path, name: str) -> Path:
    """Write the seed of a format, under a name that tells the shunt where one is needed."""
    data = SEEDS[name](folder)
    path = folder / ("cell_100R_shunt.dat" if name == "moku" else "cell.dat")
    path.write_bytes(data)
    return path


def mutated(data: bytes, rng: random.Random) -> bytes:
    b = bytearray(data)
    place, other = rng.randrange(len(b)), rng.randrange(len(b))
    match rng.randrange(6):
        case 0:
            del b[place:]
        case 1:
            for _ in range(rng.choice([1, 3, 20])):
                b[rng.randrange(len(b))] ^= 1 << rng.randrange(8)
        case 2:
            b[place : place + rng.randrange(1, 40)] = rng.randbytes(rng.randrange(30))
        case 3:
            b[place:place] = b[other : other + rng.randrange(200)]
        case 4:
            del b[place : place + rng.randrange(1, 300)]
        case _:
            for _ in range(3):
                b[rng.randrange(min(len(b), 500))] = rng.randrange(256)
    return bytes(b)


@pytest.mark.parametrize("name", SEEDS)
def test_the_seed_itself_is_read(tmp_path: Path, name: str) -> None:
    assert check(seed(tmp_path, name))


def test_every_format_has_a_seed(tmp_path: Path) -> None:
    read = {s.source.format for name in SEEDS for s in check(seed(tmp_path, name)) if s.source}
    assert {f.name for f in FORMATS} - read == {
        "CorrWare",
        "EC-Lab settings",
        "Git pointer",
    }  # recognised to be refused by name


@pytest.mark.parametrize("name", SEEDS)
def test_damaged_files(tmp_path: Path, name: str) -> None:
    rng = random.Random(name)
    path = seed(tmp_path, name)
    data = path.read_bytes()
    for _ in range(MUTATIONS):
        path.write_bytes(mutated(data, rng))
        check(path)


@pytest.mark.parametrize("name", SEEDS)
def test_files_cut_anywhere(tmp_path: Path, name: str) -> None:
    path = seed(tmp_path, name)
    data = path.read_bytes()
    for stop in np.unique(np.linspace(0, len(data) - 1, 25).astype(int)):
        path.write_bytes(data[:stop])
        check(path)


@pytest.mark.parametrize("name", SEEDS)
def test_the_right_beginning_with_garbage_behind(tmp_path: Path, name: str) -> None:
    rng = random.Random(name)
    path = seed(tmp_path, name)
    data = path.read_bytes()
    for keep in (8, 60, 200):
        path.write_bytes(data[:keep] + rng.randbytes(3000))
        check(path)


@given(data=st.binary(max_size=300))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "cell.dat").write_bytes(data)
    check(tmp_path / "cell.dat")


CELLS = st.sampled_from(
    ["1", "2.5", "1e4", "-3", "1,5", "nan", "inf", "f/Hz", "Z'/Ohm", "Z''/kOhm", "x", "", '"', "#"]
)
LINES = st.lists(st.lists(CELLS, max_size=5), max_size=8)


@given(lines=LINES, separator=st.sampled_from([",", ";", "\t", " "]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table(tmp_path: Path, lines: list[list[str]], separator: str) -> None:
    (tmp_path / "cell.dat").write_text("\n".join(separator.join(line) for line in lines))
    check(tmp_path / "cell.dat")


@given(text=st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_heading(text: str) -> None:
    heading = parse(text)
    assert heading is None or np.isfinite(heading.factor)


@given(
    values=st.lists(
        st.tuples(st.floats(1e-6, 1e9), st.floats(-1e15, 1e15), st.floats(-1e15, 1e15), st.floats(-1e9, 1e9)),
        min_size=1,
        max_size=12,
        unique_by=lambda row: row[0],
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_written_csv_comes_back_exactly(tmp_path: Path, values: list[tuple[float, ...]]) -> None:
    f, a, b, t = np.array(sorted(values, reverse=True)).T
    write_csv(tmp_path / "cell.csv", Spectrum(f, a + 1j * b, time_s=t))
    parts = read_file(tmp_path / "cell.csv")
    np.testing.assert_array_equal(np.concatenate([p.frequency_hz for p in parts]), f)
    np.testing.assert_array_equal(np.concatenate([p.z_ohm for p in parts]), a + 1j * b)


BIG: dict[str, bytes] = {
    "zeros": b"\0",
    "lines": b"1\n",
    "rows": b"1,2,3\n",
    "one line": b"1,2,3,",
    "words": b"no impedance here ",
    "quotes": b'"a,b\n',
    "brackets": b"[[",
    "mpr": b"BIO-LOGIC MODULAR FILE\x1a",
    "gamry": b"EXPLAIN\n",
    "json": b'{"a":',
}


@pytest.mark.parametrize("name", BIG)
def test_big_files_take_neither_time_nor_memory(tmp_path: Path, name: str) -> None:
    size = 50 * MEGA if name == "zeros" else 12 * MEGA
    path = tmp_path / "cell.dat"
    path.write_bytes((BIG[name] * (size // len(BIG[name]) + 1))[:size])
    tracemalloc.start()
    try:
        check(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50 * MEGA + 10 * size


@pytest.mark.parametrize("name", ["csv", "mpt", "session"])
def test_long_runs_take_little_memory(tmp_path: Path, name: str) -> None:
    f = np.tile(np.logspace(6, -1, 71), 300)
    z = 1 + (1 - 1j) / np.sqrt(f)
    path = tmp_path / "cell.dat"
    if name == "session":
        path.write_bytes(made.session([{"Title": "EIS", "DataSet": made.arrays(f, z)}]))
    else:
        (write_csv if name == "csv" else write_mpt)(path, Spectrum(f, z))
    tracemalloc.start()
    try:
        spectra = read_file(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(spectra) == 300
    assert peak < 50 * MEGA + 10 * path.stat().st_size


LONG = {
    "fixed values": "s1\nFixed value(s) : " + "a" * 500_000 + "\n Freq. [Hz]\t Zs'\t Zs''\n1\t1\t1\n",
    "area": "<Application>\nName=VersaStudio\nWorking Electrode Area (cm2)=" + " " * 500_000 + "x\n",
    "surface": "ZPLOT2 ASCII\nSurface Area:" + " " * 500_000 + "x\nEnd Comments\n1\t0\t0\t1\t1\t1\n",
    "amplitudes": "EC-Lab ASCII FILE\nVa (mV)   "
    + "1 " * 200_000
    + "x\nVa"
    + " " * 200_000
    + "\nfreq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t\n1\t1\t1\n",
    "explanation": "EXPLAIN\nVAC\tQUANT\t1\t" + " " * 500_000 + "\nZCURVE\tTABLE\n",
    "comment": "EC-Lab ASCII FILE\nComments : "
    + "1 " * 200_000
    + "\nfreq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t\n1\t1\t1\n",
    "notes": "EXPLAIN\nNOTES\tNOTES\t1\n\t" + "1,2 " * 100_000 + "\nZCURVE\tTABLE\n",
    "facts": ("area " + " " * 150 + "x\n") * 100 + "f/Hz,Z'/Ohm,Z''/Ohm\n1,1,1\n",
    "conditions": "RelaxIS 3.0 Spectrum export\nData: Frequency\tData: Z'\tData: Z''\nTM="
    + "1" * 500_000
    + "\n",
    "headings": "f/Hz," + "Z' (" * 4000 + "\n1,1,1\n",
}


@pytest.mark.parametrize("name", LONG)
def test_long_lines_do_not_hang(tmp_path: Path, name: str) -> None:
    (tmp_path / "cell.dat").write_text(LONG[name])
    check(tmp_path / "cell.dat")


def test_a_small_workbook_that_unpacks_to_much_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "cell.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 41 * MEGA)
    with pytest.raises(FormatError, match="unpacks to"):
        read_file(tmp_path / "cell.xlsx")


def test_a_text_file_with_the_suffix_of_a_binary_one(tmp_path: Path) -> None:
    (tmp_path / "cell.mpr").write_text("f/Hz,Z'/Ohm,Z''/Ohm\n10,1,-1\n")
    assert len(read_file(tmp_path / "cell.mpr")) == 1
    (tmp_path / "other.mpr").write_text("just words\n")
    with pytest.raises(FormatError, match=r"other\.mpr: its content is of no known format"):
        read_file(tmp_path / "other.mpr")


@needs_samples
def test_all_samples_are_read_in_ten_seconds() -> None:
    before = time.process_time()
    count = 0
    for path in sorted(p for p in ROOT.rglob("*") if p.is_file() and p.name != "INDEX.csv"):
        try:
            count += len(read_file(path))
        except FormatError:
            continue
    assert count > 1400
    assert time.process_time() - before < 10
