"""Who acts for whom, and who is signed in: read here, changed on the pages of accounts."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from admin.people import BOTH, GROUP, organisation_link, person_link, yes_no
from admin.tables import Table, looked_up
from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Membership, MembershipRole, User, UserSession
from marketplace.accounts.wording.words import roles_text
from marketplace.infra.lists import holds
from marketplace.kernel.actors import Role
from marketplace.web.context import reading_session
from marketplace.web.wording import label
from marketplace.web.words import day, moment


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
        return person_link(user.name, user.public_id)

    def holding(self, word: str) -> ColumnElement[bool]:
        """Rows of the people with this in their name or e-mail address."""
        held = holds((User.name, User.email), word)
        user_id: InstrumentedAttribute[int] = self.rows_of.user_id  # type: ignore[attr-defined]
        return user_id.in_(select(User.id).where(held))


class Memberships(_OfPeople):
    """Who acted and acts for whom."""

    rows_of, group, address, roles = Membership, GROUP, "memberships", BOTH
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
        return organisation_link(found.name, found.public_id)

    def show_roles(self, row: Membership) -> str:
        """In which roles."""
        return roles_text(looked_up()[2].get(row.id, frozenset()))

    def show_provisional(self, row: Membership) -> str:
        """Whether the authorisation is still to be confirmed."""
        return yes_no(row.provisional)

    def show_begins_at(self, row: Membership) -> str:
        """Since when."""
        return day(row.begins_at)

    def show_ended_at(self, row: Membership) -> str:
        """Until when."""
        return day(row.ended_at) or str(gettext("still"))


class Sessions(_OfPeople):
    """Browsers that are or were signed in."""

    rows_of, group, address, roles = UserSession, GROUP, "sessions", (Role.SECURITY_ADMIN,)
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
