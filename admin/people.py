"""Users and organisations: read here, changed on the pages of accounts."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import select

from admin.reference import listed
from admin.tables import Table, linked, looked_up
from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.wording.words import capacities_text
from marketplace.catalogue import queries as catalogue
from marketplace.kernel.actors import Role
from marketplace.kernel.personal import last_four
from marketplace.web.context import current_actor, language, reading_session
from marketplace.web.frame import link
from marketplace.web.words import day

GROUP = "people"
BOTH = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


def yes_no(value: object) -> str:
    """A fact that is so or not."""
    return str(gettext("Yes")) if value else str(gettext("No"))


def person_link(name: str, public_id: str) -> Markup:
    """A name that leads the security administrator to what can be done for the account."""
    may = current_actor().has(Role.SECURITY_ADMIN)
    return linked(name, link("accounts.operator_person", key=public_id) if may else "")


def organisation_link(name: str, public_id: str) -> Markup:
    """A name that leads the system administrator to the organisation's page."""
    may = current_actor().has(Role.SYSTEM_ADMIN)
    return linked(name, link("accounts.operator_organisation", key=public_id) if may else "")


class Users(Table):
    """Everybody who has an account. Of the mobile number only the last four digits are shown."""

    rows_of, group, address, roles = User, GROUP, "users", (Role.SECURITY_ADMIN,)
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
        return person_link(row.name, row.public_id)

    def show_mobile(self, row: User) -> str:
        """Only the last four digits."""
        return last_four(row.mobile)

    def show_second_factor(self, row: User) -> str:
        """Whether one is set up."""
        return yes_no(row.totp_confirmed_at)

    def show_memberships(self, row: User) -> str:
        """For whom the person acts."""
        return listed(looked_up().get(row.id, ()))

    def show_created_at(self, row: User) -> str:
        """The day of the account."""
        return day(row.created_at)


class Organisations(Table):
    """Every organisation on the platform."""

    rows_of, group, address, roles = Organisation, GROUP, "organisations", BOTH
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
        return organisation_link(row.name, row.public_id)

    def show_region_code(self, row: Organisation) -> str:
        """Where it is registered."""
        return str(looked_up()[1].path(row.region_code, language()))

    def show_capacities(self, row: Organisation) -> str:
        """What it is on the platform."""
        return capacities_text(looked_up()[0][row.id].capacities)

    def show_authorised(self, row: Organisation) -> str:
        """Whether its agents may act."""
        return yes_no(row.authorised_at)

    def show_created_at(self, row: Organisation) -> str:
        """The day it came to the platform."""
        return day(row.created_at)
