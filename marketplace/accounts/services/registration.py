"""The way in for institutions and enterprises: register, confirm by the mailed link."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from marketplace.accounts import rules
from marketplace.accounts.events import (
    RegistrationConfirmed,
    RegistrationExpired,
    RegistrationRequested,
    UserCreated,
)
from marketplace.accounts.models import Registration, User
from marketplace.accounts.rules import RegistrationState
from marketplace.accounts.services.entering import (
    Entered,
    check_capacity,
    checked_code,
    checked_region,
    enter_organisation,
)
from marketplace.infra.crypto import search_hash
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity
from marketplace.kernel.errors import Refused


def request_registration(
    uow: UnitOfWork,
    *,
    organisation_name: str,
    credit_code: str,
    capacity: Capacity,
    region_code: str,
    person_name: str,
    mobile: str,
    email: str,
    password_hash: str,
    locale: str,
) -> str:
    """Keep what was entered until the mailed link is followed; returns the public id.

    Nothing is taken yet, neither the code nor the e-mail: whoever follows the link first has it.
    An e-mail that has an account gets another letter, and the page says the same.
    Refuses a wrong credit code, an unknown region and capacities that the operator makes.
    """
    code = checked_code(credit_code)
    check_capacity(capacity)
    row = uow.add(
        Registration(
            organisation_name=organisation_name,
            credit_code=code,
            capacity=capacity,
            region_code=checked_region(uow, region_code),
            person_name=person_name,
            email=rules.normal_email(email),
            mobile=mobile,
            password_hash=password_hash,
            locale=locale,
            created_at=uow.now,
            expires_at=uow.now + timedelta(days=rules.REGISTRATION_DAYS),
        )
    )
    uow.record(RegistrationRequested(row.id))
    return row.public_id


def confirm_registration(uow: UnitOfWork, *, registration: str) -> Entered:
    """Make the account that a registration asked for; its link proves the e-mail address.

    The first to confirm a credit code founds the organisation; a later one becomes a request to
    its administrators. Refuses a link that is spent or too old, and an e-mail with an account.
    """
    row = uow.lock(Registration, registration)
    if row.state != RegistrationState.OPEN:
        raise Refused("account.link_used")
    if uow.now >= row.expires_at:
        raise Refused("account.link_expired")
    user = create_user(
        uow,
        name=row.person_name,
        email=row.email,
        mobile=row.mobile,
        locale=row.locale,
        password_hash=row.password_hash,
        verified=True,
    )
    entered = enter_organisation(
        uow,
        user_id=user.id,
        name=row.organisation_name,
        credit_code=row.credit_code,
        capacity=Capacity(row.capacity),
        region_code=row.region_code,
    )
    row.state, row.user_id = RegistrationState.CONFIRMED, user.id
    row.person_name = row.mobile = row.password_hash = ""
    uow.record(RegistrationConfirmed(row.id, user.id))
    return entered


def expire_registration(uow: UnitOfWork, *, registration_id: int) -> None:
    """Delete what was entered and never confirmed; nothing else refers to it."""
    row = uow.session.get(Registration, registration_id, with_for_update=True)
    if row is None or row.state != RegistrationState.OPEN or uow.now < row.expires_at:
        return
    uow.record(RegistrationExpired(row.id))
    uow.session.delete(row)


def add_organisation(
    uow: UnitOfWork, *, name: str, credit_code: str, capacity: Capacity, region_code: str
) -> Entered:
    """A person with an account comes to a further organisation, as at registration."""
    if uow.actor.user_id is None:
        raise Refused("request.sign_in")
    uow.lock(User, uow.actor.user_id)
    return enter_organisation(
        uow,
        user_id=uow.actor.user_id,
        name=name,
        credit_code=checked_code(credit_code),
        capacity=capacity,
        region_code=checked_region(uow, region_code),
    )


def create_user(
    uow: UnitOfWork,
    *,
    name: str,
    email: str,
    mobile: str,
    locale: str,
    password_hash: str = "",
    verified: bool = False,
) -> User:
    """A new person; refuses `account.email_taken`."""
    user = User(
        name=name,
        email=rules.normal_email(email),
        email_verified_at=uow.now if verified else None,
        mobile=mobile,
        mobile_hash=search_hash(mobile, "user_account.mobile"),
        password_hash=password_hash,
        locale=locale,
        created_at=uow.now,
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(user)
    except IntegrityError as error:
        raise Refused("account.email_taken", field="email") from error
    uow.record(UserCreated(user.id))
    return user
