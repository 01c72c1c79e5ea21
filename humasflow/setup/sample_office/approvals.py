"""How the sample office asks: a press release that a section's acting head, the Kasubbag and a group agree to, and an
announcement that could not wait.
"""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta

from humasflow.accounts.enums import Acting
from humasflow.accounts.queries import load_principal
from humasflow.accounts.services import people
from humasflow.approvals import services
from humasflow.approvals.contents import content_to_submit
from humasflow.approvals.enums import EscalateTo, StepRule, StepScope
from humasflow.approvals.services import AskeeContent, PatienceContent, StepContent
from humasflow.core import clock
from humasflow.core.localtime import from_local
from humasflow.core.permissions import Role
from humasflow.posts.models import Post
from humasflow.posts.services import PostContent, create_post
from humasflow.publishing.services import backfill_published
from humasflow.setup.sample_office.cast import Cast
from humasflow.stories.models import Story
from humasflow.stories.services import StoryContent, create_story
from humasflow.stories.services.guidelines import declare

RELEASE = StoryContent(
    title="Lelang serentak kendaraan dinas dibuka untuk umum pekan depan",
    lead="Dua belas kendaraan dinas yang sudah tidak dipakai dilelang secara terbuka; siapa pun boleh ikut.",
    body_html=(
        "<p>Dua belas kendaraan dinas dari enam satuan kerja dilelang secara serentak pekan depan. Penawaran diajukan "
        "lewat internet, tanpa kehadiran peserta, dan ditutup pada hari yang sama.</p>"
        "<p>Setiap kendaraan dapat dilihat di halaman kantor selama dua hari sebelum lelang. Uang jaminan dikembalikan "
        "seluruhnya kepada peserta yang tidak menang.</p>"
        "<p>Hasil lelang disetor ke kas negara pada hari kerja berikutnya dan diumumkan di situs ini.</p>"
    ),
    goal="Masyarakat tahu cara dan waktu mengikuti lelang", audience="Masyarakat umum dan pelaku usaha",
    place="Halaman kantor", writer_credit="Tim Humas",
)  # fmt: skip
RELEASE_POST = "Dua belas kendaraan dinas dilelang terbuka pekan depan. Siapa pun boleh ikut. #LelangNegara"

NOTICE = StoryContent(
    title="Layanan loket dialihkan sementara karena listrik padam",
    lead="Loket ditutup hari ini. Permohonan tetap diterima lewat internet dan diproses seperti biasa.",
    body_html=(
        "<p>Aliran listrik di gedung kantor terputus sejak pagi. Loket ditutup untuk hari ini, dan antrean yang sudah "
        "terdaftar dipindahkan ke hari kerja berikutnya tanpa mendaftar ulang.</p>"
        "<p>Permohonan lelang dan permohonan data tetap diterima lewat internet.</p>"
    ),
    goal="Pemohon tidak datang ke loket yang tutup", audience="Pemohon layanan", writer_credit="Tim Humas",
)  # fmt: skip
WHY = "Loket sudah tutup dan antrean menumpuk di depan gedung; pemohon harus tahu sebelum pukul sembilan."


def write_approvals(cast: Cast) -> None:
    """Groups, a chain with two who are asked at once, reminders, and the two stories."""
    _acting_head(cast)
    _rules(cast)
    _waiting(cast)
    _urgent(cast)


def _at(cast: Cast, days: int, hour: int, minute: int = 0) -> AbstractContextManager[None]:
    """A clock time at the office, counted in days from today."""
    day: date = cast.plan.today + timedelta(days=days)
    moment: datetime = from_local(day, time(hour, minute), cast.office.zone_name)
    return clock.moved_to(min(moment.astimezone(UTC), clock.now()))


def _acting_head(cast: Cast) -> None:
    """The head of the auction section is away; somebody of the section acts for two weeks."""
    people.grant_role(
        cast.users["kontributor-lelang"], cast.sections["lelang"], Role.APPROVER, actor=None,
        position_title="Kepala Seksi Pelayanan Lelang", acting=Acting.PLH,
        valid_from=cast.plan.today - timedelta(days=5), valid_until=cast.plan.today + timedelta(days=9),
    )  # fmt: skip


def _rules(cast: Cast) -> None:
    admin, office_id = cast.principal("admin"), cast.office.id
    team = services.create_group(
        office_id, actor=admin, name="Tim Humas",
        member_ids=[cast.users["penyetuju-hi"].id, cast.users["penyetuju-umum"].id],
    )  # fmt: skip
    services.set_chain(
        office_id, cast.types["siaran_pers"].id, actor=admin,
        steps=[
            StepContent("Kepala Seksi naskah", [AskeeContent(StepScope.SECTION)]),
            StepContent(
                "Pimpinan",
                [
                    AskeeContent(StepScope.PERSON, user_id=cast.users["penyetuju-umum"].id),
                    AskeeContent(StepScope.GROUP, group_id=team.id),
                ],
                StepRule.ALL,
            ),
        ],
    )  # fmt: skip
    services.add_guest(
        office_id, actor=admin,
        content=services.GuestContent(
            "Ratna Kusumawardani", "Kepala Bidang Informasi Kantor Wilayah", "ratna.kusumawardani@kanwil.example",
        ),
    )  # fmt: skip
    services.set_patience(
        office_id, actor=admin, content=PatienceContent(8, 16, EscalateTo.LEAD, time(7, 30), time(16, 0))
    )


def _waiting(cast: Cast) -> None:
    """The section's acting head and the Kasubbag have agreed; the group has yet to."""
    with _at(cast, -2, 9, 40):
        story = _story(cast, RELEASE, "siaran_pers", "lelang")
        _post(cast, story, "web", "siaran_pers", "")
        _post(cast, story, "facebook", "unggahan", RELEASE_POST)
        declare(story, actor=cast.principal("redaktur-1"), is_declared=True)
    with _at(cast, -2, 11):
        package = services.submit_package(
            story,
            actor=cast.principal("redaktur-1"),
            note="Jadwal lelangnya sudah pasti di enam satuan kerja.",
        )
    acting = load_principal(cast.users["kontributor-lelang"], office_id=cast.office.id)
    with _at(cast, -2, 13, 20):
        services.approve(package, actor=acting, digest=package.digest)
    with _at(cast, -1, 8, 15):
        services.approve(package, actor=cast.principal("penyetuju-umum"), digest=package.digest)


def _urgent(cast: Cast) -> None:
    """Live since this morning without approval, and still to be cleared."""
    editor = cast.principal("redaktur-2")
    with _at(cast, 0, 7, 50):
        story = _story(cast, NOTICE, "pengumuman", None, writer="redaktur-2")
        post = _post(cast, story, "web", "pengumuman", "", writer="redaktur-2")
    with _at(cast, 0, 8, 5):
        services.release_urgently(story, actor=editor, digest=content_to_submit(story).digest, reason=WHY)
        backfill_published(post, published_at=clock.now())


def _story(
    cast: Cast, content: StoryContent, code: str, section: str | None, *, writer: str = "redaktur-1"
) -> Story:
    return create_story(
        actor=cast.principal(writer), office_id=cast.office.id, content=content,
        content_type_id=cast.types[code].id, section_id=cast.section_id(section),
    )  # fmt: skip


def _post(
    cast: Cast, story: Story, account: str, code: str, text: str, *, writer: str = "redaktur-1"
) -> Post:
    return create_post(
        story, actor=cast.principal(writer), account_id=cast.accounts[account].id,
        content_type_id=cast.types[code].id, content=PostContent(text),
    )  # fmt: skip
