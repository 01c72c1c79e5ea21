"""Campaigns (kampanye): a theme with dates, a goal, an audience and a wished mix, handed down to offices below.

Nouns: campaign, share, offer.
"""
