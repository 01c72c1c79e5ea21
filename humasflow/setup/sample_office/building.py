"""Building the sample office up to a day."""

from datetime import date

from humasflow.orgs.models import Unit
from humasflow.setup.sample.plan import build_plan
from humasflow.setup.sample_office.cast import draw_pictures, make_cast, make_scheme
from humasflow.setup.sample_office.history import write_history
from humasflow.setup.sample_office.ongoing import finished, write_ongoing


def create_sample_office(today: date, *, seed: int) -> Unit:
    """Make the whole office in the caller's transaction. ``today`` is local to the office. Flushes."""
    plan = build_plan(today, seed)
    cast = make_cast(plan)
    draw_pictures(cast)
    make_scheme(cast)
    write_history(cast, finished(cast))
    write_ongoing(cast)
    return cast.office
