"""The page of an engagement's contract with its acts, and its panel on the engagement's page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from marketplace.catalogue.wording import limit_text
from marketplace.clocks.queries import light_until
from marketplace.contracts import policy, services
from marketplace.contracts.forms import ChangeForm, ConfirmForm, TermsForm
from marketplace.contracts.queries.drawing import terms_of
from marketplace.contracts.queries.reading import ContractPage, VersionRow
from marketplace.contracts.rules import Due, left_out
from marketplace.contracts.views.blueprint import bp, load, said, today
from marketplace.engagements.forms import ReasonForm
from marketplace.engagements.policy import side_of
from marketplace.engagements.queries import EngagementRow
from marketplace.engagements.rules import ClientKind, Side
from marketplace.engagements.wording import item_text
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.decisions import Decision
from marketplace.kernel.errors import NotFound
from marketplace.web.acts import Act, RecordPage, acts, offered, reasoned
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import Form
from marketplace.web.guard import signed_in
from marketplace.web.submit import page
from marketplace.web.words import yuan

# ------------------------------------------------------------------ the acts


def _terms_form(loaded: ContractPage, **options: Any) -> TermsForm:
    form = TermsForm(**options)
    form.limit_days.description = gettext(
        "At most %(limit)s.", limit=limit_text(loaded.bounds.limit)
    )
    if loaded.bounds.only_at_acceptance:
        form.pay_at_acceptance_only()
    if loaded.bounds.scope:
        form.scope.description = gettext("As the notice published it.")
        form.scope.render_kw = {"readonly": True}
    if loaded.bounds.most_fen is not None:
        form.amount.description = gettext(
            "At most the award of %(amount)s yuan.", amount=yuan(loaded.bounds.most_fen)
        )
    return form


def _draft(loaded: ContractPage) -> Mapping[str, Any]:
    """What the form begins with: the text that waits, that in force, or what was said before."""
    terms = loaded.draft
    return {
        "amount": terms.amount_fen or None,
        "at_signing": terms.parts[Due.SIGNING] or None,
        "at_delivery": terms.parts[Due.DELIVERY] or None,
        "pay_days": terms.pay_days,
        "limit_days": terms.limit_days,
        "scope": terms.scope,
        "papers_owed": terms.papers_owed,
        "checks": terms.checks,
        "signed_on": None if loaded.standing.amends else terms.signed_on,
        "note": terms.note if loaded.live else "",
    }


def _put_forward(uow: UnitOfWork, key: str, form: TermsForm) -> None:
    services.put_forward(uow, engagement=key, terms=form.terms(), papers=form.papers())


def _confirm(uow: UnitOfWork, key: str, form: ConfirmForm) -> None:
    services.confirm(uow, engagement=key, content_hash=form.content_hash.data or "")


def _in_force_effects(loaded: ContractPage) -> list[object]:
    told: list[object] = [_("From now on it binds both sides; both are told.")]
    if loaded.standing.amends:
        told.append(_("It takes the place of the present version; a running clock follows it."))
        return told
    told.append(_("The client confirms next that the materials are complete."))
    if loaded.engagement.client_kind is ClientKind.DEPARTMENT:
        told.append(_("The amount is bound in the department's budget; the rest is free again."))
    return told


def _shown_hash(loaded: ContractPage) -> Mapping[str, Any]:
    return {"content_hash": loaded.live.content_hash if loaded.live else ""}


ACTS = acts(
    Act(
        "confirm",
        form=ConfirmForm,
        draft=_shown_hash,
        run=_confirm,
        may=policy.may_confirm,
        title=_("Confirm the contract"),
        effects=_in_force_effects,
        done=_("Both sides have confirmed. The contract is in force."),
        primary=True,
        final=True,
    ),
    Act(
        "put-forward",
        form=_terms_form,
        draft=_draft,
        run=_put_forward,
        may=policy.may_put_forward,
        title=_("Put terms forward"),
        effects=(
            _("Your side confirms these terms by putting them forward."),
            _("The other side confirms them, asks for a change, or puts other terms forward."),
        ),
        done=_("The terms are put forward. The other side has its turn."),
        primary=True,
    ),
    Act(
        "ask-for-change",
        form=ChangeForm,
        run=reasoned(services.ask_for_change, "engagement"),
        may=policy.may_ask_for_change,
        title=_("Ask for a change"),
        effects=(_("Nothing is confirmed any more; the other side puts the terms forward anew."),),
        done=_("The other side reads what should be different."),
    ),
    Act(
        "take-back",
        form=ReasonForm,
        run=reasoned(services.take_back, "engagement"),
        may=policy.may_take_back,
        title=_("Take the terms back"),
        effects=(_("The other side is told and can confirm them no more."),),
        done=_("The terms are taken back."),
    ),
)


@bp.app_template_global()
def contract_act_title(act: Act[Any], loaded: ContractPage) -> str:
    """What an act is called: terms put forward may be the first, others, or an amendment."""
    if act.name != "put-forward":
        return str(act.title)
    if loaded.standing.amends:
        return str(gettext("Put an amendment forward"))
    return str(gettext("Put other terms forward") if loaded.live else act.title)


# ------------------------------------------------------------------ the pages


def _show(loaded: ContractPage, _act: str, _form: Form | None) -> ResponseReturnValue:
    actor = current_actor()
    found = offered(ACTS, actor, loaded.standing)
    side = side_of(actor, loaded.standing.engagement)
    return page(
        "contracts/show.html",
        page=loaded,
        side=side,
        offered=[act for act, may in found if may.allowed and side],
        refused=_refused_for(found),
        awaits=_awaits(loaded),
        light=_light(loaded),
        due=_due(loaded),
        said=said,
        changes=_changes(loaded),
        left_out=left_out(terms_of(loaded.live), loaded.bounds) if loaded.live else (),
        item=item_text(loaded.engagement),
    )


def _refused_for(found: list[tuple[Act[Any], Decision]]) -> Decision | None:
    """Why neither side's main act is possible; None where one is."""
    by_name = {act.name: may for act, may in found}
    if by_name["confirm"] or by_name["put-forward"]:
        return None
    return by_name["put-forward"]


def _changes(loaded: ContractPage) -> list[dict[str, str]]:
    """What an amendment that waits changes of the contract in force."""
    if loaded.live is None or loaded.in_force is None:
        return []
    rows = [_compared(loaded.in_force, loaded), _compared(loaded.live, loaded)]
    return [{"label": name, "old": rows[0][name], "new": rows[1][name]} for name in rows[0]]


def _compared(row: VersionRow, loaded: ContractPage) -> dict[str, str]:
    """A version fact by fact, in words."""
    parts = {
        gettext("When both have confirmed"): row.signing_fen,
        gettext("When the work is delivered"): row.delivery_fen,
        gettext("When the work is accepted"): row.acceptance_fen,
    }
    return {
        gettext("Amount of the contract"): _money(row.amount_fen),
        **{name: _money(fen) for name, fen in parts.items()},
        gettext("To be paid within, working days"): str(row.pay_days),
        gettext("Days for the work"): said(row, loaded.engagement)["limit"],
        gettext("What is to be done"): row.scope,
        gettext("What the client hands over before the work begins"): row.papers_owed,
        gettext("What the result is checked for"): row.checks,
    }


def _money(fen: int) -> str:
    return str(gettext("%(amount)s yuan", amount=yuan(fen)))


def _awaits(loaded: ContractPage) -> Side | None:
    """Whose turn the contract is; nobody's once it is in force and nothing waits."""
    if loaded.standing.awaits is not None:
        return loaded.standing.awaits
    return None if loaded.standing.amends else loaded.engagement.owes


def _due(loaded: ContractPage) -> date | None:
    if loaded.standing.amends:
        return loaded.live.due_on if loaded.live else None
    return loaded.engagement.turn_due_on


def _light(loaded: ContractPage) -> str:
    if not loaded.standing.amends:
        return loaded.engagement.light
    due = _due(loaded)
    return "" if due is None else light_until(reading_session(), due, today())


def _ask(loaded: ContractPage, act: Act[Any], form: Form, back: str) -> ResponseReturnValue:
    """One act, with the text it is about; to those who only read it is not there."""
    if side_of(current_actor(), loaded.standing.engagement) is None:
        raise NotFound
    if isinstance(form, ConfirmForm):
        # What is confirmed is what the page shows.
        form.content_hash.data = _shown_hash(loaded)["content_hash"]
    return page(
        "contracts/act.html",
        form=form,
        page=loaded,
        act=act,
        effects=act.will_happen(loaded),
        back=back,
        said=said,
        item=item_text(loaded.engagement),
    )


def _refused(loaded: ContractPage, _act: Act[Any], _form: Form, back: str) -> ResponseReturnValue:
    """A party whose act is not possible now is led back to the contract."""
    if side_of(current_actor(), loaded.standing.engagement) is None:
        raise NotFound
    return redirect(back)


RecordPage(ACTS, load, _show, ask=_ask, refused=_refused).serve(
    bp,
    "/engagements/<engagement_id>/contract",
    endpoint="show",
    act_endpoint="act",
    guard=signed_in,
)


@bp.app_template_global()
def contract_panel(row: EngagementRow) -> dict[str, object]:
    """What the page of an engagement shows of its contract: `contracts/_panel.html` asks for it."""
    loaded = load(row.public_id)
    actor = current_actor()
    side = side_of(actor, loaded.standing.engagement)
    found = offered(ACTS, actor, loaded.standing)
    return {
        "page": loaded,
        "side": side,
        "acts": [act for act, may in found if may and side],
        "refused": _refused_for(found),
        "awaits": _awaits(loaded),
        "address": url_for("contracts.show", engagement_id=row.public_id),
    }
