"""A session: what is done is kept, undone, repeated, and saved with the numbers of the command series."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import eisfit.session as s
from eisfit import store
from eisfit.errors import EisfitError, InputError, SessionError
from eisfit.session.actions import KINDS, action_of
from eisfit.session.journal import NAME
from eisfit.workflow import read_manifest
from support.commands import Command, eisfit, rows
from support.folders import CIRCUIT, folder_of
from support.paths import ROOT

__all__ = ["eisfit"]
SAMPLE = ROOT / "sample_spectra" / "llto_le_four_electrode"
TABLES = ("arrhenius.csv", "contributions.csv", "parameters.csv", "spectra.csv")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "data", {f"cell_{t}C.csv": float(t) for t in (20, 40, 60)})


@pytest.fixture
def session(tmp_path: Path, data: Path) -> Iterator[s.Session]:
    with s.open_session(tmp_path / "session", s.opening([str(data)]).actions) as opened:
        yield opened


def first(session: s.Session) -> str:
    return session.project.files[0].path


def numbers(folder: Path) -> dict[str, list[dict[str, str]]]:
    return {name: rows(folder / name) for name in TABLES}


def test_a_folder_opens_with_the_temperatures_of_its_names(session: s.Session) -> None:
    assert [f.keys for f in session.project.files] == [{"temperature_c": t} for t in (20.0, 40.0, 60.0)]


EVERY = [
    s.OpenFiles((s.File("/a.csv", "00", 9, 1, {"temperature_c": 0.1 + 0.2}),)),
    s.OpenResults("/a.h5"),
    s.LeaveOutFile("/a.csv", "wet"),
    s.TakeBackFile("/a.csv"),
    s.Mask("/a.csv", (1, 3), "glitch"),
    s.Unmask("/a.csv", (1,)),
    s.CutFrequencies(0.1, None, "/a.csv"),
    s.SetCondition("area_cm2", 1 / 3),
    s.SetCell("/a.csv", "A"),
    s.ChooseTemplate("le_se"),
    s.SetElectrodes(4),
    s.SetParameter("R0", range=(0.1, float("inf"))),
    s.FreeParameter("R0"),
    s.StartAt({"R0": 1 / 3}),
    s.AssignArcs(("interface",)),
    s.LeaveOutSegments(("bulk",)),
    s.KeepInLines(("cell_20C",)),
    s.ChooseOver("time_h"),
    s.SetFitting("unit", "soft_l1"),
    s.SetJoint({"share": ["CPE1_Q"], "known": {"R0": {"value": 1.0, "stderr": 0.1}}}),
    s.FitOne("/a.csv"),
    s.FitSeries(),
    s.FitJoint(),
    s.ShowDistributions(("/a.csv",)),
    s.Suggest(("/a.csv",)),
    s.Save("/x"),
    s.Undo(),
    s.Redo(),
]


@pytest.mark.parametrize("action", EVERY, ids=lambda a: a.kind)
def test_an_action_comes_back_from_its_line_as_it_was(action: s.Action) -> None:
    again = action_of(action.kind, json.loads(json.dumps(action.as_record())))
    assert again == action_of(action.kind, json.loads(json.dumps(again.as_record())))
    assert json.dumps(again.as_record()) == json.dumps(action.as_record())
    assert type(again) is type(action)


def test_no_kind_of_action_is_left_out_of_that_test() -> None:
    assert {a.kind for a in EVERY} == set(KINDS)


def test_opening_again_gives_the_same_project(session: s.Session) -> None:
    path = first(session)
    session.do(s.Mask(path, (2, 5), "glitch"), s.ChooseTemplate(CIRCUIT), s.SetCondition("soc", 50))
    session.do(s.CutFrequencies(2.0, 5e5), s.SetParameter("R0", fixed=10.0), s.FitSeries())
    session.undo()
    before = session.project
    session.close()
    with s.Session(session.folder) as again:
        assert again.project == before
        assert again.can_redo
        assert again.redo().asked[-1].kind == "series"


def test_undo_takes_back_one_action_and_redo_does_it_again(session: s.Session) -> None:
    start = session.project
    masked = session.do(s.Mask(first(session), (1,)))
    assert session.undo() == start
    assert session.redo() == masked
    session.undo()
    session.do(s.SetElectrodes(2))
    with pytest.raises(SessionError, match="no action was taken back"):
        session.redo()


def test_nothing_is_taken_back_where_nothing_was_done(tmp_path: Path) -> None:
    with s.Session(tmp_path / "new") as new, pytest.raises(SessionError, match="no action was done"):
        new.undo()


def test_the_numbers_are_those_of_series_with_the_saved_toml(
    session: s.Session, tmp_path: Path, eisfit: Command
) -> None:
    path = first(session)
    session.do(s.ChooseTemplate(CIRCUIT), s.Mask(path, (0, 1), "glitch"), s.CutFrequencies(f_max_hz=5e5))
    session.do(s.SetParameter("R0", range=(1.0, 1000.0)), s.SetCondition("diameter_mm", 10.0), s.FitSeries())
    session.computed()
    saved = tmp_path / "saved"
    session.save(saved)
    ran = eisfit("series", saved / "series.toml", "-o", tmp_path / "results", "--no-figures", "-q")
    assert ran.code == 0, ran.err
    assert numbers(saved) == numbers(tmp_path / "results")
    ours, theirs = store.load(saved / "eisfit.h5"), store.load(tmp_path / "results" / "eisfit.h5")
    assert [f.values for f in ours] == [f.values for f in theirs]
    assert [f.covariance_log.tolist() for f in ours] == [f.covariance_log.tolist() for f in theirs]


def test_the_numbers_of_a_described_sample_are_those_of_series_too(tmp_path: Path, eisfit: Command) -> None:
    with s.open_session(tmp_path / "session", s.opening([str(SAMPLE)]).actions) as session:
        for file in session.project.files:
            if file.name not in ("llto_10C.mpt", "llto_30C.mpt", "llto_60C.mpt"):
                session.do(s.LeaveOutFile(file.path, "to be quick"))
        session.do(s.Mask(session.project.taking_part[0].path, (3,), "glitch"), s.FitSeries())
        session.computed()
        session.save(tmp_path / "saved")
    ran = eisfit("series", tmp_path / "saved", "-o", tmp_path / "results", "--no-figures", "-q")
    assert ran.code == 0, ran.err
    assert numbers(tmp_path / "saved") == numbers(tmp_path / "results")
    assert "0.5" in rows(tmp_path / "results" / "arrhenius.csv")[-1]["activation_energy_ev"]


def test_numbers_that_were_lost_come_back_the_same(session: s.Session) -> None:
    session.do(s.ChooseTemplate(CIRCUIT), s.FitSeries())
    before = [f.values for f in session.computed().result()]
    shutil.rmtree(session.folder / "computed")
    assert session.ready(session.latest) is None
    assert [f.values for f in session.computed().result()] == before


def test_a_fit_of_one_file_is_that_of_a_series_of_one(session: s.Session) -> None:
    session.do(s.ChooseTemplate(CIRCUIT), s.FitOne(first(session)))
    (fit,) = session.computed().result()
    assert fit.label == "cell_20C"
    assert fit["R1"].value == pytest.approx(130, rel=0.2)


def test_a_joint_fit_has_its_laws(session: s.Session) -> None:
    session.do(s.ChooseTemplate(CIRCUIT), s.FitJoint())
    result = session.computed().result()
    assert getattr(result, "joint", None) is not None


def test_distributions_are_those_of_the_command(session: s.Session, tmp_path: Path, eisfit: Command) -> None:
    session.do(s.ShowDistributions())
    tables = session.computed().tables
    files = [f.path for f in session.project.files]
    named = ("--temperature-from-name", "cell_{temperature_c}C")
    assert eisfit("drt", *files, *named, "-o", tmp_path / "drt", "--no-figures").code == 0
    assert rows(tables[0]) == rows(tmp_path / "drt" / "drt.csv")


def test_what_was_computed_is_not_computed_again(session: s.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.do(s.ChooseTemplate(CIRCUIT), s.FitOne(first(session)))
    done = session.computed()
    monkeypatch.setattr("eisfit.session.session.carry_out", None)
    assert session.computed() == done


def test_results_of_other_settings_are_not_saved(session: s.Session, tmp_path: Path) -> None:
    session.do(s.ChooseTemplate(CIRCUIT), s.FitSeries())
    session.computed()
    session.save(tmp_path / "saved")
    session.do(s.Mask(first(session), (3,)))
    names = {p.name for p in session.save(tmp_path / "saved")}
    assert names == {"series.toml", "commands.txt"} == {p.name for p in (tmp_path / "saved").iterdir()}


def test_the_reason_of_a_mask_stands_in_the_toml(session: s.Session, tmp_path: Path) -> None:
    session.do(
        s.Mask(first(session), (4,), "door opened"), s.LeaveOutFile(session.project.files[1].path, "wet")
    )
    session.save(tmp_path / "saved")
    text = (tmp_path / "saved" / "series.toml").read_text("utf-8")
    assert "# 4: door opened\ndrop = [4]" in text
    assert "cell_40C.csv: wet" in text
    assert len(read_manifest(tmp_path / "saved").entries) == 2


def test_results_open_as_results(session: s.Session, tmp_path: Path) -> None:
    session.do(s.ChooseTemplate(CIRCUIT), s.FitSeries())
    session.computed()
    session.save(tmp_path / "saved")
    (action,) = s.opening([str(tmp_path / "saved" / "eisfit.h5")]).actions
    assert action == s.OpenResults(str(tmp_path / "saved" / "eisfit.h5"))


# what is wrong is said in one sentence, and leaves no trace


WRONG = [
    (lambda p: s.Mask(p, (99,)), "there is no point 99; its points are 0 to 30"),
    (lambda p: s.Mask(p, tuple(range(31))), "no point would be left"),
    (lambda p: s.Mask("/data/cell_21C.csv", (1,)), "not open in the session .did you mean"),
    (lambda p: s.CutFrequencies(10.0, 1.0), "lies above f_max_hz"),
    (lambda p: s.CutFrequencies(f_min_hz=-1.0), "must be a positive frequency"),
    (lambda p: s.SetCondition("aera_cm2", 1.0), "did you mean area_cm2"),
    (lambda p: s.SetCondition("area_cm2", -1.0), "must be positive"),
    (lambda p: s.SetCondition("temperature_c", -300.0, p), "absolute zero"),
    (lambda p: s.ChooseTemplate("lese"), "did you mean .le_se"),
    (lambda p: s.ChooseTemplate("R0-p(R1"), "expected"),
    (lambda p: s.SetElectrodes(5), "one of 2, 3, 4, 8"),
    (lambda p: s.SetParameter("R0", fixed=1.0), "no template is chosen"),
    (lambda p: s.FreeParameter("R0"), "nothing is set"),
    (lambda p: s.SetFitting("unitt", ""), "did you mean .unit"),
    (lambda p: s.FitSeries(), "no template is chosen"),
    (lambda p: s.OpenFiles(()), "no file is named"),
    (lambda p: s.SetJoint({"share": 3}), "share"),
]


@pytest.mark.parametrize(("make", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_a_wrong_action_is_refused_and_leaves_no_trace(
    session: s.Session, make: object, sentence: str
) -> None:
    assert callable(make)
    before, lines = session.project, (session.folder / NAME).read_bytes()
    with pytest.raises(InputError, match=sentence):
        session.do(make(first(session)))
    assert session.project == before
    assert (session.folder / NAME).read_bytes() == lines


def test_settings_of_parameters_are_checked_with_the_template(session: s.Session) -> None:
    session.do(s.ChooseTemplate(CIRCUIT))
    with pytest.raises(EisfitError, match="unknown parameter 'R9'"):
        session.do(s.SetParameter("R9", fixed=1.0))
    session.do(s.SetParameter("R0", fixed=1.0))
    assert session.do(s.ChooseTemplate("R0-R1")).parameters == {}


def test_a_file_that_has_changed_is_not_fitted(session: s.Session) -> None:
    session.do(s.ChooseTemplate(CIRCUIT), s.FitSeries())
    Path(first(session)).write_text("other", encoding="utf-8")
    with pytest.raises(InputError, match="has changed since it was opened; open it again"):
        session.computed()


def test_nothing_was_asked_for(session: s.Session) -> None:
    with pytest.raises(SessionError, match="nothing was asked for"):
        session.computed()


def test_a_template_of_ones_own_that_has_changed_is_not_fitted(session: s.Session, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes((ROOT / "circuits" / "le.toml").read_bytes())
    session.do(s.ChooseTemplate(str(own)), s.SetElectrodes(2), s.FitSeries())
    own.write_bytes(own.read_bytes() + b"# changed")
    with pytest.raises(InputError, match=r"own\.toml: the file has changed"):
        session.computed()
    session.do(s.ChooseTemplate(str(own)), s.FitSeries())
    assert session.latest.files[-1][0] == str(own)
    assert len({r.key for r in session.project.asked}) == 2


def test_a_template_that_is_gone_does_not_close_the_session(session: s.Session, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes((ROOT / "circuits" / "le.toml").read_bytes())
    session.do(s.ChooseTemplate(str(own)), s.SetElectrodes(2))
    session.close()
    own.unlink()
    with s.Session(session.folder) as again:
        assert again.project.template == ""
        assert again.project.electrodes == 2
        assert "own.toml" in again.findings[0].text
        assert again.undo().electrodes is None


# the journal


def test_a_torn_last_line_is_left_out_with_a_finding(session: s.Session) -> None:
    before = session.do(s.SetElectrodes(2))
    session.do(s.SetElectrodes(4))
    session.close()
    journal = session.folder / NAME
    journal.write_bytes(journal.read_bytes()[:-9])
    with s.Session(session.folder) as again:
        assert again.project == before
        assert [f.kind for f in again.findings] == ["torn journal"]
        again.do(s.SetElectrodes(8))
    with s.Session(session.folder) as third:
        assert third.project.electrodes == 8
        assert third.findings == ()


@pytest.mark.parametrize("size", range(0, 60, 7))
def test_a_journal_cut_off_anywhere_opens(session: s.Session, size: int) -> None:
    session.close()
    journal = session.folder / NAME
    journal.write_bytes(journal.read_bytes()[:size])
    with s.Session(session.folder) as again:
        assert again.done == ()
        again.do(s.SetElectrodes(2))


def test_a_damaged_line_in_the_middle_is_named(session: s.Session) -> None:
    session.do(s.SetElectrodes(2), s.SetElectrodes(4))
    session.close()
    journal = session.folder / NAME
    journal.write_bytes(journal.read_bytes().replace(b'"electrodes": 2', b'"electrodes": 3'))
    with pytest.raises(SessionError, match="line 3: the line is damaged; keep a copy"):
        s.Session(session.folder)


def test_a_journal_of_a_newer_version_is_refused(session: s.Session) -> None:
    session.close()
    journal = session.folder / NAME
    journal.write_bytes(journal.read_bytes().replace(b'"eisfit session": 1', b'"eisfit session": 2'))
    with pytest.raises(SessionError, match=r"newer than this one .*: update eisfit"):
        s.Session(session.folder)


def test_another_file_is_no_journal(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("hello\n", encoding="utf-8")
    with pytest.raises(SessionError, match="this is no journal of eisfit"):
        s.Session(tmp_path)


def test_a_session_is_open_in_one_place_only(session: s.Session) -> None:
    with pytest.raises(SessionError, match="open in another process"):
        s.Session(session.folder)
    session.close()
    s.Session(session.folder).close()


def test_two_sessions_do_not_see_each_other(session: s.Session, tmp_path: Path, data: Path) -> None:
    with s.open_session(tmp_path / "other", s.opening([str(data)]).actions) as other:
        session.do(s.SetElectrodes(4))
        assert other.project.electrodes is None


def test_a_full_disk_leaves_all_as_it_was(session: s.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    before, lines = session.project, (session.folder / NAME).read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(SessionError, match=r"No space left on device.*nothing was done"):
            session.do(s.SetElectrodes(4))
    assert session.project == before
    assert (session.folder / NAME).read_bytes() == lines
    session.do(s.SetElectrodes(4))
