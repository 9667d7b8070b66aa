"""Variants of the instrument formats that no sample file shows, made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats import read_file
from eisfit.formats.gamry import read_drift_corrected, write_dta
from eisfit.formats.zplot import write_z
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from support import formats_synthetic as made
from support.formats_samples import kinds
from support.formats_synthetic import F, Z, is_z, reread


class TestMpr:
    @pytest.mark.parametrize(("version", "new"), [(2, False), (3, False), (11, True)])
    @pytest.mark.parametrize("flags", [0, 2])
    def test_every_data_version(self, tmp_path: Path, version: int, new: bool, flags: int) -> None:
        data = made.records(made.peis(), version, flags=flags)
        (s,) = reread(tmp_path, made.mpr(data, version, new=new))
        assert is_z(s)
        np.testing.assert_array_equal(s.time_s, np.arange(5))
        assert s.conditions.bias_v == 0.25

    def test_a_wrong_version_number_is_seen_through(self, tmp_path: Path) -> None:
        (s,) = reread(tmp_path, made.mpr(made.records(made.peis(), 2), 3))
        assert is_z(s)

    def test_the_loop_module_cuts(self, tmp_path: Path) -> None:
        loop = np.array([3, 0, 2, 5], "<u4").tobytes().ljust(272, b"\0")
        spectra = reread(
            tmp_path, made.mpr(made.records(made.peis(), 3), 3, made.module("VMP loop", loop, 0))
        )
        assert [len(s) for s in spectra] == [2, 3]

    def test_a_constant_cycle_number_is_cut_where_the_frequency_restarts(self, tmp_path: Path) -> None:
        n = 3
        columns = made.peis(np.tile(F, n), np.tile(Z, n), cycle=[0.0] * 5 * n)
        bt_lab = {(6 if i == 77 else i): v for i, v in columns.items()}
        spectra = reread(tmp_path, made.mpr(made.records(bt_lab, 3), 3))
        assert [len(s) for s in spectra] == [5, 5, 5]
        assert spectra[2].conditions.bias_v == 0.25

    def test_the_sequence_number_cuts(self, tmp_path: Path) -> None:
        columns: dict[int, Sequence[float]] = {**made.peis(), 131: [0, 0, 1, 1, 1]}
        assert [len(s) for s in reread(tmp_path, made.mpr(made.records(columns, 3), 3))] == [2, 3]

    def test_quality_columns_and_single_frequency(self, tmp_path: Path) -> None:
        columns: dict[int, Sequence[float]] = {
            **made.peis(np.full(5, 1e4), np.full(5, 3 - 1j)), **{i: [0.5] * 5 for i in (473, 474, 486, 497)}
        }  # fmt: skip
        (s,) = reread(
            tmp_path, made.mpr(made.records(columns, 11), 11, setting=made.settings(technique=0x32))
        )
        assert len(s) == 5

    @pytest.mark.parametrize("extra", [{999: b"\1\2\3"}, {999: b"\1" * 8, 998: b"\2" * 5}])
    def test_unknown_columns_behind_the_needed_ones_do_no_harm(
        self, tmp_path: Path, extra: dict[int, bytes]
    ) -> None:
        (s,) = reread(tmp_path, made.mpr(made.records(made.peis(), 3, extra), 3))
        assert is_z(s)

    def test_an_unknown_column_before_is_placed_by_arithmetic(self, tmp_path: Path) -> None:
        columns: dict[int, Sequence[float]] = {900: [1.5] * 5, **made.peis()}
        (s,) = reread(tmp_path, made.mpr(made.records(columns, 3), 3))
        assert is_z(s)

    @pytest.mark.parametrize(
        ("area", "unit", "cm2"), [(113.1, 3, 1.131), (1.13, 2, 1.13), (0.001, 2, None), (5.0, 7, None)]
    )
    def test_area_with_its_unit(self, tmp_path: Path, area: float, unit: int, cm2: float | None) -> None:
        setting = made.settings(area=area, unit=unit, comment="LLTO 60°C")
        (s,) = reread(tmp_path, made.mpr(made.records(made.peis(), 3), 3, setting=setting))
        assert s.conditions.area_cm2 == (None if cm2 is None else pytest.approx(cm2, rel=1e-12))
        assert s.conditions.temperature_c == 60.0
        assert kinds(s) == {"temperature"}

    def test_channels(self, tmp_path: Path) -> None:
        columns: dict[int, Sequence[float]] = {**made.peis(), 100: [1.0] * 5, 101: [2.0] * 5}
        data = made.mpr(made.records(columns, 3), 3)
        assert reread(tmp_path, data, channel="ce")[0].z_ohm[0] == 1 - 2j
        assert reread(tmp_path, data)[0].conditions.electrodes == 3
        with pytest.raises(FormatError, match="channel 'we-ce' are missing"):
            reread(tmp_path, data, channel="we-ce")

    def test_what_is_no_impedance(self, tmp_path: Path) -> None:
        ocv: dict[int, Sequence[float]] = {4: [0.0, 1.0], 6: [0.1, 0.2]}
        file = made.mpr(made.records(ocv, 3, flags=1), 3, setting=made.settings(technique=0x0B))
        with pytest.raises(NoImpedance, match="'freq/Hz' is missing from the columns; this is OCV"):
            reread(tmp_path, file)
        empty: dict[int, Sequence[float]] = {i: [] for i in made.peis()}
        with pytest.raises(NoImpedance, match="this is PEIS, stopped before the first point"):
            reread(tmp_path, made.mpr(made.records(empty, 3), 3))

    def test_damage_is_placed(self, tmp_path: Path) -> None:
        good = made.mpr(made.records(made.peis(), 3), 3)
        with pytest.raises(FormatError, match=rf"cut off at byte {len(good) - 7}: 7 bytes"):
            reread(tmp_path, good[:-7])
        with pytest.raises(FormatError, match=f"at byte {len(good)}: a module should begin there"):
            reread(tmp_path, good + b"rubbish")
        z = Z.copy()
        columns = {**made.peis(), 36: (np.abs(z) * 1.01).tolist()}
        with pytest.raises(FormatError, match=r"record 1: \|Z\| does not fit"):
            reread(tmp_path, made.mpr(made.records(columns, 3), 3))


class TestPalmSens:
    def channel(self, k: int) -> dict[str, object]:
        scans = [{"Title": f"E=0.{k}", "DataSet": made.arrays(F, (k + j) * Z, 0.1 * j)} for j in (1, 2)]
        return {"Title": f"CH {k}", "ScanType": 0, "DataSet": made.arrays(F, Z), "SubScans": scans}

    @pytest.mark.parametrize("lower", [False, True])
    def test_channels_with_sub_scans(self, tmp_path: Path, lower: bool) -> None:
        glued = made.arrays(np.tile(F, 2), np.tile(Z, 2))
        channels = [self.channel(1), self.channel(10)]
        run: dict[str, object] = {"Title": "EIS", "DataSet": glued, "EISDataList": channels}
        spectra = reread(tmp_path, made.session([run], lower=lower))
        for s, factor in zip(spectra, (2, 3, 11, 12), strict=True):
            assert is_z(s, factor)
        assert [s.conditions.bias_v for s in spectra] == pytest.approx([0.1, 0.2, 0.1, 0.2])

    def test_other_techniques_are_skipped_or_named(self, tmp_path: Path) -> None:
        cv: dict[str, object] = {"Title": "Cyclic Voltammetry", "DataSet": {"Values": []}, "EISDataList": []}
        run: dict[str, object] = {"Title": "EIS", "DataSet": made.arrays(F, Z)}
        assert is_z(reread(tmp_path, made.session([cv, run]))[0])
        with pytest.raises(NoImpedance, match="it holds: Cyclic Voltammetry"):
            reread(tmp_path, made.session([cv]))


class TestPSTrace:
    @pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
    @pytest.mark.parametrize("columns", ["full", "polar"])
    def test_the_sign_is_that_of_the_negative_phase(
        self, tmp_path: Path, encoding: str, columns: str
    ) -> None:
        (s,) = reread(tmp_path, made.pstrace(encoding=encoding, columns=columns))
        assert is_z(s)
        assert s.findings == ()

    def test_two_curves(self, tmp_path: Path) -> None:
        a, b = reread(tmp_path, made.pstrace(curves=2))
        assert is_z(a)
        assert is_z(b, 2.0)


class TestLcrMeter:
    def test_geometry_temperature_and_phase(self, tmp_path: Path) -> None:
        (s,) = reread(tmp_path, made.lcr())
        assert is_z(s, up=True)
        c = s.conditions
        assert c.area_cm2 == pytest.approx(0.7854)
        assert c.thickness_cm == pytest.approx(0.1)
        assert c.temperature_c == 25.5

    def test_zero_is_unknown(self, tmp_path: Path) -> None:
        (s,) = reread(tmp_path, made.lcr(area="0,000", thickness="0,000", temperature=False))
        assert s.conditions == Conditions(amplitude_v=0.01)

    def test_phases_of_an_open_meter_are_masked(self, tmp_path: Path) -> None:
        data = made.lcr(temperature=False) + b"\r\n1000000,0\t5,0\t-123,0"
        (s,) = reread(tmp_path, data)
        assert s.mask.tolist() == [False] * 5 + [True]
        assert "phase" in kinds(s)


class TestOtherInstruments:
    def test_analyser_with_two_channels(self, tmp_path: Path) -> None:
        for pair in ("R(Ohm)-data, X(Ohm)-data", "|Z|(Ohm)-data, theta-z(deg)-data"):
            a, b = reread(tmp_path, made.e4990a(pair, channels=2))
            assert is_z(a)
            assert is_z(b, 2.0)

    def test_analyser_with_half_of_an_impedance_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(FormatError, match=r"it holds Cp\(F\)-data, Y-data, not R and X"):
            reread(tmp_path, made.e4990a("Cp(F)-data, Y-data"))

    def test_versastudio_segments(self, tmp_path: Path) -> None:
        a, b = reread(tmp_path, made.versastudio(2))
        assert is_z(a)
        assert is_z(b, 2.0)
        assert a.conditions.area_cm2 == 2.5
        assert kinds(a) == {"dc rows"}
        with pytest.raises(NoImpedance, match=r"its columns are Segment #, E\(V\), I\(A\), x, y"):
            reread(tmp_path, made.versastudio(1, "Segment #, E(V), I(A), x, y"))

    def test_ivium_methods(self, tmp_path: Path) -> None:
        a, b = reread(tmp_path, made.ivium("Impedance", "CyclicVoltammetry", "Impedance"))
        assert is_z(a, rtol=1e-5)
        assert is_z(b, rtol=1e-5)
        with pytest.raises(NoImpedance, match="its methods are: CyclicVoltammetry"):
            reread(tmp_path, made.ivium("CyclicVoltammetry"))

    def test_ivium_area_but_not_its_default(self, tmp_path: Path) -> None:
        data = made.ivium("Impedance", "Impedance")
        assert reread(tmp_path, data)[0].conditions.area_cm2 is None
        a, b = reread(tmp_path, data.replace(b"Area=1\r", b"Area=0.785\r", 1))
        assert (a.conditions.area_cm2, b.conditions.area_cm2) == (0.785, None)

    def test_autolab_dfr(self, tmp_path: Path) -> None:
        assert is_z(reread(tmp_path, made.dfr())[0])
        with pytest.raises(FormatError, match="announces 6 points and ends before"):
            reread(tmp_path, made.dfr(6))

    def test_calculated_zview_file_is_said(self, tmp_path: Path) -> None:
        (s,) = reread(tmp_path, made.z60())
        assert is_z(s)
        assert kinds(s) == {"calculated"}
        assert kinds(reread(tmp_path, made.z60("Z60W Data File: Version 1", 9))[0]) == {"truncated"}

    def test_ch_instruments(self, tmp_path: Path) -> None:
        (s,) = reread(tmp_path, made.chi())
        assert is_z(s)
        assert s.conditions.bias_v == 0.2
        with pytest.raises(NoImpedance, match="this is 'Cyclic Voltammetry'"):
            reread(tmp_path, made.chi("Cyclic Voltammetry"))

    def test_relaxis_side_by_side(self, tmp_path: Path) -> None:
        a, b = reread(tmp_path, made.relaxis())
        assert is_z(a, up=True)
        assert len(b) == 4
        assert (a.conditions.temperature_c, b.conditions.temperature_c) == (21.5, 22.5)
        assert (a.conditions.bias_v, b.conditions.bias_v) == (0.1, 0.2)

    def test_zahner_strings_with_swapped_case(self, tmp_path: Path) -> None:
        strings = ["160724", "Title", "-50.5mV, Ampl: 10mV", "10nA", "23.8+-0.1C"]
        (s,) = reread(tmp_path, made.ism(strings=strings))
        assert is_z(s)
        np.testing.assert_allclose(s.time_s if s.time_s is not None else [], [0, 2, 4, 6, 8])
        c = s.conditions
        assert c.bias_v == pytest.approx(-0.0505)
        assert (c.temperature_c, c.temperature_err_c) == (23.8, 0.1)

    def test_zahner_without_trailing_block(self, tmp_path: Path) -> None:
        data = made.ism()
        (s,) = reread(tmp_path, data[: 12 + 34 * 5], "a.ism")
        assert is_z(s)
        with pytest.raises(FormatError, match="announces 5 points and is cut off"):
            reread(tmp_path, data[:100], "b.ism")

    def test_workbook_with_numbers_as_text_and_commas(self, tmp_path: Path) -> None:
        rows: list[list[str | float]] = [["f/Hz", "Z'/Ohm", "Z''/Ohm"]]
        rows += [
            [f"{f:.1f}".replace(".", ","), z.real, f"{z.imag:.1f}".replace(".", ",")]
            for f, z in zip(F, Z, strict=True)
        ]
        assert is_z(reread(tmp_path, made.xlsx({"eis": rows}))[0])

    def test_workbook_with_a_sheet_of_text(self, tmp_path: Path) -> None:
        rows: list[list[str | float]] = [["Frequency (Hz)", "Z' (kΩ)", "-Z'' (kΩ)"]]
        rows += [[float(f), z.real / 1e3, -z.imag / 1e3] for f, z in zip(F, Z, strict=True)]
        (s,) = reread(tmp_path, made.xlsx({"notes": [["made on Monday"]], "eis": rows}))
        assert is_z(s)
        with pytest.raises(FormatError):
            reread(tmp_path, made.xlsx({"notes": [["made on Monday"]]}))


class TestGamry:
    def test_written_dta_reads_back(self, tmp_path: Path) -> None:
        s = Spectrum(F, Z, time_s=np.arange(0.0, 10.0, 2.0), conditions=Conditions(area_cm2=0.785))
        write_dta(tmp_path / "a.DTA", s)
        (back,) = read_file(tmp_path / "a.DTA")
        assert is_z(back, rtol=1e-9)
        assert back.conditions.area_cm2 == 0.785
        np.testing.assert_array_equal(back.time_s, s.time_s)

    def test_aborted_run_and_cut_row(self, tmp_path: Path) -> None:
        write_dta(tmp_path / "a.DTA", Spectrum(F, Z))
        text = (tmp_path / "a.DTA").read_bytes()
        (s,) = reread(tmp_path, text + b"EXPERIMENTABORTED\tTOGGLE\tT\tExperiment Aborted\r\n")
        assert kinds(s) == {"aborted"}
        (s,) = reread(tmp_path, text[: text.rindex(b"\t") - 12])
        assert len(s) == 4
        assert kinds(s) == {"truncated"}

    def test_two_curves_in_one_file(self, tmp_path: Path) -> None:
        write_dta(tmp_path / "a.DTA", Spectrum(F, Z))
        text = (tmp_path / "a.DTA").read_bytes()
        spectra = reread(tmp_path, text + text[text.index(b"ZCURVE") :])
        assert [(len(s), s.label) for s in spectra] == [(5, "cell"), (5, "cell#2")]

    def test_no_drift_correction(self, tmp_path: Path) -> None:
        write_dta(tmp_path / "a.DTA", Spectrum(F, Z))
        with pytest.raises(FormatError, match="'ZrealDrCor' is missing"):
            read_drift_corrected(tmp_path / "a.DTA")

    def test_galvanostatic_with_a_sensor(self, tmp_path: Path) -> None:
        text = (
            "EXPLAIN\nTAG\tGALVEIS\nZCURVE\tTABLE\n\tPt\tFreq\tZreal\tZimag\tTemp\n\t#\tHz\tohm\tohm\tdeg C\n"
        )
        rows = "".join(
            f"\t{i}\t{f}\t{z.real}\t{z.imag}\t{{}}\n" for i, (f, z) in enumerate(zip(F, Z, strict=True))
        )
        (s,) = reread(tmp_path, (text + rows.replace("{}", "37.5")).encode())
        assert s.conditions.temperature_c == 37.5
        (s,) = reread(tmp_path, (text + rows.replace("{}", "-327.66")).encode())
        assert s.conditions.temperature_c is None


class TestZPlot:
    def test_written_z_reads_back(self, tmp_path: Path) -> None:
        s = Spectrum(F, Z, time_s=np.arange(0.0, 10.0, 2.0), conditions=Conditions(area_cm2=0.785))
        write_z(tmp_path / "a.z", s)
        (back,) = read_file(tmp_path / "a.z")
        assert is_z(back, rtol=1e-8)
        assert back.conditions.area_cm2 == 0.785
        np.testing.assert_array_equal(back.time_s, s.time_s)
        assert back.findings == ()

    def test_without_end_comments(self, tmp_path: Path) -> None:
        write_z(tmp_path / "a.z", Spectrum(F, Z))
        data = (tmp_path / "a.z").read_bytes().replace(b"End Comments\r\n", b"")
        assert is_z(reread(tmp_path, data)[0])
