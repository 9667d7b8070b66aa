"""What is said where a device is none, or is not there."""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

import eisfit
from eisfit.engine.backends import cpu
from eisfit.engine.backends.choice import backend_of
from eisfit.errors import InputError
from support.commands import Command
from support.many import CIRCUIT, FREQUENCY_HZ, impedances, job


def without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)


def with_cards(monkeypatch: pytest.MonkeyPatch, count: int, cuda: str | None = "13.0") -> None:
    """Pretend that there is PyTorch, with some cards."""
    torch = ModuleType("torch")
    torch.__spec__ = ModuleSpec("torch", None)
    torch.__version__ = "2.9"  # type: ignore[attr-defined]
    torch.cuda = SimpleNamespace(is_available=lambda: count > 0, device_count=lambda: count)  # type: ignore[attr-defined]
    torch.version = SimpleNamespace(cuda=cuda, hip=None)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", torch)


def test_the_processor_is_numpy() -> None:
    assert backend_of("cpu") is cpu.run


@pytest.mark.parametrize("device", ["cdua", "gpu", "cuda:", "cuda:x", "mps", ""])
def test_a_text_that_is_no_device_is_told(device: str) -> None:
    with pytest.raises(InputError, match=r"give 'cpu', 'cuda', or 'cuda:N' for the N-th card, from 0"):
        backend_of(device)


def test_a_slip_of_the_pen_is_named() -> None:
    with pytest.raises(InputError, match=r"device 'cdua' \(did you mean 'cuda'\?\)"):
        eisfit.fit_many(frequency_hz=FREQUENCY_HZ, z_ohm=np.ones((1, 31)), circuit="R0", device="cdua")


def test_missing_torch_is_told_before_anything_is_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, eisfit: Command
) -> None:
    without_torch(monkeypatch)
    made = job(tmp_path, 2, 2, z=impedances(2))
    ran = eisfit("batch", made.data, "-o", made.output, "--circuit", CIRCUIT, "--device", "cuda")
    assert ran.code == 2
    assert "device 'cuda' needs PyTorch: pip install 'eisfit-heteroionic[gpu]'" in ran.err
    assert not made.output.exists()


@pytest.mark.parametrize(
    ("count", "cuda", "device", "said"),
    [
        (0, "13.0", "cuda", "PyTorch 2.9 finds no graphics processor here: install its driver"),
        (0, None, "cuda", "PyTorch 2.9, which is a build for processors alone, finds no graphics processor"),
        (2, "13.0", "cuda:2", "the cards here are cuda:0, cuda:1: give one of them"),
    ],
)
def test_a_missing_card_is_told(
    monkeypatch: pytest.MonkeyPatch, count: int, cuda: str | None, device: str, said: str
) -> None:
    with_cards(monkeypatch, count, cuda)
    with pytest.raises(InputError, match=said):
        backend_of(device)


def test_a_card_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with_cards(monkeypatch, 2)
    assert backend_of("cuda:1").keywords == {"device": "cuda:1"}  # type: ignore[attr-defined]
