"""The diffusion layer in lab units: known numbers, its two formulas, and what a fit of it needs."""

from __future__ import annotations

import numpy as np
import pytest

import eisfit
from eisfit.circuit.arc import dc_resistance
from eisfit.circuit.circuit import parse
from eisfit.elements.nernst import nernst_layer
from eisfit.errors import FitError

FREQUENCY = np.geomspace(1e3, 1e-4, 36)
LAYER = (3e-6, 100.0, 1.0, 0.3, 2.0, 298.15)  # D, delta, c, t_plus, A, T


def test_resistance_and_currents_of_a_known_layer() -> None:
    """D = 3e-10 m2/s, c = 1 M, 100 µm, t+ = 0.3: 0.87 ohm cm2, 33 s, 29 mA/cm2 supported and 41 not."""
    binary, supported = (nernst_layer(3e-6, 100.0, 1.0, t_plus=t) for t in (0.3, None))
    assert binary.resistance_ohm_cm2 == pytest.approx(0.87, abs=0.005)
    assert binary.tau_s == pytest.approx(33.3, abs=0.05)
    assert binary.limiting_current_ma_cm2 == pytest.approx(41, abs=0.5)
    assert supported.limiting_current_ma_cm2 == pytest.approx(29, abs=0.5)
    assert supported.resistance_ohm_cm2 == pytest.approx(binary.resistance_ohm_cm2 / (2 * 0.7**2), rel=1e-13)


def test_both_formulas_in_si_units() -> None:
    gas, faraday, kelvin = 8.314462618, 96485.33212, 313.15
    d, delta, c = 2e-10, 50e-6, 300.0
    bare = gas * kelvin * delta / (faraday**2 * d * c) * 1e4  # ohm cm2
    supported = nernst_layer(2e-6, 50.0, 0.3, temperature_c=40.0, charge=2)
    assert supported.resistance_ohm_cm2 == pytest.approx(bare / 4, rel=1e-9)
    assert supported.limiting_current_ma_cm2 == pytest.approx(2 * faraday * d * c / delta / 10, rel=1e-9)
    binary = nernst_layer(2e-6, 50.0, 0.3, temperature_c=40.0, t_plus=0.4, thermodynamic_factor=1.7)
    assert binary.resistance_ohm_cm2 == pytest.approx(2 * 0.6**2 * bare * 1.7, rel=1e-9)
    assert binary.limiting_current_ma_cm2 == pytest.approx(faraday * d * c / delta / 0.6 / 10, rel=1e-9)


def test_element_is_a_finite_warburg_of_the_derived_values() -> None:
    d, delta, c, t_plus, area, kelvin = LAYER
    layer = nernst_layer(d, delta, c, t_plus=t_plus, temperature_c=kelvin - 273.15)
    r = layer.resistance_ohm_cm2 / area
    found = parse("Nernst1").impedance(FREQUENCY, LAYER)
    np.testing.assert_allclose(found, parse("Ws1").impedance(FREQUENCY, [r, layer.tau_s]), rtol=1e-13)
    assert dc_resistance(parse("Nernst1").root, np.array([LAYER]))[0][0] == pytest.approx(r, rel=1e-13)


def test_high_frequencies_are_free_of_the_thickness() -> None:
    d, _, *rest = LAYER
    thin, thick = (parse("Nernst1").impedance([1e5], [d, delta, *rest])[0] for delta in (100.0, 200.0))
    assert thin == pytest.approx(thick, rel=1e-12)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"diffusion_cm2_s": 0.0}, "diffusion_cm2_s is 0: it must be positive"),
        ({"concentration_mol_l": float("nan")}, "concentration_mol_l is nan: it must be positive"),
        ({"temperature_c": -300.0}, "temperature_c + 273.15 is -26.85: it must be positive"),
        (
            {"t_plus": 1.0},
            "t_plus is 1: it must lie between 0 and 1; leave it out with a supporting electrolyte",
        ),
        (
            {"t_plus": 0.3, "charge": 2},
            "charge is 2: with t_plus it must be 1, both ions of the salt having one charge",
        ),
    ],
)
def test_impossible_layers_are_refused(changed: dict[str, float], sentence: str) -> None:
    given = {"diffusion_cm2_s": 3e-6, "thickness_um": 100.0, "concentration_mol_l": 1.0, **changed}
    with pytest.raises(ValueError) as raised:
        nernst_layer(**given)  # type: ignore[arg-type]
    assert str(raised.value) == sentence


def test_a_fit_with_too_many_free_parameters_is_refused() -> None:
    spectrum = eisfit.Spectrum(FREQUENCY, parse("R0-Nernst1").impedance(FREQUENCY, [1.0, *LAYER]))
    with pytest.raises(FitError) as raised:
        eisfit.fit(spectrum, "R0-Nernst1")
    assert str(raised.value) == (
        "Nernst1: a spectrum determines 2 of Nernst1_D, Nernst1_delta, Nernst1_c, Nernst1_t_plus, Nernst1_A, "
        "Nernst1_T, but 6 are free (Nernst1_D, Nernst1_delta, Nernst1_c, Nernst1_t_plus, Nernst1_A, Nernst1_T): "
        "fix 4 more, such as the area, the temperature and what is known of the electrolyte"
    )
