"""Pages of ratings: rate or revise, and reply; and the panel on the page of an engagement."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.engagements import queries as engagements
from marketplace.engagements.policy import is_client, is_provider
from marketplace.engagements.queries import EngagementRow
from marketplace.engagements.wording import item_text
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.ratings import policy, queries, services
from marketplace.ratings.forms import RatingForm, ReplyForm
from marketplace.ratings.policy import RatingStanding
from marketplace.ratings.queries import RatingRow
from marketplace.ratings.rules import CRITERIA, shown
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import Form
from marketplace.web.guard import signed_in
from marketplace.web.submit import page as show_page
from marketplace.web.submit import submit

bp = Blueprint("ratings", __name__)
bp.add_app_template_filter(shown, "mean")


@bp.app_template_global()
def rating_panel(row: EngagementRow) -> dict[str, object]:
    """What the page of an engagement shows of its rating: `ratings/_panel.html` asks for it."""
    session, actor = reading_session(), current_actor()
    stands = _standing(row)
    return {
        "rating": queries.rating_of(session, row.id),
        "criteria": CRITERIA,
        "standing": stands,
        "may_rate": policy.may_rate(actor, stands),
        "may_revise": policy.may_revise(actor, stands),
        "may_reply": policy.may_reply(actor, stands),
        "is_client": is_client(actor, stands.client_id),
        "is_provider": is_provider(actor, stands.provider_id),
    }


def _today() -> date:
    return local_date(request_time())


def _load(engagement_id: str) -> EngagementRow:
    """The engagement; to outsiders it does not exist."""
    session = reading_session()
    row = engagements.engagement(session, engagement_id, _today())
    if not engagements.may_see(current_actor(), session, row.id):
        raise NotFound
    return row


def _address(engagement_id: str) -> str:
    return url_for("engagements.show", engagement_id=engagement_id, _anchor="rating")


def _standing(row: EngagementRow) -> RatingStanding:
    return queries.rating_standing(reading_session(), row.id, _today())


@bp.route("/engagements/<engagement_id>/rating", methods=["GET", "POST"])
@signed_in
def rate(engagement_id: str) -> ResponseReturnValue:
    """Rate the service on five criteria; a second rating is refused, not taken as a revision."""
    row, stands = _own(engagement_id)
    form = RatingForm()

    def work(uow: UnitOfWork) -> str:
        services.rate_engagement(
            uow, engagement=engagement_id, scores=form.scores(), comment=form.comment.data or ""
        )
        return _address(engagement_id)

    may = policy.may_rate(current_actor(), stands)
    more = {"rating": None, "stands": stands}
    said = _("Thank you. The rating is public now.")
    return _form_page("ratings/rate.html", row, form, work, said, may.allowed, **more)


@bp.route("/engagements/<engagement_id>/rating/revision", methods=["GET", "POST"])
@signed_in
def revise(engagement_id: str) -> ResponseReturnValue:
    """Change the rating, once; the form begins with what it says now."""
    row, stands = _own(engagement_id)
    rating = queries.rating_of(reading_session(), row.id)
    form = RatingForm(data=_said(rating))

    def work(uow: UnitOfWork) -> str:
        services.revise_rating(
            uow, engagement=engagement_id, scores=form.scores(), comment=form.comment.data or ""
        )
        return _address(engagement_id)

    may = policy.may_revise(current_actor(), stands)
    more = {"rating": rating, "stands": stands}
    said = _("The rating is revised.")
    return _form_page("ratings/rate.html", row, form, work, said, may.allowed, **more)


def _own(engagement_id: str) -> tuple[EngagementRow, RatingStanding]:
    """The engagement of which the actor is the client; to others there is nothing to rate."""
    row = _load(engagement_id)
    stands = _standing(row)
    if not is_client(current_actor(), stands.client_id):
        raise NotFound
    return row, stands


def _said(rating: RatingRow | None) -> dict[str, str]:
    """What the form begins with: the rating as it stands, or nothing at all."""
    if rating is None:
        return {}
    return {one: str(score) for one, score in rating.scores.items()} | {"comment": rating.comment}


@bp.route("/engagements/<engagement_id>/rating/reply", methods=["GET", "POST"])
@signed_in
def reply(engagement_id: str) -> ResponseReturnValue:
    """The institution replies to its rating, once."""
    row = _load(engagement_id)
    stands = _standing(row)
    if not is_provider(current_actor(), stands.provider_id):
        raise NotFound
    form = ReplyForm()

    def work(uow: UnitOfWork) -> str:
        services.answer_rating(uow, engagement=engagement_id, words=form.words.data or "")
        return _address(engagement_id)

    rating = queries.rating_of(reading_session(), row.id)
    may = policy.may_reply(current_actor(), stands)
    said = _("Your reply stands beside the rating now.")
    return _form_page(
        "ratings/reply.html", row, form, work, said, may.allowed, rating=rating, criteria=CRITERIA
    )


def _form_page(
    template: str,
    row: EngagementRow,
    form: Form,
    work: Callable[[UnitOfWork], str],
    said: str,
    allowed: bool,
    **more: object,
) -> ResponseReturnValue:
    """A form about an engagement; who cannot act any more is led back to its page."""
    back = _address(row.public_id)
    done = submit(form, work, done=said)
    if done is not None:
        return done
    if not (allowed or form.is_submitted()):
        return redirect(back)
    return show_page(template, form=form, row=row, item=item_text(row), back=back, **more)
