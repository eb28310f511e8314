"""Tables of competitions.

Follows: 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "competition",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "proposed",
                "published",
                "closed",
                "opening_requested",
                "opened",
                "evaluated",
                "award_published",
                "awarded",
                "concluded",
                "failed",
                "cancelled",
                name="competitionstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=12), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column(
            "method",
            sa.Enum("lowest_price", "comprehensive", name="method", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("merit", sa.Boolean(), nullable=False),
        sa.Column("ceiling_fen", sa.BigInteger(), nullable=False),
        sa.Column("budget_line_id", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rerun_of_id", sa.Integer(), nullable=True),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opening_requested_by", sa.Integer(), nullable=True),
        sa.Column("opening_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evaluated_by", sa.Integer(), nullable=True),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "failure",
            sa.Enum(
                "too_few_entrants",
                "too_few_independent",
                "no_valid_bid",
                "nobody_next",
                "decided",
                name="failure",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("objection_until", sa.Date(), nullable=True),
        sa.Column("attention_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("contract_fen", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'concluded') = (engagement_id IS NOT NULL)",
            name=op.f("ck_competition_concluded_by_contract"),
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_competition_failure_known")
        ),
        sa.CheckConstraint(
            "(state IN ('failed', 'cancelled', 'concluded')) = (ended_at IS NOT NULL)",
            name=op.f("ck_competition_ended_is_dated"),
        ),
        sa.CheckConstraint(
            "NOT merit OR (rerun_of_id IS NOT NULL AND method = 'comprehensive')",
            name=op.f("ck_competition_merit_on_rerun_only"),
        ),
        sa.CheckConstraint(
            "method IN ('lowest_price', 'comprehensive')", name=op.f("ck_competition_method_known")
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (proposed_by IS NOT NULL AND proposed_at IS NOT NULL)",
            name=op.f("ck_competition_proposed_is_signed"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed') OR (published_at IS NOT NULL AND published_by IS NOT NULL)",
            name=op.f("ck_competition_published_is_signed"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'published', 'closed', 'opening_requested', 'opened', 'evaluated', 'award_published', 'awarded', 'concluded', 'failed', 'cancelled')",
            name=op.f("ck_competition_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('draft', 'proposed', 'published', 'closed', 'opening_requested') OR opened_at IS NULL",
            name=op.f("ck_competition_sealed_until_opened"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('evaluated', 'award_published', 'awarded', 'concluded') OR evaluated_by IS NOT NULL",
            name=op.f("ck_competition_evaluated_is_signed"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('opened', 'evaluated', 'award_published', 'awarded', 'concluded') OR (opened_at IS NOT NULL AND opened_by IS NOT NULL AND opening_requested_by IS NOT NULL)",
            name=op.f("ck_competition_opened_is_signed"),
        ),
        sa.CheckConstraint("ceiling_fen > 0", name=op.f("ck_competition_ceiling_positive")),
        sa.CheckConstraint(
            "opened_at IS NULL OR opened_at >= closes_at",
            name=op.f("ck_competition_opened_after_closing"),
        ),
        sa.CheckConstraint(
            "opened_by IS NULL OR opened_by <> opening_requested_by",
            name=op.f("ck_competition_opened_by_two"),
        ),
        sa.CheckConstraint(
            "published_by IS NULL OR (published_by <> drafted_by AND published_by <> proposed_by)",
            name=op.f("ck_competition_published_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["budget_line_id"],
            ["budget_line.id"],
            name=op.f("fk_competition_budget_line_id_budget_line"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organisation.id"],
            name=op.f("fk_competition_department_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by"], ["user_account.id"], name=op.f("fk_competition_drafted_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["edited_by"], ["user_account.id"], name=op.f("fk_competition_edited_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["evaluated_by"],
            ["user_account.id"],
            name=op.f("fk_competition_evaluated_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["item_version_id"],
            ["item_version.id"],
            name=op.f("fk_competition_item_version_id_item_version"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["user_account.id"], name=op.f("fk_competition_opened_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["opening_requested_by"],
            ["user_account.id"],
            name=op.f("fk_competition_opening_requested_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_competition_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["user_account.id"],
            name=op.f("fk_competition_proposed_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["user_account.id"],
            name=op.f("fk_competition_published_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["rerun_of_id"], ["competition.id"], name=op.f("fk_competition_rerun_of_id_competition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competition")),
        sa.UniqueConstraint("number", name=op.f("uq_competition_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_competition_public_id")),
        sa.UniqueConstraint("rerun_of_id", name=op.f("uq_competition_rerun_of_id")),
    )
    op.create_index(
        op.f("ix_competition_attention_at"), "competition", ["attention_at"], unique=False
    )
    op.create_index(
        op.f("ix_competition_budget_line_id"), "competition", ["budget_line_id"], unique=False
    )
    op.create_index(
        "ix_competition_department", "competition", ["department_id", "state"], unique=False
    )
    op.create_index(op.f("ix_competition_project_id"), "competition", ["project_id"], unique=False)
    op.create_index("ix_competition_public", "competition", ["state", "closes_at"], unique=False)
    op.create_table(
        "competition_criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("is_price", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "weight BETWEEN 1 AND 100", name=op.f("ck_competition_criterion_weight_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_competition_criterion_competition_id_competition"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competition_criterion")),
        sa.UniqueConstraint(
            "competition_id",
            "position",
            name=op.f("uq_competition_criterion_competition_id_position"),
        ),
    )
    op.create_table(
        "competition_question",
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(answer = '') = (answered_at IS NULL)",
            name=op.f("ck_competition_question_answered_is_dated"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["user_account.id"],
            name=op.f("fk_competition_question_answered_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["user_account.id"],
            name=op.f("fk_competition_question_asked_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_competition_question_competition_id_competition"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_competition_question_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competition_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_competition_question_public_id")),
    )
    op.create_index(
        op.f("ix_competition_question_competition_id"),
        "competition_question",
        ["competition_id"],
        unique=False,
    )
    op.create_table(
        "competition_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_competition_note_competition_id_competition"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["user_account.id"],
            name=op.f("fk_competition_note_written_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competition_note")),
    )
    op.create_index(
        op.f("ix_competition_note_competition_id"),
        "competition_note",
        ["competition_id"],
        unique=False,
    )
    op.create_table(
        "bid",
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("price", sa.Text(), nullable=True),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("low_priced", sa.Boolean(), nullable=False),
        sa.Column("justify_by", sa.Date(), nullable=True),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("justified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("justification_accepted", sa.Boolean(), nullable=True),
        sa.Column("judged_by", sa.Integer(), nullable=True),
        sa.Column("judged_words", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=30), nullable=False),
        sa.Column("cause_words", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("score_hundredths", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(justified_at IS NULL) = (justification = '')", name=op.f("ck_bid_justified_is_dated")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (price IS NOT NULL)", name=op.f("ck_bid_withdrawn_is_empty")
        ),
        sa.CheckConstraint(
            "justification_accepted IS NULL OR judged_by IS NOT NULL",
            name=op.f("ck_bid_judged_is_signed"),
        ),
        sa.CheckConstraint("promised_days > 0", name=op.f("ck_bid_days_positive")),
        sa.CheckConstraint("rank IS NULL OR rank > 0", name=op.f("ck_bid_rank_positive")),
        sa.CheckConstraint("version > 0", name=op.f("ck_bid_version_positive")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competition.id"], name=op.f("fk_bid_competition_id_competition")
        ),
        sa.ForeignKeyConstraint(
            ["judged_by"], ["user_account.id"], name=op.f("fk_bid_judged_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_bid_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_bid_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["placed_by"], ["user_account.id"], name=op.f("fk_bid_placed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid")),
        sa.UniqueConstraint(
            "competition_id", "organisation_id", name=op.f("uq_bid_competition_id_organisation_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_bid_public_id")),
    )
    op.create_index(op.f("ix_bid_listing_id"), "bid", ["listing_id"], unique=False)
    op.create_index(op.f("ix_bid_organisation_id"), "bid", ["organisation_id"], unique=False)
    op.create_table(
        "bid_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("mark_hundredths", sa.Integer(), nullable=True),
        sa.Column("points_hundredths", sa.Integer(), nullable=True),
        sa.Column("scored_by", sa.Integer(), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "mark_hundredths IS NULL OR mark_hundredths BETWEEN 0 AND 10000",
            name=op.f("ck_bid_score_mark_in_range"),
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_score_bid_id_bid")),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["competition_criterion.id"],
            name=op.f("fk_bid_score_criterion_id_competition_criterion"),
        ),
        sa.ForeignKeyConstraint(
            ["scored_by"], ["user_account.id"], name=op.f("fk_bid_score_scored_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_score")),
        sa.UniqueConstraint(
            "bid_id", "criterion_id", name=op.f("uq_bid_score_bid_id_criterion_id")
        ),
    )
    op.create_table(
        "award",
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "published",
                "awarded",
                "concluded",
                "declined",
                "set_aside",
                "cancelled",
                name="awardstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("objection_until", sa.Date(), nullable=False),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state IN ('awarded', 'concluded', 'published')) = (ended_at IS NULL)",
            name=op.f("ck_award_ended_is_dated"),
        ),
        sa.CheckConstraint(
            "state IN ('published', 'awarded', 'concluded', 'declined', 'set_aside', 'cancelled')",
            name=op.f("ck_award_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('awarded', 'concluded', 'declined') OR awarded_at IS NOT NULL",
            name=op.f("ck_award_awarded_is_dated"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_award_amount_positive")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_award_bid_id_bid")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competition.id"], name=op.f("fk_award_competition_id_competition")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_award_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_award_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["user_account.id"], name=op.f("fk_award_published_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint(
            "competition_id", "bid_id", name=op.f("uq_award_competition_id_bid_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_award_public_id")),
    )
    op.create_index(op.f("ix_award_listing_id"), "award", ["listing_id"], unique=False)
    op.create_index(op.f("ix_award_organisation_id"), "award", ["organisation_id"], unique=False)
    op.create_index(
        "uq_award_one_active",
        "award",
        ["competition_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('awarded', 'concluded', 'published')"),
        postgresql_where=sa.text("state IN ('awarded', 'concluded', 'published')"),
    )
    op.create_table(
        "award_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (upheld IS NULL)", name=op.f("ck_award_hold_lifted_is_decided")
        ),
        sa.ForeignKeyConstraint(
            ["award_id"], ["award.id"], name=op.f("fk_award_hold_award_id_award")
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_award_hold_competition_id_competition"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_hold")),
        sa.UniqueConstraint("objection_id", name=op.f("uq_award_hold_objection_id")),
    )
    op.create_index(
        op.f("ix_award_hold_competition_id"), "award_hold", ["competition_id"], unique=False
    )
    with op.batch_alter_table("notice") as table:
        table.add_column(sa.Column("competition_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_notice_competition_id_competition"),
            "competition",
            ["competition_id"],
            ["id"],
        )
        table.create_index(op.f("ix_notice_competition_id"), ["competition_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("notice") as table:
        table.drop_index(op.f("ix_notice_competition_id"))
        table.drop_constraint(op.f("fk_notice_competition_id_competition"), type_="foreignkey")
        table.drop_column("competition_id")
    op.drop_table("award_hold")
    op.drop_table("award")
    op.drop_table("bid_score")
    op.drop_table("bid")
    op.drop_table("competition_note")
    op.drop_table("competition_question")
    op.drop_table("competition_criterion")
    op.drop_table("competition")
