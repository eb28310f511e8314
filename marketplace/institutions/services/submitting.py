"""The institution hands over an application, a change, a renewal: frozen when submitted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import policy
from marketplace.institutions.events import ChangeSubmitted, ListingSubmitted, RenewalSubmitted
from marketplace.institutions.models.dossier import Institution, Qualification
from marketplace.institutions.models.market import DossierSubmission, Listing, SubmittedEvidence
from marketplace.institutions.queries import current, dossiers
from marketplace.institutions.rules import dossier
from marketplace.institutions.rules.market import EDITABLE, IN_VETTING, LISTED, ListingState
from marketplace.institutions.services import dossier as held
from marketplace.institutions.services.grounds import watch_expiry
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date

Evidence = tuple[tuple[dossier.EvidenceKind, int], ...]


@dataclass(frozen=True)
class Submission:
    """What was handed over: for which listing, and exactly which versions."""

    submission_id: int
    kind: dossier.SubmissionKind
    listing_id: int
    institution_id: int
    organisation_id: int
    item_code: str
    region_code: str
    evidence: Evidence


@dataclass(frozen=True)
class TakenOver:
    """Which kinds of versions came into force, and the terms among them."""

    kinds: frozenset[dossier.EvidenceKind]
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
    kind: dossier.SubmissionKind,
    rows: Iterable[Any],
    papers: Iterable[tuple[dossier.EvidenceKind, int]] = (),
    line: str = "",
) -> Submission:
    """Freeze the versions and open a submission that names them."""
    evidence: list[tuple[dossier.EvidenceKind, int]] = []
    for row in rows:
        held.submit_version(uow, row)
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


def _kind_of(row: Any) -> dossier.EvidenceKind:
    return next(kind for kind, (model, _) in current.VERSION_MODELS.items() if type(row) is model)


def _versions(
    uow: UnitOfWork, submission: DossierSubmission
) -> Iterable[tuple[dossier.EvidenceKind, Any]]:
    for piece in submission.evidence:
        kind = piece.kind
        if kind in current.VERSION_MODELS:
            model, _line = current.VERSION_MODELS[kind]
            yield kind, uow.session.get_one(model, piece.record_id)


def close(
    uow: UnitOfWork, submission: DossierSubmission, outcome: dossier.SubmissionOutcome
) -> None:
    """Nothing lies with the association any more for this submission."""
    submission.closed_at, submission.outcome = uow.now, outcome
    uow.session.flush()


def hand_back(
    uow: UnitOfWork, submission: DossierSubmission, outcome: dossier.SubmissionOutcome
) -> None:
    """End a submission without effect: what was frozen goes on as drafts to correct.

    A version another open submission holds stays with it; the correction is a newer one.
    """
    close(uow, submission, outcome)
    for kind, row in _versions(uow, submission):
        if row.state != dossier.VersionState.SUBMITTED:
            continue
        held.draft_copy(uow, kind, row)
        if not current.lies_elsewhere(uow.session, kind, row.id, submission.id):
            held.drop_version(row)
    uow.session.flush()


def take_over(uow: UnitOfWork, submission: DossierSubmission, case_id: int) -> TakenOver:
    """Put what was approved in force in place of what it replaces."""
    close(uow, submission, dossier.SubmissionOutcome.IN_FORCE)
    kinds: set[dossier.EvidenceKind] = set()
    ids: dict[dossier.EvidenceKind, int] = {}
    for kind, row in _versions(uow, submission):
        if held.put_version_in_force(uow, kind, row, case_id):
            kinds.add(kind)
            ids[kind] = row.id
            if isinstance(row, Qualification):
                watch_expiry(uow, row)
    uow.session.flush()
    return TakenOver(
        frozenset(kinds), ids.get(dossier.EvidenceKind.FACTS), ids.get(dossier.EvidenceKind.TERMS)
    )


# A change does not have to mend what suspends a listing, and needs no letter.
_NOT_FOR_A_CHANGE = frozenset({dossier.Section.QUALIFICATIONS, dossier.Section.AUTHORISATION})


def submit_listing(uow: UnitOfWork, *, listing_id: int | str) -> Submission:
    """Hand an application over: all drafts are frozen, the listing is `submitted`.

    Refuses `listing.not_editable` unless it is drafted or returned, `listing.too_early` before the
    minimum period after a removal is over, `listing.incomplete` with what is missing, and what the
    policy refuses to a provisional agent.
    """
    locked = held.lock_own_listing(uow, listing_id)
    institution, listing = locked.institution, locked.listing
    elsewhere = any(
        other.state in IN_VETTING | LISTED | {ListingState.RETURNED}
        for other in held.other_listings(uow, listing)
    )
    policy.may_apply(uow.actor, institution, applies_elsewhere=elsewhere).require()
    if listing.state not in EDITABLE:
        raise Refused("listing.not_editable")
    today = local_date(uow.now)
    if listing.readmission_from is not None and today < listing.readmission_from:
        raise Refused("listing.too_early", day=listing.readmission_from)
    require_complete(dossiers.missing(uow.session, listing.id, today))

    submission = hand_over(
        uow,
        institution,
        listing,
        dossier.SubmissionKind.ADMISSION,
        whole_dossier(uow, institution, listing),
        papers(uow, institution),
    )
    listing.submitted_at = uow.now
    held.step_listing(uow, listing, ListingState.SUBMITTED)
    uow.record(ListingSubmitted.of(listing, submission_id=submission.submission_id))
    return submission


def submit_change(
    uow: UnitOfWork, *, institution_id: int | str, listing_id: int | str | None = None
) -> Submission:
    """Hand changed facts over, vetted for one listing; the old ones stay in force until then.

    Without `listing_id` it is the oldest listing in the market with drafted terms, else the
    oldest. Renewals of certificates have their own way. Refuses `change.already_open`,
    `change.no_listing`, `change.nothing` and `listing.incomplete`.
    """
    institution = held.lock_own(uow, institution_id)
    policy.may_act(uow.actor, institution).require()
    session = uow.session
    if current.open_submission(
        session, institution_id=institution.id, kind=dossier.SubmissionKind.CHANGE
    ):
        raise Refused("change.already_open")
    listing = _listing_for_change(uow, institution, listing_id)
    rows = _changed_dossier(uow, institution, listing)
    if not any(row.state == dossier.VersionState.DRAFT for row in rows):
        raise Refused("change.nothing")
    missing = dossiers.missing(session, listing.id, local_date(uow.now))
    require_complete(tuple(one for one in missing if one.section not in _NOT_FOR_A_CHANGE))

    submission = hand_over(
        uow, institution, listing, dossier.SubmissionKind.CHANGE, rows, papers(uow, institution)
    )
    uow.record(ChangeSubmitted(institution.id, listing.id, submission.submission_id))
    return submission


def submit_renewal(uow: UnitOfWork, *, qualification_id: int | str) -> Submission:
    """Hand a renewed certificate over, vetted for the oldest listing that rests on it.

    Any version's id names the line. Refuses `renewal.already_open`, `renewal.nothing`,
    `renewal.no_scan`, `renewal.expired` and `renewal.no_listing`.
    """
    found = uow.find(Qualification, qualification_id)
    institution = held.lock_own(uow, found.institution_id)
    policy.may_act(uow.actor, institution).require()
    draft = _drafted_renewal(uow, found)
    listing = _listing_for_renewal(uow, institution, draft)

    submission = hand_over(
        uow, institution, listing, dossier.SubmissionKind.RENEWAL, [draft], line=draft.line
    )
    uow.record(RenewalSubmitted(institution.id, listing.id, submission.submission_id, draft.line))
    return submission


def require_complete(missing: tuple[dossier.Missing, ...]) -> None:
    """Refuse `listing.incomplete` while something is missing."""
    if missing:
        raise Refused("listing.incomplete", count=len(missing))


def papers(uow: UnitOfWork, institution: Institution) -> list[tuple[dossier.EvidenceKind, int]]:
    """The signed undertaking and the letter, where there are such."""
    found = []
    undertaking = dossiers.signed_undertaking(uow.session, institution.id)
    if undertaking is not None:
        found.append((dossier.EvidenceKind.UNDERTAKING, undertaking.id))
    if institution.authorisation_file_id is not None:
        found.append((dossier.EvidenceKind.AUTHORISATION, institution.authorisation_file_id))
    return found


def _in_market(uow: UnitOfWork, institution: Institution) -> list[Listing]:
    rows = current.listings_of_institution(uow.session, institution.id)
    listed = [row for row in rows if row.state in LISTED]
    return sorted(listed, key=lambda row: (row.admitted_at, row.id))


def _listing_for_change(
    uow: UnitOfWork, institution: Institution, listing_id: int | str | None
) -> Listing:
    if listing_id is not None:
        locked = held.lock_own_listing(uow, listing_id)
        if locked.institution.id != institution.id or locked.listing.state not in LISTED:
            raise Refused("change.no_listing")
        return locked.listing
    listed = _in_market(uow, institution)
    if not listed:
        raise Refused("change.no_listing")
    drafted = [row for row in listed if _terms_drafted(uow, row)]
    return (drafted or listed)[0]


def _terms_drafted(uow: UnitOfWork, listing: Listing) -> bool:
    terms = current.current_terms(uow.session, listing.id)
    return terms is not None and terms.state == dossier.VersionState.DRAFT


def _changed_dossier(uow: UnitOfWork, institution: Institution, listing: Listing) -> list[Any]:
    """The whole dossier without drafted renewals."""
    rows = whole_dossier(uow, institution, listing)
    certificates = [row for row in rows if isinstance(row, Qualification)]
    renewed = current.lines_in_force(current.current_qualifications(uow.session, institution.id))
    left_out = {
        row.id
        for row in certificates
        if row.line in renewed and row.state != dossier.VersionState.IN_FORCE
    }
    return [row for row in rows if not (isinstance(row, Qualification) and row.id in left_out)]


def _drafted_renewal(uow: UnitOfWork, found: Qualification) -> Qualification:
    session = uow.session
    if current.open_submission(session, line=found.line, kind=dossier.SubmissionKind.RENEWAL):
        raise Refused("renewal.already_open")
    rows = current.current_qualifications(session, found.institution_id)
    drafts = [
        row for row in rows if row.line == found.line and row.state == dossier.VersionState.DRAFT
    ]
    if not drafts or found.line not in current.lines_in_force(rows):
        raise Refused("renewal.nothing")
    draft = drafts[0]
    if draft.scan_file_id is None:
        raise Refused("renewal.no_scan")
    if draft.valid_to is not None and draft.valid_to < local_date(uow.now):
        raise Refused("renewal.expired", ended=draft.valid_to)
    return draft


def _listing_for_renewal(
    uow: UnitOfWork, institution: Institution, draft: Qualification
) -> Listing:
    free = [
        row
        for row in _in_market(uow, institution)
        if not current.open_submission(
            uow.session, listing_id=row.id, kind=dossier.SubmissionKind.RENEWAL
        )
    ]
    if not free:
        raise Refused("renewal.no_listing")
    resting = [row for row in free if _speaks_of(uow, row, draft.kind)]
    return (resting or free)[0]


def _speaks_of(uow: UnitOfWork, listing: Listing, kind: str) -> bool:
    needs = catalogue.item(uow.session, listing.item_code).requirements
    return any(need.kind == kind for need in needs.all_of + needs.any_of)
