"""Pages of quotation rounds, the client's side: ask, follow, compare, pick, withdraw."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms.fields.choices import SelectChoice

from marketplace.capacity import queries as capacity
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.wording import limit_text
from marketplace.clocks.queries import light_days
from marketplace.engagements.policy import may_choose_offer, may_commission
from marketplace.engagements.queries import Choosing, choosing_for, own_projects
from marketplace.infra.lists import Listed, PagedList
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow, OfferRow
from marketplace.kernel.actors import Role
from marketplace.kernel.decisions import first_refusal
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.projects import policy as project_policy
from marketplace.projects import queries as projects
from marketplace.projects.forms import ask_need, confirms_need
from marketplace.projects.rules import ProjectState
from marketplace.quotations import policy
from marketplace.quotations.forms import AskForm, PickForm, WithdrawRoundForm
from marketplace.quotations.queries import lists, rounds
from marketplace.quotations.queries.rows import RoundPage, RoundRow
from marketplace.quotations.services import asking
from marketplace.quotations.views import comparing
from marketplace.quotations.views.blueprint import bp, today
from marketplace.web.context import current_actor, reading_session
from marketplace.web.filters import carried
from marketplace.web.forms import ActForm, Form
from marketplace.web.frame import link
from marketplace.web.guard import for_roles
from marketplace.web.listing import asked_of
from marketplace.web.submit import page as show_page
from marketplace.web.submit import submit
from marketplace.web.words import local_name, with_note

R = TypeVar("R")

client = for_roles(Role.ENTERPRISE_AGENT)
member = for_roles(Role.ENTERPRISE_AGENT, Role.INSTITUTION_AGENT)

# More than this an address cannot name, whatever the rulebook allows.
MOST_NAMED = 20


@bp.get("/quotations")
@member
def mine() -> ResponseReturnValue:
    """The rounds my enterprise opened, and what my institution was asked."""
    actor = current_actor()
    asks, quotes = actor.has(Role.ENTERPRISE_AGENT), actor.has(Role.INSTITUTION_AGENT)
    return show_page(
        "quotations/mine.html",
        rounds=_listed(lists.ROUNDS, "rounds") if asks else None,
        requests=_listed(lists.REQUESTS, "requests") if quotes else None,
        asks=asks,
        quotes=quotes,
    )


# ------------------------------------------------------------------ asking


def _listed(every: PagedList[R], page_name: str) -> Listed[R]:
    """The page asked for of a list of my organisation."""
    session, own = reading_session(), current_actor().organisation_id
    asked = asked_of(every, page_name=page_name)
    return every.read(session, asked, light_days(session, today(), own=own))


@bp.route("/quotations/new", methods=["GET", "POST"])
@client
def ask() -> ResponseReturnValue:
    """Ask those chosen in the directory for quotations; the project and the item come first."""
    item, project = _item(), request.args.get("project", "")
    if item is None or not project:
        return _which(item, project)
    found = choosing_for(reading_session(), current_actor(), project, item.code, today())
    partners = _partners(item, found.project.id)
    if not partners and request.method == "GET":
        return redirect(_search(found))
    form = _ask_form(item, partners)
    ask_need(form, [found.needed])
    done = submit(form, lambda uow: _ask(uow, found, form), done=_("The institutions were asked."))
    return done or show_page(
        "quotations/ask.html",
        form=form,
        item=item,
        choosing=found,
        partners=partners,
        offers=_offers(partners),
        regions=catalogue.regions(reading_session()),
        left_out=len(_named("id")) + len(_named("listing")) - len(partners),
        most=int(catalogue.rule(reading_session(), "engagement.quotation_max_asked", today())),
        search=_search(found, partners),
        without={one.id: _without(partners, one) for one in partners},
    )


def _item() -> ItemRow | None:
    """The item asked about: by its code, or that of the first listing named."""
    session = reading_session()
    code = request.args.get("item", "")
    named = _named("listing")
    if not code and named:
        code = institutions.listing(session, named[0]).item_code
    return catalogue.find_item(session, code)


def _which(item: ItemRow | None, project: str) -> ResponseReturnValue:
    """Which project, and then which of the items it needs, where the address leaves that open."""
    session, actor = reading_session(), current_actor()
    rows = projects.projects_of(session, actor)
    if item is not None:
        own = own_projects(session, actor, item, today())
        rows = tuple(one.project for one in own if one.is_free)
    return show_page(
        "quotations/which_item.html",
        item=item,
        items=[] if item or not project else _needed(project),
        projects=[row for row in rows if row.state is ProjectState.ACTIVE],
        project=project,
        chosen=[(name, key) for name in ("id", "listing") for key in _named(name)],
    )


def _needed(project: str) -> list[ItemRow]:
    """What the project needs, nobody has commissioned, and an enterprise may."""
    session, actor = reading_session(), current_actor()
    row, _standing = projects.seen_project(session, actor, project)
    return [
        need.item
        for need in projects.needs(session, row.id, today())
        if need.is_free and may_commission(need.item.open_to)
    ]


def _named(name: str) -> list[str]:
    """The public ids that the address names so."""
    named = dict.fromkeys(request.args.getlist(name))
    return [key for key in named if is_public_id(key)][:MOST_NAMED]


def _partners(item: ItemRow, project_id: int) -> tuple[ListingRow, ...]:
    """Those named in the address who may be asked: by their institutions, or by their listings."""
    session, actor, ids = reading_session(), current_actor(), _named("id")
    rows = institutions.listings_for(session, item.code, ids) if ids else ()
    found = [
        *sorted(rows, key=lambda row: ids.index(row.institution_public_id)),
        *(institutions.listing(session, key) for key in _named("listing")),
    ]
    who = {row.organisation_id for row in found}
    apart = projects.conflicts(session, project_id, item.code, who)
    return tuple(
        {
            row.id: row
            for row in found
            if row.item_code == item.code
            and may_choose_offer(actor, row).allowed
            and row.organisation_id not in apart
        }.values()
    )


def _offers(partners: Iterable[ListingRow]) -> dict[int, OfferRow]:
    """What each of them promises and asks for, by listing."""
    keys = [row.id for row in partners]
    return {one.listing_id: one for one in institutions.admitted_offers(reading_session(), keys)}


def _search(found: Choosing, partners: Iterable[ListingRow] = ()) -> str:
    """The directory for this item of this project, with those chosen and the question kept."""
    address = link(
        "discovery.choose", project_id=found.project.public_id, item_code=found.item.code
    )
    keys = [row.institution_public_id for row in partners]
    return carried(address, "project", "item", "listing", way="ask", id=keys)


def _without(partners: Iterable[ListingRow], left_out: ListingRow) -> str:
    """The present page without one of them."""
    keys = [row.institution_public_id for row in partners if row.id != left_out.id]
    return carried(url_for(".ask"), "listing", id=keys)


def _ask_form(item: ItemRow, partners: Iterable[ListingRow]) -> AskForm:
    """The form, for those chosen."""
    form = AskForm()
    form.offer(
        [
            SelectChoice(one.key, with_note(local_name(one), limit_text(one.limit)))
            for one in item.variants
        ],
        [SelectChoice(row.public_id, row.name) for row in partners],
    )
    return form


def _ask(uow: UnitOfWork, found: Choosing, form: AskForm) -> str:
    ref = asking.open_round(
        uow,
        project=found.project.public_id,
        item_code=found.item.code,
        listings=form.listings.data,
        answer_by=form.answer_by.parsed,
        variant=form.variant.data if form.variant else "",
        words=form.words.data or "",
        papers=form.papers(),
        need_confirmed=confirms_need(form),
    )
    return url_for(".show", round_id=ref.public_id)


# ------------------------------------------------------------------ one round


@bp.get("/quotations/<round_id>")
@client
def show(round_id: str) -> ResponseReturnValue:
    """A round: who was asked, who answered, and once it is closed the comparison."""
    loaded = load_round(round_id)
    actor, standing = current_actor(), loaded.round.standing
    return show_page(
        "quotations/round.html",
        page=loaded,
        row=loaded.round,
        comparison=comparing.comparison(reading_session(), loaded),
        entries=comparing.time_line(loaded),
        may_see=policy.may_see_quotations(standing),
        may_explain=policy.may_answer_question(actor, standing),
        may_close=policy.may_close(actor, standing),
        may_pick=policy.may_pick(actor, standing),
        may_withdraw=policy.may_withdraw(actor, standing),
    )


def _find(round_id: str) -> RoundRow:
    """The enterprise's own round; to others it does not exist."""
    if not is_public_id(round_id):
        raise NotFound
    row = rounds.find_round(reading_session(), round_id, today())
    if not policy.is_client(current_actor(), row.standing):
        raise NotFound
    return row


def load_round(round_id: str) -> RoundPage:
    """The enterprise's own round with its answers; to others it does not exist."""
    return rounds.round_page(reading_session(), _find(round_id))


def _address(round_id: str) -> str:
    return url_for(".show", round_id=round_id)


def _act(
    template: str,
    round_id: str,
    form: Form,
    work: Callable[[UnitOfWork], str],
    said: LazyString,
    **more: object,
) -> ResponseReturnValue:
    """Confirm one act on a round, then do it."""
    row = _find(round_id)
    done = submit(form, work, done=str(said))
    return done or show_page(template, form=form, row=row, back=_address(round_id), **more)


@bp.route("/quotations/<round_id>/close", methods=["GET", "POST"])
@client
def close(round_id: str) -> ResponseReturnValue:
    """Confirm that no more answers are waited for."""

    def work(uow: UnitOfWork) -> str:
        asking.close_round(uow, quotation_round=round_id)
        return _address(round_id)

    standing = _find(round_id).standing
    return _act(
        "quotations/close.html",
        round_id,
        ActForm(),
        work,
        _("The round is closed. Compare the quotations and pick one."),
        may=policy.may_close(current_actor(), standing),
    )


@bp.route("/quotations/<round_id>/withdraw", methods=["GET", "POST"])
@client
def withdraw(round_id: str) -> ResponseReturnValue:
    """Confirm that the question is given up, with the reason."""
    form = WithdrawRoundForm()

    def work(uow: UnitOfWork) -> str:
        asking.withdraw_round(uow, quotation_round=round_id, reason=form.reason.data or "")
        return _address(round_id)

    standing = _find(round_id).standing
    return _act(
        "quotations/withdraw.html",
        round_id,
        form,
        work,
        _("The round is withdrawn; everybody who was asked is told."),
        may=policy.may_withdraw(current_actor(), standing),
    )


@bp.route("/quotations/<round_id>/pick/<quotation_id>", methods=["GET", "POST"])
@client
def pick(round_id: str, quotation_id: str) -> ResponseReturnValue:
    """Confirm the pick: the institution is asked to take the work on, the others are told."""
    loaded, session = load_round(round_id), reading_session()
    picked = [one for one in loaded.answers if one.answer and one.answer.public_id == quotation_id]
    if not picked:
        raise NotFound
    form = PickForm()
    row = loaded.round
    needed = projects.need_on(session, row.project.id, row.item.code, today())
    ask_need(form, [needed])

    def work(uow: UnitOfWork) -> str:
        ref = asking.pick_quotation(
            uow,
            quotation=quotation_id,
            reason=form.reason.data or "",
            words=form.words.data or "",
            need_confirmed=confirms_need(form),
        )
        return url_for("engagements.show", engagement_id=ref.public_id)

    return _act(
        "quotations/pick.html",
        round_id,
        form,
        work,
        _("The institution was asked to take the work on."),
        may=first_refusal(
            policy.may_pick(current_actor(), row.standing),
            may_commission(catalogue.item(session, row.item.code, today()).open_to),
            project_policy.may_commission(needed, confirmed=True),
            capacity.may_take(session, [picked[0].listing.id])[picked[0].listing.id],
        ),
        picked=picked[0],
    )
