"""Answers of forms that come from the catalogue; how regions, items and limits are said."""

from collections.abc import Callable

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from marketplace.catalogue.queries import listed, reference
from marketplace.catalogue.queries.rows import KindRow
from marketplace.catalogue.wording import limit_text
from marketplace.kernel.times import local_date
from marketplace.web.context import language, reading_session, request_time
from marketplace.web.stating import Choices
from marketplace.web.words import local_name, with_note


def region_choices() -> list[SelectChoice]:
    """Every region of the province to choose from, grouped by prefecture, after an empty answer."""
    tree, lang = reference.regions(reading_session()), language()
    prefectures = {row.code: row.called(lang) for row in tree.prefectures}

    def group(code: str) -> str:
        within = [one for one in tree.upwards(code) if one in prefectures]
        return prefectures[within[0]] if within else tree.root.called(lang)

    return [
        SelectChoice("", _("Choose a region")),
        *(SelectChoice(code, name, optgroup=group(code)) for code, name in tree.choices(lang)),
    ]


def region_text(code: str) -> str:
    """A region with those it lies in, in the language of the page."""
    return reference.regions(reading_session()).path(code, language())


def item_name(code: str) -> str:
    """The name of the item of a code in the language of the page; empty where there is none."""
    row = listed.find_item(reading_session(), code) if code else None
    return "" if row is None else local_name(row)


def time_given(key: str) -> str:
    """The time that a rule gives today, in words: `5 working days`."""
    return limit_text(reference.limit_rule(reading_session(), key, local_date(request_time())))


def kind_choices() -> list[SelectChoice]:
    """Every kind of qualification that may be held, to choose from."""
    lang = language()
    kinds = reference.kinds_offered(reading_session())
    return [SelectChoice(kind.code, kind.called(lang)) for kind in kinds]


def kind_text(code: str) -> str:
    """A kind of qualification, in the language of the page."""
    kind = reference.qualification_kind(reading_session(), code)
    return kind.called(language()) if kind else code


def _said_by(name_in: Callable[[KindRow, str, str], str]) -> Callable[[str], str]:
    """How a level or specialty is said: one is called the same in every kind that has it."""

    def said(term: str) -> str:
        kinds, lang = reference.qualification_kinds(reading_session()), language()
        names = (name_in(kind, term, lang) for kind in kinds)
        return next((name for name in names if name != term), term)

    return said


def item_names() -> dict[str, str]:
    """The names of the listed items by their code, as filters offer them."""
    return {row.code: local_name(row) for row in listed.items(reading_session())}


def all_names() -> dict[str, str]:
    """The same with the market services behind them, each marked as one."""
    names = {
        row.code: with_note(local_name(row), _("market service"))
        for row in listed.by_code(reading_session()).values()
        if row.of_market
    }
    return item_names() | names


def stage_names() -> dict[str, str]:
    """What the stages of a project are called on this page, by their code."""
    return {row.code: local_name(row) for row in listed.stages(reading_session())}


REGIONS = Choices(region_choices, region_text)
KINDS = Choices(kind_choices, kind_text)
# Which ones may be chosen depends on the kind, which the form of a certificate knows.
LEVELS = Choices(list, _said_by(KindRow.level_name))
SPECIALTIES = Choices(list, _said_by(KindRow.specialty_name))
