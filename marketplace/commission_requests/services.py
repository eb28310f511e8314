"""Acts on requests to departments: asked, handed on, answered, and followed to the contract.

Competitions call the last three inside their own acts: a notice is published, ends, is concluded.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import OrganisationRow
from marketplace.accounts.services.departments import hold_department
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.clocks.rules import deadline
from marketplace.commission_requests import events, policy, queries, rules
from marketplace.commission_requests.models import CommissionRequest
from marketplace.commission_requests.rules import DAYS, LIVE, RequestState
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import optional, required
from marketplace.kernel.times import local_date
from marketplace.projects import policy as project_policy
from marketplace.projects import queries as projects
from marketplace.projects import services as project_services
from marketplace.projects.queries import ProjectRow

_SERIES = "QQ"


@dataclass(frozen=True)
class RequestRef:
    """A request that was just made."""

    id: int
    public_id: str
    number: str


# ------------------------------------------------------------------ both sides


def ask_department(
    uow: UnitOfWork,
    *,
    project: int | str,
    item_code: str,
    words: str = "",
    need_confirmed: bool = False,
) -> RequestRef:
    """Ask the department in charge to commission an item of one's own project.

    It goes to the department that the approval platform names for the linked approval item, to
    the operator where that one is not registered here. Refuses items that an enterprise may pick
    itself, what the project does not need, what somebody has commissioned
    (`project.item_taken`), and a second request while one is under way. Another enterprise's
    project does not exist (`NotFound`).
    """
    row, standing = projects.seen_project(uow.session, uow.actor, project)
    item = catalogue.item(uow.session, item_code, local_date(uow.now))
    policy.may_ask(uow.actor, standing, item.open_to).require()
    project_services.require_need(
        uow, project_id=row.id, item_code=item.code, need_confirmed=need_confirmed
    )
    made = CommissionRequest(
        number=next_number(uow.session, _SERIES, local_date(uow.now).year),
        enterprise_id=uow.organisation_id,
        body=optional(words, "words"),
        asked_by=uow.user_id,
        asked_at=uow.now,
        state=RequestState.ASKED,
        state_since=uow.now,
        **_asked_for(row, item),
        **_sent_to(uow, row, item),
    )
    made.due_on = _due(uow, made.state, local_date(uow.now))
    _add_only_one(uow, made)
    uow.record(events.RequestAsked.of(made))
    return RequestRef(made.id, made.public_id, made.number)


def _asked_for(project: ProjectRow, item: ItemRow) -> dict[str, object]:
    """What of the project and the item a request keeps."""
    return {
        "project_id": project.id,
        "region_code": project.region_code,
        "item_code": item.code,
        "item_version_id": item.version_id,
        "open_to": item.open_to,
    }


def _sent_to(uow: UnitOfWork, project: ProjectRow, item: ItemRow) -> dict[str, object]:
    """The department in charge of the linked approval item; else the operator."""
    approval = queries.approval_in_charge(uow.session, project.id, item, local_date(uow.now))
    name = approval.department if approval else ""
    department = queries.department_named(uow.session, name, project.region_code)
    if department is not None and not hold_department(uow, department.id):
        department = None  # it has ended this very moment
    return {
        "approval_code": approval.code if approval else "",
        "department_name": name,
        "addressee_id": department.id if department else _operator(uow).id,
        "with_operator": department is None,
    }


def _operator(uow: UnitOfWork) -> OrganisationRow:
    found = accounts.organisations_with(uow.session, Capacity.OPERATOR)
    if not found:
        raise Refused("commission_request.nobody_to_ask")
    return found[0]


def _add_only_one(uow: UnitOfWork, row: CommissionRequest) -> None:
    """Of two requests for the same item at once, the second is refused."""
    if _live(uow, row.project_id, row.item_code) is not None:
        raise Refused("commission_request.asked_already")
    try:
        uow.add(row)
    except IntegrityError:
        raise Refused("commission_request.asked_already") from None


def withdraw_request(uow: UnitOfWork, *, request: int | str, reason: str) -> None:
    """Give the request up, with a reason that the department reads."""
    row, standing = _lock(uow, request)
    policy.may_withdraw(uow.actor, standing).require()
    row.reason = required(reason, "reason")
    _move(uow, row, RequestState.WITHDRAWN)
    uow.record(events.RequestWithdrawn.of(row), words=row.reason)


def take_up_request(uow: UnitOfWork, *, request: int | str) -> None:
    """Say that the department will commission the item; its notice is due from now on.

    Refuses what the project does not need any more.
    """
    row, standing = _lock(uow, request)
    policy.may_take_up(uow.actor, standing).require()
    _check_sense(uow, row)
    _take_up(uow, row)


def _check_sense(uow: UnitOfWork, row: CommissionRequest) -> None:
    """Refuse to take up what is not needed or commissioned: as far as is known at this instant.

    The project is not held: its notice asks again, under the project's lock.
    """
    today = local_date(uow.now)
    standing = projects.standing(uow.session, uow.actor, row.project_id)
    project_policy.may_act_as_department(uow.actor, standing).require()
    held = projects.claim_of(uow.session, row.project_id, row.item_code)
    projects.may_claim(uow.session, held).require()
    needed = projects.need_on(uow.session, row.project_id, row.item_code, today)
    project_policy.may_commission(needed, confirmed=True).require()


def _take_up(uow: UnitOfWork, row: CommissionRequest) -> None:
    _move(uow, row, RequestState.TAKEN_UP)
    uow.record(events.RequestTakenUp.of(row))


def refuse_request(uow: UnitOfWork, *, request: int | str, reason: str) -> None:
    """Say that nothing will be commissioned, with reasons that the enterprise reads."""
    row, standing = _lock(uow, request)
    policy.may_refuse(uow.actor, standing).require()
    row.reason = required(reason, "reason")
    _move(uow, row, RequestState.REFUSED)
    uow.record(events.RequestRefused.of(row), words=row.reason)


def address_request(uow: UnitOfWork, *, request: int | str, department: str) -> None:
    """The operator hands it on; the department has the whole time to answer.

    Refuses `commission_request.not_of_region` for a department of another region.
    """
    row, standing = _lock(uow, request)
    policy.may_address(uow.actor, standing).require()
    within = queries.departments_for(uow.session, row.region_code)
    chosen = next((one for one in within if one.public_id == department), None)
    if chosen is None:
        raise Refused("commission_request.not_of_region", field="department")
    row.due_on = _due(uow, row.state, local_date(uow.now))
    row.addressee_id, row.with_operator = chosen.id, False
    row.state_since = uow.now
    uow.record(events.RequestAddressed.of(row))


# ------------------------------------------------------------------ what others did


def follow_project(uow: UnitOfWork, *, request: int) -> bool:
    """End a request that nobody has taken up, once it has no sense; says whether it did."""
    policy.may_follow(uow.actor).require()
    row = uow.lock(CommissionRequest, request)
    if row.state is not RequestState.ASKED:
        return False
    project = projects.project(uow.session, row.project_id)
    cause = rules.overtaking(
        projects.need_on(uow.session, project.id, row.item_code, local_date(uow.now)),
        project.state,
        same_enterprise=project.enterprise_id == row.enterprise_id,
        commissioned=projects.claim_of(uow.session, project.id, row.item_code) is not None,
    )
    if cause is None:
        return False
    row.cause = cause
    _move(uow, row, RequestState.OVERTAKEN)
    uow.record(events.RequestOvertaken.of(row))
    return True


def answer_by_notice(
    uow: UnitOfWork, *, project_id: int, item_code: str, competition_id: int
) -> None:
    """A department has published a notice for the item: the request is on its way with it.

    A request that nobody had taken up is taken up by that; whichever department publishes has it
    from now on.
    """
    row = _live(uow, project_id, item_code)
    if row is None or row.state is RequestState.PUBLISHED:
        return
    row.addressee_id, row.with_operator = uow.organisation_id, False
    if row.state is RequestState.ASKED:
        _take_up(uow, row)
    _move(uow, row, RequestState.PUBLISHED, competition_id=competition_id)
    uow.record(events.RequestPublished.of(row))


def put_back(uow: UnitOfWork, *, competition_id: int) -> None:
    """The competition ended without a contract: its department is asked again."""
    row = _of_competition(uow, competition_id)
    if row is None:
        return
    _move(uow, row, RequestState.TAKEN_UP)
    uow.record(events.RequestPutBack.of(row))


def meet(uow: UnitOfWork, *, competition_id: int) -> None:
    """The contract of the competition is recorded: what was asked for is under way."""
    row = _of_competition(uow, competition_id)
    if row is None:
        return
    _move(uow, row, RequestState.MET, competition_id=competition_id)
    uow.record(events.RequestMet.of(row))


def move_day(uow: UnitOfWork, *, request: int) -> bool:
    """Recompute the day after a calendar import; days already past are never touched."""
    row = uow.lock(CommissionRequest, request)
    if row.due_on is None or row.due_on < local_date(uow.now):
        return False
    was, row.due_on = row.due_on, _due(uow, row.state, local_date(row.state_since))
    if row.due_on == was:
        return False
    uow.record(events.RequestDayMoved.of(row, due_was=was))
    return True


# ------------------------------------------------------------------ one row


def _lock(uow: UnitOfWork, key: int | str) -> tuple[CommissionRequest, policy.Standing]:
    """Lock a request and say how it stands; to outsiders it does not exist."""
    row = uow.lock(CommissionRequest, key)
    standing = queries.standing_of(uow.session, row)
    if not policy.may_see(uow.actor, standing):
        raise NotFound
    return row, standing


def _live(uow: UnitOfWork, project_id: int, item_code: str) -> CommissionRequest | None:
    """The request for an item of a project that has not ended, locked."""
    query = select(CommissionRequest).where(
        CommissionRequest.project_id == project_id,
        CommissionRequest.item_code == item_code,
        CommissionRequest.state.in_(LIVE),
    )
    return uow.session.scalars(query.with_for_update()).one_or_none()


def _of_competition(uow: UnitOfWork, competition_id: int) -> CommissionRequest | None:
    """The request that waits for a competition's contract, locked."""
    query = select(CommissionRequest).where(
        CommissionRequest.competition_id == competition_id,
        CommissionRequest.state == RequestState.PUBLISHED,
    )
    return uow.session.scalars(query.with_for_update()).one_or_none()


def _move(
    uow: UnitOfWork,
    row: CommissionRequest,
    target: RequestState,
    *,
    competition_id: int | None = None,
) -> None:
    """Take a step; what is owed next is due by the rulebook of today."""
    due_on = _due(uow, target, local_date(uow.now))
    row.state = rules.step(row.state, target)
    row.state_since, row.due_on, row.competition_id = uow.now, due_on, competition_id
    row.ended_at = None if target in LIVE else uow.now
    uow.flush()


def _due(uow: UnitOfWork, state: RequestState, since: date) -> date | None:
    """The last day of what the addressee owes, by the rulebook of the day it began to owe it."""
    if state not in DAYS:
        return None
    days = int(catalogue.rule(uow.session, DAYS[state], since))
    return deadline(catalogue.calendar(uow.session), since, days)
