"""Counting a reader without knowing who it is."""

from sqlalchemy import exists, select

from humasflow.core import clock, localtime, rate_limit
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.secrets import keyed_hash
from humasflow.metrics import services as metrics
from humasflow.newsroom import queries
from humasflow.newsroom.content import Newsroom
from humasflow.newsroom.policy import network_of

_READER = "newsroom-reader"
_NETWORK = "newsroom-network"

# Zones are whole hours apart from UTC, so hourly windows never cross an office's midnight, and each of them is kept
# until the office's day is over (rate_limit.prune forgets after 24 hours).
WINDOW = 3600  # seconds

# A whole office, or a town on a mobile network, may share one address; more than this in an hour is a script.
READERS_OF_A_NETWORK = 60


def count_read(newsroom: Newsroom, post_id: int, *, address: str, user_agent: str) -> bool:
    """Count a reader of a live story, once a local day; whether it was counted. Raises NotFound.

    What is stored of the reader is a keyed hash of network address, program, story and date, for about a day. It
    cannot be turned back, and says nothing about other stories or other days.
    """
    story_id = queries.find_live_story(newsroom, post_id)
    if story_id is None:
        raise NotFound
    today = localtime.to_local(clock.now(), newsroom.timezone).date()
    network = f"{network_of(address)}|{story_id}|{today}"
    reader = f"{network}|{user_agent}"
    known = db.session.scalar(
        select(exists().where(rate_limit.RateWindow.key == keyed_hash(reader, purpose=_READER)))
    )
    # Who is known takes nothing of what a network may count: one person who reloads leaves room for the colleagues.
    if known or rate_limit.count(_NETWORK, network, per_seconds=WINDOW) > READERS_OF_A_NETWORK:
        return False
    # The same reader twice at the same moment was unknown to both; only the first of them counts.
    if rate_limit.count(_READER, reader, per_seconds=WINDOW) > 1:
        return False
    metrics.count_reader(story_id, today)
    return True
