"""What the search is measured over: an office with very many stories beside a dozen small ones in one database.

Words are drawn as people use them (Zipf): a few stand in nearly every text, most in hardly any. Some are put in on
purpose, see :data:`PLANTED`. A publication to each story; a pitch, a file and an event to every tenth.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, islice, product
from typing import Any

from sqlalchemy import String, cast, func, insert, literal, select, text

from benchmarks.desk import office
from benchmarks.million import _copy as copy_rows
from humasflow.accounts.models import User
from humasflow.accounts.queries import list_people_with, today_at
from humasflow.accounts.services import people
from humasflow.channels import queries as channels
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.core.fulltext import indexing
from humasflow.core.permissions import Permission, Role
from humasflow.media.models import Asset
from humasflow.orgs.models import Unit
from humasflow.pitches.models import Pitch
from humasflow.planning import queries as planning
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story, StorySearch
from humasflow.stories.models.search import DOCUMENT, GIN

SMALL = 12  # offices beside the full one; every fourteenth story is of one of them
OF_OTHERS = 14
OWN = 500  # every so many stories are the contributor's
BATCH, SENTENCES, SELDOM = 20_000, 60_000, 5_000
PLANTED = {
    "selaras, lintang": "each in three of ten texts, never in one",
    "pandemi": "in two of five texts of a time long ago, in none since",
    "sewa tanah laut": "side by side in one old text; each of the words is common",
    "kata0 … kata4999": "in one of five thousand texts",
    "tunggal1 …": "in one text",
}
_GLUE = (
    "dan yang di untuk dengan pada dalam ini dari oleh ke itu akan juga telah tidak sebagai para dapat serta bagi "
    "agar secara tersebut kepada adalah lebih atau antara hingga"
)
_MATTER = (
    "negara lelang aset kantor barang milik layanan masyarakat kegiatan sosialisasi penilaian piutang tanah sewa laut "
    "pengelolaan satuan kerja kepala seksi wilayah daerah pemerintah pelayanan peserta program pembangunan pendidikan "
    "kesehatan ekonomi anggaran laporan kinerja pegawai penghargaan pelatihan koordinasi kunjungan penyerahan gedung "
    "rumah kendaraan hibah penjualan penghapusan pemanfaatan perencanaan pengadaan pengawasan pembinaan peningkatan "
    "penerimaan pajak bea cukai keuangan perbendaharaan rapat aula forum diskusi publik informasi berita siaran pers "
    "media digital aplikasi sistem data keamanan integritas korupsi zona bersih reformasi birokrasi upacara peringatan "
    "hari kemerdekaan pancasila gotong royong donor darah bencana banjir gempa bantuan sosial usaha mikro kecil "
    "produk ekspor petani nelayan perikanan kehutanan lingkungan sampah energi listrik jalan jembatan pelabuhan "
    "wisata budaya seni olahraga sekolah universitas mahasiswa guru siswa beasiswa kompetisi juara inovasi teknologi"
)
_FIRST = (
    "Siti Budi Agus Dewi Rina Andi Putri Joko Sri Ahmad Nur Fitri Hendra Wati Yusuf Maria Yohanes Made Ketut Wayan "
    "Rudi Lina Tono Ratna Eko Indah Bambang Sari Dian Fajar Galih Hana Irfan Kartika Lukman Mega Novi Oki Rizki Tari"
)
_LAST = (
    "Rahmawati Santoso Wijaya Lestari Siregar Nasution Pratama Hidayat Kusuma Saputra Wahyuni Hasibuan Lubis Manurung "
    "Setiawan Nugroho Permata Handayani Simanjuntak Tambunan Utami Firmansyah Maulana Anggraini Suryani Gunawan Halim"
)


@dataclass(frozen=True)
class People:
    """Who asks: of the full office three, of a small one an editor."""

    editor: User
    admin: User
    contributor: User
    elsewhere: User


class Language:
    """Titles and texts out of some thirty thousand words."""

    def __init__(self) -> None:
        self._chance = random.Random(11)
        parts = ["".join(p) for p in product("bdgjklmnprst", "aiueo")]
        roots = list(
            dict.fromkeys(
                "".join(self._chance.choices(parts, k=self._chance.choice((2, 2, 3)))) for _n in range(16_000)
            )
        )
        tail = [f"{before}{root}{after}" for root in roots for before, after in self._chance.sample(
            (("", ""), ("pe", "an"), ("me", ""), ("di", "kan"), ("ke", "an"), ("ber", ""), ("ter", "")), k=2
        )]  # fmt: skip
        matter = _MATTER.split()
        self._words = [*_GLUE.split(), *matter, *tail]
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self._words))))
        self._matter = [*matter, *tail[:3000]]
        self._of_matter = list(accumulate(1 / (rank + 8) for rank in range(len(self._matter))))
        self._first, self._last = _FIRST.split(), _LAST.split()
        drawn = iter(self._chance.choices(self._words, cum_weights=self._weights, k=SENTENCES * 10))
        self._sentences = [" ".join(islice(drawn, 10)) for _n in range(SENTENCES)]

    def title(self, number: int) -> str:
        """Seven words and the number."""
        words = self._chance.choices(self._matter, cum_weights=self._of_matter, k=7)
        return f"{' '.join(words).capitalize()} {number}"

    def names(self) -> str:
        """Two people."""
        pairs = (f"{self._chance.choice(self._first)} {self._chance.choice(self._last)}" for _n in range(2))
        return ", Kepala Seksi · ".join(pairs)

    def body(self, number: int, of: int) -> str:
        """Sixty to ninety words, and what is planted."""
        parts = self._chance.choices(self._sentences, k=self._chance.randint(6, 9))
        parts += [f"kata{number % SELDOM} tunggal{number}"]
        if number % 10 < 6:
            parts.append("lintang" if number % 2 else "selaras")
        if 0.30 * of < number < 0.45 * of and number % 5 < 2:
            parts.append("pandemi")
        if number == of // 7 // OF_OTHERS * OF_OTHERS + 1:
            parts.append("sewa tanah laut")
        return ". ".join(parts)


def build(stories: int) -> People:
    """Fill an empty database. Commits."""
    full = office("penuh")
    small = [office(f"kecil{n}") for n in range(SMALL)]
    db.session.commit()
    who = _people(full, small[0])
    with _without_indexes():
        _stories(full, small, who, stories)
        _rest(full, who.editor.id)
    db.session.commit()
    _settle()
    return who


def find_people() -> People:
    """Who asks, in a database that was kept."""

    def one(email: str) -> User:
        return db.session.scalars(select(User).where(User.email == email)).one()

    return People(
        one("r0@penuh.example"), one("admin@penuh.example"), one("k@penuh.example"), one("r0@kecil0.example")
    )


def _people(full: Unit, small: Unit) -> People:
    made = []
    for name, email, role in (
        ("Admin Kantor", "admin", Role.ADMIN),
        ("Kontributor Kantor", "k", Role.CONTRIBUTOR),
    ):
        person = people.create_user(actor=None, office_id=full.id, name=name, email=f"{email}@penuh.example")
        people.grant_role(person, full, role, actor=None, position_title="", valid_from=today_at(full))
        made.append(person)
    db.session.commit()
    editor, elsewhere = (list_people_with(Permission.STORY_WRITE, o)[0] for o in (full, small))
    return People(editor, made[0], made[1], elsewhere)


def _stories(full: Unit, small: Sequence[Unit], who: People, stories: int) -> None:
    language, numbers = Language(), iter(range(1, stories + 1))
    begin = clock.now() - timedelta(minutes=stories + 10)
    kinds = {o.id: planning.list_content_types(o.id)[0].id for o in (full, *small)}
    editors = {o.id: [u.id for u in list_people_with(Permission.STORY_WRITE, o)] for o in (full, *small)}

    first, others = full.id, [o.id for o in small]
    contributor = who.contributor.id

    def of(number: int) -> int:
        # Plain numbers: nothing may be read while rows are copied.
        return first if number % OF_OTHERS else others[number // OF_OTHERS % SMALL]

    while batch := list(islice(numbers, BATCH)):
        titles = {n: language.title(n) for n in batch}
        copy_rows(Story, (_story(n, of(n), titles[n], begin, kinds, editors, contributor) for n in batch))
        copy_rows(StorySearch, (
            {"story_id": n, "office_id": of(n), "title": titles[n], "names": language.names(),
             "body": language.body(n, stories)}
            for n in batch
        ))  # fmt: skip


def _story(
    n: int, office_id: int, title: str, begin: datetime, kinds: dict[int, int], editors: dict[int, list[int]],
    contributor: int,
) -> dict[str, Any]:  # fmt: skip
    at, own = begin + timedelta(minutes=n), editors[office_id]
    by = contributor if n % OWN == 1 and n % OF_OTHERS else own[0]
    return {
        "id": n, "office_id": office_id, "content_type_id": kinds[office_id], "title": title,
        "state": StoryState.DRAFT if n % 50 == 0 else StoryState.PUBLISHED, "state_since": at, "returns": 0,
        "last_reason": "", "owner_id": own[n % len(own)], "is_confidential": n % 25 == 0, "created_by": by,
        "created_at": at, "updated_at": at, "row_version": 1,
    }  # fmt: skip


def _rest(full: Unit, editor: int) -> None:
    """Out of the stories, within the database."""
    now, s = clock.now(), Story
    number, account = cast(s.id, String), next(a.id for a in channels.list_accounts(full.id))
    address = literal("https://penuh.example/").concat(number)
    _derive(Post, {
        "id": s.id, "office_id": s.office_id, "story_id": s.id, "account_id": literal(account),
        "content_type_id": s.content_type_id, "scheduled_at": s.created_at, "generation": literal(1),
        "created_at": s.created_at,
    })  # fmt: skip
    _derive(Delivery, {
        "id": s.id, "office_id": s.office_id, "post_id": s.id, "account_id": literal(account), "story_id": s.id,
        "content_type_id": s.content_type_id, "state": literal(DeliveryState.PUBLISHED.value, String), "title": s.title,
        "idempotency_key": number, "permalink": address, "canonical_url": address, "published_at": s.created_at,
        "created_at": s.created_at, "updated_at": s.created_at,
    })  # fmt: skip
    at, end = (literal(now + timedelta(hours=n), Story.created_at.type) for n in (0, 1))
    _derive(Pitch, {
        "id": s.id, "office_id": s.office_id, "author_id": literal(editor), "title": s.title, "what": s.title,
        "created_at": s.created_at,
    }, every=10)  # fmt: skip
    _derive(Asset, {
        "id": s.id, "office_id": s.office_id, "uploaded_by": literal(editor), "created_at": s.created_at,
        "filename": literal("foto-").concat(number).concat(".jpg"), "original_key": number, "medium_key": number,
        "thumb_key": number, "sha256": number, "source_sha256": number, "width": literal(1600),
        "height": literal(900), "size": literal(250_000), "colour": literal("#446688"), "credit": literal("Kantor"),
        "alt_text": s.title,
    }, every=10)  # fmt: skip
    _derive(AgendaEvent, {
        "id": s.id, "office_id": s.office_id, "uid": number.concat("@x"), "title": s.title, "place": literal("Aula"),
        "starts_at": at, "ends_at": end, "zone": literal("Asia/Jakarta"), "created_by": literal(editor),
        "created_at": at, "updated_at": at,
    }, every=10)  # fmt: skip


def _derive(model: type[Base], values: dict[str, Any], every: int = 1) -> None:
    values |= {"row_version": literal(1)}
    rows = select(*values.values()).select_from(Story)
    rows = rows.where(Story.id % every == 0) if every > 1 else rows
    db.session.execute(insert(model).from_select(list(values), rows))
    db.session.commit()


class _without_indexes:  # noqa: N801 - reads as a function
    """PostgreSQL makes its indexes of words sooner at once than row by row."""

    def __enter__(self) -> None:
        if db.engine.dialect.name == "postgresql":
            for statement in self._names():
                db.session.execute(text(f"DROP INDEX {statement}"))
            db.session.commit()

    def __exit__(self, error: object, *_more: object) -> None:
        if error is None and db.engine.dialect.name == "postgresql":
            connection = db.session.connection()
            connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '1GB'")
            connection.exec_driver_sql(f"CREATE INDEX {GIN} ON story_search USING gin ({DOCUMENT})")
            for words in self._words():
                connection.exec_driver_sql(words.statements("postgresql")[0])
            db.session.commit()

    @staticmethod
    def _words() -> Iterator[indexing.Words]:
        yield from indexing._known.values()  # noqa: SLF001 - all there are

    def _names(self) -> Iterator[str]:
        yield GIN
        yield from (words.index for words in self._words())


def _settle() -> None:
    if db.engine.dialect.name != "postgresql":
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        return
    for model in (Story, Post, Delivery, Pitch, Asset, AgendaEvent):
        last = db.session.scalar(select(func.max(model.id)))
        db.session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{model.__tablename__}', 'id'), {last})")
        )
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(text("VACUUM ANALYZE"))
