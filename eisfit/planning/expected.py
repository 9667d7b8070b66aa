"""What a segment, or a parameter, is expected to be: a value at a temperature, and how it follows temperature."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from eisfit.cell.geometry import layer_thickness_cm
from eisfit.cell.roles import names_in, role_of
from eisfit.cell.segments import PathSegment
from eisfit.cell.templates import Template
from eisfit.circuit.arc import Arc, arc_of, is_blocking, is_resistor
from eisfit.circuit.circuit import leaves, span
from eisfit.errors import InputError
from eisfit.planning.rates import Rate
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.keywords import refusing_unknown
from eisfit.tools.nearest import did_you_mean

ORDINATES = ("ln(1/R)", "ln(T/R)")


@refusing_unknown(InputError)
@dataclass(frozen=True)
class Expected:
    """What is expected of a segment of a template, or of a parameter of its circuit.

    Parameters
    ----------
    resistance_ohm : float, optional
        In the measured path: count times that of one segment. Or one of the next two.
    asr_ohm_cm2 : float, optional
        Area-specific resistance of one segment.
    conductivity_s_cm : float, optional
        Of a layer of known thickness.
    capacitance_f, capacitance_f_cm2 : float, optional
        Of one arc, the same at all temperatures; of a blocking electrode Q of its constant-phase element.
    alpha : float
        Exponent.
    value : float, optional
        Of a parameter, in its unit, in the place of all these.
    activation_energy_ev : float
        Of the resistance, or by which the parameter rises with 1/T.
    ordinate : {"ln(1/R)", "ln(T/R)"}, optional
        In which the energy is the slope; that of its role if not given.
    reference_c : float
        Temperature in °C at which the resistance, or the value, is given.

    Raises
    ------
    InputError
        If a number is not positive, an exponent exceeds 1, or the ordinate is unknown.

    Examples
    --------
    >>> from eisfit.planning import Expected
    >>> Expected(asr_ohm_cm2=500, activation_energy_ev=0.52, capacitance_f_cm2=1e-6, alpha=0.9).alpha
    0.9
    """

    resistance_ohm: float | None = None
    asr_ohm_cm2: float | None = None
    conductivity_s_cm: float | None = None
    capacitance_f: float | None = None
    capacitance_f_cm2: float | None = None
    alpha: float = 1.0
    value: float | None = None
    activation_energy_ev: float = 0.0
    ordinate: str | None = None
    reference_c: float = 25.0

    def __post_init__(self) -> None:
        for name in (*_RESISTANCES, *_CAPACITANCES, "alpha", "value"):
            number = getattr(self, name)
            if number is not None and not (number > 0 and math.isfinite(number)):
                raise InputError(f"{name} is {number:g}; it must be positive")
        if self.alpha > 1:
            raise InputError(f"alpha is {self.alpha:g}; an exponent lies between 0 and 1")
        if self.ordinate is not None and self.ordinate not in ORDINATES:
            raise InputError(
                f"unknown ordinate {self.ordinate!r}{did_you_mean(self.ordinate, ORDINATES)}; known: "
                f"{', '.join(ORDINATES)}"
            )


_RESISTANCES = ("resistance_ohm", "asr_ohm_cm2", "conductivity_s_cm")
_CAPACITANCES = ("capacitance_f", "capacitance_f_cm2")


def expected_rates(
    template: Template,
    expected: Mapping[str, Expected | float],
    conditions: Conditions,
    where: str,
    known: Mapping[str, Rate] | None = None,
) -> dict[str, Rate]:
    """Return how each parameter of a circuit is expected to follow temperature.

    Parameters
    ----------
    template : Template
        With its configuration chosen.
    expected : mapping of str to Expected or float
        By segment, or by parameter, which counts before its segment. A number is the value of a parameter, or the
        resistance of a segment in ohm.
    conditions : Conditions
        Area and thickness.
    where : str
        What messages call it.
    known : mapping of str to Rate, optional
        Of parameters that are known without.

    Raises
    ------
    InputError
        If a name is unknown, a segment has nothing, or what it has does not make its circuit.
    """
    parameters = {p.name: p for p in template.circuit.parameters}
    segments = {s.segment.name: s for s in template.path}
    _check_names(expected, (*segments, *parameters), where)
    values = {name: _as_expected(given, name in parameters) for name, given in expected.items()}
    rates: dict[str, Rate] = dict(known or {})
    for name, on_path in segments.items():
        own = span(on_path.node)
        inside = template.circuit.names[own.start : own.stop]
        if name in values and name not in parameters:
            rates |= _of_segment(on_path, values[name], conditions, f"{where}: {name}", inside)
    for name in parameters:
        given = values.get(name)
        if given is not None:
            rates[name] = _of_parameter(given, f"{where}: {name}")
        elif name not in rates:
            if template.is_circuit:
                raise InputError(f"{where}: nothing is expected of {name!r}: give its value, in its unit")
            part = next(s for s in segments.values() if name in _names(template, s))
            raise InputError(
                f"{where}: nothing is expected of {part.segment.name!r}, which lies between the probes: give "
                f'[expected."{part.segment.name}"] with a resistance and, for an arc, a capacitance'
            )
    return rates


def _as_expected(given: Expected | float, is_parameter: bool) -> Expected:
    if isinstance(given, Expected):
        return given
    return Expected(value=given) if is_parameter else Expected(resistance_ohm=given)


def _names(template: Template, part: PathSegment) -> tuple[str, ...]:
    own = span(part.node)
    return template.circuit.names[own.start : own.stop]


def _check_names(expected: Mapping[str, object], known: tuple[str, ...], where: str) -> None:
    for name in expected:
        if name not in known:
            there = ", ".join(dict.fromkeys(known))
            raise InputError(
                f"{where}: expected {name!r} is no segment between the probes and no parameter"
                f"{did_you_mean(name, known)}; there are {there}"
            )


def _of_parameter(given: Expected, where: str) -> Rate:
    if given.value is None:
        raise InputError(f"{where} is a parameter: give its value, in its unit")
    return Rate.activated(
        given.value,
        given.activation_energy_ev,
        given.reference_c,
        with_temperature=given.ordinate == "ln(T/R)",
    )


def _of_segment(
    part: PathSegment, given: Expected, conditions: Conditions, where: str, inside: tuple[str, ...]
) -> dict[str, Rate]:
    """Return the rates of the parameters of one segment."""
    arc, first = arc_of(part.node), span(part.node).start
    if arc is not None:
        resistance = _resistance(part, given, conditions, where)
        capacitance = Rate(math.log(_capacitance(given, conditions, where)))
        return _of_arc(arc, resistance, capacitance, given.alpha, inside, first)
    if is_resistor(part.node):
        return {inside[0]: _resistance(part, given, conditions, where)}
    elements = [leaf.element.name for leaf in leaves(part.node)]
    if is_blocking(part.node) and elements in (["CPE"], ["C"]):
        q = Rate(math.log(_capacitance(given, conditions, where)))
        return {inside[0]: q} | ({inside[1]: Rate(math.log(given.alpha))} if len(inside) > 1 else {})
    raise InputError(
        f"{where} is no resistor, arc or constant-phase element: give each of its parameters by name, as "
        f"[expected.{inside[0]}] with value"
    )


def _of_arc(
    arc: Arc, resistance: Rate, capacitance: Rate, alpha: float, inside: tuple[str, ...], first: int
) -> dict[str, Rate]:
    tau = resistance.plus(capacitance)
    found = {inside[arc.resistance - first]: resistance}
    if arc.exponent is not None:
        found[inside[arc.exponent - first]] = Rate(math.log(alpha))
    power = 1.0 if arc.exponent is None else alpha
    q = Rate(0.0).plus(tau, power).plus(resistance, -1.0)  # tau ** alpha = R Q
    found[inside[arc.storage - first]] = tau if arc.by_time else q
    return found


def _resistance(part: PathSegment, given: Expected, conditions: Conditions, where: str) -> Rate:
    """Return the rate of the resistance of one segment."""
    there = [name for name in _RESISTANCES if getattr(given, name) is not None]
    if len(there) != 1:
        have = " and ".join(there) or "none of them"
        raise InputError(f"{where}: give one of {', '.join(_RESISTANCES)}; it has {have}")
    role, area = part.segment.role, conditions.area_cm2
    if there[0] != "resistance_ohm" and area is None:
        raise InputError(f"{where}: {there[0]} needs the area: give area_cm2, or resistance_ohm")
    if given.resistance_ohm is not None:
        ohm = given.resistance_ohm / part.count
    elif given.asr_ohm_cm2 is not None:
        ohm = given.asr_ohm_cm2 / (area or 1.0)
    else:
        thickness = layer_thickness_cm(role, conditions)
        if thickness is None:
            raise InputError(
                f"{where}: conductivity_s_cm needs the thickness of its layer, or give resistance_ohm"
            )
        ohm = thickness / ((given.conductivity_s_cm or 1.0) * (area or 1.0))
    usual = any(role_of(r).temperature_in_ordinate for r in names_in(role) if r)
    with_t = usual if given.ordinate is None else given.ordinate == "ln(T/R)"
    return Rate.activated(ohm, given.activation_energy_ev, given.reference_c, with_temperature=with_t)


def _capacitance(given: Expected, conditions: Conditions, where: str) -> float:
    """Return the capacitance of one segment in F."""
    if (given.capacitance_f is None) == (given.capacitance_f_cm2 is None):
        raise InputError(f"{where}: give its capacitance, as capacitance_f or capacitance_f_cm2")
    if given.capacitance_f is not None:
        return given.capacitance_f
    assert given.capacitance_f_cm2 is not None
    if conditions.area_cm2 is None:
        raise InputError(f"{where}: capacitance_f_cm2 needs the area: give area_cm2, or capacitance_f")
    return given.capacitance_f_cm2 * conditions.area_cm2
