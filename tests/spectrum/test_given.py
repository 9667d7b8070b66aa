"""What is handed to a verb in place of spectra is refused with the way to what it takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit import InputError, Outcome, Spectrum
from eisfit.errors import FitError
from eisfit.spectrum.findings import AREA_NORMALISED, RESISTIVITY, Finding
from eisfit.spectrum.given import many_spectra
from support.paths import SAMPLE

F = np.logspace(5, 0, 31)
Z = 20 + 100 / (1 + 2j * np.pi * F * 1e-3)
ONE = Spectrum(F, Z, label="cell")
CIRCUIT = "R0-Zarc_1"
fit: Any = eisfit.fit  # what is handed to them here has the wrong type on purpose
fit_many: Any = eisfit.fit_many
fit_series: Any = eisfit.fit_series
check: Any = eisfit.validity.check
checked: Any = eisfit.validity.checked
fit_lmfit: Any = eisfit.lmfit_solver.fit_lmfit
profile: Any = eisfit.profile
bootstrap: Any = eisfit.bootstrap
over: Any = eisfit.Series.over
FIRST = "take [0] of it, or eisfit.fit_many for all"
MAKE = "make one of numbers: eisfit.Spectrum(frequency_hz=f, z_ohm=z)"
READ = "a path; read it first: eisfit.read('a.csv')"
JOIN = "eisfit.read gives a list for each call: join lists by +, or read all files in one call"
LIST = "one Spectrum; write [spectrum], or use eisfit.fit"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: fit([ONE, ONE], CIRCUIT), f"a list of 2 spectra, as eisfit.read gives; {FIRST}"),
        (lambda: fit((ONE,), CIRCUIT), f"a tuple of 1 spectra, as eisfit.read gives; {FIRST}"),
        (lambda: fit([], CIRCUIT), f"a list of 0 spectra, as eisfit.read gives; {FIRST}"),
        (lambda: fit("a.csv", CIRCUIT), f"{READ}[0]"),
        (lambda: fit(Z, CIRCUIT), f"a ndarray; {MAKE}"),
    ],
)
def test_what_is_not_one_spectrum_is_named_with_the_cure(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        call()
    assert str(caught.value) == f"fit takes one Spectrum, and this is {said}"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: fit_many(ONE, CIRCUIT), f"this is {LIST}"),
        (lambda: fit_many(Path("a.csv"), CIRCUIT), f"this is {READ}"),
        (lambda: fit_many([ONE, [ONE]], CIRCUIT), f"item 1 of it is a list; {JOIN}"),
        (lambda: fit_many([ONE, None], CIRCUIT), f"item 1 of it is a NoneType; {MAKE}"),
        (lambda: fit_series(3, CIRCUIT), f"this is an int; {MAKE}"),
        (lambda: fit_series(ONE, CIRCUIT), f"this is {LIST}"),
        (lambda: fit_series([ONE, "a.csv"], CIRCUIT), f"item 1 of it is {READ}[0]"),
    ],
)
def test_what_are_no_spectra_is_named_with_the_cure(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(InputError, match=r"^fit_(many|series) takes a list of spectra, and ") as caught:
        call()
    assert str(caught.value).partition("spectra, and ")[2] == said


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: check([ONE, ONE]),
            "check takes one Spectrum, and this is a list of 2 spectra, as eisfit.read gives; take [0] of it, "
            "or checked for all",
        ),
        (
            lambda: checked(ONE),
            "checked takes a list of spectra, and this is one Spectrum; write [spectrum], or use check",
        ),
        (
            lambda: fit_lmfit([ONE], CIRCUIT),
            "fit_lmfit takes one Spectrum, and this is a list of 1 spectra, as eisfit.read gives; take [0] of it, "
            "or one after the other",
        ),
        (lambda: profile([1], "R0"), "profile takes one Fit, and this is a list; take one of it, as [0]"),
        (lambda: bootstrap(3), "bootstrap takes one Fit, as eisfit.fit gives, and this is a int"),
        (
            lambda: bootstrap(ONE),
            "bootstrap takes one Fit, and this is a Spectrum; fit it first: eisfit.fit(spectrum, template)",
        ),
        (
            lambda: over("temperature_c", [ONE]),
            "Series.over takes a list of fits, and item 0 of it is a Spectrum; fit it first, as eisfit.fit_series does",
        ),
    ],
)
def test_other_verbs_say_what_they_take(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        call()
    assert str(caught.value) == sentence


def test_a_fit_is_no_list_of_fits() -> None:
    done = eisfit.fit(ONE, CIRCUIT)
    with pytest.raises(
        InputError, match=r"^Series.over takes a list of fits, and this is one Fit; write \[fit\]$"
    ):
        over("temperature_c", done)
    with pytest.raises(TypeError, match="not iterable"):
        eisfit.tables.contribution_rows(done)  # type: ignore[arg-type]


def test_a_fit_in_place_of_a_spectrum_is_named() -> None:
    done = eisfit.fit(ONE, CIRCUIT)
    with pytest.raises(InputError, match=r"item 0 of it is a Fit; its spectrum is the attribute .spectrum"):
        fit_many([done], CIRCUIT)


def test_spectra_may_come_one_after_the_other() -> None:
    assert many_spectra((s for s in (ONE, ONE)), "fit_many") == [ONE, ONE]
    assert len(fit_many(iter([ONE, ONE]), CIRCUIT)) == 2


def test_a_series_without_temperatures_says_how_to_read_it() -> None:
    spectra = eisfit.read(str(SAMPLE / "*.mpt"))
    with pytest.raises(InputError) as caught:
        eisfit.fit_series(spectra, eisfit.template("le_se", electrodes=4))
    assert "read the folder by eisfit.read_series, or state it: spectrum.under(temperature_c=...)" in str(
        caught.value
    )


@pytest.mark.parametrize(
    ("kind", "sentence", "geometry", "factor"),
    [
        (
            AREA_NORMALISED,
            "the values are in ohm cm2, and a fit takes ohm; convert them: spectrum.in_ohm(area_cm2=...)",
            {"area_cm2": 0.5},
            2.0,
        ),
        (
            RESISTIVITY,
            "the values are in ohm cm, and a fit takes ohm; "
            "convert them: spectrum.in_ohm(area_cm2=..., thickness_cm=...)",
            {"area_cm2": 0.5, "thickness_cm": 0.1},
            0.2,
        ),
    ],
)
def test_values_per_area_or_length_are_refused_until_they_are_converted(
    kind: str, sentence: str, geometry: dict[str, Any], factor: float
) -> None:
    per_area = ONE.noting(Finding(kind, "the heading says so"))
    with pytest.raises(FitError) as caught:
        eisfit.fit(per_area, CIRCUIT)
    assert str(caught.value) == f"cell: {sentence}"
    lost, kept = eisfit.fit_many([per_area, ONE], CIRCUIT)
    assert (lost.outcome, kept.outcome) == (Outcome.FAILED, Outcome.GOOD)
    assert sentence in lost.sentence
    converted = per_area.in_ohm(**geometry)
    np.testing.assert_allclose(converted.z_ohm, factor * Z)
    assert [f.kind for f in converted.findings] == ["unit"]
    assert eisfit.fit(converted, CIRCUIT)["R0"].value == pytest.approx(20 * factor, rel=1e-3)
    assert per_area.under(eisfit.Conditions(**geometry)).in_ohm() == converted
    assert converted.in_ohm() == converted


def test_values_in_ohm_cm2_without_an_area_stay_refused() -> None:
    per_area = ONE.noting(Finding(AREA_NORMALISED, "the heading says so"))
    with pytest.raises(InputError, match=r"the area is unknown.*in Python spectrum.in_ohm\(area_cm2=...\)"):
        per_area.in_ohm()


def test_single_conditions_may_be_changed() -> None:
    warm = ONE.under(temperature_c=25, area_cm2=2.0)
    assert warm.under(temperature_c=30).conditions == eisfit.Conditions(temperature_c=30, area_cm2=2.0)
    assert warm.under(eisfit.Conditions(electrodes=2)).conditions == eisfit.Conditions(electrodes=2)
    with pytest.raises(InputError, match=r"did you mean 'temperature_c'\?"):
        ONE.under(temperature=25)
