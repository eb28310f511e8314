"""The association's side: its cycles, their tables, one listing's sheet."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.assessments import policy
from marketplace.assessments.forms import (
    CycleForm,
    DecideObjectionForm,
    InspectionForm,
    read_points,
)
from marketplace.assessments.policy import STAFF
from marketplace.assessments.queries import cycles as cycle_queries
from marketplace.assessments.queries import removals, rows
from marketplace.assessments.rules import CycleState, ObjectionOutcome, Veto
from marketplace.assessments.services import assessing, objecting
from marketplace.assessments.services.assessing import Inspection
from marketplace.assessments.views import presenting
from marketplace.assessments.views.presenting import bp, known_id
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.vetting import queries as vetting
from marketplace.web.acts import any_of
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.filters import same_list
from marketplace.web.forms import ActForm, Form
from marketplace.web.guard import for_roles
from marketplace.web.sheets import download
from marketplace.web.submit import page, submit

staff = for_roles(*STAFF)

Advance = tuple[Callable[..., None], LazyString]
_ACTS: dict[str, Advance] = {
    "cut-off": (assessing.cut_off, _l("The facts of the year are frozen.")),
    "score": (
        assessing.score_cycle,
        _l("The scores are reckoned. Look at them before publishing."),
    ),
    "publish": (assessing.publish_preliminary, _l("The preliminary grades are public.")),
    "final": (assessing.make_final, _l("The grades are final, and the institutions are told.")),
}
# Which act goes on from which state.
_NEXT = {
    CycleState.OPEN: "cut-off",
    CycleState.CUT_OFF: "score",
    CycleState.SCORED: "publish",
    CycleState.PRELIMINARY: "final",
    CycleState.OBJECTIONS: "final",
}


@bp.route("/assessments", methods=["GET", "POST"])
@staff
def cycles() -> ResponseReturnValue:
    """The years my association assessed, and the opening of the next one."""
    actor, today = current_actor(), local_date(request_time())
    form = CycleForm(data={"year": today.year})
    association_id = actor.organisation_id or 0

    def work(uow: UnitOfWork) -> str:
        ref = assessing.open_cycle(uow, association_id=association_id, year=form.year.data or 0)
        return url_for(".cycle", cycle_id=ref.public_id)

    done = submit(form, work, done=_("The assessment is open. Inspections can be written down."))
    rows = cycle_queries.cycles_of(reading_session(), association_id)
    return done or page("assessments/cycles.html", form=form, rows=rows)


@bp.get("/assessments/<cycle_id>")
@staff
def cycle(cycle_id: str) -> ResponseReturnValue:
    """A year's assessment: where it stands, what is next, every listing with its points."""
    return _render(_load(cycle_id))


@bp.route(f"/assessments/<cycle_id>/<{any_of(_ACTS)}:act>", methods=["POST"])
@staff
def advance(cycle_id: str, act: str) -> ResponseReturnValue:
    """Freeze, reckon, publish, make final."""
    loaded = _load(cycle_id)
    run, said = _ACTS[act]
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        run(uow, cycle=cycle_id)
        return url_for(".cycle", cycle_id=cycle_id)

    return submit(form, work, done=str(said)) or _render(loaded, form)


@bp.get("/assessments/<cycle_id>/export.xlsx")
@staff
def export(cycle_id: str) -> ResponseReturnValue:
    """The table as a workbook, with the filters of the page."""
    loaded = _load(cycle_id)
    rows = cycle_queries.table(reading_session(), loaded.id, **_wanted())
    return download(presenting.workbook(rows), f"assessment-{loaded.number}")


@bp.get("/assessments/sheets/<assessment_id>")
@staff
def sheet(assessment_id: str) -> ResponseReturnValue:
    """One listing's sheet: facts, parts with their arithmetic, objections."""
    return _render_sheet(_load_sheet(assessment_id))


@bp.route("/assessments/sheets/<assessment_id>/inspection", methods=["POST"])
@staff
def inspect(assessment_id: str) -> ResponseReturnValue:
    """Write an inspection down."""
    loaded, form = _load_sheet(assessment_id), InspectionForm()

    def work(uow: UnitOfWork) -> str:
        points = form.points.data or ""
        seen = Inspection(
            points=read_points(points, "assessment.points_of_ten", "points") if points else None,
            words=form.words.data or "",
            veto=Veto(form.veto.data) if form.veto.data else None,
            veto_reason=form.veto_reason.data or "",
        )
        assessing.record_inspection(uow, assessment=assessment_id, seen=seen)
        return url_for(".sheet", assessment_id=assessment_id)

    done = submit(form, work, done=_("The inspection is written down."))
    return done or _render_sheet(loaded, inspection=form)


@bp.route("/assessments/sheets/<assessment_id>/objection", methods=["POST"])
@staff
def answer_objection(assessment_id: str) -> ResponseReturnValue:
    """Decide the objection to a preliminary grade."""
    loaded, form = _load_sheet(assessment_id), DecideObjectionForm()

    def work(uow: UnitOfWork) -> str:
        outcome = ObjectionOutcome(form.outcome.data or "")
        corrections = {}
        if outcome is ObjectionOutcome.UPHELD:
            if not form.fact.data:
                raise Refused("assessment.correction_needed", field="fact")
            value = read_points(form.value.data or "", "assessment.correction_needed", "value")
            corrections = {form.fact.data: value}
        objecting.decide_objection(
            uow,
            assessment=assessment_id,
            outcome=outcome,
            reason=form.reason.data or "",
            corrections=corrections,
        )
        return url_for(".sheet", assessment_id=assessment_id)

    done = submit(form, work, done=_("The objection is decided, and the institution is told."))
    return done or _render_sheet(loaded, objection=form)


@bp.get("/assessments/plans/<case_id>")
@staff
def plan(case_id: str) -> ResponseReturnValue:
    """The plan behind a case of re-admission, for those who judge it."""
    session, today = reading_session(), local_date(request_time())
    case = vetting.case_row(session, known_id(case_id), today)
    loaded = removals.plan(session, case.listing_id)
    if loaded is None or not policy.is_staff(current_actor(), case.association_id):
        raise NotFound
    return page("assessments/plan.html", plan=loaded, case=case)


def _load(cycle_id: str) -> rows.CycleRow:
    loaded = cycle_queries.cycle(reading_session(), known_id(cycle_id))
    if not policy.is_staff(current_actor(), loaded.association_id):
        raise NotFound
    return loaded


def _load_sheet(assessment_id: str) -> rows.Sheet:
    loaded = cycle_queries.sheet(reading_session(), known_id(assessment_id))
    if not policy.is_staff(current_actor(), loaded.cycle.association_id):
        raise NotFound
    return loaded


def _wanted() -> dict[str, Any]:
    """What the address asks of the table."""
    return {
        "grades": [one for one in request.args.getlist("grade") if one in _GRADES],
        "words": request.args.get("q", "")[:60].strip(),
    }


_GRADES = ("A", "B", "C", "D", "none")


def _render(loaded: rows.CycleRow, form: Form | None = None) -> ResponseReturnValue:
    actor, wanted = current_actor(), _wanted()
    standing, act = loaded.standing, _NEXT.get(loaded.state, "")
    may = policy.may_advance(actor, standing, loaded.state)
    if act == "final":
        may = policy.may_make_final(actor, standing)
    return page(
        "assessments/cycle.html",
        form=form,
        cycle=loaded,
        rows=cycle_queries.table(reading_session(), loaded.id, **wanted),
        wanted=wanted,
        grade_options=_grade_options(wanted["grades"], loaded),
        steps=presenting.steps(loaded.state),
        act=act,
        may=may,
        act_form=form or ActForm(formdata=None),
        export=same_list(url_for(".export", cycle_id=loaded.public_id)),
    )


def _grade_options(chosen: list[str], loaded: rows.CycleRow) -> list[dict[str, object]]:
    return [
        {
            "value": one,
            "text": _("Not graded") if one == "none" else one,
            "count": loaded.grades.get("" if one == "none" else one, 0),
            "on": one in chosen,
        }
        for one in _GRADES
    ]


def _render_sheet(
    loaded: rows.Sheet, *, inspection: Form | None = None, objection: Form | None = None
) -> ResponseReturnValue:
    actor, standing = current_actor(), loaded.cycle.standing
    is_open = loaded.row.open_objection
    seen = {
        "points": "" if loaded.inspection is None else f"{loaded.inspection}",
        "words": loaded.inspection_words,
        "veto": str(loaded.row.veto or ""),
        "veto_reason": loaded.veto_reason,
    }
    return page(
        "assessments/sheet.html",
        form=inspection or objection,
        sheet=loaded,
        bars=presenting.bars(loaded),
        may_inspect=policy.may_inspect(actor, standing),
        may_answer=policy.may_decide_objection(actor, standing, is_open=is_open),
        inspection=inspection or InspectionForm(formdata=None, data=seen),
        objection=objection or DecideObjectionForm(formdata=None),
    )
