"""The association's side: its queue, its export, and a case with every act on it."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.times import local_date
from marketplace.vetting import policy, queries
from marketplace.vetting.export import workbook
from marketplace.vetting.queries import CasePage
from marketplace.vetting.views import acts, filters, presenting
from marketplace.vetting.views.blueprint import bp
from marketplace.vetting.wording import remedies
from marketplace.web.acts import answer, any_of
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.filters import same_list
from marketplace.web.forms import Form
from marketplace.web.guard import for_roles
from marketplace.web.sheets import download
from marketplace.web.submit import page as show_page

staff = for_roles(Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER)


@bp.get("/vetting")
@staff
def queue() -> ResponseReturnValue:
    """The cases of the association: mine first, the most urgent first."""
    actor, today = current_actor(), local_date(request_time())
    wanted = filters.read(request.args)
    session, association_id = reading_session(), filters.organisation_of(actor)
    listed = queries.queue(
        session, association_id, wanted, user_id=filters.user_of(actor), today=today
    )
    return show_page(
        "vetting/queue.html",
        listed=listed,
        wanted=wanted,
        workload=queries.workload(session, association_id, filters.user_of(actor), today),
        groups=filters.groups(wanted, listed),
        chosen=filters.chosen(wanted, listed),
        sorts=filters.sorts(),
        export=same_list(url_for(".export")),
    )


@bp.get("/vetting/export.xlsx")
@staff
def export() -> ResponseReturnValue:
    """The cases that the filters find, as a workbook."""
    actor, today = current_actor(), local_date(request_time())
    rows = queries.all_rows(
        reading_session(),
        filters.organisation_of(actor),
        filters.read(request.args),
        user_id=filters.user_of(actor),
        today=today,
    )
    return download(workbook(rows), f"vetting-{today}")


@bp.get("/vetting/<case_id>")
@staff
def case(case_id: str) -> ResponseReturnValue:
    """A case on one page: dossier, papers, checklist, and what can be done now."""
    return _render(_load(case_id))


@bp.route(f"/vetting/<case_id>/<{any_of(acts.ACTS)}:act>", methods=["GET", "POST"])
@staff
def act(case_id: str, act: str) -> ResponseReturnValue:
    """One act on the case; opened without sending, it shows the page with this form."""
    loaded, chosen = _load(case_id), acts.ACTS[act]
    form = chosen.form(loaded)
    back = url_for(".case", case_id=case_id, _anchor=chosen.anchor)
    done = answer(form, lambda uow: chosen.run(uow, case_id, form), back, done=chosen.done)
    return done or _render(_load(case_id), act, form)


def _load(case_id: str) -> CasePage:
    """The case as its page shows it; to other associations it does not exist."""
    if not is_public_id(case_id):
        raise NotFound
    actor = current_actor()
    loaded = queries.case_page(
        reading_session(), case_id, local_date(request_time()), user_id=actor.user_id
    )
    if not policy.is_of_association(actor, loaded.standing):
        raise NotFound
    return loaded


def _render(loaded: CasePage, act: str = "", form: Form | None = None) -> ResponseReturnValue:
    actor = current_actor()
    return show_page(
        "vetting/case.html",
        form=form,
        page=loaded,
        forms=acts.forms_of(loaded, act, form),
        may=acts.decisions(actor, loaded.standing),
        sections=presenting.sections(loaded.dossier, loaded.case.listing_id),
        steps=presenting.case_steps(loaded),
        entries=presenting.time_line(loaded.history, inside=True),
        paper=presenting.chosen_document(loaded, request.args.get("paper", "")),
        changes=acts.changes_of(loaded),
        proposed_changes=acts.proposed_changes_of(loaded),
        names=acts.names_of(loaded),
        remedies=remedies(),
    )
