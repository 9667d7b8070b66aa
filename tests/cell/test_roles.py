"""Roles: one row a role, and every word of it known to those who ask."""

from __future__ import annotations

import pytest

from eisfit.cell.roles import NO_ROLE, ROLES, Role, role_of, roles_of
from eisfit.plots.canvas.style import PALETTE


@pytest.mark.parametrize("role", ROLES.values(), ids=list(ROLES))
def test_a_role_is_consistent(role: Role) -> None:
    assert (role.kind == "layer") == bool(role.thickness)
    assert role.per_area == (role.kind in ("boundary", "electrode"))
    assert not role.may_fade or role.kind == "layer"
    assert not role.part_of_interface or role.kind == "boundary"
    assert role.joined_with_electrode == role.per_area
    assert role.colour in PALETTE


def test_joined_resistors_and_bare_circuits_imply_nothing() -> None:
    assert role_of("") is NO_ROLE
    assert role_of("liquid + bulk") is NO_ROLE
    assert roles_of("liquid + bulk") == (ROLES["liquid"], ROLES["bulk"])
    assert not NO_ROLE.per_area
