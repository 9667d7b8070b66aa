"""The package works from a wheel, from a zip and from a checkout; importing it is light."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import eisfit
from support.paths import ROOT

LIST = "import eisfit; print(eisfit.__file__, *eisfit.shipped(), eisfit.template('le_se', electrodes=4).circuit.text)"
SCENARIOS = "import eisfit.simulate as s; print(*s.SCENARIOS, len(s.simulate('llto_blocking_cold').spectra))"
LITERATURE = "import eisfit; print(len(eisfit.literature.facts()))"
SHELF = ROOT / "eisfit" / "simulate" / "scenarios"
HEAVY = (
    "matplotlib",
    "lmfit",
    "pandas",
    "h5py",
    "impedance",
    "rich",
    "typer",
    "nicegui",
    "scipy.optimize",
    "scipy.stats",
)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def run(code: str, path: Path, cwd: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_carries_templates_and_types_and_nothing_else_at_the_top(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "eisfit/circuits/le_se.toml" in names
    assert "eisfit/py.typed" in names
    assert "eisfit/literature/values.csv" in names
    scenarios = {f"eisfit/simulate/scenarios/{p.name}" for p in SHELF.glob("*.toml")}
    assert scenarios
    assert scenarios <= set(names)
    campaigns = {f"eisfit/simulate/campaigns/{p.name}" for p in SHELF.with_name("campaigns").glob("*.toml")}
    assert campaigns
    assert campaigns <= set(names)
    assert {name.split("/")[0] for name in names} == {
        "eisfit",
        f"eisfit_heteroionic-{eisfit.__version__}.dist-info",
    }


def test_templates_are_found_in_an_unpacked_wheel(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    out = run(LIST, tmp_path / "site", tmp_path)
    assert out.startswith(str(tmp_path / "site"))
    assert "le_se se_blocking" in " ".join(out.split()[1:]) or "se_blocking" in out


def test_templates_are_found_in_a_zip(wheel: Path, tmp_path: Path) -> None:
    out = run(LIST, wheel, tmp_path)
    assert out.startswith(str(wheel))
    assert "R_le-Zarc_b-Zarc_gb-2 x Zarc_int" in out


def test_scenarios_are_found_in_a_wheel_and_in_a_checkout(wheel: Path, tmp_path: Path) -> None:
    names = sorted(p.stem for p in SHELF.glob("*.toml"))
    for where in (wheel, ROOT):
        assert run(SCENARIOS, where, tmp_path).split() == [*names, "8"]


def test_published_values_are_found_in_a_wheel_and_in_a_checkout(wheel: Path, tmp_path: Path) -> None:
    assert run(LITERATURE, wheel, tmp_path) == run(LITERATURE, ROOT, tmp_path)


def test_the_source_archive_carries_templates_and_scenarios(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "build",
        "--sdist",
        "--no-isolation",
        "--outdir",
        str(tmp_path),
        str(ROOT),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    data = [*SHELF.glob("*.toml"), *(ROOT / "circuits").glob("*.toml")]
    assert {p.relative_to(ROOT).as_posix() for p in data} <= names


def test_templates_are_found_in_a_checkout(tmp_path: Path) -> None:
    assert "se_blocking" in run(LIST, ROOT, tmp_path)


def test_importing_loads_nothing_heavy(tmp_path: Path) -> None:
    code = f"import sys, eisfit; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert run(code, ROOT, tmp_path).strip() == "[]"


def test_the_version_is_told_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == eisfit.__version__
    assert f"## [{eisfit.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert project["name"] == "eisfit-heteroionic"


def test_everything_public_is_there() -> None:
    for name in eisfit.__all__:
        assert getattr(eisfit, name) is not None
    assert sorted(dir(eisfit)) == sorted([*eisfit.__all__, "__version__"])
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        eisfit.nothing
