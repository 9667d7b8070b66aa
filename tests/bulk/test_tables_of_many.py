"""Files of many spectra and of their fits: written, read, refused, drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from matplotlib.collections import QuadMesh

from eisfit import plots, store
from eisfit.bulk import fit_file, merge
from eisfit.errors import InputError, StoreError
from eisfit.results.many_fits import ManyFits
from eisfit.store.spectra_table import SpectraTable
from support.commands import Command
from support.many import CIRCUIT, FREQUENCY_HZ, VALUES, job

VALUE = [f"--value={name}={value}" for name, value in VALUES.items()]


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of results of a batch."""
    made = job(tmp_path_factory.mktemp("many"), 12, 5)
    fit_file(made, "inline")
    return merge(made)


def test_simulated_spectra_are_fitted_within_their_errors(tmp_path: Path, eisfit: Command) -> None:
    ran = eisfit("simulate", CIRCUIT, "--many", 60, *VALUE, "-o", tmp_path / "map.h5")
    assert ran.code == 0, ran.err
    given = (
        "batch",
        tmp_path / "map.h5",
        "-o",
        tmp_path / "out",
        "--circuit",
        CIRCUIT,
        "--executor",
        "inline",
    )
    ran = eisfit(*given)
    assert ran.code == 0, ran.err
    many = store.load(tmp_path / "out" / "eisfit.h5")
    with h5py.File(tmp_path / "map.h5") as file:
        off = (many.column("R1") - file["truth/R1"][()]) / many.column("R1_stderr")
    assert np.sqrt(np.mean(off**2)) == pytest.approx(1.0, abs=0.4)
    assert list(many.conditions) == ["x_mm", "y_mm"]


def test_converted_files_keep_conditions_and_values(tmp_path: Path, eisfit: Command) -> None:
    from eisfit.simulate import simulate, write_simulation

    made = simulate("llto_le_four_electrode", seed=1)
    write_simulation(made, tmp_path / "lab")
    ran = eisfit("convert", tmp_path / "lab" / "*.csv", "--many", "-o", tmp_path / "many.h5",
                  "--temperature-from-name", "llto_{temperature_c}C")  # fmt: skip
    table = SpectraTable(tmp_path / "many.h5") if ran.code == 0 else pytest.fail(ran.err)
    assert len(table) == len(made.spectra)
    assert "temperature_c" in table.conditions


def test_fits_open_in_pandas_and_xarray(fitted: Path) -> None:
    xarray = pytest.importorskip("xarray")
    many = store.load(fitted)
    frame = many.frame()
    with xarray.open_dataset(fitted, engine="h5netcdf") as opened:
        found = opened["values"].sel(parameter="R0").to_numpy()
    assert np.array_equal(found, frame["R0"].to_numpy(), equal_nan=True)
    assert frame["temperature_c"].tolist() == many.conditions["temperature_c"].tolist()


def test_a_map_is_drawn_and_other_figures_are_refused(fitted: Path, eisfit: Command, tmp_path: Path) -> None:
    ran = eisfit("plot", fitted, "map", "--column", "R1", "--format", "png", "-o", tmp_path)
    assert (ran.code, (tmp_path / "map.png").is_file()) == (0, True)
    ran = eisfit("plot", fitted, "nyquist", "-o", tmp_path)
    assert "there is the figure 'map' alone, not 'nyquist'" in ran.err
    ran = eisfit("plot", fitted, "map", "--column", "R11", "-o", tmp_path)
    assert "no column 'R11' (did you mean 'R1'?)" in ran.err


def test_a_map_shows_what_is_known(fitted: Path) -> None:
    many: ManyFits = store.load(fitted)
    figure = plots.column_map(many, "R2")
    known = np.isfinite(many.column("R2"))
    assert len(figure.axes[0].lines[0].get_xdata()) == np.count_nonzero(known) < len(many)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("column", "label"),
    [
        ("R1", "R1 / Ω"),
        ("R1_stderr", "R1 stderr / mΩ"),
        ("CPE1_Q", "CPE1 Q / µS s$^{α}$"),
        ("CPE1_alpha", "CPE1 alpha"),
        ("ARC capacitance_f", "ARC capacitance / nF"),
        ("R0 resistance_ohm", "R0 resistance / Ω"),
        ("rms_percent", "rms / %"),
        ("chi2_reduced", "chi2 reduced / 10⁻⁵"),
        ("temperature_c", "$T$ / °C"),
    ],
)
def test_a_map_carries_units(fitted: Path, column: str, label: str) -> None:
    many = store.load(fitted)
    column, label = (text.replace("ARC", many.contributions[1]) for text in (column, label))
    figure = plots.column_map(many, column)
    assert figure.axes[0].get_ylabel() == label
    figure.draw_without_rendering()
    ticks = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert len(set(ticks)) == len(ticks), "numbers of ticks that cannot be told apart"


def test_conditions_of_ones_own_carry_their_units(fitted: Path) -> None:
    many = store.load(fitted)
    x = {"x_mm": np.arange(12.0) % 4, "y_mm": np.arange(12.0) // 4}
    figure = plots.column_map(replace(many, conditions=x), "R1")
    assert [figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()] == ["x / mm", "y / mm"]
    assert figure.axes[1].get_ylabel() == "R1 / Ω"


def test_a_map_over_a_grid_has_a_cell_for_each_point_and_no_gaps(fitted: Path) -> None:
    many = store.load(fitted)
    kept = np.arange(12) != 5
    grid = {"x_mm": 0.1 * (np.arange(12) % 4), "y_mm": np.array([0.0, 1.0, 3.0])[np.arange(12) // 4]}
    shown = replace(many, conditions=grid, missed=~kept)
    (mesh,) = (
        drawn for drawn in plots.column_map(shown, "R1").axes[0].collections if isinstance(drawn, QuadMesh)
    )
    corners = np.asarray(mesh.get_coordinates(), float)
    assert corners[0, :, 0] == pytest.approx([-0.05, 0.05, 0.15, 0.25, 0.35])
    assert corners[:, 0, 1] == pytest.approx([-0.5, 0.5, 2.0, 4.0])
    found = np.ma.filled(np.ma.masked_array(mesh.get_array(), dtype=float), np.nan).ravel()
    assert np.array_equal(found, np.where(kept, many.column("R1"), np.nan), equal_nan=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"z_real_ohm": None}, "the dataset 'z_real_ohm' is missing"),
        ({"z_real_ohm": np.zeros((3, 4))}, "must be (points,), (N, points) and (N, points)"),
        ({"z_real_ohm": np.zeros((0, 31)), "z_imag_ohm": np.zeros((0, 31))}, "it holds no spectrum"),
        ({"frequency_hz": -FREQUENCY_HZ}, "frequency_hz[0] is -100000"),
        ({"comment": np.zeros(7)}, "the dataset 'comment' has the shape (7,) of float64"),
        ({"electrodes": np.zeros(3)}, "condition 'electrodes' is no column of numbers"),
    ],
    ids=str,
)
def test_files_that_are_no_tables_are_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    content: dict[str, Any] = {"frequency_hz": FREQUENCY_HZ}
    content |= {"z_real_ohm": np.ones((3, 31)), "z_imag_ohm": np.ones((3, 31))} | change
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name, values in content.items():
            if values is not None:
                file[name] = values
    with pytest.raises(InputError, match=re.escape(said)):
        SpectraTable(tmp_path / "a.h5")


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "text.h5").write_text("no HDF5")
    for name, said in (
        ("text.h5", "it is no HDF5 file"),
        ("no.h5", "there is no such file"),
        (".", "is a folder"),
    ):
        with pytest.raises(StoreError, match=said):
            SpectraTable(tmp_path / name)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((CIRCUIT, "--many", 0, *VALUE), "--many 0: it must be at least 1"),
        ((CIRCUIT, "--many", 5, *VALUE[1:]), "R0: give a value of each parameter, as --value R0=100"),
        ((CIRCUIT, "--many", 5, *VALUE, "--value=R9=1"), "--value R9: no such parameter"),
        ((CIRCUIT, *VALUE), "--value belongs to --many N"),
        ((CIRCUIT, "--many", 5, *VALUE, "--spread", -1), "spread is -1: it must be finite and not below 0"),
    ],
    ids=str,
)
def test_what_cannot_be_simulated_is_told(
    tmp_path: Path,
    eisfit: Command,
    given: tuple[object, ...],
    said: str,
) -> None:
    ran = eisfit("simulate", *given, "-o", tmp_path / "a.h5")
    assert (ran.code, list(tmp_path.iterdir())) == (2, [])
    assert said in ran.err
