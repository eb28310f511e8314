"""The filters beside the result: every value with its words and how many institutions it leaves."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.discovery.documents import level_code
from marketplace.web.context import language
from marketplace.web.filters import Choice, Group
from marketplace.web.words import local_name
from search import NO_GRADE, Facets

GRADES = ("A", "B", "C", "D", NO_GRADE)


def groups(
    session: Session, facets: Facets, chosen: Mapping[str, Sequence[str]]
) -> tuple[Group, ...]:
    """The four filters, each with the counts that the other filters leave."""
    return (
        Group("item", _("Listed item"), _items(session, facets.items, chosen["item"])),
        Group("region", _("Region"), _regions(session, facets.regions, chosen["region"])),
        Group("grade", _("Grade of the last assessment"), _grades(facets.grades, chosen["grade"])),
        Group("level", _("Qualification"), _levels(session, facets.levels, chosen["level"])),
    )


def _items(session: Session, counts: Mapping[str, int], on: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(item.code, local_name(item), counts.get(item.code, 0), item.code in on)
        for item in catalogue.items(session)
    )


def _regions(session: Session, counts: Mapping[str, int], on: Sequence[str]) -> tuple[Choice, ...]:
    """Prefectures, and below each the places where somebody is found or that are chosen."""
    tree = catalogue.regions(session)
    choices = []
    for prefecture in tree.children(tree.root.code):
        code = prefecture.code
        choices.append(Choice(code, local_name(prefecture), counts.get(code, 0), code in on))
        choices += [
            Choice(place.code, local_name(place), counts.get(place.code, 0), place.code in on, 1)
            for place in tree.children(code)
            if counts.get(place.code) or place.code in on
        ]
    return tuple(choices)


def _grades(counts: Mapping[str, int], on: Sequence[str]) -> tuple[Choice, ...]:
    words = {NO_GRADE: _("Not yet graded")}
    return tuple(
        Choice(grade, words.get(grade, grade), counts.get(grade, 0), grade in on)
        for grade in GRADES
    )


def _levels(session: Session, counts: Mapping[str, int], on: Sequence[str]) -> tuple[Choice, ...]:
    choices = []
    for kind in catalogue.qualification_kinds(session):
        for level in [term.name for term in kind.levels] or [""]:
            value = level_code(kind.code, level)
            words = f"{local_name(kind)} {kind.level_name(level, language())}".strip()
            choices.append(Choice(value, words, counts.get(value, 0), value in on))
    return tuple(choices)
