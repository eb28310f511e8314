"""A record whose page carries a form for each act on it: the same edge for every such page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import Decision
from marketplace.web.forms import Form
from marketplace.web.submit import submit

Standing = TypeVar("Standing")


@dataclass(frozen=True)
class Act(Generic[Standing]):
    """One act: who may is asked of `may`, the service asks it again.

    `run` is given the public id of the record and the valid form.
    """

    make: type[Form]
    run: Callable[[UnitOfWork, str, Any], object]
    may: Callable[[Actor, Standing], Decision]
    done: LazyString


def any_of(names: Iterable[str]) -> str:
    """The converter of an address whose part is one of these names."""
    quoted = (f'"{name}"' for name in names)
    return f"any({', '.join(quoted)})"


def form_of(name: str, act: Act[Any], **options: Any) -> Form:
    """The form of an act; a prefix tells its fields from those of the others on the page."""
    return act.make(prefix=f"{name}-", **options)


def forms_of(
    acts: Mapping[str, Act[Any]],
    sent: str = "",
    form: Form | None = None,
    drafts: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Form]:
    """The forms of all acts: the one sent with its errors, the others empty or as drafted."""
    forms = {
        name: form_of(name, act, formdata=None, data=(drafts or {}).get(name))
        for name, act in acts.items()
        if name != sent
    }
    return forms if form is None else {**forms, sent: form}


def decisions(
    acts: Mapping[str, Act[Standing]], actor: Actor, standing: Standing
) -> dict[str, Decision]:
    """For each act whether the actor may do it, or the reason why not."""
    return {name: act.may(actor, standing) for name, act in acts.items()}


def answer(
    form: Form, run: Callable[[UnitOfWork], object], back: str, *, done: LazyString
) -> ResponseReturnValue | None:
    """Run the act and go back to the record; None when its page is to show the form again.

    An act's address opened without sending leads back as well, unless the form was filled in
    before the session ended and waits to be sent.
    """
    if request.method == "GET" and not form.restored:
        return redirect(back)

    def work(uow: UnitOfWork) -> str:
        run(uow)
        return back

    return submit(form, work, done=str(done))
