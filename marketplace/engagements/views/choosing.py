"""An enterprise asks an institution, or keeps one that was removed."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import queries as accounts
from marketplace.capacity import queries as capacity
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.wording import limit_text
from marketplace.clocks.rules import deadline
from marketplace.engagements import policy
from marketplace.engagements.forms import ChoiceForm, RequestForm
from marketplace.engagements.queries import choosing, standings
from marketplace.engagements.queries.choosing import Choosing, OwnProject
from marketplace.engagements.queries.page import EngagementPage
from marketplace.engagements.rules import Way
from marketplace.engagements.services import beginning, moving
from marketplace.engagements.views.acts import needed, others
from marketplace.engagements.views.blueprint import bp, facts, load, today
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow, OfferRow
from marketplace.kernel.actors import Role
from marketplace.kernel.decisions import ALLOWED, Decision, first_refusal
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.projects import policy as project_policy
from marketplace.projects.forms import ask_need, confirms_need
from marketplace.projects.queries.preparing import may_provide
from marketplace.projects.wording import need_text
from marketplace.web.context import current_actor, reading_session
from marketplace.web.filters import carried
from marketplace.web.frame import link
from marketplace.web.guard import for_roles, signed_in
from marketplace.web.submit import page as show_page
from marketplace.web.submit import submit
from marketplace.web.words import day, local_name, with_note

enterprise = for_roles(Role.ENTERPRISE_AGENT)


@bp.route("/engagements/new", methods=["GET", "POST"])
@enterprise
def new() -> ResponseReturnValue:
    """Ask the institution that was chosen in the directory; without one the directory is shown."""
    if "listing" not in request.args:
        return redirect(_directory(request.args.get("item", "")))
    asked = _asked(request.args["listing"], request.args.get("project", ""))
    form = _form(asked)

    def work(uow: UnitOfWork) -> str:
        variant = form.variant.data if form.variant else ""
        ref = beginning.request_engagement(
            uow,
            project_id=form.project.data if form.project else asked.project_id,
            item_code=asked.item.code,
            listing_id=asked.listing.public_id,
            variant=variant,
            limit_days=form.limit_days.parsed,
            words=form.words.data or "",
            need_confirmed=confirms_need(form),
        )
        return url_for(".show", engagement_id=ref.public_id)

    done = submit(form, work, done=_("The institution has your request."))
    return done or show_page(
        "engagements/new.html",
        form=form,
        asked=asked,
        offer=_offer(asked.listing),
        closed=[one for one in asked.own if not one.is_free and one.project.state == "active"],
        holders=_holders(asked.own),
        need_text=need_text,
        effects=_effects(),
        change=_directory(asked.item.code),
        quote=_quote(asked),
    )


@dataclass(frozen=True)
class _Asked:
    """The institution chosen, for which item, and of which project where that is known.

    `own` are the enterprise's projects where it is not.
    """

    listing: ListingRow
    item: ItemRow
    choosing: Choosing | None
    own: tuple[OwnProject, ...]
    may: Decision

    @property
    def project_id(self) -> str:
        return self.choosing.project.public_id if self.choosing else ""


def _asked(listing_id: str, project: str) -> _Asked:
    """What the address names.

    Another's project, unknown ids and what was never in the market do not exist (`NotFound`).
    """
    if not is_public_id(listing_id):
        raise NotFound
    session, actor = reading_session(), current_actor()
    listing = institutions.listing(session, listing_id)
    if listing.admitted_at is None:
        raise NotFound
    item = catalogue.item(session, listing.item_code, today())
    found: Choosing | None = None
    own: tuple[OwnProject, ...] = ()
    if project:
        found = choosing.choosing_for(session, actor, project, item.code, today())
    else:
        own = choosing.own_projects(session, actor, item, today())
    may = first_refusal(
        found.may if found else policy.may_request(actor),
        policy.may_commission(item.open_to),
        policy.may_choose_offer(actor, listing),
        _is_apart(listing, found),
        capacity.may_take(session, [listing.id])[listing.id],
    )
    return _Asked(listing, item, found, own, may)


def _is_apart(listing: ListingRow, found: Choosing | None) -> Decision:
    """Whether the institution has nothing to do with what the item of the project examines."""
    if found is None:
        return ALLOWED
    session, who = reading_session(), listing.organisation_id
    return may_provide(session, found.project.id, found.item.code, who)


def _directory(item_code: str) -> str:
    """The search that leads here, with its question: for the project, or for nobody yet."""
    project = request.args.get("project", "")
    known = ("project", "item", "listing")
    if project and item_code:
        search = link("discovery.choose", project_id=project, item_code=item_code)
        return carried(search, *known)
    return carried(link("discovery.institutions"), *known, item=[item_code] if item_code else [])


def _form(asked: _Asked) -> RequestForm:
    form = RequestForm()
    # What was sent stays among the choices, so that the refusal says why it is none any more.
    sent = request.form.get("project")
    free = [one for one in asked.own if one.is_free or _key(one) == sent]
    variants = asked.item.variants
    form.offer(
        None if asked.choosing else [(_key(one), _project_text(one)) for one in free],
        [(one.key, with_note(local_name(one), limit_text(one.limit))) for one in variants],
    )
    if asked.item.of_market:
        form.agree_on_days()
    ask_need(form, [asked.choosing.needed] if asked.choosing else [one.needed for one in free])
    return form


def _offer(listing: ListingRow) -> OfferRow | None:
    """What the institution promises and asks for; None where it is not in the market."""
    found = institutions.admitted_offers(reading_session(), [listing.id])
    return found[0] if found else None


def _key(one: OwnProject) -> str:
    return one.project.public_id


def _project_text(one: OwnProject) -> str:
    return with_note(one.project.name, one.project.code)


def _holders(own: tuple[OwnProject, ...]) -> dict[str, str]:
    """Who holds the item in each project where somebody does, by the project's public id."""
    ids = {one.claim.organisation_id or 0 for one in own if one.claim}
    names = accounts.organisations(reading_session(), ids)
    return {
        _key(one): names[one.claim.organisation_id or 0].name
        for one in own
        if one.claim and (one.claim.organisation_id or 0) in names
    }


def _effects() -> list[str]:
    session = reading_session()
    limits = standings.limits(session, today())
    answer = deadline(catalogue.calendar(session), today(), limits.answer)
    return [
        _("The institution answers by %(day)s; else the request lapses.", day=day(answer)),
        _("Meanwhile the item of this project is reserved for your enterprise alone."),
        _("Your enterprise pays for it. No department is charged."),
        _("You may cancel at any time before both sides have confirmed the contract."),
    ]


def _quote(asked: _Asked) -> str:
    """The way to ask several institutions first."""
    if asked.choosing is None:
        return link("quotations.ask", item=asked.item.code, listing=asked.listing.public_id)
    search = link("discovery.choose", project_id=asked.project_id, item_code=asked.item.code)
    return carried(search, "project", "item", "listing", way="ask")


@bp.route("/engagements/<engagement_id>/keep-or-move", methods=["GET", "POST"])
@signed_in
def keep_or_move(engagement_id: str) -> ResponseReturnValue:
    """Keep the institution for this work, or end it and ask another one in the same act."""
    loaded = load(engagement_id)
    choice = choosing.choice_of(reading_session(), loaded.engagement.id)
    if choice is None or not policy.is_client(current_actor(), choice.standing.client_id):
        raise NotFound
    wanted = project_policy.may_commission(needed(loaded.engagement), confirmed=True)
    may_move = first_refusal(policy.may_move(current_actor(), loaded.standing), wanted)
    form = _choice_form(loaded, may_move)

    def work(uow: UnitOfWork) -> str:
        if form.way.data == Way.KEEP:
            reason = form.reason.data or ""
            moving.keep_institution(uow, engagement=engagement_id, reason=reason)
            return url_for(".show", engagement_id=engagement_id)
        ref = moving.move_on(
            uow,
            engagement=engagement_id,
            listing_id=form.listing.data or "",
            reason=form.reason.data or "",
            need_confirmed=confirms_need(form),
        )
        return url_for(".show", engagement_id=ref.public_id)

    done = submit(form, work, done=_("Your choice is recorded; everybody concerned is told."))
    if done is not None:
        return done
    back = url_for(".show", engagement_id=engagement_id)
    may = policy.may_choose(current_actor(), choice.standing)
    if not (may.allowed or form.is_submitted()):
        return redirect(back)
    return show_page(
        "engagements/keep_or_move.html",
        form=form,
        page=loaded,
        choice=choice,
        may_move=may_move,
        facts=facts(loaded.engagement),
        back=back,
    )


def _choice_form(loaded: EngagementPage, may_move: Decision) -> ChoiceForm:
    form = ChoiceForm()
    listings = others(loaded.engagement) if may_move.allowed else []
    form.offer((Way.KEEP, Way.MOVE) if may_move.allowed else (Way.KEEP,), listings)
    ask_need(form, [needed(loaded.engagement)] if may_move.allowed else [])
    return form
