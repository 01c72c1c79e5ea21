"""What the library does by itself: notice that a consent ended, finish what was left, forget what is over."""

from humasflow.media import services
from humasflow.media.services.uploading import FINISH


def check_consents() -> int:
    """Open tasks for consents that ended and remind of those that are late. Returns how many."""
    return services.open_takedowns() + services.remind_of_takedowns()


def tidy_uploads() -> int:
    """Finish what its sender left, remove what is over. Returns how many."""
    return services.enqueue_left() + services.remove_spent()


JOBS = {FINISH: services.finish_left}
TIMETABLE = [("media.consents", 900, check_consents), ("media.uploads", 900, tidy_uploads)]
