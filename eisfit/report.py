"""Tables from fits and series: for programs as rows and CSV, for people on a terminal."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from eisfit.fitted import Fit
from eisfit.laws.arrhenius import Arrhenius
from eisfit.outcome import Contribution
from eisfit.series import Series
from eisfit.show import with_error
from eisfit.spectrum import Spectrum

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

Row: TypeAlias = dict[str, Any]

CONTRIBUTIONS = (
    "spectrum",
    "temperature_c",
    "contribution",
    "role",
    "count",
    "resistance_ohm",
    "resistance_stderr_ohm",
    "asr_ohm_cm2",
    "asr_stderr_ohm_cm2",
    "conductivity_s_cm",
    "conductivity_stderr_s_cm",
    "capacitance_f",
    "frequency_hz",
    "resolved",
    "outcome",
)
PARAMETERS = ("spectrum", "temperature_c", "parameter", "value", "stderr", "unit", "outcome")
ARRHENIUS = (
    "contribution",
    "role",
    "quantity",
    "unit",
    "ordinate",
    "default",
    "law",
    "activation_energy_ev",
    "activation_energy_stderr_ev",
    "ci95_low_ev",
    "ci95_high_ev",
    "value_25c",
    "value_25c_stderr",
    "value_60c",
    "value_60c_stderr",
    "extrapolated",
    "scatter_ratio",
    "points_used",
    "points_total",
)
SPECTRA = (
    "spectrum",
    "file",
    "sha256",
    "format",
    "points",
    "masked",
    "f_min_hz",
    "f_max_hz",
    "temperature_c",
    "kk_max_residual_percent",
    "chi2_reduced",
    "outcome",
    "finding",
)
POINTS = (
    "spectrum",
    "file",
    "sweep",
    "temperature_c",
    "amplitude_v",
    "amplitude_a",
    "point",
    "frequency_hz",
    "z_real_ohm",
    "z_imag_ohm",
    "time_s",
)
TABLES = {
    "spectra": SPECTRA,
    "parameters": PARAMETERS,
    "contributions": CONTRIBUTIONS,
    "arrhenius": ARRHENIUS,
}


def contribution_rows(fits: Iterable[Fit]) -> list[Row]:
    """Return the rows of ``contributions.csv``."""
    return [
        {
            "spectrum": f.label,
            "temperature_c": f.spectrum.conditions.temperature_c,
            "contribution": c.name,
            **{name: getattr(c, name) for name in CONTRIBUTIONS[3:]},
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
            "outcome": p.outcome,
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


def as_frame(rows: Sequence[Row], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a DataFrame with the fixed columns."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns))


def csv_text(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Return rows as CSV; a value that is not known is an empty cell, numbers keep all their digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[_cell(row.get(name)) for name in columns] for row in rows])
    return out.getvalue()


def write_tables(folder: Path, found: Mapping[str, Sequence[Row]]) -> list[Path]:
    """Write every table as CSV into a folder and return the paths."""
    paths = []
    for name, rows in found.items():
        path = folder / f"{name}.csv"
        path.write_text(csv_text(rows, TABLES[name]), encoding="utf-8")
        paths.append(path)
    return paths


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(float(value)) if isinstance(value, float) else str(value)


def jsonable(rows: Iterable[Row], columns: Sequence[str]) -> list[Row]:
    """Return rows with all columns, unknown values as None, fit for JSON."""
    return [
        {
            name: None if isinstance(v := row.get(name), float) and not math.isfinite(v) else v
            for name in columns
        }
        for row in rows
    ]


# For people


def contribution_table(result: Series | Sequence[Fit]) -> Table:
    """Return the table of contributions per spectrum, for a terminal."""
    from rich.table import Table

    condition = result.condition if isinstance(result, Series) else "temperature_c"
    table = Table(title="Contributions", title_justify="left", header_style="bold", pad_edge=False)
    for heading, justify in (
        ("spectrum", "left"),
        (condition.replace("temperature_c", "T / °C"), "right"),
        ("contribution", "left"),
        ("R / Ω", "right"),
        ("per area or length", "right"),
        ("f_top / Hz", "right"),
        ("known", "left"),
    ):
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for f in result:
        value = getattr(f.spectrum.conditions, condition)
        shown = "" if value is None else f"{value:g}"
        if not f.contributions:
            table.add_row(f.label, shown, "", "", "", "", f.sentence)
        for number, c in enumerate(f.contributions):
            first = number == 0
            table.add_row(f.label if first else "", shown if first else "", *_contribution_cells(c))
    if isinstance(result, Series):
        for u in result.unread:
            table.add_row(u.label, "", "", "", "", "", u.reason)
    return table


def _contribution_cells(c: Contribution) -> tuple[str, str, str, str, str]:
    specific = with_error(c.asr_ohm_cm2, c.asr_stderr_ohm_cm2, "Ω cm²") or with_error(
        c.conductivity_s_cm, c.conductivity_stderr_s_cm, "S/cm"
    )
    name = f"{c.count} x {c.name}" if c.count > 1 else c.name
    known = c.resolved if c.resolved in ("yes", "sum only", "blocking") else f"{c.resolved}: {c.outcome}"
    resistance = with_error(c.resistance_ohm, c.resistance_stderr_ohm)
    if c.resolved == "upper limit":
        resistance, known = f"< {c.limit_ohm:.3g}", "upper limit (95 %)"
    if c.resolved == "no" and math.isfinite(c.limit_ohm):
        resistance = f"> {c.limit_ohm:.3g}"
    frequency = f"{c.frequency_hz:.3g}" if math.isfinite(c.frequency_hz) else ""
    return name, resistance, specific, frequency, known


def arrhenius_table(lines: Sequence[tuple[Arrhenius, bool]]) -> Table:
    """Return the table of activation energies in their default ordinate, for a terminal."""
    from rich.table import Table

    table = Table(title="Activation energies", title_justify="left", header_style="bold", pad_edge=False)
    for heading in (
        "contribution",
        "E_A / eV",
        "95 % interval / eV",
        "ordinate",
        "at 25 °C",
        "at 60 °C",
        "points",
    ):
        table.add_column(heading, overflow="fold")
    for line, default in lines:
        if not default:
            continue
        low, high = line.ci95_ev
        unit = {"asr": "Ω cm²", "conductivity": "S/cm", "resistance": "Ω"}[line.quantity]
        references = [
            with_error(r.value, r.stderr, unit) + (" (extrapolated)" if r.extrapolated else "")
            for r in line.references
        ]
        scatter = f", scatter x {line.scatter_ratio:.1f}" if line.scatter_ratio > 1 else ""
        table.add_row(
            line.contribution,
            with_error(line.activation_energy_ev, line.activation_energy_stderr_ev),
            f"{low:.3f} to {high:.3f}" if math.isfinite(low) else "",
            line.ordinate,
            *references,
            f"{line.points_used} of {line.points_total}{scatter}",
        )
    return table


def remarks(result: Series | Sequence[Fit]) -> list[str]:
    """Return what people should read below the tables: outcomes and remarks, equal ones gathered."""
    by_text: dict[str, list[str]] = {}
    for f in result:
        for text in (f.outcome.value, *f.remarks, *(n.text for n in f.spectrum.findings)):
            if text:
                by_text.setdefault(text, []).append(f.label)
        for c in f.contributions:
            if c.outcome and c.resolved in ("sum only", "yes"):
                by_text.setdefault(f"{c.name}: {c.outcome}", []).append(f.label)
    if isinstance(result, Series):
        for line, _ in result.lines():
            for text in line.remarks:
                by_text.setdefault(text, [])
    total = len(result)
    found = [
        text if not labels or len(labels) == total else f"{_shortened(labels)}: {text}"
        for text, labels in by_text.items()
    ]
    return found + _of_checks([f.spectrum for f in result])


def _of_checks(spectra: Sequence[Spectrum]) -> list[str]:
    """Return one line per kind of finding of the checks: in which spectra, and the first of them in words."""
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for s in spectra:
        for finding in s.checked.findings if s.checked else ():
            by_kind.setdefault(finding.kind, []).append((s.label, finding.text))
    lines = []
    for kind, said in by_kind.items():
        label, text = said[0]
        if len(said) > 1:
            text = f"{len(said)} spectra; {label}: {text}"
            label = _shortened([name for name, _ in said])
        lines.append(f"{label}: {kind}: {text}")
    return lines


def _shortened(labels: Sequence[str], most: int = 4) -> str:
    return ", ".join(labels[:most]) + (f" and {len(labels) - most} more" if len(labels) > most else "")


def print_result(console: Console, result: Series | Sequence[Fit]) -> None:
    """Print tables and remarks on a terminal."""
    console.print(contribution_table(result))
    if isinstance(result, Series) and (lines := result.lines()):
        console.print(arrhenius_table(lines))
    for text in remarks(result):
        console.print(f"- {text}", highlight=False, markup=False)
