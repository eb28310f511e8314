"""What a notice can be about is held by the table, too.

Follows: 0017.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_KNOWN = (
    "kind IN ('admission', 'suspension', 'reinstatement', 'withdrawal', 'item_change',"
    " 'rule_change', 'calendar_change', 'removal', 'readmission', 'grades_preliminary',"
    " 'grades_final', 'competition', 'award', 'failure', 'cancellation')"
)


def upgrade() -> None:
    with op.batch_alter_table("notice") as table:
        table.create_check_constraint(op.f("ck_notice_kind_known"), _KNOWN)


def downgrade() -> None:
    with op.batch_alter_table("notice") as table:
        table.drop_constraint(op.f("ck_notice_kind_known"), type_="check")
