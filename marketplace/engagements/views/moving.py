"""The page on which a client keeps or moves work whose institution was removed."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from marketplace.engagements import policy, queries, services
from marketplace.engagements.forms import ChoiceForm, listing_choices
from marketplace.engagements.queries import EngagementPage
from marketplace.engagements.queries.choosing import nearest_first
from marketplace.engagements.rules.moving import Way
from marketplace.engagements.views.blueprint import bp
from marketplace.engagements.views.effects import facts
from marketplace.engagements.views.record import load, today
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.kernel.decisions import Decision
from marketplace.kernel.errors import NotFound
from marketplace.web.context import current_actor, reading_session
from marketplace.web.guard import signed_in
from marketplace.web.submit import page as show_page
from marketplace.web.submit import submit


@bp.route("/engagements/<engagement_id>/keep-or-move", methods=["GET", "POST"])
@signed_in
def keep_or_move(engagement_id: str) -> ResponseReturnValue:
    """Keep the institution for this work, or end it and ask another one in the same act."""
    loaded = load(engagement_id)
    choice = queries.choice_of(reading_session(), loaded.engagement.id, today())
    if choice is None or not policy.is_client(current_actor(), choice.standing.client_id):
        raise NotFound
    may_move = policy.may_move(current_actor(), loaded.standing)
    form = _form(loaded, may_move)

    def work(uow: UnitOfWork) -> str:
        if form.way.data == Way.KEEP:
            reason = form.reason.data or ""
            services.keep_institution(uow, engagement=engagement_id, reason=reason)
            return url_for(".show", engagement_id=engagement_id)
        ref = services.move_on(
            uow,
            engagement=engagement_id,
            listing_id=form.listing.data or "",
            reason=form.reason.data or "",
        )
        return url_for(".show", engagement_id=ref.public_id)

    done = submit(form, work, done=_("Your choice is recorded; everybody concerned is told."))
    if done is not None:
        return done
    back = url_for(".show", engagement_id=engagement_id)
    may = policy.may_choose(current_actor(), choice.standing)
    if not (may.allowed or form.is_submitted()):
        return redirect(back)
    return show_page(
        "engagements/keep_or_move.html",
        form=form,
        page=loaded,
        choice=choice,
        may_move=may_move,
        facts=facts(loaded.engagement),
        back=back,
    )


def _form(loaded: EngagementPage, may_move: Decision) -> ChoiceForm:
    session, row = reading_session(), loaded.engagement
    form = ChoiceForm()
    listings: list[SelectChoice] = []
    if may_move.allowed:
        admitted = institutions.listings_for(session, row.item_code)
        others = [one for one in admitted if one.organisation_id != row.provider_id]
        nearest = nearest_first(session, others, row.region_code, ())
        listings = listing_choices(session, nearest, row.item)
    form.offer((Way.KEEP, Way.MOVE) if may_move.allowed else (Way.KEEP,), listings)
    return form
