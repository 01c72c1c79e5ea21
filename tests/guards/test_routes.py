"""Every route says who may come in, and none can be reached by accident."""

import pytest
from flask import Flask

from humasflow.core.guards import Guard, guard_of
from tests.factories.world import World
from tests.support.page import Browser

# Everything that is open to the world. A new public route must be written down here.
PUBLIC = {
    "static",
    "accounts.sign_in", "accounts.sign_in_sample", "accounts.sign_out", "accounts.accept_invitation",
    "accounts.set_language", "accounts.set_theme",
    "setup.wizard", "setup.create_sample",
    "pages.healthz", "pages.readyz", "pages.components_guide",
    "newsroom.index", "newsroom.by_type", "newsroom.article", "newsroom.atom", "newsroom.json_feed",
    "newsroom.sitemap", "newsroom.sitemap_page", "newsroom.picture", "newsroom.embed", "newsroom.read",
    "newsroom.robots", "newsroom.article_short",
}  # fmt: skip


def test_every_route_declares_a_guard(app: Flask) -> None:
    undeclared = [r.endpoint for r in app.url_map.iter_rules() if guard_of(app, r.endpoint) is None]
    assert undeclared == []


def test_public_routes_are_the_ones_written_down(app: Flask) -> None:
    found = {r.endpoint for r in app.url_map.iter_rules() if guard_of(app, r.endpoint) == Guard("public")}
    assert found <= PUBLIC, f"public and not on the list: {sorted(found - PUBLIC)}"


def test_a_route_without_a_guard_is_refused(app: Flask) -> None:
    app.add_url_rule("/tanpa-penjaga", "unguarded", lambda: "secret")
    response = app.test_client().get("/tanpa-penjaga")
    assert response.status_code == 403
    assert b"secret" not in response.data


def _addresses(app: Flask, method: str) -> list[tuple[str, str]]:
    found = []
    for rule in app.url_map.iter_rules():
        guard = guard_of(app, rule.endpoint)
        if guard is None or guard.kind == "public" or method not in (rule.methods or ()):
            continue
        values = {a: {"int": 1}.get(type(rule._converters[a]).__name__.lower()[:3], "1") for a in rule.arguments}
        with app.test_request_context():
            found.append((rule.endpoint, app.url_map.bind("localhost").build(rule.endpoint, values)))
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_gets_behind_a_guard_without_signing_in(app: Flask, world: World, method: str) -> None:
    client = app.test_client()
    for endpoint, address in _addresses(app, method):
        response = client.open(address, method=method)
        assert response.status_code == 303, f"{method} {endpoint}: {response.status_code}"
        assert "/masuk" in response.headers["Location"], endpoint


def test_each_permission_is_enforced_for_each_role(app: Flask, world: World) -> None:
    """The matrix: role × every guarded address; a role without the permission never gets a page."""
    people = [world.contributor, world.editor, world.approver, world.lead, world.admin]
    for user in people:
        client = Browser(app).sign_in(user).client
        principal = world.as_(user)
        for endpoint, address in _addresses(app, "GET"):
            guard = guard_of(app, endpoint)
            assert guard is not None
            allowed = not guard.permissions or any(principal.can(p) for p in guard.permissions)
            status = client.get(address).status_code
            if allowed:
                assert status != 500, f"{user.email} {endpoint}: {status}"
            else:
                assert status == 403, f"{user.email} {endpoint}: {status}"


def test_an_unsafe_request_without_a_token_is_refused(app: Flask, world: World) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    client = Browser(app).sign_in(world.admin).client
    for endpoint, address in _addresses(app, "POST"):
        assert client.post(address).status_code == 400, endpoint
