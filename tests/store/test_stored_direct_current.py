"""Answers from direct current come back from a file as they went in, and draw the same figure."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import eisfit
from eisfit import store
from eisfit.polarisation import DcAnswer, DcData, InterfaceCurve, answer, fit_interface
from eisfit.simulate import simulate_dc


@cache
def eight_electrodes() -> DcAnswer:
    return answer(simulate_dc(seed=1).data)


def test_the_whole_answer_of_eight_electrodes_comes_back(tmp_path: Path) -> None:
    found = eight_electrodes()
    assert found.fit is not None
    assert found.directions is not None
    back = store.load(store.save(tmp_path / "dc.h5", found))
    assert type(back) is DcAnswer
    assert back == found
    assert back.fit is not None
    assert back.fit.ci95 == found.fit.ci95
    assert back.fit.law.charge == found.fit.law.charge
    assert str(back.directions) == str(found.directions)
    assert back.states[0].data.layout == found.states[0].data.layout


@pytest.mark.parametrize("kind", [list, tuple])
def test_several_answers_come_back_in_order(tmp_path: Path, kind: Any) -> None:
    one = eight_electrodes()
    other = replace(one, fit=None, directions=None, unanswered=("no fit: why\0ever", "é"))
    back = store.load(store.save(tmp_path / "dc.h5", kind([one, other, one])))
    assert type(back) is kind
    assert list(back) == [one, other, one]


def test_records_over_time_without_positions_come_back(tmp_path: Path) -> None:
    time = np.arange(0.0, 400.0)
    step = np.repeat([0, 1, 2, 3], 100)
    current = np.array([-2e-6, -1e-6, 1e-6, 2e-6])[step]
    noise = 1e-6 * np.random.default_rng(2).standard_normal(400)
    data = DcData(
        "two/wires", current, 1000 * current + noise, time_s=time, step=step, area_cm2=0.5, temperature_c=25.0
    )
    found = answer(data, series_ohm=0.0, alpha=0.5, r_slei_ohm_cm2=100.0)
    assert found.states[0].data.layout is None
    assert store.load(store.save(tmp_path / "dc.h5", found)) == found


def test_a_fit_that_tells_r_p_alone_comes_back(tmp_path: Path) -> None:
    i = 1e-6 * np.array([-2.0, -1.0, 1.0, 2.0])
    curve = InterfaceCurve("ohmic", i, 784 * i, np.zeros(4), np.full(4, 1e-5), 25.0)
    fit = fit_interface(curve, charge=2)
    assert fit.r_p_stderr is not None
    found = replace(eight_electrodes(), curve=curve, fit=fit)
    back = store.load(store.save(tmp_path / "dc.h5", found))
    assert back == found
    assert back.fit.r_p_ohm_cm2 == fit.r_p_ohm_cm2


def test_the_values_stand_in_a_table_and_older_programs_refuse(tmp_path: Path) -> None:
    with h5py.File(store.save(tmp_path / "dc.h5", eight_electrodes())) as file:
        assert file.attrs["eisfit_format"] == 2
        table = file["entry/tables/direct_current"]
        assert table["quantity"].asstr()[0] == "i0_a_per_cm2"
        assert len(table["value"]) == len(table["label"]) == 7
        for group in file["entry/direct_current"].values():
            curve = group["curve"]
            assert [scale.name for scale in curve["drop_v"].dims[0].values()] == [f"{curve.name}/point"]


def test_damaged_answers_are_refused_by_one_sentence(tmp_path: Path) -> None:
    path = store.save(tmp_path / "dc.h5", eight_electrodes())
    with h5py.File(path, "r+") as file:
        (group,) = file["entry/direct_current"].values()
        del group["curve/drop_v"]
    with pytest.raises(eisfit.EisfitError, match=r"curve/drop_v is missing from the results"):
        store.load(path)
    path = store.save(path, eight_electrodes(), overwrite=True)
    with h5py.File(path, "r+") as file:
        (group,) = file["entry/direct_current"].values()
        group["states/0"].attrs["temperature_c"] = -400.0
    with pytest.raises(eisfit.EisfitError, match=r"dc\.h5"):
        store.load(path)


def test_answers_and_spectra_are_not_mixed(tmp_path: Path) -> None:
    spectrum = eisfit.Spectrum([1e3, 1e2], [10 - 2j, 11 - 5j])
    with pytest.raises(eisfit.EisfitError, match="a list of DcAnswer and others cannot be saved"):
        store.save(tmp_path / "dc.h5", [eight_electrodes(), spectrum])  # type: ignore[arg-type]
