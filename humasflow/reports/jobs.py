"""What the room runs in the background."""

from humasflow.reports import services


def tidy() -> int:
    """Forget what is over, end what died. Returns how many things were done."""
    return services.end_abandoned() + services.expire_runs() + services.tidy_folders()


JOBS = {services.JOB: services.make_run}
TIMETABLE = [("reports.tidy", 900, tidy)]
