"""The rows of each table, from fits and series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eisfit.laws.arrhenius import ARRHENIUS as ARRHENIUS_LAW
from eisfit.laws.arrhenius import ENERGY, Arrhenius
from eisfit.laws.law_fit import LawFit
from eisfit.results.contribution import Contribution
from eisfit.results.fit import Fit
from eisfit.results.joint import Joint
from eisfit.results.series import Series
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tables.columns import ARRHENIUS, CONTRIBUTIONS, Row, refuse_taken
from eisfit.tables.parameter_table import area_specific
from eisfit.tables.relaxation_table import relaxation_tables
from eisfit.tables.suggestion_table import suggestion_tables

TEMPERATURE = "temperature_c"


def contribution_rows(fits: Iterable[Fit]) -> list[Row]:
    """Return the rows of ``contributions.csv``: those of the independent fits, then those of a joint fit."""
    over = _over(fits)
    found = [_contribution_row(f, c, over, "independent") for f in fits for c in f.contributions]
    if isinstance(fits, Series) and fits.joint is not None:
        by_label = {f.label: f for f in fits}
        found += [
            _contribution_row(by_label[label], c, over, "joint")
            for label, own in zip(fits.joint.labels, fits.joint.rows, strict=False)
            if label in by_label
            for c in own
        ]
    return found


def _contribution_row(fit: Fit, c: Contribution, over: str, estimate: str) -> Row:
    return contribution_row(fit.label, c, estimate) | _conditions(fit.spectrum, over)


def contribution_row(label: str, c: Contribution, estimate: str) -> Row:
    """Return the row of one contribution in ``contributions.csv``, without the conditions of its spectrum."""
    return {
        "spectrum": label,
        "contribution": c.name,
        **{name: getattr(c, name) for name in CONTRIBUTIONS[3:-2] if not name.startswith("ci95")},
        "ci95_low_ohm": c.ci95_ohm[0],
        "ci95_high_ohm": c.ci95_ohm[1],
        "resolved": c.known,
        "outcome": c.note,
        "estimate": estimate,
    }


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
    over = _over(fits)
    return [
        {
            "spectrum": f.label,
            **_conditions(f.spectrum, over),
            "parameter": p.name,
            "value": p.value,
            "stderr": p.stderr,
            "unit": p.unit,
            "outcome": p.note,
            "state": p.state,
            **dict(zip(("asr_ohm_cm2", "asr_stderr_ohm_cm2"), area_specific(p, f), strict=True)),
        }
        for f in fits
        for p in f.parameters
    ]


def law_rows(fits: Iterable[tuple[LawFit, bool]]) -> list[Row]:
    """Return the rows of ``laws.csv``: one per parameter and per reference value of each fit of a law.

    Parameters
    ----------
    fits : iterable of (LawFit, bool)
        Fits of laws, each with whether it has the default ordinate.
    """
    return [
        {
            **{name: getattr(fit, name) for name in ("contribution", "role", "quantity", "unit", "ordinate")},
            "default": default,
            "law": fit.law,
            **part,
            "scatter_ratio": fit.scatter_ratio,
            "points_used": fit.points_used,
            "points_total": fit.points_total,
            "curvature_p": fit.checks.curvature.p,
            "hysteresis_p": fit.checks.hysteresis.p,
            "note": "; ".join(fit.notes),
            "estimate": fit.estimate,
        }
        for fit, default in fits
        for part in _parts(fit)
    ]


def _parts(fit: LawFit) -> list[Row]:
    """Return the columns that differ between the rows of one fit of a law."""
    parameters: list[Row] = [
        {
            "parameter": p.name,
            "value": p.value,
            "stderr": p.stderr,
            "ci95_low": p.ci95[0],
            "ci95_high": p.ci95[1],
            "parameter_unit": p.unit,
            "extrapolated": "",
        }
        for p in fit.parameters
    ]
    references: list[Row] = [
        {
            "parameter": f"value_{r.temperature_c:.0f}c",
            "value": r.value,
            "stderr": r.stderr,
            "parameter_unit": fit.unit,
            "extrapolated": f"{r.temperature_c:.0f}c" if r.extrapolated else "",
        }
        for r in fit.references
    ]
    return parameters + references


def arrhenius_rows(lines: Iterable[tuple[Arrhenius, bool]]) -> list[Row]:
    """Return the rows of ``arrhenius.csv``, a view of `law_rows`: one per line, with the columns of its rows."""
    return [_side_by_side(law_rows([line])) for line in lines]


def _side_by_side(rows: Sequence[Row]) -> Row:
    """Return one row of the table of Arrhenius lines from the rows of one line."""
    wide = {name: rows[0].get(name) for name in ARRHENIUS}
    for row in rows:
        if row["parameter"] == ENERGY:
            wide |= {"activation_energy_ev": row["value"], "activation_energy_stderr_ev": row["stderr"]}
            wide |= {"ci95_low_ev": row["ci95_low"], "ci95_high_ev": row["ci95_high"]}
        elif row["parameter"] in ARRHENIUS:
            wide |= {row["parameter"]: row["value"], f"{row['parameter']}_stderr": row["stderr"]}
    return wide | {"extrapolated": " ".join(row["extrapolated"] for row in rows if row["extrapolated"])}


def joint_rows(joint: Joint) -> list[Row]:
    """Return the rows of ``joint.csv``: what each link of a joint fit costs, shared values, shifts of temperatures."""
    shared = {p.name: p for p in joint.shared}
    rows: list[Row] = []
    for test in joint.tests:
        row: Row = {name: getattr(test, name) for name in ("parameter", "link", "chi2", "constraints", "p")}
        row |= {"spectrum": test.spectrum, "deviation": test.deviation, "note": test.sentence}
        if (p := shared.get(test.parameter)) is not None:
            row |= {
                "value": p.value,
                "stderr": p.stderr,
                "ci95_low": p.ci95[0],
                "ci95_high": p.ci95[1],
                "unit": p.unit,
            }
        rows.append(row)
    rows += [
        {
            "parameter": c.parameter,
            "link": f"same in {c.cell}",
            "value": c.difference,
            "stderr": c.stderr,
            "unit": "ln of the ratio",
            "chi2": c.chi2,
            "constraints": c.freedom,
            "p": c.p,
            "note": c.sentence,
        }
        for c in joint.consistency
    ]
    shifts = zip(joint.labels, joint.temperature_shift_k, joint.temperature_shift_stderr_k, strict=True)
    rows += [
        {
            "parameter": "temperature",
            "link": "stated",
            "value": shift,
            "stderr": error,
            "unit": "K",
            "spectrum": label,
        }
        for label, shift, error in shifts
        if error > 0
    ]
    return rows


def own_conditions(conditions: Conditions) -> dict[str, float]:
    """Return the conditions of one's own, each the column of its name.

    Raises
    ------
    InputError
        If a name is that of a column of the tables.
    """
    for name in conditions.own:
        refuse_taken(name)
    return dict(conditions.own)


def _over(fits: Iterable[Fit]) -> str:
    return fits.condition if isinstance(fits, Series) else TEMPERATURE


def _conditions(spectrum: Spectrum, over: str) -> Row:
    """Return the temperature, the condition of the series, and those of one's own."""
    known = spectrum.conditions
    return {name: known.number(name) for name in dict.fromkeys((TEMPERATURE, over))} | own_conditions(known)


def spectrum_row(spectrum: Spectrum, over: str = TEMPERATURE) -> Row:
    """Return what ``spectra.csv`` holds of a spectrum of a series over a condition, its fit apart."""
    source, used = spectrum.source, spectrum.frequency_hz[spectrum.used]
    return {
        "file": source.file if source else "",
        "sha256": source.sha256 if source else "",
        "format": source.format if source else "",
        "points": len(spectrum),
        "masked": int(spectrum.mask.sum()),
        "f_min_hz": float(used.min()) if used.size else None,
        "f_max_hz": float(used.max()) if used.size else None,
        **_conditions(spectrum, over),
        "kk_max_residual_percent": spectrum.checked.kk_max_residual_percent if spectrum.checked else None,
        "finding": spectrum.finding,
    }


def spectrum_rows(result: Series | Sequence[Fit]) -> list[Row]:
    """Return the rows of ``spectra.csv``; files that could not be read have a row with the reason."""
    rows: list[Row] = [
        {
            "spectrum": f.label,
            **spectrum_row(f.spectrum, _over(result)),
            "chi2_reduced": f.statistics.chi2_reduced if f.statistics else None,
            "outcome": f.sentence,
        }
        for f in result
    ]
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
        found["arrhenius"] = arrhenius_rows(result.arrhenius_fits())
        if any(fit.law != ARRHENIUS_LAW for fit in result.laws):
            found["laws"] = law_rows(result.law_fits())
        if result.joint is not None:
            found["joint"] = joint_rows(result.joint)
        if result.relaxations is not None:
            found |= relaxation_tables(result.relaxations)
        if result.suggestion is not None:
            found |= suggestion_tables(result.suggestion)
    return found
