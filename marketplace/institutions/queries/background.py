"""Who stands behind an institution, as it declared: what tells whether two are independent."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.institutions.models import Affiliation, Institution, InstitutionFacts
from marketplace.institutions.rules import AffiliationKind, VersionState


@dataclass(frozen=True)
class StandsBehind:
    """An owner or a tied department: of a person only a keyed hash of the number."""

    kind: AffiliationKind
    name: str
    credit_code: str
    number_hash: str


@dataclass(frozen=True)
class BackgroundRow:
    """The facts in force of an institution, as far as independence is concerned."""

    organisation_id: int
    credit_code: str
    legal_representative: str
    affiliations: tuple[StandsBehind, ...]


def backgrounds(session: Session, organisation_ids: Collection[int]) -> dict[int, BackgroundRow]:
    """By organisation; an institution without facts in force has only its credit code."""
    codes = {
        key: row.credit_code
        for key, row in accounts.organisations(session, organisation_ids).items()
    }
    facts = session.execute(
        select(
            Institution.organisation_id, InstitutionFacts.id, InstitutionFacts.legal_representative
        )
        .join(InstitutionFacts, InstitutionFacts.institution_id == Institution.id)
        .where(
            Institution.organisation_id.in_(organisation_ids),
            InstitutionFacts.state == VersionState.IN_FORCE,
        )
    ).all()
    behind = _behind(session, [row[1] for row in facts])
    known = {
        organisation_id: BackgroundRow(
            organisation_id, codes.get(organisation_id, ""), head, behind.get(facts_id, ())
        )
        for organisation_id, facts_id, head in facts
    }
    bare = {key: BackgroundRow(key, code, "", ()) for key, code in codes.items()}
    return bare | known


def _behind(session: Session, facts_ids: Collection[int]) -> dict[int, tuple[StandsBehind, ...]]:
    found: dict[int, tuple[StandsBehind, ...]] = {}
    query = select(Affiliation).where(Affiliation.facts_id.in_(facts_ids)).order_by(Affiliation.id)
    for row in session.scalars(query):
        one = StandsBehind(
            AffiliationKind(row.kind), row.name, row.credit_code, row.id_number_hash or ""
        )
        found[row.facts_id] = (*found.get(row.facts_id, ()), one)
    return found
