"""Templates: a cell as segments in the order of the current, seen by probes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from eisfit.cell.roles import BOUNDARIES
from eisfit.cell.segments import Check, Configuration, PathSegment, Segment, Setting
from eisfit.cell.simplify import has_fixed_parameter, label_of, resistance_of_arc
from eisfit.circuit.arc import is_arc, is_resistor
from eisfit.circuit.circuit import Circuit, InSeries, leaves, parse, series, shifted, written
from eisfit.errors import TemplateError
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Value


@dataclass(frozen=True, eq=False, repr=False)
class Template(Presentable, Value):
    """A cell with its electrode configurations, one of which is chosen for a fit.

    Parameters
    ----------
    name, title, use : str
        Short name, what the cell is, what one learns from it.
    source : tuple of str
        DOIs.
    text : str
        The TOML text (or the circuit string) it was read from.
    segments : tuple of Segment
        In the order in which the current crosses them.
    configurations : tuple of Configuration
        What each set of electrodes sees.
    settings : mapping of str to Setting
        By parameter name.
    checks : tuple of Check
        Worked values.
    chosen : str
        Name of the chosen configuration, or empty.
    """

    name: str
    title: str
    use: str
    source: tuple[str, ...]
    text: str
    segments: tuple[Segment, ...]
    configurations: tuple[Configuration, ...]
    settings: Mapping[str, Setting] = field(default_factory=lambda: MappingProxyType({}))
    checks: tuple[Check, ...] = ()
    chosen: str = ""

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, tuple(
            dict(self.settings) if name == "settings" else getattr(self, name)
            for name in self.__dataclass_fields__
        )

    def headline(self) -> str:
        """Return name, title and what the probes see."""
        chosen = self.chosen or (self.configurations[0].name if len(self.configurations) == 1 else "")
        chosen_path = f"; {chosen}: {self.circuit.text}" if chosen else ""
        return f"{self.name}: {self.title}{chosen_path}" if self.title != self.name else self.name

    def sheets(self) -> list[Sheet]:
        """Return segments and settings."""
        counts = {c.name: dict(c.segments) for c in self.configurations}
        rows = tuple(
            (
                s.name,
                s.role,
                s.circuit,
                "" if s.capacitance is None else f"{s.capacitance[0]:g} to {s.capacitance[1]:g}",
                *(str(counts[c].get(s.name, "")) for c in counts),
            )
            for s in self.segments
        )
        settings = tuple(
            (name, *("" if v is None else f"{v:g}" for v in (s.start, s.fixed, s.low, s.high)))
            for name, s in self.settings.items()
        )
        found = [Sheet("Segments", ("segment", "role", "circuit", "capacitance / F", *counts), rows)]
        if settings:
            found.append(Sheet("Settings", ("parameter", "start", "fixed", "from", "to"), settings))
        return found

    @property
    def electrodes(self) -> int | None:
        """Number of electrodes of the chosen configuration."""
        return self.configuration.electrodes

    @property
    def configuration(self) -> Configuration:
        """The chosen configuration, or the only one.

        Raises
        ------
        TemplateError
            If there are several and none is chosen.
        """
        if self.chosen:
            return next(c for c in self.configurations if c.name == self.chosen)
        if len(self.configurations) == 1:
            return self.configurations[0]
        known = ", ".join(str(c.electrodes) for c in self.configurations)
        raise TemplateError(
            f"template {self.name!r} is known with {known} electrodes: say which, as electrodes = 4"
        )

    def with_electrodes(self, electrodes: int | None) -> Template:
        """Return this template with the configuration of so many electrodes chosen.

        Raises
        ------
        TemplateError
            If there is no such configuration.
        """
        if electrodes is None or not self.segments[0].role:
            return self
        for configuration in self.configurations:
            if configuration.electrodes == electrodes:
                return replace(self, chosen=configuration.name)
        known = ", ".join(str(c.electrodes) for c in self.configurations)
        raise TemplateError(
            f"template {self.name!r} has no configuration with {electrodes} electrodes; it has {known}"
        )

    def setting(self, settings: Mapping[str, Setting]) -> Template:
        """Return this template with further parameter settings; each given entry replaces the old one.

        Raises
        ------
        TemplateError
            If a parameter is unknown or a value lies outside its range.
        """
        merged = dict(self.settings)
        for name, new in settings.items():
            old = merged.get(name, Setting())
            changes = {
                key: value for key in Setting.__dataclass_fields__ if (value := getattr(new, key)) is not None
            }
            merged[name] = replace(old, **changes)
        changed = replace(self, settings=MappingProxyType(merged))
        check_settings(changed)
        return changed

    @cached_property
    def path(self) -> tuple[PathSegment, ...]:
        """The segments between the probes, in order, with their nodes in `circuit`."""
        found, first = [], 0
        counts = dict(self.configuration.segments)
        for segment in self.segments:
            if segment.name in counts:
                node = shifted(parse(segment.circuit).root, first)
                first += sum(leaf.size for leaf in leaves(node))
                found.append(PathSegment(segment, counts[segment.name], node))
        return tuple(found)

    @cached_property
    def circuit(self) -> Circuit:
        """What the probes see, as one circuit."""
        text = "-".join(
            f"{s.count} x {s.segment.circuit}" if s.count > 1 else s.segment.circuit for s in self.path
        )
        return Circuit(text, series([s.node for s in self.path], [float(s.count) for s in self.path]))

    def with_arcs_as_resistors(self, names: tuple[str, ...]) -> Template:
        """Return this template with the arcs of some segments replaced by resistors.

        All free resistors in series then become one segment, because no impedance can split them; a
        resistor that is fixed stays by itself.

        Parameters
        ----------
        names : tuple of str
            Segments whose arc is to become a resistor.
        """
        changed = [
            replace(s, circuit=f"R_{label_of(s.circuit)}", capacitance=None) if s.name in names else s
            for s in self.segments
        ]
        renamed = {
            resistance_of_arc(s.circuit): f"R_{label_of(s.circuit)}" for s in self.segments if s.name in names
        }
        settings = {renamed.get(k, k): v for k, v in self.settings.items()}
        counts = dict(self.configuration.segments)
        loose = [
            s
            for s in changed
            if s.name in counts
            and is_resistor(parse(s.circuit).root)
            and not has_fixed_parameter(s, settings)
        ]
        if len(loose) > 1:
            joined = Segment(
                " + ".join(s.name for s in loose),
                " + ".join(s.role for s in loose),
                "R_" + "_".join(label_of(s.circuit) for s in loose),
            )
            at = changed.index(loose[0])
            changed = [s for s in changed if s not in loose]
            changed.insert(at, joined)
            names_left = {s.name for s in changed}
            counts = {**{name: n for name, n in counts.items() if name in names_left}, joined.name: 1}
        configuration = replace(self.configuration, segments=tuple(counts.items()))
        parameters = {p.name for s in changed if s.name in counts for p in parse(s.circuit).parameters}
        return replace(
            self,
            segments=tuple(changed),
            configurations=(configuration,),
            settings=MappingProxyType({k: v for k, v in settings.items() if k in parameters}),
            checks=(),
            chosen=configuration.name,
        )

    def arcs_that_may_fade(self) -> tuple[tuple[str, ...], ...]:
        """Return which arcs may lie above the window together: (), (a,), (b,), (a, b), ...

        Only dielectric arcs of a layer do so at all temperatures of a measurement; a grain boundary that leaves
        the window at the highest temperatures is joined with the resistors there. Of a polymer and a solid in
        one cell either may be the faster.
        """
        layers = [
            s.segment.name
            for s in self.path
            if s.segment.role in ("bulk", "polymer") and is_arc(s.node) and s.segment.capacitance is not None
        ]
        sizes = range(len(layers) + 1)
        return tuple(names for k in sizes for names in itertools.combinations(layers, k))

    @property
    def interface_with_electrode(self) -> bool:
        """Whether reversible electrodes lie in series with the interface and cannot be told from it."""
        roles = {s.segment.role for s in self.path}
        electrode = any(s.segment.role == "electrode" and not s.blocking for s in self.path)
        return electrode and bool(roles & set(BOUNDARIES))

    @classmethod
    def from_circuit(cls, text: str) -> Template:
        """Make a template of a bare circuit string: its parts in series are the segments, without a role.

        Raises
        ------
        CircuitError
            If the string does not parse.
        """
        root = parse(text).root
        parts = root.parts if isinstance(root, InSeries) else (root,)
        segments = tuple(Segment(written(part), "", written(part)) for part in parts)
        counts = tuple((s.name, 1) for s in segments)
        return cls(
            text, text, "a circuit of the user", (), text, segments, (Configuration("circuit", None, counts),)
        )


def _rebuilt(*values: Any) -> Template:
    names = list(Template.__dataclass_fields__)
    given = dict(zip(names, values, strict=True))
    given["settings"] = MappingProxyType(given["settings"])
    return Template(**given)


def check_settings(t: Template) -> None:
    """Raise TemplateError where a setting names an unknown parameter or leaves its range."""
    known = {p.name: p for s in t.segments for p in parse(s.circuit).parameters}
    for name, setting in t.settings.items():
        if name not in known:
            raise TemplateError(f"template {t.name!r}: unknown parameter {name!r}; known: {', '.join(known)}")
        upper = known[name].quantity.upper
        low, high = setting.low or 0.0, upper if setting.high is None else setting.high
        if not 0 <= low < high <= upper:
            raise TemplateError(
                f"template {t.name!r}: range [{low:g}, {high:g}] of {name!r} must rise and lie "
                f"within 0 and {upper:g}"
            )
        for what in ("start", "fixed"):
            value = getattr(setting, what)
            if value is not None and not (low <= value <= high and 0 < value < math.inf):
                raise TemplateError(
                    f"template {t.name!r}: {what} = {value:g} of {name!r} lies outside its range "
                    f"[{low:g}, {high:g}]"
                )
