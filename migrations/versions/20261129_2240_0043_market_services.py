"""Market services stand beside the listed items: in no list, without a limit, for enterprises alone.

Who may commission what is now said as the ways that are open, so that a service which has ended is
commissioned by nobody.

Follows: 0042.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_FITS = (
    "(kind = 'listed' AND open_to IN ('enterprise', 'department', 'either'))"
    " OR (kind = 'market' AND open_to IN ('enterprise', 'nobody'))"
)
# Table, and what may be commissioned there: before, and from now on.
_LAWFUL = {
    "engagement": (
        "payer = 'department' OR open_to <> 'department'",
        "open_to IN ('either', payer)",
    ),
    "quotation_round": ("open_to <> 'department'", "open_to in ('either', 'enterprise')"),
    "competition": ("open_to <> 'enterprise'", "open_to in ('either', 'department')"),
}
_WAYS = "open_to in ('enterprise','department','either')"
_MORE_WAYS = "open_to in ('enterprise','department','either','nobody')"
_DOUBLE = "fk_item_version_item_id_kind_item"
_SINGLE = "fk_item_version_item_id_item"


def upgrade() -> None:
    with op.batch_alter_table("item") as table:
        table.add_column(sa.Column("kind", sa.String(8), nullable=False, server_default="listed"))
        table.alter_column("item_list_id", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("item") as table:
        table.alter_column("kind", server_default=None)
        table.create_unique_constraint(op.f("uq_item_id_kind"), ["id", "kind"])
        table.create_check_constraint(op.f("ck_item_kind_known"), "kind IN ('listed', 'market')")
        table.create_check_constraint(
            op.f("ck_item_services_are_unlisted"), "(kind = 'market') = (item_list_id IS NULL)"
        )
    with op.batch_alter_table("item_version") as table:
        table.drop_constraint(_SINGLE, type_="foreignkey")
        table.drop_constraint(op.f("ck_item_version_open_to_known"), type_="check")
        table.add_column(sa.Column("kind", sa.String(8), nullable=False, server_default="listed"))
        table.add_column(sa.Column("prepares", sa.JSON(), nullable=False, server_default="[]"))
        table.alter_column("limit_value", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("item_version") as table:
        table.alter_column("kind", server_default=None)
        table.alter_column("prepares", server_default=None)
        table.create_foreign_key(op.f(_DOUBLE), "item", ["item_id", "kind"], ["id", "kind"])
        table.create_check_constraint(op.f("ck_item_version_open_to_known"), _MORE_WAYS)
        table.create_check_constraint(
            op.f("ck_item_version_services_as_agreed"), "(kind = 'market') = (limit_value IS NULL)"
        )
        table.create_check_constraint(op.f("ck_item_version_open_to_fits_kind"), _FITS)
    for name, (_before, lawful) in _LAWFUL.items():
        _hold_to(name, lawful)


def _hold_to(name: str, lawful: str) -> None:
    rule = f"ck_{name}_payer_is_lawful"
    with op.batch_alter_table(name) as table:
        table.drop_constraint(op.f(rule), type_="check")
    with op.batch_alter_table(name) as table:
        table.create_check_constraint(op.f(rule), lawful)


def downgrade() -> None:
    _look_for_services()
    for name, (lawful, _after) in _LAWFUL.items():
        _hold_to(name, lawful)
    with op.batch_alter_table("item_version") as table:
        table.drop_constraint(op.f("ck_item_version_open_to_fits_kind"), type_="check")
        table.drop_constraint(op.f("ck_item_version_services_as_agreed"), type_="check")
        table.drop_constraint(op.f("ck_item_version_open_to_known"), type_="check")
        table.drop_constraint(op.f(_DOUBLE), type_="foreignkey")
        table.drop_column("prepares")
        table.drop_column("kind")
        table.alter_column("limit_value", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("item_version") as table:
        table.create_check_constraint(op.f("ck_item_version_open_to_known"), _WAYS)
        table.create_foreign_key(op.f(_SINGLE), "item", ["item_id"], ["id"])
    with op.batch_alter_table("item") as table:
        table.drop_constraint(op.f("ck_item_services_are_unlisted"), type_="check")
        table.drop_constraint(op.f("ck_item_kind_known"), type_="check")
        table.drop_constraint(op.f("uq_item_id_kind"), type_="unique")
        table.drop_column("kind")
        table.alter_column("item_list_id", existing_type=sa.Integer(), nullable=False)


def _look_for_services() -> None:
    """Without this migration nothing can hold market services and what was commissioned of them.

    What nobody applied for or commissioned is taken out; else the way back stops and says so.
    """
    bind = op.get_bind()
    services = "(SELECT code FROM item WHERE kind = 'market')"
    for table in ("listing", "engagement", "quotation_round", "competence"):
        count = bind.scalar(
            sa.text(f"SELECT count(*) FROM {table} WHERE item_code IN {services}")  # noqa: S608
        )
        if count:
            raise RuntimeError(f"{table}: {count} rows are about market services")
    of = "item_version_id IN (SELECT id FROM item_version WHERE kind = 'market')"
    bind.execute(sa.text(f"DELETE FROM item_version_approval WHERE {of}"))  # noqa: S608
    bind.execute(sa.text("DELETE FROM item_version WHERE kind = 'market'"))
    bind.execute(sa.text("DELETE FROM item WHERE kind = 'market'"))
