"""Quick add: a title and Enter on a day of the calendar, or an idea from the pool, with a time on a channel account.

A story that has no channel yet stands on its day as the due time of who began it.
"""
