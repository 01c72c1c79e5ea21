"""The two pages of choices, the inbox by topic, and the bell's number."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from humasflow.accounts.models import User, UserSession
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications import queries as notices
from humasflow.notifications import services as telling
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import Notification
from humasflow.notifications.routing import queries
from humasflow.notifications.routing.enums import NoticeChannel as C
from humasflow.notifications.routing.enums import NoticeMode as M
from humasflow.notifications.routing.enums import NoticeTopic as T
from humasflow.notifications.routing.models import NoticePreference, NoticeRule
from humasflow.notifications.routing.quiet import Habits
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.notifications.server import Box
from tests.support.forms import form_with, send
from tests.support.page import Browser

pytestmark = [pytest.mark.db, pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")]

BrowserOf = Callable[[User], Browser]
RULES, OWN, INBOX = "/pengaturan/pemberitahuan", "/akun/pemberitahuan", "/pemberitahuan/"


def stored() -> dict[tuple[K, str, C], M]:
    db.session.expire_all()
    return {(r.kind, r.role.value, r.channel): r.mode for r in db.session.query(NoticeRule)}


# An office's rules


def test_a_choice_for_a_topic_holds_for_all_its_events_and_an_event_can_differ(
    world: World, browser_of: BrowserOf
) -> None:
    admin = browser_of(world.admin)
    assert "Surel belum diatur" in admin.get(RULES).main
    send(admin, RULES, "stamp", {"topic:comments:mail": "off"})
    assert stored() == {
        (k, "editor", C.MAIL): M.OFF
        for k in (K.COMMENT_MENTION, K.COMMENT_NEW, K.COMMENT_REPLY, K.SUGGESTION_NEW)
    }, "what is off by itself needs no row"
    send(admin, RULES, "stamp", {"kind:comment_mention:mail": "now"})
    assert (K.COMMENT_MENTION, "editor", C.MAIL) not in stored()
    page = admin.get(RULES)
    assert form_with(page, "stamp")["topic:comments:mail"] == "", "they differ now"
    assert "3 peristiwa diatur lain" in page.main
    entry = audit.list_timeline(("unit", world.office.id))[0]
    assert entry.action is AuditAction.NOTICE_RULES_CHANGED
    assert entry.detail["changes"] == {"comment_mention.mail": "now"}
    form = page.form("pemberitahuan/baku")
    assert "Aturan Redaktur kembali seperti semula." in admin.follow(admin.post(f"{RULES}/baku", form)).text
    assert stored() == {}


def test_each_role_has_its_own(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    send(admin, f"{RULES}?peran=contributor", "stamp", {"kind:pitch_parked:mail": "now"})
    assert stored() == {(K.PITCH_PARKED, "contributor", C.MAIL): M.NOW}
    assert form_with(admin.get(f"{RULES}?peran=lead"), "stamp")["kind:pitch_parked:mail"] == "digest"
    assert "Redaktur" in admin.get(f"{RULES}?peran=raja").main


def test_what_asks_for_something_offers_no_choice_in_the_product_and_takes_none(
    world: World, browser_of: BrowserOf
) -> None:
    admin = browser_of(world.admin)
    page = admin.get(RULES)
    assert page.soup.select_one("[name='kind:post_failed:in_app']") is None
    form = form_with(page, "stamp") | {"kind:post_failed:in_app": "off", "topic:publishing:in_app": "off"}
    admin.post(RULES, form)
    assert stored() == {(K.POST_LIVE, "editor", C.IN_APP): M.OFF}


def test_nonsense_changes_nothing_and_keeps_the_page(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    form = form_with(admin.get(RULES), "stamp")
    page = admin.post(RULES, form | {"topic:comments:mail": "besok"}, status=422)
    assert "Pilihan itu tidak tersedia." in page.main
    assert stored() == {}


def test_two_admins_at_once_lose_nothing(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    opened = form_with(admin.get(RULES), "stamp")
    send(admin, RULES, "stamp", {"topic:comments:mail": "off"})
    page = admin.post(RULES, opened | {"topic:pitches:mail": "now"}, status=409)
    assert "Admin lain baru saja mengubah" in page.main
    assert form_with(page, "stamp")["topic:pitches:mail"] == "now", "what was chosen is still there"
    assert (K.PITCH_NEW, "editor", C.MAIL) not in stored()


def test_only_an_admin_of_the_office(world: World, other_world: World, browser_of: BrowserOf) -> None:
    for user in (world.editor, world.contributor, world.approver):
        browser_of(user).get(RULES, status=403)
    send(browser_of(other_world.admin), RULES, "stamp", {"topic:comments:mail": "off"})
    assert queries.list_rules(world.office.id) == {}


def test_counts_without_names(world: World, box: Box, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    assert "Belum ada yang disampaikan" in admin.get(RULES).main
    telling.notify(
        [world.editor],
        K.REVIEW_RETURNED,
        office_id=world.office.id,
        subject=("story", 7),
        key="a",
        title="Judul",
    )
    db.session.commit()
    page = admin.get(RULES)
    assert "Surel 0 1 0 0" in page.main
    assert world.editor.name not in page.main


# One's own wishes


def test_a_person_chooses_and_goes_back_to_what_the_office_says(
    world: World, box: Box, browser_of: BrowserOf
) -> None:
    editor = browser_of(world.editor)
    page = editor.get(OWN)
    assert page.soup.select_one("[name='troubles:in_app']") is None, "nothing there may be switched off"
    send(editor, OWN, "digest_at", {
        "pitches:mail": "off", "publishing:in_app": "off", "is_quiet": "y", "quiet_from": "20.00", "quiet_until": "6:15",
        "quiet_days": "y", "digest_at": "08.00",
    })  # fmt: skip
    assert queries.list_wishes(world.editor.id) == {
        (T.PITCHES, C.MAIL): M.OFF,
        (T.PUBLISHING, C.IN_APP): M.OFF,
    }
    db.session.expire_all()
    assert queries.get_habits(world.editor.id) == Habits(time(20), time(6, 15), True, time(8))
    entry = audit.list_timeline(("user", world.editor.id))[0]
    assert entry.action is AuditAction.NOTICE_PREFERENCES_CHANGED
    assert entry.detail["fields"] == ["pitches.mail", "publishing.in_app", "hours"]
    send(editor, OWN, "digest_at", {"pitches:mail": ""})
    assert (T.PITCHES, C.MAIL) not in queries.list_wishes(world.editor.id)
    assert queries.list_wishes(world.other_editor.id) == {}


def test_quiet_hours_can_be_switched_off(world: World, browser_of: BrowserOf) -> None:
    editor = browser_of(world.editor)
    form = form_with(editor.get(OWN), "digest_at")
    form.pop("is_quiet", None)
    editor.post(OWN, form | {"digest_at": "09.00"})
    db.session.expire_all()
    assert queries.get_habits(world.editor.id) == Habits(None, None, False, time(9))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"digest_at": "25.00"}, "tidak dikenal"), ({"digest_at": ""}, "Tulis jamnya"),
        ({"is_quiet": "y", "quiet_from": ""}, "Tulis jamnya, misalnya 21.00."),
        ({"is_quiet": "y", "quiet_from": "09.00", "quiet_until": "09.00"}, "tidak boleh sama"),
        ({"publishing:in_app": "digest"}, "Pilihan itu tidak tersedia."),
        ({"publishing:in_app": "\x00"}, "Pilihan itu tidak tersedia."),
    ],
)  # fmt: skip
def test_bad_hours_are_named_and_the_rest_is_kept(
    world: World, browser_of: BrowserOf, changes: dict[str, str], message: str
) -> None:
    editor = browser_of(world.editor)
    page = send(editor, OWN, "digest_at", changes, status=422)
    assert message in page.main
    assert db.session.query(NoticePreference).count() == 0


def test_without_mail_there_is_nothing_to_choose_about_it(world: World, browser_of: BrowserOf) -> None:
    page = browser_of(world.editor).get(OWN)
    assert "Surel belum tersedia" in page.main
    assert page.soup.select_one("[name$=':mail']") is None
    assert page.soup.select_one("[name$=':telegram']") is None, "nobody linked it"


@pytest.mark.parametrize("url", [RULES, OWN])
def test_the_pages_cost_the_same_with_one_rule_and_with_many(
    world: World, browser_of: BrowserOf, statements: QueryCount, url: str
) -> None:
    admin = browser_of(world.admin)
    admin.get(url)
    statements.reset()
    admin.get(url)
    one = len(statements)
    for kind in K:
        db.session.add(
            NoticeRule(office_id=world.office.id, kind=kind, role="admin", channel=C.MAIL, mode=M.DIGEST)
        )
    db.session.commit()
    statements.reset()
    admin.get(url)
    assert len(statements) == one <= 14


# The inbox and the bell


def fill(world: World) -> None:
    for kind, key in ((K.POST_LIVE, "tayang"), (K.PITCH_NEW, "usulan")):
        telling.notify(
            [world.editor],
            kind,
            office_id=world.office.id,
            subject=("post", 1),
            key=key,
            title=f"Judul {key}",
        )
    db.session.commit()


def test_the_inbox_by_topic_marks_one_and_leads_to_fewer_of_them(
    world: World, in_request: None, browser_of: BrowserOf
) -> None:
    fill(world)
    editor = browser_of(world.editor)
    page = editor.get(f"{INBOX}?tentang=publishing")
    assert "Judul tayang" in page.main
    assert "Judul usulan" not in page.main
    assert page.link("Kurangi yang seperti ini") == f"{OWN}#topik-publishing"
    notice = db.session.query(Notification).filter_by(key="tayang").one()
    editor.post(f"{INBOX}{notice.id}/tandai", page.form(f"{notice.id}/tandai"))
    assert notices.count_unread(world.editor.id) == 1
    assert "Tidak ada tentang Tugas" in editor.get(f"{INBOX}?tentang=tasks").main
    assert "Judul usulan" in editor.get(f"{INBOX}?tentang=apa-saja").main
    browser_of(world.other_editor).post(f"{INBOX}{notice.id}/tandai", status=404)


def test_the_bell_asks_lightly_and_does_not_keep_a_session_alive(
    world: World, in_request: None, browser_of: BrowserOf, statements: QueryCount
) -> None:
    fill(world)
    editor = browser_of(world.editor)
    assert editor.get(INBOX).soup.select_one("[data-bell]")["data-bell"] == f"{INBOX}jumlah"
    session = db.session.query(UserSession).filter_by(user_id=world.editor.id).one()
    session.seen_at = seen = clock.now() - timedelta(hours=1)
    db.session.commit()
    statements.reset()
    first = editor.client.get(f"{INBOX}jumlah", headers={"Accept": "application/json"})
    assert first.json == {"count": 2}
    assert "private" in first.headers["Cache-Control"]
    assert len(statements) <= 5
    again = editor.client.get(f"{INBOX}jumlah", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    telling.mark_all_read(world.editor.id, up_to_id=10**6)
    db.session.commit()
    other = editor.client.get(f"{INBOX}jumlah", headers={"If-None-Match": first.headers["ETag"]})
    assert other.json == {"count": 0}
    db.session.expire_all()
    assert abs(session.seen_at - seen) < timedelta(seconds=1)
    stranger = Browser(editor.app)
    stranger._forget()
    answer = stranger.client.get(f"{INBOX}jumlah", headers={"Accept": "application/json"})
    assert answer.status_code == 401
