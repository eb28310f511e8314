"""An enterprise asks an institution, moves on to another one, or keeps one that was removed."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.wording import limit_text
from marketplace.clocks.rules import deadline
from marketplace.engagements import policy
from marketplace.engagements.forms import ChoiceForm, MoveForm, RequestForm, listing_choices
from marketplace.engagements.queries import choosing, standings
from marketplace.engagements.queries.choosing import Candidate, OwnProject, nearest_first
from marketplace.engagements.queries.page import EngagementPage
from marketplace.engagements.rules import Way
from marketplace.engagements.services import beginning, moving
from marketplace.engagements.views.blueprint import bp, load, own_organisation, today
from marketplace.engagements.views.effects import facts
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Role
from marketplace.kernel.decisions import Decision
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.projects.rules import ProjectState
from marketplace.web.context import current_actor, reading_session
from marketplace.web.frame import link
from marketplace.web.guard import for_roles, signed_in
from marketplace.web.submit import page as show_page
from marketplace.web.submit import submit
from marketplace.web.words import day, local_name

enterprise = for_roles(Role.ENTERPRISE_AGENT)


@bp.route("/engagements/new", methods=["GET", "POST"])
@enterprise
def new() -> ResponseReturnValue:
    """Pick an institution for an item of one of my projects."""
    item = _item()
    if item is None:
        return redirect(link("projects.mine") or url_for(".mine"))
    own = choosing.own_projects(reading_session(), own_organisation(), item.code)
    candidates = choosing.candidates(reading_session(), item.code)
    form = _form(item, own, candidates)

    def work(uow: UnitOfWork) -> str:
        variant = form.variant.data if "variant" in form else None
        ref = beginning.request_engagement(
            uow,
            project_id=form.project.data,
            item_code=item.code,
            listing_id=form.listing.data,
            variant=variant,
            limit_days=form.limit_days.parsed,
            words=form.words.data or "",
        )
        return url_for(".show", engagement_id=ref.public_id)

    done = submit(form, work, done=_("The institution has your request."))
    if done is not None:
        return done
    return show_page(
        "engagements/new.html",
        form=form,
        item=item,
        candidates=candidates,
        claimed=[one for one in own if one.claim is not None],
        holders=_holders(own),
        effects=_effects(),
        may=policy.may_request(current_actor()),
        quote=_quote(item),
        find=link("discovery.institutions", item=item.code),
    )


def _item() -> ItemRow | None:
    """The item asked for: by its code, or that of the listing."""
    session, listing_id = reading_session(), request.args.get("listing", "")
    if listing_id:
        if not is_public_id(listing_id):
            raise NotFound
        return catalogue.item(session, institutions.listing(session, listing_id).item_code)
    code = request.args.get("item", "")
    return catalogue.item(session, code) if code else None


def _form(
    item: ItemRow, own: tuple[OwnProject, ...], candidates: tuple[Candidate, ...]
) -> RequestForm:
    chosen = {name: request.args.get(name, "") for name in ("project", "listing")}
    form = RequestForm(data=chosen)
    form.offer(
        [(_key(one), _project_text(one)) for one in own if _is_free(one)],
        [(one.listing_public_id, _candidate_text(one)) for one in candidates],
        [(one.key, f"{local_name(one)}: {limit_text(one.limit)}") for one in item.variants],
    )
    return form


def _is_free(one: OwnProject) -> bool:
    return one.claim is None and one.project.state is ProjectState.ACTIVE


def _key(one: OwnProject) -> str:
    return one.project.public_id


def _project_text(one: OwnProject) -> str:
    return f"{one.project.name} ({one.project.code})"


def _candidate_text(one: Candidate) -> str:
    if one.promised_days is None:
        return one.name
    return str(_("%(name)s, promises %(days)s days", name=one.name, days=one.promised_days))


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
        _("You may cancel at any time before the contract is recorded."),
    ]


def _quote(item: ItemRow) -> str:
    project = request.args.get("project", "")
    values = {"project": project} if project else {}
    return link("quotations.ask", item=item.code, **values)


@bp.route("/engagements/<engagement_id>/move", methods=["GET", "POST"])
@enterprise
def move(engagement_id: str) -> ResponseReturnValue:
    """End the engagement and ask another institution in the same act."""
    loaded = load(engagement_id)
    may = policy.may_move(current_actor(), loaded.standing)
    back = url_for(".show", engagement_id=engagement_id)
    form = MoveForm(data={"listing": request.args.get("listing", "")})
    row = loaded.engagement
    form.listing.choices = [
        SelectChoice(one.listing_public_id, _candidate_text(one))
        for one in choosing.candidates(reading_session(), row.item_code)
        if one.listing_public_id != row.listing_public_id
    ]

    def work(uow: UnitOfWork) -> str:
        ref = moving.move_engagement(
            uow,
            engagement=engagement_id,
            listing_id=form.listing.data,
            reason=form.reason.data,
            limit_days=form.limit_days.parsed,
            words=form.words.data or "",
        )
        return url_for(".show", engagement_id=ref.public_id)

    done = submit(form, work, done=_("The other institution has your request."))
    if done is not None:
        return done
    if not (may.allowed or form.is_submitted()):
        return redirect(back)
    return show_page(
        "engagements/move.html",
        form=form,
        page=loaded,
        facts=facts(row),
        effects=_move_effects(),
        back=back,
    )


def _move_effects() -> list[str]:
    return [
        _("The present engagement is terminated, and its institution is told why."),
        _("The item passes to the new request in the same moment; nobody else can take it."),
        _("What the present contract says about the work done so far stays between you."),
    ]


@bp.route("/engagements/<engagement_id>/keep-or-move", methods=["GET", "POST"])
@signed_in
def keep_or_move(engagement_id: str) -> ResponseReturnValue:
    """Keep the institution for this work, or end it and ask another one in the same act."""
    loaded = load(engagement_id)
    choice = choosing.choice_of(reading_session(), loaded.engagement.id, today())
    if choice is None or not policy.is_client(current_actor(), choice.standing.client_id):
        raise NotFound
    may_move = policy.may_move(current_actor(), loaded.standing)
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
    session, row = reading_session(), loaded.engagement
    form = ChoiceForm()
    listings: list[SelectChoice] = []
    if may_move.allowed:
        admitted = institutions.listings_for(session, row.item_code)
        others = [one for one in admitted if one.organisation_id != row.provider_id]
        nearest = nearest_first(session, others, row.region_code, ())
        listings = listing_choices(session, nearest, row.item)
    form.offer((Way.KEEP, Way.MOVE) if may_move.allowed else (Way.KEEP,), listings)
    return form
