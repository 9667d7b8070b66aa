"""Simulated dc cells with eight electrodes, as data and as the text of instruments."""

from __future__ import annotations

import numpy as np

from eisfit.polarisation import ChargeTransfer, DcData, ProbeLayout
from eisfit.tools.frozen import Floats

LAW = ChargeTransfer(53.1e-6, 0.44, 300.0)
PLACES = {"L1": 0.0, "L2": 1.0, "S1": 2.5, "S2": 3.5, "R1": 5.0, "R2": 6.0}
AREA_CM2 = 0.785
DENSITIES = 1e-6 * np.array([-500, -400, -300, -200, -120, -60, -30, 30, 60, 120, 200, 300, 400, 500.0])
LIQUID, SOLID = 10.0, 100.0  # ohm cm2 per mm


def potentials(density: Floats) -> Floats:
    """Return the potentials of all probes against L1, shape (n, 6), for currents to the right."""
    left = -2 * LIQUID * density  # at the left face, in the liquid
    inner = left + LAW.drop_v(-density)  # desolvation for a current to the right
    outer = inner - 2 * SOLID * density
    right = outer - LAW.drop_v(density)
    found = []
    for x in PLACES.values():
        if x < 2:
            found.append(-LIQUID * x * density)
        elif x < 4:
            found.append(inner - SOLID * (x - 2) * density)
        else:
            found.append(right - LIQUID * (x - 4) * density)
    return np.stack(found, axis=-1)


def eight_electrodes(seed: int, noise_v: float = 5e-4) -> DcData:
    """Return noisy steady states of a cell with eight electrodes."""
    rng = np.random.default_rng(seed)
    clean = potentials(DENSITIES)
    current = AREA_CM2 * DENSITIES
    of_current = 1e-3 * np.abs(current)
    return DcData(
        f"cell {seed}",
        current + of_current * rng.standard_normal(current.size),
        clean + noise_v * rng.standard_normal(clean.shape),
        tuple(PLACES),
        current_stderr_a=of_current,
        potential_stderr_v=np.full(clean.shape, noise_v),
        area_cm2=AREA_CM2,
        temperature_c=25.0,
        layout=ProbeLayout(PLACES, (2.0, 4.0)),
    )


def as_csv(data: DcData) -> str:
    """Return data as the table with places of probes."""
    assert data.layout is not None
    assert data.potential_stderr_v is not None
    assert data.current_stderr_a is not None
    lines = [
        f"# area_cm2: {data.area_cm2}",
        f"# temperature_c: {data.temperature_c}",
        "# position_mm: " + ", ".join(f"{name}={x:g}" for name, x in PLACES.items()),
        "# solid_mm: 2..4",
        "current/mA,stderr(current)/mA," + ",".join(f"{p}/mV,stderr({p})/mV" for p in data.probes),
    ]
    for k, current in enumerate(data.current_a):
        cells = [1e3 * current, 1e3 * data.current_stderr_a[k]]
        for u, s in zip(data.potential_v[k], data.potential_stderr_v[k], strict=True):
            cells += [1e3 * u, 1e3 * s]
        lines.append(",".join(f"{c:.10g}" for c in cells))
    return "\n".join(lines) + "\n"


def steps_of(seed: int = 1) -> tuple[Floats, Floats, Floats]:
    """Return time in s, potential in V and current in A of steps of potential at one interface, with their decay."""
    rng = np.random.default_rng(seed)
    held = np.array([-0.2, -0.1, -0.05, -0.025, 0.025, 0.05, 0.1, 0.2])
    grid = 1e-6 * np.linspace(-800, 800, 4001)
    density = np.interp(held, LAW.drop_v(grid), grid)
    time = np.arange(0, 600, 2.0)
    current = [AREA_CM2 * i * (1 + 0.5 * np.exp(-time / 30)) for i in density]
    noise = 2e-8 * rng.standard_normal(len(held) * time.size)
    whole = np.arange(len(held) * time.size) * 2.0
    return np.asarray(whole), np.repeat(held, time.size), np.concatenate(current) + noise


def ec_lab(time: Floats, potential: Floats, current: Floats) -> str:
    """Return a chronoamperometry as EC-Lab prints it."""
    header = ["Chronoamperometry / Chronocoulometry", "", "Electrode surface area : 0.785 cm²", ""]
    head = ["EC-Lab ASCII FILE", f"Nb header lines : {len(header) + 3}", *header]
    rows = [f"{1}\t{t:.6E}\t{u:.7E}\t{1e3 * i:.7E}" for t, u, i in zip(time, potential, current, strict=True)]
    return "\r\n".join([*head, "mode\ttime/s\tEwe/V\tI/mA", *rows]) + "\r\n"


def gamry(time: Floats, potential: Floats, current: Floats) -> str:
    """Return a chronoamperometry as Gamry prints it."""
    head = [
        "EXPLAIN",
        "TAG\tCHRONOA",
        "TITLE\tLABEL\tChronoamperometry\tTest",
        "AREA\tQUANT\t7.85E-001\tArea (cm^2)",
    ]
    head += [f"CURVE\tTABLE\t{time.size}", "\tPt\tT\tVf\tIm\tVu", "\t#\ts\tV vs. Ref.\tA\tV"]
    rows = [
        f"\t{k}\t{t:.6g}\t{u:.7E}\t{i:.7E}\t0"
        for k, (t, u, i) in enumerate(zip(time, potential, current, strict=True))
    ]
    return "\r\n".join([*head, *rows]) + "\r\n"


def ch(time: Floats, potential: Floats, current: Floats) -> str:
    """Return a multi-step run as CH Instruments prints it."""
    head = [
        "Nov. 3, 2025   10:00:00",
        "Multi-Potential Steps",
        "File: x.bin",
        "Instrument Model:  CHI760E",
        "",
    ]
    rows = [f"{t:.6g}, {u:.7e}, {i:.7e}" for t, u, i in zip(time, potential, current, strict=True)]
    return "\n".join([*head, "Time/sec, Potential/V, Current/A", "", *rows]) + "\n"


def corrware(time: Floats, potential: Floats, current: Floats) -> str:
    """Return a run as CorrWare prints it, the current by area."""
    head = ["CORRW ASCII", "Begin Experiment: Potentiostatic", f"Surface Area: {AREA_CM2}", "End Comments"]
    rows = [f"{u:.7E}\t{i / AREA_CM2:.7E}\t{t:.6E}" for t, u, i in zip(time, potential, current, strict=True)]
    return "\n".join([*head, "E(Volts)\tI(A/cm2)\tT(Seconds)", *rows]) + "\n"


def versastudio(time: Floats, potential: Floats, current: Floats) -> str:
    """Return a run as VersaStudio prints it."""
    head = [
        "<Application>",
        "Name=VersaStudio",
        "</Application>",
        "<Instrument>",
        f"Working Electrode Area (cm2)={AREA_CM2}",
    ]
    head += [
        "</Instrument>",
        "<Segment1>",
        "Type=0",
        "Definition=Segment #, Point #, E(V), I(A), Elapsed Time(s)",
    ]
    rows = [
        f"0,{k},{u:.7E},{i:.7E},{t:.6E}"
        for k, (t, u, i) in enumerate(zip(time, potential, current, strict=True))
    ]
    return "\n".join([*head, *rows, "</Segment1>"]) + "\n"


INSTRUMENTS = {"mpt": ec_lab, "DTA": gamry, "txt": ch, "cor": corrware, "par": versastudio}
