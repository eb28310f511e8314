"""The acts on an engagement: for each its form, what it runs, and what is said about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from marketplace.engagements import forms, policy
from marketplace.engagements.policy import Standing
from marketplace.engagements.services import beginning, doing, ending
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import Decision
from marketplace.web.forms import ActForm, Form

Run = Callable[[UnitOfWork, str, Any], object]


@dataclass(frozen=True)
class Act:
    """One act: who may is asked of `may`, the service asks it again.

    `danger` and `final` are for what cannot be undone.
    """

    name: str
    form: type[Form]
    run: Run
    may: Callable[[Actor, Standing], Decision]
    title: LazyString
    done: LazyString
    kind: str = "secondary"
    final: bool = False

    @property
    def has_files(self) -> bool:
        """Whether the form carries files."""
        return hasattr(self.form, "papers")


def _take_on(uow: UnitOfWork, key: str, _form: Any) -> None:
    beginning.take_on_engagement(uow, engagement=key)


def _decline(uow: UnitOfWork, key: str, form: Any) -> None:
    beginning.decline_engagement(uow, engagement=key, reason=form.reason.data)


def _cancel(uow: UnitOfWork, key: str, form: Any) -> None:
    beginning.cancel_engagement(uow, engagement=key, reason=form.reason.data)


def _contract(uow: UnitOfWork, key: str, form: Any) -> None:
    beginning.record_contract(
        uow,
        engagement=key,
        amount_fen=form.amount.parsed,
        signed_on=form.signed_on.parsed,
        papers=form.papers(),
    )


def _start(uow: UnitOfWork, key: str, _form: Any) -> None:
    doing.start_work(uow, engagement=key)


def _pause(uow: UnitOfWork, key: str, form: Any) -> None:
    doing.pause_work(uow, engagement=key, reason=form.reason.data, papers=form.papers())


def _resume(uow: UnitOfWork, key: str, form: Any) -> None:
    doing.resume_work(uow, engagement=key, words=form.words.data or "")


def _deliver(uow: UnitOfWork, key: str, form: Any) -> None:
    doing.deliver_version(uow, engagement=key, words=form.words.data or "", papers=form.papers())


def _return(uow: UnitOfWork, key: str, form: Any) -> None:
    doing.return_delivery(uow, engagement=key, reason=form.reason.data)


def _accept(uow: UnitOfWork, key: str, form: Any) -> None:
    doing.accept_delivery(uow, engagement=key, words=form.words.data or "")


def _terminate(uow: UnitOfWork, key: str, form: Any) -> None:
    ending.terminate_engagement(uow, engagement=key, reason=form.reason.data)


_ALL = (
    Act(
        "take-on",
        ActForm,
        _take_on,
        policy.may_take_on,
        _("Take it on"),
        _("You have taken the engagement on. The contract is next."),
        kind="primary",
    ),
    Act(
        "decline",
        forms.ReasonForm,
        _decline,
        policy.may_decline,
        _("Decline"),
        _("The request is declined, and the client is told."),
        final=True,
    ),
    Act(
        "contract",
        forms.ContractForm,
        _contract,
        policy.may_contract,
        _("Record the contract"),
        _("The contract is recorded. Confirm the materials when they are complete."),
        kind="primary",
    ),
    Act(
        "start",
        ActForm,
        _start,
        policy.may_start,
        _("Confirm that the materials are complete"),
        _("The institution's clock runs from today."),
        kind="primary",
        final=True,
    ),
    Act(
        "deliver",
        forms.DeliverForm,
        _deliver,
        policy.may_deliver,
        _("Deliver a version"),
        _("The version is delivered. The clock stands until the client answers."),
        kind="primary",
    ),
    Act(
        "accept",
        forms.WordsForm,
        _accept,
        policy.may_judge,
        _("Accept the version"),
        _("The work is accepted. Please rate the service."),
        kind="primary",
        final=True,
    ),
    Act(
        "return",
        forms.ReasonForm,
        _return,
        policy.may_judge,
        _("Return the version"),
        _("The version was returned, and the institution is told what to mend."),
    ),
    Act(
        "resume",
        forms.WordsForm,
        _resume,
        policy.may_resume,
        _("End the pause"),
        _("The clock runs again."),
        kind="primary",
    ),
    Act(
        "pause",
        forms.PauseForm,
        _pause,
        policy.may_pause,
        _("Pause the clock"),
        _("The clock stands, and the other side is told."),
    ),
    Act(
        "cancel",
        forms.ReasonForm,
        _cancel,
        policy.may_cancel,
        _("Cancel the engagement"),
        _("The engagement is cancelled, and the other side is told."),
        final=True,
    ),
    Act(
        "terminate",
        forms.ReasonForm,
        _terminate,
        policy.may_terminate,
        _("Terminate the engagement"),
        _("The engagement is terminated, and the other side is told."),
        final=True,
    ),
)
ACTS: dict[str, Act] = {act.name: act for act in _ALL}


def decisions(actor: Actor, standing: Standing) -> dict[str, Decision]:
    """For each act whether the actor may do it, or the reason why not."""
    found = {name: act.may(actor, standing) for name, act in ACTS.items()}
    return found | {"move": policy.may_move(actor, standing)}
