"""The rules every adapter shares: what is wrong with a variant, measured by the limits of its account."""

import math
from html.parser import HTMLParser

from humasflow.channels.adapters.base import Caps, Field, Limits, Problem, ProblemCode, Severity
from humasflow.channels.adapters.counters import as_hashtag, count, count_bytes, find_hashtags, find_links
from humasflow.channels.adapters.variant import MediaItem, MediaKind, Variant
from humasflow.core.urls import canonical_url, is_http_url


def compose_text(variant: Variant) -> str:
    """The text exactly as it goes onto a social channel: text, then the link, then the hashtags.

    The link and each hashtag are added only where the text does not hold them yet, so that nothing stands twice.
    """
    text = variant.text.strip()
    blocks = [text] if text else []
    if variant.link and not _holds_link(text, variant.link):
        blocks.append(variant.link.strip())
    present = {span.value.casefold() for span in find_hashtags(text)}
    wanted = [as_hashtag(tag) for tag in variant.hashtags if tag.strip().strip("#＃")]
    missing = [tag for tag in dict.fromkeys(wanted) if tag.casefold() not in present]
    if missing:
        blocks.append(" ".join(missing))
    return "\n\n".join(blocks)


def validate_variant(variant: Variant, limits: Limits, caps: Caps) -> tuple[Problem, ...]:
    """Everything wrong at once, errors first; empty when it may go out. Pure."""
    problems = [
        *_title(variant, limits, caps),
        *_text(variant, limits, caps),
        *_link(variant),
        *_media(variant, limits),
        *_shapes_and_sizes(variant, limits),
        *_alt_texts(variant, limits, caps),
        *_first_comment(variant, limits, caps),
    ]
    return tuple(sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR))


def is_publishable(problems: tuple[Problem, ...]) -> bool:
    """Whether nothing but warnings is left."""
    return all(problem.severity is not Severity.ERROR for problem in problems)


def visible_text(html: str) -> str:
    """The words of an HTML text, without its tags."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return "".join(parser.words)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words.append(" ")


def _severity(field: Field, limits: Limits) -> Severity:
    return Severity.WARNING if field in limits.advisory else Severity.ERROR


def _over(
    field: Field, limits: Limits, limit: int | None, actual: int, code: ProblemCode = ProblemCode.TOO_LONG
) -> list[Problem]:
    if limit is None or actual <= limit:
        return []
    return [Problem(_severity(field, limits), field, code, limit, actual)]


def _title(variant: Variant, limits: Limits, caps: Caps) -> list[Problem]:
    title = variant.title.strip()
    if not title:
        return [Problem(Severity.ERROR, Field.TITLE, ProblemCode.REQUIRED)] if caps.needs_title else []
    found = "".join(char for char in limits.title_forbidden if char in title)
    problems = _over(Field.TITLE, limits, limits.title, count(title, limits.title_counter))
    if found:
        problems.append(Problem(Severity.ERROR, Field.TITLE, ProblemCode.FORBIDDEN_CHARACTER, detail=found))
    return problems


def _text(variant: Variant, limits: Limits, caps: Caps) -> list[Problem]:
    text = visible_text(variant.text).strip() if caps.text_is_html else compose_text(variant)
    if not text:
        if caps.needs_text or not variant.media:
            return [Problem(Severity.ERROR, Field.TEXT, ProblemCode.REQUIRED)]
        return []
    limit = limits.text
    if variant.media and limits.text_with_media is not None:
        limit = limits.text_with_media
    problems = _over(Field.TEXT, limits, limit, count(text, limits.counter, url_length=limits.url_length))
    if not problems:
        problems = _over(Field.TEXT, limits, limits.text_bytes, count_bytes(text))
    tags = {span.value.casefold() for span in find_hashtags(text)}
    links = {span.value for span in find_links(text)}
    return [
        *problems,
        *_over(Field.HASHTAGS, limits, limits.hashtags, len(tags), ProblemCode.TOO_MANY),
        *_over(Field.LINK, limits, limits.links, len(links), ProblemCode.TOO_MANY),
    ]


def _link(variant: Variant) -> list[Problem]:
    if not variant.link or is_http_url(variant.link.strip()):
        return []
    return [Problem(Severity.ERROR, Field.LINK, ProblemCode.NOT_A_LINK)]


def _media(variant: Variant, limits: Limits) -> list[Problem]:
    problems = _over(Field.MEDIA, limits, limits.media_max, len(variant.media), ProblemCode.TOO_MANY)
    severity = _severity(Field.MEDIA, limits)
    if len(variant.media) < limits.media_min:
        problems.append(
            Problem(severity, Field.MEDIA, ProblemCode.TOO_FEW, limits.media_min, len(variant.media))
        )
    problems.extend(
        Problem(severity, Field.MEDIA, ProblemCode.WRONG_KIND, item=index, detail=item.kind.value)
        for index, item in enumerate(variant.media)
        if item.kind not in limits.media_kinds
    )
    if not limits.media_mixed and len({item.kind for item in variant.media}) > 1:
        problems.append(Problem(severity, Field.MEDIA, ProblemCode.MIXED_KINDS))
    return problems


def _shapes_and_sizes(variant: Variant, limits: Limits) -> list[Problem]:
    """Of each picture its shape, of each video its bytes and seconds, as far as they are known."""
    problems: list[Problem] = []
    for index, item in enumerate(variant.media):
        if item.kind is MediaKind.IMAGE:
            problems.extend(_ratio(item, index, limits))
        elif item.kind is MediaKind.VIDEO:
            problems.extend(_video(item, index, limits))
    return problems


def _ratio(item: MediaItem, index: int, limits: Limits) -> list[Problem]:
    if not item.width or not item.height:
        return []
    # Multiplied out, so that 1080 × 1350 is 4:5 exactly and no rounding decides.
    width, height = item.width * 1000, item.height
    if limits.ratio_min is not None and width < limits.ratio_min * height:
        limit, actual = limits.ratio_min, width // height
    elif limits.ratio_max is not None and width > limits.ratio_max * height:
        limit, actual = limits.ratio_max, -(-width // height)
    else:
        return []
    severity = _severity(Field.MEDIA, limits)
    return [Problem(severity, Field.MEDIA, ProblemCode.WRONG_RATIO, limit, actual, item=index)]


def _video(item: MediaItem, index: int, limits: Limits) -> list[Problem]:
    seconds = math.ceil(item.duration)
    severity = _severity(Field.MEDIA, limits)
    return [
        Problem(severity, Field.MEDIA, code, limit, actual, item=index)
        for code, limit, actual in (
            (ProblemCode.TOO_LARGE, limits.video_bytes, item.size),
            (ProblemCode.TOO_LONG_VIDEO, limits.video_seconds, seconds),
        )
        if limit is not None and actual > limit
    ]


def _first_comment(variant: Variant, limits: Limits, caps: Caps) -> list[Problem]:
    """A channel that knows no first comment still gets its post, and a person may comment: so it warns."""
    text = variant.first_comment.strip()
    if not text:
        return []
    if not caps.has_first_comment and not caps.by_hand:
        return [Problem(Severity.WARNING, Field.COMMENT, ProblemCode.UNSUPPORTED)]
    length = count(text, limits.counter, url_length=limits.url_length)
    return _over(Field.COMMENT, limits, limits.first_comment, length)


def _alt_texts(variant: Variant, limits: Limits, caps: Caps) -> list[Problem]:
    problems: list[Problem] = []
    for index, item in enumerate(variant.media):
        alt_text = item.alt_text.strip()
        if not alt_text and item.kind.needs_alt_text:
            severity = Severity.ERROR if caps.needs_alt_text else Severity.WARNING
            problems.append(Problem(severity, Field.ALT_TEXT, ProblemCode.MISSING_ALT_TEXT, item=index))
        elif limits.alt_text is not None and len(alt_text) > limits.alt_text:
            problems.append(
                Problem(
                    _severity(Field.ALT_TEXT, limits),
                    Field.ALT_TEXT,
                    ProblemCode.TOO_LONG,
                    limits.alt_text,
                    len(alt_text),
                    item=index,
                )
            )
    return problems


def _holds_link(text: str, link: str) -> bool:
    wanted = _link_key(link)
    return any(_link_key(span.value) == wanted for span in find_links(text))


def _link_key(link: str) -> str:
    try:
        return canonical_url(link)
    except ValueError:
        return link
