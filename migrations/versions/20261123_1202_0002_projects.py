"""Tables of projects.

Follows: 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("enterprise_name", sa.String(length=200), nullable=False),
        sa.Column("enterprise_credit_code", sa.String(length=18), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("stage_code", sa.String(length=10), nullable=False),
        sa.Column("investment_fen", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active", "completed", "excluded", name="projectstate", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'completed', 'excluded')", name=op.f("ck_project_state_known")
        ),
        sa.CheckConstraint("investment_fen >= 0", name=op.f("ck_project_investment_not_negative")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_project_revision_positive")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["organisation.id"],
            name=op.f("fk_project_enterprise_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("code", name=op.f("uq_project_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_project_public_id")),
    )
    op.create_index(
        "ix_project_enterprise_credit_code", "project", ["enterprise_credit_code"], unique=False
    )
    op.create_index("ix_project_enterprise_id", "project", ["enterprise_id"], unique=False)
    op.create_index("ix_project_place", "project", ["region_code", "state"], unique=False)
    op.create_table(
        "project_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("stage_code", sa.String(length=10), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "not_started",
                "accepted",
                "paused",
                "granted",
                "refused",
                name="approvalstatus",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("limit_value", sa.Integer(), nullable=False),
        sa.Column("limit_unit", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(status IN ('granted', 'refused')) = (decided_on IS NOT NULL)",
            name=op.f("ck_project_approval_decided_is_dated"),
        ),
        sa.CheckConstraint(
            "limit_unit IN ('workdays', 'days')", name=op.f("ck_project_approval_limit_unit_known")
        ),
        sa.CheckConstraint(
            "status = 'not_started' OR accepted_on IS NOT NULL",
            name=op.f("ck_project_approval_accepted_is_dated"),
        ),
        sa.CheckConstraint(
            "status IN ('not_started', 'accepted', 'paused', 'granted', 'refused')",
            name=op.f("ck_project_approval_status_known"),
        ),
        sa.CheckConstraint("limit_value >= 0", name=op.f("ck_project_approval_limit_not_negative")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_approval_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_approval")),
        sa.UniqueConstraint("project_id", "code", name=op.f("uq_project_approval_project_id_code")),
    )
    op.create_table(
        "wanted_project",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("wanted_by", sa.Integer(), nullable=True),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "recorded", "refused", name="wantedstate", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("delayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'refused') = (reason <> '')",
            name=op.f("ck_wanted_project_refused_has_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (settled_at IS NULL)",
            name=op.f("ck_wanted_project_settled_is_dated"),
        ),
        sa.CheckConstraint(
            "state <> 'recorded' OR project_id IS NOT NULL",
            name=op.f("ck_wanted_project_recorded_is_known"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'recorded', 'refused')",
            name=op.f("ck_wanted_project_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_wanted_project_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_wanted_project_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["wanted_by"],
            ["user_account.id"],
            name=op.f("fk_wanted_project_wanted_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wanted_project")),
        sa.UniqueConstraint("public_id", name=op.f("uq_wanted_project_public_id")),
    )
    op.create_index(
        "ix_wanted_project_organisation_id", "wanted_project", ["organisation_id"], unique=False
    )
    op.create_index(
        "ix_wanted_project_state", "wanted_project", ["state", "wanted_at"], unique=False
    )
    op.create_index(
        "uq_wanted_project_once",
        "wanted_project",
        ["organisation_id", "code"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting' AND organisation_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'waiting' AND organisation_id IS NOT NULL"),
    )
    op.create_index(
        "uq_wanted_project_refresh",
        "wanted_project",
        ["code"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting' AND organisation_id IS NULL"),
        postgresql_where=sa.text("state = 'waiting' AND organisation_id IS NULL"),
    )
    op.create_table(
        "item_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=10), nullable=False),
        sa.Column(
            "claimed_by",
            sa.Enum("enterprise", "department", name="claimant", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("record_kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "claimed_by IN ('enterprise', 'department')",
            name=op.f("ck_item_claim_claimed_by_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_item_claim_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_item_claim_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_claim")),
    )
    op.create_index("ix_item_claim_project_id", "item_claim", ["project_id"], unique=False)
    op.create_index(
        "uq_item_claim_held",
        "item_claim",
        ["project_id", "item_code"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index(
        "uq_item_claim_record",
        "item_claim",
        ["record_kind", "record_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_item_claim_project_id", "item_claim")
    op.drop_index("uq_item_claim_held", "item_claim")
    op.drop_index("uq_item_claim_record", "item_claim")
    op.drop_table("item_claim")
    op.drop_index("ix_wanted_project_organisation_id", "wanted_project")
    op.drop_index("ix_wanted_project_state", "wanted_project")
    op.drop_index("uq_wanted_project_once", "wanted_project")
    op.drop_index("uq_wanted_project_refresh", "wanted_project")
    op.drop_table("wanted_project")
    op.drop_table("project_approval")
    op.drop_index("ix_project_enterprise_credit_code", "project")
    op.drop_index("ix_project_enterprise_id", "project")
    op.drop_index("ix_project_place", "project")
    op.drop_table("project")
