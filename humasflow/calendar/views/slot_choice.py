"""A free posting time, chosen by one button on the pages that give a publication a time."""

from flask import request

from humasflow.calendar.moving import BadAsk, Where
from humasflow.calendar.moving.asking import read_clock, read_day
from humasflow.calendar.pace import SlotOffer, offer_slots
from humasflow.core import clock
from humasflow.orgs.models import Unit
from humasflow.posts.models import Post


def picked_slot() -> Where | None:
    """The time whose button was pressed (``slot``: a day and a time); None when none was, or it is no time."""
    day_text, _blank, clock_text = request.form.get("slot", "").partition(" ")
    try:
        day, at = read_day(day_text), read_clock(clock_text)
    except BadAsk:
        return None
    return Where(day, at) if day and at else None


def offer_for(post: Post, office: Unit) -> SlotOffer:
    """What the buttons offer now."""
    return offer_slots(post, office, clock.now())
