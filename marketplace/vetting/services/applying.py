"""The applicant's side: apply, send in again, take back."""

from dataclasses import dataclass

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.infra.numbers import next_number
from marketplace.infra.rows import content_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions import services as institution_services
from marketplace.institutions.rules.dossier import EvidenceKind, VersionState
from marketplace.institutions.services import Submission
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import optional
from marketplace.kernel.times import local_date
from marketplace.vetting import events, policy, rules
from marketplace.vetting.models import Case, Finding
from marketplace.vetting.queries import lists, standings
from marketplace.vetting.rules import CaseKind, CaseState, Ending, Result, Stage
from marketplace.vetting.services import casework

# Papers that stand by themselves; a change does not bring new ones.
_SIGNED = frozenset({EvidenceKind.UNDERTAKING, EvidenceKind.AUTHORISATION})


@dataclass(frozen=True)
class CaseRef:
    """A case that was just opened."""

    id: int
    public_id: str
    number: str


def submit_application(uow: UnitOfWork, *, listing: int | str) -> CaseRef:
    """Apply for the admission of a listing: the dossier is frozen, the case opened.

    The case goes to the association competent for the item in the institution's region. Refused
    while something is missing, while a provisional agent has another application open, and where
    no association is competent. Sent twice at once, it is opened once.
    """
    row = institutions.listing(uow.session, listing)
    _require_own(uow, row.organisation_id)
    open_cases = standings.open_case_count(uow.session, row.organisation_id)
    policy.may_submit(uow.actor, row.organisation_id, open_cases).require()
    submission = institution_services.submit_listing(uow, listing_id=row.id)
    return _open(uow, CaseKind.ADMISSION, submission, subject_id=None)


def submit_change_case(
    uow: UnitOfWork, *, institution: int | str, listing: int | str | None = None
) -> CaseRef:
    """Submit the changed facts or terms of an admitted institution; the old ones stay in force."""
    row = institutions.institution(uow.session, institution)
    _require_own(uow, row.organisation_id)
    policy.may_submit_later(uow.actor, row.organisation_id).require()
    listing_id = None if listing is None else institutions.listing(uow.session, listing).id
    submission = institution_services.submit_change(
        uow, institution_id=row.id, listing_id=listing_id
    )
    return _open(uow, CaseKind.CHANGE, submission, subject_id=row.id)


def submit_renewal_case(uow: UnitOfWork, *, qualification: int | str) -> CaseRef:
    """Submit a renewed certificate; the one in force stays until the decision."""
    if uow.actor.organisation_id is None:
        raise NotFound
    policy.may_submit_later(uow.actor, uow.actor.organisation_id).require()
    submission = institution_services.submit_renewal(uow, qualification_id=qualification)
    _require_own(uow, submission.organisation_id)
    renewed = [record_id for kind, record_id in submission.evidence if kind == "qualification"]
    return _open(uow, CaseKind.RENEWAL, submission, subject_id=renewed[0])


def submit_readmission_case(uow: UnitOfWork, *, listing: int | str) -> CaseRef:
    """Apply for the re-admission of a removed listing that was put right.

    Judged like an admission, with one question more: whether what led to the removal is put
    right. Refused before the minimum period is over, while something is missing, and while a change
    or renewal is open, which would come into force without its own decision.
    """
    row = institutions.listing(uow.session, listing)
    _require_own(uow, row.organisation_id)
    policy.may_submit_later(uow.actor, row.organisation_id).require()
    submission = casework.hand_in_readmission(uow, row.id)
    return _open(uow, CaseKind.READMISSION, submission, subject_id=None)


def _require_own(uow: UnitOfWork, organisation_id: int) -> None:
    if not uow.actor.acts_for(organisation_id):
        raise NotFound


def _open(
    uow: UnitOfWork, kind: CaseKind, submission: Submission, *, subject_id: int | None
) -> CaseRef:
    session = uow.session
    association_id = standings.judge_of(
        session, submission.item_code, submission.region_code, submission.organisation_id
    )
    if association_id is None:
        raise Refused("vetting.no_association")
    today = local_date(uow.now)
    case = uow.add(
        Case(
            number=next_number(session, "SH", today.year),
            kind=kind,
            state=CaseState.RECEIVED,
            listing_id=submission.listing_id,
            institution_id=submission.institution_id,
            subject_id=subject_id,
            organisation_id=submission.organisation_id,
            association_id=association_id,
            applicant_name=accounts.organisation(session, submission.organisation_id).name,
            item_code=submission.item_code,
            item_version_id=catalogue.item(session, submission.item_code, today).version_id,
            region_code=submission.region_code,
            submitted_by=uow.user_id,
            opened_at=uow.now,
            received_at=uow.now,
        )
    )
    if kind is not CaseKind.ADMISSION:
        casework.freeze(uow, case, 0, _in_force(uow, submission))
    casework.freeze(uow, case, 1, submission.evidence)
    casework.reschedule(uow, case)
    uow.record(events.CaseOpened.of(case))
    return CaseRef(case.id, case.public_id, case.number)


def _in_force(uow: UnitOfWork, submission: Submission) -> list[tuple[str, int]]:
    """The versions that what was submitted would replace or leaves as they are."""
    session = uow.session
    stated = institutions.dossier(session, submission.institution_id, evidence=submission.evidence)
    found: list[tuple[str, int | None]] = [
        (EvidenceKind.QUALIFICATION, row.id if _holds(row.state) else row.replaces_id)
        for row in stated.qualifications
    ]
    found += [
        (EvidenceKind.PRACTITIONER, row.id) for row in stated.practitioners if _holds(row.state)
    ]
    if stated.facts is not None:
        facts = institutions.facts_in_force(session, submission.institution_id)
        found.append((EvidenceKind.FACTS, facts.id if facts else None))
    if stated.terms:
        terms = institutions.terms_in_force(session, submission.listing_id)
        found.append((EvidenceKind.TERMS, terms.id if terms else None))
    found += [one for one in submission.evidence if one[0] in _SIGNED]
    return [(kind, record_id) for kind, record_id in found if record_id is not None]


def _holds(state: VersionState) -> bool:
    return state is VersionState.IN_FORCE


def resubmit(uow: UnitOfWork, *, case: int | str) -> None:
    """Send the corrected dossier in again, to the same examiner where there is one.

    Answers "in order" about records that did not change stay; everything else is looked at again.
    """
    row, standing = casework.lock_case(uow, case)
    policy.may_resubmit(uow.actor, standing).require()
    submission = casework.hand_in(uow, row)
    pause = row.pauses[-1]
    pause.answered_at = uow.now
    if pause.stage is Stage.COMPLETENESS:
        pause.resumed_at = uow.now
    row.state = rules.step(row.state, CaseState.RECEIVED)
    row.round += 1
    row.received_at = uow.now
    casework.freeze(uow, row, row.round, submission.evidence)
    _carry_over(uow, row)
    casework.reschedule(uow, row)
    uow.record(events.CaseResubmitted.of(row))


def _carry_over(uow: UnitOfWork, case: Case) -> None:
    """Keep the answers "in order" about everything that says the same as before."""
    session, before = uow.session, case.round - 1
    then = standings.contents(session, case, before)
    now = standings.contents(session, case, case.round)
    found = {row.point: row for row in standings.finding_rows(session, case.id, before)}
    for point in casework.points(session, case):
        row = found.get(rules.answer_that_holds(point, then, now) or "")
        if row is None or row.result is not Result.OK:
            continue
        kept = {"round": case.round, "point": point.key, "carried_over": True}
        session.add(Finding(**content_of(row, but=kept), **kept))
    session.flush()


def withdraw(uow: UnitOfWork, *, case: int | str, reason: str = "") -> None:
    """Take the application back before it is decided; a new one may follow at any time.

    Against a decision at the same instant one of the two wins, and the other is refused; so are
    reasons that hold a personal number.
    """
    row, standing = casework.lock_case(uow, case)
    policy.may_withdraw(uow.actor, standing).require()
    _take_back(uow, row, reason)


def end_with_listing(uow: UnitOfWork, *, case: int | str) -> None:
    """A change or renewal that was returned ends with the listing it was to be judged for."""
    row = uow.lock(Case, case)
    if row.state is CaseState.RETURNED and row.kind in {CaseKind.CHANGE, CaseKind.RENEWAL}:
        _take_back(uow, row, "")


def end_by_removal(uow: UnitOfWork, *, listing_id: int) -> None:
    """An application for a listing ends when the removal it was withdrawn from is decided."""
    for case_id in lists.open_case_ids(uow.session, listing_id):
        row = uow.lock(Case, case_id)
        if row.kind is CaseKind.ADMISSION and row.state in rules.OPEN:
            casework.close(uow, row, CaseState.WITHDRAWN, Ending.REMOVAL)
            uow.record(events.CaseEndedByRemoval.of(row))


def _take_back(uow: UnitOfWork, case: Case, reason: str) -> None:
    casework.close(uow, case, CaseState.WITHDRAWN, Ending.APPLICANT)
    casework.withdraw(uow, case)
    uow.record(events.CaseWithdrawn.of(case), words=optional(reason, "reason"))
