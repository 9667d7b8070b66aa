"""Pairs of probes and their places, typed without a manifest."""

from pathlib import Path

import numpy as np

from eisfit import Series, store
from support.commands import Command
from support.eight_electrodes import eight_electrodes


def test_pairs_of_probes_are_told_on_the_command_line(tmp_path: Path, eisfit: Command) -> None:
    for s in eight_electrodes(8, temperatures=(30,), pairs=("L2-S1", "S1-S2")):
        table = np.c_[s.frequency_hz, s.z_ohm.real, s.z_ohm.imag]
        np.savetxt(tmp_path / f"{s.label}.csv", table, delimiter=",", header="f/Hz,Re(Z),Im(Z)", comments="")
    known = [
        "series",
        str(tmp_path),
        "--template",
        "le_se_eight",
        "--temperature-from-name",
        "_{temperature_c}C",
    ]
    known += ["--electrodes", "8", "--area-cm2", "0.785", "--thickness-cm", "0.1", "--no-figures", "--quiet"]
    pairs = ["--pair-from-name", "{pair}_"]
    places = ["--probe-cm", "S1=0.03 ± 0.002", "--probe-cm", "S2=0.07"]
    for words, said in (
        ([], "or pair_from_name ="),
        (pairs, "--probe-cm S1=0.03"),
        ([*pairs, "--probe-cm", "S1"], "--probe-cm 'S1': write the name of the probe and its place in cm"),
        ([*pairs, "--probe-cm", "S1=1", "--probe-cm", "S1=2"], "S1 stands at 1 cm already"),
        ([*pairs, "--probe-cm", "S1=1±2", "--probe-cm", "S2=2±3"], "the errors 2 and 3 cm differ"),
        (["--pair-from-name", "x_{pair}_"], "tells no pair of probes"),
    ):
        refused = eisfit(*known, *words)
        assert refused.code == 2
        assert said in refused.err
    output = ["-o", str(tmp_path / "out")]
    assert eisfit(*known, *pairs, *places, *output).code == 0
    series = store.load(tmp_path / "out" / "eisfit.h5")
    assert isinstance(series, Series)
    assert series.joint is not None
    assert {f.spectrum.conditions.probe_pair for f in series} == {"L2-S1", "S1-S2"}
    assert all(f.spectrum.conditions.probe_err_cm == 0.002 for f in series)
    assert all(f.spectrum.conditions.probes_cm == {"S1": 0.03, "S2": 0.07} for f in series)
    assert {"interface left", "interface right + liquid right"} & set(series.names)
