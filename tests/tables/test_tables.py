"""Tables: numbers as programs and as people read them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import eisfit
from eisfit import tables as report
from eisfit.spectrum.findings import Checked, Finding
from eisfit.tables.remarks import remarks
from eisfit.tools.rounding import with_error
from support.cells import le_se_faded, le_se_values, measured


@pytest.mark.parametrize(
    ("value", "error", "unit", "text"),
    [
        (0.52359, 0.00497, "eV", "0.5236 ± 0.0050 eV"),
        (8004.65, 10.4, "", "8005 ± 10"),
        (1.0591e-4, 2.77e-7, "S/cm", "(1.0591 ± 0.0028)e-4 S/cm"),
        (2.5e9, 3e7, "Ω", "(2.500 ± 0.030)e9 Ω"),
        (12.0, math.nan, "", "12"),
        (math.nan, 1.0, "Ω", ""),
        (5.0, 40.0, "", "5 ± 40"),
        (998571.0, 110257.0, "Ω", "(10.0 ± 1.1)e5 Ω"),
        (999.96, 0.1, "", "999.96 ± 0.10"),
        (0.59613, 0.02542, "eV", "0.596 ± 0.025 eV"),
        (0.88974, 0.00355, "eV", "0.8897 ± 0.0036 eV"),
        (0.5, 0.0096, "eV", "0.5000 ± 0.0096 eV"),
        (0.52, math.nan, "eV", "0.52 eV"),
        (12.3, 4.0, "eV", "12.3 ± 4.0 eV"),
    ],
)
def test_a_value_is_written_with_two_digits_of_its_error(
    value: float, error: float, unit: str, text: str
) -> None:
    assert with_error(value, error, unit) == text


@given(st.floats(1e-300, 1e300), st.floats(1e-300, 1e300))
def test_any_value_can_be_written(value: float, error: float) -> None:
    assert with_error(value, error)


def test_numbers_in_csv_keep_all_their_digits() -> None:
    text = report.csv_text([{"spectrum": "a, b", "value": 0.1 + 0.2, "stderr": math.nan}], report.PARAMETERS)
    assert text.splitlines()[1] == '"a, b",,,0.30000000000000004,,,,,,'


def test_rows_make_a_frame_with_the_fixed_columns() -> None:
    fits = eisfit.fit_many([measured(le_se_faded(), le_se_values())], "le_se").fits
    frame = report.as_frame(report.contribution_rows(fits), report.CONTRIBUTIONS)
    assert list(frame.columns) == list(report.CONTRIBUTIONS)
    assert frame.loc[frame.contribution == "interface", "resistance_ohm"].item() == pytest.approx(
        1000, rel=0.02
    )


def test_findings_of_checks_are_gathered_by_kind() -> None:
    fits = eisfit.fit_many(
        [measured(le_se_faded(), le_se_values(), label=f"cell {k}") for k in range(7)], "le_se"
    )
    drift, outlier = (Finding(kind, f"{kind} it is") for kind in ("drift", "outlier"))
    shown = [
        replace(f, spectrum=replace(f.spectrum, checked=Checked(1.0, (drift,) if k else ())))
        for k, f in enumerate(fits)
    ]
    shown[6] = replace(fits[6], spectrum=replace(fits[6].spectrum, checked=Checked(1.0, (outlier,))))
    assert remarks(shown)[-2:] == [
        "cell 1, cell 2, cell 3, cell 4 and 1 more: drift: 5 spectra; cell 1: drift it is",
        "cell 6: outlier: outlier it is",
    ]
    many = [replace(shown[1], spectrum=replace(shown[1].spectrum, label=f"cell {k}")) for k in range(9)]
    assert remarks(many)[-1] == "9 spectra, as cell 0: drift: drift it is"
