"""What a manifest says of a joint fit: shared parameters, laws, known values, other cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.errors import ManifestError
from eisfit.tools.nearest import did_you_mean, nearest
from eisfit.tools.toml_table import Table, shown

if TYPE_CHECKING:
    from eisfit.fitting.complement import Complement
    from eisfit.fitting.complement_results import ComplementResults

RESULTS = "eisfit.h5"
KEYS = ("joint", "share", "law", "known", "complement")


@dataclass(frozen=True)
class OtherCell:
    """Another cell of a joint fit, as its manifest or its results describe it.

    See `eisfit.Complement`, and `eisfit.ComplementResults` where `finished`.
    """

    series: Path
    shares: tuple[str, ...]
    geometry_err: float
    name: str
    tolerance: float = 0.0
    use: bool = True
    finished: bool = False


@dataclass(frozen=True)
class JointKeys:
    """The keys of a joint fit.

    Parameters
    ----------
    wanted : bool
        Whether one is made.
    refused : bool
        Whether none is to be made, also not of several pairs of probes.
    share : tuple of str
        What has one value in all spectra.
    laws : mapping of str to str or (str, str)
        What follows which law, and in which ordinate.
    known : mapping of str to (float, float)
        Values with standard errors from elsewhere.
    complements : tuple of OtherCell
        Other cells.
    """

    wanted: bool = False
    share: tuple[str, ...] = ()
    laws: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    complements: tuple[OtherCell, ...] = ()
    refused: bool = False


NO_JOINT = JointKeys()


def joint_keys(table: Table, folder: Path) -> JointKeys:
    """Take the keys of a joint fit from a manifest in a folder; any of them asks for one, unless ``joint = false``.

    Raises
    ------
    ManifestError
        If a value is of the wrong kind, or a key below is unknown.
    """
    asked = any(key in table.data for key in KEYS)
    wanted = table.take("joint", asked)
    if not isinstance(wanted, bool):
        raise ManifestError(f"{table.where}: joint is {shown(wanted)}; write joint = true or joint = false")
    share = table.strings("share", ())
    laws = laws_in(table)
    known = {name: _value(table, name, value) for name, value in _pairs(table, "known").items()}
    others = tuple(_other_cell(below, folder) for below in table.tables("complement", "name"))
    names = [other.name for other in others]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ManifestError(
            f"{table.where}: two complements are called {twice!r}; give each a name of its own (name = ...)"
        )
    return JointKeys(wanted, share, laws, known, others, refused=table.take("joint", True) is False)


def laws_in(table: Table) -> dict[str, str | tuple[str, str]]:
    """Take what follows which law, and in which ordinate."""
    return {name: _law(table, name, value) for name, value in _pairs(table, "law").items()}


def _pairs(table: Table, key: str) -> Mapping[str, Any]:
    found = table.take(key, {})
    if not isinstance(found, Mapping):
        raise table.error(
            f'{table.where}: {key} is {shown(found)}; write a table, as [{key}] and "interface" = ...'
        )
    return found


def _law(table: Table, name: str, value: object) -> str | tuple[str, str]:
    if isinstance(value, str):
        return value
    if (
        isinstance(value, Mapping)
        and set(value) == {"law", "ordinate"}
        and all(isinstance(v, str) for v in value.values())
    ):
        return str(value["law"]), str(value["ordinate"])
    raise table.error(
        f'{table.where}: law of {name!r} is {shown(value)}; write "arrhenius", or '
        '{ law = "arrhenius", ordinate = "ln(T/R)" }'
    )


def _value(table: Table, name: str, value: object) -> tuple[float, float]:
    if (
        isinstance(value, Mapping)
        and set(value) == {"value", "stderr"}
        and all(_is_number(v) for v in value.values())
    ):
        return float(value["value"]), float(value["stderr"])
    raise ManifestError(
        f"{table.where}: known {name!r} is {shown(value)}; write {{ value = 1e-7, stderr = 2e-9 }}, in the unit of the "
        "parameter"
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _other_cell(table: Table, folder: Path) -> OtherCell:
    finished = "results" in table.data
    if finished and "series" in table.data:
        raise ManifestError(
            f"{table.where}: series and results name the other cell twice; keep series to fit its spectra as well, or "
            "results to take what is known of it"
        )
    if not finished and "series" not in table.data:
        written = next((key for key in table.data if nearest(key, ("series", "results"))), "")
        meant = did_you_mean(written, ("series", "results")) if written else ""
        raise ManifestError(
            f"{table.where}: no key names the other cell{f', {written!r} is none' if written else ''}{meant}; write "
            'series = "../pellet" to fit its spectra as well, or results = "../pellet_results"'
        )
    series, shares = table.string("results" if finished else "series"), table.strings("shares")
    error, name = table.number("geometry_err"), table.string("name", Path(series).name or series)
    tolerance, use = table.number("tolerance"), table.take("use", True)
    table.finish()
    if finished and tolerance is not None:
        raise ManifestError(
            f"{table.where}: tolerance is for cells whose spectra are fitted as well (series = ...); leave it out"
        )
    if (folder / series).resolve() == folder.resolve():
        raise ManifestError(
            f"{table.where}: series is {series!r}, the folder of this series itself; name that of another cell"
        )
    if not shares:
        raise ManifestError(
            f'{table.where}: shares is empty; name what both cells have, as shares = ["grain boundary"]'
        )
    if not isinstance(use, bool):
        raise ManifestError(f"{table.where}: use is {shown(use)}; write use = true or use = false")
    if tolerance is not None and not tolerance >= 0:
        raise ManifestError(
            f"{table.where}: tolerance is {tolerance:g}; it is a relative difference and must not be negative"
        )
    if error is not None and not error > 0:
        raise ManifestError(
            f"{table.where}: geometry_err is {error:g}; it is a relative error and must be positive"
        )
    known = 0.02 if error is None else error
    return OtherCell(folder / series, shares, known, name, tolerance or 0.0, use, finished)


def complements_of(keys: JointKeys) -> list[Complement | ComplementResults]:
    """Read the other cells of a joint fit.

    Raises
    ------
    ManifestError
        If the folder of one has no manifest, it names no template, or there are no results of a series.
    NothingReadable
        If no file of one gave a spectrum.
    """
    return [_known(cell) if cell.finished else _fitted(cell) for cell in keys.complements]


def _known(cell: OtherCell) -> ComplementResults:
    from eisfit.fitting.complement_results import ComplementResults
    from eisfit.results.series import Series
    from eisfit.store import load

    path = cell.series / RESULTS if cell.series.is_dir() else cell.series
    if not path.is_file():
        raise ManifestError(
            f"complement {cell.name!r}: {path}: there are no such results; write the folder that 'eisfit series' has "
            f"made for that cell, or its {RESULTS}"
        )
    series = load(path)
    if not isinstance(series, Series):
        raise ManifestError(f"complement {cell.name!r}: {path}: holds fits, and no series of one cell")
    return ComplementResults(series, cell.shares, cell.geometry_err, cell.name, cell.use)


def _fitted(cell: OtherCell) -> Complement:
    from eisfit.fitting.complement import Complement
    from eisfit.workflow.manifest import read_manifest
    from eisfit.workflow.read import NothingReadable, read_spectra

    described = read_manifest(cell.series)
    if described.template is None:
        raise ManifestError(f'{described.path}: no template is named; write template = "se_blocking"')
    spectra, unread = read_spectra(described)
    if not spectra:
        raise NothingReadable(f"{described.path}: none of its {len(unread)} files could be read", unread)
    shares, error = cell.shares, cell.geometry_err
    return Complement(spectra, described.template, shares, error, cell.name, cell.tolerance, cell.use)
