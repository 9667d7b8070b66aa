"""Formats that other packages offer under the entry point group `eisfit.readers`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from eisfit.errors import FormatError
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "eisfit.readers"


@dataclass(frozen=True)
class Plugins:
    """The plug-ins that work, and the faults of the others."""

    formats: tuple[Format, ...] = ()
    broken: tuple[Finding, ...] = ()


@cache
def plugins() -> Plugins:
    """Return the plug-ins of this environment, loaded once, when a file needs them."""
    from importlib.metadata import entry_points

    return loaded(tuple(entry_points(group=GROUP)))


def loaded(entries: tuple[EntryPoint, ...]) -> Plugins:
    """Load entry points; one that fails is reported, and the others work."""
    formats: list[Format] = []
    broken: list[Finding] = []
    for entry in entries:
        try:
            found = entry.load()
        except Exception as error:  # a third-party module may raise anything when imported
            broken.append(_broken(entry, f"cannot be loaded ({type(error).__name__}: {error})"))
            continue
        if isinstance(found, Format):
            formats.append(_guarded(entry.name, found))
        else:
            broken.append(_broken(entry, f"is a {type(found).__name__} and must be an eisfit.formats.Format"))
    return Plugins(tuple(formats), tuple(broken))


def _broken(entry: EntryPoint, text: str) -> Finding:
    return Finding(
        "plug-in", f"the reader plug-in {entry.name!r} ({entry.value}) {text}; update or remove it"
    )


def _guarded(name: str, plugin: Format) -> Format:
    """Wrap a plug-in so that its faults become FormatErrors with a message."""

    def recognise(raw: RawFile) -> bool:
        try:
            return bool(plugin.recognise(raw))
        except Exception as error:  # third-party code may raise anything
            raise FormatError(
                f"{raw.name}: the reader plug-in {name!r} failed to look at it ({error!r})"
            ) from error

    def read(raw: RawFile) -> list[Spectrum]:
        try:
            spectra = list(plugin.read(raw))
        except FormatError:
            raise
        except Exception as error:  # third-party code may raise anything
            raise FormatError(
                f"{raw.name}: the reader plug-in {name!r} failed to read it ({error!r})"
            ) from error
        if not spectra or not all(isinstance(s, Spectrum) for s in spectra):
            raise FormatError(f"{raw.name}: the reader plug-in {name!r} did not return a list of spectra")
        return spectra

    return Format(plugin.name, recognise, read, plugin.channels)
