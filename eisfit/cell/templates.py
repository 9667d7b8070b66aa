"""Templates: a cell as segments in the order of the current, some of them between the probes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from eisfit.cell.counts import Count
from eisfit.cell.limits import Limit
from eisfit.cell.probes import canonical_pair, part_of, stretches
from eisfit.cell.roles import role_of
from eisfit.cell.segments import STRAY, Check, Configuration, PathSegment, Segment, Setting
from eisfit.cell.setting_checks import check_settings, merged_settings
from eisfit.cell.simplify import arcs_that_may_fade, with_arcs_as_resistors
from eisfit.cell.summary import headline_of, sheets_of
from eisfit.cell.ties import resolved
from eisfit.circuit.arc import arc_of
from eisfit.circuit.circuit import (
    Circuit,
    InParallel,
    InSeries,
    Node,
    leaves,
    parse,
    series,
    shifted,
    written,
)
from eisfit.errors import TemplateError
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Value
from eisfit.tools.keywords import known_keywords
from eisfit.tools.nearest import did_you_mean


@dataclass(frozen=True, eq=False, repr=False)
class Template(Presentable, Value):
    """A cell with its electrode configurations, one of which is chosen for a fit.

    Parameters
    ----------
    name, title, use : str
        Short name, description of the cell, what is measured with it.
    source : tuple of str
        DOIs.
    text : str
        The TOML text or the circuit string from which it was read.
    segments : tuple of Segment
        In the order in which the current crosses them.
    configurations : tuple of Configuration
        The segments between the probes for each set of electrodes.
    settings : mapping of str to Setting
        By parameter name.
    checks : tuple of Check
        Impedances worked by hand.
    chosen : str
        Name of the chosen configuration, or empty.
    stray : bool
        Whether a capacitance lies parallel to the segments between the probes, behind the inductance of the leads.
    asked : Template, optional
        What this template was made from, where a fit has chosen arcs as resistors or added segments.
    system : str
        Which phases meet, one of `eisfit.cell.limits.SYSTEMS`; empty for a circuit.
    counts : tuple of Count
        Numbers that the user gives, from which segments are counted.
    conditions : tuple of (str, str)
        Conditions that such a cell is measured over, and what they mean here, signs included.
    limits : tuple of Limit
        What its spectra cannot tell.
    given : tuple of (str, str)
        Parameters that spectra do not determine and a fit must be told, and what they mean.
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
    stray: bool = False
    asked: Template | None = None
    system: str = ""
    counts: tuple[Count, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    limits: tuple[Limit, ...] = ()
    given: tuple[tuple[str, str], ...] = ()

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, tuple(
            dict(self.settings) if name == "settings" else getattr(self, name)
            for name in self.__dataclass_fields__
        )

    def headline(self) -> str:
        """Return name, title and the circuit between the probes."""
        return headline_of(self)

    def sheets(self) -> list[Sheet]:
        """Return tables of segments and settings."""
        return sheets_of(self)

    @property
    def is_circuit(self) -> bool:
        """Whether it was made of a bare circuit string, whose parts have no roles."""
        return not any(s.role for s in self.segments)

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
            f"template {self.name!r} is known with {known} electrodes: say which, as electrodes = 4 (--electrodes 4)"
        )

    def with_electrodes(self, electrodes: int | None) -> Template:
        """Return this template with the configuration for a number of electrodes chosen.

        Raises
        ------
        TemplateError
            If there is no such configuration.
        """
        if electrodes is None or self.is_circuit:
            return self
        for configuration in self.configurations:
            if configuration.electrodes == electrodes:
                return replace(self, chosen=configuration.name)
        known = ", ".join(str(c.electrodes) for c in self.configurations)
        raise TemplateError(
            f"template {self.name!r} has no configuration with {electrodes} electrodes; it has {known}"
        )

    def between(self, pair: str, conditions: Conditions) -> Template:
        """Return this template as a pair of its voltage probes sees it.

        Parameters
        ----------
        pair : str
            Two probes, such as ``L2-S1``, in any order and spelling, or the name of a pair.
        conditions : Conditions
            Where the probes stand, and how thick the solid is.

        Raises
        ------
        TemplateError
            If the cell has no such probes, or one stands where it cannot.
        """
        whole = self.configuration
        where = f"template {self.name!r}"
        if not whole.probes:
            raise TemplateError(
                f"{where} has no pairs of probes, so pair {pair!r} means nothing; leave it out, or take a template "
                "with eight electrodes"
            )
        two = canonical_pair(whole, pair, where)
        names, layers = stretches(whole, self.segments, two, conditions)
        parts = {name: part for layer in layers if (part := part_of(layer)) != 1 for name in layer.segments}
        text = "-".join(two)
        seen = replace(
            whole,
            name=f"{whole.name} {text}",
            segments=tuple((name, parts.get(name, count)) for name, count in whole.segments if name in names),
            pair=text,
        )
        return replace(self, configurations=(seen,), chosen=seen.name, checks=())

    def with_counts(self, given: Mapping[str, float]) -> Template:
        """Return this template with the numbers from which it counts its segments.

        Parameters
        ----------
        given : mapping of str to int
            By name, such as ``{"sheets": 3}``.

        Raises
        ------
        TemplateError
            If a name is unknown, or a number is not whole or too small.
        """
        where, known = f"template {self.name!r}", {c.name: c for c in self.counts}
        for name, value in given.items():
            if name not in known:
                near = did_you_mean(name, known)
                raise TemplateError(
                    f"{where}: nothing is counted by {name!r}{near}; known: {', '.join(known) or 'none'}"
                )
            known[name] = replace(known[name], given=known[name].checked(value, where))
        counted = tuple(c.with_counts(known) for c in self.configurations)
        return replace(self, counts=tuple(known.values()), configurations=counted) if given else self

    @known_keywords
    def setting(self, settings: Mapping[str, Setting | float | str]) -> Template:
        """Return this template with further parameter settings; each given entry replaces the old one.

        Parameters
        ----------
        settings : mapping of str to Setting, float or str
            By parameter name. A number is a fixed value, a text a tie. ``C_stray``, in F, is that of the empty holder,
            parallel to all that is between the probes.

        Raises
        ------
        TemplateError
            If a parameter is unknown, a value lies outside its range, or a tie is impossible.

        Examples
        --------
        >>> from eisfit import Template
        >>> t = Template.from_circuit("R0-p(R1,CPE1)-p(R2,CPE2)")
        >>> t = t.setting({"R0": 12.3, "CPE2_alpha": "CPE1_alpha"})
        >>> t.settings["R0"].fixed, t.settings["CPE2_alpha"].tie
        (12.3, 'CPE1_alpha')
        """
        merged = merged_settings(self.settings, settings)
        stray = self.stray or (STRAY in merged and not self.is_circuit)
        changed = replace(self, settings=MappingProxyType(merged), stray=stray)
        check_settings(changed)
        return changed

    def without(self, names: Sequence[str]) -> Template:
        """Return this template without some segments, which the cell does not have: a single crystal no grain boundary.

        Raises
        ------
        TemplateError
            If a segment is unknown, or a configuration would be left without any.
        """
        known = [s.name for s in self.segments]
        for name in names:
            if name not in known:
                raise TemplateError(
                    f"template {self.name!r}: unknown segment {name!r}{did_you_mean(name, known)}; known: "
                    f"{', '.join(known)}"
                )
        left = tuple(
            replace(c, segments=tuple(part for part in c.segments if part[0] not in names))
            for c in self.configurations
        )
        if any(not c.segments for c in left):
            raise TemplateError(
                f"template {self.name!r}: without {', '.join(names)} nothing is left between the probes"
            )
        return replace(self, configurations=left) if names else self

    @cached_property
    def effective_settings(self) -> Mapping[str, Setting]:
        """Settings of the parameters between the probes; ties lead to parameters between them that are not tied."""
        return MappingProxyType(resolved(self.settings, self.circuit.names))

    @cached_property
    def path(self) -> tuple[PathSegment, ...]:
        """The segments between the probes, in order, with their nodes in `circuit`."""
        nodes = dict(self._nodes)
        counts = dict(self.configuration.segments)
        return tuple(
            PathSegment(segment, counts[segment.name], nodes[segment.name])
            for segment in self.segments
            if segment.name in nodes
        )

    @cached_property
    def circuit(self) -> Circuit:
        """The segments between the probes as one circuit.

        A stray capacitance lies parallel to all of them but the inductances of leads, which lead to the cell.
        """
        before, cell, after = self._around_stray
        if not self.stray:
            return self._in_series(cell)
        inner = self._in_series(cell)
        stray = Circuit(f"p({inner.text},{STRAY})", InParallel((inner.root, dict(self._nodes)[STRAY])))
        if not (before or after):
            return stray
        parts = [*map(self._one, before), stray, *map(self._one, after)]
        return Circuit("-".join(part.text for part in parts), series([part.root for part in parts]))

    def _in_series(self, names: Sequence[str]) -> Circuit:
        """Return some segments in series."""
        counts = dict(self.configuration.segments)
        texts = {s.name: s.circuit for s in self.segments}
        text = "-".join(f"{counts[n]:.3g} x {texts[n]}" if counts[n] != 1 else texts[n] for n in names)
        nodes = dict(self._nodes)
        return Circuit(text, series([nodes[n] for n in names], [float(counts[n]) for n in names]))

    def _one(self, name: str) -> Circuit:
        return self._in_series([name])

    @cached_property
    def _around_stray(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Names of the segments before a stray capacitance, parallel to it, and behind it."""
        counts = dict(self.configuration.segments)
        between = [s for s in self.segments if s.name in counts]
        leads = [s.name for s in between if self.stray and s.is_lead]
        cell = [s.name for s in between if s.name not in leads]
        if not cell:
            leads, cell = [], leads
        first = [s.name for s in between].index(cell[0])
        before = tuple(s.name for s in between[:first])
        return before, tuple(cell), tuple(name for name in leads if name not in before)

    @cached_property
    def _nodes(self) -> tuple[tuple[str, Node], ...]:
        """The nodes of the segments, and of the stray capacitance, by name in the order of their parameters."""
        texts = {s.name: s.circuit for s in self.segments} | {STRAY: STRAY}
        before, cell, after = self._around_stray
        found, first = [], 0
        for name in (*before, *cell, *([STRAY] if self.stray else ()), *after):
            node = shifted(parse(texts[name]).root, first)
            first += sum(leaf.size for leaf in leaves(node))
            found.append((name, node))
        return tuple(found)

    def with_arcs_as_resistors(self, names: tuple[str, ...]) -> Template:
        """Return this template with the arcs of some segments replaced by resistors.

        All free resistors in series then become one segment, because impedance cannot separate them; a fixed
        resistor stays a segment of its own.

        Parameters
        ----------
        names : tuple of str
            Segments whose arc is to become a resistor.
        """
        return with_arcs_as_resistors(self, names)

    def arcs_that_may_fade(self) -> tuple[tuple[str, ...], ...]:
        """Return the sets of segments whose arcs may lie above the window together: (), (a,), (b,), (a, b), ..."""
        return arcs_that_may_fade(self)

    @property
    def interface_with_electrode(self) -> bool:
        """Whether reversible electrodes lie in series with an interface, so that impedance cannot separate them.

        Where the resistance of the electrodes is fixed it is known from elsewhere, and the rest is the interface.
        """
        kinds = [(role_of(s.segment.role).kind, s.blocking or self._has_known_arc(s)) for s in self.path]
        return ("electrode", False) in kinds and any(kind == "boundary" for kind, _ in kinds)

    def _has_known_arc(self, on_path: PathSegment) -> bool:
        arc = arc_of(on_path.node)
        setting = None if arc is None else self.effective_settings.get(self.circuit.names[arc.resistance])
        return setting is not None and setting.fixed is not None

    @classmethod
    def from_circuit(cls, text: str) -> Template:
        """Make a template of a bare circuit string: its parts in series are the segments, without a role.

        Its title is the string as it was given, its text the string in the grammar of eisfit.

        Raises
        ------
        CircuitError
            If the string does not parse.
        """
        parsed = parse(text)
        root, ours = parsed.root, parsed.text
        parts = root.parts if isinstance(root, InSeries) else (root,)
        segments = tuple(Segment(written(part), "", written(part)) for part in parts)
        counts = tuple((s.name, 1) for s in segments)
        return cls(
            ours, text, "a circuit of the user", (), ours, segments, (Configuration("circuit", None, counts),)
        )


def _rebuilt(*values: Any) -> Template:
    names = list(Template.__dataclass_fields__)
    given = dict(zip(names, values, strict=True))
    given["settings"] = MappingProxyType(given["settings"])
    return Template(**given)
