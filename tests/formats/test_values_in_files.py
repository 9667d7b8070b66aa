"""First and last points of the sample files, as right readers return them, and twins that agree."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.formats import read_file
from eisfit.formats.gamry import read_drift_corrected
from support.formats_samples import ROOT, Triple, assert_point, kinds, needs_samples, sample

pytestmark = needs_samples

MPR, DTA, PAL, ISM = "vendor/biologic-mpr/", "vendor/gamry-dta/", "vendor/palmsens/", "vendor/zahner/"
DEMO = PAL + "Demo_CV_DPV_EIS_IS-C_electrode.pssession"
ZP1 = "series/palmsens-biosensor-ZP1/1._ZP1_TargetSolution_EIS_5minWait_Blank_PBS.pssession"
HL03 = "series/gamry-electrode-array/20240401_B_GM0016_HL03_E01_EIS.DTA"
ARRAY_29 = (29, (10000, 109.00918, -26.55568), (1, 645.4787, -90.618128))

ENDS: dict[str, tuple[int, Triple, Triple]] = {
    MPR + "peis.mpr": (32, (199998.14, 10.512296, -0.73047662), (1.0000616, 18.024315, -2.6962531)),
    MPR + "PEIS_LPSCl_IonBlocking_-25C.mpr": (
        79, (7000018.5, 359.24146, -290.92038), (0.10002181, 1799427.6, -8093785.5)),
    MPR + "PEIS_SSB.mpr": (89, (7000018.5, 49.00869, -16.16077), (0.0099972636, 2416.7048, -454.96017)),
    MPR + "peis.issue_225.with_ece.mpr": (
        32, (199998.14, 1.2273843, -0.11151811), (1.0016024, 25.241652, -13.083142)),
    MPR + "peis.issue_225.no_ece.mpr": (
        32, (199998.14, 1.2274132, -0.11227046), (0.99853009, 24.648197, -12.454395)),
    DTA + "550C.0.5V.DTA": (61, (100195.3, 0.6641507, 0.1476726), (0.1000747, 1.944187, 0.0235922)),
    DTA + "EISPOT-test1.DTA": (72, (39890.62, 1.355181, -0.8507854), (0.0031623, 388073.8, -1003668)),
    DTA + "EIS_ZRY-3d-1.dta": (98, (5000016, 0.960744, 0.8677433), (0.0009976, 1.472434e8, -3.222603e8)),
    DTA + "drift-corrected-data.dta": (55, (100078.1, 691.6887, -148.9397), (0.1001603, 163443.2, -207897.9)),
    DTA + "eispot_data.dta": (10, (10000, 224.6075, -3.767681), (0.5, 226.885, -7.053867)),
    DTA + "exampleDataGamry.DTA": (72, (200015.6, 825.8584, -1367.239), (0.0158898, 17007.49, -6635.557)),
    DTA + "PDAC_COM3_02109_Contact10_2065C_500C.txt": (
        106, (1000020, 1798.84, -457.5437), (0.1001603, 9515918, -4264486)),
    HL03: (61, (100078.1, 5801.815, -7726.36), (0.1001603, 2.365137e8, -7.85436e8)),
    "vendor/zplot/Circuit1_EIS_1.z": (48, (50000, 29.036, 0.63662), (1, 75.803, -0.16244)),
    "vendor/zplot/Circuit2_EIS_1.z": (56, (300000, 147.77, -11.335), (1, 654.19, 0.64271)),
    "vendor/zplot/exampleDataZPlot.z": (21, (300000, 147.77, -11.335), (3000, 613.68, -137.13)),
    "vendor/corrtest-z60/bayesian_eis.z60": (70, (100000, 2.07612, 1.39245), (0.01, 4.25689, -0.00752599)),
    "vendor/autolab/exampleDataAutolab.txt": (
        41, (10000, 0.013785864, 0.0071919463), (0.1, 0.034569777, -0.0039029289)),
    "vendor/autolab/data.dfr": ARRAY_29,
    "vendor/i2b/data.i2b": ARRAY_29,
    "vendor/ivium/data.idf": (29, (10000, 109.009, -26.5557), (1, 645.479, -90.6181)),
    "vendor/p00/data.P00": (29, (10000, 109, -26.556), (1, 645.5, -90.618)),
    "vendor/json/data.json": ARRAY_29,
    "vendor/versastudio/exampleDataVersaStudio.par": (
        61, (100000, 55.31571, 4.575431), (0.02154435, 1516.313, -122.8279)),
    "vendor/relaxis/PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt": (
        79, (0.10002181, 1799427.6, -8093785.5), (7000018.5, 359.24146, -290.92038)),
    "vendor/keysight-e4990a/E4990A-example1.csv": (
        201, (20, 0.091543962, 1.2474634), (1000, 1.804343, 59.257748)),
    "vendor/chi/exampleDataCHInstruments.txt": (73, (99610, 98.91, -2.748), (0.1, 5685, -15860)),
    "vendor/parstat/exampleDataParstat.txt": (
        31, (10000, -0.0004981628, 0.017514348), (10, 0.027094649, -0.0039979108)),
    "vendor/powersuite/exampleDataPowersuite.txt": (
        30, (0.1, 423929.46, -49014.063), (2000000, -470.54113, -1397.7358)),
    "vendor/zahner/EIS.csv": (25, (5, 0.29363998, -14.147953), (500000, 0.046056982, 0.042213801)),
    PAL + "eis_5freq.pssession": (5, (200000, 569.666, -32.340022), (19.999998, 10603.932, -405.591)),
    DEMO: (71, (1000000, 112.354, -29.8389), (0.1, 14895.7, -3269.04)),
    PAL + "data.pssession": ARRAY_29,
    ZP1: (51, (100000, 474.61535, -7.5915484), (1, 5883.1592, -23746.839)),
    ISM + "rc-data.ism": (75, (1049.3, 29038.582, -1031097.4), (0.2, 99513834, -1933631.4)),
    ISM + "li-ion-battery.ism": (128, (0.0005, 0.41654752, -0.53585019), (5000, 0.027422349, 0.023854695)),
    ISM + "short_circuit_measurement_pro.ism": (
        332, (1036.8, 2.0594377e-06, 5.946286e-06), (1, 1.5423445e-06, 6.1832784e-07)),
    "series/zahner-vs-voltage/000_mvdc.ism": (
        38, (100, 8635.4628, -160.24562), (500000, 0.14010198, -91.676614)),
    "series/zahner-vs-voltage/300_mvdc.ism": (
        38, (100, 0.19816115, 0.000300331), (500000, 0.19817021, 0.10091594)),
}  # fmt: skip


@pytest.mark.parametrize("path", ENDS)
def test_the_ends_of_a_single_spectrum(path: str) -> None:
    count, first, last = ENDS[path]
    (s,) = sample(path)
    assert len(s) == count
    assert_point(s, 0, first, rtol=1e-6)
    assert_point(s, -1, last, rtol=1e-6)


def test_sweeps_of_long_runs() -> None:
    geis = sample(MPR + "geis.mpr")
    assert [len(s) for s in geis] == [41] * 60 + [39]
    assert_point(geis[0], 0, (1000018.6, -42.986954, -80.752533))
    assert_point(geis[0], -1, (0.19980815, 149.00249, -7.587553))
    assert_point(geis[-1], -1, (0.43258584, 1877.2117, -1450.1073))
    long = sample(MPR + "vsp_peis_with.mpr")
    assert [len(s) for s in long] == [70] * 32
    assert_point(long[0], 0, (1000018.6, 10.578955, 17.952957))
    assert_point(long[-1], -1, (0.099904113, 35.587879, -2.5841804))


@pytest.mark.parametrize(
    ("name", "channel", "first", "last"),
    [
        ("peis", "ce", (199998.14, 33.336258, -0.26499158), (1.0000616, 33.480385, -3.0197985)),
        ("peis", "we-ce", (199998.14, 43.848553, -0.9954682), (1.0000616, 51.5047, -5.7160516)),
        ("peis.issue_225.with_ece", "we-ce",
         (199998.14, 4.5150385, -0.16261414), (1.0016024, 79.4058, -24.22914)),
    ],
)  # fmt: skip
def test_channels_of_three_electrode_runs(name: str, channel: str, first: Triple, last: Triple) -> None:
    (s,) = read_file(ROOT / f"{MPR}{name}.mpr", channel=channel)  # type: ignore[arg-type]
    assert_point(s, 0, first)
    assert_point(s, -1, last)


@pytest.mark.parametrize(
    "name", ["peis", "geis", "vsp_peis_with", "peis.issue_225.no_ece", "peis.issue_225.with_ece"]
)
def test_binary_and_text_of_one_run_agree(name: str) -> None:
    binary, text = sample(f"{MPR}{name}.mpr"), sample(f"vendor/biologic-mpt/{name}.mpt")
    assert len(binary) == len(text)
    for a, b in zip(binary, text, strict=True):
        np.testing.assert_allclose(a.frequency_hz, b.frequency_hz, rtol=1e-6)
        np.testing.assert_allclose(a.z_ohm, b.z_ohm, rtol=1e-6)
        assert a.time_s is not None
        assert b.time_s is not None
        np.testing.assert_allclose(a.time_s, b.time_s, rtol=1e-9)
        assert b.conditions.area_cm2 in (a.conditions.area_cm2, None)  # one text has no header
        assert a.conditions.electrodes == b.conditions.electrodes
        assert a.conditions.bias_v == pytest.approx(b.conditions.bias_v, abs=1e-6)
        assert b.conditions.amplitude_v in (a.conditions.amplitude_v, None)
        assert b.conditions.amplitude_a in (a.conditions.amplitude_a, None)


def test_one_pellet_in_three_formats() -> None:
    (binary,) = sample(MPR + "PEIS_LPSCl_IonBlocking_-25C.mpr")
    (text,) = sample("vendor/biologic-mpt/PEIS_LPSCl_IonBlocking_-25C.txt")
    (relaxis,) = sample("vendor/relaxis/PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt")
    for f, z in ((text.frequency_hz, text.z_ohm), (relaxis.frequency_hz[::-1], relaxis.z_ohm[::-1])):
        np.testing.assert_allclose(f, binary.frequency_hz, rtol=1e-6)
        np.testing.assert_allclose(z, binary.z_ohm, rtol=1e-6)


def test_one_potential_scan_whole_and_in_parts() -> None:
    whole = sample("series/biologic-SPEIS-CFO/EIS_CFO_pH14_light.mpt")
    (part,) = sample("series/biologic-SPEIS-CFO/0_100_V_vs_Ag_AgCl.csv")
    twin = min(whole, key=lambda s: abs((s.conditions.bias_v or 9) - 0.1))
    np.testing.assert_allclose(part.z_ohm, twin.z_ohm, rtol=1e-6)


def test_the_drift_corrected_twin() -> None:
    (s,) = read_drift_corrected(ROOT / (DTA + "drift-corrected-data.dta"))
    assert_point(s, -1, (0.1001603, 163521.3, -207613.7))
    assert "drift correction" in kinds(sample(DTA + "drift-corrected-data.dta")[0])


def test_the_area_of_the_notes_goes_before_the_default() -> None:
    (s,) = sample(DTA + "EIS_ZRY-3d-1.dta")
    assert s.conditions.area_cm2 == 2.86
    assert "area" in kinds(s)
    assert sample(DTA + "550C.0.5V.DTA")[0].conditions.area_cm2 is None


def test_area_normalised_values_are_flagged() -> None:
    assert "area normalised" in kinds(sample("vendor/corrtest-z60/bayesian_eis.z60")[0])


def test_a_sweep_up_and_down_is_one_spectrum_with_times() -> None:
    (s,) = sample(ISM + "rc-data.ism")
    assert_point(s, 20, (100000, 165.607101, -10868.178))
    assert s.time_s is not None
    assert s.time_s[-1] == pytest.approx(284.14, abs=0.02)
    assert (s.conditions.temperature_c, s.conditions.temperature_err_c) == (23.8, 0.1)
    assert s.conditions.bias_v == 0.9995
    assert sample(ISM + "li-ion-battery.ism")[0].time_s is None


def test_the_recorded_bias_goes_before_the_name_and_an_open_sensor_is_no_temperature() -> None:
    (s,) = sample("series/zahner-vs-voltage/025_mvdc.ism")
    assert s.conditions.bias_v == 0.0505
    assert s.conditions.temperature_c is None
    assert "temperature" in kinds(s)


def test_an_edited_session_is_said() -> None:
    assert "edited" in kinds(sample(PAL + "data.pssession")[0])


def test_two_data_sets_in_one_ids() -> None:
    for s in sample("vendor/ivium/data.ids"):
        assert_point(s, 0, (10000, 109.009, -26.5557))


def test_relaxis_project() -> None:
    spectra = sample("vendor/relaxis/test.eis3")
    assert [len(s) for s in spectra] == [58] * 58
    assert_point(spectra[0], 0, (0.05, 5306304.4, -17317547))
    assert_point(spectra[0], -1, (1e7, 112.49385, -123.08373))
    c = spectra[0].conditions
    assert c.temperature_c == -30
    assert c.area_cm2 == pytest.approx(0.785398, rel=1e-5)
    assert c.thickness_cm == pytest.approx(0.2)
    temperatures = [s.conditions.temperature_c or 0.0 for s in spectra]
    assert (min(temperatures), max(temperatures)) == (-120, 60)


def test_relaxis_text_takes_the_sensor_and_says_so() -> None:
    (s,) = sample("vendor/relaxis/PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt")
    assert s.conditions.temperature_c == pytest.approx(33.741076)
    assert s.conditions.bias_v == pytest.approx(-0.080042)
    assert "temperature" in kinds(s)


def test_mfia_store_and_workbook_of_one_sweep() -> None:
    store = sample("vendor/zurich-mfia/mfia_rc.h5")
    assert (len(store), sum(map(len, store))) == (12, 1192)
    (book,) = sample("vendor/zurich-mfia/mfia_rc_sweep.xlsx")
    twins = [s for s in store if len(s) == 100 and s.conditions.bias_v == -0.7]
    twin = min(twins, key=lambda s: abs(s.z_ohm[0] - book.z_ohm[0]))
    assert_point(twin, 0, (1.0000001, 232.755408, -1.2960216))
    assert_point(twin, -1, (100000, 0.33444328, 0.68471548))
    assert_point(book, 0, (1.0000001, 232.755408, -1.2960216))


@pytest.mark.parametrize("path", ["vendor/spreadsheet/data.xlsx", "vendor/spreadsheet/data.ods"])
def test_every_sheet_of_a_workbook_holds_the_same_spectrum(path: str) -> None:
    for s in sample(path):
        assert_point(s, 0, (10000, 109.00918, -26.55568))
        assert_point(s, -1, (1, 645.4787, -90.618128))


def test_matrix_with_the_frequencies_in_a_second_file() -> None:
    spectra = sample("vendor/split-columns/Z1s_30a.txt")
    assert [len(s) for s in spectra] == [66] * 3
    assert_point(spectra[0], 0, (0.0031623, 0.04947709986, -0.02043665770))
    assert "frequency" in kinds(spectra[0])


def test_matlab_columns_equal_their_text() -> None:
    (a,) = sample("vendor/matlab/data_1.mat")
    (b,) = sample("vendor/generic-csv/LIB_data.txt")
    np.testing.assert_allclose(a.z_ohm, b.z_ohm, rtol=1e-6)


def test_a_divider_with_the_shunt_in_its_name() -> None:
    (s,) = sample("vendor/fra-gain-phase/MokuGo_47R_100R_shunt.csv")
    assert abs(s.z_ohm[0]) == pytest.approx(47, rel=0.03)
    assert "shunt" in kinds(s)


def test_one_row_one_spectrum() -> None:
    spectra = sample("series/liquid-electrolyte-arrhenius/Dataframe_STRUCTURED_part_A.csv")
    assert spectra[0].conditions.temperature_c == -20
    assert_point(spectra[0], 0, (20000, 3027.80785, -426.635566), 1e-6)
    labelled = sample("series/ecm-labelled-solid-state/test_data_filtered_part_A.csv")
    assert_point(labelled[0], 0, (0.1, 1.89246418, -0.01430224), 1e-6)
    assert_point(labelled[0], -1, (1e5, 1.42215049, -0.08421628), 1e-6)
