"""An engagement on one page, and the acts on it."""

from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.budgets import queries as budgets
from marketplace.budgets.policy import may_propose_payment
from marketplace.budgets.policy import may_see as may_see_money
from marketplace.engagements import policy
from marketplace.engagements.queries import choosing, handovers
from marketplace.engagements.queries.lists import EngagementRow
from marketplace.engagements.queries.page import EngagementPage
from marketplace.engagements.rules import GIVEN_UP, ClientKind, State
from marketplace.engagements.services.working import RECORD
from marketplace.engagements.views.acts import ACTS
from marketplace.engagements.views.blueprint import bp, facts, load
from marketplace.infra.files import FileRow
from marketplace.kernel.errors import NotFound
from marketplace.web.acts import Act, RecordPage, decisions
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import Form
from marketplace.web.guard import signed_in
from marketplace.web.submit import page as show_page
from marketplace.web.time_line import home_and_person, time_line
from marketplace.web.wording import label
from marketplace.web.words import day


def _show(loaded: EngagementPage, _act: str, _form: Form | None) -> ResponseReturnValue:
    """An engagement on one page: whose turn it is, its clock, papers and history."""
    actor = current_actor()
    choice = choosing.choice_of(reading_session(), loaded.engagement.id)
    held = _money(loaded.engagement)
    return show_page(
        "engagements/show.html",
        page=loaded,
        choice=choice,
        handover=handovers.shown_with(reading_session(), loaded.engagement.id),
        may_choose=policy.may_choose(actor, choice.standing) if choice else None,
        acts=ACTS,
        may=decisions(ACTS, actor, loaded.standing),
        held=held,
        may_pay=may_propose_payment(actor, held.standing) if held else None,
        side=policy.side_of(actor, loaded.standing),
        steps=steps(loaded.engagement),
        entries=time_line(loaded.history, inside=True, who=home_and_person),
        document=document,
    )


def _ask(loaded: EngagementPage, act: Act[Any], form: Form, back: str) -> ResponseReturnValue:
    """One act: what will happen first, then the button; to those who only read it is not there."""
    side = policy.side_of(current_actor(), loaded.standing)
    if side is None:
        raise NotFound
    return show_page(
        "engagements/act.html",
        form=form,
        page=loaded,
        act=act,
        side=side,
        effects=act.will_happen(loaded),
        facts=facts(loaded.engagement),
        back=back,
    )


def _refused(loaded: EngagementPage, _act: Act[Any], _form: Form, back: str) -> ResponseReturnValue:
    """A party whose act is not possible now is led back to the record."""
    if policy.side_of(current_actor(), loaded.standing) is None:
        raise NotFound
    return redirect(back)


RecordPage(ACTS, load, _show, ask=_ask, refused=_refused).serve(
    bp, "/engagements/<engagement_id>", endpoint="show", act_endpoint="act", guard=signed_in
)


@bp.get("/engagements/<engagement_id>/pay")
@signed_in
def pay(engagement_id: str) -> ResponseReturnValue:
    """Payments are asked for where the money is kept; this address leads there."""
    held = _money(load(engagement_id).engagement)
    if held is None:
        raise NotFound
    return redirect(url_for("budgets.hold", hold_id=held.public_id))


def _money(row: EngagementRow) -> budgets.HoldRow | None:
    """What the department's budget keeps for it, for those who may see the budget."""
    if row.client_kind is not ClientKind.DEPARTMENT:
        return None
    held = budgets.hold_of(reading_session(), RECORD, row.id)
    return held if held and may_see_money(current_actor(), held) else None


SHOWN_PAGES = 50
_ORDER = (
    State.REQUESTED,
    State.TAKEN_ON,
    State.CONTRACTED,
    State.IN_PROGRESS,
    State.DELIVERED,
    State.ACCEPTED,
    State.CLOSED,
)
# Where on the line a state lies that has no place of its own.
_PLACE = {State.PAUSED: State.IN_PROGRESS, State.RETURNED: State.IN_PROGRESS}


def steps(row: EngagementRow) -> list[dict[str, str]]:
    """The life of the engagement as a step line."""
    order = _ORDER if row.competition_id is None else _ORDER[1:]
    place = order.index(_here(row))
    here = {"status": "current", "note": _note(row)}
    if row.state in GIVEN_UP:
        here = {"status": "bad", "note": label(f"engagement_state.{row.state}")}
    elif row.state is State.CLOSED:
        here = {"status": "done", "note": ""}
    return [
        {
            "text": label(f"engagement_state.{state}"),
            "status": "done" if index < place else "todo",
            "note": "",
            **(here if index == place else {}),
        }
        for index, state in enumerate(order)
    ]


def _here(row: EngagementRow) -> State:
    """The place of the present state; of one given up, the last place it reached."""
    if row.state not in GIVEN_UP:
        return _PLACE.get(row.state, row.state)
    reached = (
        (row.delivered_at, State.DELIVERED),
        (row.started_at, State.IN_PROGRESS),
        (row.contracted_at, State.CONTRACTED),
        (row.taken_on_at, State.TAKEN_ON),
    )
    return next((state for instant, state in reached if instant), State.REQUESTED)


def _note(row: EngagementRow) -> str:
    if row.state in _PLACE:
        return label(f"engagement_state.{row.state}")
    return ""


def document(file: FileRow, title: str) -> dict[str, Any]:
    """A paper as the viewer shows it in place."""
    return {
        "key": f"file-{file.public_id}",
        "title": title,
        "pages": [
            url_for("files.page", file_id=file.public_id, number=number)
            for number in range(1, min(file.pages, SHOWN_PAGES) + 1)
        ],
        "download": url_for("files.download", file_id=file.public_id),
        "kind": file.media_type.rpartition("/")[2].upper(),
        "size": f"{max(1, round(file.size / 1024)):,} KB",
        "uploaded": _("Uploaded %(when)s", when=day(file.uploaded_at)),
    }
