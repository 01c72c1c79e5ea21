"""One publication."""

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_login import current_user

from humasflow.approvals import queries as approvals
from humasflow.audit import queries as audit
from humasflow.channels.adapters.manual import CopyKit
from humasflow.channels.connections.queries import get_connection_of
from humasflow.core import clock
from humasflow.core.guards import signed_in
from humasflow.core.permissions import Permission
from humasflow.core.whatsapp import link_to
from humasflow.orgs.queries import get_office
from humasflow.planning.queries import get_content_type
from humasflow.posts import policy as post_policy
from humasflow.posts.enums import PostChange
from humasflow.posts.models import Post
from humasflow.publishing import policy, queries
from humasflow.publishing.embargo import due_of
from humasflow.publishing.enums import DeliveryState, FollowUp, LinkState, PostState
from humasflow.publishing.forms import (
    CancelForm,
    CorrectedForm,
    EvidenceForm,
    RemovedForm,
    RetractForm,
)
from humasflow.publishing.models import Delivery
from humasflow.publishing.panels import panels_of, questions_of
from humasflow.publishing.services.correcting import brings_something, can_correct_again, snapshot_wanted
from humasflow.publishing.services.follow_ups import (
    COMMENT,
    CORRECT,
    RETRACT,
    UNDER_WAY,
    is_own,
    tries_again,
)
from humasflow.publishing.services.retraction import can_remove
from humasflow.publishing.views.blueprint import blueprint
from humasflow.publishing.views.shared import get_post, kit_of, looks_of, payload_of
from humasflow.stories import queries as stories
from humasflow.stories.models import StoryChange

PART = "keadaan"  # ?bagian=keadaan: the part of the page that is asked for again while something is under way


@blueprint.get("/publikasi/<int:post_id>")
@signed_in
def detail(post_id: int) -> Any:
    """State, content, time, address, evidence, what happened, and what can be done now."""
    post = get_post(post_id)
    if not current_user.can(Permission.STORY_READ, post.office_id):
        return redirect(url_for("publishing.mark_live", post_id=post.id))
    if request.args.get("bagian") == PART:
        state = _state_of(post, queries.get_current_delivery(post))
        return render_template("publishing/_state.html", fragment=True, **state)
    return show(post)


def show(
    post: Post,
    *,
    cancel_form: CancelForm | None = None,
    retract_form: RetractForm | None = None,
    evidence_form: EvidenceForm | None = None,
    corrected_form: CorrectedForm | None = None,
    removed_form: RemovedForm | None = None,
    answer: Any = None,
) -> str:
    """The page, perhaps with a form that came back."""
    deliveries = queries.list_deliveries_of(post.id)
    current = next((d for d in deliveries if d.generation == post.generation), None)
    # What was live in an earlier generation is what the page is about until the next one begins.
    shown = current or next(iter(deliveries), None)
    payload = payload_of(post, current)
    evidence_form = evidence_form or EvidenceForm(formdata=None, url=shown.permalink if shown else "")
    if retract_form is None:
        retract_form = RetractForm(formdata=None, reason=current.retract_reason if current else "")
    return render_template(
        "publishing/detail.html",
        **_state_of(post, current) | left_to_people(current, corrected_form, removed_form), shown=shown,
        deliveries=deliveries, payload=payload, share=link_to(_share_text(post, shown, payload)),
        cancel_form=cancel_form or CancelForm(formdata=None), retract_form=retract_form,
        evidence_form=evidence_form, releases=approvals.list_releases_of(post.story_id), answer=answer,
        timeline=audit.list_timeline(("post", post.id)), panels=panels_of(shown),
        questions=questions_of(shown),
        removes_itself=current is not None and can_remove(current), lacks_picture=_lacks_picture(shown),
        F=FollowUp, L=LinkState, looks=looks_of(post.account, payload),
        content_type=get_content_type(post.office_id, post.content_type_id),
    )  # fmt: skip


def left_to_people(
    delivery: Delivery | None,
    corrected_form: CorrectedForm | None = None,
    removed_form: RemovedForm | None = None,
) -> dict[str, Any]:
    """What the part about corrections and removals by hand needs, on this page and on the one of who posts by hand."""
    return {
        "correcting_again": tries_again(delivery, CORRECT) if delivery else None,
        "correction": _correction(delivery), "right": _right_words(delivery), "S": DeliveryState,
        "corrected_form": corrected_form
        or CorrectedForm(formdata=None, prefix="corrected-", meta={"csrf": False}),
        "removed_form": removed_form or RemovedForm(formdata=None, prefix="removed-", meta={"csrf": False}),
    }  # fmt: skip


def _state_of(post: Post, delivery: Delivery | None) -> dict[str, Any]:
    """What the part about its state needs: also what is asked for again while something is under way."""
    state = queries.state_of(post)
    connection = get_connection_of(post.account_id)
    return {
        "post": post, "delivery": delivery, "state": state, "acts": acts_of(post, delivery), "S": DeliveryState,
        "by_hand": policy.is_by_hand(post.account), "own": is_own(post.account), "where": get_office(post.office_id),
        "connection": connection, "under_way": _is_under_way(post, delivery, state),
        "removing_again": tries_again(delivery, RETRACT) if delivery else None,
        "may_mend": current_user.can(Permission.CHANNEL_MANAGE, post.office_id),
    }  # fmt: skip


def _is_under_way(post: Post, delivery: Delivery | None, state: PostState) -> bool:
    """Whether the page changes by itself within moments."""
    if state is PostState.SENDING:
        return delivery is None or delivery.next_at is None or delivery.next_at <= clock.now()
    if state is PostState.SCHEDULED:
        due = due_of(post)
        return due is not None and due <= clock.now()
    if delivery is None or state is not PostState.PUBLISHED:
        return False
    going = {kind for kind, state in _follow_ups_of(delivery) if state in UNDER_WAY}
    if post.account.paused_at is not None:
        going &= {RETRACT}  # everything else waits until the account is resumed
    return any(tries_again(delivery, kind) is None for kind in going)


def _follow_ups_of(delivery: Delivery) -> tuple[tuple[str, FollowUp], ...]:
    if delivery.retract_state is not FollowUp.NONE:  # what comes down is neither corrected nor commented on
        return ((RETRACT, delivery.retract_state),)
    return (CORRECT, delivery.correct_state), (COMMENT, delivery.comment_state)


def _lacks_picture(delivery: Delivery | None) -> bool:
    return (
        delivery is not None
        and delivery.state is DeliveryState.PUBLISHED
        and not any(row.screenshot_id for row in delivery.evidence)
    )


def _correction(delivery: Delivery | None) -> StoryChange | None:
    """The change that this channel does not show yet, if there is one. What is to come down is not corrected."""
    if delivery is None or delivery.correcting_to_id is None or delivery.retract_state is not FollowUp.NONE:
        return None
    wanted = delivery.correcting_to_id
    return next((c for c in stories.list_changes(delivery.story_id) if c.version_id == wanted), None)


def _right_words(delivery: Delivery | None) -> CopyKit | None:
    """What a person is to put in the place of what is live, ready to copy; None where they have to find the words."""
    if delivery is None or not policy.is_correction_by_hand(delivery) or not brings_something(delivery):
        return None
    wanted = snapshot_wanted(delivery)
    return kit_of(delivery.account, wanted.payload) if wanted is not None else None


def acts_of(post: Post, delivery: Delivery | None) -> dict[str, bool]:
    """Which buttons the page offers: exactly what the services would let this person do."""
    me = current_user
    acts = {
        "publish": not policy.reasons_not_to_publish_now(me, post, delivery),
        "retry": not policy.reasons_not_to_retry(me, post, delivery),
        "cancel": not policy.reasons_not_to_cancel(me, post, delivery),
        "edit": me.can(Permission.POST_WRITE, post.office_id)
        and not policy.reasons_against_change(delivery, PostChange.EDIT),
        "hand_over": not policy.reasons_not_to_hand_over(me, post, delivery),
        "schedule": me.can(Permission.POST_SCHEDULE, post.office_id)
        and not policy.reasons_against_change(delivery, PostChange.SCHEDULE),
    }
    if delivery is not None:
        acts |= {
            "record": not policy.reasons_not_to_record(me, delivery),
            "retract": not policy.reasons_not_to_retract(me, delivery),
            "corrected": not policy.reasons_not_to_confirm_correction(me, delivery),
            "correct_again": not policy.reasons_not_to_try_again(me, delivery, delivery.correct_state)
            and can_correct_again(delivery),
            "removed": not policy.reasons_not_to_confirm_removal(me, delivery),
            "retract_again": not policy.reasons_not_to_try_again(me, delivery, delivery.retract_state)
            and can_remove(delivery),
            "deny": not policy.reasons_not_to_deny(me, delivery),
            "settle_comment": not policy.reasons_not_to_settle_comment(me, delivery),
            "evidence": not policy.reasons_not_to_add_evidence(me, delivery),
            "repost": _may_repost(post, delivery),
        }
    if acts["retry"]:
        acts["publish"] = False
    if acts.get("removed"):  # that it comes down is decided
        acts["retract"] = False
    return acts


def _may_repost(post: Post, delivery: Delivery) -> bool:
    """Offered where the room below has it."""
    if "posts.repost" not in current_app.view_functions or delivery.state is not DeliveryState.PUBLISHED:
        return False
    return not post_policy.reasons_not_to_repost(current_user, post)


def _share_text(post: Post, delivery: Delivery | None, payload: dict[str, Any]) -> str:
    title = delivery.title if delivery is not None else post.story.title
    if delivery is not None and delivery.permalink:
        return f"{title}\n{delivery.permalink}"
    if not payload or payload.get("body_html"):
        return title
    return kit_of(post.account, payload).text or title
