"""What the genres add to the sample office's texts: claims and their facts, contacts, credits, pictures and tables
within the text. Everything follows from the planned story, so the same seed gives the same office.
"""

from dataclasses import replace

from humasflow.core.html import clean_html
from humasflow.setup.sample.model import SampleStory
from humasflow.stories.services import StoryContent

# By a word of the title: what was claimed, where it went round, what proves the opposite.
_CLAIMS = (
    ("Mobil Murah", "“Mobil lelang kantor negara, harga pasti Rp35 juta, transfer tanda jadi hari ini.”",
     "Pesan berantai WhatsApp", "Pengumuman lelang di laman resmi dan daftar lelang bulan berjalan"),
    ("Penagihan Palsu", "“Saudara wajib melunasi kepada petugas kami dalam 24 jam.”",
     "Surat cetak yang diantar ke rumah warga", "Register piutang pada pusat layanan kantor"),
    ("Pungutan", "“Ambil kutipan risalah lelang harus bayar lagi di loket.”",
     "Unggahan Facebook dan grup warga", "Rincian bea lelang pada peraturan tarif yang berlaku"),
    ("Akun", "“Kami bantu menang lelang, cukup bayar jasa di depan.”",
     "Akun Instagram dan Telegram tiruan", "Daftar akun resmi pada laman kantor"),
)  # fmt: skip
_CONTACT = "Pusat Layanan kantor\nSenin–Jumat pukul 08.00–16.00 waktu setempat"
_HOURS = (
    "<table><tbody><tr><th><p>Hari</p></th><th><p>Jam layanan</p></th></tr>"
    "<tr><td><p>Senin–Kamis</p></td><td><p>08.00–16.00</p></td></tr>"
    "<tr><td><p>Jumat</p></td><td><p>08.00–11.30 dan 13.30–16.00</p></td></tr></tbody></table>"
)


def with_genre(content: StoryContent, wanted: SampleStory, editor_name: str) -> StoryContent:
    """The content of a planned story with what its genre asks for."""
    content = replace(content, editor_credit=editor_name if editor_name != content.writer_credit else "")
    if wanted.content_code == "klarifikasi_hoaks":
        found = next((c for c in _CLAIMS if c[0] in wanted.title), _CLAIMS[0])
        return replace(content, kicker="HOAKS", claim=found[1], claim_source=found[2], fact_source=found[3])
    if wanted.content_code == "pengumuman":
        return replace(content, contact=_CONTACT, body_html=clean_html(content.body_html + _HOURS))
    if len(content.pictures) > 1:
        first, end, rest = content.body_html.partition("</p>")
        figure = f'<figure data-asset="{content.pictures[1].asset_id}"></figure>'
        return replace(content, body_html=clean_html(f"{first}{end}{figure}{rest}"))
    return content
