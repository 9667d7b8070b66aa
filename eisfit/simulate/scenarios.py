"""The scenarios: cells of the literature with values of the right size, each marked as sourced or chosen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from eisfit.simulate.scenario import Part, Scenario
from eisfit.spectrum.conditions import Conditions

_REVIEW = "doi 10.1007/s41918-020-00062-7"

_LLTO_LIQUID = Scenario(
    name="llto_le_four_electrode",
    title="Li0.29La0.57TiO3 between two portions of LiClO4 in EC:DMC, four electrodes",
    template="le_se",
    parts={
        "liquid + bulk": Part(100.0, 0.35, "ln(T/R)"),
        "grain boundary": Part(250.0, 0.40, "ln(T/R)", 1, 1e-8, 0.95),
        "interface": Part(500.0, 0.52, "ln(1/R)", 2, 1e-6, 0.9),
    },
    faded=("bulk",),
    conditions=Conditions(area_cm2=0.785, thickness_cm=0.1, temperature_err_c=0.5, electrodes=4),
    temperatures_c=(0.0, 10.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0),
    frequency_hz=(1e6, 0.1),
    points_per_decade=10,
    noise=0.005,
    anchors=(
        "Grain boundary 250 ohm cm2 and 0.40 eV after Uhlmann et al., activation energy of the interface "
        f"0.52 eV (50 kJ/mol) after Yamada et al., as reviewed in {_REVIEW}; the "
        "resistance of liquid and bulk, all capacitances and exponents, and the interface's 500 ohm cm2 "
        "are choices."
    ),
)

_LLTO_POLYMER = Scenario(
    name="llto_pe_two_electrode",
    title="La0.55Li0.35TiO3 between two sheets of PEO20:LiCF3SO3 with lithium electrodes, two electrodes",
    template="pe_se",
    parts={
        "polymer": Part(100.0, 0.53, "ln(1/R)", reference_c=80.0),
        "bulk": Part(100.0, 0.35, "ln(T/R)"),
        "grain boundary": Part(250.0, 0.40, "ln(T/R)", 1, 1e-8, 0.95),
        "interface": Part(2200.0, 1.0, "ln(1/R)", 2, 1e-6, 0.9, reference_c=80.0),
        "electrode": Part(20.0, 0.7, "ln(T/R)", 2, 1e-5, 0.85, reference_c=80.0),
    },
    sums={"polymer + bulk": ("polymer", "bulk"), "interface + electrode": ("interface", "electrode")},
    faded=("polymer", "bulk"),
    conditions=Conditions(
        area_cm2=0.785, thickness_cm=0.1, layers={"polymer": 0.02}, temperature_err_c=0.5, electrodes=2
    ),
    temperatures_c=(60.0, 65.0, 70.0, 75.0, 80.0, 85.0, 90.0),
    frequency_hz=(1e6, 0.1),
    points_per_decade=10,
    noise=0.005,
    anchors=(
        "Interface 2200 ohm cm2 at 80 °C and 1.0 eV, polymer 0.53 eV above 60 °C, after Abe et al., grain "
        f"boundary 250 ohm cm2 and 0.40 eV after Uhlmann et al., as reviewed in {_REVIEW}. Choices: the "
        "polymer's 100 ohm cm2 at 80 °C (both sheets), the bulk's 100 ohm cm2 at 25 °C, the lithium "
        "electrodes, all capacitances and exponents. Two electrodes cannot part interface and electrode: "
        "the truth of a fit is that of their sum, which has no activation energy of its own."
    ),
    formats=(".mpt",),
)

_ARGYRODITE_POLYMER = Scenario(
    name="lpscl_peo_four_electrode",
    title="Li6PS5Cl between two sheets of PEO10:LiTFSI with an interphase, four electrodes",
    template="pe_se_spei",
    parts={
        "polymer": Part(10.0, 0.6, "ln(1/R)", reference_c=80.0),
        "bulk": Part(20.0, 0.35, "ln(T/R)", reference_c=80.0),
        "interphase": Part(0.3, 0.5, "ln(1/R)", 2, 1e-6, 0.95, reference_c=80.0),
        "charge transfer": Part(2.1, 0.5, "ln(T/R)", 2, 1e-5, 0.9, reference_c=80.0),
    },
    sums={"polymer + bulk": ("polymer", "bulk"), "interface": ("interphase", "charge transfer")},
    faded=("polymer", "bulk"),
    conditions=Conditions(
        area_cm2=0.785, thickness_cm=0.1, layers={"polymer": 0.02}, temperature_err_c=0.5, electrodes=4
    ),
    temperatures_c=(25.0, 35.0, 45.0, 55.0, 65.0, 80.0),
    frequency_hz=(1e6, 0.1),
    points_per_decade=10,
    noise=0.001,
    anchors=(
        f"Interphase 0.3 and charge transfer 2.1 ohm cm2 at 80 °C after Simon et al., as reviewed in {_REVIEW}. "
        "Choices: polymer and bulk (together 30 ohm cm2 at 80 °C), all activation energies, capacitances and "
        "exponents. The interphase is 2 % of the path: at a noise of 0.5 % it is hardly seen at 80 °C."
    ),
    formats=(".DTA",),
)

_POROUS_GARNET = Scenario(
    name="llzo_peo_porous",
    title="Li7La3Zr2O12 with porous surfaces between two sheets of PEO20:LiClO4, four electrodes",
    template="pe_se_porous",
    parts={
        "polymer": Part(100.0, 0.53, "ln(1/R)", reference_c=70.0),
        "bulk": Part(40.0, 0.40, "ln(T/R)", reference_c=70.0),
        "pore": Part(2000.0, 0.53, "ln(1/R)", 2, reference_c=70.0),
        "interface": Part(9000.0, 1.0, "ln(1/R)", 2, 1e-7, 0.9, reference_c=70.0),
    },
    sums={"polymer + bulk": ("polymer", "bulk")},
    faded=("polymer", "bulk"),
    conditions=Conditions(
        area_cm2=0.785,
        true_area_cm2=7.85,
        thickness_cm=0.1,
        layers={"polymer": 0.02},
        temperature_err_c=0.5,
        electrodes=4,
    ),
    temperatures_c=(50.0, 60.0, 65.0, 70.0, 80.0, 90.0),
    frequency_hz=(1e6, 0.1),
    points_per_decade=10,
    noise=0.005,
    anchors=(
        "Wall 9000 ohm cm2 (of geometric area) at 70 °C and 1e-7 F cm-2 after Langer et al., activation energy of "
        f"a polymer | solid interface 1.0 eV and of PEO above its melting point 0.53 eV, as reviewed in {_REVIEW}. "
        "Choices: the polymer in the pores (2000 ohm cm2 at 70 °C), polymer and bulk before them, the tenfold true "
        "area, the exponent; the melting of the polymer at 60 °C is left out. The row `pore` is the whole porous "
        "interface, `interface` its wall."
    ),
    formats=(".z",),
)

_COLD_PELLET = Scenario(
    name="llto_blocking_cold",
    title="a pellet of lithium lanthanum titanate between blocking contacts, cold enough to see its bulk arc",
    template="se_blocking",
    parts={
        "bulk": Part(100.0, 0.35, "ln(T/R)", 1, 9e-11, 0.98),
        "grain boundary": Part(250.0, 0.40, "ln(T/R)", 1, 1e-8, 0.95),
        "electrode": Part(math.inf, 0.0, "ln(1/R)", 1, 2e-6, 0.88),
    },
    faded=(),
    conditions=Conditions(area_cm2=0.785, thickness_cm=0.1, temperature_err_c=0.5, electrodes=2),
    temperatures_c=(-60.0, -50.0, -40.0, -30.0, -20.0, -10.0, 0.0, 20.0),
    frequency_hz=(1e6, 0.1),
    points_per_decade=10,
    noise=0.005,
    anchors=(
        f"Grain boundary 250 ohm cm2 and 0.40 eV after Uhlmann et al., as reviewed in {_REVIEW}; all else is a "
        "choice, the bulk's 9e-11 F cm-2 a relative permittivity of 100. The top of the bulk arc rises from 0.1 MHz "
        "at -60 °C out of the window, which ends at 1 MHz."
    ),
    formats=(".csv",),
)

_NO_INTERFACE = Scenario(
    name="licgc_pe_no_interface",
    title="a Li-ion conducting glass ceramic between two sheets of PEO16:LiCF3SO3 with DMC, four electrodes",
    template="pe_se",
    parts={
        "polymer": Part(400.0, 0.5, "ln(1/R)", reference_c=30.0),
        "bulk": Part(60.0, 0.35, "ln(T/R)", reference_c=30.0),
        "grain boundary": Part(160.0, 0.40, "ln(T/R)", 1, 1e-8, 0.95, reference_c=30.0),
        "interface": Part(0.0, 0.0, "ln(1/R)", 2, 1e-6, 0.9, reference_c=30.0),
    },
    sums={"polymer + bulk": ("polymer", "bulk")},
    faded=("polymer", "bulk"),
    conditions=Conditions(
        area_cm2=0.785, thickness_cm=0.015, layers={"polymer": 0.02}, temperature_err_c=0.5, electrodes=4
    ),
    temperatures_c=(20.0, 30.0, 40.0, 50.0),
    frequency_hz=(1e6, 0.1),
    points_per_decade=10,
    noise=0.003,
    anchors=(
        "With 5 wt% DMC the interface of 1200 ohm cm2 vanishes after Chen et al. (two electrodes), as reviewed in "
        f"{_REVIEW}; the 620 ohm cm2 that are left at 30 °C are shared between polymer, bulk and grain boundary by "
        "choice, and so are energies, capacitances, exponents and the four electrodes. A fit must give an upper "
        "limit to the interface, and no value."
    ),
    formats=(".csv",),
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        s.name: s
        for s in (
            _LLTO_LIQUID,
            _LLTO_POLYMER,
            _ARGYRODITE_POLYMER,
            _POROUS_GARNET,
            _COLD_PELLET,
            _NO_INTERFACE,
        )
    }
)
