"""The list of a party's engagements, an engagement on one page, and the acts on it."""

from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.engagements import policy, queries
from marketplace.engagements.export import workbook
from marketplace.engagements.queries import EngagementPage
from marketplace.engagements.views import acts, filters, presenting
from marketplace.engagements.views.blueprint import bp
from marketplace.engagements.views.effects import effects, facts
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.web.acts import any_of
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.filters import same_list
from marketplace.web.guard import for_roles, signed_in
from marketplace.web.sheets import download
from marketplace.web.submit import page as show_page
from marketplace.web.submit import submit

parties = for_roles(
    Role.ENTERPRISE_AGENT,
    Role.INSTITUTION_AGENT,
    Role.DEPARTMENT_OFFICER,
    Role.DEPARTMENT_APPROVER,
    Role.BUDGET_OFFICER,
)


def today() -> date:
    """The Shanghai day of the request."""
    return local_date(request_time())


def own_organisation() -> int:
    """The organisation the actor acts for."""
    found = current_actor().organisation_id
    if found is None:
        raise NotFound
    return found


@bp.get("/engagements")
@parties
def mine() -> ResponseReturnValue:
    """The engagements of my organisation: my turn first, the most urgent first."""
    own, wanted = own_organisation(), filters.read(request.args)
    rows = queries.engagements_of(reading_session(), own, today())
    listed = filters.listed(rows, wanted, own)
    return show_page(
        "engagements/mine.html",
        listed=listed,
        wanted=wanted,
        own=own,
        groups=filters.groups(wanted, listed),
        chosen=filters.chosen(wanted, listed),
        sorts=filters.sorts(),
        may_request=policy.may_request(current_actor()),
        export=same_list(url_for(".export")),
    )


@bp.get("/engagements/export.xlsx")
@parties
def export() -> ResponseReturnValue:
    """The engagements that the filters find, as a workbook."""
    own = own_organisation()
    rows = queries.engagements_of(reading_session(), own, today())
    found = filters.found(rows, filters.read(request.args), own)
    return download(workbook(found), f"engagements-{today()}")


@bp.get("/engagements/<engagement_id>")
@signed_in
def show(engagement_id: str) -> ResponseReturnValue:
    """An engagement on one page: whose turn it is, its clock, papers and history."""
    loaded = load(engagement_id)
    actor = current_actor()
    choice = queries.choice_of(reading_session(), loaded.engagement.id, today())
    return show_page(
        "engagements/show.html",
        page=loaded,
        choice=choice,
        may_choose=policy.may_choose(actor, choice.standing) if choice else None,
        may=acts.decisions(actor, loaded.standing),
        acts=acts.ACTS,
        side=policy.side_of(actor, loaded.standing),
        steps=presenting.steps(loaded.engagement),
        entries=presenting.time_line(loaded.history),
        document=presenting.document,
    )


@bp.route(f"/engagements/<engagement_id>/<{any_of(acts.ACTS)}:act>", methods=["GET", "POST"])
@signed_in
def act(engagement_id: str, act: str) -> ResponseReturnValue:
    """One act: what will happen first, then the button."""
    loaded, chosen = load(engagement_id), acts.ACTS[act]
    side = policy.side_of(current_actor(), loaded.standing)
    if side is None:
        raise NotFound
    form = chosen.form()
    back = url_for(".show", engagement_id=engagement_id)

    def work(uow: UnitOfWork) -> str:
        chosen.run(uow, engagement_id, form)
        return back

    done = submit(form, work, done=str(chosen.done))
    if done is not None:
        return done
    may = chosen.may(current_actor(), loaded.standing)
    if not (may.allowed or form.is_submitted()):
        return redirect(back)
    return show_page(
        "engagements/act.html",
        form=form,
        page=loaded,
        act=chosen,
        side=side,
        effects=effects(act, loaded, today()),
        facts=facts(loaded.engagement),
        back=back,
    )


def load(engagement_id: str) -> EngagementPage:
    """The engagement as its page shows it; to outsiders it does not exist."""
    loaded = queries.page(reading_session(), engagement_id, today())
    if not policy.may_see(current_actor(), loaded.standing):
        raise NotFound
    return loaded
