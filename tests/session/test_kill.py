"""A process that is killed loses nothing that it had said was done."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.session_kills import survived


@pytest.mark.parametrize("after", [1, 7, 23])
def test_kill_9_loses_no_action(tmp_path: Path, after: int) -> None:
    told, kept = survived(tmp_path, after)
    assert told >= after
    assert told <= kept <= told + 1
