"""The texts inside a pack, in Indonesian: whoever receives it has no account and no language setting here."""

from collections.abc import Sequence
from dataclasses import dataclass

from humasflow.reports.packing.items import Problem


@dataclass(frozen=True)
class Made:
    """What the pack is about, in words: the office, what is reported for which period, and when it was made."""

    office: str
    title: str
    period: str
    made_at: str  # with its zone
    publications: int


def read_me(made: Made, *, files: int, problems: int) -> str:
    """``BACA-SAYA.txt``: what is inside and how anybody checks it."""
    lines = [
        f"PAKET BUKTI: {_flat(made.title)}",
        f"Kantor : {_flat(made.office)}",
        f"Periode: {_flat(made.period)}",
        f"Dibuat : {made.made_at}",
        "",
    ]
    if problems:
        lines += [
            f"PERHATIAN: {problems} berkas bukti bermasalah. Baca MASALAH.txt lebih dahulu.",
            "",
        ]
    lines += [
        "APA ISINYA",
        "- laporan.pdf dan laporan.xlsx: laporan periode ini; isi keduanya sama.",
        f"- bukti/: {files} berkas bukti. Nomor di depan namanya sama dengan nomor pada daftar bukti di laporan.",
        "- dokumen/: dokumen yang mendasari angka tertentu (bila ada).",
        f"- bukti.csv: daftar {made.publications} publikasi dengan tautan, waktu, nama berkas, dan sidik SHA-256.",
        "- bukti-berubah/ dan MASALAH.txt: hanya ada bila isi suatu berkas tidak sama lagi dengan saat dicatat.",
        "- SHA256SUMS: sidik semua berkas di dalam paket ini.",
        "",
        "CARA MEMERIKSA BAHWA PAKET INI UTUH",
        "Linux       : buka terminal di folder ini, lalu jalankan  sha256sum -c SHA256SUMS",
        "macOS       : shasum -a 256 -c SHA256SUMS",
        "Windows     : buka PowerShell di folder ini, lalu jalankan",
        "  Get-Content SHA256SUMS | ForEach-Object { $h, $f = $_ -split '  ', 2;",
        '    if ((Get-FileHash $f).Hash -eq $h) { "OK    $f" } else { "RUSAK $f" } }',
        'Setiap baris harus berbunyi "OK". Baris lain berarti berkas itu berubah sesudah paket dibuat.',
        "",
        "Kolom sha256_tercatat di bukti.csv adalah sidik saat bukti dicatat; kolom sha256 adalah sidik berkas",
        'di paket ini. Bila keduanya sama (keadaan_berkas "utuh"), bukti tidak berubah sejak dicatat.',
        "",
        "Isi sebagian berkas dapat memuat nama dan wajah orang. Simpan dan bagikan seperlunya.",
    ]
    return _crlf(lines)


def trouble_list(made: Made, problems: Sequence[Problem]) -> str:
    """``MASALAH.txt``: each file that is not as it was recorded, with both digests."""
    lines = [
        f"MASALAH PADA PAKET BUKTI: {_flat(made.title)}",
        f"{len(problems)} berkas tidak dapat dijamin. Laporan dan berkas lain tetap sah.",
        "",
    ]
    for number, problem in enumerate(problems, start=1):
        lines += [
            f"{number}. {_flat(problem.sentence)}",
            f"   nama di paket   : {problem.name if problem.found_sha256 else '(tidak ada)'}",
            f"   sidik tercatat  : {problem.item.recorded_sha256 or '(tidak ada)'}",
            f"   sidik ditemukan : {problem.found_sha256 or '(tidak ada)'}",
            "",
        ]
    lines.append("Minta admin memulihkan berkas itu dari cadangan (backup), lalu buat paket ini lagi.")
    return _crlf(lines)


def _flat(text: str) -> str:
    """On one line, whatever a title contains: nobody adds a line of their own."""
    return " ".join(text.split())


def _crlf(lines: Sequence[str]) -> str:
    """Read in Notepad as well."""
    return "\r\n".join(lines) + "\r\n"
