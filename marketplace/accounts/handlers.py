"""The letters that accounts mails when something has happened, and who may read the filed letter.

Links are signed when the letter goes out and rest on how things stand then: a letter whose matter
is settled meanwhile is not sent.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from marketplace.accounts import events, rules
from marketplace.accounts.queries import offers, parties
from marketplace.accounts.services import memberships, proofs
from marketplace.accounts.wording import letters
from marketplace.accounts.wording.letters import Letter
from marketplace.accounts.wording.words import roles_text
from marketplace.infra.mail import Mail, send_mail
from marketplace.infra.outbox.listening import Affects, Effect, Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.events import Event
from marketplace.web.wording import label

_SIGN_IN = "/sign-in"


def _send(
    record: EventRecord,
    letter: Letter,
    *,
    to: str,
    name: str,
    locale: str,
    path: str = "",
    **details: object,
) -> None:
    subject, text = letters.compose(
        letter,
        locale=locale,
        recipient=name,
        link=proofs.address(path) if path else "",
        **details,
    )
    send_mail(Mail(to=to, subject=subject, text=text, key=f"account-{record.id}-{rules.stamp(to)}"))


def mail_confirmation(session: Session, record: EventRecord) -> None:
    """The link that confirms a registration, or that the e-mail or mobile has an account."""
    letter = offers.registration_letter(session, record.subject_id)
    if letter is None:
        return
    name, locale = letter
    row = offers.registration(session, record.subject_id)
    known = parties.find_user(session, row.email)
    if known is not None:
        _send(
            record,
            letters.ACCOUNT_EXISTS,
            to=known.email,
            name=known.name,
            locale=known.locale,
            path=_SIGN_IN,
        )
        return
    if offers.known_by_mobile(session, record.subject_id) is not None:
        _send(record, letters.MOBILE_KNOWN, to=row.email, name=name, locale=locale, path=_SIGN_IN)
        return
    _send(
        record,
        letters.CONFIRM,
        to=row.email,
        name=name,
        locale=locale,
        path=f"/register/confirm/{proofs.sign('register', row.public_id)}",
        organisation=row.organisation_name,
    )


def mail_known_mobile(session: Session, record: EventRecord) -> None:
    """Whose mobile somebody registers with is told at the address of the account there is."""
    if offers.registration_letter(session, record.subject_id) is None:
        return
    email = offers.registration(session, record.subject_id).email
    known = offers.known_by_mobile(session, record.subject_id)
    if known is not None and parties.find_user(session, email) is None:
        _send(
            record,
            letters.MOBILE_EXISTS,
            to=known.email,
            name=known.name,
            locale=known.locale,
            path=_SIGN_IN,
        )


def mail_reset(session: Session, record: EventRecord) -> None:
    """The link to choose a new password."""
    _send_to_owner(session, record, letters.RESET, path=_password_path)


def mail_first_password(session: Session, record: EventRecord) -> None:
    """The link to choose the first password; who has one learns of the further membership."""
    membership_id = record.payload["membership_id"]
    rows = parties.memberships_of(session, record.subject_id)
    name = next((row.organisation_name for row in rows if row.id == membership_id), None)
    if name is None:
        return
    if parties.account(session, record.subject_id).has_password:
        _send_to_owner(session, record, letters.ADDED, path=_sign_in_path, organisation=name)
    else:
        _send_to_owner(
            session, record, letters.FIRST_PASSWORD, path=_first_password_path, organisation=name
        )


def mail_unlock(session: Session, record: EventRecord) -> None:
    """The link that unlocks at once."""
    _send_to_owner(session, record, letters.LOCKED, path=_unlock_path)


def mail_new_address(session: Session, record: EventRecord) -> None:
    """The link that proves the new address goes to the new address."""
    account = parties.account(session, record.subject_id)
    if not account.pending_email:
        return
    stamp = parties.link_stamps(session, account.id)["email"]
    _send(
        record,
        letters.NEW_EMAIL,
        to=account.pending_email,
        name=account.name,
        locale=account.locale,
        path=f"/my/account/email/{proofs.sign('email', account.public_id, stamp)}",
    )


def mail_email_changed(session: Session, record: EventRecord) -> None:
    """Tell the owner."""
    _send_to_owner(session, record, letters.EMAIL_CHANGED)


def mail_password_changed(session: Session, record: EventRecord) -> None:
    """Tell the owner, unless the platform itself set it up."""
    if record.actor_user_id is not None or record.request_id:
        _send_to_owner(session, record, letters.PASSWORD_CHANGED, path=_forgotten_path)


def mail_mobile_freed(session: Session, record: EventRecord) -> None:
    """Tell the owner, who enters the number they have."""
    _send_to_owner(session, record, letters.MOBILE_FREED, path=_sign_in_path)


def mail_second_factor_on(session: Session, record: EventRecord) -> None:
    """Tell the owner, unless the platform itself set it up."""
    if record.actor_user_id is not None or record.request_id:
        _send_to_owner(session, record, letters.SECOND_FACTOR_ON)


def mail_second_factor_off(session: Session, record: EventRecord) -> None:
    """Tell the owner."""
    _send_to_owner(session, record, letters.SECOND_FACTOR_OFF)


def mail_recovery_used(session: Session, record: EventRecord) -> None:
    """Tell the owner how many are left."""
    _send_to_owner(session, record, letters.RECOVERY_USED, left=record.payload["left"])


def mail_invitation(session: Session, record: EventRecord) -> None:
    """The link by which a colleague answers."""
    row = offers.invitation(session, record.subject_id)
    if row.state != "open":
        return
    known = parties.find_user(session, row.email)
    locale = known.locale if known else "zh"
    _send(
        record,
        letters.INVITED,
        to=row.email,
        name=known.name if known else row.email,
        locale=locale,
        path=f"/invitations/{proofs.sign('invitation', row.public_id)}",
        inviter=row.invited_by,
        organisation=row.organisation_name,
        roles=letters.said_in(locale, lambda: roles_text(row.roles)),
    )


def tell_of_request(uow: UnitOfWork, record: EventRecord) -> None:
    """Each administrator gets a letter that goes by itself."""
    row = offers.request_row(uow.session, record.subject_id)
    memberships.address_request(uow, request_id=row.id, to=_looks_after(uow, row.organisation_id))


def mail_request(session: Session, record: EventRecord) -> None:
    """Ask an administrator of the organisation for the answer."""
    row = offers.request_row(session, record.subject_id)
    if row.state != "waiting":
        return
    admin = parties.person(session, record.payload["user_id"])
    theirs = {one.organisation_id for one in parties.memberships_of(session, admin.id)}
    page = f"/my/colleagues/requests/{row.public_id}"
    if row.organisation_id not in theirs:
        page = f"/operator/organisations/{row.organisation_public_id}"
    _send(
        record,
        letters.ASKED,
        to=admin.email,
        name=admin.name,
        locale=admin.locale,
        path=page,
        person=row.user_name,
        organisation=row.organisation_name,
    )


def mail_answer(session: Session, record: EventRecord) -> None:
    """Tell the claimant what was decided."""
    row = offers.request_row(session, record.subject_id)
    person = parties.person(session, row.user_id)
    _send(
        record,
        letters.ANSWERED,
        to=person.email,
        name=person.name,
        locale=person.locale,
        path="/my/requests",
        organisation=row.organisation_name,
        answer=letters.said_in(person.locale, lambda: label(f"request_state.{row.state}")),
    )


def tell_of_authorisation(uow: UnitOfWork, record: EventRecord) -> None:
    """The same; not for what the platform itself set up."""
    if record.actor_user_id is not None:
        organisation_id = record.subject_id
        people = _looks_after(uow, organisation_id)
        memberships.address_authorisation(uow, organisation_id=organisation_id, to=people)


def _looks_after(uow: UnitOfWork, organisation_id: int) -> tuple[int, ...]:
    """Who is written to about an organisation: its administrators, or the operator's."""
    return parties.people_with(uow.session, organisation_id, (Role.ORGANISATION_ADMIN,))


def mail_authorised(session: Session, record: EventRecord) -> None:
    """Tell an administrator that they can send now."""
    row = parties.organisation(session, record.subject_id)
    admin = parties.person(session, record.payload["user_id"])
    _send(
        record,
        letters.AUTHORISED,
        to=admin.email,
        name=admin.name,
        locale=admin.locale,
        path=_SIGN_IN,
        organisation=row.name,
    )


Path = Callable[[str, dict[str, str]], str]


def _send_to_owner(
    session: Session,
    record: EventRecord,
    letter: Letter,
    *,
    path: Path | None = None,
    **details: object,
) -> None:
    person = parties.person(session, record.subject_id)
    link = path(person.public_id, parties.link_stamps(session, person.id)) if path else ""
    _send(
        record,
        letter,
        to=person.email,
        name=person.name,
        locale=person.locale,
        path=link,
        **details,
    )


def _password_path(public_id: str, stamps: dict[str, str]) -> str:
    return f"/password/{proofs.sign('password', public_id, stamps['password'])}"


def _first_password_path(public_id: str, stamps: dict[str, str]) -> str:
    return f"/password/first/{proofs.sign('first-password', public_id, stamps['password'])}"


def _unlock_path(public_id: str, stamps: dict[str, str]) -> str:
    return f"/unlock/{proofs.sign('unlock', public_id, stamps['unlock'])}"


def _sign_in_path(_public_id: str, _stamps: dict[str, str]) -> str:
    return _SIGN_IN


def _forgotten_path(_public_id: str, _stamps: dict[str, str]) -> str:
    return "/password"


def may_read_letter(actor: Actor, _session: Session, organisation_id: int) -> bool:
    """The organisation itself and the operator that confirms."""
    return actor.acts_for(organisation_id) or actor.has(Role.SYSTEM_ADMIN)


def _letter(run: Affects, *kinds: type[Event], name: str = "account-mail") -> Effect:
    """A letter about events of these kinds: independent of every other letter."""
    return Effect(name, run, kinds, ordered=False)


HANDLERS = (
    _letter(mail_confirmation, events.RegistrationRequested),
    _letter(mail_known_mobile, events.RegistrationRequested, name="account-mail-known"),
    _letter(mail_reset, events.PasswordResetRequested),
    _letter(mail_first_password, events.StaffAccountCreated),
    _letter(mail_unlock, events.AccountLocked),
    _letter(mail_new_address, events.EmailChangeRequested),
    _letter(mail_email_changed, events.EmailChanged),
    _letter(mail_password_changed, events.PasswordChanged),
    _letter(mail_mobile_freed, events.MobileFreed),
    _letter(mail_second_factor_on, events.SecondFactorEnrolled),
    _letter(mail_second_factor_off, events.SecondFactorRemoved),
    _letter(mail_recovery_used, events.RecoveryCodeUsed),
    _letter(mail_invitation, events.InvitationSent),
    Handler("account-letters", tell_of_request, (events.MembershipRequested,)),
    Handler("account-letters", tell_of_authorisation, (events.AuthorisationConfirmed,)),
    _letter(mail_request, events.RequestTold),
    _letter(
        mail_answer,
        events.MembershipRequestAccepted,
        events.MembershipRequestRefused,
        events.DisputeUpheld,
        events.DisputeDismissed,
    ),
    _letter(mail_authorised, events.AuthorisationTold),
)
