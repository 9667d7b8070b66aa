"""The README's Python runs on the sample as it is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import eisfit
from support.docs_pages import reader
from support.paths import ROOT


def test_the_python_of_the_readme_runs_as_written(tmp_path: Path) -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
    names: dict[str, Any] = {}
    with reader(tmp_path):
        exec(compile(block, "README.md", "exec"), names)
        assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == [
            "cell7.h5",
            "nyquist.pdf",
            "nyquist.png",
        ]
        assert eisfit.store.load("cell7.h5") == names["series"]
    assert names["line"].points_used == 8
    assert abs(names["line"].activation_energy_ev - 0.52) < 3 * names["line"].activation_energy_stderr_ev
    assert len(names["frame"]) == 24
