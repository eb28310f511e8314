"""What engagements add to the page of a project: the client's own, and the ways to begin one."""

from functools import partial

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.forms import item_name
from marketplace.desks.views.project_page.shapes import Line, Link, Part, Reader
from marketplace.engagements import queries as engagements
from marketplace.engagements.policy import may_commission
from marketplace.engagements.wording import state_tone
from marketplace.projects import policy
from marketplace.projects.queries import NeedRow
from marketplace.web.wording import label


def part(session: Session, reader: Reader) -> Part | None:
    """The engagements of the project to which the reader's organisation is a party."""
    own = reader.actor.organisation_id
    rows = engagements.of_project(session, reader.project.id, own, reader.today)
    lines = tuple(
        Line(
            text=item_name(row.item_code),
            address=url_for("engagements.show", engagement_id=row.public_id),
            note=f"{row.number} · {row.provider_name}",
            state=label(f"engagement_state.{row.state}"),
            tone=state_tone(row.state),
            light=row.light,
            due=row.turn_due_on,
        )
        for row in rows
    )
    return Part(_("Engagements"), lines) if lines else None


def links(_session: Session, reader: Reader, need: NeedRow) -> tuple[Link, ...]:
    """For the enterprise, while nobody commissions the item: pick one, or ask several first."""
    free = need.is_free and may_commission(need.item.open_to)
    if not (free and policy.may_act_as_enterprise(reader.actor, reader.standing)):
        return ()
    project, item = reader.project.public_id, need.item.code
    search = partial(url_for, "discovery.choose", project_id=project, item_code=item)
    return (
        Link(_("Pick an institution"), search(), "secondary"),
        Link(_("Ask for quotations"), search(way="ask")),
    )
