"""How a competition stands: what services and policies ask before an act."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.competitions.models import Competition
from marketplace.competitions.policy import BidStanding, Standing
from marketplace.competitions.queries.reading import find, rerun_of
from marketplace.competitions.queries.rows import CompetitionRow, MyBid
from marketplace.competitions.rules import Background, Person, Tie, minimum_entrants
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import BackgroundRow
from marketplace.institutions.rules import AffiliationKind
from marketplace.kernel.times import local_date


def standing(session: Session, row: Competition | CompetitionRow) -> Standing:
    """What the policies ask of a competition."""
    people = (row.drafted_by, row.edited_by, row.proposed_by)
    return Standing(
        state=row.state,
        department_id=row.department_id,
        authors=frozenset(key for key in people if key is not None),
        opening_requester_id=row.opening_requested_by,
        evaluator_id=row.evaluated_by,
        closes_at=row.closes_at,
        failure=row.failure,
        reruns_left=_reruns_left(session, row),
    )


def _reruns_left(session: Session, row: Competition | CompetitionRow) -> int:
    if row.failure is None or row.ended_at is None or rerun_of(session, row.id) is not None:
        return 0
    allowed = int(catalogue.rule(session, "competition.reruns_allowed", local_date(row.ended_at)))
    earlier, before = 0, row.rerun_of_id
    while before is not None:
        earlier, before = earlier + 1, find(session, before).rerun_of_id
    return max(0, allowed - earlier)


def bid_standing(bid: MyBid | None) -> BidStanding:
    """What the policies ask of the own bid of an institution."""
    if bid is None or not bid.live:
        return BidStanding()
    return BidStanding(True, bid.justify_by if bid.low_priced else None, bool(bid.justified_at))


def fewest_entrants(session: Session, row: Competition | CompetitionRow, on: date) -> int:
    """How many independent entrants the competition needs."""
    return minimum_entrants(
        int(catalogue.rule(session, "competition.minimum_entrants", on)),
        int(catalogue.rule(session, "competition.minimum_entrants_merit_rerun", on)),
        merit=row.merit,
    )


def backgrounds(session: Session, organisation_ids: Collection[int]) -> dict[int, Background]:
    """Who stands behind each organisation, as the rules of independence ask it."""
    found = institutions.backgrounds(session, organisation_ids)
    return {key: _background(row) for key, row in found.items()}


def _background(row: BackgroundRow) -> Background:
    owners = [one for one in row.affiliations if one.kind is AffiliationKind.OWNER]
    ties = [one for one in row.affiliations if one.kind is not AffiliationKind.OWNER]
    return Background(
        organisation_id=row.organisation_id,
        credit_code=row.credit_code,
        ties=tuple(Tie(one.name, one.credit_code) for one in ties),
        owner_codes=frozenset(one.credit_code for one in owners if one.credit_code),
        owner_people=tuple(
            Person(one.name, one.number_hash) for one in owners if not one.credit_code
        ),
        legal_representative=row.legal_representative,
    )
