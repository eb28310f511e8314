"""The items an institution offers: choose, promise, pause, leave."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import policy
from marketplace.institutions.facts import PROMISE
from marketplace.institutions.forms import ItemForm, PauseForm, TermsForm
from marketplace.institutions.queries import dossiers, market, seen
from marketplace.institutions.queries.rows import ListingPage
from marketplace.institutions.rules.market import LISTED, ListingState
from marketplace.institutions.services import grounds, offering
from marketplace.institutions.views.dossier import agents, bp, mine, my_listing, today
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import Decision
from marketplace.web.acts import Act, GoOn, RecordPage, acts, offered, plain, reasoned
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import Form
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
        items=catalogue.by_code(session),
    )


@bp.route("/my/institution/listings/new", methods=["GET", "POST"])
@agents
def new_listing() -> ResponseReturnValue:
    row, session = mine(), reading_session()
    taken = {one.item_code for one in market.listings_of(session, row.id) if one.under_way}
    items = tuple(item for item in catalogue.items(session) if item.code not in taken)
    services = tuple(one for one in catalogue.market_services(session) if one.code not in taken)
    form = ItemForm.among(items, services, request.args.get("item", ""))

    def work(uow: UnitOfWork) -> str:
        listing_id = offering.open_listing(uow, institution_id=row.id, item_code=form.item.data)
        return url_for(".listing_terms", listing_id=listing_id)

    done = _("The application is begun. State what you promise.")
    return submit(form, work, done=str(done)) or page(
        "institutions/new_listing.html",
        form=form,
        items=items,
        services=services,
        item_list=catalogue.item_list(session),
        kinds={kind.code: kind for kind in catalogue.qualification_kinds(session)},
    )


@bp.route("/my/institution/listings/<listing_id>/terms", methods=["GET", "POST"])
@agents
def listing_terms(listing_id: str) -> ResponseReturnValue:
    row, session = my_listing(listing_id), reading_session()
    form = filled(TermsForm, PROMISE, seen.terms_stated(session, row.id))

    def work(uow: UnitOfWork) -> str:
        terms = offering.Terms(**given(PROMISE, form))
        offering.save_terms(uow, listing_id=listing_id, terms=terms)
        return url_for(".listing", listing_id=listing_id)

    done = _("Promised days and price are saved.")
    return submit(form, work, done=str(done)) or page(
        "institutions/terms.html",
        form=form,
        facts=PROMISE,
        row=row,
        item=catalogue.item(session, row.item_code),
        in_market=row.state in LISTED,
    )


# ------------------------------------------------------------------ one listing and its acts


def _may_pause(actor: Actor, loaded: ListingPage) -> Decision:
    return policy.may_pause(actor, loaded.institution, loaded.row, paused=loaded.row.paused)


def _may_resume(actor: Actor, loaded: ListingPage) -> Decision:
    return policy.may_resume(actor, loaded.institution, loaded.row, paused=loaded.row.paused)


def _may_leave(actor: Actor, loaded: ListingPage) -> Decision:
    return policy.may_leave(actor, loaded.institution, loaded.row, change_open=loaded.change_open)


def _leave(uow: UnitOfWork, key: str, _form: Form) -> GoOn:
    offering.leave_listing(uow, listing_id=key)
    return GoOn(url_for(".listings"))


def _leaving(loaded: ListingPage) -> tuple[object, ...]:
    if loaded.row.state not in LISTED:
        return (_DRAFT_ENDS,)
    return (
        *_OUT_OF_SIGHT,
        _("To come back you apply again and are vetted again."),
        _("The history stays visible."),
    )


_DRAFT_ENDS = _(
    "The draft ends. You may apply for the item again at any time; what you entered is kept."
)
_OUT_OF_SIGHT = (
    _("Clients no longer find or pick you for this item."),
    _("Commissions under way go on."),
)
ACTS = acts(
    Act(
        "pause",
        form=PauseForm,
        run=reasoned(grounds.pause_listing, "listing_id"),
        may=_may_pause,
        title=_("Pause this item"),
        effects=(*_OUT_OF_SIGHT, _("You end the pause yourself at any time.")),
        done=_("The item is paused."),
        states=LISTED,
    ),
    Act(
        "resume",
        run=plain(grounds.resume_listing, "listing_id"),
        may=_may_resume,
        title=_("End your pause?"),
        effects=(
            _("Clients find and pick you again, unless the item is suspended for another reason."),
        ),
        done=_("Your pause has ended."),
        states=LISTED,
    ),
    Act(
        "withdraw",
        run=_leave,
        may=_may_leave,
        title=_("Leave the market with this item?"),
        effects=_leaving,
        done=_("The item is withdrawn."),
        danger=True,
        # What the association knows of is withdrawn on the page of its case.
        states=LISTED | {ListingState.DRAFT},
    ),
)


def _load(listing_id: str) -> ListingPage:
    my_listing(listing_id)
    return dossiers.listing_page(reading_session(), listing_id, today())


def _show(loaded: ListingPage, _act: str, _form: Form | None) -> ResponseReturnValue:
    actor, row = current_actor(), loaded.row
    return page(
        "institutions/listing.html",
        loaded=loaded,
        row=row,
        item=catalogue.item(reading_session(), row.item_code),
        entries=time_line(loaded.history, inside=True, who=person_or_platform),
        offered=offered(ACTS, actor, loaded),
        may_edit=policy.may_edit_terms(actor, loaded.institution, row),
        in_market=row.state in LISTED,
    )


def _ask(loaded: ListingPage, act: Act[ListingPage], form: Form, back: str) -> ResponseReturnValue:
    """What will happen, then the button."""
    return page(
        "institutions/listing_act.html",
        form=form,
        act=act,
        effects=act.will_happen(loaded),
        in_market=loaded.row.state in LISTED,
        item=catalogue.item(reading_session(), loaded.row.item_code),
        back=back,
    )


RecordPage(ACTS, _load, _show, ask=_ask).serve(
    bp,
    "/my/institution/listings/<listing_id>",
    endpoint="listing",
    act_endpoint="listing_act",
    guard=agents,
)
