"""Notices on a device, in a real browser. What no real peer here can give is the address: browsers get it from their
maker's push service, which is out of reach, so the browser's ``subscribe`` answers from the test. The script in the
background, the message it is handed and what it shows are the browser's own.
"""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey

# A point on the curve and a secret, as any browser gives them out.
GIVEN = """
PushManager.prototype.subscribe = async function () {
  const subscription = {
    endpoint: "https://push.example/" + Math.random(), unsubscribe: async () => true,
    toJSON() {
      return { endpoint: this.endpoint, keys: {
        p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
        auth: "tBHItJI5svbpez7KI4CCXg" } };
    },
  };
  window.__subscription = subscription;
  sessionStorage.was = "yes";
  return subscription;
};
PushManager.prototype.getSubscription = async () => window.__subscription ?? (sessionStorage.was ? { toJSON: () => ({}), unsubscribe: async () => true } : null);
"""


def _open(open_as: Callable[..., Page]) -> Page:
    page = open_as("editor", width=360, keeps_pages=True)
    page.context.grant_permissions(["notifications"])
    page.add_init_script(GIVEN)
    page.goto("/pemberitahuan/perangkat")
    return page


def test_switched_on_and_off(open_as: Callable[..., Page]) -> None:
    page = _open(open_as)
    problems: list[str] = []
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.get_by_role("button", name="Nyalakan di perangkat ini").click()
    expect(page.get_by_text("Menyala di perangkat ini.")).to_be_visible()
    expect(page.get_by_role("heading", name="Perangkat yang dikabari")).to_be_visible()
    expect(page.locator(".list li")).to_have_count(1)
    page.get_by_role("button", name="Matikan di perangkat ini").click()
    expect(page.get_by_text("Belum ada perangkat")).to_be_visible()
    expect(page.get_by_role("button", name="Nyalakan di perangkat ini")).to_be_visible()
    assert problems == []


def test_a_message_is_shown_while_no_page_asks_for_it(open_as: Callable[..., Page]) -> None:
    page = _open(open_as)
    page.evaluate("navigator.serviceWorker.register('/pekerja.js').then(() => navigator.serviceWorker.ready)")
    devtools = page.context.new_cdp_session(page)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(r["registrationId"] for r in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    origin = page.evaluate("location.origin")
    message = {
        "title": "Kantor", "body": "Menunggu persetujuan Anda: Lelang", "url": "/pemberitahuan/", "tag": "n1", "lang": "id",
    }  # fmt: skip
    for _again in range(2):
        devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": origin, "registrationId": found[-1], "data": json.dumps(message)},
        )
    shown = """async () => {
      const registration = await navigator.serviceWorker.ready;
      for (let turn = 0; turn < 50; turn++) {
        const all = await registration.getNotifications();
        if (all.length) return all.map((n) => [n.title, n.body, n.tag]);
        await new Promise((done) => setTimeout(done, 100));
      }
      return [];
    }"""
    assert page.evaluate(shown) == [["Kantor", message["body"], "n1"]]
