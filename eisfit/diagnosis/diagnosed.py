"""From the results of a cell to a diagnosis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eisfit.diagnosis.ageing import ageing
from eisfit.diagnosis.bend import bend
from eisfit.diagnosis.decision import Found, decided
from eisfit.diagnosis.dilution import dilution
from eisfit.diagnosis.driven import driven
from eisfit.diagnosis.energies import against_literature, against_neighbours, arcs_of_one_energy, energies
from eisfit.diagnosis.magnitude import magnitude
from eisfit.diagnosis.report import Diagnosis
from eisfit.diagnosis.tracks import joint_tracks, tracks_of
from eisfit.errors import InputError
from eisfit.polarisation import DcAnswer, DcData
from eisfit.polarisation import answer as answer_of_dc
from eisfit.results.series import Series


def diagnose(
    results: Series | Iterable[Series] = (), *, dc: DcData | DcAnswer | Iterable[DcData | DcAnswer] = ()
) -> Diagnosis:
    r"""Ask what limits the transfer at an interface, in the order in which that should be asked.

    Parameters
    ----------
    results : Series or iterable of Series
        Of one cell, or of cells that differ in time, concentration or bias alone, as their spectra state it.
    dc : DcData or DcAnswer, or an iterable of them, optional
        Steady currents through the same interface, those at one temperature joined; or what
        `eisfit.polarisation.answer` has made of them.

    Returns
    -------
    Diagnosis
        One answer to each question, each with its evidence or the one measurement that would decide; and a
        mechanism. A mechanism is named where an effect is seen with a probability by chance below 0.1 % and the law
        that it should follow is not contradicted (0.3 %); else it is ``unresolved``.

    Raises
    ------
    InputError
        If nothing is given, or something that is no series or no dc data; or the same series twice.

    Notes
    -----
    Source: chemical instability first, then depletion and charge transfer: Weiss et al., Electrochem. Energy Rev. 3
    (2020) 221, doi 10.1007/s41918-020-00062-7.

    Examples
    --------
    >>> from eisfit.simulate import simulate_dc
    >>> found = diagnose(dc=simulate_dc(seed=1).data)
    >>> found.mechanism, found["drift"].word
    ('charge transfer beside an interphase', 'not measured')
    """
    several, answered = _several(results), _answered(dc)
    if not several and not answered:
        raise InputError("diagnose: neither results nor dc data were given; give a Series, or dc=")
    tracks, joint = tracks_of(several), joint_tracks(several)
    known = energies(several)
    found = Found(
        ageing(tracks, several),
        dilution(tracks),
        driven(tracks, answered),
        bend(tracks, joint, several),
        against_neighbours(known),
        magnitude(tracks, joint, several, answered),
    )
    answers = (
        found.ageing.drift,
        found.ageing.thickness,
        found.dilution.answer,
        found.driven.answer,
        found.bend.answer,
        found.energy,
        against_literature(known, several),
        found.magnitude,
        arcs_of_one_energy(known, several),
    )
    decision = decided(found)
    return Diagnosis(answers, decision.mechanism, decision.reason, decision.by)


def _several(results: Series | Iterable[Series]) -> Sequence[Series]:
    several = (results,) if isinstance(results, Series) else tuple(results)
    for number, each in enumerate(several, 1):
        if not isinstance(each, Series):
            raise InputError(
                f"diagnose: result {number} is {type(each).__name__}, not a Series; fit the spectra of the cell by "
                "eisfit.fit_series"
            )
        if each in several[: number - 1]:
            raise InputError(f"diagnose: result {number} is the same as one before it; leave it out")
    return several


def _answered(dc: DcData | DcAnswer | Iterable[DcData | DcAnswer]) -> tuple[DcAnswer, ...]:
    given = (dc,) if isinstance(dc, DcData | DcAnswer) else tuple(dc)
    for each in given:
        if not isinstance(each, DcData | DcAnswer):
            raise InputError(
                f"diagnose: dc holds {type(each).__name__}; give DcData, as eisfit.polarisation.read_dc returns them"
            )
    together: dict[object, list[DcData]] = {}
    for data in (each for each in given if isinstance(each, DcData)):
        together.setdefault((data.temperature_c, data.area_cm2), []).append(data)
    answers = [each for each in given if isinstance(each, DcAnswer)]
    return (*answers, *(answer_of_dc(group) for group in together.values()))
