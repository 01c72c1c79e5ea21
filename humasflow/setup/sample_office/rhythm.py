"""When the sample office likes to post, and a day of its own in its calendar."""

from datetime import timedelta

from humasflow.channels import services as channels
from humasflow.channels.slots import parse_slots
from humasflow.planning.days.services import DayContent, create_day
from humasflow.setup.sample.office import FACEBOOK, INSTAGRAM, WEB, X
from humasflow.setup.sample_office.cast import Cast
from humasflow.setup.sample_office.timing import days_ago

# How many a week is left to the quarter's targets, so that the calendar shows what is still missing.
_SLOTS = {
    WEB: ("Sen–Jum 09.00, 14.00", 60),
    INSTAGRAM: ("Sen Rab Jum 09.00; Sel Kam 16.00", 180),
    FACEBOOK: ("Sen–Jum 11.00; Rab 15.00", 120),
    X: ("Sen–Jum 08.00", 60),
}
_FOUNDED_IN = 9  # days from today


def write_rhythm(cast: Cast) -> None:
    """Slots of four outlets and the office's anniversary. Flushes."""
    admin = next(cast.principal(p.key) for p in cast.plan.people if p.role == "admin")
    with days_ago(cast, 60):
        for key, (text, gap) in _SLOTS.items():
            channels.set_slots(
                cast.accounts[key],
                actor=admin.user,
                slots=parse_slots(text),
                min_gap_minutes=gap,
                weekly_quota=None,
            )
        day = cast.plan.today + timedelta(days=_FOUNDED_IN)
        # On 29 February an anniversary would show in leap years only.
        day = day if (day.month, day.day) != (2, 29) else day + timedelta(days=1)
        create_day(
            cast.office.id, actor=admin,
            content=DayContent(f"Hari jadi {cast.plan.office.short_name}", day.month, day.day),
        )  # fmt: skip
