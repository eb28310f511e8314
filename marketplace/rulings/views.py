"""/rulings/<id>: an award whose contract is overdue: who let it lie, both words, the ruling."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from marketplace.clocks.queries import light_until
from marketplace.competitions.queries import reading as competitions
from marketplace.engagements.queries import EngagementRow, engagement
from marketplace.engagements.rules import Side, State
from marketplace.engagements.views.blueprint import today
from marketplace.engagements.wording import item_text
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.rulings import policy, queries, services
from marketplace.rulings.forms import RulingForm, StatementForm
from marketplace.rulings.policy import Standing
from marketplace.rulings.queries import RulingRow
from marketplace.rulings.rules import Outcome, RulingState
from marketplace.rulings.wording import state_tone
from marketplace.web.acts import Act, RecordPage, acts, decisions
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import Form
from marketplace.web.guard import signed_in
from marketplace.web.submit import page as show_page
from marketplace.web.words import day, moment, with_note

bp = Blueprint("rulings", __name__)
bp.add_app_template_filter(state_tone, "ruling_tone")


@dataclass(frozen=True)
class RulingPage:
    """The matter, the work it is about, and what the policies ask."""

    ruling: RulingRow
    engagement: EngagementRow
    standing: Standing

    @property
    def facts(self) -> list[dict[str, str]]:
        """Who let the contract lie, from when to when."""
        row, work = self.ruling, self.engagement
        late = work.client_name if row.let_lie is Side.CLIENT else work.provider_name
        return [
            {"label": gettext("Department"), "value": work.client_name},
            {"label": gettext("Winner"), "value": work.provider_name},
            {"label": gettext("Project"), "value": work.project_name},
            {"label": gettext("Who let it lie"), "value": late},
            {
                "label": gettext("Its days"),
                "value": gettext(
                    "from %(since)s to %(until)s",
                    since=moment(row.owed_since),
                    until=day(row.owed_until),
                ),
            },
        ]

    @property
    def said(self) -> list[dict[str, str]]:
        """What each side said, or that it did not answer in time."""
        row = self.ruling
        sides = (
            (self.engagement.client_name, row.client_words, row.client_heard_at),
            (self.engagement.provider_name, row.provider_words, row.provider_heard_at),
        )
        return [
            {"label": name, "value": words or self._when(at), "note": self._when(at) if at else ""}
            for name, words, at in sides
        ]

    def _when(self, at: Any) -> str:
        if at is None:
            if self.standing.hearing_over:
                return str(gettext("not answered in time"))
            return str(gettext("may answer until %(day)s", day=day(self.ruling.hear_until)))
        late = local_date(at) > self.ruling.hear_until
        return with_note(moment(at), gettext("late")) if late else moment(at)


def _ruled(outcome: Outcome) -> Any:
    def run(uow: UnitOfWork, key: str, form: Any) -> None:
        services.rule(uow, ruling=key, outcome=outcome, reason=form.reason.data or "")

    return run


def _speak(uow: UnitOfWork, key: str, form: Any) -> None:
    services.speak(uow, ruling=key, words=form.reason.data or "")


_PUBLIC = _("The ruling and its reasons stand on the public page of the competition.")
_TOLD = _("Both sides are told.")
_TERM = _("Whoever has the turn has the days for the contract anew, from today on.")
_ENDS = _("The work ends without a contract; reservation and item are free again.")
ACTS = acts(
    Act(
        "speak",
        form=StatementForm,
        run=_speak,
        may=policy.may_speak,
        title=_("State your side"),
        effects=(_("The supervising office and the other side read it; it cannot be changed."),),
        done=_("Your statement is recorded."),
        primary=True,
        final=True,
    ),
    Act(
        "new-term",
        form=RulingForm,
        run=_ruled(Outcome.NEW_TERM),
        may=policy.may_rule,
        title=_("Give a new term"),
        effects=(_TERM, _PUBLIC, _TOLD),
        done=_("It is ruled: a new term."),
        final=True,
    ),
    Act(
        "department-at-fault",
        form=RulingForm,
        run=_ruled(Outcome.DEPARTMENT_AT_FAULT),
        may=policy.may_rule,
        title=_("Find the department at fault"),
        effects=(
            _TERM,
            _("If the department lets it lie once more, the competition fails by that."),
            _PUBLIC,
            _TOLD,
        ),
        done=_("It is ruled: the department is at fault, and has a new term."),
        final=True,
    ),
    Act(
        "winner-abandons",
        form=RulingForm,
        run=_ruled(Outcome.WINNER_ABANDONS),
        may=policy.may_rule_abandoned,
        title=_("Rule that the winner abandons"),
        effects=(
            _("The award goes to the next in order; where nobody is next, the competition fails."),
            _("It stands on the winner's public page."),
            _PUBLIC,
            _TOLD,
        ),
        done=_("It is ruled: the winner abandons the award."),
        danger=True,
        final=True,
    ),
    Act(
        "competition-fails",
        form=RulingForm,
        run=_ruled(Outcome.COMPETITION_FAILS),
        may=policy.may_rule,
        title=_("Let the competition fail"),
        effects=(_ENDS, _PUBLIC, _TOLD),
        done=_("It is ruled: the competition fails."),
        danger=True,
        final=True,
    ),
)


def _load(ruling_id: str) -> RulingPage:
    """The matter as its page shows it; to outsiders it does not exist."""
    session = reading_session()
    row = queries.ruling(session, ruling_id)
    standing = queries.standing_of(session, row, today())
    if not policy.may_see(current_actor(), standing):
        raise NotFound
    return RulingPage(row, engagement(session, row.engagement_id, today()), standing)


def _show(loaded: RulingPage, _act: str, _form: Form | None) -> ResponseReturnValue:
    may = decisions(ACTS, current_actor(), loaded.standing)
    rules = may["new-term"]
    return show_page(
        "rulings/show.html",
        page=loaded,
        item=item_text(loaded.engagement),
        open=loaded.standing.open,
        light=light_until(reading_session(), loaded.ruling.due_on, today())
        if loaded.standing.open
        else "",
        acts=[act for name, act in ACTS.items() if may[name].allowed],
        competition=url_for("competitions.notice", competition_id=_competition(loaded.ruling)),
        not_yet=rules if rules.reason == "ruling.not_heard" else None,
        silence=may["winner-abandons"]
        if may["winner-abandons"].reason == "ruling.department_let_it_lie"
        else None,
    )


def _competition(row: RulingRow) -> str:
    return competitions.competition(reading_session(), row.competition_id).public_id


def _ask(loaded: RulingPage, act: Act[Any], form: Form, back: str) -> ResponseReturnValue:
    return show_page(
        "rulings/act.html",
        form=form,
        page=loaded,
        act=act,
        effects=act.will_happen(loaded),
        back=back,
    )


RecordPage(ACTS, _load, _show, ask=_ask).serve(
    bp,
    "/rulings/<ruling_id>",
    endpoint="show",
    act_endpoint="act",
    guard=signed_in,
)


@bp.app_template_global()
def ruling_of(row: EngagementRow) -> dict[str, object] | None:
    """What the page of an engagement says of a ruling about its contract; None without one."""
    found = queries.shown_with(reading_session(), row.id)
    if found is None:
        return None
    return {
        "row": found,
        "open": found.state is RulingState.ASKED and row.state is State.TAKEN_ON,
        "address": url_for("rulings.show", ruling_id=found.public_id),
    }
