"""The fit of a spectrum is the same to the last bit, whoever it is fitted with, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit.cell.find import template
from eisfit.engine.levenberg_marquardt import solved_rows
from eisfit.fitting.batch import many_fits
from eisfit.fitting.neighbours import NOTHING, FirstFound, first_found, places_to_search
from eisfit.fitting.task import Task
from eisfit.options import FitOptions
from eisfit.reporting import many_rows
from eisfit.results.many_fits import PER_CONTRIBUTION, ManyFits
from eisfit.spectrum.columns import SpectraColumns
from eisfit.uncertainty import covariance
from support.many import CIRCUIT, FREQUENCY_HZ, START, TEMPLATE, columns, impedances

COUNT = 60
STARTED = Task(TEMPLATE, FitOptions(start=dict(START)))
SEARCHED = Task(TEMPLATE, FitOptions())


def first_of(task: Task, spectra: SpectraColumns) -> FirstFound:
    return first_found(task, spectra.rows(np.array(places_to_search(len(spectra)))))


def fitted(task: Task, spectra: SpectraColumns, places: Sequence[int], first: FirstFound) -> ManyFits:
    return many_fits(task, spectra.rows(np.array(places)), first)


def rows_of(fits: ManyFits) -> dict[int, list[Any]]:
    """Return the bytes of all numbers of each row."""
    names = ("values", "stderrs", "chi2_reduced", "rms_percent", "outcome", "missed", *PER_CONTRIBUTION)
    return {
        int(row): [np.ascontiguousarray(getattr(fits, name)[k]).tobytes() for name in names]
        for k, row in enumerate(fits.row)
    }


@pytest.mark.parametrize("task", [STARTED, SEARCHED], ids=["start", "no start"])
def test_a_row_does_not_depend_on_the_rows_beside_it(task: Task) -> None:
    spectra = columns(COUNT)
    first = first_of(task, spectra)
    whole = rows_of(fitted(task, spectra, range(COUNT), first))
    order = np.random.default_rng(0).permutation(COUNT).tolist()
    for size in (1, 7, 29):
        chunks = [order[k : k + size] for k in range(0, 28 if size == 1 else COUNT, size)]
        for chunk in chunks:
            for row, numbers in rows_of(fitted(task, spectra, sorted(chunk), first)).items():
                assert numbers == whole[row], f"row {row} in a chunk of {size}"


def test_a_row_does_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    spectra = SpectraColumns(FREQUENCY_HZ, np.tile(impedances(40, weak=False), (150, 1)))
    found = []
    for threads in ("1", "2", "3"):
        monkeypatch.setenv("EISFIT_THREADS", threads)
        found.append(many_fits(STARTED, spectra, NOTHING))
    assert found[0] == found[1] == found[2]


def test_a_row_does_not_depend_on_how_many_are_judged_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    spectra = columns(COUNT)
    whole = many_fits(STARTED, spectra, NOTHING)
    monkeypatch.setattr(many_rows, "AT_ONCE", 7)
    monkeypatch.setattr(covariance, "AT_ONCE", 7)
    assert many_fits(STARTED, spectra, NOTHING) == whole


@pytest.mark.parametrize(
    "hostile",
    [np.nan, np.inf, 1e300, 1e-300, 1e55, 1e-55, -1.0, 1.0 + 0j, 0.0],
    ids=str,
)
def test_a_hostile_row_changes_no_other_row(hostile: complex) -> None:
    z = impedances(12)
    other = z.copy()
    other[5] = hostile
    before = rows_of(many_fits(STARTED, SpectraColumns(FREQUENCY_HZ, z), NOTHING))
    after = rows_of(many_fits(STARTED, SpectraColumns(FREQUENCY_HZ, other), NOTHING))
    assert {k: v for k, v in after.items() if k != 5} == {k: v for k, v in before.items() if k != 5}
    assert after[5] != before[5]


@pytest.mark.parametrize("ohm", [1.0, 1e12, 1e-12])
def test_a_constant_spectrum_is_reported_without_a_warning(ohm: float) -> None:
    """Of 1e12 ohm the time constant of an arc is so long that its top lies at 0 Hz."""
    z = np.full((1, FREQUENCY_HZ.size), ohm + 0j)
    found = eisfit.fit_many(frequency_hz=FREQUENCY_HZ, z_ohm=z, circuit=CIRCUIT, start=dict(START))[0]
    assert found.values.keys() == dict(START).keys()


def test_singular_equations_leave_the_others_solved() -> None:
    rng = np.random.default_rng(0)
    a, right = rng.normal(size=(9, 4, 4)), rng.normal(size=(9, 4))
    alone = [solved_rows(a[k : k + 1], right[k : k + 1])[0] for k in range(9)]
    a[3] = 0.0
    found = solved_rows(a, right)
    assert np.array_equal(found[3], right[3])
    assert all(np.array_equal(found[k], alone[k]) for k in range(9) if k != 3)


def test_rows_of_a_template_stand_alone_too() -> None:
    cell = template("le_se", electrodes=4)
    names = cell.circuit.names
    values = dict.fromkeys(names, 100.0) | {n: 0.9 for n in names if n.endswith("alpha")}
    values |= {n: 10.0 ** -(3 + k) for k, n in enumerate(n for n in names if n.endswith("tau"))}
    task = Task(cell, FitOptions(start=values))
    z = cell.circuit.impedance(FREQUENCY_HZ, values) * np.linspace(1, 2, 9)[:, None]
    noise = np.random.default_rng(1).normal(size=(2, *z.shape))
    spectra = SpectraColumns(FREQUENCY_HZ, z * (1 + 0.003 * (noise[0] + 1j * noise[1])))
    whole = rows_of(many_fits(task, spectra, NOTHING))
    assert all(rows_of(many_fits(task, spectra[k : k + 1], NOTHING))[k] == whole[k] for k in range(9))


@pytest.mark.parametrize(
    "settings", [{}, {"CPE1_alpha": 0.9}, {"CPE2_alpha": "CPE1_alpha"}], ids=["free", "fixed", "tied"]
)
def test_a_search_does_not_depend_on_the_spectra_beside_it(settings: dict[str, float | str]) -> None:
    task = Task(TEMPLATE.setting(settings), FitOptions())
    spectra = columns(6)
    whole = rows_of(many_fits(task, spectra, NOTHING))
    for k in range(6):
        assert rows_of(many_fits(task, spectra[k : k + 1], NOTHING))[k] == whole[k]
