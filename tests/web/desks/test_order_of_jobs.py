"""The order of a desk: by light, then by day, then what has no day, the oldest first."""

from datetime import UTC, datetime, timedelta

from marketplace.desks.views.parts.shapes import Job
from marketplace.desks.views.work import desk
from tests.conftest import NOON, TODAY
from tests.engagements import make_enterprise
from tests.quotations import closed_round

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def test_what_has_no_day_stands_after_what_has_one_and_the_oldest_first():
    jobs = [
        Job("without a beginning", "/"),
        Job("young", "/", since=LONG_AGO + timedelta(days=3)),
        Job("old", "/", since=LONG_AGO),
        Job("later", "/", due=TODAY + timedelta(days=9)),
        Job("sooner", "/", due=TODAY),
        Job("late", "/", "red", TODAY),
    ]

    order = [job.text for job in sorted(jobs, key=lambda job: job.urgency)]

    assert order == ["late", "sooner", "later", "old", "young", "without a beginning"]


def test_of_two_rounds_to_compare_the_one_that_waits_longer_comes_first(app, session):
    client = make_enterprise()
    made = [closed_round(client=client).key for _number in range(2)]
    session.rollback()

    with app.test_request_context("/"):
        jobs = desk(session, client, NOON).jobs

    told = [job.address for job in jobs if "quotation" in job.address]
    assert [one.rsplit("/", 1)[-1] for one in told] == made
