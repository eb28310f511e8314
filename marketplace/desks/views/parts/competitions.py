"""The parts of a desk about competitions: the department's steps, the institution's bids."""

from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import true
from sqlalchemy.orm import Session

from marketplace.clocks.queries import light_until
from marketplace.competitions import policy
from marketplace.competitions import queries as competitions
from marketplace.competitions.queries import CompetitionRow, MyBid
from marketplace.competitions.rules import CompetitionState
from marketplace.desks.views.parts.shapes import Desk, Figure, Job
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date
from marketplace.web.wording import label

_S = CompetitionState
_UNDER_WAY = (_S.CLOSED, _S.OPENING_REQUESTED, _S.OPENED, _S.EVALUATED, _S.AWARD_PUBLISHED)


def commissions(actor: Actor) -> bool:
    """Whether the actor's department commissions by competition."""
    return policy.may_manage(actor)


def bids(actor: Actor) -> bool:
    """Whether the actor bids for an institution."""
    return actor.has(Role.INSTITUTION_AGENT)


def department_competitions(session: Session, actor: Actor, now: datetime) -> Desk:
    """What the department's officers and approvers have to do in competitions."""
    own, today = actor.organisation_id or 0, local_date(now)
    counts = competitions.state_counts(session, own)
    owed = competitions.clock(session, today)
    jobs = [
        Job(
            f"{row.number} {label(next_step.what)}",
            url_for("competitions.record", competition_id=row.public_id),
            next_step.light,
            next_step.due_on,
            row.title,
        )
        for row in competitions.owed_by(session, own)
        if (next_step := owed(row)) is not None and _may_step(session, actor, row)
    ]
    if actor.has(Role.DEPARTMENT_OFFICER):
        jobs += _questions(session, own, today)
    figures = (
        Figure(
            counts.get(_S.PUBLISHED, 0),
            _("Competitions open for bids"),
            url_for("competitions.manage", state="published"),
        ),
        Figure(
            sum(counts.get(state, 0) for state in _UNDER_WAY),
            _("Competitions before their award"),
            url_for("competitions.manage", state=[state.value for state in _UNDER_WAY]),
        ),
    )
    return Desk(tuple(jobs), figures)


def _may_step(session: Session, actor: Actor, row: CompetitionRow) -> bool:
    """Whether the step that is owed is this person's to take."""
    standing = competitions.standing(session, row)
    asked = {
        _S.PROPOSED: policy.may_publish,
        _S.CLOSED: policy.may_request_opening,
        _S.OPENING_REQUESTED: policy.may_confirm_opening,
        _S.OPENED: policy.may_evaluate,
        _S.EVALUATED: policy.may_publish_award,
    }.get(row.state)
    return asked is not None and asked(actor, standing).allowed


def _questions(session: Session, own: int, today: date) -> list[Job]:
    return [
        Job(
            _("Answer the questions of %(number)s", number=row.number),
            url_for("competitions.record", competition_id=row.public_id, _anchor="questions"),
            light_until(session, local_date(row.closes_at), today),
            local_date(row.closes_at),
            _("Questions without an answer: %(count)s", count=row.open_questions),
        )
        for row in competitions.with_questions(session, own)
    ]


def institution_competitions(session: Session, actor: Actor, now: datetime) -> Desk:
    """What an institution has to do about its bids."""
    organisation_id, today = actor.organisation_id or 0, local_date(now)
    jobs = tuple(
        _explain(session, bid, today)
        for bid in competitions.to_explain(session, organisation_id, today)
    )
    own = institutions.my_institution(session, organisation_id)
    if own is None:
        return Desk(jobs, ())
    items = [
        row.item_code
        for row in institutions.listings_of(session, own.id)
        if row.state is ListingState.ADMITTED
    ]
    asked = {"own": organisation_id, "now": now}
    if not items and not competitions.MY_BIDS.count(session, true(), asked):
        return Desk(jobs, ())
    running = competitions.OPEN.count(session, competitions.for_items(items), asked)
    sealed = competitions.MY_BIDS.count(session, competitions.SEALED, asked)
    address = url_for("competitions.my_bids")
    figures = (
        Figure(running, _("Competitions open for you"), address),
        Figure(sealed, _("Bids under seal"), address),
    )
    return Desk(jobs, figures)


def _explain(session: Session, bid: MyBid, today: date) -> Job:
    return Job(
        _("Explain your very low price in %(number)s", number=bid.number),
        url_for("competitions.justify", competition_id=bid.competition_public_id),
        light_until(session, bid.justify_by, today),
        bid.justify_by,
        bid.title,
    )
