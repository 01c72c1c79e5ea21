"""Building the sample office up to a day."""

from datetime import date

from humasflow.orgs.models import Unit
from humasflow.setup.sample.plan import build_plan
from humasflow.setup.sample_office.agenda import write_agenda
from humasflow.setup.sample_office.approvals import write_approvals
from humasflow.setup.sample_office.below import write_below
from humasflow.setup.sample_office.campaigns import write_campaigns
from humasflow.setup.sample_office.cast import draw_pictures, make_cast, make_scheme
from humasflow.setup.sample_office.desk_views import write_desk_views
from humasflow.setup.sample_office.guidelines import write_guidelines
from humasflow.setup.sample_office.history import write_history
from humasflow.setup.sample_office.neighbours import write_neighbours
from humasflow.setup.sample_office.ongoing import finished, write_ongoing
from humasflow.setup.sample_office.permissions import write_permissions
from humasflow.setup.sample_office.remarks import write_remarks
from humasflow.setup.sample_office.rhythm import write_rhythm
from humasflow.setup.sample_office.scores import make_social_scheme, write_scores
from humasflow.setup.sample_office.tasks import write_tasks
from humasflow.setup.sample_office.timing import at_moment


def create_sample_office(today: date, *, seed: int) -> Unit:
    """Make the whole office in the caller's transaction. ``today`` is local to the office. Flushes."""
    plan = build_plan(today, seed)
    cast = make_cast(plan)
    draw_pictures(cast)
    with at_moment(cast, plan.quarters[0].start, 8):  # the rules were there before what they count
        make_scheme(cast)
        social = make_social_scheme(cast)
    write_history(cast, finished(cast))
    write_ongoing(cast)
    write_scores(cast, social)
    write_approvals(cast)
    write_guidelines(cast)
    write_tasks(cast)
    write_remarks(cast)
    write_permissions(cast)
    write_rhythm(cast)
    write_campaigns(cast)
    write_agenda(cast)
    write_neighbours(cast)
    write_below(cast)
    write_desk_views(cast)
    return cast.office
