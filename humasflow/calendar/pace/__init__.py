"""Pace: posting slots, quotas and what is missing, week by week of a quarter. Nothing here changes anything.

Nouns: week, quota, gap, free slot, suggestion.
"""

from humasflow.calendar.pace.free_slots import FreeSlots, SlotOffer, find_free_slots, offer_slots

__all__ = [
    "FreeSlots",
    "SlotOffer",
    "find_free_slots",
    "offer_slots",
]
