"""Every route says who may come in, and none can be reached by accident."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from humasflow.core.guards import Guard, guard_of
from tests.conftest import make_app
from tests.factories.world import World
from tests.guards.things import NOBODY, address, guarded_rules, things_of
from tests.support.page import Browser

# Everything that is open to the world. A new public route must be written down here.
PUBLIC = {
    "static",
    "accounts.sign_in", "accounts.sign_in_sample", "accounts.sign_out", "accounts.accept_invitation",
    "accounts.set_language", "accounts.set_theme",
    "setup.wizard", "setup.create_sample", "setup.archive",
    "pages.healthz", "pages.readyz", "pages.components_guide",
    "newsroom.index", "newsroom.by_type", "newsroom.article", "newsroom.article_short", "newsroom.atom",
    "newsroom.json_feed", "newsroom.sitemap", "newsroom.sitemap_page", "newsroom.picture", "newsroom.card", "newsroom.embed",
    "newsroom.embed_guide", "newsroom.read", "newsroom.robots",
    # Approvers without an account: a personal link, then a one-time code; a GET changes nothing and shows no content.
    "approvals.guest_link", "approvals.guest_send_code", "approvals.guest_code", "approvals.guest_identify",
    "approvals.guest_resend", "approvals.guest_read", "approvals.guest_approve", "approvals.guest_send_back",
    "approvals.guest_leave", "approvals.guest_picture",
    # A one-time code by mail instead of a password, for one decision; the pages say nothing about anybody.
    "approvals.ask_code", "approvals.type_code",
    "feeds.file",  # a calendar program with a secret address, which its owner can revoke
    # One view of the calendar for whoever has its secret address, until it expires: read-only, nothing confidential.
    "sharing.shown",
    # A picture that its channel is just fetching, under an unguessable address, while the job runs and no longer.
    "publishing.opened_media",
    # From a mail: the signed token in the address decides, a GET changes nothing.
    "mailbox.unsubscribe", "mailbox.stop", "mailbox.confirm", "mailbox.confirmed",
    "pages.worker", "pages.offline",  # what a browser keeps for when there is no network; they say nothing about anybody
}  # fmt: skip

# Any signed-in person may ask; the service behind decides about the object. A new one must be written down here.
SIGNED_IN = {
    "accounts.profile", "accounts.change_password", "accounts.revoke_session", "accounts.sign_out_everywhere",
    "accounts.choose_office", "accounts.own_absences", "accounts.absence", "accounts.remove_absence",
    "approvals.review", "approvals.approve", "approvals.send_back", "approvals.recall", "approvals.submit", "approvals.package_opened",
    "approvals.remind", "approvals.clear", "approvals.object_to",
    "media.detail", "media.rendition", "media.crop", "media.focus", "media.forget_facts", "media.child", "media.poster",
    "media.put_aside", "media.take_back", "media.add_consent", "media.renew_consent", "media.withdraw_consent",
    "media.detach_document",
    "notifications.inbox", "notifications.read", "notifications.read_all", "notifications.count", "notifications.mark",
    "routing.preferences",  # one's own
    "briefs.today",  # one's own
    "search.everywhere",  # finds what the person may open
    "push.devices", "push.key", "push.subscribe", "push.remove", "push.trial",
    "telegram.chat", "telegram.invite", "telegram.chat_state", "telegram.unlink",
    "pages.home", "pages.story", "pages.task", "pages.tasks",
    "pages.manual", "pages.manual_topic", "pages.manual_shortcuts", "pages.manual_tour",  # the same words for everybody
    "pitches.detail", "pitches.edit", "pitches.accept", "pitches.join", "pitches.park", "pitches.reject",
    "pitches.reopen",
    "publishing.index", "publishing.detail", "publishing.mark_live", "publishing.add_evidence",
    "publishing.confirm_correction", "publishing.confirm_removal", "metrics.record",
    "reports.index", "reports.order", "reports.run", "reports.download", "reports.cancel", "reports.again",  # one's own
    "reports.release", "reports.release_file",  # of a story one may read
    "scoring.my_contribution", "scoring.person",  # one's own; that of another by permission
    "stories.task_opened", "stories.accept_task", "stories.decline_task", "stories.finish_task",
    "stories.reopen_task",
    "stories.comments", "stories.comment", "stories.thread", "stories.comment_people", "stories.begin_comment",
    "stories.reply_comment", "stories.move_thread", "stories.decide_suggestion", "stories.edit_comment",
    "stories.remove_comment",
    "stories.version", "stories.versions", "stories.compare", "stories.presence", "stories.pulse", "stories.signed_in_again", "pages.changes_since_approval", "stories.document",
    "stories.tick", "stories.override_finding", "stories.restore_finding", "stories.declare",
}  # fmt: skip


def _invented(app: Flask, method: str) -> list[tuple[str, str]]:
    """Every guarded address that takes this method, naming things that do not exist."""
    arguments = {a for rule in guarded_rules(app) for a in rule.arguments}
    values: dict[str, Any] = {a: "tidak-ada" if a == "key" else NOBODY for a in arguments}
    return [
        (rule.endpoint, address(app, rule, values))
        for rule in guarded_rules(app)
        if method in (rule.methods or ())
    ]


def test_every_route_declares_a_guard(app: Flask) -> None:
    undeclared = [r.endpoint for r in app.url_map.iter_rules() if guard_of(app, r.endpoint) is None]
    assert undeclared == []


def test_public_routes_are_the_ones_written_down(app: Flask) -> None:
    """Both ways: an unlisted one is a hole, a listed one that is gone makes room for a hole."""
    found = {r.endpoint for r in app.url_map.iter_rules() if guard_of(app, r.endpoint) == Guard("public")}
    assert found - PUBLIC == set(), "public and not on the list"
    assert PUBLIC - found == set(), "on the list and not public"


def test_routes_without_a_permission_are_the_ones_written_down(app: Flask) -> None:
    found = {r.endpoint for r in app.url_map.iter_rules() if guard_of(app, r.endpoint) == Guard("signed_in")}
    assert found == SIGNED_IN


def test_the_exemptions_from_csrf_are_the_ones_written_down() -> None:
    """Exempt is only what keeps no session and checks by itself where it comes from."""
    root = Path(__file__).resolve().parents[2] / "humasflow"
    found = [
        p.relative_to(root).as_posix()
        for p in root.rglob("*.py")
        if re.search(r"^@csrf\.exempt", p.read_text(), re.MULTILINE)
    ]
    assert sorted(found) == [
        "approvals/views/guests.py",
        "newsroom/views.py",
        "notifications/mailbox/views.py",
    ]


def test_a_route_without_a_guard_is_refused(database_url: str, tmp_path: Path) -> None:
    app = make_app(database_url, tmp_path)
    app.add_url_rule("/tanpa-penjaga", "unguarded", lambda: "secret")
    response = app.test_client().get("/tanpa-penjaga")
    assert response.status_code == 403
    assert b"secret" not in response.data


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_gets_behind_a_guard_without_signing_in(app: Flask, world: World, method: str) -> None:
    client = app.test_client()
    tried = _invented(app, method)
    assert len(tried) > 40
    for endpoint, url in tried:
        response = client.open(url, method=method)
        assert response.status_code == 303, f"{method} {endpoint}: {response.status_code}"
        assert response.headers["Location"].startswith("/masuk"), endpoint


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_made_up_cookie_is_nobody(app: Flask, world: World, method: str) -> None:
    client = app.test_client()
    for value in ("1", str(world.admin.id), "x" * 43, "", "\x00", "'; --"):
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = value, True
        response = client.open("/profil", method=method)
        assert response.status_code == 303, value
        assert response.headers["Location"].startswith("/masuk"), value


@pytest.mark.parametrize("name", ["contributor", "editor", "approver", "section_approver", "lead", "admin"])
def test_each_permission_is_enforced(app: Flask, world: World, name: str) -> None:
    """The matrix: role × every guarded address × existing and missing things.

    Without the permission never anything but a refusal; with it never a refusal by the guard and never a crash.
    """
    things = things_of(world)
    things["key"] = "berita-utama"
    user = getattr(world, name)
    browser, principal = Browser(app).sign_in(user), world.as_(user)
    for rule in guarded_rules(app):
        guard = guard_of(app, rule.endpoint)
        assert guard is not None
        allowed = not guard.permissions or any(principal.can(p) for p in guard.permissions)
        url = address(app, rule, things)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            if method == "POST" and allowed:
                continue  # what an allowed person may send is the matter of each room's own tests
            browser._forget()
            status = browser.client.open(url, method=method, buffered=True).status_code
            if not allowed:
                assert status == 403, f"{name} {method} {url}: {status}"
            elif guard.permissions:
                assert status in (200, 302, 303, 404, 409), f"{name} {method} {url}: {status}"
            else:
                assert status < 500, f"{name} {method} {url}: {status}"


def test_somebody_without_any_role_gets_nowhere(app: Flask, world: World) -> None:
    things = things_of(world) | {"key": "berita-utama"}
    stranger = world.other_contributor
    for grant in list(stranger.grants):
        grant.valid_until = grant.valid_from
    from humasflow.core.db import db

    db.session.commit()
    browser = Browser(app).sign_in(stranger)
    open_to_all = {
        "accounts.profile", "accounts.sign_out_everywhere", "accounts.change_password", "pages.home",
        "pages.manual", "pages.manual_topic", "pages.manual_shortcuts",
        "notifications.inbox", "notifications.read_all", "push.devices", "push.key",
        "notifications.count", "routing.preferences",
        "stories.signed_in_again",  # says that one is signed in, and nothing else
    }  # fmt: skip
    for rule in guarded_rules(app):
        if rule.endpoint in open_to_all:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            browser._forget()
            status = browser.client.open(address(app, rule, things), method=method).status_code
            assert status in (400, 403, 404), f"{method} {rule.endpoint}: {status}"


def test_an_unsafe_request_without_a_token_is_refused(app: Flask, world: World) -> None:
    """Every rule that takes a POST, public ones too; only what is exempt by name answers otherwise."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    client = Browser(app).sign_in(world.admin).client
    things = things_of(world) | {
        "key": "berita-utama",
        "token": "x",
        "title_slug": "x",
        "code": "x",
        "cursor": "x",
    }
    tried = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "newsroom.read" or not (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            continue
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            for token in (None, "", "x" * 80):
                data = {} if token is None else {"csrf_token": token}
                status = client.open(address(app, rule, things), method=method, data=data).status_code
                assert status == 400, f"{method} {rule.endpoint}: {status}"
            tried += 1
    assert tried > 55
