"""Notices on the screen of a phone or computer that is not looking at the product (web push, RFC 8030, 8291, 8292).

A *device* is a browser in which a person has switched it on; it is reached as long as that sign-in lasts.
"""
