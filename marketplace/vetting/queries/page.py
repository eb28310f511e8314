"""One case with everything its page shows: dossier, checklist, hints, papers, returns, history."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import person_name
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.rules.items import missing_requirements
from marketplace.infra.files import find_files
from marketplace.infra.finding import find_row
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions.queries import Dossier, QualificationRow
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit
from marketplace.vetting import rules
from marketplace.vetting.models import Case, CasePause, Finding
from marketplace.vetting.queries import standings
from marketplace.vetting.queries.lists import case_row
from marketplace.vetting.queries.rows import (
    Answered,
    CasePage,
    Document,
    PointRow,
    ReturnRow,
)
from marketplace.vetting.rules import CaseKind, Hint, Point, Result

_PAGE = row_of(
    CasePage,
    Case,
    case=LATER,
    standing=LATER,
    association_name=LATER,
    clock=LATER,
    item=LATER,
    dossier=LATER,
    points=LATER,
    documents=LATER,
    returns=LATER,
    history=LATER,
    before=LATER,
    in_force=LATER,
    proposer_name=LATER,
    decider_name=LATER,
)
_ANSWER = row_of(Answered, Finding, found_by=person_name(Finding.found_by))
_RETURN = row_of(ReturnRow, CasePause, returned_at=CasePause.paused_at, points=LATER)


def hints(session: Session, case: Case, dossier: Dossier, today: date) -> dict[str, Hint]:
    """What can be computed, by the key of the point."""
    item = catalogue.item_version(session, case.item_version_id)
    found = {
        "affiliations": _affiliations(dossier),
        "conflict": Hint("ties", None, {"count": len(dossier.ties)}),
        **_certificates(dossier, today),
    }
    if case.kind is not CaseKind.RENEWAL:
        found["requirement"] = _requirement(session, item, dossier, today)
    terms = dossier.terms_of(case.listing_id)
    if terms is not None and not item.of_market:
        found["promised_days"] = Hint(
            "promised_days",
            terms.promised_days <= item.longest_limit.value,
            {
                "promised": Limit(terms.promised_days, item.longest_limit.unit),
                "limit": item.longest_limit,
            },
        )
    active = [row for row in dossier.practitioners if row.left_on is None]
    found["practitioners"] = Hint("practitioners", None, {"count": len(active)})
    if dossier.undertaking is not None:
        found["undertaking"] = Hint("undertaking", True)
    return found


def _affiliations(dossier: Dossier) -> Hint:
    return Hint("affiliations", None, {"owners": len(dossier.owners), "ties": len(dossier.ties)})


def _requirement(session: Session, item: ItemRow, dossier: Dossier, today: date) -> Hint:
    levels = catalogue.level_order(session)
    missing = missing_requirements(item.requirements, standings.held(dossier), levels, today)
    return Hint("requirement_missing", False) if missing else Hint("requirement_met", True)


def _certificates(dossier: Dossier, today: date) -> dict[str, Hint]:
    return {f"certificate:{row.id}": _validity(row, today) for row in dossier.qualifications}


def _validity(row: QualificationRow, today: date) -> Hint:
    details = {"since": row.valid_from.isoformat()}
    if row.valid_to is None:
        return Hint("certificate_unlimited", row.valid_from <= today, details)
    details["until"] = row.valid_to.isoformat()
    return Hint("certificate_dates", row.valid_from <= today <= row.valid_to, details)


def case_page(session: Session, key: int | str, today: date) -> CasePage:
    """Everything the page of a case shows; raises `NotFound`. Who may see it is the policy's."""
    case = find_row(session, Case, key)
    calendar = catalogue.calendar(session)
    dossier = standings.frozen_dossier(session, case, case.round)
    before = standings.frozen_dossier(session, case, case.round - 1) if case.round > 1 else None
    people = accounts.people(session, {case.proposer_id, case.decider_id})
    return _PAGE.of(
        case,
        case=case_row(session, case.id, today),
        standing=standings.standing(session, case, today),
        association_name=accounts.organisation(session, case.association_id).name,
        clock=rules.case_clock(
            calendar, standings.limits(session, local_date(case.opened_at)), case, today
        ),
        item=catalogue.item_version(session, case.item_version_id),
        dossier=dossier,
        points=_points(session, case, dossier, before, today),
        documents=_documents(session, dossier, before),
        returns=_returns(session, case),
        history=accounts.history(session, "vetting_case", case.id),
        before=before,
        in_force=_in_force(session, case),
        proposer_name=people.get(case.proposer_id or 0, ""),
        decider_name=people.get(case.decider_id or 0, ""),
    )


def _in_force(session: Session, case: Case) -> Dossier | None:
    """What a change or a renewal would replace; None for an admission."""
    return None if case.kind is CaseKind.ADMISSION else standings.frozen_dossier(session, case, 0)


def _answers(session: Session, case: Case, round_number: int) -> dict[str, Answered]:
    query = _ANSWER.query().where(Finding.case_id == case.id, Finding.round == round_number)
    return {row.point: row for row in _ANSWER.all(session, query)}


def _points(
    session: Session, case: Case, dossier: Dossier, earlier: Dossier | None, today: date
) -> tuple[PointRow, ...]:
    answers = _answers(session, case, case.round)
    before = _answers(session, case, case.round - 1) if case.round > 1 else {}
    lines = _earlier_keys(earlier, dossier) if earlier else {}
    said = hints(session, case, dossier, today)
    return tuple(
        PointRow(
            point=point,
            answer=answers.get(point.key),
            before=before.get(lines.get(point.key, point.key)),
            subject=_subject(dossier, point),
            hint=said.get(point.key),
        )
        for point in standings.points_of(session, case, case.round)
    )


def _earlier_keys(before: Dossier, after: Dossier) -> dict[str, str]:
    """Keys of this round's certificates to those of the versions they correct."""
    old = {row.line: row.id for row in before.qualifications}
    return {
        f"{code}:{row.id}": f"{code}:{old[row.line]}"
        for row in after.qualifications
        if row.line in old
        for code in ("scan", "certificate")
    }


def _subject(dossier: Dossier, point: Point) -> str:
    """The number of the certificate a point is about."""
    if point.rests_on != "qualification" or point.record_id is None:
        return ""
    numbers = {row.id: row.certificate_number for row in dossier.qualifications}
    return numbers.get(point.record_id, "")


def _papers(dossier: Dossier) -> Iterable[tuple[str, str, int]]:
    """(section, title, key of the file) of every paper of a dossier."""
    if dossier.authorisation is not None:
        yield "authorisation", "", dossier.authorisation.id
    for certificate in dossier.qualifications:
        if certificate.scan_file_id is not None:
            yield "qualification", certificate.certificate_number, certificate.scan_file_id
    for person in dossier.practitioners:
        if person.scan_file_id is not None:
            yield "practitioner", person.name, person.scan_file_id


def _documents(session: Session, dossier: Dossier, before: Dossier | None) -> tuple[Document, ...]:
    known = set() if before is None else {file_id for _, _, file_id in _papers(before)}
    papers = list(_papers(dossier))
    files = find_files(session, {file_id for _, _, file_id in papers})
    return tuple(
        Document(section, title, files[file_id], new=before is not None and file_id not in known)
        for section, title, file_id in papers
    )


def _returns(session: Session, case: Case) -> tuple[ReturnRow, ...]:
    rows = []
    for pause in case.pauses:
        answers = _answers(session, case, pause.round)
        dossier = standings.frozen_dossier(session, case, pause.round)
        points = tuple(
            PointRow(point, answers[point.key], None, _subject(dossier, point), None)
            for point in standings.points_of(session, case, pause.round)
            if point.key in answers and answers[point.key].result is Result.NOT_OK
        )
        rows.append(_RETURN.of(pause, returned_at=pause.paused_at, points=points))
    return tuple(rows)


def points(session: Session, key: int | str) -> tuple[Point, ...]:
    """The checklist of a case in its present round."""
    case = find_row(session, Case, key)
    return standings.points_of(session, case, case.round)
