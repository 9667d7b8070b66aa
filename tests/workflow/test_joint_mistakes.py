"""Mistakes in what a folder says of a joint fit: one sentence with file, key, rule and cure."""

from pathlib import Path

import pytest

from eisfit.errors import ManifestError, SeriesError
from eisfit.workflow import read_manifest, run_series
from support.joint_cells import GEOMETRY, pellet, two_arcs
from support.joint_folders import HEAD, write

LAW = '[law]\n"grain boundary" = "arrhenius"\ninterface = "arrhenius"\n'
PELLET = '[[complement]]\nname = "pellet"\nseries = "../pellet"\nshares = ["grain boundary"]\n'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a cell at two temperatures, and its pellet."""
    found = tmp_path_factory.mktemp("mistakes")
    cell = two_arcs(0, count=2, capacitances=(1e-8, 1e-6), temperatures=(15, 45), conditions=GEOMETRY)
    head = HEAD.format(template="le_se", electrodes=4, thickness=0.1)
    write(found / "cell", cell, head, "# keys")
    head = HEAD.format(template="se_blocking", electrodes=2, thickness=0.2)
    write(found / "pellet", pellet(0, 1e-8)[::5], head)
    (found / "bare").mkdir()
    for path in (found / "pellet").iterdir():
        text = path.read_text(encoding="utf-8").replace("area_cm2 = 0.785\n", "")
        (found / "bare" / path.name).write_text(text, encoding="utf-8")
    return found


def said_by(place: Path, keys: str) -> str:
    """Return the sentence with which a manifest is refused, without its path, which it must begin with."""
    path = place / "cell" / "wrong.toml"
    text = (place / "cell" / "series.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("# keys", keys), encoding="utf-8")
    with pytest.raises((ManifestError, SeriesError)) as caught:
        run_series(read_manifest(path))
    said = str(caught.value)
    assert said.startswith(str(path))
    assert "\n" not in said
    return said.removeprefix(str(path))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('share = ["interfase C"]', "share names 'interfase C', which is none of"),
        ('share = ["interfase C"]', "or a parameter of the circuit (did you mean 'interface C'?)"),
        ('[law]\n"grain bondary" = "arrhenius"', "law names 'grain bondary', which is none of"),
        (
            '[law]\ninterface = "arhenius"',
            "law of 'interface': no law 'arhenius' (did you mean 'arrhenius'?)",
        ),
        ('[law]\ninterface = "parabolic growth"', "is over time_h, which 'c15' does not know"),
        ('[law]\ninterface = "vft"', "2 value(s) of temperature_c; vft has 3 parameters"),
        ('[known]\n"interfac C" = { value = 1e-6, stderr = 1e-8 }', "known names 'interfac C'"),
        ('[known]\n"interface C" = { value = nan, stderr = 1e-8 }', "known as nan ± 1e-08; value and"),
        (
            '[known]\ninterface = { value = 1, stderr = 1 }\n[law]\ninterface = "arrhenius"',
            "'interface' is known as one value and has a law as well; keep one of both",
        ),
        (
            '[known]\n"interface C" = { value = 1e-6, stderr = 1e-8 }\nZarc_int_C = { value = 2e-6, stderr = 1e-8 }',
            "are the same parameter; link it once",
        ),
        (PELLET + PELLET + LAW, "two complements are called 'pellet'; give each a name of its own"),
        (PELLET.replace("boundary", "bondary"), "(did you mean 'grain boundary'?); the first cell has"),
        (
            PELLET.replace("grain boundary", "interface"),
            "which 'pellet' does not have; 'pellet' has bulk, grain",
        ),
        (PELLET.replace('["grain boundary"]', "[]"), "shares is empty; name what both cells have"),
        (PELLET.replace("../pellet", "."), "the folder of this series itself; name that of another cell"),
        (
            PELLET.replace("../pellet", "../bare"),
            "area_cm2 is not known, so 'grain boundary' cannot be shared",
        ),
    ],
)
def test_a_mistake_is_one_sentence_that_names_the_file(place: Path, keys: str, said: str) -> None:
    assert said in said_by(place, keys)
