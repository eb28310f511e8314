"""Incidents during the work: noted from the engagement's page, answered or withdrawn on their own.

And the panels on the page of the engagement and beside its rating.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from marketplace.clocks.queries import light_until
from marketplace.engagements import policy as engagement_policy
from marketplace.engagements.queries import EngagementRow, engagement, standings
from marketplace.engagements.views.blueprint import facts, today
from marketplace.incidents import policy, queries, services
from marketplace.incidents.forms import AnswerForm, NoteForm
from marketplace.incidents.rules import ANSWERABLE, STANDING, IncidentState, Kind
from marketplace.incidents.wording import state_tone
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.web.acts import Act, RecordPage, acts, decisions, plain
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import Form
from marketplace.web.guard import signed_in
from marketplace.web.submit import page as show_page
from marketplace.web.words import day

bp = Blueprint("incidents", __name__)
bp.add_app_template_filter(state_tone, "incident_tone")


@dataclass(frozen=True)
class NotingPage:
    """The work about which an incident is noted."""

    engagement: EngagementRow
    standing: policy.NotingStanding

    @property
    def facts(self) -> list[dict[str, str]]:
        """What it is about, and from which day on something may have come up."""
        since = day(self.engagement.taken_on_at) if self.engagement.taken_on_at else ""
        return [*facts(self.engagement), {"label": gettext("Taken on"), "value": since}]


@dataclass(frozen=True)
class IncidentPage:
    """One incident, the work it came up in, and what the policies ask."""

    engagement: EngagementRow
    told: queries.Told
    standing: policy.Standing

    @property
    def open(self) -> bool:
        """Whether whoever was asked may still answer, which a former client may not."""
        return self.told.row.state in ANSWERABLE and not self.standing.asked_before

    @property
    def facts(self) -> list[dict[str, str]]:
        """The work it came up in."""
        return facts(self.engagement)


def _loaded(engagement_id: int | str) -> tuple[EngagementRow, engagement_policy.Standing]:
    """The engagement and how it stands; to outsiders it does not exist."""
    session = reading_session()
    row = standings.find(session, engagement_id)
    stands = standings.standing(session, row, today())
    if not engagement_policy.may_see(current_actor(), stands):
        raise NotFound
    return engagement(session, row.id, today()), stands


# ------------------------------------------------------------------ noting one


def _load_noting(engagement_id: str) -> NotingPage:
    row, stands = _loaded(engagement_id)
    return NotingPage(row, queries.noting_standing(reading_session(), row.id, stands, today()))


def _note(uow: UnitOfWork, key: str, form: Any) -> None:
    services.note_incident(
        uow,
        engagement=key,
        kind=Kind(form.kind.data),
        since_on=form.since_on.parsed,
        words=form.words.data or "",
        papers=form.papers(),
    )


def _noted(_page: NotingPage) -> list[object]:
    answer_by = queries.answer_by(reading_session(), today())
    return [
        _("The other side is told and answers by %(day)s.", day=day(answer_by)),
        _("Without an answer it is recorded that there was none."),
        _("It stands in the record of the work: for rating, assessment and complaints."),
        _("The public does not read it."),
    ]


NOTING = acts(
    Act(
        "note",
        form=NoteForm,
        run=_note,
        may=policy.may_note,
        title=_("Note an incident"),
        effects=_noted,
        done=_("It is noted, and the other side is told."),
    )
)


def _show_all(loaded: NotingPage, _act: str, _form: Form | None) -> ResponseReturnValue:
    """They stand on the page of the engagement."""
    key = loaded.engagement.public_id
    return redirect(url_for("engagements.show", engagement_id=key, _anchor="incidents"))


def _ask(
    loaded: NotingPage | IncidentPage, act: Act[Any], form: Form, back: str
) -> ResponseReturnValue:
    return show_page(
        "incidents/act.html",
        form=form,
        page=loaded,
        act=act,
        effects=act.will_happen(loaded),
        back=back,
    )


RecordPage(NOTING, _load_noting, _show_all, ask=_ask).serve(
    bp,
    "/engagements/<engagement_id>/incidents",
    endpoint="of_engagement",
    act_endpoint="noting",
    guard=signed_in,
)


# ------------------------------------------------------------------ one of them


def _answer(uow: UnitOfWork, key: str, form: Any) -> None:
    services.answer_incident(uow, incident=key, words=form.words.data or "", papers=form.papers())


def _answered(loaded: IncidentPage) -> list[object]:
    told = [_("The other side is told. An answer is given once and cannot be changed.")]
    if loaded.standing.over_on or loaded.told.row.state is IncidentState.UNANSWERED:
        told.append(_("The days for an answer are over: it is taken, and marked as late."))
    return [*told]


ACTS = acts(
    Act(
        "answer",
        form=AnswerForm,
        run=_answer,
        may=policy.may_answer,
        title=_("Answer the incident"),
        effects=_answered,
        done=_("Your answer stands in the record."),
        primary=True,
        final=True,
    ),
    Act(
        "withdraw",
        run=plain(services.withdraw_incident, "incident"),
        may=policy.may_withdraw,
        title=_("Withdraw the incident"),
        effects=(
            _("There is nothing to answer any more, and it counts for nothing; it stays to read."),
            _("The other side is told."),
        ),
        done=_("The incident is withdrawn, and the other side is told."),
        danger=True,
        final=True,
    ),
)


def _load(incident_id: str) -> IncidentPage:
    """The incident as its page shows it, to whoever sees the work."""
    session = reading_session()
    found = queries.incident(session, incident_id)
    row, stands = _loaded(found.engagement_id)
    standing = queries.standing_of(found, stands, today())
    return IncidentPage(row, queries.told(session, found), standing)


def _show(loaded: IncidentPage, _act: str, _form: Form | None) -> ResponseReturnValue:
    may = decisions(ACTS, current_actor(), loaded.standing)
    return show_page(
        "incidents/show.html",
        page=loaded,
        light=_light(loaded),
        acts=[act for name, act in ACTS.items() if may[name].allowed],
    )


def _light(loaded: IncidentPage) -> str:
    """That of the day for the answer; beyond it red, while an answer is missing."""
    row = loaded.told.row
    if row.state is IncidentState.NOTED:
        return light_until(reading_session(), row.answer_by, today())
    return "red" if loaded.open and row.state is IncidentState.UNANSWERED else ""


RecordPage(ACTS, _load, _show, ask=_ask).serve(
    bp,
    "/engagements/incidents/<incident_id>",
    endpoint="show",
    act_endpoint="act",
    guard=signed_in,
)


# ------------------------------------------------------------------ on other pages


@bp.app_template_global()
def incidents_of(row: EngagementRow, *, standing_only: bool = False) -> list[queries.Told]:
    """The incidents of a work with their papers; without those withdrawn, where asked so."""
    session = reading_session()
    found = queries.of_engagement(session, row.id)
    return [
        queries.told(session, one) for one in found if not standing_only or one.state in STANDING
    ]


@bp.app_template_global()
def incident_panel(row: EngagementRow, stands: engagement_policy.Standing) -> dict[str, object]:
    """What the page of an engagement shows: `incidents/_panel.html` asks for it."""
    actor = current_actor()
    noting = queries.noting_standing(reading_session(), row.id, stands, today())
    told = incidents_of(row)
    owed = [
        one.row.id
        for one in told
        if policy.may_answer(actor, queries.standing_of(one.row, stands, today())).allowed
    ]
    return {
        "told": told,
        "owed": owed,
        "is_party": engagement_policy.side_of(actor, stands) is not None,
        "may_note": policy.may_note(actor, noting),
    }
