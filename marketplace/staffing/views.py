"""Where an institution says who does a work, and how both sides read it."""

from datetime import date

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from marketplace.engagements.forms import NamesForm
from marketplace.engagements.policy import Standing, side_of
from marketplace.engagements.queries import EngagementRow
from marketplace.engagements.queries.page import EngagementPage
from marketplace.engagements.queries.standings import Offered
from marketplace.engagements.rules import Side
from marketplace.engagements.views.blueprint import facts, load, today
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.decisions import Decision
from marketplace.kernel.errors import NotFound
from marketplace.staffing import policy, queries, services, wording
from marketplace.staffing.queries import Named
from marketplace.web.context import current_actor, reading_session
from marketplace.web.guard import signed_in
from marketplace.web.submit import page, submit

bp = Blueprint("staffing", __name__)
bp.add_app_template_filter(wording.days_words)


@bp.route("/engagements/<engagement_id>/practitioners", methods=["GET", "POST"])
@signed_in
def practitioners(engagement_id: str) -> ResponseReturnValue:
    """The institution names its people; to everybody else the page does not exist."""
    loaded = _own(engagement_id)
    form, back = _form(loaded.engagement), url_for("engagements.show", engagement_id=engagement_id)

    def work(uow: UnitOfWork) -> str:
        chosen = form.practitioners.data or []
        services.name_practitioners(uow, engagement=engagement_id, practitioners=chosen)
        return back

    return submit(
        form, work, done=_("Who does the work is saved, and the client is told.")
    ) or page(
        "staffing/practitioners.html",
        form=form,
        page=loaded,
        facts=facts(loaded.engagement),
        may=may_name(loaded.standing),
        back=back,
    )


def _own(engagement_id: str) -> EngagementPage:
    loaded = load(engagement_id)
    if side_of(current_actor(), loaded.standing) is not Side.PROVIDER:
        raise NotFound
    return loaded


def _form(row: EngagementRow) -> NamesForm:
    """What is named is ticked, in whatever version of the dossier it was named."""
    session = reading_session()
    named = {one.person.line for one in queries.named(session, row.id, today())}
    people = queries.nameable(session, row.id, row.listing_id, today())
    ticked = [one.person.public_id for one in people if one.person.line in named]
    form = NamesForm(data={"practitioners": ticked})
    form.practitioners.choices = [SelectChoice(*_offer(one)) for one in people]
    return form


def offered(session: Session, engagement_id: int, listing_id: int, today: date) -> Offered:
    """Whom the institution may name when it takes a work on: public id and words of each."""
    found = queries.nameable(session, engagement_id, listing_id, today)
    return [_offer(one) for one in found]


def _offer(one: Named) -> tuple[str, str]:
    """A practitioner by name and title, with the other works on the same days."""
    said = [one.person.name, one.person.title]
    said += [
        _(
            "also named in %(number)s, %(days)s",
            number=other.work.number,
            days=wording.days_words(other.days),
        )
        for other in one.elsewhere
    ]
    return one.person.public_id, " · ".join(filter(None, said))


@bp.app_template_global("may_name_practitioners")
def may_name(standing: Standing) -> Decision:
    """Whether the reader may say who does the work: `staffing/_panel.html` asks for it."""
    return policy.may_name(current_actor(), standing)


@bp.app_template_global()
def named_for(row: EngagementRow) -> tuple[Named, ...]:
    """Who does a work."""
    return queries.named(reading_session(), row.id, today())
