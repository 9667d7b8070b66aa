"""Whether a spectrum can be trusted, before any model: Kramers-Kronig, outliers, drift, probes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.spectrum.findings import Checked, Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Complexes, Floats, Value
from eisfit.validity.drift_between_sweeps import drift
from eisfit.validity.kk_relations import MU_LIMIT, KramersKronig, Part, best_test, kramers_kronig, lin_kk
from eisfit.validity.outliers import LEAVE_OUT, MASKED, outlier_finding, standing_out, step, step_finding
from eisfit.validity.probes import artefacts

__all__ = [
    "MU_LIMIT",
    "KramersKronig",
    "Part",
    "Validity",
    "check",
    "checked",
    "drift",
    "kramers_kronig",
    "lin_kk",
    "without_outliers",
]

FEWEST_POINTS = 8  # below it no test is made


@dataclass(frozen=True, eq=False)
class Validity(Value):
    """What a look at a spectrum has shown, before any model.

    Parameters
    ----------
    kramers_kronig : KramersKronig or None
        None where there are too few points. Outliers take no part in it.
    outliers : ndarray of bool, shape (n,)
        Single used points that stand out; nothing is masked.
    findings : tuple of Finding
        What the reader should know.
    """

    kramers_kronig: KramersKronig | None
    outliers: Bools
    findings: tuple[Finding, ...]

    @property
    def kk_max_residual_percent(self) -> float:
        """Largest Kramers-Kronig residual in percent; nan without a test."""
        return math.nan if self.kramers_kronig is None else self.kramers_kronig.max_residual_percent

    @property
    def noise_percent(self) -> float:
        """Noise in percent of |Z|; nan without a test."""
        return math.nan if self.kramers_kronig is None else self.kramers_kronig.noise_percent


def check(spectrum: Spectrum) -> Validity:
    """Look for what no model can explain.

    Parameters
    ----------
    spectrum : Spectrum
        Its masked points take no part.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f = np.logspace(5, -1, 61)
    >>> z = 10 + 100 / (1 + 2j * np.pi * f * 1e-3)
    >>> check(eisfit.Spectrum(f, z)).kk_max_residual_percent < 0.1
    True
    >>> [finding.kind for finding in check(eisfit.Spectrum(f, z.conj())).findings]
    ['Kramers-Kronig', 'sign']
    """
    used = np.flatnonzero(spectrum.used)
    outliers = np.zeros(len(spectrum), bool)
    kk, findings = None, []
    f, z = spectrum.frequency_hz[used], spectrum.z_ohm[used]
    if used.size >= FEWEST_POINTS and np.all(z != 0):
        kk = kramers_kronig(f, z)
        odd = standing_out(f, z, kk)
        if step(f, odd):
            findings.append(step_finding(f, odd, kk))
        elif odd.any():
            outliers[used[odd]] = True
            kk = kramers_kronig(f[~odd], z[~odd])
            findings.append(outlier_finding(f[odd], kk.noise_percent, LEAVE_OUT))
        if not kk.holds and not step(f, odd):
            findings.append(_disagreement(f, z, kk))
    findings += artefacts(spectrum)
    return Validity(kk, outliers, tuple(findings))


def checked(spectra: Sequence[Spectrum], *, mask_outliers: bool = False) -> list[Spectrum]:
    """Return spectra of one cell, each with what a check of it has shown, as tables and files carry it.

    Parameters
    ----------
    spectra : sequence of Spectrum
        In the order in which they were taken: each is compared with the one before it if that was measured
        under the same conditions. Those that were checked already are returned as they are.
    mask_outliers : bool
        Whether outliers are masked, each with the reason.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f = np.logspace(5, -1, 61)
    >>> sweep = eisfit.Spectrum(f, 10 + 100 / (1 + 2j * np.pi * f * 1e-3))
    >>> [s.checked.kk_max_residual_percent < 0.1 for s in checked([sweep])]
    [True]
    """
    found = []
    for spectrum, change in zip(spectra, drift(spectra), strict=True):
        if spectrum.checked is None:
            seen = check(spectrum)
            said = seen.findings if change is None else (*seen.findings, change)
            if mask_outliers and seen.outliers.any():
                masked = outlier_finding(spectrum.frequency_hz[seen.outliers], seen.noise_percent, MASKED)
                said = tuple(masked if finding.kind == "outlier" else finding for finding in said)
                spectrum = without_outliers(spectrum, seen)
            spectrum = replace(spectrum, checked=Checked(seen.kk_max_residual_percent, said))
        found.append(spectrum)
    return found


def without_outliers(spectrum: Spectrum, validity: Validity | None = None) -> Spectrum:
    """Return a spectrum with its outliers masked, each with the reason.

    Parameters
    ----------
    spectrum : Spectrum
        As measured.
    validity : Validity, optional
        Of that spectrum, if it is known already.
    """
    found = check(spectrum) if validity is None else validity
    if not found.outliers.any():
        return spectrum
    return spectrum.without(
        found.outliers, f"outlier: far off the nearest consistent curve (noise {found.noise_percent:.2g} %)"
    )


def _disagreement(f: Floats, z: Complexes, kk: KramersKronig) -> Finding:
    text = (
        f"real and imaginary part do not belong together: up to {kk.max_residual_percent:.2g} % of |Z| "
        f"near {kk.worst_hz:.3g} Hz (noise {kk.noise_percent:.2g} %)"
    )
    exchanged = z.imag + 1j * z.real
    for other, cause in (
        (z.conj(), "with the opposite sign of the imaginary part they do"),
        (exchanged, "with the two exchanged they do"),
        (exchanged.conj(), "with the two exchanged, and -Im for Im, they do"),
    ):
        if best_test(f, other, "impedance").holds:
            return Finding("Kramers-Kronig", f"{text}; {cause}: read the columns anew")
    cure = "drift, a change of range, or an instrument limit: cut with f_min_hz or f_max_hz"
    return Finding("Kramers-Kronig", f"{text}; {cure}")
