"""The frozen rows that accounts gives to pages and to other features."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.accounts.rules import InvitationState, RequestState, Stage
from marketplace.kernel.actors import Actor, Capacity, Role


@dataclass(frozen=True)
class OrganisationRow:
    """A legal person; `authorised` when its agents are not provisional any more."""

    id: int
    public_id: str
    name: str
    credit_code: str
    region_code: str
    capacities: frozenset[Capacity]
    authorised: bool


@dataclass(frozen=True)
class PersonRow:
    """A natural person; `locale` is zh or en."""

    id: int
    public_id: str
    name: str
    email: str
    locale: str


@dataclass(frozen=True)
class AccountRow:
    """A person's account as its owner and the security administrator see it."""

    id: int
    public_id: str
    name: str
    email: str
    pending_email: str
    mobile: str
    locale: str
    has_password: bool
    has_second_factor: bool
    enrolling: bool
    recovery_codes_left: int
    created_at: datetime


@dataclass(frozen=True)
class MemberRow:
    """A person in an organisation with what they may do for it."""

    user_id: int
    name: str
    email: str
    locale: str
    membership_id: int
    roles: frozenset[Role]
    public_id: str
    provisional: bool
    begins_at: datetime
    user_public_id: str


@dataclass(frozen=True)
class MembershipRow:
    """One of a person's memberships."""

    id: int
    public_id: str
    organisation_id: int
    organisation_name: str
    roles: frozenset[Role]
    capacities: frozenset[Capacity]
    provisional: bool


@dataclass(frozen=True)
class InvitationRow:
    """An invitation, for the administrators' list and for whoever holds its link."""

    id: int
    public_id: str
    organisation_id: int
    organisation_name: str
    email: str
    roles: tuple[Role, ...]
    state: InvitationState
    expires_at: datetime
    invited_by: str


@dataclass(frozen=True)
class RequestRow:
    """A request to act for an organisation that is registered already."""

    id: int
    public_id: str
    user_id: int
    user_name: str
    user_email: str
    organisation_id: int
    organisation_public_id: str
    organisation_name: str
    credit_code: str
    capacity: Capacity
    state: RequestState
    requested_at: datetime
    answered_at: datetime | None
    answered_by_id: int | None
    answer: str
    dispute: str


@dataclass(frozen=True)
class RegistrationRow:
    """What a registration link is about."""

    id: int
    public_id: str
    organisation_name: str
    credit_code: str
    capacity: Capacity
    region_code: str
    email: str
    open: bool
    expires_at: datetime


@dataclass(frozen=True)
class SessionRow:
    """The session of a request with its user, membership, roles and capacities, in one query."""

    id: int
    public_id: str
    user_id: int
    user_public_id: str
    user_name: str
    email: str
    locale: str
    theme: str
    print_size: str
    stage: Stage
    live: bool
    last_seen_at: datetime
    proven_until: datetime | None
    has_second_factor: bool
    has_codes_to_show: bool
    has_kept_forms: bool
    organisation_name: str
    acting_as: str
    actor: Actor


@dataclass(frozen=True)
class MySessionRow:
    """One of my open sessions."""

    public_id: str
    browser: str
    address: str
    started_at: datetime
    last_seen_at: datetime
    current: bool
