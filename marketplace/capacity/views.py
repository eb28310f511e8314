"""Where an institution says how many works it takes for an item, and how that is shown."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.capacity import policy, queries, services, wording
from marketplace.capacity.forms import PlacesForm
from marketplace.capacity.queries import Capacity, ItemPlaces
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.queries import ListingRow
from marketplace.institutions.views.dossier import agents, mine, my_listing
from marketplace.kernel.decisions import Decision
from marketplace.web.context import current_actor, reading_session
from marketplace.web.submit import page, submit

bp = Blueprint("capacity", __name__)
bp.add_app_template_filter(wording.free_text, "free_places")
bp.add_app_template_filter(wording.standing_text, "places_text")


@bp.route("/my/institution/listings/<listing_id>/places", methods=["GET", "POST"])
@agents
def places(listing_id: str) -> ResponseReturnValue:
    """How many works are taken at a time."""
    row, session = my_listing(listing_id), reading_session()
    found = queries.capacity(session, row.id)
    form = PlacesForm(data={"places": found.places})
    back = url_for("institutions.listing", listing_id=listing_id)

    def work(uow: UnitOfWork) -> str:
        services.publish_places(uow, listing_id=listing_id, places=form.places.parsed)
        return back

    return submit(form, work, done=_("The number of places is saved.")) or page(
        "capacity/places.html",
        form=form,
        item=catalogue.item(session, row.item_code),
        found=found,
        may=may_publish(row),
        back=back,
    )


@bp.app_template_global("may_publish_places")
def may_publish(row: ListingRow) -> Decision:
    """Whether the reader may publish places of a listing of its own."""
    return policy.may_publish(current_actor(), mine(), row)


@bp.app_template_global()
def places_for(item_code: str) -> ItemPlaces:
    """The places that are published for an item, for its page."""
    return queries.item_places(reading_session(), item_code)


@bp.app_template_global()
def places_of(listing_id: int) -> Capacity:
    """How the places of a listing stand: `capacity/_panel.html` asks for it."""
    return queries.capacity(reading_session(), listing_id)
