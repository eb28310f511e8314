"""Listings are taken in, scored and given their final grades in steps: a state while each runs.

Going back, scores that are being reckoned and grades that are being written are begun anew; a year
whose listings are being taken in is open, and the cut-off takes in those that are left.

Follows: 0033.
"""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_STATE = "ck_assessment_cycle_state_known"
_PUBLISHED = "ck_assessment_cycle_published_by_somebody"
_BY = "ck_assessment_cycle_final_by_somebody"
_SINCE = "ck_assessment_cycle_final_since"
_BEFORE = "'planned', 'open', 'freezing', 'cut_off', 'scored', 'preliminary', 'objections', 'final'"
_AFTER = (
    "'planned', 'open', 'freezing', 'cut_off', 'scoring', 'scored', 'preliminary', 'objections',"
    " 'finishing', 'final'"
)
_THERE = "published_by is not null and objection_until is not null"
_OF = "cycle_id IN (SELECT id FROM assessment_cycle WHERE state = {})"


def upgrade() -> None:
    with op.batch_alter_table("assessment_cycle") as table:
        for name in (_STATE, _PUBLISHED, _BY):
            table.drop_constraint(op.f(name), type_="check")
        table.create_check_constraint(op.f(_STATE), f"state in ({_AFTER})")
        table.create_check_constraint(
            op.f(_PUBLISHED),
            f"state not in ('preliminary', 'objections', 'finishing', 'final') or ({_THERE})",
        )
        table.create_check_constraint(
            op.f(_BY), "(state in ('finishing', 'final')) = (final_by is not null)"
        )
        table.create_check_constraint(op.f(_SINCE), "(state = 'final') = (final_at is not null)")


def downgrade() -> None:
    op.execute("UPDATE assessment_cycle SET state = 'open' WHERE state = 'planned'")
    op.execute(
        "UPDATE assessment SET total_hundredths = NULL, grade = '', scored_at = NULL WHERE "  # noqa: S608
        + _OF.format("'scoring'")
    )
    op.execute("UPDATE assessment_cycle SET state = 'cut_off' WHERE state = 'scoring'")
    op.execute(
        "UPDATE assessment SET final_at = NULL WHERE " + _OF.format("'finishing'")  # noqa: S608
    )
    with op.batch_alter_table("assessment_cycle") as table:
        for name in (_STATE, _PUBLISHED, _BY, _SINCE):
            table.drop_constraint(op.f(name), type_="check")
    op.execute(
        "UPDATE assessment_cycle SET state = 'objections', final_by = NULL"
        " WHERE state = 'finishing'"
    )
    with op.batch_alter_table("assessment_cycle") as table:
        table.create_check_constraint(op.f(_STATE), f"state in ({_BEFORE})")
        table.create_check_constraint(
            op.f(_PUBLISHED), f"state not in ('preliminary', 'objections', 'final') or ({_THERE})"
        )
        table.create_check_constraint(
            op.f(_BY), "(state = 'final') = (final_by is not null and final_at is not null)"
        )
