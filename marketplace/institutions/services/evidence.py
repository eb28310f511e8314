"""What lies with the association: frozen when submitted, settled when it answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.models import (
    DossierSubmission,
    Institution,
    Listing,
    Qualification,
    SubmittedEvidence,
)
from marketplace.institutions.queries import current
from marketplace.institutions.rules import EvidenceKind, SubmissionKind, VersionState
from marketplace.institutions.services.validity import watch_expiry
from marketplace.institutions.services.versions import (
    draft_copy,
    drop_version,
    put_version_in_force,
    submit_version,
)
from marketplace.kernel.times import local_date

Evidence = tuple[tuple[EvidenceKind, int], ...]


@dataclass(frozen=True)
class Submission:
    """What was handed over: for which listing, and exactly which versions."""

    submission_id: int
    kind: SubmissionKind
    listing_id: int
    institution_id: int
    organisation_id: int
    item_code: str
    region_code: str
    evidence: Evidence


@dataclass(frozen=True)
class TakenOver:
    """Which kinds of versions came into force, and the terms among them."""

    kinds: frozenset[EvidenceKind]
    facts_id: int | None = None
    terms_id: int | None = None


def whole_dossier(uow: UnitOfWork, institution: Institution, listing: Listing) -> list[Any]:
    """The versions an application rests on: everything stated now, without expired certificates."""
    session, today = uow.session, local_date(uow.now)
    facts = current.current_facts(session, institution.id)
    terms = current.current_terms(session, listing.id)
    valid = [
        row
        for row in current.current_qualifications(session, institution.id)
        if row.valid_to is None or row.valid_to >= today
    ]
    people = current.current_practitioners(session, institution.id)
    return [row for row in (facts, *valid, *people, terms) if row is not None]


def hand_over(
    uow: UnitOfWork,
    institution: Institution,
    listing: Listing,
    kind: SubmissionKind,
    rows: Iterable[Any],
    papers: Iterable[tuple[EvidenceKind, int]] = (),
    line: str = "",
) -> Submission:
    """Freeze the versions and open a submission that names them."""
    evidence: list[tuple[EvidenceKind, int]] = []
    for row in rows:
        submit_version(uow, row)
        evidence.append((_kind_of(row), row.id))
    evidence.extend(papers)
    submission = uow.add(
        DossierSubmission(
            institution_id=institution.id,
            listing_id=listing.id,
            kind=kind,
            line=line,
            opened_at=uow.now,
            opened_by=uow.actor.user_id,
        )
    )
    submission.evidence = [SubmittedEvidence(kind=k, record_id=i) for k, i in evidence]
    uow.session.flush()
    facts = current.current_facts(uow.session, institution.id)
    return Submission(
        submission_id=submission.id,
        kind=kind,
        listing_id=listing.id,
        institution_id=institution.id,
        organisation_id=institution.organisation_id,
        item_code=listing.item_code,
        region_code=facts.region_code if facts else "",
        evidence=tuple(evidence),
    )


def _kind_of(row: Any) -> EvidenceKind:
    return next(kind for kind, (model, _) in current.VERSION_MODELS.items() if type(row) is model)


def _versions(uow: UnitOfWork, submission: DossierSubmission) -> Iterable[tuple[EvidenceKind, Any]]:
    for piece in submission.evidence:
        kind = EvidenceKind(piece.kind)
        if kind in current.VERSION_MODELS:
            model, _line = current.VERSION_MODELS[kind]
            yield kind, uow.session.get_one(model, piece.record_id)


def close(uow: UnitOfWork, submission: DossierSubmission, outcome: str) -> None:
    """Nothing lies with the association any more for this submission."""
    submission.closed_at, submission.outcome = uow.now, outcome
    uow.session.flush()


def hand_back(uow: UnitOfWork, submission: DossierSubmission, outcome: str) -> None:
    """End a submission without effect: what was frozen goes on as drafts to correct.

    A version another open submission holds stays with it; the correction is a newer one.
    """
    close(uow, submission, outcome)
    for kind, row in _versions(uow, submission):
        if row.state != VersionState.SUBMITTED:
            continue
        draft_copy(uow, kind, row)
        if not current.lies_elsewhere(uow.session, kind, row.id, submission.id):
            drop_version(row)
    uow.session.flush()


def take_over(uow: UnitOfWork, submission: DossierSubmission, case_id: int) -> TakenOver:
    """Put what was approved in force in place of what it replaces."""
    close(uow, submission, "in_force")
    kinds: set[EvidenceKind] = set()
    ids: dict[EvidenceKind, int] = {}
    for kind, row in _versions(uow, submission):
        if put_version_in_force(uow, kind, row, case_id):
            kinds.add(kind)
            ids[kind] = row.id
            if isinstance(row, Qualification):
                watch_expiry(uow, row)
    uow.session.flush()
    return TakenOver(frozenset(kinds), ids.get(EvidenceKind.FACTS), ids.get(EvidenceKind.TERMS))
