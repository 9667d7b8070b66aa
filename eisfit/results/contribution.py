"""What a fit reports of each contribution and parameter."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

from eisfit.cell.roles import names_in
from eisfit.results.outcome import NAN
from eisfit.tools.frozen import Value

Resolved: TypeAlias = Literal[
    "yes", "top outside window", "sum only", "upper limit", "no", "blocking", "misfit"
]

Word: TypeAlias = Literal[  # names of contributions in the shipped templates
    "lead",
    "liquid",
    "polymer",
    "bulk",
    "grain boundary",
    "interphase",
    "charge transfer",
    "interface",
    "pore",
    "electrode",
]

RowKind: TypeAlias = Literal["segment", "sum", "total", "wall"]

Cause: TypeAlias = Literal[
    "",
    "no resistance",
    "blocking",
    "top outside window",
    "above window",
    "resistors in series",
    "reversible electrodes",
    "not separable",
    "in sum",
    "part in sum",
    "part undecided",
    "another minimum",
    "not detected",
    "hardly detected",
    "size not determined",
    "not determined",
    "total",
    "data missed",
    "row missed",
    "name undecided",
    "unassigned",
    "wall",
]

Doubt: TypeAlias = Literal["implausible capacitance", "topology"]

ParameterState: TypeAlias = Literal[
    "free", "fixed", "tied", "lower bound", "upper bound", "physical limit", "not detected"
]

DETERMINED: tuple[Resolved, ...] = ("yes", "top outside window", "sum only")


@dataclass(frozen=True, eq=False)
class FittedParameter(Value):
    """A parameter of one segment as the fit found it.

    Parameters
    ----------
    name, unit : str
        ``Zarc_int_tau`` and its unit.
    value : float
        In that unit; nan where the segment was not detected.
    stderr : float
        Standard error; nan unless the parameter is ``free``, or ``tied`` to one that is.
    stderr_log : float
        Standard error of the natural logarithm.
    note : str
        `state` as a sentence; at a bound also how far from it the data let the parameter lie.
    state : str
        ``free``, ``fixed`` by the user, ``tied`` by the user to another one, whose error it shares, at its
        ``lower bound`` or ``upper bound``, at a ``physical limit`` (a bound that no wider range would move), or
        ``not detected`` with its segment.
    """

    name: str
    unit: str
    value: float
    stderr: float
    stderr_log: float
    note: str = ""
    state: ParameterState = "free"


@dataclass(frozen=True, eq=False)
class Contribution(Value):
    """What one contribution adds to the measured path.

    Parameters
    ----------
    name, role : str
        Fixed word of the tables and role in the template; several joined by `` + `` for a sum.
    count : float
        How often the segment lies between the probes.
    resistance_ohm, resistance_stderr_ohm : float
        Of the whole path: count times that of one segment; nan where not known, or where there is none:
        an inductor, a blocking electrode.
    asr_ohm_cm2, asr_stderr_ohm_cm2 : float
        Area-specific resistance of one segment, for interfaces; nan without an area.
    conductivity_s_cm, conductivity_stderr_s_cm : float
        For layers; nan without area and thickness.
    capacitance_f, capacitance_stderr_f : float
        Effective capacitance of one segment.
    capacitance_formula : str
        Formula and source of the effective capacitance.
    frequency_hz, frequency_stderr_hz : float
        Of the top of the arc.
    resolved : str
        ``yes``, ``top outside window``, ``sum only``, ``upper limit``, ``no``, ``blocking``, or ``misfit`` where the
        model misses the data by so much that the value, if there is one, is not to be trusted.
    note : str
        `cause` and `doubts` as a sentence: what the reader should know or do.
    ci95_ohm : (float, float)
        95 % interval of `resistance_ohm`; by profile likelihood where the covariance is not to be trusted.
    limit_ohm : float
        One-sided 95 % limit of `resistance_ohm`: from above for ``upper limit``, from below for ``no``.
    stderr_log : float
        Standard error of ln R from the fit, without that of the geometry.
    segments : tuple of str
        Names of the segments of the fit's template that it is made of.
    kind : str
        ``segment``: one segment. ``sum``: several that share a row, because only their sum is determined.
        ``total``: the sum of a split interface, beside the rows of its parts. ``wall``: the wall of a pore, beside
        the row of the pore.
    cause : str
        Why `resolved` is as it is, one of the words of `Cause`; empty where there is nothing to add.
    doubts : tuple of str
        Reservations about a value that is reported: ``implausible capacitance``, far outside the range that is
        expected of the segment; ``topology``, a split that depends on the topology of the circuit.
    odds : float
        Of the segment that the arc is given to against all others; below 20 the row has the names of all that it may
        be. nan for what is no arc of a template.
    rivals : tuple of str
        Segments that the arc may belong to, the most probable first; empty where its name is decided.
    misfit_percent : float
        By how much the model misses the data, where `resolved` is ``misfit``: of the modulus if it misses them
        altogether (`cause` is ``data missed``), of the resistance if it does so around this row (``row missed``);
        100 stands for all and more.
    """

    name: str
    role: str
    count: float
    resistance_ohm: float = NAN
    resistance_stderr_ohm: float = NAN
    asr_ohm_cm2: float = NAN
    asr_stderr_ohm_cm2: float = NAN
    conductivity_s_cm: float = NAN
    conductivity_stderr_s_cm: float = NAN
    capacitance_f: float = NAN
    capacitance_stderr_f: float = NAN
    capacitance_formula: str = ""
    frequency_hz: float = NAN
    frequency_stderr_hz: float = NAN
    resolved: Resolved = "no"
    note: str = ""
    ci95_ohm: tuple[float, float] = (NAN, NAN)
    limit_ohm: float = NAN
    stderr_log: float = NAN
    segments: tuple[str, ...] = ()
    kind: RowKind = "segment"
    cause: Cause = ""
    doubts: tuple[Doubt, ...] = ()
    odds: float = NAN
    rivals: tuple[str, ...] = ()
    misfit_percent: float = NAN

    @property
    def known(self) -> str:
        """`resolved` as tables show it: with the size of a misfit, ``misfit 30 %``."""
        return f"misfit {self.misfit_percent:.0f} %" if self.resolved == "misfit" else self.resolved

    @property
    def value(self) -> float:
        """`resistance_ohm`, under the name that the value of a fitted parameter has."""
        return self.resistance_ohm

    @property
    def stderr(self) -> float:
        """`resistance_stderr_ohm`, under the name that the standard error of a fitted parameter has."""
        return self.resistance_stderr_ohm

    @property
    def unit(self) -> str:
        """Unit of `value`: ohm."""
        return "ohm"

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles joined in `role`."""
        return names_in(self.role)

    @property
    def unexpected(self) -> bool:
        """Whether its capacitance is far outside the range that is expected of its segment."""
        return "implausible capacitance" in self.doubts


@dataclass(frozen=True, eq=False)
class LoneElement(Contribution):
    """A contribution of a circuit string that is one element without a resistance, such as an inductor.

    `value`, `stderr` and `unit` are those of its parameter.
    """

    parameter: FittedParameter | None = None

    @classmethod
    def of(cls, contribution: Contribution, parameter: FittedParameter) -> LoneElement:
        """Return a contribution with the parameter that it consists of."""
        known = {f.name: getattr(contribution, f.name) for f in fields(contribution)}
        return cls(**known, parameter=parameter)

    @property
    def value(self) -> float:
        """Value of the parameter, in `unit`."""
        return NAN if self.parameter is None else self.parameter.value

    @property
    def stderr(self) -> float:
        """Standard error of the parameter."""
        return NAN if self.parameter is None else self.parameter.stderr

    @property
    def unit(self) -> str:
        """Unit of the parameter."""
        return "" if self.parameter is None else self.parameter.unit


@dataclass(frozen=True, eq=False)
class Statistics(Value):
    """Numbers that judge a fit as a whole.

    Parameters
    ----------
    points, parameters_free : int
        Used points (each with two numbers) and free parameters.
    chi2_reduced : float
        Sum of squared weighted residuals by degrees of freedom; with modulus weights the squared relative
        deviation, which has no absolute scale; with a robust loss the square of its scale.
    rms_percent : float
        Root mean square of the residuals in percent of |Z|.
    noise_percent : float
        Noise in percent of |Z| from differences of neighbouring residuals, which no smooth misfit enters.
    runs_p : float
        Probability of so few runs of equal sign if the residuals were random.
    aicc, bic : float
        Corrected Akaike and Bayesian information criteria.
    condition : float
        Condition number of the scaled normal matrix of the free parameters.
    iterations : int
        Steps of the last round of the solver.
    """

    points: int
    parameters_free: int
    chi2_reduced: float
    rms_percent: float
    noise_percent: float
    runs_p: float
    aicc: float
    bic: float
    condition: float
    iterations: int
