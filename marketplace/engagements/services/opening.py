"""How an engagement begins: an enterprise picks, or an award is made."""

from dataclasses import dataclass

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.competitions import queries as competitions
from marketplace.engagements import policy, queries, rules
from marketplace.engagements.events import EngagementRequested, EngagementTakenOn
from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import ClientKind, NoteKind, Origin, State
from marketplace.engagements.services import working
from marketplace.engagements.services.giving_up import RECORD
from marketplace.engagements.services.working import EngagementRef
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions import services as institution_services
from marketplace.institutions.queries import ListingRow
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit
from marketplace.projects import policy as project_policy
from marketplace.projects import queries as projects
from marketplace.projects import services as project_services
from marketplace.projects.rules import Claimant


def request_engagement(
    uow: UnitOfWork,
    *,
    project_id: int | str,
    item_code: str,
    listing_id: int | str,
    variant: str | None = None,
    limit_days: int | None = None,
    quotation_id: int | None = None,
    words: str = "",
    predecessor_id: int | None = None,
) -> EngagementRef:
    """Pick an admitted institution for an item of the enterprise's own project; it pays.

    The item is claimed for the enterprise in the same act. Refuses `listing.not_admitted`,
    `engagement.other_item`, `engagement.own_institution`, `engagement.item_for_departments`,
    `engagement.variant_needed`, `engagement.limit_too_long` and `project.item_claimed`, which
    says who holds the item. Another enterprise's project does not exist (`NotFound`).
    """
    policy.may_request(uow.actor).require()
    listing = institution_services.require_admitted(uow, listing_id)
    own_project_id = _own_project(uow, project_id)
    item = _offered_item(uow, listing, item_code)
    scope = _scope(item, variant, limit_days)
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
    )
    _claim(uow, row)
    row.request_note_id = working.say_if_any(uow, row, NoteKind.REQUEST, words)
    working.record(
        uow,
        row,
        EngagementRequested,
        number=row.number,
        answer_by=row.turn_due_on,
        predecessor_id=predecessor_id,
    )
    return EngagementRef(row.id, row.public_id, row.number)


def _own_project(uow: UnitOfWork, key: int | str) -> int:
    """The enterprise's project, while something may be commissioned for it."""
    project = projects.standing(uow.session, uow.actor, key)
    if not project_policy.may_see(uow.actor, project):
        raise NotFound
    project_policy.may_act_as_enterprise(uow.actor, project).require()
    return project.project_id


def _offered_item(uow: UnitOfWork, listing: ListingRow, item_code: str) -> ItemRow:
    """The item as it stands today, offered by another organisation and open to enterprises."""
    if listing.item_code != item_code:
        raise Refused("engagement.other_item", field="listing")
    if uow.actor.acts_for(listing.organisation_id):
        raise Refused("engagement.own_institution")
    item = catalogue.item(uow.session, item_code, local_date(uow.now))
    if item.open_to == "department":
        raise Refused("engagement.item_for_departments")
    return item


def _promised_days(uow: UnitOfWork, listing: ListingRow) -> int | None:
    terms = institutions.terms_in_force(uow.session, listing.id)
    return terms.promised_days if terms else None


def _claim(uow: UnitOfWork, row: Engagement) -> None:
    project_services.claim_item(
        uow,
        project_id=row.project_id,
        item_code=row.item_code,
        claimed_by=Claimant.ENTERPRISE,
        record_kind=RECORD,
        record_id=row.id,
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
    if queries.open_of_award(uow.session, competition_id) is not None:
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
    working.record(uow, row, EngagementTakenOn, contract_by=due, competition_id=competition_id)
    return EngagementRef(row.id, row.public_id, row.number)


@dataclass(frozen=True)
class Scope:
    """What is to be done: the item, its class, and within which limit."""

    item: ItemRow
    variant: str
    limit: Limit


def _scope(item: ItemRow, key: str | None, limit_days: int | None) -> Scope:
    """The class of the item and its limit; an item without classes has only its limit."""
    if not item.variants:
        return Scope(item, "", rules.agreed_limit(item.limit, limit_days))
    for variant in item.variants:
        if variant.key == key:
            return Scope(item, variant.key, rules.agreed_limit(variant.limit, limit_days))
    raise Refused("engagement.variant_needed", field="variant")


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
        variant=scope.variant,
        limit_value=scope.limit.value,
        limit_unit=scope.limit.unit,
        payer=facts["client_kind"],
        requested_at=uow.now,
        requested_by=uow.actor.user_id,
        state_since=uow.now,
        **facts,
    )
    working.reschedule(uow, row)
    return uow.add(row)
