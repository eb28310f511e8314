"""The part of a desk about a department's money: what to propose, to approve, and what is late."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.budgets import policy
from marketplace.budgets import queries as budgets
from marketplace.budgets.rules import PaymentState
from marketplace.desks.views.parts.jobs import owed_desk
from marketplace.desks.views.parts.shapes import Desk, Figure, joined
from marketplace.kernel.actors import Actor, Capacity
from marketplace.kernel.times import local_date


def reads_budgets(actor: Actor) -> bool:
    """Whether the actor has to do with a department's money."""
    return actor.is_a(Capacity.DEPARTMENT) and actor.has(*policy.READERS)


def budget_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    own, today = actor.organisation_id or 0, local_date(now)
    proposed = url_for("budgets.payments", state=PaymentState.PROPOSED.value)
    waiting = (
        Figure(budgets.proposed(session, own), _("Payments awaiting approval"), proposed),
        Figure(
            budgets.accepted(session, own),
            _("Accepted work to be paid"),
            url_for("budgets.payments", _anchor="owed"),
        ),
    )
    parts = [Desk(figures=waiting)]
    if actor.has(*policy.DECIDERS):
        decide = budgets.to_decide(session, actor, today)
        parts.append(owed_desk(decide, _("Payments"), proposed))
    if actor.has(*policy.PROPOSERS):
        propose = budgets.to_propose(session, own, today)
        parts.append(owed_desk(propose, _("Payments"), url_for("budgets.payments")))
    if actor.has(*policy.KEEPERS):
        late = budgets.late_in(session, own, today.year, today)
        address = url_for("budgets.lines", year=today.year, show="late", _anchor="waits")
        figure = Figure(late.total, _("Late payments"), address, "red" if late.total else "")
        parts += [owed_desk(late, _("Late payments"), address), Desk(figures=(figure,))]
    return joined(parts)
