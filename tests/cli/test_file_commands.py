"""The commands read, convert and check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eisfit import store
from eisfit.formats import read
from support.cells import le_se_faded, le_se_values, measured
from support.commands import Command, rows


def test_read_says_what_is_in_a_file(eisfit: Command, lab: Path) -> None:
    ran = eisfit("read", lab / "cell_20C.csv")
    heading, row = ran.out.splitlines()
    assert heading.split() == [
        "spectrum",
        "points",
        "f",
        "/",
        "Hz",
        "|Z|",
        "unit",
        "T",
        "/",
        "°C",
        "T",
        "from",
        "format",
        "file",
    ]
    assert row.split()[:5] == ["cell_20C", "71", "0.1", "to", "1e+06"]
    assert row.split()[-5:] == ["Ω", "20", "name", "table", str(lab / "cell_20C.csv")]
    data = json.loads(eisfit("read", lab / "cell_20C.csv", "--json").out)
    assert data["spectra"][0]["points"] == 71
    assert data["unread"] == []


def test_read_goes_on_after_a_bad_file(eisfit: Command, lab: Path) -> None:
    ran = eisfit("read", lab / "gone.csv", lab / "cell_20C.csv")
    assert ran.code == 1
    assert "there is no such file" in ran.err
    assert "cell_20C" in ran.out


@pytest.mark.parametrize("ending", ["csv", "h5"])
def test_convert_writes_every_point(eisfit: Command, lab: Path, ending: str) -> None:
    target = lab / f"all.{ending}"
    assert eisfit("convert", lab / "cell_*.csv", "-o", target).out == f"{target}\n"
    if ending == "csv":
        table = rows(target)
        assert len(table) == 3 * 71
        first = measured(le_se_faded(), le_se_values(r_s=80), seed=0)
        assert float(table[0]["z_imag_ohm"]) == first.z_ohm[0].imag
    else:
        assert [s.label for s in store.load(target)] == ["cell_20C", "cell_40C", "cell_60C"]
    again = eisfit("convert", lab / "cell_*.csv", "-o", target)
    assert again.code == 2
    assert "exists already" in again.err


def test_check_tests_spectra_before_any_fit(eisfit: Command, lab: Path) -> None:
    ran = eisfit("check", lab / "cell_20C.csv")
    assert ran.code == 0
    assert ran.out.startswith("cell_20C  Kramers-Kronig ")
    data = json.loads(eisfit("check", lab / "cell_20C.csv", "--json").out)
    assert 0 < data["spectra"][0]["kk_max_residual_percent"] < 5


def test_convert_to_csv_refuses_values_that_are_not_in_ohm(eisfit: Command, lab: Path) -> None:
    (lab / "eps.csv").write_text("f (Hz),eps',eps''\n1000,40,2\n100,50,9\n10,80,90\n", encoding="utf-8")
    alone = eisfit("convert", lab / "eps.csv", "-o", lab / "eps_z.csv")
    assert alone.code == 2
    assert "give --area-cm2 and --thickness-cm" in alone.err
    both = eisfit("convert", lab / "eps.csv", lab / "cell_20C.csv", "-o", lab / "both.csv")
    assert both.code == 1
    assert "eps" not in (lab / "both.csv").read_text(encoding="utf-8")
    assert eisfit("convert", lab / "eps.csv", "-o", lab / "eps.h5").code == 0


def test_convert_needs_an_ending_that_it_knows(eisfit: Command, lab: Path) -> None:
    ran = eisfit("convert", lab / "cell_20C.csv", "-o", lab / "all.xls")
    assert ran.code == 2
    assert "all.xls: name a file that ends in .csv, .h5, .hdf5, .z or .xlsx" in ran.err


def test_a_run_without_impedance_is_said(eisfit: Command, real_spectra: Path) -> None:
    ran = eisfit("read", real_spectra / "vendor" / "no-impedance" / "ocv.mpt")
    assert ran.code == 3
    assert "impedance" in ran.err.splitlines()[0]


def test_another_channel_is_read_where_there_is_one(eisfit: Command, lab: Path) -> None:
    ran = eisfit("read", lab / "cell_20C.csv", "--channel", "ce")
    assert ran.code == 3
    assert "no channel 'ce'" in ran.err


def test_an_unknown_channel_is_one_sentence(eisfit: Command, lab: Path) -> None:
    for command in (["series", lab], ["read", lab / "cell_20C.csv", lab / "cell_40C.csv"]):
        ran = eisfit(*command, "--channel", "x")
        assert ran.code == 2
        assert ran.err == "eisfit: channel is 'x': it must be one of 'we', 'ce', 'we-ce'\n"


def test_the_amplitude_is_told_and_converted_and_read_back(eisfit: Command, lab: Path) -> None:
    for name, line in (("cell_20C", "Amplitude: 10 mV rms"), ("cell_40C", "AC current: 2 uA peak")):
        path = lab / f"{name}.csv"
        path.write_text(f"{line}\n" + path.read_text())
    files = [lab / "cell_20C.csv", lab / "cell_40C.csv", lab / "cell_60C.csv"]
    told = json.loads(eisfit("read", *files, "--json").out)["spectra"]
    wanted = [(0.01, None), (None, pytest.approx(2e-6 / 2**0.5)), (None, None)]
    assert [(row["amplitude_v"], row["amplitude_a"]) for row in told] == wanted
    for ending in ("csv", "h5"):
        eisfit("convert", *files, "-o", lab / f"all.{ending}")
    back = {"h5": store.load(lab / "all.h5"), "csv": read(lab / "all.csv")}
    for spectra in back.values():
        found = [(s.conditions.amplitude_v, s.conditions.amplitude_a) for s in spectra]
        assert [tuple(map(pytest.approx, pair)) for pair in wanted[:1]] + wanted[1:] == found
