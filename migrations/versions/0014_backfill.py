"""Past posts fetched from sites, feeds and export files."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "backfill_run",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("file_key", sa.String(length=100), nullable=False),
        sa.Column("other_types", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("cursor", sa.JSON(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("with_pictures", sa.Boolean(), nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_backfill_run_account_id_channel_account")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_backfill_run_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_backfill_run_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backfill_run")),
    )
    op.create_index("ix_backfill_run_office", "backfill_run", ["office_id", "id"])
    op.create_table(
        "backfill_item",
        sa.Column("id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("address_key", sa.String(length=1000), nullable=False),
        sa.Column("other_key", sa.String(length=1000), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("excerpt", sa.String(length=500), nullable=False),
        sa.Column("picture_url", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("content_type_id", ID, nullable=True),
        sa.Column("delivery_id", ID, nullable=True),
        sa.Column("picture_state", sa.String(length=40), nullable=False),
        sa.Column("picture_note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_type_id"],
            ["content_type.id"],
            name=op.f("fk_backfill_item_content_type_id_content_type"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_backfill_item_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["backfill_run.id"],
            name=op.f("fk_backfill_item_run_id_backfill_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backfill_item")),
        sa.UniqueConstraint("run_id", "address_key", name=op.f("uq_backfill_item_run_id_address_key")),
    )
    op.create_index(op.f("ix_backfill_item_delivery_id"), "backfill_item", ["delivery_id"])
    op.create_index("ix_backfill_item_run_state", "backfill_item", ["run_id", "state", "id"])
    op.create_index("ix_backfill_item_run_other", "backfill_item", ["run_id", "other_key"])
    op.create_index("ix_backfill_item_run_picture", "backfill_item", ["run_id", "picture_state"])
    op.create_table(
        "backfill_category",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("content_type_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["content_type_id"],
            ["content_type.id"],
            name=op.f("fk_backfill_category_content_type_id_content_type"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_backfill_category_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backfill_category")),
        sa.UniqueConstraint("office_id", "category", name=op.f("uq_backfill_category_office_id_category")),
    )


def downgrade() -> None:
    op.drop_table("backfill_category")
    op.drop_index("ix_backfill_item_run_picture", table_name="backfill_item")
    op.drop_index("ix_backfill_item_run_other", table_name="backfill_item")
    op.drop_index("ix_backfill_item_run_state", table_name="backfill_item")
    op.drop_index(op.f("ix_backfill_item_delivery_id"), table_name="backfill_item")
    op.drop_table("backfill_item")
    op.drop_index("ix_backfill_run_office", table_name="backfill_run")
    op.drop_table("backfill_run")
