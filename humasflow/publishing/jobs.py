"""Jobs: publishing what is due, the news of it, everything that follows a publication; and what mends by itself."""

from humasflow.publishing.services.afterwards import ANNOUNCE, EVIDENCE, announce
from humasflow.publishing.services.commenting import comment_live
from humasflow.publishing.services.correcting import correct_live
from humasflow.publishing.services.discarding import DISCARD, discard
from humasflow.publishing.services.evidence import record_own_evidence
from humasflow.publishing.services.follow_ups import COMMENT, CORRECT, RETRACT, sweep_follow_ups
from humasflow.publishing.services.link_check import CHECK_LINK, check_link, enqueue_checks
from humasflow.publishing.services.picturing import take_picture
from humasflow.publishing.services.publishing import publish_due
from humasflow.publishing.services.retraction import retract_live
from humasflow.publishing.services.scheduling import PUBLISH
from humasflow.publishing.services.screenshots import PICTURE
from humasflow.publishing.services.sweeping import sweep

JOBS = {
    PUBLISH: publish_due, EVIDENCE: record_own_evidence, ANNOUNCE: announce, CORRECT: correct_live,
    RETRACT: retract_live, COMMENT: comment_live, PICTURE: take_picture, CHECK_LINK: check_link, DISCARD: discard,
}  # fmt: skip
TIMETABLE = [
    ("publishing.sweep", 60, sweep),
    ("publishing.sweep_follow_ups", 60, sweep_follow_ups),
    ("publishing.check_links", 600, enqueue_checks),
]
