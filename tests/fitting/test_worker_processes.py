"""Many spectra in worker processes: the numbers of this process, whatever happens to a worker."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit.engine.backends.cpu import at_most, available_cores
from eisfit.errors import InputError
from eisfit.fitting import worker_main, worker_processes
from eisfit.fitting.batch import fitted_block
from eisfit.fitting.worker_processes import Hand
from eisfit.options import FitOptions
from eisfit.results.fits import Fits
from eisfit.results.outcome import Outcome
from eisfit.spectrum.columns import SpectraColumns
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools import child_processes
from eisfit.tools.frozen import Complexes
from support.many import CIRCUIT, FREQUENCY_HZ, START, columns, impedances


def fitted(z: Complexes, **more: Any) -> Fits:
    return eisfit.fit_many(frequency_hz=FREQUENCY_HZ, z_ohm=z, circuit=CIRCUIT, start=dict(START), **more)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_worker_that_is_killed_is_replaced_and_numbers_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    z = impedances(20)  # of one block, and thus of one worker
    z[15] = np.nan
    children, killed = list[Any](), list[int]()

    def start_and_note(*given: Any) -> Any:
        children.append(child_processes.started(*given))
        return children[-1]

    def put_and_kill(pipe: Any, value: Any) -> None:
        worker_main.put(pipe, value)
        if isinstance(value, SpectraColumns) and not killed:
            killed.append(children[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(worker_processes, "started", start_and_note)
    monkeypatch.setattr(worker_processes, "put", put_and_kill)
    found, own = fitted(z, workers=2), fitted(z)
    assert len(children) == 2
    assert all(process.poll() is not None for process in children)
    assert found.columns == own.columns
    assert found[15].outcome is Outcome.FAILED
    assert found[3] == own[3]


@pytest.mark.slow
def test_two_workers_and_spectra_of_grids_of_their_own() -> None:
    spectra = [s if k % 3 else s.cut(f_min_hz=1.0) for k, s in enumerate(columns(70))]
    own = eisfit.fit_many(spectra, CIRCUIT, start=dict(START))
    assert eisfit.fit_many(spectra, CIRCUIT, start=dict(START), workers=2).columns == own.columns


class Dying(Hand):
    """A hand whose worker dies of one row."""

    def asked(self, spectra: Sequence[Spectrum]) -> Any:
        assert isinstance(spectra, SpectraColumns)
        if 17 in spectra.row:
            raise EOFError("signal 9")
        return fitted_block(*self.begin[:1], spectra, self.begin[1])


def test_the_spectrum_that_ends_its_worker_is_found_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_processes, "Hand", Dying)
    z = impedances(40)
    found, own = fitted(z, workers=2), fitted(z)
    assert found[17].outcome is Outcome.FAILED
    assert found[17].remarks == ("row 17: its worker process ended (signal 9), 3 times",)
    rest = np.arange(40) != 17
    assert np.array_equal(found.columns.values[rest], own.columns.values[rest], equal_nan=True)


def test_processes_that_do_not_begin_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_processes, "_COMMAND", "import sys; sys.exit(7)")
    with pytest.raises(
        InputError, match=r"3 worker processes in a row ended before they began \(exit code 7\)"
    ):
        fitted(impedances(3), workers=2)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"workers": 0}, "workers is 0: give the number of processes, at least 1, or 'all'"),
        ({"workers": "two"}, "workers is 'two': give the number of processes"),
        ({"workers": True}, "workers is True"),
        ({"threads": 0}, "threads is 0: give a number of threads, at least 1"),
        ({"threads": 1.5}, "threads is 1.5"),
    ],
    ids=str,
)
def test_numbers_that_are_none_are_told(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        fitted(impedances(2), **given)


@pytest.mark.parametrize("said", ["two", "0", "-1", "1.5", "²"])
def test_a_variable_that_is_no_number_of_threads_is_told(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("EISFIT_THREADS", said)
    with pytest.raises(
        InputError, match=f"the variable EISFIT_THREADS is '{said}': it must be the number of threads"
    ):
        fitted(impedances(2))


def test_threads_that_are_asked_for_count_before_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EISFIT_THREADS", " 3 ")
    assert available_cores() == 3
    with at_most(2):
        assert available_cores() == 2
        with at_most(None):
            assert available_cores() == 2
    assert available_cores() == 3


def test_options_and_columns_can_be_pickled() -> None:
    options, spectra = FitOptions(start=dict(START), loss="cauchy", seed=3), columns(3)
    assert pickle.loads(pickle.dumps(options)) == options
    other = pickle.loads(pickle.dumps(spectra[1:]))
    assert np.array_equal(other.z_ohm, spectra.z_ohm[1:])
    assert other.row.tolist() == [1, 2]
    assert other.conditions_of(1) == spectra.conditions_of(2)
