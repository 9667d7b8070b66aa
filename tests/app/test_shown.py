"""Results as pages show them: what is asked about arcs, trends, cells beside each other."""

from __future__ import annotations

from pathlib import Path

import pytest

import eisfit.session as s
from eisfit.app.shown import load
from support.folders import two_like_arcs


@pytest.fixture
def session(tmp_path: Path) -> s.Session:
    return s.open_session(tmp_path / "session", two_like_arcs(tmp_path / "data"))


def test_arcs_without_a_name_are_asked_about_until_their_order_is_given(session: s.Session) -> None:
    with session:
        session.do(s.FitSeries())
        assert load(session.computed().cells[""]).undecided == (("grain boundary", "interface"),)
        session.do(s.AssignArcs(("grain boundary", "interface")), s.FitSeries())
        assert load(session.computed().cells[""]).undecided == ()
