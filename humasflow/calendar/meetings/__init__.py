"""Rapat redaksi: one meeting a week over last week's results, this week's plan and the undecided pitches; its minutes.

Nouns: meeting, note, attendees.
"""
