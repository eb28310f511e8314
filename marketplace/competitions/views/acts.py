"""The acts of a department on a competition: for each its form, its words, what it runs."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.budgets import queries as budgets
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline
from marketplace.competitions import policy
from marketplace.competitions.forms import PublicReasonForm, PublishForm, ReasonForm, RerunForm
from marketplace.competitions.policy import Standing
from marketplace.competitions.queries import reading, sealed
from marketplace.competitions.queries.rows import CompetitionRow
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import awarding, bidding, evaluating, notices
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from marketplace.projects import queries as projects
from marketplace.projects.forms import ask_need, confirms_need
from marketplace.web.acts import Act, GoOn, acts, plain, reasoned
from marketplace.web.context import reading_session, request_time
from marketplace.web.words import moment, yuan

_S = CompetitionState


@dataclass(frozen=True)
class Record:
    """A competition as its department sees it, with what the policies ask of it."""

    row: CompetitionRow
    standing: Standing


def _published(record: Record) -> list[str]:
    row = record.row
    line = budgets.line(reading_session(), row.budget_line_id)
    return [
        _(
            "This reserves %(amount)s yuan of line “%(line)s”, which has %(free)s yuan free.",
            amount=yuan(row.ceiling_fen),
            line=line.name,
            free=yuan(line.free_fen),
        ),
        _("It claims the item of the project: no enterprise can commission it meanwhile."),
        _(
            "The notice is public at once; admitted institutions bid until %(moment)s.",
            moment=moment(row.closes_at),
        ),
    ]


def _award_effects(record: Record) -> list[str]:
    session, today = reading_session(), local_date(request_time())
    days = int(catalogue.rule(session, "competition.objection_days", today))
    until = deadline(catalogue.calendar(session), today, days)
    ranked = [
        bid for bid in sealed.opened_bids(session, record.row.id) if bid.rank and not bid.cause
    ]
    first = [
        _(
            "The award goes to %(name)s for %(amount)s yuan.",
            name=bid.name,
            amount=yuan(bid.price_fen),
        )
        for bid in ranked[:1]
    ]
    return [
        *first,
        _("It is public at once. Objections are possible until the end of %(day)s.", day=until),
        _("Without an objection the award holds after that and the engagement begins."),
    ]


def _evaluated_effects(record: Record) -> list[str]:
    fewest = reading.fewest_entrants(reading_session(), record.row, local_date(request_time()))
    return [
        _("Ties, related entrants and suspensions are looked at again; such bids are excluded."),
        _("Very low prices without an accepted explanation are excluded."),
        _(
            "With fewer than %(count)s independent entrants the competition fails.",
            count=fewest,
        ),
        _("Otherwise the order is fixed, and an approver may publish the award."),
    ]


def _rerun(uow: UnitOfWork, key: str, form: RerunForm) -> GoOn:
    made = notices.rerun_competition(uow, competition=key, closes_at=form.closes_at())
    return GoOn(url_for("competitions.edit", competition_id=made.public_id))


def _publish_form(record: Record, **options: Any) -> PublishForm:
    """Asks for the confirmation where nobody knows whether the project still needs the item."""
    row, form = record.row, PublishForm(**options)
    today = local_date(request_time())
    ask_need(form, [projects.need_on(reading_session(), row.project_id, row.item_code, today)])
    return form


def _publish(uow: UnitOfWork, key: str, form: PublishForm) -> None:
    notices.publish_competition(uow, competition=key, need_confirmed=confirms_need(form))


_FREE_AGAIN = _l("The reserved money and the item are free again.")

ACTS = acts(
    Act(
        "propose",
        run=plain(notices.propose_competition, "competition"),
        may=policy.may_propose,
        done=_l("The notice is proposed. An approver has to publish it now."),
        title=_l("Propose for publication"),
        effects=(
            _l("The notice can no longer be changed, unless an approver sends it back."),
            _l("An approver, who is another person, publishes it."),
        ),
        states=frozenset({_S.DRAFT}),
    ),
    Act(
        "send-back",
        form=ReasonForm,
        run=reasoned(notices.send_back_competition, "competition"),
        may=policy.may_send_back,
        done=_l("The notice is a draft again."),
        title=_l("Send back to the officer"),
        effects=(_l("The notice becomes a draft again; the officer reads your reasons."),),
        states=frozenset({_S.PROPOSED}),
    ),
    Act(
        "publish",
        form=_publish_form,
        run=_publish,
        may=policy.may_publish,
        done=_l("The notice is public; the money is reserved."),
        title=_l("Publish the notice"),
        effects=_published,
        final=True,
        states=frozenset({_S.PROPOSED}),
    ),
    Act(
        "cancel",
        form=PublicReasonForm,
        run=reasoned(notices.cancel_competition, "competition"),
        may=policy.may_cancel,
        done=_l("The competition is cancelled."),
        title=_l("Cancel the competition"),
        effects=(
            _l("The competition ends. Your reasons are public, and whoever entered is told."),
            _l("Bids that are still sealed stay sealed for ever."),
            _FREE_AGAIN,
        ),
        danger=True,
        final=True,
        states=frozenset({_S.PUBLISHED, _S.AWARD_PUBLISHED}),
    ),
    Act(
        "request-opening",
        run=plain(bidding.request_opening, "competition"),
        may=policy.may_request_opening,
        done=_l("The opening is requested. Another person has to confirm it."),
        title=_l("Ask for the opening"),
        effects=(
            _l("Another person of your department confirms, and the bids are opened."),
            _l("Until then nobody sees who bid, or how much."),
        ),
        states=frozenset({_S.CLOSED}),
    ),
    Act(
        "withdraw-opening",
        run=plain(bidding.withdraw_opening, "competition"),
        may=policy.may_withdraw_opening,
        done=_l("The request is taken back; the bids stay sealed."),
        title=_l("Take the request back"),
        effects=(_l("The bids stay sealed. The opening can be requested again."),),
        states=frozenset({_S.OPENING_REQUESTED}),
    ),
    Act(
        "confirm-opening",
        run=plain(bidding.confirm_opening, "competition"),
        may=policy.may_confirm_opening,
        done=_l("The bids are open."),
        title=_l("Confirm and open the bids"),
        effects=(
            _l("The seals of all bids are broken at once; prices and names become public."),
            _l("Very low prices are flagged; their bidders are asked to explain them."),
        ),
        final=True,
        states=frozenset({_S.OPENING_REQUESTED}),
    ),
    Act(
        "evaluate",
        form=PublicReasonForm,
        run=reasoned(evaluating.evaluate_bids, "competition"),
        may=policy.may_evaluate,
        done=_l("The evaluation is finished."),
        title=_l("Put the bids in order"),
        effects=_evaluated_effects,
        final=True,
        states=frozenset({_S.OPENED}),
    ),
    Act(
        "publish-award",
        form=PublicReasonForm,
        run=reasoned(awarding.publish_award, "competition"),
        may=policy.may_publish_award,
        done=_l("The award is public."),
        title=_l("Publish the award"),
        effects=_award_effects,
        states=frozenset({_S.EVALUATED}),
    ),
    Act(
        "fail",
        form=PublicReasonForm,
        run=reasoned(awarding.fail_competition, "competition"),
        may=policy.may_fail,
        done=_l("The competition ended without an award."),
        title=_l("End without an award"),
        effects=(_l("There is no award. Your reasons are public."), _FREE_AGAIN),
        danger=True,
        final=True,
        states=frozenset({_S.OPENED, _S.EVALUATED}),
    ),
    Act(
        "rerun",
        form=RerunForm,
        run=_rerun,
        may=policy.may_rerun,
        done=_l("The re-run is drafted. Check the notice, then propose it."),
        title=_l("Run it again"),
        effects=(
            _l("A new draft is made from this notice, with a public link between the two."),
            _l("A competition is run again once only."),
        ),
        states=frozenset({_S.FAILED}),
    ),
)
