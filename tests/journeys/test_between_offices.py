"""An office hands a campaign and a release down; the one below follows with its own words; the one above sees it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect

from humasflow.accounts.queries import today_at
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.planning.campaigns.services import CampaignContent, create_campaign
from humasflow.stories import services
from humasflow.stories.enums import StoryState
from tests.conftest import make_app
from tests.factories import desk
from tests.factories.offices import put_below
from tests.factories.world import PASSWORD, build_world
from tests.journeys.looking import glance
from tests.support.served import serve_on_loopback

pytestmark = pytest.mark.journey


@dataclass
class Offices:
    """Two offices, one above the other, each with an editor."""

    url: str
    above: str
    below: str
    campaign_id: int
    story_id: int


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[Offices]:
    app = make_app(
        f"sqlite:///{tmp_path / 'offices.db'}", tmp_path, SERVER_NAME=None, PROPAGATE_EXCEPTIONS=None
    )
    http = serve_on_loopback(app)
    app.config["PUBLIC_URL"] = url = f"http://127.0.0.1:{http.server_port}"
    with app.app_context(), app.test_request_context():
        Base.metadata.create_all(db.engine)
        upper = build_world(slug="kanwil", name="Kantor Wilayah")
        lower = build_world(slug="pelayanan", name="Kantor Pelayanan", timezone="Asia/Jayapura")
        put_below(lower, upper)
        today = today_at(upper.office)
        campaign = create_campaign(
            actor=upper.as_(upper.editor), office_id=upper.office.id,
            content=CampaignContent(
                "Bulan Lelang", "Warga berani ikut lelang", "Warga", today, today + timedelta(days=20),
                target=10, shares={upper.pillar.id: 60},
            ),
        )  # fmt: skip
        story = desk.story(upper, state=StoryState.APPROVED, title="Lelang dibuka serentak")
        story.campaign_id = campaign.id
        services.set_embargo(story, actor=upper.as_(upper.editor), until=clock.now() + timedelta(days=2))
        db.session.commit()
        found = Offices(url, upper.editor.email, lower.editor.email, campaign.id, story.id)
        db.session.remove()
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield found
    http.shutdown()
    thread.join()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def contexts(chromium: Chromium) -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def sign_in(
    chromium: Chromium,
    contexts: list[BrowserContext],
    offices: Offices,
    email: str,
    *,
    width: int,
    dark: bool,
) -> Page:
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light", locale="id-ID",
        base_url=offices.url, reduced_motion="reduce",
    )  # fmt: skip
    contexts.append(context)
    page = context.new_page()
    page.goto("/masuk")
    page.fill("input[type=email]", email)
    page.fill("input[type=password]", PASSWORD)
    page.locator("main form button.primary").first.click()
    page.wait_for_url("**/")
    return page


def test_pushed_down_followed_and_seen_above(
    offices: Offices, chromium: Chromium, contexts: list[BrowserContext]
) -> None:
    above = sign_in(chromium, contexts, offices, offices.above, width=1280, dark=False)
    above.goto(f"/kampanye/{offices.campaign_id}")
    above.get_by_label("Kantor Pelayanan").check()
    above.get_by_role("button", name="Ajak").click()
    expect(above.locator(".adoption tbody tr")).to_contain_text("Menunggu jawaban")
    above.goto(f"/naskah/{offices.story_id}/teruskan")
    above.get_by_label("Kantor Pelayanan").check()
    above.get_by_label("Pesan").fill("Tayang serentak")
    above.get_by_role("button", name="Teruskan").click()
    expect(above.locator("main .adoption")).to_contain_text("Menunggu jawaban")
    wrong = glance(above, "teruskan")

    # On a phone, at night.
    below = sign_in(chromium, contexts, offices, offices.below, width=360, dark=True)
    below.goto("/kampanye/")
    wrong += glance(below, "kampanye kosong")
    below.get_by_role("link", name="1 ajakan kampanye menunggu").click()
    wrong += glance(below, "ajakan")
    below.get_by_role("link", name="Bulan Lelang").click()
    wrong += glance(below, "ajakan kampanye")
    below.get_by_label("Nama kampanye").fill("Bulan Lelang di Papua")
    below.get_by_label("Sasaran publikasi").fill("4")
    below.get_by_role("button", name="Ikuti kampanye").click()
    expect(below.get_by_role("heading", level=1)).to_have_text("Bulan Lelang di Papua")
    expect(below.locator("main")).to_contain_text("Mengikuti kampanye Kantor Wilayah")
    below.goto("/naskah/kiriman")
    wrong += glance(below, "kiriman")
    below.get_by_role("link", name="Lelang dibuka serentak").click()
    expect(below.locator("main")).to_contain_text("Embargo sampai")
    wrong += glance(below, "satu kiriman")
    below.locator("#ambil ~ form button").click()
    below.wait_for_url("**/sunting**")
    below.goto(below.url.split("/sunting")[0])
    expect(below.locator("main")).to_contain_text("Diambil dari Kantor Wilayah")
    expect(below.locator("main")).to_contain_text(
        "Bulan Lelang di Papua"
    )  # filed under the campaign it followed
    expect(below.locator("main")).to_contain_text("Embargo sampai")

    above.goto(f"/kampanye/{offices.campaign_id}")
    expect(above.locator(".adoption tbody tr")).to_contain_text("Diikuti")
    expect(above.locator(".adoption tbody tr")).to_contain_text("0 tayang dan 0 terjadwal dari sasaran 4")
    wrong += glance(above, "kampanye")
    above.goto(f"/naskah/{offices.story_id}/teruskan")
    expect(above.locator("main .adoption")).to_contain_text("Diambil")
    expect(above.locator("main .adoption")).to_contain_text("Draf")
    assert wrong == [], "\n".join(wrong)
