"""Pages of clients: the list, one with its figures, and the short form on other pages."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import true

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.client_records.queries import records
from marketplace.client_records.queries.records import ClientRecord, ClientRow
from marketplace.web.context import language, reading_session, request_time
from marketplace.web.filters import select_field
from marketplace.web.listing import asked_of, panel
from marketplace.web.submit import page

bp = Blueprint("client_records", __name__, url_prefix="/clients")
SORTS = (("", _l("By name")), ("works", _l("Most works under way")))


@bp.get("")
def index() -> ResponseReturnValue:
    """Everybody who commissions; filters stand in the address."""
    session, asked = reading_session(), asked_of(records.CLIENTS)
    tree = catalogue.regions(session)
    region = request.args.get("region", "")
    known = tree.get(region) is not None
    within = records.in_regions(tree.descendants(region)) if known else true()
    listed = records.CLIENTS.read(session, asked, within=within)
    named = {"": _("All regions"), **dict(tree.choices(language()))}
    words, *others = panel(records.CLIENTS, asked, listed, text_title=_("Name of the client"))
    chosen = select_field("region", _("Region"), named, region if known else "")
    return page(
        "client_records/index.html",
        listed=listed,
        sorts=SORTS,
        sort=asked.sort,
        groups=[words, chosen, *others],
        narrowed=bool(asked.text or asked.chosen or known),
    )


@bp.get("/<client_id>")
def client(client_id: str) -> ResponseReturnValue:
    """What is counted of one client, and how; this address stays."""
    session = reading_session()
    row = records.client(session, client_id)
    record = records.record_of(session, row, request_time())
    return page("client_records/client.html", row=row, record=record)


@bp.app_template_global()
def client_conduct(organisation_id: int) -> tuple[ClientRow, ClientRecord] | None:
    """What others' pages show of a client: `client_records/_short.html` asks for it."""
    session = reading_session()
    row = records.client_by_key(session, organisation_id)
    return None if row is None else (row, records.record_of(session, row, request_time()))


@bp.app_template_global()
def client_address(organisation_id: int) -> str:
    """The page of who commissioned something."""
    key = accounts.organisation(reading_session(), organisation_id).public_id
    return url_for("client_records.client", client_id=key)
