"""What is told when and how often: quiet hours, digests, what was read or settled meanwhile, other ways."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.models import Absence, User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications import queries, services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import MailMessage, Notification
from humasflow.notifications.reaching import REACHES, Message, Reach
from humasflow.notifications.routing.enums import DeliveryState as S
from humasflow.notifications.routing.enums import NoticeChannel as C
from humasflow.notifications.routing.enums import NoticeMode as M
from humasflow.notifications.routing.enums import NoticeTopic as T
from humasflow.notifications.routing.models import NoticeDelivery, NoticeHabit, NoticePreference, NoticeRule
from humasflow.notifications.services import delivering
from humasflow.outbox import runner
from humasflow.outbox import services as outbox
from humasflow.outbox.handling import RetryLater
from humasflow.outbox.models import Job
from humasflow.stories import services as stories
from tests.conftest import QueryCount
from tests.factories import desk
from tests.factories.world import World
from tests.notifications.server import Box

pytestmark = [pytest.mark.db, pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")]

At = Callable[[str], AbstractContextManager[None]]
EVENING = "2026-11-23T15:00:00+00:00"  # Monday, 22.00 WIB
MORNING = "2026-11-23T22:30:00+00:00"  # Tuesday, 05.30 WIB
DIGEST = "2026-11-24T00:30:00+00:00"  # Tuesday, 07.30 WIB
NOON = "2026-11-23T05:00:00+00:00"  # Monday, 12.00 WIB


def tell(world: World, kind: K = K.REVIEW_RETURNED, *, key: str = "a", subject: tuple[str, int] = ("story", 7),
         users: list[User] | None = None, deadline: datetime | None = None) -> None:  # fmt: skip
    services.notify(
        users or [world.editor], kind, office_id=world.office.id, subject=subject, key=key, title=f"Judul {key}",
        actor_name="Penyetuju", reason="Alasan yang tidak untuk layar kunci", deadline=deadline,
    )  # fmt: skip
    db.session.commit()


def habit(user: User, *, days: bool = False, digest: str = "07:30") -> None:
    db.session.add(
        NoticeHabit(
            user_id=user.id, quiet_from="21:00", quiet_until="05:30", quiet_days=days, digest_at=digest
        )
    )
    db.session.commit()


def wish(user: User, topic: T, channel: C, mode: M) -> None:
    db.session.add(NoticePreference(user_id=user.id, topic=topic, channel=channel, mode=mode))
    db.session.commit()


def states(channel: C = C.MAIL) -> list[S]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            select(NoticeDelivery.state).where(NoticeDelivery.channel == channel).order_by(NoticeDelivery.id)
        )
    )


def due() -> list[datetime]:
    return list(db.session.scalars(select(NoticeDelivery.due_at).order_by(NoticeDelivery.id)))


def mails() -> list[MailMessage]:
    return list(db.session.scalars(select(MailMessage).order_by(MailMessage.id)))


# Quiet hours


def test_the_night_holds_mail_back_until_it_is_over(world: World, box: Box, at: At) -> None:
    habit(world.editor)
    with at(EVENING):
        tell(world)
        runner.run_due()
        assert box.messages == []
        assert queries.count_unread(world.editor.id) == 1, "in the product at once"
        assert due() == [datetime.fromisoformat(MORNING)]
    with at(MORNING):
        runner.run_due()
        runner.run_due()
    (message,) = box.messages
    assert message["Subject"] == "Perlu koreksi: Judul a"
    assert states() == [S.SENT]


@pytest.mark.parametrize(
    ("kind", "deadline", "subject"),
    [
        (K.POST_FAILED, None, ("post", 1)), (K.MANUAL_DUE, None, ("post", 1)),
        (K.TASK_OFFERED, "2026-11-23T22:00:00+00:00", ("story", 7)),
    ],
)  # fmt: skip
def test_a_trouble_and_what_is_due_in_the_night_are_told_at_once(
    world: World, box: Box, at: At, kind: K, deadline: str | None, subject: tuple[str, int]
) -> None:
    habit(world.editor)
    with at(EVENING):
        tell(world, kind, subject=subject, deadline=datetime.fromisoformat(deadline) if deadline else None)
        runner.run_due()
    assert len(box.messages) == 1


def test_what_is_due_after_the_night_waits(world: World, box: Box, at: At) -> None:
    habit(world.editor)
    with at(EVENING):
        tell(world, K.REVIEW_WANTED, deadline=datetime.fromisoformat("2026-11-24T03:00:00+00:00"))
        runner.run_due()
    assert box.messages == []


def test_three_that_waited_together_are_one_mail(world: World, box: Box, at: At) -> None:
    habit(world.editor)
    with at(EVENING):
        for n in range(3):
            tell(world, key=str(n))
    with at(MORNING):
        runner.run_due()
    (message,) = box.messages
    assert message["Subject"] == "3 kabar untuk Anda"
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        text = part.get_content()
        assert all(f"Perlu koreksi: Judul {n}" in text for n in range(3))
        assert "layar kunci" not in text


def test_two_that_waited_together_stay_two(world: World, box: Box, at: At) -> None:
    habit(world.editor)
    with at(EVENING):
        tell(world, key="0")
        tell(world, key="1")
    with at(MORNING):
        runner.run_due()
    assert [m["Subject"] for m in box.messages] == ["Perlu koreksi: Judul 0", "Perlu koreksi: Judul 1"]


# Digests


def test_a_digest_comes_once_at_its_hour_grouped_by_topic(world: World, box: Box, at: At) -> None:
    with at(NOON):
        tell(world, K.PITCH_NEW, key="usulan", subject=("pitch", 3))
        tell(world, K.COMMENT_NEW, key="komentar")
        runner.run_due()
        assert box.messages == []
    with at(DIGEST):
        runner.run_due()
        tell(world, K.PITCH_NEW, key="usulan", subject=("pitch", 3))  # the same fact again
        runner.run_due()
    (message,) = box.messages
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r", "")
    assert text.index("Usulan\n") < text.index("Judul usulan") < text.index("Komentar dan usul perubahan")
    assert "http://localhost/usulan/3" in text
    assert states() == [S.SENT, S.SENT]


def test_what_was_read_is_left_out_but_an_open_decision_stays(world: World, box: Box, at: At) -> None:
    wish(world.editor, T.APPROVALS, C.MAIL, M.DIGEST)
    with at(NOON):
        tell(world, K.REVIEW_WANTED, key="putuskan")
        tell(world, K.REVIEW_RETURNED, key="dibaca")
        tell(world, K.REVIEW_APPROVED, key="baru")
        for notice in db.session.scalars(
            select(Notification).where(Notification.key.in_(["putuskan", "dibaca"]))
        ):
            services.mark_read(world.editor.id, notice.id)
        db.session.commit()
    with at(DIGEST):
        runner.run_due()
    body = box.messages[0].get_body(("plain",))
    assert body is not None
    assert "Judul putuskan" in body.get_content()
    assert "Judul baru" in body.get_content()
    assert "Judul dibaca" not in body.get_content()
    assert states() == [S.SENT, S.SKIPPED, S.SENT]


def test_what_was_settled_is_not_told_even_a_decision_that_was_read_before(
    world: World, box: Box, at: At
) -> None:
    habit(world.editor)
    with at(EVENING):
        tell(world, K.REVIEW_WANTED, subject=("package", 4))
        (notice,) = db.session.scalars(select(Notification))
        services.mark_read(world.editor.id, notice.id)
        services.settle([K.REVIEW_WANTED], ("package", 4))
        db.session.commit()
    with at(MORNING):
        runner.run_due()
    assert box.messages == []
    assert states() == [S.SKIPPED]


def test_whoever_is_away_gets_one_digest_when_back_but_not_on_duty(world: World, box: Box, at: At) -> None:
    for user, kind in ((world.editor, AbsenceKind.LEAVE), (world.other_editor, AbsenceKind.DUTY)):
        db.session.add(
            Absence(
                user_id=user.id, office_id=world.office.id, kind=kind, starts_on=date(2026, 11, 23),
                ends_on=date(2026, 11, 25), created_at=clock.now(),
            )
        )  # fmt: skip
    db.session.commit()
    with at(NOON):
        tell(world, users=[world.editor, world.other_editor])
        runner.run_due()
        assert [m["To"] for m in box.messages] == ["other.editor@kantor-uji.example"]
    with at("2026-11-26T00:30:00+00:00"):
        runner.run_due()
    assert [m["To"] for m in box.messages][1:] == ["editor@kantor-uji.example"]


def test_a_worker_that_dies_in_the_middle_tells_once(
    world: World, box: Box, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(NOON):
        tell(world, K.PITCH_NEW, subject=("pitch", 3))

    def die(*_args: object) -> None:
        raise KeyboardInterrupt

    with at(DIGEST):
        with monkeypatch.context() as patch:
            patch.setattr(delivering, "_close", die)
            with pytest.raises(KeyboardInterrupt):
                runner.run_due()
        db.session.rollback()
        assert mails() == []
    with at("2026-11-24T00:40:00+00:00"):  # the lease is over
        runner.run_due()
        runner.run_due()
    assert len(box.messages) == 1


def test_what_lost_its_job_is_found_and_what_is_hopeless_is_said(world: World, box: Box, at: At) -> None:
    with at(NOON):
        tell(world, K.PITCH_NEW, subject=("pitch", 3))
    for job in db.session.scalars(select(Job).where(Job.kind == delivering.DELIVER)):
        outbox.cancel(job)
    db.session.commit()
    with at("2026-11-24T00:35:00+00:00"):
        assert delivering.enqueue_undelivered() == 1
        db.session.commit()
        runner.run_due()
        assert delivering.enqueue_undelivered() == 0
    assert len(box.messages) == 1
    with at(NOON):
        tell(world, K.PITCH_NEW, key="b", subject=("pitch", 3))
    with at("2026-11-28T00:00:00+00:00"):
        delivering.enqueue_undelivered()
        db.session.commit()
    assert states() == [S.SENT, S.FAILED]


# Rules and wishes


def test_an_offices_rule_and_a_persons_wish(world: World, box: Box) -> None:
    rule = NoticeRule(office_id=world.office.id, kind=K.PITCH_NEW, role="editor", channel=C.MAIL, mode=M.NOW)
    db.session.add(rule)
    wish(world.other_editor, T.PITCHES, C.MAIL, M.OFF)
    tell(
        world, K.PITCH_NEW, subject=("pitch", 3), users=[world.editor, world.other_editor, world.contributor]
    )
    for _n in range(2):
        runner.run_due()
    assert [m["To"] for m in box.messages] == ["editor@kantor-uji.example"]


def test_switched_off_in_the_product_it_is_not_counted_but_asked_things_are(
    world: World, in_request: None
) -> None:
    wish(world.editor, T.PITCHES, C.IN_APP, M.OFF)
    tell(world, K.PITCH_NEW, subject=("pitch", 3))
    assert queries.count_unread(world.editor.id) == 0
    tell(world, K.PITCH_ACCEPTED, key="b", subject=("pitch", 3))
    assert queries.count_unread(world.editor.id) == 1
    assert len(queries.list_notices(world.editor.id).items) == 1


def test_master_switch_and_sample_people(world: World, box: Box) -> None:
    world.editor.wants_email = False
    world.other_editor.is_sample = True
    tell(world, users=[world.editor, world.other_editor])
    assert db.session.scalar(select(NoticeDelivery.id)) is None


# Other ways


class Ear:
    """A way to people that tests listen to."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.refuses: RetryLater | None = None

    def send(self, message: Message) -> None:
        db.session.commit()
        if self.refuses is not None:
            raise self.refuses
        self.heard.append(message)


@pytest.fixture
def ear(world: World, in_request: None, monkeypatch: pytest.MonkeyPatch) -> Ear:
    made = Ear()
    only = world.editor.id
    monkeypatch.setitem(
        REACHES, C.TELEGRAM, Reach(lambda _office: select(User.id).where(User.id == only), made.send)
    )
    return made


def test_a_way_carries_what_its_person_wants_and_nobody_else_has_it(world: World, ear: Ear) -> None:
    tell(world, users=[world.editor, world.other_editor])
    runner.run_due()
    (message,) = ear.heard
    assert (message.user_id, message.path) == (world.editor.id, "/naskah/7")
    assert message.lines == ("Perlu koreksi: Judul a",)
    assert states(C.TELEGRAM) == [S.SENT]


def test_a_way_that_fails_is_tried_again_and_then_said(world: World, ear: Ear) -> None:
    ear.refuses = RetryLater("tidak terjangkau")
    tell(world)
    for _n in range(11):
        for job in db.session.scalars(select(Job).where(Job.kind == delivering.DELIVER)):
            job.due_at = clock.now() - timedelta(seconds=1)
        db.session.commit()
        runner.run_due(limit=1)
    assert states(C.TELEGRAM) == [S.FAILED]
    (delivery,) = db.session.scalars(select(NoticeDelivery))
    assert "tidak terjangkau" in delivery.error


# Cost and pruning


def test_telling_two_hundred_costs_what_telling_ten_does(
    world: World, box: Box, statements: QueryCount
) -> None:
    people = [
        User(
            name=f"Orang {n}",
            email=f"orang{n}@kantor.example",
            locale="id",
            theme="auto",
            created_at=clock.now(),
        )
        for n in range(200)
    ]
    db.session.add_all(people)
    db.session.commit()
    counts = []
    for size, key in ((10, "few"), (200, "many")):
        mine = [db.session.get_one(User, p.id) for p in people[:size]]
        db.session.get_one(type(world.office), world.office.id)
        statements.reset()
        services.notify(
            mine, K.REVIEW_RETURNED, office_id=world.office.id, subject=("story", 7), key=key, title="Judul"
        )
        counts.append(len(statements))
        db.session.commit()
    assert counts[0] == counts[1] <= 8
    for _n in range(50):
        if not runner.run_due():
            break
    assert len(mails()) == 210


def test_old_rows_go_and_waiting_ones_stay(world: World, box: Box, at: At) -> None:
    with at("2026-01-05T05:00:00+00:00"):
        tell(world)
        tell(world, K.PITCH_NEW, key="b", subject=("pitch", 3))
    with at(NOON):
        assert delivering.prune_deliveries() == 1
    assert states() == [S.WAITING]


def test_a_story_that_became_confidential_is_not_named(world: World, box: Box, at: At) -> None:
    story = desk.story(world, title="Rahasia besar")
    for user in (world.editor, world.other_editor):
        habit(user)
    with at(EVENING):
        services.notify(
            [world.editor, world.other_editor], K.REVIEW_RETURNED, office_id=world.office.id,
            subject=("story", story.id), key="r", title="Rahasia besar", story_id=story.id,
        )  # fmt: skip
        stories.make_confidential(story, actor=world.as_(world.editor), reader_ids=[])
        db.session.commit()
    with at(MORNING):
        runner.run_due()
    (mail,) = mails()
    assert mail.to_address == "editor@kantor-uji.example", "named; the other one hears nothing"
    assert "Rahasia" not in mail.subject + mail.text
    assert "naskah rahasia" in mail.subject
