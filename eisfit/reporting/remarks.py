"""The sentences of the tables, made from what was decided; nothing reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from eisfit.cell.find import with_more_arcs
from eisfit.cell.roles import UNASSIGNED, role_of
from eisfit.circuit.arc import is_arc
from eisfit.engine.plausibility import ExpectedCapacitance
from eisfit.reporting.marks import decades_outside, expected_capacitance, log_capacitance
from eisfit.reporting.misfit import LikelyCause, Misfit, NoiseStep
from eisfit.reporting.path_values import PathValues
from eisfit.reporting.rows import Row
from eisfit.results.contribution import DETERMINED, Cause, Doubt, ParameterState
from eisfit.results.outcome import Outcome
from eisfit.tools.frozen import Floats

CAUSES: Mapping[Cause, str] = MappingProxyType(
    {
        "": "",
        "no resistance": "passes direct current without a resistance",
        "blocking": "blocks direct current: it has no resistance",
        "top outside window": "top at {of.top_hz:.3g} Hz, outside {of.window_low:.3g} to {of.window_high:.3g} Hz",
        "above window": "its arc lies above the window: it acts as a resistor",
        "resistors in series": "resistors in series: no arc in the window parts them; "
        "fix one of them to split the sum",
        "reversible electrodes": "reversible electrodes lie in series and impedance cannot part them from the "
        "interface: measure with four electrodes, or the twin cell without the solid",
        "not separable": Outcome.NOT_SEPARABLE.value,
        "in sum": "only known within '{row.joined_in}'",
        "part in sum": "not known: a part of it is only known within '{row.joined_in}'",
        "part undecided": "not known: the arc '{row.joined_in}' may belong to it",
        "another minimum": "not known: another minimum that fits as well has {row.joined_in} ohm here",
        "not detected": "not detected: below {row.at_most:.3g} ohm (95 %){of.assumption}; "
        "any remainder is included in the other rows",
        "hardly detected": "hardly detected: between {row.at_least:.3g} and {row.at_most:.3g} ohm (95 % each)",
        "size not determined": "detected, but its size is not determined: at least {row.at_least:.3g} ohm (95 %); "
        "measure to lower frequencies or at another temperature",
        "not determined": "not determined by these data",
        "total": "total of the split interface, whatever its topology",
        "data missed": "the model misses the data, here or elsewhere: nothing that it says of this row is certain",
        "row missed": "around it the model misses the data by {row.misfit_percent:.0f} % of this resistance",
        "name undecided": "{of.rivals} (odds {row.odds:.2g}:1 for the first): {of.remedy}",
        "unassigned": "an arc that fits no segment of the template: another process, or the spread of a larger one; "
        "{of.wider}",
        "wall": "wall of the pores, contained in their row; its area is the true one",
    }
)

DOUBTS: Mapping[Doubt, str] = MappingProxyType(
    {
        "implausible capacitance": "its capacitance, {of.capacitance:.2g} F, is {of.decades:.1f} decades outside "
        "the {of.expected_low:.2g} to {of.expected_high:.2g} F expected of it",
        "topology": "the split depends on topology",
    }
)

MISFITS: Mapping[LikelyCause, str] = MappingProxyType(
    {
        "high-frequency end": "lead inductance or an instrument limit at the high-frequency end (cut with f_max_hz)",
        "low-frequency end": "drift or diffusion at the low-frequency end (cut with f_min_hz)",
        "circuit": "another arc, or a spread of time constants that one exponent does not describe",
        "nothing described": "columns or signs that were mixed up, noise in place of a signal, or another circuit",
    }
)

NAMED_FROM_START = "named without odds: the template or the start says which arc it is"
NO_AREA = "no area_cm2 given: resistances only"


_NAMED = 5  # points that are named one by one


def note_of(path: PathValues, row: Row) -> str:
    """Return what the table says of a row: its cause, then its doubts."""
    texts = [CAUSES[row.cause], *(DOUBTS[doubt] for doubt in row.doubts)]
    if np.isfinite(row.resistance) and row.resolved in DETERMINED and _is_named_from_start(path, row):
        texts.append(NAMED_FROM_START)
    return "; ".join(text.format(row=row, of=_Numbers(path, row)) for text in texts if text)


def _is_named_from_start(path: PathValues, row: Row) -> bool:
    """Tell whether a row is an arc that was given its name without odds, though there is another that may have it."""
    if path.estimate.placement is not None or path.template.is_circuit or len(row.parts) != 1:
        return False
    arcs = [k for k, s in enumerate(path.segments) if s.segment.capacitance is not None and is_arc(s.node)]
    return len(arcs) > 1 and row.parts[0] in arcs and row.kind == "segment"


@dataclass(frozen=True)
class _Numbers:
    """Numbers that the sentences about a row name, each computed where a sentence asks for it."""

    path: PathValues
    row: Row

    @property
    def top_hz(self) -> float:
        return self.path.top_hz(self.row.spectrum, self.row.parts[0])

    @property
    def window_low(self) -> float:
        return float(self.path.top_window_hz[0][self.row.spectrum])

    @property
    def window_high(self) -> float:
        return float(self.path.top_window_hz[1][self.row.spectrum])

    @property
    def assumption(self) -> str:
        """For which arc an upper limit holds."""
        on_path = self.path.segments[self.row.parts[0]]
        if on_path.segment.capacitance is None:
            return " for an arc with its top in the window" if is_arc(on_path.node) else ""
        low, high = on_path.segment.capacitance
        unit = "F at 1 cm^-1" if role_of(on_path.segment.role).kind == "layer" else "F cm^-2"
        return f" at a capacitance of {low:.1g} to {high:.1g} {unit}"

    @property
    def rivals(self) -> str:
        """What an arc may be."""
        return "either " + " or ".join(self.row.rivals)

    @property
    def remedy(self) -> str:
        """Which measurement decides between the names of an arc."""
        roles = {s.segment.name: role_of(s.segment.role) for s in self.path.segments}
        rivals = [roles[name] for name in self.row.rivals if name in roles]
        kinds = {role.kind for role in rivals}
        if {"layer", "boundary"} <= kinds:
            return (
                "a second thickness decides, with which a layer grows and an interface does not, "
                "or the solid between blocking contacts, which has no such interface"
            )
        if kinds == {"layer"}:
            return "another thickness of one layer decides, or its spectrum alone"
        if kinds == {"boundary"}:
            return "another concentration or a coating decides, which changes one of them"
        if "electrode" in kinds:
            return "four electrodes decide, which leave the electrode out"
        if UNASSIGNED in self.row.rivals:
            return f"a series over more temperatures decides; {self.wider}"
        return "a series over more temperatures decides"

    @property
    def wider(self) -> str:
        """Which template of the same cell has more arcs."""
        found = with_more_arcs(self.path.template)
        if not found:
            return "no shipped template of this cell has more arcs, one of your own may"
        return f"{' and '.join(found)} {'has' if len(found) == 1 else 'have'} more arcs for this cell"

    @property
    def expected(self) -> ExpectedCapacitance:
        """Where the capacitance of the row is expected."""
        found = expected_capacitance(self.path, self.row)
        assert found is not None
        return found

    @property
    def capacitance(self) -> float:
        return float(np.exp(log_capacitance(self.path, self.row, self.expected)))

    @property
    def decades(self) -> float:
        return decades_outside(self.path, self.row, self.expected)

    @property
    def expected_low(self) -> float:
        return float(np.exp(self.expected.low[self.row.spectrum]))

    @property
    def expected_high(self) -> float:
        return float(np.exp(self.expected.high[self.row.spectrum]))


def parameter_note(state: ParameterState, upper: bool, bound: float, limit: float) -> str:
    """Return what the table says of a parameter.

    Parameters
    ----------
    state : str
        Of the parameter.
    upper : bool
        Whether it rests on its upper bound, where it rests on one.
    bound : float
        That bound, in the unit of the parameter.
    limit : float
        One-sided 95 % limit on the other side; nan where the data allow the whole range.
    """
    if state == "free":
        return ""
    if state == "fixed":
        return "fixed"
    if state == "not detected":
        return "not detected"
    where = f"rests on its {'upper' if upper else 'lower'} bound {bound:.4g}"
    if state == "physical limit":
        where = f"{where}, a physical limit" if upper else "rests at 0, a physical limit"
    if np.isnan(limit):
        return f"{where}; the data allow its whole range"
    return f"{where}; {'above' if upper else 'below'} {limit:.4g} (95 %)"


def order_remark(slower: str, faster: str) -> str:
    """Return that equal arcs are not in the order of their time constants, and why."""
    return (
        f"{slower} is now the slower arc and {faster} the faster one: what is set of their parameters fits in this "
        "order, not in that of a free fit"
    )


def kept_order_remark(names: Sequence[str]) -> str:
    """Return that what is set of some arcs would fit much better if they changed places."""
    return (
        f"{', '.join(names)} stay in the order of their time constants, the fastest first; what is set of them would "
        "fit much better in another order: set it of another arc if that one was meant"
    )


def lost_tie_remark(name: str, tie: str, gone: str) -> str:
    """Return that a tie has no effect, because what it leads to is not in the fit."""
    return (
        f"{name} is not tied to {tie}: {gone} is no parameter of this fit; its segment does not lie between the "
        "probes, or acts as a resistor"
    )


def misfit_remark(found: Misfit) -> str:
    """Return where data and model disagree, and the likely cause."""
    if found.likely_cause == "nothing described":
        return (
            f"the model describes nothing of the data, half of the points are off by {found.percent:.0f} % of |Z| or "
            f"more; likely {MISFITS[found.likely_cause]}"
        )
    return (
        f"up to {found.percent:.2g} % of |Z| near {found.frequency_hz:.3g} Hz "
        f"(noise {found.noise_percent:.2g} %); likely {MISFITS[found.likely_cause]}"
    )


def noise_remark(step: NoiseStep) -> str:
    """Return that the noise differs over frequency more than the weights allow, and what to do."""
    side = "low" if step.louder_below else "high"
    return (
        f"the noise differs over frequency: about {float(f'{step.ratio:.1g}'):g} times as large at {side} frequencies, "
        "so that errors are too small or too large; take weights = noise or a robust loss"
    )


def far_off_remark(far_hz: Floats, used: int, loss: str) -> str:
    """Return which points count less than a quarter under a robust loss, by their rising frequencies."""
    places = f"at {', '.join(f'{f:.3g}' for f in far_hz)} Hz"
    if far_hz.size > _NAMED:
        places = f"between {far_hz[0]:.3g} and {far_hz[-1]:.3g} Hz"
    return f"{far_hz.size} of {used} points count less than a quarter ({loss}): {places}"


def no_thickness_remark(missing: Sequence[str]) -> str:
    """Say which thicknesses were assumed."""
    return f"no {' and '.join(missing)} given: arcs were assigned by capacitances for 1 cm^-1"
