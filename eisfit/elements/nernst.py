"""The diffusion layer in a liquid electrolyte beside a solid one, in the units of a lab."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K, KJ_PER_MOL_PER_EV, ZERO_CELSIUS_K
from eisfit.elements.hyperbolic import tanh_over
from eisfit.elements.registry import Evaluated, Laplace, Quantity, element
from eisfit.tools.frozen import Floats

_FARADAY = 1e3 * KJ_PER_MOL_PER_EV  # C / mol
# ohm for 1 µm, 1 cm2 / s, 1 mol / L, 1 cm2 and 1 K: k T / e over F, with 1e-6 m / (1e-4 m2/s 1e3 mol/m3 1e-4 m2)
_OHM = BOLTZMANN_EV_PER_K / _FARADAY * 0.1
_SECONDS = 1e-8  # 1 µm2 over 1 cm2 / s
_DC = 1e-60  # omega tau that is dc to all digits


@dataclass(frozen=True)
class NernstLayer:
    """What follows from a diffusion layer.

    Parameters
    ----------
    resistance_ohm_cm2 : float
        Of diffusion, at dc, for one interface.
    tau_s : float
        Thickness squared over diffusion coefficient.
    limiting_current_ma_cm2 : float
        At which the concentration at the interface is 0.
    """

    resistance_ohm_cm2: float
    tau_s: float
    limiting_current_ma_cm2: float


def nernst_layer(
    diffusion_cm2_s: float,
    thickness_um: float,
    concentration_mol_l: float,
    *,
    temperature_c: float = 25.0,
    t_plus: float | None = None,
    charge: int = 1,
    thermodynamic_factor: float = 1.0,
) -> NernstLayer:
    r"""Return resistance, time constant and limiting current of a diffusion layer beside a single-ion conductor.

    Parameters
    ----------
    diffusion_cm2_s : float
        Of the salt; of the ion where a supporting electrolyte carries the current.
    thickness_um : float
        Of the layer.
    concentration_mol_l : float
        In the bulk of the liquid.
    temperature_c : float
        In °C.
    t_plus : float, optional
        Transference number of the cation in a binary salt of two ions of charge 1, whose anion the solid stops:
        :math:`R = 2 (1 - t_+)^2 R_g T \delta / (F^2 D c)`, :math:`i = F D c / (\delta (1 - t_+))`. Without it the
        ion moves by diffusion alone: :math:`R = R_g T \delta / (z^2 F^2 D c)`, :math:`i = z F D c / \delta`.
    charge : int
        Of the ion; 1 with `t_plus`.
    thermodynamic_factor : float
        :math:`1 + \mathrm{d} \ln \gamma_\pm / \mathrm{d} \ln c`, which multiplies the resistance.

    Raises
    ------
    ValueError
        If a value is not positive, `t_plus` is not between 0 and 1, or `charge` is not 1 beside it.

    Notes
    -----
    Source: Newman & Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004), ch. 12.

    Examples
    --------
    >>> layer = nernst_layer(3e-6, 100.0, 1.0, t_plus=0.3)
    >>> f"{layer.resistance_ohm_cm2:.2f} ohm cm2, {layer.tau_s:.0f} s, {layer.limiting_current_ma_cm2:.0f} mA/cm2"
    '0.87 ohm cm2, 33 s, 41 mA/cm2'
    """
    given = {
        "diffusion_cm2_s": diffusion_cm2_s,
        "thickness_um": thickness_um,
        "concentration_mol_l": concentration_mol_l,
        "temperature_c + 273.15": temperature_c + ZERO_CELSIUS_K,
        "charge": charge,
        "thermodynamic_factor": thermodynamic_factor,
    }
    for name, value in given.items():
        if not value > 0:
            raise ValueError(f"{name} is {value:.6g}: it must be positive")
    if t_plus is not None and not 0 <= t_plus < 1:
        raise ValueError(
            f"t_plus is {t_plus:.6g}: it must lie between 0 and 1; leave it out with a supporting electrolyte"
        )
    if t_plus is not None and charge != 1:
        raise ValueError(
            f"charge is {charge}: with t_plus it must be 1, both ions of the salt having one charge"
        )
    flux = diffusion_cm2_s * concentration_mol_l / thickness_um
    single = _OHM * (temperature_c + ZERO_CELSIUS_K) / flux * thermodynamic_factor
    return NernstLayer(
        resistance_ohm_cm2=single / charge**2 if t_plus is None else 2 * (1 - t_plus) ** 2 * single,
        tau_s=_SECONDS * thickness_um**2 / diffusion_cm2_s,
        limiting_current_ma_cm2=1e4 * _FARADAY * flux * (charge if t_plus is None else 1 / (1 - t_plus)),
    )


@element(
    "Nernst",
    Quantity("D", "cm2 s^-1", resistance=-2, time=1, size=7e-8),
    Quantity("delta", "um", resistance=-1, time=1, size=2.6),
    Quantity("c", "mol L^-1", usual=(0.01, 5.0), factor=-1),
    Quantity("t_plus", "1", upper=1.0, usual=(0.1, 0.6)),
    Quantity("A", "cm2", usual=(0.05, 20.0), factor=-1),
    Quantity("T", "K", usual=(250.0, 400.0), factor=1),
    dc="formula",
    determined=2,
)
def nernst_diffusion(
    s: Laplace, d: Floats, delta: Floats, c: Floats, t_plus: Floats, area: Floats, kelvin: Floats
) -> Evaluated:
    r"""Diffusion layer in a binary liquid electrolyte, :math:`Z = R \tanh(x) / x` with :math:`x = \sqrt{s \tau}`.

    :math:`R = 2 (1 - t_+)^2 R_g T \delta / (F^2 D c A)` and :math:`\tau = \delta^2 / D`: the layer of thickness delta
    between a stirred liquid and a solid electrolyte that lets only the cation pass, for a salt of two ions of charge
    1; once for each interface. 100 µm, 3e-6 cm²/s, 1 mol/L and :math:`t_+ = 0.3` make 0.87 ohm cm² and 33 s.
    Low frequencies give R, high ones :math:`R / \sqrt{s \tau}`, free of delta. A
    spectrum determines R and tau, thus two of the six parameters: fix the area, the temperature and
    two others, such as c and :math:`t_+`. The solution is ideal; else R is to be multiplied by the
    thermodynamic factor (`eisfit.elements.nernst.nernst_layer` has it). It is Ws in other parameters.

    Source: Newman & Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004), ch. 12.
    """
    mobile = 2 * _OHM * kelvin * delta / (d * c * area)
    rest = 1 - t_plus
    omega_tau = _SECONDS * s.omega * delta * (delta / d)
    whole, whole_by_x = tanh_over(mobile, np.sqrt(1j * np.maximum(omega_tau, _DC)))
    z, by_x = rest**2 * whole, rest**2 * whole_by_x
    return z, (-z - 0.5 * by_x, z + by_x, -z, -2 * t_plus * rest * whole, -z, z)
