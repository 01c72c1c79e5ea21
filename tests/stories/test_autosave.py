"""Saving by itself: one sitting is one version, nobody is overwritten, no approval is lost by typing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock, events
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, Refused, UserError
from humasflow.media.enums import BlockReason
from humasflow.stories import queries, services
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.events import StoryVersionSaved
from humasflow.stories.models import SealedVersion, Story, StoryBody, StoryVersion
from humasflow.stories.services.autosaving import seal_what_was_left
from tests.factories import desk
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

TAB, OTHER_TAB = "a" * 24, "b" * 24


@pytest.fixture
def told() -> list[object]:
    heard: list[object] = []
    events.bind([(StoryVersionSaved, heard.append)])
    return heard


class Typing:
    """A window of somebody's browser with the editor open."""

    def __init__(self, world: World, story: Story, who: Any = None, tab: str = TAB) -> None:
        self.world, self.story, self.tab = world, story, tab
        self.actor = world.as_(who or world.editor)
        self.stamp, self.step = queries.edit_stamp(story), 0

    def type(self, **changes: Any) -> services.Autosaved:
        """The next autosave, whose answer arrives."""
        kept = self.lose(**changes)
        self.stamp = kept.stamp
        return kept

    def lose(self, **changes: Any) -> services.Autosaved:
        """The next autosave, whose answer is lost on the way."""
        self.step += 1
        return services.autosave(
            self.story, actor=self.actor, content=desk.text(**changes), stamp=self.stamp, tab=self.tab,
            step=self.step,
        )  # fmt: skip

    def save(self, **changes: Any) -> StoryVersion | None:
        """The button."""
        return services.save_version(
            self.story, actor=self.actor, content=desk.text(**changes), stamp=f"{self.stamp}/{self.tab}",
            note="Selesai",
        )  # fmt: skip


def numbers(story: Story) -> list[int]:
    return [v.number for v in desk.versions(story)]


def later(minutes: int) -> Any:
    return clock.moved_to(clock.now() + timedelta(minutes=minutes))


def test_one_sitting_is_one_version(world: World) -> None:
    story = desk.story(world)
    typing = Typing(world, story)
    for word in ("Satu", "Satu dua", "Satu dua tiga"):
        kept = typing.type(title=word, body_html=f"<p>{word}</p>")
        assert kept.changed
    assert numbers(story) == [2, 1]
    version = queries.get_current_version(story)
    assert (version.title, version.words, version.folds, version.is_running) == ("Satu dua tiga", 3, 2, True)
    assert queries.get_body(version.id) == "<p>Satu dua tiga</p>"
    assert story.title == "Satu dua tiga"
    assert [e.action for e in audit.list_timeline(("story", story.id))][:2] == [
        AuditAction.STORY_VERSION_AUTOSAVED,
        AuditAction.STORY_CREATED,
    ], "the beginning of a version is recorded, not each keystroke"


def test_without_a_change_nothing_is_written(world: World, statements: Any) -> None:
    story = desk.story(world)
    typing = Typing(world, story)
    db.session.commit()
    statements.reset()
    kept = typing.type()
    assert not kept.changed
    assert not [s for s in statements.statements if not s.lstrip().startswith("SELECT")]
    assert numbers(story) == [1]


def test_an_autosave_costs_few_statements(world: World, statements: Any) -> None:
    """With pictures and all: what it costs does not grow with the story."""
    counts = []
    for pictures in (1, 6):
        made = [desk.picture(desk.asset(world)) for _ in range(pictures)]
        story = desk.story(world, pictures=tuple(made))
        typing = Typing(world, story)
        typing.type(title="Mulai", pictures=tuple(made))
        db.session.commit()
        db.session.expire_all()
        statements.reset()
        typing.type(title="Lagi", pictures=tuple(made))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 14


def test_pictures_and_their_words_are_folded_too(world: World) -> None:
    one, two = desk.asset(world), desk.asset(world)
    story = desk.story(world, pictures=(desk.picture(one),))
    typing = Typing(world, story)
    typing.type(pictures=(desk.picture(one), desk.picture(two)))
    typing.type(pictures=(desk.picture(two, caption="Baru"), desk.picture(one)))
    db.session.expire_all()
    version = queries.get_current_version(story)
    assert [(p.asset_id, p.caption) for p in version.pictures] == [(two.id, "Baru"), (one.id, "")]
    assert version.number == 2
    content = services.content_of(version, queries.get_body(version.id))
    assert version.digest == services.content_digest(content, [p.asset.sha256 for p in version.pictures])


def test_saving_by_hand_seals_what_was_gathered(world: World, told: list[object]) -> None:
    story = desk.story(world)
    typing = Typing(world, story)
    typing.type(title="Sementara")
    assert told == [], "nobody is told of half a sentence"
    saved = typing.save(title="Jadi")
    assert saved is not None
    assert (saved.number, saved.title, saved.note, saved.is_running) == (2, "Jadi", "Selesai", False)
    assert numbers(story) == [2, 1]
    assert told == [StoryVersionSaved(story.id, saved.id, world.editor.id)]


def test_saving_by_hand_what_is_saved_already_gives_it_its_reason(world: World, told: list[object]) -> None:
    story = desk.story(world)
    typing = Typing(world, story)
    typing.type(title="Jadi")
    saved = typing.save(title="Jadi")
    assert saved is not None and (saved.number, saved.note, saved.is_running) == (2, "Selesai", False)
    assert len(told) == 1


def test_after_half_an_hour_away_a_new_version_begins(world: World, told: list[object]) -> None:
    story = desk.story(world)
    typing = Typing(world, story)
    typing.type(title="Pagi")
    with later(31):
        typing.type(title="Siang")
    assert [(v.number, v.title, v.is_running) for v in desk.versions(story)][:2] == [
        (3, "Siang", True),
        (2, "Pagi", False),
    ]
    assert len(told) == 1


def test_who_went_away_leaves_a_sealed_version(world: World, told: list[object]) -> None:
    story, busy = desk.story(world), desk.story(world)
    Typing(world, story).type(title="Ditinggal")
    with later(31):
        Typing(world, busy).type(title="Masih menulis")
        assert seal_what_was_left() == 1
        assert not queries.get_current_version(story).is_running
        assert queries.get_current_version(busy).is_running
    assert [e.story_id for e in told if isinstance(e, StoryVersionSaved)] == [story.id]


def test_somebody_elses_save_seals_mine_and_makes_another(world: World) -> None:
    story = desk.story(world)
    mine = Typing(world, story)
    mine.type(title="Punya saya")
    theirs = Typing(world, story, world.other_editor, OTHER_TAB)
    theirs.type(title="Punya dia")
    assert [(v.number, v.author_id, v.is_running) for v in desk.versions(story)][:2] == [
        (3, world.other_editor.id, True),
        (2, world.editor.id, False),
    ]
    with pytest.raises(Conflict):
        mine.type(title="Punya saya lagi")
    assert queries.get_current_version(story).title == "Punya dia"


def test_who_opened_before_the_last_fold_overwrites_nothing(world: World) -> None:
    """The version is the same, its text is not."""
    story = desk.story(world)
    mine = Typing(world, story)
    mine.type(title="Satu")
    theirs = Typing(world, story, world.other_editor, OTHER_TAB)
    mine.type(title="Satu dua")
    with pytest.raises(Conflict):
        theirs.type(title="Lain")
    with pytest.raises(Conflict):
        theirs.save(title="Lain")
    assert queries.get_current_version(story).title == "Satu dua"


def test_a_second_window_of_ones_own_overwrites_nothing_either(world: World) -> None:
    story = desk.story(world)
    one, two = Typing(world, story), Typing(world, story, tab=OTHER_TAB)
    one.type(title="Jendela satu")
    with pytest.raises(Conflict):
        two.type(title="Jendela dua")


def test_an_answer_that_was_lost_is_no_conflict(world: World) -> None:
    story = desk.story(world)
    typing = Typing(world, story)
    typing.lose(title="Satu")
    assert typing.type(title="Satu dua").number == 2
    typing.lose(title="Satu dua tiga")
    saved = typing.save(title="Satu dua tiga empat")
    assert saved is not None and saved.number == 2


def test_what_was_overtaken_on_the_way_changes_nothing(world: World) -> None:
    """The page sent once more as it was closed, and that arrived first."""
    story = desk.story(world)
    typing = Typing(world, story)
    typing.type(title="Satu")
    typing.step += 1
    typing.type(title="Yang terbaru")
    late = services.autosave(
        story, actor=typing.actor, content=desk.text(title="Yang lama"), stamp=typing.stamp, tab=TAB,
        step=typing.step - 1,
    )  # fmt: skip
    assert not late.changed
    assert queries.get_current_version(story).title == "Yang terbaru"


def test_filing_is_kept_too_and_somebody_elses_is_not_undone(world: World) -> None:
    story = desk.story(world)
    typing = Typing(world, story)

    def send(**filing: Any) -> services.Autosaved:
        typing.step += 1
        return services.autosave(
            story,
            actor=typing.actor,
            content=desk.text(),
            stamp=typing.stamp,
            tab=TAB,
            step=typing.step,
            **filing,
        )

    send(content_type_id=world.headline.id, section_id=world.section.id, pillar_id=None)
    assert (story.content_type_id, story.pillar_id) == (world.headline.id, None)
    services.save_version(
        story, actor=world.as_(world.other_editor), content=desk.text(), content_type_id=world.social.id
    )
    with pytest.raises(Conflict):
        send(content_type_id=world.headline.id, section_id=world.section.id, pillar_id=None)
    assert story.content_type_id == world.social.id


def test_an_approval_is_never_lost_by_typing(world: World) -> None:
    story = desk.story(world, state=StoryState.APPROVED)
    with pytest.raises(Refused) as refused:
        Typing(world, story).type(title="Lain")
    assert [r.code for r in refused.value.reasons] == ["voids_approval"]
    assert story.state is StoryState.APPROVED


@pytest.mark.parametrize("state", [StoryState.IN_REVIEW, StoryState.PUBLISHED, StoryState.ON_HOLD])
def test_what_is_locked_stays_as_it_is(world: World, state: StoryState) -> None:
    story = desk.story(world, state=state)
    with pytest.raises(Refused) as refused:
        Typing(world, story).type(title="Lain")
    assert [r.code for r in refused.value.reasons] == [f"state_{state.value}"]


def test_only_who_may_write_and_what_may_stand(world: World) -> None:
    story = desk.story(world)
    with pytest.raises(Refused):
        Typing(world, story, world.lead).type(title="Lain")
    for wrong in ({"title": " "}, {"title": "x" * 201}):
        with pytest.raises(UserError):
            Typing(world, story).type(**wrong)
    with pytest.raises(NotFound):
        Typing(world, story).type(pictures=(services.PictureContent(10**9),))


# Sealed is sealed


def seals(world: World) -> dict[str, Callable[[Story], object]]:
    editor = world.as_(world.editor)
    return {
        "submitting": lambda s: services.move_story(s, StoryMove.SUBMIT, actor=None),
        "a comment": services.seal,
        "restoring": lambda s: services.restore_version(s, queries.get_version_by_number(s, 1), actor=editor),
        "putting aside": lambda s: services.move_story(s, StoryMove.HOLD, actor=editor),
    }


@pytest.mark.parametrize("what", ["submitting", "a comment", "restoring", "putting aside"])
def test_what_points_at_a_version_seals_it(world: World, what: str) -> None:
    story = desk.story(world)
    Typing(world, story).type(title="Sedang ditulis")
    running = queries.get_current_version(story)
    seals(world)[what](story)
    assert not running.is_running
    assert running.title == "Sedang ditulis", "restoring is a version of its own"


def test_after_a_comment_typing_goes_on_in_a_new_version(world: World) -> None:
    story = desk.story(world)
    typing = Typing(world, story)
    typing.type(title="Satu")
    sealed = services.seal(story)
    assert services.seal(story) is sealed
    typing.type(title="Satu dua")
    assert numbers(story) == [3, 2, 1]
    db.session.refresh(sealed)
    assert sealed.title == "Satu"


def test_a_sealed_version_cannot_be_changed_by_the_product(world: World) -> None:
    story = desk.story(world, pictures=(desk.picture(desk.asset(world)),))
    version = queries.get_current_version(story)
    body = db.session.get_one(StoryBody, version.id)
    db.session.commit()

    def spoil_title() -> None:
        version.title = "Dirusak"

    def spoil_body() -> None:
        body.html = "<p>Dirusak</p>"

    def spoil_picture() -> None:
        version.pictures[0].credit = "Dirusak"

    def spoil_seal() -> None:
        version.sealed_at = None

    def drop_picture() -> None:
        db.session.delete(version.pictures[0])

    for spoil in (spoil_title, spoil_body, spoil_picture, spoil_seal, drop_picture):
        spoil()
        with pytest.raises(SealedVersion):
            db.session.flush()
        db.session.rollback()
    for table in (StoryVersion, StoryBody):
        with pytest.raises(SealedVersion):
            db.session.execute(
                update(table).values({"title": "x"} if table is StoryVersion else {"html": "x"})
            )
        db.session.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE story_version SET title = 'Dirusak'",
        "UPDATE story_body SET html = 'Dirusak'",
        "UPDATE story_picture SET credit = 'Dirusak'",
    ],
)
def test_nor_by_hand_in_the_database(world: World, statement: str) -> None:
    desk.story(world, pictures=(desk.picture(desk.asset(world)),), commit=True)
    with pytest.raises(DBAPIError, match="a sealed version never changes"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_a_running_version_can_be_changed_in_the_database(world: World) -> None:
    """The triggers tell the two apart."""
    story = desk.story(world)
    Typing(world, story).type(title="Sedang ditulis", pictures=(desk.picture(desk.asset(world)),))
    version = queries.get_current_version(story).id
    for statement in (
        f"UPDATE story_picture SET credit = 'x' WHERE version_id = {version}",
        f"UPDATE story_body SET html = 'x' WHERE version_id = {version}",
        f"UPDATE story_version SET title = 'x' WHERE id = {version}",
    ):
        db.session.execute(text(statement))


def test_a_file_that_may_not_be_used_is_not_saved_by_itself(world: World) -> None:
    """Otherwise the next save would take it for one that the story showed already."""
    shown, withdrawn = desk.asset(world), desk.asset(world)
    story = desk.story(world, pictures=(desk.picture(shown),))
    typing = Typing(world, story)
    for asset in (shown, withdrawn):
        asset.blocked_reason = BlockReason.CONSENT_WITHDRAWN
    both = (desk.picture(shown), desk.picture(withdrawn))
    with pytest.raises(Refused):
        typing.type(title="Diketik", pictures=both)
    with pytest.raises(Refused):
        typing.save(title="Diketik", pictures=both)
    assert numbers(story) == [1]
    typing.type(title="Diketik", pictures=both[:1])
    assert numbers(story) == [2, 1], "what it shows already stays until somebody takes it off"
