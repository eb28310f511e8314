"""How an engagement begins: an enterprise picks, or an award is made."""

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
    project = projects.standing(uow.session, uow.actor, project_id)
    if not project_policy.may_see(uow.actor, project):
        raise NotFound
    project_policy.may_act_as_enterprise(uow.actor, project).require()
    if listing.item_code != item_code:
        raise Refused("engagement.other_item", field="listing")
    if uow.actor.acts_for(listing.organisation_id):
        raise Refused("engagement.own_institution")
    item = catalogue.item(uow.session, item_code, local_date(uow.now))
    if item.open_to == "department":
        raise Refused("engagement.item_for_departments")
    chosen, listed = _variant(item, variant)
    terms = institutions.terms_in_force(uow.session, listing.id)
    row = _begin(
        uow,
        origin=Origin.PICK,
        state=State.REQUESTED,
        project_id=project.project_id,
        item=item,
        variant=chosen,
        limit=rules.agreed_limit(listed, limit_days),
        promised_days=terms.promised_days if terms else None,
        listing_id=listing.id,
        client_id=uow.actor.organisation_id or 0,
        client_kind=ClientKind.ENTERPRISE,
        provider_id=listing.organisation_id,
        quotation_id=quotation_id,
        predecessor_id=predecessor_id,
    )
    project_services.claim_item(
        uow,
        project_id=project.project_id,
        item_code=item_code,
        claimed_by=Claimant.ENTERPRISE,
        record_kind=RECORD,
        record_id=row.id,
    )
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
    listing = institutions.listing(uow.session, listing_id)
    item = catalogue.item_version(uow.session, competition.item_version_id)
    row = _begin(
        uow,
        origin=Origin.AWARD,
        state=State.TAKEN_ON,
        project_id=project_id,
        item=item,
        variant="",
        limit=item.longest_limit,
        promised_days=promised_days,
        listing_id=listing.id,
        client_id=department_id,
        client_kind=ClientKind.DEPARTMENT,
        provider_id=listing.organisation_id,
        competition_id=competition_id,
        award_fen=amount_fen,
        taken_on_at=uow.now,
    )
    project_services.pass_claim(
        uow,
        record_kind="competition",
        record_id=competition_id,
        to_kind=RECORD,
        to_id=row.id,
    )
    working.record(
        uow,
        row,
        EngagementTakenOn,
        contract_by=row.turn_due_on,
        competition_id=competition_id,
    )
    return EngagementRef(row.id, row.public_id, row.number)


def _variant(item: ItemRow, key: str | None) -> tuple[str, Limit]:
    """The class of the item and its limit; an item without classes has only its limit."""
    if not item.variants:
        return "", item.limit
    for variant in item.variants:
        if variant.key == key:
            return variant.key, variant.limit
    raise Refused("engagement.variant_needed", field="variant")


def _begin(
    uow: UnitOfWork, *, item: ItemRow, limit: Limit, project_id: int, **facts: object
) -> Engagement:
    client_kind = facts["client_kind"]
    row = Engagement(
        number=next_number(uow.session, "WT", local_date(uow.now).year),
        project_id=project_id,
        region_code=projects.project(uow.session, project_id).region_code,
        item_code=item.code,
        item_version_id=item.version_id,
        limit_value=limit.value,
        limit_unit=limit.unit,
        payer=client_kind,
        requested_at=uow.now,
        requested_by=uow.actor.user_id,
        state_since=uow.now,
        **facts,
    )
    working.reschedule(uow, row)
    return uow.add(row)
