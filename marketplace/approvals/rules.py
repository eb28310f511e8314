"""Records of the wire as the market understands them, checked field by field."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from marketplace.kernel import project_code, uscc
from marketplace.kernel.characters import clean
from marketplace.kernel.money import MOST_FEN
from marketplace.kernel.project_code import LENGTH
from marketplace.kernel.times import FIRST_DAY, LAST_DAY
from marketplace.projects.rules import (
    DECIDED,
    ApprovalRecord,
    ApprovalStatus,
    ProjectRecord,
    StandKind,
    StandRecord,
)
from marketplace.verdicts.rules import LEAST_SCORE, MOST_SCORE, Message, Outcome

# How long texts of verdicts may be, and how often one deliverable is delivered and judged.
MOST_WORDS, MOST_TIMES = 4_000, 2**31 - 1
MOST_APPROVALS = 200
MOST_STANDS = 200
_LONGEST = {
    "name": 200,
    "department": 100,
    "kind": 40,
    "stage": 10,
    "region": 12,
    "code": 20,
    "status": 20,
    "unit": 10,
    "number": 40,
    "lead": 100,
    "minutes": 4000,
}
_UNITS = frozenset({"workdays", "days"})


class Unreadable(ValueError):
    """The record does not have the agreed shape; names the field."""


def project_record(fields: Mapping[str, Any]) -> ProjectRecord:
    """The record of a project; raises `Unreadable`.

    What the market does not use is left out; what it uses must be there and make sense.
    """
    code = project_code.parse(_text(fields, "code", LENGTH))
    owner = _mapping(fields, "enterprise")
    credit_code = uscc.normalise(_text(owner, "credit_code", 18))
    if code is None or not uscc.has_shape(credit_code):
        raise Unreadable("code" if code is None else "credit_code")
    approvals = fields.get("approvals")
    if not isinstance(approvals, list) or len(approvals) > MOST_APPROVALS:
        raise Unreadable("approvals")
    records = tuple(_approval(one) for one in approvals)
    if len({one.code for one in records}) != len(records):
        raise Unreadable("approvals")
    return ProjectRecord(
        code=code.text,
        name=_text(fields, "name"),
        enterprise_name=_text(owner, "name"),
        enterprise_credit_code=credit_code,
        region_code=_text(fields, "region"),
        kind=_text(fields, "kind"),
        stage_code=_text(fields, "stage"),
        completed=_flag(fields, "completed"),
        cancelled="cancelled" in fields and _flag(fields, "cancelled"),
        investment_fen=_number(fields, "investment_fen", 0, MOST_FEN),
        approvals=records,
        foreign_invested=_flag(fields, "foreign_invested"),
        classified=_flag(fields, "classified"),
        revision=_number(fields, "revision", 1, 2**31 - 1),
        changed_at=_instant(fields, "changed_at"),
        stands=_stands(fields.get("stands"), {one.code for one in records}),
    )


def project_news(event: Mapping[str, Any]) -> tuple[str, int]:
    """Which project changed, and its newest revision; raises `Unreadable`."""
    said = _mapping(event, "data")
    code = project_code.parse(str(said.get("code", "")))
    if code is None:
        raise Unreadable("code")
    return code.text, _number(said, "revision", 1, 2**31 - 1)


def verdict_message(event: Mapping[str, Any]) -> Message:
    """The verdict of a department on a deliverable; raises `Unreadable`.

    What is written may have lines; a return says why, and who rates gives 1 to 5.
    """
    said = _mapping(event, "data")
    department = _mapping(said, "department")
    rating = _mapping(said, "rating") if said.get("rating") is not None else {}
    outcome = _text(said, "verdict", 20)
    reasons = _words(said, "reasons")
    if outcome not in set(Outcome) or (outcome == Outcome.RETURNED and not reasons):
        raise Unreadable("verdict" if outcome not in set(Outcome) else "reasons")
    return Message(
        message_id=_text(event, "id", 200),
        sequence=_sequence(event),
        number=_text(event, "subject", 20),
        version=_number(said, "version", 1, MOST_TIMES),
        outcome=Outcome(outcome),
        decided_at=_instant(said, "decided_at"),
        department_name=_text(department, "name"),
        department_code=uscc.normalise(_text(department, "credit_code", 18)),
        reasons=reasons,
        score=_number(rating, "score", LEAST_SCORE, MOST_SCORE) if rating else None,
        comment=_words(rating, "comment"),
    )


def _sequence(event: Mapping[str, Any]) -> int:
    """Its place among the messages about a work: a number, or one as a text, as ours are."""
    given = event.get("sequence")
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) <= 10:
        given = int(given)
    return _number({"sequence": given}, "sequence", 1, MOST_TIMES)


def _words(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name) or ""
    if not isinstance(value, str) or len(clean(value)) > MOST_WORDS:
        raise Unreadable(name)
    return clean(value)


def _stands(value: Any, codes: Collection[str]) -> tuple[StandRecord, ...] | None:
    """When clocks stood; None where the platform does not tell."""
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > MOST_STANDS:
        raise Unreadable("stands")
    return tuple(_stand(one, codes) for one in value)


def _stand(fields: Any, codes: Collection[str]) -> StandRecord:
    """A time in which clocks stood; it names approval items of the record, a case its leader."""
    if not isinstance(fields, dict) or _text(fields, "kind") not in set(StandKind):
        raise Unreadable("stands")
    named, began = fields.get("approvals"), _day(fields, "began_on")
    ended, kind = _day(fields, "ended_on"), StandKind(fields["kind"])
    if not isinstance(named, list) or not named or not set(map(str, named)) <= set(codes):
        raise Unreadable("stands")
    if began is None or (ended is not None and ended < began):
        raise Unreadable("stands")
    case = kind is StandKind.COORDINATION
    # Minutes come with paragraphs and indents; what they say is kept as one.
    minutes = " ".join(clean(str(fields.get("minutes") or "")).split())
    return StandRecord(
        kind,
        tuple(named),
        began,
        ended,
        number=_text(fields, "number") if case else "",
        lead=_text(fields, "lead") if case else "",
        minutes=_text({"minutes": minutes}, "minutes") if minutes and ended else "",
    )


def _approval(fields: Any) -> ApprovalRecord:
    if not isinstance(fields, dict):
        raise Unreadable("approvals")
    limit = _mapping(fields, "limit")
    status, unit = _text(fields, "status"), _text(limit, "unit")
    if status not in set(ApprovalStatus) or unit not in _UNITS:
        raise Unreadable("approvals")
    record = ApprovalRecord(
        code=_text(fields, "code"),
        name=_text(fields, "name"),
        stage_code=_text(fields, "stage"),
        department=_text(fields, "department"),
        status=ApprovalStatus(status),
        accepted_on=_day(fields, "accepted_on"),
        decided_on=_day(fields, "decided_on"),
        due_on=_day(fields, "due_on"),
        limit_value=_number(limit, "value", 0, 10_000),
        limit_unit=unit,
    )
    begun = record.status is not ApprovalStatus.NOT_STARTED
    decided = record.status in DECIDED
    if (begun and record.accepted_on is None) or decided is (record.decided_on is None):
        raise Unreadable("approvals")
    return record


def _mapping(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = fields.get(name)
    if not isinstance(value, dict):
        raise Unreadable(name)
    return value


def _text(fields: Mapping[str, Any], name: str, longest: int = 0) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise Unreadable(name)
    if len(value.strip()) > (longest or _LONGEST[name]):
        raise Unreadable(name)
    return value.strip()


def _flag(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name)
    if not isinstance(value, bool):
        raise Unreadable(name)
    return value


def _number(fields: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Unreadable(name)
    return value


def _day(fields: Mapping[str, Any], name: str) -> date | None:
    value = fields.get(name)
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unreadable(name) from None
    if day == date.max:
        return None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Unreadable(name)
    return day


def _instant(fields: Mapping[str, Any], name: str) -> datetime:
    try:
        value = datetime.fromisoformat(fields.get(name))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise Unreadable(name) from None
    if value.tzinfo is None:
        raise Unreadable(name)
    return value
