"""The parts of a desk about competitions: the department's steps, the institution's bids."""

from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.clocks.queries import light_until
from marketplace.competitions import policy
from marketplace.competitions import queries as competitions
from marketplace.competitions.queries import CompetitionRow, MyBid
from marketplace.competitions.rules import CompetitionState
from marketplace.desks.parts.shapes import Desk, Figure, Job
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
    rows = competitions.competitions_of(session, own)
    jobs = [
        Job(
            f"{row.number} {label(next_step.what)}",
            url_for("competitions.record", competition_id=row.public_id),
            next_step.light,
            next_step.due_on,
            row.title,
        )
        for row in rows
        if (next_step := owed(row)) is not None and _may_step(session, actor, row)
    ]
    if actor.has(Role.DEPARTMENT_OFFICER):
        jobs += _questions(session, rows, today)
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


def _questions(session: Session, rows: tuple[CompetitionRow, ...], today: date) -> list[Job]:
    running = {row.id: row for row in rows if row.state is _S.PUBLISHED}
    found = competitions.open_questions(session, list(running))
    return [
        Job(
            _("Answer the questions of %(number)s", number=running[key].number),
            url_for(
                "competitions.record", competition_id=running[key].public_id, _anchor="questions"
            ),
            light_until(session, local_date(running[key].closes_at), today),
            local_date(running[key].closes_at),
            _("Questions without an answer: %(count)s", count=count),
        )
        for key, count in found.items()
    ]


def institution_competitions(session: Session, actor: Actor, now: datetime) -> Desk:
    """What an institution has to do about its bids."""
    mine = competitions.bids_of(session, actor.organisation_id or 0)
    today = local_date(now)
    jobs = [_explain(session, bid, today) for bid in mine if _to_explain(bid, today)]
    sealed = sum(bid.live and bid.competition.opened_at is None for bid in mine)
    entered = {bid.competition.id for bid in mine if bid.live}
    own = institutions.my_institution(session, actor.organisation_id or 0)
    if own is None:
        return Desk(tuple(jobs), ())
    items = [
        row.item_code
        for row in institutions.listings_of(session, own.id)
        if row.state is ListingState.ADMITTED
    ]
    running = [row for row in competitions.open_now(session, items, now) if row.id not in entered]
    address = url_for("competitions.my_bids")
    figures = (
        Figure(len(running), _("Competitions open for you"), address),
        Figure(sealed, _("Bids under seal"), address),
    )
    return Desk(tuple(jobs), figures if items or mine else ())


def _to_explain(bid: MyBid, today: date) -> bool:
    return (
        bid.live
        and bid.low_priced
        and bid.justified_at is None
        and bid.competition.state is _S.OPENED
        and bid.justify_by is not None
        and today <= bid.justify_by
    )


def _explain(session: Session, bid: MyBid, today: date) -> Job:
    return Job(
        _("Explain your very low price in %(number)s", number=bid.competition.number),
        url_for("competitions.justify", competition_id=bid.competition.public_id),
        light_until(session, bid.justify_by, today),
        bid.justify_by,
        bid.competition.title,
    )
