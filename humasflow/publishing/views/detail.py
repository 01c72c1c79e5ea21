"""One publication."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_login import current_user

from humasflow.approvals import queries as approvals
from humasflow.audit import queries as audit
from humasflow.core.guards import signed_in
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office
from humasflow.planning.queries import get_content_type
from humasflow.posts.enums import PostChange
from humasflow.posts.models import Post
from humasflow.publishing import policy, queries
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.forms import CancelForm, CorrectedForm, EvidenceForm, RetractForm
from humasflow.publishing.models import Delivery
from humasflow.publishing.views.blueprint import blueprint
from humasflow.publishing.views.shared import get_post, kit_of, payload_of, whatsapp_link
from humasflow.stories import queries as stories
from humasflow.stories.models import StoryChange


@blueprint.get("/publikasi/<int:post_id>")
@signed_in
def detail(post_id: int) -> Any:
    """State, content, time, address, evidence, what happened, and what can be done now."""
    post = get_post(post_id)
    if not current_user.can(Permission.STORY_READ, post.office_id):
        return redirect(url_for("publishing.mark_live", post_id=post.id))
    return show(post)


def show(
    post: Post,
    *,
    cancel_form: CancelForm | None = None,
    retract_form: RetractForm | None = None,
    evidence_form: EvidenceForm | None = None,
    corrected_form: CorrectedForm | None = None,
    answer: Any = None,
) -> str:
    """The page, perhaps with a form that came back."""
    deliveries = queries.list_deliveries_of(post.id)
    current = next((d for d in deliveries if d.generation == post.generation), None)
    # What was live in an earlier generation is what the page is about until the next one begins.
    shown = current or next(iter(deliveries), None)
    payload = payload_of(post, current)
    evidence_form = evidence_form or EvidenceForm(formdata=None, url=shown.permalink if shown else "")
    return render_template(
        "publishing/detail.html",
        post=post, delivery=current, shown=shown, deliveries=deliveries, state=queries.state_of(post),
        payload=payload, by_hand=policy.is_by_hand(post.account),
        share=whatsapp_link(_share_text(post, shown, payload)),
        acts=_acts(post, current), cancel_form=cancel_form or CancelForm(formdata=None),
        retract_form=retract_form or RetractForm(formdata=None), evidence_form=evidence_form,
        corrected_form=corrected_form or CorrectedForm(formdata=None, prefix="corrected-", meta={"csrf": False}),
        correction=_correction(current),
        releases=approvals.list_releases_of(post.story_id), answer=answer,
        timeline=audit.list_timeline(("post", post.id)),
        S=DeliveryState, where=get_office(post.office_id),
        content_type=get_content_type(post.office_id, post.content_type_id),
    )  # fmt: skip


def _correction(delivery: Delivery | None) -> StoryChange | None:
    """The change that this channel does not show yet, if there is one."""
    if delivery is None or delivery.correcting_to_id is None:
        return None
    wanted = delivery.correcting_to_id
    return next((c for c in stories.list_changes(delivery.story_id) if c.version_id == wanted), None)


def _acts(post: Post, delivery: Delivery | None) -> dict[str, bool]:
    """Which buttons the page offers: exactly what the services would let this person do."""
    me = current_user
    acts = {
        "publish": not policy.reasons_not_to_publish_now(me, post, delivery),
        "retry": not policy.reasons_not_to_retry(me, post, delivery),
        "cancel": not policy.reasons_not_to_cancel(me, post, delivery),
        "schedule": me.can(Permission.POST_SCHEDULE, post.office_id)
        and not policy.reasons_against_change(delivery, PostChange.SCHEDULE),
    }
    if delivery is not None:
        acts |= {
            "record": not policy.reasons_not_to_record(me, delivery),
            "retract": not policy.reasons_not_to_retract(me, delivery),
            "corrected": not policy.reasons_not_to_confirm_correction(me, delivery),
            "deny": not policy.reasons_not_to_deny(me, delivery),
            "evidence": policy.is_by_hand(post.account)
            and not policy.reasons_not_to_add_evidence(me, delivery),
        }
    if acts["retry"]:
        acts["publish"] = False
    return acts


def _share_text(post: Post, delivery: Delivery | None, payload: dict[str, Any]) -> str:
    title = delivery.title if delivery is not None else post.story.title
    if delivery is not None and delivery.permalink:
        return f"{title}\n{delivery.permalink}"
    return kit_of(post.account, payload).text or title if payload else title
