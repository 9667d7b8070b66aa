"""The parts of a cell that the current crosses, and the settings of their parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from eisfit.cell.counts import Count, parse_count
from eisfit.cell.roles import names_in
from eisfit.cell.ties import parse_tie
from eisfit.circuit.arc import is_blocking
from eisfit.circuit.circuit import Node, leaves, parse
from eisfit.errors import TemplateError
from eisfit.tools.keywords import refusing_unknown

STRAY = "C_stray"  # the capacitance parallel to all that is between the probes, which is in no segment

_OF_LMFIT = {"expr": "tie", "value": "fixed", "vary": "fixed", "min": "low", "max": "high"}


@refusing_unknown(TemplateError, letters=_OF_LMFIT)
@dataclass(frozen=True)
class Setting:
    """What a template says of a parameter beyond its element: a start, a fixed value, a narrower range, a tie.

    Parameters
    ----------
    start, fixed : float, optional
        In the unit of the parameter.
    low, high : float, optional
        Ends of its range.
    tie : str, optional
        What it follows: a factor times one other parameter, such as ``2*R1``.
    each : str, optional
        Where it is fixed at a value of its own in each spectrum: under which name `Conditions.fixed` holds that, and
        a factor to it, as in `tie`. `fixed` then counts where a spectrum has none.

    Raises
    ------
    TemplateError
        If the tie is none.

    Examples
    --------
    >>> from eisfit import Template
    >>> tied = Template.from_circuit("R0-p(R1,C1)-p(R2,C2)").setting({"R2": Setting(tie="R1 * 2")})
    >>> tied.settings["R2"].tie
    '2*R1'
    """

    start: float | None = None
    fixed: float | None = None
    low: float | None = None
    high: float | None = None
    tie: str | None = None
    each: str | None = None

    def __post_init__(self) -> None:
        if self.tie is not None:
            object.__setattr__(self, "tie", parse_tie(self.tie).text)

    def fixed_in(self, known: Mapping[str, float]) -> float | None:
        """Return at which value it is fixed in a spectrum with known values of parameters; None where it is not."""
        if self.each is not None:
            of = parse_tie(self.each)
            if of.name in known:
                return of.factor * known[of.name]
        return self.fixed

    @property
    def constrains(self) -> bool:
        """Whether it says more than where to start."""
        return (self.fixed, self.low, self.high, self.tie) != (None, None, None, None)


@dataclass(frozen=True)
class Segment:
    """A part of the cell that the current crosses.

    Parameters
    ----------
    name : str
        The contribution's name in tables.
    role : str
        One of `ROLES`; several joined by `` + `` for resistors that cannot be separated, empty for a part of a
        bare circuit string.
    circuit : str
        Circuit string of one such segment.
    capacitance : (float, float), optional
        Where its arc is expected: F at thickness/area = 1 cm⁻¹ for layers, F/cm² for interfaces.
    source : tuple of str
        DOIs of that range.
    """

    name: str
    role: str
    circuit: str
    capacitance: tuple[float, float] | None = None
    source: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles joined in this segment."""
        return names_in(self.role)

    @property
    def is_lead(self) -> bool:
        """Whether it holds the inductance of leads, which lie outside the stray capacitance of a cell."""
        elements = {leaf.element.name for leaf in leaves(parse(self.circuit).root)}
        return "lead" in self.roles and not elements.isdisjoint(("L", "La"))


@dataclass(frozen=True)
class Configuration:
    """The segments between the voltage probes, each with its count.

    Parameters
    ----------
    name : str
        Its name in the file.
    electrodes : int or None
        Their number; None for a bare circuit.
    segments : tuple of (str, float)
        Names and counts; of a layer that is seen in part, that part of it.
    counted : tuple of (str, str)
        Names of the segments whose count follows from a number that the user gives, and how, as ``sheets - 1``.
    probes : tuple of (str, tuple of str)
        Of a cell with several pairs of voltage probes: each with the segments in which it stands, in the order of the
        current. `segments` are then those between the outermost two.
    pairs : tuple of (str, str)
        Names of pairs.
    pair : str
        The pair that was chosen, such as ``L2-S1``; empty where none is.
    """

    name: str
    electrodes: int | None
    segments: tuple[tuple[str, float], ...]
    counted: tuple[tuple[str, str], ...] = ()
    probes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    pair: str = ""

    @property
    def open_pair(self) -> bool:
        """Whether there are several pairs of probes, and none is chosen."""
        return bool(self.probes) and not self.pair

    def with_counts(self, counts: Mapping[str, Count]) -> Configuration:
        """Return this configuration with the counts that follow from numbers."""
        terms = {name: parse_count(text, counts, self.name) for name, text in self.counted}
        segments = tuple(
            (name, terms[name].of(counts[terms[name].name].shown) if name in terms else count)
            for name, count in self.segments
        )
        return replace(self, segments=segments)


@dataclass(frozen=True)
class Check:
    """An impedance worked by hand that the template must reproduce."""

    configuration: str
    values: tuple[tuple[str, float], ...]
    frequency_hz: float
    z_ohm: complex


@dataclass(frozen=True)
class PathSegment:
    """A segment between the probes: how often it lies there, or which part of it, and its part of the circuit."""

    segment: Segment
    count: float
    node: Node

    @property
    def blocking(self) -> bool:
        """Whether it blocks direct current."""
        return is_blocking(self.node)
