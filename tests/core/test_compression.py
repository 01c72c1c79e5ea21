"""Answers travel compressed, and their length tells nothing."""

import gzip
from pathlib import Path

import pytest
from flask import Flask

from humasflow.core.compression import SMALLEST, with_compressed_copies
from tests.factories.world import World
from tests.support.page import Browser

pytestmark = pytest.mark.db
GZIP = {"Accept-Encoding": "gzip, br"}


def test_a_page_is_compressed_for_who_asks(app: Flask, world: World) -> None:
    client = Browser(app).sign_in(world.editor).client
    plain, packed = client.get("/naskah/"), client.get("/naskah/", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 2
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert gzip.decompress(packed.data).startswith(b"<!doctype html>")


def test_the_same_page_has_another_length_each_time(app: Flask) -> None:
    client = app.test_client()
    lengths = {len(client.get("/masuk", headers=GZIP).data) for _time in range(12)}
    assert len(lengths) > 4


def test_what_is_small_or_packed_already_stays_as_it_is(app: Flask, world: World) -> None:
    client = Browser(app).sign_in(world.editor).client
    small = client.get("/healthz", headers=GZIP)
    assert len(small.data) < SMALLEST
    assert "Content-Encoding" not in small.headers
    picture = client.get("/static/icons/app-192.png", headers=GZIP)
    assert "Content-Encoding" not in picture.headers
    picture.close()


def test_static_files_are_copied_once_a_version(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", tmp_path / "data" / "static"
    (root / "css").mkdir(parents=True)
    (root / "css" / "a.css").write_text("body{color:red}" * 200)
    (root / "b.png").write_bytes(b"x" * 2000)
    assert with_compressed_copies(root, cache, "1") == root, "no data folder yet: nothing is made"
    cache.parent.mkdir()
    made = with_compressed_copies(root, cache, "1")
    assert made == cache / "1"
    assert gzip.decompress((made / "css" / "a.css.gz").read_bytes()) == (root / "css" / "a.css").read_bytes()
    assert not (made / "b.png.gz").exists() and (made / "b.png").exists()
    (root / "css" / "a.css").write_text("changed")
    assert with_compressed_copies(root, cache, "1") == made
    assert (made / "css" / "a.css").read_text() != "changed", "another version has another name"
    assert [p.name for p in cache.iterdir()] == ["1"], "nothing half-made stays"


def test_a_disk_that_takes_nothing_is_served_from_all_the_same(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "static").write_text("a file where the folder should be")
    assert with_compressed_copies(root, tmp_path / "data" / "static", "1") == root
