"""The link as it goes out, alone and inside a text."""

from datetime import date

import pytest

from humasflow.channels.adapters.validation import compose_text
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.planning.campaigns.models import Campaign
from humasflow.posts import queries
from humasflow.posts.links import campaign_code, counted_host, outgoing_link, with_outgoing_links
from humasflow.posts.policy import problems_of, variant_of
from humasflow.stories import queries as stories
from tests.factories import desk
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

LINK = "https://kantor.go.id/berita/1"
OUT = f"{LINK}?utm_source=x&utm_medium=social&utm_campaign=lelang"


@pytest.mark.parametrize(
    ("link", "out"),
    [
        (LINK, OUT),
        (f"{LINK}?a=1#isi", f"{LINK}?a=1&utm_source=x&utm_medium=social&utm_campaign=lelang#isi"),
        (f"{LINK}?utm_source=surat", f"{LINK}?utm_source=surat&utm_medium=social&utm_campaign=lelang"),
        (f"{LINK}?UTM_Campaign=lama", f"{LINK}?UTM_Campaign=lama&utm_source=x&utm_medium=social"),
        (OUT, OUT),
        ("bukan tautan", "bukan tautan"),
        ("", ""),
    ],
)
def test_what_is_added_to_a_link(world: World, link: str, out: str) -> None:
    assert outgoing_link(world.x, link, adds_utm=True, campaign="lelang") == out
    assert outgoing_link(world.x, f" {link} ", adds_utm=False, campaign="lelang") == link


@pytest.mark.parametrize(
    ("text", "out"),
    [
        (f"Baca {LINK}.", f"Baca {OUT}."),
        (f"{LINK} dan {LINK}", f"{OUT} dan {OUT}"),
        ("Baca kantor.go.id/berita/1", f"Baca {OUT}"),
        ("Baca https://lain.go.id", "Baca https://lain.go.id"),
        (f"Sudah: {OUT}", f"Sudah: {OUT}"),
    ],
)
def test_the_link_inside_a_text_goes_out_the_same(world: World, text: str, out: str) -> None:
    assert with_outgoing_links(text, world.x, "kantor.go.id", campaign="lelang") == out
    assert with_outgoing_links(text, world.x, "", campaign="lelang") == text


@pytest.mark.parametrize(
    ("link", "texts", "host"),
    [
        (LINK, ["Baca https://lain.go.id"], "kantor.go.id"),
        ("", [f"Baca {LINK} atau kantor.go.id/2", "https://kantor.go.id/3"], "kantor.go.id"),
        ("", [f"Baca {LINK} atau https://lain.go.id"], ""),
        ("", [LINK, "https://lain.go.id"], ""),
        ("", ["Tanpa tautan", ""], ""),
        ("bukan tautan", ["Tanpa tautan"], ""),
        ("https://nama:sandi@kantor.go.id", [LINK], ""),
    ],
)
def test_the_site_whose_visits_are_counted(link: str, texts: list[str], host: str) -> None:
    assert counted_host(link, *texts) == host


def test_links_in_the_text_and_the_comment_alone_are_counted_too(world: World) -> None:
    story = desk.story(world)
    tail = f"?utm_source=facebook&utm_medium=social&utm_campaign=naskah-{story.id}"
    post = desk.post(
        world, story, "facebook", f"Baca {LINK}", adds_utm=True, first_comment="Lanjut: kantor.go.id/2"
    )
    version, of_story = queries.get_current_version(post), stories.get_current_version(story)
    variant = variant_of(post, version, of_story, "")
    assert variant.text == f"Baca {LINK}{tail}"
    assert variant.first_comment == f"Lanjut: https://kantor.go.id/2{tail}"
    assert not [p for p in problems_of(post, version, of_story, "") if "UTM" in p.message]


@pytest.mark.parametrize(
    ("text", "said"),
    [("Tanpa tautan", "Tidak ada tautan"), (f"{LINK} dan https://lain.go.id", "beberapa situs")],
)
def test_a_mark_that_marks_nothing_is_told(world: World, text: str, said: str) -> None:
    story = desk.story(world)
    post = desk.post(world, story, "x", text, adds_utm=True)
    version, of_story = queries.get_current_version(post), stories.get_current_version(story)
    assert variant_of(post, version, of_story, "").text == text
    (told,) = [p for p in problems_of(post, version, of_story, "") if "UTM" in p.message]
    assert said in told.message
    assert not told.blocks


def test_a_link_stands_once_in_what_goes_out(world: World) -> None:
    story = desk.story(world)
    post = desk.post(world, story, "x", f"Baca {LINK}", link=LINK, adds_utm=True)
    variant = variant_of(post, queries.get_current_version(post), stories.get_current_version(story), "")
    assert (
        compose_text(variant) == f"Baca {LINK}?utm_source=x&utm_medium=social&utm_campaign=naskah-{story.id}"
    )


def test_the_campaign_names_itself(world: World) -> None:
    campaign = Campaign(
        office_id=world.office.id, name="Lelang untuk Semua!", starts_on=date(2026, 11, 1),
        ends_on=date(2026, 12, 1), created_at=clock.now(),
    )  # fmt: skip
    db.session.add(campaign)
    story = desk.story(world)
    assert campaign_code(story) == f"naskah-{story.id}"
    db.session.flush()
    story.campaign_id = campaign.id
    assert campaign_code(story) == "lelang-untuk-semua"


def test_a_campaign_renamed_afterwards_changes_no_link(world: World) -> None:
    """What was agreed to goes out as it was read."""
    story = desk.story(world)
    post = desk.post(world, story, "x", f"Baca {LINK}", link=LINK, adds_utm=True)
    version, of_story = queries.get_current_version(post), stories.get_current_version(story)
    before = variant_of(post, version, of_story, "").link
    campaign = Campaign(
        office_id=world.office.id, name="Nama baru", starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 1),
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(campaign)
    db.session.flush()
    story.campaign_id = campaign.id
    assert campaign_code(story) == "nama-baru"
    assert (
        variant_of(post, version, of_story, "").link == before == f"{OUT.rsplit('=', 1)[0]}=naskah-{story.id}"
    )
