"""Steady states: means with errors, the test of drift, and slow sweeps."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit import InputError
from eisfit.polarisation import DcData, less_rest, steady_states
from support.dc_cells import AREA_CM2, LAW


def record(current: np.ndarray, potential: np.ndarray, **more: object) -> DcData:
    return DcData("x", current, potential, time_s=np.arange(current.size) * 1.0, **more)  # type: ignore[arg-type]


def test_means_have_their_errors_in_white_and_in_correlated_noise() -> None:
    for memory in (0.0, 0.7):
        pulls, alarms = [], 0
        for seed in range(300):
            rng = np.random.default_rng(seed)
            noise = rng.standard_normal(500)
            for k in range(1, 500):
                noise[k] += memory * noise[k - 1]
            found = steady_states(record(1e-4 + 1e-6 * noise, np.full(500, 0.1)))
            assert found.data.current_stderr_a is not None
            pulls.append((found.data.current_a[0] - 1e-4) / found.data.current_stderr_a[0])
            alarms += int(found.p_value[0] < 0.01)
        assert 0.8 < np.std(pulls) < 1.25, (memory, np.std(pulls))
        assert alarms <= 15, (memory, alarms)


def test_a_drift_is_found_and_said() -> None:
    rng = np.random.default_rng(1)
    time = np.arange(500.0)
    moving = steady_states(
        record(1e-4 * (1 + 1e-3 * time) + 1e-7 * rng.standard_normal(500), np.full(500, 0.1))
    )
    assert not moving.steady[0]
    assert moving.p_value[0] < 1e-6
    assert moving.drift_percent[0] == pytest.approx(100 * 0.099 / 1.45, rel=0.05)
    assert str(moving.data.findings[0]) == "step 1 still drifts: hold longer"
    assert moving.data.current_stderr_a is not None
    assert abs(moving.data.current_a[0] - 1.499e-4) < 1.1 * moving.data.current_stderr_a[0]


def test_steps_are_told_apart_by_what_is_held() -> None:
    held = np.repeat([0.1, -0.1, 0.2], 60)
    rng = np.random.default_rng(2)
    decay = np.tile(1 + np.exp(-np.arange(60) / 5), 3)
    by_potential = steady_states(record(1e-3 * held * decay + 1e-8 * rng.standard_normal(180), held))
    assert by_potential.data.current_a == pytest.approx([1e-4, -1e-4, 2e-4], rel=1e-3)
    by_current = steady_states(record(1e-3 * held, held * decay + 1e-5 * rng.standard_normal(180)))
    assert by_current.data.potential_v.ravel() == pytest.approx([0.1, -0.1, 0.2], rel=1e-3)
    assert by_current.data.current_stderr_a == pytest.approx([0, 0, 0])
    numbered = steady_states(record(1e-3 * held, held, step=np.repeat([0, 1], 90)), window=0.3)
    assert len(numbered.data) == 2


def test_too_few_points_are_said() -> None:
    with pytest.raises(
        InputError, match="step 1 has 4 points in its last 20 %: 8 are needed; record more often"
    ):
        steady_states(record(np.full(20, 1e-4), np.linspace(0.1, 0.2, 20) ** 0 * 0.1))
    with pytest.raises(InputError, match="window is 2"):
        steady_states(record(np.full(20, 1e-4), np.full(20, 0.1)), window=2.0)


def sweep(capacitance: float, ways: int = 2) -> DcData:
    grid = 1e-6 * np.linspace(-900, 900, 4001)
    one = np.linspace(-0.2, 0.2, 401)
    way = np.concatenate([one, one[::-1]])[: 401 * ways]
    direction = np.repeat([1.0, -1.0], 401)[: 401 * ways]
    current = AREA_CM2 * np.interp(way, LAW.drop_v(grid), grid) + capacitance * 1e-3 * direction
    noise = 1e-8 * np.random.default_rng(3).standard_normal(way.size)
    return record(current + noise, way)


def test_a_slow_sweep_to_and_fro_leaves_the_charging_current_out() -> None:
    found = steady_states(sweep(1e-2)).data
    grid = 1e-6 * np.linspace(-900, 900, 4001)
    expected = AREA_CM2 * np.interp(found.potential_v.ravel(), LAW.drop_v(grid), grid)
    assert found.current_a == pytest.approx(expected, abs=5e-8)
    assert "half their difference is" in str(found.findings[0])


def test_a_sweep_that_starts_in_the_middle_gives_both_signs() -> None:
    grid = 1e-6 * np.linspace(-900, 900, 4001)
    half = np.linspace(0, 0.2, 201)
    cycle = np.concatenate([half, half[::-1], -half, -half[::-1]])
    for way in (cycle, np.tile(cycle, 2)):
        way = np.delete(way, np.flatnonzero(np.diff(way) == 0))
        current = AREA_CM2 * np.interp(way, LAW.drop_v(grid), grid) + 1e-5 * np.sign(np.gradient(way))
        found = steady_states(record(current, way)).data
        assert found.potential_v.min() < -0.18
        assert found.potential_v.max() > 0.18
        expected = AREA_CM2 * np.interp(found.potential_v.ravel(), LAW.drop_v(grid), grid)
        assert found.current_a == pytest.approx(expected, abs=2e-6)


def test_small_steps_beside_large_ones_are_kept_apart() -> None:
    held = np.repeat([-0.2, -0.002, -0.001, 0.001, 0.002, 0.2], 60)
    rng = np.random.default_rng(4)
    found = steady_states(record(1e-3 * held, held + 1e-5 * rng.standard_normal(held.size)))
    assert len(found.data) == 6
    noisy = steady_states(record(1e-3 * held + 1e-8 * rng.standard_normal(held.size), held))
    assert noisy.data.potential_v.ravel() == pytest.approx([-0.2, -0.002, -0.001, 0.001, 0.002, 0.2])


def test_steps_of_current_on_a_cell_with_a_voltage_are_found_by_the_current() -> None:
    held = np.repeat([1e-5, -1e-5, 2e-5], 60)
    rng = np.random.default_rng(5)
    decay = np.tile(1 - 0.3 * np.exp(-np.arange(60) / 5), 3)
    current = held * (1 + 1e-3 * rng.standard_normal(180))
    found = steady_states(record(current, 3.4 + 500 * held * decay + 1e-5 * rng.standard_normal(180)))
    assert found.data.current_a == pytest.approx([1e-5, -1e-5, 2e-5], rel=2e-3)


def test_potentials_at_rest_are_subtracted_with_their_error() -> None:
    current = np.array([0.0, 1e-4, -1e-4])
    data = DcData("x", current, np.array([3e-3, 0.103, -0.097]), potential_stderr_v=np.full(3, 1e-4))
    found = less_rest(data)
    assert found.potential_v.ravel() == pytest.approx([0.1, -0.1])
    assert found.potential_stderr_v == pytest.approx(np.full((2, 1), 2**0.5 * 1e-4))
    assert str(found.findings[0]) == "potentials at rest, up to 3 mV, were subtracted"
    with pytest.raises(InputError, match=r"no point has no current.* record the cell at rest too"):
        less_rest(found)


def test_a_sweep_one_way_is_refused() -> None:
    with pytest.raises(InputError, match=r"swept one way only.*sweep back too"):
        steady_states(sweep(1e-2, ways=1))


def test_points_without_time_are_steady_already() -> None:
    data = DcData("x", np.array([1e-4]), np.array([0.1]))
    assert steady_states(data).data is data
