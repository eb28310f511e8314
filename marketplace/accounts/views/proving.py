"""Proving once more who one is, before a weighty act: beside its button, or on an own page."""

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.forms import inside
from marketplace.accounts.queries import parties
from marketplace.accounts.services import proofs, signing_in
from marketplace.accounts.views import identity
from marketplace.accounts.views.attempts import bp, counted, home, own_session
from marketplace.infra.clock import real_now
from marketplace.kernel.characters import narrow
from marketplace.kernel.decisions import PROOF_FIELD
from marketplace.kernel.errors import Refused
from marketplace.web.context import current_actor, reading_session, unit_of_work
from marketplace.web.guard import signed_in
from marketplace.web.limits import limiter
from marketplace.web.submit import local_address, page


@bp.route("/my/proof", methods=["GET", "POST"])
@signed_in
@limiter.limit("120 per minute", methods=["POST"])
def prove() -> ResponseReturnValue:
    target = local_address(request.args.get("next"), home())
    if current_actor().proven:
        return redirect(target, 303)
    form = inside.ProofForm()
    if form.is_submitted() and form.validate():
        try:
            form.prove()
            return redirect(target, 303)
        except Refused as refusal:
            form.refuse(refusal)
    return page("accounts/prove.html", form=form, back=home())


def _prove(shown: str) -> None:
    """Make the proof of the session fresh; wrong ones count as failed sign-ins.

    Refuses beside the field: `account.code_wrong`, `account.password_wrong`, `account.locked`.
    """
    row = own_session()
    by_code = row.has_second_factor
    shown = narrow(shown) if by_code else shown

    def check() -> bool | None:
        if not by_code:
            _user_id, stored = parties.credentials(reading_session(), row.email)
            if not proofs.matches(stored, shown):
                return None
        with unit_of_work() as uow:
            right = signing_in.prove_anew(
                uow,
                session_id=row.id,
                code=shown if by_code else None,
                browser=identity.browser(),
                at=real_now(),
            )
        return True if right else None

    try:
        right = counted(row.email, check)
    except Refused as refusal:
        raise Refused(refusal.code, field=PROOF_FIELD, **refusal.details) from refusal
    if not right:
        wrong = "account.code_wrong" if by_code else "account.password_wrong"
        raise Refused(wrong, field=PROOF_FIELD)


def init_app(app: Flask) -> None:
    """Let every form accept a proof."""
    identity.init_app(app)
    app.extensions["prover"] = _prove
