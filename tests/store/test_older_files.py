"""Results written by 0.1.0 load with what newer files hold besides."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

import eisfit
from eisfit import store, template
from eisfit.errors import FitError
from eisfit.fitting import redo
from eisfit.options import FitOptions
from eisfit.store.older_files import origin_and_cause, states
from support.stored import series

DATA = Path(__file__).parent / "data"  # files that 0.1.0 wrote, with the numbers that it printed


def test_a_file_of_0_1_0_still_loads(tmp_path: Path) -> None:
    path = store.save(tmp_path / "a.h5", series())
    with h5py.File(path, "r+") as file:
        for name in ("segments", "kind", "cause", "doubts", "misfit_percent"):
            del file[f"entry/tables/contributions/{name}"]
        for model in file["entry/models"].values():
            if "state" in model:
                del model["state"]
    assert store.load(path) == series()


def test_a_series_that_0_1_0_wrote_loads_with_its_numbers() -> None:
    loaded = store.load(DATA / "series_0_1_0.h5")
    assert isinstance(loaded, eisfit.Series)
    assert [f.label for f in loaded] == ["25 C", "60 C"]
    assert loaded[0].values == {
        "R_le_b": 99.96722260494865,
        "Zarc_gb_R": 322.7732474638661,
        "Zarc_gb_tau": 2.5634963333091965e-06,
        "Zarc_gb_alpha": 0.9460796776650465,
        "Zarc_int_R": 639.2115577592068,
        "Zarc_int_tau": 0.0004982723324817216,
        "Zarc_int_alpha": 0.8985310650338484,
    }
    rows = [(c.name, c.resistance_ohm, c.resistance_stderr_ohm, c.resolved) for c in loaded[1].contributions]
    assert rows == [
        ("liquid + bulk", 24.680868641042707, 0.30086133656516933, "sum only"),
        ("grain boundary", 77.36068689219903, 0.6451502949687461, "yes"),
        ("interface", 313.8182065414913, 0.8339782319761424, "yes"),
    ]
    assert {p.state for f in loaded for p in f.parameters} == {"free"}
    assert loaded.arrhenius("interface").activation_energy_ev == pytest.approx(0.3434966393572403, rel=1e-9)
    for fit in loaded:
        assert fit.options == FitOptions()
        again = redo(fit)
        assert again.values == pytest.approx(fit.values, rel=1e-6)
        words = [
            [(c.name, c.segments, c.kind, c.cause, c.doubts) for c in f.contributions] for f in (fit, again)
        ]
        assert words[0] == words[1]


def test_fits_that_0_1_0_wrote_load_with_their_numbers() -> None:
    robust, given, failed = store.load(DATA / "fits_0_1_0.h5")
    assert robust.values == {"R0": 10.004258887068547, "R1": 100.06783928768297, "C1": 1.0005545440568759e-05}
    assert robust.statistics.chi2_reduced == 8.864105505820972e-06
    assert robust.point_weights[5] == pytest.approx(0.00203214, rel=1e-5)
    assert robust.options == FitOptions(loss="cauchy")
    again = redo(robust)
    assert again.values == pytest.approx(robust.values, rel=1e-6)
    np.testing.assert_allclose(again.point_weights, robust.point_weights, rtol=1e-3)
    assert (given.outcome.name, given.weights, given.options.complete) == ("MISFIT", "given", False)
    assert given["R0"].resistance_ohm == 10.00459484964731
    sigma = 0.003 * np.abs(given.spectrum.z_ohm)
    assert eisfit.profile(given, "R1", weights=sigma).value == 100.01038094066747
    for ask in (redo, lambda fit: eisfit.profile(fit, "R1")):
        with pytest.raises(
            FitError, match="arc 2: it was fitted with standard deviations that it does not hold"
        ):
            ask(given)
    assert (failed.outcome.name, failed.weights, failed.loss, failed.options) == (
        "FAILED",
        "",
        "",
        FitOptions(),
    )


@pytest.mark.parametrize(
    ("note", "unexpected", "cause", "doubts"),
    [
        ("", 0.0, "", ()),
        ("passes direct current without a resistance", 0.0, "no resistance", ()),
        ("blocks direct current: it has no resistance", 0.0, "blocking", ()),
        ("top at 1e+06 Hz, outside 0.2 to 5e+05 Hz", 0.0, "top outside window", ()),
        (
            "top at 1e+06 Hz, outside 0.2 to 5e+05 Hz; its capacitance, 1e-09 F, is 2.0 decades outside the "
            "1e-07 to 1e-05 F expected of it; the split depends on topology",
            1.0,
            "top outside window",
            ("implausible capacitance", "topology"),
        ),
        ("its arc lies above the window: it acts as a resistor", 0.0, "above window", ()),
        (
            "resistors in series: no arc in the window parts them; fix one of them to split the sum",
            0.0,
            "resistors in series",
            (),
        ),
        (
            "contributions say the same thing: only their sum is known; add a complementary measurement",
            0.0,
            "not separable",
            (),
        ),
        ("only known within 'bulk + interface'", 0.0, "in sum", ()),
        ("not known: a part of it is only known within 'bulk + interphase'", 0.0, "part in sum", ()),
        ("not seen: below 3 ohm (95 %); the other rows hold what there is of it", 0.0, "not detected", ()),
        ("hardly seen: between 1 and 3 ohm (95 % each)", 0.0, "hardly detected", ()),
        ("seen, but its size is not determined: at least 3 ohm (95 %)", 0.0, "size not determined", ()),
        ("not determined by these data", 0.0, "not determined", ()),
        ("the split depends on topology", 0.0, "", ("topology",)),
    ],
)
def test_the_causes_of_a_file_of_0_1_0(
    note: str, unexpected: float, cause: str, doubts: tuple[str, ...]
) -> None:
    cell = template("le_se", 4)
    found = origin_and_cause({"contribution": "bulk", "outcome": note, "unexpected": unexpected}, cell)
    assert found == {"segments": ("bulk",), "kind": "segment", "cause": cause, "doubts": doubts}


@pytest.mark.parametrize(
    ("cell", "electrodes", "name", "note", "segments", "kind"),
    [
        ("le_se", 4, "interface", "", ("interface",), "segment"),
        ("le_se", 4, "bulk + interface", "", ("bulk", "interface"), "sum"),
        ("le_se", 2, "interface + electrode", "", ("interface", "electrode"), "sum"),
        ("le_se_slei", 4, "interface", "total of the split", ("interphase", "charge transfer"), "total"),
        ("pe_se_porous", 4, "interface", "wall of the pores", ("pore",), "wall"),
        ("pe_se_porous", 4, "interface", "", ("pore",), "wall"),
        ("pe_se_porous", 4, "pore", "", ("pore",), "segment"),
    ],
)
def test_the_segments_of_a_file_of_0_1_0(
    cell: str, electrodes: int, name: str, note: str, segments: tuple[str, ...], kind: str
) -> None:
    row = {"contribution": name, "outcome": note, "unexpected": 0.0}
    found = origin_and_cause(row, template(cell, electrodes))
    assert (found["segments"], found["kind"]) == (segments, kind)


def test_the_states_of_a_file_of_0_1_0() -> None:
    notes = [
        "",
        "fixed",
        "not seen",
        "rests on its upper bound 0.8; above 0.7 (95 %)",
        "rests on its lower bound 0.8; the data allow its whole range",
        "rests on its upper bound 1, a physical limit; above 0.98 (95 %)",
        "rests at nothing, a physical limit; below 3 (95 %)",
    ]
    assert states([notes]) == [
        ["free", "fixed", "not detected", "upper bound", "lower bound", "physical limit", "physical limit"]
    ]
