"""Jobs: reminding people of what is due, sealing what was left, forgetting who has gone."""

from humasflow.stories.services.autosaving import seal_what_was_left
from humasflow.stories.services.presence import sweep_presence
from humasflow.stories.services.reminding import remind_of_due

TIMETABLE = [
    ("stories.remind_of_due", 300, remind_of_due),
    ("stories.seal_what_was_left", 300, seal_what_was_left),
    ("stories.sweep_presence", 900, sweep_presence),
]
