"""What competitions add to the page of a project: those for it, and the way to draft one."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.competitions import policy, queries
from marketplace.competitions.rules import PREPARED
from marketplace.competitions.wording import state_tone
from marketplace.desks.views.project_page.shapes import Line, Link, Part, Reader
from marketplace.projects import policy as project_policy
from marketplace.projects.queries import NeedRow
from marketplace.web.wording import label
from marketplace.web.words import local_name


def part(session: Session, reader: Reader) -> Part | None:
    """The department's own competitions for the project, and those that are published."""
    lines = []
    for row in queries.of_project(session, reader.project.id):
        own = reader.actor.acts_for(row.department_id)
        if row.state in PREPARED and not own:
            continue
        endpoint = "competitions.record" if own else "competitions.notice"
        lines.append(
            Line(
                text=local_name(catalogue.item(session, row.item_code)),
                address=url_for(endpoint, competition_id=row.public_id),
                note=row.number,
                state=label(f"competition_state.{row.state}"),
                tone=state_tone(row.state),
            )
        )
    return Part(_("Competitions"), tuple(lines)) if lines else None


def links(_session: Session, reader: Reader, need: NeedRow) -> tuple[Link, ...]:
    """For a department of the region, while nobody commissions the item: draft a competition."""
    free = need.is_free and policy.may_commission(need.item.open_to)
    acts = project_policy.may_act_as_department(reader.actor, reader.standing).allowed
    if not (free and acts and policy.may_draft(reader.actor).allowed):
        return ()
    project, item = reader.project.public_id, need.item.code
    draft = url_for("competitions.new", project=project, item=item)
    return (Link(_("Draft a competition"), draft, "secondary"),)
