"""Tables and exports of instruments as laboratories have them: each read right, or refused with one sentence."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks import instrument_files, lab_tables
from eisfit.errors import FormatError, NoImpedance
from eisfit.formats import read_file
from eisfit.formats.parsing.bare_columns import is_modulus_with_phase
from support.formats_text import written


@pytest.mark.parametrize("made", [lab_tables, instrument_files], ids=["tables", "instruments"])
def test_every_file_is_right_or_refused(tmp_path: Path, made: ModuleType) -> None:
    found = {file.name: (lab_tables.outcome(file, tmp_path), bool(file.truth)) for file in made.files()}
    assert len(found) > 100
    assert [name for name, (how, holds) in found.items() if how != ("right" if holds else "refused")] == []


SENTENCES = {
    "Time (s);WE(1).Current (A);WE(1).Potential (V)\n0;1e-3;0.1\n1;9e-4;0.1\n2;8e-4;0.1\n": "of a dc measurement",
    "E/V\tI/A\n0.1\t1e-3\n0.2\t2e-3\n": "see 'eisfit dc'",
    "f,Z',Z''\n100 kHz,10,-2\n10 kHz,12,-3\n1 kHz,14,-5\n": "the 'kHz' into the heading",
    "f,Z',Z''\n100k,10,-2\n10k,12,-3\n1k,14,-5\n": "the 'k' into the heading",
    "f,Z'\n1e5,10\n1e4,12\n1e3,14\n": "name the columns, such as 'Re(Z)/Ohm'",
    "f,C (F),D\n1e5,1e-9,0.1\n1e4,1e-9,0.1\n1e3,1e-9,0.1\n": "whether it is Cp or Cs",
}


@pytest.mark.parametrize("text", SENTENCES)
def test_a_refusal_names_the_cure(tmp_path: Path, text: str) -> None:
    with pytest.raises((FormatError, NoImpedance), match=re.escape(SENTENCES[text])):
        read_file(written(tmp_path, text))


def test_modulus_and_phase_without_headings_are_told_from_the_parts() -> None:
    columns = lab_tables.columns_of(lab_tables.A)
    parts, polar = ([lab_tables.F, columns[a], columns[b]] for a, b in (("r", "x"), ("m", "p")))
    assert is_modulus_with_phase(polar)
    assert not is_modulus_with_phase(parts)
