"""The page where a client says what becomes of work whose project is not active."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from marketplace.clocks.queries import light_until
from marketplace.continuations import policy, queries, services
from marketplace.continuations.policy import Standing
from marketplace.continuations.queries import ContinuationRow
from marketplace.continuations.rules import ContinuationState
from marketplace.engagements import forms
from marketplace.engagements.policy import may_see, side_of
from marketplace.engagements.queries import EngagementRow, standings
from marketplace.engagements.queries import engagement as engagement_of
from marketplace.engagements.rules import TERMINABLE, ClientKind, Side, State
from marketplace.engagements.views.blueprint import facts
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.projects.queries.reading import is_active
from marketplace.web.acts import Act, RecordPage, acts, decisions, reasoned
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import Form
from marketplace.web.guard import signed_in
from marketplace.web.submit import page as show_page

bp = Blueprint("continuations", __name__)


@dataclass(frozen=True)
class ContinuationPage:
    """The work, how it stands, and what was asked about it."""

    engagement: EngagementRow
    asked: ContinuationRow
    standing: Standing

    @property
    def facts(self) -> list[dict[str, str]]:
        """What it is about."""
        return facts(self.engagement)


def _keep(uow: UnitOfWork, key: str, form: Any) -> None:
    services.keep_work(uow, continuation=key, words=form.words.data or "")


def _pause(uow: UnitOfWork, key: str, form: Any) -> None:
    services.pause_work(uow, continuation=key, words=form.words.data or "")


_TOLD = _("The institution is told.")


def _kept(loaded: ContinuationPage) -> list[object]:
    told = [_("The work goes on as it was, though the project is not active."), _TOLD]
    if loaded.engagement.state is State.CONTRACTED:
        told.insert(1, _("It may start once the materials are complete."))
    return told


def _ended(loaded: ContinuationPage) -> list[object]:
    under_contract = loaded.engagement.state in TERMINABLE
    told = [
        _("The engagement is terminated; the institution reads your reasons.")
        if under_contract
        else _("The engagement is cancelled; the institution reads your reasons."),
        _("Nobody else gets the work as long as the project is not active."),
    ]
    if loaded.engagement.client_kind is ClientKind.DEPARTMENT:
        told.append(_("What the budget still holds for it goes back to the line."))
    return told


ACTS = acts(
    Act(
        "keep",
        form=forms.WordsForm,
        run=_keep,
        may=policy.may_keep,
        title=_("Let the work go on"),
        effects=_kept,
        done=_("The work goes on, and the institution is told."),
        primary=True,
        final=True,
    ),
    Act(
        "pause",
        form=forms.WordsForm,
        run=_pause,
        may=policy.may_pause,
        title=_("Pause the work"),
        effects=(
            _("The clock stands from this moment on, because the project is not active."),
            _("You end the pause when the work can go on."),
            _TOLD,
        ),
        done=_("The work is paused, and the institution is told."),
        final=True,
    ),
    Act(
        "end",
        form=forms.ReasonForm,
        run=reasoned(services.end_work, "continuation"),
        may=policy.may_end,
        title=_("End the work"),
        effects=_ended,
        done=_("The work has ended, and the institution is told."),
        danger=True,
        final=True,
    ),
)


def _load(continuation_id: str) -> ContinuationPage:
    """The question as its page shows it, to whoever sees the work."""
    session, today = reading_session(), local_date(request_time())
    asked = queries.continuation(session, continuation_id)
    row = standings.find(session, asked.engagement_id)
    stands = standings.standing(session, row, today)
    if not may_see(current_actor(), stands):
        raise NotFound
    over = queries.over_on(asked.state, asked.due_on, today)
    active = is_active(session, row.project_id)
    work = engagement_of(session, asked.engagement_id, today)
    return ContinuationPage(work, asked, Standing(asked.state, stands, over, active))


def _show(loaded: ContinuationPage, _act: str, _form: Form | None) -> ResponseReturnValue:
    may = decisions(ACTS, current_actor(), loaded.standing)
    is_client = side_of(current_actor(), loaded.standing.engagement) is Side.CLIENT
    return show_page(
        "continuations/show.html",
        page=loaded,
        light=_light(loaded.asked),
        acts=[act for name, act in ACTS.items() if may[name].allowed],
        refused=[(act, may[name]) for name, act in ACTS.items() if not may[name].allowed]
        if is_client and loaded.asked.is_open
        else [],
    )


def _light(asked: ContinuationRow) -> str:
    """That of the day by which the client answers; beyond it red, while an answer is missing."""
    if asked.state is ContinuationState.BLOCKED:
        return "red"
    due = asked.due_on if asked.is_open else None
    today = local_date(request_time())
    return "" if due is None else light_until(reading_session(), due, today)


def _ask(loaded: ContinuationPage, act: Act[Any], form: Form, back: str) -> ResponseReturnValue:
    return show_page(
        "continuations/act.html",
        form=form,
        page=loaded,
        act=act,
        effects=act.will_happen(loaded),
        back=back,
    )


RecordPage(ACTS, _load, _show, ask=_ask).serve(
    bp,
    "/engagements/continuations/<continuation_id>",
    endpoint="show",
    act_endpoint="act",
    guard=signed_in,
)


@bp.app_template_global()
def continuation_of(row: EngagementRow) -> ContinuationRow | None:
    """The live question about a work, for its page: `continuations/_panel.html` asks for it."""
    return queries.shown_with(reading_session(), row.id)
