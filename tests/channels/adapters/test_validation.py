"""Shapes, sizes and first comments, measured by the limits of an account."""

from dataclasses import replace

import pytest

from humasflow.channels.adapters.base import Caps, Counter, Field, Limits
from humasflow.channels.adapters.validation import validate_variant
from humasflow.channels.adapters.variant import MediaItem, MediaKind, Variant

PICTURE = MediaItem(1, width=1000, height=1000, alt_text="x")
VIDEO = MediaItem(2, MediaKind.VIDEO, size=100, duration=10.0)
COMMENTS = Caps(has_first_comment=True)


def found(media=(), limits=None, caps=COMMENTS, **variant):
    problems = validate_variant(Variant(text="x", media=media, **variant), limits or Limits(), caps)
    return [(p.severity.value, p.field.value, p.code.value, p.limit, p.actual, p.item) for p in problems]


@pytest.mark.parametrize(
    ("width", "height", "limit", "actual"),
    [
        (800, 1000, None, None),
        (1910, 1000, None, None),
        (799, 1000, 800, 799),
        (7999, 10000, 800, 799),
        (19101, 10000, 1910, 1911),
        (0, 1000, None, None),
    ],
)
def test_the_shape_is_judged_without_rounding(width, height, limit, actual):
    picture = replace(PICTURE, width=width, height=height)
    problems = found((PICTURE, picture), Limits(ratio_min=800, ratio_max=1910))

    assert problems == ([] if limit is None else [("error", "media", "wrong_ratio", limit, actual, 1)])


def test_a_shape_that_is_not_enforced_only_warns_and_a_video_has_none():
    limits = Limits(ratio_min=2000, advisory=frozenset({Field.MEDIA}))

    assert found((PICTURE,), limits) == [("warning", "media", "wrong_ratio", 2000, 1000, 0)]
    assert found((replace(VIDEO, width=1, height=9),), limits) == []


def test_a_video_is_measured_in_bytes_and_begun_seconds():
    limits = Limits(video_bytes=100, video_seconds=10)

    assert found((VIDEO,), limits) == []
    assert found((replace(VIDEO, size=101, duration=10.01),), limits) == [
        ("error", "media", "too_large", 100, 101, 0),
        ("error", "media", "too_long_video", 10, 11, 0),
    ]
    assert found((replace(PICTURE, size=101),), limits) == []
    assert found((replace(VIDEO, size=0, duration=0.0),), limits) == []


def test_a_first_comment_is_counted_as_the_channel_counts():
    limits = Limits(counter=Counter.BYTES, first_comment=4)

    assert found(limits=limits, first_comment=" ab ") == []
    assert found(limits=limits, first_comment="日本") == [("error", "first_comment", "too_long", 4, 6, None)]


def test_a_channel_without_first_comments_warns_and_a_person_can_always_write_one():
    assert found(caps=Caps(), first_comment="ya") == [
        ("warning", "first_comment", "unsupported", None, None, None)
    ]
    assert found(caps=Caps(by_hand=True), first_comment="ya") == found(caps=Caps(), first_comment="  ") == []
