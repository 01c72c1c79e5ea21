"""Comparing looks (64-bit difference hashes) without comparing everything with everything.

A look is cut into seven bands. Looks that differ in at most six bits agree in at least one whole band (pigeonhole), so
an index on bands finds every candidate.
"""

MAX_DISTANCE = 6
_WIDTHS = (10, 9, 9, 9, 9, 9, 9)


def distance(one: str, other: str) -> int:
    """In how many of 64 bits two looks differ; 64 when one of them has none."""
    if not one or not other:
        return 64
    return (int(one, 16) ^ int(other, 16)).bit_count()


def slots_of(look: str) -> list[int]:
    """Each band's number and bits as one number: band × 1024 + bits."""
    if not look:
        return []
    bits, slots = int(look, 16), []
    for band, width in enumerate(_WIDTHS):
        slots.append(band * 1024 + (bits & ((1 << width) - 1)))
        bits >>= width
    return slots
