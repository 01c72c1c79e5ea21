"""What the editor knows about genres: which facts are asked for, how credits are written, one word of advice."""

from collections.abc import Sequence
from dataclasses import dataclass

from humasflow.core.html import WORDS_PER_MINUTE
from humasflow.planning.enums import VERDICTS, ContentTemplate
from humasflow.planning.models import ContentType
from humasflow.planning.skeletons import ADVICE
from humasflow.stories.models import Story


@dataclass(frozen=True)
class EditorAids:
    """Plain values for the page. Content types are keyed by their id as text, genres by their value."""

    genre: str
    genres: dict[str, str]
    credits: dict[str, str]
    advice: dict[str, str]
    verdicts: Sequence[str] = VERDICTS
    words_per_minute: int = WORDS_PER_MINUTE


def aids_for(story: Story, content_types: Sequence[ContentType]) -> EditorAids:
    """For the editor of a story, which may be moved to any of these content types."""
    known = {t.id: t for t in [*content_types, story.content_type]}
    return EditorAids(
        genre=story.content_type.template.value,
        genres={str(i): t.template.value for i, t in known.items()},
        credits={str(i): t.credit_template for i, t in known.items()},
        advice={t.value: str(ADVICE[t]) for t in ContentTemplate},
    )
