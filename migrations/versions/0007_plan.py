"""The plan: agenda, campaigns, days, posting times, subscriptions, shared views, minutes, stories handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What the package brought when this was written: month, day, name, whether a source confirms it, the source.
DAYS = (
    (1, 3, "Hari Amal Bakti Kementerian Agama", True, "subang.ayopiknik.id"),
    (1, 25, "Hari Gizi Nasional", True, "subang.ayopiknik.id"),
    (2, 9, "Hari Pers Nasional", True, "subang.ayopiknik.id"),
    (3, 8, "Hari Perempuan Internasional", True, "subang.ayopiknik.id"),
    (3, 9, "Hari Musik Nasional", True, "subang.ayopiknik.id"),
    (3, 17, "Hari Perawat Nasional", True, "subang.ayopiknik.id"),
    (3, 22, "Hari Air Sedunia", True, "subang.ayopiknik.id"),
    (3, 30, "Hari Film Nasional", True, "subang.ayopiknik.id"),
    (4, 6, "Hari Nelayan Nasional", True, "ahmadfasoni.blogspot.com"),
    (4, 7, "Hari Kesehatan Sedunia", True, "ahmadfasoni.blogspot.com"),
    (4, 21, "Hari Kartini", True, "ahmadfasoni.blogspot.com"),
    (5, 2, "Hari Pendidikan Nasional", True, "ahmadfasoni.blogspot.com"),
    (5, 20, "Hari Kebangkitan Nasional", False, ""),
    (7, 1, "Hari Bhayangkara", False, ""),
    (7, 12, "Hari Koperasi Indonesia", False, ""),
    (7, 14, "Hari Pajak", False, ""),
    (7, 23, "Hari Anak Nasional", False, ""),
    (9, 4, "Hari Pelanggan Nasional", False, ""),
    (9, 9, "Hari Olahraga Nasional", False, ""),
    (9, 26, "Hari Statistik", False, ""),
    (9, 28, "Hari Hak untuk Tahu Sedunia", False, ""),
    (10, 1, "Hari Kesaktian Pancasila", True, "pcnucilacap.com"),
    (10, 2, "Hari Batik Nasional", True, "Keppres 33/2009"),
    (10, 5, "Hari Tentara Nasional Indonesia", True, "pcnucilacap.com"),
    (10, 16, "Hari Pangan Sedunia", True, "pcnucilacap.com"),
    (10, 22, "Hari Santri Nasional", True, "Keppres 22/2015"),
    (10, 24, "Hari Dokter Nasional", True, "pcnucilacap.com"),
    (10, 27, "Hari Listrik Nasional", True, "pcnucilacap.com"),
    (10, 28, "Hari Sumpah Pemuda", True, "pcnucilacap.com"),
    (10, 30, "Hari Oeang Republik Indonesia", True, "pcnucilacap.com"),
    (11, 5, "Hari Cinta Puspa dan Satwa Nasional", True, "sumsel.tribunnews.com"),
    (11, 10, "Hari Pahlawan", False, ""),
    (11, 12, "Hari Kesehatan Nasional", True, "sumsel.tribunnews.com"),
    (11, 25, "Hari Guru Nasional", True, "sumsel.tribunnews.com"),
    (11, 29, "Hari Korpri", True, "sumsel.tribunnews.com"),
    (12, 9, "Hari Antikorupsi Sedunia", False, ""),
    (12, 19, "Hari Bela Negara", False, ""),
    (12, 22, "Hari Ibu", False, ""),
)


def upgrade() -> None:
    op.create_table(
        "agenda_feed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("etag", sa.String(length=300), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_agenda_feed_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_agenda_feed_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_feed")),
        sa.UniqueConstraint("office_id", "name", name=op.f("uq_agenda_feed_office_id_name")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("goal", sa.String(length=300), nullable=False),
        sa.Column("audience", sa.String(length=300), nullable=False),
        sa.Column("hashtag", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("adopted_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_campaign_dates_in_order")),
        sa.CheckConstraint("target IS NULL OR target > 0", name=op.f("ck_campaign_target_positive")),
        sa.ForeignKeyConstraint(
            ["adopted_from_id"], ["campaign.id"], name=op.f("fk_campaign_adopted_from_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_campaign_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_campaign_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("office_id", "name", name=op.f("uq_campaign_office_id_name")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_adopted_from_id"), ["adopted_from_id"], unique=False)
        batch_op.create_index("ix_campaign_office_dates", ["office_id", "ends_on", "starts_on"], unique=False)

    op.create_table(
        "day_settings",
        sa.Column(
            "office_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("shows_pawukon", sa.Boolean(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_day_settings_office_id_unit")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_day_settings")),
    )
    op.create_table(
        "editorial_meeting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("attendees", sa.String(length=500), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["app_user.id"], name=op.f("fk_editorial_meeting_closed_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_editorial_meeting_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_editorial_meeting_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editorial_meeting")),
        sa.UniqueConstraint("office_id", "week", name=op.f("uq_editorial_meeting_office_id_week")),
    )
    op.create_table(
        "shared_view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_shared_view_office_id_unit")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_shared_view_owner_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_view")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_shared_view_token_hash")),
    )
    with op.batch_alter_table("shared_view", schema=None) as batch_op:
        batch_op.create_index("ix_shared_view_office", ["office_id", "id"], unique=False)

    op.create_table(
        "special_day",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("lasts", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('national', 'office')", name=op.f("ck_special_day_kind")),
        sa.CheckConstraint("lasts BETWEEN 1 AND 60", name=op.f("ck_special_day_lasts")),
        sa.CheckConstraint(
            "month BETWEEN 1 AND 12 AND day BETWEEN 1 AND 31", name=op.f("ck_special_day_a_date")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_special_day_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_day")),
    )
    with op.batch_alter_table("special_day", schema=None) as batch_op:
        batch_op.create_index("ix_special_day_office", ["office_id", "month", "day"], unique=False)

    op.create_table(
        "agenda_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=255), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("continues_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("organizer", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.String(length=500), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("section_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("source_digest", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_agenda_event_ends_after_start")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_agenda_event_has_title")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_agenda_event_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["continues_id"], ["agenda_event.id"], name=op.f("fk_agenda_event_continues_id_agenda_event")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_agenda_event_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["agenda_feed.id"], name=op.f("fk_agenda_event_feed_id_agenda_feed")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_agenda_event_office_id_unit")),
        sa.ForeignKeyConstraint(["section_id"], ["unit.id"], name=op.f("fk_agenda_event_section_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_event")),
        sa.UniqueConstraint("office_id", "uid", name=op.f("uq_agenda_event_office_id_uid")),
    )
    with op.batch_alter_table("agenda_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_event_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agenda_event_continues_id"), ["continues_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agenda_event_feed_id"), ["feed_id"], unique=False)
        batch_op.create_index("ix_agenda_event_office_starts", ["office_id", "starts_at", "id"], unique=False)
        batch_op.create_index("ix_agenda_event_office_until", ["office_id", "until_at", "id"], unique=False)

    op.create_table(
        "campaign_offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("adopted_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["adopted_id"], ["campaign.id"], name=op.f("fk_campaign_offer_adopted_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_offer_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["app_user.id"], name=op.f("fk_campaign_offer_decided_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["offered_by"], ["app_user.id"], name=op.f("fk_campaign_offer_offered_by_app_user")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_campaign_offer_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_offer")),
        sa.UniqueConstraint("campaign_id", "office_id", name=op.f("uq_campaign_offer_campaign_id_office_id")),
    )
    with op.batch_alter_table("campaign_offer", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_offer_office", ["office_id", "state", "id"], unique=False)

    op.create_table(
        "campaign_share",
        sa.Column(
            "campaign_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "pillar_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("percent > 0 AND percent <= 100", name=op.f("ck_campaign_share_percent")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_share_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["pillar_id"], ["pillar.id"], name=op.f("fk_campaign_share_pillar_id_pillar")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "pillar_id", name=op.f("pk_campaign_share")),
    )
    with op.batch_alter_table("campaign_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_share_pillar_id"), ["pillar_id"], unique=False)

    op.create_table(
        "meeting_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject_title", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["app_user.id"], name=op.f("fk_meeting_note_author_id_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["editorial_meeting.id"],
            name=op.f("fk_meeting_note_meeting_id_editorial_meeting"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_note")),
    )
    with op.batch_alter_table("meeting_note", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_note_meeting", ["meeting_id", "id"], unique=False)

    op.create_table(
        "agenda_exception",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("occurrence", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_dropped", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("needs", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(40), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "ends_at IS NULL OR starts_at IS NULL OR ends_at > starts_at",
            name=op.f("ck_agenda_exception_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["agenda_event.id"], name=op.f("fk_agenda_exception_event_id_agenda_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_exception")),
        sa.UniqueConstraint("event_id", "occurrence", name=op.f("uq_agenda_exception_event_id_occurrence")),
    )
    with op.batch_alter_table("agenda_exception", schema=None) as batch_op:
        batch_op.create_index("ix_agenda_exception_starts", ["starts_at"], unique=False)

    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'channel') = (account_id IS NOT NULL)", name=op.f("ck_calendar_feed_channel_has_account")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_calendar_feed_account_id_channel_account")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_calendar_feed_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["app_user.id"], name=op.f("fk_calendar_feed_owner_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_feed_owner", ["owner_id", "id"], unique=False)

    op.create_table(
        "posting_slot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("clock", sa.Time(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_posting_slot_weekday")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_posting_slot_account_id_channel_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_slot")),
        sa.UniqueConstraint(
            "account_id", "weekday", "clock", name=op.f("uq_posting_slot_account_id_weekday_clock")
        ),
    )
    op.create_table(
        "feed_entry",
        sa.Column(
            "feed_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column(
            "ref_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["calendar_feed.id"], name=op.f("fk_feed_entry_feed_id_calendar_feed")
        ),
        sa.PrimaryKeyConstraint("feed_id", "kind", "ref_id", name=op.f("pk_feed_entry")),
    )
    op.create_table(
        "agenda_import",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_agenda_import_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_agenda_import_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_import")),
    )
    with op.batch_alter_table("agenda_import", schema=None) as batch_op:
        batch_op.create_index("ix_agenda_import_owner", ["created_by", "id"], unique=False)

    op.create_table(
        "story_handover",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("from_office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("taken_as_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_office_id <> to_office_id", name=op.f("ck_story_handover_two_offices")),
        sa.ForeignKeyConstraint(
            ["campaign_offer_id"],
            ["campaign_offer.id"],
            name=op.f("fk_story_handover_campaign_offer_id_campaign_offer"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["app_user.id"], name=op.f("fk_story_handover_decided_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["from_office_id"], ["unit.id"], name=op.f("fk_story_handover_from_office_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["offered_by"], ["app_user.id"], name=op.f("fk_story_handover_offered_by_app_user")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_handover_story_id_story")),
        sa.ForeignKeyConstraint(
            ["taken_as_id"], ["story.id"], name=op.f("fk_story_handover_taken_as_id_story")
        ),
        sa.ForeignKeyConstraint(
            ["to_office_id"], ["unit.id"], name=op.f("fk_story_handover_to_office_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["story_version.id"], name=op.f("fk_story_handover_version_id_story_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_handover")),
    )
    with op.batch_alter_table("story_handover", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_story_handover_from_office_id"), ["from_office_id"], unique=False
        )
        batch_op.create_index("ix_story_handover_story", ["story_id", "to_office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_story_handover_taken_as_id"), ["taken_as_id"], unique=False)
        batch_op.create_index("ix_story_handover_to", ["to_office_id", "state", "id"], unique=False)

    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("copied_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_consent_copied_from_id"), ["copied_from_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_consent_copied_from_id_consent"), "consent", ["copied_from_id"], ["id"]
        )

    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(
            "ix_post_waiting",
            ["office_id", "created_at", "id"],
            unique=False,
            sqlite_where=sa.text("scheduled_at IS NULL AND removed_at IS NULL"),
            postgresql_where=sa.text("scheduled_at IS NULL AND removed_at IS NULL"),
        )
    # What was recorded as published already had its time: it is none of those that wait for one.
    op.execute(
        "UPDATE post SET row_version = row_version + 1, scheduled_at = (SELECT delivery.published_at FROM delivery "
        "WHERE delivery.post_id = post.id AND delivery.generation = post.generation) "
        "WHERE scheduled_at IS NULL AND EXISTS (SELECT 1 FROM delivery WHERE delivery.post_id = post.id "
        "AND delivery.generation = post.generation AND delivery.state = 'published')"
    )

    with op.batch_alter_table("channel_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("min_gap_minutes", sa.Integer(), nullable=False, server_default="60"))
        batch_op.add_column(sa.Column("weekly_quota", sa.Integer(), nullable=True))

    with op.batch_alter_table("desk_default", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.String(40), nullable=False, server_default="desk"))
        batch_op.drop_constraint("pk_desk_default", type_="primary")
        batch_op.create_primary_key("pk_desk_default", ["user_id", "office_id", "place"])
    with op.batch_alter_table("desk_default", schema=None) as batch_op:
        batch_op.alter_column(
            "place", server_default=None, existing_type=sa.String(40), existing_nullable=False
        )

    with op.batch_alter_table("desk_view", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.String(40), nullable=False, server_default="desk"))
        batch_op.drop_index(batch_op.f("ix_desk_view_office"))
        batch_op.create_index("ix_desk_view_office", ["office_id", "place", "owner_id", "id"], unique=False)

    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("occurrence", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("own_embargo_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_story_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_story_event_id"), ["event_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_story_event_id_agenda_event"), "agenda_event", ["event_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_story_campaign_id_campaign"), "campaign", ["campaign_id"], ["id"]
        )

    # Until now every office set its own.
    op.execute("UPDATE story SET own_embargo_until = embargo_until")

    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("copied_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_asset_copied_from_id"), ["copied_from_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_asset_copied_from_id_asset"), "asset", ["copied_from_id"], ["id"]
        )

    with op.batch_alter_table("desk_view", schema=None) as batch_op:
        batch_op.alter_column(
            "place", server_default=None, existing_type=sa.String(40), existing_nullable=False
        )
    with op.batch_alter_table("channel_account", schema=None) as batch_op:
        batch_op.alter_column(
            "min_gap_minutes", server_default=None, existing_type=sa.Integer(), existing_nullable=False
        )
    connection = op.get_bind()
    _give_days(connection)


def downgrade() -> None:
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("ix_post_waiting")
    op.execute("DELETE FROM desk_default WHERE place <> 'desk'")
    op.execute("DELETE FROM desk_view WHERE place <> 'desk'")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_consent_copied_from_id_consent"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_consent_copied_from_id"))
        batch_op.drop_column("copied_from_id")

    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_asset_copied_from_id_asset"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_asset_copied_from_id"))
        batch_op.drop_column("copied_from_id")

    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_story_campaign_id_campaign"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_story_event_id_agenda_event"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_story_event_id"))
        batch_op.drop_index(batch_op.f("ix_story_campaign_id"))
        batch_op.drop_column("own_embargo_until")
        batch_op.drop_column("occurrence")
        batch_op.drop_column("event_id")
        batch_op.drop_column("campaign_id")

    with op.batch_alter_table("desk_view", schema=None) as batch_op:
        batch_op.drop_index("ix_desk_view_office")
        batch_op.create_index(
            batch_op.f("ix_desk_view_office"), ["office_id", "owner_id", "id"], unique=False
        )
        batch_op.drop_column("place")

    with op.batch_alter_table("desk_default", schema=None) as batch_op:
        batch_op.drop_constraint("pk_desk_default", type_="primary")
        batch_op.drop_column("place")
        batch_op.create_primary_key("pk_desk_default", ["user_id", "office_id"])

    with op.batch_alter_table("channel_account", schema=None) as batch_op:
        batch_op.drop_column("weekly_quota")
        batch_op.drop_column("min_gap_minutes")

    with op.batch_alter_table("story_handover", schema=None) as batch_op:
        batch_op.drop_index("ix_story_handover_to")
        batch_op.drop_index(batch_op.f("ix_story_handover_taken_as_id"))
        batch_op.drop_index("ix_story_handover_story")
        batch_op.drop_index(batch_op.f("ix_story_handover_from_office_id"))

    op.drop_table("story_handover")
    with op.batch_alter_table("agenda_import", schema=None) as batch_op:
        batch_op.drop_index("ix_agenda_import_owner")

    op.drop_table("agenda_import")
    op.drop_table("feed_entry")
    op.drop_table("posting_slot")
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index("ix_calendar_feed_owner")

    op.drop_table("calendar_feed")
    with op.batch_alter_table("agenda_exception", schema=None) as batch_op:
        batch_op.drop_index("ix_agenda_exception_starts")

    op.drop_table("agenda_exception")
    with op.batch_alter_table("meeting_note", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_note_meeting")

    op.drop_table("meeting_note")
    with op.batch_alter_table("campaign_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_share_pillar_id"))

    op.drop_table("campaign_share")
    with op.batch_alter_table("campaign_offer", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_offer_office")

    op.drop_table("campaign_offer")
    with op.batch_alter_table("agenda_event", schema=None) as batch_op:
        batch_op.drop_index("ix_agenda_event_office_until")
        batch_op.drop_index("ix_agenda_event_office_starts")
        batch_op.drop_index(batch_op.f("ix_agenda_event_feed_id"))
        batch_op.drop_index(batch_op.f("ix_agenda_event_continues_id"))
        batch_op.drop_index(batch_op.f("ix_agenda_event_campaign_id"))

    op.drop_table("agenda_event")
    with op.batch_alter_table("special_day", schema=None) as batch_op:
        batch_op.drop_index("ix_special_day_office")

    op.drop_table("special_day")
    with op.batch_alter_table("shared_view", schema=None) as batch_op:
        batch_op.drop_index("ix_shared_view_office")

    op.drop_table("shared_view")
    op.drop_table("editorial_meeting")
    op.drop_table("day_settings")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_office_dates")
        batch_op.drop_index(batch_op.f("ix_campaign_adopted_from_id"))

    op.drop_table("campaign")
    op.drop_table("agenda_feed")


def _give_days(connection: sa.Connection) -> None:
    """Offices that exist get the national days that a new one begins with."""
    offices = connection.execute(sa.text("SELECT id FROM unit WHERE kind = 'office'")).scalars().all()
    rows = [
        {"office": office, "month": month, "day": day, "name": name, "sure": sure, "source": source}
        for office in offices
        for month, day, name, sure, source in DAYS
    ]
    if rows:
        connection.execute(
            sa.text(
                "INSERT INTO special_day "
                "(office_id, kind, month, day, lasts, name, is_confirmed, source, is_active, row_version) "
                "VALUES (:office, 'national', :month, :day, 1, :name, :sure, :source, TRUE, 1)"
            ),
            rows,
        )
