"""Which circuits and templates the data allow, as a user holds it: a set, and what would decide within it."""

from __future__ import annotations

from dataclasses import dataclass

from eisfit.spectrum.spectrum import Spectrum
from eisfit.suggestion.mixed import Fitted
from eisfit.suggestion.values import parameters
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Value
from eisfit.tools.views import Viewable


@dataclass(frozen=True, eq=False)
class RankedCircuit(Value):
    r"""A circuit with what the data say of it.

    Parameters
    ----------
    circuit : str
        Circuit string, as `eisfit.fit` takes it.
    bic_difference : float
        To the best circuit, summed over the spectra.
    allowed : bool
        Whether it stands in the set: the data cannot tell it from the best.
    fits_as_well : bool
        Whether it describes the data as well as the best, with as many or more parameters: not excluded, not needed.
    parameters : int
        Of one spectrum.
    misfit_percent : float
        Root mean square of the residuals in percent of \|Z\|.
    noise_ratio : float
        `misfit_percent` over the noise that the Kramers-Kronig relations show; nan where that is not known.
    same_function : tuple of str
        Circuits that are the same function: no spectrum tells them apart.
    same_curve_as : str
        A circuit ranked before it whose curve within the window the noise cannot tell from this one's: two ways of
        writing one member of the set. Empty where there is none.
    decided_by : str
        The measurement that would tell it from the best; empty for the best.
    fits : tuple of Fitted
        Its values for each spectrum.
    """

    circuit: str
    bic_difference: float
    allowed: bool
    fits_as_well: bool
    parameters: int
    misfit_percent: float
    noise_ratio: float
    same_function: tuple[str, ...]
    same_curve_as: str
    decided_by: str
    fits: tuple[Fitted, ...]

    @property
    def values(self) -> tuple[dict[str, float], ...]:
        """Its parameters by name for each spectrum, in the units of the elements.

        Where its best values are those at which another circuit is the same, they are the parameters of that one.
        """
        return tuple(parameters(fitted) for fitted in self.fits)


@dataclass(frozen=True)
class RankedTemplate:
    """A template with what the data say of it.

    Parameters
    ----------
    name, title : str
        Of the template.
    electrodes : int
        With which it was compared.
    difference : float
        Of what speaks against it to the best, in units of BIC.
    allowed : bool
        Whether it stands in the set.
    against : tuple of str
        What speaks against it, the weightiest first.
    decided_by : str
        What would tell it from the best; empty for the best.
    """

    name: str
    title: str
    electrodes: int
    difference: float
    allowed: bool
    against: tuple[str, ...]
    decided_by: str


@dataclass(frozen=True, eq=False, repr=False)
class Suggestion(Presentable, Viewable, Value):
    """Circuits and templates that the data allow.

    Parameters
    ----------
    spectra : tuple of Spectrum
        Those that were looked at.
    circuits : tuple of RankedCircuit
        The best first; those `allowed` are the set.
    templates : tuple of RankedTemplate
        The same of templates.
    noise_percent : float
        Median noise that the Kramers-Kronig relations show; nan where it is not known.
    refused : tuple of (str, str)
        Label and reason of each spectrum that could not be used.
    remarks : tuple of str
        What the reader should know.
    """

    spectra: tuple[Spectrum, ...]
    circuits: tuple[RankedCircuit, ...]
    templates: tuple[RankedTemplate, ...]
    noise_percent: float
    refused: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    usual_figure = "suggestion"

    @property
    def allowed_circuits(self) -> tuple[RankedCircuit, ...]:
        """The set of circuits, the best first."""
        return tuple(c for c in self.circuits if c.allowed)

    @property
    def members(self) -> tuple[RankedCircuit, ...]:
        """The set as functions, the best first: circuits of one curve count once, by the best of them."""
        return tuple(c for c in self.allowed_circuits if not c.same_curve_as)

    def other_ways(self, member: RankedCircuit) -> tuple[str, ...]:
        """Return the other circuits by which a member can be written: equal functions, or equal within the window."""
        return (
            *member.same_function,
            *(c.circuit for c in self.circuits if c.same_curve_as == member.circuit),
        )

    @property
    def allowed_templates(self) -> tuple[RankedTemplate, ...]:
        """The set of templates, the best first."""
        return tuple(t for t in self.templates if t.allowed)

    def _standing(self, circuit: RankedCircuit) -> str:
        numbers = {member.circuit: k for k, member in enumerate(self.members, 1)}
        if circuit.circuit in numbers:
            return f"member {numbers[circuit.circuit]}"
        if circuit.same_curve_as:
            return f"same as {numbers[circuit.same_curve_as]}"
        return "not needed" if circuit.fits_as_well else ""

    def headline(self) -> str:
        """Return the sizes of both sets in one line."""
        spectra = f"{len(self.spectra)} spectra" if len(self.spectra) != 1 else "1 spectrum"
        if not self.circuits:
            return f"{spectra}: nothing to suggest"
        circuits, templates = len(self.members), len(self.allowed_templates)
        return (
            f"{spectra}: the data allow {circuits} circuit{'s' * (circuits != 1)} "
            f"and {templates} template{'s' * (templates != 1)}"
        )

    def sheets(self) -> list[Sheet]:
        """Return tables of circuits, templates, and refused spectra."""
        found = []
        if self.circuits:
            rows = tuple(
                (
                    self._standing(c),
                    c.circuit,
                    f"{c.bic_difference:.1f}",
                    f"{c.misfit_percent:.2g} %",
                    c.decided_by,
                )
                for c in self.circuits
            )
            columns = ("in the set", "circuit", "BIC", "misfit", "told from the first by")
            notes = tuple(
                f"{c.circuit} is the same function as {', '.join(c.same_function)}"
                for c in self.allowed_circuits
                if c.same_function
            )
            found.append(Sheet("Circuits", columns, rows, (*notes, *self.remarks)))
        if self.templates:
            lines = tuple(
                (
                    "yes" if t.allowed else "",
                    t.name,
                    str(t.electrodes),
                    f"{t.difference:.1f}",
                    "; ".join(t.against[:2]),
                    t.decided_by,
                )
                for t in self.templates
            )
            headings = (
                "in the set",
                "template",
                "electrodes",
                "difference",
                "against it",
                "told from the first by",
            )
            found.append(Sheet("Templates", headings, lines))
        if self.refused:
            found.append(Sheet("Not used", ("spectrum", "reason"), self.refused))
        return found
