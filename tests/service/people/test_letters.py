"""Letters are independent: a dead mailbox holds nobody's letter up, and nobody gets one twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from marketplace.accounts.services import credentials, registering
from marketplace.infra import mail
from marketplace.infra.clock import real_now
from marketplace.infra.database import db, writing_session
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.outbox.models import Delivery
from marketplace.infra.outbox.settling import replay_delivery
from marketplace.kernel.actors import ANONYMOUS, Capacity, Role
from marketplace.kernel.errors import Refused
from tests.dossiers import act
from tests.factories import credit_code, make_agent, make_member, make_organisation
from tests.product import free_port
from tests.tables import rows

pytestmark = pytest.mark.usefixtures("app")
LETTERS = ("account-mail", "mail")
FOR_GOOD = [answer for answer, state in rows("people/letters") if state == "skipped"]


class Server:
    """A mail server with one dead mailbox."""

    def __init__(self) -> None:
        self.dead = ""
        self.answer = "550 no such mailbox"
        self.received: list[str] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if address == self.dead:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.received += envelope.rcpt_tos
        return "250 kept"


@pytest.fixture
def server(app) -> Iterator[Server]:
    settings = app.extensions["settings"]
    box, port = Server(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    mail.use_settings(replace(settings, mail_host="127.0.0.1", mail_port=port))
    yield box
    controller.stop()
    mail.use_settings(settings)


def deliver(app) -> None:
    """Deliver what is due, and again as if the time to try again had come."""
    for _ in range(2):
        db.session.rollback()
        deliver_all(app.extensions["settings"])
        with writing_session() as session, session.begin():
            for row in session.query(Delivery).filter_by(state="pending"):
                row.next_attempt_at = real_now() - timedelta(seconds=1)


def letters(session) -> list[Delivery]:
    session.rollback()
    found = session.query(Delivery).filter(Delivery.subscriber.in_(LETTERS))
    return found.order_by(Delivery.id).all()


@pytest.mark.parametrize(("answer", "state"), rows("people/letters"))
def test_a_mistyped_address_does_not_hold_back_the_reset_of_the_password(
    app, session, server, answer, state
):
    agent = make_agent(email="right@example.cn")
    deliver(app)
    server.received.clear()
    server.dead, server.answer = "mistyped@example.cn", answer
    before = len(letters(session))

    act(agent, lambda uow: credentials.request_email_change(uow, email="mistyped@example.cn"))
    act(ANONYMOUS, lambda uow: credentials.request_password_reset(uow, email="right@example.cn"))
    deliver(app)

    mistyped, reset = letters(session)[before:]
    assert (mistyped.state, reset.state) == (state, "done")
    assert server.received == ["right@example.cn"]
    if state == "skipped":
        assert answer[:3] in mistyped.settled_reason


@pytest.mark.parametrize("answer", FOR_GOOD)
def test_a_letter_that_was_refused_for_good_is_sent_again_by_the_operator(
    app, session, server, answer
):
    operator = make_member(make_organisation(Capacity.OPERATOR), Role.SYSTEM_ADMIN)
    agent = make_agent(email="mailbox@example.cn")
    deliver(app)
    server.received.clear()
    server.dead, server.answer = "mailbox@example.cn", answer
    act(ANONYMOUS, lambda uow: credentials.request_password_reset(uow, email="mailbox@example.cn"))
    deliver(app)
    ended = letters(session)[-1]
    assert (ended.state, server.received) == ("skipped", [])

    server.dead = ""
    for who, reason, code in (
        (agent, "邮箱已修复", "delivery.not_yours"),
        (operator, " ", "delivery.reason_needed"),
    ):
        with pytest.raises(Refused, match=code):
            act(who, lambda uow, why=reason: replay_delivery(uow, delivery_id=ended.id, reason=why))
    again = {"delivery_id": ended.id, "reason": "邮箱已修复"}
    act(operator, lambda uow: replay_delivery(uow, **again))
    deliver(app)

    session.rollback()
    assert letters(session)[-1].state == "done"
    assert server.received == ["mailbox@example.cn"]
    with pytest.raises(Refused, match="not_parked"):
        act(operator, lambda uow: replay_delivery(uow, **again))


@pytest.mark.parametrize(("answer", "state"), rows("people/letters"))
def test_of_two_administrators_one_dead_mailbox_costs_the_other_nothing(
    app, session, server, answer, state
):
    admin = make_agent(email="dead@example.cn", code=credit_code(4_950))
    make_member(admin.organisation_id, Role.ORGANISATION_ADMIN, email="alive@example.cn")
    claimant = make_agent(Capacity.ENTERPRISE, email="claimant@example.cn")
    deliver(app)
    server.received.clear()
    server.dead, server.answer = "dead@example.cn", answer

    act(
        claimant,
        lambda uow: registering.add_organisation(
            uow,
            name="某某公司",
            credit_code=credit_code(4_950),
            capacity=Capacity.INSTITUTION,
            region_code="220100",
        ),
    )
    deliver(app)

    assert server.received == ["alive@example.cn"]
    states = sorted(str(row.state) for row in letters(session)[-2:])
    assert states == sorted(["done", state])
