"""What the link to the approval platform leaves behind."""

from datetime import datetime

from marketplace.approvals.services import incoming as services
from marketplace.approvals.services import outgoing
from marketplace.approvals.services.incoming import REMEMBERED
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import SHANGHAI
from tests.dossiers import act
from tests.personas import Persona, actor
from tests.projects import make_project, new_code


def test_messages_and_changes_are_taken_in_once_and_the_way_out_is_closed_and_opened(story):
    code, other = new_code(), new_code()
    make_project(code=code)
    people = {
        "the administrator": actor(Persona.SYSTEM_ADMIN),
        "the security administrator": actor(Persona.SECURITY_ADMIN),
    }
    with story("approvals/link", **people) as told:

        def message(key, which=code, revision=2):
            return lambda uow: services.receive_message(
                uow, webhook_id=key, code=which, revision=revision
            )

        def changes(cursor, **said):
            return lambda uow: services.take_changes(uow, changes=said or {code: 2}, cursor=cursor)

        everything = {
            "message": message("m9"),
            "changes": changes(1),
            "close": outgoing.close_channel,
            "reopen": outgoing.reopen_channel,
        }
        told.may(everything, *people.values(), SYSTEM)
        assert act(SYSTEM, changes(5, **{code: 1, other: 7})) == 0
        assert act(SYSTEM, message("m1", revision=1))
        assert act(SYSTEM, message("m2"))
        assert not act(SYSTEM, message("m2"))
        assert act(SYSTEM, message("m3", other))
        assert act(SYSTEM, changes(3)) == 0
        for work in (outgoing.close_channel, outgoing.close_channel):
            act(SYSTEM, work)
        for work in (outgoing.reopen_channel, outgoing.reopen_channel):
            act(people["the administrator"], work)
        for late in (REMEMBERED, REMEMBERED * 2):
            now = datetime.now(SHANGHAI) + late
            act(SYSTEM, lambda uow, now=now: services.forget_messages(uow, now=now))
