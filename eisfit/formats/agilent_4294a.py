"""Agilent 4294A text: two traces below each other, each a quantity over the frequency."""

from __future__ import annotations

import re

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.amplitude import with_amplitude
from eisfit.formats.parsing.build import build, with_plausible
from eisfit.formats.parsing.numbers import first_number
from eisfit.formats.parsing.rows import matrix, row_of, value_after
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.immittance import Route, impedance_of, route_of
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

NAME = "Agilent 4294A"
_LETTERS = {
    "r": "re", "x": "im", "g": "y_re", "b": "y_im", "cp": "cp", "cs": "cs", "lp": "lp", "ls": "ls", "d": "d", "q": "q",
    "rp": "rp", "rs": "re", "conductance": "y_re", "susceptance": "y_im",
}  # fmt: skip
_WORDS: tuple[tuple[str, tuple[str, str]], ...] = (
    (r"impedance.*real.*imag|^r\W+x$", ("re", "im")),
    (r"impedance.*(mag|abs).*(ph|deg|rad|theta)|\|z\|", ("modulus", "phase")),
    (r"admittance.*real.*imag|^g\W+b$", ("y_re", "y_im")),
    (r"admittance.*(mag|abs).*(ph|deg|rad|theta)|\|y\|", ("y_modulus", "y_phase")),
)


def recognise(raw: RawFile) -> bool:
    """Look for the model in the first line."""
    return bool(re.match(r'\s*"?4294A\b', raw.head))


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectrum that both traces make up.

    Raises
    ------
    NoImpedance
        If the sweep is not over the frequency, or there is no trace.
    FormatError
        If the measured parameter is unknown, or one trace is missing.
    """
    lines = [line.replace('"', "").strip() for line in raw.lines]
    sweep = value_after(lines, "SWEEP TYPE")
    if sweep and "FREQ" not in sweep.upper():
        raise NoImpedance(f"{raw.name}: the sweep is of type {sweep!r}, not over the frequency")
    measured = value_after(lines, "MEASURE PARAMETER")
    traces = _traces(raw, lines)
    conditions, reported = _conditions(lines)
    if _complex(raw, lines, traces):
        z = np.ascontiguousarray(traces[0][:, 1:]).view(np.complex128)[:, 0]
        note = Finding(
            "columns", f"'Data Real' and 'Data Imag' are the impedance, {measured!r} what was displayed"
        )
        return build(raw, NAME, traces[0][:, 0], z, conditions=conditions, findings=(note, *reported))
    route, swapped = _route(raw, measured)
    f, first, second = _both(raw, traces, measured)
    if swapped:
        first, second = second, first
    if route.needs[1].endswith("phase") and "RAD" in measured.upper():
        second = np.rad2deg(second)
    z, _ = impedance_of(route, f, first, second)
    notes = (Finding("immittance", f"Z was computed from {measured!r}: {route.law}"),) if route.law else ()
    return build(raw, NAME, f, z, conditions=conditions, findings=notes + reported)


def _route(raw: RawFile, measured: str) -> tuple[Route, bool]:
    """Return the way from the measured parameter to Z, and whether the traces come in the other order."""
    text = measured.strip().lower()
    words = [_LETTERS[w] for w in re.findall(r"[a-z]+", text) if w in _LETTERS]
    pair = next((list(needs) for pattern, needs in _WORDS if re.search(pattern, text)), words)
    route = route_of(pair) if len(pair) == 2 else None
    if route is None:
        raise FormatError(
            f"{raw.name}: the measured parameter {measured!r} is none from which an impedance follows; save R-X or "
            "|Z|-theta"
        )
    return route, pair[0] != route.needs[0]


def _traces(raw: RawFile, lines: list[str]) -> list[Floats]:
    """Return the rows of each trace: frequency, real and imaginary part of what it shows."""
    traces: list[list[list[float]]] = []
    for count, line in enumerate(lines, 1):
        if re.match(r"TRACE\s*:", line):
            traces.append([])
        elif traces and re.match(r"[-+.\d]", line):
            traces[-1].append(row_of(raw, count, re.split(r"[\t,;]\s*|\s+", line), (0, 1, 2)))
    found = [matrix(rows, 3) for rows in traces if rows]
    if not found:
        raise NoImpedance(f"{raw.name}: there is no trace with rows")
    return found


def _complex(raw: RawFile, lines: list[str], traces: list[Floats]) -> bool:
    """Return whether the traces are the complex data behind both, not what each of them displays.

    The analyser saves its data arrays (`Data Real`, `Data Imag`: one impedance, twice) or its data trace arrays
    (`Data Trace Real`: the displayed quantity of either trace, with an imaginary part of 0).
    """
    if any(re.search(r"data\s+trace", line, re.IGNORECASE) for line in lines):
        if len(traces) > 1 and any(t[:, 2].any() for t in traces):
            raise FormatError(
                f"{raw.name}: both of its traces are complex; save 'Data' in place of 'Data Trace'"
            )
        return False
    if not any(re.search(r"data\s+real", line, re.IGNORECASE) for line in lines) or not traces[0][:, 2].any():
        return False
    if any(not np.array_equal(t, traces[0]) for t in traces[1:]):
        raise FormatError(
            f"{raw.name}: the complex data of its traces A and B differ; save the traces ('Data Trace')"
        )
    return True


def _both(raw: RawFile, traces: list[Floats], measured: str) -> tuple[Floats, Floats, Floats]:
    """Return frequency and both quantities, the second from the second trace, else from the imaginary part."""
    a = traces[0]
    if len(traces) == 1:
        if not a[:, 2].any():
            raise FormatError(f"{raw.name}: the second trace of {measured!r} is missing; save both traces")
        return a[:, 0], a[:, 1], a[:, 2]
    b = traces[1]
    if a.shape != b.shape or not np.allclose(a[:, 0], b[:, 0], rtol=1e-9):
        raise FormatError(f"{raw.name}: the frequencies of its traces A and B differ; save both traces anew")
    return a[:, 0], a[:, 1], b[:, 1]


def _conditions(lines: list[str]) -> tuple[Conditions, tuple[Finding, ...]]:
    bias = re.search(r"([-+]?[\d.]+)\s*(m?)V", value_after(lines, "DC BIAS"))
    volts = None if bias is None else float(bias[1]) * (1e-3 if bias[2] else 1.0)
    level = value_after(lines, "OSC LEVEL")
    unit = re.search(r"\d\s*(m?[VA])", level)
    conditions = with_plausible(NO_CONDITIONS, bias_v=volts)
    return with_amplitude(conditions, first_number(level), unit[1] if unit else "", "rms", convention=NAME)


FORMAT = Format(NAME, recognise, read)
