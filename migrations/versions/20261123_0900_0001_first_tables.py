"""First tables.

Follows: nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Events are neither changed nor deleted; these are the statements of infra.outbox.models as they
# were when this revision was made.
GUARD = {
    "sqlite": (
        (
            "CREATE TRIGGER event_is_append_only_update BEFORE UPDATE ON event"
            " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        ),
        (
            "CREATE TRIGGER event_is_append_only_delete BEFORE DELETE ON event"
            " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION 'events are append-only'; END $$"
        ),
        (
            "CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON event"
            " FOR EACH ROW EXECUTE FUNCTION refuse_event_change()"
        ),
    ),
}
UNGUARD = {"sqlite": (), "postgresql": ("DROP FUNCTION refuse_event_change()",)}


def upgrade() -> None:
    _create_tables()
    for statement in GUARD[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    _drop_tables()
    for statement in UNGUARD[op.get_bind().dialect.name]:
        op.execute(statement)


def _create_tables() -> None:
    op.create_table(
        "calendar_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("notice", sa.String(length=80), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status in ('announced','statutory')", name=op.f("ck_calendar_year_status_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_year")),
        sa.UniqueConstraint("year", name=op.f("uq_calendar_year_year")),
    )
    op.create_table(
        "catalogue_stamp",
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_catalogue_stamp")),
    )
    op.create_table(
        "clock_offset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_offset")),
    )
    op.create_table(
        "demo_world",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_demo_world_only_one")),
        sa.CheckConstraint("position >= 0", name=op.f("ck_demo_world_position_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_world")),
    )
    op.create_table(
        "department_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_2018", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_name")),
        sa.UniqueConstraint("name_2018", name=op.f("uq_department_name_name_2018")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("actor_user_id", sa.Integer(), nullable=True),
        sa.Column("actor_organisation_id", sa.Integer(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_event_sequence_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "sequence",
            name=op.f("uq_event_subject_kind_subject_id_sequence"),
        ),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_event_actor_organisation_id"), ["actor_organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_event_actor_user_id"), ["actor_user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_kind"), ["kind"], unique=False)

    op.create_table(
        "fault_report",
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_fault_report_public_id")),
    )
    with op.batch_alter_table("fault_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fault_report_reported_at"), ["reported_at"], unique=False
        )

    op.create_table(
        "file",
        sa.Column("owner_kind", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint("pages > 0", name=op.f("ck_file_pages_positive")),
        sa.CheckConstraint("size > 0", name=op.f("ck_file_size_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_file_public_id")),
    )
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.create_index("ix_file_owner", ["owner_kind", "owner_id"], unique=False)
        batch_op.create_index("ix_file_sha256", ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_file_uploaded_at"), ["uploaded_at"], unique=False)

    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_key", sa.String(length=64), nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint(
            "actor_key", "route", "key", name=op.f("uq_idempotency_key_actor_key_route_key")
        ),
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_idempotency_key_created_at"), ["created_at"], unique=False
        )

    op.create_table(
        "index_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_change")),
    )
    op.create_table(
        "item_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("plan", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "status in ('substitute','official')", name=op.f("ck_item_list_status_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_list")),
    )
    op.create_table(
        "number_series",
        sa.Column("prefix", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "organisation",
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region_code", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authorised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint("length(credit_code) = 18", name=op.f("ck_organisation_code_has_18")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_organisation_credit_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_public_id")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_name"), ["name"], unique=False)

    op.create_table(
        "qualification_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("specialties", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_kind")),
        sa.UniqueConstraint("code", name=op.f("uq_qualification_kind_code")),
    )
    op.create_table(
        "rate_count",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_rate_count")),
    )
    with op.batch_alter_table("rate_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_count_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("parent_code", sa.String(length=8), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("successor_code", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "is_current OR successor_code <> ''", name=op.f("ck_region_replaced_by_something")
        ),
        sa.CheckConstraint("parent_code <> code", name=op.f("ck_region_not_its_own_parent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
    )
    op.create_table(
        "rulebook_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebook_entry")),
        sa.UniqueConstraint("key", "valid_from", name=op.f("uq_rulebook_entry_key_valid_from")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_sign_in_failure")),
    )
    op.create_table(
        "stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("lead", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint("code", name=op.f("uq_stage_code")),
        sa.UniqueConstraint("name", name=op.f("uq_stage_name")),
    )
    op.create_table(
        "sunk_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sunk_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_sunk_mail_message_id")),
    )
    with op.batch_alter_table("sunk_mail", schema=None) as batch_op:
        batch_op.create_index("ix_sunk_mail_recipient", ["recipient", "id"], unique=False)

    op.create_table(
        "synonym",
        sa.Column("term", sa.String(length=40), nullable=False),
        sa.Column("meanings", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym")),
        sa.UniqueConstraint("public_id", name=op.f("uq_synonym_public_id")),
        sa.UniqueConstraint("term", name=op.f("uq_synonym_term")),
    )
    op.create_table(
        "user_account",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pending_email", sa.String(length=254), nullable=False),
        sa.Column("mobile", sa.Text(), nullable=False),
        sa.Column("mobile_hash", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint("locale in ('zh','en')", name=op.f("ck_user_account_locale_known")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_account_email_lower")),
        sa.CheckConstraint(
            "totp_confirmed_at IS NULL OR totp_secret IS NOT NULL",
            name=op.f("ck_user_account_second_factor_has_secret"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_account_public_id")),
    )
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_user_account_mobile_hash"), ["mobile_hash"], unique=False
        )

    op.create_table(
        "worker_beat",
        sa.Column("worker", sa.String(length=60), nullable=False),
        sa.Column("beaten_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_beat")),
    )
    op.create_table(
        "approval_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("applies_to", sa.String(length=20), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("named_in_plan", sa.Boolean(), nullable=False),
        sa.Column("statutory_limit", sa.String(length=200), nullable=False),
        sa.Column("statutory_limit_en", sa.String(length=200), nullable=False),
        sa.Column("law", sa.String(length=200), nullable=False),
        sa.Column("condition", sa.String(length=200), nullable=False),
        sa.Column("condition_en", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "applies_to in ('all_projects','special')",
            name=op.f("ck_approval_item_applies_to_known"),
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stage.id"], name=op.f("fk_approval_item_stage_id_stage")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_item")),
        sa.UniqueConstraint("code", name=op.f("uq_approval_item_code")),
    )
    with op.batch_alter_table("approval_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_item_stage_id"), ["stage_id"], unique=False)

    op.create_table(
        "calendar_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["year_id"], ["calendar_year.id"], name=op.f("fk_calendar_day_year_id_calendar_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("day", name=op.f("uq_calendar_day_day")),
    )
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_day_year_id"), ["year_id"], unique=False)

    op.create_table(
        "competence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=10), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["organisation.id"],
            name=op.f("fk_competence_association_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence")),
        sa.UniqueConstraint(
            "item_code", "region_code", name=op.f("uq_competence_item_code_region_code")
        ),
    )
    with op.batch_alter_table("competence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_competence_association_id"), ["association_id"], unique=False
        )

    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("subscriber", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_by", sa.String(length=60), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=False),
        sa.Column("settled_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "state in ('pending','done','parked','skipped')", name=op.f("ck_delivery_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_delivery_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("event_id", "subscriber", name=op.f("uq_delivery_event_id_subscriber")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_due", ["state", "next_attempt_at"], unique=False)
        batch_op.create_index(
            "ix_delivery_order",
            ["subscriber", "subject_kind", "subject_id", "event_id"],
            unique=False,
        )

    op.create_table(
        "institution",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_admitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authorisation_file_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorisation_file_id"],
            ["file.id"],
            name=op.f("fk_institution_authorisation_file_id_file"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_institution_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_institution_organisation_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_institution_public_id")),
    )
    op.create_table(
        "invitation",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at IS NULL)",
            name=op.f("ck_invitation_settled_has_instant"),
        ),
        sa.CheckConstraint(
            "state in ('open','accepted','withdrawn','expired')",
            name=op.f("ck_invitation_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"],
            ["user_account.id"],
            name=op.f("fk_invitation_accepted_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["user_account.id"],
            name=op.f("fk_invitation_invited_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_invitation_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_public_id")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            "uq_invitation_open",
            ["organisation_id", "email"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_list_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_list_id"], ["item_list.id"], name=op.f("fk_item_item_list_id_item_list")
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_item_stage_id_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("code", name=op.f("uq_item_code")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_stage_id"), ["stage_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= begins_at", name=op.f("ck_membership_ends_after_begin")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_membership_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("id", "user_id", name=op.f("uq_membership_id_user_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_membership_public_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_membership_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_membership_active",
            ["user_id", "organisation_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "membership_request",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("dispute", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "state <> 'disputed' OR dispute <> ''",
            name=op.f("ck_membership_request_disputed_has_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting','disputed') OR (answered_at IS NOT NULL AND answered_by_id IS NOT NULL)",
            name=op.f("ck_membership_request_answered_has_answer"),
        ),
        sa.CheckConstraint(
            "state in ('waiting','accepted','refused','disputed','upheld','dismissed')",
            name=op.f("ck_membership_request_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["user_account.id"],
            name=op.f("fk_membership_request_answered_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_membership_request_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_membership_request_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_membership_request_public_id")),
    )
    with op.batch_alter_table("membership_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_membership_request_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_membership_request_open",
            ["user_id", "organisation_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting','disputed')"),
            postgresql_where=sa.text("state IN ('waiting','disputed')"),
        )

    op.create_table(
        "notification",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_notification_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_notification_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notification_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("event_id", "user_id", name=op.f("uq_notification_event_id_user_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notification_public_id")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index("ix_notification_box", ["user_id", "read_at", "id"], unique=False)

    op.create_table(
        "organisation_capacity",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "capacity in ('institution','enterprise','association','department','supervisor','operator')",
            name=op.f("ck_organisation_capacity_capacity_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_capacity_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "capacity", name=op.f("pk_organisation_capacity")
        ),
    )
    with op.batch_alter_table("organisation_capacity", schema=None) as batch_op:
        batch_op.create_index("ix_organisation_capacity_capacity", ["capacity"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "user_id", "code_hash", name=op.f("uq_recovery_code_user_id_code_hash")
        ),
    )
    op.create_table(
        "registration",
        sa.Column("organisation_name", sa.String(length=200), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("capacity", sa.String(length=20), nullable=False),
        sa.Column("region_code", sa.String(length=20), nullable=False),
        sa.Column("person_name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("mobile", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'confirmed') = (user_id IS NOT NULL)",
            name=op.f("ck_registration_confirmed_has_user"),
        ),
        sa.CheckConstraint(
            "state in ('open','confirmed')", name=op.f("ck_registration_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_registration_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("public_id", name=op.f("uq_registration_public_id")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_email"), ["email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_registration_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "rescued_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_rescued_form_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rescued_form")),
        sa.UniqueConstraint("user_id", "path", name=op.f("uq_rescued_form_user_id_path")),
    )
    with op.batch_alter_table("rescued_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rescued_form_kept_at"), ["kept_at"], unique=False)

    op.create_table(
        "institution_facts",
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("legal_representative", sa.String(length=60), nullable=False),
        sa.Column("contact_name", sa.String(length=60), nullable=False),
        sa.Column("contact_mobile", sa.Text(), nullable=True),
        sa.Column("contact_mobile_hash", sa.String(length=64), nullable=True),
        sa.Column("office_phone", sa.String(length=30), nullable=False),
        sa.Column("established", sa.Date(), nullable=True),
        sa.Column("capital_fen", sa.BigInteger(), nullable=True),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("has_ties", sa.Boolean(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'superseded') = (in_force_to is not null)",
            name=op.f("ck_institution_facts_superseded_when"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'dropped') or submitted_at is not null",
            name=op.f("ck_institution_facts_submitted_when"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'in_force', 'superseded', 'dropped')",
            name=op.f("ck_institution_facts_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('in_force', 'superseded') or (in_force_from is not null and case_id is not null)",
            name=op.f("ck_institution_facts_in_force_by_case"),
        ),
        sa.CheckConstraint(
            "type = '' or type in ('company', 'partnership', 'public_institution', 'social_organisation', 'other')",
            name=op.f("ck_institution_facts_type_known"),
        ),
        sa.CheckConstraint(
            "capital_fen is null or capital_fen >= 0",
            name=op.f("ck_institution_facts_capital_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_institution_facts_institution_id_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_facts")),
        sa.UniqueConstraint(
            "institution_id", "number", name=op.f("uq_institution_facts_institution_id_number")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_institution_facts_public_id")),
    )
    with op.batch_alter_table("institution_facts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_institution_facts_contact_mobile_hash"),
            ["contact_mobile_hash"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_institution_facts_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(
            "uq_institution_facts_one_draft",
            ["institution_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.create_index(
            "uq_institution_facts_one_in_force",
            ["institution_id"],
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )

    op.create_table(
        "item_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("limit_value", sa.Integer(), nullable=False),
        sa.Column("limit_unit", sa.String(length=10), nullable=False),
        sa.Column("limit_basis", sa.String(length=24), nullable=False),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("legal_basis", sa.JSON(), nullable=False),
        sa.Column("service_content", sa.Text(), nullable=False),
        sa.Column("service_content_en", sa.Text(), nullable=False),
        sa.Column("provider_qualification", sa.Text(), nullable=False),
        sa.Column("provider_qualification_en", sa.Text(), nullable=False),
        sa.Column("conflict_rule", sa.Text(), nullable=False),
        sa.Column("conflict_rule_en", sa.Text(), nullable=False),
        sa.Column("open_to", sa.String(length=12), nullable=False),
        sa.Column("open_to_reason", sa.Text(), nullable=False),
        sa.Column("open_to_reason_en", sa.Text(), nullable=False),
        sa.Column("commissioned_by_plan", sa.String(length=12), nullable=False),
        sa.Column("departments_2018", sa.JSON(), nullable=False),
        sa.Column("departments_now", sa.JSON(), nullable=False),
        sa.Column("requirements", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "limit_basis in ('law','ministry_rule','other_region_example','assumption')",
            name=op.f("ck_item_version_limit_basis_known"),
        ),
        sa.CheckConstraint(
            "limit_unit in ('workdays','days')", name=op.f("ck_item_version_limit_unit_known")
        ),
        sa.CheckConstraint(
            "open_to in ('enterprise','department','either')",
            name=op.f("ck_item_version_open_to_known"),
        ),
        sa.CheckConstraint("limit_value > 0", name=op.f("ck_item_version_limit_positive")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from",
            name=op.f("ck_item_version_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_version_item_id_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_version_item_id_number")),
    )
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.create_index(
            "uq_item_version_in_force",
            ["item_id"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )

    op.create_table(
        "listing",
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recheck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'suspended') = (suspended_at is not null)",
            name=op.f("ck_listing_suspended_when"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'under_review', 'returned', 'admitted', 'suspended', 'rejected', 'withdrawn', 'lapsed', 'removed', 'rectifying', 'readmission_submitted')",
            name=op.f("ck_listing_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('admitted', 'suspended', 'removed', 'rectifying', 'readmission_submitted') or (admitted_at is not null and case_id is not null)",
            name=op.f("ck_listing_admitted_by_case"),
        ),
        sa.CheckConstraint(
            "state not in ('removed', 'rectifying', 'readmission_submitted') or removed_at is not null",
            name=op.f("ck_listing_removed_when"),
        ),
        sa.CheckConstraint(
            "state not in ('submitted', 'under_review', 'returned', 'rejected', 'lapsed', 'admitted', 'suspended') or submitted_at is not null",
            name=op.f("ck_listing_submitted_when"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_listing_institution_id_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint(
            "institution_id", "item_code", name=op.f("uq_listing_institution_id_item_code")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_listing_public_id")),
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index("ix_listing_item_state", ["item_code", "state"], unique=False)
        batch_op.create_index("ix_listing_recheck", ["recheck_at"], unique=False)

    op.create_table(
        "membership_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role in ('organisation_admin','institution_agent','enterprise_agent','association_examiner','association_approver','department_officer','department_approver','budget_officer','supervisor','system_admin','security_admin','audit_admin')",
            name=op.f("ck_membership_role_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["membership_id", "user_id"],
            ["membership.id", "membership.user_id"],
            name=op.f("fk_membership_role_membership_id_user_id_membership"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_role")),
    )
    with op.batch_alter_table("membership_role", schema=None) as batch_op:
        batch_op.create_index(
            "uq_membership_role_active",
            ["membership_id", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_membership_role_duty",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text(
                "ended_at IS NULL AND role IN ('audit_admin','security_admin','system_admin')"
            ),
            postgresql_where=sa.text(
                "ended_at IS NULL AND role IN ('audit_admin','security_admin','system_admin')"
            ),
        )

    op.create_table(
        "practitioner",
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=10), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("id_number", sa.Text(), nullable=False),
        sa.Column("id_number_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("certificate_kind", sa.String(length=60), nullable=False),
        sa.Column("certificate_number", sa.String(length=60), nullable=False),
        sa.Column("certificate_valid_to", sa.Date(), nullable=True),
        sa.Column("scan_file_id", sa.Integer(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'superseded') = (in_force_to is not null)",
            name=op.f("ck_practitioner_superseded_when"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'dropped') or submitted_at is not null",
            name=op.f("ck_practitioner_submitted_when"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'in_force', 'superseded', 'dropped')",
            name=op.f("ck_practitioner_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('in_force', 'superseded') or (in_force_from is not null and case_id is not null)",
            name=op.f("ck_practitioner_in_force_by_case"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_practitioner_institution_id_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["practitioner.id"],
            name=op.f("fk_practitioner_replaces_id_practitioner"),
        ),
        sa.ForeignKeyConstraint(
            ["scan_file_id"], ["file.id"], name=op.f("fk_practitioner_scan_file_id_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner")),
        sa.UniqueConstraint("line", "number", name=op.f("uq_practitioner_line_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_practitioner_public_id")),
    )
    with op.batch_alter_table("practitioner", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_practitioner_id_number_hash"), ["id_number_hash"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_practitioner_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(
            "uq_practitioner_one_draft",
            ["line"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.create_index(
            "uq_practitioner_one_in_force",
            ["line"],
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )

    op.create_table(
        "qualification",
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=10), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("specialty", sa.String(length=60), nullable=False),
        sa.Column("certificate_number", sa.String(length=60), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("scan_file_id", sa.Integer(), nullable=True),
        sa.Column("attention_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_days", sa.Integer(), nullable=True),
        sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'superseded') = (in_force_to is not null)",
            name=op.f("ck_qualification_superseded_when"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'dropped') or submitted_at is not null",
            name=op.f("ck_qualification_submitted_when"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'in_force', 'superseded', 'dropped')",
            name=op.f("ck_qualification_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('in_force', 'superseded') or (in_force_from is not null and case_id is not null)",
            name=op.f("ck_qualification_in_force_by_case"),
        ),
        sa.CheckConstraint(
            "valid_to is null or valid_to >= valid_from",
            name=op.f("ck_qualification_validity_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_qualification_institution_id_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["qualification.id"],
            name=op.f("fk_qualification_replaces_id_qualification"),
        ),
        sa.ForeignKeyConstraint(
            ["scan_file_id"], ["file.id"], name=op.f("fk_qualification_scan_file_id_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
        sa.UniqueConstraint("line", "number", name=op.f("uq_qualification_line_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_qualification_public_id")),
    )
    with op.batch_alter_table("qualification", schema=None) as batch_op:
        batch_op.create_index("ix_qualification_attention", ["attention_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_qualification_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(
            "uq_qualification_one_draft",
            ["line"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.create_index(
            "uq_qualification_one_in_force",
            ["line"],
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )

    op.create_table(
        "undertaking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signed_name", sa.String(length=60), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_undertaking_institution_id_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["user_account.id"], name=op.f("fk_undertaking_signed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undertaking")),
        sa.UniqueConstraint(
            "institution_id",
            "text_version",
            name=op.f("uq_undertaking_institution_id_text_version"),
        ),
    )
    op.create_table(
        "user_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_minutes", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=12), nullable=False),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("shown_once", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "ended_at IS NULL OR end_reason <> ''", name=op.f("ck_user_session_end_has_reason")
        ),
        sa.CheckConstraint(
            "stage in ('code','enrol','open')", name=op.f("ck_user_session_stage_known")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
            name=op.f("fk_user_session_membership_id_membership"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_session_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "affiliation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facts_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=12), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("id_number", sa.Text(), nullable=True),
        sa.Column("id_number_hash", sa.String(length=64), nullable=True),
        sa.Column("share_basis_points", sa.Integer(), nullable=True),
        sa.Column("tie", sa.String(length=24), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(kind = 'owner' and holder in ('organisation', 'person') and tie = '') or (kind = 'department' and tie in ('subordinate', 'formerly_subordinate', 'funded', 'shared_staff', 'shared_premises', 'other') and holder = '')",
            name=op.f("ck_affiliation_kind_has_its_facts"),
        ),
        sa.CheckConstraint(
            "holder != 'organisation' or credit_code != ''",
            name=op.f("ck_affiliation_owner_has_code"),
        ),
        sa.CheckConstraint(
            "kind in ('owner', 'department')", name=op.f("ck_affiliation_kind_known")
        ),
        sa.CheckConstraint(
            "(id_number is null) = (id_number_hash is null)",
            name=op.f("ck_affiliation_id_number_searchable"),
        ),
        sa.CheckConstraint(
            "share_basis_points is null or share_basis_points between 1 and 10000",
            name=op.f("ck_affiliation_share_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["facts_id"],
            ["institution_facts.id"],
            name=op.f("fk_affiliation_facts_id_institution_facts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation")),
        sa.UniqueConstraint("facts_id", "line", name=op.f("uq_affiliation_facts_id_line")),
    )
    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_affiliation_credit_code"), ["credit_code"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_affiliation_facts_id"), ["facts_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_affiliation_id_number_hash"), ["id_number_hash"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_affiliation_line"), ["line"], unique=False)

    op.create_table(
        "dossier_submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("line", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "(closed_at is null) = (outcome = '')",
            name=op.f("ck_dossier_submission_outcome_when_closed"),
        ),
        sa.CheckConstraint(
            "(kind = 'renewal') = (line != '')",
            name=op.f("ck_dossier_submission_line_where_renewal"),
        ),
        sa.CheckConstraint(
            "kind in ('admission', 'change', 'renewal', 'readmission')",
            name=op.f("ck_dossier_submission_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_dossier_submission_institution_id_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_dossier_submission_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_submission")),
    )
    with op.batch_alter_table("dossier_submission", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dossier_submission_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_dossier_submission_listing_id"), ["listing_id"], unique=False
        )
        batch_op.create_index(
            "uq_dossier_submission_one_open",
            ["listing_id", "kind"],
            unique=True,
            sqlite_where=sa.text("closed_at is null"),
            postgresql_where=sa.text("closed_at is null"),
        )
        batch_op.create_index(
            "uq_dossier_submission_one_open_change",
            ["institution_id"],
            unique=True,
            sqlite_where=sa.text("closed_at is null and kind = 'change'"),
            postgresql_where=sa.text("closed_at is null and kind = 'change'"),
        )
        batch_op.create_index(
            "uq_dossier_submission_one_open_renewal",
            ["line"],
            unique=True,
            sqlite_where=sa.text("closed_at is null and kind = 'renewal'"),
            postgresql_where=sa.text("closed_at is null and kind = 'renewal'"),
        )

    op.create_table(
        "item_version_approval",
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("approval_item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_item_id"],
            ["approval_item.id"],
            name=op.f("fk_item_version_approval_approval_item_id_approval_item"),
        ),
        sa.ForeignKeyConstraint(
            ["item_version_id"],
            ["item_version.id"],
            name=op.f("fk_item_version_approval_item_version_id_item_version"),
        ),
        sa.PrimaryKeyConstraint(
            "item_version_id", "approval_item_id", name=op.f("pk_item_version_approval")
        ),
    )
    op.create_table(
        "listing_terms",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("price_basis", sa.String(length=12), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("rate_basis_points", sa.Integer(), nullable=True),
        sa.Column("price_note", sa.String(length=500), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(price_basis = 'per_unit') = (unit != '')",
            name=op.f("ck_listing_terms_unit_where_per_unit"),
        ),
        sa.CheckConstraint(
            "(price_basis = 'share') = (rate_basis_points is not null)",
            name=op.f("ck_listing_terms_rate_where_share"),
        ),
        sa.CheckConstraint(
            "(price_basis in ('fixed', 'per_unit')) = (amount_fen is not null)",
            name=op.f("ck_listing_terms_amount_where_priced"),
        ),
        sa.CheckConstraint(
            "(state = 'superseded') = (in_force_to is not null)",
            name=op.f("ck_listing_terms_superseded_when"),
        ),
        sa.CheckConstraint(
            "price_basis in ('fixed', 'per_unit', 'share', 'quoted')",
            name=op.f("ck_listing_terms_price_basis_known"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'dropped') or submitted_at is not null",
            name=op.f("ck_listing_terms_submitted_when"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'in_force', 'superseded', 'dropped')",
            name=op.f("ck_listing_terms_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('in_force', 'superseded') or (in_force_from is not null and case_id is not null)",
            name=op.f("ck_listing_terms_in_force_by_case"),
        ),
        sa.CheckConstraint(
            "amount_fen is null or amount_fen > 0", name=op.f("ck_listing_terms_amount_positive")
        ),
        sa.CheckConstraint("promised_days > 0", name=op.f("ck_listing_terms_days_positive")),
        sa.ForeignKeyConstraint(
            ["item_version_id"],
            ["item_version.id"],
            name=op.f("fk_listing_terms_item_version_id_item_version"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_terms_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_terms")),
        sa.UniqueConstraint(
            "listing_id", "number", name=op.f("uq_listing_terms_listing_id_number")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_listing_terms_public_id")),
    )
    with op.batch_alter_table("listing_terms", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_listing_terms_listing_id"), ["listing_id"], unique=False
        )
        batch_op.create_index(
            "uq_listing_terms_one_draft",
            ["listing_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.create_index(
            "uq_listing_terms_one_in_force",
            ["listing_id"],
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )

    op.create_table(
        "notice",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("item_code", sa.String(length=10), nullable=False),
        sa.Column("rule_key", sa.String(length=80), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("effective", sa.String(length=10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_notice_event_id_event")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_notice_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("event_id", name=op.f("uq_notice_event_id")),
        sa.UniqueConstraint("number", name=op.f("uq_notice_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notice_public_id")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_board", ["published_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_item_code"), ["item_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_listing_id"), ["listing_id"], unique=False)

    op.create_table(
        "suspension_ground",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "kind in ('expiry', 'interim', 'own_pause', 'blacklist')",
            name=op.f("ck_suspension_ground_kind_known"),
        ),
        sa.CheckConstraint(
            "closed_at is null or closed_at >= opened_at",
            name=op.f("ck_suspension_ground_times_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_suspension_ground_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension_ground")),
        sa.UniqueConstraint("public_id", name=op.f("uq_suspension_ground_public_id")),
    )
    with op.batch_alter_table("suspension_ground", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_suspension_ground_listing_id"), ["listing_id"], unique=False
        )
        batch_op.create_index(
            "uq_suspension_ground_one_open",
            ["listing_id", "kind"],
            unique=True,
            sqlite_where=sa.text("closed_at is null"),
            postgresql_where=sa.text("closed_at is null"),
        )

    op.create_table(
        "vetting_case",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "admission",
                "change",
                "renewal",
                "readmission",
                name="casekind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "completeness",
                "substance",
                "returned",
                "proposed",
                "decided",
                "withdrawn",
                name="casestate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("applicant_name", sa.String(length=200), nullable=False),
        sa.Column("item_code", sa.String(length=10), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("substance_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("attention_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("examiner_id", sa.Integer(), nullable=True),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column(
            "proposed_outcome",
            sa.Enum("admit", "reject", name="outcome", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("proposed_reason", sa.Text(), nullable=False),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("admit", "reject", name="outcome", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "ending",
            sa.Enum("applicant", "lapsed", name="ending", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (ending IS NOT NULL)",
            name=op.f("ck_vetting_case_ending_known"),
        ),
        sa.CheckConstraint(
            "(state NOT IN ('decided', 'withdrawn')) = (closed_at IS NULL)",
            name=op.f("ck_vetting_case_closed_is_dated"),
        ),
        sa.CheckConstraint(
            "kind IN ('admission', 'change', 'renewal', 'readmission')",
            name=op.f("ck_vetting_case_kind_known"),
        ),
        sa.CheckConstraint(
            "state <> 'decided' OR (decider_id IS NOT NULL AND outcome IS NOT NULL AND reason <> '' AND proposer_id IS NOT NULL)",
            name=op.f("ck_vetting_case_decided_is_complete"),
        ),
        sa.CheckConstraint(
            "state <> 'proposed' OR (proposer_id IS NOT NULL AND proposed_outcome IS NOT NULL)",
            name=op.f("ck_vetting_case_proposed_is_complete"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'completeness', 'substance', 'returned', 'proposed', 'decided', 'withdrawn')",
            name=op.f("ck_vetting_case_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('substance', 'proposed') OR substance_at IS NOT NULL",
            name=op.f("ck_vetting_case_substance_is_dated"),
        ),
        sa.CheckConstraint(
            "decider_id IS NULL OR (proposer_id IS NOT NULL AND decider_id <> proposer_id)",
            name=op.f("ck_vetting_case_decider_is_another"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["organisation.id"],
            name=op.f("fk_vetting_case_association_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"],
            ["user_account.id"],
            name=op.f("fk_vetting_case_decider_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["examiner_id"],
            ["user_account.id"],
            name=op.f("fk_vetting_case_examiner_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_vetting_case_institution_id_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_vetting_case_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_vetting_case_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"],
            ["user_account.id"],
            name=op.f("fk_vetting_case_proposer_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"],
            ["user_account.id"],
            name=op.f("fk_vetting_case_submitted_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_case")),
        sa.UniqueConstraint("number", name=op.f("uq_vetting_case_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_vetting_case_public_id")),
    )
    with op.batch_alter_table("vetting_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vetting_case_attention_at"), ["attention_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_vetting_case_examiner_id"), ["examiner_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_vetting_case_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_vetting_case_listing_id"), ["listing_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_vetting_case_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "ix_vetting_case_queue", ["association_id", "state", "due_on"], unique=False
        )
        batch_op.create_index(
            "uq_vetting_case_one_open",
            ["listing_id", "kind"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('decided', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('decided', 'withdrawn')"),
        )

    op.create_table(
        "case_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["vetting_case.id"], name=op.f("fk_case_evidence_case_id_vetting_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_evidence")),
        sa.UniqueConstraint(
            "case_id",
            "round",
            "kind",
            "record_id",
            name=op.f("uq_case_evidence_case_id_round_kind_record_id"),
        ),
    )
    with op.batch_alter_table("case_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_case_evidence_record", ["kind", "record_id"], unique=False)

    op.create_table(
        "case_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("completeness", "substance", name="stage", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("paused_by", sa.Integer(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("note <> ''", name=op.f("ck_case_pause_names_what_is_missing")),
        sa.CheckConstraint(
            "stage IN ('completeness', 'substance')", name=op.f("ck_case_pause_stage_known")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["vetting_case.id"], name=op.f("fk_case_pause_case_id_vetting_case")
        ),
        sa.ForeignKeyConstraint(
            ["paused_by"], ["user_account.id"], name=op.f("fk_case_pause_paused_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_pause")),
        sa.UniqueConstraint("case_id", "round", name=op.f("uq_case_pause_case_id_round")),
    )
    op.create_table(
        "case_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["vetting_case.id"], name=op.f("fk_case_remark_case_id_vetting_case")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user_account.id"], name=op.f("fk_case_remark_written_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_remark")),
    )
    with op.batch_alter_table("case_remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_remark_case_id"), ["case_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("point", sa.String(length=60), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("completeness", "substance", name="stage", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "result",
            sa.Enum("ok", "not_ok", name="result", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("found_by", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carried_over", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "result = 'ok' OR remark <> ''", name=op.f("ck_finding_not_ok_says_why")
        ),
        sa.CheckConstraint("result IN ('ok', 'not_ok')", name=op.f("ck_finding_result_known")),
        sa.CheckConstraint(
            "stage IN ('completeness', 'substance')", name=op.f("ck_finding_stage_known")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["vetting_case.id"], name=op.f("fk_finding_case_id_vetting_case")
        ),
        sa.ForeignKeyConstraint(
            ["found_by"], ["user_account.id"], name=op.f("fk_finding_found_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint(
            "case_id", "round", "point", name=op.f("uq_finding_case_id_round_point")
        ),
    )
    op.create_table(
        "recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["vetting_case.id"], name=op.f("fk_recusal_case_id_vetting_case")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_recusal_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_recusal_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
        sa.UniqueConstraint(
            "user_id", "organisation_id", name=op.f("uq_recusal_user_id_organisation_id")
        ),
    )
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_recusal_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "submitted_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind in ('facts', 'qualification', 'practitioner', 'terms', 'undertaking', 'authorisation')",
            name=op.f("ck_submitted_evidence_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["dossier_submission.id"],
            name=op.f("fk_submitted_evidence_submission_id_dossier_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submitted_evidence")),
        sa.UniqueConstraint(
            "submission_id",
            "kind",
            "record_id",
            name=op.f("uq_submitted_evidence_submission_id_kind_record_id"),
        ),
    )
    with op.batch_alter_table("submitted_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_submitted_evidence_record", ["kind", "record_id"], unique=False)


def _drop_tables() -> None:
    with op.batch_alter_table("submitted_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_submitted_evidence_record")

    op.drop_table("submitted_evidence")
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recusal_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_recusal_case_id"))

    op.drop_table("recusal")
    op.drop_table("finding")
    with op.batch_alter_table("case_remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_remark_case_id"))

    op.drop_table("case_remark")
    op.drop_table("case_pause")
    with op.batch_alter_table("case_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_case_evidence_record")

    op.drop_table("case_evidence")
    with op.batch_alter_table("vetting_case", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_vetting_case_one_open",
            sqlite_where=sa.text("state NOT IN ('decided', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('decided', 'withdrawn')"),
        )
        batch_op.drop_index("ix_vetting_case_queue")
        batch_op.drop_index(batch_op.f("ix_vetting_case_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_vetting_case_listing_id"))
        batch_op.drop_index(batch_op.f("ix_vetting_case_institution_id"))
        batch_op.drop_index(batch_op.f("ix_vetting_case_examiner_id"))
        batch_op.drop_index(batch_op.f("ix_vetting_case_attention_at"))

    op.drop_table("vetting_case")
    with op.batch_alter_table("suspension_ground", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_suspension_ground_one_open",
            sqlite_where=sa.text("closed_at is null"),
            postgresql_where=sa.text("closed_at is null"),
        )
        batch_op.drop_index(batch_op.f("ix_suspension_ground_listing_id"))

    op.drop_table("suspension_ground")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_listing_id"))
        batch_op.drop_index(batch_op.f("ix_notice_kind"))
        batch_op.drop_index(batch_op.f("ix_notice_item_code"))
        batch_op.drop_index("ix_notice_board")

    op.drop_table("notice")
    with op.batch_alter_table("listing_terms", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_listing_terms_one_in_force",
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )
        batch_op.drop_index(
            "uq_listing_terms_one_draft",
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.drop_index(batch_op.f("ix_listing_terms_listing_id"))

    op.drop_table("listing_terms")
    op.drop_table("item_version_approval")
    with op.batch_alter_table("dossier_submission", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_dossier_submission_one_open_renewal",
            sqlite_where=sa.text("closed_at is null and kind = 'renewal'"),
            postgresql_where=sa.text("closed_at is null and kind = 'renewal'"),
        )
        batch_op.drop_index(
            "uq_dossier_submission_one_open_change",
            sqlite_where=sa.text("closed_at is null and kind = 'change'"),
            postgresql_where=sa.text("closed_at is null and kind = 'change'"),
        )
        batch_op.drop_index(
            "uq_dossier_submission_one_open",
            sqlite_where=sa.text("closed_at is null"),
            postgresql_where=sa.text("closed_at is null"),
        )
        batch_op.drop_index(batch_op.f("ix_dossier_submission_listing_id"))
        batch_op.drop_index(batch_op.f("ix_dossier_submission_institution_id"))

    op.drop_table("dossier_submission")
    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_affiliation_line"))
        batch_op.drop_index(batch_op.f("ix_affiliation_id_number_hash"))
        batch_op.drop_index(batch_op.f("ix_affiliation_facts_id"))
        batch_op.drop_index(batch_op.f("ix_affiliation_credit_code"))

    op.drop_table("affiliation")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_user_id"))
        batch_op.drop_index(batch_op.f("ix_user_session_ended_at"))

    op.drop_table("user_session")
    op.drop_table("undertaking")
    with op.batch_alter_table("qualification", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_qualification_one_in_force",
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )
        batch_op.drop_index(
            "uq_qualification_one_draft",
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.drop_index(batch_op.f("ix_qualification_institution_id"))
        batch_op.drop_index("ix_qualification_attention")

    op.drop_table("qualification")
    with op.batch_alter_table("practitioner", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_practitioner_one_in_force",
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )
        batch_op.drop_index(
            "uq_practitioner_one_draft",
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.drop_index(batch_op.f("ix_practitioner_institution_id"))
        batch_op.drop_index(batch_op.f("ix_practitioner_id_number_hash"))

    op.drop_table("practitioner")
    with op.batch_alter_table("membership_role", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_role_duty",
            sqlite_where=sa.text(
                "ended_at IS NULL AND role IN ('audit_admin','security_admin','system_admin')"
            ),
            postgresql_where=sa.text(
                "ended_at IS NULL AND role IN ('audit_admin','security_admin','system_admin')"
            ),
        )
        batch_op.drop_index(
            "uq_membership_role_active",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("membership_role")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index("ix_listing_recheck")
        batch_op.drop_index("ix_listing_item_state")

    op.drop_table("listing")
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_item_version_in_force",
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )

    op.drop_table("item_version")
    with op.batch_alter_table("institution_facts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_institution_facts_one_in_force",
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )
        batch_op.drop_index(
            "uq_institution_facts_one_draft",
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.drop_index(batch_op.f("ix_institution_facts_institution_id"))
        batch_op.drop_index(batch_op.f("ix_institution_facts_contact_mobile_hash"))

    op.drop_table("institution_facts")
    with op.batch_alter_table("rescued_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rescued_form_kept_at"))

    op.drop_table("rescued_form")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_expires_at"))
        batch_op.drop_index(batch_op.f("ix_registration_email"))

    op.drop_table("registration")
    op.drop_table("recovery_code")
    with op.batch_alter_table("organisation_capacity", schema=None) as batch_op:
        batch_op.drop_index("ix_organisation_capacity_capacity")

    op.drop_table("organisation_capacity")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index("ix_notification_box")

    op.drop_table("notification")
    with op.batch_alter_table("membership_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_request_open",
            sqlite_where=sa.text("state IN ('waiting','disputed')"),
            postgresql_where=sa.text("state IN ('waiting','disputed')"),
        )
        batch_op.drop_index(batch_op.f("ix_membership_request_organisation_id"))

    op.drop_table("membership_request")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_active",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_membership_organisation_id"))

    op.drop_table("membership")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_stage_id"))

    op.drop_table("item")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_invitation_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_invitation_expires_at"))

    op.drop_table("invitation")
    op.drop_table("institution")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_order")
        batch_op.drop_index("ix_delivery_due")

    op.drop_table("delivery")
    with op.batch_alter_table("competence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competence_association_id"))

    op.drop_table("competence")
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_day_year_id"))

    op.drop_table("calendar_day")
    with op.batch_alter_table("approval_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_item_stage_id"))

    op.drop_table("approval_item")
    op.drop_table("worker_beat")
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_account_mobile_hash"))

    op.drop_table("user_account")
    op.drop_table("synonym")
    with op.batch_alter_table("sunk_mail", schema=None) as batch_op:
        batch_op.drop_index("ix_sunk_mail_recipient")

    op.drop_table("sunk_mail")
    op.drop_table("stage")
    op.drop_table("sign_in_failure")
    op.drop_table("rulebook_entry")
    op.drop_table("region")
    with op.batch_alter_table("rate_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_count_expires_at"))

    op.drop_table("rate_count")
    op.drop_table("qualification_kind")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_name"))

    op.drop_table("organisation")
    op.drop_table("number_series")
    op.drop_table("item_list")
    op.drop_table("index_change")
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_key_created_at"))

    op.drop_table("idempotency_key")
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_uploaded_at"))
        batch_op.drop_index("ix_file_sha256")
        batch_op.drop_index("ix_file_owner")

    op.drop_table("file")
    with op.batch_alter_table("fault_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fault_report_reported_at"))

    op.drop_table("fault_report")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_kind"))
        batch_op.drop_index(batch_op.f("ix_event_actor_user_id"))
        batch_op.drop_index(batch_op.f("ix_event_actor_organisation_id"))

    op.drop_table("event")
    op.drop_table("department_name")
    op.drop_table("demo_world")
    op.drop_table("clock_offset")
    op.drop_table("catalogue_stamp")
    op.drop_table("calendar_year")
