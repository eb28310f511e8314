"""The acts of a department on a competition: for each its form, its words, what it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from marketplace.budgets import queries as budgets
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline
from marketplace.competitions import policy
from marketplace.competitions.forms import PublicReasonForm, ReasonForm, RerunForm
from marketplace.competitions.policy import Standing
from marketplace.competitions.queries import reading, sealed
from marketplace.competitions.queries.rows import CompetitionRow
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import awarding, bidding, evaluating, notices
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import Decision
from marketplace.kernel.times import local_date
from marketplace.web.context import reading_session, request_time
from marketplace.web.forms import ActForm, Form
from marketplace.web.words import moment, yuan

# Gives the address to go on to; empty for the competition's own page.
Run = Callable[[UnitOfWork, str, Any], str]
Effects = Callable[[CompetitionRow], list[str]]


@dataclass(frozen=True)
class Act:
    """One act: who may is asked of `may`, the service asks it again."""

    name: str
    text: LazyString
    form: type[Form]
    run: Run
    may: Callable[[Actor, Standing], Decision]
    done: LazyString
    effects: Effects
    danger: bool = False
    final: bool = False


def _published(row: CompetitionRow) -> list[str]:
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


def _award_effects(row: CompetitionRow) -> list[str]:
    session, today = reading_session(), local_date(request_time())
    days = int(catalogue.rule(session, "competition.objection_days", today))
    until = deadline(catalogue.calendar(session), today, days)
    ranked = [bid for bid in sealed.opened_bids(session, row.id) if bid.rank and not bid.cause]
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


def _failed_effects(_row: CompetitionRow) -> list[str]:
    return [
        _("There is no award. Your reasons are public."),
        _("The reserved money and the item are free again."),
    ]


def _cancelled_effects(_row: CompetitionRow) -> list[str]:
    return [
        _("The competition ends. Your reasons are public, and whoever entered is told."),
        _("Bids that are still sealed stay sealed for ever."),
        _("The reserved money and the item are free again."),
    ]


def _evaluated_effects(row: CompetitionRow) -> list[str]:
    fewest = reading.fewest_entrants(reading_session(), row, local_date(request_time()))
    return [
        _("Ties, related entrants and suspensions are looked at again; such bids are excluded."),
        _("Very low prices without an accepted explanation are excluded."),
        _(
            "With fewer than %(count)s independent entrants the competition fails.",
            count=fewest,
        ),
        _("Otherwise the order is fixed, and an approver may publish the award."),
    ]


def _say(*sentences: LazyString) -> Effects:
    return lambda _row: [str(one) for one in sentences]


def _reason(service: Callable[..., object]) -> Run:
    def run(uow: UnitOfWork, key: str, form: Any) -> str:
        service(uow, competition=key, reason=form.reason.data)
        return ""

    return run


def _plain(service: Callable[..., object]) -> Run:
    def run(uow: UnitOfWork, key: str, _form: Any) -> str:
        service(uow, competition=key)
        return ""

    return run


def _rerun(uow: UnitOfWork, key: str, form: RerunForm) -> str:
    made = notices.rerun_competition(uow, competition=key, closes_at=form.closes_at())
    return url_for("competitions.edit", competition_id=made.public_id)


_ALL = (
    Act(
        "propose",
        lazy_gettext("Propose for publication"),
        ActForm,
        _plain(notices.propose_competition),
        policy.may_propose,
        lazy_gettext("The notice is proposed. An approver has to publish it now."),
        _say(
            lazy_gettext("The notice can no longer be changed, unless an approver sends it back."),
            lazy_gettext("An approver, who is another person, publishes it."),
        ),
    ),
    Act(
        "send-back",
        lazy_gettext("Send back to the officer"),
        ReasonForm,
        _reason(notices.send_back_competition),
        policy.may_send_back,
        lazy_gettext("The notice is a draft again."),
        _say(lazy_gettext("The notice becomes a draft again; the officer reads your reasons.")),
    ),
    Act(
        "publish",
        lazy_gettext("Publish the notice"),
        ActForm,
        _plain(notices.publish_competition),
        policy.may_publish,
        lazy_gettext("The notice is public; the money is reserved."),
        _published,
        final=True,
    ),
    Act(
        "cancel",
        lazy_gettext("Cancel the competition"),
        PublicReasonForm,
        _reason(notices.cancel_competition),
        policy.may_cancel,
        lazy_gettext("The competition is cancelled."),
        _cancelled_effects,
        danger=True,
        final=True,
    ),
    Act(
        "request-opening",
        lazy_gettext("Ask for the opening"),
        ActForm,
        _plain(bidding.request_opening),
        policy.may_request_opening,
        lazy_gettext("The opening is requested. Another person has to confirm it."),
        _say(
            lazy_gettext("Another person of your department confirms, and the bids are opened."),
            lazy_gettext("Until then nobody sees who bid, or how much."),
        ),
    ),
    Act(
        "withdraw-opening",
        lazy_gettext("Take the request back"),
        ActForm,
        _plain(bidding.withdraw_opening),
        policy.may_withdraw_opening,
        lazy_gettext("The request is taken back; the bids stay sealed."),
        _say(lazy_gettext("The bids stay sealed. The opening can be requested again.")),
    ),
    Act(
        "confirm-opening",
        lazy_gettext("Confirm and open the bids"),
        ActForm,
        _plain(bidding.confirm_opening),
        policy.may_confirm_opening,
        lazy_gettext("The bids are open."),
        _say(
            lazy_gettext(
                "The seals of all bids are broken at once; prices and names become public."
            ),
            lazy_gettext("Very low prices are flagged; their bidders are asked to explain them."),
        ),
        final=True,
    ),
    Act(
        "evaluate",
        lazy_gettext("Put the bids in order"),
        PublicReasonForm,
        _reason(evaluating.evaluate_bids),
        policy.may_evaluate,
        lazy_gettext("The evaluation is finished."),
        _evaluated_effects,
        final=True,
    ),
    Act(
        "publish-award",
        lazy_gettext("Publish the award"),
        PublicReasonForm,
        _reason(awarding.publish_award),
        policy.may_publish_award,
        lazy_gettext("The award is public."),
        _award_effects,
    ),
    Act(
        "fail",
        lazy_gettext("End without an award"),
        PublicReasonForm,
        _reason(awarding.fail_competition),
        policy.may_fail,
        lazy_gettext("The competition ended without an award."),
        _failed_effects,
        danger=True,
        final=True,
    ),
    Act(
        "rerun",
        lazy_gettext("Run it again"),
        RerunForm,
        _rerun,
        policy.may_rerun,
        lazy_gettext("The re-run is drafted. Check the notice, then propose it."),
        _say(
            lazy_gettext(
                "A new draft is made from this notice, with a public link between the two."
            ),
            lazy_gettext("A competition is run again once only."),
        ),
    ),
)
ACTS: dict[str, Act] = {act.name: act for act in _ALL}


def offered(actor: Actor, standing: Standing) -> list[tuple[Act, Decision]]:
    """The acts that have their turn in the present state, each allowed or with the reason."""
    return [(act, act.may(actor, standing)) for act in _ALL if standing.state in _TURNS[act.name]]


_S = CompetitionState
_TURNS: dict[str, frozenset[CompetitionState]] = {
    "propose": frozenset({_S.DRAFT}),
    "send-back": frozenset({_S.PROPOSED}),
    "publish": frozenset({_S.PROPOSED}),
    "cancel": frozenset({_S.PUBLISHED, _S.AWARD_PUBLISHED}),
    "request-opening": frozenset({_S.CLOSED}),
    "withdraw-opening": frozenset({_S.OPENING_REQUESTED}),
    "confirm-opening": frozenset({_S.OPENING_REQUESTED}),
    "evaluate": frozenset({_S.OPENED}),
    "publish-award": frozenset({_S.EVALUATED}),
    "fail": frozenset({_S.OPENED, _S.EVALUATED}),
    "rerun": frozenset({_S.FAILED}),
}
