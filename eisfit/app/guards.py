"""Guards in front of the pages: own host, own origin, the token, a limit of uploads, a content security policy."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_UPLOAD_BYTES = 256 * 1024 * 1024
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_NO_TOKEN = "This address lacks its token: open the whole address that 'eisfit app' has printed.\n"


class Guard:
    """An application that lets only the user of this server reach another one.

    Parameters
    ----------
    app : callable
        What is guarded, an ASGI application.
    port : int
        On which it is reached at 127.0.0.1.
    token : str
        Of the first address.
    most_bytes : int
        Largest body of a request.
    """

    def __init__(self, app: Application, port: int, token: str, most_bytes: int = MOST_UPLOAD_BYTES) -> None:
        self.app, self.token, self.most_bytes = app, token, most_bytes
        self.cookie = f"eisfit_{port}"
        self.hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self.origins = {f"http://{host}" for host in self.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = _headers(scope)
        if refused := self._refused(scope, headers):
            await _refuse(scope, send, *refused)
            return
        if scope["type"] == "http" and self._brings_token(scope):
            await self._enter(send)
            return
        if not self._is_known(headers):
            await _refuse(scope, send, 403, _NO_TOKEN)
            return
        if not _is_own(scope["path"]):
            await _refuse(scope, send, 404, "There is no such page.\n")
            return
        if int(headers.get("content-length") or 0) > self.most_bytes:
            await _refuse(scope, send, 413, self._too_large)
            return
        await self.app(scope, self._limited(receive), self._with_policy(send, headers["host"]))

    @property
    def _too_large(self) -> str:
        return f"This file is larger than {self.most_bytes // 2**20} MiB: open it by its path instead.\n"

    def _refused(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        if headers.get("host") not in self.hosts:
            return 400, "This server answers to 127.0.0.1 and localhost only.\n"
        origin = headers.get("origin")
        if scope["type"] == "websocket" and origin is None:
            return 403, "A websocket must name its origin.\n"
        if origin is not None and origin not in self.origins:
            return 403, "Requests from other sites are refused.\n"
        length = headers.get("content-length")
        if length is not None and not length.isdecimal():
            return 400, "content-length is no number.\n"
        return None

    def _brings_token(self, scope: Scope) -> bool:
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        return scope["path"] == "/" and bool(given) and _same(given, self.token)

    def _is_known(self, headers: dict[str, str]) -> bool:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return False
        return found is not None and _same(found.value, self.token)

    async def _enter(self, send: Send) -> None:
        """Keep the token in a cookie, and take it out of the address."""
        cookie = f"{self.cookie}={self.token}; HttpOnly; SameSite=Strict; Path=/"
        headers = [(b"location", b"/"), (b"set-cookie", cookie.encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _limited(self, receive: Receive) -> Receive:
        """Count what a body holds, whatever it says of its length."""
        seen = 0

        async def counted() -> MutableMapping[str, Any]:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > self.most_bytes:
                    return {"type": "http.disconnect"}
            return message

        return counted

    def _with_policy(self, send: Send, host: str) -> Send:
        policy = _policy(host)

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                mine = {**_HEADERS, "content-security-policy": policy}
                kept = [(k, v) for k, v in message.get("headers", []) if k.decode().lower() not in mine]
                kept = [(k, v) for k, v in kept if not k.lower().startswith(b"access-control-")]
                added = [(k.encode(), v.encode()) for k, v in mine.items()]
                message = {**message, "headers": [*kept, *added]}
            await send(message)

        return guarded


def _policy(host: str) -> str:
    """Return which sources a page may use: its own; scripts of Vue are made of text."""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' ws://{host}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _headers(scope: Scope) -> dict[str, str]:
    return {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope.get("headers", [])}


def _is_own(path: str) -> bool:
    """Tell whether a path is one of the pages: the only one, what it is made of, and no way out of it."""
    inside = path in ("/", "/favicon.ico") or path.startswith(("/_nicegui/", "/_nicegui_ws/"))
    return inside and ".." not in path and "\\" not in path


def _same(given: str, token: str) -> bool:
    return secrets.compare_digest(given.encode(), token.encode())


async def _refuse(scope: Scope, send: Send, status: int, text: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": text.strip()})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
