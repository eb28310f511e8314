"""The department's side: its list, the notice, the record with its acts, the evaluation."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from marketplace.budgets import queries as budgets
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.forms import item_names
from marketplace.competitions import forms, policy
from marketplace.competitions.policy import Standing
from marketplace.competitions.queries import lists, owing, reading, sealed
from marketplace.competitions.queries.rows import CompetitionRow, OpenedBid
from marketplace.competitions.rules import Method
from marketplace.competitions.services import evaluating, notices
from marketplace.competitions.views import presenting
from marketplace.competitions.views.acts import ACTS, Record
from marketplace.competitions.views.blueprint import bp, staff
from marketplace.infra.files import files_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.times import local_date
from marketplace.projects import queries as projects
from marketplace.projects.queries import ProjectRow
from marketplace.web.acts import Act, RecordPage, offered
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import Form
from marketplace.web.frame import link
from marketplace.web.listing import asked_of, panel
from marketplace.web.submit import page, submit
from marketplace.web.time_line import person_or_platform, time_line
from marketplace.web.words import local_name, with_note, yuan


def load(competition_id: str) -> Record:
    """A competition of the actor's department; to others it does not exist."""
    session = reading_session()
    row = reading.competition(session, competition_id)
    if not policy.may_see(current_actor(), row.department_id):
        raise NotFound
    return Record(row, reading.standing(session, row, local_date(request_time())))


@bp.get("/competitions/manage")
@staff
def manage() -> ResponseReturnValue:
    """The department's competitions: what waits first."""
    session, asked = reading_session(), asked_of(lists.MANAGED)
    listed = lists.MANAGED.read(session, asked, {"own": _department()})
    return page(
        "competitions/manage.html",
        listed=listed,
        groups=panel(
            lists.MANAGED,
            asked,
            listed,
            text_title=_("Title or number"),
            offered={"item": item_names()},
        ),
        narrowed=bool(asked.text or asked.chosen),
        due=owing.steps(
            session, [row.public_id for row in listed.rows], local_date(request_time())
        ),
        may_draft=policy.may_draft(current_actor()),
    )


@bp.route("/competitions/manage/new", methods=["GET", "POST"])
@staff
def new() -> ResponseReturnValue:
    """Draft a notice for the project in the address; without one the projects are shown."""
    key = request.args.get("project") or request.form.get("project", "")
    if not key:
        flash(_("Choose the project first: its page offers what it needs now."), "info")
        return redirect(link("projects.index"))
    form = forms.NoticeForm(suggested={"item": request.args.get("item", "")})
    _offer(form, _project(key))

    def work(uow: UnitOfWork) -> str:
        made = notices.draft_competition(uow, notice=form.notice())
        return url_for(".record", competition_id=made.public_id)

    done = _("The draft is saved. Check it, then propose it for publication.")
    return submit(form, work, done=done) or page(
        "competitions/notice_form.html",
        form=form,
        row=None,
        others=range(1, forms.OTHER_CRITERIA + 1),
        may=policy.may_draft(current_actor()),
        back=url_for(".manage"),
    )


@bp.route("/competitions/manage/<competition_id>/edit", methods=["GET", "POST"])
@staff
def edit(competition_id: str) -> ResponseReturnValue:
    """Change a draft."""
    loaded, session = load(competition_id), reading_session()
    row = loaded.row
    values = forms.notice_values(
        row,
        reading.criteria(session, row.id),
        projects.project(session, row.project_id).public_id,
        budgets.line(session, row.budget_line_id).public_id,
    )
    form = forms.NoticeForm(data=values)
    sent = request.form.get("project", "")
    about = _project(sent) if sent else projects.project(session, row.project_id)
    _offer(form, about, row.item_code)

    def work(uow: UnitOfWork) -> str:
        notices.edit_competition(uow, competition=competition_id, notice=form.notice())
        return url_for(".record", competition_id=competition_id)

    return submit(form, work, done=_("The draft is saved.")) or page(
        "competitions/notice_form.html",
        form=form,
        row=row,
        others=range(1, forms.OTHER_CRITERIA + 1),
        may=policy.may_edit(current_actor(), loaded.standing),
        back=url_for(".record", competition_id=competition_id),
    )


def _show(loaded: Record, _act: str, _form: Form | None) -> ResponseReturnValue:
    """A competition on one page, with everything that can be done now."""
    row, standing, session = loaded.row, loaded.standing, reading_session()
    actor, now = current_actor(), request_time()
    criteria = reading.criteria(session, row.id)
    return page(
        "competitions/record.html",
        row=row,
        due=owing.steps(session, [row.public_id], local_date(now)).get(row.public_id),
        steps=presenting.steps(row, inside=True),
        facts=[*presenting.public_facts(row), *presenting.inner_facts(row)],
        criteria=criteria,
        lines=presenting.bid_lines(row, criteria),
        criterion_name=presenting.criterion_name,
        bid_note=presenting.bid_note,
        questions=reading.questions(session, row.id),
        may_answer=policy.may_answer(actor, standing, now),
        may_edit=policy.may_edit(actor, standing),
        offered=offered(ACTS, actor, standing),
        awards=reading.awards(session, row.id),
        entries=time_line(sealed.history(session, row.id), inside=True, who=person_or_platform),
        **related(row),
    )


def _ask(loaded: Record, act: Act[Standing], form: Form, back: str) -> ResponseReturnValue:
    """One act: what will happen, to whom, by when, before the button; or why it may not be."""
    decision = act.may(current_actor(), loaded.standing)
    return page(
        "competitions/act.html",
        form=form,
        row=loaded.row,
        act=act,
        decision=decision,
        effects=act.will_happen(loaded) if decision else [],
        back=back,
    )


RecordPage(ACTS, load, _show, ask=_ask, refused=_ask).serve(
    bp,
    "/competitions/manage/<competition_id>",
    endpoint="record",
    act_endpoint="act",
    guard=staff,
)


def related(row: CompetitionRow) -> dict[str, Any]:
    """The competition this one runs again, and the one that runs it again once it is public."""
    session = reading_session()
    before = reading.competition(session, row.rerun_of_id) if row.rerun_of_id else None
    return {"rerun_of": before, "rerun_by": reading.rerun_of(session, row.id)}


@bp.route("/competitions/manage/<competition_id>/evaluation", methods=["GET", "POST"])
@staff
def evaluation(competition_id: str) -> ResponseReturnValue:
    """Mark the bids, look at very low prices, exclude what does not answer the notice."""
    loaded, session = load(competition_id), reading_session()
    row = loaded.row
    if row.opened_at is None:
        return redirect(url_for(".record", competition_id=competition_id))
    criteria, bids = reading.criteria(session, row.id), sealed.opened_bids(session, row.id)
    marks = sealed.scores(session, [bid.id for bid in bids])
    form = forms.marks_form([bid for bid in bids if not bid.excluded], criteria, marks)()

    def work(uow: UnitOfWork) -> str:
        evaluating.record_scores(uow, competition=competition_id, marks=form.marks())
        return url_for(".evaluation", competition_id=competition_id)

    return submit(form, work, done=_("The marks are saved.")) or page(
        "competitions/evaluation.html",
        form=form,
        row=row,
        bids=bids,
        criteria=criteria,
        criterion_name=presenting.criterion_name,
        bid_note=presenting.bid_note,
        proposals={bid.id: files_of(session, "bid", bid.id, "proposal") for bid in bids},
        scored=row.method is Method.COMPREHENSIVE,
        may=policy.may_evaluate(current_actor(), loaded.standing),
    )


@bp.route(
    '/competitions/manage/<competition_id>/bids/<bid_id>/<any("judge", "exclude"):act>',
    methods=["GET", "POST"],
)
@staff
def bid_act(competition_id: str, bid_id: str, act: str) -> ResponseReturnValue:
    """Judge the explanation of a very low price, or exclude a bid with public reasons."""
    loaded = load(competition_id)
    row = loaded.row
    bid = _bid(row, bid_id)
    form = forms.JudgeForm() if act == "judge" else forms.PublicReasonForm()
    back = url_for(".evaluation", competition_id=competition_id)

    def work(uow: UnitOfWork) -> str:
        said: dict[str, Any] = {"competition": competition_id, "bid": bid_id}
        if act == "judge":
            accepted = form.accepted.data == "yes"
            evaluating.judge_justification(uow, accepted=accepted, reason=form.reason.data, **said)
        else:
            evaluating.exclude_bid(uow, reason=form.reason.data, **said)
        return back

    return submit(form, work, done=_("Saved.")) or page(
        "competitions/bid_act.html",
        form=form,
        row=row,
        bid=bid,
        judging=act == "judge",
        may=policy.may_evaluate(current_actor(), loaded.standing),
        back=back,
    )


@bp.route("/competitions/manage/<competition_id>/questions/<question_id>", methods=["GET", "POST"])
@staff
def answer(competition_id: str, question_id: str) -> ResponseReturnValue:
    """Answer a question for everybody."""
    loaded, session, form = load(competition_id), reading_session(), forms.AnswerForm()
    row = loaded.row
    asked = [one for one in reading.questions(session, row.id) if one.public_id == question_id]
    if not asked:
        raise NotFound
    back = url_for(".record", competition_id=competition_id, _anchor="questions")

    def work(uow: UnitOfWork) -> str:
        notices.answer_question(
            uow, competition=competition_id, question=question_id, answer=form.answer.data
        )
        return back

    return submit(form, work, done=_("The answer is public.")) or page(
        "competitions/answer.html",
        form=form,
        row=row,
        question=asked[0],
        may=policy.may_answer(current_actor(), loaded.standing, request_time()),
        back=back,
    )


def _bid(row: CompetitionRow, bid_id: str) -> OpenedBid:
    for bid in sealed.opened_bids(reading_session(), row.id):
        if bid.public_id == bid_id:
            return bid
    raise NotFound


def _department() -> int:
    organisation_id = current_actor().organisation_id
    if organisation_id is None:
        raise NotFound
    return organisation_id


def _project(key: str) -> ProjectRow:
    """A project for which the department may commission something; others do not exist to it."""
    if not is_public_id(key):
        raise NotFound
    return projects.seen_project(reading_session(), current_actor(), key)[0]


def _offer(form: forms.NoticeForm, project: ProjectRow, kept: str = "") -> None:
    """Offer what the project needs and nobody has commissioned, and the lines that fit.

    `kept` is the item that a draft names already. It and the one that was sent stay among the
    choices: the refusal says why they can no longer be commissioned.
    """
    session, today = reading_session(), local_date(request_time())
    needs = projects.needs(session, project.id, today)
    items = [
        need.item for need in needs if need.is_free and policy.may_commission(need.item.open_to)
    ]
    stays = catalogue.find_item(session, request.form.get("item", kept), today)
    if stays is not None and stays not in items:
        items.append(stays)
    form.project.choices = [SelectChoice(project.public_id, with_note(project.name, project.code))]
    form.item.choices = [
        SelectChoice(item.code, f"{item.code} {local_name(item)}") for item in items
    ]
    fitting = {None, "", *(item.code for item in items)}
    form.line.choices = [
        SelectChoice(
            line.public_id,
            _(
                "%(year)s %(name)s, free %(amount)s yuan",
                year=line.fiscal_year,
                name=line.name,
                amount=yuan(line.free_fen),
            ),
        )
        for line in budgets.lines(session, _department(), today.year)
        if line.item_code in fitting
    ]
