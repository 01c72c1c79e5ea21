"""Turns of schedules: noticed every minute, delivered by a job each."""

from humasflow.reports.scheduling.services import DELIVER_JOB, deliver, enqueue_due

JOBS = {DELIVER_JOB: deliver}
TIMETABLE = [("reports.schedules", 60, enqueue_due)]
