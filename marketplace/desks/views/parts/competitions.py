"""The parts of a desk about competitions: the department's steps, the institution's bids."""

from dataclasses import replace
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import true
from sqlalchemy.orm import Session

from marketplace.competitions import policy
from marketplace.competitions.queries import lists, owing
from marketplace.competitions.rules import CompetitionState
from marketplace.desks.views.parts.jobs import owed_desk
from marketplace.desks.views.parts.shapes import Desk, Figure
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date

_S = CompetitionState
_UNDER_WAY = (_S.CLOSED, _S.OPENING_REQUESTED, _S.OPENED, _S.EVALUATED, _S.AWARD_PUBLISHED)


def commissions(actor: Actor) -> bool:
    """Whether the actor acts in the competitions of a department."""
    return policy.may_manage(actor) and actor.has(*policy.OFFICERS)


def bids(actor: Actor) -> bool:
    """Whether the actor bids for an institution."""
    return actor.has(Role.INSTITUTION_AGENT)


def department_competitions(session: Session, actor: Actor, now: datetime) -> Desk:
    """What the department's officers and approvers have to do in competitions."""
    counts = lists.state_counts(session, actor.organisation_id or 0)
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
    owed = owing.owed_by(session, actor, now)
    every = url_for("competitions.manage")
    return replace(owed_desk(owed, _("Our competitions"), every), figures=figures)


def institution_competitions(session: Session, actor: Actor, now: datetime) -> Desk:
    """What an institution has to do about its bids."""
    organisation_id, every = actor.organisation_id or 0, url_for("competitions.my_bids")
    owed = owing.to_explain(session, organisation_id, local_date(now))
    jobs = owed_desk(owed, _("My bids"), every)
    own = institutions.my_institution(session, organisation_id)
    if own is None:
        return jobs
    items = [
        row.item_code
        for row in institutions.listings_of(session, own.id)
        if row.state is ListingState.ADMITTED
    ]
    asked = {"own": organisation_id, "now": now}
    if not items and not lists.MY_BIDS.count(session, true(), asked):
        return jobs
    running = lists.OPEN.count(session, lists.for_items(items), asked)
    sealed = lists.MY_BIDS.count(session, lists.SEALED, asked)
    figures = (
        Figure(running, _("Competitions open for you"), f"{every}#running"),
        Figure(
            sealed,
            _("Bids under seal"),
            url_for("competitions.my_bids", seal="sealed", _anchor="bids"),
        ),
    )
    return replace(jobs, figures=figures)
