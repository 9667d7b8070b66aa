"""The amplitude of the excitation: its unit, rms or peak, and when it is ignored."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from eisfit.formats import read_file
from eisfit.formats.delimited_text import write_csv
from eisfit.formats.gamry import write_dta
from eisfit.formats.zplot import write_z
from eisfit.spectrum.spectrum import Spectrum
from support import formats_synthetic as made
from support.formats_samples import kinds, needs_samples, sample
from support.formats_synthetic import F, Z

ROOT2 = math.sqrt(2)
CONVENTION = "the file does not say"


def reread(folder: Path, data: bytes | str) -> Spectrum:
    coded = data.encode() if isinstance(data, str) else data
    (folder / "cell.dat").write_bytes(coded)
    return read_file(folder / "cell.dat")[0]


def amplitudes(s: Spectrum) -> tuple[float | None, float | None]:
    return s.conditions.amplitude_v, s.conditions.amplitude_a


def said(s: Spectrum) -> str:
    return "; ".join(f.text for f in s.findings if f.kind == "amplitude")


# path, rms volts, rms amperes, whether rms or peak is the convention of the program
MEASURED = [
    ("vendor/biologic-mpr/peis.mpr", 10e-3 / ROOT2, None, False),
    ("vendor/biologic-mpr/geis.mpr", None, 0.05e-3 / ROOT2, False),
    ("vendor/biologic-mpr/PEIS_LPSCl_IonBlocking_-25C.mpr", 14.1e-3 / ROOT2, None, False),
    ("vendor/biologic-mpr/PEIS_SSB.mpr", 7.1e-3 / ROOT2, None, False),
    ("vendor/biologic-mpr/vsp_peis_with.mpr", 10e-3 / ROOT2, None, False),
    ("vendor/biologic-mpt/PEIS_LPSCl_IonBlocking_-25C.txt", 14.1e-3 / ROOT2, None, False),
    ("vendor/biologic-mpt/exampleDataBioLogic.mpt", 20e-3 / ROOT2, None, False),
    ("vendor/biologic-mpt/geis.mpt", None, 0.05e-3 / ROOT2, False),
    ("vendor/gamry-dta/drift-corrected-data.dta", 3e-3, None, False),
    ("vendor/gamry-dta/550C.0.5V.DTA", 10e-3, None, False),
    ("vendor/novocontrol/Example2a.txt", 7.1e-3, None, False),
    ("vendor/versastudio/exampleDataVersaStudio.par", 20e-3, None, False),
    ("vendor/zplot/Circuit1_EIS_1.z", 10e-3, None, True),
    ("vendor/corrtest-z60/bayesian_eis.z60", 10e-3, None, True),
    ("vendor/chi/exampleDataCHInstruments.txt", 25e-3, None, True),
    ("vendor/palmsens/eis_5freq.pssession", 10e-3, None, True),
    ("vendor/palmsens/Demo_CV_DPV_EIS_IS-C_electrode.pssession", 10e-3, None, True),
    ("vendor/relaxis/test.eis3", 35e-3, None, True),
    ("vendor/zahner/rc-data.ism", 10e-3 / ROOT2, None, True),
    ("vendor/zahner/short_circuit_measurement_pro.ism", None, 1 / ROOT2, True),
    ("vendor/zurich-mfia/mfia_rc_sweep.xlsx", 0.3000030517578125 / ROOT2, None, True),
    ("vendor/zurich-mfia/mfia_rc.h5", None, None, False),
    ("vendor/parstat/exampleDataParstat.txt", None, None, False),
    ("vendor/autolab/exampleDataAutolab.txt", None, None, False),
    ("vendor/zahner/li-ion-battery.ism", None, None, False),
]


@needs_samples
@pytest.mark.parametrize(("path", "volts", "amperes", "convention"), MEASURED)
def test_amplitudes_of_measured_files(
    path: str, volts: float | None, amperes: float | None, convention: bool
) -> None:
    wanted = tuple(v if v is None else pytest.approx(v, rel=1e-6) for v in (volts, amperes))
    for s in sample(path):
        assert amplitudes(s) == wanted
        assert (CONVENTION in said(s)) is convention


@needs_samples
def test_an_amplitude_of_zero_is_ignored() -> None:
    for s in sample("vendor/biologic-mpt/case-multiple-spectra.mpt"):
        assert amplitudes(s) == (None, None)
        assert said(s) == "0 mV ignored: an amplitude must be positive"


class TestEclab:
    def mpt(self, folder: Path, *lines: str) -> Spectrum:
        rows = "".join(f"{f:g}\t{z.real:g}\t{-z.imag:g}\n" for f, z in zip(F, Z, strict=True))
        length = len(lines) + 3
        head = ["EC-Lab ASCII FILE", f"Nb header lines : {length}", *lines, "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm"]
        return reread(folder, "\n".join(head) + "\n" + rows)

    @pytest.mark.parametrize(
        ("lines", "wanted"),
        [
            (["Va (mV)             10.0                "], (0.01 / ROOT2, None)),
            (["Va (mV)             10,0                "], (0.01 / ROOT2, None)),
            (["Va (mV)             10.0                10.0"], (0.01 / ROOT2, None)),
            (["Va                  10.000", "unit Va             mV"], (0.01 / ROOT2, None)),
            (["Ia/Va  Ia", "Ia                  5.000", "unit  Ia            µA"], (None, 5e-6 / ROOT2)),
            (["Ia/Va  Va", "Ia                  20.000", "unit  Ia            mV"], (0.02 / ROOT2, None)),
            (["Ia                  5.000"], (None, None)),
            (["Ia                  5.000", "unit  Ia            furlong"], (None, None)),
            (["va pourcent         0.10"], (None, None)),
        ],
    )
    def test_settings(
        self, tmp_path: Path, lines: list[str], wanted: tuple[float | None, float | None]
    ) -> None:
        s = self.mpt(tmp_path, *lines)
        assert amplitudes(s) == tuple(v if v is None else pytest.approx(v) for v in wanted)
        assert said(s) == ""

    def test_sequences_that_differ(self, tmp_path: Path) -> None:
        s = self.mpt(tmp_path, "Va (mV)             10.0                20.0                ")
        assert amplitudes(s) == (None, None)
        assert said(s) == "the file states several amplitudes (10, 20 mV): none was taken"

    @pytest.mark.parametrize(
        ("technique", "planned", "wanted"),
        [
            (0x1D, made.sweep(10.0), (0.01 / ROOT2, None)),
            (0x1D, made.sweep(10.0, high_khz=200.0), (None, None)),  # another sweep than the records
            (0x1D, made.sweep(10.0, low_mhz=2e4), (None, None)),
            (0x1D, made.sweep(10.0, low_mhz=1.0), (0.01 / ROOT2, None)),  # stopped before its end
            (0x1E, made.sweep(0, 2.0, 1, layout="BfB"), (None, 2e-3 / ROOT2)),
            (0x1E, made.sweep(1, 2.0, 1, layout="BfB"), (None, None)),
            (0x1E, made.sweep(0, 2.0, 4, layout="BfB"), (None, None)),  # a unit never seen
            (0x32, made.sweep(10.0), (None, None)),
        ],
    )
    @pytest.mark.parametrize("at", [0x185D, 0x1862])
    def test_binary_settings(
        self,
        tmp_path: Path,
        technique: int,
        planned: bytes,
        wanted: tuple[float | None, float | None],
        at: int,
    ) -> None:
        setting = made.settings(technique=technique, planned=planned, at=at)
        s = reread(tmp_path, made.mpr(made.records(made.peis(), 3), 3, setting=setting))
        assert amplitudes(s) == tuple(v if v is None else pytest.approx(v) for v in wanted)

    @pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
    def test_a_binary_amplitude_that_cannot_be(self, tmp_path: Path, value: float) -> None:
        setting = made.settings(planned=made.sweep(value))
        s = reread(tmp_path, made.mpr(made.records(made.peis(), 3), 3, setting=setting))
        assert amplitudes(s) == (None, None)
        assert "ignored: an amplitude must be positive" in said(s)


@pytest.mark.parametrize(
    ("line", "wanted", "text"),
    [
        ("IAC\tQUANT\t1.00000E-003\tAC &Current (A rms)", (None, 1e-3), ""),
        ("IAC\tQUANT\t2,5\tAC &Current (mA rms)", (None, 2.5e-3), ""),
        ("VAC\tQUANT\t0\tAC &Voltage (mV rms)", (None, None), "0 mV ignored: an amplitude must be positive"),
        ("VAC\tQUANT\t10\tAC &Voltage", (None, None), ""),
    ],
)
def test_gamry(tmp_path: Path, line: str, wanted: tuple[float | None, float | None], text: str) -> None:
    write_dta(tmp_path / "seed", Spectrum(F, Z))
    data = (tmp_path / "seed").read_bytes().replace(b"ZCURVE", f"{line}\r\nZCURVE".encode())
    s = reread(tmp_path, data)
    assert amplitudes(s) == wanted
    assert said(s) == text


def test_zplot_with_controlled_current_has_no_amplitude_in_volts(tmp_path: Path) -> None:
    write_z(tmp_path / "seed", Spectrum(F, Z))
    text = (tmp_path / "seed").read_text()
    setting = "  Potential-AC:   10\n  Current-AC:   0.02\n  Surface Area"
    text = text.replace("  Surface Area", setting)
    assert amplitudes(reread(tmp_path, text)) == (0.01, None)
    s = reread(tmp_path, text.replace("Control Voltage", "Control Current"))
    assert amplitudes(s) == (None, None)
    assert said(s) == ""


def test_z60_with_amplitudes_that_change(tmp_path: Path) -> None:
    rows = "".join(f"{f}\t{10 + k}\t0\t{k}\t1\t-1\t0\t0\t0\n" for k, f in enumerate(F))
    head = (
        "Z60W Data File: Version 1.1\nSweep Frequency: Control Voltage\nFreq(Hz)\tAmpl(mV)\tBias(V)\tTime\n"
    )
    s = reread(tmp_path, head + "End Comments\n" + rows)
    assert amplitudes(s) == (None, None)
    assert "several amplitudes (10, 11, 12, 13, 14 mV)" in said(s)


def test_z60_with_controlled_current(tmp_path: Path) -> None:
    rows = "".join(f"{f}\t2.5\t0\t{k}\t1\t-1\t0\t0\t0\n" for k, f in enumerate(F))
    head = (
        "Z60W Data File: Version 1.1\nSweep Frequency: Control Current\nFreq(Hz)\tAmpl(mA)\tBias(A)\tTime\n"
    )
    s = reread(tmp_path, head + "End Comments\n" + rows)
    assert s.conditions.amplitude_v is None
    assert s.conditions.amplitude_a == pytest.approx(2.5e-3)
    assert CONVENTION in said(s)
    for other in ("Ampl(mV)", "Ampl"):  # not what is controlled, or without a unit
        s = reread(tmp_path, head.replace("Ampl(mA)", other) + "End Comments\n" + rows)
        assert amplitudes(s) == (None, None)


@needs_samples
def test_measured_amplitudes_that_run_over_two_decades_are_not_taken() -> None:
    (s,) = sample("vendor/parstat/exampleDataParstat.txt")
    assert said(s) == "it differs from point to point (0.000209 to 0.0206 V): none was taken"


def test_parstat_has_the_measured_amplitude(tmp_path: Path) -> None:
    head = "Frequency (Hz)\tZre (ohms)\tZim (ohms)\t|Vac| (V)\t|Iac| (A)\t\n0\t0\t0\t0\t0\t\n"
    rows = "".join(f"{f}\t{z.real}\t{z.imag}\t0.0098\t0.1\t\n" for f, z in zip(F, Z, strict=True))
    s = reread(tmp_path, head + rows)
    np.testing.assert_allclose(s.z_ohm, Z)
    assert s.conditions.amplitude_a is None
    assert s.conditions.amplitude_v == pytest.approx(0.0098)
    assert "as rms by the convention of VersaStudio" in said(s)
    assert "amplitude" not in kinds(
        reread(tmp_path, made.princeton("Frequency (Hz)\tZre (ohms)\tZim (ohms)\t"))
    )


def test_labone_prints_the_drive_as_peak(tmp_path: Path) -> None:
    rows = "".join(f"{f},{z.real},{z.imag},0.3,-0.7\n" for f, z in zip(F, Z, strict=True))
    s = reread(tmp_path, "frequency,realz,imagz,drive,bias\n" + rows)
    assert s.conditions.amplitude_a is None
    assert s.conditions.amplitude_v == pytest.approx(0.3 / ROOT2)
    assert s.conditions.bias_v == pytest.approx(-0.7)
    assert "as peak by the convention of LabOne" in said(s)
    s = reread(tmp_path, "f/Hz,Re(Z)/Ohm,Im(Z)/Ohm,drive,bias\n" + rows)  # of no known program
    assert amplitudes(s) == (None, None)
    assert s.conditions.bias_v is None


def test_lcr_meter(tmp_path: Path) -> None:
    s = reread(tmp_path, made.lcr())
    assert amplitudes(s) == (0.01, None)
    assert CONVENTION in said(s)
    assert said(reread(tmp_path, made.lcr(level="0,000"))) == "0 V ignored: an amplitude must be positive"


def test_chi_and_versastudio(tmp_path: Path) -> None:
    assert amplitudes(reread(tmp_path, made.chi())) == (0.005, None)
    assert amplitudes(reread(tmp_path, made.versastudio())) == (0.02, None)
    current = made.versastudio().replace(b"(mV RMS)=20", b"(mA RMS)=3")
    assert amplitudes(reread(tmp_path, current)) == (None, 0.003)


@pytest.mark.parametrize(
    ("method", "wanted"),
    [
        ("METHOD_ID=eis\r\nAMPLITUDE=5.0E-003\r\nAMPLITUDE=5.0E-003\r\n", 0.005),
        ("METHOD_ID=geis\r\nAMPLITUDE=5.0E-003\r\n", None),
        ("METHOD_ID=eis\r\n", None),
    ],
)
def test_palmsens_session(tmp_path: Path, method: str, wanted: float | None) -> None:
    run: dict[str, object] = {"Title": "EIS", "Method": method, "DataSet": made.arrays(F, Z)}
    assert amplitudes(reread(tmp_path, made.session([run]))) == (wanted, None)


def test_pstrace_has_the_measured_amplitude(tmp_path: Path) -> None:
    rows = "".join(f"{f},{z.real},{-z.imag},0.0098\n" for f, z in zip(F, Z, strict=True))
    s = reread(tmp_path, "freq / Hz, Z' / Ohm, Z'' / Ohm, Eac / V\n" + rows)
    np.testing.assert_allclose(s.z_ohm, Z)
    assert s.conditions.amplitude_v == pytest.approx(0.0098)
    assert CONVENTION in said(s)
    assert "amplitude" not in kinds(reread(tmp_path, made.pstrace()))


def test_zahner_prefixes(tmp_path: Path) -> None:
    s = reread(tmp_path, made.ism(strings=["160724", "", "0.1V", "1mA, Ampl: 50uA"]))
    assert s.conditions.amplitude_a == pytest.approx(50e-6 / ROOT2)
    assert "as peak by the convention of Thales" in said(s)


def test_a_novocontrol_amplitude_that_is_not_said_to_be_rms(tmp_path: Path) -> None:
    rows = "".join(f"{f}\t{z.real}\t{z.imag}\r\n" for f, z in zip(F, Z, strict=True))
    text = "s1\r\nFixed value(s) :  AC Volt  [Vrms]=0.5\r\n Freq. [Hz]\t Zs' [Ohms]\t Zs'' [Ohms]\r\n" + rows
    assert amplitudes(reread(tmp_path, text)) == (0.5, None)
    assert amplitudes(reread(tmp_path, text.replace("Vrms", "V"))) == (None, None)


def test_a_column_of_ones_own_is_rms(tmp_path: Path) -> None:
    write_csv(tmp_path / "seed", Spectrum(F, Z))
    lines = (tmp_path / "seed").read_text().splitlines()
    text = "\n".join([lines[0] + ",amplitude_v", *(line + ",0.01" for line in lines[1:])])
    assert reread(tmp_path, text).conditions.amplitude_v == pytest.approx(0.01)
    assert amplitudes(reread(tmp_path, text.replace("amplitude_v", "Amplitude (V)"))) == (None, None)
