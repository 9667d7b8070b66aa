"""Files of one folder appear together, whole or not at all, whatever ends their process."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eisfit.errors import StoreError
from eisfit.tools import whole_files
from eisfit.tools.locks import locked
from eisfit.tools.whole_files import finish_interrupted, write_together

OLD = {"a.csv": b"old a", "b.csv": b"old b", "r.h5": b"old r"}
NEW = {"a.csv": b"new a", "c.png": b"new c", "r.h5": b"new r"}


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_files_appear_in_a_folder_that_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert write_together(folder, OLD) == [folder / name for name in OLD]
    assert content(folder) == OLD


def test_old_files_are_replaced_removed_or_left(tmp_path: Path) -> None:
    write_together(tmp_path, OLD | {"mine.txt": b"of the user"})
    write_together(tmp_path, NEW, obsolete=["b.csv", "never.csv"])
    assert content(tmp_path) == NEW | {"mine.txt": b"of the user"}


def test_a_name_that_must_be_new_keeps_all_files(tmp_path: Path) -> None:
    write_together(tmp_path, OLD)
    with pytest.raises(FileExistsError, match=r"r\.h5"):
        write_together(tmp_path, NEW, new=["r.h5"])
    assert content(tmp_path) == OLD


@pytest.mark.parametrize("call", ["fsync", "replace", "link"])
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_at_any_step_keeps_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, nth: int, error: BaseException
) -> None:
    write_together(tmp_path, OLD)
    real, count = getattr(os, call), 0

    def fails(*arguments: object, **named: object) -> object:
        nonlocal count
        count += 1
        if count == nth:
            raise error
        return real(*arguments, **named)

    monkeypatch.setattr(os, call, fails)
    copied = call == "link" and isinstance(
        error, OSError
    )  # a disk without second names: old files are copied
    try:
        write_together(tmp_path, NEW, obsolete=["b.csv"])
    except (StoreError, KeyboardInterrupt):
        assert content(tmp_path) == OLD
    else:
        assert copied or count < nth
        assert content(tmp_path) == NEW


def test_the_file_that_does_not_fit_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(
        StoreError, match=r"x/a\.csv: the results cannot be written \(No space left on device\)"
    ):
        write_together(tmp_path / "x", OLD)
    assert not list(tmp_path.iterdir())


def test_a_folder_in_the_place_of_a_file_is_said(tmp_path: Path) -> None:
    write_together(tmp_path, OLD)
    (tmp_path / "c.png").mkdir()
    with pytest.raises(StoreError, match=r"c\.png: .*a folder has the name of this file"):
        write_together(tmp_path, NEW)
    assert (tmp_path / "a.csv").read_bytes() == b"old a"


def test_what_an_ended_process_left_between_two_moves_is_completed(tmp_path: Path) -> None:
    write_together(tmp_path, OLD)
    ready = tmp_path / ".eisfit-0123456789abcdef.ready"
    (ready / "new").mkdir(parents=True)
    (ready / "order.json").write_text('[["a.csv", "c.png", "r.h5"], ["b.csv"]]')
    (tmp_path / "a.csv").write_bytes(NEW["a.csv"])
    for name in ("c.png", "r.h5"):
        (ready / "new" / name).write_bytes(NEW[name])
    finish_interrupted(tmp_path)
    assert content(tmp_path) == NEW


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/b"])
def test_moves_out_of_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    ready = tmp_path / ".eisfit-0123456789abcdef.ready"
    (ready / "new").mkdir(parents=True)
    (ready / "order.json").write_text(f'[["{name}"], []]')
    with pytest.raises(StoreError, match="changed by another program: remove it"):
        finish_interrupted(tmp_path)


def test_stale_files_are_cleared_and_those_of_a_living_process_stay(tmp_path: Path) -> None:
    stale, living = tmp_path / ".eisfit-0000000000000000.tmp", tmp_path / ".eisfit-1111111111111111.tmp"
    for draft in (stale, living):
        (draft / "new").mkdir(parents=True)
    (tmp_path / ".eisfit-2222222222222222.lock").touch()
    single, young = tmp_path / ".0123456789abcdef.tmp", tmp_path / ".fedcba9876543210.tmp"
    for each in (single, young):
        each.touch()
    os.utime(single, (time.time() - 3600,) * 2)
    with locked(living.with_suffix(".lock")):
        write_together(tmp_path, OLD)
        assert {p.name for p in tmp_path.iterdir()} == {*OLD, living.name, f"{living.stem}.lock", young.name}
    finish_interrupted(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {*OLD, young.name}


def test_two_processes_at_once_leave_the_files_of_one(tmp_path: Path) -> None:
    loop = (
        "import sys; from pathlib import Path; from eisfit.tools.whole_files import write_together\n"
        "for k in range(25): write_together(Path(sys.argv[1]), {f'{n}.csv': sys.argv[2].encode() for n in range(9)})"
    )
    running = [subprocess.Popen([sys.executable, "-c", loop, str(tmp_path), name]) for name in ("one", "two")]
    assert [process.wait(60) for process in running] == [0, 0]
    assert len(set(content(tmp_path).values())) == 1
    assert len(content(tmp_path)) == 9


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX")
def test_a_kill_at_any_moment_leaves_whole_files_and_no_debris(tmp_path: Path) -> None:
    loop = (
        "import sys, itertools; from pathlib import Path; from eisfit.tools.whole_files import write_together\n"
        "print('on', flush=True)\n"
        "for k in itertools.count(): write_together(Path(sys.argv[1]), {f'{n}.csv': b'%d' % k for n in range(9)})"
    )
    rng = random.Random(1)
    for _ in range(8):
        process = subprocess.Popen([sys.executable, "-c", loop, str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        finish_interrupted(tmp_path)
        assert len(set(content(tmp_path).values())) <= 1
        assert len(content(tmp_path)) in (0, 9)


def test_a_lock_that_is_held_for_long_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eisfit.tools.locks._LONGEST_S", 0.1)
    sentence = pytest.raises(StoreError, match="another process writes there, and does not end")
    with locked(tmp_path / f".eisfit-u{os.getuid()}.lock"), sentence:
        write_together(tmp_path, OLD)
    assert whole_files.write_together(tmp_path, OLD)
