"""The command app says in one sentence what it cannot do."""

from __future__ import annotations

import importlib.util
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eisfit.app import session_folder
from eisfit.session import Session
from support.commands import Command, eisfit

__all__ = ["eisfit"]


def test_without_nicegui_it_says_how_to_install_it(eisfit: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec

    def without(name: str, *rest: Any) -> Any:
        return None if name == "nicegui" else find(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", without)
    ran = eisfit("app", "--no-browser")
    assert ran.code == 2
    assert (
        'NiceGUI, which is not installed; install it by: python -m pip install "eisfit-heteroionic[app]"'
        in ran.err
    )


def test_a_nicegui_that_is_too_old_is_named(eisfit: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nicegui", reason="NiceGUI (extra app) is not installed")
    monkeypatch.setattr("eisfit.app.needed.version", lambda name: "3.9.1")
    assert "needs NiceGUI 3.18 or newer, and 3.9.1 is installed" in eisfit("app", "--no-browser").err


@pytest.fixture
def installed() -> None:
    pytest.importorskip("nicegui", reason="NiceGUI (extra app) is not installed")


@pytest.mark.usefixtures("installed")
def test_a_port_in_use_is_named(eisfit: Command, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = eisfit("app", "--no-browser", "--port", port, "--session", tmp_path / "s")
    assert ran.code == 2
    assert f"--port {port}: this port cannot be used (Address already in use); give another one" in ran.err


def no_browser(address: str) -> bool:
    return False


def broken_browser(address: str) -> bool:
    raise webbrowser.Error("could not locate runnable browser")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("opening", [no_browser, broken_browser])
def test_where_no_browser_can_be_opened_it_says_so_once_and_serves(
    opening: Callable[[str], bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from eisfit.app import server

    said: list[str] = []
    opened, served = threading.Event(), []

    def told(sentence: str) -> None:
        said.append(sentence)
        if len(said) == 2:
            opened.set()

    def run(pages: Any, listener: socket.socket) -> None:
        assert opened.wait(10)
        served.append(listener.getsockname()[1])

    monkeypatch.setattr("webbrowser.open", opening)
    monkeypatch.setattr(server, "application", lambda desk: None)
    monkeypatch.setattr(server, "_run", run)
    server.serve([], session=tmp_path / "s", told=told)
    assert said[0].startswith(f"http://127.0.0.1:{served[0]}/?token=")
    assert said[1:] == ["no browser could be opened: open the address above in one on this computer"]


@pytest.mark.usefixtures("installed")
def test_a_browser_that_stays_in_the_terminal_does_not_hold_up_the_pages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from eisfit.app import server

    ended, served = threading.Event(), []
    monkeypatch.setattr("webbrowser.open", lambda address: ended.wait(10))
    monkeypatch.setattr(server, "application", lambda desk: None)
    monkeypatch.setattr(server, "_run", lambda pages, listener: served.append(ended.is_set()))
    server.serve([], session=tmp_path / "s", told=lambda sentence: None)
    ended.set()
    assert served == [False]


@pytest.mark.usefixtures("installed")
def test_a_folder_that_is_not_there_is_named(eisfit: Command, tmp_path: Path) -> None:
    assert "there is no such folder or file" in eisfit("app", tmp_path / "nowhere", "--no-browser").err


@pytest.mark.usefixtures("installed")
def test_a_session_that_is_open_elsewhere_is_named(eisfit: Command, tmp_path: Path) -> None:
    with Session(tmp_path / "s"):
        ran = eisfit("app", "--no-browser", "--session", tmp_path / "s")
    assert ran.code == 2
    assert "this session is open in another process" in ran.err


def test_a_session_lies_in_the_home_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    one, same, other = (session_folder([a]) for a in ("/data/cell 7", "/data/cell 7/", "/data/cell 8"))
    assert one == same != other
    assert one.parent == tmp_path / "eisfit" / "sessions"
    assert one.name.startswith("cell_7-")
