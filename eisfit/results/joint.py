"""Spectra of one series that were fitted at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from eisfit.errors import SeriesError
from eisfit.laws.law_fit import LawFit, LawValue
from eisfit.results.common import Common
from eisfit.results.contribution import Contribution, FittedParameter
from eisfit.results.outcome import Outcome
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Floats, Value
from eisfit.tools.named import item_named
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.rounding import of_tests, with_error

ONE_CELL = "the same cell as other pairs"  # what a pair of probes is linked to
REJECTED_BELOW = 0.003  # probability of a deviation as large by chance from which a link is rejected
_DECIDED = 20.0  # odds from which the names of arcs are decided
_FAR = 3.0  # standard errors from which a spectrum or a temperature is named


@dataclass(frozen=True)
class LinkTest:
    """What one link of a joint fit costs: the fit with it against that without it.

    Parameters
    ----------
    parameter : str
        What is linked.
    link : str
        ``"one value"``, the law with its ordinate, or of a pair of probes that it sees the same cell as other pairs.
    chi2 : float
        Rise of chi-square by this link alone.
    constraints : int
        How many parameters it saves.
    p : float
        Probability of a rise as large by chance.
    spectrum : str
        Label of the spectrum that deviates most where the link is left out.
    deviation : float
        By how many standard errors.
    pattern : str
        Where over the condition the free values lie above and below what is linked; empty for one value of several
        spectra at equal conditions.
    """

    parameter: str
    link: str
    chi2: float
    constraints: int
    p: float
    spectrum: str
    deviation: float
    pattern: str = ""

    @property
    def rejected(self) -> bool:
        """Whether the data contradict the link (level 0.3 %)."""
        return self.p < REJECTED_BELOW

    @property
    def sentence(self) -> str:
        """What is to be said of it; empty where the data agree."""
        if not self.rejected:
            return ""
        pattern = f"; {self.pattern}" if self.pattern else ""
        if self.link == ONE_CELL:
            return (
                f"the data contradict that {self.parameter} sees {self.link} (p = {self.p:.1g}): {self.spectrum} "
                f"deviates by {of_tests(self.deviation)} standard errors; check which probes were connected and where "
                "they stand, or leave that pair out"
            )
        return (
            f"the data contradict {self.link} of {self.parameter} (p = {self.p:.1g}): {self.spectrum} deviates by "
            f"{of_tests(self.deviation)} standard errors{pattern}; leave that spectrum out, state the error of the "
            "temperatures, or choose another law"
        )


@dataclass(frozen=True)
class Consistency:
    """How far a shared quantity of another cell is off that of the first, when it is free there.

    Parameters
    ----------
    cell, parameter : str
        Name of the other cell, and what it shares.
    difference, stderr : float
        Logarithm of the value in the other cell over that in the first, geometry taken into account, and its error; of
        a law at the middle of its condition.
    tolerance : float
        Difference that is allowed besides.
    chi2 : float
        Of the difference beyond the tolerance, slopes of laws included.
    freedom : int
        Its degrees of freedom.
    p : float
        Probability of one as large by chance.
    """

    cell: str
    parameter: str
    difference: float
    stderr: float
    tolerance: float
    chi2: float
    freedom: int
    p: float

    @property
    def rejected(self) -> bool:
        """Whether the other cell does not have what it is said to share (level 0.3 %)."""
        return self.p < REJECTED_BELOW

    @property
    def sentence(self) -> str:
        """What is to be said of it; empty where the cells agree."""
        if not self.rejected:
            return ""
        factor = with_error(float(np.exp(self.difference)), float(np.exp(self.difference)) * self.stderr)
        return (
            f"{self.cell} is not transferable: its {self.parameter} is {factor} times that of the first cell "
            f"(p = {self.p:.1g}); check its geometry and how it was made, state a tolerance, or leave it out "
            "(use = false)"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Joint(Presentable, Value):
    """N spectra fitted at once, with parameters that are shared or follow laws.

    Parameters
    ----------
    condition : str
        The condition that orders the series.
    labels : tuple of str
        Of all spectra, those of complements last.
    laws : tuple of LawFit
        The laws, with the values of the independent fits as points.
    shared : tuple of LawValue
        Parameters with one value in all spectra.
    parameters : tuple of tuple of FittedParameter
        Of each spectrum, those of complements last, with errors from the joint fit.
    temperature_shift_k, temperature_shift_stderr_k : ndarray, shape (N,)
        By how much the spectra say that each temperature differs from the stated one, those of complements last; 0
        where it is taken as exact.
    tests : tuple of LinkTest
        What each link costs.
    chi2_reduced : float
        Rise of chi-square by all links together, by the number of parameters that they save.
    scatter_ratio : float
        How far spectra scatter about the links, in units of their errors, where that is more than chance; else 1.
        Errors are enlarged by it, or by what temperatures without a stated error move if these explain it.
    odds : float
        Of the names of the arcs of a template, as they are, against all others; below 20 a law has the names of all
        that its arc may be. inf where there is no other.
    remarks : tuple of str
        Such as a missing temperature error.
    rows : tuple of tuple of Contribution
        Contributions of each spectrum by the joint fit, those of complements last; see `contributions`.
    consistency : tuple of Consistency
        Whether other cells have what they share.
    common : Common
        The coordinates of all links with their covariance, as another joint fit may know them.
    minimised : object, optional
        What was minimised, for `joint_profile` and `joint_bootstrap`; None for a joint fit from a file.
    """

    condition: str
    labels: tuple[str, ...]
    laws: tuple[LawFit, ...]
    shared: tuple[LawValue, ...]
    parameters: tuple[tuple[FittedParameter, ...], ...]
    temperature_shift_k: Floats
    temperature_shift_stderr_k: Floats
    tests: tuple[LinkTest, ...]
    chi2_reduced: float
    scatter_ratio: float
    odds: float = float("inf")
    remarks: tuple[str, ...] = ()
    rows: tuple[tuple[Contribution, ...], ...] = ()
    consistency: tuple[Consistency, ...] = ()
    common: Common = field(default_factory=Common)
    minimised: object = field(default=None, compare=False, repr=False)

    @property
    def outcome(self) -> Outcome:
        """How the joint fit ended; `CONTRADICTED` where the data contradict a link, or another cell what it shares."""
        if any(t.rejected for t in self.tests) or any(c.rejected for c in self.consistency):
            return Outcome.CONTRADICTED
        return Outcome.UNDECIDED if self.odds < _DECIDED else Outcome.GOOD

    def contributions(self, spectrum: int | str) -> tuple[Contribution, ...]:
        """Return the contributions of one spectrum, with the words and columns that those of a single fit have.

        Parameters
        ----------
        spectrum : int or str
            Its place in `labels`, or its label.

        Raises
        ------
        KeyError
            If no spectrum of that label was fitted; the message lists those that were.
        IndexError
            If there are fewer spectra.
        """
        if isinstance(spectrum, str):
            if spectrum not in self.labels:
                near = did_you_mean(spectrum, self.labels)
                there = ", ".join(map(repr, self.labels))
                raise KeyError(f"no spectrum {spectrum!r}{near} in the joint fit; there are {there}")
            spectrum = self.labels.index(spectrum)
        return self.rows[spectrum]

    def contribution(self, spectrum: int | str, name: str) -> Contribution:
        """Return one contribution of one spectrum by its name.

        Raises
        ------
        KeyError
            If there is no such spectrum or contribution; the message lists those there are.
        """
        own = self.contributions(spectrum)
        label = spectrum if isinstance(spectrum, str) else self.labels[spectrum]
        return item_named(own, name, f"{label} in the joint fit", "contribution")

    def law(self, contribution: str) -> LawFit:
        """Return the law of one contribution or parameter.

        Raises
        ------
        SeriesError
            If it follows none; the message lists those that do.
        """
        for found in self.laws:
            if found.contribution == contribution:
                return found
        there = ", ".join(repr(f.contribution) for f in self.laws) or "none"
        raise SeriesError(f"{contribution!r} follows no law in this joint fit; there are {there}")

    def __getitem__(self, name: str) -> LawValue:
        """Return a shared parameter by its name.

        Raises
        ------
        KeyError
            If there is none of that name; the message lists those there are.
        """
        return item_named(self.shared, name, "joint fit", "shared parameter")

    def headline(self) -> str:
        """Return how many spectra were fitted at once, and what is linked."""
        linked = ", ".join(f"{t.parameter} ({t.link})" for t in self.tests if t.link != ONE_CELL)
        linked = linked or "several pairs of probes"
        return f"{len(self.labels)} spectra fitted at once over {self.condition}: {linked}"

    def sheets(self) -> list[Sheet]:
        """Return laws, shared values, what the links cost, and the temperatures."""
        rows: list[tuple[str, ...]] = [
            (law.contribution, law.law, p.name, law.shown(p).removesuffix(f" {p.unit}"), p.unit, law.ordinate)
            for law in self.laws
            for p in law.parameters
        ]
        rows += [(p.name, "one value", "", with_error(p.value, p.stderr), p.unit, "") for p in self.shared]
        said = [*(t.sentence for t in self.tests), *(c.sentence for c in self.consistency)]
        notes = (*self.remarks, *filter(None, said))
        heads = ("parameter", "link", "of it", "value", "unit", "ordinate")
        tests = tuple(
            (
                t.parameter,
                t.link,
                of_tests(t.chi2),
                str(t.constraints),
                f"{t.p:.2g}",
                f"{t.spectrum}: {of_tests(t.deviation)}",
            )
            for t in self.tests
        )
        columns = ("parameter", "link", "chi-square", "parameters saved", "p", "largest deviation / errors")
        found = [Sheet("Joint fit", heads, tuple(rows), notes), Sheet("What each link costs", columns, tests)]
        if self.consistency:
            names = ("cell", "shares", "its value / that of the first", "tolerance", "p")
            cells = tuple(
                (
                    c.cell,
                    c.parameter,
                    with_error(float(np.exp(c.difference)), float(np.exp(c.difference)) * c.stderr),
                    f"{c.tolerance:g}",
                    f"{c.p:.2g}",
                )
                for c in self.consistency
            )
            found.append(Sheet("Other cells", names, cells))
        if np.any(self.temperature_shift_stderr_k > 0):
            triples = zip(self.labels, self.temperature_shift_k, self.temperature_shift_stderr_k, strict=True)
            shifts = tuple((label, with_error(shift, error)) for label, shift, error in triples)
            found.append(Sheet("Temperatures", ("spectrum", "shift / K"), shifts))
        return found
