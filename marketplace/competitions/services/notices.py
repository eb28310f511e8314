"""The notice: drafted, handed to an approver, made public, asked about, called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.accounts.services.departments import hold_department
from marketplace.budgets import queries as budgets
from marketplace.budgets import services as budget_services
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.commission_requests import services as commission_requests
from marketplace.competitions import events, policy, rules
from marketplace.competitions.models import Award, Competition, Criterion, Question
from marketplace.competitions.queries import lists, reading
from marketplace.competitions.rules import AwardState, CompetitionState, Failure, Method, Weight
from marketplace.competitions.services import working
from marketplace.infra.numbers import next_number
from marketplace.infra.rows import LATER, row_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import optional, required
from marketplace.projects import policy as project_policy
from marketplace.projects import queries as projects
from marketplace.projects import services as project_services
from marketplace.projects.queries import ProjectRow
from marketplace.projects.rules import Claimant

_SERIES = "ZJ"


@dataclass(frozen=True)
class NoticeFacts:
    """What a notice says. `ceiling_fen` is the estimated amount: no bid may be above it."""

    project_id: int | str
    item_code: str
    title: str
    scope: str
    method: Method
    ceiling_fen: int
    budget_line_id: int | str
    closes_at: datetime
    weights: Sequence[Weight] = ()
    merit: bool = False


_NOTICE = row_of(NoticeFacts, Competition, weights=LATER)


@dataclass(frozen=True)
class CompetitionRef:
    """Where a competition is found."""

    id: int
    public_id: str
    number: str


def draft_competition(uow: UnitOfWork, *, notice: NoticeFacts) -> CompetitionRef:
    """Begin a competition for one item of a project of the department's region.

    Refuses items that are not open to departments, projects of other regions, weights that do not
    make 100, and lines of other departments.
    """
    return _begin(uow, notice, None)


def _begin(uow: UnitOfWork, notice: NoticeFacts, rerun_of: Competition | None) -> CompetitionRef:
    policy.may_draft(uow.actor).require()
    if not hold_department(uow, uow.organisation_id):
        raise Refused("account.not_your_role")
    number = next_number(uow.session, _SERIES, working.today(uow).year)
    row = Competition(
        number=number,
        state=CompetitionState.DRAFT,
        state_since=uow.now,
        department_id=uow.organisation_id,
        drafted_by=uow.user_id,
        drafted_at=uow.now,
        rerun_of_id=rerun_of.id if rerun_of else None,
    )
    _fill(uow, row, notice)
    uow.add(row)
    _weigh(uow, row, notice)
    uow.record(events.CompetitionDrafted.of(row, rerun_of=row.rerun_of_id))
    return CompetitionRef(row.id, row.public_id, row.number)


def edit_competition(uow: UnitOfWork, *, competition: int | str, notice: NoticeFacts) -> None:
    """Change a draft; what was proposed is sent back first."""
    row, standing = working.lock_own(uow, competition)
    policy.may_edit(uow.actor, standing).require()
    _fill(uow, row, notice)
    row.edited_by = uow.user_id
    _weigh(uow, row, notice)
    uow.record(events.CompetitionEdited.of(row))


def propose_competition(uow: UnitOfWork, *, competition: int | str) -> None:
    """Hand the draft to an approver of the department, who is another person."""
    row, standing = working.lock_own(uow, competition)
    policy.may_propose(uow.actor, standing).require()
    check_dates(uow, row)
    _check_item(uow, row)
    working.move(uow, row, CompetitionState.PROPOSED)
    row.proposed_by, row.proposed_at = uow.user_id, uow.now
    uow.record(events.CompetitionProposed.of(row))


def send_back_competition(uow: UnitOfWork, *, competition: int | str, reason: str) -> None:
    """Ask the officer to change the notice, with reasons."""
    row, standing = working.lock_own(uow, competition)
    policy.may_send_back(uow.actor, standing).require()
    reason = required(reason, "reason")
    working.move(uow, row, CompetitionState.DRAFT)
    uow.record(events.CompetitionSentBack.of(row), words=reason)


def rerun_competition(
    uow: UnitOfWork, *, competition: int | str, closes_at: datetime
) -> CompetitionRef:
    """Put the same work out again after a failure: a new draft with a link to the first.

    A comprehensive score may then be marked as merit, for which two entrants are enough. Refuses
    a second re-run: after that only a reasoned, public exception is left.
    """
    row, standing = working.lock_own(uow, competition)
    policy.may_rerun(uow.actor, standing).require()
    notice = _NOTICE.of(
        row,
        closes_at=closes_at,
        weights=tuple(Weight(one.name, one.weight, one.is_price) for one in row.criteria),
        merit=row.method is Method.COMPREHENSIVE,
    )
    return _begin(uow, notice, row)


def check_dates(uow: UnitOfWork, row: Competition) -> None:
    """Refuse a closing that leaves less than the rulebook's working days, counted from today."""
    calendar = catalogue.calendar(uow.session)
    days = working.days(uow, "signup_days")
    rules.check_closing(calendar, working.today(uow), days, row.closes_at)


def check_project(uow: UnitOfWork, row: Competition) -> ProjectRow:
    """The project, on which the department may act now."""
    standing = projects.standing(uow.session, uow.actor, row.project_id)
    project_policy.may_act_as_department(uow.actor, standing).require()
    return projects.project(uow.session, row.project_id)


def _fill(uow: UnitOfWork, row: Competition, notice: NoticeFacts) -> None:
    project = _project(uow, notice)
    item = _wanted_item(uow, notice.item_code, project.id)
    if notice.ceiling_fen <= 0:
        raise Refused("competition.ceiling_missing", field="ceiling")
    if notice.closes_at <= uow.now:
        raise Refused("competition.closing_past", field="closes_on")
    if notice.merit and (row.rerun_of_id is None or notice.method is not Method.COMPREHENSIVE):
        raise Refused("competition.merit_on_rerun_only", field="merit")
    rules.check_weights(notice.method, tuple(notice.weights))
    row.project_id, row.region_code = project.id, project.region_code
    row.item_code, row.item_version_id, row.open_to = item.code, item.version_id, item.open_to
    row.title, row.scope = optional(notice.title, "title"), optional(notice.scope, "scope")
    row.method, row.merit = notice.method, notice.merit
    row.ceiling_fen, row.closes_at = notice.ceiling_fen, notice.closes_at
    row.budget_line_id = _line(uow, row, notice)
    row.attention_at = None


def _project(uow: UnitOfWork, notice: NoticeFacts) -> ProjectRow:
    project, standing = projects.seen_project(uow.session, uow.actor, notice.project_id)
    project_policy.may_act_as_department(uow.actor, standing).require()
    return project


def _check_item(uow: UnitOfWork, row: Competition) -> None:
    """Nothing is put forward that is not for departments any more, or that nobody needs."""
    item = _wanted_item(uow, row.item_code, row.project_id)
    row.item_version_id, row.open_to = item.version_id, item.open_to


def _wanted_item(uow: UnitOfWork, code: str, project_id: int) -> ItemRow:
    """The item as it stands today; refused where no department may commission it for the project.

    Nobody's confirmation is asked here of what is not known: whoever publishes gives it.
    """
    item = catalogue.item(uow.session, code, working.today(uow))
    policy.may_commission(item.open_to).require(field="item")
    needed = projects.need_on(uow.session, project_id, item.code, working.today(uow))
    project_policy.may_commission(needed, confirmed=True).require(field="item")
    return item


def _line(uow: UnitOfWork, row: Competition, notice: NoticeFacts) -> int:
    line = budgets.line(uow.session, notice.budget_line_id)
    if line.department_id != row.department_id:
        raise NotFound
    if line.item_code not in {None, "", notice.item_code}:
        raise Refused("competition.line_for_other_item", field="line")
    return line.id


def _weigh(uow: UnitOfWork, row: Competition, notice: NoticeFacts) -> None:
    row.criteria.clear()
    uow.flush()
    weights = notice.weights if notice.method is Method.COMPREHENSIVE else ()
    row.criteria.extend(
        Criterion(
            position=place,
            name=optional(one.name, "criteria"),
            weight=one.weight,
            is_price=one.is_price,
        )
        for place, one in enumerate(weights, 1)
    )
    uow.flush()


def publish_competition(
    uow: UnitOfWork, *, competition: int | str, need_confirmed: bool = False
) -> None:
    """Publish the notice: the budget is reserved and the item claimed in the same act.

    By an approver who wrote none of it. Refuses when the line has not enough, when an enterprise
    or another competition holds the item, when the project does not need it, and when sign-up
    would be too short from today.
    """
    row, standing = working.lock_own(uow, competition)
    policy.may_publish(uow.actor, standing).require()
    check_dates(uow, row)
    check_project(uow, row)
    _check_item(uow, row)
    working.move(uow, row, CompetitionState.PUBLISHED)
    row.published_by, row.published_at = uow.user_id, uow.now
    row.attention_at = row.closes_at
    uow.flush()
    budget_services.reserve(
        uow,
        line_id=row.budget_line_id,
        amount_fen=row.ceiling_fen,
        purpose_kind=working.PURPOSE,
        purpose_id=row.id,
        item_code=row.item_code,
    )
    claim(uow, row, need_confirmed=need_confirmed)
    commission_requests.answer_by_notice(
        uow, project_id=row.project_id, item_code=row.item_code, competition_id=row.id
    )
    uow.record(events.CompetitionPublished.of(row))


def cancel_competition(uow: UnitOfWork, *, competition: int | str, reason: str) -> None:
    """Call the competition off with a public reason; reservation and claim are released."""
    row, standing = working.lock_own(uow, competition)
    policy.may_cancel(uow.actor, standing).require()
    reason = required(reason, "reason")
    award = active_award(uow, row)
    if award is not None:
        close_award(uow, row, award, AwardState.CANCELLED, cause="cancelled")
    working.end(uow, row, CompetitionState.CANCELLED)
    release(uow, row)
    uow.record(events.CompetitionCancelled.of(row), words=reason)


def follow_project(uow: UnitOfWork, project_id: int) -> None:
    """The project has another enterprise: its competitions go on, and who is in them is told."""
    project_policy.may_mirror(uow.actor).require()
    for key in lists.open_of_project(uow.session, project_id):
        row = uow.lock(Competition, key)
        if row.state not in rules.ENDED:
            uow.record(events.CompetitionHandedOn.of(row))


def fail(uow: UnitOfWork, row: Competition, why: Failure, *, reason: str = "") -> None:
    """End without an award: reservation and claim are released, the reason is public."""
    working.end(uow, row, CompetitionState.FAILED)
    row.failure = why
    uow.flush()
    release(uow, row)
    uow.record(events.CompetitionFailed.of(row), words=reason)


def claim(uow: UnitOfWork, row: Competition, *, need_confirmed: bool) -> None:
    """Take the item of the project for the department; refused where somebody else holds it."""
    project_services.claim_item(
        uow,
        project_id=row.project_id,
        item_code=row.item_code,
        claimed_by=Claimant.DEPARTMENT,
        record_kind=working.PURPOSE,
        record_id=row.id,
        organisation_id=row.department_id,
        need_confirmed=need_confirmed,
    )


def release(uow: UnitOfWork, row: Competition) -> None:
    """Give the reserved money and the item back, and what an enterprise asked for its turn."""
    budget_services.release_hold(uow, purpose_kind=working.PURPOSE, purpose_id=row.id)
    project_services.release_item(uow, record_kind=working.PURPOSE, record_id=row.id)
    commission_requests.put_back(uow, competition_id=row.id)


def active_award(uow: UnitOfWork, row: Competition) -> Award | None:
    """The active award, locked."""
    found = reading.award_of(uow.session, row.id)
    return None if found is None else uow.lock(Award, found.id)


def close_award(
    uow: UnitOfWork, row: Competition, award: Award, state: AwardState, *, cause: str
) -> None:
    """The award is active no more; why is told as a code."""
    award.state, award.ended_at = state, uow.now
    uow.flush()
    uow.record(events.AwardSetAside.of(row, **about(award), cause=cause))


def about(award: Award) -> dict[str, int]:
    """What every event of an award tells of it."""
    return {
        "institution_organisation_id": award.organisation_id,
        "listing_id": award.listing_id,
        "amount_fen": award.amount_fen,
        "award_id": award.id,
    }


def ask_question(uow: UnitOfWork, *, competition: int | str, body: str) -> str:
    """Ask about the notice while sign-up lasts; the question is public, the asker is not."""
    row, standing = working.lock_public(uow, competition)
    policy.may_ask(uow.actor, standing, uow.now).require()
    question = uow.add(
        Question(
            competition_id=row.id,
            body=required(body, "body"),
            asked_at=uow.now,
            asked_by=uow.user_id,
            organisation_id=uow.organisation_id,
        )
    )
    uow.record(events.QuestionAsked.of(row, question_id=question.id))
    return question.public_id


def answer_question(uow: UnitOfWork, *, competition: int | str, question: str, answer: str) -> None:
    """Answer for everybody, once; before the closing, so that all bid on the same."""
    row, standing = working.lock_own(uow, competition)
    policy.may_answer(uow.actor, standing, uow.now).require()
    asked = uow.lock(Question, question)
    if asked.competition_id != row.id:
        raise NotFound
    if asked.answered_at is not None:
        raise Refused("competition.already_answered")
    asked.answer = required(answer, "answer")
    asked.answered_at, asked.answered_by = uow.now, uow.user_id
    uow.record(events.QuestionAnswered.of(row, question_id=asked.id))
