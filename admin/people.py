"""Users, organisations, memberships and sessions: read here, changed on the pages of accounts."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import or_, select

from admin.reference import listed
from admin.tables import Table, linked, looked_up
from marketplace.accounts import queries as accounts
from marketplace.accounts.models import (
    Membership,
    MembershipRole,
    Organisation,
    User,
    UserSession,
)
from marketplace.accounts.wording import capacities_text, roles_text
from marketplace.catalogue import queries as catalogue
from marketplace.kernel.actors import Role
from marketplace.kernel.personal import last_four
from marketplace.web.context import current_actor, language, reading_session
from marketplace.web.frame import link
from marketplace.web.wording import label
from marketplace.web.words import day, moment

_GROUP = "people"
_BOTH = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


def _yes_no(value: object) -> str:
    return str(gettext("Yes")) if value else str(gettext("No"))


def _person_link(name: str, public_id: str) -> Markup:
    """A name that leads the security administrator to what can be done for the account."""
    may = current_actor().has(Role.SECURITY_ADMIN)
    return linked(name, link("accounts.operator_person", key=public_id) if may else "")


def _organisation_link(name: str, public_id: str) -> Markup:
    may = current_actor().has(Role.SYSTEM_ADMIN)
    return linked(name, link("accounts.operator_organisation", key=public_id) if may else "")


class Users(Table):
    """Everybody who has an account. Of the mobile number only the last four digits are shown."""

    rows_of, group, address, roles = User, _GROUP, "users", (Role.SECURITY_ADMIN,)
    title = _("Users")
    purpose = _("Everybody who has an account; open one to unlock it or to end its sessions.")
    column_list = ("name", "email", "mobile", "second_factor", "memberships", "created_at")
    column_labels = {
        "name": _("Name"),
        "email": _("E-mail address"),
        "mobile": _("Mobile number"),
        "second_factor": _("Second factor"),
        "memberships": _("Acts for"),
        "created_at": _("Since"),
    }
    column_sortable_list = ("name", "email", "created_at")
    column_searchable_list = ("name", "email")
    column_default_sort = ("created_at", True)

    def look_up(self, rows: Sequence[User]) -> Any:
        """The organisations each of these people acts for."""
        query = (
            select(Membership.user_id, Organisation.name)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(Membership.user_id.in_([row.id for row in rows]), Membership.ended_at.is_(None))
            .order_by(Membership.id)
        )
        found: dict[int, list[str]] = {}
        for user_id, name in reading_session().execute(query):
            found.setdefault(user_id, []).append(name)
        return found

    def show_name(self, row: User) -> Markup:
        """The name, with the way to the account's security page."""
        return _person_link(row.name, row.public_id)

    def show_mobile(self, row: User) -> str:
        """Only the last four digits."""
        return last_four(row.mobile)

    def show_second_factor(self, row: User) -> str:
        """Whether one is set up."""
        return _yes_no(row.totp_confirmed_at)

    def show_memberships(self, row: User) -> str:
        """For whom the person acts."""
        return listed(looked_up().get(row.id, ()))

    def show_created_at(self, row: User) -> str:
        """The day of the account."""
        return day(row.created_at)


class Organisations(Table):
    """Every organisation on the platform."""

    rows_of, group, address, roles = Organisation, _GROUP, "organisations", _BOTH
    title = _("Organisations")
    purpose = _("Every organisation with its capacities and whether its agents are authorised.")
    column_list = ("name", "credit_code", "region_code", "capacities", "authorised", "created_at")
    column_labels = {
        "name": _("Name"),
        "credit_code": _("Credit code"),
        "region_code": _("Region"),
        "capacities": _("Capacities"),
        "authorised": _("Authorised"),
        "created_at": _("Since"),
    }
    column_sortable_list = ("name", "credit_code", "created_at")
    column_searchable_list = ("name", "credit_code")
    column_default_sort = ("created_at", True)

    def look_up(self, rows: Sequence[Organisation]) -> Any:
        """Their capacities, and the names of regions."""
        session = reading_session()
        found = accounts.organisations(session, [row.id for row in rows])
        return found, catalogue.regions(session)

    def show_name(self, row: Organisation) -> Markup:
        """The name, with the way to the organisation's page."""
        return _organisation_link(row.name, row.public_id)

    def show_region_code(self, row: Organisation) -> str:
        """Where it is registered."""
        return str(looked_up()[1].path(row.region_code, language()))

    def show_capacities(self, row: Organisation) -> str:
        """What it is on the platform."""
        return capacities_text(looked_up()[0][row.id].capacities)

    def show_authorised(self, row: Organisation) -> str:
        """Whether its agents may act."""
        return _yes_no(row.authorised_at)

    def show_created_at(self, row: Organisation) -> str:
        """The day it came to the platform."""
        return day(row.created_at)


class _OfPeople(Table):
    """Rows that name a user and a membership."""

    def names(self, user_ids: Sequence[int], organisation_ids: Sequence[int | None]) -> Any:
        """The people and organisations by key."""
        session = reading_session()
        users = session.scalars(select(User).where(User.id.in_(set(user_ids))))
        known = [one for one in organisation_ids if one is not None]
        return {row.id: row for row in users}, accounts.organisations(session, known)

    def show_person(self, row: Any) -> Markup:
        """Who."""
        user = looked_up()[0][row.user_id]
        return _person_link(user.name, user.public_id)

    def _apply_search(self, query: Any, count: Any, *joins: Any) -> Any:
        """Search by the person's name or e-mail address."""
        *rest, text = joins
        piece = f"%{text}%"
        asked = select(User.id).where(or_(User.name.ilike(piece), User.email.ilike(piece)))
        clause = self.rows_of.user_id.in_(asked)  # type: ignore[attr-defined]
        return query.filter(clause), count.filter(clause), *rest


class Memberships(_OfPeople):
    """Who acted and acts for whom."""

    rows_of, group, address, roles = Membership, _GROUP, "memberships", _BOTH
    title = _("Memberships")
    purpose = _("Who acts for which organisation, in which roles, since when and until when.")
    column_list = ("person", "organisation", "roles", "provisional", "begins_at", "ended_at")
    column_labels = {
        "person": _("Person"),
        "organisation": _("Organisation"),
        "roles": _("Roles"),
        "provisional": _("Provisional"),
        "begins_at": _("From"),
        "ended_at": _("Until"),
    }
    column_sortable_list = ("begins_at", "ended_at")
    column_searchable_list = ("public_id",)
    column_default_sort = ("begins_at", True)

    def look_up(self, rows: Sequence[Membership]) -> Any:
        """The people, the organisations and the roles held now."""
        people, organisations = self.names(
            [row.user_id for row in rows], [row.organisation_id for row in rows]
        )
        query = select(MembershipRole.membership_id, MembershipRole.role).where(
            MembershipRole.membership_id.in_([row.id for row in rows]),
            MembershipRole.ended_at.is_(None),
        )
        held: dict[int, set[Role]] = {}
        for membership_id, role in reading_session().execute(query):
            held.setdefault(membership_id, set()).add(Role(role))
        return people, organisations, held

    def show_organisation(self, row: Membership) -> Markup:
        """For whom."""
        found = looked_up()[1][row.organisation_id]
        return _organisation_link(found.name, found.public_id)

    def show_roles(self, row: Membership) -> str:
        """In which roles."""
        return roles_text(looked_up()[2].get(row.id, frozenset()))

    def show_provisional(self, row: Membership) -> str:
        """Whether the authorisation is still to be confirmed."""
        return _yes_no(row.provisional)

    def show_begins_at(self, row: Membership) -> str:
        """Since when."""
        return day(row.begins_at)

    def show_ended_at(self, row: Membership) -> str:
        """Until when."""
        return day(row.ended_at) or str(gettext("still"))


class Sessions(_OfPeople):
    """Browsers that are or were signed in."""

    rows_of, group, address, roles = UserSession, _GROUP, "sessions", (Role.SECURITY_ADMIN,)
    title = _("Sessions")
    purpose = _("Who is signed in, from where; open a person to end their sessions.")
    column_list = ("person", "started_at", "last_seen_at", "browser", "address", "ended_at")
    column_labels = {
        "person": _("Person"),
        "started_at": _("Signed in"),
        "last_seen_at": _("Last used"),
        "browser": _("Browser"),
        "address": _("Network address"),
        "ended_at": _("Ended"),
    }
    column_sortable_list = ("started_at", "last_seen_at", "ended_at")
    column_searchable_list = ("public_id",)
    column_default_sort = ("last_seen_at", True)

    def look_up(self, rows: Sequence[UserSession]) -> Any:
        """The people."""
        return self.names([row.user_id for row in rows], ())

    def show_started_at(self, row: UserSession) -> str:
        """Since when."""
        return moment(row.started_at)

    def show_last_seen_at(self, row: UserSession) -> str:
        """When the browser was last heard of."""
        return moment(row.last_seen_at)

    def show_address(self, row: UserSession) -> str:
        """Where the requests come from."""
        return row.address

    def show_ended_at(self, row: UserSession) -> str:
        """When and why it ended."""
        if row.ended_at is None:
            return ""
        why = label(f"backoffice.session_end.{row.end_reason}")
        return str(gettext("%(when)s (%(why)s)", when=moment(row.ended_at), why=why))
