"""Scoring in full: nine kinds of component, drafts, targets for everybody, points, measurements, closes, results."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EXACT = sa.String(40).with_variant(sa.Numeric(18, 6), "postgresql")


def upgrade() -> None:
    op.create_table(
        "attribution_policy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("set_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["unit.id"], name=op.f("fk_attribution_policy_office_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["app_user.id"], name=op.f("fk_attribution_policy_set_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribution_policy")),
    )
    with op.batch_alter_table("attribution_policy", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attribution_policy_office", ["office_id", "effective_from", "id"], unique=False
        )

    op.create_table(
        "official_result",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scheme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("component_key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(40).with_variant(sa.Numeric(18, 6), "postgresql"), nullable=True),
        sa.Column("out_of", sa.Integer(), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_official_result_asset_id_asset")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_official_result_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["app_user.id"], name=op.f("fk_official_result_recorded_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["score_scheme.id"], name=op.f("fk_official_result_scheme_id_score_scheme")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"],
            ["official_result.id"],
            name=op.f("fk_official_result_supersedes_id_official_result"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_result")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_official_result_supersedes_id")),
    )
    with op.batch_alter_table("official_result", schema=None) as batch_op:
        batch_op.create_index("ix_official_result_lookup", ["office_id", "period", "id"], unique=False)

    op.create_table(
        "period_close",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scheme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scheme_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_label", sa.String(length=300), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("reopened_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopen_reason", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["app_user.id"], name=op.f("fk_period_close_closed_by_app_user")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_period_close_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["reopened_by"], ["app_user.id"], name=op.f("fk_period_close_reopened_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["score_scheme.id"], name=op.f("fk_period_close_scheme_id_score_scheme")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_version_id"],
            ["scheme_version.id"],
            name=op.f("fk_period_close_scheme_version_id_scheme_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_close")),
        sa.UniqueConstraint(
            "scheme_id", "period", "number", name=op.f("uq_period_close_scheme_id_period_number")
        ),
    )
    with op.batch_alter_table("period_close", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_period_close_office_id"), ["office_id"], unique=False)

    op.create_table(
        "score_count",
        sa.Column(
            "office_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "scheme_version_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("component_key", sa.String(length=60), nullable=False),
        sa.Column("beneficiary", sa.String(40), nullable=False),
        sa.Column(
            "beneficiary_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.String(40).with_variant(sa.Numeric(18, 6), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_score_count_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["scheme_version_id"],
            ["scheme_version.id"],
            name=op.f("fk_score_count_scheme_version_id_scheme_version"),
        ),
        sa.PrimaryKeyConstraint(
            "office_id",
            "scheme_version_id",
            "period",
            "component_key",
            "beneficiary",
            "beneficiary_id",
            "state",
            name=op.f("pk_score_count"),
        ),
    )
    op.create_table(
        "measurement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scheme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("component_key", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_label", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_measurement_asset_id_asset")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_measurement_office_id_unit")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_measurement_post_id_post")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["app_user.id"], name=op.f("fk_measurement_recorded_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["score_scheme.id"], name=op.f("fk_measurement_scheme_id_score_scheme")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["measurement.id"], name=op.f("fk_measurement_supersedes_id_measurement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_measurement_supersedes_id")),
    )
    with op.batch_alter_table("measurement", schema=None) as batch_op:
        batch_op.create_index(
            "ix_measurement_lookup", ["office_id", "scheme_id", "period", "component_key", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_measurement_post_id"), ["post_id"], unique=False)

    op.create_table(
        "point",
        sa.Column(
            "delivery_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_point_delivery_id_delivery")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_point_office_id_unit")),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_point")),
    )
    with op.batch_alter_table("point", schema=None) as batch_op:
        batch_op.create_index(
            "ix_point_state", ["office_id", "state", "live_at", "delivery_id"], unique=False
        )

    with op.batch_alter_table("component") as batch_op:
        batch_op.add_column(sa.Column("polarity", sa.String(40), nullable=False, server_default="maximise"))
        for name, empty in (
            ("parameters", "{}"),
            ("account_ids", "[]"),
            ("pillar_ids", "[]"),
            ("campaign_ids", "[]"),
            ("section_ids", "[]"),
        ):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default=empty))
        batch_op.add_column(
            sa.Column("counts_unverified", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.alter_column("cap", existing_type=EXACT, nullable=True)
    with op.batch_alter_table("component") as batch_op:
        for name in (
            "polarity",
            "parameters",
            "account_ids",
            "pillar_ids",
            "campaign_ids",
            "section_ids",
            "counts_unverified",
        ):
            batch_op.alter_column(name, server_default=None)

    with op.batch_alter_table("ledger_entry") as batch_op:
        batch_op.drop_index("ix_ledger_entry_standing")
        batch_op.alter_column(
            "quarter", new_column_name="period", existing_type=sa.String(8), existing_nullable=False
        )
        batch_op.add_column(sa.Column("measurement_id", ID, nullable=True))
        batch_op.add_column(sa.Column("adjusts", sa.String(8), nullable=True))
        batch_op.add_column(
            sa.Column("stands_alone", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.alter_column("delivery_id", existing_type=ID, nullable=True)
        batch_op.create_foreign_key(
            batch_op.f("fk_ledger_entry_measurement_id_measurement"),
            "measurement",
            ["measurement_id"],
            ["id"],
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_ledger_entry_one_subject"), "delivery_id IS NULL OR measurement_id IS NULL"
        )
    with op.batch_alter_table("ledger_entry") as batch_op:
        batch_op.alter_column("stands_alone", server_default=None)
        batch_op.create_index(
            "ix_ledger_entry_standing", ["office_id", "period", "scheme_version_id", "component_key"]
        )
        batch_op.create_index(
            "ix_ledger_entry_beneficiary", ["office_id", "period", "beneficiary", "beneficiary_id"]
        )
        batch_op.create_index(batch_op.f("ix_ledger_entry_measurement_id"), ["measurement_id"])

    with op.batch_alter_table("scheme_version") as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(40), nullable=False, server_default="active"))
        batch_op.add_column(sa.Column("total_cap", EXACT, nullable=True))
        batch_op.add_column(
            sa.Column("consolidation", sa.String(40), nullable=False, server_default="average")
        )
        batch_op.add_column(sa.Column("conversion", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("bands", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("activated_by", ID, nullable=True))
        batch_op.add_column(sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("row_version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_foreign_key(
            batch_op.f("fk_scheme_version_activated_by_app_user"), "app_user", ["activated_by"], ["id"]
        )
    with op.batch_alter_table("scheme_version") as batch_op:
        for name in ("state", "consolidation", "conversion", "bands", "row_version"):
            batch_op.alter_column(name, server_default=None)
    op.execute("UPDATE scheme_version SET activated_by = created_by, activated_at = created_at")

    with op.batch_alter_table("score_scheme") as batch_op:
        batch_op.add_column(sa.Column("preset", sa.String(40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("period_type", sa.String(40), nullable=False, server_default="quarter"))
        batch_op.add_column(sa.Column("origin_id", ID, nullable=True))
        batch_op.create_index("ix_score_scheme_origin_id", ["origin_id"])
        batch_op.create_foreign_key(
            "fk_score_scheme_origin_id_score_scheme", "score_scheme", ["origin_id"], ["id"]
        )
    with op.batch_alter_table("score_scheme") as batch_op:
        for name in ("preset", "period_type"):
            batch_op.alter_column(name, server_default=None)

    with op.batch_alter_table("target") as batch_op:
        batch_op.drop_index("ix_target_lookup")
        batch_op.alter_column(
            "quarter", new_column_name="period", existing_type=sa.String(8), existing_nullable=False
        )
        batch_op.add_column(sa.Column("scope", sa.String(40), nullable=False, server_default="office"))
        batch_op.add_column(sa.Column("scope_id", ID, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("upper", EXACT, nullable=True))
        batch_op.add_column(
            sa.Column("is_withdrawn", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("target") as batch_op:
        for name in ("scope", "scope_id", "is_withdrawn"):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_index("ix_target_lookup", ["office_id", "scheme_id", "period", "component_key", "id"])

    _add_up()


def _add_up() -> None:
    """Points and counts from the events and lines that are there: one state a publication, whole numbers only."""
    op.execute(
        """
        INSERT INTO point (delivery_id, office_id, state, live_at, since)
        SELECT d.id, d.office_id, e.state, COALESCE(d.published_at, e.at), e.at
        FROM point_event e
        JOIN (SELECT delivery_id, MAX(id) AS id FROM point_event GROUP BY delivery_id) newest ON newest.id = e.id
        JOIN delivery d ON d.id = e.delivery_id
        """
    )
    op.execute(
        """
        INSERT INTO score_count (office_id, scheme_version_id, period, component_key, beneficiary, beneficiary_id,
                                 state, number, quantity)
        SELECT l.office_id, l.scheme_version_id, l.period, l.component_key, l.beneficiary, l.beneficiary_id, p.state,
               SUM(CAST(l.quantity AS INTEGER)), SUM(CAST(l.quantity AS INTEGER))
        FROM ledger_entry l JOIN point p ON p.delivery_id = l.delivery_id
        GROUP BY l.office_id, l.scheme_version_id, l.period, l.component_key, l.beneficiary, l.beneficiary_id, p.state
        """
    )


def downgrade() -> None:
    """What the older tables cannot hold goes: drafts, measured components' lines, targets of sections and persons."""
    op.execute(
        "DELETE FROM component WHERE version_id IN (SELECT id FROM scheme_version WHERE state = 'draft')"
    )
    op.execute("DELETE FROM scheme_version WHERE state = 'draft'")
    op.execute(
        "DELETE FROM ledger_entry WHERE reverses_id IS NOT NULL AND (delivery_id IS NULL OR beneficiary <> 'office')"
    )
    op.execute("DELETE FROM ledger_entry WHERE delivery_id IS NULL OR beneficiary <> 'office'")
    op.execute("DELETE FROM target WHERE scope <> 'office' OR is_withdrawn OR period NOT LIKE '%-TW_'")
    op.execute("UPDATE component SET kind = 'count_ratio'")
    op.execute(
        "UPDATE component SET cap = '100' WHERE cap IS NULL"
        if _is_sqlite()
        else "UPDATE component SET cap = 100 WHERE cap IS NULL"
    )
    with op.batch_alter_table("target") as batch_op:
        batch_op.drop_index("ix_target_lookup")
        for name in ("is_withdrawn", "upper", "scope_id", "scope"):
            batch_op.drop_column(name)
        batch_op.alter_column(
            "period", new_column_name="quarter", existing_type=sa.String(8), existing_nullable=False
        )
    with op.batch_alter_table("target") as batch_op:
        batch_op.create_index(
            "ix_target_lookup", ["office_id", "scheme_id", "quarter", "component_key", "id"]
        )

    with op.batch_alter_table("score_scheme") as batch_op:
        batch_op.drop_constraint("fk_score_scheme_origin_id_score_scheme", type_="foreignkey")
        batch_op.drop_index("ix_score_scheme_origin_id")
        batch_op.drop_column("origin_id")
        batch_op.drop_column("period_type")
        batch_op.drop_column("preset")

    with op.batch_alter_table("scheme_version") as batch_op:
        batch_op.drop_constraint("fk_scheme_version_activated_by_app_user", type_="foreignkey")
        for name in (
            "row_version",
            "activated_at",
            "activated_by",
            "bands",
            "conversion",
            "consolidation",
            "total_cap",
            "state",
        ):
            batch_op.drop_column(name)

    with op.batch_alter_table("ledger_entry") as batch_op:
        batch_op.drop_index("ix_ledger_entry_measurement_id")
        batch_op.drop_index("ix_ledger_entry_beneficiary")
        batch_op.drop_index("ix_ledger_entry_standing")
        batch_op.drop_constraint(batch_op.f("ck_ledger_entry_one_subject"), type_="check")
        batch_op.drop_constraint("fk_ledger_entry_measurement_id_measurement", type_="foreignkey")
        batch_op.alter_column("delivery_id", existing_type=ID, nullable=False)
        batch_op.drop_column("stands_alone")
        batch_op.drop_column("adjusts")
        batch_op.drop_column("measurement_id")
        batch_op.alter_column(
            "period", new_column_name="quarter", existing_type=sa.String(8), existing_nullable=False
        )
    with op.batch_alter_table("ledger_entry") as batch_op:
        batch_op.create_index(
            "ix_ledger_entry_standing", ["office_id", "quarter", "scheme_version_id", "component_key"]
        )

    with op.batch_alter_table("component") as batch_op:
        batch_op.alter_column("cap", existing_type=EXACT, nullable=False)
        for name in (
            "counts_unverified",
            "section_ids",
            "campaign_ids",
            "pillar_ids",
            "account_ids",
            "parameters",
            "polarity",
        ):
            batch_op.drop_column(name)

    for name in (
        "point",
        "measurement",
        "score_count",
        "period_close",
        "official_result",
        "attribution_policy",
    ):
        op.drop_table(name)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
