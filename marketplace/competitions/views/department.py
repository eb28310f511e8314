"""The department's side: its list, the notice, the record with its acts, the evaluation."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from marketplace.accounts import queries as accounts
from marketplace.budgets import queries as budgets
from marketplace.catalogue import queries as catalogue
from marketplace.competitions import policy
from marketplace.competitions.forms import (
    OTHER_CRITERIA,
    AnswerForm,
    JudgeForm,
    NoticeForm,
    PublicReasonForm,
    marks_form,
    notice_values,
)
from marketplace.competitions.queries import lists, reading, sealed
from marketplace.competitions.queries.lists import CompetitionFilter
from marketplace.competitions.queries.rows import CompetitionRow, OpenedBid
from marketplace.competitions.rules import CompetitionState, Method
from marketplace.competitions.services import evaluating, notices
from marketplace.competitions.views import acts, presenting
from marketplace.competitions.views.blueprint import bp, staff
from marketplace.infra.files import files_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.projects import queries as projects
from marketplace.web.acts import any_of
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.submit import page, submit
from marketplace.web.time_line import person_or_platform, time_line
from marketplace.web.words import local_name, yuan

_LONGEST_TEXT = 80
_LAST_PAGE = 10_000


def load(competition_id: str) -> CompetitionRow:
    """A competition of the actor's department; to others it does not exist."""
    row = reading.competition(reading_session(), competition_id)
    if not policy.may_see(current_actor(), row.department_id):
        raise NotFound
    return row


def page_number() -> int:
    """The page of a list that the address asks for."""
    text = request.args.get("page", "1")
    return min(int(text), _LAST_PAGE) if text.isdecimal() and len(text) < 9 else 1


@bp.get("/competitions/manage")
@staff
def manage() -> ResponseReturnValue:
    """The department's competitions: what waits first."""
    session, today = reading_session(), local_date(request_time())
    department_id = _department()
    asked = CompetitionFilter(
        states=tuple(request.args.getlist("state")),
        items=tuple(request.args.getlist("item")),
        text=request.args.get("q", "").strip()[:_LONGEST_TEXT],
    )
    listed = lists.managed_list(session, department_id, asked, page=page_number())
    owed = lists.clock(session, today)
    return page(
        "competitions/manage.html",
        listed=listed,
        asked=asked,
        counts=lists.state_counts(session, department_id),
        states=list(CompetitionState),
        items=catalogue.items(session),
        due={row.id: owed(row) for row in listed.rows},
        asked_questions=lists.open_questions(session, [row.id for row in listed.rows]),
        may_draft=policy.may_draft(current_actor()),
    )


@bp.route("/competitions/manage/new", methods=["GET", "POST"])
@staff
def new() -> ResponseReturnValue:
    """Draft a notice; the project and the item may stand in the address."""
    prefilled = {
        "project": request.args.get("project", ""),
        "item": request.args.get("item", ""),
    }
    form = _choices(NoticeForm(data=prefilled))

    def work(uow: UnitOfWork) -> str:
        made = notices.draft_competition(uow, notice=form.notice())
        return url_for(".record", competition_id=made.public_id)

    done = _("The draft is saved. Check it, then propose it for publication.")
    return submit(form, work, done=done) or page(
        "competitions/notice_form.html",
        form=form,
        row=None,
        others=range(1, OTHER_CRITERIA + 1),
        may=policy.may_draft(current_actor()),
        back=url_for(".manage"),
    )


@bp.route("/competitions/manage/<competition_id>/edit", methods=["GET", "POST"])
@staff
def edit(competition_id: str) -> ResponseReturnValue:
    """Change a draft."""
    row, session = load(competition_id), reading_session()
    values = notice_values(
        row,
        reading.criteria(session, row.id),
        projects.project(session, row.project_id).public_id,
        budgets.line(session, row.budget_line_id).public_id,
    )
    form = _choices(NoticeForm(data=values))

    def work(uow: UnitOfWork) -> str:
        notices.edit_competition(uow, competition=competition_id, notice=form.notice())
        return url_for(".record", competition_id=competition_id)

    return submit(form, work, done=_("The draft is saved.")) or page(
        "competitions/notice_form.html",
        form=form,
        row=row,
        others=range(1, OTHER_CRITERIA + 1),
        may=policy.may_edit(current_actor(), reading.standing(session, row)),
        back=url_for(".record", competition_id=competition_id),
    )


@bp.get("/competitions/manage/<competition_id>")
@staff
def record(competition_id: str) -> ResponseReturnValue:
    """A competition on one page, with everything that can be done now."""
    row, session = load(competition_id), reading_session()
    actor, now = current_actor(), request_time()
    standing = reading.standing(session, row)
    criteria = reading.criteria(session, row.id)
    return page(
        "competitions/record.html",
        row=row,
        standing=standing,
        due=lists.due(session, row, local_date(now)),
        steps=presenting.steps(row, inside=True),
        facts=[*presenting.public_facts(row), *presenting.inner_facts(row)],
        criteria=criteria,
        lines=presenting.bid_lines(row, criteria),
        criterion_name=presenting.criterion_name,
        bid_note=presenting.bid_note,
        questions=reading.questions(session, row.id),
        may_answer=policy.may_answer(actor, standing, now),
        may_edit=policy.may_edit(actor, standing),
        offered=acts.offered(actor, standing),
        awards=reading.awards(session, row.id),
        entries=time_line(sealed.history(session, row.id), inside=True, who=person_or_platform),
        **related(row),
    )


def related(row: CompetitionRow) -> dict[str, Any]:
    """The competition this one runs again, and the one that runs it again once it is public."""
    session = reading_session()
    before = reading.competition(session, row.rerun_of_id) if row.rerun_of_id else None
    return {"rerun_of": before, "rerun_by": reading.rerun_of(session, row.id)}


@bp.route(
    f"/competitions/manage/<competition_id>/<{any_of(acts.ACTS)}:act>", methods=["GET", "POST"]
)
@staff
def act(competition_id: str, act: str) -> ResponseReturnValue:
    """One act: what will happen, to whom, by when, before the button."""
    row, chosen = load(competition_id), acts.ACTS[act]
    form = chosen.form()
    back = url_for(".record", competition_id=competition_id)
    decision = chosen.may(current_actor(), reading.standing(reading_session(), row))

    def work(uow: UnitOfWork) -> str:
        return chosen.run(uow, competition_id, form) or back

    return submit(form, work, done=str(chosen.done)) or page(
        "competitions/act.html",
        form=form,
        row=row,
        act=chosen,
        decision=decision,
        effects=chosen.effects(row) if decision.allowed else [],
        back=back,
    )


@bp.route("/competitions/manage/<competition_id>/evaluation", methods=["GET", "POST"])
@staff
def evaluation(competition_id: str) -> ResponseReturnValue:
    """Mark the bids, look at very low prices, exclude what does not answer the notice."""
    row, session = load(competition_id), reading_session()
    if row.opened_at is None:
        return redirect(url_for(".record", competition_id=competition_id))
    criteria, bids = reading.criteria(session, row.id), sealed.opened_bids(session, row.id)
    marks = sealed.scores(session, [bid.id for bid in bids])
    form = marks_form([bid for bid in bids if not bid.excluded], criteria, marks)()

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
        may=policy.may_evaluate(current_actor(), reading.standing(session, row)),
    )


@bp.route(
    '/competitions/manage/<competition_id>/bids/<bid_id>/<any("judge", "exclude"):act>',
    methods=["GET", "POST"],
)
@staff
def bid_act(competition_id: str, bid_id: str, act: str) -> ResponseReturnValue:
    """Judge the explanation of a very low price, or exclude a bid with public reasons."""
    row, session = load(competition_id), reading_session()
    bid = _bid(row, bid_id)
    form = JudgeForm() if act == "judge" else PublicReasonForm()
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
        may=policy.may_evaluate(current_actor(), reading.standing(session, row)),
        back=back,
    )


@bp.route("/competitions/manage/<competition_id>/questions/<question_id>", methods=["GET", "POST"])
@staff
def answer(competition_id: str, question_id: str) -> ResponseReturnValue:
    """Answer a question for everybody."""
    row, session, form = load(competition_id), reading_session(), AnswerForm()
    asked = [one for one in reading.questions(session, row.id) if one.public_id == question_id]
    if not asked:
        raise NotFound
    back = url_for(".record", competition_id=competition_id, _anchor="questions")

    def work(uow: UnitOfWork) -> str:
        notices.answer_question(
            uow, competition=competition_id, question=question_id, answer=form.answer.data
        )
        return back

    standing = reading.standing(session, row)
    return submit(form, work, done=_("The answer is public.")) or page(
        "competitions/answer.html",
        form=form,
        row=row,
        question=asked[0],
        may=policy.may_answer(current_actor(), standing, request_time()),
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


def _choices(form: NoticeForm) -> NoticeForm:
    """The projects of the region, the items open to departments, the lines of this year."""
    session, today = reading_session(), local_date(request_time())
    tree = catalogue.regions(session)
    region = accounts.organisation(session, _department()).region_code
    form.project.choices = [
        SelectChoice(one.public_id, f"{one.name} ({one.code})")
        for one in projects.projects_in(session, tree.descendants(region))
    ]
    form.item.choices = [
        SelectChoice(item.code, f"{item.code} {local_name(item)}")
        for item in catalogue.items(session, today)
        if item.open_to != "enterprise"
    ]
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
    ]
    return form
