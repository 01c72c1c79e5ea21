"""What the worker does for the agenda."""

from humasflow.planning.agenda.bringing import JOB_LOOK, JOB_TAKE, forget_imports, look_at_file, take_file
from humasflow.planning.agenda.subscribing import JOB, JOB_LEAVE, leave_feed, read_due, read_feed

JOBS = {JOB: read_feed, JOB_LEAVE: leave_feed, JOB_LOOK: look_at_file, JOB_TAKE: take_file}
TIMETABLE = [("agenda.read_due", 600, read_due), ("agenda.forget_imports", 3_600, forget_imports)]
