"""Tandai tayang: a person has posted by hand and says where, when and with which picture of the screen."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, Refused, UserError
from humasflow.core.events import emit
from humasflow.core.urls import NotHttpUrl, canonical_url
from humasflow.media.models import Asset
from humasflow.media.services import Upload, keep_images
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryMove, DeliveryState, FollowUp
from humasflow.publishing.events import FollowUpFailed
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.policy import (
    FUTURE_TOLERANCE,
    AddressCheck,
    check_address,
    reasons_not_to_add_evidence,
    reasons_not_to_record,
)
from humasflow.publishing.services.afterwards import enqueue_announcement, has_comment
from humasflow.publishing.services.evidence import add_row
from humasflow.publishing.services.moving import lock_delivery, move, record
from humasflow.publishing.services.telling import TroubleKind, note_live_trouble


class WrongAddress(UserError):
    """The address cannot be a post of this account."""


class ConfirmationNeeded(UserError):
    """The address may be right, but only the person can say so."""


class AlreadyRecorded(UserError):
    """The office has recorded this address before: ``post_id`` says where."""

    status = 409

    def __init__(self, message: str, post_id: int) -> None:
        super().__init__(message)
        self.post_id = post_id


class WrongTime(UserError):
    """The time cannot be."""


class NothingAdded(UserError):
    """A further row would say what the last one says."""


class WrongPicture(UserError):
    """The screenshot cannot be kept."""


def record_manual(
    delivery: Delivery,
    *,
    actor: Principal,
    url: str,
    published_at: datetime,
    screenshot: Upload | Asset | None = None,
    note: str = "",
    confirmed: bool = False,
    shown: str = "",
) -> Evidence:
    """The post is live at ``url`` since ``published_at`` (aware). Evidence and state in one transaction; flushes.

    ``shown``: the SHA-256 of what they had before them to copy; empty: not known. The assignee may, and whoever holds
    ``evidence:record``. Raises Refused, Conflict (it was corrected meanwhile: what is up is the earlier text),
    WrongAddress, ConfirmationNeeded, AlreadyRecorded, WrongTime, WrongPicture.
    """
    lock_delivery(delivery)
    reasons = reasons_not_to_record(actor, delivery)
    if reasons:
        raise Refused(reasons)
    if shown and shown != delivery.payload_sha256:
        raise Conflict(_("Isi sudah berubah sejak halaman ini dibuka. Muat ulang, lalu baca sekali lagi."))
    check = _checked(delivery, url, confirmed=confirmed)
    _check_time(published_at)
    picture = keep_screenshot(screenshot, delivery, actor)
    was_uncertain = delivery.state is DeliveryState.UNKNOWN
    delivery.permalink, delivery.canonical_url = check.url, check.canonical
    delivery.published_at, delivery.error = published_at, ""
    move(delivery, DeliveryMove.RECORD)
    evidence = add_row(
        delivery,
        url=check.url,
        published_at=published_at,
        captured_by=actor.id,
        screenshot=picture,
        note=note,
    )
    record(AuditAction.DELIVERY_PUBLISHED, delivery, actor=actor, url=check.url)
    _refuse_known(delivery, check)
    if was_uncertain:
        _ask_for_comment(delivery)
    enqueue_announcement(delivery)
    return evidence


def _ask_for_comment(delivery: Delivery) -> None:
    """The product posted it and knows no id of it, so a person writes its first comment. Who posts by hand has it
    beside the text.
    """
    if delivery.comment_state is FollowUp.NONE and has_comment(delivery):
        delivery.comment_state = FollowUp.FAILED
        note_live_trouble(delivery, TroubleKind.COMMENT)
        delivery.follow_up_error = _("Tulis komentar pertamanya di kanal, lalu catat di sini.")
        emit(FollowUpFailed(delivery.id, delivery.post_id, what="comment"))


def add_evidence(
    delivery: Delivery,
    *,
    actor: Principal,
    url: str,
    screenshot: Upload | Asset | None = None,
    note: str = "",
    confirmed: bool = False,
) -> Evidence:
    """A further row of evidence: a screenshot that was missing, or the right address for a wrongly recorded one.

    Earlier rows stay. The publication shows the newest address. Raises as :func:`record_manual`.
    """
    lock_delivery(delivery)
    reasons = reasons_not_to_add_evidence(actor, delivery)
    if reasons:
        raise Refused(reasons)
    if delivery.published_at is None:
        raise LookupError(f"delivery {delivery.id} was live without a time")
    check = _known(delivery, url) or _checked(delivery, url, confirmed=confirmed)
    changed = check.canonical != delivery.canonical_url
    if not changed and screenshot is None and not note:
        raise NothingAdded(
            _("Belum ada yang ditambahkan. Lampirkan tangkapan layar, catatan, atau tautan yang benar.")
        )
    picture = keep_screenshot(screenshot, delivery, actor)
    if changed:
        delivery.permalink, delivery.canonical_url = check.url, check.canonical
        delivery.updated_at = clock.now()
        delivery.link_checked_at = None  # what was seen at the other address says nothing about this one
    evidence = add_row(
        delivery, url=check.url, published_at=delivery.published_at, captured_by=actor.id, screenshot=picture,
        note=note,
    )  # fmt: skip
    record(AuditAction.EVIDENCE_RECORDED, delivery, actor=actor, url=check.url, reason=note)
    _refuse_known(delivery, check)
    return evidence


def _known(delivery: Delivery, url: str) -> AddressCheck | None:
    """The address that the publication has already, told by its channel or recorded before: not questioned again."""
    try:
        same = canonical_url(url) == delivery.canonical_url
    except NotHttpUrl:
        return None
    return AddressCheck(delivery.permalink or url, delivery.canonical_url or "") if same else None


def _checked(delivery: Delivery, url: str, *, confirmed: bool) -> AddressCheck:
    check = check_address(delivery.account, url)
    if check.error:
        raise WrongAddress(check.error)
    _refuse_known(delivery, check)
    if check.doubt and not confirmed:
        raise ConfirmationNeeded(check.doubt)
    return check


def _refuse_known(delivery: Delivery, check: AddressCheck) -> None:
    """Asked before, and once more when the record's lock has put the office's writers in line."""
    with db.session.no_autoflush:
        other = queries.find_published(delivery.office_id, check.canonical, but=delivery.id)
    if other is not None:
        raise AlreadyRecorded(
            _("Tautan ini sudah tercatat untuk “%(title)s” di %(account)s.",
              title=other.title, account=other.account.name),
            other.post_id,
        )  # fmt: skip


def _check_time(published_at: datetime) -> None:
    if published_at > clock.now() + FUTURE_TOLERANCE:
        raise WrongTime(_("Waktu tayang ini belum terjadi. Periksa tanggal dan jamnya."))


def keep_screenshot(
    screenshot: Upload | Asset | None, delivery: Delivery, actor: Principal | None
) -> Asset | None:
    """A picture of the screen as an asset that says what it shows. ``actor`` None: the product took it itself.
    Raises WrongPicture. Flushes.
    """
    if screenshot is None or isinstance(screenshot, Asset):
        return _described(screenshot, delivery) if screenshot is not None else None
    kept, refused = keep_images([screenshot], office_id=delivery.office_id, actor=actor)
    problems: Sequence[str] = [r.message for r in refused]
    if problems:
        raise WrongPicture(problems[0])
    return _described(kept[0], delivery)


def _described(picture: Asset, delivery: Delivery) -> Asset:
    """Somebody who cannot see it, or finds it in the library, learns what it is."""
    if not picture.alt_text:
        picture.alt_text = _(
            "Tangkapan layar “%(title)s” di %(account)s",
            title=delivery.title[:150],
            account=delivery.account.name,
        )
        db.session.flush()
    return picture
