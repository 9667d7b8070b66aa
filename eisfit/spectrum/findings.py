"""The findings of reading and checking a spectrum."""

from __future__ import annotations

from dataclasses import dataclass

from eisfit.tools.frozen import Value

AREA_NORMALISED = "area normalised"  # kind of the finding that the values are in ohm cm2
IMPLAUSIBLE_CONDITION = (
    "implausible condition"  # kind of the finding that a condition looks like a slip of the unit
)
REVERSED = "sign reversed"  # kind of the finding that the sign of the imaginary part was reversed on request
RESISTIVITY = "resistivity"  # kind of the finding that the values are in ohm cm


@dataclass(frozen=True)
class Finding:
    """A remark on a spectrum that does not prevent a fit.

    Parameters
    ----------
    kind : str
        One or two fixed words, such as ``"dc rows"``, ``"sign"``, ``"unit"``, ``"inductive"``.
    text : str
        The sentence for the reader.
    """

    kind: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, eq=False)
class Checked(Value):
    """The result of the checks before a fit; `eisfit.validity` makes it.

    Parameters
    ----------
    kk_max_residual_percent : float
        Largest residual of the Kramers-Kronig test in percent of |Z|; nan where there were too few points.
    findings : tuple of Finding
        The remarks of the check.
    """

    kk_max_residual_percent: float
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Source:
    """Where a spectrum came from.

    Parameters
    ----------
    file : str
        Path as it was given.
    sha256 : str
        Hash of the whole file, in hexadecimal.
    format : str
        Name of the instrument format.
    sweep : int
        Number of the sweep in its file, counted from 1.
    """

    file: str
    sha256: str
    format: str
    sweep: int = 1
