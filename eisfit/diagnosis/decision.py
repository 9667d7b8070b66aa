"""The mechanism that the answers name together, or that they leave it open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eisfit.diagnosis import ageing, bend, dilution, driven
from eisfit.diagnosis.answer import SEEN, Answer

UNRESOLVED = "unresolved"
GROWING = "growing interphase"
DENSIFYING = "densifying interphase"
BESIDE = "charge transfer beside an interphase"
TRANSFER = "charge transfer"
AT_INTERFACE = "transfer at the interface"
POLYMER = "polymer at the interface"
MECHANISMS = {
    GROWING: "a layer thickens at constant R C",
    DENSIFYING: "the pores of a layer close: its resistance rises at constant capacitance",
    BESIDE: "a charge transfer in series with an interphase, which is a plain resistance",
    TRANSFER: "a charge transfer alone",
    AT_INTERFACE: "the interface itself limits, not the polymer beside it",
    POLYMER: "the polymer limits what is called the interface",
    UNRESOLVED: "what was measured does not tell",
}


@dataclass(frozen=True)
class Found:
    """All that was found, as the decision needs it."""

    ageing: ageing.Ageing
    dilution: dilution.Dilution
    driven: driven.Driven
    bend: bend.Bend
    energy: Answer
    magnitude: Answer


@dataclass(frozen=True)
class Decision:
    """A mechanism, the answers that name it, and why it is named or left open."""

    mechanism: str
    reason: str
    by: tuple[str, ...] = ()


def decided(found: Found) -> Decision:
    """Return the mechanism; chemical instability comes first, and what drifts is not judged by anything else."""
    if found.ageing.drift.word == ageing.DRIFTS:
        return _ageing(found.ageing)
    named = [d for rule in _RULES if (d := rule(found)).mechanism != UNRESOLVED]
    open_for = [d.reason for rule in _RULES if (d := rule(found)).mechanism == UNRESOLVED and d.reason]
    kinds = {d.mechanism for d in named}
    if len(kinds) > 1:
        kinds -= {AT_INTERFACE}  # the others say which transfer
    if len(kinds) > 1:
        return Decision(UNRESOLVED, f"the answers disagree: {' against '.join(sorted(kinds))}")
    if not kinds:
        return Decision(UNRESOLVED, "; ".join(open_for) or "nothing was measured that names a mechanism")
    (mechanism,) = kinds
    by = tuple(name for d in named if d.mechanism == mechanism for name in d.by)
    return Decision(mechanism, MECHANISMS[mechanism], by)


def _ageing(found: ageing.Ageing) -> Decision:
    """Return what a drift is, if R C tells and the contact has kept its area."""
    if found.track is None:
        return Decision(UNRESOLVED, "it drifts, which comes before all other questions")
    if not found.upwards:
        return Decision(UNRESOLVED, "it drifts, and not upwards throughout: no layer that only grows")
    if len(found.track.points) < ageing.FEWEST_TO_NAME:
        return Decision(
            UNRESOLVED,
            f"it drifts, and fewer than {ageing.FEWEST_TO_NAME} times do not tell a layer that grows",
        )
    if not found.area_kept:
        return Decision(
            UNRESOLVED,
            "it drifts, and so does a contact that loses area: no other part of the interface was seen to stay",
        )
    roles = found.track.roles
    kinds = {ageing.CONSTANT: GROWING if roles != ("charge_transfer",) else UNRESOLVED}
    if roles == ("interphase",):  # of another arc any process that slows down keeps its capacitance
        kinds[ageing.RISES] = DENSIFYING
    mechanism = kinds.get(found.thickness.word, UNRESOLVED)
    if mechanism == UNRESOLVED:
        return Decision(UNRESOLVED, "it drifts, and its R C does not tell how")
    return Decision(mechanism, MECHANISMS[mechanism], ("drift", "thickness"))


def _by_concentration(found: Found) -> Decision:
    word = found.dilution.answer.word
    mechanism = {dilution.BESIDE: BESIDE, dilution.ALONE: TRANSFER}.get(word, UNRESOLVED)
    if mechanism == UNRESOLVED:
        return Decision(UNRESOLVED, "")
    if not found.dilution.range_suffices:
        return Decision(
            UNRESOLVED,
            f"the concentrations do not suffice: {dilution.FEWEST_TO_NAME} or more over {dilution.DECADES_TO_NAME} "
            "decades are needed",
        )
    if found.dilution.with_time and found.ageing.drift.word != ageing.STEADY:
        return Decision(UNRESOLVED, "concentration and time rise together, and a drift was not excluded")
    return Decision(mechanism, "", ("concentration",))


def _by_current(found: Found) -> Decision:
    mechanism = {driven.BESIDE: BESIDE, driven.ALONE: TRANSFER}.get(found.driven.answer.word, UNRESOLVED)
    if mechanism != UNRESOLVED and not found.driven.steady:
        return Decision(UNRESOLVED, "the currents were not steady")
    if mechanism != UNRESOLVED and not found.driven.at_faces:
        return Decision(UNRESOLVED, "without places of probes the ohmic part may be that of the layers")
    return Decision(mechanism, "", ("bias",))


def _by_bend(found: Found) -> Decision:
    word = found.bend.answer.word
    if word not in (bend.STRAIGHT, bend.BENT_ALIKE):
        return Decision(UNRESOLVED, "")
    if not found.bend.of_interface:
        return Decision(
            UNRESOLVED,
            "the interface is not told from the electrode: measure the twin cell without the solid",
        )
    if word == bend.BENT_ALIKE:
        return Decision(POLYMER, "", ("bend",))
    if not (found.energy.measured and found.energy.p_value < SEEN):
        return Decision(UNRESOLVED, "its activation energy is not told from that of a neighbour")
    return Decision(AT_INTERFACE, "", ("bend", "energy"))


_RULES: tuple[Callable[[Found], Decision], ...] = (_by_current, _by_concentration, _by_bend)
