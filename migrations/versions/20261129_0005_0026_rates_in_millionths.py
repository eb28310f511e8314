"""Rates and shares are kept in millionths, so that 0.015 %, 0.15‰ and 1.039 % are exact.

Going back, what hundredths of a percent cannot say is rounded to them, and to no less than one.

Follows: 0025.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_SHARE = "ck_affiliation_share_in_range"
_RATE = "ck_listing_terms_rate_in_range"


def upgrade() -> None:
    _rename("basis_points", "millionths")
    with op.batch_alter_table("affiliation") as table:
        table.drop_constraint(op.f(_SHARE), type_="check")
    op.execute("UPDATE affiliation SET share_millionths = share_millionths * 100")
    op.execute("UPDATE listing_terms SET rate_millionths = rate_millionths * 100")
    with op.batch_alter_table("affiliation") as table:
        table.create_check_constraint(
            op.f(_SHARE), "share_millionths is null or share_millionths between 1 and 1000000"
        )
    with op.batch_alter_table("listing_terms") as table:
        table.create_check_constraint(
            op.f(_RATE), "rate_millionths is null or rate_millionths between 1 and 1000000"
        )


def downgrade() -> None:
    with op.batch_alter_table("listing_terms") as table:
        table.drop_constraint(op.f(_RATE), type_="check")
    with op.batch_alter_table("affiliation") as table:
        table.drop_constraint(op.f(_SHARE), type_="check")
    for name, column in (("affiliation", "share_millionths"), ("listing_terms", "rate_millionths")):
        op.execute(
            f"UPDATE {name} SET {column} ="  # noqa: S608 - names of this file
            f" CASE WHEN {column} < 50 THEN 1 ELSE ({column} + 50) / 100 END"
            f" WHERE {column} IS NOT NULL"
        )
    _rename("millionths", "basis_points")
    with op.batch_alter_table("affiliation") as table:
        table.create_check_constraint(
            op.f(_SHARE), "share_basis_points is null or share_basis_points between 1 and 10000"
        )


def _rename(old: str, new: str) -> None:
    """Both databases rename the column within the checks that name it, too."""
    op.execute(f"ALTER TABLE affiliation RENAME COLUMN share_{old} TO share_{new}")
    op.execute(f"ALTER TABLE listing_terms RENAME COLUMN rate_{old} TO rate_{new}")
