"""What requests to departments add to the page of a project: those under way, the way to ask."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.commission_requests import policy, queries
from marketplace.commission_requests.queries import RequestRow
from marketplace.commission_requests.wording import state_tone
from marketplace.desks.views.project_page.shapes import Line, Link, Part, Reader
from marketplace.projects.queries import NeedRow
from marketplace.web.wording import label
from marketplace.web.words import local_name


def part(session: Session, reader: Reader) -> Part | None:
    """The requests that have not ended, to both sides; of others' requests nobody learns."""
    lines = tuple(
        Line(
            text=local_name(row),
            address=url_for("commission_requests.show", request_id=row.public_id),
            note=row.number,
            state=label(f"commission_request_state.{row.state}"),
            tone=state_tone(row.state),
            light=row.light,
            due=row.due_on,
        )
        for row in _own(session, reader)
    )
    return Part(_("Requests to departments"), lines) if lines else None


def links(session: Session, reader: Reader, need: NeedRow) -> tuple[Link, ...]:
    """For the project's enterprise, while nobody commissions the item or was asked to."""
    may = policy.may_ask(reader.actor, reader.standing, need.item.open_to)
    if not (need.is_free and may):
        return ()
    asked = next((one for one in _own(session, reader) if one.item_code == need.item.code), None)
    if asked is not None:
        follow = url_for("commission_requests.show", request_id=asked.public_id)
        return (Link(_("Follow the request"), follow),)
    project, item = reader.project.public_id, need.item.code
    return (
        Link(
            _("Ask the department to commission it"),
            url_for("commission_requests.ask", project=project, item=item),
            "secondary",
        ),
    )


def _own(session: Session, reader: Reader) -> tuple[RequestRow, ...]:
    rows = queries.live_of_project(session, reader.project.id, reader.today)
    return tuple(one for one in rows if policy.may_see(reader.actor, queries.sides_of(one)))
