"""The frozen rows the catalogue's queries give; `name` is Chinese, `name_en` English."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.catalogue.rules.items import ItemKind, OpenTo, Requirements
from marketplace.kernel.workdays import Limit, YearStatus


@dataclass(frozen=True)
class StageRow:
    """A stage of a project and the departments that lead it."""

    id: int
    code: str
    position: int
    name: str
    name_en: str
    lead: tuple[str, ...]


@dataclass(frozen=True)
class ApprovalRow:
    """A matter that an approval department decides, as one of its versions has it.

    Dates are Shanghai days, `valid_to` exclusive; `named_in_plan` for those the plan names.
    """

    code: str
    number: int
    valid_from: date
    valid_to: date | None
    ended: bool
    reason: str
    stage: StageRow
    name: str
    name_en: str
    applies_to: str
    departments: tuple[str, ...]
    named_in_plan: bool
    statutory_limit: str
    statutory_limit_en: str
    law: str
    condition: str
    condition_en: str


@dataclass(frozen=True)
class ApprovalItemRow:
    """An approval item with its versions, the first one first."""

    id: int
    code: str
    versions: tuple[ApprovalRow, ...]

    @property
    def last(self) -> ApprovalRow:
        """The last version, which may begin on a day to come."""
        return self.versions[-1]

    def on(self, day: date) -> ApprovalRow:
        """The version in force on a day; the first one before it began."""
        begun = [row for row in self.versions if row.valid_from <= day]
        return begun[-1] if begun else self.versions[0]

    def holds_on(self, day: date) -> bool:
        """Whether something can call for it on a day: it has begun and has not ended."""
        row = self.on(day)
        return row.valid_from <= day and not row.ended


@dataclass(frozen=True)
class DepartmentNameRow:
    """A department's name of 2018, its present one, and the English for the former."""

    name_2018: str
    name: str
    name_en: str


@dataclass(frozen=True)
class ItemListRow:
    """The list the items come from; `name` is the label shown wherever items are shown."""

    status: str
    name: str
    name_en: str
    plan: str

    @property
    def substitute(self) -> bool:
        """True while the list stands in for the official one."""
        return self.status == "substitute"


@dataclass(frozen=True)
class Variant:
    """A class of an item with a limit of its own; `key` is what is stored when it is chosen."""

    key: str
    name: str
    name_en: str
    limit: Limit


@dataclass(frozen=True)
class LegalBasis:
    """A law and its articles, as the law itself is called."""

    law: str
    article: str


@dataclass(frozen=True)
class ItemRow:
    """An item as one of its versions has it. Dates are Shanghai days, `valid_to` exclusive.

    A market service is in no list, and its limit is the longest that both sides may agree on.
    """

    id: int
    kind: ItemKind
    code: str
    stage: StageRow
    item_list: ItemListRow | None
    version_id: int
    version_number: int
    valid_from: date
    valid_to: date | None
    name: str
    name_en: str
    limit: Limit
    limit_basis: str
    variants: tuple[Variant, ...]
    legal_basis: tuple[LegalBasis, ...]
    service_content: str
    service_content_en: str
    provider_qualification: str
    provider_qualification_en: str
    conflict_rule: str
    conflict_rule_en: str
    open_to: OpenTo
    payer_basis: str
    payer_basis_en: str
    payer_document: str
    commissioned_by_plan: str
    departments_2018: tuple[str, ...]
    departments_now: tuple[str, ...]
    approvals: tuple[ApprovalItemRow, ...]
    prepares: tuple[str, ...]
    papers_owed: tuple["Term", ...]
    checks: tuple["Term", ...]
    requirements: Requirements

    def said(self, field: str, lang: str) -> str:
        """A field of text in a language (`zh` or `en`), in Chinese where English is lacking."""
        english = str(getattr(self, f"{field}_en", "")) if lang == "en" else ""
        return english or str(getattr(self, field))

    def called_by(self, day: date) -> tuple[ApprovalRow, ...]:
        """The approval items that call for it on a day, as they hold then."""
        return tuple(one.on(day) for one in self.approvals if one.holds_on(day))

    @property
    def of_market(self) -> bool:
        """Whether it is a market service, whose limit both sides agree on."""
        return self.kind is ItemKind.MARKET

    @property
    def ended(self) -> bool:
        """Whether it is offered no more."""
        return self.open_to is OpenTo.NOBODY

    def variant_of(self, key: str) -> Variant | None:
        """The class of that key, where the item has it."""
        return next((one for one in self.variants if one.key == key), None)

    @property
    def own_limit(self) -> Limit | None:
        """The limit that the item itself has; a service has none."""
        return None if self.of_market else self.limit

    @property
    def longest_limit(self) -> Limit:
        """The longest limit of all variants: what a promise may not exceed."""
        return max((one.limit for one in self.variants), key=_value, default=self.limit)


def _value(limit: Limit) -> int:
    return limit.value


@dataclass(frozen=True)
class Term:
    """A level, a specialty or a line of a list; the Chinese is what is stored."""

    name: str
    name_en: str


def terms(pairs: Iterable[Sequence[str]]) -> tuple[Term, ...]:
    """Names as they are kept: `[Chinese, English]`."""
    return tuple(Term(name, name_en) for name, name_en in pairs)


@dataclass(frozen=True)
class KindRow:
    """A kind of qualification with its levels, highest first, and its specialties.

    As one of its versions has it; one that has `ended` is asked for and held by nobody.
    """

    code: str
    number: int
    valid_from: date
    ended: bool
    reason: str
    name: str
    name_en: str
    levels: tuple[Term, ...]
    specialties: tuple[Term, ...]

    def called(self, lang: str) -> str:
        """The kind's name in a language."""
        return self.name_en if lang == "en" else self.name

    def level_name(self, level: str, lang: str) -> str:
        """A level's name in a language; the level itself when it is not listed."""
        return _called(self.levels, level, lang)

    def specialty_name(self, specialty: str, lang: str) -> str:
        """A specialty's name in a language; the specialty itself when it is not listed."""
        return _called(self.specialties, specialty, lang)


def _called(terms: tuple[Term, ...], name: str, lang: str) -> str:
    known: Mapping[str, str] = {term.name: term.name_en for term in terms}
    return known.get(name, name) if lang == "en" else name


@dataclass(frozen=True)
class CalendarYearRow:
    """How much is known of a year, from which notice, and how many special days it has."""

    year: int
    status: YearStatus
    notice: str
    imported_at: datetime
    special_days: int


@dataclass(frozen=True)
class CalendarDayRow:
    """A day that differs from the ordinary week, and its occasion."""

    day: date
    is_workday: bool
    kind: str
    name: str


@dataclass(frozen=True)
class SynonymRow:
    """A term and what a search for it also looks for."""

    public_id: str
    term: str
    meanings: tuple[str, ...]
