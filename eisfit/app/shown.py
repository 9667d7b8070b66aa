"""Results as the pages show them, made once: lines, rows, the fit of each file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eisfit.app.trends import Trends, trends_of
from eisfit.constants import KJ_PER_MOL_PER_EV
from eisfit.laws.arrhenius import Arrhenius
from eisfit.laws.line_sentences import energy_text
from eisfit.results.order import condition_value
from eisfit.results.quantity import conductivity_unit
from eisfit.results.series import Series
from eisfit.tools.rounding import quantity, with_error

HEADS = ("spectrum", "", "contribution", "R / ohm", "specific", "C / F", "f / Hz", "known", "remark")
UNITS = ("eV", "kJ/mol")


@dataclass(frozen=True)
class Shown:
    """Stored results with what pages show of them.

    Parameters
    ----------
    result : Series or sequence of Fit
        The results.
    lines : tuple of (Arrhenius, bool)
        Lines of all contributions, each with whether its ordinate is the usual one.
    rows : tuple of tuple of str
        Of the table of contributions.
    fits : dict of str to Fit
        By the whole path of the data file.
    undecided : tuple of tuple of str
        Segments whose arcs cannot be told apart, in the order of the template; each set once.
    trends : dict
        Parameters and capacitances over the condition of a series, by quantity.
    """

    result: Any
    lines: tuple[tuple[Arrhenius, bool], ...]
    rows: tuple[tuple[str, ...], ...]
    fits: dict[str, Any]
    undecided: tuple[tuple[str, ...], ...] = ()
    trends: Trends = field(default_factory=dict)

    @property
    def joint_lines(self) -> tuple[Arrhenius, ...]:
        """Arrhenius laws of a joint fit; none of another one."""
        if not isinstance(self.result, Series):
            return ()
        return tuple(
            law for law in self.result.laws if isinstance(law, Arrhenius) and law.estimate == "joint"
        )

    @property
    def heads(self) -> tuple[str, ...]:
        """Headings of the rows."""
        if not isinstance(self.result, Series):
            return HEADS
        over = self.result.condition
        return (HEADS[0], "T / °C" if over == "temperature_c" else over, *HEADS[2:])


def load(path: Path) -> Shown:
    """Read results.

    Raises
    ------
    StoreError
        If they cannot be read, as those of a newer version.
    """
    from eisfit import store

    result = store.load(path)
    lines = tuple(result.lines()) if isinstance(result, Series) else ()
    trends = trends_of(result) if isinstance(result, Series) else {}
    fits = {}
    for fit in _fits(result):
        if (source := fit.spectrum.source) is not None:
            fits[str(Path(source.file).absolute())] = fit
    return Shown(result, lines, tuple(_rows(result)), fits, _undecided(result), trends)


def energy(line: Arrhenius, unit: str) -> str:
    """Return an activation energy in a unit, with its error and what is questionable about it."""
    plain = energy_text(line, "eV")
    if not line.determined or unit == "eV":
        return plain
    remark = plain[plain.index(" (") :] if " (" in plain else ""
    value, error = line.activation_energy_ev, line.activation_energy_stderr_ev
    return f"{with_error(KJ_PER_MOL_PER_EV * value, KJ_PER_MOL_PER_EV * error, unit)}{remark}"


def _fits(result: Any) -> list[Any]:
    """Return the fits of a result; one that holds a single fit is that."""
    return [result] if hasattr(result, "covariance_log") else list(result)


def _undecided(result: Any) -> tuple[tuple[str, ...], ...]:
    """Return the sets of segments whose arcs have the names of all of them."""
    found: dict[tuple[str, ...], None] = {}
    for fit in _fits(result):
        for row in fit.contributions:
            names = tuple(s.name for s in fit.template.segments if s.name in row.rivals)
            if len(names) > 1:
                found[names] = None
    return tuple(found)


def _rows(result: Any) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for fit in _fits(result):
        at = f"{condition_value(fit.spectrum, result.condition):g}" if isinstance(result, Series) else ""
        if fit.statistics is None:
            rows.append((fit.label, at, "", "", "", "", "", "failed", fit.sentence))
        for c in fit.contributions:
            specific = with_error(c.asr_ohm_cm2, c.asr_stderr_ohm_cm2, "ohm cm²") or with_error(
                c.conductivity_s_cm, c.conductivity_stderr_s_cm, conductivity_unit(c.role)
            )
            name = f"{c.count:g} x {c.name}" if c.count > 1 else c.name
            value = with_error(c.resistance_ohm, c.resistance_stderr_ohm)
            capacitance = with_error(c.capacitance_f, c.capacitance_stderr_f)
            top = quantity(c.frequency_hz, digits=3)
            rows.append((fit.label, at, name, value, specific, capacitance, top, c.known, c.note))
    return rows
