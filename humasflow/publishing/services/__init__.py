"""What is done with publications: kept in step with the calendar, sent, recorded by hand, called off, taken down."""

from humasflow.publishing.services.afterwards import announce
from humasflow.publishing.services.commenting import comment_live, settle_comment
from humasflow.publishing.services.correcting import (
    begin_correction,
    confirm_correction,
    correct_again,
    correct_live,
)
from humasflow.publishing.services.evidence import record_own_evidence
from humasflow.publishing.services.manual import (
    AlreadyRecorded,
    ConfirmationNeeded,
    WrongAddress,
    WrongTime,
    add_evidence,
    record_manual,
)
from humasflow.publishing.services.past import (
    backfill_published,
    is_from_list,
    record_past_publication,
    retype_past_publication,
)
from humasflow.publishing.services.publishing import publish_due
from humasflow.publishing.services.resolving import cancel, deny, hand_to_person, publish_now, retry
from humasflow.publishing.services.retraction import (
    confirm_removal,
    retract,
    retract_again,
    retract_live,
    retract_story,
)
from humasflow.publishing.services.scheduling import sync_job
from humasflow.publishing.services.sweeping import sweep

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
    "comment_live",
    "confirm_correction",
    "confirm_removal",
    "correct_again",
    "correct_live",
    "deny",
    "hand_to_person",
    "is_from_list",
    "publish_due",
    "publish_now",
    "record_manual",
    "record_own_evidence",
    "record_past_publication",
    "retract",
    "retract_again",
    "retract_live",
    "retract_story",
    "retry",
    "retype_past_publication",
    "settle_comment",
    "sweep",
    "sync_job",
]
