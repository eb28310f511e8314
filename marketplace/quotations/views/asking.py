"""Pages of quotation rounds, the client's side: ask, follow, compare, pick, withdraw."""

from collections.abc import Callable, Iterable

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.wording import limit_text
from marketplace.engagements.forms import listing_choices
from marketplace.engagements.queries import MOST_OFFERED, nearest_first
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.projects import queries as projects
from marketplace.projects.queries import ProjectRow
from marketplace.quotations import policy, services
from marketplace.quotations.forms import AskForm, PickForm, WithdrawRoundForm
from marketplace.quotations.queries import rounds
from marketplace.quotations.queries.rows import RoundPage, RoundRow
from marketplace.quotations.views import comparing
from marketplace.quotations.views.blueprint import bp, today
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import ActForm, Form
from marketplace.web.guard import for_roles
from marketplace.web.submit import page as show_page
from marketplace.web.submit import submit
from marketplace.web.words import local_name

client = for_roles(Role.ENTERPRISE_AGENT)
member = for_roles(Role.ENTERPRISE_AGENT, Role.INSTITUTION_AGENT)


@bp.get("/quotations")
@member
def mine() -> ResponseReturnValue:
    """The rounds my enterprise opened, and what my institution was asked."""
    actor, session = current_actor(), reading_session()
    own = actor.organisation_id or 0
    asks, quotes = actor.has(Role.ENTERPRISE_AGENT), actor.has(Role.INSTITUTION_AGENT)
    return show_page(
        "quotations/mine.html",
        rounds=rounds.rounds_of(session, own, today()) if asks else (),
        requests=rounds.requests_of(session, own, today()) if quotes else (),
        asks=asks,
        quotes=quotes,
    )


# ------------------------------------------------------------------ asking


@bp.route("/quotations/new", methods=["GET", "POST"])
@client
def ask() -> ResponseReturnValue:
    """Ask institutions for quotations for one item of one project; the item comes first."""
    session = reading_session()
    rows = _my_projects()
    item = catalogue.find_item(session, request.args.get("item", ""))
    if item is None:
        return show_page(
            "quotations/which_item.html",
            items=[one for one in catalogue.items(session) if one.open_to != "department"],
            chosen=[(n, v) for n in ("project", "id") for v in request.args.getlist(n)],
        )
    form = _ask_form(item, rows)
    done = submit(form, lambda uow: _ask(uow, item, form), done=_("The institutions were asked."))
    return done or show_page(
        "quotations/ask.html",
        form=form,
        item=item,
        projects=rows,
        most=int(catalogue.rule(session, "engagement.quotation_max_asked", today())),
        offered=MOST_OFFERED,
        nobody=not form.listings.choices,
    )


def _my_projects() -> tuple[ProjectRow, ...]:
    own = current_actor().organisation_id or 0
    return projects.projects_of(reading_session(), own)


def _ask_form(item: ItemRow, rows: tuple[ProjectRow, ...]) -> AskForm:
    """The form with what can be chosen; what the address names is chosen already."""
    session = reading_session()
    named = _asked_before(session, item.code)
    project = request.args.get("project", "")
    place = next((row.region_code for row in rows if row.public_id == project), "")
    admitted = institutions.listings_for(session, item.code)
    mine = current_actor().organisation_id
    found = [row for row in admitted if row.organisation_id != mine]
    ticked = [*named, *request.form.getlist("listings")]
    offered = nearest_first(session, found, place, ticked)
    form = AskForm(data={"project": project, "listings": named})
    form.offer(
        _project_choices(rows),
        _variant_choices(item),
        listing_choices(session, offered, item),
    )
    return form


def _project_choices(rows: Iterable[ProjectRow]) -> list[SelectChoice]:
    """The projects, by name and code."""
    return [SelectChoice(row.public_id, f"{row.name} ({row.code})") for row in rows]


def _variant_choices(item: ItemRow) -> list[SelectChoice]:
    """The classes of the item with their limits; empty where it has none."""
    return [
        SelectChoice(one.key, f"{local_name(one)} ({limit_text(one.limit)})")
        for one in item.variants
    ]


def _asked_before(session: Session, item_code: str) -> list[str]:
    """The listings named in the address: directly, or by their institutions."""
    named = [key for key in request.args.getlist("listing") if is_public_id(key)]
    chosen = set(request.args.getlist("id"))
    if not chosen:
        return named
    rows = institutions.listings_for(session, item_code)
    return [*named, *(row.public_id for row in rows if row.institution_public_id in chosen)]


def _ask(uow: UnitOfWork, item: ItemRow, form: AskForm) -> str:
    ref = services.open_round(
        uow,
        project=form.project.data,
        item_code=item.code,
        listings=form.listings.data,
        answer_by=form.answer_by.parsed,
        variant=form.variant.data if form.variant else "",
        words=form.words.data or "",
        papers=form.papers(),
    )
    return url_for(".show", round_id=ref.public_id)


# ------------------------------------------------------------------ one round


@bp.get("/quotations/<round_id>")
@client
def show(round_id: str) -> ResponseReturnValue:
    """A round: who was asked, who answered, and once it is closed the comparison."""
    loaded = _load(round_id)
    actor, standing = current_actor(), loaded.round.standing
    return show_page(
        "quotations/round.html",
        page=loaded,
        row=loaded.round,
        comparison=comparing.comparison(reading_session(), loaded),
        entries=comparing.time_line(loaded),
        may_see=policy.may_see_quotations(standing),
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


def _load(round_id: str) -> RoundPage:
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
        services.close_round(uow, quotation_round=round_id)
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
        services.withdraw_round(uow, quotation_round=round_id, reason=form.reason.data or "")
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
    loaded = _load(round_id)
    picked = [one for one in loaded.answers if one.answer and one.answer.public_id == quotation_id]
    if not picked:
        raise NotFound
    form = PickForm()

    def work(uow: UnitOfWork) -> str:
        ref = services.pick_quotation(uow, quotation=quotation_id, words=form.words.data or "")
        return url_for("engagements.show", engagement_id=ref.public_id)

    return _act(
        "quotations/pick.html",
        round_id,
        form,
        work,
        _("The institution was asked to take the work on."),
        may=policy.may_pick(current_actor(), loaded.round.standing),
        picked=picked[0],
    )
