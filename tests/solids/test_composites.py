"""Composites, against coated spheres, the self-consistent equation and worked numbers."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest

from eisfit import solids
from eisfit.errors import InputError

M, P = 1e-4, 5e-4  # S/cm


def coated_spheres(
    matrix: complex, particle: complex, share: float, radius: float, resistance: complex
) -> complex:
    """Conductivity with a shell of real width in place of the interface; exact as the width goes to zero."""
    with mpmath.workdps(60):
        width = mpmath.mpf(radius) * mpmath.mpf("1e-25")
        shell = width / mpmath.mpmathify(resistance)
        m, p = mpmath.mpmathify(matrix), mpmath.mpmathify(particle)
        inner = (mpmath.mpf(radius) / (radius + width)) ** 3

        def maxwell(host: mpmath.mpf, guest: mpmath.mpf, part: mpmath.mpf) -> mpmath.mpf:
            beta = part * (guest - host) / (guest + 2 * host)
            return host * (1 + 2 * beta) / (1 - beta)

        return complex(maxwell(m, maxwell(shell, p, inner), mpmath.mpf(share)))


@pytest.mark.parametrize("share", [0.01, 0.3, 0.9])
@pytest.mark.parametrize("radius", [1e-5, 1e-3])
@pytest.mark.parametrize(
    ("matrix", "particle", "resistance"),
    [(M, P, 0.1), (M, P, 30.0), (2e-3, 1e-6, 5.0), (M + 2e-5j, P + 1e-3j, 8.0 - 12.0j)],
)
def test_an_interface_is_the_limit_of_a_thin_shell(
    share: float, radius: float, matrix: complex, particle: complex, resistance: complex
) -> None:
    found = solids.hasselman_johnson(matrix, particle, share, radius_cm=radius, asr_ohm_cm2=resistance)
    assert complex(found) == pytest.approx(
        coated_spheres(matrix, particle, share, radius, resistance), rel=1e-12
    )


@pytest.mark.parametrize("share", [0.0, 0.05, 0.32, 0.34, 0.7, 1.0])
@pytest.mark.parametrize(("matrix", "particle"), [(M, P), (1e-3, 1e-12), (M + 1e-5j, P + 3e-2j)])
def test_bruggeman_solves_its_equation(share: float, matrix: complex, particle: complex) -> None:
    found = complex(solids.bruggeman(matrix, particle, share))
    with mpmath.workdps(40):
        ratio = mpmath.mpmathify(particle) / mpmath.mpmathify(matrix)
        half = ((3 * share - 1) * ratio + (2 - 3 * share)) / 2
        root = mpmath.eig(mpmath.matrix([[half, ratio / 2], [1, 0]]), right=False)
        assert found == pytest.approx(complex(matrix * max(root, key=lambda r: mpmath.re(r))), rel=1e-10)
    at = found
    rest = share * (particle - at) / (particle + 2 * at) + (1 - share) * (matrix - at) / (matrix + 2 * at)
    assert abs(rest) < 1e-9


def test_mixtures_end_at_their_parts_and_dilute_ones_agree() -> None:
    for mixture in (solids.hasselman_johnson, solids.bruggeman):
        np.testing.assert_allclose(mixture(M, P, [0.0, 1.0]), [M, P], rtol=1e-12)
    slopes = [
        (float(mixture(M, P, 1e-6)) / M - 1) / 1e-6
        for mixture in (solids.hasselman_johnson, solids.bruggeman)
    ]
    assert slopes == pytest.approx([3 * (P - M) / (P + 2 * M)] * 2, rel=1e-4)


def test_spheres_that_do_not_conduct_stop_a_mixture_at_two_thirds() -> None:
    blocked = solids.bruggeman(M, P, [0.5, 0.7], radius_cm=1e-4, asr_ohm_cm2=1e9)
    assert float(blocked[0]) == pytest.approx(0.25 * M, rel=1e-3)
    assert float(blocked[1]) < 1e-3 * M


@pytest.mark.parametrize(("radius", "limit"), [(1e-4, 0.8), (1e-3, 8.0)])
def test_break_even_of_the_worked_composite(radius: float, limit: float) -> None:
    assert float(solids.break_even_interface_ohm_cm2(M, P, radius)) == pytest.approx(limit, rel=1e-12)
    assert float(solids.break_even_radius_cm(M, P, limit)) == pytest.approx(radius, rel=1e-12)
    for share in (0.05, 0.3, 0.7):
        assert float(
            solids.hasselman_johnson(M, P, share, radius_cm=radius, asr_ohm_cm2=limit)
        ) == pytest.approx(M, rel=1e-12)
    gain = solids.hasselman_johnson(M, P, 0.3, radius_cm=radius, asr_ohm_cm2=[0.99 * limit, 1.01 * limit])
    assert gain[0] > M > gain[1]


def test_particles_that_conduct_no_better_never_help() -> None:
    assert math.isinf(float(solids.break_even_radius_cm(M, M / 2, 1.0)))
    assert float(solids.break_even_interface_ohm_cm2(M, M / 2, 1e-4)) == 0.0


@pytest.mark.parametrize("resistance", [0.0, 0.3, 8.0, 500.0])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_the_bound_gives_back_the_interface(resistance: float, share: float) -> None:
    sigma = float(solids.hasselman_johnson(M, P, share, radius_cm=1e-3, asr_ohm_cm2=resistance))
    found = solids.interface_bound(
        sigma, matrix_s_cm=M, particle_s_cm=P, particle_fraction=share, radius_cm=1e-3
    )
    assert found.interface_ohm_cm2 == pytest.approx(resistance, rel=1e-9, abs=1e-9)
    assert found.upper_ohm_cm2 == found.interface_ohm_cm2
    assert not found.beyond_contact
    assert (found.gain > 1) == (resistance < found.break_even_ohm_cm2)


def test_the_upper_limit_holds_in_95_of_100_draws() -> None:
    truth, error = 4.0, 3e-6
    sigma = float(solids.hasselman_johnson(M, P, 0.3, radius_cm=1e-3, asr_ohm_cm2=truth))
    given: dict[str, Any] = {
        "matrix_s_cm": M,
        "particle_s_cm": P,
        "particle_fraction": 0.3,
        "radius_cm": 1e-3,
    }
    draws = sigma + error * np.random.default_rng(1).standard_normal(2000)
    held = [
        solids.interface_bound(float(s), stderr_s_cm=error, **given).upper_ohm_cm2 >= truth for s in draws
    ]
    assert 0.935 < np.mean(held) < 0.965


def test_more_than_perfect_contact_is_said() -> None:
    given: dict[str, Any] = {
        "matrix_s_cm": M,
        "particle_s_cm": P,
        "particle_fraction": 0.4,
        "radius_cm": 1e-3,
    }
    found = solids.interface_bound(3e-4, **given)
    assert (found.interface_ohm_cm2, found.beyond_contact) == (0.0, True)
    assert "touch and may percolate" in found.notes[0]
    assert found.notes[1].startswith("it conducts better than perfect contact allows")
    assert solids.interface_bound(1e-2, **given).beyond_contact


def test_less_than_a_matrix_with_holes_is_refused() -> None:
    with pytest.raises(InputError, match=r"^measured_s_cm = 1e-05 S/cm is below .* with holes .*densify"):
        solids.interface_bound(1e-5, matrix_s_cm=M, particle_s_cm=P, particle_fraction=0.3, radius_cm=1e-3)
    with pytest.raises(InputError, match=r"^particle_fraction = 0 holds no interface"):
        solids.interface_bound(M, matrix_s_cm=M, particle_s_cm=P, particle_fraction=0, radius_cm=1e-3)
