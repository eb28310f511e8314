"""The page of an engagement shows what the approving department said, and what happens next."""

from marketplace.engagements.rules import State
from tests.engagements import make_engagement
from tests.verdicts import DEPARTMENT, WHY, judge
from tests.web.engagements.conftest import person

__all__ = ["person"]

NEXT = "A second clock runs for the institution."
NOT_MIXED = "2 of 5; it does not count in the client's rating"


def page(person, world, actor) -> str:
    return person(actor).get(f"/engagements/{world.public_id}").text


def test_both_sides_read_the_verdict_its_reasons_and_what_happens_next(person, session):
    world = make_engagement(State.ACCEPTED)
    judge(session, world, "returned", score=2, comment="附件不全。")

    for actor in (world.client, world.provider):
        text = page(person, world, actor)
        assert "Returned by the approving department" in text
        assert DEPARTMENT in text
        assert WHY in text
        assert NOT_MIXED in text
        assert "附件不全。" in text
        assert NEXT in text


def test_a_corrected_verdict_stays_to_be_read_and_nothing_is_to_be_mended(person, session):
    world = make_engagement(State.ACCEPTED)
    judge(session, world, "returned")
    judge(session, world, "accepted", 2)

    text = page(person, world, world.provider)

    assert "Accepted by the approving department" in text
    assert "Verdict corrected" in text
    assert NEXT not in text
