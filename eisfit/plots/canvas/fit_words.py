"""What a printed page says of a fit: conditions, contributions, parameters, quality."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import PurePath

from eisfit.cell.roles import role_of
from eisfit.plots.canvas.curves import CONDITIONS
from eisfit.plots.canvas.text_table import Column, printed
from eisfit.plots.canvas.units import plain, with_prefix
from eisfit.results.contribution import Contribution, ParameterState
from eisfit.results.fit import Fit
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.rounding import quantity, with_error

Table = tuple[list[Column], list[list[str]]]

_WORDS = {
    "temperature_c": "temperature",
    "time_h": "age",
    "concentration_mol_l": "concentration",
    "bias_v": "bias",
    "amplitude_v": "amplitude (rms)",
    "amplitude_a": "amplitude (rms)",
    "area_cm2": "area",
    "thickness_cm": "thickness of the solid",
}
_STATES: dict[ParameterState, str] = {"free": "fitted", "fixed": "fixed"}


def conditions_of(spectrum: Spectrum, leave_out: Sequence[str] = ()) -> list[str]:
    """Return the known conditions of a spectrum, each in words with its unit."""
    known = spectrum.conditions
    found = []
    for name, word in _WORDS.items():
        value = known.number(name)
        if value is not None and name not in leave_out:
            error = known.number(name.rpartition("_")[0] + "_err_" + name.rpartition("_")[2]) or math.nan
            found.append(f"{word} {printed(with_error(value, error))} {CONDITIONS[name][1]}")
    found += [f"{role_of(role).name} {plain(cm)} cm" for role, cm in known.layers.items()]
    if known.electrodes is not None:
        found.append(f"{known.electrodes} electrodes")
    if known.probe_pair:
        found.append(f"probe pair {known.probe_pair}")
    return found + [f"{name} {plain(value)}" for name, value in known.own.items() if name not in leave_out]


def measured_in(spectrum: Spectrum) -> str:
    """Return the file of a spectrum, its format, points and window."""
    used = spectrum.frequency_hz[spectrum.used]
    masked = int(spectrum.mask.sum())
    parts = [f"{len(spectrum)} points" + (f" ({masked} masked)" if masked else "")]
    if used.size:
        parts.append(f"{with_prefix(used.min(), 'Hz')} to {with_prefix(used.max(), 'Hz')}")
    if (source := spectrum.source) is not None:
        sweep = f", sweep {source.sweep}" if source.sweep > 1 else ""
        parts = [PurePath(source.file).name + sweep, source.format, *parts]
    return "  ·  ".join(parts)


def contributions_of(fit: Fit) -> Table:
    """Return the table of contributions."""
    columns = [
        Column("contribution", words=True),
        Column("R / Ω"),
        Column("ASR / Ω cm²"),
        Column("σ / S cm⁻¹"),
        Column("C / F"),
        Column("f / Hz"),
        Column("known"),
    ]
    return columns, [_contribution(row) for row in fit.contributions]


def _contribution(row: Contribution) -> list[str]:
    name = f"{row.count} × {row.name}" if row.count > 1 else row.name
    if math.isfinite(row.conductivity_s_cm) and role_of(row.role).apparent:
        name += " (apparent\u00a0σ)"
    return [
        name,
        resistance_of(row),
        printed(with_error(row.asr_ohm_cm2, row.asr_stderr_ohm_cm2)),
        printed(with_error(row.conductivity_s_cm, row.conductivity_stderr_s_cm)),
        printed(with_error(row.capacitance_f, row.capacitance_stderr_f)),
        printed(quantity(row.frequency_hz, digits=3)),
        row.known,
    ]


def notes_of(fit: Fit) -> list[str]:
    """Return what the rows of the table of contributions remark, equal ones once."""
    names: dict[str, list[str]] = {}
    for row in fit.contributions:
        if row.note:
            names.setdefault(row.note, []).append(row.name)
    return [printed(f"{', '.join(of)}: {note}") for note, of in names.items()]


def resistance_of(row: Contribution) -> str:
    """Return a resistance in ohm with its error; its limit where there is no value."""
    if math.isfinite(row.resistance_ohm):
        return printed(with_error(row.resistance_ohm, row.resistance_stderr_ohm))
    if math.isfinite(row.limit_ohm):
        return printed(f"{'<' if row.resolved == 'upper limit' else '>'} {row.limit_ohm:.3g}")
    return ""


def parameters_of(fit: Fit) -> Table:
    """Return the table of parameters; those of large fits in two columns side by side."""
    rows = [
        [p.name, printed(with_error(p.value, p.stderr)), unit_of(p.unit), _STATES.get(p.state, p.state)]
        for p in fit.parameters
    ]
    heads = [Column("parameter"), Column("value"), Column("unit"), Column("state")]
    if len(rows) < 4:
        return heads, rows
    half = -(-len(rows) // 2)
    right = rows[half:] + [[""] * 4] * (2 * half - len(rows))
    return [*heads, *heads], [a + b for a, b in zip(rows[:half], right, strict=True)]


def unit_of(unit: str) -> str:
    """Return the unit of a parameter as it is printed; nothing for a number."""
    return printed(unit).replace("^alpha", "ᵅ").replace("^-1/2", "⁻¹ᐟ²").removeprefix("1")


def quality_of(fit: Fit) -> str:
    """Return the numbers that judge a fit, in one line; empty where it failed."""
    s = fit.statistics
    if s is None:
        return ""
    parts = [
        f"{s.points} points, {s.parameters_free} free parameters",
        f"misfit {s.rms_percent:.2g} % of |Z| (rms)",
        f"noise {s.noise_percent:.2g} %",
        f"reduced χ² {s.chi2_reduced:.3g}",
        f"weights {fit.weights}" + (f", loss {fit.loss}" if fit.loss != "linear" else ""),
    ]
    if (checked := fit.spectrum.checked) is not None and math.isfinite(checked.kk_max_residual_percent):
        parts.append(f"Kramers-Kronig {checked.kk_max_residual_percent:.2g} %")
    return printed("  ·  ".join(parts))


def outcome_of(fit: Fit) -> str:
    """Return how a fit ended, as one or two words."""
    return fit.outcome.name.lower().replace("_", " ")


def remarks_of(fit: Fit) -> list[str]:
    """Return the outcome of a fit in words, its remarks, and what was noticed of its data."""
    said = dict.fromkeys([fit.outcome.value, *fit.remarks, *(n.text for n in fit.spectrum.all_findings)])
    said |= dict.fromkeys(f"{p.name}: {p.note}" for p in fit.parameters if p.note and p.state != "fixed")
    return [printed(text[:1].upper() + text[1:]) for text in said if text]
