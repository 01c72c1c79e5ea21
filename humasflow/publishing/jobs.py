"""Jobs: publishing what is due, evidence, the news of it; and the sweeper."""

from humasflow.publishing.services.correcting import CORRECT, correct_live
from humasflow.publishing.services.evidence import record_own_evidence
from humasflow.publishing.services.publishing import ANNOUNCE, EVIDENCE, announce, publish_due
from humasflow.publishing.services.scheduling import PUBLISH, sweep

JOBS = {PUBLISH: publish_due, EVIDENCE: record_own_evidence, ANNOUNCE: announce, CORRECT: correct_live}
TIMETABLE = [("publishing.sweep", 60, sweep)]
