"""Telephone numbers of people: as typed, and as they are kept (E.164, ``+6281234567890``)."""

import phonenumbers

REGION = "ID"  # where a number without a country's code belongs


def to_e164(typed: str) -> str | None:
    """The number as it is kept; empty for nothing; None for what is no number."""
    words = typed.strip()
    if not words:
        return ""
    try:
        number = phonenumbers.parse(words, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def shown(kept: str) -> str:
    """As people write it: ``0812-3456-7890`` at home, with the country's code otherwise; what is no number as it is."""
    try:
        number = phonenumbers.parse(kept, None)
    except phonenumbers.NumberParseException:
        return kept
    at_home = phonenumbers.region_code_for_number(number) == REGION
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return str(phonenumbers.format_number(number, style))
