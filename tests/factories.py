"""One way to build each thing a test needs, through the real services."""

import itertools
from datetime import datetime
from functools import partial

import pyotp
from flask.testing import FlaskClient

from marketplace.accounts.rules import Stage
from marketplace.accounts.services import appointing, credentials, proofs, sessions
from marketplace.accounts.services.sessions import Browser, add_session
from marketplace.accounts.views import identity
from marketplace.infra.clock import real_now
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel import uscc
from marketplace.kernel.actors import SYSTEM, Actor, Capacity, Role
from marketplace.kernel.times import SHANGHAI
from tests.actors import actor_of


def system_work() -> UnitOfWork:
    """A unit of work of the platform itself, now."""
    return UnitOfWork(SYSTEM, datetime.now(SHANGHAI))


def seed_catalogue() -> None:
    """The shipped items, approval items, regions, rulebook and calendar."""
    from marketplace.catalogue.services import seeding

    with system_work() as uow:
        seeding.seed_catalogue(uow)


# ------------------------------------------------------------------ accounts

# The secret of every second factor in the tests (base32).
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_now() -> str:
    """What the authenticator of somebody made here shows at this moment."""
    return pyotp.TOTP(TOTP_SECRET).at(real_now())


_numbers = itertools.count(1)


def credit_code(number: int) -> str:
    """The valid credit code of that number in the invented region 229900."""
    body = f"91229900{number:09d}"
    return body + uscc.check_character(body)


def make_organisation(
    *capacities: Capacity, name: str = "", code: str = "", region_code: str = "220100"
) -> int:
    """An organisation as the operator makes it; returns its key."""
    number = next(_numbers)
    with system_work() as uow:
        return appointing.create_organisation(
            uow,
            name=name or f"测试机构{number}",
            credit_code=code or credit_code(700_000 + number),
            region_code=region_code,
            capacities=capacities or (Capacity.ENTERPRISE,),
        )


def make_member(organisation_id: int, *roles: Role, name: str = "", email: str = "") -> Actor:
    """A member with these roles and a second factor, as the operator makes one."""
    number = next(_numbers)
    with system_work() as uow:
        created = appointing.create_staff_account(
            uow,
            organisation_id=organisation_id,
            name=name or f"成员{number}",
            email=email or f"member{number}@example.cn",
            mobile=f"139{number:08d}",
            roles=roles or (Role.ORGANISATION_ADMIN,),
        )
        sessions.install_second_factor(uow, user_id=created.user_id, secret=TOTP_SECRET)
        return actor_of(uow.session, created.membership_id)


def make_agent(
    capacity: Capacity = Capacity.INSTITUTION,
    *,
    name: str = "",
    person_name: str = "",
    email: str = "",
    code: str = "",
    region_code: str = "220100",
    provisional: bool = False,
    second_factor: bool = True,
) -> Actor:
    """The first agent of a registered institution or enterprise; most have a second factor."""
    number = next(_numbers)
    with system_work() as uow:
        created = appointing.create_market_account(
            uow,
            name=name or f"测试企业{number}",
            credit_code=code or credit_code(800_000 + number),
            region_code=region_code,
            capacity=capacity,
            person_name=person_name or f"经办{number}",
            email=email or f"agent{number}@example.cn",
            mobile=f"138{number:08d}",
            provisional=provisional,
        )
        if second_factor:
            sessions.install_second_factor(uow, user_id=created.user_id, secret=TOTP_SECRET)
        return actor_of(uow.session, created.membership_id)


# Somebody who signs in with the password alone: reads everything, and signs, bids, decides nothing.
make_plain_agent = partial(make_agent, second_factor=False)


def give_password(user_id: int, password: str = "四匹马 purple staple") -> str:
    """Let a person sign in with a password; returns it."""
    with system_work() as uow:
        credentials.set_first_password(
            uow, user_id=user_id, password_hash=proofs.hash_password(password)
        )
    return password


def open_session_for(client: FlaskClient, actor: Actor) -> Actor:
    """Sign a test browser in as this actor, without password and code."""
    assert actor.user_id is not None
    now = real_now()
    with UnitOfWork(SYSTEM, now) as uow:
        opened = add_session(
            uow,
            user_id=actor.user_id,
            membership_id=actor.membership_id,
            stage=Stage.OPEN,
            browser=Browser(address="127.0.0.1", name="Test"),
            at=now,
        )
    with client.session_transaction() as cookie:
        identity.put_token(cookie, opened)
    return actor
