"""How the events of the critical path are told."""

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.critical_path import events
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Message, Silent, Tone, news, told
from marketplace.kernel.actors import Role
from marketplace.projects import queries as projects


def _enterprise(session: Session, record: EventRecord) -> list[Message]:
    """The agents of the enterprise that is told."""
    row, said = projects.project(session, record.subject_id), record.payload
    house = said["enterprise_id"]
    details = {
        **said,
        "project": row.name,
        "waits_for": said["why"],
        "turn_of": said["owner"],
        "which": said["item_code"] or said["approval_code"],
    }
    people = people_with(session, house, (Role.ENTERPRISE_AGENT,))
    return [Message(people, house, f"/projects/{row.public_id}/path", details)]


NEWS = news(
    told(
        events.PlanDaysNearlyUsed,
        history=_("The enterprise was told that the plan's days are nearly used up."),
        tone=Tone.WAITING,
        to=(_enterprise,),
        subject=_("The %(plan_days)s working days for approving “%(project)s” are nearly used up"),
        text=_(
            "%(used_days)s of the %(plan_days)s working days before construction are used; the "
            "last falls on %(falls_on)s at the earliest. First is waited for: %(waits_for)s "
            "(%(which)s). Whose turn it is: %(turn_of)s. The page shows how each day was counted."
        ),
    ),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
)
