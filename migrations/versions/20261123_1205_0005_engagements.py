"""Tables of engagements, quotation rounds and ratings.

Follows: 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_engagements()
    _create_quoting_and_rating()


def downgrade() -> None:
    _drop_quoting_and_rating()
    _drop_engagements()


def _create_engagements() -> None:
    op.create_table(
        "engagement",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("pick", "award", name="origin", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "taken_on",
                "contracted",
                "in_progress",
                "paused",
                "delivered",
                "returned",
                "accepted",
                "closed",
                "declined",
                "lapsed",
                "cancelled",
                "terminated",
                name="state",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("item_code", sa.String(length=10), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("variant", sa.String(length=40), nullable=False),
        sa.Column("limit_value", sa.Integer(), nullable=False),
        sa.Column(
            "limit_unit",
            sa.Enum("workdays", "days", name="limitunit", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("promised_days", sa.Integer(), nullable=True),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column(
            "client_kind",
            sa.Enum("enterprise", "department", name="clientkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "payer",
            sa.Enum("enterprise", "department", name="clientkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("competition_id", sa.Integer(), nullable=True),
        sa.Column("quotation_id", sa.Integer(), nullable=True),
        sa.Column("predecessor_id", sa.Integer(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("award_fen", sa.BigInteger(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=True),
        sa.Column("request_note_id", sa.Integer(), nullable=True),
        sa.Column("taken_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "resumes_to",
            sa.Enum(
                "requested",
                "taken_on",
                "contracted",
                "in_progress",
                "paused",
                "delivered",
                "returned",
                "accepted",
                "closed",
                "declined",
                "lapsed",
                "cancelled",
                "terminated",
                name="state",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column(
            "paused_by",
            sa.Enum("client", "provider", name="side", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("within_limit", sa.Boolean(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("turn_due_on", sa.Date(), nullable=True),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column(
            "told",
            sa.Enum("not", "soon", "over", name="told", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("attention_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(origin = 'award') = (client_kind = 'department')",
            name=op.f("ck_engagement_departments_award"),
        ),
        sa.CheckConstraint(
            "(origin = 'award') = (competition_id IS NOT NULL AND award_fen IS NOT NULL)",
            name=op.f("ck_engagement_award_is_known"),
        ),
        sa.CheckConstraint(
            "(state = 'paused') = (resumes_to IS NOT NULL AND paused_by IS NOT NULL)",
            name=op.f("ck_engagement_pause_remembers"),
        ),
        sa.CheckConstraint(
            "(state IN ('accepted', 'closed')) = (accepted_at IS NOT NULL)",
            name=op.f("ck_engagement_acceptance_is_dated"),
        ),
        sa.CheckConstraint(
            "(state IN ('closed', 'declined', 'lapsed', 'cancelled', 'terminated')) = (ended_at IS NOT NULL)",
            name=op.f("ck_engagement_end_is_dated"),
        ),
        sa.CheckConstraint(
            "client_kind IN ('enterprise', 'department')",
            name=op.f("ck_engagement_client_kind_known"),
        ),
        sa.CheckConstraint(
            "limit_unit IN ('workdays', 'days')", name=op.f("ck_engagement_limit_unit_known")
        ),
        sa.CheckConstraint("origin IN ('pick', 'award')", name=op.f("ck_engagement_origin_known")),
        sa.CheckConstraint(
            "payer IN ('enterprise', 'department')", name=op.f("ck_engagement_payer_known")
        ),
        sa.CheckConstraint(
            "resumes_to IS NULL OR resumes_to IN ('in_progress', 'returned')",
            name=op.f("ck_engagement_resumes_to"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'taken_on', 'contracted', 'in_progress', 'paused', 'delivered', 'returned', 'accepted', 'closed', 'declined', 'lapsed', 'cancelled', 'terminated')",
            name=op.f("ck_engagement_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('contracted', 'in_progress', 'paused', 'delivered', 'returned', 'accepted', 'closed') OR (taken_on_at IS NOT NULL AND amount_fen IS NOT NULL AND signed_on IS NOT NULL AND contracted_at IS NOT NULL)",
            name=op.f("ck_engagement_contract_is_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('delivered', 'returned', 'accepted', 'closed') OR delivered_at IS NOT NULL",
            name=op.f("ck_engagement_delivery_is_dated"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_progress', 'paused', 'delivered', 'returned', 'accepted', 'closed') OR started_at IS NOT NULL",
            name=op.f("ck_engagement_start_is_dated"),
        ),
        sa.CheckConstraint(
            "told IN ('not', 'soon', 'over')", name=op.f("ck_engagement_told_known")
        ),
        sa.CheckConstraint(
            "amount_fen IS NULL OR (amount_fen > 0 AND (award_fen IS NULL OR amount_fen <= award_fen))",
            name=op.f("ck_engagement_amount_within_award"),
        ),
        sa.CheckConstraint("client_id <> provider_id", name=op.f("ck_engagement_two_parties")),
        sa.CheckConstraint("limit_value > 0", name=op.f("ck_engagement_limit_is_some")),
        sa.CheckConstraint("payer = client_kind", name=op.f("ck_engagement_client_pays")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["organisation.id"], name=op.f("fk_engagement_client_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_engagement_competition_id_competition"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_engagement_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_predecessor_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_engagement_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["organisation.id"],
            name=op.f("fk_engagement_provider_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["user_account.id"],
            name=op.f("fk_engagement_requested_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["engagement.id"], name=op.f("fk_engagement_successor_id_engagement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("number", name=op.f("uq_engagement_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_engagement_public_id")),
    )
    op.create_index(
        "ix_engagement_accepted", "engagement", ["listing_id", "accepted_at"], unique=False
    )
    op.create_index(op.f("ix_engagement_accepted_at"), "engagement", ["accepted_at"], unique=False)
    op.create_index(
        op.f("ix_engagement_attention_at"), "engagement", ["attention_at"], unique=False
    )
    op.create_index("ix_engagement_client", "engagement", ["client_id", "state"], unique=False)
    op.create_index(op.f("ix_engagement_listing_id"), "engagement", ["listing_id"], unique=False)
    op.create_index(op.f("ix_engagement_project_id"), "engagement", ["project_id"], unique=False)
    op.create_index("ix_engagement_provider", "engagement", ["provider_id", "state"], unique=False)
    op.create_index(
        "uq_engagement_one_of_award",
        "engagement",
        ["competition_id"],
        unique=True,
        sqlite_where=sa.text(
            "competition_id IS NOT NULL AND state NOT IN ('declined', 'lapsed', 'cancelled', 'terminated')"
        ),
        postgresql_where=sa.text(
            "competition_id IS NOT NULL AND state NOT IN ('declined', 'lapsed', 'cancelled', 'terminated')"
        ),
    )
    op.create_table(
        "engagement_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("client", "provider", name="side", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("begun_by", sa.Integer(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "side IN ('client', 'provider')", name=op.f("ck_engagement_pause_side_known")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at >= begins_at",
            name=op.f("ck_engagement_pause_ends_after_it_begins"),
        ),
        sa.ForeignKeyConstraint(
            ["begun_by"],
            ["user_account.id"],
            name=op.f("fk_engagement_pause_begun_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["user_account.id"],
            name=op.f("fk_engagement_pause_ended_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_pause_engagement_id_engagement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_pause")),
    )
    op.create_index(
        op.f("ix_engagement_pause_engagement_id"),
        "engagement_pause",
        ["engagement_id"],
        unique=False,
    )
    op.create_index(
        "uq_engagement_pause_one_open",
        "engagement_pause",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text("ends_at IS NULL"),
        postgresql_where=sa.text("ends_at IS NULL"),
    )
    op.create_table(
        "engagement_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("delivered_by", sa.Integer(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("accepted", "returned", name="verdict", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'returned')", name=op.f("ck_engagement_delivery_verdict_known")
        ),
        sa.CheckConstraint(
            "verdict IS NULL OR verdict <> 'returned' OR note_id IS NOT NULL",
            name=op.f("ck_engagement_delivery_return_says_why"),
        ),
        sa.CheckConstraint(
            "(verdict IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_engagement_delivery_verdict_is_dated"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["user_account.id"],
            name=op.f("fk_engagement_delivery_answered_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["delivered_by"],
            ["user_account.id"],
            name=op.f("fk_engagement_delivery_delivered_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_delivery_engagement_id_engagement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_delivery")),
        sa.UniqueConstraint(
            "engagement_id", "version", name=op.f("uq_engagement_delivery_engagement_id_version")
        ),
    )
    op.create_index(
        op.f("ix_engagement_delivery_engagement_id"),
        "engagement_delivery",
        ["engagement_id"],
        unique=False,
    )
    op.create_table(
        "engagement_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "request",
                "decline",
                "cancel",
                "pause",
                "resume",
                "return",
                "accept",
                "terminate",
                "payment",
                name="notekind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('request', 'decline', 'cancel', 'pause', 'resume', 'return', 'accept', 'terminate', 'payment')",
            name=op.f("ck_engagement_note_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_note_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["user_account.id"],
            name=op.f("fk_engagement_note_written_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_note")),
    )
    op.create_index(
        op.f("ix_engagement_note_engagement_id"), "engagement_note", ["engagement_id"], unique=False
    )
    op.create_table(
        "settled_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_settled_day")),
    )


def _drop_engagements() -> None:
    op.drop_table("settled_day")
    op.drop_table("engagement_note")
    op.drop_table("engagement_delivery")
    op.drop_table("engagement_pause")
    op.drop_table("engagement")


def _create_quoting_and_rating() -> None:
    """Quotation rounds, client ratings, the choice to keep or move."""
    op.create_table(
        "quotation_round",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "closed",
                "picked",
                "withdrawn",
                name="roundstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=10), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("variant", sa.String(length=40), nullable=False),
        sa.Column("limit_days", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("picked_quotation_id", sa.Integer(), nullable=True),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)",
            name=op.f("ck_quotation_round_closed_is_dated"),
        ),
        sa.CheckConstraint(
            "(state = 'picked') = (picked_quotation_id IS NOT NULL AND engagement_id IS NOT NULL)",
            name=op.f("ck_quotation_round_picked_is_known"),
        ),
        sa.CheckConstraint(
            "(state IN ('picked', 'withdrawn')) = (ended_at IS NOT NULL)",
            name=op.f("ck_quotation_round_end_is_dated"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR reason <> ''",
            name=op.f("ck_quotation_round_withdrawn_says_why"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'closed', 'picked', 'withdrawn')",
            name=op.f("ck_quotation_round_state_known"),
        ),
        sa.CheckConstraint("limit_days > 0", name=op.f("ck_quotation_round_limit_is_some")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_quotation_round_asked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["organisation.id"],
            name=op.f("fk_quotation_round_client_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_quotation_round_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation_round")),
        sa.UniqueConstraint("number", name=op.f("uq_quotation_round_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_quotation_round_public_id")),
    )
    op.create_index(
        "ix_quotation_round_client", "quotation_round", ["client_id", "state"], unique=False
    )
    op.create_index(
        "ix_quotation_round_due", "quotation_round", ["state", "closes_at"], unique=False
    )
    op.create_index(
        op.f("ix_quotation_round_project_id"), "quotation_round", ["project_id"], unique=False
    )
    op.create_index(
        "uq_quotation_round_one_open",
        "quotation_round",
        ["project_id", "item_code"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "quotation_request",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "answered",
                "declined",
                "expired",
                name="requeststate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "state <> 'answered' OR answered_at IS NOT NULL",
            name=op.f("ck_quotation_request_answered_is_dated"),
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR answered_at IS NOT NULL",
            name=op.f("ck_quotation_request_declined_is_dated"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'answered', 'declined', 'expired')",
            name=op.f("ck_quotation_request_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_quotation_request_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["organisation.id"],
            name=op.f("fk_quotation_request_provider_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["quotation_round.id"],
            name=op.f("fk_quotation_request_round_id_quotation_round"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_quotation_request_public_id")),
        sa.UniqueConstraint(
            "round_id", "listing_id", name=op.f("uq_quotation_request_round_id_listing_id")
        ),
    )
    op.create_index(
        op.f("ix_quotation_request_listing_id"), "quotation_request", ["listing_id"], unique=False
    )
    op.create_index(
        "ix_quotation_request_provider", "quotation_request", ["provider_id", "state"], unique=False
    )
    op.create_table(
        "quotation",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_quotation_days_are_some")),
        sa.CheckConstraint("price_fen > 0", name=op.f("ck_quotation_price_is_some")),
        sa.CheckConstraint("version > 0", name=op.f("ck_quotation_version_counts")),
        sa.ForeignKeyConstraint(
            ["given_by"], ["user_account.id"], name=op.f("fk_quotation_given_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["quotation_request.id"],
            name=op.f("fk_quotation_request_id_quotation_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_quotation_public_id")),
        sa.UniqueConstraint("request_id", "version", name=op.f("uq_quotation_request_id_version")),
    )
    op.create_table(
        "client_rating",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=10), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("timeliness", sa.Integer(), nullable=False),
        sa.Column("attitude", sa.Integer(), nullable=False),
        sa.Column("fees", sa.Integer(), nullable=False),
        sa.Column("conduct", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rated_by", sa.Integer(), nullable=False),
        sa.Column("revised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revised_by", sa.Integer(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(reply = '') = (replied_at IS NULL)", name=op.f("ck_client_rating_reply_is_dated")
        ),
        sa.CheckConstraint(
            "attitude BETWEEN 1 AND 5", name=op.f("ck_client_rating_attitude_one_to_five")
        ),
        sa.CheckConstraint(
            "conduct BETWEEN 1 AND 5", name=op.f("ck_client_rating_conduct_one_to_five")
        ),
        sa.CheckConstraint("fees BETWEEN 1 AND 5", name=op.f("ck_client_rating_fees_one_to_five")),
        sa.CheckConstraint(
            "quality BETWEEN 1 AND 5", name=op.f("ck_client_rating_quality_one_to_five")
        ),
        sa.CheckConstraint(
            "revised_at IS NULL OR revised_at >= rated_at",
            name=op.f("ck_client_rating_revised_later"),
        ),
        sa.CheckConstraint(
            "timeliness BETWEEN 1 AND 5", name=op.f("ck_client_rating_timeliness_one_to_five")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["organisation.id"], name=op.f("fk_client_rating_client_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_client_rating_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_client_rating_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["organisation.id"],
            name=op.f("fk_client_rating_provider_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["rated_by"], ["user_account.id"], name=op.f("fk_client_rating_rated_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["replied_by"],
            ["user_account.id"],
            name=op.f("fk_client_rating_replied_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["revised_by"],
            ["user_account.id"],
            name=op.f("fk_client_rating_revised_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_rating")),
        sa.UniqueConstraint("engagement_id", name=op.f("uq_client_rating_engagement_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_client_rating_public_id")),
    )
    op.create_index(
        "ix_client_rating_item", "client_rating", ["item_code", "rated_on"], unique=False
    )
    op.create_index(
        "ix_client_rating_listing", "client_rating", ["listing_id", "rated_on"], unique=False
    )
    op.create_table(
        "client_rating_former",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("timeliness", sa.Integer(), nullable=False),
        sa.Column("attitude", sa.Integer(), nullable=False),
        sa.Column("fees", sa.Integer(), nullable=False),
        sa.Column("conduct", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "attitude BETWEEN 1 AND 5", name=op.f("ck_client_rating_former_attitude_one_to_five")
        ),
        sa.CheckConstraint(
            "conduct BETWEEN 1 AND 5", name=op.f("ck_client_rating_former_conduct_one_to_five")
        ),
        sa.CheckConstraint(
            "fees BETWEEN 1 AND 5", name=op.f("ck_client_rating_former_fees_one_to_five")
        ),
        sa.CheckConstraint(
            "quality BETWEEN 1 AND 5", name=op.f("ck_client_rating_former_quality_one_to_five")
        ),
        sa.CheckConstraint(
            "timeliness BETWEEN 1 AND 5",
            name=op.f("ck_client_rating_former_timeliness_one_to_five"),
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"],
            ["client_rating.id"],
            name=op.f("fk_client_rating_former_rating_id_client_rating"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_rating_former")),
        sa.UniqueConstraint("rating_id", name=op.f("uq_client_rating_former_rating_id")),
    )
    op.create_table(
        "client_choice",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "way", sa.Enum("keep", "move", name="way", native_enum=False, length=20), nullable=True
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint("way IN ('keep', 'move')", name=op.f("ck_client_choice_way_known")),
        sa.CheckConstraint(
            "(way IS NULL) = (chosen_at IS NULL) AND (way IS NULL) = (chosen_by IS NULL)",
            name=op.f("ck_client_choice_choice_is_dated"),
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by"], ["user_account.id"], name=op.f("fk_client_choice_chosen_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_client_choice_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_client_choice_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_choice")),
        sa.UniqueConstraint(
            "engagement_id", "event_id", name=op.f("uq_client_choice_engagement_id_event_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_client_choice_public_id")),
    )
    op.create_index(
        op.f("ix_client_choice_engagement_id"), "client_choice", ["engagement_id"], unique=False
    )


def _drop_quoting_and_rating() -> None:
    """The same in reverse."""
    op.drop_table("client_choice")
    op.drop_table("client_rating_former")
    op.drop_table("client_rating")
    op.drop_table("quotation")
    op.drop_table("quotation_request")
    op.drop_table("quotation_round")
