"""Pages of ratings: rate or revise, and reply."""

from collections.abc import Callable

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.engagements import queries, services
from marketplace.engagements import rating_policy as policy
from marketplace.engagements.forms.rating import RatingForm, ReplyForm
from marketplace.engagements.policy import is_client, is_provider
from marketplace.engagements.queries import EngagementPage, RatingRow
from marketplace.engagements.rating_policy import RatingStanding
from marketplace.engagements.rules.rating import CRITERIA, shown
from marketplace.engagements.views.blueprint import bp
from marketplace.engagements.views.record import load, today
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import Form
from marketplace.web.guard import signed_in
from marketplace.web.submit import page as show_page
from marketplace.web.submit import submit

bp.add_app_template_filter(shown, "mean")


@bp.context_processor
def _panels() -> dict[str, object]:
    """What the page of an engagement shows of its rating."""
    return {"rating_panel": _rating_panel, "criteria": CRITERIA}


def _rating_panel(page: EngagementPage) -> dict[str, object]:
    session, actor, key = reading_session(), current_actor(), page.engagement.id
    stands = queries.rating_standing(session, key, today())
    return {
        "rating": queries.rating_of(session, key),
        "standing": stands,
        "may_rate": policy.may_rate(actor, stands),
        "may_revise": policy.may_revise(actor, stands),
        "may_reply": policy.may_reply(actor, stands),
        "is_client": is_client(actor, stands.client_id),
        "is_provider": is_provider(actor, stands.provider_id),
    }


def _address(engagement_id: str) -> str:
    return url_for(".show", engagement_id=engagement_id, _anchor="rating")


def _standing(loaded: EngagementPage) -> RatingStanding:
    return queries.rating_standing(reading_session(), loaded.engagement.id, today())


@bp.route("/engagements/<engagement_id>/rating", methods=["GET", "POST"])
@signed_in
def rate(engagement_id: str) -> ResponseReturnValue:
    """Rate the service on five criteria; a second rating is refused, not taken as a revision."""
    loaded, stands = _own(engagement_id)
    form = RatingForm()

    def work(uow: UnitOfWork) -> str:
        services.rate_engagement(
            uow, engagement=engagement_id, scores=form.scores(), comment=form.comment.data or ""
        )
        return _address(engagement_id)

    may = policy.may_rate(current_actor(), stands)
    more = {"rating": None, "stands": stands}
    said = _("Thank you. The rating is public now.")
    return _form_page("engagements/rate.html", loaded, form, work, said, may.allowed, **more)


@bp.route("/engagements/<engagement_id>/rating/revision", methods=["GET", "POST"])
@signed_in
def revise_rating(engagement_id: str) -> ResponseReturnValue:
    """Change the rating, once; the form begins with what it says now."""
    loaded, stands = _own(engagement_id)
    rating = queries.rating_of(reading_session(), loaded.engagement.id)
    form = RatingForm(data=_said(rating))

    def work(uow: UnitOfWork) -> str:
        services.revise_rating(
            uow, engagement=engagement_id, scores=form.scores(), comment=form.comment.data or ""
        )
        return _address(engagement_id)

    may = policy.may_revise(current_actor(), stands)
    more = {"rating": rating, "stands": stands}
    said = _("The rating is revised.")
    return _form_page("engagements/rate.html", loaded, form, work, said, may.allowed, **more)


def _own(engagement_id: str) -> tuple[EngagementPage, RatingStanding]:
    """The engagement of which the actor is the client; to others there is nothing to rate."""
    loaded = load(engagement_id)
    stands = _standing(loaded)
    if not is_client(current_actor(), stands.client_id):
        raise NotFound
    return loaded, stands


def _said(rating: RatingRow | None) -> dict[str, str]:
    """What the form begins with: the rating as it stands, or nothing at all."""
    if rating is None:
        return {}
    return {one: str(score) for one, score in rating.scores.items()} | {"comment": rating.comment}


@bp.route("/engagements/<engagement_id>/rating/reply", methods=["GET", "POST"])
@signed_in
def reply_rating(engagement_id: str) -> ResponseReturnValue:
    """The institution replies to its rating, once."""
    loaded = load(engagement_id)
    stands = _standing(loaded)
    if not is_provider(current_actor(), stands.provider_id):
        raise NotFound
    form = ReplyForm()

    def work(uow: UnitOfWork) -> str:
        services.answer_rating(uow, engagement=engagement_id, words=form.words.data or "")
        return _address(engagement_id)

    rating = queries.rating_of(reading_session(), loaded.engagement.id)
    may = policy.may_reply(current_actor(), stands)
    said = _("Your reply stands beside the rating now.")
    return _form_page(
        "engagements/reply_rating.html", loaded, form, work, said, may.allowed, rating=rating
    )


def _form_page(
    template: str,
    loaded: EngagementPage,
    form: Form,
    work: Callable[[UnitOfWork], str],
    said: str,
    allowed: bool,
    **more: object,
) -> ResponseReturnValue:
    """A form about an engagement; who cannot act any more is led back to its page."""
    back = _address(loaded.engagement.public_id)
    done = submit(form, work, done=said)
    if done is not None:
        return done
    if not (allowed or form.is_submitted()):
        return redirect(back)
    return show_page(template, form=form, page=loaded, row=loaded.engagement, back=back, **more)
