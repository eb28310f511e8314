"""The items an institution offers: choose, promise, pause, leave."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import policy
from marketplace.institutions.facts import PROMISE
from marketplace.institutions.forms import ItemForm, PauseForm, TermsForm
from marketplace.institutions.queries import dossiers, market, seen
from marketplace.institutions.rules.market import APPLYING, LISTED
from marketplace.institutions.services import grounds, offering
from marketplace.institutions.views.dossier import agents, bp, mine, my_listing, today
from marketplace.web.context import current_actor, language, reading_session
from marketplace.web.forms import ActForm
from marketplace.web.stating import filled, given
from marketplace.web.submit import page, submit
from marketplace.web.time_line import person_or_platform, time_line


@bp.get("/my/institution/listings")
@agents
def listings() -> ResponseReturnValue:
    row, session = mine(), reading_session()
    return page(
        "institutions/listings.html",
        institution=row,
        offers=dossiers.listing_overview(session, row.id, today()),
        items={item.code: item for item in catalogue.items(session)},
    )


@bp.route("/my/institution/listings/new", methods=["GET", "POST"])
@agents
def new_listing() -> ResponseReturnValue:
    row, session = mine(), reading_session()
    taken = {one.item_code for one in market.listings_of(session, row.id) if one.under_way}
    items = tuple(item for item in catalogue.items(session) if item.code not in taken)
    form = ItemForm.among(items, language(), request.args.get("item", ""))

    def work(uow: UnitOfWork) -> str:
        listing_id = offering.open_listing(uow, institution_id=row.id, item_code=form.item.data)
        return url_for(".listing_terms", listing_id=listing_id)

    done = _("The application is begun. State what you promise.")
    return submit(form, work, done=done) or page(
        "institutions/new_listing.html",
        form=form,
        items=items,
        item_list=catalogue.item_list(session),
        kinds={kind.code: kind for kind in catalogue.qualification_kinds(session)},
    )


@bp.get("/my/institution/listings/<listing_id>")
@agents
def listing(listing_id: str) -> ResponseReturnValue:
    row, session = my_listing(listing_id), reading_session()
    institution = seen.institution(session, row.institution_id)
    actor = current_actor()
    return page(
        "institutions/listing.html",
        row=row,
        item=catalogue.item(session, row.item_code),
        missing=dossiers.missing(session, row.id, today()) if row.state in APPLYING else (),
        stated=dossiers.dossier(session, row.institution_id).terms_of(row.id),
        in_force=dossiers.terms_in_force(session, row.id),
        entries=time_line(
            accounts.history(session, "listing", row.id), inside=True, who=person_or_platform
        ),
        change_open=any(
            one.listing_id == row.id for one in market.open_submissions(session, row.institution_id)
        ),
        may_pause=policy.may_pause(actor, institution, row),
        may_edit=policy.may_edit_terms(actor, institution, row),
        in_market=row.state in LISTED,
    )


@bp.route("/my/institution/listings/<listing_id>/terms", methods=["GET", "POST"])
@agents
def listing_terms(listing_id: str) -> ResponseReturnValue:
    row, session = my_listing(listing_id), reading_session()
    stated = dossiers.dossier(session, row.institution_id).terms_of(row.id)
    form = filled(TermsForm, PROMISE, stated)

    def work(uow: UnitOfWork) -> str:
        terms = offering.Terms(**given(PROMISE, form))
        offering.save_terms(uow, listing_id=listing_id, terms=terms)
        return url_for(".listing", listing_id=listing_id)

    done = _("Promised days and price are saved.")
    return submit(form, work, done=done) or page(
        "institutions/terms.html",
        form=form,
        facts=PROMISE,
        row=row,
        item=catalogue.item(session, row.item_code),
        in_market=row.state in LISTED,
    )


@bp.route("/my/institution/listings/<listing_id>/pause", methods=["GET", "POST"])
@agents
def pause_listing(listing_id: str) -> ResponseReturnValue:
    row, form = my_listing(listing_id), PauseForm()

    def work(uow: UnitOfWork) -> str:
        grounds.pause_listing(uow, listing_id=listing_id, reason=form.reason.data)
        return url_for(".listing", listing_id=listing_id)

    done = _("The item is paused.")
    item = catalogue.item(reading_session(), row.item_code)
    return submit(form, work, done=done) or page(
        "institutions/pause.html", form=form, row=row, item=item
    )


@bp.route("/my/institution/listings/<listing_id>/resume", methods=["GET", "POST"])
@agents
def resume_listing(listing_id: str) -> ResponseReturnValue:
    row, form = my_listing(listing_id), ActForm()

    def work(uow: UnitOfWork) -> str:
        grounds.resume_listing(uow, listing_id=listing_id)
        return url_for(".listing", listing_id=listing_id)

    done = _("Your pause has ended.")
    item = catalogue.item(reading_session(), row.item_code)
    return submit(form, work, done=done) or page(
        "institutions/resume.html", form=form, row=row, item=item
    )


@bp.route("/my/institution/listings/<listing_id>/withdraw", methods=["GET", "POST"])
@agents
def withdraw_listing(listing_id: str) -> ResponseReturnValue:
    row, form = my_listing(listing_id), ActForm()

    def work(uow: UnitOfWork) -> str:
        offering.leave_listing(uow, listing_id=listing_id)
        return url_for(".listings")

    done = _("The item is withdrawn.")
    item = catalogue.item(reading_session(), row.item_code)
    return submit(form, work, done=done) or page(
        "institutions/withdraw.html", form=form, row=row, item=item, in_market=row.state in LISTED
    )
