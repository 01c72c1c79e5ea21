"""Pictures and impostors made by code: whatever a person, or somebody who means harm, may send as a photo."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import ExifTags, Image, ImageCms, ImageDraw

SCRIPT = b"<script>alert(document.cookie)</script>"
GPS_MARK = "Kantor Rahasia 7.25 LS"


def picture(width: int = 320, height: int = 240, mode: str = "RGB") -> Image.Image:
    """Four coloured quarters (red, green over blue, yellow) with a few lines: any turn of it is recognisable."""
    image = Image.new("RGB", (width, height), "red")
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 2, 0, width, height // 2), fill="lime")
    draw.rectangle((0, height // 2, width // 2, height), fill="blue")
    draw.rectangle((width // 2, height // 2, width, height), fill="yellow")
    for step in range(0, width, 16):
        draw.line((step, height // 3, step + 9, height * 2 // 3), fill="white")
    return image.convert(mode)


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 320, height: int = 240, **options: Any) -> bytes:
    return encode(picture(width, height), "JPEG", **({"quality": 85} | options))


def png(width: int = 320, height: int = 240, mode: str = "RGB", **options: Any) -> bytes:
    return encode(picture(width, height, mode), "PNG", **options)


def webp(width: int = 320, height: int = 240, mode: str = "RGB", **options: Any) -> bytes:
    return encode(picture(width, height, mode), "WEBP", **options)


def gif(width: int = 320, height: int = 240) -> bytes:
    return encode(picture(width, height), "GIF")


def animated_gif() -> bytes:
    """Three frames; only the first is green all over."""
    frames = [Image.new("RGB", (240, 240), colour) for colour in ("lime", "red", "blue")]
    return encode(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)


def animated_webp() -> bytes:
    frames = [Image.new("RGB", (240, 240), colour) for colour in ("lime", "red", "blue")]
    return encode(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=50)


def animated_png() -> bytes:
    frames = [Image.new("RGB", (240, 240), colour) for colour in ("lime", "red", "blue")]
    return encode(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=50)


def two_pictures_in_one() -> bytes:
    """A multi-picture JPEG, as phones write for portraits."""
    return encode(picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (320, 240), "black")])


def exif(orientation: int | None = None, *, gps: bool = False, text: str | None = None) -> Image.Exif:
    data = Image.Exif()
    if orientation is not None:
        data[ExifTags.Base.Orientation] = orientation
    if text is not None:
        data[ExifTags.Base.ImageDescription] = text
    if gps:
        data[ExifTags.Base.Make] = "PonselUji"
        where = data.get_ifd(ExifTags.IFD.GPSInfo)
        where[ExifTags.GPS.GPSLatitudeRef] = "S"
        where[ExifTags.GPS.GPSLatitude] = (7.0, 15.0, 1.0)
        where[ExifTags.GPS.GPSAreaInformation] = GPS_MARK
    return data


def turned(orientation: int) -> bytes:
    """A JPEG stored so that, seen as its tag says, it is :func:`picture`."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = picture()
    if orientation in undo:
        image = image.transpose(undo[orientation])
    return encode(image, "JPEG", quality=92, exif=exif(orientation))


def profiled() -> bytes:
    """Pure green in a profile whose red and green primaries are swapped, so that it must come out red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(profile[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(profile[131])}
    for field in (b"rXYZ", b"gXYZ"):
        assert field in tags
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = profile[green : green + 4], profile[red : red + 4]
    return encode(Image.new("RGB", (240, 240), "lime"), "PNG", icc_profile=bytes(profile))


def sixteen_bit_png() -> bytes:
    """A grey ramp from black to white in 16 bits."""
    ramp = struct.pack("<256H", *(value * 257 for value in range(256)))
    return encode(Image.frombytes("I;16", (256, 256), ramp * 256), "PNG")


def palette_png_with_transparency() -> bytes:
    """Left half blue, right half transparent."""
    image = Image.new("P", (240, 240), 0)
    image.putpalette([0, 0, 255, 255, 0, 0])
    image.paste(1, (120, 0, 240, 240))
    return encode(image, "PNG", transparency=1)


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def scripts() -> dict[str, bytes]:
    """Valid pictures that carry a script wherever a format has room for one."""
    plain = jpeg()
    note = Image.Exif()
    note[ExifTags.Base.ImageDescription] = SCRIPT.decode()
    text_chunk = b"tEXtComment\0" + SCRIPT
    text = struct.pack(">I", len(text_chunk) - 4) + text_chunk + struct.pack(">I", zlib.crc32(text_chunk))
    drawn = png()
    return {
        "jpeg-comment": plain[:2] + _segment(0xFE, SCRIPT) + plain[2:],
        "jpeg-app13": plain[:2] + _segment(0xED, b"Photoshop 3.0\0" + SCRIPT) + plain[2:],
        "jpeg-xmp": jpeg(xmp=SCRIPT),
        "jpeg-exif": jpeg(exif=note),
        "jpeg-after-end": plain + SCRIPT * 20,
        "png-text": drawn[:33] + text + drawn[33:],
        "png-after-end": drawn + SCRIPT,
        "webp-xmp": webp(xmp=SCRIPT),
        "gif-comment": encode(picture(), "GIF", comment=SCRIPT),
        "gif-javascript": gif_javascript(),
    }


def gif_javascript() -> bytes:
    """A picture that is also a program: read as JavaScript, its header assigns to a variable named GIF89a."""
    plain = gif()
    # Width 0x2A2F is the text "/*", which opens a comment over the binary part; the frame inside is small.
    return b"GIF89a" + b"\x2f\x2a\xf0\x00" + plain[10:] + b"*/=1;" + SCRIPT


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A few kilobytes that unpack to gigabytes."""
    rows = zlib.compressobj(9)
    body = b"".join(rows.compress(bytes(1 << 20)) for _unused in range(8)) + rows.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", body)
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def lying_png() -> bytes:
    """A header within every limit, and pixels for a thousandth of it."""
    return png_bomb(7000, 7000)


def text_bomb_png() -> bytes:
    """A compressed note of 100 MB in a small, otherwise valid picture."""
    note = zlib.compress(bytes(100 << 20), 9)
    drawn = png()
    return drawn[:33] + _chunk(b"zTXt", b"Comment\0\0" + note) + drawn[33:]


def webp_bomb() -> bytes:
    """An extended WebP header that claims the largest canvas the format knows."""
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + b"\xff\x3f\0" * 2
    body += webp()[12:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def gif_bomb() -> bytes:
    """A screen of 65,535 × 65,535."""
    plain = gif()
    return plain[:6] + b"\xff\xff\xff\xff" + plain[10:]


def oversized(size: int = 30 * 1024 * 1024) -> bytes:
    return jpeg() + bytes(size)


def impostors() -> dict[str, tuple[bytes, str]]:
    """Name to bytes that are no allowed picture, and the code of the refusal."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("foto.jpg", jpeg())
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<w:document/>")
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    page = "<!DOCTYPE html><html><body>" + SCRIPT.decode() + "</body></html>"
    return {
        "empty.jpg": (b"", "empty"),
        "one-byte.jpg": (b"\xff", "not_an_image"),
        "IMG_0001.HEIC": (_ftyp(b"heic", b"mif1", b"heic"), "heic"),
        "IMG_0002.jpg": (_ftyp(b"mif1", b"mif1", b"heic", b"MiHE"), "heic"),
        "live.heif": (_ftyp(b"msf1", b"hevc"), "heic"),
        "new.avif": (_ftyp(b"avif", b"avif", b"mif1", b"miaf"), "other_image"),
        "clip.mp4": (_ftyp(b"isom", b"isom", b"mp41"), "video"),
        "clip.mov": (_ftyp(b"qt  ", b"qt  "), "video"),
        "voice.mp3": (b"ID3\x04" + bytes(60), "video"),
        "clip.webm": (
            b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm",
            "video",
        ),
        "logo.svg": (svg.encode(), "svg"),
        "logo.png": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- logo -->\n' + svg.encode(), "svg"),
        "utf16.svg": (svg.encode("utf-16"), "svg"),
        "page.jpg": (page.encode(), "web_page"),
        "page16.jpg": (page.encode("utf-16"), "web_page"),
        "inline.jpg": (b"  \n<html><svg></svg></html>", "web_page"),
        "letter.pdf": (b"%PDF-1.7\n1 0 obj\n", "pdf"),
        "letter.jpg": (b"\n\n\n%PDF-1.4\n", "pdf"),
        "photos.zip": (archive.getvalue(), "archive"),
        "photos.rar": (b"Rar!\x1a\x07\x00" + bytes(60), "archive"),
        "story.docx": (document.getvalue(), "document"),
        "story.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "document"),
        "scan.tif": (encode(picture(), "TIFF"), "other_image"),
        "scan.bmp": (encode(picture(), "BMP"), "other_image"),
        "script.jpg": (b"#!/bin/sh\nrm -rf /\n", "not_an_image"),
        "program.jpg": (b"\x7fELF\x02\x01\x01" + bytes(60), "not_an_image"),
        "xml.jpg": (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            "not_an_image",
        ),
        "text.jpg": (b"Bukan gambar.", "not_an_image"),
    }


def _ftyp(*brands: bytes) -> bytes:
    body = b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:])
    return struct.pack(">I", len(body) + 4) + body + bytes(64)


def sound() -> dict[str, bytes]:
    """Small valid pictures of every allowed kind: the seeds for :func:`mutants`."""
    return {
        "jpeg": jpeg(240, 208, exif=exif(6, gps=True)),
        "jpeg-progressive": jpeg(240, 208, progressive=True),
        "jpeg-cmyk": encode(picture(240, 208, "CMYK"), "JPEG"),
        "png": png(240, 208, "RGBA"),
        "png-palette": palette_png_with_transparency(),
        "png-profile": profiled(),
        "webp": webp(240, 208),
        "webp-lossless": webp(240, 208, "RGBA", lossless=True),
        "gif": animated_gif(),
        "mpo": two_pictures_in_one(),
    }


def mutants(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """``count`` damaged pictures: bits flipped, pieces cut, zeroed or repeated, the end missing. Same seed, same."""
    dice = random.Random(seed)
    seeds = sorted(sound().items())
    for number in range(count):
        name, whole = seeds[number % len(seeds)]
        data = bytearray(whole)
        # Most damage goes to the first kilobyte, where the structure is.
        reach = len(data) if dice.random() < 0.4 else min(len(data), 1024)
        way = dice.choice(("flip", "flip", "flip", "cut", "truncate", "zero", "repeat", "length"))
        at = dice.randrange(reach)
        if way == "flip":
            for _unused in range(dice.choice((1, 2, 8, 64))):
                data[dice.randrange(reach)] ^= 1 << dice.randrange(8)
        elif way == "cut":
            del data[at : at + dice.randrange(1, 64)]
        elif way == "truncate":
            del data[at:]
        elif way == "zero":
            data[at : at + 32] = bytes(len(data[at : at + 32]))
        elif way == "repeat":
            data[at:at] = data[at : at + dice.randrange(1, 256)]
        else:
            data[at : at + 4] = dice.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0"))
        yield f"{name}-{way}-{number}", bytes(data)
