"""An admin connects an account on a platform's own page, in a real browser, under our content policy."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import delete, select

from humasflow.channels import queries
from humasflow.channels.adapters.base import AccountInfo, Outlet
from humasflow.channels.connections.enums import AppProvider
from humasflow.channels.connections.models import AppKey, Authorization, Connection
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.secrets import encrypt
from tests.channels.fakes import CANARY, Channel, channel
from tests.journeys.conftest import Server

__all__ = ["channel"]
pytestmark = pytest.mark.journey


@pytest.fixture
def facebook(server: Server) -> tuple[int, str]:
    """The sample office's Facebook account, with app keys and not connected. Cleared away again by the next one."""
    with server.app.app_context():
        account = next(a for a in queries.list_accounts(server.office_id) if a.kind.code == "facebook")
        db.session.execute(delete(Authorization))
        db.session.execute(delete(Connection))
        db.session.execute(delete(AppKey))
        account.adapter = "manual"
        now = clock.now()
        db.session.add(
            AppKey(
                office_id=server.office_id, provider=AppProvider.META, instance="", client_id="1",
                client_secret=encrypt("2"), created_at=now, updated_at=now,
            )
        )  # fmt: skip
        db.session.commit()
        found = account.id, account.handle
        db.session.remove()
    return found


def platform(page: Page) -> list[str]:
    """The platform's page, which sends back whoever says yes; the addresses it was called with."""
    seen: list[str] = []

    def answer(route: Route) -> None:
        seen.append(route.request.url)
        asked = parse_qs(urlsplit(route.request.url).query)
        back = f"{asked['redirect_uri'][0]}?state={asked['state'][0]}&code=kode"
        route.fulfill(content_type="text/html", body=f'<h1>Beri izin?</h1><a href="{back}">Izinkan</a>')

    page.context.route("https://meta.example/**", answer)
    return seen


@pytest.mark.parametrize("width", [1280, 360])
def test_there_and_back(
    open_as: Callable[..., Page], server: Server, facebook: tuple[int, str], channel: Channel, width: int
) -> None:
    account_id, handle = facebook
    channel.answers["outlets"] = (
        Outlet("1", "Akun Pribadi", "pribadi"),
        Outlet("2", "Halaman Kantor", handle),
    )
    channel.answers["verify"] = AccountInfo("Halaman Kantor", handle)
    page = open_as("admin", width=width)
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)
    seen = platform(page)
    page.goto(f"/pengaturan/kanal/{account_id}/sambungkan")
    page.get_by_role("button", name="Lanjut ke Facebook").click()
    expect(page.get_by_role("heading", name="Beri izin?")).to_be_visible()
    assert len(seen) == 1 and refused == []
    page.get_by_role("link", name="Izinkan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Yang mana")
    page.get_by_label("Halaman Kantor").check()
    page.get_by_role("button", name="Sambungkan", exact=True).click()
    expect(page.locator("#sambungan .chip")).to_contain_text("Tersambung")
    assert CANARY not in page.content()
    with server.app.app_context():
        made = db.session.scalars(select(Connection).where(Connection.account_id == account_id)).one()
        assert made.external_id == "2"
        db.session.remove()
