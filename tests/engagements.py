"""Engagements for tests, brought to every state by the people who bring them there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.contracts import services as contracts
from marketplace.contracts.queries import drawing, reading
from marketplace.contracts.rules import Terms, parts_of
from marketplace.engagements import queries as engagements
from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import State
from marketplace.engagements.services import Paper, beginning, doing, ending
from marketplace.infra.database import db, reading_session
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Actor, Capacity
from marketplace.kernel.errors import Refused
from marketplace.kernel.identifiers import new_public_id
from marketplace.kernel.times import SHANGHAI
from marketplace.projects import queries as projects
from marketplace.ratings import services as ratings
from marketplace.ratings.rules import CRITERIA
from tests.documents import pdf
from tests.dossiers import admitted_listing
from tests.factories import make_agent
from tests.projects import make_project

T = TypeVar("T")
ITEM = "JL-Z05"
AMOUNT = 8_000_000
# What the contracts of tests say that the client hands over, and that results are checked for.
PAPER_OWED, CHECK = "可行性研究报告", "数据与附表一致"
REASON = "补充材料后继续。"


@dataclass(frozen=True)
class World:
    """An engagement with the people around it."""

    client: Actor
    provider: Actor
    listing_id: int
    project_id: int
    engagement_id: int
    public_id: str


def work(actor: Actor, do: Callable[[UnitOfWork], T], now: datetime | None = None) -> T:
    """One act of an actor, now or at an instant."""
    db.session.rollback()
    with UnitOfWork(actor, now or datetime.now(SHANGHAI)) as uow:
        return do(uow)


def refused(actor: Actor, do: Callable[[UnitOfWork], object], now: datetime | None = None) -> str:
    """The code with which an act is refused; empty when it is not."""
    try:
        work(actor, do, now)
    except Refused as refusal:
        return refusal.code
    return ""


def paper(name: str = "合同.pdf") -> Paper:
    """A paper to attach."""
    return Paper(name, pdf())


def make_enterprise(region_code: str = "220102") -> Actor:
    """An enterprise's confirmed agent."""
    return make_agent(Capacity.ENTERPRISE, region_code=region_code)


def make_provider() -> Actor:
    """An institution's confirmed agent, without a listing yet."""
    return make_agent(Capacity.INSTITUTION)


def project_of(client: Actor) -> int:
    """A project of the enterprise."""
    return make_project(enterprise_id=client.organisation_id)


def request(world: World) -> World:
    """The enterprise picks; returns the world with the engagement."""
    ref = work(
        world.client,
        lambda uow: beginning.request_engagement(
            uow,
            project_id=world.project_id,
            item_code=ITEM,
            listing_id=world.listing_id,
            words="请在月底前完成。",
        ),
    )
    return World(
        world.client, world.provider, world.listing_id, world.project_id, ref.id, ref.public_id
    )


def make_world(client: Actor | None = None, provider: Actor | None = None) -> World:
    """An enterprise with a project and an admitted institution; nothing is requested yet."""
    client, provider = client or make_enterprise(), provider or make_provider()
    return World(client, provider, admitted_listing(provider), project_of(client), 0, "")


def make_engagement(
    state: State = State.REQUESTED,
    *,
    client: Actor | None = None,
    provider: Actor | None = None,
) -> World:
    """An engagement of an enterprise in this state."""
    world = request(make_world(client, provider))
    for step in _WAYS[state]:
        step(world)
    return world


def on(world: World, actor: Actor, service: Callable[..., T], **facts: object) -> T:
    """One act on the engagement."""
    return work(actor, lambda uow: service(uow, engagement=world.engagement_id, **facts))


def take_on(world: World) -> None:
    """The institution takes it on."""
    on(world, world.provider, beginning.take_on_engagement)


def decline(world: World) -> None:
    """The institution declines."""
    on(world, world.provider, beginning.decline_engagement, reason="人手不足。")


def cancel(world: World) -> None:
    """The client cancels."""
    on(world, world.client, beginning.cancel_engagement, reason="项目推迟。")


def terms_for(engagement_id: int, amount_fen: int = AMOUNT, **changes: object) -> Terms:
    """Terms that the market allows: the whole amount at acceptance, the days said before."""
    with reading_session() as session:
        row = engagements.engagement(session, engagement_id)
        basis = drawing.basis_of(session, row)
        scope = drawing.draft_of(session, row, basis).scope
    said = {
        "amount_fen": amount_fen,
        "limit_days": basis.limit_days,
        "parts": parts_of(amount_fen),
        "pay_days": 10,
        "scope": scope,
        "papers_owed": PAPER_OWED,
        "checks": CHECK,
        "note": "按本项目工作量商定。",
    }
    return Terms(**said | changes)


def shown_hash(engagement: int | str) -> str:
    """The digest of the version put forward last."""
    with reading_session() as session:
        row = engagements.engagement(session, engagement)
        return reading.versions_of(session, row.id)[0].content_hash


def put_forward(
    actor: Actor,
    engagement_id: int,
    amount_fen: int = AMOUNT,
    now: datetime | None = None,
    **changes: object,
) -> None:
    """Somebody puts terms forward."""
    said = terms_for(engagement_id, amount_fen, **changes)
    work(actor, lambda uow: contracts.put_forward(uow, engagement=engagement_id, terms=said), now)


def confirm(actor: Actor, engagement_id: int, now: datetime | None = None) -> None:
    """Somebody confirms what was put forward last."""
    digest = shown_hash(engagement_id)
    work(
        actor,
        lambda uow: contracts.confirm(uow, engagement=engagement_id, content_hash=digest),
        now,
    )


def sign(
    client: Actor,
    provider: Actor,
    engagement_id: int,
    amount_fen: int = AMOUNT,
    now: datetime | None = None,
) -> None:
    """The client puts the terms forward and the institution confirms them."""
    put_forward(client, engagement_id, amount_fen, now)
    confirm(provider, engagement_id, now)


def contract(world: World, amount_fen: int = AMOUNT) -> None:
    """Both sides confirm the contract today."""
    sign(world.client, world.provider, world.engagement_id, amount_fen)


def start(world: World) -> None:
    """The materials are complete."""
    on(world, world.client, doing.start_work, handed_over=[PAPER_OWED])


def pause(world: World, actor: Actor | None = None) -> None:
    """Somebody pauses the clock; by default the institution."""
    on(
        world,
        actor or world.provider,
        doing.pause_work,
        reason="等待勘察数据。",
        papers=[paper("证明.pdf")],
    )


def resume(world: World) -> None:
    """The institution goes on."""
    on(world, world.provider, doing.resume_work)


def deliver(world: World) -> int:
    """The institution delivers the next version."""
    papers = [paper("成果.pdf")]
    return on(world, world.provider, doing.deliver_version, words="成果。", papers=papers)


def give_back(world: World) -> None:
    """The client returns the version."""
    said = {"reason": "第三章数据有误。", "points": [CHECK]}
    on(world, world.client, doing.return_delivery, **said)


def accept(world: World) -> None:
    """The client accepts the version."""
    on(world, world.client, doing.accept_delivery)


def rate(world: World) -> None:
    """The client rates, with the best on every criterion."""
    on(world, world.client, ratings.rate_engagement, scores=dict.fromkeys(CRITERIA, 5))


def terminate(world: World) -> None:
    """The client terminates."""
    on(world, world.client, ending.terminate_engagement, reason="项目终止。")


_TO_WORK = (take_on, contract, start)
_WAYS: dict[State, tuple[Callable[[World], object], ...]] = {
    State.REQUESTED: (),
    State.TAKEN_ON: (take_on,),
    State.DECLINED: (decline,),
    State.CANCELLED: (cancel,),
    State.CONTRACTED: (take_on, contract),
    State.IN_PROGRESS: _TO_WORK,
    State.PAUSED: (*_TO_WORK, pause),
    State.DELIVERED: (*_TO_WORK, deliver),
    State.RETURNED: (*_TO_WORK, deliver, give_back),
    State.ACCEPTED: (*_TO_WORK, deliver, accept),
    State.CLOSED: (*_TO_WORK, deliver, accept, rate),
    State.TERMINATED: (*_TO_WORK, terminate),
}


def multiply(world: World, times: int) -> None:
    """So many more engagements like this one, straight into the table: for long lists only."""
    table = Engagement.__table__
    db.session.rollback()
    with db.engine.begin() as connection:
        row = connection.execute(table.select().where(table.c.id == world.engagement_id)).one()
        kept = {key: value for key, value in row._mapping.items() if key != "id"}
        copies = [
            {**kept, "public_id": new_public_id(), "number": f"{row.number}-{n}"}
            for n in range(times)
        ]
        if copies:
            connection.execute(table.insert(), copies)


# ------------------------------------------------------------------ looking at an engagement


def row_of(session: Session, world: World) -> Engagement:
    """The engagement as the database has it now."""
    session.rollback()
    session.expire_all()
    return session.get_one(Engagement, world.engagement_id)


def kinds(session: Session, world: World) -> list[str]:
    """What happened to the engagement, oldest first, without the subject's name."""
    session.rollback()
    told = accounts.history(session, "engagement", world.engagement_id)
    return [entry.kind.removeprefix("engagement.") for entry in reversed(told)]


def last_event(session: Session, world: World) -> EventRecord:
    """The last thing that happened to the engagement."""
    session.rollback()
    found = session.query(EventRecord).filter_by(
        subject_kind="engagement", subject_id=world.engagement_id
    )
    return found.order_by(EventRecord.sequence.desc()).first()


def later(days: int) -> datetime:
    """Noon so many days from now."""
    now = datetime.now(SHANGHAI) + timedelta(days=days)
    return now.replace(hour=12, minute=0, second=0, microsecond=0)


def names(session: Session, world: World) -> tuple[str, str]:
    """Names of the client and of the institution."""
    rows = accounts.organisations(
        session, [world.client.organisation_id, world.provider.organisation_id]
    )
    return rows[world.client.organisation_id].name, rows[world.provider.organisation_id].name


def listing_public_id(session: Session, world: World) -> str:
    """The public id of the listing."""
    return institutions.listing(session, world.listing_id).public_id


def project_public_id(session: Session, world: World) -> str:
    """The public id of the project."""
    return projects.project(session, world.project_id).public_id
