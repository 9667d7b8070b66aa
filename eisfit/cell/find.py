"""Find a template by name, path or circuit string."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from eisfit.cell.counts import given_numbers
from eisfit.cell.roles import role_of
from eisfit.cell.templates import Template
from eisfit.errors import CircuitError, FitError, TemplateError
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.keywords import known_keywords
from eisfit.tools.nearest import did_you_mean, file_like, nearest
from eisfit.tools.regular_file import text_of

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def resolve_template(name: str | Path | Template, spectra: Sequence[Spectrum] = ()) -> Template:
    """Return a template from a name, a path, a circuit string or a template, with its configuration chosen.

    Parameters
    ----------
    name : str, Path or Template
        A lower-case word, or the name of a shipped template in any case, is a template, a name ending in ``.toml`` a
        file, any other string a circuit.
    spectra : sequence of Spectrum
        Their ``conditions.electrodes`` choose the configuration where none is chosen yet, their ``conditions.own``
        the numbers from which it counts its segments, and of a cell with several pairs of voltage probes their
        ``conditions.probe_pair`` the pair.

    Raises
    ------
    TemplateError, CircuitError
        If there is no such template, or the circuit string does not parse.
    FitError
        If the spectra were measured with different numbers of electrodes, or of what the template counts, or between
        different pairs of probes.
    """
    found = resolve_cell(name, spectra)
    if not (spectra and found.configuration.open_pair):
        return found
    chosen = isinstance(name, Template) and bool(name.chosen)
    if chosen and all(s.conditions.probe_pair is None for s in spectra):
        return found  # everything between the outermost probes
    views = views_of(found, spectra)
    if len(views) > 1:
        pairs = ", ".join(dict.fromkeys(view.configuration.pair for view, _ in views))
        raise FitError(
            f"the spectra were measured between several pairs of probes or their places ({pairs}): fit_series fits "
            "them as one cell, fit those of one pair"
        )
    return views[0][0]


def views_of(cell: Template, spectra: Sequence[Spectrum]) -> list[tuple[Template, list[int]]]:
    """Return what each pair of probes sees of a cell, with the places of its spectra, in the order of the current.

    A cell without pairs is seen whole by all of them.

    Raises
    ------
    FitError
        If a spectrum states no pair, or one that there is not, or a probe stands where it cannot.
    """
    if not cell.configuration.open_pair:
        return [(cell, list(range(len(spectra))))]
    found: dict[object, tuple[Template, list[int]]] = {}
    for k, spectrum in enumerate(spectra):
        known, where = spectrum.conditions, spectrum.label or f"spectrum {k + 1}"
        if known.probe_pair is None:
            probes = ", ".join(name for name, _ in cell.configuration.probes)
            raise FitError(
                f'{where}: its pair of probes is not known; write pair = "{_first_pair(cell)}" beside its file, or '
                f'pair_from_name = "{{pair}}_" (--pair-from-name; the probes of {cell.name} are {probes})'
            )
        try:
            view = cell.between(known.probe_pair, known)
        except TemplateError as error:
            raise FitError(f"{where}: {error}") from None
        found.setdefault(view.configuration, (view, []))[1].append(k)
    order = [name for name, _ in cell.configuration.probes]
    return sorted(found.values(), key=lambda v: [order.index(p) for p in v[0].configuration.pair.split("-")])


def _first_pair(cell: Template) -> str:
    named = cell.configuration.pairs
    probes = [name for name, _ in cell.configuration.probes]
    return named[0][1] if named else "-".join(probes[:2])


def resolve_cell(name: str | Path | Template, spectra: Sequence[Spectrum] = ()) -> Template:
    """Return a template as `resolve_template` does, with the pairs of voltage probes left open."""
    if isinstance(name, str) and not _names_template(name):
        return _of_circuit(name)
    found = template(name)
    if not found.chosen:
        used = {s.conditions.electrodes for s in spectra if s.conditions.electrodes is not None}
        if len(used) > 1:
            counts = ", ".join(map(str, sorted(used)))
            raise FitError(f"the spectra were measured with {counts} electrodes: fit each number by itself")
        found = found.with_electrodes(used.pop() if used else None)
    _ = found.configuration
    owns = [s.conditions.own for s in spectra]
    return found.with_counts(given_numbers(found.counts, owns, f"template {found.name!r}"))


def _names_template(name: str) -> bool:
    """Tell whether a text is the name or path of a template, also of one that does not exist, rather than a circuit."""
    if name.endswith(".toml") or re.fullmatch(r"[a-z][a-z0-9_]*", name):
        return True
    if not re.fullmatch(r"[\w -]*[A-Za-z][\w -]*", name):
        return False
    return name.lower() in shipped() or bool(nearest(name, shipped()) and not _is_circuit(name))


def _is_circuit(text: str) -> bool:
    try:
        _of_circuit(text)
    except CircuitError:
        return False
    return True


@lru_cache(maxsize=64)
def _of_circuit(text: str) -> Template:
    """Return the template of a circuit string, parsed once for any number of spectra."""
    return Template.from_circuit(text)


def shelf() -> Traversable:
    """Return the folder of the shipped templates, in a wheel, a zip, a checkout or an editable install."""
    from importlib import resources  # imported when asked: it is slow to import

    packaged = resources.files("eisfit").joinpath("circuits")
    if packaged.is_dir():
        return packaged
    checkout = Path(__file__).resolve().parents[2] / "circuits"
    if checkout.is_dir():
        return checkout
    raise TemplateError("the folder of the shipped templates is missing: install eisfit-heteroionic again")


def shipped() -> tuple[str, ...]:
    """Return the names of the shipped templates."""
    return tuple(sorted(f.name.removesuffix(".toml") for f in shelf().iterdir() if f.name.endswith(".toml")))


@known_keywords
def template(
    name: str | Path | Template, electrodes: int | None = None, counts: Mapping[str, float] | None = None
) -> Template:
    """Return a template.

    Parameters
    ----------
    name : str or Path
        Name of a shipped template, or path of a TOML file.
    electrodes : int, optional
        Number of electrodes of the measurement; chooses the configuration.
    counts : mapping of str to int, optional
        The numbers from which it counts its segments, such as ``{"sheets": 3}`` of a stack.

    Raises
    ------
    TemplateError
        If there is no such template, its file is wrong, it has no configuration with that number of electrodes, or a
        count is unknown or impossible.

    Examples
    --------
    >>> import eisfit
    >>> eisfit.template("le_se", electrodes=4).circuit.text
    'R_le-Zarc_b-Zarc_gb-2 x Zarc_int'
    """
    return _found(name).with_electrodes(electrodes).with_counts(counts or {})


def _found(name: object) -> Template:
    if isinstance(name, Template):
        return name
    if not isinstance(name, str | Path):
        kind = "None" if name is None else f"of the kind {type(name).__name__}"
        raise TemplateError(
            "a template is a name such as 'le_se', a circuit such as 'R0-p(R1,CPE1)' or the path of a TOML file, and "
            f"this is {kind}"
        )
    if str(name).endswith(".toml"):
        path = Path(name)
        try:
            text = text_of(path)
        except (OSError, UnicodeDecodeError) as error:
            reason = (isinstance(error, OSError) and error.strerror) or error
            near = file_like(path) if isinstance(error, FileNotFoundError) else ""
            raise TemplateError(f"{path}: the template cannot be read ({reason}){near}") from None
        return _parsed(path.stem, text)
    if str(name).lower() not in shipped():
        raise TemplateError(
            f"no template {str(name)!r}{did_you_mean(str(name), shipped())}; shipped: {', '.join(shipped())}; or give "
            "a path ending in .toml"
        )
    known = str(name).lower()
    text = shelf().joinpath(f"{known}.toml").read_text(encoding="utf-8")
    return _parsed(known, text)


def _parsed(name: str, text: str) -> Template:
    from eisfit.cell.template_file import (
        parse_template,  # imported when asked: a circuit string needs no TOML
    )

    return parse_template(name, text)


def with_more_arcs(template: Template) -> tuple[str, ...]:
    """Return the shipped templates of the same layers and electrodes that have boundaries which this one has not."""
    asked = template.asked or template
    own, found = _roles(asked), []
    for name in shipped():
        if asked.system not in ("", _shipped(name).system):
            continue
        other = _roles(_shipped(name))
        layers = {role for role in own ^ other if role_of(role).kind == "layer"} - {"grain_boundary"}
        new = {role for role in other - own if role_of(role).kind == "boundary"}
        gone = {role for role in own - other if role_of(role).kind == "boundary"}
        if not layers and (len(new) > len(gone) or any(role_of(role).has_wall for role in new)):
            found.append(name)
    return tuple(found)


@cache
def _shipped(name: str) -> Template:
    return template(name)


def _roles(template: Template) -> set[str]:
    return {role for segment in template.segments for role in segment.roles}
