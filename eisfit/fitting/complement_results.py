"""Another cell of which the results are known: its joint fit, as a prior with its covariance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.cell.links import Link, place_of
from eisfit.cell.templates import Template
from eisfit.errors import SeriesError
from eisfit.fitting.complement import log_geometry
from eisfit.fitting.joint_circuits import segment_of
from eisfit.fitting.link_conditions import centre_of
from eisfit.laws.ordinate import Ordinate
from eisfit.results.common import Common, CommonLink
from eisfit.results.fit import Fit
from eisfit.results.series import Series
from eisfit.tools.frozen import Floats

_ENDS = ("", " C", " alpha")


@dataclass(frozen=True, eq=False)
class ComplementResults:
    """The results of another cell, known with their covariance; its spectra are not fitted again.

    Parameters
    ----------
    series : Series
        With a joint fit, as `fit_joint` returns it or `store.load` reads it.
    shares : tuple of str
        Segments that it has in common with the cell that is fitted. Their laws, and what has one value in all spectra
        (``"grain boundary C"``, ``"grain boundary alpha"``), are taken as known, as far as that joint fit has them.
    geometry_err : float
        Relative standard error of thickness / area of that cell against the one that is fitted.
    name : str
        For sentences.
    use : bool
        Whether it takes part; otherwise it is left out, and that is said.
    """

    series: Series
    shares: tuple[str, ...]
    geometry_err: float = 0.02
    name: str = "complement"
    use: bool = True

    @property
    def common(self) -> Common:
        """What its spectra have in common.

        Raises
        ------
        SeriesError
            If it has no joint fit, or one that is not to be trusted.
        """
        joint = self.series.joint
        if joint is None or not joint.common.links:
            raise SeriesError(
                f"results of {self.name!r} hold no joint fit with its covariance; fit that cell with "
                '--joint, sharing what is to be known, as share = ["grain boundary C"]'
            )
        return joint.common

    @property
    def laws(self) -> Mapping[str, tuple[str, Ordinate]]:
        """What follows a law there, with its ordinate."""
        links = {link.name: link for link in self.common.links}
        return {name: (links[name].law, links[name].ordinate) for name in self.shares if name in links}

    @property
    def values(self) -> list[str]:
        """What has one value in all its spectra."""
        links = {link.name for link in self.common.links if not link.law}
        return [f"{name}{end}" for name in self.shares for end in _ENDS[1:] if f"{name}{end}" in links]


def check_known(results: ComplementResults, templates: Sequence[Template]) -> None:
    """Raise SeriesError where results do not know what they are to share, or the cell does not have it."""
    if not results.shares:
        raise SeriesError(
            f"complement {results.name!r} shares nothing; name in shares what it has in common with the first cell"
        )
    for name in results.shares:
        if not any(place_of(name, t) is not None for t in templates):
            raise SeriesError(
                f"complement {results.name!r} shares {name!r}, which the first cell does not have"
            )
        if name not in results.laws and not any(segment_of(n) == name for n in results.values):
            raise SeriesError(
                f"complement {results.name!r} shares {name!r}, of which its joint fit has neither a law nor a shared "
                f"capacitance or exponent; it has {', '.join(link.name for link in results.common.links)}"
            )
    law = [name for name in results.laws if not results.laws[name][0]]
    if law:
        raise SeriesError(
            f"complement {results.name!r}: {law[0]} has one value there, and no law; only laws of resistances are known"
        )


def prior_with(
    prior: Floats,
    links: Sequence[Link],
    at: Mapping[str, Floats],
    finished: Sequence[ComplementResults],
    first: Fit,
) -> tuple[Floats, Floats | None]:
    """Return what is known of common coordinates (2, G) with the results of other cells, and its correlation (G, G).

    Parameters
    ----------
    prior : ndarray, shape (2, G)
        What is known besides.
    links : sequence of Link
        In the order of the coordinates.
    at : mapping of str to ndarray
        The condition of each link.
    finished : sequence of ComplementResults
        The results.
    first : Fit
        Of the cell that is fitted, for its geometry.
    """
    if not finished:
        return prior, None
    prior, correlation = prior.copy(), np.eye(prior.shape[1])
    ends = np.cumsum([0, *(link.size for link in links)])
    places = {link.name: slice(int(a), int(b)) for link, a, b in zip(links, ends[:-1], ends[1:], strict=True)}
    by_name = {link.name: link for link in links}
    for results in finished:
        names = [*results.laws, *results.values]
        for name in names:
            if np.isfinite(prior[1][places[name]]).any():
                raise SeriesError(
                    f"{name!r} is known twice: from {results.name!r}, and from another complement or from known; "
                    "keep one"
                )
        mean, covariance = _moved(results, [by_name[name] for name in names], at, first)
        where = np.concatenate([np.arange(places[n].start, places[n].stop) for n in names])
        error = np.sqrt(np.diag(covariance))
        prior[:, where] = mean, error
        correlation[np.ix_(where, where)] = covariance / np.outer(error, error)
    return prior, correlation


def _moved(
    results: ComplementResults, links: Sequence[Link], at: Mapping[str, Floats], first: Fit
) -> tuple[Floats, Floats]:
    """Return coordinates of links in the geometry and at the centres of another cell, and their covariance."""
    own, places = results.common, [results.common.place(link.name) for link in links]
    where = np.concatenate([np.arange(place.start, place.stop) for _, place in places])
    size = where.size
    matrix, shift, geometry = np.eye(size), np.zeros(size), np.zeros(size)
    start = 0
    for link, (there, _) in zip(links, places, strict=True):
        _check_law(results, link, there)
        if link.law is not None and link.law.straight is not None:
            matrix[start, start + 1] = centre_of(link, at[link.name]) - there.centre
        if not link.name.endswith(" alpha"):
            factor = _log_factor(results, link, first)
            sign = 1.0 if link.law is None or "/R" not in link.ordinate else -1.0
            sign = -1.0 if link.name.endswith(" C") else sign
            shift[start], geometry[start] = sign * factor, sign * results.geometry_err
        start += there.size
    covariance = matrix @ own.covariance[np.ix_(where, where)] @ matrix.T
    return matrix @ own.coordinates[where] + shift, covariance + np.outer(geometry, geometry)


def _check_law(results: ComplementResults, link: Link, there: CommonLink) -> None:
    """Raise SeriesError where a law is another one there, or none whose level scales with the geometry."""
    own = "" if link.law is None else link.law.name
    if (own, link.ordinate) != (there.law, there.ordinate):
        raise SeriesError(
            f"{link.name!r} follows {own or 'no law'} in {link.ordinate}, and in the results of {results.name!r} "
            f"{there.law or 'no law'} in {there.ordinate}; choose the same law in both"
        )
    if link.law is not None and link.law.straight is None:
        raise SeriesError(
            f"{link.name!r} follows {own}; of results only straight laws, such as arrhenius, are taken as known: "
            "name the folder of the spectra instead (series = ...)"
        )


def _log_factor(results: ComplementResults, link: Link, first: Fit) -> float:
    """Return ln of the resistance of a segment in the cell that is fitted over that in the other one."""
    segment = segment_of(link.name)
    there = next(f for f in results.series if any(s.segment.name == segment for s in f.template.path))
    role = next(s.segment.role for s in there.template.path if s.segment.name == segment)
    here = log_geometry(segment, role, [first], "the first cell")[0]
    return float(here - log_geometry(segment, role, [there], results.name)[0])
