"""The acts of a record: one table, and one view for all of them."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import Decision, Proof, proofs_of
from marketplace.web.context import current_actor
from marketplace.web.forms import ActForm, Form
from marketplace.web.submit import submit

Standing = TypeVar("Standing")
# Given the public id of the record and the valid form. What it returns is passed over, so that a
# service can be run as it is; an act that leads elsewhere than back returns `GoOn`.
Run: TypeAlias = Callable[[UnitOfWork, str, Any], object]
# What will happen, from the record as its page shows it.
Effects: TypeAlias = Callable[[Any], Iterable[object]] | tuple[LazyString, ...]
View: TypeAlias = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class GoOn:
    """Where an act leads that does not lead back to its record."""

    address: str


class Shown(Protocol):
    """A record as its page shows it: `standing` is what its policies ask."""

    @property
    def standing(self) -> Any:
        """What the policies ask of the record."""
        ...


@dataclass(frozen=True)
class Act(Generic[Standing]):
    """One act: who may is asked of `may`, the service asks it again.

    `form` is a class, or makes the form from the record and the options of a form. `draft` says
    what of the record the form begins with, and is not saved over unseen. `effects` are
    said before the act, `done` after it. `final` is for what cannot be undone, `danger` for what
    takes something away; `states` are those in which the act has its turn (none: in any).
    """

    name: str
    run: Run
    may: Callable[[Actor, Standing], Decision]
    done: LazyString
    form: type[Form] | Callable[..., Form] = ActForm
    draft: Callable[[Any], Mapping[str, Any]] | None = None
    title: LazyString | None = None
    effects: Effects = ()
    primary: bool = False
    danger: bool = False
    final: bool = False
    states: frozenset[Any] = frozenset()

    @property
    def takes_proof(self) -> bool:
        """Whether whoever does it has just proved who they are: its policy says so."""
        return Proof.FRESH in proofs_of(self.may)

    def make(self, record: object, **options: Any) -> Form:
        """The form of the act for a record."""
        if self.draft is not None:
            options["data"] = self.draft(record)
        made: Form = self.form(**options) if self._is_class else self.form(record, **options)
        return made

    @property
    def _is_class(self) -> bool:
        return isinstance(self.form, type)

    def will_happen(self, record: object) -> list[str]:
        """What the act will bring about, said before its button."""
        said = self.effects(record) if callable(self.effects) else self.effects
        return [str(one) for one in said]

    @property
    def has_files(self) -> bool:
        """Whether the form carries files."""
        return hasattr(self.form, "papers")


# Shows the page of one act: the record, the act, its form, the address of the record.
Asks: TypeAlias = Callable[[Any, Act[Any], Form, str], ResponseReturnValue]
Acts: TypeAlias = Mapping[str, Act[Standing]]


def acts(*every: Act[Standing]) -> dict[str, Act[Standing]]:
    """The table of a record's acts, in the order in which its page offers them."""
    return {act.name: act for act in every}


def plain(service: Callable[..., object], record: str) -> Run:
    """Runs a service that is given the record alone, under that name."""
    return lambda uow, key, _form: service(uow, **{record: key})


def reasoned(service: Callable[..., object], record: str) -> Run:
    """Runs a service that is given the record and the reason of the form."""
    return lambda uow, key, form: service(uow, **{record: key}, reason=form.reason.data or "")


def decided_as(service: Callable[..., object], record: str) -> Run:
    """Runs a service that is given the record, the outcome chosen in the form and its reason."""
    return lambda uow, key, form: service(
        uow, **{record: key}, outcome=form.outcome.data or "", reason=form.reason.data or ""
    )


def proposed(record: Any) -> dict[str, str]:
    """What a decision begins with: the outcome and the reasons that somebody else has proposed."""
    return {"outcome": record.proposed_outcome or "", "reason": record.proposed_reason}


def decisions(table: Acts[Standing], actor: Actor, standing: Standing) -> dict[str, Decision]:
    """For each act whether the actor may do it, or the reason why not."""
    return {name: act.may(actor, standing) for name, act in table.items()}


def offered(
    table: Acts[Standing], actor: Actor, standing: Any
) -> list[tuple[Act[Standing], Decision]]:
    """The acts that have their turn in the present state, each allowed or with the reason."""
    return [
        (act, act.may(actor, standing))
        for act in table.values()
        if not act.states or standing.state in act.states
    ]


def forms_of(
    table: Acts[Any],
    record: object,
    sent: str = "",
    form: Form | None = None,
) -> dict[str, Form]:
    """The forms of all acts on one page: the one sent with its errors, the others as they begin.

    A prefix tells the fields of one from those of the others.
    """
    forms = {
        name: act.make(record, prefix=f"{name}-", formdata=None)
        for name, act in table.items()
        if name != sent
    }
    return forms if form is None else {**forms, sent: form}


def any_of(names: Iterable[str]) -> str:
    """The converter of an address whose part is one of these names."""
    quoted = (f'"{name}"' for name in names)
    return f"any({', '.join(quoted)})"


def _lead_back(_record: Any, _act: Act[Any], _form: Form, back: str) -> ResponseReturnValue:
    return redirect(back)


@dataclass(frozen=True)
class RecordPage:
    """The page of a record with every act on it.

    `load` gives the record to whoever may see it, else raises `NotFound`. `show` draws its page,
    with the form of one act where that was sent. With `ask` each act has a page of its own that
    says first what will happen; without, its form stands on the record's page, to which an act
    leads back. `refused` answers whoever opens that page and may not act: it leads back to
    the record, unless told otherwise.
    """

    acts: Acts[Any]
    load: Callable[[str], Any]
    show: Callable[[Any, str, Form | None], ResponseReturnValue]
    ask: Asks | None = None
    refused: Asks = _lead_back

    def serve(
        self,
        bp: Blueprint,
        address: str,
        *,
        endpoint: str,
        act_endpoint: str,
        guard: Callable[[View], View],
        act_guard: Callable[[View], View] | None = None,
    ) -> None:
        """Add both addresses to the blueprint: the record, and under it `/<act>`."""
        found = re.search(r"<(\w+)>", address)
        name = found.group(1) if found else ""

        def record(**where: str) -> ResponseReturnValue:
            return self.show(self.load(where[name]), "", None)

        def act(act: str, **where: Any) -> ResponseReturnValue:
            back = url_for(f".{endpoint}", **where)
            return self._act(where[name], self.acts[act], back)

        bp.add_url_rule(address, endpoint, guard(record))
        below = f"{address}/<{any_of(self.acts)}:act>"
        bp.add_url_rule(below, act_endpoint, (act_guard or guard)(act), methods=["GET", "POST"])

    def _act(self, key: str, act: Act[Any], back: str) -> ResponseReturnValue:
        """One act; an address opened without sending leads back, or to the page that asks.

        A form that was filled in before the session ended waits to be sent and is shown.
        """
        record = self.load(key)
        form = act.make(record, **({} if self.ask else {"prefix": f"{act.name}-"}))
        form.takes_proof = act.takes_proof and self.ask is not None
        if self.ask is None and request.method == "GET" and not form.restored:
            return redirect(back)

        def work(uow: UnitOfWork) -> str:
            gone_to = act.run(uow, key, form)
            return gone_to.address if isinstance(gone_to, GoOn) else back

        done = submit(form, work, done=str(act.done))
        if done is not None:
            return done
        if self.ask is None:
            return self.show(record, act.name, form)
        if not (form.is_submitted() or act.may(current_actor(), record.standing)):
            return self.refused(record, act, form, back)
        return self.ask(record, act, form, back)
