"""Who agrees to what goes out, and what holds when content or time moves on.

Nouns: chain, step, askee and group; package, seat and decision; urgent release; reminder.
"""
