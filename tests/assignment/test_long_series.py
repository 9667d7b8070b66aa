"""Series of hundreds of spectra: what an arc is expected to be hangs on the arcs that count, at a bounded cost."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.assignment.seen import Seen
from eisfit.assignment.settings import DEFAULT
from eisfit.assignment.sightings import Sighting
from eisfit.assignment.tracks import TrackModel, axis_of

LONG = 160
RNG = np.random.default_rng(0)


def sighting(log_r: float, log_c: float) -> Sighting:
    error = np.array([[[1e-4, -8e-5], [-8e-5, 2e-4]]])
    return Sighting(0, 0.0, np.array([log_r]), np.array([log_r + log_c]), error, ((0,),), 0.0, True)


def model_of(condition: str) -> TrackModel:
    """Return the model of an arc of 0.45 eV and of 3 µF that walks a little."""
    values = (
        RNG.permutation(np.linspace(-10, 60, LONG)) if condition == "temperature_c" else np.arange(LONG) / 2
    )
    axis, over_temperature = axis_of(condition, np.asarray(values, float))
    slope = 0.45 * (axis - axis.mean()) if over_temperature else np.zeros(LONG)
    walk = 0.02 * RNG.standard_normal(LONG)
    own = [[sighting(6.0 + s + w, np.log(3e-6) + 0.5 * w)] for s, w in zip(slope, walk, strict=True)]
    middle, sigma = np.full(LONG, np.log(2e-6)), np.full(LONG, 1.0)
    return TrackModel(axis, over_temperature, 6.0, (0.5, 0.15), middle, sigma, own, DEFAULT)


def gaussian_process(model: TrackModel, known: list[int], i: int) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance of ln R and ln C in spectrum i after all that is known, by inverting everything."""
    mean, prior = model._prior([*known, i])
    n = len(known)
    y = np.array([(s[0].log_r[0], s[0].log_c[0]) for s in (model.sightings[k] for k in known)]).T.ravel()
    design = np.zeros((2 * n, 2 * n + 2))
    design[:n, :n], design[n:, n + 1 : -1] = np.eye(n), np.eye(n)
    noise = np.kron(sighting(0, 0).covariance[0], np.eye(n))
    inverse = np.linalg.inv(design @ prior @ design.T + noise)
    new = prior @ design.T
    at = [n, 2 * n + 1]
    return (mean + new @ inverse @ (y - design @ mean))[at], (prior - new @ inverse @ new.T)[np.ix_(at, at)]


@pytest.mark.parametrize("condition", ["temperature_c", "time_h"])
@pytest.mark.parametrize(("length", "tolerance"), [(20, 1e-6), (LONG - 1, 0.25)])
def test_what_is_expected_is_that_of_all_arcs(condition: str, length: int, tolerance: float) -> None:
    # short series exactly; long ones within a quarter of the standard deviation that all arcs leave
    model, seen = model_of(condition), Seen()
    for k in range(length):
        seen = seen.and_then((k, 0, 0))
    mean, covariance = gaussian_process(model, list(range(length)), length)
    found, sigma = model.expected(seen, length), np.sqrt(np.diag(covariance))
    assert np.all(np.abs(found.mean - mean) < tolerance * sigma)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(sigma, rel=max(tolerance, 1e-6))


def test_a_history_is_one_object() -> None:
    start = Seen()
    one, two = start.and_then((0, 1, 0)), start.and_then((0, 1, 0))
    assert one is two
    assert one is not start.and_then((0, 0, 0))
    further = one.and_then((1, 0, 2))
    assert list(further) == [(0, 1, 0), (1, 0, 2)]
    assert (len(further), len(start)) == (2, 0)
