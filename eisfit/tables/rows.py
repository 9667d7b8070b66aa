"""The rows of each table, from fits and series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from eisfit.laws.arrhenius import Arrhenius
from eisfit.results.fit import Fit
from eisfit.results.series import Series
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tables.columns import CONTRIBUTIONS, Row

if TYPE_CHECKING:
    pass


def contribution_rows(fits: Iterable[Fit]) -> list[Row]:
    """Return the rows of ``contributions.csv``."""
    return [
        {
            "spectrum": f.label,
            "temperature_c": f.spectrum.conditions.temperature_c,
            "contribution": c.name,
            **{name: getattr(c, name) for name in CONTRIBUTIONS[3:-1]},
            "outcome": c.note,
        }
        for f in fits
        for c in f.contributions
    ]


def point_rows(spectra: Iterable[Spectrum]) -> list[Row]:
    """Return one row per measured point, for a tidy table."""
    return [
        {
            "spectrum": s.label,
            "file": s.source.file if s.source else "",
            "sweep": s.source.sweep if s.source else 1,
            "temperature_c": s.conditions.temperature_c,
            "amplitude_v": s.conditions.amplitude_v,
            "amplitude_a": s.conditions.amplitude_a,
            "point": k,
            "frequency_hz": float(s.frequency_hz[k]),
            "z_real_ohm": float(s.z_ohm[k].real),
            "z_imag_ohm": float(s.z_ohm[k].imag),
            "time_s": None if s.time_s is None else float(s.time_s[k]),
        }
        for s in spectra
        for k in range(len(s))
    ]


def parameter_rows(fits: Iterable[Fit]) -> list[Row]:
    """Return the rows of ``parameters.csv``."""
    return [
        {
            "spectrum": f.label,
            "temperature_c": f.spectrum.conditions.temperature_c,
            "parameter": p.name,
            "value": p.value,
            "stderr": p.stderr,
            "unit": p.unit,
            "outcome": p.note,
        }
        for f in fits
        for p in f.parameters
    ]


def arrhenius_rows(lines: Iterable[tuple[Arrhenius, bool]]) -> list[Row]:
    """Return the rows of ``arrhenius.csv`` from lines, each with whether it has the default ordinate."""
    rows = []
    for line, default in lines:
        row: Row = {
            name: getattr(line, name) for name in ("contribution", "role", "quantity", "unit", "ordinate")
        }
        row |= {"default": default, "law": line.law}
        row["activation_energy_ev"] = line.activation_energy_ev
        row["activation_energy_stderr_ev"] = line.activation_energy_stderr_ev
        row["ci95_low_ev"], row["ci95_high_ev"] = line.ci95_ev
        for reference in line.references:
            name = f"value_{reference.temperature_c:.0f}c"
            row[name], row[f"{name}_stderr"] = reference.value, reference.stderr
        row["extrapolated"] = " ".join(f"{r.temperature_c:.0f}c" for r in line.references if r.extrapolated)
        row["scatter_ratio"] = line.scatter_ratio
        row["points_used"], row["points_total"] = line.points_used, line.points_total
        rows.append(row)
    return rows


def spectrum_rows(result: Series | Sequence[Fit]) -> list[Row]:
    """Return the rows of ``spectra.csv``; files that could not be read have a row with the reason."""
    rows = []
    for f in result:
        s = f.spectrum
        used = s.frequency_hz[s.used]
        rows.append(
            {
                "spectrum": f.label,
                "file": s.source.file if s.source else "",
                "sha256": s.source.sha256 if s.source else "",
                "format": s.source.format if s.source else "",
                "points": len(s),
                "masked": int(s.mask.sum()),
                "f_min_hz": float(used.min()) if used.size else None,
                "f_max_hz": float(used.max()) if used.size else None,
                "temperature_c": s.conditions.temperature_c,
                "kk_max_residual_percent": s.checked.kk_max_residual_percent if s.checked else None,
                "chi2_reduced": f.statistics.chi2_reduced if f.statistics else None,
                "outcome": f.sentence,
                "finding": s.finding,
            }
        )
    if isinstance(result, Series):
        rows += [{"spectrum": u.label, "file": u.file, "outcome": u.reason} for u in result.unread]
    return rows


def tables(result: Series | Sequence[Fit]) -> dict[str, list[Row]]:
    """Return the rows of all tables of a series, or of fits that form none."""
    found = {
        "spectra": spectrum_rows(result),
        "parameters": parameter_rows(result),
        "contributions": contribution_rows(result),
    }
    if isinstance(result, Series):
        found["arrhenius"] = arrhenius_rows(result.lines())
    return found


# For people
