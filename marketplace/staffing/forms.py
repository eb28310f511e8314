"""How an institution says who does a work."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from marketplace.engagements.queries.standings import Offered
from marketplace.staffing import queries
from marketplace.staffing.queries import Named
from marketplace.staffing.wording import days_words
from marketplace.web.fields import CheckboxesField
from marketplace.web.forms import Form


class NamedForm(Form):
    """Which practitioners do the work."""

    practitioners = CheckboxesField(
        _("Who does the work"),
        description=_("The client sees their names, and whether they are named elsewhere as well."),
    )


def choices(offered: Iterable[Named]) -> list[SelectChoice]:
    """The practitioners by name and title, each with the other works on the same days."""
    return [SelectChoice(one.person.public_id, person_words(one)) for one in offered]


def person_words(one: Named) -> str:
    """Who it is, and where else they are named; only for the institution itself."""
    said = [one.person.name, *([one.person.title] if one.person.title else [])]
    said += [
        gettext(
            "also named in %(number)s, %(days)s",
            number=other.work.number,
            days=days_words(other.days),
        )
        for other in one.elsewhere
    ]
    return " · ".join(said)


def offered(session: Session, engagement_id: int, listing_id: int, today: date) -> Offered:
    """Whom the institution may name when it takes a work on: public id and words of each."""
    found = queries.nameable(session, engagement_id, listing_id, today)
    return [(one.person.public_id, person_words(one)) for one in found]
