"""A report is contracted while its author is picked to review it, by real processes."""

import pytest

from tests.engagements import put_forward, shown_hash
from tests.racing import Call, app, at_once
from tests.service.engagements.acts import pick
from tests.service.engagements.test_engagement_races import event_ids
from tests.service.projects.decisions import sign
from tests.service.projects.test_preparers import Cast

__all__ = ["app"]
pytestmark = pytest.mark.slow


def test_nobody_is_picked_to_review_a_report_that_was_contracted_before(app, session):
    cast = Cast()
    report = cast.write("taken_on")
    picks = [Call(cast.client, pick, (cast.project, one)) for _a, one in cast.reviews.values()]
    put_forward(cast.client, report.engagement_id)
    signed = Call(cast.author, sign, (report.engagement_id, shown_hash(report.engagement_id)))

    answers = at_once(app, [*picks[:2], signed, *picks[2:]])

    assert answers.pop(2) == "done"
    assert set(answers) <= {"done", "project.prepared", "project.item_taken"}
    assert answers.count("done") == 1
    (prepared,) = event_ids(session, "project.item_prepared")
    made = [one for one in event_ids(session, "engagement.requested") if one > prepared]
    # After the contract only who has nothing to do with the report is picked.
    assert not made or answers[2] == "done"
