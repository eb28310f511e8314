"""Answers of forms that come from the catalogue, and how they are said."""

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from marketplace.catalogue.queries import reference
from marketplace.web.context import language, reading_session
from marketplace.web.stating import Choices


def region_choices() -> list[SelectChoice]:
    """Every region of the province to choose from, grouped by prefecture, after an empty answer."""
    tree, lang = reference.regions(reading_session()), language()
    prefectures = {row.code: row.called(lang) for row in tree.prefectures}

    def group(code: str) -> str:
        within = [one for one in (code, *tree.ancestors(code)) if one in prefectures]
        return prefectures[within[0]] if within else tree.root.called(lang)

    return [
        SelectChoice("", _("Choose a region")),
        *(SelectChoice(code, name, optgroup=group(code)) for code, name in tree.choices(lang)),
    ]


def region_text(code: str) -> str:
    """A region with those it lies in, in the language of the page."""
    return reference.regions(reading_session()).path(code, language())


REGIONS = Choices(region_choices, region_text)
