"""An archive may come from anybody: what is not right is refused with a sentence, and nothing is written."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.archive.checking import BadArchive
from humasflow.archive.services import read_archive
from humasflow.archive.services.reading import NotEmpty
from humasflow.core.db import db
from humasflow.orgs.models import Unit
from tests.archive.round_trip import empty_installation, export
from tests.factories.world import World

pytestmark = pytest.mark.db
Members = dict[str, bytes]


def members(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, found: Members) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    return path


def sealed(found: Members) -> Members:
    """The digests put right again, as somebody who changes rows on purpose would."""
    manifest = json.loads(found["manifest.json"])
    for table, facts in manifest["tables"].items():
        data = found.get(f"data/{table}.jsonl", b"")
        facts |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "rows": data.count(b"\n")}
    found["manifest.json"] = json.dumps(manifest).encode()
    names = [name for name in found if name != "SHA256SUMS"]
    found["SHA256SUMS"] = "".join(f"{hashlib.sha256(found[n]).hexdigest()}  {n}\n" for n in names).encode()
    return found


def altered(found: Members) -> None:
    found["data/unit.jsonl"] = found["data/unit.jsonl"].replace(b"Kantor Uji", b"Kantor Uju")


def altered_and_sealed(found: Members) -> None:
    found["data/audit_entry.jsonl"] = found["data/audit_entry.jsonl"].replace(
        b'"actor_label":"humasflow"', b'"actor_label":"bukan kami"', 1
    )
    sealed(found)


def without_a_file(found: Members) -> None:
    del found["csv/orang.csv"]


def without_a_table(found: Members) -> None:
    del found["data/story.jsonl"]


def with_one_more(found: Members) -> None:
    found["files/" + "a" * 64 + ".jpg"] = b"x"


def with_a_stranger(found: Members) -> None:
    found["data/user_session.jsonl"] = b""


def traversing(found: Members) -> None:
    found["../../etc/cron.d/x"] = b"* * * * * root true\n"


def other_revision(found: Members) -> None:
    manifest = json.loads(found["manifest.json"]) | {"schema_revision": "0001"}
    found["manifest.json"] = json.dumps(manifest).encode()
    sealed(found)


def pointing_at_nothing(found: Members) -> None:
    found["data/role_grant.jsonl"] = found["data/role_grant.jsonl"].replace(
        b'"user_id":1,', b'"user_id":99999,', 1
    )
    sealed(found)


def other_columns(found: Members) -> None:
    found["data/unit.jsonl"] = found["data/unit.jsonl"].replace(b'"slug"', b'"slug2"')
    sealed(found)


def another_kind_of_value(found: Members) -> None:
    found["data/unit.jsonl"] = found["data/unit.jsonl"].replace(b'"four_eyes":', b'"four_eyes":"x","o":', 1)
    sealed(found)


def endless_line(found: Members) -> None:
    found["data/unit.jsonl"] = found["data/unit.jsonl"].rstrip(b"\n")
    sealed(found)


CASES: list[tuple[Callable[[Members], None], str]] = [
    (altered, "tidak sesuai dengan sidiknya"),
    (altered_and_sealed, "Jejak audit"),
    (without_a_file, "tidak ada “csv/orang.csv”"),
    (without_a_table, "tidak ada “data/story.jsonl”"),
    (with_one_more, "tidak sesuai dengan sidiknya"),
    (with_a_stranger, "tidak dikenal"),
    (traversing, "tidak dikenal"),
    (other_revision, "Pasang versi yang sama"),
    (pointing_at_nothing, "tidak cocok satu sama lain"),
    (other_columns, "tidak dapat dibaca"),
    (another_kind_of_value, "tidak dapat dibaca"),
    (endless_line, "rusak"),
]


def refused(path: Path, words: str) -> None:
    with pytest.raises(BadArchive) as error:
        read_archive(path)
    db.session.rollback()
    assert words in error.value.message, error.value.message
    assert db.session.scalar(select(func.count()).select_from(User)) == 0
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 0


def test_changed_archives_are_refused(world: World, tmp_path: Path, in_request: None) -> None:
    whole = export(world.office, tmp_path / "utuh.zip")
    with empty_installation(tmp_path / "lain") as app:
        for spoil, words in CASES:
            found = members(whole)
            spoil(found)
            refused(pack(tmp_path / f"{spoil.__name__}.zip", found), words)
        cut = tmp_path / "potong.zip"
        cut.write_bytes(whole.read_bytes()[:-2000])
        refused(cut, "rusak")
        text = tmp_path / "teks.zip"
        text.write_text("bukan arsip")
        refused(text, "rusak")
        assert not list((Path(app.config["DATA_DIR"])).rglob("*.jpg"))
        read_archive(whole)  # after all that it is still empty, and the whole one is read


def test_a_bomb_is_refused_before_it_is_unpacked(world: World, tmp_path: Path, in_request: None) -> None:
    whole = export(world.office, tmp_path / "utuh.zip")
    bomb = tmp_path / "bom.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members(whole).items():
            if name != "data/story.jsonl":
                archive.writestr(name, data)
        with archive.open("data/story.jsonl", "w", force_zip64=True) as target:
            for _part in range(64):
                target.write(bytes(1024 * 1024))
    assert bomb.stat().st_size < 2_000_000
    with empty_installation(tmp_path / "lain"):
        refused(bomb, "lebih besar")


def test_an_installation_with_an_office_takes_none(world: World, tmp_path: Path, in_request: None) -> None:
    path = export(world.office, tmp_path / "utuh.zip")
    with pytest.raises(NotEmpty):
        read_archive(path)
