"""What becomes of each table: how its rows belong to an office, or why they never leave.

A table that is missing here, or a column that looks like a secret and is not decided, fails the build
(``tests/archive/test_catalogue.py``).
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Own:
    """The row names its office. Several columns: it belongs to each office that one of them names."""

    columns: tuple[str, ...] = ("office_id",)


@dataclass(frozen=True)
class Through:
    """The row belongs to whom its parent row belongs to: ``column`` names the ``parent``'s id."""

    column: str
    parent: str


@dataclass(frozen=True)
class Either:
    """It belongs to an office by any of these ways."""

    ways: tuple[Own | Through, ...]


@dataclass(frozen=True)
class People:
    """Persons with a role in the office, now or before."""


@dataclass(frozen=True)
class Never:
    """Never exported; ``why`` stands in the handbook of the archive."""

    why: str


Rule = Own | Through | Either | People | Never

OWN: Final = Own()
_STORY: Final = Through("story_id", "story")
_PACKAGE: Final = Through("package_id", "package")
_DELIVERY: Final = Through("delivery_id", "delivery")
_SIGNED_IN: Final = Never("who is signed in where, and one-time links")
_MACHINERY: Final = Never("the installation's own work; made anew where something is still due")
_LINKS: Final = Never("secret links that people gave away; given out anew")
_KEYS: Final = Never("keys to other services, encrypted for this installation; connected anew")
_LETTERS: Final = Never("letters and messages on their way, full of links into this installation")
_MADE: Final = Never("files that were made out of the rest and expire; made anew")

CATALOGUE: Final[dict[str, Rule]] = {
    "absence": OWN,
    "agenda_event": OWN,
    "agenda_exception": Through("event_id", "agenda_event"),
    "agenda_feed": OWN,
    "agenda_import": OWN,
    "app_key": _KEYS,
    "app_user": People(),
    "approval_askee": Through("chain_id", "approval_chain"),
    "approval_chain": OWN,
    "approval_group": OWN,
    "approval_group_member": Through("group_id", "approval_group"),
    "approval_reminder": _PACKAGE,
    "approval_settings": OWN,
    "approval_step": Through("chain_id", "approval_chain"),
    "archive_run": _MADE,
    "asset": OWN,
    "asset_band": OWN,
    "asset_facts": OWN,
    "assignment": OWN,
    "attribution_policy": OWN,
    "audit_entry": OWN,
    "audit_head": OWN,
    "backfill_category": OWN,
    "backfill_item": Through("run_id", "backfill_run"),
    "backfill_run": OWN,
    "bulk_run": OWN,
    "calendar_feed": _LINKS,
    "campaign": OWN,
    "campaign_offer": Either((OWN, Through("campaign_id", "campaign"))),
    "campaign_share": Through("campaign_id", "campaign"),
    "channel_account": OWN,
    "channel_authorization": _KEYS,
    "channel_connection": _KEYS,
    "channel_kind": OWN,
    "checklist_item": OWN,
    "checklist_tick": _STORY,
    "comment": Through("thread_id", "comment_thread"),
    "comment_mention": Through("comment_id", "comment"),
    "comment_thread": _STORY,
    "component": Through("version_id", "scheme_version"),
    "consent": OWN,
    "content_type": OWN,
    "day_settings": OWN,
    "decision": _PACKAGE,
    "delivery": OWN,
    "desk_default": OWN,
    "desk_view": OWN,
    "edit_policy": OWN,
    "editorial_meeting": OWN,
    "evidence": _DELIVERY,
    "feed_entry": _LINKS,
    "finding_override": _STORY,
    "form_submission": _MACHINERY,
    "glossary_word": OWN,
    "guest_approver": OWN,
    "guest_link": _LINKS,
    "guest_visit": _LINKS,
    "import_batch": OWN,
    "import_heading": OWN,
    "import_row": Through("batch_id", "import_batch"),
    "incoming_mail": OWN,
    "invitation": _SIGNED_IN,
    "job": _MACHINERY,
    "ledger_entry": OWN,
    "letterhead": OWN,
    "mail_hold": OWN,
    "mail_message": _LETTERS,
    "mail_settings": OWN,
    "mailbox_settings": OWN,
    "measurement": OWN,
    "media_opening": _LINKS,
    "meeting_note": Through("meeting_id", "editorial_meeting"),
    "metric_snapshot": OWN,
    "notice_delivery": _LETTERS,
    "notice_habit": Through("user_id", "app_user"),
    "notice_preference": Through("user_id", "app_user"),
    "notice_rule": OWN,
    "notification": OWN,
    "official_result": OWN,
    "package": OWN,
    "package_item": _PACKAGE,
    "package_opening": _PACKAGE,
    "package_seat": _PACKAGE,
    "package_step": _PACKAGE,
    "pending_upload": _MACHINERY,
    "period_close": OWN,
    "pillar": OWN,
    "pitch": OWN,
    "pitch_photo": Through("pitch_id", "pitch"),
    "point": OWN,
    "point_event": _DELIVERY,
    "post": OWN,
    "post_base": _STORY,
    "post_picture": Through("version_id", "post_version"),
    "post_version": Through("post_id", "post"),
    "posting_slot": Through("account_id", "channel_account"),
    "production_role": OWN,
    "push_device": _SIGNED_IN,
    "push_key": _KEYS,
    "rate_window": _MACHINERY,
    "reader_count": _STORY,
    "report_delivery": Through("schedule_id", "report_schedule"),
    "report_file": _MADE,
    "report_recipient": Through("schedule_id", "report_schedule"),
    "report_run": _MADE,
    "report_schedule": OWN,
    "role_grant": Through("unit_id", "unit"),
    "rule_setting": OWN,
    "scheme_version": Through("scheme_id", "score_scheme"),
    "score_count": OWN,
    "score_scheme": OWN,
    "shared_view": _LINKS,
    "sign_in_code": _SIGNED_IN,
    "special_day": OWN,
    "story": OWN,
    "story_body": Through("version_id", "story_version"),
    "story_change": _STORY,
    "story_declaration": _STORY,
    "story_document": _STORY,
    "story_handover": Own(("from_office_id", "to_office_id")),
    "story_picture": Through("version_id", "story_version"),
    "story_presence": _MACHINERY,
    "story_reader": _STORY,
    "story_search": _STORY,
    "story_version": _STORY,
    "suggestion": Through("thread_id", "comment_thread"),
    "takedown_task": OWN,
    "target": OWN,
    "telegram_bot": _KEYS,
    "telegram_chat": _SIGNED_IN,
    "telegram_invite": _SIGNED_IN,
    "telegram_message": _LETTERS,
    "unit": OWN,
    "upload_part": _MACHINERY,
    "urgent_release": OWN,
    "user_session": _SIGNED_IN,
    "worker_beat": _MACHINERY,
}

# Columns whose value stays behind, and what is written instead. Encrypted columns (``info`` "sealed") need no line.
WITHHELD: Final[dict[str, object]] = {
    "app_user.password_hash": None,  # everybody is invited anew
    "app_user.phone": "",  # told for the office's own use; its owner writes it down anew
    "app_user.nip": "",  # tells a birthday; its owner or an admin writes it down anew
    "incoming_mail.token_hash": None,
    "agenda_feed.is_active": False,  # its address is encrypted and stays behind, so there is nothing to ask
}
# Columns that are not written at all: given anew where it is read.
LEFT_OUT: Final = frozenset({"audit_entry.id"})
# Columns whose name sounds like a secret and that hold none: why they are exported.
HARMLESS: Final[dict[str, str]] = {
    "finding_override.passage_hash": "a digest of words in a story",
    "audit_entry.previous_hash": "the chain of the record",
    "audit_entry.hash": "the chain of the record",
    "audit_head.hash": "the chain of the record",
    "delivery.idempotency_key": "keeps a channel from taking one publication twice",
}

# Columns that hold a person's id without saying so to the database: the column that decides, and its value.
SOFT_PEOPLE: Final[dict[str, tuple[str, str] | None]] = {
    "ledger_entry.beneficiary_id": ("beneficiary", "person"),
    "score_count.beneficiary_id": ("beneficiary", "person"),
    "target.scope_id": ("scope", "person"),
    "audit_entry.actor_id": None,
    "meeting_note.subject_id": ("subject_type", "user"),
}

# What a nullable reference into another office brings along, by name only; any other such reference is cut.
FOLLOWED: Final = frozenset(
    {"app_user", "unit", "campaign", "story", "story_version", "score_scheme", "campaign_offer"}
)
# Of what comes along for its name these columns are kept; all other text is left behind.
NAMES: Final = frozenset(
    {"name", "title", "label", "code", "slug", "path", "short_name", "timezone", "digest", "locale", "theme"}
)
# Nullable references that a thing keeps although it came along for its name only.
KEPT_REFERENCES: Final = frozenset({"unit.parent_id"})

# Stored files: the columns that hold the key of a file.
FILE_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "asset": ("original_key", "medium_key", "thumb_key"),
    "backfill_run": ("file_key",),
    "import_batch": ("file_key",),
}


def exported() -> list[str]:
    """The names of all tables that an archive has, sorted."""
    return sorted(name for name, rule in CATALOGUE.items() if not isinstance(rule, Never))
