"""Tables of complaints.

Follows: 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_complaint()
    _create_objection()


def downgrade() -> None:
    op.drop_table("objection")
    op.drop_table("complaint")


def _create_complaint() -> None:
    op.create_table(
        "complaint",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("about", sa.String(length=12), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("competition_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("about_organisation_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=12), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=False),
        sa.Column("filer", sa.String(length=12), nullable=False),
        sa.Column("filer_organisation_id", sa.Integer(), nullable=True),
        sa.Column("filed_by", sa.Integer(), nullable=True),
        sa.Column("filer_name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("follow_hash", sa.String(length=64), nullable=False),
        sa.Column("headline", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("attention_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column("proposed_outcome", sa.String(length=16), nullable=False),
        sa.Column("proposed_reason", sa.Text(), nullable=False),
        sa.Column("send_back_reason", sa.Text(), nullable=False),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("review_reason", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(about = 'engagement') = (engagement_id is not null) and (about = 'competition') = (competition_id is not null) and (about in ('engagement', 'competition') or institution_id is not null)",
            name=op.f("ck_complaint_about_one_record"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at is not null)", name=op.f("ck_complaint_closed_when")
        ),
        sa.CheckConstraint(
            "about in ('engagement', 'listing', 'institution', 'competition')",
            name=op.f("ck_complaint_about_known"),
        ),
        sa.CheckConstraint(
            "filer in ('party', 'entrant', 'public')", name=op.f("ck_complaint_filer_known")
        ),
        sa.CheckConstraint(
            "state <> 'refused' or (reason <> '' and decided_at is not null)",
            name=op.f("ck_complaint_refusal_has_reasons"),
        ),
        sa.CheckConstraint(
            "state in ('filed', 'accepted', 'refused', 'investigating', 'upheld', 'partly_upheld', 'dismissed', 'reviewed', 'closed')",
            name=op.f("ck_complaint_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('upheld', 'partly_upheld', 'dismissed') or (decider_id is not null and outcome <> '' and reason <> '' and decided_at is not null)",
            name=op.f("ck_complaint_decided_is_complete"),
        ),
        sa.CheckConstraint(
            "decider_id is null or (proposer_id is not null and decider_id <> proposer_id)",
            name=op.f("ck_complaint_decider_is_another"),
        ),
        sa.CheckConstraint(
            "filer_organisation_id is not null or contact is not null",
            name=op.f("ck_complaint_filer_can_be_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["about_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_complaint_about_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["user_account.id"], name=op.f("fk_complaint_accepted_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user_account.id"], name=op.f("fk_complaint_answered_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_complaint_competition_id_competition"),
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["user_account.id"], name=op.f("fk_complaint_decider_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_complaint_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(
            ["filed_by"], ["user_account.id"], name=op.f("fk_complaint_filed_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["filer_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_complaint_filer_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["handler_id"], ["organisation.id"], name=op.f("fk_complaint_handler_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_complaint_institution_id_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_complaint_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"], ["user_account.id"], name=op.f("fk_complaint_proposer_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["user_account.id"], name=op.f("fk_complaint_reviewer_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("follow_hash", name=op.f("uq_complaint_follow_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_complaint_public_id")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(
            "ix_complaint_about", ["about_organisation_id", "decided_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_complaint_attention_at"), ["attention_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_complaint_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_complaint_engagement_id"), ["engagement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_complaint_filer_organisation_id"),
            ["filer_organisation_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_complaint_listing_id"), ["listing_id"], unique=False)
        batch_op.create_index("ix_complaint_queue", ["handler_id", "state", "due_on"], unique=False)


def _create_objection() -> None:
    op.create_table(
        "objection",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("attention_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column("proposed_outcome", sa.String(length=16), nullable=False),
        sa.Column("proposed_reason", sa.Text(), nullable=False),
        sa.Column("send_back_reason", sa.Text(), nullable=False),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "outcome in ('', 'upheld', 'partly_upheld', 'dismissed')",
            name=op.f("ck_objection_outcome_known"),
        ),
        sa.CheckConstraint(
            "state = 'filed' or (decider_id is not null and reason <> '' and decided_at is not null)",
            name=op.f("ck_objection_decided_is_complete"),
        ),
        sa.CheckConstraint(
            "state in ('filed', 'upheld', 'dismissed')", name=op.f("ck_objection_state_known")
        ),
        sa.CheckConstraint(
            "decider_id is null or (proposer_id is not null and decider_id <> proposer_id)",
            name=op.f("ck_objection_decider_is_another"),
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_objection_competition_id_competition"),
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["user_account.id"], name=op.f("fk_objection_decider_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["filed_by"], ["user_account.id"], name=op.f("fk_objection_filed_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["handler_id"], ["organisation.id"], name=op.f("fk_objection_handler_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_objection_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"], ["user_account.id"], name=op.f("fk_objection_proposer_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("number", name=op.f("uq_objection_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_objection_public_id")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_objection_attention_at"), ["attention_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_objection_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_objection_handler_id"), ["handler_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_objection_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_objection_one_open",
            ["competition_id", "organisation_id"],
            unique=True,
            sqlite_where=sa.text("state = 'filed'"),
            postgresql_where=sa.text("state = 'filed'"),
        )
