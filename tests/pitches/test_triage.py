"""The pool and the decision, through the pages."""

import pytest
from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.pitches.enums import PitchMove, PitchState
from humasflow.pitches.models import Pitch
from humasflow.pitches.services import PitchContent, change_pitch, move_pitch
from humasflow.stories.models import Story
from humasflow.stories.services import StoryContent, create_story
from tests.pitches.ideas import photo_of, pitched

POOL = "/usulan/kolam"

pytestmark = pytest.mark.usefixtures("in_request")


@pytest.fixture
def desk(browser_of, world):
    return browser_of(world.editor)


def _story(world, title, **known):
    story = create_story(
        actor=world.as_(world.editor), office_id=world.office.id, content=StoryContent(title, **known),
        content_type_id=world.news.id,
    )  # fmt: skip
    db.session.commit()
    return story


def test_an_empty_pool_teaches(desk):
    assert "Kolamnya kosong" in desk.get(POOL).main
    assert "Tidak ada usulan yang cocok" in desk.get(f"{POOL}?q=apa").main


def test_the_pool_is_newest_first_with_age_and_counts(desk, world, other_world, at):
    with at("2026-11-20T01:00Z"):
        pitched(world, "Terlama")
    with at("2026-11-21T01:00Z"):
        pitched(world, "Terbaru", by=world.other_contributor)
        pitched(other_world, "Kantor lain")
        parked = pitched(world, "Untuk nanti")
        move_pitch(parked, PitchMove.PARK, actor=world.as_(world.editor))
        db.session.commit()
    with at("2026-11-22T01:00Z"):
        desk.sign_in(world.editor)
        page = desk.get(POOL)
        titles = [a.get_text() for a in page.soup.select("main .list__title")]
        assert titles == ["Terbaru", "Terlama"]
        assert "2 usulan menunggu keputusan; yang terlama sejak 2 hari lalu" in page.main
        assert "1 hari lalu" in page.main
        assert "Kontributor Dua, Seksi Hukum dan Informasi" in page.main
        everything = desk.get(page.link("Semua"))
        assert "Untuk nanti" in everything.main
        assert "Kantor lain" not in everything.main
        assert "Untuk nanti" in desk.get(page.link("Disimpan")).main


@pytest.mark.db
def test_filters_combine_and_stay_in_the_address(desk, world, other_world):
    pitched(world, "Lelang kapal")
    pitched(world, "Lelang rumah", by=world.other_contributor)
    pitched(world, "Senam")
    page = desk.get(f"{POOL}?q=lelang&seksi={world.other_section.id}")
    assert [a.get_text() for a in page.soup.select("main .list__title")] == ["Lelang rumah"]
    assert f"seksi={world.other_section.id}" in page.link("Semua")
    ignored = desk.get(f"{POOL}?seksi={other_world.section.id}")
    assert len(ignored.soup.select("main .list__title")) == 3, "another office's section filters nothing"
    for cursor in ("9~9", "rusak", f"1~{'9' * 30}", f"{'9' * 30}~1", "~"):
        desk.get(f"{POOL}?q=%00%25&setelah={cursor}&seksi=99999999999999999999999")


def test_who_may_open_the_pool(browser_of, world):
    pitched(world)
    for reader in (world.editor, world.approver, world.lead, world.admin):
        browser_of(reader).get(POOL)
    browser_of(world.contributor).get(POOL, status=403)


def test_statements_do_not_grow(desk, world, statements):
    photo = photo_of(world, world.contributor)
    first = pitched(world, "Lelang kapal nelayan", photo_ids=[photo.id])
    _story(world, "Lelang kapal")
    counts = []
    for round_ in range(2):
        for path in (POOL, f"/usulan/{first.id}"):
            desk.get(path)
            statements.reset()
            desk.get(path)
            counts.append(len(statements))
        if not round_:
            for n in range(3):
                pitched(world, f"Lelang kapal {n}", by=world.other_contributor, photo_ids=[])
                _story(world, f"Lelang kapal {n}")
    assert counts[:2] == counts[2:]


def test_accept_into_a_new_story(desk, world):
    pitch = pitched(world, "Lelang kapal")
    page = desk.get(f"/usulan/{pitch.id}")
    form = page.form("/terima")
    assert form["title"] == "Lelang kapal"
    assert form["section_id"] == str(world.section.id)
    done = desk.post(f"/usulan/{pitch.id}/terima", form | {"content_type_id": str(world.news.id)})
    story = db.session.scalars(select(Story)).one()
    assert str(story.id) in done.location
    assert (story.owner_id, story.content_type_id) == (world.editor.id, world.news.id)
    again = desk.post(f"/usulan/{pitch.id}/terima", form)
    assert again.location == done.location, "a double click makes one story"
    assert db.session.scalar(select(func.count()).select_from(Story)) == 1


def test_accepting_with_something_wrong_loses_nothing(desk, world, other_world):
    pitch = pitched(world)
    url = f"/usulan/{pitch.id}/terima"
    form = desk.get(f"/usulan/{pitch.id}").form("/terima")
    page = desk.post(url, form | {"title": "x" * 5000}, status=422)
    assert "sekarang 5000" in page.main
    assert page.form("/terima")["title"] == "x" * 5000
    for wrong in (
        {"content_type_id": str(other_world.news.id)}, {"content_type_id": ""}, {"content_type_id": "abc"},
        {"section_id": str(other_world.section.id)},
    ):  # fmt: skip
        page = desk.post(url, page.form("/terima") | {"title": "Judul baru"} | wrong, status=422)
        assert page.form("/terima")["title"] == "Judul baru"
    assert db.session.get_one(Pitch, pitch.id).state is PitchState.NEW
    assert db.session.scalar(select(func.count()).select_from(Story)) == 0


def test_join_an_open_story_with_the_similar_ones_first(desk, world):
    similar = _story(world, "Lelang kapal nelayan")
    for title in ("Donor darah", "Senam"):
        _story(world, title)
    pitch = pitched(world, "Lelang kapal nelayan laku")
    page = desk.get(f"/usulan/{pitch.id}")
    options = page.soup.select("#open-stories label")
    assert "Lelang kapal nelayan" in options[0].get_text()
    assert "mirip: judul" in options[0].get_text()
    assert "mirip" not in options[1].get_text()
    form = page.form("/gabung")
    nothing = desk.post(f"/usulan/{pitch.id}/gabung", form, status=422)
    assert "Pilih naskah" in nothing.main
    done = desk.post(f"/usulan/{pitch.id}/gabung", nothing.form("/gabung") | {"story_id": str(similar.id)})
    assert str(similar.id) in done.location
    assert db.session.get_one(Pitch, pitch.id).story_id == similar.id


def test_another_offices_story_is_not_found(desk, world, other_world):
    _story(world, "Supaya ada daftar")
    foreign = _story(other_world, "Kantor lain")
    pitch = pitched(world)
    form = desk.get(f"/usulan/{pitch.id}").form("/gabung")
    desk.post(f"/usulan/{pitch.id}/gabung", form | {"story_id": str(foreign.id)}, status=404)
    for wrong in ("abc", "0", "-1", "9" * 30):
        page = desk.post(f"/usulan/{pitch.id}/gabung", form | {"story_id": wrong}, status=422)
        assert "Pilih naskah" in page.main
        assert "Invalid" not in page.main
    assert db.session.get_one(Pitch, pitch.id).state is PitchState.NEW


def test_reject_with_a_picked_and_a_typed_reason(desk, world):
    pitch = pitched(world)
    url = f"/usulan/{pitch.id}/tolak"
    form = desk.get(f"/usulan/{pitch.id}").form("/tolak")
    page = desk.post(url, form | {"reason": "  "}, status=422)
    assert "Pilih atau tuliskan alasannya" in page.main
    page = desk.post(url, page.form("/tolak") | {"quick": "99", "reason": ""}, status=422)
    desk.post(url, page.form("/tolak") | {"quick": "0", "reason": "Lihat naskah kapal."})
    pitch = db.session.get_one(Pitch, pitch.id)
    assert pitch.state is PitchState.REJECTED
    assert pitch.reason == "Sudah ada naskah tentang kegiatan yang sama. Lihat naskah kapal."


def test_park_and_reopen(desk, world):
    pitch = pitched(world)
    form = desk.get(f"/usulan/{pitch.id}").form("/simpan")
    page = desk.follow(desk.post(f"/usulan/{pitch.id}/simpan", form | {"reason": "Tunggu tanggalnya"}))
    assert "Tunggu tanggalnya" in page.main
    page = desk.follow(desk.post(f"/usulan/{pitch.id}/buka-kembali", page.form("/buka-kembali")))
    assert db.session.get_one(Pitch, pitch.id).state is PitchState.NEW
    for words in ("membuka kembali usulan", "menyimpan usulan untuk nanti", "mengirim usulan ini"):
        assert words in page.main


@pytest.mark.db
@pytest.mark.parametrize("path", ["terima", "gabung", "simpan", "tolak"])
def test_two_editors_at_once(browser_of, desk, world, path):
    """The second is told who decided what, and what was typed makes no second story."""
    story = _story(world, "Naskah terbuka")
    pitch = pitched(world)
    second = browser_of(world.other_editor)
    typed = {"reason": "Alasan saya", "story_id": str(story.id)}
    late = second.get(f"/usulan/{pitch.id}").form(f"/{path}") | typed
    first = desk.get(f"/usulan/{pitch.id}").form("/tolak")
    desk.post(f"/usulan/{pitch.id}/tolak", first | {"reason": "Sudah lewat"})
    page = second.post(f"/usulan/{pitch.id}/{path}", late, status=409)
    assert "Redaktur Satu sudah menolak usulan ini dengan alasan: Sudah lewat" in page.main
    assert db.session.scalar(select(func.count()).select_from(Story)) == 1


def test_the_author_added_something_meanwhile(desk, world):
    pitch = pitched(world)
    form = desk.get(f"/usulan/{pitch.id}").form("/tolak") | {"reason": "Kurang lengkap"}
    change_pitch(
        pitch, actor=world.as_(world.contributor), content=PitchContent("Kini lengkap"), photo_ids=[]
    )
    db.session.commit()
    page = desk.post(f"/usulan/{pitch.id}/tolak", form, status=409)
    assert page.h1 == "Kini lengkap"
    assert "baru saja melengkapi" in page.main
    assert page.form("/tolak")["reason"] == "Kurang lengkap"
    desk.post(f"/usulan/{pitch.id}/tolak", page.form("/tolak"))
    assert db.session.get_one(Pitch, pitch.id).state is PitchState.REJECTED


def test_readers_see_no_buttons_and_cannot_decide(browser_of, world):
    pitch = pitched(world)
    for reader in (world.contributor, world.approver, world.lead, world.admin):
        visitor = browser_of(reader)
        page = visitor.get(f"/usulan/{pitch.id}")
        assert "Putuskan usulan ini" not in page.main
        token = {"csrf_token": page.soup.find("input", attrs={"name": "csrf_token"})["value"]}
        for path in ("simpan", "tolak", "buka-kembali"):
            visitor.post(f"/usulan/{pitch.id}/{path}", token | {"reason": "Karena"}, status=403)
        accept = token | {"title": "Judul", "content_type_id": str(world.news.id), "section_id": ""}
        visitor.post(f"/usulan/{pitch.id}/terima", accept, status=403)
    assert db.session.get_one(Pitch, pitch.id).state is PitchState.NEW


def test_similar_pitches_are_pointed_out_to_editors_only(browser_of, desk, world, other_world):
    pitched(world, "Lelang kapal nelayan di Tanjung", by=world.other_contributor, place="Tanjung")
    pitched(other_world, "Lelang kapal nelayan")
    pitch = pitched(world, "Lelang kapal nelayan", place="Tanjung")
    page = desk.get(f"/usulan/{pitch.id}")
    assert "mirip: judul, tempat" in page.main
    assert len(page.soup.select("[aria-labelledby=similar-title] li")) == 1
    assert "Usulan yang mirip" not in browser_of(world.contributor).get(f"/usulan/{pitch.id}").main
