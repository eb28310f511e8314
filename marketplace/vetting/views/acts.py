"""The acts of a case's page: for each its form, what it runs, and what is said when it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms.fields.choices import SelectChoice

from marketplace.accounts import queries as accounts
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import Decision
from marketplace.kernel.errors import Refused
from marketplace.vetting import policy, queries, services
from marketplace.vetting.forms import (
    ActForm,
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
from marketplace.vetting.queries import CasePage
from marketplace.vetting.rules import Outcome, Stage
from marketplace.vetting.views import presenting
from marketplace.web.context import reading_session
from marketplace.web.forms import Form

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
        for one in queries.examiners(session, page.case.association_id)
        if one.user_id not in page.standing.barred and one.user_id != page.case.examiner_id
    ]
    return form


def _answer(uow: UnitOfWork, case_id: str, form: ChecklistForm) -> None:
    if str(queries.find_case(uow.session, case_id).round) != form["round"].data:
        raise Refused("vetting.unknown_point")
    services.record_findings(uow, case=case_id, answers=form.answers())
    rest = request.form.get("rest", "")
    if rest in set(Stage):
        services.record_all_ok(uow, case=case_id, stage=Stage(rest))


def _assign_to(uow: UnitOfWork, case_id: str, form: AssignForm) -> None:
    session = uow.session
    row = queries.find_case(session, case_id)
    ids = {
        accounts.person(session, one.user_id).public_id: one.user_id
        for one in queries.examiners(session, row.association_id)
    }
    if form.examiner.data not in ids:
        raise Refused("vetting.examiner_unknown", field="examiner")
    services.assign_case(uow, case=case_id, examiner_id=ids[form.examiner.data])


_ALL = (
    Act(
        "take",
        _button,
        lambda uow, key, _form: services.take_case(uow, case=key),
        policy.may_take,
        _("You have the case now."),
    ),
    Act("findings", _checklist, _answer, policy.may_check, _("The checklist is saved.")),
    Act(
        "pass",
        _button,
        lambda uow, key, _form: services.pass_completeness(uow, case=key),
        policy.may_pass_completeness,
        _("The dossier is complete. The substance is checked next."),
    ),
    Act(
        "return",
        _return,
        lambda uow, key, form: services.return_once(uow, case=key, note=form.note.data),
        policy.may_return,
        _("The dossier was returned, and the applicant is told what to correct."),
    ),
    Act(
        "propose",
        _propose,
        lambda uow, key, form: services.propose(
            uow, case=key, outcome=Outcome(form.outcome.data), reason=form.reason.data
        ),
        policy.may_propose,
        _("The decision is proposed. An approver has to decide now."),
    ),
    Act(
        "decide",
        _decide,
        lambda uow, key, form: services.decide(
            uow, case=key, outcome=_outcome(form.outcome.data), reason=form.reason.data
        ),
        policy.may_decide,
        _("The case is decided, and the applicant is told."),
    ),
    Act(
        "send-back",
        lambda _page, options: SendBackForm(**options),
        lambda uow, key, form: services.send_back(uow, case=key, reason=form.reason.data),
        policy.may_send_back,
        _("The case is back with the examiner."),
    ),
    Act(
        "release",
        _button,
        lambda uow, key, _form: services.release_case(uow, case=key),
        policy.may_release,
        _("The case is back in the queue."),
    ),
    Act("assign", _assign, _assign_to, policy.may_assign, _("The case was handed over.")),
    Act(
        "recuse",
        lambda _page, options: RecuseForm(**options),
        lambda uow, key, form: services.declare_recusal(uow, case=key, reason=form.reason.data),
        policy.may_recuse,
        _("Your tie is recorded. You judge no case of this applicant any more."),
    ),
)
ACTS: dict[str, Act] = {act.name: act for act in _ALL}


def _outcome(text: str) -> Outcome:
    try:
        return Outcome(text)
    except ValueError:
        raise Refused("vetting.differs_from_proposal") from None


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
