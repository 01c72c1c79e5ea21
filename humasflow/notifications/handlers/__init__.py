"""Who hears of what, one file a topic."""

from humasflow.notifications.handlers import (
    agenda,
    approvals,
    assignments,
    campaigns,
    comments,
    confidentiality,
    connections,
    corrections,
    guests,
    loop,
    media,
    points,
    troubles,
)

HANDLERS = [*loop.HANDLERS, *corrections.HANDLERS, *assignments.HANDLERS, *comments.HANDLERS, *media.HANDLERS]
HANDLERS += [*approvals.HANDLERS, *guests.HANDLERS, *confidentiality.HANDLERS, *agenda.HANDLERS]
HANDLERS += [*campaigns.HANDLERS, *troubles.HANDLERS, *connections.HANDLERS, *points.HANDLERS]
