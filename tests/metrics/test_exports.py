"""Exports of Instagram, Facebook, TikTok and YouTube as they leave those services, in both languages."""

import io

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.spreadsheets.cells import read_cells
from humasflow.metrics.spreadsheets.exports import as_ours
from tests.factories.publications import live_post

INSTAGRAM = (
    "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,Post type,"
    "Data comment,Date,Views,Reach,Likes,Shares,Follows,Comments,Saves\n"
    '1,9,kantor,Kantor,"Lelang, aset",0,01/05/2026 08:00,https://www.instagram.com/p/AbC_1/,IG image,,Lifetime,'
    '"1,234",900,80,4,17,3,2\n'
    "1,8,mitra,Mitra,Bersama,0,01/05/2026 08:00,https://www.instagram.com/reel/AbC_1/?igsh=x,IG image,,Lifetime,"
    "200,100,80,4,1,3,2\n"
)
FACEBOOK_ID = (
    "ID Postingan;ID Halaman;Nama Halaman;Judul;Waktu penerbitan;Tautan permanen;Jenis postingan;Komentar data;Tanggal;"
    "Impresi;Jangkauan;Reaksi;Komentar;Dibagikan;Total klik\n"
    "5;6;Kantor;Lelang;05/01/2026;https://www.facebook.com/kantor/posts/123;Foto;;Seumur hidup;1.500;1.200;45;6;7;89\n"
)
TIKTOK = (
    "Time,Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views\n"
    '2026-01-06,Lelang,https://www.tiktok.com/@Kantor/video/7301,2026-01-05,"1,001",2,3,"12,345"\n'
)
TIKTOK_ID = TIKTOK.replace(
    "Time,Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views",
    "Waktu,Judul video,Tautan video,Waktu posting,Total suka,Total komentar,Total dibagikan,Total tayangan",
)
YOUTUBE = (
    "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,Impressions,"
    "Impressions click-through rate (%)\n"
    "Total,,,,5000,120.5,40,90000,4.2\n"
    'dQw4w9WgXcQ,"Lelang, aset","Jan 5, 2026",60,4000,100.25,30,80000,4.5\n'
)
YOUTUBE_ID = YOUTUBE.replace(
    "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,Impressions,"
    "Impressions click-through rate (%)",
    "Konten,Judul video,Waktu publikasi video,Durasi,Penayangan,Waktu tonton (jam),Subscriber,Tayangan,"
    "Rasio klik-tayang dari tayangan (%)",
)


def rows_of(text: str) -> tuple[str, list[dict[str, str]]]:
    table, name = as_ours(read_cells(text.encode()))
    head = [str(c) for c in table[0]]
    return name, [dict(zip(head, map(str, row), strict=True)) for row in table[1:] if row]


def test_instagram_and_a_post_that_two_accounts_share():
    name, rows = rows_of(INSTAGRAM)
    assert name == "Meta Business Suite"
    assert rows == [{
        "url": "https://www.instagram.com/p/AbC_1/", "likes": "80", "comments": "3", "shares": "4", "saves": "2",
        "views": "1,234", "reach": "900",
    }]  # fmt: skip


def test_facebook_in_indonesian():
    name, rows = rows_of(FACEBOOK_ID)
    assert name == "Meta Business Suite"
    assert rows == [{
        "url": "https://www.facebook.com/kantor/posts/123", "likes": "45", "comments": "6", "shares": "7",
        "clicks": "89", "reach": "1.200", "impressions": "1.500",
    }]  # fmt: skip


@pytest.mark.parametrize("text", [TIKTOK, TIKTOK_ID])
def test_tiktok(text):
    name, rows = rows_of(text)
    assert name == "TikTok Studio"
    assert rows == [{
        "url": "https://www.tiktok.com/@Kantor/video/7301", "likes": "1,001", "comments": "2", "shares": "3",
        "views": "12,345",
    }]  # fmt: skip


@pytest.mark.parametrize("text", [YOUTUBE, YOUTUBE_ID])
def test_youtube_without_its_total_and_without_new_subscribers(text):
    """In Indonesian "Tayangan" is how often the thumbnail was shown, "Penayangan" who watched."""
    name, rows = rows_of(text)
    assert name == "YouTube Studio"
    assert rows == [
        {"url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "views": "4000", "impressions": "80000"}
    ]


def test_other_tables_pass_as_they_are():
    cells = read_cells(b"Tautan,Suka\nhttps://a.example/1,5\n")
    assert as_ours(cells) == (cells, "")


@pytest.mark.db
def test_an_export_is_uploaded_and_kept(world, browser_of):
    post = live_post(world)
    post.permalink, post.canonical_url = (
        "https://youtu.be/dQw4w9WgXcQ",
        "https://youtube.com/watch?v=dQw4w9WgXcQ",
    )
    db.session.commit()
    editor = browser_of(world.editor)
    form = editor.get("/keterlibatan/unggah").form("/keterlibatan/unggah")
    file = (io.BytesIO(YOUTUBE_ID.encode("utf-8-sig")), "Table data.csv")
    page = editor.post("/keterlibatan/unggah", form | {"file": file}, status=200)
    editor.post("/keterlibatan/unggah/simpan", page.form("/keterlibatan/unggah/simpan"), status=303)
    kept = db.session.scalars(select(MetricSnapshot)).one()
    assert (kept.delivery_id, kept.views, kept.impressions, kept.followers) == (post.id, 4000, 80000, None)
