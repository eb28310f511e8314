"""Whoever commissions an item pays by a rule that its version names, and the tables hold them to it.

The reason why an item is open to some becomes the basis of who pays. What was commissioned before
keeps what its own version of the item says. Projects know the newest revision that was told of them.

Follows: 0038.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_UNKNOWN = "平台默认值，待主管部门确定"
_VERSION = sa.table("item_version", *map(sa.column, ("id", "payer_basis", "open_to")))
_KEY = "uq_item_version_id_open_to"
# Table, and what may not be commissioned there.
_LAWFUL = {
    "engagement": "payer = 'department' OR open_to <> 'department'",
    "quotation_round": "open_to <> 'department'",
    "competition": "open_to <> 'enterprise'",
}


def upgrade() -> None:
    _look_for_strays()
    with op.batch_alter_table("project") as table:
        table.add_column(
            sa.Column("announced_revision", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("project") as table:
        table.alter_column("announced_revision", server_default=None)
        table.create_check_constraint(
            op.f("ck_project_announced_not_negative"), "announced_revision >= 0"
        )
    with op.batch_alter_table("item_version") as table:
        table.alter_column("open_to_reason", new_column_name="payer_basis")
        table.alter_column("open_to_reason_en", new_column_name="payer_basis_en")
        table.add_column(
            sa.Column("payer_document", sa.String(120), nullable=False, server_default="")
        )
        table.create_unique_constraint(op.f(_KEY), ["id", "open_to"])
    empty = sa.update(_VERSION).where(_VERSION.c.payer_basis == "")
    op.get_bind().execute(empty.values(payer_basis=_UNKNOWN))
    with op.batch_alter_table("item_version") as table:
        table.alter_column("payer_document", server_default=None)
        table.create_check_constraint(op.f("ck_item_version_payer_has_basis"), "payer_basis <> ''")
    for name, lawful in _LAWFUL.items():
        _carry(name, lawful)


def _look_for_strays() -> None:
    """Stop, and name them, where rows point to a version of an item that is not there."""
    for name in _LAWFUL:
        rows = sa.table(name, sa.column("id"), sa.column("item_version_id"))
        query = sa.select(rows.c.id).where(rows.c.item_version_id.not_in(sa.select(_VERSION.c.id)))
        strays = list(op.get_bind().scalars(query.order_by(rows.c.id)))
        if strays:
            raise RuntimeError(f"{name}: no version of the item for the rows {strays}")


def _carry(name: str, lawful: str) -> None:
    """The row carries who may commission its version of the item, tied to the version itself."""
    with op.batch_alter_table(name) as table:
        if name == "competition":
            table.drop_constraint(_single(name), type_="foreignkey")
        table.add_column(sa.Column("open_to", sa.String(12), nullable=True))
    rows = sa.table(name, sa.column("item_version_id"), sa.column("open_to"))
    said = sa.select(_VERSION.c.open_to).where(_VERSION.c.id == rows.c.item_version_id)
    op.get_bind().execute(sa.update(rows).values(open_to=said.scalar_subquery()))
    with op.batch_alter_table(name) as table:
        table.alter_column("open_to", existing_type=sa.String(12), nullable=False)
        table.create_foreign_key(
            op.f(_double(name)), "item_version", ["item_version_id", "open_to"], ["id", "open_to"]
        )
        table.create_check_constraint(op.f(f"ck_{name}_payer_is_lawful"), lawful)


def _single(name: str) -> str:
    return f"fk_{name}_item_version_id_item_version"


def _double(name: str) -> str:
    return f"fk_{name}_item_version_id_open_to_item_version"


def downgrade() -> None:
    for name in _LAWFUL:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_payer_is_lawful"), type_="check")
            table.drop_constraint(_double(name), type_="foreignkey")
            table.drop_column("open_to")
        if name == "competition":
            with op.batch_alter_table(name) as table:
                table.create_foreign_key(
                    op.f(_single(name)), "item_version", ["item_version_id"], ["id"]
                )
    with op.batch_alter_table("item_version") as table:
        table.drop_constraint(op.f("ck_item_version_payer_has_basis"), type_="check")
        table.drop_constraint(op.f(_KEY), type_="unique")
        table.drop_column("payer_document")
        table.alter_column("payer_basis", new_column_name="open_to_reason")
        table.alter_column("payer_basis_en", new_column_name="open_to_reason_en")
    with op.batch_alter_table("project") as table:
        table.drop_constraint(op.f("ck_project_announced_not_negative"), type_="check")
        table.drop_column("announced_revision")
