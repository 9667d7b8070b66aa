"""Worker processes of a batch: who has which piece, and which one a death is laid to."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator

import pytest

from eisfit.bulk import processes
from eisfit.bulk.piece import Piece
from eisfit.bulk.processes import Processes


class SilentProcess:
    """What takes the place of a worker process: it says nothing until it ends."""

    def __init__(self) -> None:
        self.stdin, self.stdout, self.ended = io.StringIO(), self, threading.Event()

    def __iter__(self) -> Iterator[str]:
        self.ended.wait()
        return iter(())

    def close(self) -> None:
        """Close what it says."""

    def kill(self) -> None:
        """End."""
        self.ended.set()

    def wait(self) -> int:
        """Return how it ended."""
        self.kill()
        return -9


@pytest.mark.parametrize(
    ("said", "blamed", "left"),
    [
        ([{"ready": 1}, {"begun": 0}, {"begun": 2}], 2, [0, 4]),  # it writes the first, and fits the second
        ([{"ready": 1}, {"begun": 0}], 0, [2, 4]),
    ],
)
def test_a_worker_is_blamed_for_what_it_fits_and_not_for_what_it_writes(
    monkeypatch: pytest.MonkeyPatch, said: list[dict[str, int]], blamed: int, left: list[int]
) -> None:
    monkeypatch.setattr(processes, "started", lambda *given, **more: SilentProcess())
    where = Processes(1, 1)
    (worker,) = where._all
    for first in (0, 2, 4):
        where.give(Piece(first, first + 2))
    for answer in (*said, None):
        where._answers.put((worker, answer))
    end = where.next_end()
    assert (end.piece, end.lost) == (Piece(blamed, blamed + 2), "its worker process ended (signal 9)")
    assert [[piece.first for piece in other.pieces] for other in where._all] == [left]
    where.close()
