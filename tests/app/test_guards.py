"""Nobody but the user of the server reaches the pages, and the pages reach nobody else."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from eisfit.app.guards import Guard
from eisfit.app.uploads import safe_name
from support.app_server import Served, served

pytest.importorskip("nicegui", reason="NiceGUI (extra app) is not installed")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served([], tmp_path_factory.mktemp("session")) as running:
        yield running


def test_the_first_address_gives_a_cookie_and_loses_its_token(server: Served) -> None:
    answer = server.ask(f"/?token={server.token}", known=False)
    assert answer.status == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert server.token in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_the_page_opens_for_its_user(server: Served) -> None:
    assert server.ask("/").status == 200


def test_the_cookie_of_another_server_opens_nothing(server: Served) -> None:
    assert server.ask("/", {"Cookie": f"eisfit_{server.port}=other"}, known=False).status == 403
    assert server.ask("/", {"Cookie": f"eisfit_1={server.token}"}, known=False).status == 403


@pytest.mark.parametrize("path", ["/", "/?token=guessed", "/_nicegui/3.18.0/static/nicegui.js", "/docs"])
def test_nothing_opens_without_the_token(server: Served, path: str) -> None:
    assert server.ask(path, known=False).status == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1.evil.example"])
def test_a_foreign_host_is_refused(server: Served, host: str) -> None:
    assert server.ask("/", {"Host": host}).status == 400


@pytest.mark.parametrize("path", ["/", "/_nicegui_ws/socket.io/?EIO=4&transport=polling"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_foreign_origin_is_refused(server: Served, path: str, origin: str) -> None:
    answer = server.ask(path, {"Origin": origin})
    assert answer.status == 403
    assert "access-control-allow-origin" not in {k.lower() for k in answer.headers}


def websocket(server: Served, origin: str | None, known: bool = True) -> int:
    """Return the status of a handshake."""
    lines = [
        "GET /_nicegui_ws/socket.io/?EIO=4&transport=websocket HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
    ]
    lines += [f"Origin: {origin}"] if origin else []
    lines += [f"Cookie: eisfit_{server.port}={server.token}"] if known else []
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as link:
        link.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(link.recv(200).split()[1])


def test_a_websocket_opens_for_the_own_origin_with_the_token_only(server: Served) -> None:
    own = f"http://127.0.0.1:{server.port}"
    assert websocket(server, own) == 101
    assert websocket(server, "http://evil.example") == 403
    assert websocket(server, None) == 403
    assert websocket(server, own, known=False) == 403


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/_nicegui/3.18.0/static/..%2f..%2f"]
)
def test_no_file_of_the_disk_is_handed_out(server: Served, path: str) -> None:
    assert server.ask(path).status in (400, 403, 404)


def test_a_page_may_use_its_own_sources_only(server: Served) -> None:
    headers = server.ask("/").headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == f"'self' ws://127.0.0.1:{server.port}"
    assert policy["frame-ancestors"] == "'none'"
    assert not any("http" in part.replace("http-equiv", "") for part in policy.values())
    assert headers["x-content-type-options"] == "nosniff"


def test_an_upload_that_says_it_is_too_large_is_refused(server: Served) -> None:
    answer = server.ask("/_nicegui/client/x/upload/1", {"Content-Length": str(10**10)}, method="POST")
    assert answer.status == 413


def test_an_upload_that_lies_about_its_size_is_cut_off() -> None:
    seen: list[int] = []

    async def takes_all(scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] == "http.request":
            seen.append(len(message["body"]))

    async def body() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    async def nothing(message: MutableMapping[str, Any]) -> None:
        pass

    guard = Guard(takes_all, 80, "t", most_bytes=3500)
    headers = [(b"host", b"localhost:80"), (b"cookie", b"eisfit_80=t")]
    scope = {"type": "http", "path": "/", "headers": headers, "query_string": b""}
    asyncio.run(guard(scope, body, nothing))
    assert sum(seen) == 3000


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/shadow", "shadow"),
        ("..", "uploaded"),
        ("", "uploaded"),
        ("cell 25 °C.csv", "cell 25 _C.csv"),
        ("a\x00b.csv", "a_b.csv"),
        (".bashrc", "bashrc"),
    ],
)
def test_the_name_of_an_uploaded_file_is_never_a_path(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert Path(safe).name == safe
