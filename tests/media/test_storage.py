"""Files by content: durable, once, and only below the root."""

import errno
import hashlib
import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from humasflow.core.errors import UserError
from humasflow.media.storage import InvalidKey, MediaStorage, StorageFull

DATA = b"isi foto" * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()
KEY = f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}.jpg"


@pytest.fixture
def storage(tmp_path: Path) -> MediaStorage:
    return MediaStorage(tmp_path / "media")


def files_below(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def test_the_key_is_the_hash_of_the_content(storage: MediaStorage) -> None:
    assert storage.put(DATA, ".jpg") == KEY
    assert storage.path(KEY).read_bytes() == DATA
    with storage.open(KEY) as file:
        assert file.read() == DATA
    assert storage.exists(KEY)


def test_the_same_content_is_stored_once(storage: MediaStorage) -> None:
    first = storage.put(DATA, ".jpg")
    before = storage.path(first).stat().st_mtime_ns
    assert storage.put(DATA, ".jpg") == first
    assert storage.path(first).stat().st_mtime_ns == before
    assert len(files_below(storage.root)) == 1


def test_a_file_cut_short_outside_the_product_heals_on_the_next_put(storage: MediaStorage) -> None:
    key = storage.put(DATA, ".jpg")
    storage.path(key).write_bytes(DATA[:10])
    storage.put(DATA, ".jpg")
    assert storage.path(key).read_bytes() == DATA


def test_files_are_private_to_the_service(storage: MediaStorage) -> None:
    key = storage.put(DATA, ".jpg")
    assert stat.S_IMODE(storage.path(key).stat().st_mode) & 0o077 == 0


def test_delete_says_whether_there_was_something(storage: MediaStorage) -> None:
    storage.put(DATA, ".jpg")
    assert storage.delete(KEY) is True
    assert storage.delete(KEY) is False
    assert not storage.exists(KEY)
    with pytest.raises(FileNotFoundError):
        storage.open(KEY)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../../etc/passwd",
        "/etc/passwd",
        f"{DIGEST[:2]}/{DIGEST[2:4]}/../{DIGEST}.jpg",
        f"aa/bb/{DIGEST}.jpg" if not DIGEST.startswith("aabb") else f"cc/dd/{DIGEST}.jpg",
        f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}",
        f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}.jpg/../x",
        f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}.jpg\n",
        f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}.JPG",
        f"{DIGEST[:2]}\\{DIGEST[2:4]}\\{DIGEST}.jpg",
        KEY.upper(),
        KEY + "\0",
        ".tmp/abc",
    ],
)
def test_anything_but_a_key_is_refused_by_every_method(storage: MediaStorage, key: str) -> None:
    for method in (storage.open, storage.path, storage.exists, storage.delete):
        with pytest.raises(InvalidKey):
            method(key)


@pytest.mark.parametrize("suffix", ["jpg", "", "./x", ".JPG", ".jpg/..", ".tar.gz", ".jpg\n"])
def test_a_strange_suffix_is_refused(storage: MediaStorage, suffix: str) -> None:
    with pytest.raises(ValueError, match="suffix"):
        storage.put(DATA, suffix)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("step", ["write", "fsync", "mkdir", "replace"])
def test_a_full_disk_leaves_no_trace_and_says_so(
    storage: MediaStorage, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    kept = storage.put(b"sudah ada", ".jpg")

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        match step:
            case "write":
                real = os.fdopen

                def narrow(handle: int, mode: str) -> object:
                    return _FullFile(real(handle, mode), full)

                patch.setattr(os, "fdopen", narrow)
            case "fsync":
                patch.setattr(os, "fsync", full)
            case "mkdir":
                patch.setattr(Path, "mkdir", full)
            case _:
                patch.setattr(Path, "replace", full)
        with pytest.raises(StorageFull) as caught:
            storage.put(DATA, ".jpg")

    assert isinstance(caught.value, UserError)
    assert caught.value.status == 507
    assert "penuh" in caught.value.message
    assert files_below(storage.root) == [storage.path(kept)]
    assert storage.put(DATA, ".jpg") == KEY


class _FullFile:
    """A file on a disk that has no room for its content."""

    def __init__(self, file: object, write: object) -> None:
        self._file = file
        self.write = write

    def __enter__(self) -> "_FullFile":
        return self

    def __exit__(self, *unused: object) -> None:
        self._file.close()  # type: ignore[attr-defined]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_a_really_full_device_is_recognised(storage: MediaStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fdopen

    def onto_full_device(handle: int, mode: str) -> object:
        with Path("/dev/full").open("wb") as device:
            os.dup2(device.fileno(), handle)
        return real(handle, mode)

    monkeypatch.setattr(os, "fdopen", onto_full_device)
    with pytest.raises(StorageFull):
        storage.put(DATA, ".jpg")
    assert files_below(storage.root) == []


def test_other_faults_pass_unchanged_and_leave_nothing(
    storage: MediaStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(handle: int) -> None:
        raise OSError(errno.EIO, "I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="I/O error") as caught:
            storage.put(DATA, ".jpg")
    assert not isinstance(caught.value, UserError)
    assert files_below(storage.root) == []


def test_the_directory_entry_is_flushed_after_the_rename(
    storage: MediaStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.put(b"membuat folder", ".jpg")
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def record_fsync(handle: int) -> None:
        steps.append("flush folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "flush file")
        fsync(handle)

    def record_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", record_fsync)
    monkeypatch.setattr(Path, "replace", record_replace)
    storage.put(DATA, ".jpg")
    assert steps[0] == "flush file"
    assert steps[-2:] == ["rename", "flush folder"]


def test_many_writers_of_the_same_content_make_one_file(storage: MediaStorage) -> None:
    keys: list[str] = []
    threads = [threading.Thread(target=lambda: keys.append(storage.put(DATA, ".jpg"))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert keys == [KEY] * 16
    assert files_below(storage.root) == [storage.path(KEY)]


def test_what_a_killed_writer_left_is_removed_once_it_is_old(storage: MediaStorage) -> None:
    key = storage.put(DATA, ".jpg")
    old, fresh = storage.root / ".tmp" / "old", storage.root / ".tmp" / "fresh"
    old.write_bytes(b"x")
    fresh.write_bytes(b"x")
    now = datetime.now(UTC)
    yesterday = (now - timedelta(days=1)).timestamp()
    os.utime(old, (yesterday, yesterday))
    assert storage.remove_abandoned(before=now - timedelta(hours=1)) == 1
    assert files_below(storage.root) == sorted([fresh, storage.path(key)])


def test_sweeping_an_empty_storage_is_harmless(tmp_path: Path) -> None:
    assert MediaStorage(tmp_path / "none").remove_abandoned(before=datetime.now(UTC)) == 0
