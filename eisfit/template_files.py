"""Template files: finding the shipped ones, reading any."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from eisfit.circuit import parse
from eisfit.errors import TemplateError
from eisfit.templates import ROLES, Check, Configuration, Segment, Setting, Template, check_settings
from eisfit.toml import Table

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def shelf() -> Traversable:
    """Return the folder of the shipped templates, in a wheel, a zip, a checkout or an editable install."""
    from importlib import resources  # imported when asked: it is slow to import

    packaged = resources.files("eisfit").joinpath("circuits")
    if packaged.is_dir():
        return packaged
    checkout = Path(__file__).resolve().parent.parent / "circuits"
    if checkout.is_dir():
        return checkout
    raise TemplateError("the folder of the shipped templates is missing: install eisfit-heteroionic again")


def shipped() -> tuple[str, ...]:
    """Return the names of the shipped templates."""
    return tuple(sorted(f.name.removesuffix(".toml") for f in shelf().iterdir() if f.name.endswith(".toml")))


def template(name: str | Path | Template, electrodes: int | None = None) -> Template:
    """Return a template.

    Parameters
    ----------
    name : str or Path
        Name of a shipped template, or path of a TOML file.
    electrodes : int, optional
        Number of electrodes of the measurement; chooses what the probes see.

    Raises
    ------
    TemplateError
        If there is no such template, its file is wrong, or it is not known with so many electrodes.

    Examples
    --------
    >>> import eisfit
    >>> eisfit.template("le_se", electrodes=4).circuit.text
    'R_le-Zarc_b-Zarc_gb-2 x Zarc_int'
    """
    if isinstance(name, Template):
        return name.seen_with(electrodes)
    if str(name).endswith(".toml"):
        path = Path(name)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise TemplateError(f"{path}: the template cannot be read ({error})") from None
        return parse_template(path.stem, text).seen_with(electrodes)
    if name not in shipped():
        raise TemplateError(
            f"no template {str(name)!r}; shipped: {', '.join(shipped())}; or give a path ending in .toml"
        )
    text = shelf().joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return parse_template(str(name), text).seen_with(electrodes)


def parse_template(name: str, text: str) -> Template:
    """Read the TOML text of a template.

    Raises
    ------
    TemplateError
        If it is no TOML, a key is unknown or missing, or its parts contradict each other.
    """
    where = f"template {name!r}"
    table = Table.parse(text, where, TemplateError)
    segments = tuple(_segment(t) for t in table.tables("segment", "name"))
    if not segments:
        raise TemplateError(f"{where}: it has no [[segment]]; a cell needs at least one")
    if len({s.name for s in segments}) < len(segments):
        raise TemplateError(f"{where}: two segments have the same name; each needs its own")
    result = Template(
        name=name,
        title=table.string("title"),
        use=table.string("use", ""),
        source=tuple(str(s) for s in table.take("source", [])),
        text=text,
        segments=segments,
        configurations=tuple(
            _configuration(key, t, segments) for key, t in table.named_tables("configuration").items()
        ),
        settings=MappingProxyType(
            {key: parse_setting(t) for key, t in table.named_tables("parameter").items()}
        ),
        checks=tuple(_check(t) for t in table.tables("check")),
    )
    table.finish()
    if not result.configurations:
        raise TemplateError(f"{where}: it has no [configuration.NAME]; say which segments the probes see")
    for check in result.checks:
        if check.configuration not in {c.name for c in result.configurations}:
            raise TemplateError(f"{where}: a check names the unknown configuration {check.configuration!r}")
    parameters = [p.name for s in segments for p in parse(s.circuit).parameters]
    doubled = sorted({p for p in parameters if parameters.count(p) > 1})
    if doubled:
        raise TemplateError(f"{where}: {doubled[0]!r} belongs to two segments; label the elements apart")
    check_settings(result)
    return result


def _segment(table: Table) -> Segment:
    role = table.string("role")
    if role not in ROLES:
        raise TemplateError(f"{table.where}: unknown role {role!r}; known: {', '.join(ROLES)}")
    circuit = table.string("circuit")
    parse(circuit)
    result = Segment(table.string("name"), role, circuit, table.pair("capacitance"))
    table.finish()
    return result


def _configuration(name: str, table: Table, segments: tuple[Segment, ...]) -> Configuration:
    electrodes = table.take("electrodes")
    counts = table.take("segments")
    table.finish()
    known = [s.name for s in segments]
    for key, count in counts.items():
        if key not in known:
            raise TemplateError(f"{table.where}: unknown segment {key!r}; known: {', '.join(known)}")
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise TemplateError(
                f"{table.where}: segment {key!r} is seen {count!r} times; write a whole number from 1"
            )
    return Configuration(name, int(electrodes), tuple(counts.items()))


def parse_setting(table: Table) -> Setting:
    """Read a ``[parameter.NAME]`` table: start, fixed, range."""
    start, fixed = table.number("start"), table.number("fixed")
    low, high = table.pair("range") or (None, None)
    table.finish()
    return Setting(start, fixed, low, high)


def _check(table: Table) -> Check:
    values = tuple((str(k), float(v)) for k, v in table.take("values").items())
    re, im = table.take("z_ohm")
    result = Check(table.string("configuration"), values, float(table.take("frequency_hz")), complex(re, im))
    table.finish()
    return result
