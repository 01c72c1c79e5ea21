"""Whoever answers for a publication hears that it is questioned and what became of it; nobody of their own act."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.notifications import queries
from humasflow.notifications.composing import compose_notice
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import Notification
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import retract
from humasflow.scoring.services.reconsidering import recount_point, reverse_point, undo_decision
from humasflow.scoring.services.verification import dispute_point, question_link, verify_point
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@pytest.fixture
def recorded(world: World) -> Delivery:
    """Live, recorded by the editor; its story is the other editor's."""
    make_scheme(world)
    delivery = live_post(world, title="Lelang")
    delivery.evidence[0].captured_by = world.editor.id
    delivery.post.story.owner_id = world.other_editor.id
    db.session.flush()
    return delivery


def told(kind: K) -> set[int]:
    return set(db.session.scalars(select(Notification.user_id).where(Notification.kind == kind)))


def ids(*users: User) -> set[int]:
    return {u.id for u in users}


def sentences(user: User, *, unread: bool = False) -> Sequence[str]:
    return [n.sentence for n in queries.list_notices(user.id, unread_only=unread)]


def test_a_question_reaches_who_recorded_it_and_who_holds_it(world: World, recorded: Delivery) -> None:
    dispute_point(recorded, actor=world.as_(world.lead), reason="Tangkapan layarnya tidak terbaca")
    assert told(K.POINT_DISPUTED) == ids(world.editor, world.other_editor)
    (said,) = sentences(world.editor)
    assert said == (
        f"Ketua Tim mempertanyakan nilai publikasi ini: {recorded.title} (Situs berita). "
        "Alasan: Tangkapan layarnya tidak terbaca"
    )
    (notice,) = queries.list_notices(world.editor.id)
    assert queries.url_for_notice(db.session.get_one(Notification, notice.id)).endswith(
        f"/publikasi/{recorded.post_id}"
    )
    assert K.POINT_DISPUTED.needs_action, "so it is mailed"
    letter = compose_notice(
        K.POINT_DISPUTED, title=recorded.title, actor_name="Ketua Tim", subject=("post", recorded.post_id),
        user=world.editor, office=world.office,
    )  # fmt: skip
    assert letter.subject == f"Nilainya dipertanyakan: {recorded.title}"
    assert "Ketua Tim mempertanyakan" in letter.text and f"/publikasi/{recorded.post_id}" in letter.text
    assert "tidak terbaca" not in letter.text, "a reason stays in the product"


def test_nobody_is_told_of_their_own_question(world: World, recorded: Delivery) -> None:
    dispute_point(recorded, actor=world.as_(world.editor), reason="Judulnya lain")
    assert told(K.POINT_DISPUTED) == ids(world.other_editor)


def test_its_answer_is_told_and_nobody_is_asked_any_longer(world: World, recorded: Delivery) -> None:
    dispute_point(recorded, actor=world.as_(world.editor), reason="Judulnya lain")
    verify_point(recorded, actor=world.as_(world.lead))
    assert told(K.POINT_CLEARED) == ids(world.other_editor)
    (left,) = sentences(world.other_editor, unread=True)
    assert "Ketua Tim" in left and "tidak dipertanyakan lagi" in left


def test_a_question_taken_back_is_no_question(world: World, recorded: Delivery) -> None:
    dispute_point(recorded, actor=world.as_(world.lead), reason="Salah lihat")
    undo_decision(recorded, actor=world.as_(world.lead))
    assert told(K.POINT_CLEARED) == ids(world.editor, world.other_editor)
    assert not any("Salah lihat" in s for s in sentences(world.editor, unread=True))


def test_an_answer_taken_back_asks_again_in_the_name_of_who_asked(world: World, recorded: Delivery) -> None:
    dispute_point(recorded, actor=world.as_(world.editor), reason="Judulnya lain")
    verify_point(recorded, actor=world.as_(world.lead))
    undo_decision(recorded, actor=world.as_(world.lead))
    newest = sentences(world.other_editor)[0]
    assert newest.startswith("Redaktur Satu mempertanyakan") and "Judulnya lain" in newest
    assert len([s for s in sentences(world.other_editor, unread=True) if "mempertanyakan" in s]) == 1


def test_what_is_set_aside_and_counted_again_is_told_with_the_reason(
    world: World, recorded: Delivery
) -> None:
    lead = world.as_(world.lead)
    dispute_point(recorded, actor=lead, reason="Ganda?")
    reverse_point(recorded, actor=lead, reason="Sama dengan siaran pers")
    assert told(K.POINT_SET_ASIDE) == ids(world.editor, world.other_editor)
    (left,) = sentences(world.editor, unread=True)
    assert "tidak dihitung" in left and "Alasan: Sama dengan siaran pers" in left
    recount_point(recorded, actor=lead)
    assert told(K.POINT_RECOUNTED) == ids(world.editor, world.other_editor)
    (left,) = sentences(world.editor, unread=True)
    assert "dihitung lagi" in left


def test_confirming_what_nobody_questioned_tells_nobody(world: World, recorded: Delivery) -> None:
    verify_point(recorded, actor=world.as_(world.lead))
    assert told(K.POINT_CLEARED) == set()


def test_what_is_taken_down_is_asked_about_no_longer(world: World, recorded: Delivery) -> None:
    dispute_point(recorded, actor=world.as_(world.lead), reason="Ganda")
    retract(recorded, actor=world.as_(world.editor), reason="Memang ganda")
    assert sentences(world.editor, unread=True) == []


def test_a_lost_address_is_not_told_twice(world: World, recorded: Delivery) -> None:
    """The check of links has a notice of its own."""
    question_link(recorded)
    assert told(K.POINT_DISPUTED) == set()


def test_who_may_not_open_it_is_not_told(world: World, recorded: Delivery) -> None:
    recorded.evidence[0].captured_by = world.contributor.id
    db.session.flush()
    dispute_point(recorded, actor=world.as_(world.lead), reason="Ganda")
    assert told(K.POINT_DISPUTED) == ids(world.other_editor)
