"""Answering the story's question about the texts that go out beside it."""

from humasflow.posts import queries
from humasflow.posts.texts import channel_text
from humasflow.stories.events import TextsAsked


def tell_texts(asked: TextsAsked) -> None:
    """The current version of every post of the story. Two statements, three with pictures."""
    posts = queries.list_posts_of(asked.story_id)
    versions = {
        v.id: v for v in queries.get_versions(p.current_version_id for p in posts if p.current_version_id)
    }
    asked.posts.extend(
        channel_text(p, versions[p.current_version_id], title=p.story.title)
        for p in posts
        if p.current_version_id in versions
    )


HANDLERS = [(TextsAsked, tell_texts)]
