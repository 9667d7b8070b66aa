"""The command law: every law from a CSV or a results file, every formula from the lines of a CSV."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from eisfit import fit_series, solids, store
from eisfit.formats.delimited_text import write_csv
from eisfit.laws import LAWS, fit_law
from eisfit.laws.law_fit import law_model
from eisfit.laws.ordinate import suits, value_of
from eisfit.simulate import simulate
from eisfit.workflow.branch_points import HEATING_COOLING
from eisfit.workflow.formula_rows import FORMULAS, columns_of
from eisfit.workflow.law_points import value_columns
from eisfit.workflow.layer_points import LAYER
from support.commands import Command
from support.growing_cells import CIRCUIT, growing

ROWS = {  # a line of each formula
    "hsu_mansfeld": {"resistance_ohm": 1e4, "q": 1e-9, "alpha": 0.9},
    "brug": {"q": 1e-6, "alpha": 0.9, "series_ohm": 20.0},
    "power_law_capacitance": {"q_per_cm2": 1e-6, "alpha": 0.9, "resistivity_ohm_cm": 1e6, "permittivity": 12.0},
    "relative_permittivity": {"capacitance_f": 1e-11, "area_cm2": 0.5, "thickness_cm": 0.1},
    "layer_thickness_cm": {"capacitance_f_cm2": 1e-7, "permittivity": 10.0},
    "brick_layer": {
        "bulk_ohm": 100.0, "boundary_ohm": 400.0, "bulk_f": 1e-10, "boundary_f": 2e-8, "area_cm2": 0.5,
        "thickness_cm": 0.1,
    },
    "hasselman_johnson": {"matrix_s_cm": 1e-4, "particle_s_cm": 5e-4, "particle_fraction": 0.3},
    "bruggeman": {"matrix_s_cm": 1e-4, "particle_s_cm": 5e-4, "particle_fraction": 0.3},
    "break_even_radius_cm": {"matrix_s_cm": 1e-4, "particle_s_cm": 5e-4, "asr_ohm_cm2": 0.8},
    "break_even_interface_ohm_cm2": {"matrix_s_cm": 1e-4, "particle_s_cm": 5e-4, "radius_cm": 1e-4},
    "interface_bound": {
        "measured_s_cm": 1.2e-4, "matrix_s_cm": 1e-4, "particle_s_cm": 5e-4, "particle_fraction": 0.3,
        "radius_cm": 1e-3,
    },
    "implied_layer": {"asr_ohm_cm2": 300.0, "capacitance_f_cm2": 1e-7, "permittivity": 10.0},
    "space_charge": {"potential_v": 0.5, "concentration_mol_cm3": 1e-2, "permittivity": 10.0},
    "frenkel_relaxation": {
        "concentration_mol_cm3": 1e-4, "interstitial_cm2_s": 1e-6, "vacancy_cm2_s": 1e-7, "relaxation_s": 1e-5,
    },
    "product_layer_ohm_cm2": {"thickness_cm": 5e-7, "conductivity_s_cm": 1e-9},
    "transference_number": {
        "step_mv": 10.0, "initial_ua": 20.0, "steady_ua": 8.0, "initial_ohm": 100.0, "steady_ohm": 110.0,
        "initial_stderr_ua": 0.4, "steady_stderr_ua": 0.1,
    },
    "electronic_conductivity": {
        "potential_v": 0.1, "current_a": 2e-9, "thickness_cm": 0.1, "area_cm2": 0.5, "current_stderr_a": 1e-10,
        "total_s_per_cm": 1e-4,
    },
    "molarity_of_molality": {"molality_mol_kg": 1.0, "density_g_cm3": 1.25, "molar_mass_g_mol": 151.905},
    "molarity_of_eo_ratio": {"eo_per_cation": 20.0, "density_g_cm3": 1.2, "molar_mass_g_mol": 287.09},
    "thickest_product_layer_cm": {"limit_ohm_cm2": 10.0, "conductivity_s_cm": 1e-9},
}  # fmt: skip
AT = {"temperature_c": np.linspace(0.0, 80.0, 9)}
TRUTH = {
    "vft": (10.0, 0.08, 190.0),
    "broken arrhenius": (1e-3, 0.84, 0.53, 320.0),
    "minimum over concentration": (0.6, 300.0, 0.2),
    "linear in 1/T": (3e-7, -400.0),
}


def _written(path: Path, columns: Mapping[str, np.ndarray | list[float]]) -> Path:
    rows = zip(*columns.values(), strict=True)
    path.write_text("\n".join([",".join(columns), *(",".join(f"{v:.9g}" for v in row) for row in rows)]))
    return path


@pytest.mark.parametrize("name", sorted(LAWS))
def test_every_law_is_reached_from_a_table(eisfit: Command, tmp_path: Path, name: str) -> None:
    law = LAWS[name]
    at = AT.get(law.condition, np.array([0.05, 0.1, 0.3, 1.0, 3.0, 9.0]))
    kelvin = at + 273.15 if law.condition == "temperature_c" else at
    column = value_columns(law)[0]
    ordinate = next(o for o in law.ordinates if suits(o, column.split("_")[0]))
    true = TRUTH.get(name, (50.0, 0.5, 2.0, 0.8)[: len(law.parameters)])
    coordinates = [
        np.log(v) if p.coordinate == "logarithm" else v for p, v in zip(law.parameters, true, strict=True)
    ]
    if law.straight is None:
        y, _ = law_model(law, np.array(coordinates), kelvin)
    else:
        y = law.formula(kelvin, *true)[0]
    path = _written(tmp_path / "points.csv", {law.condition: at, column: value_of(ordinate, y, kelvin)})
    ran = eisfit("law", name, path, "--json")
    assert ran.code == 0, ran.err
    (fit,) = json.loads(ran.out)["fits"]
    assert [p["value"] for p in fit["parameters"]] == pytest.approx(true, rel=1e-3)


@pytest.mark.parametrize("name", sorted(FORMULAS))
def test_every_formula_is_reached_from_a_line(eisfit: Command, tmp_path: Path, name: str) -> None:
    row = ROWS[name]
    path = _written(tmp_path / "line.csv", {key: [value] for key, value in row.items()})
    (found,) = json.loads(eisfit("law", name, path, "--json").out)["rows"]
    function, scalar = FORMULAS[name]
    expected = function(**row)
    if scalar:
        assert found[scalar] == pytest.approx(float(expected))
    else:
        numbers = {k: v for k, v in found.items() if k not in ("line", "notes") and v is not None}
        assert numbers == pytest.approx({k: getattr(expected, k) for k in numbers})
        assert len(numbers) >= 2


def test_errors_are_carried_to_results(eisfit: Command, tmp_path: Path) -> None:
    row = ROWS["brick_layer"]
    path = _written(tmp_path / "line.csv", {k: [v] for k, v in {**row, "boundary_ohm_stderr": 4.0}.items()})
    (found,) = json.loads(eisfit("law", "brick layer", path, "--json").out)["rows"]
    expected = solids.standard_errors(solids.brick_layer, row, {"boundary_ohm": 4.0})["specific_s_cm"]
    assert found["specific_s_cm_stderr"] == pytest.approx(float(expected))


def test_one_bad_line_does_not_stop_the_others(eisfit: Command, tmp_path: Path) -> None:
    row = {**{k: [v, v] for k, v in ROWS["brick_layer"].items()}, "bulk_ohm": [-3.0, 100.0]}
    ran = eisfit("law", "brick_layer", _written(tmp_path / "two.csv", row), "--json")
    assert ran.code == 1
    assert [r["line"] for r in json.loads(ran.out)["rows"]] == [3]
    assert "two.csv, line 2: bulk_ohm = -3" in ran.err


@pytest.mark.parametrize("name", sorted(FORMULAS))
def test_the_missing_column_is_named(eisfit: Command, tmp_path: Path, name: str) -> None:
    *_, lacking = columns_of(name)[0]
    row = {k: [v] for k, v in ROWS[name].items() if k != lacking}
    ran = eisfit("law", name, _written(tmp_path / "line.csv", row))
    assert ran.code == 2
    assert f"no column '{lacking}'" in ran.err


def test_contributions_of_a_table_and_of_results_agree(eisfit: Command, tmp_path: Path) -> None:
    series = fit_series(simulate("llto_le_four_electrode", seed=1).spectra[::2], "le_se")
    store.save(tmp_path / "eisfit.h5", series)
    from eisfit import tables

    rows = [{**row, "temperature_err_c": 0.3} for row in tables.tables(series)["contributions"]]
    text = tables.csv_text(rows, tuple(rows[0]))
    (tmp_path / "contributions.csv").write_text(text)
    of = ("--contribution", "interface", "--ordinate", "ln(1/R)", "--json")
    found = [
        json.loads(eisfit("law", "arrhenius", tmp_path / file, *of).out)["fits"][0]
        for file in ("eisfit.h5", "contributions.csv")
    ]
    energies = [fit["parameters"][1]["value"] for fit in found]
    assert energies[0] == pytest.approx(energies[1], rel=1e-3)
    assert found[0]["contribution"] == found[1]["contribution"] == "interface"
    ran = eisfit("law", "arrhenius", tmp_path, "--contribution", "interfaces")
    assert ran.code == 2
    assert "no contribution 'interfaces'" in ran.err


def test_mistakes_have_their_cure(eisfit: Command, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("temperature_c;asr_ohm_cm2\n25;10,5\n50;5\n75;x\n")
    assert "t.csv, line 4: asr_ohm_cm2 is 'x'" in eisfit("law", "arrhenius", path).err
    assert "did you mean 'arrhenius'" in eisfit("law", "arhenius", path).err
    assert "name the file" in eisfit("law", "arrhenius").err
    path.write_text("temperature_c;R\n25;10,5\n50;5\n")
    ran = eisfit("law", "arrhenius", path)
    assert "no column of values for 'arrhenius'; name one asr_ohm_cm2 or conductivity_s_cm" in ran.err
    path.write_text("temperature_c\n")
    assert "holds no rows" in eisfit("law", "arrhenius", path).err
    assert "there is no such file" in eisfit("law", "arrhenius", tmp_path / "u.csv").err


def test_decimal_commas_are_read(eisfit: Command, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("# measured in May\ntemperature_c;asr_ohm_cm2\n25,0;10,5\n50,0;5,25\n75,0;2,9\n")
    (fit,) = json.loads(eisfit("law", "arrhenius", path, "--json").out)["fits"]
    expected = fit_law("arrhenius", np.array([25.0, 50.0, 75.0]) + 273.15, [10.5, 5.25, 2.9])
    assert fit["parameters"][1]["value"] == pytest.approx(expected["E"].value)


def test_the_list_names_all_with_their_columns(eisfit: Command) -> None:
    rows = {row["law"]: row for row in json.loads(eisfit("law", "list", "--json").out)}
    assert set(rows) == {*LAWS, *FORMULAS, LAYER, HEATING_COOLING}
    assert rows["arrhenius"]["columns"][0] == "temperature_c"
    assert "asr_stderr_ohm_cm2" in rows["arrhenius"]["optional"]


def test_laws_are_compared(eisfit: Command, tmp_path: Path) -> None:
    t = np.array([0.5, 1.0, 2.0, 8.0, 25.0, 80.0, 200.0])
    r = 50 + 300 * (1 - np.exp(-t / 50)) * (1 + 0.002 * np.cos(9 * t))
    columns = {"time_h": t, "asr_ohm_cm2": r, "asr_stderr_ohm_cm2": 0.01 * r}
    path = _written(tmp_path / "growth.csv", columns)
    others = ("--against", "linear growth", "--against", "parabolic_growth", "--against", "stretched growth")
    ran = eisfit("law", "saturating growth", path, *others, "--json")
    (ranked,) = json.loads(ran.out)["compared"]
    assert ranked["laws"][0]["law"] == "saturating growth"
    assert {row["law"] for row in ranked["laws"] if row["open"]} == {"saturating growth"}
    assert ranked["laws"][-1]["law"] == "linear growth"
    assert "by AICc" in eisfit("law", "saturating growth", path, *others).err
    assert "--against" in eisfit("law", "hsu_mansfeld", path, "--against", "arrhenius").err


def test_a_series_is_drift_corrected_on_request(eisfit: Command, tmp_path: Path) -> None:
    for sweep in growing(5, starts_h=(1.0, 2.0, 4.0)):
        write_csv(tmp_path / f"{sweep.label}.csv", sweep)
    lines = [f'circuit = "{CIRCUIT}"', 'over = "time_h"']
    for hours in (1, 2, 4):
        lines += ["[[spectrum]]", f'file = "cell_{hours}h.csv"', f"time_h = {hours}"]
    (tmp_path / "series.toml").write_text("\n".join(lines))
    ran = eisfit("series", tmp_path, "--drift-corrected", "--json", "--quiet")
    assert ran.code == 0, ran.err
    rows = json.loads(ran.out)["spectra"]
    assert all("interpolated between 3 sweeps" in row["finding"] for row in rows)
    assert "drift within sweep" not in ran.out


def test_layers_grow_by_a_table_and_by_results_alike(eisfit: Command, tmp_path: Path) -> None:
    hours, film = np.array([1.0, 8.0, 64.0, 200.0]), np.array([30.0, 90.0, 220.0, 290.0])
    columns = {
        "time_h": hours, "asr_ohm_cm2": film, "asr_stderr_ohm_cm2": 0.01 * film, "capacitance_f_cm2": 1e-4 / film,
        "capacitance_stderr_f_cm2": 2e-6 / film,
    }  # fmt: skip
    table = _written(tmp_path / "film.csv", columns)
    ran = eisfit("law", "layer_growth", table, "--permittivity", "10", "--json")
    (layer,) = json.loads(ran.out)["layers"]
    assert layer["rc_over_r"]["word"] == "constant"
    assert layer["points"][-1]["thickness_cm"] == pytest.approx(10 * 8.854e-14 / (1e-4 / 290), rel=1e-3)
    spectra = growing(1, starts_h=(1.0, 8.0, 64.0, 200.0))
    store.save(tmp_path / "eisfit.h5", fit_series(spectra, CIRCUIT, over="time_h"))
    ran = eisfit("law", "layer growth", tmp_path / "eisfit.h5", "--contribution", "Zarc_film", "--json")
    (layer,) = json.loads(ran.out)["layers"]
    assert layer["rc_over_r"]["word"] == "constant"
    assert [p["time_h"] for p in layer["points"]] == [1.0, 8.0, 64.0, 200.0]
    assert eisfit("law", "layer growth", tmp_path / "eisfit.h5", "--contribution", "Zarc_fil").code == 2
    ran = eisfit("law", "layer growth", tmp_path / "eisfit.h5", "--permittivity", "10")
    assert (ran.code, "Zarc_film: no area-specific values, so no thickness: give area_cm2" in ran.err) == (
        1,
        True,
    )


def test_options_of_layers_belong_to_them(eisfit: Command, tmp_path: Path) -> None:
    table = _written(tmp_path / "t.csv", {"time_h": [1.0, 2.0], "asr_ohm_cm2": [1.0, 2.0]})
    ran = eisfit("law", "linear growth", table, "--permittivity", "10")
    assert (ran.code, "--permittivity belongs to 'layer growth'" in ran.err) == (2, True)
    assert "no column 'asr_stderr_ohm_cm2'" in eisfit("law", "layer growth", table).err
    assert (
        "leave --ordinate and --against out" in eisfit("law", "layer growth", table, "--against", "vft").err
    )


def test_the_exchange_current_comes_with_the_temperature(eisfit: Command, tmp_path: Path) -> None:
    c = np.array([0.01, 0.1, 0.5, 1.0, 3.0])
    r = 300 + 484.0 * c**-0.56
    columns = {"concentration_mol_l": c, "asr_ohm_cm2": r, "asr_stderr_ohm_cm2": 0.01 * r}
    bare = _written(tmp_path / "bare.csv", columns)
    ran = eisfit("law", "power of concentration", bare, "--temperature-c", "25", "--json")
    found = json.loads(ran.out)["fits"][0]["exchange_current"]
    assert [row["value"] for row in found["values"]] == pytest.approx([53.08e-6, 0.44, 300], rel=1e-3)
    assert found["correlation"][0][0] == pytest.approx(1.0)
    assert (
        "give --temperature-c, or a column temperature_c" in eisfit("law", "power of concentration", bare).err
    )
    warm = _written(tmp_path / "warm.csv", {**columns, "temperature_c": np.full(5, 60.0)})
    ran = eisfit("law", "power of concentration", warm, "--json")
    assert json.loads(ran.out)["fits"][0]["exchange_current"]["temperature_c"] == 60
    assert eisfit("law", "power of concentration", warm).code == 0
    mixed = _written(tmp_path / "mixed.csv", {**columns, "temperature_c": np.arange(5) * 10.0})
    assert "between 0 and 40 °C" in eisfit("law", "power of concentration", mixed).err
    ran = eisfit("law", "minimum over concentration", bare, "--charge", "2")
    assert (ran.code, "belong to 'power of concentration'" in ran.err) == (2, True)


def test_the_carriers_are_told_by_a_line_of_a_table(eisfit: Command, tmp_path: Path) -> None:
    path = _written(tmp_path / "steps.csv", {k: [v] for k, v in ROWS["transference_number"].items()})
    (row,) = json.loads(eisfit("law", "transference_number", path, "--json").out)["rows"]
    assert (round(row["t_plus"], 3), round(row["stderr"], 3)) == (0.351, 0.010)
    large = _written(tmp_path / "large.csv", {k: [10 * v] for k, v in ROWS["transference_number"].items()})
    ran = eisfit("law", "transference_number", large)
    assert (ran.code, "no less than the step of 100 mV: check the units" in ran.err) == (1, True)
