"""Pages of requests to departments: ask, follow, answer, hand on."""

from functools import partial
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.forms import time_given
from marketplace.clocks.queries import light_days
from marketplace.commission_requests import policy, queries, services
from marketplace.commission_requests.forms import AddressForm, AskForm, RefuseForm, WithdrawForm
from marketplace.commission_requests.queries import RequestPage, RequestRow
from marketplace.commission_requests.rules import DAYS, RequestState
from marketplace.commission_requests.wording import state_tone
from marketplace.infra.lists import Listed, PagedList
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.times import local_date
from marketplace.projects import queries as projects
from marketplace.projects.forms import ask_need, confirms_need
from marketplace.projects.wording import need_text
from marketplace.web.acts import Act, RecordPage, acts, offered, plain, reasoned
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import Form
from marketplace.web.guard import for_roles
from marketplace.web.listing import asked_of
from marketplace.web.submit import page, submit
from marketplace.web.time_line import time_line

bp = Blueprint("commission_requests", __name__)
bp.add_app_template_filter(state_tone, "commission_request_tone")

members = for_roles(*policy.READERS)


def _address_form(loaded: RequestPage, **options: Any) -> AddressForm:
    form = AddressForm(**options)
    form.offer(queries.departments_for(reading_session(), loaded.row.region_code))
    return form


ACTS = acts(
    Act(
        "take-up",
        run=plain(services.take_up_request, "request"),
        may=policy.may_take_up,
        title=_("Take the request up"),
        done=_("The request is taken up; the enterprise is told. Draft the notice next."),
        effects=lambda _loaded: (
            _("The enterprise is told that your department commissions the item and pays for it."),
            _("Your notice is due within %(days)s.", days=time_given(DAYS[RequestState.TAKEN_UP])),
        ),
        primary=True,
        states=frozenset({RequestState.ASKED}),
    ),
    Act(
        "address",
        form=_address_form,
        run=lambda uow, key, form: services.address_request(
            uow, request=key, department=form.department.data or ""
        ),
        may=policy.may_address,
        title=_("Hand it on to a department"),
        done=_("The request lies with the department now; it and the enterprise are told."),
        effects=lambda _loaded: (
            _(
                "The department has %(days)s from now to answer.",
                days=time_given(DAYS[RequestState.ASKED]),
            ),
        ),
        primary=True,
        states=frozenset({RequestState.ASKED}),
    ),
    Act(
        "refuse",
        form=RefuseForm,
        run=reasoned(services.refuse_request, "request"),
        may=policy.may_refuse,
        title=_("Refuse the request"),
        done=_("The request is refused; the enterprise reads why."),
        effects=(_("The enterprise is told and reads your reasons; it may ask again later."),),
        danger=True,
        final=True,
        states=frozenset({RequestState.ASKED, RequestState.TAKEN_UP}),
    ),
    Act(
        "withdraw",
        form=WithdrawForm,
        run=reasoned(services.withdraw_request, "request"),
        may=policy.may_withdraw,
        title=_("Withdraw the request"),
        done=_("The request is withdrawn; the department is told."),
        effects=(_("The department is told and does nothing more; you may ask again later."),),
        final=True,
        states=frozenset({RequestState.ASKED, RequestState.TAKEN_UP}),
    ),
)


@bp.get("/commission-requests")
@members
def mine() -> ResponseReturnValue:
    """What my enterprise asked departments for, and what my department is asked for."""
    actor = current_actor()
    asks = actor.has(Role.ENTERPRISE_AGENT)
    answers = actor.has(*policy.DEPARTMENT, Role.SYSTEM_ADMIN)
    return page(
        "commission_requests/mine.html",
        sent=_listed(queries.SENT, "sent") if asks else None,
        received=_listed(queries.RECEIVED, "received") if answers else None,
    )


def _listed(every: PagedList[RequestRow], page_name: str) -> Listed[RequestRow]:
    session, own = reading_session(), current_actor().organisation_id
    days = light_days(session, local_date(request_time()), own=own)
    return every.read(session, asked_of(every, page_name=page_name), days)


@bp.route("/commission-requests/new", methods=["GET", "POST"])
@for_roles(Role.ENTERPRISE_AGENT)
def ask() -> ResponseReturnValue:
    """Ask the department in charge to commission an item of one of my projects."""
    session, today = reading_session(), local_date(request_time())
    key = request.args.get("project", "")
    if not is_public_id(key):
        raise NotFound
    project, standing = projects.seen_project(session, current_actor(), key)
    item = catalogue.item(session, request.args.get("item", ""), today)
    needed, form = projects.need_on(session, project.id, item.code, today), AskForm()
    ask_need(form, [needed])
    approval = queries.approval_in_charge(session, project.id, item, today)
    named = approval.department if approval else ""
    run = partial(_ask, form=form, project=project.public_id, item_code=item.code)
    done = submit(form, run, done=_("The department was asked."))
    return done or page(
        "commission_requests/ask.html",
        form=form,
        project=project,
        item=item,
        approval=approval,
        department=queries.department_named(session, named, project.region_code),
        may=policy.may_ask(current_actor(), standing, item.open_to),
    )


def _ask(uow: UnitOfWork, *, form: AskForm, project: str, item_code: str) -> str:
    ref = services.ask_department(
        uow,
        project=project,
        item_code=item_code,
        words=form.words.data or "",
        need_confirmed=confirms_need(form),
    )
    return url_for(".show", request_id=ref.public_id)


def _load(request_id: str) -> RequestPage:
    """The request; to those who have no part in it, it does not exist."""
    if not is_public_id(request_id):
        raise NotFound
    loaded = queries.request_page(reading_session(), request_id, local_date(request_time()))
    if not policy.may_see(current_actor(), loaded.standing):
        raise NotFound
    return loaded


def _show(loaded: RequestPage, _act: str, _form: Form | None) -> ResponseReturnValue:
    actor = current_actor()
    asks = policy.is_of_enterprise(actor, loaded.standing)
    return page(
        "commission_requests/show.html",
        page=loaded,
        asks=asks,
        offered=[
            (act, may)
            for act, may in offered(ACTS, actor, loaded.standing)
            if (act.name == "withdraw") is asks
        ],
        need=need_text(loaded.needed),
        entries=time_line(loaded.history, inside=True),
    )


def _ask_act(
    loaded: RequestPage, act: Act[policy.Standing], form: Form, back: str
) -> ResponseReturnValue:
    """One act: what will happen, then the button."""
    return page(
        "commission_requests/act.html",
        form=form,
        page=loaded,
        act=act,
        effects=act.will_happen(loaded),
        back=back,
    )


RecordPage(ACTS, _load, _show, ask=_ask_act).serve(
    bp,
    "/commission-requests/<request_id>",
    endpoint="show",
    act_endpoint="act",
    guard=members,
)
