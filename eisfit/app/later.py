"""Answers that take a moment, made in threads: a page shows what is there, and draws again when more is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from eisfit.errors import EisfitError

Answer = TypeVar("Answer")


class Later(Generic[Answer]):
    """Answers by their key; each is made once.

    Parameters
    ----------
    ready : callable
        Called when an answer has come, in the thread that has made it.
    """

    def __init__(self, ready: Callable[[], None]) -> None:
        self._ready = ready
        self._answers: dict[Hashable, Answer | EisfitError] = {}
        self._asked: set[Hashable] = set()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer | None:
        """Return an answer; None where it is still being made.

        Raises
        ------
        EisfitError
            That `make` has raised.
        """
        with self._lock:
            if key not in self._answers and key not in self._asked:
                self._asked.add(key)
                threading.Thread(target=self.make, args=(key, make), daemon=True).start()
            found = self._answers.get(key)
        if isinstance(found, EisfitError):
            raise found
        return found

    def make(self, key: Hashable, make: Callable[[], Answer]) -> None:
        """Make an answer in this thread, if it is not there."""
        if key in self._answers:
            return
        self._asked.add(key)
        try:
            self._answers[key] = make()
        except EisfitError as error:
            self._answers[key] = error
        except Exception as error:  # else it would be made again and again
            said = f"an error of eisfit itself ({type(error).__name__}: {error}); please report it"
            self._answers[key] = EisfitError(said)
        finally:
            self._asked.discard(key)
        self._ready()
