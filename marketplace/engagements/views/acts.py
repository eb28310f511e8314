"""The acts on an engagement: for each its form, what it runs, and what is said about it."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _
from wtforms.fields.choices import SelectChoice

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.wording import limit_text
from marketplace.clocks.rules import deadline
from marketplace.engagements import forms, policy
from marketplace.engagements.queries import standings
from marketplace.engagements.queries.choosing import nearest_first
from marketplace.engagements.queries.lists import EngagementRow
from marketplace.engagements.queries.page import EngagementPage
from marketplace.engagements.rules import ClientKind, Limits
from marketplace.engagements.services import beginning, doing, ending, moving
from marketplace.engagements.views.blueprint import today
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.kernel.workdays import Limit
from marketplace.projects import queries as projects
from marketplace.projects.forms import ask_need, confirms_need
from marketplace.projects.rules import Needed
from marketplace.web.acts import Act, GoOn, Run, acts, reasoned
from marketplace.web.context import reading_session
from marketplace.web.forms import Form
from marketplace.web.words import day

_FREE_AGAIN = _("The item of the project is free again, and can be commissioned anew.")


def _by(limit: Callable[[Limits], Limit | int]) -> str:
    """The last day for what begins today."""
    session = reading_session()
    days = limit(standings.limits(session, today()))
    return day(deadline(catalogue.calendar(session), today(), days))


def _out_of_budget(page: EngagementPage) -> bool:
    return page.engagement.client_kind is ClientKind.DEPARTMENT


def _freed(page: EngagementPage) -> object:
    if _out_of_budget(page):
        return _("The award goes to the next in order, or the competition fails.")
    return _FREE_AGAIN


def _taken_on(_page: EngagementPage) -> list[object]:
    contract_by = _by(lambda limits: limits.contract_lapse)
    return [
        _("The client is told that you take it on."),
        _(
            "The contract is put forward by %(day)s, else it lapses; then the other side confirms.",
            day=contract_by,
        ),
    ]


def _declined(page: EngagementPage) -> list[object]:
    return [_("The client is told, with your reasons."), _freed(page)]


def _cancelled(page: EngagementPage) -> list[object]:
    return [_("The other side is told, with your reasons."), _freed(page)]


def _started(page: EngagementPage) -> list[object]:
    work_by = _by(lambda _limits: page.engagement.limit)
    return [
        _("The institution's clock starts today; the day of start is not counted."),
        _("It has to deliver by %(day)s, pauses not counted.", day=work_by),
    ]


def _delivered(_page: EngagementPage) -> list[object]:
    answer_by = _by(lambda limits: limits.acceptance)
    return [
        _("The client is told and answers by %(day)s.", day=answer_by),
        _("Your clock stands until then."),
    ]


def _accepted(page: EngagementPage) -> list[object]:
    told = [
        _("The institution's clock ends with the day on which it delivered."),
        _("You are asked to rate the service on five criteria."),
    ]
    if _out_of_budget(page):
        told.append(_("Payments out of the budget can be proposed from now on."))
    return told


def _terminated(page: EngagementPage) -> list[object]:
    told = [_("The work ends; the other side is told, with your reasons."), _FREE_AGAIN]
    if _out_of_budget(page):
        told.append(_("What the budget still holds for it goes back to the line."))
    return told


def others(row: EngagementRow, *first: str) -> list[SelectChoice]:
    """Who else could take the work over: those chosen before, then those nearest to the project."""
    session = reading_session()
    admitted = institutions.listings_for(session, row.item_code)
    found = [one for one in admitted if one.organisation_id != row.provider_id]
    nearest = nearest_first(session, found, row.region_code, first)
    return forms.listing_choices(session, nearest, row.limit_unit)


def needed(row: EngagementRow) -> Needed:
    """Whether the project still needs the item that the work is about."""
    return projects.need_on(reading_session(), row.project_id, row.item_code, today())


def _move_form(page: EngagementPage, **options: Any) -> forms.MoveForm:
    """Offers the other institutions that are admitted for the item."""
    chosen = request.args.get("listing", "")
    form = forms.MoveForm(suggested={"listing": chosen}, **options)
    form.listing.choices = others(page.engagement, chosen)
    ask_need(form, [needed(page.engagement)])
    form.limit_days.description = _("At most %(limit)s.", limit=limit_text(page.engagement.limit))
    return form


def _worded(service: Callable[..., object]) -> Run:
    """Runs a service that is given the engagement and the remark of the form."""
    return lambda uow, key, form: service(uow, engagement=key, words=form.words.data or "")


def _pause(uow: UnitOfWork, key: str, form: Any) -> None:
    doing.pause_work(uow, engagement=key, reason=form.reason.data, papers=form.papers())


def _deliver(uow: UnitOfWork, key: str, form: Any) -> None:
    doing.deliver_version(uow, engagement=key, words=form.words.data or "", papers=form.papers())


def _move(uow: UnitOfWork, key: str, form: Any) -> GoOn:
    ref = moving.move_engagement(
        uow,
        engagement=key,
        listing_id=form.listing.data,
        reason=form.reason.data,
        limit_days=form.limit_days.parsed,
        words=form.words.data or "",
        need_confirmed=confirms_need(form),
    )
    return GoOn(url_for("engagements.show", engagement_id=ref.public_id))


def _take_on_form(page: EngagementPage, **options: Any) -> forms.NamesForm:
    """Offers the practitioners of the institution, where it has any."""
    form, session, row = forms.NamesForm(**options), reading_session(), page.engagement
    offered = [
        SelectChoice(*one)
        for of in standings.WHO_DOES.values()
        for one in of(session, row.id, row.listing_id, today())
    ]
    if offered:
        form.practitioners.choices = offered
    else:
        del form["practitioners"]
    return form


def _take_on(uow: UnitOfWork, key: str, form: Any) -> None:
    chosen = form.practitioners.data if "practitioners" in form else ()
    beginning.take_on_engagement(uow, engagement=key, practitioners=chosen or ())


def _start_form(page: EngagementPage, **options: Any) -> forms.StartForm:
    """Asks for what the contract says that the client hands over."""
    form = forms.StartForm(**options)
    _offer(form, "handed_over", standings.PAPERS_OWED, page)
    return form


def _return_form(page: EngagementPage, **options: Any) -> forms.ReturnForm:
    """Asks which of the points are not met that the contract says a result is checked for."""
    form = forms.ReturnForm(**options)
    _offer(form, "points", standings.CHECKS, page)
    return form


def _offer(form: Form, name: str, table: dict[str, standings.Lines], page: EngagementPage) -> None:
    lines = standings.lines_of(table, reading_session(), page.engagement.id)
    if lines:
        form[name].choices = [SelectChoice(line, line) for line in lines]
    else:
        del form[name]


def _start(uow: UnitOfWork, key: str, form: Any) -> None:
    ticked = form.handed_over.data if "handed_over" in form else ()
    doing.start_work(uow, engagement=key, handed_over=ticked)


def _return(uow: UnitOfWork, key: str, form: Any) -> None:
    points = form.points.data if "points" in form else ()
    doing.return_delivery(uow, engagement=key, reason=form.reason.data or "", points=points)


ACTS = acts(
    Act(
        "take-on",
        form=_take_on_form,
        run=_take_on,
        may=policy.may_take_on,
        title=_("Take it on"),
        effects=_taken_on,
        done=_("You have taken the engagement on. The contract is next."),
        primary=True,
    ),
    Act(
        "decline",
        form=forms.ReasonForm,
        run=reasoned(beginning.decline_engagement, "engagement"),
        may=policy.may_decline,
        title=_("Decline"),
        effects=_declined,
        done=_("The request is declined, and the client is told."),
        danger=True,
        final=True,
    ),
    Act(
        "start",
        form=_start_form,
        run=_start,
        may=policy.may_start,
        title=_("Confirm that the materials are complete"),
        effects=_started,
        done=_("The institution's clock runs from today."),
        primary=True,
        final=True,
    ),
    Act(
        "deliver",
        form=forms.DeliverForm,
        run=_deliver,
        may=policy.may_deliver,
        title=_("Deliver a version"),
        effects=_delivered,
        done=_("The version is delivered. The clock stands until the client answers."),
        primary=True,
    ),
    Act(
        "accept",
        form=forms.WordsForm,
        run=_worded(doing.accept_delivery),
        may=policy.may_judge,
        title=_("Accept the version"),
        effects=_accepted,
        done=_("The version is accepted. This page says what comes next."),
        primary=True,
        final=True,
    ),
    Act(
        "return",
        form=_return_form,
        run=_return,
        may=policy.may_judge,
        title=_("Return the version"),
        effects=(
            _("The institution is told, and its clock runs on."),
            _("The return is counted with its reasons in the annual assessment."),
        ),
        done=_("The version was returned, and the institution is told what to mend."),
    ),
    Act(
        "resume",
        form=forms.WordsForm,
        run=_worded(doing.resume_work),
        may=policy.may_resume,
        title=_("End the pause"),
        effects=(_("The clock runs again from this moment on, with a new due day."),),
        done=_("The clock runs again."),
        primary=True,
    ),
    Act(
        "pause",
        form=forms.PauseForm,
        run=_pause,
        may=policy.may_pause,
        title=_("Pause the clock"),
        effects=(
            _("The clock stands from this moment on, never from an earlier one."),
            _("The other side is told at once, with your reasons and the evidence."),
        ),
        done=_("The clock stands, and the other side is told."),
    ),
    Act(
        "cancel",
        form=forms.ReasonForm,
        run=reasoned(beginning.cancel_engagement, "engagement"),
        may=policy.may_cancel,
        title=_("Cancel the engagement"),
        effects=_cancelled,
        done=_("The engagement is cancelled, and the other side is told."),
        danger=True,
        final=True,
    ),
    Act(
        "terminate",
        form=forms.ReasonForm,
        run=reasoned(ending.terminate_engagement, "engagement"),
        may=policy.may_terminate,
        title=_("Terminate the engagement"),
        effects=_terminated,
        done=_("The engagement is terminated, and the other side is told."),
        danger=True,
        final=True,
    ),
    Act(
        "move",
        form=_move_form,
        run=_move,
        may=policy.may_move,
        title=_("Move to another institution"),
        effects=(
            _("The present engagement is terminated, and its institution is told why."),
            _("The item passes to the new request in the same moment; nobody else can take it."),
            _("What the present contract says about the work done so far stays between you."),
        ),
        done=_("The other institution has your request."),
        danger=True,
        final=True,
    ),
)
