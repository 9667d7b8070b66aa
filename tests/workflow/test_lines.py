"""Series whose lines are not what they seem: from files to sentences, tables and figures."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from eisfit import Series, plots, store
from eisfit.tables.remarks import echoes, remarks
from eisfit.workflow import RunOptions, read_manifest, run_series
from support.plots_samples import lines

K = 8.617333262e-5
F = np.logspace(6, -1, 71)
OMEGA = 2 * np.pi * F


def zarc(r: float, c: float, n: float) -> np.ndarray:
    return np.asarray(r / (1 + (1j * OMEGA * r * c) ** n))


def liquid_solid(celsius: float, factor: float = 1.0) -> np.ndarray:
    """Return a four-electrode cell: 0.35, 0.40 and 0.52 eV by ln(1/R); `factor` is of the interface."""
    x = 1 / (celsius + 273.15) - 1 / 298.15
    rs, gb, it = (r * math.exp(e / K * x) for r, e in ((100, 0.35), (250, 0.40), (500 * factor, 0.52)))
    return np.asarray(rs + zarc(gb, 1e-7, 0.95) + 2 * zarc(it, 2e-6, 0.9))


def polymer(conductivity: Callable[[float], float]) -> Callable[[float], np.ndarray]:
    """Return a polymer of 0.12 mm between blocking contacts."""

    def cell(celsius: float) -> np.ndarray:
        r = 0.012 / (conductivity(celsius + 273.15) * 0.785)
        return np.asarray(zarc(r, 1.7e-11, 0.97) + 1 / (3e-6 * (1j * OMEGA) ** 0.75))

    return cell


def vogel(kelvin: float) -> float:
    return math.exp(-1050 / (kelvin - 208)) / math.sqrt(kelvin)


def two_slopes(kelvin: float) -> float:
    slope = 0.84 if kelvin < 333.15 else 0.53
    return 1e-4 * math.exp(-slope / K * (1 / kelvin - 1 / 333.15))


HEAD = 'template = "le_se"\nelectrodes = 4\narea_cm2 = 0.785\nthickness_cm = 0.1\ntemperature_err_c = 0.3\n'
POLYMER = 'template = "pe"\nelectrodes = 2\narea_cm2 = 0.785\nlayers = { polymer = 0.012 }\ntemperature_err_c = 0.3\n'


def written(folder: Path, head: str, rows: Sequence[tuple[str, float, np.ndarray]], seed: int = 0) -> Path:
    """Write spectra with 0.4 % noise under stated temperatures, and their manifest in this order."""
    rng = np.random.default_rng(seed)
    text = head
    for name, celsius, z in rows:
        z = z * (1 + 0.004 * (rng.standard_normal(z.size) + 1j * rng.standard_normal(z.size)))
        table = "".join(f"{f:.6g},{v.real:.8g},{v.imag:.8g}\n" for f, v in zip(F, z, strict=True))
        (folder / f"{name}.csv").write_text("freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm\n" + table, encoding="utf-8")
        text += f'[[spectrum]]\nfile = "{name}.csv"\ntemperature_c = {celsius}\n'
    (folder / "series.toml").write_text(text, encoding="utf-8")
    return folder


def fitted(folder: Path) -> Series:
    found = run_series(read_manifest(folder), RunOptions(output=folder / "out", figures=False)).result
    assert isinstance(found, Series)
    return found


def table(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "out" / "arrhenius.csv").open(encoding="utf-8") as file:
        return {row["contribution"]: row for row in csv.DictReader(file) if row["default"] == "true"}


def off(celsius: float, k: int) -> float:
    """Return a temperature that differs from the stated one by up to 0.3 K."""
    return celsius + 0.3 * math.sin(2.3 * k + 1)


@pytest.mark.parametrize(("law", "word"), [(vogel, "as of VTF"), (two_slopes, "a kink between")])
def test_a_bent_line_of_a_polymer_has_no_values_at_25_and_60(
    tmp_path: Path, law: Callable[[float], float], word: str
) -> None:
    cell = polymer(law)
    rows = [(f"peo_{t}C", t, cell(off(t, k))) for k, t in enumerate(range(30, 91, 10))]
    series = fitted(written(tmp_path, POLYMER, rows))
    row = table(tmp_path)["polymer"]
    assert row["value_25c"] == row["value_60c"] == row["value_25c_stderr"] == ""
    assert float(row["activation_energy_ev"]) == pytest.approx(0.7, abs=0.12)
    assert float(row["curvature_p"]) < 0.005
    assert row["note"] == "bent"
    (text,) = [t for t in remarks(series) if "is bent" in t]
    assert word in text
    (line,) = lines(plots.arrhenius(series).axes[0], "line")
    assert line.get_linestyle() == "--"
    assert store.load(tmp_path / "out" / "eisfit.h5") == series
    kept = series.with_laws(series.arrhenius("polymer", leave_out=["peo_30C"]))
    back = store.load(store.save(tmp_path / "kept.h5", kept))
    assert back == kept
    assert back.laws[0].checks.curvature.p == kept.laws[0].checks.curvature.p < 0.1


def test_an_interface_that_grows_over_a_cycle_is_named_alone(tmp_path: Path) -> None:
    cycle = [0, 20, 40, 60, 40, 20, 0]
    rows = [(f"c{k}", t, liquid_solid(off(t, k), 1.06**k)) for k, t in enumerate(cycle)]
    series = fitted(written(tmp_path, HEAD, rows))
    found = table(tmp_path)
    assert float(found["interface"]["hysteresis_p"]) < 0.003 < float(found["grain boundary"]["hysteresis_p"])
    assert found["interface"]["value_25c"] == ""
    assert found["grain boundary"]["value_25c"] != ""
    (text,) = [t for t in remarks(series) if "heating and cooling differ" in t]
    assert text.startswith("interface: ")
    back = store.load(tmp_path / "out" / "eisfit.h5")
    assert back.order == series.order == (0, 6, 1, 5, 2, 4, 3)
    assert back.arrhenius("interface").checks == series.arrhenius("interface").checks


@pytest.mark.parametrize("names", ["{cell}_{t}C", "{t}C_{cell}"])
def test_two_cells_in_one_folder_are_asked_for(tmp_path: Path, names: str) -> None:
    rows = [
        (names.format(cell=cell, t=t), t, liquid_solid(off(t, t), factor))
        for t in (10, 30, 50)
        for cell, factor in (("A", 1.0), ("B", 1.5))
    ]
    series = fitted(written(tmp_path, HEAD, rows))
    row = table(tmp_path)["interface"]
    assert (row["value_25c"], row["note"]) == ("", "spectra differ")
    (text,) = [t for t in remarks(series) if "two cells in one folder" in t]
    assert "B" in text
    assert "the resistance is 5" in text or "the resistance is 4" in text


def test_one_mistyped_temperature_is_named_with_its_file(tmp_path: Path) -> None:
    rows = [
        (f"cell_{t}C", 50.0 if t == 40 else t, liquid_solid(off(t, k)))
        for k, t in enumerate(range(0, 61, 10))
    ]
    series = fitted(written(tmp_path, HEAD, rows))
    (text,) = [t for t in remarks(series) if "without cell_40C.csv (50 °C) the scatter falls from x " in t]
    assert text.startswith("liquid + bulk, grain boundary, interface: ")
    assert re.search(r"it would lie on the line at 39\.\d to 39\.\d °C: check its temperature", text)
    assert "odd point cell_40C" in table(tmp_path)["interface"]["note"]


def test_kelvin_and_square_millimetres_stand_above_the_tables(tmp_path: Path) -> None:
    rows = [(f"c{k}", t + 273.15, liquid_solid(t)) for k, t in enumerate((0, 20, 40, 60))]
    head = HEAD.replace("area_cm2 = 0.785", "area_cm2 = 78.5")
    series = fitted(written(tmp_path, head, rows))
    first, second = echoes(series)
    assert first == "temperature_c = 273.15 to 333.15 was read as °C; if this is kelvin, write 0 to 60"
    assert second.endswith("if this is mm², write 0.785")
    assert first in series.report()
    assert not any("was read as" in text for text in remarks(series))


def test_a_sum_keeps_its_row_and_is_marked(tmp_path: Path) -> None:
    rows = [(f"c{t}", t, liquid_solid(off(t, k))) for k, t in enumerate((0, 20, 40, 60))]
    series = fitted(written(tmp_path, HEAD, rows))
    row = table(tmp_path)["liquid + bulk"]
    assert row["note"] == "of a sum"
    assert float(row["activation_energy_ev"]) == pytest.approx(0.375, abs=0.02)
    assert "(of a sum)" in series.report()
    assert table(tmp_path)["interface"]["note"] == ""
