"""Which PDFs were given out of a contract: their digests, which nobody changes.

Follows: 0051.
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0051"
branch_labels = None
depends_on = None

# Digests are neither changed nor deleted; these are the statements of contracts.models as they
# were when this revision was made.
_GUARD = {
    "sqlite": (
        (
            "CREATE TRIGGER contract_print_is_append_only_update BEFORE UPDATE ON contract_print"
            " BEGIN SELECT RAISE(ABORT, 'what was given out stays on record'); END"
        ),
        (
            "CREATE TRIGGER contract_print_is_append_only_delete BEFORE DELETE ON contract_print"
            " BEGIN SELECT RAISE(ABORT, 'what was given out stays on record'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION refuse_contract_print_change() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RAISE EXCEPTION 'what was given out stays on record'; END $$"
        ),
        (
            "CREATE TRIGGER contract_print_is_append_only BEFORE UPDATE OR DELETE ON contract_print"
            " FOR EACH ROW EXECUTE FUNCTION refuse_contract_print_change()"
        ),
    ),
}
_UNGUARD = {"sqlite": (), "postgresql": ("DROP FUNCTION refuse_contract_print_change()",)}


def upgrade() -> None:
    op.create_table(
        "contract_print",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["contract_version.id"],
            name=op.f("fk_contract_print_version_id_contract_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_print")),
        sa.UniqueConstraint(
            "version_id", "sha256", name=op.f("uq_contract_print_version_id_sha256")
        ),
    )
    for statement in _GUARD[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("contract_print")
    for statement in _UNGUARD[op.get_bind().dialect.name]:
        op.execute(statement)
