"""What a new office begins with."""

from typing import Final

from humasflow.guidelines.enums import ItemLevel, Ticker
from humasflow.guidelines.services.checklists import ItemContent, create_item
from humasflow.planning import queries as planning

_MUST, _SHOULD = ItemLevel.REQUIRED, ItemLevel.RECOMMENDED

# Code of a content type ("" for all) → what is asked. Required is only what could do harm when it is forgotten.
STARTING_ITEMS: Final[dict[str, tuple[ItemContent, ...]]] = {
    "": (
        ItemContent("Nama, jabatan, dan gelar sudah dicocokkan", level=_SHOULD, asked_again=True),
        ItemContent("Angka dan tanggal sudah dicocokkan dengan sumbernya", level=_SHOULD, asked_again=True),
        ItemContent("Orang dalam foto setuju fotonya dipakai", level=_SHOULD),
    ),
    "siaran_pers": (
        ItemContent("Kontak humas yang dapat dihubungi media sudah dicantumkan", level=_MUST),
        ItemContent(
            "Narasumber sudah membaca dan menyetujui kutipannya", level=_MUST, asked_again=True,
            help="Kutipan yang diubah sesudah disetujui ditanyakan lagi.",
        ),
        ItemContent(
            "Isi sejalan dengan arahan pimpinan", level=_SHOULD, ticker=Ticker.APPROVER, asked_again=True
        ),
    ),
    "klarifikasi_hoaks": (
        ItemContent(
            "Sumber fakta resmi sudah diperiksa oleh unit yang berwenang", level=_MUST, asked_again=True
        ),
        ItemContent("Tangkapan layar klaim diberi tanda hoaks dan tidak menautkan ke sumbernya", level=_SHOULD),
    ),
    "pengumuman": (
        ItemContent("Tanggal berlaku dan tempat bertanya sudah tertulis", level=_SHOULD, asked_again=True),
    ),
    "infografis": (
        ItemContent("Semua teks dalam gambar juga tertulis pada teks alternatif atau keterangan", level=_SHOULD),
    ),
}  # fmt: skip


def seed_guidelines(office_id: int) -> None:
    """Give a new office its first checklists; its content types exist already. The rules have their defaults."""
    types = {t.code: t.id for t in planning.list_content_types(office_id, with_inactive=True)}
    for code, items in STARTING_ITEMS.items():
        if code and code not in types:
            continue
        for content in items:
            create_item(office_id, actor=None, content=content, content_type_id=types[code] if code else None)
