"""Channel accounts and limits as an admin sets them."""

from collections.abc import Callable

import pytest

from humasflow.accounts.models import User
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels import policy, queries
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.support.forms import form_with, send
from tests.support.page import Browser

pytestmark = pytest.mark.db
BrowserOf = Callable[[User], Browser]
URL = "/pengaturan/kanal"


def kind(world: World, code: str) -> ChannelKind:
    return next(k for k in queries.list_kinds(world.office.id) if k.code == code)


def account(world: World, name: str) -> ChannelAccount:
    return next(a for a in queries.list_accounts(world.office.id, with_inactive=True) if a.name == name)


def test_an_account_is_added_with_who_posts_by_hand(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    page = admin.follow(
        send(admin, f"{URL}/baru", "name", {
            "kind_id": kind(world, "tiktok").id, "name": "TikTok Kantor", "handle": "@kantoruji",
            "url": "https://www.tiktok.com/@kantoruji", "assignee_id": world.editor.id, "grace_minutes": "60",
            "follows_story_approval": "y", "limit_text": "1.500",
        })
    )  # fmt: skip
    made = account(world, "TikTok Kantor")
    assert (made.handle, made.adapter, made.assignee_id) == ("kantoruji", "manual", world.editor.id)
    assert (made.grace_minutes, made.follows_story_approval) == (60, True)
    assert policy.limits_of(made).text == 1500
    assert page.h1 == "TikTok Kantor"
    assert "diunggah Redaktur Satu" in admin.get(URL).main
    entry = audit.list_timeline(("channel_account", made.id))[0]
    assert entry.action is AuditAction.CHANNEL_ACCOUNT_CREATED


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Tulis nama akun"),
        ({"name": "facebook kantor"}, "sudah ada"),
        ({"kind_id": ""}, "Pilih jenis kanal"),
        ({"kind_id": "abc"}, "tidak tersedia"),
        ({"kind_id": "99999"}, "tidak tersedia"),
        ({"url": "javascript:alert(1)"}, "Tulis alamat lengkap"),
        ({"assignee_id": "99999"}, "tidak tersedia"),
        ({"grace_minutes": "7"}, "tidak tersedia"),
        ({"limit_text": "-3"}, "bilangan bulat"),
        ({"limit_text": "dua"}, "bilangan bulat"),
        ({"limit_media_min": "4", "limit_media_max": "2"}, "paling sedikit (4)"),
    ],
)
def test_bad_input_is_named_and_the_rest_stays(
    world: World, browser_of: BrowserOf, changes: dict[str, str], message: str
) -> None:
    filled = {"kind_id": kind(world, "tiktok").id, "name": "TikTok Kantor", "handle": "kantoruji"}
    page = send(browser_of(world.admin), f"{URL}/baru", "name", filled | changes, status=422)
    assert message in page.main
    assert form_with(page, "name")["handle"] == "kantoruji"
    assert len(queries.list_accounts(world.office.id)) == 4


def test_a_kind_or_a_person_of_another_office_is_not_offered(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    admin = browser_of(world.admin)
    filled = {"name": "Lain", "kind_id": kind(other_world, "tiktok").id}
    send(admin, f"{URL}/baru", "name", filled, status=422)
    own = {"name": "Lain", "kind_id": kind(world, "tiktok").id, "assignee_id": other_world.editor.id}
    send(admin, f"{URL}/baru", "name", own, status=422)


def test_an_account_is_changed_and_switched_off(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    url = f"{URL}/{world.instagram.id}"
    opened = form_with(admin.get(url), "row_version")
    assert opened["assignee_id"] == str(world.other_editor.id)
    changed = {k: v for k, v in opened.items() if k != "is_active"} | {"name": "IG Kantor", "assignee_id": ""}
    admin.post(url, changed)
    found = account(world, "IG Kantor")
    assert (found.is_active, found.assignee_id) == (False, None)
    assert "Tidak dipakai lagi" in admin.get(URL).main
    assert form_with(admin.get(url), "row_version").get("is_active") is None


def test_what_nobody_filled_in_follows_the_kind(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    send(admin, f"{URL}/{world.instagram.id}", "row_version", {"limit_hashtags": "3"})
    found = account(world, "Instagram Kantor")
    assert found.limits == {"hashtags": 3}
    assert policy.limits_of(found).text == 2200
    send(admin, f"{URL}/{world.instagram.id}", "row_version", {"limit_hashtags": ""})
    assert account(world, "Instagram Kantor").limits == {}


def test_somebody_who_may_no_longer_post_stays_visible_as_the_one_named(
    world: World, browser_of: BrowserOf
) -> None:
    world.instagram.assignee_id = world.contributor.id
    db.session.commit()
    page = browser_of(world.admin).get(f"{URL}/{world.instagram.id}")
    assert form_with(page, "row_version")["assignee_id"] == str(world.contributor.id)


def test_two_admins_at_once_see_both(world: World, browser_of: BrowserOf) -> None:
    first, second = browser_of(world.admin), browser_of(world.admin)
    url = f"{URL}/{world.x.id}"
    opened = form_with(first.get(url), "row_version")
    send(second, url, "row_version", {"name": "X Resmi"})
    page = first.post(url, opened | {"handle": "kantorbaru"}, status=409)
    assert "X Resmi" in page.main
    kept = form_with(page, "row_version")
    assert kept["handle"] == "kantorbaru"
    first.post(url, kept)
    assert account(world, "X Kantor").handle == "kantorbaru"


def test_limits_of_a_kind_carry_when_and_where_they_were_read(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    instagram = kind(world, "instagram")
    url = f"{URL}/batas/{instagram.id}"
    opened = form_with(admin.get(url), "row_version")
    assert opened["limit_text"] == "2200"
    refused = admin.post(url, opened | {"limits_source": "", "limits_as_of": "April"}, status=422)
    assert "Tulis di mana batas ini dibaca" in refused.main
    assert "contohnya 2026-04" in refused.main
    admin.post(
        url,
        form_with(refused, "row_version")
        | {
            "limit_hashtags": "30",
            "limit_media_max": "",
            "limits_as_of": "2026-10",
            "limits_source": "bantuan resmi",
        },
    )
    instagram = kind(world, "instagram")
    assert instagram.limits == {"hashtags": 30, "media_max": None}, (
        "only what differs from the bundled limits"
    )
    assert (instagram.limits_as_of, instagram.limits_source) == ("2026-10", "bantuan resmi")
    limits = policy.limits_of(world.instagram)
    assert (limits.hashtags, limits.media_max, limits.text) == (30, None, 2200)
    page = admin.get(f"{URL}/batas")
    assert "Diubah kantor" in page.main
    send(admin, url, "row_version", {"limit_hashtags": "5", "limit_media_max": "10"})
    assert kind(world, "instagram").limits == {}


def test_another_offices_things_do_not_exist_here(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    admin = browser_of(world.admin)
    admin.get(f"{URL}/{other_world.web.id}", status=404)
    admin.post(f"{URL}/{other_world.web.id}", {"name": "x"}, status=404)
    admin.get(f"{URL}/batas/{kind(other_world, 'x').id}", status=404)


@pytest.mark.parametrize("path", [URL, f"{URL}/baru", f"{URL}/batas"])
def test_others_may_not(world: World, browser_of: BrowserOf, path: str) -> None:
    for user in (world.editor, world.contributor, world.lead, world.approver):
        browser_of(user).get(path, status=403)


def test_the_list_costs_the_same_with_more(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    admin = browser_of(world.admin)
    admin.get(URL)
    statements.reset()
    admin.get(URL)
    before = len(statements)
    for n in range(3):
        send(admin, f"{URL}/baru", "name", {"kind_id": kind(world, "x").id, "name": f"Akun {n}"})
    statements.reset()
    admin.get(URL)
    assert len(statements) == before <= 10


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ({"limit_ratio_min": "4:5"}, {"ratio_min": 800}, "4:5"), ({"limit_ratio_min": "1,91:1"}, {"ratio_min": 1910}, "1,91:1"),
        ({"limit_ratio_min": "1080 x 1920"}, {"ratio_min": 563}, "9:16"), ({"limit_ratio_min": "1:10"}, {"ratio_min": 100}, "1:10"),
        ({"limit_ratio_min": "10/1"}, {"ratio_min": 10_000}, "10:1"),
        ({"limit_video_bytes": "1,5"}, {"video_bytes": 1_500_000}, "1,5"),
        ({"limit_video_bytes": "536,870912"}, {"video_bytes": 536_870_912}, "536,870912"),
    ],
)  # fmt: skip
def test_shapes_and_sizes_are_written_as_people_say_them(
    world: World, browser_of: BrowserOf, typed: dict[str, str], kept: dict[str, int], shown: str
) -> None:
    admin, url = browser_of(world.admin), f"{URL}/{world.x.id}"
    send(admin, url, "row_version", typed)
    assert account(world, "X Kantor").limits == kept
    assert form_with(admin.get(url), "row_version")[next(iter(typed))] == shown
    send(admin, url, "row_version", {})
    assert account(world, "X Kantor").limits == kept, "opened and saved, it is the same"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"limit_ratio_min": "tegak"}, "contohnya 4:5"), ({"limit_ratio_min": "1:0"}, "contohnya 4:5"),
        ({"limit_ratio_min": "1:99"}, "contohnya 4:5"), ({"limit_video_bytes": "besar"}, "ukuran dalam MB"),
        ({"limit_video_bytes": "-1"}, "ukuran dalam MB"), ({"limit_ratio_min": "1:1", "limit_ratio_max": "4:5"}, "lebih tegak"),
    ],
)  # fmt: skip
def test_shapes_and_sizes_that_are_none_are_named(
    world: World, browser_of: BrowserOf, typed: dict[str, str], message: str
) -> None:
    page = send(browser_of(world.admin), f"{URL}/{world.x.id}", "row_version", typed, status=422)
    assert message in page.main
    name = list(typed)[-1]
    assert form_with(page, "row_version")[name] == typed[name]
