"""One impedance spectrum, checked when it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from eisfit.errors import SpectrumError
from eisfit.spectrum.conditions import CONDITION_NUMBERS, NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Checked, Finding, Source
from eisfit.spectrum.normalised import in_ohm
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Bools, Complexes, Floats, Value, frozen_array
from eisfit.tools.keywords import known_keywords, refusing_unknown
from eisfit.tools.rounding import quantity
from eisfit.tools.views import Viewable


@refusing_unknown(
    SpectrumError, letters={"f": "frequency_hz", "z": "z_ohm", "Z": "z_ohm", "impedance": "z_ohm"}
)
@dataclass(frozen=True, eq=False, repr=False)
class Spectrum(Presentable, Viewable, Value):
    """An impedance spectrum with its conditions, source and findings.

    Parameters
    ----------
    frequency_hz : array_like, shape (n,)
        Frequencies in Hz, finite and positive, in the order of measurement.
    z_ohm : array_like of complex, shape (n,)
        Impedance in ohm; a capacitive point has a negative imaginary part.
    time_s : array_like, shape (n,), optional
        When each point was taken, in s from the start of the run.
    mask : array_like of bool, shape (n,), optional
        True for points that are kept but not fitted.
    mask_reason : sequence of str, length n, optional
        Why each masked point is masked; empty for the others.
    conditions : Conditions, optional
        Temperature, geometry and the like.
    label : str, optional
        Unique name of the spectrum in tables.
    source : Source, optional
        The file it was read from.
    findings : sequence of Finding, optional
        Remarks made while the file was read.
    checked : Checked, optional
        The result of a check; dropped when points are masked or conditions change.

    Raises
    ------
    SpectrumError
        If shapes differ, there is no point, or a number is not finite or a frequency not positive.

    Examples
    --------
    >>> import eisfit
    >>> s = eisfit.Spectrum(frequency_hz=[1e3, 1e2], z_ohm=[10 - 2j, 11 - 5j])
    >>> len(s)
    2
    """

    frequency_hz: Floats
    z_ohm: Complexes
    _: KW_ONLY
    time_s: Floats | None = None
    mask: Bools = field(default_factory=lambda: np.zeros(0, bool))
    mask_reason: tuple[str, ...] = ()
    conditions: Conditions = field(default_factory=lambda: NO_CONDITIONS)
    label: str = ""
    source: Source | None = None
    findings: tuple[Finding, ...] = ()
    checked: Checked | None = None

    if TYPE_CHECKING:  # the constructor accepts wider types than the fields have

        def __init__(
            self,
            frequency_hz: npt.ArrayLike,
            z_ohm: npt.ArrayLike,
            *,
            time_s: npt.ArrayLike | None = None,
            mask: npt.ArrayLike = ...,
            mask_reason: Iterable[str] = (),
            conditions: Conditions = ...,
            label: str = "",
            source: Source | None = None,
            findings: Iterable[Finding] = (),
            checked: Checked | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        where = f"{self.label}: " if self.label else ""
        f = self._array("frequency_hz", float, where)
        z = self._array("z_ohm", complex, where)
        n = f.size
        if n == 0:
            raise SpectrumError(f"{where}the spectrum has no points: it needs at least one")
        if z.size != n:
            raise SpectrumError(f"{where}z_ohm has {z.size} points and frequency_hz {n}: they must be equal")
        if not (sound := np.isfinite(f) & (f > 0)).all():
            bad = np.flatnonzero(~sound)
            raise SpectrumError(
                f"{where}frequency_hz[{bad[0]}] is {f[bad[0]]:g}: "
                "frequencies must be finite and positive; remove that point"
            )
        if not (sound := np.isfinite(z)).all():
            bad = np.flatnonzero(~sound)
            raise SpectrumError(
                f"{where}z_ohm[{bad[0]}] at {f[bad[0]]:g} Hz is {z[bad[0]]}: "
                "impedances must be finite; remove that point"
            )
        if self.time_s is not None:
            time = self._array("time_s", float, where)
            if time.size != n:
                raise SpectrumError(f"{where}time_s has {time.size} points and frequency_hz {n}")
        mask = frozen_array(self.mask if np.size(self.mask) else np.zeros(n, bool), bool)
        usual = tuple("masked" if m else "" for m in mask) if mask.any() else ("",) * n
        reason = tuple(self.mask_reason) or usual
        if mask.shape != (n,) or len(reason) != n:
            raise SpectrumError(f"{where}mask and mask_reason must have {n} entries, one per point")
        object.__setattr__(self, "mask", mask)
        object.__setattr__(self, "mask_reason", reason)
        object.__setattr__(self, "findings", tuple(self.findings))

    def _array(self, name: str, dtype: npt.DTypeLike, where: str) -> npt.NDArray[Any]:
        given = getattr(self, name)
        if dtype is float and np.iscomplexobj(given):
            raise SpectrumError(
                f"{where}{name} holds complex numbers; the frequencies come first, then the impedance"
            )
        try:
            array = frozen_array(given, dtype)
        except (TypeError, ValueError) as error:
            raise SpectrumError(f"{where}{name} cannot be read as numbers: {error}") from None
        if array.ndim != 1:
            raise SpectrumError(f"{where}{name} has the shape {array.shape}: it must have one dimension")
        object.__setattr__(self, name, array)
        return array

    written: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("z", "impedance", "data"), "{it}.z_ohm"),
        **dict.fromkeys(("f", "freq", "frequency", "frequencies"), "{it}.frequency_hz"),
        **dict.fromkeys(("real", "re", "z_real", "zreal"), "{it}.z_ohm.real"),
        **dict.fromkeys(("imag", "im", "z_imag", "zimag"), "{it}.z_ohm.imag"),
        **dict.fromkeys(("temperature", "temp", "t"), "{it}.conditions.temperature_c"),
        **{name: f"{{it}}.conditions.{name}" for name in CONDITION_NUMBERS},
        **dict.fromkeys(("name", "file", "filename"), "{it}.label"),
        **dict.fromkeys(("mask_points", "masked", "drop", "remove"), "{it}.cut(drop=[0, 3])"),
        "fit": "eisfit.fit({it}, 'R0-p(R1,CPE1)')",
    }

    def __len__(self) -> int:
        return int(self.frequency_hz.size)

    def headline(self) -> str:
        """Return label, points, range and temperature."""
        low, high = self.frequency_hz.min(), self.frequency_hz.max()
        parts = [f"{len(self)} points", f"{low:.4g} to {high:.4g} Hz"]
        if self.conditions.temperature_c is not None:
            parts.append(f"{self.conditions.temperature_c:g} °C")
        return f"{self.label or 'spectrum'}: {', '.join(parts)}"

    def sheets(self) -> list[Sheet]:
        """Return conditions, findings and source as a table."""
        known = [
            (f.name, getattr(self.conditions, f.name)) for f in fields(self.conditions) if f.name != "own"
        ]
        known += self.conditions.own.items()
        rows = [
            (name, f"{value:g}" if isinstance(value, float) else str(value)) for name, value in known if value
        ]
        if self.source is not None:
            rows += [
                ("file", self.source.file),
                ("format", self.source.format),
                ("sweep", str(self.source.sweep)),
            ]
        if self.checked is not None:
            rows += [("Kramers-Kronig residual / %", f"{self.checked.kk_max_residual_percent:.2g}")]
        rows += [("masked", f"{int(self.mask.sum())} of {len(self)} points")]
        rows += [
            (
                "|Z|",
                f"{quantity(float(np.abs(self.z_ohm).min()))} to {quantity(float(np.abs(self.z_ohm).max()), 'ohm')}",
            )
        ]
        return [Sheet("Spectrum", ("", "value"), tuple(rows), tuple(f.text for f in self.all_findings))]

    @property
    def used(self) -> Bools:
        """True for the points that are fitted, shape (n,)."""
        return ~self.mask

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of reading and of checking."""
        return self.findings + (() if self.checked is None else self.checked.findings)

    @property
    def finding(self) -> str:
        """All findings as one text, for a table cell."""
        return "; ".join(f.text for f in self.all_findings)

    def named(self, label: str) -> Spectrum:
        """Return this spectrum under another label."""
        return replace(self, label=label)

    def under(self, conditions: Conditions | None = None, **changes: Any) -> Spectrum:
        """Return this spectrum with other conditions, or with some of them changed.

        Parameters
        ----------
        conditions : Conditions, optional
            What replaces all that is known; the present ones if not given.
        **changes
            Single conditions, as ``temperature_c=25.0``.

        Raises
        ------
        InputError
            If a condition is unknown or its value cannot be.

        Examples
        --------
        >>> import eisfit
        >>> s = eisfit.Spectrum(frequency_hz=[1e3, 1e2], z_ohm=[10 - 2j, 11 - 5j])
        >>> s.under(temperature_c=25.0, area_cm2=0.785).conditions.temperature_c
        25.0
        """
        changed = replace(self.conditions if conditions is None else conditions, **changes)
        return replace(self, conditions=changed, checked=None)

    def in_ohm(self, *, area_cm2: float | None = None, thickness_cm: float | None = None) -> Spectrum:
        """Return this spectrum in ohm: values in ohm cm2 or ohm cm are scaled by the geometry, with a finding.

        Parameters
        ----------
        area_cm2, thickness_cm : float, optional
            In cm² and cm; those of the conditions if not given.

        Raises
        ------
        InputError
            If the values are in ohm cm2 and the area is unknown, or in ohm cm and area or thickness is unknown.
        """
        return in_ohm(self.under(self.conditions.updated(area_cm2=area_cm2, thickness_cm=thickness_cm)))

    def noting(self, *findings: Finding) -> Spectrum:
        """Return this spectrum with further findings."""
        return replace(self, findings=self.findings + findings)

    def without(self, points: npt.ArrayLike, reason: str) -> Spectrum:
        """Return this spectrum with further points masked.

        Parameters
        ----------
        points : array_like of bool, shape (n,)
            True for the points to leave out.
        reason : str
            Reason, kept beside every newly masked point.
        """
        fresh = np.asarray(points, bool) & ~self.mask
        if not fresh.any():
            return self
        reasons = tuple(reason if new else old for new, old in zip(fresh, self.mask_reason, strict=True))
        return replace(self, mask=self.mask | fresh, mask_reason=reasons, checked=None)

    @known_keywords
    def cut(
        self, *, f_min_hz: float | None = None, f_max_hz: float | None = None, drop: Iterable[int] = ()
    ) -> Spectrum:
        """Return this spectrum with points outside a frequency window, or with given indices, masked.

        Parameters
        ----------
        f_min_hz, f_max_hz : float, optional
            Ends of the window in Hz; points on the ends stay.
        drop : iterable of int, optional
            Indices of single points, counted from 0 in the order of measurement.

        Raises
        ------
        SpectrumError
            If an index lies outside the spectrum.
        """
        spectrum = self
        if f_max_hz is not None:
            spectrum = spectrum.without(self.frequency_hz > f_max_hz, f"above f_max_hz = {f_max_hz:g}")
        if f_min_hz is not None:
            spectrum = spectrum.without(self.frequency_hz < f_min_hz, f"below f_min_hz = {f_min_hz:g}")
        points = np.zeros(len(self), bool)
        for index in drop:
            if not 0 <= index < len(self):
                raise SpectrumError(
                    f"{self.label or 'spectrum'}: drop = [{index}] lies outside its points, "
                    f"0 to {len(self) - 1}"
                )
            points[index] = True
        return spectrum.without(points, "dropped by index") if points.any() else spectrum
