"""Work for a project that another enterprise has by now: who says what, and what becomes of it."""

from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from marketplace.clocks.queries import light_until
from marketplace.engagements import forms, policy
from marketplace.engagements.policy import HandoverStanding
from marketplace.engagements.queries import handovers, lists
from marketplace.engagements.queries.handovers import HandoverRow
from marketplace.engagements.queries.lists import EngagementRow
from marketplace.engagements.rules import HANDOVER_OPEN, HandoverState
from marketplace.engagements.services import handing
from marketplace.engagements.views.blueprint import bp, facts, today
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.web.acts import Act, RecordPage, acts, decisions, plain, reasoned
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import Form
from marketplace.web.guard import signed_in
from marketplace.web.submit import page as show_page
from marketplace.web.words import day, yuan


@dataclass(frozen=True)
class HandoverPage:
    """The work and what was asked about it."""

    engagement: EngagementRow
    handover: HandoverRow
    reason: str

    @property
    def standing(self) -> HandoverStanding:
        """What the policies ask."""
        return self.handover.standing

    @property
    def facts(self) -> list[dict[str, str]]:
        """What it is about, and what each of the two has said."""
        row = self.handover
        agreed = ((row.from_name, row.from_agreed_at), (row.to_name, row.to_agreed_at))
        amount = self.engagement.amount_fen
        return [
            *facts(self.engagement),
            {
                "label": gettext("Amount of the contract in yuan"),
                "value": yuan(amount) if amount else gettext("no contract yet"),
            },
            *(
                {
                    "label": name or gettext("The enterprise that has the project now"),
                    "value": gettext("agreed on %(day)s", day=day(at))
                    if at
                    else gettext("has not agreed"),
                }
                for name, at in agreed
            ),
        ]


def _settles(passes: bool) -> Any:
    def run(uow: UnitOfWork, key: str, form: Any) -> None:
        handing.settle_handover(uow, handover=key, passes=passes, reason=form.reason.data or "")

    return run


_PASSES = _("The work, its contract and the item pass to the other enterprise, which then pays.")
_STAYS = _("The work stays with the enterprise that commissioned it, to its end.")
_TOLD = _("Both enterprises and the institution are told.")
ACTS = acts(
    Act(
        "agree",
        run=plain(handing.agree_to_handover, "handover"),
        may=policy.may_agree,
        title=_("Agree that the work passes"),
        effects=(_("When both enterprises have agreed, this happens:"), _PASSES, _TOLD),
        done=_("Your enterprise agrees."),
        primary=True,
        final=True,
    ),
    Act(
        "keep",
        form=forms.ReasonForm,
        run=reasoned(handing.keep_where_it_is, "handover"),
        may=policy.may_keep_where_it_is,
        title=_("Leave the work where it is"),
        effects=(_STAYS, _TOLD),
        done=_("The work stays where it is."),
        final=True,
    ),
    Act(
        "settle-pass",
        form=forms.ReasonForm,
        run=_settles(True),
        may=policy.may_settle_handover,
        title=_("Settle: the work passes"),
        effects=(_PASSES, _TOLD),
        done=_("It is settled: the work passes."),
        final=True,
    ),
    Act(
        "settle-stay",
        form=forms.ReasonForm,
        run=_settles(False),
        may=policy.may_settle_handover,
        title=_("Settle: the work stays"),
        effects=(_STAYS, _TOLD),
        done=_("It is settled: the work stays."),
        final=True,
    ),
)


def _load(handover_id: str) -> HandoverPage:
    """The handover as its page shows it; to outsiders it does not exist."""
    row = handovers.handover(reading_session(), handover_id, today())
    if not policy.may_see_handover(current_actor(), row.standing):
        raise NotFound
    work = lists.engagement(reading_session(), row.engagement_id, today())
    return HandoverPage(work, row, handovers.reason_of(reading_session(), row))


def _show(loaded: HandoverPage, _act: str, _form: Form | None) -> ResponseReturnValue:
    may = decisions(ACTS, current_actor(), loaded.standing)
    return show_page(
        "engagements/handover.html",
        page=loaded,
        open=loaded.handover.state in HANDOVER_OPEN,
        light=_light(loaded.handover),
        acts=[act for name, act in ACTS.items() if may[name].allowed],
    )


def _light(row: HandoverRow) -> str:
    """That of the day by which both answer; what they let pass is red until it is settled."""
    if row.state is HandoverState.REFERRED:
        return "red"
    due = row.due_on if row.state is HandoverState.ASKED else None
    return "" if due is None else light_until(reading_session(), due, today())


def _ask(loaded: HandoverPage, act: Act[Any], form: Form, back: str) -> ResponseReturnValue:
    return show_page(
        "engagements/handover_act.html",
        form=form,
        page=loaded,
        act=act,
        effects=act.will_happen(loaded),
        back=back,
    )


RecordPage(ACTS, _load, _show, ask=_ask).serve(
    bp,
    "/engagements/handovers/<handover_id>",
    endpoint="handover",
    act_endpoint="handover_act",
    guard=signed_in,
)
