"""Files in parts: the protocol, cut connections, limits, and what is left behind."""

import errno
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media import jobs, services
from humasflow.media.enums import UploadState
from humasflow.media.models import Asset, PendingUpload, UploadPart
from humasflow.media.parts import PartStore
from humasflow.media.services import uploading
from humasflow.outbox import runner
from tests.media.files import jpeg, png
from tests.media.films import mp4, pdf
from tests.media.sending import TUS, URL, Sender, uploads

PHOTO = jpeg(640, 480)


@pytest.fixture
def sender(browser_of, world):
    return Sender(browser_of(world.editor))


def _parts_on_disk(app) -> list[Path]:
    root = app.config["DATA_DIR"] / "uploads"
    return [p for p in root.rglob("*") if p.is_file()] if root.exists() else []


def test_what_is_spoken_here(sender):
    answer = sender.call("OPTIONS", URL)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,expiration,termination"
    assert int(answer.headers["Tus-Max-Size"]) == 500 * 1024 * 1024


def test_a_file_in_one_part(sender, app):
    opened = sender.open(len(PHOTO), "Rapat besar é.jpg")
    assert opened.status_code == 201
    assert "Upload-Expires" in opened.headers
    url = opened.headers["Location"]
    stands = sender.call("HEAD", url)
    assert (stands.headers["Upload-Offset"], stands.headers["Upload-Length"]) == ("0", str(len(PHOTO)))
    assert stands.headers["Cache-Control"] == "no-store"
    answer = sender.part(url, 0, PHOTO)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(PHOTO)))
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    told = sender.finish(url)
    assert told["state"] == "done"
    asset = db.session.get_one(Asset, told["asset"]["id"])
    assert (asset.filename, asset.width, asset.height) == ("Rapat besar é.jpg", 640, 480)
    assert sender.finish(url)["asset"]["id"] == asset.id, "asked again, the same answer"
    assert db.session.query(Asset).count() == 1
    assert _parts_on_disk(app) == []


@given(cuts=st.lists(st.integers(min_value=1, max_value=len(PHOTO)), max_size=8), seed=st.integers(0, 2**32))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cuts_at_any_offset_lose_nothing(sender, cuts, seed):
    """However often the connection breaks, what arrives is the file, byte for byte."""
    data = PHOTO + seed.to_bytes(8, "big")  # after the end of the picture: each file is another one
    url = sender.open(len(data)).headers["Location"]
    for size in cuts:
        offset = sender.offset(url)
        sender.cut(url, offset, data[offset : offset + size], len(data) - offset)
        assert sender.offset(url) == min(len(data), offset + size)
    offset = sender.offset(url)
    assert sender.part(url, offset, data[offset:]).status_code == 204
    key = url.rpartition("/")[2]
    upload = db.session.scalars(select(PendingUpload).where(PendingUpload.key == key)).one()
    names = [
        p.name
        for p in db.session.scalars(
            select(UploadPart).where(UploadPart.upload_id == upload.id).order_by(UploadPart.start)
        )
    ]
    store = services.part_store()
    assert b"".join(store.path(key, name).read_bytes() for name in names) == data
    assert sender.finish(url)["state"] == "done"


def test_large_parts_are_committed_piece_by_piece(sender, monkeypatch):
    monkeypatch.setattr("humasflow.media.views.tus.PART_BYTES", 4096)
    url = sender.open(len(PHOTO)).headers["Location"]
    assert sender.part(url, 0, PHOTO).status_code == 204
    assert db.session.query(UploadPart).count() == -(-len(PHOTO) // 4096)
    assert sender.finish(url)["state"] == "done"


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("PATCH", {"Tus-Resumable": "0.2.2", "Upload-Offset": "0"}, 412),
        ("PATCH", {"Upload-Offset": "0", "Content-Type": "text/plain"}, 415),
        ("PATCH", {"Upload-Offset": "5", "Content-Type": "application/offset+octet-stream"}, 409),
        ("PATCH", {"Upload-Offset": "-1", "Content-Type": "application/offset+octet-stream"}, 400),
        ("PATCH", {"Content-Type": "application/offset+octet-stream"}, 400),
        ("POST", {"X-HTTP-Method-Override": "GET"}, 405),
        ("POST", {}, 405),
    ],
)
def test_what_is_not_the_protocol(sender, method, headers, status):
    url = sender.open(len(PHOTO)).headers["Location"]
    answer = sender.call(method, url, headers, data=b"abc")
    assert answer.status_code == status
    assert sender.offset(url) == 0
    if status == 412:
        assert answer.headers["Tus-Version"] == "1.0.0"


@pytest.mark.parametrize("length", ["", "-1", "0", "1e3", "９", str(500 * 1024 * 1024 + 1), "9" * 30])
def test_lengths_that_cannot_be(sender, length):
    answer = sender.call("POST", URL, {"Upload-Length": length} if length.isascii() else {})
    assert answer.status_code in (400, 413, 422)
    assert uploads() == []


def test_more_bytes_than_announced(sender):
    url = sender.open(100).headers["Location"]
    assert sender.part(url, 0, bytes(101)).status_code == 413
    assert sender.offset(url) == 0


def test_a_narrow_proxy_lets_only_posts_through(sender):
    url = sender.open(len(PHOTO)).headers["Location"]
    sent = {
        "X-HTTP-Method-Override": "PATCH",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
    }
    assert sender.call("POST", url, sent, data=PHOTO).status_code == 204
    assert sender.call("POST", url, {"X-HTTP-Method-Override": "HEAD"}).headers["Upload-Offset"] == str(
        len(PHOTO)
    )
    assert sender.call("POST", url, {"X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert sender.call("HEAD", url).status_code == 404


def test_taking_it_back_leaves_nothing(sender, app):
    url = sender.open(len(PHOTO)).headers["Location"]
    sender.part(url, 0, PHOTO[:500])
    assert _parts_on_disk(app)
    assert sender.call("DELETE", url).status_code == 204
    assert _parts_on_disk(app) == []
    assert uploads() == []
    assert sender.part(url, 0, PHOTO).status_code == 404


def test_what_cannot_be_taken_is_refused_with_its_first_part(sender, app):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'.ljust(9000)
    url = sender.open(50_000_000, "logo.png").headers["Location"]
    answer = sender.part(url, 0, svg, **{"Content-Length": str(len(svg))})
    assert answer.status_code == 415
    assert "SVG" in answer.get_json()["error"]
    assert sender.part(url, len(svg), b"x").status_code == 415
    assert sender.call("HEAD", url).status_code == 410
    assert _parts_on_disk(app) == []
    assert sender.finish(url) == {"state": "refused", "message": answer.get_json()["error"]}


def test_a_picture_has_the_limit_of_pictures(sender, app):
    app.config["MAX_IMAGE_BYTES"] = 10_000_000
    url = sender.open(10_000_001).headers["Location"]
    answer = sender.part(url, 0, PHOTO.ljust(9000, b"\0")[:9000] if len(PHOTO) < 9000 else PHOTO[:9000])
    assert answer.status_code == 415
    assert "9 MB" in answer.get_json()["error"]


def test_a_small_impostor_is_refused_when_whole(sender):
    assert sender.send(b"<html><script>alert(1)</script></html>", "foto.jpg")["state"] == "refused"
    assert sender.send(b"%PDF-1.7\n1 0 obj\n", "surat.pdf")["state"] == "refused"
    assert db.session.query(Asset).count() == 0


def test_nobody_touches_another_persons_upload(sender, browser_of, world, other_world):
    url = sender.open(len(PHOTO)).headers["Location"]
    for who in (world.contributor, world.other_editor, other_world.editor):
        stranger = Sender(browser_of(who))
        assert stranger.call("HEAD", url).status_code == 404
        assert stranger.part(url, 0, PHOTO).status_code == 404
        assert stranger.call("POST", f"{url}/selesai").status_code == 404
        assert stranger.call("DELETE", url).status_code == 404
    assert sender.offset(url) == 0


def test_nobody_uploads_without_signing_in(app, world):
    client = app.test_client()
    for method in ("OPTIONS", "POST"):
        assert client.open(URL, method=method, headers=TUS).status_code == 401
    assert client.open(f"{URL}/{'x' * 30}", method="PATCH", headers=TUS).status_code == 401


def test_another_site_cannot_send(app, browser_of, world):
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    sender = Sender(browser_of(world.editor))
    assert sender.open(10).status_code == 400
    sender.browser.client.get("/media/")
    page = sender.browser.client.get("/media/").get_data(as_text=True)
    token = page.partition('data-csrf="')[2].partition('"')[0]
    opened = sender.open(len(PHOTO), **{"X-CSRFToken": token})
    assert opened.status_code == 201
    url = opened.headers["Location"]
    assert sender.part(url, 0, PHOTO).status_code == 400
    assert sender.part(url, 0, PHOTO, **{"X-CSRFToken": token}).status_code == 204


def test_too_many_open_uploads(sender, monkeypatch):
    monkeypatch.setattr(uploading, "MAX_OPEN", 2)
    urls = [sender.open(1000).headers["Location"] for _unused in range(2)]
    refused = sender.open(1000)
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers
    sender.call("DELETE", urls[0])
    assert sender.open(1000).status_code == 201


def test_too_many_bytes_on_their_way_and_too_many_an_hour(sender, monkeypatch):
    monkeypatch.setattr(uploading, "MAX_OPEN_BYTES", 1500)
    assert sender.open(1000).status_code == 201
    assert sender.open(1000).status_code == 429
    monkeypatch.setattr(uploading, "MAX_OPENED_PER_HOUR", 1)
    assert sender.open(10).status_code == 429


def test_a_full_disk_is_said_before_and_while_sending(sender, app, monkeypatch):
    monkeypatch.setattr(PartStore, "free_bytes", lambda _self: 1000)
    assert sender.open(len(PHOTO)).status_code == 507
    monkeypatch.undo()
    url = sender.open(len(PHOTO)).headers["Location"]
    sender.part(url, 0, PHOTO[:1000])

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("humasflow.media.parts.os.fsync", full)
    answer = sender.part(url, 1000, PHOTO[1000:])
    assert answer.status_code == 507
    assert "penuh" in answer.get_json()["error"]
    monkeypatch.undo()
    assert sender.offset(url) == 1000, "what was safe stays safe"
    assert len(_parts_on_disk(app)) == 1
    sender.part(url, 1000, PHOTO[1000:])
    assert sender.finish(url)["state"] == "done"


def test_the_same_part_sent_twice_at_once_counts_once(app, browser_of, world):
    """Two tabs, or a retry while the first request still runs: one wins, the file is whole."""
    sender = Sender(browser_of(world.editor))
    url = sender.open(len(PHOTO)).headers["Location"]
    cookies = sender.browser.client
    answers: list[int] = []
    gate = threading.Barrier(3)

    def send() -> None:
        with app.app_context():
            client = app.test_client()
            with cookies.session_transaction() as mine, client.session_transaction() as session:
                session.update(mine)
            gate.wait()
            sent = TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
            answers.append(client.open(url, method="PATCH", headers=sent, data=PHOTO).status_code)

    threads = [threading.Thread(target=send) for _unused in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [204, 409, 409]
    assert db.session.query(UploadPart).count() == 1
    assert len(_parts_on_disk(app)) == 1
    assert sender.finish(url)["state"] == "done"


def test_an_abandoned_upload_expires_with_its_parts(sender, app, browser_of, world):
    url = sender.open(len(PHOTO)).headers["Location"]
    sender.part(url, 0, PHOTO[:1000])
    with clock.moved_to(clock.now() + timedelta(hours=47)):
        jobs.tidy_uploads()
        db.session.commit()
        assert Sender(browser_of(world.editor)).offset(url) == 1000
    with clock.moved_to(clock.now() + timedelta(hours=49)):
        assert Sender(browser_of(world.editor)).part(url, 1000, PHOTO[1000:]).status_code == 410
        jobs.tidy_uploads()
        assert _parts_on_disk(app), "not before the database agreed"
        db.session.commit()
        jobs.tidy_uploads()
        db.session.commit()
    assert uploads() == []
    assert _parts_on_disk(app) == []


def test_parts_of_no_upload_are_swept(app, world):
    orphan = services.part_store().folder("x" * 32)
    orphan.mkdir(parents=True)
    (orphan / "0_a.part").write_bytes(b"x")
    with clock.moved_to(clock.now() + timedelta(hours=49)):
        jobs.tidy_uploads()
    assert not orphan.exists()


def test_a_file_whose_page_was_closed_is_finished_by_the_worker(sender, app):
    url = sender.open(len(PHOTO)).headers["Location"]
    sender.part(url, 0, PHOTO)
    with clock.moved_to(clock.now() + timedelta(minutes=20)):
        jobs.tidy_uploads()
        db.session.commit()
        runner.run_due()
    (upload,) = uploads()
    assert upload.state is UploadState.DONE
    assert sender.finish(url)["asset"]["id"] == upload.asset_id


def test_the_same_bytes_are_one_file_in_the_office(sender, browser_of, world):
    first = sender.send(PHOTO)["asset"]["id"]
    assert sender.send(PHOTO, "lagi.jpg")["asset"]["id"] == first, "one's own"
    colleague = Sender(browser_of(world.other_editor))
    url = colleague.open(len(PHOTO), "salinan.jpg").headers["Location"]
    colleague.part(url, 0, PHOTO)
    told = colleague.finish(url)
    assert (told["state"], told["asset"]["id"]) == ("twin", first)
    assert db.session.query(Asset).count() == 1
    kept = colleague.finish(url, kembar="simpan")
    assert kept["state"] == "done"
    assert kept["asset"]["id"] != first


def test_whoever_sees_only_their_own_learns_of_no_twin(sender, browser_of, world):
    first = sender.send(PHOTO)["asset"]["id"]
    told = Sender(browser_of(world.contributor)).send(PHOTO)
    assert told["state"] == "done"
    assert told["asset"]["id"] != first


def test_similar_pictures_are_hinted_at(sender):
    sender.send(PHOTO)
    assert sender.send(jpeg(640, 480, quality=60), "kompres.jpg")["similar"] == 1
    assert sender.send(png(640, 480), "tangkapan.png")["similar"] == 2


def test_nobody_waits_while_a_file_is_decoded_or_received(sender, app, world, monkeypatch):
    """The write lock of SQLite is free while bytes arrive and pixels are made: somebody else can save."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the database")
    from humasflow.media.services import finishing

    saved: list[str] = []

    def another_saves(what: str) -> None:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 200")
            connection.exec_driver_sql("UPDATE unit SET short_name = short_name")
            connection.commit()
            connection.exec_driver_sql("PRAGMA busy_timeout = 30000")
        saved.append(what)

    receive, decode = PartStore.receive, finishing.process_image
    monkeypatch.setattr(
        PartStore, "receive", lambda *a, **k: (another_saves("receiving"), receive(*a, **k))[1]
    )
    monkeypatch.setattr(
        finishing, "process_image", lambda *a, **k: (another_saves("decoding"), decode(*a, **k))[1]
    )
    assert sender.send(PHOTO)["state"] == "done"
    assert saved == ["receiving", "decoding"]


def test_nobody_waits_for_a_form_with_pictures(browser_of, world, monkeypatch):
    """The plain form, too; and its double click still makes one."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the database")
    from humasflow.media.services import receiving

    browser = browser_of(world.editor)
    form = browser.get("/media/").form("/media/unggah")
    decode = receiving.process_many
    begun: list[str] = []

    def slow(*args, **more):
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 200")
            connection.exec_driver_sql("UPDATE unit SET short_name = short_name")
            connection.commit()
            connection.exec_driver_sql("PRAGMA busy_timeout = 30000")
        begun.append("decoding")
        return decode(*args, **more)

    monkeypatch.setattr(receiving, "process_many", slow)
    from tests.pitches.ideas import file

    first = browser.post("/media/unggah", form | {"photos": [file(PHOTO, "a.jpg")]})
    again = browser.post("/media/unggah", form | {"photos": [file(jpeg(500), "b.jpg")]})
    assert begun == ["decoding"]
    assert again.location == first.location
    assert db.session.query(Asset).count() == 1


def test_every_kind_arrives(sender):
    assert sender.send(mp4(), "rapat.mp4")["asset"]["kind"] == "video"
    assert sender.send(pdf(), "surat.pdf")["asset"]["kind"] == "pdf"
    assert sender.send(PHOTO)["asset"]["kind"] == "image"


def test_names_and_metadata_harm_nothing(sender):
    for value in ("filename !!!", "filename", ",,,", "filename " + "A" * 5000, "\u00e9"):
        answer = sender.call(
            "POST", URL, {"Upload-Length": "10", "Upload-Metadata": value.encode("latin-1").decode("latin-1")}
        )
        assert answer.status_code in (201, 400)
    assert sender.send(PHOTO, "../../etc/passwd\x00")["asset"]["filename"] == "../../etc/passwd"


def test_statements_of_a_part_do_not_grow(sender, app):
    """Each part costs the same, however many came before."""
    counts = []
    url = sender.open(len(PHOTO)).headers["Location"]
    noted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: noted.append(a[2]))
    for number in range(6):
        noted.clear()
        sender.part(url, number * 100, PHOTO[number * 100 : number * 100 + 100])
        counts.append(len(noted))
    assert len(set(counts[1:])) == 1
