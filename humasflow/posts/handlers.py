"""Answering the story's question about the texts that go out beside it; following what becomes of an account."""

from humasflow.channels.connections.events import ConnectionMade, Disconnected
from humasflow.posts import queries
from humasflow.posts.services.following import follow_account
from humasflow.posts.texts import channel_texts
from humasflow.stories.events import TextsAsked


def tell_texts(asked: TextsAsked) -> None:
    """The current version of every post of the story. Two statements, three with pictures."""
    posts = queries.list_posts_of(asked.story_id)
    versions = {
        v.id: v for v in queries.get_versions(p.current_version_id for p in posts if p.current_version_id)
    }
    for post in posts:
        if post.current_version_id in versions:
            asked.posts.extend(channel_texts(post, versions[post.current_version_id], title=post.story.title))


def on_way_changed(event: ConnectionMade | Disconnected) -> None:
    """Posts that would read otherwise now have to be agreed to anew."""
    follow_account(event.account_id, actor_id=event.actor_id)


HANDLERS = [(TextsAsked, tell_texts), (ConnectionMade, on_way_changed), (Disconnected, on_way_changed)]
