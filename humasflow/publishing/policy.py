"""What may be done to a publication, by whom, and if not, why: all reasons at once, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.approvals.queries import approval_of
from humasflow.channels.adapters.registry import UnknownAdapter
from humasflow.channels.adapters.web import WebAdapter
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.queries import get_connection_of
from humasflow.channels.models import ChannelAccount
from humasflow.channels.presets.loader import UnknownPlatform, UrlVerdict, get_platform
from humasflow.channels.reaching import get_adapter
from humasflow.core import clock
from humasflow.core.errors import Reason
from humasflow.core.localtime import show_instant
from humasflow.core.permissions import Permission
from humasflow.core.urls import NotHttpUrl, canonical_url, host_of, is_http_url
from humasflow.orgs.queries import get_office
from humasflow.posts.enums import PostChange
from humasflow.posts.models import Post
from humasflow.publishing.embargo import is_embargoed
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.enums import FollowUp
from humasflow.publishing.models import Delivery
from humasflow.publishing.workflow import DELIVERY
from humasflow.stories.enums import StoryState
from humasflow.stories.queries import being_corrected

ON_ITS_WAY = frozenset({S.PREPARING, S.PREPARED, S.COMMITTING})
WAITS_FOR_CHANNEL = frozenset({S.PAUSED, S.NEEDS_REAUTH, S.QUOTA_WAIT})
_A_PERSONS = frozenset({FollowUp.BY_HAND, FollowUp.FAILED})  # follow-ups that the product has handed over
FUTURE_TOLERANCE = timedelta(minutes=5)  # clocks of phones and servers differ a little


def is_by_hand(account: ChannelAccount) -> bool:
    """Whether a person does the irreversible step. An account of an unknown adapter can only be posted by hand."""
    try:
        return get_adapter(account.adapter).caps.by_hand
    except UnknownAdapter:
        return True


def is_let_in(account: ChannelAccount) -> bool:
    """Whether the product can act on the account's channel. Nobody has to let it into the newsroom, or where people do
    everything.
    """
    connection = get_connection_of(account.id)
    if connection is None:
        return account.adapter == WebAdapter.key or is_by_hand(account)
    return connection.state is ConnectionState.CONNECTED


# Changes of the post itself: what `posts` asks before it lets anybody edit, reschedule or remove.

_OPEN = frozenset({S.QUEUED, S.HELD, S.LATE, S.FAILED, S.CANCELLED, *WAITS_FOR_CHANNEL})
_ALLOWED_IN = {
    PostChange.EDIT: frozenset({*_OPEN, S.RETRACTED}),
    PostChange.SCHEDULE: frozenset({*_OPEN, S.RETRACTED, S.MANUAL_DUE}),
    PostChange.REMOVE: _OPEN,
}


# What the product cannot bring out (for now), and a person may be able to.
_HANDED_OVER_IN = frozenset({S.FAILED, S.LATE, *WAITS_FOR_CHANNEL})


def reasons_against_change(
    delivery: Delivery | None, change: PostChange, *, corrected: bool | None = None
) -> list[Reason]:
    """What a post's publication has against a change of the post. A live one can be rewritten while a correction of its
    story is being prepared, to be approved with it. ``corrected``: whether one is; None: it is asked here.
    """
    if delivery is None or delivery.state in _ALLOWED_IN[change]:
        return []
    if change is PostChange.EDIT and stays_live(delivery):
        known = being_corrected([delivery.story_id]) if corrected is None else ()
        if corrected or delivery.story_id in known:
            return []
    return [_locked(delivery.state, change)]


def stays_live(delivery: Delivery) -> bool:
    """Whether it is on its channel, and nobody decided that it comes down."""
    return delivery.state is S.PUBLISHED and delivery.retract_state is FollowUp.NONE


def _locked(state: S, change: PostChange) -> Reason:
    if state is S.PUBLISHED:
        if change is PostChange.SCHEDULE:
            return Reason("live", _("Publikasi ini sudah tayang, jadi waktunya tidak dapat dipindahkan."))
        if change is PostChange.REMOVE:
            return Reason(
                "live", _("Publikasi ini sudah tayang. Turunkan bila perlu; catatannya tetap disimpan.")
            )
        return Reason(
            "live", _("Publikasi ini sudah tayang. Isinya hanya dapat diubah bersama ralat naskahnya.")
        )
    if state is S.RETRACTED:
        return Reason("was_live", _("Publikasi ini pernah tayang, jadi catatannya tetap disimpan."))
    if state is S.MANUAL_DUE:
        return Reason(
            "manual_due",
            _("Publikasi ini sedang diminta untuk diunggah. Batalkan permintaannya dahulu, lalu ubah."),
        )
    if state is S.UNKNOWN:
        return Reason(
            "unknown", _("Belum pasti apakah publikasi ini sudah tayang. Periksa dahulu di kanalnya.")
        )
    return Reason("sending", _("Publikasi ini sedang dikirim. Tunggu sebentar, lalu lihat hasilnya."))


# What people do with a publication


def _may(actor: Principal, office_id: int, *permissions: Permission) -> list[Reason]:
    if any(actor.can(p, office_id) for p in permissions):
        return []
    return [Reason("permission", _("Peran Anda belum mencakup tindakan ini."))]


def _unapproved(post: Post) -> list[Reason]:
    if approval_of([post.id])[post.id].approved:
        return []
    return [
        Reason(
            "not_approved",
            _("Isi yang sekarang belum disetujui. Ajukan untuk disetujui dahulu, lalu terbitkan."),
        )
    ]


def reasons_not_to_publish_now(actor: Principal, post: Post, delivery: Delivery | None) -> list[Reason]:
    """Why a post cannot go out at this moment."""
    reasons = _may(actor, post.office_id, Permission.POST_SCHEDULE)
    if delivery is not None and delivery.state is S.MANUAL_DUE:
        reasons.append(Reason("manual_due", _("Publikasi ini sudah diminta untuk diunggah.")))
    else:
        reasons += reasons_against_change(delivery, PostChange.SCHEDULE)
    if not post.account.is_active:
        reasons.append(
            Reason("account_off", _("%(account)s sedang dinonaktifkan.", account=post.account.name))
        )
    return reasons + _not_reached(post, delivery) + _embargoed(post) + _unapproved(post)


def _not_reached(post: Post, delivery: Delivery | None) -> list[Reason]:
    """The channel takes nothing now, whatever is wished."""
    account = post.account
    if account.paused_at is not None:
        return [
            Reason("paused", _("%(account)s sedang dijeda. Lanjutkan akunnya dahulu.", account=account.name))
        ]
    if not is_let_in(account):
        return [
            Reason(
                "needs_reauth",
                _(
                    "%(account)s perlu disambungkan ulang. Minta admin menyambungkannya.",
                    account=account.name,
                ),
            )
        ]
    wakes_at = delivery.next_at if delivery is not None and delivery.state is S.QUOTA_WAIT else None
    if wakes_at is None or wakes_at <= clock.now():
        return []
    until = show_instant(wakes_at, get_office(post.office_id).zone_name)
    return [
        Reason(
            "quota",
            _("Kuota %(account)s habis sampai %(until)s. Publikasi ini tayang dengan sendirinya setelah itu.",
              account=account.name, until=until),
        )
    ]  # fmt: skip


def _embargoed(post: Post) -> list[Reason]:
    if not is_embargoed(post) or post.story.embargo_until is None:
        return []
    until = show_instant(post.story.embargo_until, get_office(post.office_id).zone_name)
    return [Reason("embargo", _("Naskah ini diembargo sampai %(until)s.", until=until))]


def reasons_not_to_retry(actor: Principal, post: Post, delivery: Delivery | None) -> list[Reason]:
    """Why a failed post cannot be tried again."""
    if delivery is None or delivery.state is not S.FAILED:
        return [Reason("state", _("Hanya publikasi yang gagal tayang yang dapat dicoba lagi."))]
    reasons = _may(actor, post.office_id, Permission.DELIVERY_RESOLVE)
    return reasons + reasons_not_to_publish_now(actor, post, delivery)


def reasons_not_to_hand_over(actor: Principal, post: Post, delivery: Delivery | None) -> list[Reason]:
    """Why a post that its channel does not take from the product cannot be given to a person to upload."""
    reasons = _may(actor, post.office_id, Permission.DELIVERY_RESOLVE)
    if delivery is None or delivery.state not in _HANDED_OVER_IN:
        reasons.append(
            Reason(
                "state",
                _("Yang diunggah sendiri hanya publikasi yang gagal tayang atau tertahan di kanalnya."),
            )
        )
    if not post.account.is_active:
        reasons.append(
            Reason("account_off", _("%(account)s sedang dinonaktifkan.", account=post.account.name))
        )
    return reasons + _embargoed(post) + _unapproved(post)


def reasons_not_to_cancel(actor: Principal, post: Post, delivery: Delivery | None) -> list[Reason]:
    """Why a coming publication cannot be called off."""
    reasons = _may(actor, post.office_id, Permission.POST_SCHEDULE)
    if delivery is None or delivery.state is S.QUEUED:
        if post.scheduled_at is None:
            reasons.append(Reason("nothing", _("Publikasi ini belum dijadwalkan.")))
        return reasons
    if not DELIVERY.allows(delivery.state, M.CANCEL):
        reasons += reasons_against_change(delivery, PostChange.SCHEDULE) or [
            Reason("ended", _("Publikasi ini berstatus “%(state)s”.", state=delivery.state.label))
        ]
    return reasons


def reasons_not_to_record(actor: Principal, delivery: Delivery) -> list[Reason]:
    """Why this person cannot say that the post is live."""
    reasons: list[Reason] = []
    if delivery.assignee_id != actor.id:
        reasons += _may(actor, delivery.office_id, Permission.EVIDENCE_RECORD)
    if delivery.state is S.PUBLISHED:
        reasons.append(Reason("live", _("Publikasi ini sudah ditandai tayang.")))
    elif not DELIVERY.allows(delivery.state, M.RECORD):
        reasons.append(
            Reason(
                "state",
                _("Publikasi ini berstatus “%(state)s”, jadi belum dapat ditandai tayang.",
                  state=delivery.state.label),
            )
        )  # fmt: skip
    return reasons


def reasons_not_to_add_evidence(actor: Principal, delivery: Delivery) -> list[Reason]:
    """Why this person cannot add to the evidence of a live post."""
    reasons: list[Reason] = []
    if delivery.assignee_id != actor.id:
        reasons += _may(actor, delivery.office_id, Permission.EVIDENCE_RECORD)
    if delivery.state not in (S.PUBLISHED, S.RETRACTED):
        reasons.append(Reason("state", _("Bukti ditambahkan pada publikasi yang sudah tayang.")))
    return reasons


def is_correction_by_hand(delivery: Delivery) -> bool:
    """Whether a person is to bring an approved correction to the channel."""
    asked = is_by_hand(delivery.account) or delivery.correct_state in _A_PERSONS
    return delivery.state is S.PUBLISHED and delivery.correcting_to_id is not None and asked


def reasons_not_to_confirm_correction(actor: Principal, delivery: Delivery) -> list[Reason]:
    """Why this person cannot say that a live post was corrected on its channel."""
    reasons: list[Reason] = []
    if delivery.assignee_id != actor.id:
        reasons += _may(actor, delivery.office_id, Permission.EVIDENCE_RECORD)
    if not is_correction_by_hand(delivery):
        reasons.append(Reason("state", _("Tidak ada ralat yang menunggu dikerjakan pada publikasi ini.")))
    return reasons


def reasons_not_to_retract(
    actor: Principal, delivery: Delivery, *, removed_by_hand: bool = False
) -> list[Reason]:
    """Why a live post cannot be taken down by this person."""
    reasons = _may(actor, delivery.office_id, Permission.STORY_WITHDRAW)
    if not DELIVERY.allows(delivery.state, M.RETRACT):
        reasons.append(Reason("state", _("Hanya publikasi yang sedang tayang yang dapat diturunkan.")))
    elif delivery.retract_state is FollowUp.WAITING and not removed_by_hand:
        reasons.append(Reason("waiting", _("Publikasi ini sedang diturunkan dari kanalnya.")))
    return reasons


def is_removal_by_hand(delivery: Delivery) -> bool:
    """Whether a person is to take a live post off its channel: that it comes down is decided."""
    withdrawn = is_by_hand(delivery.account) and delivery.post.story.state is StoryState.WITHDRAWN
    return delivery.state is S.PUBLISHED and (delivery.retract_state in _A_PERSONS or withdrawn)


def reasons_not_to_confirm_removal(actor: Principal, delivery: Delivery) -> list[Reason]:
    """Why this person cannot say that a post which was to come down is gone from its channel."""
    reasons: list[Reason] = []
    if delivery.assignee_id != actor.id:
        reasons += _may(actor, delivery.office_id, Permission.EVIDENCE_RECORD, Permission.STORY_WITHDRAW)
    if not is_removal_by_hand(delivery):
        reasons.append(Reason("state", _("Tidak ada unggahan yang menunggu dihapus pada publikasi ini.")))
    return reasons


def reasons_not_to_try_again(actor: Principal, delivery: Delivery, state: FollowUp) -> list[Reason]:
    """Why a correction or removal in this state cannot be tried once more by the connection of the account."""
    reasons = _may(actor, delivery.office_id, Permission.DELIVERY_RESOLVE)
    if delivery.state is not S.PUBLISHED or state not in _A_PERSONS or is_by_hand(delivery.account):
        reasons.append(Reason("state", _("Tidak ada yang dapat dicoba lagi lewat sambungan kanal ini.")))
    return reasons


def reasons_not_to_settle_comment(actor: Principal, delivery: Delivery) -> list[Reason]:
    """Why this person cannot say what became of the first comment, or have it sent again."""
    reasons = _may(actor, delivery.office_id, Permission.DELIVERY_RESOLVE)
    open_ = (FollowUp.UNKNOWN, FollowUp.FAILED)
    if delivery.state is not S.PUBLISHED or delivery.comment_state not in open_:
        reasons.append(Reason("state", _("Komentar pertama publikasi ini tidak menunggu jawaban.")))
    return reasons


def reasons_not_to_deny(actor: Principal, delivery: Delivery) -> list[Reason]:
    """Why this person cannot answer that an uncertain post did not appear."""
    reasons = _may(actor, delivery.office_id, Permission.DELIVERY_RESOLVE)
    if delivery.state is not S.UNKNOWN:
        reasons.append(Reason("state", _("Hasil publikasi ini sudah pasti.")))
    return reasons


# The address that a person records


@dataclass(frozen=True)
class AddressCheck:
    """What an address tells. ``url`` is it, completed; with ``error`` it cannot be recorded, with ``doubt`` only
    when the person confirms it.
    """

    url: str
    canonical: str
    error: str = ""
    doubt: str = ""


def check_address(account: ChannelAccount, typed: str) -> AddressCheck:
    """Whether an address can be a post of the account. Pure: nothing is fetched."""
    url = typed.strip()
    try:
        canonical = canonical_url(url)
    except NotHttpUrl:
        return AddressCheck(url, "", error=_("Ini belum berupa tautan. Salin tautan unggahannya dari kanal."))
    if "://" not in url:
        url = f"https://{url}"
    if not is_http_url(url) or len(url) > 1000:
        return AddressCheck(url, "", error=_("Ini belum berupa tautan. Salin tautan unggahannya dari kanal."))
    if canonical.count("/") < 3:
        return AddressCheck(
            url, canonical, error=_("Ini alamat halaman depan. Salin tautan unggahannya sendiri dari kanal.")
        )
    match _verdict(account, url):
        case UrlVerdict.OTHER_HOST:
            wanted = _join(_hosts(account))
            return AddressCheck(
                url, canonical,
                error=_("Tautan ini mengarah ke %(host)s, bukan ke %(account)s (%(wanted)s).",
                        host=host_of(url), account=account.name, wanted=wanted),
            )  # fmt: skip
        case UrlVerdict.OTHER_ACCOUNT:
            found = get_platform(account.kind.code).handle_in(url) or ""
            return AddressCheck(
                url, canonical,
                doubt=_("Tautan ini milik akun “%(found)s”, sedangkan akun %(account)s adalah “%(wanted)s”.",
                        found=found.lstrip("@"), account=account.name, wanted=account.handle.lstrip("@")),
            )  # fmt: skip
        case _:
            return AddressCheck(url, canonical)


def _verdict(account: ChannelAccount, url: str) -> UrlVerdict:
    try:
        return get_platform(account.kind.code).check_url(url, handle=account.handle, host=account.url)
    except UnknownPlatform:
        host, hosts = host_of(url), account.kind.hosts
        fits = not hosts or any(host == h or host.endswith(f".{h}") for h in hosts)
        return UrlVerdict.BELONGS if fits else UrlVerdict.OTHER_HOST


def _hosts(account: ChannelAccount) -> Sequence[str]:
    try:
        found: Sequence[str] = get_platform(account.kind.code).hosts
    except UnknownPlatform:
        found = account.kind.hosts
    return found or ([account.url] if account.url else [])


def _join(names: Sequence[str]) -> str:
    return ", ".join(names[:3])
