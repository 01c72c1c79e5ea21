"""Where a notice leads. Paths are built from the endpoint's own rule, so that a worker without a request can too."""

from flask import current_app

from humasflow.core.public_url import absolute

__all__ = ["absolute", "path_of", "path_of_subject"]

_TARGETS = {
    "comment": ("stories.comment", "comment_id"),
    "comment_thread": ("stories.thread", "thread_id"),
    "assignment": ("pages.task", "assignment_id"),
    "pitch": ("pitches.detail", "pitch_id"),
    "report_schedule": ("report_schedules.edit", "report_schedule_id"),
    "campaign": ("pages.campaign", "campaign_id"),
    "campaign_offer": ("pages.campaign_offer", "offer_id"),
    "handover": ("stories.handover", "handover_id"),
    "takedown": ("media.takedown", "task_id"),
    "story": ("pages.story", "story_id"),
    "package": ("approvals.review", "package_id"),
    "post": ("publishing.detail", "post_id"),
    "publications": ("publishing.index", ""),  # of an office
    "report": ("reports.run", "report_id"),
    "import_batch": ("imports.show", "import_batch_id"),
    "backfill_run": ("backfill.show", "backfill_run_id"),
    "archive": ("archive.index", ""),
    "channel_account": ("channels.account", "account_id"),
    "brief_day": ("briefs.today", ""),
    "brief_week": ("briefs.week", ""),
    "mail_settings": ("notifications.mail_settings", ""),  # of an office
}


def path_of(endpoint: str, **values: object) -> str:
    """The path of an endpoint, without a request."""
    return str(current_app.url_map.bind("localhost").build(endpoint, values))


def path_of_subject(subject_type: str, subject_id: int) -> str:
    """The page of the thing a notice is about. Raises KeyError for a kind of thing that has no page."""
    endpoint, argument = _TARGETS[subject_type]
    return path_of(endpoint, **({argument: subject_id} if argument else {}))
