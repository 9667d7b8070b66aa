"""Results written by 0.1.0 load with what newer files hold besides."""

from __future__ import annotations

from pathlib import Path

import h5py
import pytest

from eisfit import store, template
from eisfit.store.older_files import origin_and_cause, states
from support.stored import series


def test_a_file_of_0_1_0_still_loads(tmp_path: Path) -> None:
    path = store.save(tmp_path / "a.h5", series())
    with h5py.File(path, "r+") as file:
        for name in ("segments", "kind", "cause", "doubts"):
            del file[f"entry/tables/contributions/{name}"]
        for model in file["entry/models"].values():
            if "state" in model:
                del model["state"]
    assert store.load(path) == series()


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
