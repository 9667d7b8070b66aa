"""What a table lacks of a frequency and an impedance, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.groups import IMMITTANCE, MOST_QUOTED, PARTIAL, Columns
from eisfit.formats.raw_file import RawFile

_ALONE_NOTHING = {"d", "q"}
_NEEDED_IN_WORDS = "Z' and Z'' (or |Z| and phase)"
_NAME_THEM = "name the columns, such as 'Re(Z)/Ohm' and '-Im(Z)/Ohm'"
_LACKING = {
    "re": "the real part of the impedance", "im": "the imaginary part of the impedance",
    "modulus": "|Z|", "phase": "the phase of the impedance", "y_re": "the real part of the admittance (G)",
    "y_im": "the imaginary part of the admittance (B)", "y_modulus": "the phase of the admittance",
    "eps_re": "Eps'", "eps_im": "Eps''", "m_re": "M'", "m_im": "M''", "sigma_re": "sigma'", "sigma_im": "sigma''",
    "rho_re": "the real part of the resistivity", "rho_im": "the imaginary part of the resistivity",
}  # fmt: skip
_PARTNERS = {
    "re": "im", "im": "re", "modulus": "phase", "phase": "modulus", "y_re": "y_im", "y_im": "y_re",
    "y_phase": "y_modulus", "eps_re": "eps_im", "eps_im": "eps_re", "m_re": "m_im", "m_im": "m_re",
    "sigma_re": "sigma_im", "sigma_im": "sigma_re", "rho_re": "rho_im", "rho_im": "rho_re",
}  # fmt: skip
_PARTNER_WORDS = {
    "y_modulus": "the phase of the admittance", "cp": "the loss beside Cp (D, Q, Rp or G)",
    "cs": "the loss beside Cs (D, Q or Rs)", "lp": "the loss beside Lp (D, Q, Rp or G)",
    "ls": "the loss beside Ls (D, Q or Rs)", "rp": "Cp or Lp beside Rp", "eps_modulus": "tan(delta) beside |Eps|",
    "eps_re": "Eps'' (or tan(delta), or sigma')", "c_im": "C'", "sigma_re": "sigma'' (or Eps')",
}  # fmt: skip


def require_complete(raw: RawFile, columns: Columns, headings: Sequence[str]) -> None:
    """Raise where a frequency or half of the impedance is missing, naming what is there."""
    if columns.doubt:
        raise FormatError(f"{raw.name}: {columns.doubt}")
    if columns.complete:
        return
    there = ", ".join(repr(h.strip()) for h in headings[:MOST_QUOTED] if h.strip())
    have = columns.place.keys() & IMMITTANCE
    have = have - _ALONE_NOTHING or have
    if not have and "frequency" not in columns.place:
        raise NoImpedance(f"{raw.name}: no column holds a frequency or an impedance; its columns are {there}")
    if "frequency" not in columns.place:
        cure = "name one of them 'freq/Hz', or add it"
        raise FormatError(f"{raw.name}: the frequency is missing from the columns ({there}): {cure}")
    if not have - _ALONE_NOTHING:
        raise NoImpedance(
            f"{raw.name}: {_NEEDED_IN_WORDS} are missing from the columns ({there}); {_NAME_THEM}"
        )
    raise FormatError(
        f"{raw.name}: {_missing(have)} is missing from the columns ({there}); add it, or {_NAME_THEM}"
    )


def _missing(have: Iterable[str]) -> str:
    """Return what lacks beside the quantities that are there, in words."""
    quantity = min(have, key=lambda q: list(_LACKING).index(q) if q in _LACKING else len(_LACKING))
    if quantity in PARTIAL:
        return f"whether it is {PARTIAL[quantity]}"
    if quantity in _PARTNER_WORDS:
        return _PARTNER_WORDS[quantity]
    return _LACKING[_PARTNERS[quantity]]
