"""What the benchmarks share: the machine, the versions, medians of repeated runs, and tables."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
PACKAGES = ("numpy", "scipy", "lmfit", "impedance", "pyimpspec")
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def machine() -> dict[str, str]:
    """Return what the figures depend on."""
    found = {"machine": f"{_processor()}, {os.cpu_count()} cores", "system": platform.platform()}
    found["python"] = platform.python_version()
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _processor() -> str:
    cpu = Path("/proc/cpuinfo")
    if cpu.is_file():
        for line in cpu.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def timed(work: Callable[[], T], repeats: int) -> tuple[float, float, T]:
    """Return the median wall-clock and processor time of several runs in s, and what the last one gave."""
    wall, cpu = [], []
    for _ in range(max(repeats, 1)):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        result = work()
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - begin_cpu)
    return statistics.median(wall), statistics.median(cpu), result


def markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as a Markdown table; columns in the order in which they first occur."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = ["| " + " | ".join(columns) + " |", "|" + "|".join(" --- " for _ in columns) + "|"]
    lines += ["| " + " | ".join(_cell(row.get(key)) for key in columns) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return (
        f"{value:.3g}"
        if isinstance(value, float) and abs(value) < 1000
        else f"{value:.0f}"
        if isinstance(value, float)
        else str(value)
    )


def write(folder: Path, stem: str, title: str, rows: Sequence[Mapping[str, Any]], notes: str = "") -> None:
    """Write the rows as Markdown and as JSON, and print them."""
    about = machine()
    listed = "\n".join(f"- {key}: {value}" for key, value in about.items())
    text = (
        f"# {title}\n\n{markdown(rows)}\n{notes}\n\n{listed}\n"
        if notes
        else (f"# {title}\n\n{markdown(rows)}\n{listed}\n")
    )
    print(text)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{stem}.md").write_text(text, encoding="utf-8")
    data = {"title": title, "about": about, "rows": list(rows)}
    (folder / f"{stem}.json").write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
