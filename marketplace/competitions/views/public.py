"""What everybody may read: competitions one can bid in, and each notice with what became of it."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import true

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.forms import item_names
from marketplace.competitions import policy
from marketplace.competitions.queries import lists, reading, sealed
from marketplace.competitions.rules import PREPARED
from marketplace.competitions.views import presenting
from marketplace.competitions.views.blueprint import bp
from marketplace.competitions.views.department import related
from marketplace.kernel.actors import Role
from marketplace.kernel.times import local_date
from marketplace.web.context import current_actor, language, reading_session, request_time
from marketplace.web.filters import select_field
from marketplace.web.listing import asked_of, panel
from marketplace.web.submit import page
from marketplace.web.time_line import time_line

SORTS = (("", _l("Nearest deadline first")), ("latest", _l("Latest first")))


@bp.get("/competitions")
def index() -> ResponseReturnValue:
    """Published competitions; filters stand in the address."""
    session, asked = reading_session(), asked_of(lists.PUBLIC)
    tree = catalogue.regions(session)
    region = request.args.get("region", "")
    known = tree.get(region) is not None
    within = lists.in_regions(tree.descendants(region)) if known else true()
    listed = lists.PUBLIC.read(session, asked, within=within)
    named = {"": _("All regions"), **dict(tree.choices(language()))}
    words, *others = panel(
        lists.PUBLIC,
        asked,
        listed,
        text_title=_("Title or number"),
        offered={"item": item_names()},
    )
    return page(
        "competitions/index.html",
        listed=listed,
        sorts=SORTS,
        sort=asked.sort,
        groups=[
            words,
            select_field("region", _("Region"), named, region if known else ""),
            *others,
        ],
        narrowed=bool(asked.text or asked.chosen or known),
        list_name=catalogue.item_list(session),
    )


@bp.get("/competitions/<competition_id>")
def notice(competition_id: str) -> ResponseReturnValue:
    """A notice: what is asked, until when; after the opening the bids, the award, the reasons."""
    session, actor, now = reading_session(), current_actor(), request_time()
    row = reading.published(session, competition_id)
    criteria = reading.criteria(session, row.id)
    today = local_date(now)
    standing = reading.standing(session, row, today)
    agent = actor.has(Role.INSTITUTION_AGENT)
    mine = reading.my_bid(session, row.id, actor.organisation_id) if agent else None
    others = related(row)
    if others["rerun_by"] is not None and others["rerun_by"].state in PREPARED:
        others["rerun_by"] = None
    return page(
        "competitions/notice.html",
        row=row,
        steps=presenting.steps(row, inside=False),
        facts=presenting.public_facts(row),
        criteria=criteria,
        lines=presenting.bid_lines(row, criteria),
        criterion_name=presenting.criterion_name,
        bid_note=presenting.bid_note,
        questions=reading.questions(session, row.id),
        awards=reading.awards(session, row.id),
        entries=time_line(sealed.history(session, row.id), inside=False),
        agent=agent,
        mine=mine,
        may_bid=policy.may_bid(actor, standing, now),
        may_explain=mine is not None
        and policy.may_justify(actor, standing, reading.bid_standing(mine), today).allowed,
        may_see_inside=policy.may_see(actor, row.department_id),
        **others,
    )
