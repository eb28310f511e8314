"""The association's side: its queue with its workbook, and a case with every act on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from marketplace.accounts import queries as accounts
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import Decision
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.times import local_date
from marketplace.vetting import policy, wording
from marketplace.vetting.forms import (
    AssignForm,
    ChecklistForm,
    DecideForm,
    ProposeForm,
    RecuseForm,
    ReturnForm,
    SendBackForm,
    checklist_form,
    point_names,
)
from marketplace.vetting.policy import Standing
from marketplace.vetting.queries import lists, page, standings
from marketplace.vetting.queries.rows import CasePage, CaseRow
from marketplace.vetting.rules import Outcome, Stage
from marketplace.vetting.services import examining
from marketplace.vetting.views import filters, presenting
from marketplace.vetting.views.blueprint import bp
from marketplace.vetting.wording import remedies
from marketplace.web import sheets
from marketplace.web.acts import answer, any_of
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.filters import same_list
from marketplace.web.forms import ActForm, Form
from marketplace.web.guard import for_roles
from marketplace.web.sheets import download
from marketplace.web.submit import page as show_page
from marketplace.web.time_line import person_or_platform, time_line
from marketplace.web.wording import label
from marketplace.web.words import day, local_name


def workbook(rows: tuple[CaseRow, ...]) -> bytes:
    """The rows as an .xlsx file."""
    columns = [
        (_("Case number"), 18),
        (_("Kind"), 16),
        (_("Institution"), 36),
        (_("Item"), 36),
        (_("State"), 18),
        (_("Light"), 12),
        (_("Due day"), 14),
        (_("Received on"), 14),
        (_("Examiner"), 16),
    ]
    return sheets.workbook(columns, map(_cells, rows))


def _cells(row: CaseRow) -> list[str]:
    return [
        row.number,
        label(f"case_kind.{row.kind}"),
        row.applicant_name,
        f"{row.item_code} {local_name(row.item)}",
        wording.state_text(row.state, row.outcome, row.ending),
        label(f"light.{row.light}") if row.light in {"green", "yellow", "red"} else "",
        day(row.due_on),
        day(row.opened_at),
        row.examiner_name,
    ]


# Forms on the same page tell their fields apart by a prefix; an unsent one is not filled from
# what another sent.
Make = Callable[[CasePage, dict[str, Any]], Form]


@dataclass(frozen=True)
class Act:
    """One act: who may is asked of `may`, the service asks it again."""

    name: str
    make: Make
    run: Callable[[UnitOfWork, str, Any], None]
    may: Callable[[Actor, Standing], Decision]
    done: LazyString
    anchor: str = "work"

    def form(self, page: CasePage, **options: Any) -> Form:
        """The form of the act for this case."""
        return self.make(page, {"prefix": f"{self.name}-", **options})


def _button(_page: CasePage, options: dict[str, Any]) -> Form:
    return ActForm(**options)


def _checklist(page: CasePage, options: dict[str, Any]) -> Form:
    form = checklist_form(page.points)(**options)
    if "formdata" in options or request.method == "GET":
        form["round"].data = str(page.case.round)
    return form


def _return(page: CasePage, options: dict[str, Any]) -> Form:
    return ReturnForm(data={"note": presenting.not_ok_text(page)}, **options)


def _propose(page: CasePage, options: dict[str, Any]) -> Form:
    reason = presenting.not_ok_text(page)
    outcome = Outcome.REJECT if page.not_ok else Outcome.ADMIT
    return ProposeForm(data={"outcome": str(outcome), "reason": reason}, **options)


def _decide(page: CasePage, options: dict[str, Any]) -> Form:
    data = {"outcome": str(page.proposed_outcome or ""), "reason": page.proposed_reason}
    return DecideForm(data=data, **options)


def _assign(page: CasePage, options: dict[str, Any]) -> Form:
    session = reading_session()
    form = AssignForm(**options)
    form.examiner.choices = [
        SelectChoice(accounts.person(session, one.user_id).public_id, one.name)
        for one in standings.examiners(session, page.case.association_id)
        if one.user_id not in page.standing.barred and one.user_id != page.case.examiner_id
    ]
    return form


def _answer(uow: UnitOfWork, case_id: str, form: ChecklistForm) -> None:
    if str(lists.find_case(uow.session, case_id).round) != form["round"].data:
        raise Refused("vetting.unknown_point")
    examining.record_findings(uow, case=case_id, answers=form.answers())
    rest = request.form.get("rest", "")
    if rest in set(Stage):
        examining.record_all_ok(uow, case=case_id, stage=Stage(rest))


def _assign_to(uow: UnitOfWork, case_id: str, form: AssignForm) -> None:
    session = uow.session
    row = lists.find_case(session, case_id)
    ids = {
        accounts.person(session, one.user_id).public_id: one.user_id
        for one in standings.examiners(session, row.association_id)
    }
    if form.examiner.data not in ids:
        raise Refused("vetting.examiner_unknown", field="examiner")
    examining.assign_case(uow, case=case_id, examiner_id=ids[form.examiner.data])


def _outcome(text: str) -> Outcome:
    try:
        return Outcome(text)
    except ValueError:
        raise Refused("vetting.differs_from_proposal") from None


_ALL = (
    Act(
        "take",
        _button,
        lambda uow, key, _form: examining.take_case(uow, case=key),
        policy.may_take,
        _l("You have the case now."),
    ),
    Act("findings", _checklist, _answer, policy.may_check, _l("The checklist is saved.")),
    Act(
        "pass",
        _button,
        lambda uow, key, _form: examining.pass_completeness(uow, case=key),
        policy.may_pass_completeness,
        _l("The dossier is complete. The substance is checked next."),
    ),
    Act(
        "return",
        _return,
        lambda uow, key, form: examining.return_once(uow, case=key, note=form.note.data),
        policy.may_return,
        _l("The dossier was returned, and the applicant is told what to correct."),
    ),
    Act(
        "propose",
        _propose,
        lambda uow, key, form: examining.propose(
            uow, case=key, outcome=Outcome(form.outcome.data), reason=form.reason.data
        ),
        policy.may_propose,
        _l("The decision is proposed. An approver has to decide now."),
    ),
    Act(
        "decide",
        _decide,
        lambda uow, key, form: examining.decide(
            uow, case=key, outcome=_outcome(form.outcome.data), reason=form.reason.data
        ),
        policy.may_decide,
        _l("The case is decided, and the applicant is told."),
    ),
    Act(
        "send-back",
        lambda _page, options: SendBackForm(**options),
        lambda uow, key, form: examining.send_back(uow, case=key, reason=form.reason.data),
        policy.may_send_back,
        _l("The case is back with the examiner."),
    ),
    Act(
        "release",
        _button,
        lambda uow, key, _form: examining.release_case(uow, case=key),
        policy.may_release,
        _l("The case is back in the queue."),
    ),
    Act("assign", _assign, _assign_to, policy.may_assign, _l("The case was handed over.")),
    Act(
        "recuse",
        lambda _page, options: RecuseForm(**options),
        lambda uow, key, form: examining.declare_recusal(uow, case=key, reason=form.reason.data),
        policy.may_recuse,
        _l("Your tie is recorded. You judge no case of this applicant any more."),
    ),
)

ACTS: dict[str, Act] = {act.name: act for act in _ALL}


def decisions(actor: Actor, standing: Standing) -> dict[str, Decision]:
    """For each act whether the actor may do it, or the reason why not."""
    return {name.replace("-", "_"): act.may(actor, standing) for name, act in ACTS.items()}


def forms_of(page: CasePage, sent: str, form: Form | None) -> dict[str, Form]:
    """The forms of all acts; the one that was sent keeps what was typed and its errors."""
    made = {name: act.form(page, formdata=None) for name, act in ACTS.items() if name != sent}
    if form is not None:
        made[sent] = form
    return {name.replace("-", "_"): one for name, one in made.items()}


def changes_of(page: CasePage) -> list[dict[str, str]]:
    """What the latest correction changed; empty in the first round."""
    if page.before is None:
        return []
    return presenting.differences(page.before, page.dossier, page.case.listing_id)


def proposed_changes_of(page: CasePage) -> list[dict[str, str]]:
    """What a change or a renewal would change; empty for an admission."""
    if page.in_force is None:
        return []
    return presenting.differences(page.in_force, page.dossier, page.case.listing_id)


def names_of(page: CasePage) -> dict[str, str]:
    """Point keys to the names of their fields."""
    return {key: name for name, key in point_names(page.points).items()}


staff = for_roles(Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER)


@bp.get("/vetting")
@staff
def queue() -> ResponseReturnValue:
    """The cases of the association: mine first, the most urgent first."""
    actor, today = current_actor(), local_date(request_time())
    wanted = filters.read(request.args)
    session, association_id = reading_session(), filters.organisation_of(actor)
    listed = lists.queue(
        session, association_id, wanted, user_id=filters.user_of(actor), today=today
    )
    return show_page(
        "vetting/queue.html",
        listed=listed,
        wanted=wanted,
        workload=lists.workload(session, association_id, filters.user_of(actor), today),
        groups=filters.groups(wanted, listed),
        chosen=filters.chosen(wanted, listed),
        sorts=filters.sorts(),
        export=same_list(url_for(".export")),
    )


@bp.get("/vetting/export.xlsx")
@staff
def export() -> ResponseReturnValue:
    """The cases that the filters find, as a workbook."""
    actor, today = current_actor(), local_date(request_time())
    rows = lists.all_rows(
        reading_session(),
        filters.organisation_of(actor),
        filters.read(request.args),
        user_id=filters.user_of(actor),
        today=today,
    )
    return download(workbook(rows), f"vetting-{today}")


@bp.get("/vetting/<case_id>")
@staff
def case(case_id: str) -> ResponseReturnValue:
    """A case on one page: dossier, papers, checklist, and what can be done now."""
    return _render(_load(case_id))


@bp.route(f"/vetting/<case_id>/<{any_of(ACTS)}:act>", methods=["GET", "POST"])
@staff
def act(case_id: str, act: str) -> ResponseReturnValue:
    """One act on the case; opened without sending, it shows the page with this form."""
    loaded, chosen = _load(case_id), ACTS[act]
    form = chosen.form(loaded)
    back = url_for(".case", case_id=case_id, _anchor=chosen.anchor)
    done = answer(form, lambda uow: chosen.run(uow, case_id, form), back, done=chosen.done)
    return done or _render(_load(case_id), act, form)


def _load(case_id: str) -> CasePage:
    """The case as its page shows it; to other associations it does not exist."""
    if not is_public_id(case_id):
        raise NotFound
    actor = current_actor()
    loaded = page.case_page(
        reading_session(), case_id, local_date(request_time()), user_id=actor.user_id
    )
    if not policy.is_of_association(actor, loaded.standing):
        raise NotFound
    return loaded


def _render(loaded: CasePage, act: str = "", form: Form | None = None) -> ResponseReturnValue:
    actor = current_actor()
    return show_page(
        "vetting/case.html",
        form=form,
        page=loaded,
        forms=forms_of(loaded, act, form),
        may=decisions(actor, loaded.standing),
        sections=presenting.sections(loaded.dossier, loaded.case.listing_id),
        steps=presenting.case_steps(loaded),
        entries=time_line(loaded.history, inside=True, who=person_or_platform),
        paper=presenting.chosen_document(loaded, request.args.get("paper", "")),
        changes=changes_of(loaded),
        proposed_changes=proposed_changes_of(loaded),
        names=names_of(loaded),
        remedies=remedies(),
    )
