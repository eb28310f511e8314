"""Who sees the board of lights."""

import pytest

from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from marketplace.supervision import policy


def person(*roles: Role) -> Actor:
    return Actor(user_id=1, roles=frozenset(roles))


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (person(Role.SUPERVISOR), ""),
        (person(Role.SUPERVISOR, Role.ORGANISATION_ADMIN), ""),
        (person(Role.ASSOCIATION_APPROVER), "account.not_your_role"),
        (person(), "account.not_your_role"),
        (ANONYMOUS, "request.sign_in"),
        (SYSTEM, "request.sign_in"),
    ],
)
def test_supervisors_see_the_board_and_nobody_else(actor, reason):
    assert policy.may_supervise(actor).reason == reason
