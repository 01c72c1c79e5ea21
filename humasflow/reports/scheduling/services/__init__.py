"""Keeping schedules, taking their turns, and delivering. Every service flushes and never commits."""

from humasflow.reports.scheduling.services.delivering import deliver
from humasflow.reports.scheduling.services.saving import (
    ScheduleContent,
    confirm_address,
    create_schedule,
    pause_schedule,
    remove_schedule,
    resume_schedule,
    save_schedule,
)
from humasflow.reports.scheduling.services.turning import DELIVER_JOB, ask_now, enqueue_due

__all__ = [
    "DELIVER_JOB",
    "ScheduleContent",
    "ask_now",
    "confirm_address",
    "create_schedule",
    "deliver",
    "enqueue_due",
    "pause_schedule",
    "remove_schedule",
    "resume_schedule",
    "save_schedule",
]
