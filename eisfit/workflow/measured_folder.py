"""The spectra of a folder under their conditions: by its ``series.toml``, or by the names of its files."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from pathlib import Path

from eisfit.errors import ManifestError
from eisfit.formats import Unread, read_all
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.keywords import known_keywords
from eisfit.workflow.manifest import MANIFEST_NAME, read_manifest
from eisfit.workflow.read import NothingReadable, read_spectra
from eisfit.workflow.temperature_names import PLACE, looks_named, name_in, temperature_from_name
from eisfit.workflow.write import RESULTS

_NO_DATA = {".toml", ".md", ".pdf", ".png", ".svg", ".jpg", ".jpeg", ".py", ".ipynb", ".h5", ".zip"}
_BY_T = re.compile(r"(?:^|[^A-Za-z])T[ =_]?[-−+m]?\d")  # T25, T=25, T_-10
_MOST_NAMED = 3  # files that a warning names


@known_keywords
def read_series(path: str | Path, *, temperature_from_name: str | None = None) -> list[Spectrum]:
    """Read the spectra of a series, each under its conditions.

    Parameters
    ----------
    path : str or Path
        A folder, or a manifest as `eisfit.workflow.read_manifest` takes it. A folder without ``series.toml`` gives
        all its files that hold a spectrum; their temperatures are those in the files, else in the names.
    temperature_from_name : str, optional
        Where names contain the temperature, as in ``series.toml``: ``"T{temperature_c}_"``. Default: that of the
        manifest; without one ``25C``, ``298K``, ``T25`` and the like are found.

    Returns
    -------
    list of Spectrum
        In the order of the manifest, or of the names. A spectrum without a temperature stays in the list.

    Raises
    ------
    ManifestError
        If there is no such folder or file, a key is unknown, or a name leaves its temperature open.
    NothingReadable
        If no file gave a spectrum; its `unread` holds the reasons.

    Warns
    -----
    UserWarning
        If some of the files could not be read.

    Examples
    --------
    >>> import eisfit
    >>> spectra = eisfit.read_series("sample_spectra/llto_le_four_electrode")  # doctest: +SKIP
    >>> series = eisfit.fit_series(spectra, "le_se")  # doctest: +SKIP
    """
    folder = Path(path)
    if folder.is_dir() and not (folder / MANIFEST_NAME).is_file():
        spectra, unread = _by_names(folder, temperature_from_name)
    elif temperature_from_name is None:
        spectra, unread = read_spectra(read_manifest(folder))
    else:
        raise ManifestError(
            f"{folder}: temperature_from_name is given twice, here and in the manifest; keep that of the manifest"
        )
    if not spectra:
        raise NothingReadable(f"{folder}: none of its {len(unread)} files holds a spectrum", unread)
    if unread:
        reasons = "; ".join(u.reason for u in unread[:_MOST_NAMED])
        more = f"; and {len(unread) - _MOST_NAMED} more" if len(unread) > _MOST_NAMED else ""
        total = len(unread) + len({s.source.file for s in spectra if s.source})
        warnings.warn(f"{len(unread)} of {total} files were left out: {reasons}{more}", stacklevel=2)
    return spectra


def _by_names(folder: Path, pattern: str | None) -> tuple[list[Spectrum], list[Unread]]:
    """Read all files of a folder that may hold data, those of its folders too; folders of results are left out."""
    files = [
        f
        for f in sorted(folder.rglob("*"))
        if f.is_file()
        and f.suffix.lower() not in _NO_DATA
        and not _hidden(f.relative_to(folder))
        and not (f.parent / RESULTS).is_file()
    ]
    if not files:
        raise ManifestError(f"{folder}: there is no file with data in this folder, and no {MANIFEST_NAME}")
    spectra, unread = read_all(files)
    return [_with_temperature(s, folder, pattern) for s in spectra], unread


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "~")) for part in path.parts)


def _with_temperature(spectrum: Spectrum, folder: Path, pattern: str | None) -> Spectrum:
    """Return a spectrum with the temperature of its name, where neither the file nor the name is silent about it."""
    if spectrum.source is None or (spectrum.conditions.temperature_c is not None and pattern is None):
        return spectrum
    name = name_in(Path(spectrum.source.file), folder)
    fitting = pattern or _pattern_of(name)
    if not fitting:
        return spectrum
    temperature, findings = temperature_from_name(name, fitting, spectrum.source.file)
    known = replace(spectrum.conditions, temperature_c=temperature)
    return spectrum.under(known).noting(*findings)


def _pattern_of(name: str) -> str:
    """Return the pattern by which a name contains a temperature; empty where it seems to contain none."""
    if looks_named(name):
        return f"{PLACE}C"
    return f"T{PLACE}" if _BY_T.search(name) else ""
