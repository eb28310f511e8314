"""Tables of assessments; grade and removal of a listing.

Follows: 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _grade_listings()
    _create_assessment_cycle()
    _create_assessment()
    _create_assessment_objection()
    _create_assessment_fact()
    _create_assessment_work()
    _create_removal_case()
    _create_rectification()
    _create_rectification_step()


def downgrade() -> None:
    op.drop_table("rectification_step")
    op.drop_table("rectification")
    op.drop_table("removal_case")
    op.drop_table("assessment_work")
    op.drop_table("assessment_fact")
    op.drop_table("assessment_objection")
    op.drop_table("assessment")
    op.drop_table("assessment_cycle")
    with op.batch_alter_table("listing") as table:
        table.drop_constraint(op.f("ck_listing_removed_for_a_cause"), type_="check")
        table.drop_constraint(op.f("ck_listing_grade_of_a_year"), type_="check")
        table.drop_column("score_hundredths")
        table.drop_column("graded_year")
        table.drop_column("grade")
        table.drop_column("readmission_from")
        table.drop_column("removal_cause")


def _create_assessment_cycle() -> None:
    op.create_table(
        "assessment_cycle",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("cut_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("objection_until", sa.Date(), nullable=True),
        sa.Column("attention_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("final_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'final') = (final_by is not null and final_at is not null)",
            name=op.f("ck_assessment_cycle_final_by_somebody"),
        ),
        sa.CheckConstraint(
            "state in ('planned', 'open', 'cut_off', 'scored', 'preliminary', 'objections', 'final')",
            name=op.f("ck_assessment_cycle_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('preliminary', 'objections', 'final') or (published_by is not null and objection_until is not null)",
            name=op.f("ck_assessment_cycle_published_by_somebody"),
        ),
        sa.CheckConstraint(
            "final_by is null or final_by <> published_by",
            name=op.f("ck_assessment_cycle_final_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["organisation.id"],
            name=op.f("fk_assessment_cycle_association_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["final_by"],
            ["user_account.id"],
            name=op.f("fk_assessment_cycle_final_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"],
            ["user_account.id"],
            name=op.f("fk_assessment_cycle_opened_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["user_account.id"],
            name=op.f("fk_assessment_cycle_published_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_cycle")),
        sa.UniqueConstraint(
            "association_id", "year", name=op.f("uq_assessment_cycle_association_id_year")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_assessment_cycle_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assessment_cycle_public_id")),
    )
    with op.batch_alter_table("assessment_cycle", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_cycle_attention_at"), ["attention_at"], unique=False
        )


def _create_assessment() -> None:
    op.create_table(
        "assessment",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=12), nullable=False),
        sa.Column("inspection_tenths", sa.Integer(), nullable=True),
        sa.Column("inspection_words", sa.Text(), nullable=False),
        sa.Column("inspected_by", sa.Integer(), nullable=True),
        sa.Column("inspected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("veto", sa.String(length=12), nullable=False),
        sa.Column("veto_reason", sa.Text(), nullable=False),
        sa.Column("total_hundredths", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "grade in ('', 'A', 'B', 'C', 'D')", name=op.f("ck_assessment_grade_known")
        ),
        sa.CheckConstraint(
            "veto = '' or veto_reason <> ''", name=op.f("ck_assessment_veto_has_reasons")
        ),
        sa.CheckConstraint(
            "veto in ('forgery', 'blacklist', '')", name=op.f("ck_assessment_veto_known")
        ),
        sa.CheckConstraint(
            "final_at is null or total_hundredths is not null",
            name=op.f("ck_assessment_final_is_scored"),
        ),
        sa.CheckConstraint(
            "inspection_tenths is null or (inspection_tenths >= 0 and inspection_tenths <= 100)",
            name=op.f("ck_assessment_inspection_of_ten"),
        ),
        sa.CheckConstraint(
            "total_hundredths is null or (total_hundredths >= 0 and total_hundredths <= 10000)",
            name=op.f("ck_assessment_total_of_hundred"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["assessment_cycle.id"],
            name=op.f("fk_assessment_cycle_id_assessment_cycle"),
        ),
        sa.ForeignKeyConstraint(
            ["inspected_by"],
            ["user_account.id"],
            name=op.f("fk_assessment_inspected_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_assessment_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_assessment_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint(
            "cycle_id", "listing_id", name=op.f("uq_assessment_cycle_id_listing_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_assessment_public_id")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_listing_id"), ["listing_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_assessment_organisation_id"), ["organisation_id"], unique=False
        )


def _create_assessment_objection() -> None:
    op.create_table(
        "assessment_objection",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(outcome = '') = (decided_at is null) and (outcome = '' or (decided_by is not null and reason <> ''))",
            name=op.f("ck_assessment_objection_decided_is_complete"),
        ),
        sa.CheckConstraint(
            "outcome in ('upheld', 'dismissed', '')",
            name=op.f("ck_assessment_objection_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_objection_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["user_account.id"],
            name=op.f("fk_assessment_objection_decided_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["filed_by"],
            ["user_account.id"],
            name=op.f("fk_assessment_objection_filed_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_objection")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assessment_objection_public_id")),
    )
    with op.batch_alter_table("assessment_objection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_objection_assessment_id"), ["assessment_id"], unique=False
        )
        batch_op.create_index(
            "uq_assessment_objection_one_open",
            ["assessment_id"],
            unique=True,
            sqlite_where=sa.text("outcome = ''"),
            postgresql_where=sa.text("outcome = ''"),
        )


def _create_assessment_fact() -> None:
    op.create_table(
        "assessment_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_fact_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"],
            ["assessment_objection.id"],
            name=op.f("fk_assessment_fact_objection_id_assessment_objection"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_fact")),
    )
    with op.batch_alter_table("assessment_fact", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assessment_fact_of", ["assessment_id", "name", "id"], unique=False
        )


def _create_assessment_work() -> None:
    op.create_table(
        "assessment_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("within_limit", sa.Boolean(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("rating_mean", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_work_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_assessment_work_engagement_id_engagement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_work")),
        sa.UniqueConstraint(
            "assessment_id",
            "engagement_id",
            name=op.f("uq_assessment_work_assessment_id_engagement_id"),
        ),
    )


def _create_removal_case() -> None:
    op.create_table(
        "removal_case",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=12), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=24), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("interim_reason", sa.Text(), nullable=False),
        sa.Column("interim_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_by", sa.Integer(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column("proposed_outcome", sa.String(length=12), nullable=False),
        sa.Column("proposed_reason", sa.Text(), nullable=False),
        sa.Column("send_back_reason", sa.Text(), nullable=False),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attention_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (published_at is not null)",
            name=op.f("ck_removal_case_published_when"),
        ),
        sa.CheckConstraint(
            "cause in ('assessment', 'complaints', 'expired_certificate', 'forgery', 'blacklist', 'other')",
            name=op.f("ck_removal_case_cause_known"),
        ),
        sa.CheckConstraint("facts <> ''", name=op.f("ck_removal_case_rests_on_facts")),
        sa.CheckConstraint(
            "outcome in ('remove', 'dismiss', '')", name=op.f("ck_removal_case_outcome_known")
        ),
        sa.CheckConstraint(
            "state = 'opened' or (notified_at is not null and reply_by is not null)",
            name=op.f("ck_removal_case_told_before_all_else"),
        ),
        sa.CheckConstraint(
            "state in ('opened', 'notified', 'heard', 'proposed', 'decided', 'published')",
            name=op.f("ck_removal_case_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('decided', 'published') or (outcome <> '' and reason <> '' and decider_id is not null and decided_at is not null)",
            name=op.f("ck_removal_case_decided_is_complete"),
        ),
        sa.CheckConstraint(
            "state not in ('heard', 'proposed', 'decided', 'published') or heard_at is not null",
            name=op.f("ck_removal_case_heard_before_proposal"),
        ),
        sa.CheckConstraint(
            "decider_id is null or (proposer_id is not null and decider_id <> proposer_id)",
            name=op.f("ck_removal_case_decider_is_another"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_removal_case_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["organisation.id"],
            name=op.f("fk_removal_case_association_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"],
            ["user_account.id"],
            name=op.f("fk_removal_case_decider_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_removal_case_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["user_account.id"], name=op.f("fk_removal_case_opened_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_removal_case_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"],
            ["user_account.id"],
            name=op.f("fk_removal_case_proposer_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["replied_by"],
            ["user_account.id"],
            name=op.f("fk_removal_case_replied_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal_case")),
        sa.UniqueConstraint("number", name=op.f("uq_removal_case_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_removal_case_public_id")),
    )
    with op.batch_alter_table("removal_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_removal_case_association_id"), ["association_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_removal_case_attention_at"), ["attention_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_removal_case_listing_id"), ["listing_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_removal_case_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_removal_case_one_open",
            ["listing_id"],
            unique=True,
            sqlite_where=sa.text("state in ('opened', 'notified', 'heard', 'proposed')"),
            postgresql_where=sa.text("state in ('opened', 'notified', 'heard', 'proposed')"),
        )


def _create_rectification() -> None:
    op.create_table(
        "rectification",
        sa.Column("removal_case_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["user_account.id"], name=op.f("fk_rectification_begun_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["vetting_case.id"], name=op.f("fk_rectification_case_id_vetting_case")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_rectification_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_rectification_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["removal_case_id"],
            ["removal_case.id"],
            name=op.f("fk_rectification_removal_case_id_removal_case"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rectification_public_id")),
        sa.UniqueConstraint("removal_case_id", name=op.f("uq_rectification_removal_case_id")),
    )
    with op.batch_alter_table("rectification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rectification_listing_id"), ["listing_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rectification_organisation_id"), ["organisation_id"], unique=False
        )


def _create_rectification_step() -> None:
    op.create_table(
        "rectification_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rectification_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(words = '') = (done_at is null)", name=op.f("ck_rectification_step_done_is_told")
        ),
        sa.CheckConstraint(
            "code in ('cause', 'harm', 'prevention')", name=op.f("ck_rectification_step_code_known")
        ),
        sa.ForeignKeyConstraint(
            ["done_by"],
            ["user_account.id"],
            name=op.f("fk_rectification_step_done_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["rectification_id"],
            ["rectification.id"],
            name=op.f("fk_rectification_step_rectification_id_rectification"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_step")),
        sa.UniqueConstraint(
            "rectification_id", "code", name=op.f("uq_rectification_step_rectification_id_code")
        ),
    )


def _grade_listings() -> None:
    with op.batch_alter_table("listing") as table:
        table.add_column(
            sa.Column("removal_cause", sa.String(length=24), server_default="", nullable=False)
        )
        table.add_column(sa.Column("readmission_from", sa.Date(), nullable=True))
        table.add_column(sa.Column("grade", sa.String(length=1), server_default="", nullable=False))
        table.add_column(sa.Column("graded_year", sa.Integer(), nullable=True))
        table.add_column(sa.Column("score_hundredths", sa.Integer(), nullable=True))
        table.create_check_constraint(
            op.f("ck_listing_grade_of_a_year"),
            "(grade = '' and graded_year is null and score_hundredths is null)"
            " or (grade in ('A', 'B', 'C', 'D') and graded_year is not null"
            " and score_hundredths is not null)",
        )
        table.create_check_constraint(
            op.f("ck_listing_removed_for_a_cause"),
            "state not in ('removed', 'rectifying', 'readmission_submitted')"
            " or (removal_cause <> '' and readmission_from is not null)",
        )
