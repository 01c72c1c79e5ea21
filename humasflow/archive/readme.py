"""BACA-SAYA.txt: what lies in an archive, for whoever opens it without the product. Always in Bahasa Indonesia."""

from collections.abc import Mapping, Sequence
from typing import Any

from humasflow.archive.versions import product_version, schema_revision

_TEXT = """\
ARSIP HUMASFLOW

Kantor:
{offices}
Dibuat oleh humasflow {version}, susunan tabel {revision}.

ISI
  data/*.jsonl     semua catatan, satu baris satu catatan (JSON, UTF-8)
  csv/*.csv        catatan utama untuk dibuka dengan lembar kerja (pemisah titik koma)
  files/           semua foto, video, dokumen, dan bukti tayang; nama berkas = sidik SHA-256 isinya
  manifest.json    daftar isi, jumlah catatan, dan sidik setiap tabel
  SHA256SUMS       sidik semua berkas

MEMERIKSA
  Buka arsip ini di sebuah folder, lalu jalankan: sha256sum -c SHA256SUMS

MEMBACA KEMBALI
  Pasang humasflow dengan susunan tabel {revision}, jangan siapkan kantor dahulu, lalu pilih "Saya punya arsip" di
  halaman penyiapan, atau jalankan: flask archive read NAMA-ARSIP.zip
  Admin menerima tautan untuk membuat kata sandi. Orang lain diundang kembali, dan akun kanal dihubungkan kembali.

YANG TIDAK ADA DI SINI
  Kata sandi, tautan rahasia, izin kanal, kunci layanan, antrean pekerjaan, surel yang sudah ditulis, dan laporan yang
  sudah dibuat. Milik kantor lain hanya ikut namanya, sejauh catatan kantor ini menunjuk ke sana.
{missing}
Arsip ini memuat data pribadi. Simpan seperti menyimpan berkas kepegawaian.
"""


def readme(offices: Sequence[Mapping[str, Any]], missing: Sequence[str]) -> str:
    """The text; ``missing``: names of files that could not be packed as they should be."""
    lost = ""
    if missing:
        lost = "\nBERKAS YANG HILANG ATAU BERUBAH SEBELUM ARSIP INI DIBUAT\n" + "".join(
            f"  {name}\n" for name in missing
        )
    names = "".join(f"  {' '.join(str(office['name']).split())}\n" for office in offices)
    return _TEXT.format(offices=names, version=product_version(), revision=schema_revision(), missing=lost)
