"""Lists of quotation rounds: what an enterprise asked, and what an institution was asked."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.queries import organisation_name
from marketplace.catalogue.queries import version_name
from marketplace.clocks.queries import light_days, light_of
from marketplace.infra.lists import PagedList
from marketplace.infra.rows import Join, row_of
from marketplace.projects.queries import project_name
from marketplace.quotations import rules
from marketplace.quotations.models import Quotation, QuotationRequest, QuotationRound
from marketplace.quotations.rules import LIVE_ROUNDS, RequestState, RoundState


@dataclass(frozen=True)
class RoundLine:
    """A round in its client's list; `name` is the item's, as it was when the round began."""

    id: int
    public_id: str
    number: str
    state: RoundState
    name: str
    name_en: str
    project_id: int
    project_name: str
    item_code: str
    asked: int
    answered: int
    answer_by: date
    closed_at: datetime | None
    light: str

    @property
    def shown(self) -> str:
        """The state as pages name it."""
        return rules.shown(self.state, self.answered)


@dataclass(frozen=True)
class RequestLine:
    """One institution's part in a round, in its list; `picked` is None while nothing is decided."""

    id: int
    public_id: str
    number: str
    state: RequestState
    round_state: RoundState
    name: str
    name_en: str
    listing_id: int
    client_name: str
    picked: bool | None
    answer_by: date
    closed_at: datetime | None
    light: str


def _requests(*more: ColumnElement[bool]) -> ColumnElement[int]:
    mine = QuotationRequest.round_id == QuotationRound.id
    return select(func.count(QuotationRequest.id)).where(mine, *more).scalar_subquery()


_item = version_name(QuotationRound.item_version_id)
_light = case(
    (QuotationRound.state == RoundState.OPEN, light_of(QuotationRound.answer_by)), else_="none"
)
_own = bindparam("own", type_=Integer)
_was_picked = (
    select(Quotation.id)
    .where(
        Quotation.request_id == QuotationRequest.id,
        Quotation.id == QuotationRound.picked_quotation_id,
    )
    .exists()
)
ROUND = row_of(
    RoundLine,
    QuotationRound,
    name=_item.name,
    name_en=_item.name_en,
    project_name=project_name(QuotationRound.project_id),
    asked=_requests(),
    answered=_requests(QuotationRequest.state == RequestState.ANSWERED),
    light=_light,
)
REQUEST = row_of(
    RequestLine,
    QuotationRequest,
    Join(QuotationRound, QuotationRound.id == QuotationRequest.round_id),
    number=QuotationRound.number,
    round_state=QuotationRound.state,
    name=_item.name,
    name_en=_item.name_en,
    client_name=organisation_name(QuotationRound.client_id),
    picked=case((QuotationRound.state == RoundState.PICKED, _was_picked), else_=None),
    answer_by=QuotationRound.answer_by,
    closed_at=QuotationRound.closed_at,
    light=_light,
)
# Those that still want something first, then the latest.
ROUNDS = PagedList(
    ROUND, QuotationRound.client_id == _own, {"": (QuotationRound.ended_at.is_not(None),)}
)
# What can still be answered first, then the latest.
REQUESTS = PagedList(
    REQUEST, QuotationRequest.provider_id == _own, {"": (QuotationRound.closed_at.is_not(None),)}
)


def live_rounds_of(
    session: Session, client_id: int, project_id: int, today: date
) -> tuple[RoundLine, ...]:
    """An enterprise's rounds for a project that still want something, the latest first."""
    live = and_(QuotationRound.project_id == project_id, QuotationRound.state.in_(LIVE_ROUNDS))
    query = ROUND.query().where(ROUNDS.base, live).order_by(QuotationRound.id.desc())
    return ROUND.all(session, query, light_days(session, today, own=client_id))
