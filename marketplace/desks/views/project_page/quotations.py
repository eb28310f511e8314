"""What rounds of quotations add to the page of a project: its enterprise's own rounds."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.desks.views.project_page.shapes import Line, Link, Part, Reader
from marketplace.kernel.actors import Role
from marketplace.projects.queries import NeedRow
from marketplace.quotations import queries as quotations
from marketplace.quotations.wording import round_tone
from marketplace.web.wording import label
from marketplace.web.words import local_name


def part(session: Session, reader: Reader) -> Part | None:
    """The rounds of quotations that still want something; of others' rounds nobody learns."""
    actor = reader.actor
    if not (actor.acts_for(reader.project.enterprise_id) and actor.has(Role.ENTERPRISE_AGENT)):
        return None
    own = actor.organisation_id or 0
    rows = quotations.live_rounds_of(session, own, reader.project.id, reader.today)
    lines = tuple(
        Line(
            text=local_name(row),
            address=url_for("quotations.show", round_id=row.public_id),
            note=row.number,
            state=label(f"quotation_round.{row.shown}"),
            tone=round_tone(row.shown),
            light=row.light,
            due=row.answer_by,
        )
        for row in rows
    )
    return Part(_("Quotations"), lines) if lines else None


def links(_session: Session, _reader: Reader, _need: NeedRow) -> tuple[Link, ...]:
    """None of its own: the way to ask stands with the pick."""
    return ()
