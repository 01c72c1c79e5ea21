"""What only a confidential story uses stays with the people named for it, wherever files are shown, until it is
published. ``editor`` began the story and is named; ``other_editor`` has the same role and is not.
"""

from datetime import date, timedelta

import pytest

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.media import queries, services, usage
from humasflow.media.enums import ConsentKind
from humasflow.media.models import Asset, TakedownTask
from humasflow.media.queries import LibraryFilter
from humasflow.media.services.consents import ConsentContent
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.pitches import services as pitches
from humasflow.posts import services as posts
from humasflow.posts.services import PostContent, PostPictureContent
from humasflow.stories import services as stories
from humasflow.stories.enums import StoryState
from humasflow.stories.queries import get_current_version
from tests.factories import desk as desk_factory
from tests.factories import newsroom
from tests.media.files import encode, jpeg
from tests.media.sending import sent
from tests.media.test_library import scene
from tests.pitches.ideas import photo_of, pitched

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
NAME = "pelantikan-tertutup.jpg"


@pytest.fixture
def photo(world):
    """Sent by a contributor, so that neither editor sees it as their own."""
    return photo_of(world, world.contributor, name=NAME)


def shut(world, story):
    """Named are who began it and nobody else."""
    stories.make_confidential(story, actor=world.as_(world.editor), reader_ids=[])
    db.session.commit()
    return story


@pytest.fixture
def closed(world, photo):
    return shut(
        world, desk_factory.story(world, pictures=(desk_factory.picture(photo),), title="Mutasi pejabat")
    )


def sees(world, user, asset: Asset) -> bool:
    """The library's list, its numbers, the dialog of the editor and one file agree on it."""
    actor, office_id = world.as_(user), world.office.id
    today = clock.now().date()
    listed = asset in queries.browse(actor, office_id, LibraryFilter(), today=today).items
    assert (asset in queries.list_library(actor, office_id).items) is listed
    assert (list(queries.list_marked(actor, office_id, [asset.id])) == [asset]) is listed
    assert (list(queries.get_assets(office_id, [asset.id], actor=actor)) == [asset]) is listed
    assert (queries.list_hidden(user.id, [asset.id]) == set()) is listed
    assert queries.count_library(actor, office_id).total == (1 if listed else 0)
    try:
        assert queries.get_listed_asset(actor, asset.id) == asset
        assert listed
    except NotFound:
        assert not listed
    return listed


def test_the_named_and_the_sender_see_it_until_everybody_does(world, photo, closed):
    assert sees(world, world.editor, photo)
    for user in (world.other_editor, world.approver, world.lead, world.admin):
        assert not sees(world, user, photo)
    assert sees(world, world.contributor, photo), "who sent it has it"
    desk_factory.bring_to(closed, StoryState.PUBLISHED)
    db.session.commit()
    assert sees(world, world.other_editor, photo)


def test_what_an_open_story_uses_too_is_no_secret(world, photo, closed):
    desk_factory.story(world, pictures=(desk_factory.picture(photo),), title="Rapat terbuka", commit=True)
    assert sees(world, world.other_editor, photo)


def test_an_idea_opens_nothing(world, photo, closed):
    pitched(world, "Usulan lelang", photo_ids=[photo.id])
    assert not sees(world, world.other_editor, photo)


def test_earlier_versions_and_removed_publications_keep_it_too(world, photo):
    editor = world.as_(world.editor)
    past = photo_of(world, world.contributor, width=500)
    story = desk_factory.story(world, pictures=(desk_factory.picture(past),))
    content = PostContent(text="Tertutup", pictures=(PostPictureContent(photo.id, "", ""),))
    post = posts.create_post(
        story, actor=editor, account_id=world.facebook.id, content_type_id=world.social.id, content=content
    )
    shut(world, story)
    stories.save_version(story, actor=editor, content=desk_factory.text(title="Tanpa foto"))
    posts.remove_post(post, actor=editor)
    db.session.commit()
    assert queries.list_hidden(world.other_editor.id, [photo.id, past.id]) == {photo.id, past.id}
    assert queries.list_hidden(world.editor.id, [photo.id, past.id]) == set()


@pytest.mark.parametrize(
    "address",
    [
        "/media/%s/thumb", "/media/%s/medium", "/media/%s/original", "/media/%s/potongan/1x1/large.webp",
        "/media/%s/keterangan",
    ],
)  # fmt: skip
def test_its_addresses(browser_of, world, closed, photo, address):
    url = address % photo.id
    other = browser_of(world.other_editor)
    other.get(url, status=404, buffered=True)
    for user in (world.editor, world.contributor):
        browser_of(user).get(url, buffered=True)
    desk_factory.bring_to(closed, StoryState.PUBLISHED)
    db.session.commit()
    other.get(url, buffered=True)


@pytest.mark.parametrize(
    "action",
    ["keterangan", "titik-fokus", "fakta/hapus", "anak", "sampul", "pakai-yang-lain", "kembalikan", "izin"],
)
def test_nothing_is_done_to_it_either(browser_of, world, closed, photo, action):
    other = browser_of(world.other_editor)
    fields = other.get("/media/").form("/media/") | {"credit": "Siti"}
    other.post(f"/media/{photo.id}/{action}", fields, status=404)
    assert photo.credit == ""


def test_the_library_and_the_dialog_of_the_editor(browser_of, world, closed, photo):
    own = desk_factory.story(world, title="Naskah lain", commit=True)
    for user, expected in ((world.editor, True), (world.other_editor, False)):
        browser = browser_of(user)
        assert (f"/media/{photo.id}/thumb" in browser.get("/media/").html) is expected
        marked = browser.client.get(f"/media/keterangan-massal?file={photo.id}")
        assert marked.status_code == (200 if expected else 303)
        listed = browser.client.get(f"/naskah/{own.id}/pustaka").json
        assert [p["id"] for p in listed["items"]] == ([photo.id] if expected else [])
        one = browser.client.get(f"/naskah/{own.id}/pustaka/{photo.id}")
        assert one.status_code == (200 if expected else 404)
        rows = browser.client.get(f"/naskah/{own.id}/baris-foto?id={photo.id}").json["rows"]
        assert (NAME in rows) is expected


def test_the_same_is_not_told(world, photo, closed):
    copy = sent(world, world.other_contributor, jpeg(width=320), "salinan.jpg")
    assert copy.source_sha256 == photo.source_sha256
    for user, expected in ((world.editor, True), (world.other_editor, False)):
        actor = world.as_(user)
        twin = queries.find_twin(actor, world.office.id, copy.source_sha256, but=copy.id)
        assert (twin == photo) is expected
    with pytest.raises(NotFound):
        services.put_aside(copy, actor=world.as_(world.other_editor), same_as_id=photo.id)


def test_similar_pictures_of_a_closed_story_are_not_told(world):
    first = sent(world, world.contributor, encode(scene(1), "JPEG", quality=95), "asli.jpg")
    small = sent(world, world.contributor, encode(scene(1, (640, 427)), "JPEG", quality=40), "kecil.jpg")
    shut(world, desk_factory.story(world, pictures=(desk_factory.picture(small),)))
    assert list(queries.list_similar(world.as_(world.editor), first)) == [small]
    assert list(queries.list_similar(world.as_(world.other_editor), first)) == []


def test_it_cannot_be_taken_into_another_story_by_its_number(world, photo, closed):
    other = world.as_(world.other_editor)
    story = desk_factory.story(world, title="Naskah lain", commit=True)
    with_it = desk_factory.text(title="Naskah lain", pictures=(desk_factory.picture(photo),))
    with pytest.raises(NotFound):
        stories.save_version(story, actor=other, content=with_it)
    within = f'<p>Awal.</p><figure data-asset="{photo.id}"></figure><p>Akhir.</p>'
    version = stories.save_version(
        story, actor=other, content=desk_factory.text(title="Naskah lain", body_html=within)
    )
    assert version is not None
    assert list(version.pictures) == []
    shown = PostContent(text="Naskah lain", pictures=(PostPictureContent(photo.id, "", ""),))
    given = {"account_id": world.facebook.id, "content_type_id": world.social.id}
    with pytest.raises(NotFound):
        posts.create_post(story, actor=other, content=shown, **given)
    assert posts.create_post(story, actor=world.as_(world.editor), content=shown, **given)
    # From here on it stands in an open story, by the hand of somebody who may: both may keep it there.
    assert stories.save_version(story, actor=other, content=with_it)


def test_ideas_show_no_gaps_where_it_was(browser_of, world, photo, closed):
    shown = photo_of(world, world.contributor, width=500, name="lain.jpg")
    pitch = pitched(world, "Usulan lelang", photo_ids=[photo.id, shown.id])
    for user, expected in ((world.editor, [photo.id, shown.id]), (world.other_editor, [shown.id])):
        browser = browser_of(user)
        page = browser.get(f"/usulan/{pitch.id}")
        assert f"{len(expected)} foto" in page.main
        addresses = [f"/media/{i}/thumb" for i in expected]
        assert [i["src"] for i in page.soup.select(".grid-media img")] == addresses
        (cover,) = browser.get("/usulan/kolam").soup.select("main .list img")
        assert cover["src"] == addresses[0]
    story = pitches.accept_pitch(
        pitch, actor=world.as_(world.other_editor), content_type_id=world.news.id, section_id=world.section.id
    )
    assert [p.asset_id for p in get_current_version(story).pictures] == [shown.id]


def test_who_hears_that_it_has_to_come_down(browser_of, world, photo, closed):
    today = clock.now().date()
    content = ConsentContent("Bu Rina", ConsentKind.WRITTEN, date(2026, 1, 1), None)
    consent = services.record_consent(photo, content, actor=world.as_(world.editor))
    services.withdraw_consent(consent, actor=world.as_(world.editor), note="Lewat telepon")
    db.session.commit()
    task = db.session.query(TakedownTask).one()
    told = {n.user_id for n in db.session.query(Notification).filter_by(kind=NoticeKind.TAKEDOWN_WANTED)}
    assert world.editor.id in told
    assert world.other_editor.id not in told
    for user, expected in ((world.editor, 1), (world.other_editor, 0)):
        actor, browser = world.as_(user), browser_of(user)
        assert len(queries.list_open_takedowns(actor, world.office.id)) == expected
        assert queries.count_open_takedowns(actor, world.office.id) == expected
        assert ("Bu Rina" in browser.get("/media/penurunan").main) is bool(expected)
        assert ("perlu diturunkan" in browser.get("/").main) is bool(expected)
        browser.get(f"/media/penurunan/{task.id}", status=200 if expected else 404)
    services.close_takedown(task, actor=world.as_(world.editor), note="Dihapus")
    db.session.commit()
    assert [
        len(queries.list_closed_takedowns(world.as_(u), world.office.id).items)
        for u in (world.editor, world.other_editor)
    ] == [1, 0]
    assert queries.standings([photo.id], today + timedelta(days=1))


def test_a_proof_does_not_name_who_is_in_it(world, photo, closed):
    letter = photo_of(world, world.contributor, width=500, name="surat.jpg")
    content = ConsentContent("Bu Rina", ConsentKind.WRITTEN, date(2026, 1, 1), document_id=letter.id)
    services.record_consent(photo, content, actor=world.as_(world.editor))
    db.session.commit()
    for user, expected in ((world.editor, "Bu Rina"), (world.other_editor, "Izin seseorang")):
        (use,) = usage.list_uses(world.as_(user), [letter.id])[letter.id]
        assert (use.title, bool(use.url)) == (expected, expected == "Bu Rina")


def test_it_costs_no_statement_more(browser_of, world, statements):
    other = browser_of(world.other_editor)
    counts = []
    for more in (1, 23):
        for _unused in range(more):
            made = newsroom.picture(world)
            made.uploaded_by = world.contributor.id
            desk_factory.story(world, pictures=(desk_factory.picture(made),))
        hidden = newsroom.picture(world)
        hidden.uploaded_by = world.contributor.id
        shut(world, desk_factory.story(world, pictures=(desk_factory.picture(hidden),)))
        other.get("/media/")
        statements.reset()
        page = other.get("/media/")
        counts.append(len(statements))
    assert len(page.soup.select(".media-card")) == 24
    assert counts[0] == counts[1]
