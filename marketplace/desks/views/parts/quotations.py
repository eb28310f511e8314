"""The part of a desk about quotations: to compare, and to give."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.desks.views.parts.shapes import Desk, Job
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date
from marketplace.quotations import queries as quotations
from marketplace.quotations.queries import RequestRow, RoundRow
from marketplace.quotations.rules import RequestState, RoundState
from marketplace.web.words import local_name


def quotation_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    own, today = actor.organisation_id or 0, local_date(now)
    jobs: list[Job] = []
    if actor.has(Role.ENTERPRISE_AGENT):
        rounds = quotations.rounds_of(session, own, today)
        jobs += [_to_compare(row) for row in rounds if row.state is RoundState.CLOSED]
    if actor.has(Role.INSTITUTION_AGENT):
        asked = quotations.requests_of(session, own, today)
        jobs += [_to_answer(row) for row in asked if _waits(row)]
    return Desk(tuple(jobs), ())


def asks_or_quotes(actor: Actor) -> bool:
    """Enterprises and institutions have such jobs."""
    return actor.has(Role.ENTERPRISE_AGENT, Role.INSTITUTION_AGENT)


def _waits(row: RequestRow) -> bool:
    return row.state is RequestState.ASKED and row.round.state is RoundState.OPEN


def _to_compare(row: RoundRow) -> Job:
    return Job(
        _("Compare the quotations of %(number)s and pick one", number=row.number)
        if row.answered
        else _("Nobody quoted in %(number)s: ask others or withdraw it", number=row.number),
        url_for("quotations.show", round_id=row.public_id),
        note=f"{row.project.name} · {local_name(row.item)}",
    )


def _to_answer(row: RequestRow) -> Job:
    return Job(
        _("Quote for %(number)s", number=row.round.number),
        url_for("quotations.show_request", request_id=row.public_id),
        row.round.light,
        row.round.answer_by,
        f"{row.round.client_name} · {local_name(row.round.item)}",
    )
