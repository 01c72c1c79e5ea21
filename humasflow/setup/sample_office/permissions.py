"""People in the pictures: a consent with its letter, one that ends soon, one withdrawn, and an unrecognisable child."""

from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from humasflow.accounts import queries as accounts
from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.core.permissions import Permission
from humasflow.media import services as media
from humasflow.media import usage
from humasflow.media.enums import ConsentKind
from humasflow.media.models import Asset, AssetFacts
from humasflow.media.services.consents import ConsentContent
from humasflow.setup.sample.art.canvas import Canvas
from humasflow.setup.sample.art.office import draw_office
from humasflow.setup.sample.art.palette import PALETTES
from humasflow.setup.sample_office.cast import PICTURE_SIZE, Cast

PLACES = ((-7.2575, 112.7521), (-7.2653, 112.7425), (-7.2459, 112.7378))
SKIN, HAIR, SHIRT = (196, 150, 116), (52, 40, 34), (226, 170, 60)


def write_permissions(cast: Cast) -> None:
    """On pictures that are in use, so that the library shows where. Comes last: one of them is blocked from new use."""
    editor = cast.principal(next(key for key, user in cast.users.items() if _is_editor(cast, user.id)))
    today = accounts.today_at(cast.office)
    pictures = _used(cast)
    letter = media.keep_file(
        draw_letter(today), "surat-izin-foto.pdf", office_id=cast.office.id, actor=editor
    )
    letter.alt_text, letter.credit = "Surat izin penggunaan foto", "Humas"
    agreed = (
        ConsentContent(
            "Ibu Ratna, pemilik usaha kerajinan", ConsentKind.WRITTEN, today - timedelta(days=20),
            today + timedelta(days=345), "Boleh di situs dan media sosial kantor.", letter.id,
        ),
        ConsentContent(
            "Bapak Haris, peserta lelang", ConsentKind.ORAL, today - timedelta(days=80), today + timedelta(days=12),
            "Disampaikan langsung kepada peliput.",
        ),
        ConsentContent("Penjual di latar belakang", ConsentKind.ORAL, today - timedelta(days=60), None),
    )  # fmt: skip
    consents = [
        media.record_consent(asset, content, actor=editor)
        for asset, content in zip(pictures, agreed, strict=True)
    ]
    media.withdraw_consent(
        consents[-1], actor=editor, note="Lewat telepon kepada humas; usahanya sudah tutup."
    )
    for asset, (latitude, longitude) in zip(pictures, PLACES, strict=True):
        db.session.add(_facts(cast, asset, latitude, longitude))
    child = media.keep_file(draw_child(), "kunjungan-sekolah.jpg", office_id=cast.office.id, actor=editor)
    child.credit, child.alt_text = "Humas", "Seorang anak di depan kantor; wajahnya disamarkan"
    media.record_consent(
        child,
        ConsentContent(
            "Anak berbaju kuning",
            ConsentKind.GUARDIAN,
            today - timedelta(days=3),
            None,
            "Oleh ibunya, di tempat.",
        ),
        actor=editor,
    )
    media.confirm_blurred(child, actor=editor, blurred=True)
    media.set_focus(child, actor=editor, x=420, y=520, row_version=None)
    db.session.flush()


def _is_editor(cast: Cast, user_id: int) -> bool:
    return user_id in {u.id for u in accounts.list_people_with(Permission.STORY_WRITE, cast.office)}


def _used(cast: Cast) -> list[Asset]:
    """Three pictures that something shows, those in the fewest places."""
    statement = select(Asset).where(Asset.office_id == cast.office.id, usage.is_used(Asset.id))
    found = db.session.scalars(statement.order_by(Asset.id)).all()
    places = usage.count_uses([asset.id for asset in found])
    return sorted(found, key=lambda asset: (places[asset.id], asset.id))[:3]


def _facts(cast: Cast, asset: Asset, latitude: float, longitude: float) -> AssetFacts:
    taken: datetime = to_local(asset.created_at, cast.office.zone_name) - timedelta(hours=2)
    return AssetFacts(
        asset_id=asset.id, office_id=asset.office_id, captured_at=taken, zone_assumed=True, latitude=latitude,
        longitude=longitude, camera="Ponsel contoh",
    )  # fmt: skip


def draw_child() -> bytes:
    """A child in front of the office; the face is a handful of large squares."""
    palette = PALETTES[0]
    canvas = Canvas(PICTURE_SIZE, palette.sky, palette.haze)
    draw_office(canvas, palette, Random(5))
    canvas.ellipse(670, 900, 120, 34, (60, 60, 60), 0.25)
    canvas.rect(600, 690, 140, 200, SHIRT, radius=46)
    canvas.rect(616, 850, 44, 60, HAIR, radius=12)
    canvas.rect(680, 850, 44, 60, HAIR, radius=12)
    canvas.ellipse(670, 610, 92, 98, HAIR)
    dice = Random(9)
    for row in range(4):
        for column in range(4):
            shade = dice.randint(-26, 26)
            colour = (SKIN[0] + shade, SKIN[1] + shade, SKIN[2] + shade)
            canvas.rect(598 + column * 36, 555 + row * 36, 36, 36, colour)
    return canvas.jpeg()


def draw_letter(today: date) -> bytes:
    """A one-page PDF, written by hand: a heading, five lines and a signature."""
    lines = [
        (20, 760, "SURAT IZIN PENGGUNAAN FOTO"), (11, 715, "Yang bertanda tangan di bawah ini mengizinkan kantor"),
        (11, 697, "memakai foto yang menampilkan dirinya untuk situs dan"),
        (11, 679, "media sosial resmi kantor, sampai izin ini dicabut."), (11, 640, f"Tanggal: {today:%d-%m-%Y}"),
        (11, 600, "Nama: Ratna (contoh)"), (11, 540, "Tanda tangan:"),
    ]  # fmt: skip
    text = "\n".join(f"BT /F1 {size} Tf 72 {y} Td ({words}) Tj ET" for size, y, words in lines)
    content = f"{text}\n1.4 w 160 536 m 190 566 200 520 220 548 c 240 566 250 530 280 552 c S"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            "/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, written in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{written}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
    return f"{body}{end}trailer << /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n".encode(
        "ascii"
    )
