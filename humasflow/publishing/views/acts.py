"""What is done with one publication."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core.errors import Conflict, NotFound
from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission
from humasflow.media.services import uploads_from
from humasflow.posts.models import Post
from humasflow.publishing import queries, services
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.forms import CancelForm, CorrectedForm, RemovedForm, RetractForm
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import is_by_hand
from humasflow.publishing.services.manual import WrongPicture
from humasflow.publishing.services.resolving import ReasonNeeded
from humasflow.publishing.services.retraction import ReasonNeeded as RetractReasonNeeded
from humasflow.publishing.services.retraction import RemoveByHandFirst
from humasflow.publishing.views.blueprint import blueprint
from humasflow.publishing.views.detail import show
from humasflow.publishing.views.shared import get_post


def _back(post: Post, message: str) -> Any:
    flash(message, "success")
    return redirect(url_for("publishing.detail", post_id=post.id), code=303)


def _delivery(post: Post) -> Delivery:
    found = queries.get_current_delivery(post)
    if found is None:
        raise NotFound
    return found


@blueprint.post("/publikasi/<int:post_id>/terbitkan")
@requires(Permission.POST_SCHEDULE)
def publish_now(post_id: int) -> Any:
    """Terbitkan sekarang."""
    post = get_post(post_id)
    services.publish_now(post, actor=current_user)
    if is_by_hand(post.account):
        return redirect(url_for("publishing.mark_live", post_id=post.id), code=303)
    return _back(post, _("Sedang diterbitkan. Hasilnya tampak di sini sebentar lagi."))


@blueprint.post("/publikasi/<int:post_id>/coba-lagi")
@requires(Permission.DELIVERY_RESOLVE)
def retry(post_id: int) -> Any:
    """Coba lagi."""
    post = get_post(post_id)
    services.retry(post, actor=current_user)
    return _back(post, _("Dicoba lagi. Hasilnya tampak di sini sebentar lagi."))


@blueprint.post("/publikasi/<int:post_id>/batalkan")
@requires(Permission.POST_SCHEDULE)
def cancel(post_id: int) -> Any:
    """Batalkan jadwal."""
    post = get_post(post_id)
    form = CancelForm()
    if form.validate():
        try:
            services.cancel(post, actor=current_user, reason=form.reason.data or "")
        except ReasonNeeded as error:
            form.fail(form.reason, error.message)
        else:
            return _back(post, _("Jadwalnya dibatalkan. Publikasi ini masih dapat dijadwalkan lagi."))
    return show(post, cancel_form=form), 422


@blueprint.post("/publikasi/<int:post_id>/turunkan")
@requires(Permission.STORY_WITHDRAW)
def retract(post_id: int) -> Any:
    """Turunkan."""
    post = get_post(post_id)
    form = RetractForm()
    if form.validate():
        try:
            services.retract(
                _delivery(post), actor=current_user, reason=form.reason.data or "",
                removed_by_hand=form.removed_by_hand.data,
            )  # fmt: skip
        except RemoveByHandFirst as error:
            form.fail(form.removed_by_hand, error.message)
        except RetractReasonNeeded as error:
            form.fail(form.reason, error.message)
        else:
            return _back(post, _told_of_removal(_delivery(post)))
    return show(post, retract_form=form), 422


def _told_of_removal(delivery: Delivery) -> str:
    if delivery.state is DeliveryState.PUBLISHED:
        return _(
            "Sedang diturunkan dari %(account)s. Hasilnya tampak di sini sebentar lagi.",
            account=delivery.account.name,
        )
    return _("Publikasi ini diturunkan. Catatan dan buktinya tetap disimpan.")


@blueprint.post("/publikasi/<int:post_id>/sudah-dibetulkan")
@signed_in
def confirm_correction(post_id: int) -> Any:
    """A person has corrected the post on its channel. The services ask whether it was theirs to do."""
    post = get_post(post_id)
    form = CorrectedForm(prefix="corrected-", meta={"csrf": False})  # checked for every request
    if not form.validate():
        return show(post, corrected_form=form), 422
    uploads = uploads_from(request.files.getlist("corrected-shot"))
    try:
        services.confirm_correction(
            _delivery(post), actor=current_user, note=form.note.data or "", version_id=form.version.data,
            unneeded="unneeded" in request.form, screenshot=uploads[0] if uploads else None,
        )  # fmt: skip
    except (WrongPicture, Conflict) as error:
        form.fail(form.note, error.message)
        return show(post, corrected_form=form), 422
    return _back(post, _("Tercatat: unggahan ini sudah dibetulkan."))


@blueprint.post("/publikasi/<int:post_id>/tidak-tayang")
@requires(Permission.DELIVERY_RESOLVE)
def deny(post_id: int) -> Any:
    """Tidak tayang: the answer to "hasil belum pasti"."""
    post = get_post(post_id)
    services.deny(_delivery(post), actor=current_user)
    return _back(post, _("Dicatat: tidak tayang. Anda dapat mencobanya lagi."))


@blueprint.post("/publikasi/<int:post_id>/unggah-sendiri")
@requires(Permission.DELIVERY_RESOLVE)
def hand_over(post_id: int) -> Any:
    """Unggah sendiri: what the channel does not take from the product, a person posts."""
    post = get_post(post_id)
    services.hand_to_person(post, actor=current_user)
    return _back(post, _("Teks dan fotonya siap diunggah. Setelah diunggah, tandai tayang."))


@blueprint.post("/publikasi/<int:post_id>/ralat-lagi")
@requires(Permission.DELIVERY_RESOLVE)
def correct_again(post_id: int) -> Any:
    """Coba lagi: the correction, by the connection of the account."""
    post = get_post(post_id)
    services.correct_again(_delivery(post), actor=current_user)
    return _back(post, _("Ralatnya dicoba lagi. Hasilnya tampak di sini sebentar lagi."))


@blueprint.post("/publikasi/<int:post_id>/turunkan-lagi")
@requires(Permission.DELIVERY_RESOLVE)
def retract_again(post_id: int) -> Any:
    """Coba lagi: the removal, by the connection of the account."""
    post = get_post(post_id)
    services.retract_again(_delivery(post), actor=current_user)
    return _back(post, _("Penurunannya dicoba lagi. Hasilnya tampak di sini sebentar lagi."))


@blueprint.post("/publikasi/<int:post_id>/sudah-dihapus")
@signed_in
def confirm_removal(post_id: int) -> Any:
    """A person has removed from its channel what was to come down. The services ask whether it was theirs to do."""
    post = get_post(post_id)
    form = RemovedForm(prefix="removed-", meta={"csrf": False})  # checked for every request
    if not form.validate():
        return show(post, removed_form=form), 422
    services.confirm_removal(_delivery(post), actor=current_user, note=form.note.data or "")
    return _back(post, _("Tercatat: unggahan ini sudah dihapus. Catatan dan buktinya tetap disimpan."))


@blueprint.post("/publikasi/<int:post_id>/komentar-pertama")
@requires(Permission.DELIVERY_RESOLVE)
def settle_comment(post_id: int) -> Any:
    """The first comment: it stands there, or it is written again."""
    post = get_post(post_id)
    is_there = request.form.get("jawaban") == "ada"
    services.settle_comment(_delivery(post), actor=current_user, is_there=is_there)
    return _back(
        post, _("Tercatat: komentar pertama sudah ada.") if is_there else _("Komentar pertama dikirim lagi.")
    )
