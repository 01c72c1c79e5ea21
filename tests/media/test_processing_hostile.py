"""What must not get in, and what must not get hurt while finding out."""

import errno
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from humasflow.core.errors import UserError
from humasflow.media.processing import (
    ImageLimits,
    Incoming,
    MediaRejected,
    ProcessedImage,
    RejectionCode,
    process_image,
    process_many,
    sandbox,
)
from humasflow.media.storage import MediaStorage, StorageFull
from tests.media import files

IMPOSTORS = files.impostors()
LINUX = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")


@pytest.fixture(autouse=True)
def work_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Temporary files go here, and none may be left after any test."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def rejection(data: bytes, filename: str = "foto.jpg", limits: ImageLimits | None = None) -> MediaRejected:
    with pytest.raises(MediaRejected) as caught:
        process_image(data, filename, limits=limits)
    return caught.value


@pytest.mark.parametrize("name", IMPOSTORS)
def test_what_is_no_allowed_picture_is_named_for_what_it_is(name: str) -> None:
    data, code = IMPOSTORS[name]
    refused = rejection(data, name)
    assert refused.code == code
    assert refused.filename == name


def test_every_code_has_its_own_sentence_outside_a_request() -> None:
    facts = {"max": 20, "width": 100, "height": 80, "min": 200}
    sentences = {MediaRejected(code, facts=facts).message for code in RejectionCode}
    assert len(sentences) == len(RejectionCode)
    assert len({str(code.label) for code in RejectionCode}) == len(RejectionCode)
    for sentence in sentences:
        assert not re.search(r"%\(|%s", sentence)
        assert sentence.endswith(".")


def test_the_sentence_is_the_same_inside_a_request_and_tells_iphone_owners_what_to_do() -> None:
    outside = rejection(IMPOSTORS["IMG_0001.HEIC"][0])
    assert isinstance(outside, UserError)
    assert "HEIC" in outside.message
    assert "JPEG" in outside.message
    app = Flask(__name__)
    Babel(app, default_locale="id")
    with app.test_request_context():
        assert rejection(IMPOSTORS["IMG_0001.HEIC"][0]).message == outside.message


def test_a_file_over_the_limit_is_refused_before_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object) -> dict[str, object]:
        assert args[0] == [], "a file over the limit reached the decoder"
        return {}

    monkeypatch.setattr(sandbox, "run", never)
    refused = rejection(files.oversized())
    assert refused.code is RejectionCode.TOO_LARGE
    assert "20 MB" in refused.message


def test_the_size_limit_is_exact() -> None:
    data = files.jpeg()
    assert process_image(data, "pas.jpg", limits=ImageLimits(max_bytes=len(data))).source_bytes == len(data)
    assert rejection(data, limits=ImageLimits(max_bytes=len(data) - 1)).code is RejectionCode.TOO_LARGE


def test_a_picture_below_the_least_side_is_refused_with_its_size() -> None:
    refused = rejection(files.jpeg(640, 199))
    assert refused.code is RejectionCode.TOO_SMALL
    assert "640 × 199" in refused.message
    assert process_image(files.jpeg(640, 200), "pas.jpg").height == 200


@pytest.mark.parametrize("bomb", [files.png_bomb, files.webp_bomb, files.gif_bomb])
def test_bombs_are_refused_by_their_header(bomb: object) -> None:
    assert callable(bomb)
    data = bomb()
    assert len(data) < 100_000
    started = time.monotonic()
    refused = rejection(data)
    assert refused.code is RejectionCode.TOO_MANY_PIXELS
    assert "megapiksel" in refused.message
    assert time.monotonic() - started < 5


def test_a_header_that_promises_more_than_comes_is_damage() -> None:
    assert rejection(files.lying_png()).code is RejectionCode.DAMAGED


def test_a_bomb_in_a_note_does_not_harm() -> None:
    (result,) = process_many([Incoming(files.text_bomb_png(), "catatan.png")])
    assert isinstance(result, ProcessedImage) or result.code is RejectionCode.DAMAGED


@pytest.mark.parametrize("kind", ["jpeg", "jpeg-progressive", "png", "webp", "gif"])
def test_a_truncated_picture_is_damaged(kind: str) -> None:
    whole = files.sound()[kind]
    parts = [Incoming(whole[: len(whole) * part // 10], f"{part}") for part in range(1, 9)]
    refused = process_many(parts)
    if kind == "gif":  # the first frame may be complete although later ones are missing
        refused = refused[:2]
    for item in refused:
        assert isinstance(item, MediaRejected)
        assert item.code is RejectionCode.DAMAGED
        assert item.detail


@LINUX
@pytest.mark.parametrize(
    "shape", ["jpeg-50-megapixels", "png-transparent-50-megapixels", "webp-16-megapixels"]
)
def test_the_largest_accepted_pictures_stay_below_300_mb(
    shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {
        "jpeg-50-megapixels": lambda: files.jpeg(8660, 5770, progressive=True),
        "png-transparent-50-megapixels": lambda: files.png(8660, 5770, "RGBA", compress_level=1),
        "webp-16-megapixels": lambda: files.webp(4608, 3456, "RGBA", lossless=True, method=0, quality=0),
    }[shape]()
    report = tmp_path / "status"
    program = tmp_path / "measured.py"
    exit_hook = (
        f"import atexit, shutil; atexit.register(shutil.copyfile, '/proc/self/status', {str(report)!r})\n"
    )
    source = sandbox._PROGRAM.read_text(encoding="utf-8")
    program.write_text(source.replace("def main() -> None:\n", f"def main() -> None:\n    {exit_hook}", 1))
    monkeypatch.setattr(sandbox, "_PROGRAM", program)
    result = process_image(data, shape)
    assert max(result.width, result.height) == 2560
    peak = re.search(r"VmHWM:\s+(\d+) kB", report.read_text())
    assert peak is not None
    assert int(peak[1]) * 1024 < 300_000_000


def test_webp_beyond_its_memory_is_refused_with_the_largest_that_fits() -> None:
    refused = rejection(files.webp(6000, 4000, method=0))
    assert refused.code is RejectionCode.TOO_MANY_PIXELS
    assert refused.facts == {"max": 16}


def crashing_program(folder: Path, body: str) -> Path:
    """The real decoder, except that it does ``body`` for pictures of exactly 333 pixels in width."""
    source = sandbox._PROGRAM.read_text(encoding="utf-8")
    marked = source.replace(
        "    base = reduced(image, budget.original_side)\n",
        f"    if image.size[0] == 333:\n        {body}\n    base = reduced(image, budget.original_side)\n",
    )
    assert marked != source
    program = folder / "decode.py"
    program.write_text(marked)
    return program


@LINUX
@pytest.mark.parametrize(
    "body",
    [
        "import os; os.kill(os.getpid(), signal.SIGSEGV)",
        "import os; os._exit(0)",
        "import time; time.sleep(60)",
        "bytearray(400 << 20)",
        "while True: pass",
    ],
    ids=["crash", "vanish", "hang", "memory", "processor"],
)
def test_a_picture_that_ends_the_process_costs_nobody_else_theirs(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_PROGRAM", crashing_program(tmp_path, body))
    limits = ImageLimits(wall_seconds=1, cpu_seconds=1)
    widths = (300, 333, 310, 333, 320)
    results = process_many([Incoming(files.jpeg(width, 240), f"{width}") for width in widths], limits=limits)
    for width, result in zip(widths, results, strict=True):
        if width == 333:
            assert isinstance(result, MediaRejected)
            assert result.code is RejectionCode.TOO_COMPLEX
        else:
            assert isinstance(result, ProcessedImage)
            assert result.width == width


@LINUX
def test_one_accident_is_retried_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = tmp_path / "once"
    body = f"p = Path({str(marker)!r}); first = not p.exists(); p.touch(); first and sys.exit(9)"
    monkeypatch.setattr(sandbox, "_PROGRAM", crashing_program(tmp_path, body))
    results = process_many([Incoming(files.jpeg(width, 240), "a") for width in (333, 300)])
    assert [type(result) for result in results] == [ProcessedImage, ProcessedImage]


def test_a_fault_of_ours_is_logged_with_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sandbox, "_PROGRAM", crashing_program(tmp_path, "raise LookupError('ours')"))
    assert rejection(files.jpeg(333, 240)).code is RejectionCode.FAILED
    (record,) = [entry for entry in caplog.records if entry.levelname == "ERROR"]
    assert "LookupError: ours" in record.getMessage()
    assert "Traceback" in record.getMessage()


def test_a_decoder_that_cannot_start_is_not_blamed_on_the_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "decode.py"
    program.write_text("import not_installed_anywhere\n")
    monkeypatch.setattr(sandbox, "_PROGRAM", program)
    with pytest.raises(sandbox.SandboxBroken, match="not_installed_anywhere"):
        process_image(files.jpeg(), "foto.jpg")


def test_the_decoder_sees_no_secret_of_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary-in-environment")
    seen = tmp_path / "seen"
    body = f"import os; Path({str(seen)!r}).write_text(repr(dict(os.environ)) + repr(list(sys.modules)))"
    monkeypatch.setattr(sandbox, "_PROGRAM", crashing_program(tmp_path, body))
    process_image(files.jpeg(333, 240), "foto.jpg")
    text = seen.read_text()
    assert "canary" not in text
    for module in ("flask", "sqlalchemy", "humasflow", "socket"):
        assert f"'{module}'" not in text


@pytest.mark.parametrize("where", ["receiving", "decoding"])
def test_a_full_disk_is_said_as_such(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if where == "decoding":
        body = "raise OSError(errno.ENOSPC, 'No space left on device')"
        monkeypatch.setattr(sandbox, "_PROGRAM", crashing_program(tmp_path, body))
    else:
        real = Path.open

        def full(self: Path, mode: str = "r", *args: object) -> object:
            if self.suffix == ".upload":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(self, mode, *args)  # type: ignore[call-overload]

        monkeypatch.setattr(Path, "open", full)
    with pytest.raises(StorageFull):
        process_image(files.jpeg(333, 240), "foto.jpg")


def judge(count: int, seed: int, storage: MediaStorage) -> dict[str, int]:
    """Process and store mutants in batches, as the upload form does; how many were taken and refused."""
    verdicts = {"taken": 0, "refused": 0}
    batch: list[Incoming] = []

    def flush() -> None:
        for item, result in zip(batch, process_many(batch), strict=True):
            if isinstance(result, MediaRejected):
                verdicts["refused"] += 1
                assert result.code is not RejectionCode.FAILED, (item.filename, result.detail)
                continue
            verdicts["taken"] += 1
            for rendition in (result.original, result.medium, result.thumb):
                storage.put(rendition.data, rendition.suffix)
                assert files.GPS_MARK.encode() not in rendition.data, item.filename
        batch.clear()

    for name, data in files.mutants(count, seed):
        batch.append(Incoming(data, name))
        if len(batch) == 50:
            flush()
    flush()
    return verdicts


def check_mutants(count: int, seed: int, root: Path) -> None:
    verdicts = judge(count, seed, MediaStorage(root))
    assert sum(verdicts.values()) == count
    assert min(verdicts.values()) > count / 10, verdicts  # the damage is neither harmless nor total
    assert list((root / ".tmp").iterdir()) == []


def test_200_mutants_are_taken_or_refused_and_nothing_else(tmp_path: Path) -> None:
    check_mutants(200, 2020, tmp_path / "media")


@pytest.mark.deep
def test_3000_mutants_are_taken_or_refused_and_nothing_else(tmp_path: Path) -> None:
    check_mutants(3000, 2021, tmp_path / "media")
