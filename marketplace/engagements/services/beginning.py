"""How an engagement begins: pick or award, taken on, declined or cancelled, the contract."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from marketplace.capacity import services as capacity
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.competitions import queries as competitions
from marketplace.competitions import services as competition_services
from marketplace.competitions.rules import Failure
from marketplace.competitions.services.awarding import fail_award
from marketplace.engagements import events, policy, rules
from marketplace.engagements.models import Engagement
from marketplace.engagements.queries import standings
from marketplace.engagements.rules import ClientKind, Origin, Side, State
from marketplace.engagements.services import working
from marketplace.engagements.services.working import RECORD, EngagementRef, step_back
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions import services as institution_services
from marketplace.institutions.queries import ListingRow
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import optional, required
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit
from marketplace.projects import policy as project_policy
from marketplace.projects import queries as projects
from marketplace.projects import services as project_services
from marketplace.projects.rules import Claimant
from marketplace.projects.services.claims import use_claim
from marketplace.projects.services.preparing import record_preparer


def request_engagement(
    uow: UnitOfWork,
    *,
    project_id: int | str,
    item_code: str,
    listing_id: int | str,
    variant: str = "",
    limit_days: int | None = None,
    quotation_id: int | None = None,
    words: str = "",
    predecessor_id: int | None = None,
    need_confirmed: bool = False,
) -> EngagementRef:
    """Pick an admitted institution for an item of the enterprise's own project; it pays.

    The item is claimed for the enterprise in the same act. Refuses `listing.not_admitted`,
    `engagement.other_item`, `engagement.own_institution`, `engagement.item_for_departments`,
    `engagement.variant_needed`, `engagement.limit_too_long`, `engagement.days_needed` for a market
    service, `project.prepared` for who did what the item examines, `project.item_taken`, which says
    who holds the item, `capacity.full` where no published place is free, and what the project does
    not need (`projects.services.require_need`).
    Another enterprise's project does not exist (`NotFound`).
    """
    policy.may_request(uow.actor).require()
    listing = institution_services.require_admitted(uow, listing_id)
    own_project_id = own_project(uow, project_id)
    item = _offered_item(uow, listing, item_code, own_project_id)
    chosen, limit = chosen_class(item, variant)
    scope = Scope(item, chosen, rules.agreed_limit(limit, limit_days, must_agree=item.of_market))
    row = _begin(
        uow,
        listing,
        scope,
        project_id=own_project_id,
        promised_days=_promised_days(uow, listing),
        origin=Origin.PICK,
        state=State.REQUESTED,
        client_id=uow.actor.organisation_id,
        client_kind=ClientKind.ENTERPRISE,
        quotation_id=quotation_id,
        predecessor_id=predecessor_id,
        request_words=optional(words, "words"),
    )
    _claim(uow, row, need_confirmed)
    uow.record(
        events.EngagementRequested.of(row, answer_by=row.turn_due_on, predecessor_id=predecessor_id)
    )
    return EngagementRef(row.id, row.public_id, row.number)


def own_project(uow: UnitOfWork, key: int | str) -> int:
    """The enterprise's project, while something may be commissioned for it.

    Another's does not exist (`NotFound`).
    """
    project, standing = projects.seen_project(uow.session, uow.actor, key)
    project_policy.may_act_as_enterprise(uow.actor, standing).require()
    return project.id


def _offered_item(uow: UnitOfWork, listing: ListingRow, item_code: str, project_id: int) -> ItemRow:
    """The item as it stands today, open to enterprises and offered by an independent other."""
    if listing.item_code != item_code:
        raise Refused("engagement.other_item", field="listing")
    policy.may_choose_offer(uow.actor, listing).require()
    item = catalogue.item(uow.session, item_code, local_date(uow.now))
    policy.may_commission(item.open_to).require()
    project_services.require_independent(
        uow, project_id=project_id, item_code=item_code, organisation_id=listing.organisation_id
    )
    return item


def _promised_days(uow: UnitOfWork, listing: ListingRow) -> int | None:
    terms = institutions.terms_in_force(uow.session, listing.id)
    return terms.promised_days if terms else None


def _claim(uow: UnitOfWork, row: Engagement, need_confirmed: bool) -> None:
    project_services.claim_item(
        uow,
        project_id=row.project_id,
        item_code=row.item_code,
        claimed_by=Claimant.ENTERPRISE,
        record_kind=RECORD,
        record_id=row.id,
        need_confirmed=need_confirmed,
    )


def open_award(
    uow: UnitOfWork,
    *,
    competition_id: int,
    project_id: int,
    department_id: int,
    listing_id: int,
    amount_fen: int,
    promised_days: int | None = None,
) -> EngagementRef | None:
    """Begin the engagement of an award: taken on already, paid by the department.

    The claim on the item passes from the competition. None when the award has its engagement.
    """
    policy.may_open_award(uow.actor).require()
    if standings.open_of_award(uow.session, competition_id) is not None:
        return None
    competition = competitions.competition(uow.session, competition_id)
    item = catalogue.item_version(uow.session, competition.item_version_id)
    row = _begin(
        uow,
        institutions.listing(uow.session, listing_id),
        Scope(item, "", item.longest_limit),
        project_id=project_id,
        promised_days=promised_days,
        origin=Origin.AWARD,
        state=State.TAKEN_ON,
        client_id=department_id,
        client_kind=ClientKind.DEPARTMENT,
        competition_id=competition_id,
        award_fen=amount_fen,
        taken_on_at=uow.now,
    )
    project_services.pass_claim(
        uow, record_kind="competition", record_id=competition_id, to_kind=RECORD, to_id=row.id
    )
    due = row.turn_due_on
    uow.record(events.EngagementTakenOn.of(row, contract_by=due, competition_id=competition_id))
    return EngagementRef(row.id, row.public_id, row.number)


@dataclass(frozen=True)
class Scope:
    """What is to be done: the item, its class, and within which limit."""

    item: ItemRow
    variant: str
    limit: Limit


def chosen_class(item: ItemRow, key: str) -> tuple[str, Limit]:
    """The class of the item and its limit; an item without classes has only its limit."""
    if not item.variants:
        return "", item.limit
    variant = item.variant_of(key)
    if variant is None:
        raise Refused("engagement.variant_needed", field="variant")
    return variant.key, variant.limit


def _begin(
    uow: UnitOfWork, listing: ListingRow, scope: Scope, *, project_id: int, **facts: object
) -> Engagement:
    row = Engagement(
        number=next_number(uow.session, "WT", local_date(uow.now).year),
        project_id=project_id,
        region_code=projects.project(uow.session, project_id).region_code,
        listing_id=listing.id,
        provider_id=listing.organisation_id,
        item_code=scope.item.code,
        item_version_id=scope.item.version_id,
        open_to=scope.item.open_to,
        variant=scope.variant,
        limit_value=scope.limit.value,
        limit_unit=scope.limit.unit,
        payer=facts["client_kind"],
        requested_at=uow.now,
        requested_by=uow.actor.user_id,
        state_since=uow.now,
        **facts,
    )
    row.promised_days = rules.binding_promise(row.promised_days, scope.limit)
    working.owes_contract(uow, row, Side.CLIENT if row.state is State.TAKEN_ON else None)
    working.reschedule(uow, row)
    uow.add(row)
    asks = row.origin is Origin.PICK
    capacity.take_place(uow, listing_id=row.listing_id, engagement_id=row.id, asks=asks)
    return row


class Names(Protocol):
    """How a feature above keeps whom an institution names for a work, by their public ids."""

    def __call__(
        self, uow: UnitOfWork, *, engagement: int | str, practitioners: Collection[str]
    ) -> None: ...


NAMES: dict[str, Names] = {}


def take_on_engagement(
    uow: UnitOfWork, *, engagement: int | str, practitioners: Collection[str] = ()
) -> None:
    """The institution takes the request on, and may say who does the work; the contract follows.

    Refuses `project.claim_fell_free` where the project got another enterprise before.
    """
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_take_on(uow.actor, standing).require()
    use_claim(uow, record_kind=RECORD, record_id=row.id)
    row.taken_on_at = uow.now
    working.enter(uow, row, State.TAKEN_ON)
    uow.record(events.EngagementTakenOn.of(row, contract_by=row.turn_due_on))
    for names in NAMES.values() if practitioners else ():
        names(uow, engagement=row.id, practitioners=practitioners)


def decline_engagement(uow: UnitOfWork, *, engagement: int | str, reason: str) -> None:
    """The institution declines with a reason; the item is free for another pick."""
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_decline(uow.actor, standing).require()
    reason = required(reason, "reason")
    working.enter(uow, row, State.DECLINED)
    step_back(uow, row)
    uow.record(events.EngagementDeclined.of(row), words=reason)


def cancel_engagement(uow: UnitOfWork, *, engagement: int | str, reason: str) -> None:
    """Step back before there is a contract, with a reason; an award goes to the next in order."""
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_cancel(uow.actor, standing).require()
    cancel(uow, row, reason=required(reason, "reason"))


def cancel(
    uow: UnitOfWork,
    row: Engagement,
    *,
    cause: str = "",
    reason: str = "",
    fails: Failure = Failure.PROJECT_ENDED,
) -> None:
    """Before a contract it is over: by a side with its reason, or by the platform for a `cause`.

    For a cause an award goes to nobody else: its competition fails, as `fails` says.
    """
    was = row.state
    working.enter(uow, row, State.CANCELLED)
    if cause and row.competition_id is not None:
        fail_award(uow, competition_id=row.competition_id, engagement_id=row.id, why=fails)
    else:
        step_back(uow, row)
    uow.record(events.EngagementCancelled.of(row, was=was.value, cause=cause), words=reason)


def pass_contract_on(
    uow: UnitOfWork, *, engagement: int, to: Side, since: datetime | None = None
) -> date:
    """The contract waits for this side, from now on or `since` an instant; returns its last day.

    Called by `contracts` inside its own act, which has asked who may and recorded its event.
    """
    row = uow.lock(Engagement, engagement)
    working.owes_contract(uow, row, to)
    row.contract_owed_since = since or row.contract_owed_since
    working.reschedule(uow, row)
    return row.turn_due_on or local_date(uow.now)


@dataclass(frozen=True)
class Agreed:
    """What both sides have confirmed: the amount, the days of the clock, the day of signing."""

    amount_fen: int
    limit_days: int
    signed_on: date


def conclude_contract(uow: UnitOfWork, *, engagement: int, agreed: Agreed) -> None:
    """Both sides have confirmed the contract: the work is under contract.

    Where a department pays, the competition is concluded and the budget committed in this act.
    Called by `contracts` inside the act of the second confirmation, which has asked who may.
    """
    row = uow.lock(Engagement, engagement)
    _agree(row, agreed)
    row.signed_on, row.contracted_at = agreed.signed_on, uow.now
    working.enter(uow, row, State.CONTRACTED)
    if row.competition_id is not None:
        competition_services.conclude(
            uow,
            competition_id=row.competition_id,
            engagement_id=row.id,
            contract_fen=agreed.amount_fen,
        )
    _keep_apart(uow, row)
    told = {"amount_fen": agreed.amount_fen, "signed_on": agreed.signed_on}
    uow.record(events.EngagementContracted.of(row, **told, materials_by=row.turn_due_on))


def amend_contract(uow: UnitOfWork, *, engagement: int, agreed: Agreed) -> None:
    """Both sides have confirmed a change: amount and limit are those of the amendment.

    A running clock goes on with the new limit. Called by `contracts`, which records the event.
    """
    row = uow.lock(Engagement, engagement)
    was = row.limit_value
    _agree(row, agreed)
    if row.limit_value != was:
        working.reschedule(uow, row)


def _agree(row: Engagement, agreed: Agreed) -> None:
    row.amount_fen, row.limit_value = agreed.amount_fen, agreed.limit_days


def _keep_apart(uow: UnitOfWork, row: Engagement) -> None:
    """Nobody is contracted for an item that examines their own work, nor examines it afterwards."""
    project_services.require_independent(
        uow,
        project_id=row.project_id,
        item_code=row.item_code,
        organisation_id=row.provider_id,
    )
    item = catalogue.item_version(uow.session, row.item_version_id)
    if item.prepares:
        record_preparer(
            uow,
            project_id=row.project_id,
            item_codes=item.prepares,
            organisation_id=row.provider_id,
            record=(RECORD, row.id, row.number),
            service_code=item.code,
        )
