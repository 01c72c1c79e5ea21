"""Waiting for whoever is at work on the same thing, always in the same order: story, package, guest's link, record."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from humasflow.approvals.models import GuestLink, Package
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound
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


LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's name for it


def lock_story_now(story_id: int) -> Story:
    """The same for handlers, whose transaction holds other locks already: never waits. Raises Conflict when somebody is
    submitting or deciding this very moment; waiting here for them while they wait for us would end both.
    """
    try:
        with db.session.begin_nested():
            story = db.session.scalar(
                select(Story)
                .where(Story.id == story_id)
                .with_for_update(nowait=True)
                .execution_options(populate_existing=True)
            )
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        raise Conflict(
            _("Naskah ini sedang diputuskan atau diajukan orang lain. Tunggu sebentar, lalu simpan lagi.")
        ) from error
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


def lock_link(link: GuestLink) -> GuestLink:
    """A guest's link as it is once nobody else identifies, decides or revokes through it."""
    fresh = db.session.scalar(
        select(GuestLink)
        .where(GuestLink.id == link.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if fresh is None:
        raise NotFound
    return fresh
