"""Pages of what goes between offices: given, seen, taken, declined, and what became of it over there."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from humasflow.accounts.services.people import grant_role
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.permissions import Role
from humasflow.media import services as media
from humasflow.stories import queries as stories
from humasflow.stories import services as services_of_stories
from humasflow.stories.enums import StorySource, StoryState
from humasflow.stories.models import Story, StoryHandover
from humasflow.stories.services import handing_over
from tests.factories import desk, word
from tests.factories.offices import put_below
from tests.media.files import jpeg
from tests.pages.test_campaigns import offices_below
from tests.support.forms import form_with


@pytest.fixture
def below(app, world, other_world):
    put_below(other_world, world)
    db.session.commit()
    return other_world


def test_a_release_is_pushed_and_taken_on_pages(app, world, below, browser_of):
    with app.test_request_context():
        story = desk.story(world, state=StoryState.APPROVED, commit=True)
    above, editor = browser_of(world.editor), browser_of(below.editor)
    url = f"/naskah/{story.id}/teruskan"
    data = form_with(above.get(url), "note")
    above.post(url, data, status=422)  # nobody chosen
    page = above.follow(
        above.post(url, data | {"form_token": "b", "office_ids": below.office.id, "note": "Senin"})
    )
    assert "Menunggu jawaban" in page.text
    page = editor.get("/naskah/kiriman")
    assert story.title in page.text
    given = page.soup.select_one(".list__title")["href"]
    page = editor.get(given)
    assert "30 satuan kerja" in page.text
    page = editor.follow(editor.post(given + "/ambil", form_with(page, "content_type_id")))
    own = db.session.scalars(select(Story).where(Story.office_id == below.office.id)).one()
    assert stories.get_current_version(own).source is StorySource.AGENCY
    assert "Diambil" in above.get("/naskah/kiriman?arah=keluar").text
    above.get(given, status=404)
    assert "Lihat naskah kantor ini" in editor.get(given).text


def test_pictures_are_seen_before_it_is_taken(app, world, below, browser_of):
    with app.test_request_context():
        (picture,), _refused = media.keep_images(
            [media.Upload("rapat.jpg", BytesIO(jpeg()))],
            office_id=world.office.id,
            actor=world.as_(world.editor),
        )
        child = desk.asset(world, name="anak.jpg")
        child.shows_child = True
        story = desk.story(
            world, state=StoryState.APPROVED, pictures=(desk.picture(picture), desk.picture(child))
        )
        (given,) = handing_over.hand_over(story, actor=world.as_(world.editor), office_ids=[below.office.id])
        db.session.commit()
    editor = browser_of(below.editor)
    page = editor.get(f"/naskah/kiriman/{given.id}")
    (shown,) = page.soup.select("figure img")
    assert "anak.jpg" in page.text  # said why it stays behind, not shown
    answer = editor.get(shown["src"]).response
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/webp", "private, no-cache")
    answer.close()
    editor.get(f"/naskah/kiriman/{given.id}/foto/{child.id}", status=404)
    editor.get(f"/media/{picture.id}/medium", status=404)  # nothing else of that library
    browser_of(world.editor).get(shown["src"], status=404)
    with app.test_request_context():
        services_of_stories.make_confidential(
            db.session.get_one(Story, story.id), actor=world.as_(world.editor), reader_ids=[]
        )
        db.session.commit()
    editor.get(shown["src"], status=404)


def test_kiriman_counts_what_waits(app, world, below, browser_of):
    with app.test_request_context():
        story = desk.story(world, state=StoryState.APPROVED)
        handing_over.hand_over(story, actor=world.as_(world.editor), office_ids=[below.office.id])
        db.session.commit()
    editor = browser_of(below.editor)
    for url in ("/naskah/", "/naskah/?tampilan=daftar", "/kampanye/"):
        link = editor.get(url).soup.select_one(
            "main a[href='/naskah/kiriman'], header a[href='/naskah/kiriman']"
        )
        assert "1" in link.text, url
    assert "1 kiriman menunggu jawaban" in editor.get("/naskah/kiriman").text


def test_what_became_of_it_over_there_stands_on_the_story(app, world, below, browser_of):
    with app.test_request_context():
        story = desk.story(world, state=StoryState.PUBLISHED)
        (given,) = handing_over.hand_over(story, actor=world.as_(world.editor), office_ids=[below.office.id])
        own = handing_over.take(given, actor=below.as_(below.editor), content_type_id=below.news.id).story
        db.session.commit()
    editor = browser_of(below.editor)
    assert f"Diambil dari {world.office.name}" in editor.get(f"/naskah/{own.id}").text
    with app.test_request_context():
        services_of_stories.withdraw_story(
            db.session.get_one(Story, story.id), actor=world.as_(world.editor), reason="Internal",
            public_note="Angkanya keliru",
        )  # fmt: skip
        db.session.commit()
    page = editor.get(f"/naskah/{own.id}")
    assert "Angkanya keliru" in page.text
    assert "Internal" not in page.text
    page = editor.get(f"/naskah/kiriman/{given.id}")
    assert "Angkanya keliru" in page.text
    assert "30 satuan kerja" not in page.text  # its text is not shown any longer


def test_an_embargoed_release_says_so_before_and_after(app, world, below, browser_of):
    with app.test_request_context():
        story = desk.story(world, state=StoryState.APPROVED)
        until = clock.now() + timedelta(days=3)
        services_of_stories.set_embargo(story, actor=world.as_(world.editor), until=until)
        (given,) = handing_over.hand_over(story, actor=world.as_(world.editor), office_ids=[below.office.id])
        db.session.commit()
    editor = browser_of(below.editor)
    url = f"/naskah/kiriman/{given.id}"
    page = editor.get(url)
    assert "Embargo sampai" in page.text
    editor.post(url + "/ambil", form_with(page, "content_type_id"))
    own = db.session.scalars(select(Story).where(Story.office_id == below.office.id)).one()
    page = editor.get(f"/naskah/{own.id}/kerahasiaan")
    assert "tidak dapat berakhir lebih awal" in page.text
    page = editor.post(f"/naskah/{own.id}/embargo", {"lift": "1"}, status=422)
    assert "tidak dapat berakhir lebih awal" in page.text
    db.session.expire_all()
    assert db.session.get_one(Story, own.id).embargo_until == until


def test_declining_and_withdrawing_on_pages(app, world, below, browser_of):
    with app.test_request_context():
        first, second = (desk.story(world, state=StoryState.APPROVED, title=t) for t in ("Satu", "Dua"))
        a, b = (
            handing_over.hand_over(s, actor=world.as_(world.editor), office_ids=[below.office.id])[0].id
            for s in (first, second)
        )
        db.session.commit()
    editor = browser_of(below.editor)
    data = form_with(editor.get(f"/naskah/kiriman/{a}"), "reason")
    editor.post(f"/naskah/kiriman/{a}/tolak", data, status=422)
    editor.post(f"/naskah/kiriman/{a}/tolak", data | {"reason": "Bukan wilayah kami", "form_token": "c"})
    above = browser_of(world.editor)
    assert "Bukan wilayah kami" in above.get(f"/naskah/{first.id}/teruskan").text
    above.post(f"/naskah/kiriman/{b}/tarik", {})
    editor.get(f"/naskah/kiriman/{b}", status=404)


def test_a_release_from_outside_becomes_a_draft(world, browser_of):
    browser = browser_of(world.editor)
    data = form_with(browser.get("/naskah/terima-rilis"), "agency")
    browser.post("/naskah/terima-rilis", data | {"agency": "Pemkot"}, status=422)
    browser.post("/naskah/terima-rilis", data | {
        "agency": "Pemkot Serang", "letter": "S-1", "title": "Pasar dibuka", "body": "Pasar dibuka Senin.",
    })  # fmt: skip
    story = db.session.scalars(select(Story)).one()
    version = stories.get_current_version(story)
    assert (version.source, version.source_note) == (StorySource.AGENCY, "Pemkot Serang, surat S-1")
    assert stories.get_body(version.id) == "<p>Pasar dibuka Senin.</p>"


def given_to(world, below, **more):
    story = desk.story(world, state=StoryState.APPROVED, **more)
    (given,) = handing_over.hand_over(
        story, actor=world.as_(world.editor), office_ids=[below.office.id], note="Simpan dahulu"
    )
    return story, given


def test_what_was_typed_stands_where_the_answer_came_too_late(app, world, below, browser_of):
    with app.test_request_context():
        _story, given = given_to(world, below)
        db.session.commit()
        given_id = given.id
    editor = browser_of(below.editor)
    url = f"/naskah/kiriman/{given_id}"
    page = editor.get(url)
    taking, declining = form_with(page, "content_type_id"), form_with(page, "reason")
    with app.test_request_context():
        handing_over.withdraw(db.session.get_one(StoryHandover, given_id), actor=world.as_(world.editor))
        db.session.commit()
    page = editor.post(url + "/tolak", declining | {"reason": "Bukan wilayah kami"}, status=409)
    assert form_with(page, "reason")["reason"] == "Bukan wilayah kami"
    assert "30 satuan kerja" not in page.text
    page = editor.post(url + "/ambil", taking | {"pillar_id": below.pillar.id}, status=409)
    assert form_with(page, "content_type_id")["pillar_id"] == str(below.pillar.id)
    editor.get(url, status=404)


def test_what_its_office_closed_has_no_text_and_no_message_either(app, world, below, browser_of):
    with app.test_request_context():
        story, given = given_to(world, below)
        services_of_stories.make_confidential(story, actor=world.as_(world.editor), reader_ids=[])
        db.session.commit()
    page = browser_of(below.editor).get(f"/naskah/kiriman/{given.id}")
    assert "Kantor pengirim tidak lagi membuka naskah ini." in page.text
    for kept_back in ("Simpan dahulu", "30 satuan kerja", story.title):
        assert kept_back not in page.text


def test_a_version_that_was_not_sent_is_not_read(app, world, below, browser_of):
    with app.test_request_context():
        story, given = given_to(world, below)
        handing_over.decline(given, actor=below.as_(below.editor), reason="Bukan wilayah kami")
        services_of_stories.save_version(
            story, actor=world.as_(world.editor), content=desk.text(body_html="<p>Kalimat rahasia dapur.</p>")
        )
        desk.bring_to(story, StoryState.APPROVED)
        db.session.commit()
    page = browser_of(below.editor).get(f"/naskah/kiriman/{given.id}")
    assert "rahasia dapur" not in page.text


def test_who_works_in_two_offices_opens_what_came_to_the_other(app, world, below, browser_of):
    """Whatever office they act in; times are those of the office that it came to."""
    with app.test_request_context():
        at_home = below.as_(below.editor)
        grant_role(below.editor, world.office, Role.EDITOR, actor=None, valid_from=date(2019, 1, 1))
        with clock.moved_to(datetime(2026, 11, 20, 1, 0, tzinfo=UTC)):
            _story, given = given_to(world, below)
        db.session.commit()
    editor = browser_of(below.editor)
    for office in (below.office, world.office):
        editor.post("/kantor-aktif", {"office_id": office.id})
        page = editor.get(f"/naskah/kiriman/{given.id}")
        assert "10.00 WIT" in page.text, office.name
    assert len(at_home.offices) == 1
    editor.post(f"/naskah/kiriman/{given.id}/tarik", {})


def test_a_word_file_from_outside_becomes_a_draft_that_names_its_agency(world, browser_of):
    browser = browser_of(world.editor)
    data = form_with(browser.get("/naskah/terima-rilis"), "agency")
    file = (BytesIO(word.press_release()), "rilis.docx")
    page = browser.post(
        "/naskah/terima-rilis", data | {"agency": "Pemkot Serang", "letter": "S-1", "document": file},
        content_type="multipart/form-data",
    )  # fmt: skip
    story = db.session.scalars(select(Story)).one()
    version = stories.get_current_version(story)
    assert (version.source, version.source_note) == (StorySource.AGENCY, "Pemkot Serang, surat S-1")
    assert len(stories.get_body(version.id)) > 100
    assert f"/naskah/{story.id}/" in page.location
    browser.follow(page)
    broken = (BytesIO(b"PK bukan dokumen"), "rusak.docx")
    page = browser.post(
        "/naskah/terima-rilis", data | {"agency": "Pemkot Lain", "document": broken, "form_token": "b"}, status=422,
        content_type="multipart/form-data",
    )  # fmt: skip
    assert form_with(page, "agency")["agency"] == "Pemkot Lain"


def test_a_hundred_offices_on_a_page_cost_what_one_costs(app, world, browser_of, statements):
    browser, costs = browser_of(world.editor), []
    with app.test_request_context():
        offices = offices_below(world, 100)
        story = desk.story(world, state=StoryState.APPROVED)
        db.session.commit()
        story_id, ids = story.id, [o.id for o in offices]
    url = f"/naskah/{story_id}/teruskan"
    for some in (ids[:1], ids):
        with app.test_request_context():
            handing_over.hand_over(
                db.session.get_one(Story, story_id), actor=world.as_(world.editor), office_ids=some
            )
            db.session.commit()
        browser.get(url)
        statements.reset()
        page = browser.get(url)
        costs.append(len(statements))
    assert len(page.soup.select(".adoption li")) == 100
    assert costs[0] == costs[1]
    data = form_with(page, "everyone")
    assert "sudah menerima" in browser.follow(browser.post(url, data | {"everyone": "y"})).text
