"""Write a simulated series to a folder: instrument files, series.toml, truth.toml, README."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from eisfit.errors import InputError
from eisfit.formats.delimited_text import write_csv
from eisfit.formats.eclab_text import write_mpt
from eisfit.formats.gamry import write_dta
from eisfit.formats.zplot import write_z
from eisfit.simulate.simulation import Simulation
from eisfit.simulate.texts import readme, series_toml, truth_toml
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.whole_files import write_together


def write_simulation(
    simulation: Simulation,
    folder: str | Path,
    *,
    overwrite: bool = False,
    complements: str | Path | None = None,
) -> Path:
    """Write a simulated series to a folder, with its truth beside it, and its complementary cells below.

    Parameters
    ----------
    simulation : Simulation
        The series.
    folder : str or Path
        Made if it does not exist. Holds every spectrum in the formats of the scenario, ``series.toml`` (which reads
        the first of them), ``truth.toml`` and ``README.md`` afterwards.
    overwrite : bool
        Whether a series that the folder holds already may be replaced.
    complements : str or Path, optional
        Where the folders of complementary cells are made; in `folder` if not given. ``series.toml`` names them.

    Raises
    ------
    InputError
        If one of the folders holds a series already.
    """
    folder = Path(folder)
    above = folder if complements is None else Path(complements)
    besides = () if simulation.campaign is None else simulation.campaign.complements
    others = [above / beside.name for beside in besides]
    for each in (folder, *others):
        if (each / "series.toml").exists() and not overwrite:
            raise InputError(
                f"{each}: holds a series already; choose another folder, or --force to replace it"
            )
    for other, path in zip(simulation.complements, others, strict=True):
        _write_cell(other, path, ())
    return _write_cell(simulation, folder, [_seen_from(folder, path) for path in others])


def _seen_from(folder: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return path.resolve().as_posix()


def _write_cell(simulation: Simulation, folder: Path, complements: Sequence[str]) -> Path:
    with tempfile.TemporaryDirectory() as made:
        for spectrum in simulation.spectra:
            for ending in simulation.scenario.formats:
                _write(Path(made) / f"{spectrum.label}{ending}", spectrum, simulation)
        files = {path.name: path.read_bytes() for path in sorted(Path(made).iterdir())}
    files["truth.toml"] = truth_toml(simulation).encode()
    files["README.md"] = readme(simulation).encode()
    files["series.toml"] = series_toml(simulation, complements).encode()
    write_together(folder, files)
    return folder


def _write(path: Path, spectrum: Spectrum, simulation: Simulation) -> None:
    comment = f"simulated by eisfit: {simulation.scenario.name}, seed {simulation.seed}"
    if path.suffix == ".mpt":
        write_mpt(path, spectrum, comment=comment)
    elif path.suffix == ".DTA":
        write_dta(path, spectrum, title=comment)
    elif path.suffix == ".z":
        write_z(path, spectrum)
    else:
        write_csv(path, spectrum)
