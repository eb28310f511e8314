"""How a case stands: what services and policies ask before an act."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import MemberRow
from marketplace.accounts.queries.offices import judge_for
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules.items import HeldQualification
from marketplace.infra.facts import values_of
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions import queries as institutions
from marketplace.institutions.facts import CERTIFICATE, FACTS, PERSON, PROMISE
from marketplace.institutions.queries import (
    Dossier,
    PractitionerRow,
    QualificationRow,
    TermsRow,
)
from marketplace.institutions.rules.dossier import EvidenceKind
from marketplace.kernel.times import local_date
from marketplace.vetting import rules
from marketplace.vetting.models import Case, CaseEvidence, Competence, Finding
from marketplace.vetting.policy import EXAMINERS, Standing
from marketplace.vetting.queries.rows import CompetenceRow, OpenChange
from marketplace.vetting.rules import OPEN, CaseKind, Evidence, Limits, Point

_STANDING = row_of(Standing, Case, returns_left=LATER, ties=LATER, trail=LATER, lapsed_on=LATER)
_CHANGE = row_of(OpenChange, Case)
_COMPETENCE = row_of(CompetenceRow, Competence)


def limits(session: Session, on: date) -> Limits:
    """The limits in force on a day; a case keeps those of the day it was opened."""
    rulebook = catalogue.rulebook(session)
    return Limits(
        completeness=int(rulebook.value("vetting.completeness_days", on)),
        substance=int(rulebook.value("vetting.substance_days", on)),
        lapse=int(rulebook.value("vetting.correction_lapse_days", on)),
        yellow=int(rulebook.value("clock.yellow_days", on)),
    )


def standing(session: Session, case: Case, today: date) -> Standing:
    """What the policies ask of a case, with everybody who may not judge it."""
    allowed = catalogue.rule(session, "vetting.corrections_allowed", local_date(case.opened_at))
    return _STANDING.of(
        case,
        returns_left=max(0, int(allowed) - len(case.pauses)),
        ties=accounts.ties(session, case.organisation_id, today),
        trail=accounts.trail(session, {"vetting_case": (case.id,)}),
        lapsed_on=rules.lapsed_on(case.state, case.due_on, today),
    )


def examiners(session: Session, association_id: int) -> tuple[MemberRow, ...]:
    """Who may examine for an association, or for a supervisor in its place."""
    return accounts.members_with(session, association_id, *EXAMINERS)


def open_case_count(session: Session, organisation_id: int) -> int:
    """How many cases of an applicant are open."""
    query = select(func.count(Case.id)).where(
        Case.organisation_id == organisation_id, Case.state.in_(OPEN)
    )
    return session.scalars(query).one()


def open_change(session: Session, institution_id: int) -> OpenChange | None:
    """The oldest change or renewal of an institution's dossier that is not decided yet."""
    query = _CHANGE.query().where(
        Case.institution_id == institution_id,
        Case.kind.in_((CaseKind.CHANGE, CaseKind.RENEWAL)),
        Case.state.in_(OPEN),
    )
    return next(iter(_CHANGE.all(session, query.order_by(Case.id).limit(1))), None)


def evidence_of(session: Session, case_id: int, round_number: int) -> tuple[Evidence, ...]:
    """The records a round of the case judges, in their frozen versions."""
    query = select(CaseEvidence.kind, CaseEvidence.record_id).where(
        CaseEvidence.case_id == case_id, CaseEvidence.round == round_number
    )
    return tuple(sorted(Evidence(kind, record_id) for kind, record_id in session.execute(query)))


def finding_rows(session: Session, case_id: int, round_number: int) -> Sequence[Finding]:
    """The findings of a round."""
    query = select(Finding).where(Finding.case_id == case_id, Finding.round == round_number)
    return session.scalars(query.order_by(Finding.id)).all()


def points_of(session: Session, case: Case, round_number: int) -> tuple[Point, ...]:
    """The checklist of a round: about what it brings, not about what is in force already."""
    item = catalogue.item_version(session, case.item_version_id)
    in_force = frozenset(evidence_of(session, case.id, 0))
    return rules.checklist(
        case.kind,
        [one for one in evidence_of(session, case.id, round_number) if one not in in_force],
        has_requirements=not item.requirements.none,
        has_limit=not item.of_market,
    )


def frozen_dossier(session: Session, case: Case, round_number: int) -> Dossier:
    """The dossier exactly as a round of the case judges it."""
    frozen = evidence_of(session, case.id, round_number)
    return institutions.dossier(
        session,
        case.institution_id,
        evidence=[(EvidenceKind(one.kind), one.record_id) for one in frozen],
    )


def contents(session: Session, case: Case, round_number: int) -> dict[Evidence, Hashable]:
    """What the records of a round say, without what only tells versions apart."""
    dossier = frozen_dossier(session, case, round_number)
    found: dict[Evidence, Hashable] = {
        **{Evidence("qualification", row.id): _certificate(row) for row in dossier.qualifications},
        **{Evidence("practitioner", row.id): _person(row) for row in dossier.practitioners},
        **{Evidence("terms", row.id): _promise(row) for row in dossier.terms},
    }
    if dossier.facts is not None:
        ties = tuple(replace(row, id=0) for row in dossier.affiliations)
        profile = values_of(FACTS, dossier.facts)
        found[Evidence("facts", dossier.facts.id)] = (profile, dossier.facts.has_ties, ties)
    for one in evidence_of(session, case.id, round_number):
        found.setdefault(one, one)
    return found


def _certificate(row: QualificationRow) -> Hashable:
    return values_of(CERTIFICATE, row), row.line, row.scan_file_id


def _person(row: PractitionerRow) -> Hashable:
    return values_of(PERSON, row), row.line, row.scan_file_id, row.left_on


def _promise(row: TermsRow) -> Hashable:
    return values_of(PROMISE, row), row.listing_id, row.item_version_id


def held(dossier: Dossier) -> tuple[HeldQualification, ...]:
    """The certificates of a dossier as the requirements of an item ask for them."""
    return tuple(
        HeldQualification(
            row.kind, row.level, row.specialty, row.valid_from, row.valid_to, key=row.id
        )
        for row in dossier.qualifications
    )


def competent_association(session: Session, item_code: str, region_code: str) -> int | None:
    """The association competent for an item in a region: the nearest region upwards wins."""
    rows = session.execute(
        select(Competence.region_code, Competence.association_id).where(
            Competence.item_code == item_code
        )
    )
    by_region: dict[str, int] = {row[0]: row[1] for row in rows}
    return _nearest(by_region, catalogue.regions(session).upwards(region_code))


def places_of(session: Session, association_id: int) -> list[tuple[frozenset[str], frozenset[str]]]:
    """The regions in which an association is competent, each with the items it is so for there."""
    by_item: dict[str, dict[str, int]] = {}
    for one in competences(session):
        by_item.setdefault(one.item_code, {})[one.region_code] = one.association_id
    tree = catalogue.regions(session)
    upwards = {one.code: tree.upwards(one.code) for one in tree.rows}
    found: dict[frozenset[str], set[str]] = {}
    for item, by_region in by_item.items():
        codes = (code for code, up in upwards.items() if _nearest(by_region, up) == association_id)
        found.setdefault(frozenset(codes), set()).add(item)
    return [(codes, frozenset(items)) for codes, items in found.items() if codes]


def _nearest(by_region: Mapping[str, int], upwards: Iterable[str]) -> int | None:
    """The association of the first of these regions that has one."""
    return next((by_region[code] for code in upwards if code in by_region), None)


def judge_of(
    session: Session, item_code: str, region_code: str, organisation_id: int
) -> int | None:
    """Who vets and removes what an institution offers: the association competent for it.

    What the association itself offers goes to the supervisor of its region.
    """
    matter = (item_code, region_code, organisation_id)
    return judges_of(session, [matter])[matter]


def judges_of(
    session: Session, matters: Collection[tuple[str, str, int]]
) -> dict[tuple[str, str, int], int | None]:
    """Who judges each of these matters: an item, the region and the organisation that offers it."""
    competent = {
        place: competent_association(session, *place)
        for place in {(item_code, region_code) for item_code, region_code, _ in matters}
    }
    return {one: judge_for(session, competent[one[:2]], one[2]) for one in matters}


def competences(session: Session) -> tuple[CompetenceRow, ...]:
    """Who is competent for what, by item and region."""
    query = _COMPETENCE.query().order_by(Competence.item_code, Competence.region_code)
    return _COMPETENCE.all(session, query)
