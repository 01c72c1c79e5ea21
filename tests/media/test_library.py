"""Browsing a thousand files, finding what is missing, where each is used, and which are the same."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from PIL import Image, ImageDraw

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed, NotFound, UserError
from humasflow.media import queries, services, usage
from humasflow.media.enums import AssetKind
from humasflow.media.looks import MAX_DISTANCE, distance, slots_of
from humasflow.media.models import Asset, AssetBand
from humasflow.media.queries import LibraryFilter
from humasflow.media.services import Upload, keep_images
from humasflow.posts import services as posts
from humasflow.posts.services import PostPictureContent
from humasflow.publishing.models import Evidence
from humasflow.scoring.calculation import RubricFacts
from humasflow.scoring.enums import ResultKind
from humasflow.scoring.services.measuring import Basis, record_measurement
from humasflow.scoring.services.official import Announcement, Subject, record_official
from humasflow.stories import services as stories
from tests.factories import desk as desk_factory
from tests.factories import newsroom
from tests.factories.measured import TW1, make_measured_scheme
from tests.factories.publications import live_post
from tests.media.files import encode, jpeg
from tests.media.films import mp4, pdf
from tests.media.sending import sent
from tests.pitches.ideas import photo_of, pitched
from tests.stories.tasks import task

pytestmark = pytest.mark.usefixtures("in_request")


def rows(world, count: int, **columns) -> list[Asset]:
    """Files of which only the rows exist. Commits."""
    now = clock.now()
    made = [
        Asset(
            office_id=world.office.id, uploaded_by=world.editor.id, created_at=now - timedelta(minutes=n),
            filename=f"{n}.jpg", original_key="a", medium_key="a", thumb_key="a", sha256=f"{n:064x}",
            source_sha256=f"{n:064x}", width=1600, height=900, size=1000, colour="#446688",
            **({"credit": "", "alt_text": "", "caption": ""} | columns),
        )
        for n in range(count)
    ]  # fmt: skip
    db.session.add_all(made)
    db.session.commit()
    return made


def browse(world, **wanted) -> list[str]:
    today = clock.now().date()
    page = queries.browse(world.as_(world.editor), world.office.id, LibraryFilter(**wanted), today=today)
    return [a.filename for a in page.items]


@pytest.mark.db
def test_a_thousand_files_cost_no_more_statements_than_one(browser_of, world, statements):
    desk = browser_of(world.editor)
    counts = []
    for more in (1, 999):
        rows(world, more)
        desk.get("/media/")
        statements.reset()
        page = desk.get("/media/")
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert len(page.soup.select(".media-card")) == 24
    seen = 24
    while "Muat berikutnya" in page.main and seen < 120:
        page = desk.get(page.link("Muat berikutnya"))
        seen += len(page.soup.select(".media-card"))
    assert seen == 120


@pytest.mark.db
def test_each_filter(world):
    photo_of(world, world.contributor, name="kontributor.jpg")
    rows(world, 1, credit="Siti")
    sent(world, world.editor, mp4(), "film.mp4")
    sent(world, world.editor, pdf(), "surat.pdf")
    assert browse(world, kind=AssetKind.VIDEO) == ["film.mp4"]
    assert browse(world, kind=AssetKind.PDF) == ["surat.pdf"]
    assert set(browse(world, lacks_credit=True)) == {"kontributor.jpg", "film.mp4", "surat.pdf"}
    assert set(browse(world, lacks_alt_text=True)) == {"kontributor.jpg", "film.mp4", "surat.pdf", "0.jpg"}
    assert browse(world, uploader_id=world.contributor.id) == ["kontributor.jpg"]
    assert browse(world, q="siti") == ["0.jpg"]
    assert browse(world, blocked=True) == []
    assert browse(world, kind=AssetKind.IMAGE, uploader_id=world.editor.id) == ["0.jpg"]


@pytest.mark.db
def test_where_files_are_used_and_which_are_not(world):
    """Any version counts, and the page tells the current one from the past."""
    now, past, idea, proof, free = (
        photo_of(world, world.editor, width=300 + n * 20, name=f"{n}.jpg") for n in range(5)
    )
    actor = world.as_(world.editor)
    story = desk_factory.story(world, pictures=(desk_factory.picture(past),), title="Rapat")
    stories.save_version(
        story, actor=actor, content=desk_factory.text(title="Rapat", pictures=(desk_factory.picture(now),))
    )
    pitched(world, "Ide lelang", by=world.editor, photo_ids=[idea.id])
    newsroom.publish(world, title="Sudah tayang", pictures=(newsroom.shown(now),))
    delivery = live_post(world)
    db.session.query(Evidence).filter_by(delivery_id=delivery.id).update({"screenshot_id": proof.id})
    db.session.commit()
    assert browse(world, unused=True) == [free.filename]
    counts = usage.count_uses([a.id for a in (now, past, idea, proof, free)])
    assert counts[now.id] >= 2
    assert counts[past.id] == counts[idea.id] == counts[proof.id] == 1
    assert counts[free.id] == 0
    found = usage.list_uses(actor, [now.id, past.id, idea.id, proof.id, free.id])
    assert found[now.id][0].is_live, "what readers see stands first"
    (only,) = found[past.id]
    assert (only.title, only.is_current) == ("Rapat", False)
    assert "versi 1" in only.detail
    assert [u.title for u in found[idea.id]] == ["Ide lelang"]
    assert [u.kind for u in found[proof.id]] == [usage.UseKind.EVIDENCE]
    assert found[free.id] == []


@pytest.mark.db
def test_documents_behind_results_and_measurements_are_used(world):
    """They are not free to be thrown away, nor to become a proof that only few may see."""
    letter, sheet, free = (
        photo_of(world, world.editor, width=300 + n * 20, name=f"surat-{n}.jpg") for n in range(3)
    )
    scheme = make_measured_scheme(world)
    lead = world.as_(world.lead)
    record_official(
        world.office, Subject(scheme, TW1, ResultKind.RANK, "peringkat"),
        Announcement(Decimal(39), TW1.end, "ND-1", asset_id=letter.id), actor=lead,
    )  # fmt: skip
    judged = live_post(world, title="Judul naskah")
    record_measurement(
        scheme, "mutu", TW1, actor=lead, facts=RubricFacts((Decimal(80),)), post_id=judged.post_id,
        basis=Basis(note="Rapi.", asset_id=sheet.id),
    )  # fmt: skip
    db.session.commit()
    assert browse(world, unused=True) == [free.filename]
    assert usage.count_uses([letter.id, sheet.id, free.id]) == {letter.id: 1, sheet.id: 1, free.id: 0}
    editor = world.as_(world.editor)
    found = usage.list_uses(editor, [letter.id, sheet.id])
    (announced,), (measured,) = found[letter.id], found[sheet.id]
    assert (announced.kind, announced.title, announced.detail) == (
        usage.UseKind.OFFICIAL, "Peringkat", "Triwulan I 2026",
    )  # fmt: skip
    assert (measured.kind, measured.title) == (usage.UseKind.MEASUREMENT, "Mutu"), (
        "never the publication's title"
    )
    assert f"publikasi={judged.post_id}" in measured.url and "/capaian/resmi?koreksi=" in announced.url
    offered = [a.id for a in queries.list_documents(editor, free)]
    assert letter.id not in offered and sheet.id not in offered
    stranger = usage.list_uses(world.as_(world.contributor), [letter.id, sheet.id])
    assert [(u.title, u.url) for rows in stranger.values() for u in rows] == [
        ("Hasil resmi", ""),
        ("Pengukuran", ""),
    ]


@pytest.mark.db
def test_a_confidential_story_is_counted_but_not_named(world):
    photo = photo_of(world, world.editor)
    story = desk_factory.story(world, pictures=(desk_factory.picture(photo),), title="Mutasi pejabat")
    story.is_confidential = True
    db.session.commit()
    (use,) = usage.list_uses(world.as_(world.other_editor), [photo.id])[photo.id]
    assert (use.title, use.url) == ("Naskah rahasia", "")
    assert browse(world, unused=True) == []


@pytest.mark.db
def test_titles_are_for_those_who_read_the_story(browser_of, world):
    """Who sent the file reads where it is used, but no title that the office has not published to them."""
    photo = photo_of(world, world.contributor)
    story = desk_factory.story(world, pictures=(desk_factory.picture(photo),), title="Mutasi pejabat")
    post = desk_factory.post(world, story, pictures=(PostPictureContent(photo.id, "", ""),))
    live = live_post(world)
    db.session.query(Evidence).filter_by(delivery_id=live.id).update({"screenshot_id": photo.id})
    db.session.commit()

    def told(user) -> set[tuple[str, str]]:
        return {(use.title, use.url) for use in usage.list_uses(world.as_(user), [photo.id])[photo.id]}

    address, owner = f"/naskah/{story.id}", browser_of(world.contributor)
    assert {("Mutasi pejabat", address), ("Mutasi pejabat", f"/publikasi/{post.id}")} < told(
        world.other_editor
    )
    assert told(world.contributor) == {("Naskah redaksi", "")}
    assert "Mutasi pejabat" not in owner.get(f"/media/{photo.id}/keterangan").text
    task(world, story)
    db.session.commit()
    assert told(world.contributor) == {("Naskah redaksi", ""), ("Mutasi pejabat", address)}
    assert owner.get(owner.get(f"/media/{photo.id}/keterangan").link("Mutasi pejabat")).h1 == "Mutasi pejabat"
    story.is_confidential = True
    db.session.commit()
    assert told(world.contributor) == {("Naskah redaksi", ""), ("Naskah rahasia", "")}


@pytest.mark.db
def test_removed_publications_and_covers_are_no_uses(world):
    """The condition, the number and the list agree; the cover of a publication is one of its pictures anyway."""
    removed, shown = photo_of(world, world.editor), photo_of(world, world.editor, width=500, name="lain.jpg")
    story = desk_factory.story(world)
    post = desk_factory.post(world, story, pictures=(PostPictureContent(removed.id, "", ""),))
    posts.remove_post(post, actor=world.as_(world.editor))
    newsroom.publish(world, title="Sudah tayang", pictures=(newsroom.shown(shown),))
    db.session.commit()
    ids = [removed.id, shown.id]
    counts, uses = usage.count_uses(ids), usage.list_uses(world.as_(world.editor), ids)
    assert (counts[removed.id], uses[removed.id]) == (0, [])
    assert counts[shown.id] == len(uses[shown.id]) > 0
    assert browse(world, unused=True) == [removed.filename]


def test_uses_on_the_page(browser_of, world):
    photo = photo_of(world, world.editor)
    desk_factory.story(world, pictures=(desk_factory.picture(photo),), title="Rapat", commit=True)
    desk = browser_of(world.editor)
    page = desk.get(f"/media/{photo.id}/keterangan")
    assert "/naskah/" in page.link("Rapat")
    assert "dipakai di 1 tempat" in desk.get("/media/").main


@pytest.mark.db
def test_describing_many_keeps_what_was_written(world):
    one, two, theirs = rows(world, 3)
    one.credit = "Sudah ada"
    theirs.uploaded_by = world.other_contributor.id
    db.session.commit()
    changed, left = services.describe_many(
        [one, two], actor=world.as_(world.editor), credit="Siti", caption=""
    )
    assert ([a.credit for a in (one, two)], changed, left) == (["Sudah ada", "Siti"], [two], [one])
    services.describe_many([one], actor=world.as_(world.editor), credit="Siti", caption="", overwrite=True)
    assert one.credit == "Siti"
    changed, left = services.describe_many(
        [theirs], actor=world.as_(world.contributor), credit="X", caption=""
    )
    assert (changed, left, theirs.credit) == ([], [theirs], "")


def test_describing_many_through_the_page(browser_of, world, other_world):
    one, two = rows(world, 2)
    (foreign,) = rows(other_world, 1)
    desk = browser_of(world.editor)
    assert desk.get("/media/keterangan-massal", status=303).location == "/media/"
    page = desk.get(f"/media/keterangan-massal?file={one.id}&file={two.id}&file={foreign.id}&file=x&file=-1")
    assert page.h1 == "Keterangan untuk 2 berkas"
    fields = page.form("/keterangan-massal") | {"file": [str(one.id), str(two.id), str(foreign.id)]}
    assert "Isi kredit atau keterangannya" in desk.post("/media/keterangan-massal", fields, status=422).main
    done = desk.follow(desk.post("/media/keterangan-massal", fields | {"credit": "Siti", "form_token": "b"}))
    assert "2 berkas diberi keterangan" in done.text
    assert {a.credit for a in (one, two)} == {"Siti"}
    assert foreign.credit == ""


@pytest.mark.db
def test_two_of_the_same(world):
    actor = world.as_(world.editor)
    first = sent(world, world.contributor, jpeg(), "asli.jpg")
    upload = Upload("salinan.jpg", io.BytesIO(jpeg()))
    (copy,), _none = keep_images([upload], office_id=world.office.id, actor=world.editor)
    assert queries.find_twin(actor, world.office.id, copy.source_sha256, but=copy.id) == first
    desk_factory.story(world, pictures=(desk_factory.picture(copy),))
    assert services.put_aside(copy, actor=actor, same_as_id=first.id) == first
    assert browse(world) == ["asli.jpg"]
    assert [a.id for a in queries.get_assets(world.office.id, [copy.id], actor=None)] == [copy.id], (
        "where it is used it stays"
    )
    services.take_back(copy, actor=actor)
    assert browse(world) == ["salinan.jpg", "asli.jpg"]


@pytest.mark.db
def test_what_cannot_be_put_aside(world, other_world):
    mine, foreign = photo_of(world, world.editor), photo_of(other_world, other_world.editor)
    for same in (mine.id, foreign.id, 10**9):
        with pytest.raises(NotFound):
            services.put_aside(mine, actor=world.as_(world.editor), same_as_id=same)
    other = photo_of(world, world.editor, width=400)
    with pytest.raises(NotAllowed):
        services.put_aside(mine, actor=world.as_(world.approver), same_as_id=other.id)
    services.put_aside(other, actor=world.as_(world.editor), same_as_id=mine.id)
    with pytest.raises(UserError):
        services.put_aside(mine, actor=world.as_(world.editor), same_as_id=other.id)


def scene(seed: int, size: tuple[int, int] = (1200, 800)) -> Image.Image:
    """A picture of its own."""
    image = Image.new("RGB", (600, 400))
    draw = ImageDraw.Draw(image)
    for at in range(40):
        value = (seed * 7919 + at * 104729) % 1_000_003
        x, y, w = value % 600, value // 7 % 400, 30 + value % 160
        draw.rectangle((x, y, x + w, y + w), fill=(value % 256, value // 256 % 256, value // 3 % 256))
    return image.resize(size)


@pytest.mark.db
def test_similar_pictures_are_found_and_others_are_not(world):
    actor = world.as_(world.editor)
    first = sent(world, world.editor, encode(scene(1), "JPEG", quality=95), "asli.jpg")
    small = sent(world, world.editor, encode(scene(1, (640, 427)), "JPEG", quality=40), "kecil.jpg")
    bright = sent(
        world, world.editor, encode(scene(1).point(lambda v: min(255, v + 12)), "PNG"), "terang.png"
    )
    for seed in range(2, 12):
        sent(world, world.editor, encode(scene(seed), "JPEG"), f"lain-{seed}.jpg")
    assert {a.id for a in queries.list_similar(actor, first)} == {small.id, bright.id}
    assert queries.list_similar(world.as_(world.contributor), first) == []


def test_a_blank_sheet_is_like_nothing(world):
    blank = sent(world, world.editor, encode(Image.new("RGB", (400, 300), "white"), "PNG"), "a.png")
    assert blank.look == ""
    assert queries.list_similar(world.as_(world.editor), blank) == []


def test_bands_miss_nothing_within_six_bits():
    """Pigeonhole, tried out: any six flipped bits leave a band untouched."""
    import random

    dice = random.Random(3)
    for _unused in range(3000):
        look = dice.getrandbits(64)
        flipped = look
        for bit in dice.sample(range(64), MAX_DISTANCE):
            flipped ^= 1 << bit
        one, other = f"{look:016x}", f"{flipped:016x}"
        assert distance(one, other) == MAX_DISTANCE
        assert set(slots_of(one)) & set(slots_of(other))


@pytest.mark.db
def test_ten_thousand_looks_are_not_compared_one_by_one(world, statements):
    """Two statements, and only what shares a band is read."""
    import random
    import time

    dice = random.Random(5)
    made = rows(world, 10_000, look="")
    looks = {a.id: f"{dice.getrandbits(64):016x}" for a in made}
    db.session.execute(Asset.__table__.update().where(Asset.id == made[0].id).values(look="0123456789abcdef"))
    looks[made[0].id] = "0123456789abcdef"
    db.session.execute(
        AssetBand.__table__.insert(),
        [
            {"asset_id": i, "office_id": world.office.id, "slot": s}
            for i, look in looks.items()
            for s in slots_of(look)
        ],
    )
    db.session.commit()
    probe = db.session.get_one(Asset, made[0].id)
    actor = world.as_(world.editor)
    assert probe.look
    statements.reset()
    begin = time.perf_counter()
    queries.list_similar(actor, probe)
    assert time.perf_counter() - begin < 0.5
    assert len(statements) <= 2
    sharing = (
        db.session.query(AssetBand.asset_id)
        .filter(AssetBand.slot.in_(slots_of(probe.look)))
        .distinct()
        .count()
    )
    assert sharing < 500
