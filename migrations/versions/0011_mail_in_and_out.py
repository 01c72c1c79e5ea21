"""Bounces, the office's mailbox, calendar parts of mails."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
_NEW = (("topic", sa.String(200)), ("calendar", sa.Text()), ("unsubscribe", sa.String(600)))


def upgrade() -> None:
    with op.batch_alter_table("mail_message") as batch_op:
        for name, kind in _NEW:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=""))
    with op.batch_alter_table("mail_message") as batch_op:
        for name, kind in _NEW:
            batch_op.alter_column(name, existing_type=kind, server_default=None)
        batch_op.create_index("ix_mail_message_message_id", ["message_id"])
    op.create_table(
        "mail_hold",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("mail_id", ID, nullable=True),
        sa.Column("since", TIME, nullable=False),
        sa.Column("released_at", TIME, nullable=True),
        sa.Column("released_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_mail_hold_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mail_message.id"], name=op.f("fk_mail_hold_mail_id_mail_message")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["app_user.id"], name=op.f("fk_mail_hold_released_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_hold")),
    )
    with op.batch_alter_table("mail_hold") as batch_op:
        batch_op.create_index("ix_mail_hold_office_address", ["office_id", "address"])
    op.create_table(
        "mailbox_settings",
        sa.Column("office_id", ID, autoincrement=False, nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("security", sa.String(40), nullable=False),
        sa.Column("username", sa.String(length=200), nullable=False),
        sa.Column("password_encrypted", sa.Text(), nullable=False),
        sa.Column("folder", sa.String(length=200), nullable=False),
        sa.Column("takes_pitches", sa.Boolean(), nullable=False),
        sa.Column("trusted_server", sa.String(length=200), nullable=False),
        sa.Column("box", sa.Integer(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("read_at", TIME, nullable=True),
        sa.Column("fault", sa.String(40), nullable=True),
        sa.Column("test_wanted_at", TIME, nullable=True),
        sa.Column("tested_at", TIME, nullable=True),
        sa.Column("test_fault", sa.String(40), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_mailbox_settings_office_id_unit")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_mailbox_settings")),
    )
    op.create_table(
        "incoming_mail",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("box", sa.Integer(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(length=300), nullable=False),
        sa.Column("from_address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("pitch_id", ID, nullable=True),
        sa.Column("mail_id", ID, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("expires_at", TIME, nullable=True),
        sa.Column("seen_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_incoming_mail_office_id_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_incoming_mail_user_id_app_user")),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_incoming_mail_pitch_id_pitch")),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mail_message.id"], name=op.f("fk_incoming_mail_mail_id_mail_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mail")),
        sa.UniqueConstraint(
            "office_id", "box", "uid_validity", "uid",
            name=op.f("uq_incoming_mail_office_id_box_uid_validity_uid"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_incoming_mail_token_hash")),
    )  # fmt: skip
    with op.batch_alter_table("incoming_mail") as batch_op:
        batch_op.create_index("ix_incoming_mail_office_seen", ["office_id", "seen_at", "id"])
        batch_op.create_index("ix_incoming_mail_office_message_id", ["office_id", "message_id"])
        batch_op.create_index(batch_op.f("ix_incoming_mail_pitch_id"), ["pitch_id"])


def downgrade() -> None:
    op.drop_table("incoming_mail")
    op.drop_table("mailbox_settings")
    op.drop_table("mail_hold")
    with op.batch_alter_table("mail_message") as batch_op:
        batch_op.drop_index("ix_mail_message_message_id")
        for name, _kind in reversed(_NEW):
            batch_op.drop_column(name)
