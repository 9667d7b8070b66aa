"""The pages as a process of their own, for tests that ask over HTTP or with a browser."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Served:
    """A server that runs: its first address, and its process."""

    address: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        return int(urlsplit(self.address).port or 0)

    @property
    def token(self) -> str:
        return parse_qs(urlsplit(self.address).query)["token"][0]

    def ask(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        body: bytes | None = None,
        known: bool = True,
    ) -> http.client.HTTPResponse:
        """Return the answer to a request; of a user who has the token if `known`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        cookie = {"Cookie": f"eisfit_{self.port}={self.token}"} if known else {}
        connection.request(method, path, body, {**cookie, **(headers or {})})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer


@contextmanager
def served(arguments: Sequence[str | Path], session: Path) -> Iterator[Served]:
    """Run `eisfit app` until the end of the block."""
    command = [sys.executable, "-m", "eisfit.cli", "app", *map(str, arguments), "--no-browser"]
    command += ["--session", str(session)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), address
        yield Served(address, process)
    finally:
        process.kill()
        process.communicate()
