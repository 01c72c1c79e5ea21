"""Channels: connections, steps of a delivery, what follows it, lanes of jobs, texts of a post, numbers of channels."""

import hashlib
import json
import re
import unicodedata
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Kinds of notices that the version before does not know: it could not show a list with one of them.
NEW_NOTICES = (
    "account_paused", "account_resumed", "by_hand_late", "connection_broken", "connection_expiring",
    "follow_up_failed", "manual_late", "post_link_gone", "post_no_quota", "post_uncertain", "post_waits",
    "posts_in_trouble", "removal_due",
)  # fmt: skip
_LINK = re.compile(r"https?://\S+")
_WORD = re.compile(r"\w+")


def upgrade() -> None:
    op.create_table(
        "app_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("instance", sa.String(length=300), nullable=False),
        sa.Column("client_id", sa.String(length=300), nullable=False),
        sa.Column("client_secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_app_key_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_key")),
        sa.UniqueConstraint(
            "office_id", "provider", "instance", name=op.f("uq_app_key_office_id_provider_instance")
        ),
    )
    op.create_table(
        "channel_authorization",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("app_key_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("outlets", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_account.id"],
            name=op.f("fk_channel_authorization_account_id_channel_account"),
        ),
        sa.ForeignKeyConstraint(
            ["app_key_id"], ["app_key.id"], name=op.f("fk_channel_authorization_app_key_id_app_key")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["unit.id"], name=op.f("fk_channel_authorization_office_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_channel_authorization_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_authorization")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_channel_authorization_state_hash")),
    )
    with op.batch_alter_table("channel_authorization", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_authorization_account_id"), ["account_id"], unique=False)

    op.create_table(
        "channel_connection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("adapter", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("app_key_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("handle", sa.String(length=200), nullable=False),
        sa.Column("scopes", sa.String(length=1000), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("connected_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresh_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_days", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.String(length=40), nullable=False),
        sa.Column("error_detail", sa.Text(), nullable=False),
        sa.Column("quota_used", sa.Integer(), nullable=True),
        sa.Column("quota_total", sa.Integer(), nullable=True),
        sa.Column("quota_resets_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_account.id"],
            name=op.f("fk_channel_connection_account_id_channel_account"),
        ),
        sa.ForeignKeyConstraint(
            ["app_key_id"], ["app_key.id"], name=op.f("fk_channel_connection_app_key_id_app_key")
        ),
        sa.ForeignKeyConstraint(
            ["connected_by"], ["app_user.id"], name=op.f("fk_channel_connection_connected_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["unit.id"], name=op.f("fk_channel_connection_office_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_connection")),
        sa.UniqueConstraint("account_id", name=op.f("uq_channel_connection_account_id")),
    )
    with op.batch_alter_table("channel_connection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_connection_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_connection_state"), ["state"], unique=False)

    op.create_table(
        "post_base",
        sa.Column(
            "story_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("hashtags", sa.JSON(), nullable=False),
        sa.Column("updated_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_post_base_story_id_story")),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["app_user.id"], name=op.f("fk_post_base_updated_by_app_user")
        ),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_post_base")),
    )
    op.create_table(
        "media_opening",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("crop", sa.String(length=10), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_media_opening_asset_id_asset")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_media_opening_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_opening")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_media_opening_token_hash")),
    )
    with op.batch_alter_table("media_opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_opening_delivery_id"), ["delivery_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_opening_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "metric_snapshot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("api_version", sa.String(length=40), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("likes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("comments", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("shares", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("saves", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("clicks", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("views", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reach", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("impressions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("followers", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_metric_snapshot_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_metric_snapshot_office_id_unit")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_metric_snapshot_post_id_post")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["app_user.id"], name=op.f("fk_metric_snapshot_recorded_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric_snapshot")),
    )
    with op.batch_alter_table("metric_snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_metric_snapshot_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_metric_snapshot_post", ["post_id", "captured_at"], unique=False)

    with op.batch_alter_table("channel_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("paused_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("pause_reason", sa.String(length=300), nullable=False, server_default="")
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_channel_account_paused_by_app_user"), "app_user", ["paused_by"], ["id"]
        )

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("identity", sa.String(length=400), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("prepare_state", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("absent_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answer_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("error_code", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("correct_state", sa.String(40), nullable=False, server_default="none"))
        batch_op.add_column(sa.Column("retract_state", sa.String(40), nullable=False, server_default="none"))
        batch_op.add_column(
            sa.Column("retract_asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("retract_asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("comment_state", sa.String(40), nullable=False, server_default="none"))
        batch_op.add_column(sa.Column("comment_id", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("follow_up_error", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("link_state", sa.String(40), nullable=False, server_default="unknown"))
        batch_op.add_column(sa.Column("link_checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("link_gone_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("link_gone_times", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("metrics_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column(
            "external_id",
            existing_type=sa.VARCHAR(length=200),
            type_=sa.String(length=300),
            existing_nullable=True,
        )
        batch_op.create_index("ix_delivery_link_checked", ["state", "link_checked_at", "id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_delivery_retract_asked_by_app_user"), "app_user", ["retract_asked_by"], ["id"]
        )

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer_sha256", sa.String(length=64), nullable=True))

    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lane", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="5"))
        batch_op.create_index(
            "uq_job_running_lane",
            ["lane"],
            unique=True,
            sqlite_where=sa.text("state = 'running' AND lane IS NOT NULL"),
            postgresql_where=sa.text("state = 'running' AND lane IS NOT NULL"),
        )

    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("repost_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_post_repost_of_id"), ["repost_of_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_post_repost_of_id_post"), "post", ["repost_of_id"], ["id"])

    with op.batch_alter_table("post_picture", schema=None) as batch_op:
        batch_op.add_column(sa.Column("crop", sa.String(length=10), nullable=False, server_default=""))

    with op.batch_alter_table("post_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("hashtags", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("first_comment", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("adds_utm", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column("utm_campaign", sa.String(length=120), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("follows_base", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("shows_story", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column("words_digest", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.create_index(batch_op.f("ix_post_version_words_digest"), ["words_digest"], unique=False)

    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("counts_reposts", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    # The own newsroom was the only channel that showed the story itself.
    op.execute(
        "UPDATE post_version SET shows_story = true WHERE post_id IN (SELECT post.id FROM post "
        "JOIN channel_account ON channel_account.id = post.account_id WHERE channel_account.adapter = 'web')"
    )
    _digest_words(op.get_bind())

    # Whoever is concerned has heard of what was in trouble before: it is not told again.
    op.execute(
        "UPDATE delivery SET told_at = updated_at WHERE state IN ('held', 'late', 'failed', 'unknown')"
    )

    # What is scheduled goes before everything else, and what one account sends goes one after the other: also what has
    # ended, for a post that is given another time keeps its job. Of a lane one may run: what runs just now has none.
    ident = "CAST(job.ref AS BIGINT)"
    op.execute("UPDATE job SET priority = 0 WHERE kind IN ('publishing.publish', 'publishing.correct')")
    for kind, table in (("publishing.publish", "post"), ("publishing.correct", "delivery")):
        op.execute(
            f"UPDATE job SET lane = (SELECT 'account:' || {table}.account_id FROM {table} "  # noqa: S608 (names)
            f"WHERE {table}.id = {ident}) WHERE kind = '{kind}' AND state <> 'running'"
        )

    # What waits, in the order in which it is taken up.
    op.create_index(
        "ix_job_queued", "job", ["priority", "due_at", "id"], unique=False,
        sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'"),
    )  # fmt: skip

    # What went wrong with live posts and nobody has heard of: few rows among many.
    untold = (
        "told_at IS NULL AND (retract_state IN ('failed', 'unknown') "
        "OR correct_state IN ('failed', 'unknown') OR comment_state IN ('failed', 'unknown') OR link_state = 'gone')"
    )
    op.create_index(
        "ix_delivery_live_trouble", "delivery", ["office_id"], unique=False,
        sqlite_where=sa.text(untold), postgresql_where=sa.text(untold),
    )  # fmt: skip
    by_hand = "(correct_state = 'by_hand' OR retract_state = 'by_hand')"
    op.create_index(
        "ix_delivery_by_hand", "delivery", ["id"], unique=False,
        sqlite_where=sa.text(by_hand), postgresql_where=sa.text(by_hand),
    )  # fmt: skip
    op.create_index("ix_notification_subject", "notification", ["subject_type", "subject_id"], unique=False)


def _digest_words(connection: sa.Connection) -> None:
    """What was said lately and is about to be said is warned of when it is said again: the words of these texts as
    humasflow/posts/contents.py had them at the time of this migration, but for links without ``https://``.
    """
    lately = datetime.now(UTC) - timedelta(days=30)  # noqa: TID251 (a migration stands apart from the product)
    rows = connection.execute(
        sa.text(
            "SELECT post_version.id, post_version.text FROM post JOIN post_version "
            "ON post_version.id = post.current_version_id WHERE post.scheduled_at >= :since"
        ).bindparams(sa.bindparam("since", lately, sa.DateTime(timezone=True)))
    ).all()
    for ident, words in rows:
        found = _WORD.findall(unicodedata.normalize("NFKC", _LINK.sub(" ", words)).casefold())
        if found:
            plain = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            connection.execute(
                sa.text("UPDATE post_version SET words_digest = :digest WHERE id = :id"),
                {"id": ident, "digest": hashlib.sha256(plain.encode()).hexdigest()},
            )


def downgrade() -> None:
    kinds = ", ".join(f"'{kind}'" for kind in NEW_NOTICES)
    op.execute(f"DELETE FROM notification WHERE kind IN ({kinds})")  # noqa: S608 (names of ours)
    # What waits for its account or its quota waits for a person then; what was ready is prepared anew.
    op.execute("UPDATE delivery SET state = 'late' WHERE state IN ('paused', 'needs_reauth', 'quota_wait')")
    op.execute("UPDATE delivery SET state = 'preparing' WHERE state = 'prepared'")
    # Accounts that were connected are posted to by hand again; what was on its way may or may not have arrived.
    op.execute(
        "UPDATE delivery SET state = 'unknown' WHERE state = 'committing' AND account_id IN "
        "(SELECT id FROM channel_account WHERE adapter NOT IN ('web', 'manual'))"
    )
    op.execute("UPDATE channel_account SET adapter = 'manual' WHERE adapter NOT IN ('web', 'manual')")
    op.execute(
        "UPDATE delivery SET external_id = substr(external_id, 1, 200) WHERE length(external_id) > 200"
    )
    op.drop_index("ix_notification_subject", table_name="notification")
    op.drop_index("ix_delivery_by_hand", table_name="delivery")
    op.drop_index("ix_delivery_live_trouble", table_name="delivery")
    op.drop_index("ix_job_queued", table_name="job")
    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.drop_column("counts_reposts")

    with op.batch_alter_table("post_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_version_words_digest"))
        batch_op.drop_column("words_digest")
        batch_op.drop_column("follows_base")
        batch_op.drop_column("shows_story")
        batch_op.drop_column("utm_campaign")
        batch_op.drop_column("adds_utm")
        batch_op.drop_column("first_comment")
        batch_op.drop_column("hashtags")
        batch_op.drop_column("title")

    with op.batch_alter_table("post_picture", schema=None) as batch_op:
        batch_op.drop_column("crop")

    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_post_repost_of_id_post"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_post_repost_of_id"))
        batch_op.drop_column("repost_of_id")

    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_job_running_lane",
            sqlite_where=sa.text("state = 'running' AND lane IS NOT NULL"),
            postgresql_where=sa.text("state = 'running' AND lane IS NOT NULL"),
        )
        batch_op.drop_column("priority")
        batch_op.drop_column("lane")

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_column("answer_sha256")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_delivery_retract_asked_by_app_user"), type_="foreignkey")
        batch_op.drop_index("ix_delivery_link_checked")
        batch_op.alter_column(
            "external_id",
            existing_type=sa.String(length=300),
            type_=sa.VARCHAR(length=200),
            existing_nullable=True,
        )
        batch_op.drop_column("identity")
        batch_op.drop_column("metrics_at")
        batch_op.drop_column("link_gone_times")
        batch_op.drop_column("link_gone_since")
        batch_op.drop_column("link_checked_at")
        batch_op.drop_column("link_state")
        batch_op.drop_column("follow_up_error")
        batch_op.drop_column("comment_id")
        batch_op.drop_column("comment_state")
        batch_op.drop_column("retract_asked_at")
        batch_op.drop_column("retract_asked_by")
        batch_op.drop_column("retract_state")
        batch_op.drop_column("correct_state")
        batch_op.drop_column("told_at")
        batch_op.drop_column("error_code")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("answer_sha256")
        batch_op.drop_column("absent_at")
        batch_op.drop_column("next_at")
        batch_op.drop_column("first_tried_at")
        batch_op.drop_column("attempts")
        batch_op.drop_column("prepare_state")

    with op.batch_alter_table("channel_account", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_channel_account_paused_by_app_user"), type_="foreignkey")
        batch_op.drop_column("pause_reason")
        batch_op.drop_column("paused_by")
        batch_op.drop_column("paused_at")

    with op.batch_alter_table("metric_snapshot", schema=None) as batch_op:
        batch_op.drop_index("ix_metric_snapshot_post")
        batch_op.drop_index(batch_op.f("ix_metric_snapshot_office_id"))

    op.drop_table("metric_snapshot")
    with op.batch_alter_table("media_opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_opening_expires_at"))
        batch_op.drop_index(batch_op.f("ix_media_opening_delivery_id"))

    op.drop_table("media_opening")
    op.drop_table("post_base")
    with op.batch_alter_table("channel_connection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_connection_state"))
        batch_op.drop_index(batch_op.f("ix_channel_connection_office_id"))

    op.drop_table("channel_connection")
    with op.batch_alter_table("channel_authorization", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_authorization_account_id"))

    op.drop_table("channel_authorization")
    op.drop_table("app_key")
