"""Blocks of spectra fitted in worker processes of this machine; one that dies is replaced."""

from __future__ import annotations

import contextlib
import pickle
import queue
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eisfit.engine.backends.cpu import available_cores
from eisfit.errors import InputError
from eisfit.fitting.batch import FittedBlock
from eisfit.fitting.neighbours import FirstFound
from eisfit.fitting.task import Task
from eisfit.fitting.worker_main import put
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.child_processes import ONE_THREAD, how_ended, started

TRIES, TRIES_OF_ONE = 2, 3  # of several spectra before they are halved, and of one before it is given up
_BLOCKS_EACH = 4  # for each worker, so that none waits long for the last one
_FEWEST = 64  # spectra of a block: fewer are no batch
_FRUITLESS = 3  # processes in a row that end before they begin
ALL = "all"


def number_of(workers: int | str) -> int:
    """Return how many worker processes are meant.

    Raises
    ------
    InputError
        If it is neither a number of at least 1 nor ``all``.
    """
    if workers == ALL:
        return available_cores()
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise InputError(
            f"workers is {workers!r}: give the number of processes, at least 1, or 'all' for each core"
        )
    return workers


@dataclass(frozen=True)
class _Part:
    """Spectra from `first` up to before `last`, and how often they have ended their worker."""

    first: int
    last: int
    tries: int = 0


def fitted_in_processes(
    task: Task, spectra: Sequence[Spectrum], first: FirstFound, most: int, workers: int, threads: int
) -> Iterator[tuple[int, FittedBlock]]:
    """Fit spectra in processes; go through the places of the blocks and what came of them, in any order.

    Parameters
    ----------
    task : Task
        Template and options.
    spectra : sequence of Spectrum
        All of them.
    first : FirstFound
        As `first_found` gives it for all of them.
    most : int
        Spectra of the largest block.
    workers, threads : int
        How many processes, and threads of each.

    Raises
    ------
    InputError
        If the processes do not begin, or the settings cannot be used.

    Notes
    -----
    Spectra whose worker dies twice are fitted in halves; a single one that ends its worker three times has failed.
    """
    size = max(min(most, -(-len(spectra) // (_BLOCKS_EACH * workers))), _FEWEST)
    todo = deque(_Part(k, min(k + size, len(spectra))) for k in range(0, len(spectra), size))
    left, ended = len(spectra), queue.SimpleQueue[Any]()
    hands = [
        Hand(task, spectra, first, todo, ended, {**ONE_THREAD, "EISFIT_THREADS": str(threads)})
        for _ in range(min(workers, len(todo)))
    ]
    try:
        for hand in hands:
            hand.start()
        while left:
            found = ended.get()
            if isinstance(found, BaseException):
                raise found
            part, block = found
            left -= part.last - part.first
            yield part.first, block
    finally:
        for hand in hands:
            hand.stop()


class Hand(threading.Thread):
    """A thread that hands blocks to a worker process of its own, one after another."""

    def __init__(
        self,
        task: Task,
        spectra: Sequence[Spectrum],
        first: FirstFound,
        todo: deque[_Part],
        ended: queue.SimpleQueue[Any],
        environment: dict[str, str],
    ) -> None:
        super().__init__(daemon=True)
        self.begin = task, first
        self.spectra, self.todo, self.ended, self.environment = spectra, todo, ended, environment
        self.process: Any = None
        self.stopped, self.fruitless = False, 0

    def run(self) -> None:
        """Go on until no block is left."""
        try:
            while not self.stopped and self.todo:
                try:
                    part = self.todo.popleft()
                except IndexError:
                    return
                self._fit(part)
        except BaseException as error:  # the main thread raises it
            self.ended.put(error)
        finally:
            self._let_go()

    def stop(self) -> None:
        """End the process."""
        self.stopped = True
        while self.is_alive():
            if (process := self.process) is not None:  # it may have been started a moment ago
                process.kill()
            self.join(0.05)

    def _fit(self, part: _Part) -> None:
        try:
            answer = self.asked(self.spectra[part.first : part.last])
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            how = str(error) if self.process is None else how_ended(self.process)
            self._let_go()
            if not self.stopped:
                self._again(part, how)
            return
        if isinstance(answer, Exception):
            raise answer
        self.ended.put((part, answer))

    def asked(self, spectra: Sequence[Spectrum]) -> Any:
        """Return what the process answers to some spectra; EOFError if it dies of them."""
        while self.process is None:
            self._start()
        put(self.process.stdin, spectra)
        return pickle.load(self.process.stdout)

    def _start(self) -> None:
        """Start the process, or count that it has not begun."""
        self.process = started("eisfit.fitting.worker_main", self.environment)
        try:
            put(self.process.stdin, self.begin)
            pickle.load(self.process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            how = how_ended(self.process)
            self._let_go()
            self.fruitless += 1
            if self.stopped or self.fruitless >= _FRUITLESS:
                raise InputError(
                    f"{_FRUITLESS} worker processes in a row ended before they began ({how}); what they said stands "
                    "above: leave workers= out to fit in this process"
                ) from None
        else:
            self.fruitless = 0

    def _again(self, part: _Part, how: str) -> None:
        """Put spectra that have ended their worker back, in halves where they have done so before."""
        tries, count = part.tries + 1, part.last - part.first
        if count == 1 and tries >= TRIES_OF_ONE:
            label = getattr(self.spectra[part.first], "label", "") or "spectrum"
            reason = f"{label}: its worker process ended ({how}), {tries} times"
            self.ended.put((part, FittedBlock([], [], {0: reason})))
        elif count > 1 and tries >= TRIES:
            middle = (part.first + part.last) // 2
            self.todo.extend((_Part(part.first, middle), _Part(middle, part.last)))
        else:
            self.todo.append(_Part(part.first, part.last, tries))

    def _let_go(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):  # what was written last has nowhere to go
                    pipe.close()
