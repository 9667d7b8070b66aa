"""A simulated cell with eight electrodes: what its pairs of probes see adds up."""

import re
from dataclasses import replace

import numpy as np
import pytest

from eisfit import Spectrum
from eisfit.errors import InputError
from eisfit.simulate import CAMPAIGNS, simulate
from eisfit.simulate.campaign_file import parse_campaign
from support.paths import ROOT

FILE = ROOT / "eisfit" / "simulate" / "campaigns" / "s08_llto_eight_electrodes.toml"


def by_pair(**changes: float) -> dict[str | None, Spectrum]:
    """Return the spectra of scenario S08 at its first temperature."""
    made = simulate("S08", seed=3, **changes)  # type: ignore[arg-type]
    first = made.spectra[0].conditions.temperature_c
    return {s.conditions.probe_pair: s for s in made.spectra if s.conditions.temperature_c == first}


def test_three_pairs_in_a_row_see_what_the_outer_pair_sees() -> None:
    z = {pair: s.z_ohm for pair, s in by_pair(noise=0.0).items()}
    np.testing.assert_allclose(z["L2-S1"] + z["S1-S2"] + z["S2-R1"], z["L2-R1"], rtol=1e-12)


def test_the_truth_of_a_pair_is_what_lies_between_its_probes() -> None:
    made = simulate("S08", seed=3)
    pairs = {s.conditions.probe_pair: k for k, s in enumerate(made.spectra[:4])}
    true = {pair: made.true_resistance_ohm(k, "grain boundary") for pair, k in pairs.items()}
    assert true["L2-S1"] + true["S1-S2"] + true["S2-R1"] == pytest.approx(true["L2-R1"])
    length = made.true_probes_cm["S2"] - made.true_probes_cm["S1"]
    assert true["S1-S2"] == pytest.approx(true["L2-R1"] * length / 0.1)
    assert made.true_resistance_ohm(pairs["L2-S1"], "interface right") == 0
    left, right, both = (
        made.true_resistance_ohm(pairs["L2-R1"], name)
        for name in ("interface left", "interface right", "interface left + interface right")
    )
    assert both == pytest.approx(left + right)


def test_probes_stand_off_their_places_by_their_error() -> None:
    off = [simulate("S08", seed=k).true_probes_cm["S1"] - 0.03 for k in range(40)]
    assert np.std(off) == pytest.approx(0.002, rel=0.35)
    assert len({s.conditions.temperature_c for s in simulate("S08").spectra}) == 3
    exact = replace(CAMPAIGNS["llto_eight_electrodes"].scenario, temperatures_c=(25.0,))
    assert len(simulate(exact).spectra) == 4


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('pairs = ["L2-S1", "S1-S2", "S2-R1", "L2-R1"]\n', "", "pairs are missing; write which are measured"),
        ('"S1-S2"', '"S1-S9"', "pairs: template 'le_se_eight'"),
        ("probes_cm = { S1 = 0.03, S2 = 0.07 }\n", "", "pairs: probe 'S1' stands in bulk and grain boundary"),
    ],
)
def test_pairs_that_cannot_be_are_one_sentence(old: str, new: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(InputError, match=re.escape(said)):
        parse_campaign("s08_x", text.replace(old, new), lambda name: {})
