"""Production roles, assignments and absences."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


ROLES = (
    ("peliput", "Peliput", "Hadir di acara, mencatat fakta, kutipan, nama, dan jabatan."),
    ("penulis", "Penulis", "Menulis naskah sampai siap direviu."),
    ("fotografer", "Fotografer", "Memotret dan menyerahkan foto terpilih beserta keterangannya."),
    ("videografer", "Videografer", "Merekam dan menyunting video."),
    ("desainer", "Desainer", "Membuat infografis, poster, atau sampul."),
    ("editor", "Editor", "Menyunting bahasa dan memeriksa fakta."),
    ("admin_medsos", "Admin medsos", "Menyiapkan takarir dan mengunggah ke media sosial."),
    ("narasumber", "Narasumber", "Memberi data atau keterangan untuk naskah."),
)


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_absence_dates_in_order")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_absence_office_id_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_absence_user_id_app_user")),
        sa.ForeignKeyConstraint(["written_by"], ["app_user.id"], name=op.f("fk_absence_written_by_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )

    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_user_ends", ["user_id", "ends_on"], unique=False)

    op.create_table(
        "production_role",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("hint", sa.String(length=300), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_production_role_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_production_role")),
        sa.UniqueConstraint("office_id", "code", name=op.f("uq_production_role_office_id_code")),
    )

    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("done_note", sa.String(length=300), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("soon_told", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_told", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_assignment_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(["done_by"], ["app_user.id"], name=op.f("fk_assignment_done_by_app_user")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_assignment_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["app_user.id"], name=op.f("fk_assignment_person_id_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["assignment.id"], name=op.f("fk_assignment_replaces_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["production_role.id"], name=op.f("fk_assignment_role_id_production_role")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_assignment_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_assignment_replaces_id")),
    )

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assignment_office_state_due", ["office_id", "state", "due_at"], unique=False
        )
        batch_op.create_index(
            "ix_assignment_person_state_due", ["person_id", "state", "due_at", "id"], unique=False
        )
        batch_op.create_index("ix_assignment_story_state", ["story_id", "state"], unique=False)
    _give_roles(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_story_state")
        batch_op.drop_index("ix_assignment_person_state_due")
        batch_op.drop_index("ix_assignment_office_state_due")

    op.drop_table("assignment")

    op.drop_table("production_role")

    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index("ix_absence_user_ends")

    op.drop_table("absence")


def _give_roles(connection: sa.Connection) -> None:
    """Offices that exist get the roles that a new one begins with."""
    offices = connection.execute(sa.text("SELECT id FROM unit WHERE kind = 'office'")).scalars().all()
    rows = [
        {"office": office, "code": code, "label": label, "hint": hint, "position": position}
        for office in offices
        for position, (code, label, hint) in enumerate(ROLES)
    ]
    if rows:
        connection.execute(
            sa.text(
                "INSERT INTO production_role (office_id, code, label, hint, is_active, position, row_version) "
                "VALUES (:office, :code, :label, :hint, TRUE, :position, 1)"
            ),
            rows,
        )
