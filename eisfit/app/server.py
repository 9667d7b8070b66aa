"""The server: bound to this computer, one user, one session."""

from __future__ import annotations

import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from eisfit.app.desk import Desk
from eisfit.app.guards import Guard
from eisfit.app.light_imports import light_imports
from eisfit.app.needed import check_installed
from eisfit.app.places import session_folder
from eisfit.errors import InputError
from eisfit.session import Session

HOST = "127.0.0.1"
RECONNECT_S = 120.0
_SWITCH_S = 0.001  # threads that read results give way to pages after it


def serve(
    arguments: Sequence[str],
    *,
    port: int = 0,
    browser: bool = True,
    session: Path | None = None,
    told: Callable[[str], None] = print,
) -> None:
    """Show pages until they are ended.

    Parameters
    ----------
    arguments : sequence of str
        What is opened first, if the session is new; data files, folders, results.
    port : int
        0 for any that is free.
    browser : bool
        Whether the browser is opened.
    session : Path, optional
        Folder of the session. Default: one for these arguments, beside no data.
    told : callable
        Called with the first address.

    Raises
    ------
    InputError
        If NiceGUI is missing, the port is in use, or a named file does not exist.
    SessionError
        If another process has the session open, or it is damaged.
    """
    check_installed()
    for argument in arguments:
        if not Path(argument).exists():
            raise InputError(f"{argument}: there is no such folder or file")
    with Session(session or session_folder(arguments)) as opened, listening(port) as listener:
        desk = Desk(opened)
        token, number = secrets.token_urlsafe(24), listener.getsockname()[1]
        address = f"http://{HOST}:{number}/?token={token}"
        told(address)
        if (
            browser
        ):  # in a thread: a browser that runs in the terminal would hold up the pages that it asks for
            threading.Thread(target=_show, args=(address, told), daemon=True).start()
        pages = Guard(application(desk), number, token)
        desk.warm()
        if arguments and not opened.done:  # in a process of its own: it would take from the first page before
            desk.open(arguments)
        sys.setswitchinterval(_SWITCH_S)
        _run(pages, listener)
        desk.stop()


def _show(address: str, told: Callable[[str], None]) -> None:
    """Open the first address in the browser of the user, or say that there is none."""
    try:
        shown = webbrowser.open(address)
    except (webbrowser.Error, OSError):
        shown = False
    if not shown:
        told("no browser could be opened: open the address above in one on this computer")


def listening(port: int) -> socket.socket:
    """Return a socket at a port of this computer that nothing else can reach.

    Raises
    ------
    InputError
        If the port is in use or not allowed.
    """
    if not 0 <= port <= 65535:
        raise InputError(
            f"--port {port}: a port is a number from 1 to 65535; leave it out for any that is free"
        )
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((HOST, port))
        found.listen()  # whoever comes before the pages are ready waits
    except OSError as error:
        found.close()
        raise InputError(
            f"--port {port}: this port cannot be used ({error.strerror or error}); give another one, or leave it out "
            "for any that is free"
        ) from None
    return found


def application(desk: Desk) -> Any:
    """Return the pages of a desk as an ASGI application."""
    with light_imports():
        from fastapi import FastAPI
        from nicegui import ui

        from eisfit.app.shell import shell

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    ui.run_with(
        app,
        root=lambda: shell(desk),
        title="eisfit",
        reconnect_timeout=RECONNECT_S,
        show_welcome_message=False,
    )
    return app


def _run(app: Any, listener: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        app, log_level="warning", ws_max_size=64 * 1024 * 1024, timeout_graceful_shutdown=2
    )
    uvicorn.Server(config).run(sockets=[listener])
