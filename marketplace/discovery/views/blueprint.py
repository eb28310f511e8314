"""The blueprint of the directory, and what all its pages say alike."""

from collections.abc import Mapping

from flask import Blueprint
from flask_babel import gettext as _

from marketplace.catalogue import queries as catalogue
from marketplace.institutions.queries import InstitutionPage
from marketplace.institutions.wording import listing_tone, terms_text
from marketplace.kernel.actors import Role
from marketplace.web.context import current_actor
from marketplace.web.words import local_name

bp = Blueprint("discovery", __name__, url_prefix="/institutions")
bp.add_app_template_filter(listing_tone)
bp.add_app_template_filter(terms_text)

MOST_COMPARED = 4


@bp.app_template_filter()
def grades_text(page: InstitutionPage, items: Mapping[str, catalogue.ItemRow]) -> str:
    """The last grades; where the institution offers several items, each with its item."""
    if len(page.listings) == 1:
        return "".join(grade for _code, grade in page.grades) or _("Not yet graded")
    said = [
        _("%(item)s: %(grade)s", item=local_name(items[code]), grade=grade)
        for code, grade in page.grades
    ]
    return str(_("; ")).join(said) or str(_("Not yet graded"))


def commissions() -> bool:
    """Whether the reader picks institutions and asks them for quotations: an enterprise's agent."""
    return current_actor().has(Role.ENTERPRISE_AGENT)
