"""The life of a contract, what its terms may say, and what both sides confirm of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from marketplace.engagements.rules import Side, other_side
from marketplace.kernel import steps
from marketplace.kernel.errors import Refused
from marketplace.kernel.money import MOST_FEN, yuan
from marketplace.kernel.workdays import Limit


class VersionState(StrEnum):
    """Where a version of a contract stands."""

    DRAFT = "draft"
    PUT_FORWARD = "put_forward"
    HALF_CONFIRMED = "half_confirmed"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    DROPPED = "dropped"
    LAPSED = "lapsed"


class Source(StrEnum):
    """What a contract is drawn up from."""

    PICK = "pick"
    QUOTATION = "quotation"
    AWARD = "award"
    CONTRACT = "contract"


_S = VersionState

# Whoever puts a version forward confirms it by that; a change clears what was confirmed. A version
# that another takes the place of is dropped, so that every text once put forward stays on record.
STEPS: dict[VersionState, frozenset[VersionState]] = {
    _S.DRAFT: frozenset({_S.PUT_FORWARD, _S.DROPPED}),
    _S.PUT_FORWARD: frozenset({_S.HALF_CONFIRMED, _S.DRAFT, _S.LAPSED}),
    _S.HALF_CONFIRMED: frozenset({_S.IN_FORCE, _S.DRAFT, _S.LAPSED}),
    _S.IN_FORCE: frozenset({_S.SUPERSEDED, _S.ENDED}),
    _S.SUPERSEDED: frozenset(),
    _S.ENDED: frozenset(),
    _S.DROPPED: frozenset(),
    _S.LAPSED: frozenset(),
}
# Something is still to be said to it.
LIVE = frozenset({_S.DRAFT, _S.PUT_FORWARD, _S.HALF_CONFIRMED})
# Of these it is the turn of the side that did not put it forward.
WITH_THE_OTHER = frozenset({_S.HALF_CONFIRMED})
# It bound both sides once.
BINDING = frozenset({_S.IN_FORCE, _S.SUPERSEDED, _S.ENDED})

# Working days within which a part is paid, at most.
MOST_PAY_DAYS = 60


def step(current: VersionState, target: VersionState) -> VersionState:
    """Return `target` if the step is legal, else raise `Refused("contract.illegal_step")`."""
    return steps.step(STEPS, current, target, "contract.illegal_step")


class Due(StrEnum):
    """At which event a part of the amount falls due."""

    SIGNING = "signing"
    DELIVERY = "delivery"
    ACCEPTANCE = "acceptance"


@dataclass(frozen=True)
class Terms:
    """What one side puts forward. Money in fen, days in the unit of the item's limit.

    `parts` says how much falls due at which event, each to be paid within `pay_days` working days.
    `signed_on` is None where the day of the second confirmation counts. `note` says why something
    differs from what the contract is drawn up from.
    """

    amount_fen: int
    limit_days: int
    parts: Mapping[Due, int]
    pay_days: int
    scope: str
    papers_owed: str
    checks: str
    signed_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Basis:
    """What was said before: by the pick, the quotation, the award, or the contract in force.

    `amount_fen` is None where no price was said.
    """

    source: Source
    amount_fen: int | None
    limit_days: int


@dataclass(frozen=True)
class Bounds:
    """What the terms may not leave.

    `earliest` is the first day on which it can have been signed, `fewest_days` what a running clock
    has used.
    `most_fen` is the award; `fixed_fen` what the budget has bound, so that an amendment leaves it
    as it is; `only_at_acceptance` where a department pays; `scope` what a notice published, which
    an award's first contract says as it stands there. `papers_owed` and `checks` are the lines that
    the item or the contract in force has: whoever leaves one out says why.
    """

    limit: Limit
    earliest: date
    today: date
    fewest_days: int = 1
    most_fen: int | None = None
    fixed_fen: int | None = None
    only_at_acceptance: bool = False
    scope: str = ""
    papers_owed: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


def check_terms(terms: Terms, basis: Basis, bounds: Bounds) -> None:
    """Refuse terms that the market does not allow, each beside its own field.

    Refuses `contract.amount_needed`, `contract.above_award`, `contract.amount_is_bound`,
    `contract.limit_too_long`, `contract.scope_was_published`, `contract.parts_differ`,
    `contract.paid_after_acceptance`, `contract.pay_days_needed`, `contract.signed_too_early`,
    `contract.signed_later`, `contract.difference_needs_reason` and `contract.line_left_out`.
    """
    _check_amount(terms.amount_fen, bounds)
    if not max(1, bounds.fewest_days) <= terms.limit_days <= bounds.limit.value:
        raise Refused(
            "contract.limit_too_long",
            field="limit_days",
            fewest=replace(bounds.limit, value=max(1, bounds.fewest_days)),
            limit=bounds.limit,
        )
    if bounds.scope and terms.scope != bounds.scope:
        raise Refused("contract.scope_was_published", field="scope")
    _check_parts(terms, bounds)
    _check_signing(terms.signed_on, bounds)
    if differences(terms, basis) and not terms.note:
        raise Refused("contract.difference_needs_reason", field="note")
    missing = left_out(terms, bounds)
    if missing and not terms.note:
        raise Refused("contract.line_left_out", field="note", line=missing[0])


def _check_amount(amount_fen: int, bounds: Bounds) -> None:
    if not 0 < amount_fen <= MOST_FEN:
        raise Refused("contract.amount_needed", field="amount")
    if bounds.most_fen is not None and amount_fen > bounds.most_fen:
        raise Refused("contract.above_award", field="amount", award=yuan(bounds.most_fen))
    if bounds.fixed_fen is not None and amount_fen != bounds.fixed_fen:
        raise Refused("contract.amount_is_bound", field="amount", bound=yuan(bounds.fixed_fen))


def _check_parts(terms: Terms, bounds: Bounds) -> None:
    early = terms.parts.get(Due.SIGNING, 0) or terms.parts.get(Due.DELIVERY, 0)
    if bounds.only_at_acceptance and early:
        raise Refused("contract.paid_after_acceptance", field="at_signing")
    if sum(terms.parts.values()) != terms.amount_fen or min(terms.parts.values()) < 0:
        raise Refused("contract.parts_differ", field="at_signing", amount=yuan(terms.amount_fen))
    if not 1 <= terms.pay_days <= MOST_PAY_DAYS:
        raise Refused("contract.pay_days_needed", field="pay_days", most=MOST_PAY_DAYS)


def _check_signing(signed_on: date | None, bounds: Bounds) -> None:
    if signed_on is None:
        return
    if signed_on < bounds.earliest:
        raise Refused("contract.signed_too_early", field="signed_on", day=bounds.earliest)
    if signed_on > bounds.today:
        raise Refused("contract.signed_later", field="signed_on")


def differences(terms: Terms, basis: Basis) -> frozenset[str]:
    """In what the terms differ from what was said before: `amount`, `limit_days`."""
    found = set()
    if basis.amount_fen is not None and terms.amount_fen != basis.amount_fen:
        found.add("amount")
    if terms.limit_days != basis.limit_days:
        found.add("limit_days")
    return frozenset(found)


def lines_of(words: str) -> tuple[str, ...]:
    """The lines of a text, each once and without empty ones."""
    return tuple(dict.fromkeys(line.strip() for line in words.splitlines() if line.strip()))


def left_out(terms: Terms, bounds: Bounds) -> tuple[str, ...]:
    """The lines of the item, or of the contract in force, that the terms do not have."""
    papers, checks = lines_of(terms.papers_owed), lines_of(terms.checks)
    return tuple(
        line
        for asked, said in ((bounds.papers_owed, papers), (bounds.checks, checks))
        for line in asked
        if line not in said
    )


def parts_of(
    amount_fen: int, at_signing: int | None = None, at_delivery: int | None = None
) -> dict[Due, int]:
    """The parts of an amount: what is not paid earlier is paid when the work is accepted."""
    signing, delivery = at_signing or 0, at_delivery or 0
    rest = amount_fen - signing - delivery
    return {Due.SIGNING: signing, Due.DELIVERY: delivery, Due.ACCEPTANCE: rest}


def digest(content: str) -> str:
    """The SHA-256 of a version's content, as both sides confirm it: 64 lower-case hex digits."""
    return hashlib.sha256(content.encode()).hexdigest()


def content_of(facts: Mapping[str, object]) -> str:
    """A version's content as canonical JSON: equal facts are equal bytes."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def awaits(state: VersionState, put_forward_by: Side) -> Side | None:
    """Whose turn a version is: whoever has not confirmed, or put forward what is to change."""
    if state in WITH_THE_OTHER:
        return other_side(put_forward_by)
    return put_forward_by if state in LIVE else None
