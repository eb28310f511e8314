"""The bidder's side: the sealed bid, its withdrawal, questions, the explanation of a low price."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.competitions import policy
from marketplace.competitions.forms import BidForm, JustifyForm, QuestionForm
from marketplace.competitions.queries import lists, reading
from marketplace.competitions.queries.rows import CompetitionRow, MyBid
from marketplace.competitions.services import bidding, notices
from marketplace.competitions.views import presenting
from marketplace.competitions.views.blueprint import agents, bp
from marketplace.competitions.views.public import SORTS
from marketplace.infra.files import files_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.times import local_date
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import ActForm
from marketplace.web.listing import asked_of, chosen_filters
from marketplace.web.submit import page, submit


def _standing(session: Session, row: CompetitionRow) -> policy.Standing:
    """How a competition stands today."""
    return reading.standing(session, row, local_date(request_time()))


def _mine(row: CompetitionRow) -> MyBid | None:
    return reading.my_bid(reading_session(), row.id, current_actor().organisation_id)


@bp.get("/my/bids")
@agents
def my_bids() -> ResponseReturnValue:
    """What the institution bid for, and open competitions for the items it is admitted for."""
    session, own = reading_session(), current_actor().organisation_id or 0
    asked, running = asked_of(lists.MY_BIDS), asked_of(lists.OPEN, page_name="open")
    return page(
        "competitions/my_bids.html",
        today=local_date(request_time()),
        sorts=SORTS,
        sort=asked.sort,
        chosen=chosen_filters(lists.MY_BIDS, asked, url_for(".my_bids")),
        bids=lists.MY_BIDS.read(session, asked, {"own": own}),
        running=lists.OPEN.read(
            session,
            running,
            {"own": own, "now": request_time()},
            lists.for_items(_admitted_items(own)),
        ),
    )


def _admitted_items(organisation_id: int) -> list[str]:
    session = reading_session()
    mine = institutions.my_institution(session, organisation_id)
    if mine is None:
        return []
    listings = institutions.listings_of(session, mine.id)
    return [row.item_code for row in listings if row.state is ListingState.ADMITTED]


@bp.route("/competitions/<competition_id>/bid", methods=["GET", "POST"])
@agents
def bid(competition_id: str) -> ResponseReturnValue:
    """Place a sealed bid, or replace one's own."""
    session, actor = reading_session(), current_actor()
    row = reading.published(session, competition_id)
    mine = _mine(row)
    kept = mine if mine is not None and mine.live else None
    form = BidForm()

    def work(uow: UnitOfWork) -> str:
        bidding.place_bid(uow, competition=competition_id, offer=form.offer())
        return url_for(".notice", competition_id=competition_id)

    done = _("Your bid is under seal. You can replace or withdraw it until sign-up closes.")
    return submit(form, work, done=done) or page(
        "competitions/bid.html",
        form=form,
        row=row,
        mine=kept,
        item=catalogue.item_version(session, row.item_version_id),
        listed=row.item_code in _admitted_items(actor.organisation_id or 0),
        criteria=reading.criteria(session, row.id),
        criterion_name=presenting.criterion_name,
        proposals=files_of(session, "bid", kept.id, "proposal") if kept else (),
        may=policy.may_bid(actor, _standing(session, row), request_time()),
    )


@bp.route("/competitions/<competition_id>/bid/withdraw", methods=["GET", "POST"])
@agents
def withdraw_bid(competition_id: str) -> ResponseReturnValue:
    """Take one's own bid back before sign-up closes."""
    session, form = reading_session(), ActForm()
    row = reading.published(session, competition_id)
    standing, own = (
        _standing(session, row),
        reading.bid_standing(_mine(row)),
    )

    def work(uow: UnitOfWork) -> str:
        bidding.withdraw_bid(uow, competition=competition_id)
        return url_for(".notice", competition_id=competition_id)

    return submit(
        form, work, done=_("Your bid is withdrawn; all that you offered is destroyed.")
    ) or page(
        "competitions/withdraw_bid.html",
        form=form,
        row=row,
        may=policy.may_withdraw_bid(current_actor(), standing, own, request_time()),
    )


@bp.route("/competitions/<competition_id>/bid/explain", methods=["GET", "POST"])
@agents
def justify(competition_id: str) -> ResponseReturnValue:
    """Explain a very low price after the opening."""
    session, form = reading_session(), JustifyForm()
    row = reading.published(session, competition_id)
    mine, standing = _mine(row), _standing(session, row)
    today = local_date(request_time())

    def work(uow: UnitOfWork) -> str:
        bidding.justify_price(uow, competition=competition_id, words=form.words.data)
        return url_for(".notice", competition_id=competition_id)

    done = _("Your explanation is with the department.")
    return submit(form, work, done=done) or page(
        "competitions/justify.html",
        form=form,
        row=row,
        mine=mine,
        may=policy.may_justify(current_actor(), standing, reading.bid_standing(mine), today),
    )


@bp.route("/competitions/<competition_id>/ask", methods=["GET", "POST"])
@agents
def ask(competition_id: str) -> ResponseReturnValue:
    """Ask about the notice; question and answer are public."""
    session, form = reading_session(), QuestionForm()
    row = reading.published(session, competition_id)

    def work(uow: UnitOfWork) -> str:
        notices.ask_question(uow, competition=competition_id, body=form.body.data)
        return url_for(".notice", competition_id=competition_id, _anchor="questions")

    standing = _standing(session, row)
    return submit(form, work, done=_("Your question is public; the department is told.")) or page(
        "competitions/ask.html",
        form=form,
        row=row,
        may=policy.may_ask(current_actor(), standing, request_time()),
    )
