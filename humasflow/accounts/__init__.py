"""People, their roles by unit and date, and how they sign in.

Nouns: user, role grant, acting head (Plh./Plt.), session, invitation.
"""
