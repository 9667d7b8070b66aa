"""Impedance-spectrum fitting for heteroionic interfaces.

A cell is described by a template, its spectra are fitted without starting values, and a series over
temperature gives the resistance of each contribution and its activation energy.

Examples
--------
>>> import eisfit
>>> spectra = eisfit.read_series("sample_spectra/llto_le_four_electrode")  # doctest: +SKIP
>>> series = eisfit.fit_series(spectra, eisfit.template("le_se", electrodes=4))  # doctest: +SKIP
>>> series.arrhenius("interface").activation_energy_ev  # doctest: +SKIP
0.52
"""

from __future__ import annotations

from eisfit.tools import stopping as _stopping  # noqa: F401  # isort: skip  # first: Ctrl-C during import

import importlib
from typing import TYPE_CHECKING, Any

from eisfit.cell.find import shipped, template
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import Circuit
from eisfit.errors import EisfitError, FormatError, InputError, NoImpedance
from eisfit.fitting.series import fit_series
from eisfit.fitting.spectra import fit, fit_many
from eisfit.results.contribution import Contribution
from eisfit.results.fit import Fit
from eisfit.results.fits import Fits
from eisfit.results.outcome import Outcome
from eisfit.results.series import Series
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools import views
from eisfit.version import __version__ as __version__

if TYPE_CHECKING:
    from eisfit import (
        analysis,
        bulk,
        interop,
        literature,
        plots,
        polarisation,
        simulate,
        solids,
        store,
        studies,
        tables,
        validity,
    )
    from eisfit.analysis import rivals as compare
    from eisfit.analysis.common_profile import joint_profile
    from eisfit.analysis.joint_resampling import joint_bootstrap
    from eisfit.analysis.likelihood_profile import Profile, profile
    from eisfit.analysis.resampling import Bootstrap, bootstrap
    from eisfit.diagnosis import Diagnosis, diagnose
    from eisfit.fitting.complement import Complement
    from eisfit.fitting.complement_results import ComplementResults
    from eisfit.fitting.joint import fit_joint
    from eisfit.interop import lmfit as lmfit_solver
    from eisfit.laws.arrhenius import Arrhenius
    from eisfit.planning import Expected, PlannedCell, plan
    from eisfit.relaxations.of_spectrum import drt
    from eisfit.relaxations.over_series import drt_series
    from eisfit.results.joint import Joint
    from eisfit.results.plan import Plan
    from eisfit.studies import Study, compare_series
    from eisfit.suggestion import Suggestion, suggest
    from eisfit.validity.drift_correction import drift_corrected
    from eisfit.workflow.measured_folder import read_series
    from eisfit.workflow.named_spectra import read

_LAZY = {  # imported when first asked for, so that importing eisfit stays light: a module, or one of its names
    "Arrhenius": "eisfit.laws.arrhenius:Arrhenius",
    "Bootstrap": "eisfit.analysis.resampling:Bootstrap",
    "Profile": "eisfit.analysis.likelihood_profile:Profile",
    "Complement": "eisfit.fitting.complement:Complement",
    "Diagnosis": "eisfit.diagnosis:Diagnosis",
    "ComplementResults": "eisfit.fitting.complement_results:ComplementResults",
    "Expected": "eisfit.planning:Expected",
    "Joint": "eisfit.results.joint:Joint",
    "Plan": "eisfit.results.plan:Plan",
    "PlannedCell": "eisfit.planning:PlannedCell",
    "Study": "eisfit.studies:Study",
    "analysis": "eisfit.analysis",
    "bootstrap": "eisfit.analysis.resampling:bootstrap",
    "bulk": "eisfit.bulk",
    "compare": "eisfit.analysis.rivals",
    "diagnose": "eisfit.diagnosis:diagnose",
    "drift_corrected": "eisfit.validity.drift_correction:drift_corrected",
    "compare_series": "eisfit.studies:compare_series",
    "drt": "eisfit.relaxations.of_spectrum:drt",
    "drt_series": "eisfit.relaxations.over_series:drt_series",
    "fit_joint": "eisfit.fitting.joint:fit_joint",
    "interop": "eisfit.interop",
    "joint_bootstrap": "eisfit.analysis.joint_resampling:joint_bootstrap",
    "joint_profile": "eisfit.analysis.common_profile:joint_profile",
    "literature": "eisfit.literature",
    "lmfit_solver": "eisfit.interop.lmfit",
    "plan": "eisfit.planning:plan",
    "plots": "eisfit.plots",
    "polarisation": "eisfit.polarisation",
    "profile": "eisfit.analysis.likelihood_profile:profile",
    "read": "eisfit.workflow.named_spectra:read",
    "read_series": "eisfit.workflow.measured_folder:read_series",
    "simulate": "eisfit.simulate",
    "solids": "eisfit.solids",
    "store": "eisfit.store",
    "studies": "eisfit.studies",
    "Suggestion": "eisfit.suggestion:Suggestion",
    "suggest": "eisfit.suggestion:suggest",
    "tables": "eisfit.tables",
    "validity": "eisfit.validity",
}

views.DONE_BY.update(
    figure="eisfit.plots:figure",
    frame="eisfit.tables:data_frame",
    published="eisfit.tables.literature:beside_published",
)

__all__ = [
    "Arrhenius",
    "Bootstrap",
    "Circuit",
    "Complement",
    "ComplementResults",
    "Conditions",
    "Contribution",
    "Diagnosis",
    "EisfitError",
    "Expected",
    "Finding",
    "Fit",
    "Fits",
    "FormatError",
    "InputError",
    "Joint",
    "NoImpedance",
    "Outcome",
    "Plan",
    "PlannedCell",
    "Profile",
    "Series",
    "Setting",
    "Spectrum",
    "Study",
    "Suggestion",
    "Template",
    "analysis",
    "bootstrap",
    "bulk",
    "compare",
    "compare_series",
    "diagnose",
    "drift_corrected",
    "drt",
    "drt_series",
    "fit",
    "fit_joint",
    "fit_many",
    "fit_series",
    "interop",
    "joint_bootstrap",
    "joint_profile",
    "literature",
    "lmfit_solver",
    "plan",
    "plots",
    "polarisation",
    "profile",
    "read",
    "read_series",
    "shipped",
    "simulate",
    "solids",
    "store",
    "studies",
    "suggest",
    "tables",
    "template",
    "validity",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        module, _, attribute = _LAZY[name].partition(":")
        found = importlib.import_module(module)
        return getattr(found, attribute) if attribute else found
    raise AttributeError(f"module 'eisfit' has no attribute {name!r}{_meant(name)}")


def _meant(name: str) -> str:
    """Return what is written in place of a name that the package has not."""
    from eisfit.tools.nearest import did_you_mean

    if name.startswith("_"):
        return ""
    if name in ("load", "save"):
        return f"; write eisfit.store.{name}"
    if name in ("nyquist", "bode", "arrhenius", "figure", "plot"):
        return (
            f"; write eisfit.plots.{name}"
            if name != "plot"
            else "; write fit.plot(), or eisfit.plots.nyquist(fit)"
        )
    return did_you_mean(name, __all__)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
