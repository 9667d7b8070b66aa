"""Dc data from tables with places of probes and from instrument files; what is wrong is named with its cure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit import FormatError, InputError, NoImpedance
from eisfit.polarisation import answer, interface_curve, read_all_dc, read_dc, steady_states
from eisfit.polarisation.dc_table import unit_of
from support.dc_cells import INSTRUMENTS, LAW, as_csv, eight_electrodes, steps_of


def table(folder: Path, text: str, name: str = "cell.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_comes_back_as_it_was(tmp_path: Path) -> None:
    data = eight_electrodes(1)
    (found,) = read_dc(table(tmp_path, as_csv(data)))
    assert found.probes == data.probes
    assert found.layout == data.layout
    assert (found.area_cm2, found.temperature_c) == (0.785, 25.0)
    assert found.current_a == pytest.approx(data.current_a, rel=1e-9)
    assert found.potential_v == pytest.approx(data.potential_v, rel=1e-8, abs=1e-15)
    assert found.potential_stderr_v == pytest.approx(data.potential_stderr_v)
    assert found.current_stderr_a == pytest.approx(data.current_stderr_a)


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("I/A,U/V", "1e-3,0.1"),
        ("current (mA);U [mV]", "1,0;100"),
        ("i / µA cm⁻²\tU/V", "2000\t0,1"),
        ("j/mA/cm2,U/V", "2,0.1"),
        ("Current/A;Potential/V", "0,001;0,1"),
    ],
)
def test_headings_tell_their_units(tmp_path: Path, heading: str, row: str) -> None:
    text = f"# area_cm2: 0.5\n{heading}\n{row}\n"
    (found,) = read_dc(table(tmp_path, text))
    assert found.current_a == pytest.approx([1e-3])
    assert found.potential_v.ravel() == pytest.approx([0.1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("current,U/V\n1,2\n", "heading 'current' tells no unit"),
        ("current/mA,U/Ohm\n1,2\n", "heading 'U/Ohm' tells no unit"),
        ("weight/mA,U/V\n1,2\n", "'weight/mA' has the unit of a current and another name"),
        ("I/uA cm-2,U/V\n1,2\n", "given by area and the area is missing.*area_cm2"),
        ("# aera_cm2: 1\nI/A,U/V\n1e-3,2\n", "no key 'aera_cm2' .did you mean 'area_cm2'"),
        ("# area_cm2: 1 cm2\nI/A,U/V\n1e-3,2\n", "area_cm2 is '1 cm2': write a number alone"),
        ("# area_cm2: -1\nI/A,U/V\n1e-3,2\n", "area_cm2 is -1: it must be positive"),
        ("# temperature_c: -300\nI/A,U/V\n1e-3,2\n", "temperature_c is -300"),
        ("# position_mm: U=1\nI/A,U/V\n1e-3,2\n", "position_mm is given and solid_mm is missing"),
        (
            "# position_mm: V=1\n# solid_mm: 2..4\nI/A,U/V\n1e-3,2\n",
            "position is given for 'V', which is no column",
        ),
        ("# position_mm: U\n# solid_mm: 2..4\nI/A,U/V\n1e-3,2\n", "position 'U' must be a name and a number"),
        ("# position_mm: U=1\n# solid_mm: 4..2\nI/A,U/V\n1e-3,2\n", "left face must come before"),
        ("# position_mm: U=2\n# solid_mm: 2..4\nI/A,U/V\n1e-3,2\n", "lies at 2 mm, on a face"),
        ("# position_mm: U=1\n# solid_mm: 2\nI/A,U/V\n1e-3,2\n", "solid_mm is '2': write both faces"),
        ("I/A,U/V\n1e-3,x\n", "line 2: 'x' is no number"),
        ("I/A,U/V\n1e-3\n", "line 2: 1 of 2 cells"),
        ("I/A,U/V\n", "there is no row"),
        ("I/A,U/V\n500,0.1\n", "reaches 500 A, more than 100 A: the unit is probably mA"),
        ("I/A,U/V,U/mV\n1e-3,1,2\n", "two columns are called 'U'"),
        ("I/A,L1/V,L2/V,stderr(L1)/V\n1e-3,1,2,0.1\n", "the errors of 'L2' are missing"),
        ("I/A,L1/V,stderr(L3)/V\n1e-3,1,0.1\n", "errors of 'L3' are given, which is no column"),
        ("", "the file is empty"),
        ("a,b\n1,2\n", "heading 'a' tells no unit"),
    ],
)
def test_a_wrong_table_is_named_with_its_cure(tmp_path: Path, text: str, said: str) -> None:
    path = table(tmp_path, text)
    with pytest.raises(InputError, match=said):
        read_dc(path)
    assert read_all_dc([path])[1][0].file == str(path)


def test_a_file_of_impedance_is_refused_as_such(tmp_path: Path) -> None:
    path = table(
        tmp_path, "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n" + "".join(f"{10**k},{5 - k},{1}\n" for k in range(5))
    )
    with pytest.raises(FormatError, match="it holds impedance, which 'eisfit fit' reads"):
        read_dc(path)


@pytest.mark.parametrize("ending", INSTRUMENTS)
def test_steps_of_instruments_give_the_interface(tmp_path: Path, ending: str) -> None:
    path = table(tmp_path, INSTRUMENTS[ending](*steps_of()), f"run.{ending}")
    (data,) = read_dc(path)
    assert data.time_s is not None
    found = steady_states(data.under(temperature_c=25.0, area_cm2=0.785))
    assert found.steady.all()
    assert found.data.potential_v.ravel() == pytest.approx([-0.2, -0.1, -0.05, -0.025, 0.025, 0.05, 0.1, 0.2])
    answered = answer(data.under(temperature_c=25.0, area_cm2=0.785), series_ohm=0.0)
    assert answered.fit is not None
    assert answered.fit.law.r_slei_ohm_cm2 == pytest.approx(
        300, abs=5 * answered.fit.stderr["r_slei_ohm_cm2"]
    )
    assert answered.fit.law.alpha == pytest.approx(0.44, abs=5 * answered.fit.stderr["alpha"])


@pytest.mark.parametrize("ending", INSTRUMENTS)
def test_reading_impedance_says_of_them_what_it_said(tmp_path: Path, ending: str) -> None:
    path = table(tmp_path, INSTRUMENTS[ending](*steps_of()), f"run.{ending}")
    with pytest.raises(NoImpedance):
        eisfit.read(path)


@pytest.mark.parametrize("ending", INSTRUMENTS)
def test_a_row_cut_off_at_the_end_is_left_out_and_one_within_is_named(tmp_path: Path, ending: str) -> None:
    text = INSTRUMENTS[ending](*steps_of())
    rows = text.splitlines()
    last = len(rows) - (2 if ending == "par" else 1)
    whole = len(read_dc(table(tmp_path, text, f"a.{ending}"))[0])
    cut = [*rows[:last], rows[last][:5], *rows[last + 1 :]]
    assert len(read_dc(table(tmp_path, "\n".join(cut) + "\n", f"b.{ending}"))[0]) == whole - 1
    middle = [*rows[: last - 500], rows[last - 500][:5], *rows[last - 499 :]]
    with pytest.raises(FormatError, match=f"line {last - 499}: a cell"):
        read_dc(table(tmp_path, "\n".join(middle) + "\n", f"c.{ending}"))


def test_a_run_without_current_is_named(tmp_path: Path) -> None:
    time, potential, current = steps_of()
    path = table(tmp_path, INSTRUMENTS["mpt"](time, potential, 0 * current), "ocv.mpt")
    with pytest.raises(FormatError, match=r"ocv.mpt: all currents are zero .a run of 'Chronoamperometry"):
        read_dc(path)


def test_what_a_curve_needs_is_asked_for() -> None:
    data = eight_electrodes(1)
    with pytest.raises(InputError, match=r"the area is missing.*--area-cm2"):
        interface_curve(data.under(area_cm2=None))
    with pytest.raises(InputError, match=r"the temperature is missing.*--temperature-c"):
        interface_curve(data.under(temperature_c=None))
    with pytest.raises(InputError, match=r"positions of the probes L1, .*are missing.*--position"):
        interface_curve(data.under(layout=None))
    with pytest.raises(InputError, match="exclude each other"):
        interface_curve(data, series_ohm=3.0)
    with pytest.raises(InputError, match="temperatures reach from 25 to 60 °C"):
        interface_curve([data, data.under(temperature_c=60.0)])
    with pytest.raises(InputError, match=r"no condition 'area'.*did you mean 'area_cm2'"):
        data.under(area=1.0)


def test_units_are_read_in_their_spellings() -> None:
    assert unit_of("nA") == ("current", 1e-9, False)
    assert unit_of("mA/cm²") == ("current", 1e-3, True)
    assert unit_of("A m-2") == ("current", 1e-4, True)
    assert unit_of("min") == ("time", 60.0, False)
    assert unit_of("ohm") is None
    assert np.isclose(LAW.r_p_ohm_cm2, 784, atol=1)
