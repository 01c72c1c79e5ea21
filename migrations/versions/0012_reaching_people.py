"""Telegram chats, web push devices, briefs."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "push_key",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.Column("public", sa.String(length=100), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_push_key_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_key")),
    )
    op.create_table(
        "push_device",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.String(length=100), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("reached_at", TIME, nullable=True),
        sa.Column("problem", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_push_device_user_id_app_user")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["user_session.id"], name=op.f("fk_push_device_session_id_user_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_device")),
        sa.UniqueConstraint("address_hash", name=op.f("uq_push_device_address_hash")),
    )
    with op.batch_alter_table("push_device", schema=None) as batch_op:
        batch_op.create_index("ix_push_device_user", ["user_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_push_device_session_id"), ["session_id"], unique=False)
    op.create_table(
        "telegram_bot",
        sa.Column("office_id", ID, autoincrement=False, nullable=False),
        sa.Column("token_encrypted", sa.Text(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("fault", sa.String(40), nullable=True),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", TIME, nullable=True),
        sa.Column("saved_at", TIME, nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_telegram_bot_office_id_unit")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_telegram_bot")),
    )
    op.create_table(
        "telegram_chat",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("linked_at", TIME, nullable=False),
        sa.Column("blocked_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_telegram_chat_office_id_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_telegram_chat_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_chat")),
        sa.UniqueConstraint("office_id", "chat_id", name=op.f("uq_telegram_chat_office_id_chat_id")),
        sa.UniqueConstraint("office_id", "user_id", name=op.f("uq_telegram_chat_office_id_user_id")),
    )
    with op.batch_alter_table("telegram_chat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_telegram_chat_user_id"), ["user_id"], unique=False)
    op.create_table(
        "telegram_invite",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_telegram_invite_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_telegram_invite_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_invite")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_telegram_invite_code_hash")),
    )
    with op.batch_alter_table("telegram_invite", schema=None) as batch_op:
        batch_op.create_index("ix_telegram_invite_office_expires", ["office_id", "expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_telegram_invite_user_id"), ["user_id"], unique=False)
    op.create_table(
        "telegram_message",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("sending_at", TIME, nullable=True),
        sa.Column("sent_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_telegram_message_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_message")),
        sa.UniqueConstraint("key", name=op.f("uq_telegram_message_key")),
    )
    with op.batch_alter_table("telegram_message", schema=None) as batch_op:
        batch_op.create_index("ix_telegram_message_created", ["created_at"], unique=False)


def downgrade() -> None:
    op.drop_table("telegram_message")
    op.drop_table("telegram_invite")
    op.drop_table("telegram_chat")
    op.drop_table("telegram_bot")
    op.drop_table("push_device")
    op.drop_table("push_key")
