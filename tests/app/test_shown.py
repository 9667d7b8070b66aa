"""Results as pages show them: what is asked about arcs, trends, cells beside each other."""

from __future__ import annotations

from pathlib import Path

import pytest

import eisfit.session as s
from eisfit.app.beside import beside
from eisfit.app.desk import Desk
from eisfit.app.figures import arrhenius, trend
from eisfit.app.shown import load
from eisfit.app.trends import CAPACITANCE
from eisfit.tables.comparison import comparison_rows
from support.folders import CIRCUIT, folder_of, two_like_arcs


@pytest.fixture
def session(tmp_path: Path) -> s.Session:
    return s.open_session(tmp_path / "session", two_like_arcs(tmp_path / "data"))


def test_arcs_are_asked_about_until_their_order_is_given_then_trends_follow_them(session: s.Session) -> None:
    with session:
        session.do(s.FitSeries())
        shown = load(session.computed().cells[""])
        assert shown.undecided == (("grain boundary", "interface"),)
        assert "grain boundary or interface (1)" in shown.trends["R / ohm"]
        session.do(s.AssignArcs(("grain boundary", "interface")), s.FitSeries())
        shown = load(session.computed().cells[""])
        assert shown.undecided == ()
        fits = list(shown.result)
        for name, leaf in (("grain boundary", "Zarc_gb"), ("interface (one of 2)", "Zarc_int")):
            dots = shown.trends["R / ohm"][name]
            assert [d.x for d in dots] == [20.0, 40.0, 60.0]
            assert [d.value for d in dots] == [f.values[f"{leaf}_R"] for f in fits]
        dots = shown.trends[CAPACITANCE]["interface"]
        assert [d.value for d in dots] == [f["interface"].capacitance_f for f in fits]
        drawn = trend("R / ohm", "T / °C", shown.trends["R / ohm"], dark=False)
        assert drawn["layout"]["yaxis"]["type"] == "log"
        assert [t["name"] for t in drawn["data"]] == list(shown.trends["R / ohm"])


def test_laws_of_a_joint_fit_stand_beside_the_lines(tmp_path: Path) -> None:
    data = folder_of(tmp_path / "data", {f"cell_{t}C.csv": float(t) for t in (20, 40, 60)})
    with s.open_session(tmp_path / "session", s.opening([str(data)]).actions) as session:
        session.do(s.ChooseTemplate(CIRCUIT), s.FitJoint())
        shown = load(session.computed().cells[""])
    assert [law.contribution for law in shown.joint_lines] == ["R0", "R1"]
    ordinate = shown.joint_lines[1].ordinate
    lines = [line for line, _ in shown.lines if line.ordinate == ordinate]
    drawn = arrhenius(lines, ["a", "b"], dark=False, joint=shown.joint_lines)["data"]
    dashed = [t for t in drawn if t["mode"] == "lines" and t["line"].get("dash") == "dash"]
    assert len(dashed) == 2
    assert dashed[1]["y"][0] == pytest.approx(float(shown.joint_lines[1].line(273.15 + 60.0)[0]))


def test_cells_beside_each_other_say_what_compare_says(tmp_path: Path) -> None:
    temperatures = {f"cell_{t}C.csv": float(t) for t in (20, 40, 60)}
    data = tmp_path / "data"
    folder_of(data / "A", temperatures)
    folder_of(data / "B", temperatures, factor=2.0)
    with s.open_session(tmp_path / "session", s.opening([str(data)]).actions) as session:
        names = [s.SetCell(f.path, Path(f.path).parent.name) for f in session.project.files]
        session.do(*names, s.ChooseTemplate(CIRCUIT), s.FitSeries())
        cells = {name: load(path).result for name, path in session.computed().cells.items()}
    found = beside(cells)
    assert list(found.lines["p(R1,C1)"]) == list(cells) == ["A", "B"]
    _, second = (row for row in found.rows if row[0] == "p(R1,C1)")
    expected = comparison_rows(cells, contributions=("p(R1,C1)",))[1]
    assert second[6].startswith(f"{expected['ratio']:.3g} (")
    assert float(second[6].split()[0]) == pytest.approx(2.0, rel=0.02)
    assert second[6].endswith("*")
    assert not second[5].endswith("*")


def test_a_suggestion_is_of_now_until_a_file_changes_and_outlives_that_none_takes_part(
    tmp_path: Path,
) -> None:
    one = folder_of(tmp_path / "one", {"cell_20C.csv": 20.0})
    with s.open_session(tmp_path / "session", s.opening([str(one)]).actions) as session:
        desk = Desk(session)
        assert desk.suggestion() == (None, True)
        path = session.project.files[0].path
        session.do(s.Suggest((path,)))
        session.computed()
        found, current = desk.suggestion()
        assert found is not None
        assert current
        session.do(s.LeaveOutFile(path, "wet"))
        assert desk.suggestion() == (found, False)
