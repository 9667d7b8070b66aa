"""How a parameter is linked from spectrum to spectrum: one value for all, or a law over a condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eisfit.errors import SeriesError
from eisfit.laws.ordinate import Ordinate, is_logarithm
from eisfit.laws.registry import Law, law_named


@dataclass(frozen=True)
class Link:
    """What holds of one parameter in all spectra of a joint fit.

    Parameters
    ----------
    parameter : str
        Its name, such as ``"R1"``.
    law : Law or None
        How it follows a condition; None where it is the same in all spectra.
    ordinate : str
        In which the law holds; ``ln(R)`` where there is no law.
    known : (float, float) or None
        Value, in the unit of the parameter, and its standard error, where it is the same in all spectra and known
        from elsewhere.
    beside : str
        The parameter to which the ratio is what is shared: the resistance of an arc whose capacitance is shared, as its
        time constant is R C.
    """

    parameter: str
    law: Law | None = None
    ordinate: Ordinate = "ln(R)"
    known: tuple[float, float] | None = None
    beside: str = ""


def links_of(
    names: Sequence[str],
    share: Sequence[str] = (),
    laws: Mapping[str, str | tuple[str, Ordinate]] | None = None,
    known: Mapping[str, tuple[float, float]] | None = None,
) -> tuple[Link, ...]:
    """Return the links of a joint fit.

    Parameters
    ----------
    names : sequence of str
        Parameters of the circuit.
    share : sequence of str
        Those with one value in all spectra; also ``Zarc_gb_C``, the effective capacitance tau / R of an arc.
    laws : mapping of str to str or (str, str), optional
        Name of the law that a parameter follows, or name and ordinate.
    known : mapping of str to (float, float), optional
        Value and standard error of parameters that have one value in all spectra and are known from elsewhere.

    Raises
    ------
    SeriesError
        If a parameter is unknown or linked twice, there is no such law, the ordinate is none of a resistance, a known
        value is not positive, or nothing is linked.
    """
    laws, known = laws or {}, known or {}
    found: dict[str, Link] = {}
    for name in dict.fromkeys((*share, *known)):
        _check_known(name, known.get(name))
        arc = name.removesuffix("_C")
        if name not in names and name != arc and {f"{arc}_R", f"{arc}_tau"} <= set(names):
            found[name] = Link(f"{arc}_tau", known=known.get(name), beside=f"{arc}_R")
        else:
            found[name] = Link(name, known=known.get(name))
    for name, wanted in laws.items():
        if name in found:
            raise SeriesError(f"{name!r} is shared and has a law as well; keep one of both")
        text, ordinate = (wanted, None) if isinstance(wanted, str) else wanted
        law = law_named(text)
        found[name] = Link(name, law, _ordinate(name, law, ordinate))
    for name, link in found.items():
        if link.parameter not in names:
            raise SeriesError(
                f"a joint fit links {name!r}, which is no parameter; there are {', '.join(names)}"
            )
    if not found:
        raise SeriesError(
            'a joint fit links nothing; name share=["CPE1_Q"], laws={"R1": "arrhenius"}, or both'
        )
    return tuple(sorted(found.values(), key=lambda link: names.index(link.parameter)))


def _check_known(name: str, known: tuple[float, float] | None) -> None:
    if known is not None and not (known[0] > 0 and known[1] > 0):
        raise SeriesError(
            f"{name} is known as {known[0]:g} ± {known[1]:g}; value and standard error must be positive "
            "(fix the parameter where it is exact)"
        )


def _ordinate(name: str, law: Law, ordinate: Ordinate | None) -> Ordinate:
    allowed = [o for o in law.ordinates if "sigma" not in o and is_logarithm(o)]
    if not allowed:
        raise SeriesError(
            f"{name}: {law.name} is no law of the logarithm of a parameter; no joint fit follows it"
        )
    if ordinate is not None and ordinate not in allowed:
        raise SeriesError(
            f"{name}: a joint fit follows {law.name} in {' or '.join(allowed)}, not in {ordinate!r}"
        )
    return ordinate or allowed[0]
