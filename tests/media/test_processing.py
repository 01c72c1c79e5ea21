"""What comes out of the pipeline: right way up, right colours, three sizes, and nothing but pixels."""

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from humasflow.media.processing import (
    ImageLimits,
    Incoming,
    MediaRejected,
    ProcessedImage,
    Rendition,
    process_image,
    process_many,
)
from tests.media import files


def opened(rendition: Rendition) -> Image.Image:
    image = Image.open(io.BytesIO(rendition.data))
    image.load()
    return image


def near(pixel: object, wanted: tuple[int, ...], tolerance: int = 24) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(have - want) <= tolerance for have, want in zip(pixel, wanted, strict=True))


def renditions(result: ProcessedImage) -> tuple[Rendition, Rendition, Rendition]:
    return result.original, result.medium, result.thumb


def process_all(sources: dict[str, bytes]) -> dict[str, ProcessedImage]:
    """Every source accepted, in one decoding process; a refusal fails the test with its reason."""
    results = process_many([Incoming(data, name) for name, data in sources.items()])
    accepted: dict[str, ProcessedImage] = {}
    for name, result in zip(sources, results, strict=True):
        assert isinstance(result, ProcessedImage), (name, result)
        accepted[name] = result
    return accepted


def test_three_renditions_of_a_large_photo() -> None:
    source = files.jpeg(4000, 3000)
    result = process_image(source, "IMG_1234.JPG", limits=ImageLimits())
    assert (result.width, result.height) == (2560, 1920)
    assert result.source_format == "jpeg"
    assert result.source_bytes == len(source)
    assert result.source_sha256 == hashlib.sha256(source).hexdigest()
    assert result.sha256 == hashlib.sha256(result.original.data).hexdigest()
    shapes = [(opened(r).format, opened(r).size, r.suffix, r.mime_type) for r in renditions(result)]
    assert shapes == [
        ("JPEG", (2560, 1920), ".jpg", "image/jpeg"),
        ("WEBP", (1280, 960), ".webp", "image/webp"),
        ("WEBP", (480, 360), ".webp", "image/webp"),
    ]
    assert [(r.width, r.height) for r in renditions(result)] == [shape[1] for shape in shapes]


def test_a_small_photo_is_never_enlarged() -> None:
    result = process_image(files.jpeg(320, 240), "kecil.jpg")
    assert {(r.width, r.height) for r in renditions(result)} == {(320, 240)}


def test_a_very_long_screenshot_keeps_at_least_one_pixel() -> None:
    result = process_image(files.png(200, 30_000), "tangkapan-layar.png")
    assert (result.width, result.height) == (17, 2560)
    assert (result.thumb.width, result.thumb.height) == (3, 480)


def test_evidence_may_keep_more_of_a_long_page() -> None:
    result = process_image(files.png(400, 9_000), "halaman.png", limits=ImageLimits(original_side=8_000))
    assert (result.width, result.height) == (356, 8_000)


@pytest.mark.parametrize("as_type", ["bytes", "path", "stream"])
def test_content_may_come_as_bytes_path_or_stream(tmp_path: Path, as_type: str) -> None:
    source = files.png()
    path = tmp_path / "foto"
    path.write_bytes(source)
    match as_type:
        case "bytes":
            result = process_image(source, "foto")
        case "path":
            result = process_image(path, "foto")
        case _:
            with path.open("rb") as stream:
                result = process_image(stream, "foto")
    assert result.source_sha256 == hashlib.sha256(source).hexdigest()
    assert path.read_bytes() == source


def test_the_same_input_gives_the_same_bytes() -> None:
    source = files.jpeg(3000, 1800, exif=files.exif(6))
    first, second = process_image(source, "a.jpg"), process_image(source, "b.jpg")
    assert [r.data for r in renditions(first)] == [r.data for r in renditions(second)]
    assert first.dominant_colour == second.dominant_colour


def test_the_content_decides_not_the_name() -> None:
    sources = {
        "png.jpg": files.png(),
        "jpeg.png": files.jpeg(),
        "webp.html": files.webp(),
        "gif.exe": files.gif(),
        "../../etc/passwd": files.jpeg(),
        "": files.jpeg(),
    }
    formats = [result.source_format for result in process_all(sources).values()]
    assert formats == ["png", "jpeg", "webp", "gif", "jpeg", "jpeg"]


def test_every_orientation_comes_out_upright() -> None:
    results = process_all({str(turn): files.turned(turn) for turn in range(1, 9)})
    for turn, result in results.items():
        assert (result.width, result.height) == (320, 240), turn
        for rendition in renditions(result):
            image = opened(rendition)
            assert image.getexif() == {}, turn
            corners = [image.getpixel(at) for at in ((20, 20), (300, 20), (20, 220), (300, 220))]
            wanted = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)]
            assert all(near(have, want) for have, want in zip(corners, wanted, strict=True)), (turn, corners)


def test_a_nonsense_orientation_is_ignored() -> None:
    sources = {str(value): files.jpeg(exif=files.exif(value)) for value in (0, 9, 60_000)}
    assert {(r.width, r.height) for r in process_all(sources).values()} == {(320, 240)}


def test_position_and_camera_do_not_survive() -> None:
    note = files.exif(1, gps=True)
    sources = {
        "a.jpg": files.jpeg(exif=note, comment=files.GPS_MARK.encode()),
        "b.webp": files.webp(exif=note),
        "c.png": files.png(exif=note),
    }
    for name, source in sources.items():
        assert files.GPS_MARK.encode() in source, name
    for name, result in process_all(sources).items():
        for rendition in renditions(result):
            image = opened(rendition)
            assert image.getexif() == {}, name
            assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(image.info), name
            for trace in (files.GPS_MARK.encode(), b"PonselUji", b"Exif", b"ICC_PROFILE", b"EXIF", b"XMP "):
                assert trace not in rendition.data, (name, trace)


def test_no_script_survives_wherever_it_was_hidden() -> None:
    sources = files.scripts()
    for name, source in sources.items():
        assert b"<script" in source, name
    for name, result in process_all(sources).items():
        for rendition in renditions(result):
            assert b"<script" not in rendition.data, name
            assert b"alert(" not in rendition.data, name
        assert result.original.data.startswith(b"\xff\xd8\xff"), name
        assert result.original.data.endswith(b"\xff\xd9"), name


def test_only_the_first_frame_counts() -> None:
    sources = {"a.gif": files.animated_gif(), "b.webp": files.animated_webp(), "c.png": files.animated_png()}
    for name, result in process_all(sources).items():
        for rendition in renditions(result):
            image = opened(rendition)
            assert getattr(image, "n_frames", 1) == 1, name
            assert near(image.getpixel((120, 120)), (0, 255, 0)), name


def test_a_portrait_with_two_pictures_gives_the_first() -> None:
    result = process_image(files.two_pictures_in_one(), "potret.jpg")
    assert near(opened(result.original).getpixel((20, 20)), (255, 0, 0))


def test_colour_models_become_rgb() -> None:
    cmyk = files.encode(files.picture().convert("CMYK"), "JPEG", quality=92)
    grey = files.encode(files.picture().convert("L"), "JPEG", quality=92)
    black_white = files.encode(files.picture().convert("1"), "PNG")
    results = process_all({"cmyk.jpg": cmyk, "grey.jpg": grey, "bw.png": black_white})
    for name, result in results.items():
        assert {opened(r).mode for r in renditions(result)} == {"RGB"}, name
    assert near(opened(results["cmyk.jpg"].original).getpixel((20, 20)), (255, 0, 0))
    red_as_grey = 76  # 0.299 × 255, ITU-R 601
    assert near(opened(results["grey.jpg"].original).getpixel((20, 20)), (red_as_grey,) * 3)


def test_sixteen_bits_are_scaled_not_cut() -> None:
    image = opened(process_image(files.sixteen_bit_png(), "ct.png").original)
    for level in (4, 64, 128, 192, 251):
        assert near(image.getpixel((level, 128)), (level, level, level), 6)


def test_transparency_becomes_white() -> None:
    clear = Image.new("RGBA", (240, 240), (255, 0, 0, 0))
    half = Image.new("RGBA", (240, 240), (0, 0, 0, 128))
    grey = Image.new("LA", (240, 240), (0, 0))
    results = process_all(
        {
            "palette.png": files.palette_png_with_transparency(),
            "clear.png": files.encode(clear, "PNG"),
            "clear.webp": files.encode(clear, "WEBP", lossless=True),
            "half.png": files.encode(half, "PNG"),
            "grey.png": files.encode(grey, "PNG"),
            "key.png": files.encode(Image.new("RGB", (240, 240), (9, 9, 9)), "PNG", transparency=(9, 9, 9)),
        }
    )
    palette = opened(results["palette.png"].original)
    assert near(palette.getpixel((40, 120)), (0, 0, 255))
    assert near(palette.getpixel((200, 120)), (255, 255, 255))
    for name in ("clear.png", "clear.webp", "grey.png", "key.png"):
        assert near(opened(results[name].original).getpixel((120, 120)), (255, 255, 255), 3), name
    assert near(opened(results["half.png"].original).getpixel((120, 120)), (127, 127, 127), 4)


def test_large_transparent_pictures_are_flattened_without_seams() -> None:
    drawn = files.picture(5300, 4100, "RGBA")
    drawn.putalpha(255)
    result = process_image(files.encode(drawn, "PNG", compress_level=1), "besar.png")
    expected = drawn.convert("RGB").resize((result.width, result.height), Image.Resampling.LANCZOS)
    image = opened(result.original)
    # Along a line through every band, in the flat part of the picture.
    for y in (*range(10, 600, 7), *range(1500, 1960, 7)):
        have, want = image.getpixel((600, y)), expected.getpixel((600, y))
        assert isinstance(want, tuple)
        assert near(have, want), y


def test_colours_are_converted_as_the_profile_says() -> None:
    result = process_image(files.profiled(), "profil.png")
    assert near(opened(result.original).getpixel((120, 120)), (255, 0, 0))


def test_a_broken_or_foreign_profile_is_left_out() -> None:
    sources = {
        "broken.png": files.png(icc_profile=b"not a profile at all"),
        "grey.jpg": files.encode(files.picture().convert("L"), "JPEG", icc_profile=_srgb()),
    }
    assert near(opened(process_all(sources)["broken.png"].original).getpixel((20, 20)), (255, 0, 0))


def _srgb() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def test_the_dominant_colour_is_that_of_the_larger_part() -> None:
    image = Image.new("RGB", (300, 300), "#204080")
    image.paste((255, 255, 255), (0, 0, 300, 90))
    colour = process_image(files.encode(image, "PNG"), "langit.png").dominant_colour
    assert len(colour) == 7
    assert near(tuple(bytes.fromhex(colour[1:])), (0x20, 0x40, 0x80), 6)


def test_several_files_keep_their_order_and_their_own_outcome() -> None:
    results = process_many(
        [
            Incoming(files.jpeg(), "satu.jpg"),
            Incoming(b"", "dua.jpg"),
            Incoming(files.webp(), "tiga.webp"),
            Incoming(files.jpeg()[:900], "empat.jpg"),
            Incoming(files.gif(), "lima.gif"),
        ]
    )
    assert [type(result) for result in results] == [
        ProcessedImage,
        MediaRejected,
        ProcessedImage,
        MediaRejected,
        ProcessedImage,
    ]
    assert [result.filename for result in results] == [
        "satu.jpg",
        "dua.jpg",
        "tiga.webp",
        "empat.jpg",
        "lima.gif",
    ]


def test_no_files_need_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", never)
    assert process_many([]) == []
    (result,) = process_many([Incoming(b"", "kosong.jpg")])
    assert isinstance(result, MediaRejected)


def test_the_web_process_never_loads_the_decoder() -> None:
    code = "import sys, humasflow.media.processing; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
