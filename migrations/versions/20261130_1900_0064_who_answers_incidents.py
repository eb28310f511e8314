"""Who was asked for the answer to an incident, and since when: work may pass to another client.

Of those noted before it is whoever has the work now, since the incident was noted.

Follows: 0063.
"""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_KEY = "fk_incident_asked_of_id_organisation"


def upgrade() -> None:
    with op.batch_alter_table("incident") as table:
        table.add_column(sa.Column("asked_of_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE incident SET asked_at = noted_at, asked_of_id = ("
        "SELECT CASE WHEN incident.noted_side = 'client' THEN engagement.provider_id"
        " ELSE engagement.client_id END"
        " FROM engagement WHERE engagement.id = incident.engagement_id)"
    )
    with op.batch_alter_table("incident") as table:
        table.alter_column("asked_of_id", existing_type=sa.Integer(), nullable=False)
        table.alter_column("asked_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.create_foreign_key(op.f(_KEY), "organisation", ["asked_of_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("incident") as table:
        table.drop_constraint(op.f(_KEY), type_="foreignkey")
        table.drop_column("asked_at")
        table.drop_column("asked_of_id")
