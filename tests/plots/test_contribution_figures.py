"""What the figure of contributions says is what the table says."""

from __future__ import annotations

import numpy as np
import pytest

import eisfit
from eisfit import plots
from eisfit.errors import InputError
from eisfit.results.split import curves_of
from eisfit.workflow.manifest import read_manifest
from eisfit.workflow.read import read_spectra
from support.cells import GEOMETRY, measured
from support.paths import ROOT
from support.plots_samples import four_electrode


def fitted(name: str) -> eisfit.Fit:
    """Return the fit of the last spectrum of a sample."""
    manifest = read_manifest(ROOT / "sample_spectra" / name)
    spectra, _ = read_spectra(manifest)
    assert manifest.template is not None
    return eisfit.fit(spectra[-1], manifest.template)


def said(fit: eisfit.Fit) -> list[str]:
    """Return what the legend says of contributions; the rest explains points, sum and overlap."""
    legend = plots.contributions(fit).get_legend()
    assert legend is not None
    texts = [text.get_text() for text in legend.get_texts()]
    common = texts.index("measured")
    assert texts[common : common + 3] == ["measured", "fit (sum)", "overlap of arcs"]
    return texts[:common]


def test_what_impedance_cannot_part_is_one_arc() -> None:
    fit = fitted("llto_pe_two_electrode")
    assert [arc.name for arc in curves_of(fit)] == [
        "polymer + bulk",
        "grain boundary",
        "interface + electrode",
    ]
    last = curves_of(fit)[-1]
    assert last.resistance_ohm == pytest.approx(fit["interface + electrode"].resistance_ohm)
    assert said(fit)[-1].startswith("interface + electrode: ")


def test_joined_neighbours_are_one_arc_and_the_arcs_add_up_to_the_model() -> None:
    cell = eisfit.template("le_se", electrodes=4).with_arcs_as_resistors(("bulk",))
    values = {"R_le_b": 50.0, "Zarc_gb_R": 250.0, "Zarc_gb_tau": 250 * 1.9e-7, "Zarc_gb_alpha": 0.9}
    values |= {"Zarc_int_R": 125.0, "Zarc_int_tau": 250 * 3.25e-7, "Zarc_int_alpha": 0.9}
    fit = eisfit.fit(measured(cell, values, conditions=GEOMETRY), "le_se")
    found = curves_of(fit)
    assert [arc.name for arc in found] == ["liquid + bulk", "grain boundary + interface"]
    ends = [0.0, found[0].resistance_ohm]
    total = sum(arc.z_ohm - end for arc, end in zip(found, ends, strict=True))
    np.testing.assert_allclose(total, fit.impedance(found[0].frequency_hz))


def test_what_is_not_seen_has_its_limit_in_the_legend() -> None:
    fit = fitted("licgc_pe_no_interface")
    assert said(fit)[-1] == f"interface: < {fit['interface'].limit_ohm:.3g} Ω"
    assert not curves_of(fit)[-1].detected


def test_a_wall_and_a_total_stand_within_other_arcs() -> None:
    assert [arc.name for arc in curves_of(fitted("llzo_peo_porous"))] == ["polymer + bulk", "pore"]
    split = [arc.name for arc in curves_of(fitted("lpscl_peo_four_electrode"))]
    assert split == ["polymer + bulk", "interphase", "charge transfer"]


def test_what_has_no_resistance_says_why() -> None:
    cell = eisfit.Template.from_circuit("L0-R0-p(R1,C1)-C2")
    values = {"L0": 2e-6, "R0": 30.0, "R1": 200.0, "C1": 1e-6, "C2": 1e-3}
    fit = eisfit.fit(measured(cell, values, conditions=GEOMETRY), cell)
    assert said(fit)[0] == "R0: 30.0 Ω"
    assert {"L0: no resistance", "C2: blocking"} <= set(said(fit))


def test_a_series_is_no_fit() -> None:
    with pytest.raises(
        InputError, match=r"need a Fit, and this is a Series: give one of a series as series\[0\]"
    ):
        plots.contributions(four_electrode())  # type: ignore[arg-type]
