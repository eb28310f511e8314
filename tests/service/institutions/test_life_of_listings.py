"""Whatever is asked in whatever order, no listing reaches a state past its table of steps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.infra.worker import settle_due
from marketplace.institutions.models.market import Listing, SuspensionGround
from marketplace.institutions.queries import market, seen
from marketplace.institutions.rules.market import LISTED, STEPS, GroundKind, ListingState
from marketplace.institutions.services import grounds, offering, settling, submitting
from marketplace.kernel.actors import SYSTEM, Actor
from marketplace.kernel.errors import Refused
from tests.conftest import NOON, TODAY
from tests.dossiers import a_certificate, complete_dossier, make_agent, terms

Act = Callable[[UnitOfWork, int, int], object]


def _ground(work: Callable[..., None], kind: GroundKind) -> Act:
    return lambda uow, listing, _inst: work(uow, listing_id=listing, kind=kind, reason="核查")


def _listing(work: Callable[..., object], **named: object) -> Act:
    return lambda uow, listing, _inst: work(uow, listing_id=listing, **named)


# Name, whether the institution's agent does it (else the platform), the act.
ACTS: dict[str, tuple[bool, Act]] = {
    "submit": (True, _listing(submitting.submit_listing)),
    "take up": (False, _listing(settling.take_under_review)),
    "return": (False, _listing(settling.return_listing)),
    "admit": (False, _listing(settling.admit_listing, case_id=1)),
    "reject": (False, _listing(settling.reject_listing)),
    "lapse": (False, _listing(settling.lapse_listing)),
    "withdraw": (True, _listing(offering.withdraw_listing)),
    "pause": (True, _listing(grounds.pause_listing, reason="休整")),
    "resume": (True, _listing(grounds.resume_listing)),
    "promise": (True, _listing(offering.save_terms, terms=terms(promised_days=9))),
    "measure": (False, _ground(grounds.open_ground, GroundKind.INTERIM)),
    "end measure": (False, _ground(grounds.close_ground, GroundKind.INTERIM)),
    "blacklist": (False, _ground(grounds.open_ground, GroundKind.BLACKLIST)),
    "apply": (
        True,
        lambda uow, _listing, inst: offering.open_listing(
            uow, institution_id=inst, item_code="JL-Z01"
        ),
    ),
    "change": (
        True,
        lambda uow, listing, inst: submitting.submit_change(
            uow, institution_id=inst, listing_id=listing
        ),
    ),
    "approve change": (
        False,
        lambda uow, _listing, inst: settling.put_change_in_force(
            uow, institution_id=inst, case_id=2
        ),
    ),
    "drop change": (
        False,
        lambda uow, _listing, inst: settling.drop_change(uow, institution_id=inst),
    ),
}
PATHS = [
    ["submit", "take up", "admit"],
    ["submit", "take up", "return", "submit", "take up", "admit"],
    ["submit", "withdraw", "apply"],
    ["pause", "measure", "resume", "end measure"],
    ["promise", "change", "approve change"],
]


@contextmanager
def watched_states() -> Iterator[list[tuple[str, str]]]:
    """Every change of a listing's state in the block, as it is made."""
    steps: list[tuple[str, str]] = []

    def note(_row: Listing, value: str, old: object, _initiator: object) -> None:
        if isinstance(old, str) and old != value:
            steps.append((str(old), str(value)))

    event.listen(Listing.state, "set", note)
    try:
        yield steps
    finally:
        event.remove(Listing.state, "set", note)


def attempt(agent: Actor, name: str, listing_id: int, institution_id: int, at: datetime) -> None:
    """Try an act; a refusal is an answer too."""
    by_agent, work = ACTS[name]
    db.session.rollback()
    try:
        with UnitOfWork(agent if by_agent else SYSTEM, at) as uow:
            before = uow.recorded
            work(uow, listing_id, institution_id)
            uow.session.flush()
            assert uow.recorded > before or not uow._changed
    except Refused:
        pass


def check(listing_id: int) -> None:
    """What holds after every act."""
    session = db.session()
    session.rollback()
    row = session.get_one(Listing, listing_id)
    grounds = session.scalars(
        select(SuspensionGround).where(SuspensionGround.listing_id == listing_id)
    ).all()
    is_open = any(ground.closed_at is None for ground in grounds)
    if row.state in LISTED:
        assert (row.state == ListingState.SUSPENDED) == is_open
    promises = seen.terms_in_force(session, listing_id) is not None
    assert promises == (row.state in LISTED)
    sequences = session.scalars(
        select(EventRecord.sequence).where(
            EventRecord.subject_kind == "listing", EventRecord.subject_id == listing_id
        )
    ).all()
    assert sorted(sequences) == list(range(1, len(sequences) + 1))
    lying = market.open_submissions(session, row.institution_id)
    applying = [one for one in lying if one.kind == "admission"]
    assert bool(applying) == (row.state in ("submitted", "under_review"))


MOVES = st.one_of(
    st.sampled_from(sorted(ACTS)).map(lambda name: [name]),
    st.sampled_from(PATHS),
    st.just(["a season passes"]),
)


@pytest.mark.slow
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=st.lists(MOVES, min_size=3, max_size=8))
def test_no_state_is_reached_but_through_the_table(app, moves):
    agent = make_agent()
    certificate = a_certificate(valid_to=TODAY + timedelta(days=200))
    listing_id = complete_dossier(agent, certificate=certificate)
    institution_id = market.listing(db.session(), listing_id).institution_id
    at = NOON
    with watched_states() as seen:
        for name in (name for path in moves for name in path):
            if name == "a season passes":
                at += timedelta(days=90)
                settle_due(at, raise_errors=True)
            else:
                attempt(agent, name, listing_id, institution_id, at)
            check(listing_id)

    for before, after in seen:
        assert ListingState(after) in STEPS[ListingState(before)]
