"""A suggestion in a session: that of `suggest`, kept on the disk."""

from __future__ import annotations

from pathlib import Path

import eisfit.session as s
from eisfit.session.look import spectra_of
from eisfit.session.suggested import read_suggested
from eisfit.suggestion import suggest
from support.folders import CIRCUIT, folder_of


def test_a_suggestion_is_that_of_suggest_and_outlives_the_session(tmp_path: Path) -> None:
    data = folder_of(tmp_path / "data", {"cell_20C.csv": 20.0, "cell_40C.csv": 40.0})
    session = s.open_session(tmp_path / "session", s.opening([str(data)]).actions)
    path = session.project.files[0].path
    session.do(s.ChooseTemplate("le_se"), s.Mask(path, (0, 1), "glitch"), s.Suggest((path,)))
    done = session.computed()
    found = read_suggested(done.tables[0])
    expected = suggest(spectra_of(session.project, session.project.file(path)))
    assert found.headline == expected.headline()
    assert [(c.name, c.allowed) for c in found.circuits] == [
        (c.circuit, c.allowed) for c in expected.circuits
    ]
    assert [(t.name, t.difference) for t in found.templates] == [
        (t.name, t.difference) for t in expected.templates
    ]
    session.close()
    with s.Session(session.folder) as again:
        assert again.ready(again.latest) == done
        again.do(s.ChooseTemplate(CIRCUIT), s.Suggest((path,)))  # what is chosen does not enter it
        assert again.ready(again.latest) == done
