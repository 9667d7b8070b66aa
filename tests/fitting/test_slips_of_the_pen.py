"""Unknown keywords and named choices are told with the one that may be meant; parameters are found by name."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import eisfit
from eisfit.errors import InputError
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
