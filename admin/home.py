"""The first page of the back office: what there is to look after, and how things stand."""

from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.access import EVERY_DUTY, Section
from admin.outbox import live_workers
from marketplace.infra import room
from marketplace.infra.outbox.queue import outbox_state
from marketplace.kernel.actors import Role
from marketplace.web.context import current_actor, reading_session

# Pages of accounts that belong to the operator's work, by group: role, endpoint, title, purpose.
_NEIGHBOURS = (
    (
        Role.SYSTEM_ADMIN,
        "accounts.operator_organisations",
        _("Organisations and staff accounts"),
        _("Make organisations and staff accounts, confirm authorisations."),
    ),
    (
        Role.SYSTEM_ADMIN,
        "accounts.operator_disputes",
        _("Disputes about organisations"),
        _("Decide who may act for an organisation that two people claim."),
    ),
    (
        Role.SECURITY_ADMIN,
        "accounts.operator_people",
        _("Secure an account"),
        _("Unlock an account, end its sessions, take a lost second factor away."),
    ),
)


def _want_of_room() -> dict[str, int] | None:
    """Where there is too little room on the disk, how much there is and ought to be, in MB."""
    check = room.there_is_room(reading_session())
    if check.ok:
        return None
    return {"free": check.details["free_bytes"] // 1_000_000, "least": room.LEAST_FREE // 1_000_000}


class Home(Section):
    """The parts one's duty gives access to, by group."""

    roles = EVERY_DUTY
    title = _("Back office")
    purpose = _("What the operator looks after: reference data, people, deliveries, records.")

    def __init__(self) -> None:
        super(Section, self).__init__(name=self.title, endpoint="backoffice", url="/backoffice")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The parts by group; for the system administrator how the deliveries stand."""
        actor = current_actor()
        session, looks_after = reading_session(), actor.has(Role.SYSTEM_ADMIN)
        return self.page(
            "admin/index.html",
            neighbours={"people": [row[1:] for row in _NEIGHBOURS if actor.has(row[0])]},
            no_room=_want_of_room() if looks_after else None,
            outbox=outbox_state(session) if looks_after else None,
            workers=live_workers(session) if looks_after else 0,
        )
