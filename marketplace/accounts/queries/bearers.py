"""Sessions, kept forms, tokens of programs: each request's holder is read in one query."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, false, func, select
from sqlalchemy.orm import Session

from marketplace.accounts import models, policy, rules
from marketplace.accounts.queries.parties import ACTOR, actor_of, organisation_name
from marketplace.accounts.queries.rows import MySessionRow, SessionRow
from marketplace.accounts.rules import Stage
from marketplace.accounts.services.sessions import hash_token, hashes_of_page
from marketplace.infra.rows import LATER, row_of
from marketplace.kernel.actors import ANONYMOUS, Actor
from marketplace.kernel.scopes import Scope


def _display(column: Any) -> ColumnElement[str]:
    """What the person of a session chose of how pages are shown; empty for nothing."""
    chosen = select(column).where(models.DisplayChoice.user_id == models.UserSession.user_id)
    return func.coalesce(chosen.scalar_subquery(), "")


_SESSION = row_of(
    SessionRow,
    models.UserSession,
    user_public_id=models.User.public_id,
    user_name=models.User.name,
    email=models.User.email,
    locale=models.User.locale,
    theme=_display(models.DisplayChoice.theme),
    print_size=_display(models.DisplayChoice.print_size),
    live=LATER,
    has_second_factor=models.User.totp_confirmed_at.is_not(None),
    has_codes_to_show=models.UserSession.shown_once.is_not(None),
    has_kept_forms=exists().where(models.RescuedForm.user_id == models.UserSession.user_id),
    organisation_name=LATER,
    acting_as=LATER,
    actor=LATER,
)
_MINE = row_of(
    MySessionRow, models.UserSession, current=models.UserSession.id == bindparam("current")
)

# Asked by every request, so built once; it fetches no secret that the request does not need.
_OF_TOKEN = (
    _SESSION.query()
    .add_columns(
        models.UserSession.ended_at,
        models.UserSession.idle_minutes,
        models.UserSession.expires_at,
        models.Membership.id.label("membership_id"),
        models.Membership.public_id.label("acting_as"),
        models.Membership.organisation_id,
        models.Membership.provisional,
        organisation_name(models.Membership.organisation_id).label("organisation_name"),
        ACTOR.columns["capacities"].label("capacities"),
        ACTOR.columns["roles"].label("roles"),
        false().label("is_system"),
        ACTOR.columns["accounts"].label("accounts"),
        models.User.totp_confirmed_at.is_not(None).label("second_factor"),
        false().label("proven"),
    )
    .join(models.User, models.User.id == models.UserSession.user_id)
    .outerjoin(
        models.Membership,
        (models.Membership.id == models.UserSession.membership_id)
        & models.Membership.ended_at.is_(None),
    )
    .where(models.UserSession.token_hash == bindparam("token_hash"))
)


def session_of(session: Session, token: str, at: datetime) -> SessionRow | None:
    """The session behind a cookie's token at a real instant, live or not; None when unknown."""
    found = session.execute(_OF_TOKEN, {"token_hash": hash_token(token)}).one_or_none()
    if found is None:
        return None
    live = _is_live(found, at)
    actor = _actor(found, at) if live and found.stage is Stage.OPEN else ANONYMOUS
    for_one = actor.organisation_id is not None
    return _SESSION.of(
        found,
        live=live,
        organisation_name=found.organisation_name if for_one else "",
        acting_as=found.acting_as if for_one else "",
        actor=actor,
    )


def _is_live(found: Any, at: datetime) -> bool:
    return found.ended_at is None and rules.session_is_live(
        at,
        last_seen_at=found.last_seen_at,
        idle=timedelta(minutes=found.idle_minutes),
        expires_at=found.expires_at,
    )


def _actor(found: Any, at: datetime) -> Actor:
    """The actor; a membership of staff counts only with a second factor."""
    allowed = policy.may_switch(found.capacities, has_second_factor=found.has_second_factor)
    proven = found.proven_until is not None and at < found.proven_until
    if found.membership_id is None or not allowed:
        factor = found.has_second_factor
        return Actor(user_id=found.user_id, second_factor=factor, proven=proven)
    return replace(ACTOR.of(found), proven=proven)


def my_sessions(
    session: Session, user_id: int, *, current: int, at: datetime
) -> tuple[MySessionRow, ...]:
    """A person's live sessions, the last used first."""
    query = (
        _MINE.query()
        .add_columns(
            models.UserSession.ended_at,
            models.UserSession.idle_minutes,
            models.UserSession.expires_at,
        )
        .where(
            models.UserSession.user_id == user_id,
            models.UserSession.ended_at.is_(None),
            models.UserSession.stage == Stage.OPEN,
        )
        .order_by(models.UserSession.last_seen_at.desc())
    )
    found = session.execute(query, {"current": current})
    return tuple(_MINE.of(row) for row in found if _is_live(row, at))


def codes_to_show(session: Session, session_id: int) -> tuple[str, ...]:
    """The recovery codes a session shows until they are written down; empty afterwards."""
    query = select(models.UserSession.shown_once).where(models.UserSession.id == session_id)
    text = session.scalars(query).one_or_none()
    return tuple(json.loads(text)) if text else ()


def kept_form(
    session: Session, user_id: int, acting_as: str, path: str, at: datetime
) -> list[tuple[str, str]]:
    """What was typed into a page's form and could not be sent, within the hour.

    What was typed for another membership than the one acted through now is not among it.
    """
    kept = models.RescuedForm
    query = select(kept.body).where(
        kept.user_id == user_id,
        kept.acting_as.in_(("", acting_as)),
        kept.path_hash.in_(hashes_of_page(path)),
        kept.kept_at > at - rules.RESCUE,
    )
    body = session.scalars(query.order_by(kept.acting_as.desc()).limit(1)).first()
    return [(name, value) for name, value in json.loads(body)] if body else []


def anything_to_sweep(session: Session, at: datetime) -> bool:
    """Whether sessions or kept forms have outlived their time."""
    old_session = select(models.UserSession.id).where(
        (models.UserSession.ended_at < at - rules.SESSION_TRACE)
        | (
            models.UserSession.ended_at.is_(None)
            & (models.UserSession.last_seen_at < at - timedelta(minutes=5))
        )
    )
    old_form = select(models.RescuedForm.id).where(models.RescuedForm.kept_at < at - rules.RESCUE)
    return any(session.scalars(query.limit(1)).first() for query in (old_session, old_form))


@dataclass(frozen=True)
class ApiTokenRow:
    """A token as its organisation sees it; `text` is the token while its maker may copy it."""

    public_id: str
    organisation_id: int
    membership_id: int
    user_name: str
    purpose: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    membership_ended: bool
    text: str | None

    def state(self, at: datetime) -> str:
        """`live`, `revoked`, `ended` (nobody acts through it any more) or `expired`."""
        if self.revoked_at is not None:
            return "revoked"
        if self.membership_ended:
            return "ended"
        return "live" if at < self.expires_at else "expired"


@dataclass(frozen=True)
class BearerRow:
    """Who sends a token: the actor of its membership, and what the token allows."""

    id: int
    public_id: str
    actor: Actor
    scopes: frozenset[Scope]
    last_used_at: datetime | None


_TOKEN = row_of(
    ApiTokenRow,
    models.ApiToken,
    user_name=models.User.name,
    membership_ended=models.Membership.ended_at.is_not(None),
    text=case((models.ApiToken.membership_id == bindparam("own"), models.ApiToken.shown_once)),
)


def api_tokens(session: Session, organisation_id: int) -> tuple[ApiTokenRow, ...]:
    """The tokens of an organisation, newest first, without their texts."""
    query = _with_maker(_TOKEN.query()).where(models.ApiToken.organisation_id == organisation_id)
    return _TOKEN.all(session, query.order_by(models.ApiToken.id.desc()), {"own": None})


def api_token(session: Session, public_id: str, *, membership_id: int | None) -> ApiTokenRow:
    """One token; its text only for the membership that made it. Raises `NotFound`."""
    query = _with_maker(_TOKEN.by(public_id))
    return _TOKEN.one(session, query, {"key": public_id, "own": membership_id})


def _with_maker(query: Select[Any]) -> Select[Any]:
    return query.join(
        models.Membership, models.Membership.id == models.ApiToken.membership_id
    ).join(models.User, models.User.id == models.Membership.user_id)


def bearer(session: Session, text: str, at: datetime) -> BearerRow | None:
    """Whoever holds a token at a real instant; None when it opens nothing (any more)."""
    query = (
        select(models.ApiToken, models.User.totp_confirmed_at)
        .join(models.Membership, models.Membership.id == models.ApiToken.membership_id)
        .join(models.User, models.User.id == models.Membership.user_id)
        .where(
            models.ApiToken.token_hash == hash_token(text),
            models.ApiToken.revoked_at.is_(None),
            models.ApiToken.expires_at > at,
            models.Membership.ended_at.is_(None),
        )
    )
    found = session.execute(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        return None
    row, confirmed_at = found
    actor = actor_of(session, row.membership_id)
    if not policy.may_switch(actor.capacities, has_second_factor=confirmed_at is not None):
        return None
    return BearerRow(row.id, row.public_id, actor, frozenset(row.scopes), row.last_used_at)


def shown_tokens_left(session: Session, before: datetime) -> bool:
    """Whether a token made before this real instant is still readable."""
    query = select(models.ApiToken.id).where(
        models.ApiToken.shown_once.is_not(None), models.ApiToken.created_at < before
    )
    return session.scalars(query.limit(1)).first() is not None
