"""Texts that people pass on through WhatsApp themselves. Nothing is sent from here: a link opens their own WhatsApp."""

from typing import Final
from urllib.parse import quote

LINK_LENGTH: Final = 6000  # what an address may hold on its way there


def link_to(text: str, phone: str = "") -> str:
    """Opens WhatsApp with the text, to a number (E.164, ``+62812…``) or to whomever the person picks; empty for a text
    that is too long for an address.
    """
    told = quote(text, safe="")
    number = "".join(c for c in phone if c.isascii() and c.isdigit())
    return f"https://wa.me/{number}?text={told}" if told and len(told) <= LINK_LENGTH else ""


def one_line(text: str) -> str:
    """One line, whatever was typed or imported, without the signs that WhatsApp takes for emphasis at its ends."""
    return " ".join(text.split()).strip("*_~`")
