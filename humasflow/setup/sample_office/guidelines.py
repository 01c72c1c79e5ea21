"""The office's guidelines as it set them up, what was ticked on the stories in work, and a press release in draft.

The press release carries what a first draft carries: a word joined by mistake, a number of a person that must not go
out, and one that the head of the office allowed with a reason.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.html import clean_html
from humasflow.core.permissions import Permission
from humasflow.guidelines import services as guidelines
from humasflow.guidelines.enums import RuleCode, RuleLevel, Ticker
from humasflow.setup.sample_office.cast import Cast
from humasflow.stories import queries
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from humasflow.stories.queries.guidelines import get_guidance
from humasflow.stories.services import StoryContent, create_story
from humasflow.stories.services.guidelines import override_finding, set_tick

WORDS = """BMN = Barang Milik Negara
SKM = Survei Kepuasan Masyarakat
PNBP = Penerimaan Negara Bukan Pajak
SBSN = Surat Berharga Syariah Negara
UMKM = usaha mikro, kecil, dan menengah
DJKN = Direktorat Jenderal Kekayaan Negara
KPKNL = Kantor Pelayanan Kekayaan Negara dan Lelang
lelang.go.id
e-Auction
"""

BODY = (
    "<p>Kantor membuka gerai layanan lelang didalam Mal Pelayanan Publik mulai Senin depan. Warga dapat "
    "berkonsultasi tanpa perlu datang ke kantor.</p>"
    "<p>“Kami ingin jarak tidak lagi menjadi alasan orang tertipu lelang palsu,” ujar Kepala Kantor pada Jumat.</p>"
    "<p>Pada formulir contoh yang dibagikan di gerai, kolom identitas diisi nomor karangan 3201010101010001. Uang "
    "jaminan tetap disetor melalui rekening virtual masing-masing peserta, bukan ke rekening 0123456789012 seperti "
    "pada pesan berantai yang beredar.</p>"
    "<p>Petugas di gerai juga menerima pengaduan. Layanan di buka pukul 08.00 sampai 15.00.</p>"
)


def write_guidelines(cast: Cast) -> None:
    """Checklists, rules and words; ticks on what was submitted; one press release. Needs the ongoing stories."""
    office_id = cast.office.id
    admin = accounts.list_people_with(Permission.OFFICE_MANAGE, cast.office)[0]
    guidelines.seed_guidelines(office_id)
    guidelines.change_rule(
        office_id, RuleCode.EXCLUDED_INFORMATION, actor=admin, level=RuleLevel.BLOCK,
        options={"content_types": ["siaran_pers"]},
    )  # fmt: skip
    words = f"{WORDS}{cast.office.short_name} = {cast.office.name}"
    guidelines.add_words(office_id, words, actor=admin)
    for story in _submitted(office_id):
        _tick_everything(cast, story)
    _write_release(cast)


def _submitted(office_id: int) -> list[Story]:
    """What is on its way: somebody went through the list before."""
    states = (StoryState.IN_REVIEW, StoryState.APPROVED)
    found = select(Story).where(Story.office_id == office_id, Story.state.in_(states)).order_by(Story.id)
    return list(db.session.scalars(found))


def _tick_everything(cast: Cast, story: Story) -> None:
    writer = _writer(cast, story)
    version = queries.get_current_version(story)
    asked = get_guidance(story, version, queries.get_body(version.id), actor=writer).items
    with clock.moved_to(version.created_at + timedelta(minutes=15)):
        for line in asked:
            if line.item.ticker is Ticker.WRITER:
                set_tick(story, actor=writer, item_id=line.item.id, is_ticked=True)


def _write_release(cast: Cast) -> None:
    editors = accounts.list_people_with(Permission.STORY_WRITE, cast.office)
    deciders = accounts.list_people_with(Permission.STORY_APPROVE, cast.office)
    writer = _as(cast, editors[0])
    begun = _last_change(cast.office.id) - timedelta(minutes=50)
    content = StoryContent(
        title="Gerai layanan lelang dibuka di Mal Pelayanan Publik",
        lead="Warga dapat berkonsultasi soal lelang dan melaporkan lelang palsu tanpa datang ke kantor.",
        body_html=clean_html(BODY), goal="Media lokal memberitakan pembukaan gerai.", audience="Media massa dan warga",
        place="Mal Pelayanan Publik", writer_credit=writer.name,
        contact=f"Humas {cast.office.short_name}, humas@kantor.example",
    )  # fmt: skip
    with clock.moved_to(begun):
        story = create_story(
            actor=writer,
            office_id=cast.office.id,
            content=content,
            content_type_id=cast.types["siaran_pers"].id,
        )
    version = queries.get_current_version(story)
    found = get_guidance(story, version, queries.get_body(version.id), actor=writer)
    number = next(line for line in found.findings if line.finding.code is RuleCode.NIK)
    with clock.moved_to(begun + timedelta(minutes=20)):
        override_finding(
            story, actor=_as(cast, deciders[0]), code=number.finding.code.value, key=number.key,
            reason="Nomor karangan pada formulir contoh; bukan milik siapa pun.",
        )  # fmt: skip
    with clock.moved_to(begun + timedelta(minutes=25)):
        for line in found.items:
            if line.item.level.value == "recommended" and line.item.ticker is Ticker.WRITER:
                set_tick(story, actor=writer, item_id=line.item.id, is_ticked=True)


def _last_change(office_id: int) -> datetime:
    last = db.session.scalar(select(func.max(Story.updated_at)).where(Story.office_id == office_id))
    return min(last or clock.now(), clock.now())


def _writer(cast: Cast, story: Story) -> Principal:
    user = story.owner or accounts.list_people_with(Permission.STORY_WRITE, cast.office)[0]
    return _as(cast, user)


def _as(cast: Cast, user: User) -> Principal:
    return accounts.load_principal(user, office_id=cast.office.id)
