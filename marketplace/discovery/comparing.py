"""Up to four institutions side by side: the same facts of each, differences easy to see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.wording import limit_text
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import InstitutionPage
from marketplace.institutions.rules.market import ListingState
from marketplace.institutions.wording import terms_text
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.workdays import Limit
from marketplace.web.context import language
from marketplace.web.words import day, local_name, yuan

MOST_COMPARED = 4


def promised(days: int, item: catalogue.ItemRow) -> str:
    """A promise in words, in the days that the item's limit counts."""
    return limit_text(Limit(days, item.limit.unit))


@dataclass(frozen=True)
class Line:
    """One fact of every institution; `best` is the place of the single best one."""

    label: str
    values: tuple[str, ...]
    number: bool = False
    best: int | None = None


@dataclass(frozen=True)
class Comparison:
    """The institutions in the order asked for and the lines of the table."""

    pages: tuple[InstitutionPage, ...]
    lines: tuple[Line, ...]
    item_lines: tuple[Line, ...]


def comparison(session: Session, public_ids: Sequence[str]) -> Comparison:
    """Compare the institutions with these public ids; unknown ones are left out."""
    known = [public_id for public_id in public_ids if is_public_id(public_id)]
    pages = institutions.institution_pages(session, known)
    return Comparison(pages, _facts(session, pages), _promises(session, pages))


def _facts(session: Session, pages: Sequence[InstitutionPage]) -> tuple[Line, ...]:
    regions = catalogue.regions(session)
    kinds = {kind.code: kind for kind in catalogue.qualification_kinds(session)}
    items = {item.code: item for item in catalogue.items(session)}

    def held(page: InstitutionPage) -> str:
        words = [
            f"{local_name(kinds[q.kind])} {kinds[q.kind].level_name(q.level, language())}".strip()
            for q in page.qualifications
            if q.kind in kinds
        ]
        return "、".join(dict.fromkeys(words)) if language() == "zh" else ", ".join(words)

    facts: tuple[tuple[str, Callable[[InstitutionPage], str], bool], ...] = (
        (_("Region"), lambda page: regions.path(page.region_code, language()), False),
        (_("Founded"), lambda page: day(page.established), False),
        (_("Registered capital (yuan)"), lambda page: yuan(page.capital_fen), True),
        (_("Practitioners"), lambda page: str(page.practitioner_count), True),
        (_("Qualifications"), held, False),
        (
            _("Grade of the last assessment"),
            lambda page: grades_text(page, items),
            False,
        ),
    )
    return tuple(
        Line(label, tuple(value(page) for page in pages), number) for label, value, number in facts
    )


def grades_text(page: InstitutionPage, items: Mapping[str, catalogue.ItemRow]) -> str:
    """The last grades; where the institution offers several items, each with its item."""
    if len(page.listings) == 1:
        return "".join(grade for _code, grade in page.grades) or _("Not yet graded")
    said = [
        _("%(item)s: %(grade)s", item=local_name(items[code]), grade=grade)
        for code, grade in page.grades
    ]
    return str(_("; ")).join(said) or str(_("Not yet graded"))


def _promises(session: Session, pages: Sequence[InstitutionPage]) -> tuple[Line, ...]:
    """For each item that any of them offers now: promised days and price."""
    offers = [
        {
            offer.row.item_code: offer.terms
            for offer in page.listings
            if offer.row.state is ListingState.ADMITTED and offer.terms is not None
        }
        for page in pages
    ]
    lines = []
    for item in catalogue.items(session):
        terms = [offer.get(item.code) for offer in offers]
        if not any(terms):
            continue
        days = [one.promised_days if one else None for one in terms]
        words = tuple(promised(value, item) if value else "" for value in days)
        lines.append(
            Line(_("%(item)s: promised", item=local_name(item)), words, True, _least(days))
        )
        prices = tuple(terms_text(one) if one else "" for one in terms)
        lines.append(Line(_("%(item)s: price", item=local_name(item)), prices))
    return tuple(lines)


def _least(values: Sequence[int | None]) -> int | None:
    """The place of the single smallest value; None where there is no single one."""
    given = sorted(value for value in values if value is not None)
    if len(given) < 2 or given[0] == given[1]:
        return None
    return list(values).index(given[0])
