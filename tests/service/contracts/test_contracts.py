"""The contract of two: put forward, confirmed, changed, amended, ended."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.contracts import deadlines, rules, services
from marketplace.contracts.models import ContractVersion
from marketplace.contracts.queries import drawing, reading
from marketplace.contracts.rules import Due, Source, VersionState, digest, parts_of
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries import handovers
from marketplace.engagements.queries.hands import work_of_project
from marketplace.engagements.rules import Side, State
from marketplace.engagements.services import Paper, beginning, ending, handing
from marketplace.infra.database import db
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import SHANGHAI, end_of_day, local_date
from marketplace.projects import queries as projects
from tests.documents import pdf
from tests.engagements import (
    AMOUNT,
    World,
    accept,
    confirm,
    deliver,
    last_event,
    make_engagement,
    make_enterprise,
    on,
    put_forward,
    refused,
    row_of,
    shown_hash,
    sign,
    start,
    terms_for,
    work,
)
from tests.service.projects.decisions import hand_over

_V = VersionState


def versions(world: World) -> list[reading.VersionRow]:
    """The versions of the contract, the oldest first."""
    db.session.rollback()
    return list(reversed(reading.versions_of(db.session, world.engagement_id)))


def states(world: World) -> list[VersionState]:
    return [one.state for one in versions(world)]


def told(world: World) -> list[str]:
    """What was told of the contract, in order."""
    db.session.rollback()
    found = db.session.query(EventRecord).filter_by(
        subject_kind="engagement", subject_id=world.engagement_id
    )
    kinds = [one.kind for one in found.order_by(EventRecord.sequence)]
    return [one.removeprefix("engagement.") for one in kinds if "contract" in one]


def trying(actor, world: World, service, **facts) -> str:
    return refused(actor, lambda uow: service(uow, engagement=world.engagement_id, **facts))


def test_a_first_text_begins_with_what_the_item_asks_for_in_this_project(session):
    world = make_engagement(State.TAKEN_ON)
    row = engagements.engagement(session, world.engagement_id)
    item = catalogue.item_version(session, row.item_version_id)
    draft = drawing.draft_of(session, row, drawing.basis_of(session, row))
    assert rules.lines_of(draft.papers_owed) == tuple(one.name for one in item.papers_owed)
    assert rules.lines_of(draft.checks) == tuple(one.name for one in item.checks)
    assert row.project_name in draft.scope
    assert item.service_content in draft.scope


def test_a_line_of_the_item_is_left_out_with_a_reason_and_stays_out_in_an_amendment(session):
    world = make_engagement(State.TAKEN_ON)
    row = engagements.engagement(session, world.engagement_id)
    asked = drawing.draft_of(session, row, drawing.basis_of(session, row))
    amount = asked.amount_fen or AMOUNT
    priced = replace(asked, amount_fen=amount, parts=parts_of(amount))
    said = replace(priced, checks="结论明确")
    assert trying(world.client, world, services.put_forward, terms=said) == "contract.line_left_out"
    with_reason = replace(said, note="本项目不需要其余要点。")
    assert not trying(world.client, world, services.put_forward, terms=with_reason)
    confirm(world.provider, world.engagement_id)

    row = engagements.engagement(session, world.engagement_id)
    drafted = drawing.draft_of(session, row, drawing.basis_of(session, row))
    assert rules.lines_of(drafted.checks) == rules.lines_of(said.checks)
    fewer = replace(drafted, checks="")
    assert (
        trying(world.client, world, services.put_forward, terms=fewer) == "contract.line_left_out"
    )
    assert not trying(world.client, world, services.put_forward, terms=drafted)


def test_a_contract_binds_when_both_have_confirmed_the_same_text(app, session):
    world = make_engagement(State.TAKEN_ON)
    assert row_of(session, world).contract_owed_by is Side.CLIENT
    put_forward(world.client, world.engagement_id, parts=parts_of(AMOUNT, 1_000_000))

    (row,) = versions(world)
    assert (row.state, row.client_signer != "", row.provider_signer) == (
        _V.HALF_CONFIRMED,
        True,
        "",
    )
    assert row_of(session, world).state is State.TAKEN_ON
    assert row_of(session, world).contract_owed_by is Side.PROVIDER

    confirm(world.provider, world.engagement_id)

    (row,) = versions(world)
    engagement = row_of(session, world)
    assert (row.state, engagement.state) == (_V.IN_FORCE, State.CONTRACTED)
    assert (engagement.amount_fen, engagement.signed_on) == (AMOUNT, row.signed_on)
    assert engagement.contract_owed_by is None
    assert told(world) == ["contract_put_forward", "contracted"]


def test_the_text_says_who_agrees_on_what_and_its_digest_follows_it(app, session):
    world = make_engagement(State.TAKEN_ON)
    paper = Paper("附件.pdf", pdf())
    terms = terms_for(world.engagement_id)
    on(world, world.client, services.put_forward, terms=terms, papers=[paper])

    (row,) = versions(world)
    facts = json.loads(row.content)
    client = engagements.engagement(session, world.engagement_id).client_name
    assert facts["client"]["name"] == client
    assert (facts["amount_fen"], facts["limit"]["days"]) == (AMOUNT, terms.limit_days)
    assert facts["papers"] == [{"name": "附件.pdf", "sha256": row.papers[0].sha256}]
    assert digest(row.content) == row.content_hash


def test_what_was_not_shown_is_not_confirmed(app, session):
    world = make_engagement(State.TAKEN_ON)
    put_forward(world.client, world.engagement_id)
    seen = shown_hash(world.engagement_id)
    on(world, world.client, services.take_back, reason="金额有误。")
    put_forward(world.client, world.engagement_id, AMOUNT + 100)

    assert trying(world.provider, world, services.confirm, content_hash=seen) == (
        "contract.text_changed"
    )
    assert row_of(session, world).state is State.TAKEN_ON


def test_each_side_does_only_what_is_its_turn(app, session):
    world, stranger = make_engagement(State.TAKEN_ON), make_enterprise()
    put_forward(world.client, world.engagement_id)
    seen, terms = shown_hash(world.engagement_id), terms_for(world.engagement_id)

    assert trying(world.client, world, services.confirm, content_hash=seen) == (
        "contract.others_turn"
    )
    assert trying(world.client, world, services.put_forward, terms=terms) == (
        "contract.put_forward_already"
    )
    assert trying(world.provider, world, services.take_back, reason="一") == (
        "contract.only_who_put_it_forward"
    )
    with pytest.raises(NotFound):
        on(world, stranger, services.confirm, content_hash=seen)


def test_the_other_side_asks_for_a_change_or_puts_other_terms_forward(app, session):
    world = make_engagement(State.TAKEN_ON)
    put_forward(world.client, world.engagement_id)
    on(world, world.provider, services.ask_for_change, reason="首付款请提高。")
    assert states(world) == [_V.DRAFT]
    assert row_of(session, world).contract_owed_by is Side.CLIENT
    assert trying(world.provider, world, services.confirm, content_hash="0" * 64) == (
        "contract.nothing_to_confirm"
    )

    put_forward(world.provider, world.engagement_id, AMOUNT + 1)
    assert states(world) == [_V.DROPPED, _V.HALF_CONFIRMED]
    assert row_of(session, world).contract_owed_by is Side.CLIENT
    put_forward(world.client, world.engagement_id, AMOUNT)
    assert states(world) == [_V.DROPPED, _V.DROPPED, _V.HALF_CONFIRMED]
    assert versions(world)[1].amount_fen == AMOUNT + 1, "what was once put forward stays on record"

    confirm(world.provider, world.engagement_id)
    assert row_of(session, world).amount_fen == AMOUNT
    assert len({one.number for one in versions(world)}) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scope": " "}, "request.words_needed"),
        ({"papers_owed": "联系人 13800138000"}, "request.personal_number"),
        ({"note": "", "limit_days": 9}, "contract.difference_needs_reason"),
        ({"limit_days": 99}, "contract.limit_too_long"),
        ({"parts": {Due.SIGNING: 1, Due.DELIVERY: 0, Due.ACCEPTANCE: 0}}, "contract.parts_differ"),
    ],
)
def test_terms_that_the_market_does_not_allow_are_refused(app, session, changes, code):
    world = make_engagement(State.TAKEN_ON)
    terms = terms_for(world.engagement_id, **changes)
    assert trying(world.client, world, services.put_forward, terms=terms) == code
    assert states(world) == []


def test_every_confirmation_that_is_missing_has_its_own_days(app, session):
    world = make_engagement(State.TAKEN_ON)
    first = row_of(session, world).turn_due_on
    session.rollback()
    late = end_of_day(first) - timedelta(hours=12)
    put_forward(world.client, world.engagement_id, now=late)
    assert row_of(session, world).turn_due_on == first + timedelta(days=30)
    assert engagements.engagement(session, world.engagement_id, first).owes is Side.PROVIDER


@pytest.mark.parametrize(
    "state", [State.CONTRACTED, State.IN_PROGRESS, State.PAUSED, State.RETURNED]
)
def test_an_amendment_binds_when_both_have_confirmed_it(app, session, state):
    world = make_engagement(state)
    put_forward(world.provider, world.engagement_id, AMOUNT + 500_000, limit_days=12)
    assert states(world) == [_V.IN_FORCE, _V.HALF_CONFIRMED]
    assert row_of(session, world).amount_fen == AMOUNT
    due = reading.owed_by(session, world.client, local_date(datetime.now(SHANGHAI)))
    assert [one.what for one in due.rows] == ["contract.confirm"]
    session.rollback()

    confirm(world.client, world.engagement_id)

    row = row_of(session, world)
    assert (row.state, row.amount_fen, row.limit_value) == (state, AMOUNT + 500_000, 12)
    assert states(world) == [_V.SUPERSEDED, _V.IN_FORCE]
    assert versions(world)[1].source is Source.CONTRACT
    assert told(world)[-1] == "contract_amended"


def test_a_running_clock_follows_the_amendment(app, session):
    world = make_engagement(State.IN_PROGRESS)
    before = row_of(session, world).due_on
    session.rollback()
    put_forward(world.client, world.engagement_id, AMOUNT, limit_days=5)
    confirm(world.provider, world.engagement_id)
    assert row_of(session, world).due_on < before


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.REQUESTED, "engagement.not_taken_on"),
        (State.DELIVERED, "engagement.with_client"),
        (State.ACCEPTED, "engagement.work_accepted"),
        (State.CLOSED, "engagement.ended"),
    ],
)
def test_nothing_is_agreed_on_in_other_states(app, session, state, code):
    world = make_engagement(state)
    terms = terms_for(world.engagement_id)
    assert trying(world.client, world, services.put_forward, terms=terms) == code


def follow(app) -> None:
    db.session.rollback()
    deliver_all(app.extensions["settings"], raise_errors=True)


def test_what_nobody_confirmed_lapses_and_the_contract_ends_with_the_work(app, session):
    world = make_engagement(State.IN_PROGRESS)
    put_forward(world.client, world.engagement_id, AMOUNT + 1)
    on(world, world.client, ending.terminate_engagement, reason="项目终止。")
    follow(app)
    assert states(world) == [_V.ENDED, _V.LAPSED]

    given_up = make_engagement(State.TAKEN_ON)
    put_forward(given_up.client, given_up.engagement_id)
    on(given_up, given_up.client, beginning.cancel_engagement, reason="推迟。")
    follow(app)
    assert states(given_up) == [_V.LAPSED]
    assert told(given_up)[-1] == "contract_lapsed"


def test_an_amendment_waits_while_the_client_looks_and_lapses_with_the_acceptance(app, session):
    world = make_engagement(State.IN_PROGRESS)
    put_forward(world.client, world.engagement_id, AMOUNT + 1)
    deliver(world)
    follow(app)
    assert states(world) == [_V.IN_FORCE, _V.HALF_CONFIRMED]
    seen = shown_hash(world.engagement_id)
    assert trying(world.provider, world, services.confirm, content_hash=seen) == (
        "engagement.with_client"
    )
    accept(world)
    follow(app)
    assert states(world) == [_V.IN_FORCE, _V.LAPSED]


def test_an_amendment_that_is_not_confirmed_in_time_lapses(app, session):
    world = make_engagement(State.IN_PROGRESS)
    put_forward(world.client, world.engagement_id, AMOUNT + 1)
    (_kept, waits) = versions(world)
    over = end_of_day(waits.due_on)
    seen = shown_hash(world.engagement_id)

    def confirms(uow):
        services.confirm(uow, engagement=world.engagement_id, content_hash=seen)

    assert refused(world.provider, confirms, over) == "contract.lapsed_on"
    before = over - timedelta(minutes=1)
    opens = lambda: UnitOfWork(SYSTEM, over)  # noqa: E731
    assert deadlines.lapse_amendments(opens, before) == 0
    assert [deadlines.lapse_amendments(opens, over) for _again in range(2)] == [1, 0]
    assert states(world) == [_V.IN_FORCE, _V.LAPSED]
    assert last_event(session, world).kind == "engagement.amendment_lapsed"
    assert row_of(session, world).amount_fen == AMOUNT


def test_the_day_of_an_amendment_follows_the_calendar_while_it_is_to_come(app, session):
    world = make_engagement(State.IN_PROGRESS)
    put_forward(world.client, world.engagement_id, AMOUNT + 1)
    waits = versions(world)[-1]
    other = update(ContractVersion).where(ContractVersion.id == waits.id)
    session.execute(other.values(due_on=waits.due_on + timedelta(days=3)))
    session.commit()

    def moves(at=None):
        return work(SYSTEM, lambda uow: services.move_day(uow, version=waits.id), at)

    assert moves(end_of_day(waits.due_on + timedelta(days=3))) is False
    assert [moves(), moves()] == [True, False]
    assert versions(world)[-1].due_on == waits.due_on
    assert last_event(session, world).kind == "engagement.due_moved"


def test_one_person_never_confirms_for_both(app, session):
    world = make_engagement(State.TAKEN_ON)
    put_forward(world.client, world.engagement_id)
    (row,) = versions(world)
    both = update(ContractVersion).where(ContractVersion.id == row.id)
    signed = {
        "provider_confirmed_by": world.client.user_id,
        "provider_confirmed_at": row.put_forward_at,
    }
    with pytest.raises(IntegrityError):
        session.execute(both.values(signed))
    session.rollback()


def test_the_code_leads_to_the_contract_once_it_bound_both(app, session):
    world = make_engagement(State.TAKEN_ON)
    put_forward(world.client, world.engagement_id)
    (row,) = versions(world)
    with pytest.raises(NotFound):
        reading.version_of_code(session, row.code)
    session.rollback()
    confirm(world.provider, world.engagement_id)
    assert reading.version_of_code(session, row.code).content_hash == row.content_hash
    for wrong in ("0" * 32, "../../etc", row.code.upper(), ""):
        with pytest.raises(NotFound):
            reading.version_of_code(session, wrong)


def test_what_is_taken_back_gives_its_own_side_no_new_days(app, session):
    world = make_engagement(State.TAKEN_ON)
    first = row_of(session, world).turn_due_on
    session.rollback()
    late = end_of_day(first) - timedelta(days=2)
    put_forward(world.client, world.engagement_id, now=late)
    work(
        world.client,
        lambda uow: services.take_back(uow, engagement=world.engagement_id, reason="金额有误。"),
        late,
    )
    row = row_of(session, world)
    assert (row.turn_due_on, row.contract_owed_by) == (first, Side.CLIENT)


def test_late_work_is_not_made_timely_by_an_amendment(app, session):
    world = make_engagement(State.TAKEN_ON)
    put_forward(world.client, world.engagement_id, limit_days=5)
    confirm(world.provider, world.engagement_id)
    start(world)
    due = row_of(session, world).due_on
    session.rollback()
    over = end_of_day(due) + timedelta(days=7)
    longer = terms_for(world.engagement_id, limit_days=15)

    def amend(uow):
        services.put_forward(uow, engagement=world.engagement_id, terms=longer)

    assert refused(world.client, amend, over) == "contract.limit_too_long"
    in_time = end_of_day(due) - timedelta(days=1)
    assert refused(world.client, amend, in_time) == ""


def test_who_got_the_work_later_does_not_confirm_what_names_the_one_before(app, session):
    world = make_engagement(State.TAKEN_ON)
    put_forward(world.client, world.engagement_id)
    heir = make_enterprise()
    project = projects.project(session, world.project_id)
    session.rollback()
    credit = accounts.organisation(session, heir.organisation_id).credit_code
    session.rollback()
    work(SYSTEM, lambda uow: hand_over(uow, project.code, credit))
    work(SYSTEM, lambda uow: handing.follow_project(uow, world.project_id))
    asked = handovers.shown_with(session, world.engagement_id)
    session.rollback()
    for actor in (world.client, heir):
        work(actor, lambda uow: handing.agree_to_handover(uow, handover=asked.public_id))

    assert states(world) == [_V.DROPPED]
    row = row_of(session, world)
    assert (row.client_id, row.contract_owed_by) == (heir.organisation_id, Side.CLIENT)
    assert trying(world.provider, world, services.confirm, content_hash="0" * 64) == (
        "contract.nothing_to_confirm"
    )
    sign(heir, world.provider, world.engagement_id)
    assert row_of(session, world).state is State.CONTRACTED
    assert json.loads(versions(world)[-1].content)["client"]["credit_code"] == credit


def test_whose_days_a_contract_took_stays_so_once_it_is_in_force(app, session):
    world = make_engagement(State.TAKEN_ON)
    taken = row_of(session, world).taken_on_at
    session.rollback()
    days = [local_date(taken) + timedelta(days=each) for each in range(13)]
    key = world.engagement_id

    def at(each):
        return taken + timedelta(days=each)

    put_forward(world.client, key, now=at(2))
    work(
        world.provider,
        lambda uow: services.ask_for_change(uow, engagement=key, reason="请修改。"),
        at(6),
    )
    put_forward(world.client, key, now=at(7))
    confirm(world.provider, key, at(12))

    (found,) = work_of_project(session, world.project_id, days[12])
    owners = [
        next(
            one.side
            for one in found.hands
            if one.begins < day and (not one.ends or day <= one.ends)
        )
        for day in days[1:]
    ]
    client, provider = Side.CLIENT, Side.PROVIDER
    assert owners == [*[client] * 2, *[provider] * 4, client, *[provider] * 5]
