"""Acts on the contract of an engagement: put forward, confirmed, changed, taken back, ended.

Everybody locks the engagement first, then the version; of two acts at once the second is refused.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline
from marketplace.contracts import events, policy, rules
from marketplace.contracts.models import ContractPrint, ContractVersion
from marketplace.contracts.queries import drawing
from marketplace.contracts.queries.prints import given_at
from marketplace.contracts.rules import Due, Source, Terms, VersionState
from marketplace.engagements import queries as engagements
from marketplace.engagements import services as engagement_services
from marketplace.engagements.queries import EngagementParty, EngagementRow
from marketplace.engagements.rules import Side, other_side
from marketplace.engagements.services import Paper, beginning, working
from marketplace.engagements.services.working import acting_side, lock_engagement
from marketplace.infra.file_checks import check_upload
from marketplace.infra.numbers import next_number
from marketplace.infra.rows import in_common
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import optional, required
from marketplace.kernel.times import local_date

_SERIES = "HT"
PAPERS = "contract_version"


@dataclass
class _Held:
    """An engagement that is locked, with the side that acts and the versions that count."""

    row: EngagementRow
    side: Side
    standing: policy.Standing
    live: ContractVersion | None
    in_force: ContractVersion | None


def put_forward(
    uow: UnitOfWork, *, engagement: int | str, terms: Terms, papers: Sequence[Paper] = ()
) -> str:
    """Put the terms of a contract, or of an amendment, forward; returns the version's public id.

    That confirms them for the side that does it, and the other has its turn. What the other side
    had put forward is dropped by it. Refuses what `rules.check_terms` refuses, and a text that is
    missing or names a personal number.
    """
    held = _lock(uow, engagement)
    policy.may_put_forward(uow.actor, held.standing).require()
    terms = _cleaned(terms)
    basis = drawing.basis_of(uow.session, held.row)
    rules.check_terms(terms, basis, drawing.bounds_of(uow.session, held.row, local_date(uow.now)))
    _drop(uow, held.live)
    row = _draw_up(uow, held, terms, basis, papers)
    _enter(row, VersionState.PUT_FORWARD)
    _sign(uow, row, held.side)
    _enter(row, VersionState.HALF_CONFIRMED)
    uow.add(row)
    engagement_services.keep(uow, papers, owner_kind=PAPERS, owner_id=row.id, kind="contract")
    due_on = _pass_on(uow, held, other_side(held.side), row)
    uow.record(events.ContractPutForward.of(held.row, **_told(held, row), confirm_by=due_on))
    return row.public_id


def _cleaned(terms: Terms) -> Terms:
    """The terms with every text as it is kept."""
    return replace(
        terms,
        scope=required(terms.scope, "scope"),
        papers_owed=optional(terms.papers_owed, "papers_owed"),
        checks=optional(terms.checks, "checks"),
        note=optional(terms.note, "note"),
    )


def _draw_up(
    uow: UnitOfWork, held: _Held, terms: Terms, basis: rules.Basis, papers: Sequence[Paper]
) -> ContractVersion:
    """The version as a draft, with the content that both sides are to confirm."""
    first = _first_number(uow, held.row.id)
    version = _last_version(uow, held.row.id) + 1
    number = first or next_number(uow.session, _SERIES, local_date(uow.now).year)
    content = rules.content_of(
        drawing.facts_of(uow.session, held.row, terms, number=number, version=version)
        | {"papers": [_annex(one) for one in papers]}
    )
    return ContractVersion(
        engagement_id=held.row.id,
        client_id=held.row.client_id,
        provider_id=held.row.provider_id,
        turn_was=held.row.contract_owed_by,
        turn_since=held.row.contract_owed_since,
        number=number,
        version=version,
        code=secrets.token_hex(16),
        state=VersionState.DRAFT,
        amends_id=held.in_force.id if held.in_force else None,
        source=basis.source,
        basis_fen=basis.amount_fen,
        basis_days=basis.limit_days,
        signing_fen=terms.parts[Due.SIGNING],
        delivery_fen=terms.parts[Due.DELIVERY],
        acceptance_fen=terms.parts[Due.ACCEPTANCE],
        **in_common(terms, ContractVersion),
        content=content,
        content_hash=rules.digest(content),
        put_forward_by_side=held.side,
        put_forward_by=uow.user_id,
        put_forward_at=uow.now,
    )


def _annex(paper: Paper) -> dict[str, str]:
    """A paper as the content names it: by the name under which it is kept, and its digest."""
    kept = check_upload(paper.name, paper.data)
    return {"name": optional(kept.name, "paper"), "sha256": kept.sha256}


def confirm(uow: UnitOfWork, *, engagement: int | str, content_hash: str) -> None:
    """Confirm what the other side put forward: from now on it binds both.

    `content_hash` is that of the text that was shown: another text in the meantime is not what is
    confirmed (`contract.text_changed`). The first contract puts the engagement under contract and
    commits the department's money in the same act; an amendment takes the place of the one before.
    """
    held = _lock(uow, engagement)
    policy.may_confirm(uow.actor, held.standing).require()
    row = _live(held)
    if content_hash != row.content_hash:
        raise Refused("contract.text_changed")
    _recheck(uow, held, row)
    row.signed_on = row.signed_on or local_date(uow.now)
    _sign(uow, row, held.side)
    if held.in_force is not None:
        _end(uow, held.in_force, VersionState.SUPERSEDED)
        uow.flush()
    row.in_force_at, row.due_on = uow.now, None
    _enter(row, VersionState.IN_FORCE)
    uow.flush()
    agreed = beginning.Agreed(row.amount_fen, row.limit_days, row.signed_on)
    if held.standing.amends:
        beginning.amend_contract(uow, engagement=held.row.id, agreed=agreed)
        uow.record(events.ContractAmended.of(held.row, **_told(held, row)))
    else:
        beginning.conclude_contract(uow, engagement=held.row.id, agreed=agreed)


def _recheck(uow: UnitOfWork, held: _Held, row: ContractVersion) -> None:
    """The text names both sides, and keeps what the market allows, at this instant, too."""
    if (row.client_id, row.provider_id) != (held.row.client_id, held.row.provider_id):
        raise Refused("contract.parties_changed")
    basis = rules.Basis(Source(row.source), row.basis_fen, row.basis_days)
    bounds = drawing.bounds_of(uow.session, held.row, local_date(uow.now))
    rules.check_terms(drawing.terms_of(row), basis, bounds)


def ask_for_change(uow: UnitOfWork, *, engagement: int | str, reason: str) -> None:
    """Say what should be different; the side that put it forward has its turn again."""
    held = _lock(uow, engagement)
    policy.may_ask_for_change(uow.actor, held.standing).require()
    row, reason = _live(held), required(reason, "reason")
    _back_to_draft(row)
    row.change_asked_at = uow.now
    uow.flush()
    due_on = _pass_on(uow, held, row.put_forward_by_side, row)
    told = _about(row, held.side) | {"contract_by": due_on}
    uow.record(events.ContractChangeAsked.of(held.row, **told), words=reason)


def take_back(uow: UnitOfWork, *, engagement: int | str, reason: str) -> None:
    """Take back what one's own side put forward, with a reason that the other reads."""
    held = _lock(uow, engagement)
    policy.may_take_back(uow.actor, held.standing).require()
    row, reason = _live(held), required(reason, "reason")
    _drop(uow, row)
    told = _about(row, held.side) | {"owes": "", "contract_by": None}
    if not held.standing.amends:
        # What was taken back gives its own side no new days.
        owes = row.turn_was or held.side
        due_on = beginning.pass_contract_on(
            uow, engagement=held.row.id, to=owes, since=row.turn_since
        )
        told |= {"owes": owes.value, "contract_by": due_on}
    uow.record(events.ContractTakenBack.of(held.row, **told), words=reason)


# ------------------------------------------------------------------ what others did


def drop_for_new_client(uow: UnitOfWork, engagement_id: int) -> None:
    """The work has another client: what waits names the one before, and nobody confirms it."""
    live, _in_force = _versions(uow, engagement_id)
    _drop(uow, live)


def follow_engagement(uow: UnitOfWork, *, engagement: int, over: bool) -> bool:
    """The work went on without the version that waits, or is `over`; says whether anything ended.

    What nobody confirmed lapses; the contract in force ends with its engagement.
    """
    policy.may_follow(uow.actor).require()
    row = engagements.engagement(uow.session, engagement)
    engagement_services.hold_engagement(uow, engagement=engagement)
    live, in_force = _versions(uow, engagement)
    if live is not None:
        _lapse(uow, live)
        uow.record(events.ContractLapsed.of(row, **_version(live)))
    if over and in_force is not None:
        _end(uow, in_force, VersionState.ENDED)
        uow.record(events.ContractEnded.of(row, **_version(in_force)))
    return live is not None or (over and in_force is not None)


def lapse_amendment(uow: UnitOfWork, *, version: int) -> bool:
    """The day for an amendment is over: the contract stays as it is; False if it was settled."""
    policy.may_follow(uow.actor).require()
    party, row = _lock_version(uow, version)
    if row.due_on is None or row.due_on >= local_date(uow.now):
        return False
    was = row.due_on
    _lapse(uow, row)
    uow.record(events.AmendmentLapsed.of(party, **_version(row), due_on=was))
    return True


def move_day(uow: UnitOfWork, *, version: int) -> bool:
    """Recompute the day after a calendar import; a day that is past is never touched."""
    policy.may_follow(uow.actor).require()
    party, row = _lock_version(uow, version)
    was = row.due_on
    if was is None or was < local_date(uow.now):
        return False
    row.due_on = _amended_by(uow, local_date(row.change_asked_at or row.put_forward_at))
    if row.due_on == was:
        return False
    working.tell_moved(uow, party, "amendment", was, row.due_on)
    return True


def _lock_version(uow: UnitOfWork, key: int) -> tuple[EngagementParty, ContractVersion]:
    """Lock the engagement, then the version."""
    found = uow.find(ContractVersion, key).engagement_id
    party = engagement_services.hold_engagement(uow, engagement=found)
    return party, uow.lock(ContractVersion, key)


def _lapse(uow: UnitOfWork, row: ContractVersion) -> None:
    if row.state is VersionState.DRAFT:
        _end(uow, row, VersionState.DROPPED)
    else:
        _end(uow, row, VersionState.LAPSED)


# ------------------------------------------------------------------ one engagement


def _lock(uow: UnitOfWork, key: int | str) -> _Held:
    """Lock the engagement, then its versions; to outsiders it does not exist (`NotFound`)."""
    row, stands = lock_engagement(uow, key)
    live, in_force = _versions(uow, row.id)
    return _Held(
        row=engagements.engagement(uow.session, row.id),
        side=acting_side(uow, stands),
        standing=drawing.standing_with(stands, live, local_date(uow.now)),
        live=live,
        in_force=in_force,
    )


def _versions(
    uow: UnitOfWork, engagement_id: int
) -> tuple[ContractVersion | None, ContractVersion | None]:
    """The version that waits and the one in force."""
    query = select(ContractVersion).where(
        ContractVersion.engagement_id == engagement_id,
        ContractVersion.state.in_([*rules.LIVE, VersionState.IN_FORCE]),
    )
    found = {one.state in rules.LIVE: one for one in uow.session.scalars(query.with_for_update())}
    return found.get(True), found.get(False)


def _live(held: _Held) -> ContractVersion:
    if held.live is None:
        raise Refused("contract.nothing_to_confirm")
    return held.live


def _sign(uow: UnitOfWork, row: ContractVersion, side: Side) -> None:
    if side is Side.CLIENT:
        row.client_confirmed_by, row.client_confirmed_at = uow.user_id, uow.now
    else:
        row.provider_confirmed_by, row.provider_confirmed_at = uow.user_id, uow.now


def _back_to_draft(row: ContractVersion) -> None:
    """A change clears what was confirmed."""
    _enter(row, VersionState.DRAFT)
    row.client_confirmed_by = row.client_confirmed_at = None
    row.provider_confirmed_by = row.provider_confirmed_at = None


def _drop(uow: UnitOfWork, row: ContractVersion | None) -> None:
    if row is None:
        return
    if row.state is not VersionState.DRAFT:
        _back_to_draft(row)
    _end(uow, row, VersionState.DROPPED)
    uow.flush()


def _end(uow: UnitOfWork, row: ContractVersion, state: VersionState) -> None:
    _enter(row, state)
    row.ended_at, row.due_on = uow.now, None


def _enter(row: ContractVersion, state: VersionState) -> None:
    row.state = rules.step(row.state, state)


def _pass_on(uow: UnitOfWork, held: _Held, to: Side, row: ContractVersion) -> date:
    """Whose turn it is, and by when: of a first contract the engagement itself keeps it."""
    if not held.standing.amends:
        return beginning.pass_contract_on(uow, engagement=held.row.id, to=to)
    row.due_on = due_on = _amended_by(uow, local_date(uow.now))
    uow.flush()
    return due_on


def _amended_by(uow: UnitOfWork, since: date) -> date:
    days = int(catalogue.rule(uow.session, drawing.AMENDED_WITHIN, since))
    return deadline(catalogue.calendar(uow.session), since, days)


def _first_number(uow: UnitOfWork, engagement_id: int) -> str | None:
    query = select(ContractVersion.number).where(ContractVersion.engagement_id == engagement_id)
    return uow.session.scalar(query.limit(1))


def _last_version(uow: UnitOfWork, engagement_id: int) -> int:
    query = select(func.max(ContractVersion.version))
    return uow.session.scalar(query.where(ContractVersion.engagement_id == engagement_id)) or 0


def _version(row: ContractVersion) -> dict[str, object]:
    return {"contract_id": row.id, "version": row.version}


def _about(row: ContractVersion, side: Side) -> dict[str, object]:
    return _version(row) | {"by": side.value}


def _told(held: _Held, row: ContractVersion) -> dict[str, object]:
    terms = {"amount_fen": row.amount_fen, "limit_days": row.limit_days}
    return _about(row, held.side) | terms | {"limit_unit": held.row.limit_unit.value}


def note_print(uow: UnitOfWork, *, version: int | str, sha256: str) -> None:
    """Keep the digest of a PDF that is given out of a version, once."""
    row = uow.lock(ContractVersion, version)
    if given_at(uow.session, row.id, sha256) is None:
        uow.add(ContractPrint(version_id=row.id, sha256=sha256, given_at=uow.now))
