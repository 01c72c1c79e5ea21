"""Waiting for whoever is at work on the same thing, always in the same order: story, then package."""

from sqlalchemy import select

from humasflow.approvals.models import Package
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.stories.models import Story


def lock_story(story_id: int) -> Story:
    """The story as it is once nobody else is changing it."""
    db.session.flush()
    story = db.session.scalar(
        select(Story).where(Story.id == story_id).with_for_update().execution_options(populate_existing=True)
    )
    if story is None:
        raise NotFound
    return story


def lock_package(package: Package) -> Package:
    """The package with its decisions as they are once nobody else is deciding on it; the story is locked first, as the
    writers of stories do, so that two people never wait for each other.
    """
    lock_story(package.story_id)
    # Not refresh(): it would repeat the outer joins a page loaded the package with, which PostgreSQL does not lock.
    fresh = db.session.scalar(
        select(Package)
        .where(Package.id == package.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if fresh is None:
        raise NotFound
    db.session.expire(fresh, ["decisions"])
    return fresh
