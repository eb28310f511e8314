"""What people and programs do at the edge, each with its line in the security log."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.queries import parties
from marketplace.competitions.rules import CompetitionState
from marketplace.infra.clock import real_now
from marketplace.infra.database import db
from marketplace.infra.files import READERS, store_upload
from marketplace.infra.outbox.news import all_news
from marketplace.infra.security_log import Kind
from marketplace.kernel.actors import Actor
from marketplace.kernel.events import known_kinds
from marketplace.settings import ROOT
from tests import documents
from tests.competitions import make_competition
from tests.factories import TOTP_SECRET, give_password, make_agent, open_session_for, system_work
from tests.programs import bearing
from tests.security_lines import Line, forget, lines
from tests.tables import rows
from tests.web.accounts.conftest import hidden_fields

PASSWORD = "four horses in a barn"
NUMBER = "number-of-the-request"
# Events beside those of people and of the machinery that change who may do what, or open a seal.
OF_OTHERS = {
    "approval_item.ended": Kind.OPERATION,
    "approval_item.version_set": Kind.OPERATION,
    "qualification_kind.ended": Kind.OPERATION,
    "qualification_kind.version_in_force": Kind.OPERATION,
    "competition.opening_requested": Kind.KEY,
    "competition.opened": Kind.KEY,
    "rulebook.entry_added": Kind.OPERATION,
    "calendar.imported": Kind.OPERATION,
}
# What happens to a file every day; who opens a personal one is told by the store.
OF_NO_INTEREST = {"file.stored", "file.bound", "file.discarded"}


@dataclass
class Scene:
    """Somebody at a browser, and the house."""

    app: Flask
    browser: FlaskClient
    agent: Actor

    def get(self, path: str, **more: Any) -> None:
        self.browser.get(path, headers={"X-Request-ID": NUMBER}, **more)

    def send(self, path: str, **fields: Any) -> None:
        """Open a page, fill in its form, send it."""
        values = hidden_fields(self.browser.get(path)) | fields
        forget(self.app.extensions["settings"].home)
        self.browser.post(path, data=values, headers={"X-Request-ID": NUMBER})

    def sign_in(self) -> None:
        open_session_for(self.browser, self.agent)


def wrong_password(it: Scene) -> None:
    it.send("/sign-in", email="agent@example.cn", password="not this one at all")


def unknown_account(it: Scene) -> None:
    it.send("/sign-in", email="nobody@example.cn", password="not this one at all")


def right_password(it: Scene) -> None:
    it.send("/sign-in", email="agent@example.cn", password=PASSWORD)


def locked_account(it: Scene) -> None:
    for _each in range(5):
        wrong_password(it)
    right_password(it)


def right_code(it: Scene) -> None:
    right_password(it)
    it.send("/sign-in/code", one_time_code=pyotp.TOTP(TOTP_SECRET).at(real_now()))


def page_of_members(it: Scene) -> None:
    it.get("/desk")


def page_of_another_role(it: Scene) -> None:
    it.sign_in()
    it.get("/backoffice/trail/")


def record_of_nobody(it: Scene) -> None:
    it.sign_in()
    it.get("/engagements/aaaaaaaaaa")


def forged_form(it: Scene) -> None:
    it.sign_in()
    it.browser.post("/sign-out", data={}, headers={"X-Request-ID": NUMBER})


def act_that_a_policy_refuses(it: Scene) -> None:
    """The only administrator of an organisation may not step down."""
    it.sign_in()
    own = parties.members_with(db.session(), it.agent.organisation_id or 0)[0].public_id
    it.send(f"/my/colleagues/{own}/roles", roles="institution_agent")


def too_often(it: Scene) -> None:
    settings = it.app.extensions["settings"]
    it.app.extensions["settings"] = replace(settings, api_rate="1 per minute")
    for _each in range(2):
        it.get("/api/v1/items")


def unknown_token(it: Scene) -> None:
    headers = {**bearing("a-token-that-nobody-has"), "X-Request-ID": NUMBER}
    it.browser.get("/api/v1/projects", headers=headers)


def message_with_a_wrong_signature(it: Scene) -> None:
    headers = {"webhook-signature": "v1,AAAA", "X-Request-ID": NUMBER}
    it.browser.post("/approvals/webhooks", data=b"{}", headers=headers)


def spoilt_link(it: Scene) -> None:
    it.get("/password/spoilt")


def workbook(it: Scene) -> None:
    it.get("/institutions/export.xlsx")


def stored(it: Scene, *, personal: bool) -> str:
    READERS["test"] = lambda _actor, _session, _owner: True
    with system_work() as uow:
        row = store_upload(
            uow,
            owner_kind="test",
            owner_id=70,
            kind="scan",
            name="张三.pdf",
            data=documents.pdf(1),
            personal=personal,
        )
        return row.public_id


def document(it: Scene) -> None:
    it.sign_in()
    it.get(f"/files/{stored(it, personal=False)}/download")


def personal_paper(it: Scene) -> None:
    it.sign_in()
    it.get(f"/files/{stored(it, personal=True)}/pages/1.png")


def invited_colleague(it: Scene) -> None:
    it.sign_in()
    it.send("/my/colleagues/invite", email="new@example.cn", roles="institution_agent")


def opened_bids(it: Scene) -> None:
    make_competition(CompetitionState.OPENED)


HAPPENINGS: dict[str, Callable[[Scene], None]] = {
    made.__name__: made
    for made in (
        wrong_password,
        unknown_account,
        right_code,
        locked_account,
        page_of_members,
        page_of_another_role,
        record_of_nobody,
        forged_form,
        act_that_a_policy_refuses,
        too_often,
        unknown_token,
        message_with_a_wrong_signature,
        spoilt_link,
        workbook,
        document,
        personal_paper,
        invited_colleague,
        opened_bids,
    )
}
TABLE = rows("security/happenings")


@pytest.fixture
def scene(app: Flask, client: FlaskClient) -> Scene:
    agent = make_agent(email="agent@example.cn", name="某某咨询有限公司", person_name="张三")
    give_password(agent.user_id or 0, PASSWORD)
    forget(app.extensions["settings"].home)
    return Scene(app, client, agent)


def found(home: Path, kind: str, what: str) -> Line:
    """The last line of this sort."""
    every = lines(home)
    fitting = [line for line in every if (line["kind"], line["what"]) == (kind, what)]
    assert fitting, [(line["kind"], line["what"]) for line in every]
    return fitting[-1]


@pytest.mark.parametrize(("happening", "kind", "what", "person", "number", "route"), TABLE)
def test_each_happening_has_its_line(
    scene: Scene,
    home: Path,
    happening: str,
    kind: str,
    what: str,
    person: str,
    number: str,
    route: str,
) -> None:
    HAPPENINGS[happening](scene)

    line = found(home, kind, what)
    if number == "yes":
        assert (line["request"], line["address"]) == (NUMBER, "127.0.0.1")
    assert line["route"] == (route or None)
    who = {
        "nobody": (None, None),
        "account": (scene.agent.user_id, None),
        "member": (scene.agent.user_id, scene.agent.organisation_id),
    }
    if person in who:
        assert (line["user"], line["organisation"]) == who[person]
    said = json.dumps(lines(home), ensure_ascii=False)
    for secret in ("张三", "某某", "example.cn", PASSWORD, "not this one", "spoilt", "nobody-has"):
        assert secret not in said


def test_the_table_tells_of_every_kind_and_of_every_happening() -> None:
    assert {row[0] for row in TABLE} == set(HAPPENINGS)
    # What the operator settles is told of in the tests of the machinery.
    assert {row[1] for row in TABLE} == {kind.value for kind in Kind} - {"account", "operation"}


# Everything passes one of these; a view that wrote a line of its own would be a second way.
WRITERS = {
    *("infra/security_log.py", "infra/unit_of_work.py", "infra/files.py", "infra/readiness.py"),
    "web/platform.py",
    *("web/requests.py", "web/errors.py", "web/context.py", "web/forms.py", "web/uploads.py"),
    # What cannot be opened any more is told of where it is read.
    "web/files.py",
}


def test_lines_are_written_where_everything_passes_and_nowhere_else() -> None:
    files = (ROOT / "marketplace").rglob("*.py")
    writing = {path for path in files if "security_log." in path.read_text("utf-8")}

    assert {str(path.relative_to(ROOT / "marketplace")) for path in writing} == WRITERS


def test_a_refusal_has_one_line(scene: Scene, home: Path) -> None:
    act_that_a_policy_refuses(scene)

    assert [line["what"] for line in lines(home) if line["kind"] == "refused"] == [
        "account.last_administrator"
    ]


@pytest.mark.parametrize("path", ["/nowhere", "/static/nothing.css", "/"])
def test_an_address_that_is_nowhere_and_a_page_for_everybody_are_no_happenings(
    scene: Scene, home: Path, path: str
) -> None:
    scene.get(path)

    assert lines(home) == []


def test_every_event_of_people_and_of_the_machinery_has_its_line(app: Flask) -> None:
    kinds = {row.event.KIND: row.security for row in all_news()}
    watched = {
        kind
        for kind, event in known_kinds().items()
        if event.__module__ in {"marketplace.accounts.events", "marketplace.infra.events"}
    }

    assert {kind for kind in watched if kinds[kind] is None} == OF_NO_INTEREST
    assert {kind: found for kind, found in kinds.items() if found and kind not in watched} == (
        OF_OTHERS
    )
