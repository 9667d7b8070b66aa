"""How a parameter is linked from spectrum to spectrum: one value for all, or a law over a condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eisfit.cell.roles import role_of
from eisfit.cell.templates import Template
from eisfit.circuit.arc import Arc, arc_of, is_resistor
from eisfit.circuit.circuit import span
from eisfit.errors import SeriesError
from eisfit.laws.ordinate import Ordinate, is_logarithm
from eisfit.laws.registry import Law, law_named
from eisfit.tools.nearest import did_you_mean


@dataclass(frozen=True)
class Link:
    """What holds of one parameter in all spectra of a joint fit.

    Parameters
    ----------
    name : str
        A parameter such as ``"CPE1_Q"``, the capacitance of an arc such as ``"Zarc_gb_C"``, or a segment, whose
        resistance is meant.
    law : Law or None
        How it follows a condition; None where it is the same in all spectra.
    ordinate : str
        In which the law holds; ``ln(R)`` where there is no law.
    known : (float, float) or None
        Value, in the unit of the parameter, and its standard error, where it is the same in all spectra and known
        from elsewhere.
    """

    name: str
    law: Law | None = None
    ordinate: Ordinate = "ln(R)"
    known: tuple[float, float] | None = None

    @property
    def size(self) -> int:
        """Number of its coordinates."""
        return 1 if self.law is None else len(self.law.parameters)

    @property
    def text(self) -> str:
        """What it says."""
        return "one value" if self.law is None else f"{self.law.name} in {self.ordinate}"


def place_of(name: str, template: Template) -> tuple[int, int | None] | None:
    """Return which parameter of a circuit a link is of, and that to whose ratio it belongs; None if there is none.

    The capacitance of an arc with a time constant is tau / R: what is linked is tau beside R. ``"interface"`` is the
    resistance of that segment, ``"interface C"`` its capacitance, ``"interface alpha"`` its exponent.
    """
    names = template.circuit.names
    if name in names:
        return names.index(name), None
    arc = name.removesuffix("_C")
    if name != arc and {f"{arc}_R", f"{arc}_tau"} <= set(names):
        return names.index(f"{arc}_tau"), names.index(f"{arc}_R")
    segment, _, what = name.rpartition(" ") if name.endswith((" C", " alpha")) else (name, "", "R")
    for on_path in template.path:
        if on_path.segment.name == segment:
            if (found := arc_of(on_path.node)) is not None:
                return _in_arc(found, what)
            if what == "R" and is_resistor(on_path.node):
                return span(on_path.node).start, None
    return None


def _in_arc(arc: Arc, what: str) -> tuple[int, int | None] | None:
    """Return the place of the resistance, capacitance or exponent of an arc; None where it is no parameter."""
    if what == "alpha":
        return None if arc.exponent is None else (arc.exponent, None)
    if what == "C":
        return (
            (arc.storage, arc.resistance)
            if arc.by_time
            else (arc.storage, None)
            if arc.exponent is None
            else None
        )
    return arc.resistance, None


def links_of(
    templates: Sequence[Template],
    share: Sequence[str] = (),
    laws: Mapping[str, str | tuple[str, Ordinate]] | None = None,
    known: Mapping[str, tuple[float, float]] | None = None,
) -> tuple[Link, ...]:
    """Return the links of a joint fit.

    Parameters
    ----------
    templates : sequence of Template
        The circuits of the spectra.
    share : sequence of str
        What has one value in all spectra.
    laws : mapping of str to str or (str, str), optional
        Name of the law that something follows, or name and ordinate.
    known : mapping of str to (float, float), optional
        Value and standard error of what has one value in all spectra and is known from elsewhere.

    Raises
    ------
    SeriesError
        If a name is unknown or linked twice, there is no such law, the ordinate is none of a resistance, a known
        value is not positive, or nothing is linked.
    """
    laws, known = laws or {}, known or {}
    found: dict[str, Link] = {}
    for name in dict.fromkeys((*share, *known)):
        _check_known(name, known.get(name))
        found[name] = Link(name, known=known.get(name))
    for name, wanted in laws.items():
        if name in found:
            what = "known as one value" if name in known else "shared"
            raise SeriesError(f"{name!r} is {what} and has a law as well; keep one of both")
        text, ordinate = (wanted, None) if isinstance(wanted, str) else wanted
        law = _law_of(name, text)
        found[name] = Link(name, law, _ordinate(name, law, ordinate, templates))
    if not found:
        raise SeriesError(
            'a joint fit links nothing; name share=["CPE1_Q"], laws={"R1": "arrhenius"}, or both'
        )
    taken: dict[tuple[int, int], str] = {}
    for name in found:
        places = [(k, place[0]) for k, t in enumerate(templates) if (place := place_of(name, t)) is not None]
        if not places:
            key = "known" if name in known else "share" if name in share else "law"
            raise SeriesError(f"{key} names {name!r}, {_none_of(name, templates)}")
        for k, column in places:
            _check_free(name, templates[k], templates[k].circuit.names[column])
        for place in places:
            if place in taken:
                raise SeriesError(f"{name!r} and {taken[place]!r} are the same parameter; link it once")
            taken[place] = name
    return tuple(found.values())


def _law_of(name: str, text: str) -> Law:
    try:
        return law_named(text)
    except SeriesError as fault:
        raise SeriesError(f"law of {name!r}: {fault}") from fault


def _none_of(name: str, templates: Sequence[Template]) -> str:
    """Return the end of a sentence about a name that cannot be linked; of a template its segments are listed."""
    there = _linkable(templates)
    parameters = {n for t in templates if not t.is_circuit for n in t.circuit.names}
    shown = [n for n in there if n not in parameters and n.removesuffix("_C") + "_tau" not in parameters]
    more = ", or a parameter of the circuit" if len(shown) < len(there) else ""
    return f"which is none of {', '.join(shown)}{more}{did_you_mean(name, there)}"


def _linkable(templates: Sequence[Template]) -> list[str]:
    found: dict[str, None] = {}
    for t in templates:
        if not t.is_circuit:
            named = [f"{s.segment.name}{end}" for s in t.path for end in ("", " C", " alpha")]
            found |= {name: None for name in named if place_of(name, t) is not None}
        found |= dict.fromkeys(t.circuit.names)
        found |= {
            f"{n.removesuffix('_tau')}_C": None
            for n in t.circuit.names
            if place_of(n.removesuffix("tau") + "C", t)
        }
    return list(found)


def _check_free(name: str, template: Template, parameter: str) -> None:
    """Raise SeriesError where what is linked is fixed, or tied to another parameter of its spectrum."""
    setting = template.effective_settings.get(parameter)
    if setting is None:
        return
    if setting.tie is not None:
        raise SeriesError(
            f"{name!r} is {parameter}, which is tied to {setting.tie} in each spectrum: two links of one parameter may "
            "go in a circle; link what it is tied to"
        )
    if setting.fixed is not None:
        raise SeriesError(
            f"{name!r} is {parameter}, which is fixed at {setting.fixed:g}: two known values contradict each other; "
            "keep one"
        )


def _check_known(name: str, known: tuple[float, float] | None) -> None:
    if known is not None and not all(0 < number < float("inf") for number in known):
        raise SeriesError(
            f"{name} is known as {known[0]:g} ± {known[1]:g}; value and standard error must be positive "
            "(fix the parameter where it is exact)"
        )


def _ordinate(name: str, law: Law, ordinate: Ordinate | None, templates: Sequence[Template]) -> Ordinate:
    allowed = [o for o in law.ordinates if "sigma" not in o and is_logarithm(o)]
    if not allowed:
        raise SeriesError(
            f"{name}: {law.name} is no law of the logarithm of a parameter; no joint fit follows it"
        )
    if ordinate is not None and ordinate not in allowed:
        raise SeriesError(
            f"{name}: a joint fit follows {law.name} in {' or '.join(allowed)}, not in {ordinate!r}"
        )
    roles = [s.segment.roles for t in templates for s in t.path if s.segment.name == name and s.segment.role]
    usual = [
        o
        for o in allowed
        if roles and ("T" in o) == any(role_of(r).temperature_in_ordinate for r in roles[0])
    ]
    return ordinate or (usual or allowed)[0]
