"""Whether a spectrum can be trusted, before any model: Kramers-Kronig, outliers, drift, probes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.spectrum.findings import REVERSED, Checked, Finding
from eisfit.spectrum.given import many_spectra, one_spectrum
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Complexes, Floats, Value
from eisfit.tools.keywords import known_keywords
from eisfit.validity.among_spectra import among
from eisfit.validity.drift_between_sweeps import drift
from eisfit.validity.kk_relations import KramersKronig, best_test, kramers_kronig
from eisfit.validity.outliers import LEAVE_OUT, MASKED, outlier_finding, standing_out, step, step_finding
from eisfit.validity.probes import artefacts

FEWEST_POINTS = 12  # number of points below which no test is made
FEWEST_PER_DECADE = 4.0  # points per decade below which the relaxations of the test are too far apart


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


@known_keywords
def check(spectrum: Spectrum) -> Validity:
    """Look for what no model can explain.

    Over all tests a sound spectrum of 8 to 100 points raises a finding with a probability of 1 % at most. Below 12
    points, or 4 a decade, no Kramers-Kronig and no outlier test is made, and the residual is nan.

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
    spectrum = one_spectrum(spectrum, "check", "checked")
    used = np.flatnonzero(spectrum.used)
    outliers = np.zeros(len(spectrum), bool)
    kk, findings = None, []
    f, z = spectrum.frequency_hz[used], spectrum.z_ohm[used]
    if enough_points(f) and np.all(z != 0):
        kk = kramers_kronig(f, z)
        odd = standing_out(f, z, kk)
        jumps = step(f, odd)
        if jumps and not kk.holds:
            findings.append(step_finding(f, odd, kk))
        elif odd.any() and not jumps:
            outliers[used[odd]] = True
            kk = kramers_kronig(f[~odd], z[~odd])
            findings.append(outlier_finding(f[odd], kk.noise_percent, LEAVE_OUT))
        if not kk.holds and not jumps:
            findings.append(_disagreement(f, z, kk, any(x.kind == REVERSED for x in spectrum.findings)))
    findings += artefacts(spectrum)
    return Validity(kk, outliers, tuple(findings))


def checked(
    spectra: Sequence[Spectrum],
    *,
    mask_outliers: bool = False,
    changes_are_sought: bool = True,
    done: Callable[[int, int], None] | None = None,
) -> list[Spectrum]:
    """Return spectra, each with what a check of it has shown, as tables and files carry it.

    Parameters
    ----------
    spectra : sequence of Spectrum
        In the order in which they were taken. Sweeps of one file are compared, each with the one before it if
        that was measured under the same conditions; spectra without a source are one file if their labels
        differ in the number behind ``#`` only. Those that were checked already are returned as they are.
    mask_outliers : bool
        Whether outliers are masked, each with the reason.
    changes_are_sought : bool
        False where a change between sweeps is what a series is for, so that it is no drift.
    done : callable, optional
        Called with the number of spectra that are done and the number of all, after each.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f = np.logspace(5, -1, 61)
    >>> sweep = eisfit.Spectrum(f, 10 + 100 / (1 + 2j * np.pi * f * 1e-3))
    >>> [s.checked.kk_max_residual_percent < 0.1 for s in checked([sweep])]
    [True]
    """
    spectra = many_spectra(spectra, "checked", "check")
    found = []
    changes = drift_by_file(spectra) if changes_are_sought else [None] * len(spectra)
    for spectrum, change, beside in zip(spectra, changes, among(spectra), strict=True):
        if spectrum.checked is None:
            seen = check(spectrum)
            said = (*seen.findings, *(() if change is None else (change,)), *beside)
            if mask_outliers and seen.outliers.any():
                masked = outlier_finding(spectrum.frequency_hz[seen.outliers], seen.noise_percent, MASKED)
                said = tuple(masked if finding.kind == "outlier" else finding for finding in said)
                spectrum = without_outliers(spectrum, seen)
            spectrum = replace(spectrum, checked=Checked(seen.kk_max_residual_percent, said))
        found.append(spectrum)
        if done is not None:
            done(len(found), len(spectra))
    return found


def drift_by_file(spectra: Sequence[Spectrum]) -> list[Finding | None]:
    """Return for each spectrum its drift since the sweep before it in the same file, as `drift` finds it.

    Parameters
    ----------
    spectra : sequence of Spectrum
        The sweeps of each file in the order in which they were taken; files in any order.
    """
    files: dict[str, list[int]] = {}
    for k, spectrum in enumerate(spectra):
        name = spectrum.label.split("#")[0] if spectrum.source is None else spectrum.source.file
        files.setdefault(name, []).append(k)
    found: list[Finding | None] = [None] * len(spectra)
    for sweeps in files.values():
        for k, change in zip(sweeps, drift([spectra[k] for k in sweeps]), strict=True):
            found[k] = change
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


def enough_points(frequency_hz: Floats) -> bool:
    """Tell whether the points are enough, and close enough, for the Kramers-Kronig and the outlier test."""
    if frequency_hz.size < FEWEST_POINTS:
        return False
    decades = math.log10(frequency_hz.max() / frequency_hz.min())
    return bool(frequency_hz.size - 1 >= FEWEST_PER_DECADE * decades)


def _is_of_a_cell(z: Complexes) -> bool:
    """Tell whether most points have the signs of a passive cell: Re Z > 0 and Im Z < 0."""
    return bool(np.median(z.real) > 0 > np.median(z.imag))


_ANEW = "read the columns anew"


def _disagreement(f: Floats, z: Complexes, kk: KramersKronig, turned: bool) -> Finding:
    text = (
        f"real and imaginary part do not belong together: up to {kk.max_residual_percent:.2g} % of |Z| "
        f"near {kk.worst_hz:.3g} Hz (noise {kk.noise_percent:.2g} %)"
    )
    exchanged = z.imag + 1j * z.real
    flip = "without --flip-sign" if turned else "with --flip-sign"
    for other, cause in (
        (z.conj(), f"with the opposite sign of the imaginary part they do: {_ANEW}, {flip}"),
        (exchanged, f"with the two exchanged they do: {_ANEW}"),
        (exchanged.conj(), f"with the two exchanged, and -Im for Im, they do: {_ANEW}"),
    ):
        if _is_of_a_cell(other) and not _is_of_a_cell(z) and best_test(f, other, "impedance").holds:
            return Finding("Kramers-Kronig", f"{text}; {cause}")
    cure = "drift, a change of range, or an instrument limit: cut with f_min_hz or f_max_hz"
    return Finding("Kramers-Kronig", f"{text}; {cure}")
