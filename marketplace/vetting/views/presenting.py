"""The dossier, the checklist and the history of a case as the pages say them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.wording import limit_text
from marketplace.infra.facts import Day, Facts, Share
from marketplace.institutions import queries as institutions
from marketplace.institutions.facts import CERTIFICATE, OWNER, PERSON, VETTED
from marketplace.institutions.wording import terms_text
from marketplace.kernel.money import percent
from marketplace.kernel.workdays import Limit
from marketplace.vetting import wording
from marketplace.vetting.queries import standings
from marketplace.vetting.queries.rows import CasePage, Document
from marketplace.vetting.rules import CaseState, Outcome
from marketplace.web import stating
from marketplace.web.context import current_actor, reading_session
from marketplace.web.frame import link
from marketplace.web.wording import label
from marketplace.web.words import day

SHOWN_PAGES = 50


@dataclass(frozen=True)
class Section:
    """A part of the dossier: rows for `summary_list`, with the place where it is changed."""

    key: str
    title: str
    rows: list[dict[str, Any]]
    change: str = ""


def without_people(page: CasePage) -> CasePage:
    """A case as who has a tie to the applicant sees it: without what is said of its people."""
    return replace(
        page,
        documents=(),
        dossier=_without_people(page.dossier),
        before=None if page.before is None else _without_people(page.before),
        in_force=None if page.in_force is None else _without_people(page.in_force),
    )


def _without_people(dossier: institutions.Dossier) -> institutions.Dossier:
    facts = dossier.facts
    owners = (replace(row, id_number_masked="") for row in dossier.affiliations)
    return replace(
        dossier,
        facts=None if facts is None else replace(facts, contact_name="", contact_mobile=None),
        affiliations=tuple(owners),
        practitioners=(),
        authorisation=None,
    )


def sections(
    dossier: institutions.Dossier, listing_id: int, *, changes: bool = False
) -> list[Section]:
    """The dossier section by section; with links to change them where `changes` is set."""

    def target(endpoint: str) -> str:
        return link(f"institutions.{endpoint}") if changes else ""

    parts: tuple[tuple[str, str, Callable[[], list[dict[str, Any]]]], ...] = (
        ("profile", "profile", lambda: stating.rows(VETTED, dossier.facts)),
        ("affiliations", "owners", lambda: _affiliations(dossier)),
        ("qualification", "qualifications", lambda: _certificates(dossier.qualifications)),
        ("practitioner", "practitioners", lambda: _practitioners(dossier.practitioners)),
        ("terms", "listings", lambda: _terms(dossier, listing_id)),
        ("undertaking", "undertaking", lambda: _undertaking(dossier)),
        ("authorisation", "authorisation", lambda: _authorisation(dossier)),
    )
    made = [
        Section(key, label(f"dossier.{key}"), rows(), target(endpoint))
        for key, endpoint, rows in parts
    ]
    return [section for section in made if section.rows]


def _row(name: str, value: object, note: str = "") -> dict[str, Any]:
    return {"label": name, "value": "" if value is None else str(value), "note": note}


def _affiliations(dossier: institutions.Dossier) -> list[dict[str, Any]]:
    if dossier.facts is None:
        return []
    owners = [_row(_("Owner"), _owner(row)) for row in dossier.owners]
    ties = [_row(_("Tie to a department"), _tie(row), row.note) for row in dossier.ties]
    if not ties and dossier.facts.has_ties is False:
        ties = [_row(_("Ties to departments"), _("None declared"))]
    return [*owners, *ties]


def _owner(row: institutions.AffiliationRow) -> str:
    parts = _said(OWNER, row, but=Share)
    if row.share_millionths is not None:
        parts.append(_("share %(percent)s %%", percent=percent(row.share_millionths)))
    return _list(parts)


def _said(table: Facts, row: object, *, but: type) -> list[str]:
    """What is vetted of a row, but for facts of one kind, which a sentence of their own says."""
    return [
        stating.said(fact, row) for fact in table if fact.vetted and not isinstance(fact.field, but)
    ]


def _tie(row: institutions.AffiliationRow) -> str:
    return _list([row.name, label(f"tie.{row.tie}") if row.tie else ""])


def _list(parts: Iterable[str]) -> str:
    return str(_(", ")).join(part for part in parts if part)


def certificate_text(row: institutions.QualificationRow) -> str:
    """A certificate in a line: kind, level, specialty, number, issuer, validity."""
    until = day(row.valid_to) if row.valid_to else _("without an end")
    validity = _("valid from %(since)s to %(until)s", since=day(row.valid_from), until=until)
    return _list([*_said(CERTIFICATE, row, but=Day), validity])


def _certificates(rows: Iterable[institutions.QualificationRow]) -> list[dict[str, Any]]:
    return [
        _row(_("Certificate %(number)s", number=index), certificate_text(row), row.scan_name)
        for index, row in enumerate(rows, 1)
    ]


def _practitioners(rows: Iterable[institutions.PractitionerRow]) -> list[dict[str, Any]]:
    return [_row(row.name, _person(row), row.scan_name) for row in rows if row.left_on is None]


# The name is the label of the row.
_OF_PERSON = tuple(fact for fact in PERSON if fact.name != "name")


def _person(row: institutions.PractitionerRow) -> str:
    parts = _said(_OF_PERSON, row, but=Day)
    if row.certificate_valid_to is not None:
        parts.append(_("until %(day)s", day=day(row.certificate_valid_to)))
    return _list(parts)


def _terms(dossier: institutions.Dossier, listing_id: int) -> list[dict[str, Any]]:
    terms = dossier.terms_of(listing_id)
    if terms is None:
        return []
    item = catalogue.item_version(reading_session(), terms.item_version_id)
    promised = Limit(terms.promised_days, item.longest_limit.unit)
    return [
        _row(_("Promised days"), limit_text(promised)),
        _row(_("Price"), terms_text(terms), terms.price_note),
    ]


def _undertaking(dossier: institutions.Dossier) -> list[dict[str, Any]]:
    signed = dossier.undertaking
    if signed is None:
        return []
    words = _("%(name)s on %(day)s", name=signed.signed_name, day=day(signed.signed_at))
    return [_row(_("Signed by"), words, _("Text of %(version)s", version=signed.text_version))]


def _authorisation(dossier: institutions.Dossier) -> list[dict[str, Any]]:
    letter = dossier.authorisation
    return [] if letter is None else [_row(_("Authorisation letter"), letter.name)]


def differences(
    before: institutions.Dossier, after: institutions.Dossier, listing_id: int
) -> list[dict[str, str]]:
    """What a correction changed, as rows for the diff of two versions."""
    old, new = _flat(before, listing_id), _flat(after, listing_id)
    return [
        {"label": name, "old": old.get(name, ""), "new": new.get(name, "")}
        for name in [*old, *(name for name in new if name not in old)]
        if old.get(name, "") != new.get(name, "")
    ]


def _flat(dossier: institutions.Dossier, listing_id: int) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for section in sections(dossier, listing_id):
        for row in section.rows:
            name = _("%(section)s: %(fact)s", section=section.title, fact=row["label"])
            words = row["value"] + (f" ({row['note']})" if row["note"] else "")
            found.setdefault(name, []).append(words)
    return {name: "\n".join(words) for name, words in found.items()}


# ------------------------------------------------------------------ the case

_ORDER = (
    CaseState.RECEIVED,
    CaseState.COMPLETENESS,
    CaseState.SUBSTANCE,
    CaseState.PROPOSED,
    CaseState.DECIDED,
)


def case_steps(page: CasePage) -> list[dict[str, str]]:
    """The life of the case as a step line."""
    case = page.case
    now = case.state
    if now is CaseState.RETURNED:
        now = CaseState(page.returns[-1].stage.value)
    if now is CaseState.WITHDRAWN:
        return [
            {"text": label("case_state.received"), "status": "done", "note": day(case.opened_at)},
            {
                "text": wording.state_text(case.state, case.outcome, case.ending),
                "status": "bad",
                "note": day(case.closed_at),
            },
        ]
    place = _ORDER.index(now)
    here = {"status": "current", "note": ""}
    if case.state is CaseState.RETURNED:
        here["note"] = label("case_state.returned")
    if case.state is CaseState.DECIDED:
        here["status"] = "done" if case.outcome is Outcome.ADMIT else "bad"
        here["note"] = wording.state_text(case.state, case.outcome)
    return [
        {
            "text": label(f"case_state.{state}"),
            "status": "done" if index < place else "todo",
            **(here if index == place else {}),
        }
        for index, state in enumerate(_ORDER)
    ]


def not_ok_text(page: CasePage) -> str:
    """Every point that is not in order, a line each: what the note of a return begins with."""
    return "\n".join(
        f"{number}. {wording.point_text(row.point, row.subject)}{_(': ')}"
        f"{row.answer.remark if row.answer else ''}"
        for number, row in enumerate(page.not_ok, 1)
    )


def chosen_document(page: CasePage, public_id: str) -> dict[str, Any] | None:
    """The paper to show in place: the one asked for, else the first."""
    rows = {document.file.public_id: document for document in page.documents}
    document = rows.get(public_id) or next(iter(rows.values()), None)
    return None if document is None else _shown(document)


def _shown(document: Document) -> dict[str, Any]:
    file = document.file
    return {
        "id": file.public_id,
        "title": document_title(document),
        "pages": [
            url_for("files.page", file_id=file.public_id, number=number)
            for number in range(1, min(file.pages, SHOWN_PAGES) + 1)
        ],
        "download": url_for("files.download", file_id=file.public_id),
        "kind": file.media_type.rpartition("/")[2].upper(),
        "size": f"{max(1, round(file.size / 1024)):,} KB",
        "uploaded": day(file.uploaded_at),
    }


def document_title(document: Document) -> str:
    """What a paper is: its section and the certificate or person it belongs to."""
    return _list([label(f"dossier.{document.section}"), document.title])


def judge_name(item_code: str, region_code: str) -> str:
    """Who would judge an application of the reader; empty where nobody is competent."""
    session, own = reading_session(), current_actor().organisation_id or 0
    found = standings.judge_of(session, item_code, region_code, own)
    return "" if found is None else accounts.organisation(session, found).name


def day_or_none(value: date | None) -> str | None:
    """A day for macros that leave the place empty without one."""
    return day(value) or None
