"""Unknown keywords and named choices are told with the one that may be meant; parameters are found by name."""

from __future__ import annotations

import inspect
import pickle
import re
from collections.abc import Callable
from typing import Any

import pytest

import eisfit
from eisfit.errors import EisfitError, InputError
from support.plots_samples import four_electrode

FIGURES = [{"literature": "literature_comparison"}.get(kind, kind) for kind in eisfit.plots.KINDS]
VERBS: dict[str, Callable[..., Any]] = {
    "fit": eisfit.fit,
    "fit_many": eisfit.fit_many,
    "fit_series": eisfit.fit_series,
    "fit_joint": eisfit.fit_joint,
    "read": eisfit.read,
    "read_series": eisfit.read_series,
    "template": eisfit.template,
    "profile": eisfit.profile,
    "bootstrap": eisfit.bootstrap,
    "store.save": eisfit.store.save,
    "store.load": eisfit.store.load,
    "simulate": eisfit.simulate.simulate,
    "check": eisfit.validity.check,
    **{f"plots.{name}": getattr(eisfit.plots, name) for name in FIGURES},
    "plots.save": eisfit.plots.save,
}


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_keyword_is_told_with_the_one_meant(verb: str) -> None:
    known = list(inspect.signature(VERBS[verb]).parameters)
    meant = known[-1]
    slip = meant[:-2] + meant[:-3:-1] if len(meant) > 3 and meant[-1] != meant[-2] else f"{meant}s"
    with pytest.raises(
        InputError, match=rf"{verb.split('.')[-1]}\(\) takes no '{slip}'.*it takes .*{meant}"
    ) as caught:
        VERBS[verb](**{slip: None})
    assert f"did you mean '{meant}'" in str(caught.value)


def test_named_choices_are_proposed() -> None:
    fit = four_electrode()[0]
    for call, meant in (
        (lambda: eisfit.fit(fit.spectrum, fit.template, weights="unti"), "unit"),
        (lambda: eisfit.fit(fit.spectrum, fit.template, loss="chauchy"), "cauchy"),
        (lambda: eisfit.plots.figure("nyquits", fit), "nyquist"),
        (lambda: eisfit.plots.figure("nyquist", fit, style="papr"), "paper"),  # type: ignore[arg-type]
        (lambda: eisfit.plots.page(fit, paper="a44"), "a4"),  # type: ignore[arg-type]
        (lambda: eisfit.plots.figure("arrhenius", four_electrode(), energy_unit="kj/mol"), "kJ/mol"),
        (lambda: eisfit.bootstrap(fit, kind="parametrik"), "parametric"),  # type: ignore[arg-type]
        (lambda: eisfit.read("x.csv", channel="we_ce"), "we-ce"),  # type: ignore[arg-type]
    ):
        with pytest.raises(InputError, match=f"did you mean '{meant}'"):
            call()


def test_parameters_and_contributions_are_found_by_name() -> None:
    fit = four_electrode()[0]
    name = fit.parameters[1].name
    assert fit.parameters[name] is fit.parameters[1]  # type: ignore[call-overload]
    assert fit.contributions["interface"] is fit["interface"]  # type: ignore[call-overload]
    assert type(fit.parameters[:2]) is tuple
    again = pickle.loads(pickle.dumps(fit))
    assert again.parameters[name].value == fit.parameters[1].value
    with pytest.raises(KeyError, match=r"no parameter 'Zarc_intR' .*did you mean 'Zarc_int_R'"):
        fit.parameters["Zarc_intR"]  # type: ignore[call-overload]


def test_a_setting_is_at_the_top() -> None:
    template = eisfit.template("le_se", electrodes=4).setting({"R_le": eisfit.Setting(fixed=20.0)})
    assert template.settings["R_le"].fixed == 20.0


SPECTRUM = eisfit.Spectrum([1e3, 1e2], [10 - 2j, 11 - 5j])
MISTAKES: dict[str, tuple[Callable[[], Any], str]] = {
    "impedance before frequency": (
        lambda: eisfit.Spectrum([10 - 2j, 11 - 5j], [1e3, 1e2]),
        "frequency_hz holds complex numbers; the frequencies come first, then the impedance",
    ),
    "result before its file": (
        lambda: eisfit.store.save(SPECTRUM, "cell.h5"),  # type: ignore[arg-type]
        "save() takes the path of a file, and this is of the kind Spectrum; the file comes first, then the result",
    ),
    "a result loaded": (lambda: eisfit.store.load(SPECTRUM), "this is of the kind Spectrum; write load("),  # type: ignore[arg-type]
    "path before figure": (
        lambda: eisfit.plots.save("cell", SPECTRUM),  # type: ignore[arg-type]
        "save() takes the path of a file, and this is of the kind Spectrum; the figure comes first, then the path",
    ),
    "a result saved as a figure": (
        lambda: eisfit.plots.save(SPECTRUM, "cell"),  # type: ignore[arg-type]
        "Spectrum is no figure; draw it first, as plots.nyquist(...)",
    ),
    "result before kind": (
        lambda: eisfit.plots.figure(SPECTRUM, "nyquist"),  # type: ignore[arg-type]
        "the kind of figure comes first, then the result: figure('nyquist', Spectrum)",
    ),
    "nothing to draw": (lambda: eisfit.plots.nyquist(None), "cannot draw NoneType: give a Spectrum, a Fit"),  # type: ignore[arg-type]
    "a number for a file": (lambda: eisfit.read(3), "and this is of the kind int"),  # type: ignore[arg-type]
    "no file": (lambda: eisfit.read(None), "and this is of the kind NoneType"),  # type: ignore[arg-type]
    "circuit made by its class": (lambda: eisfit.Circuit("R0"), "read by Circuit.from_text('R0')"),
    "a number for a circuit": (
        lambda: eisfit.Circuit.from_text(3),  # type: ignore[arg-type]
        "a circuit is a text, such as 'R0-p(R1,CPE1)', and this is of the kind int",
    ),
    "one frequency alone": (
        lambda: eisfit.Circuit.from_text("R0").impedance(1.0, [1.0]),
        "frequency_hz is one number: write a list, as [1]",
    ),
    "settings as keywords": (
        lambda: eisfit.template("le_se").setting(Zarc_int_alpha=0.9),  # type: ignore[call-arg]
        "setting() takes no 'Zarc_int_alpha'; it takes settings",
    ),
    "a setting without its name": (
        lambda: eisfit.template("le_se").setting(0.9),  # type: ignore[arg-type]
        'settings are given by name, as {"R1": 100.0}, and this is of the kind float',
    ),
    "cut without units": (
        lambda: SPECTRUM.cut(f_min=1.0),  # type: ignore[call-arg]
        "cut() takes no 'f_min' (did you mean 'f_min_hz'?)",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_what_is_given_in_a_wrong_place_is_told_with_its_place(name: str) -> None:
    mistake, said = MISTAKES[name]
    with pytest.raises(EisfitError, match=re.escape(said)) as caught:
        mistake()
    assert "\n" not in str(caught.value)


def test_a_name_that_is_not_there_is_told_with_the_one_meant() -> None:
    with pytest.raises(AttributeError, match=r"has no attribute 'fit_serie' .did you mean 'fit_series'"):
        _ = eisfit.fit_serie
    assert not hasattr(eisfit, "__wrapped__")
