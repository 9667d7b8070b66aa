"""What is wrong with a spectrum is found before any model, and what is right is left in peace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit.cell.templates import Template
from eisfit.errors import InputError
from eisfit.validity import check, checked, drift, kramers_kronig, lin_kk, without_outliers
from support.cells import grid, noisy
from support.circuits import SEEN, plausible

F = grid()
CIRCUITS = {
    "R0-p(R1,CPE1)-p(R2,CPE2)-W1": (20.0, 100.0, 1e-6, 0.9, 300.0, 1e-4, 0.85, 50.0),
    "Zarc1-Zarc2-CPE1": (100.0, 1e-7, 0.8, 1000.0, 1e-3, 0.7, 1e-5, 0.6),
    "R0-p(R1,CPE1)-Wo1": (10.0, 100.0, 1e-6, 0.9, 50.0, 10.0),
    "L0-R0-p(R1,C1)-G1": (1e-6, 10.0, 100.0, 1e-6, 200.0, 0.1),
    "p(R1,C1)": (1e6, 1e-11),
    "R0-p(L1-R2,R1)-p(R3,C3)": (10.0, 10.0, 50.0, 20.0, 100.0, 1e-6),
    "R0-TLMQ1": (10.0, 500.0, 1e-3, 0.9),
}
FAULTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "gain step of 2 % below 1 kHz": lambda z: z * np.where(F < 1e3, 1.02, 1.0),
    "phase error of 2 degrees from 10 to 100 Hz": lambda z: (
        z * np.exp(1j * np.deg2rad(2.0) * ((F >= 10) & (F <= 100)))
    ),
    "wrong sign of Im": lambda z: z.conj(),
    "swapped Re and Im": lambda z: z.imag + 1j * z.real,
    "swapped Re and -Im": lambda z: -z.imag + 1j * z.real,
}


def exact(circuit: str, f: np.ndarray = F) -> np.ndarray:
    return np.asarray(Template.from_circuit(circuit).circuit.impedance(f, CIRCUITS[circuit]))


def kinds(spectrum: eisfit.Spectrum) -> set[str]:
    return {finding.kind for finding in check(spectrum).findings}


@pytest.mark.parametrize("circuit", CIRCUITS)
def test_exact_spectra_pass(circuit: str) -> None:
    found = check(eisfit.Spectrum(F, exact(circuit)))
    assert found.kk_max_residual_percent < 0.01
    assert found.findings == ()


@pytest.mark.parametrize(("name", "electrodes"), SEEN, ids=[f"{n} {e}" for n, e in SEEN])
def test_exact_spectra_of_all_templates_pass(name: str, electrodes: int) -> None:
    t = eisfit.template(name, electrodes=electrodes)
    z = t.circuit.impedance(F, plausible(t, F.min(), F.max()))
    found = check(eisfit.Spectrum(F, z))
    assert found.kk_max_residual_percent < 0.1
    assert found.findings == ()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("circuit", CIRCUITS)
def test_faults_are_found(circuit: str, fault: str) -> None:
    found = kinds(eisfit.Spectrum(F, FAULTS[fault](exact(circuit))))
    assert found & {"Kramers-Kronig", "sign"}


@pytest.mark.parametrize(("name", "electrodes"), SEEN, ids=[f"{n} {e}" for n, e in SEEN])
def test_faults_are_found_in_all_templates(name: str, electrodes: int) -> None:
    t = eisfit.template(name, electrodes=electrodes)
    z = t.circuit.impedance(F, plausible(t, F.min(), F.max()))
    for fault in FAULTS.values():
        assert kinds(eisfit.Spectrum(F, fault(z))) & {"Kramers-Kronig", "sign"}


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("wrong sign of Im", "with the opposite sign of the imaginary part they do: read the columns anew"),
        ("swapped Re and Im", "with the two exchanged they do"),
        ("swapped Re and -Im", "with the two exchanged, and -Im for Im, they do"),
    ],
)
def test_mixed_up_columns_are_named(fault: str, sentence: str) -> None:
    z = FAULTS[fault](exact("R0-p(R1,CPE1)-p(R2,CPE2)-W1"))
    found = check(eisfit.Spectrum(F, noisy(z, 0.002, 1)))
    assert any(sentence in finding.text for finding in found.findings)


def test_noise_raises_no_alarm_and_its_level_is_found() -> None:
    for circuit in ("R0-p(R1,CPE1)-p(R2,CPE2)-W1", "Zarc1-Zarc2-CPE1"):
        z = exact(circuit)
        alarms, levels = 0, []
        for seed in range(40):
            found = check(eisfit.Spectrum(F, noisy(z, 0.005, seed)))
            alarms += bool(found.findings)
            levels.append(found.noise_percent)
        assert alarms <= 1
        assert np.mean(levels) == pytest.approx(0.5, rel=0.05)


# --- the classic test against the Lin-KK program: figures quoted in impedance.py 1.7.1, test_validation.py


@pytest.fixture(scope="module")
def circuit_3(real_spectra: Path) -> eisfit.Spectrum:
    return eisfit.read(real_spectra / "vendor" / "zplot" / "Circuit3_EIS_1.z")[0]


@pytest.mark.parametrize(
    ("part", "count", "capacitor", "first", "last"),
    [
        ("real", None, False, 1504.77272562 + 22.1601785j, 6132.74662155 + 32.8441808j),
        ("real", None, True, 1504.77272562 + 22.1609593j, 6132.74662155 + 9.37882405j),
        ("imaginary", 5, False, 1892.16670857 - 70.4776521j, 5959.35300613 - 73.57222491j),
        ("complex", 5, False, 1636.99559739 + 17.18695412j, 6136.91206761 - 120.94168923j),
    ],
)
def test_the_classic_test_gives_the_figures_of_the_lin_kk_program(
    circuit_3: eisfit.Spectrum, part: str, count: int | None, capacitor: bool, first: complex, last: complex
) -> None:
    f, z = circuit_3.frequency_hz, circuit_3.z_ohm
    found = lin_kk(f, z, mu_limit=0.69, count=count, part=part, capacitor=capacitor)  # type: ignore[arg-type]
    assert found.z_ohm[0] == pytest.approx(first, rel=1e-5)
    assert found.z_ohm[-1] == pytest.approx(last, rel=1e-5)
    np.testing.assert_allclose(found.residual, (z - found.z_ohm) / np.abs(z))
    if count is None:
        assert found.count == 10
        assert found.mu == pytest.approx(0.6843821117885378, rel=1e-5)


def test_the_number_by_mu_is_the_first_below_the_limit() -> None:
    z = noisy(exact("R0-p(R1,CPE1)-p(R2,CPE2)-W1"), 0.002, 1)
    found = lin_kk(F, z)
    assert found.mu <= 0.85
    assert all(lin_kk(F, z, count=k).mu > 0.85 for k in range(1, found.count))
    assert found.max_residual_percent < 5


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(InputError, match="part is 'half': it must be complex, real or imaginary"):
        lin_kk(F, exact("p(R1,C1)"), part="half")  # type: ignore[arg-type]


def test_an_admittance_passes_where_the_impedance_has_an_unstable_pole() -> None:
    y = 0.02 - 0.03 / (1 + 2j * np.pi * F * 1e-2)  # at dc a negative resistance, stable at a given voltage
    found = kramers_kronig(F, 1 / y)
    assert found.representation == "admittance"
    assert found.max_residual_percent < 1e-3


# --- outliers


def spoiled(points: dict[int, complex], noise: float = 0.003) -> eisfit.Spectrum:
    z = noisy(exact("R0-p(R1,CPE1)-p(R2,CPE2)-W1"), noise, 5)
    for k, factor in points.items():
        z[k] *= factor
    return eisfit.Spectrum(F, z, label="spoiled")


def test_outliers_are_found_and_masked_only_when_asked() -> None:
    spectrum = spoiled({20: 1.04, 43: np.exp(0.05j)})
    found = check(spectrum)
    assert list(np.flatnonzero(found.outliers)) == [20, 43]
    assert [finding.kind for finding in found.findings] == ["outlier"]
    assert "2 points stand out, at 1e+04 Hz, 50.12 Hz" in found.findings[0].text
    assert not spectrum.mask.any()
    cleaned = without_outliers(spectrum)
    assert list(np.flatnonzero(cleaned.mask)) == [20, 43]
    assert cleaned.mask_reason[20].startswith("outlier: far off the nearest consistent curve (noise 0.2")
    assert check(cleaned).findings == ()


@pytest.mark.parametrize("factor", [1.05, 1.2, 1.5, 5.0, -1.0, 1j])
def test_an_outlier_is_found_however_far_off(factor: complex) -> None:
    # one point in each of thirty spectra; a point that is far off also spoils the choice of time constants
    found = 0
    for seed in range(30):
        z = noisy(exact("R0-p(R1,CPE1)-p(R2,CPE2)-W1"), 0.002, seed)
        z[3 + 2 * seed] *= factor
        found += list(np.flatnonzero(check(eisfit.Spectrum(F, z)).outliers)) == [3 + 2 * seed]
    assert found >= 28


def test_nothing_is_masked_where_nothing_stands_out() -> None:
    spectrum = spoiled({})
    assert without_outliers(spectrum) is spectrum


def test_many_bad_points_are_no_outliers() -> None:
    found = check(spoiled(dict.fromkeys(range(10, 40, 2), 1.2)))
    assert not found.outliers.any()


def test_masked_points_take_no_part() -> None:
    spectrum = spoiled({20: 3.0}).cut(drop=[20])
    assert check(spectrum).findings == ()


def test_a_step_is_no_pair_of_outliers() -> None:
    z = noisy(FAULTS["gain step of 2 % below 1 kHz"](exact("R0-p(R1,CPE1)-Wo1")), 0.001, 2)
    found = check(eisfit.Spectrum(F, z))
    assert not found.outliers.any()
    assert {finding.kind for finding in found.findings} == {"Kramers-Kronig"}


def test_a_short_spectrum_is_not_tested() -> None:
    found = check(eisfit.Spectrum(np.array([1e3, 1e2, 10.0]), np.array([1 - 1j, 2 - 1j, 3 - 0.1j])))
    assert found.kramers_kronig is None
    assert np.isnan(found.kk_max_residual_percent)
    assert found.findings == ()


# --- drift


def growing(first: float, last: float) -> np.ndarray:
    """Return a sweep from 1 MHz to 10 mHz during which the resistance of an interface grows with time."""
    f = grid(1e6, 1e-2)
    elapsed = np.cumsum(3 / f)
    r = 500.0 * (first + (last - first) * elapsed / elapsed[-1])
    values = np.column_stack([np.full_like(f, 50.0), r, np.full_like(f, 5e-4), np.full_like(f, 0.9)])
    return np.diagonal(Template.from_circuit("R0-Zarc1").circuit.impedance(f, values)).copy()


def test_a_slow_growth_is_not_seen_by_kramers_kronig_but_by_the_next_sweep() -> None:
    f = grid(1e6, 1e-2)
    first = eisfit.Spectrum(f, noisy(growing(1.0, 1.1), 1e-4, 1), label="cell")
    second = eisfit.Spectrum(f, noisy(growing(1.1, 1.2), 1e-4, 2), label="cell#2")
    found = check(first)
    assert found.kk_max_residual_percent < 1.0
    assert found.findings == ()
    nothing, finding = drift([first, second])
    assert nothing is None
    assert finding is not None
    assert finding.kind == "drift"
    assert finding.text.startswith("Z has changed by 9.")


def test_equal_sweeps_do_not_drift() -> None:
    z = exact("R0-p(R1,CPE1)-p(R2,CPE2)-W1")
    sweeps = [eisfit.Spectrum(F, noisy(z, 0.005, k)) for k in range(40)]
    assert sum(finding is not None for finding in drift(sweeps)) <= 1


def test_sweeps_at_other_temperatures_are_not_compared() -> None:
    z = exact("R0-p(R1,CPE1)-p(R2,CPE2)-W1")
    warm = eisfit.Conditions(temperature_c=40.0, time_h=2.0)
    cold = eisfit.Conditions(temperature_c=20.0, time_h=1.0)
    pair = [eisfit.Spectrum(F, z, conditions=cold), eisfit.Spectrum(F, 0.8 * z, conditions=warm)]
    assert drift(pair) == [None, None]
    pair[1] = pair[1].under(cold.updated(time_h=2.0))
    assert drift(pair)[1] is not None


def test_sweeps_on_other_frequencies_are_compared_where_they_meet() -> None:
    z = exact("R0-p(R1,CPE1)-p(R2,CPE2)-W1")
    other = np.sort(F[::2])
    back = eisfit.Spectrum(other, 1.05 * exact("R0-p(R1,CPE1)-p(R2,CPE2)-W1", other))
    assert drift([eisfit.Spectrum(F, z), back])[1] is not None
    assert drift([eisfit.Spectrum(F, z), eisfit.Spectrum(F * 1.1, z)])[1] is None


# --- artefacts of probes


def divided(r_1: float, r_2: float, capacitance: float = 100e-12) -> eisfit.Spectrum:
    """Return a four-electrode cell seen through probes of some resistance and cables of some capacitance."""
    f = grid()
    s = 2j * np.pi * f
    cell = 100 + 250 / (1 + s * 2.5e-6) + 1000 / (1 + (s * 5e-4) ** 0.9)
    d_1, d_2 = (1 / (1 + s * r * capacitance) for r in (r_1, r_2))
    common = 300.0  # impedance between the inner probe and ground
    return eisfit.Spectrum(f, cell * d_1 + common * (d_1 - d_2), conditions=eisfit.Conditions(electrodes=4))


def test_unequal_probes_turn_the_real_part_negative() -> None:
    found = kinds(divided(30e3, 10e3))
    assert "negative real part" in found


def test_good_probes_leave_no_artefact() -> None:
    assert kinds(divided(10.0, 10.0)) <= {"cable capacitance"}


def test_a_lead_is_no_loop_and_a_loop_is_no_lead() -> None:
    f = grid(1e7, 0.1)
    s = 2j * np.pi * f
    cell = 10 + 100 / (1 + s * 1e-4)
    assert check(eisfit.Spectrum(f, cell + s * 1e-6)).findings == ()
    loop = cell + 5 * s * 1e-6 / (1 + s * 1e-6)
    findings = check(eisfit.Spectrum(f, loop)).findings
    assert [finding.kind for finding in findings] == ["inductive loop"]
    assert "cut with f_max_hz" in findings[0].text


def test_an_arc_with_the_capacitance_of_a_cable_is_doubted_with_four_electrodes_only() -> None:
    f = grid()
    z = 10 + 1e5 / (1 + 2j * np.pi * f * 1e5 * 100e-12)
    four = eisfit.Spectrum(f, z, conditions=eisfit.Conditions(electrodes=4))
    two = eisfit.Spectrum(f, z, conditions=eisfit.Conditions(electrodes=2))
    assert kinds(four) == {"cable capacitance"}
    assert kinds(two) == set()
    assert "1e+02 pF" in check(four).findings[0].text


def test_a_spectrum_that_is_inductive_throughout_has_its_sign_doubted() -> None:
    assert "sign" in kinds(eisfit.Spectrum(F, exact("p(R1,C1)").conj()))


# --- what a spectrum carries of it


def test_a_checked_spectrum_carries_the_number_and_the_findings() -> None:
    unit = eisfit.Finding("unit", "kilohm")
    (found,) = checked([spoiled({20: 1.04}).noting(unit)])
    assert found.checked is not None
    tested = check(found)
    assert found.checked.kk_max_residual_percent == tested.kk_max_residual_percent
    assert found.all_findings == (unit, *tested.findings)
    assert found.finding == f"kilohm; {tested.findings[0].text}"
    assert not found.mask.any()


def test_a_spectrum_is_checked_once() -> None:
    first = checked([spoiled({20: 1.04}), spoiled({})])
    again = checked(first)
    assert all(a is b for a, b in zip(first, again, strict=True))


def test_many_fits_cost_no_check() -> None:
    fits = eisfit.fit_many([spoiled({20: 1.04})], "R0-p(R1,CPE1)-p(R2,CPE2)-W1")
    assert fits[0].spectrum.checked is None


def test_a_check_is_given_up_where_points_are_masked_or_conditions_change() -> None:
    (found,) = checked([spoiled({20: 1.04})])
    assert found.cut(drop=[20]).checked is None
    assert found.under(eisfit.Conditions(electrodes=4)).checked is None
    assert found.named("other").cut(f_max_hz=1e9).checked == found.checked


def test_masked_outliers_are_said_as_such() -> None:
    (found,) = checked([spoiled({20: 1.04, 43: 1.05})], mask_outliers=True)
    assert found.checked is not None
    assert list(np.flatnonzero(found.mask)) == [20, 43]
    assert [f.kind for f in found.checked.findings] == ["outlier"]
    assert found.finding.startswith("2 points stand out, at 1e+04 Hz, 50.12 Hz (noise of the others 0.")
    assert found.finding.endswith("they take no part in the fit")
    assert found.checked.kk_max_residual_percent == check(found).kk_max_residual_percent


def test_drift_is_noted_in_the_later_sweep() -> None:
    f = grid(1e6, 1e-2)
    sweeps = [eisfit.Spectrum(f, noisy(growing(*ends), 1e-4, 1)) for ends in ((1.0, 1.1), (1.1, 1.2))]
    assert [[n.kind for n in s.all_findings] for s in checked(sweeps)] == [[], ["drift"]]


def test_a_spectrum_of_few_points_is_checked_without_a_number() -> None:
    (found,) = checked([eisfit.Spectrum([1e3, 1e2], [1 - 1j, 2 - 1j])])
    assert found.checked is not None
    assert np.isnan(found.checked.kk_max_residual_percent)
    assert "nan" in str(found.sheets()[0].rows)


def test_sweeps_of_a_series_over_time_are_not_compared() -> None:
    f = grid(1e6, 1e-2)
    sweeps = [
        eisfit.Spectrum(
            f, noisy(growing(*ends), 1e-3, 1), conditions=eisfit.Conditions(temperature_c=25.0, time_h=t)
        )
        for t, ends in ((1.0, (1.0, 1.1)), (2.0, (1.1, 1.2)))
    ]
    for over, kinds_of_second in (("time_h", []), ("temperature_c", ["drift"])):
        series = eisfit.fit_series(sweeps, "R0-Zarc1", over=over)
        assert [n.kind for n in series[1].spectrum.all_findings] == kinds_of_second
