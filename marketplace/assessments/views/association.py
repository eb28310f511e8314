"""The association's side: its cycles with their acts, their tables, one listing's sheet."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.assessments import forms, policy
from marketplace.assessments.policy import JUDGES, STAFF
from marketplace.assessments.queries import cycles, judged, removals, sheets
from marketplace.assessments.queries.cycles import CyclePage, CycleRow
from marketplace.assessments.queries.sheets import AssessmentRow, Sheet
from marketplace.assessments.rules import PASSING, CycleState, ObjectionOutcome, Veto
from marketplace.assessments.services import (
    assessing,
    enrolling,
    finishing,
    freezing,
    objecting,
    scoring,
)
from marketplace.assessments.services.assessing import Inspection
from marketplace.assessments.views import presenting
from marketplace.assessments.views.presenting import bp, known_id
from marketplace.catalogue.forms import item_name, time_given
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.vetting import queries as vetting
from marketplace.web.acts import Act, RecordPage, acts, decisions, forms_of, offered, plain
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.filters import same_list
from marketplace.web.forms import Form
from marketplace.web.guard import for_roles
from marketplace.web.listing import Column, asked_of, panel, workbook
from marketplace.web.submit import page, submit
from marketplace.web.wording import label

S = CycleState
staff = for_roles(*STAFF)
judges = for_roles(*JUDGES)


def _publishing(_cycle: CycleRow) -> tuple[str]:
    said: str = _(
        "Everybody can read them. The institutions can object for %(time)s; another person decides"
        " about that and makes the grades final.",
        time=time_given("assessment.objection_days"),
    )
    return (said,)


CYCLE_ACTS = acts(
    Act(
        "cut-off",
        run=plain(freezing.cut_off, "cycle"),
        may=policy.may_cut_off,
        states=frozenset({S.OPEN}),
        title=_l("Freeze the facts"),
        effects=(
            _l(
                "What happened in the year is taken from the records and frozen. Inspections can "
                "no longer be changed."
            ),
            _l("This runs by itself, one listing after the other; the page shows how far it is."),
        ),
        done=_l("The facts of the year are being frozen."),
    ),
    Act(
        "score",
        run=plain(scoring.score_cycle, "cycle"),
        may=policy.may_score,
        states=frozenset({S.CUT_OFF}),
        title=_l("Reckon the scores"),
        effects=(
            _l("The points follow from the frozen facts and the rulebook."),
            _l("This runs by itself, one listing after the other; the page shows how far it is."),
        ),
        done=_l("The scores are being reckoned. Look at them before publishing."),
    ),
    Act(
        "publish",
        run=plain(assessing.publish_preliminary, "cycle"),
        may=policy.may_publish,
        states=frozenset({S.SCORED}),
        title=_l("Publish the preliminary grades"),
        effects=_publishing,
        done=_l("The preliminary grades are public."),
    ),
    Act(
        "final",
        run=plain(finishing.make_final, "cycle"),
        may=policy.may_make_final,
        states=frozenset({S.PRELIMINARY, S.OBJECTIONS}),
        title=_l("Make the grades final"),
        effects=(
            _l("The grades stand in the directory. C is told to rectify, D opens a removal case."),
            _l("This runs by itself, one listing after the other; the page shows how far it is."),
        ),
        done=_l("The grades are final; they are being written on the listings."),
    ),
)


def _inspected(loaded: Sheet) -> dict[str, Any]:
    """What is written down of the inspection."""
    return {
        "points": "" if loaded.inspection is None else f"{loaded.inspection}",
        "words": loaded.inspection_words,
        "veto": loaded.row.veto or "",
        "veto_reason": loaded.veto_reason,
    }


def _inspect(uow: UnitOfWork, key: str, form: forms.InspectionForm) -> None:
    points = form.points.data or ""
    seen = Inspection(
        points=forms.read_points(points, "assessment.points_of_ten", "points") if points else None,
        words=form.words.data or "",
        veto=Veto(form.veto.data) if form.veto.data else None,
        veto_reason=form.veto_reason.data or "",
    )
    assessing.record_inspection(uow, assessment=key, seen=seen)


def _decide(uow: UnitOfWork, key: str, form: forms.DecideObjectionForm) -> None:
    outcome = ObjectionOutcome(form.outcome.data or "")
    corrections = {}
    if outcome is ObjectionOutcome.UPHELD:
        if not form.fact.data:
            raise Refused("assessment.correction_needed", field="fact")
        value = forms.read_points(form.value.data or "", "assessment.correction_needed", "value")
        corrections = {form.fact.data: value}
    objecting.decide_objection(
        uow,
        assessment=key,
        outcome=outcome,
        reason=form.reason.data or "",
        corrections=corrections,
    )


SHEET_ACTS = acts(
    Act(
        "inspection",
        form=forms.InspectionForm,
        draft=_inspected,
        run=_inspect,
        may=policy.may_inspect,
        done=_l("The inspection is written down."),
    ),
    Act(
        "objection",
        form=forms.DecideObjectionForm,
        run=_decide,
        may=policy.may_decide_objection,
        done=_l("The objection is decided, and the institution is told."),
    ),
)

COLUMNS: tuple[Column[AssessmentRow], ...] = (
    Column(_l("Institution"), 36, lambda row: row.institution_name),
    Column(_l("Item"), 36, lambda row: f"{row.item_code} {item_name(row.item_code)}"),
    Column(_l("Points"), 10, lambda row: row.total if row.grade else None),
    Column(_l("Grade"), 14, lambda row: row.grade or _("not graded")),
    Column(_l("Veto fact"), 24, lambda row: label(f"veto.{row.veto}") if row.veto else ""),
)


@bp.route("/assessments", methods=["GET", "POST"], endpoint="cycles")
@staff
def every_year() -> ResponseReturnValue:
    """The years my association assessed, and the opening of the next one."""
    actor, today = current_actor(), local_date(request_time())
    form = forms.CycleForm(suggested={"year": today.year})
    own = actor.organisation_id or 0

    def work(uow: UnitOfWork) -> str:
        ref = enrolling.open_cycle(uow, association_id=own, year=form.year.data or 0)
        return url_for(".cycle", cycle_id=ref.public_id)

    done = submit(
        form, work, done=_("The listings are being taken in. Then inspections can be written down.")
    )
    return done or page(
        "assessments/cycles.html",
        form=form,
        years=cycles.OWN.read(reading_session(), asked_of(cycles.OWN), {"own": own}),
    )


def _load(cycle_id: str) -> CyclePage:
    today = local_date(request_time())
    loaded = cycles.page(reading_session(), known_id(cycle_id), current_actor(), today)
    if not policy.is_staff(current_actor(), loaded.row.association_id):
        raise NotFound
    return loaded


def _show(loaded: CyclePage, act: str, form: Form | None) -> ResponseReturnValue:
    asked = asked_of(sheets.TABLE)
    listed = sheets.TABLE.read(reading_session(), asked, {"cycle": loaded.row.id})
    return page(
        "assessments/cycle.html",
        form=form,
        cycle=loaded.row,
        passing=PASSING,
        listed=listed,
        groups=panel(sheets.TABLE, asked, listed, text_title=_("Name of the institution")),
        steps=presenting.steps(loaded.row.state),
        acts=offered(CYCLE_ACTS, current_actor(), loaded.standing),
        forms=forms_of(CYCLE_ACTS, loaded, act, form),
        export=same_list(url_for(".export", cycle_id=loaded.row.public_id)),
    )


RecordPage(CYCLE_ACTS, _load, _show).serve(
    bp, "/assessments/<cycle_id>", endpoint="cycle", act_endpoint="cycle_act", guard=staff
)


@bp.get("/assessments/<cycle_id>/export.xlsx")
@staff
def export(cycle_id: str) -> ResponseReturnValue:
    """The table as a workbook, with the filters of the page."""
    row = _load(cycle_id).row
    rows = sheets.TABLE.stream(reading_session(), asked_of(sheets.TABLE), {"cycle": row.id})
    return workbook(f"assessment-{row.number}", str(_("Annual assessment")), COLUMNS, rows)


@bp.get("/assessments/sheets", endpoint="judged")
@judges
def sheets_judged() -> ResponseReturnValue:
    """The sheets of associations themselves, for the office that judges them in their place."""
    asked = asked_of(judged.OWN_MATTERS)
    listed = judged.sheets_judged(reading_session(), current_actor(), asked)
    return page("assessments/judged.html", listed=listed)


def _load_sheet(assessment_id: str) -> Sheet:
    loaded = sheets.sheet(reading_session(), known_id(assessment_id), local_date(request_time()))
    actor, held = current_actor(), loaded.standing
    if not (policy.is_staff(actor, held.association_id) or policy.is_judge(actor, held.judge_id)):
        raise NotFound
    return loaded


def _show_sheet(loaded: Sheet, act: str, form: Form | None) -> ResponseReturnValue:
    return page(
        "assessments/sheet.html",
        form=form,
        sheet=loaded,
        is_staff=policy.is_staff(current_actor(), loaded.standing.association_id),
        bars=presenting.bars(loaded),
        forms=forms_of(SHEET_ACTS, loaded, act, form),
        may=decisions(SHEET_ACTS, current_actor(), loaded.standing),
    )


RecordPage(SHEET_ACTS, _load_sheet, _show_sheet).serve(
    bp,
    "/assessments/sheets/<assessment_id>",
    endpoint="sheet",
    act_endpoint="sheet_act",
    guard=judges,
)


@bp.get("/assessments/plans/<case_id>")
@judges
def plan(case_id: str) -> ResponseReturnValue:
    """The plan behind a case of re-admission, for those who judge it."""
    session, today = reading_session(), local_date(request_time())
    case = vetting.case_row(session, known_id(case_id), today)
    loaded = removals.plan(session, case.listing_id)
    if loaded is None or not policy.is_judge(current_actor(), case.association_id):
        raise NotFound
    return page("assessments/plan.html", plan=loaded, case=case)
