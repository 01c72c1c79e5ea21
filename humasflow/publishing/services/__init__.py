"""What is done with publications: kept in step with the calendar, sent, recorded by hand, called off, taken down."""

from humasflow.publishing.services.correcting import begin_correction, confirm_correction, correct_live
from humasflow.publishing.services.evidence import record_own_evidence
from humasflow.publishing.services.manual import (
    AlreadyRecorded,
    ConfirmationNeeded,
    WrongAddress,
    WrongTime,
    add_evidence,
    record_manual,
)
from humasflow.publishing.services.past import backfill_published, record_past_publication
from humasflow.publishing.services.publishing import announce, publish_due
from humasflow.publishing.services.resolving import cancel, deny, publish_now, retry
from humasflow.publishing.services.retraction import retract, retract_story
from humasflow.publishing.services.scheduling import sweep, sync_job

__all__ = [
    "AlreadyRecorded",
    "ConfirmationNeeded",
    "WrongAddress",
    "WrongTime",
    "add_evidence",
    "announce",
    "backfill_published",
    "begin_correction",
    "cancel",
    "confirm_correction",
    "correct_live",
    "deny",
    "publish_due",
    "publish_now",
    "record_manual",
    "record_own_evidence",
    "record_past_publication",
    "retract",
    "retract_story",
    "retry",
    "sweep",
    "sync_job",
]
