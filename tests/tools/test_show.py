"""How values show themselves in a notebook, on a terminal, in a session."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

import eisfit
from eisfit.tools.display import Presentable, Sheet
from eisfit.workflow.manifest import read_manifest
from eisfit.workflow.read import read_spectra
from support.cells import le_se_faded, le_se_values, measured
from support.paths import SAMPLE


@pytest.fixture(scope="module")
def shown() -> dict[str, Presentable]:
    spectra, _ = read_spectra(read_manifest(SAMPLE))
    series = eisfit.fit_series(spectra[:3], "le_se")
    many = eisfit.fit_many([*spectra[:2], eisfit.Spectrum([1.0], [1.0], label="short")], "le_se")
    return {
        "fits": many,
        "line": series.arrhenius("interface"),
        "unweighted": series.arrhenius("interface", weighted=False),
        "spectrum": spectra[0],
        "fit": series[0],
        "series": series,
        "template": eisfit.template("le_se", electrodes=4),
        "open template": eisfit.template("le_se"),
        "plan": eisfit.plan(series),
        "failed": eisfit.fit_many([eisfit.Spectrum([1.0], [1.0], label="short")], "R0-p(R1,CPE1)")[0],
    }


KINDS = (
    "spectrum",
    "fit",
    "series",
    "template",
    "open template",
    "failed",
    "fits",
    "line",
    "unweighted",
    "plan",
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_shows_itself_in_one_line(shown: dict[str, Presentable], kind: str) -> None:
    assert repr(shown[kind]).startswith("<")
    assert "\n" not in repr(shown[kind])
    assert len(repr(shown[kind])) < 300


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_shows_itself_in_a_notebook(shown: dict[str, Presentable], kind: str) -> None:
    text = shown[kind]._repr_html_()
    assert text.count("<table>") == text.count("</table>") >= 1
    assert "nan" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_shows_itself_on_a_terminal(shown: dict[str, Presentable], kind: str) -> None:
    out = io.StringIO()
    Console(file=out, width=200).print(shown[kind])
    assert shown[kind].headline().split(":")[0] in out.getvalue()


def test_a_report_holds_contributions_parameters_and_statistics(shown: dict[str, Presentable]) -> None:
    text = shown["fit"].report()
    for word in ("2 x interface", "Zarc_int_tau", "rms / % of |Z|", "sum only", "± "):
        assert word in text


def test_signs_of_html_are_escaped() -> None:
    assert "&lt;b&gt;" in Sheet("<b>", ("a",), (("<i>",),)).html()


def test_a_fit_of_a_circuit_names_its_parts() -> None:
    fitted = eisfit.fit(measured(le_se_faded(), le_se_values()), "R0-p(R1,CPE1)-p(R2,CPE2)")
    assert "p(R2,CPE2)" in fitted.report()


def test_fits_show_neither_arrays_nor_how_they_are_made(shown: dict[str, Presentable]) -> None:
    many = shown["fits"]
    assert repr(many).startswith("<Fits 3 spectra: R_le_b, ")
    assert repr(many).endswith("; 1 not converged>")
    assert isinstance(many, eisfit.Fits)
    assert repr(many.fits) == "<FitsOnDemand of 3 spectra>"
    assert repr(many.columns).startswith("<FitColumns 3 spectra: R_le_b, ")


def test_a_line_shows_its_energy(shown: dict[str, Presentable]) -> None:
    assert repr(shown["line"]).startswith("<Arrhenius interface: arrhenius in ln(1/R): A = ")
    assert " eV>" in repr(shown["line"])
