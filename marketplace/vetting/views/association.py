"""The association's side: its queue with its workbook, and a case with every act on it."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.queries import Dossier
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.vetting import forms, policy, wording
from marketplace.vetting.queries import lists, page, standings
from marketplace.vetting.queries.rows import CasePage, CaseRow
from marketplace.vetting.rules import Outcome, Stage
from marketplace.vetting.services import examining
from marketplace.vetting.views import presenting
from marketplace.vetting.views.blueprint import bp
from marketplace.vetting.wording import remedies
from marketplace.web.acts import (
    Act,
    RecordPage,
    acts,
    decided_as,
    decisions,
    forms_of,
    plain,
    proposed,
    reasoned,
)
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.filters import same_list
from marketplace.web.forms import Form
from marketplace.web.guard import for_roles
from marketplace.web.listing import Column, asked_of, chosen_filters, panel, workbook
from marketplace.web.sheets import local_day
from marketplace.web.submit import page as show_page
from marketplace.web.time_line import person_or_platform, time_line
from marketplace.web.wording import label
from marketplace.web.words import local_name


def _checklist(page: CasePage, **options: Any) -> Form:
    return forms.checklist_form(page.points)(**options)


def _assign(page: CasePage, **options: Any) -> Form:
    form = forms.AssignForm(**options)
    form.examiner.choices = [
        SelectChoice(one.user_public_id, one.name)
        for one in standings.examiners(reading_session(), page.case.association_id)
        if one.user_id != page.case.examiner_id
        and not policy.is_recused(one.user_id, page.standing)
    ]
    return form


def _answer(uow: UnitOfWork, case_id: str, form: forms.ChecklistForm) -> None:
    examining.record_findings(
        uow, case=case_id, answers=form.answers(), seen_round=form["round"].data
    )
    rest = request.form.get("rest", "")
    if rest in set(Stage):
        examining.record_all_ok(uow, case=case_id, stage=Stage(rest))


def _found(page: CasePage) -> dict[str, str]:
    """What the findings lead to: the proposal begins with it."""
    outcome = Outcome.REJECT if page.not_ok else Outcome.ADMIT
    return {"outcome": outcome, "reason": presenting.not_ok_text(page)}


ACTS = acts(
    Act(
        "take",
        run=plain(examining.take_case, "case"),
        may=policy.may_take,
        done=_l("You have the case now."),
    ),
    Act(
        "findings",
        form=_checklist,
        draft=lambda page: {"round": str(page.case.round)},
        run=_answer,
        may=policy.may_check,
        done=_l("The checklist is saved."),
    ),
    Act(
        "pass",
        run=plain(examining.pass_completeness, "case"),
        may=policy.may_pass_completeness,
        done=_l("The dossier is complete. The substance is checked next."),
    ),
    Act(
        "return",
        form=forms.ReturnForm,
        draft=lambda page: {"note": presenting.not_ok_text(page)},
        run=lambda uow, key, form: examining.return_once(uow, case=key, note=form.note.data),
        may=policy.may_return,
        done=_l("The dossier was returned, and the applicant is told what to correct."),
    ),
    Act(
        "propose",
        form=forms.ProposeForm,
        draft=_found,
        run=decided_as(examining.propose, "case"),
        may=policy.may_propose,
        done=_l("The decision is proposed. An approver has to decide now."),
    ),
    Act(
        "decide",
        form=forms.DecideForm,
        draft=proposed,
        run=decided_as(examining.decide, "case"),
        may=policy.may_decide,
        done=_l("The case is decided, and the applicant is told."),
    ),
    Act(
        "send-back",
        form=forms.SendBackForm,
        run=reasoned(examining.send_back, "case"),
        may=policy.may_decide,
        done=_l("The case is back with the examiner."),
    ),
    Act(
        "release",
        run=plain(examining.release_case, "case"),
        may=policy.may_release,
        done=_l("The case is back in the queue."),
    ),
    Act(
        "assign",
        form=_assign,
        run=lambda uow, key, form: examining.assign_case(
            uow, case=key, examiner=form.examiner.data
        ),
        may=policy.may_assign,
        done=_l("The case was handed over."),
    ),
    Act(
        "recuse",
        form=forms.RecuseForm,
        run=reasoned(examining.declare_recusal, "case"),
        may=policy.may_recuse,
        done=_l("Your tie is recorded. You judge no case of this applicant any more."),
    ),
)

COLUMNS: tuple[Column[CaseRow], ...] = (
    Column(_l("Case number"), 18, lambda row: row.number),
    Column(_l("Kind"), 16, lambda row: label(f"case_kind.{row.kind}")),
    Column(_l("Institution"), 36, lambda row: row.applicant_name),
    Column(_l("Item"), 36, lambda row: f"{row.item_code} {local_name(row.item)}"),
    Column(_l("State"), 18, lambda row: wording.state_text(row.state, row.outcome, row.ending)),
    Column(
        _l("Light"),
        12,
        lambda row: "" if row.light == "none" else label(f"light.{row.light}"),
    ),
    Column(_l("Due day"), 14, lambda row: row.due_on),
    Column(_l("Received on"), 14, lambda row: local_day(row.opened_at)),
    Column(_l("Examiner"), 16, lambda row: row.examiner_name),
)
SORTS = (
    ("", _l("My turn first")),
    ("due", _l("Due day")),
    ("newest", _l("Newest first")),
    ("number", _l("Case number")),
)
staff = for_roles(*policy.STAFF)


@bp.get("/vetting")
@staff
def queue() -> ResponseReturnValue:
    """The cases of the association: mine first, the most urgent first."""
    actor, session, today = current_actor(), reading_session(), local_date(request_time())
    asked = asked_of(lists.QUEUE)
    listed = lists.QUEUE.read(session, asked, lists.queue_values(session, actor, today))
    return show_page(
        "vetting/queue.html",
        listed=listed,
        asked=asked,
        me=actor.user_id,
        workload=lists.workload(session, actor, today),
        groups=panel(lists.QUEUE, asked, listed, text_title=_l("Institution or number")),
        chosen=chosen_filters(lists.QUEUE, asked, url_for(".queue")),
        sorts=SORTS,
        export=same_list(url_for(".export")),
    )


@bp.get("/vetting/export.xlsx")
@staff
def export() -> ResponseReturnValue:
    """The cases that the filters find, as a workbook."""
    session, today = reading_session(), local_date(request_time())
    values = lists.queue_values(session, current_actor(), today)
    rows = lists.QUEUE.stream(session, asked_of(lists.QUEUE), values)
    return workbook(f"vetting-{today}", str(_l("Cases")), COLUMNS, rows)


def _load(case_id: str) -> CasePage:
    """The case as its page shows it; to other associations it does not exist."""
    actor = current_actor()
    loaded = page.case_page(reading_session(), case_id, local_date(request_time()))
    if not policy.is_of_association(actor, loaded.standing):
        raise NotFound
    if policy.is_recused(actor.user_id, loaded.standing):
        return presenting.without_people(loaded)
    return loaded


def _changes(before: Dossier | None, page: CasePage) -> list[dict[str, str]]:
    """What the case would change, or a correction has changed; empty where nothing was before."""
    if before is None:
        return []
    return presenting.differences(before, page.dossier, page.case.listing_id)


def _show(loaded: CasePage, act: str, form: Form | None) -> ResponseReturnValue:
    return show_page(
        "vetting/case.html",
        form=form,
        page=loaded,
        closed=policy.is_recused(current_actor().user_id, loaded.standing),
        forms=forms_of(ACTS, loaded, act, form),
        may=decisions(ACTS, current_actor(), loaded.standing),
        sections=presenting.sections(loaded.dossier, loaded.case.listing_id),
        steps=presenting.case_steps(loaded),
        entries=time_line(loaded.history, inside=True, who=person_or_platform),
        paper=presenting.chosen_document(loaded, request.args.get("paper", "")),
        changes=_changes(loaded.before, loaded),
        proposed_changes=_changes(loaded.in_force, loaded),
        names={key: name for name, key in forms.point_names(loaded.points).items()},
        remedies=remedies(),
    )


RecordPage(ACTS, _load, _show).serve(
    bp, "/vetting/<case_id>", endpoint="case", act_endpoint="act", guard=staff
)
