"""Receiving and describing pictures."""

import io

import pytest
from sqlalchemy import func, select

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound
from humasflow.media import queries, services
from humasflow.media.models import Asset
from humasflow.media.services import Upload, describe_asset, keep_images, receive
from tests.factories.world import World
from tests.media.files import SCRIPT, jpeg, png
from tests.pitches.ideas import photo_of, storage

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def _upload(data: bytes, name: str = "foto.jpg") -> Upload:
    return Upload(name, io.BytesIO(data))


def _files(app) -> int:
    return sum(1 for f in (app.config["DATA_DIR"] / "media").rglob("*") if f.is_file())


def test_the_good_ones_are_kept_and_the_others_named(app, world: World):
    actor = world.as_(world.contributor)
    uploads = [_upload(jpeg(), "a.jpg"), _upload(b"bukan gambar", "b.jpg"), _upload(png(), "c.png")]
    kept, refused = receive(uploads, actor=actor, office_id=world.office.id)
    assert [a.filename for a in kept] == ["a.jpg", "c.png"]
    assert [r.filename for r in refused] == ["b.jpg"]
    assert "bukan" not in refused[0].message, "the sentence is for the sender, not the decoder's"
    assert _files(app) == 6
    for asset in kept:
        assert (asset.uploaded_by, asset.office_id, asset.credit, asset.alt_text) == (
            actor.id,
            world.office.id,
            "",
            "",
        )
        assert [e.action for e in audit.list_timeline(("asset", asset.id))] == [AuditAction.ASSET_UPLOADED]


def test_nothing_sent_starts_no_process(world: World, monkeypatch):
    def unexpected(*_args, **_more):
        raise AssertionError("decoding was started")

    monkeypatch.setattr("humasflow.media.services.receiving.process_many", unexpected)
    assert receive([], actor=world.as_(world.contributor), office_id=world.office.id) == ([], [])


def test_a_photo_sent_twice_by_the_same_person_is_one(world: World, other_world: World):
    mine = photo_of(world, world.contributor)
    assert photo_of(world, world.contributor, name="lagi.jpg").id == mine.id
    twice, _none = receive(
        [_upload(jpeg(300)), _upload(jpeg(300))],
        actor=world.as_(world.contributor),
        office_id=world.office.id,
    )
    assert len(twice) == 1
    assert photo_of(world, world.editor).id != mine.id, "a colleague's own photo is the colleague's"
    assert photo_of(other_world, other_world.contributor).id != mine.id


def test_evidence_is_a_record_of_its_own_each_time(world: World):
    uploads = [_upload(jpeg()), _upload(jpeg())]
    kept, _refused = keep_images(uploads, office_id=world.office.id, actor=None)
    assert len({a.id for a in kept}) == 2
    assert len({a.original_key for a in kept}) == 1, "the bytes are stored once"


def test_files_beyond_the_limit_are_named_unread(world: World):
    uploads = [_upload(jpeg(300 + n), f"{n}.jpg") for n in range(3)]
    kept, refused = receive(uploads, actor=world.as_(world.editor), office_id=world.office.id, limit=2)
    assert ([a.filename for a in kept], [r.filename for r in refused]) == (["0.jpg", "1.jpg"], ["2.jpg"])
    kept, refused = receive(
        [_upload(jpeg())], actor=world.as_(world.editor), office_id=world.office.id, limit=-1
    )
    assert (kept, len(refused)) == ([], 1)


def test_uploading_needs_the_permission_in_that_office(world: World, other_world: World):
    with pytest.raises(NotAllowed):
        receive([_upload(jpeg())], actor=world.as_(world.editor), office_id=other_world.office.id)
    assert db.session.scalar(select(func.count()).select_from(Asset)) == 0


def test_a_very_long_or_missing_file_name(world: World):
    kept, _refused = receive(
        [_upload(jpeg(), "x" * 500 + ".jpg"), _upload(png(), "")], actor=world.as_(world.editor),
        office_id=world.office.id,
    )  # fmt: skip
    assert len(kept[0].filename) == 200
    assert kept[1].filename == "foto.jpg"


def test_no_script_is_stored(app, world: World):
    receive([_upload(jpeg() + SCRIPT)], actor=world.as_(world.editor), office_id=world.office.id)
    for path in (app.config["DATA_DIR"] / "media").rglob("*"):
        assert not path.is_file() or b"<script" not in path.read_bytes()


def test_the_empty_entry_of_a_file_field_is_no_upload():
    files = [storage(b"", ""), storage(jpeg(), "a.jpg")]
    assert [u.filename for u in services.uploads_from(files)] == ["a.jpg"]
    assert services.uploads_from(None) == []


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("contributor", True),
        ("editor", True),
        ("other_contributor", False),
        ("approver", False),
        ("admin", False),
    ],
)
def test_who_describes(world: World, who, allowed):
    asset = photo_of(world, world.contributor)
    words = {
        "credit": "Siti",
        "alt_text": "Peserta lelang",
        "caption": "Suasana",
        "row_version": asset.row_version,
    }
    if not allowed:
        with pytest.raises(NotAllowed):
            describe_asset(asset, actor=world.as_(getattr(world, who)), **words)
        return
    describe_asset(asset, actor=world.as_(getattr(world, who)), **words)
    assert (asset.credit, asset.alt_text, asset.caption) == ("Siti", "Peserta lelang", "Suasana")
    assert audit.list_timeline(("asset", asset.id))[0].action is AuditAction.ASSET_DESCRIBED
    with pytest.raises(Conflict):
        describe_asset(asset, actor=world.as_(world.editor), **(words | {"credit": "Budi"}))
    assert asset.credit == "Siti"


def test_describing_the_same_again_is_no_news(world: World):
    asset = photo_of(world, world.editor)
    describe_asset(
        asset,
        actor=world.as_(world.editor),
        credit="",
        alt_text="",
        caption="",
        row_version=asset.row_version,
    )
    assert len(audit.list_timeline(("asset", asset.id))) == 1


def test_whose_pictures_a_library_shows(world: World, other_world: World):
    mine, theirs = photo_of(world, world.contributor), photo_of(world, world.editor, width=400)
    foreign = photo_of(other_world, other_world.editor)
    for user, seen in (
        (world.contributor, [mine]),
        (world.approver, [theirs, mine]),
        (world.editor, [theirs, mine]),
    ):
        actor = world.as_(user)
        assert list(queries.list_library(actor, world.office.id)) == seen
        assert queries.count_library(actor, world.office.id).total == len(seen)
        with pytest.raises(NotFound):
            queries.get_viewable_asset(actor, foreign.id)
    with pytest.raises(NotFound):
        queries.get_listed_asset(world.as_(world.contributor), theirs.id)


def test_searching_and_what_is_incomplete(world: World):
    actor = world.as_(world.editor)
    asset = photo_of(world, world.editor)
    photo_of(world, world.editor, width=400, name="100%.jpg")
    describe_asset(asset, actor=actor, credit="Siti", alt_text="Peserta", caption="", row_version=None)
    assert queries.count_library(actor, world.office.id) == queries.LibraryCounts(total=2, incomplete=1)
    assert [a.filename for a in queries.list_library(actor, world.office.id, incomplete=True)] == ["100%.jpg"]
    assert [a.id for a in queries.list_library(actor, world.office.id, q="siti")] == [asset.id]
    assert [a.filename for a in queries.list_library(actor, world.office.id, q="0%")] == ["100%.jpg"]
    assert len(queries.list_library(actor, world.office.id, q="_")) == 0
