"""Stored results open in h5py, silx and xarray."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from eisfit import store
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from support.stored import points, series, simulated


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return store.save(tmp_path / "a.h5", series(), settings={"template": "le_se"})


def test_the_versions_and_the_time_of_writing_are_attributes_of_the_root(path: Path) -> None:
    with h5py.File(path) as file:
        root = dict(file.attrs)
    assert root["NX_class"] == "NXroot"
    assert root["eisfit_format"] == 1
    assert root["creator"].startswith("eisfit-heteroionic ")
    assert root["numpy_version"] == np.__version__
    assert {"scipy_version", "python_version", "h5py_version", "HDF5_Version"} <= root.keys()
    assert datetime.fromisoformat(root["file_time"]).utcoffset() == timedelta(0)


def test_a_spectrum_is_read_by_hand_with_h5py(path: Path) -> None:
    fit_ = next(f for f in series() if f.spectrum.source)
    with h5py.File(path) as file:
        group = file["entry/spectra/40 °C"]
        assert group["z_real_ohm"].dtype == group["z_imag_ohm"].dtype == np.float64
        np.testing.assert_array_equal(group["frequency_hz"], fit_.spectrum.frequency_hz)
        np.testing.assert_array_equal(group["z_imag_ohm"], fit_.spectrum.z_ohm.imag)
        np.testing.assert_array_equal(group["z_fit_real_ohm"], fit_.impedance().real)
        assert group["z_real_ohm"].attrs["units"] == "ohm"
        assert group["mask_reason"].asstr()[0] == "above f_max_hz = 500000"
        assert group.attrs["temperature_c"] == 40.0
        assert group.attrs["source_sha256"] == "ab" * 32
        assert file["entry/spectra/two_points"].attrs["label"] == "two/points"


def test_a_file_from_before_the_amplitude_was_kept_still_loads(tmp_path: Path) -> None:
    spectrum = points([1.0, 2.0], [1j, 2j], label="a", conditions=Conditions(bias_v=0.1))
    stored = store.save(tmp_path / "a.h5", [spectrum])
    with h5py.File(stored, "r+") as file:
        for name in ("amplitude_v", "amplitude_a"):
            del file[f"entry/tables/spectra/{name}"]
            assert name not in file["entry/spectra/a"].attrs
    assert store.load(stored) == [spectrum]


def test_parameters_are_read_by_hand_with_h5py(path: Path) -> None:
    with h5py.File(path) as file:
        group = file["entry/models/le_se"]
        names = list(group["parameter"].asstr())
        row = list(group["spectrum"].asstr()).index("60 °C")
        assert group["value"][row, names.index("Zarc_int_R")] == series()[3].values["Zarc_int_R"]
        assert group["unit"].asstr()[names.index("Zarc_int_tau")] == "s"
        np.testing.assert_array_equal(group["covariance_log"][row], series()[3].covariance_log)
        assert group["template_text"].asstr()[()] == series()[3].template.text


def test_tables_are_columns_of_equal_length(path: Path) -> None:
    with h5py.File(path) as file:
        for table in file["entry/tables"].values():
            assert len({column.shape for column in table.values()}) == 1
        columns = file["entry/tables/arrhenius"]
        energies = dict(zip(columns["contribution"].asstr(), columns["activation_energy_ev"], strict=True))
        assert columns["ordinate"].asstr()[0] == series().lines()[0][0].ordinate
    assert energies.keys() == {line.contribution for line, _ in series().lines()}


def test_axes_have_dimension_scales_everywhere_or_nowhere(path: Path) -> None:
    def check(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and not item.is_scale:
            assert all(len(dim) == 1 for dim in item.dims), name

    with h5py.File(path) as file:
        file.visititems(check)


def test_only_large_arrays_are_compressed(tmp_path: Path) -> None:
    f = np.logspace(6, -1, 2000)
    stored = store.save(tmp_path / "a.h5", [Spectrum(f, f + 1j, label="a"), simulated(25.0)])
    with h5py.File(stored) as file:
        assert file["entry/spectra/a/z_real_ohm"].compression == "gzip"
        assert file["entry/spectra/a/z_real_ohm"].shuffle
        assert file["entry/spectra/25 °C/z_real_ohm"].compression is None


def default_plot(group: Any) -> Any:
    """Return what silx draws of a group."""
    from silx.io.nxdata.parse import get_default

    return get_default(group)


def test_silx_draws_the_line_of_the_interface_first(path: Path) -> None:
    with h5py.File(path) as file:
        shown = default_plot(file)
        assert shown.is_valid
        assert shown.is_curve
        assert shown.group.name == "/entry/arrhenius/interface"
        assert shown.signal_name == "ordinate"
        assert shown.errors is not None


def test_silx_draws_every_spectrum(path: Path) -> None:
    with h5py.File(path) as file:
        for group in file["entry/spectra"].values():
            shown = default_plot(group)
            assert shown.is_valid
            assert not shown.issues
            assert shown.signal_dataset_name == "z_real_ohm"


def test_silx_draws_a_single_spectrum_by_default(tmp_path: Path) -> None:
    with h5py.File(store.save(tmp_path / "a.h5", simulated(25.0))) as file:
        assert default_plot(file).group.name == "/entry/spectra/25 °C"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_xarray_opens_every_group(path: Path) -> None:
    import xarray

    groups: list[str] = []
    with h5py.File(path) as file:
        file.visititems(lambda name, item: groups.append(name) if isinstance(item, h5py.Group) else None)
    for group in groups:
        with xarray.open_dataset(path, engine="h5netcdf", group=group) as data:
            data.load()
    with xarray.open_dataset(path, engine="h5netcdf", group="entry/spectra/40 °C") as data:
        assert dict(data.sizes) == {"frequency_hz": 36}
        assert data["mask"].dtype == bool
        assert data["time_s"].dtype == np.float64
        assert data.attrs["temperature_c"] == 40.0
    with xarray.open_dataset(path, engine="h5netcdf", group="entry/models/le_se") as data:
        chosen = data["value"].sel(spectrum="25 °C", parameter="Zarc_int_R")
        assert float(chosen) == series()[0].values["Zarc_int_R"]
        assert data["covariance_log"].dims == ("spectrum", "parameter", "with_parameter")
    with xarray.open_dataset(path, engine="h5netcdf", group="entry/tables/contributions") as data:
        frame = data.to_dataframe()
    assert list(frame[frame["contribution"] == "interface"]["spectrum"]) == ["25 °C", "40 °C", "60 °C"]


def test_importing_eisfit_store_does_not_import_h5py() -> None:
    code = "import sys, eisfit.store; sys.exit('h5py' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
