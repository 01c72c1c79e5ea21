"""Tayang ulang: what was published once is published again, as a post of its own with a life of its own."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core.db import lock
from humasflow.core.errors import Refused
from humasflow.posts import queries
from humasflow.posts.contents import content_of
from humasflow.posts.models import Post
from humasflow.posts.policy import ever_live_among, reasons_not_to_repost
from humasflow.posts.services.writing import PostExists, add_post, check_addable, usable_assets


def repost(post: Post, *, actor: Principal) -> Post:
    """A further post of the same story on the same account with the same content, for something that is out. It needs
    its own approval and time. Needs ``post:write``.

    Raises PostExists while an earlier one is still to go out, Refused and UserError (a picture that may not be used
    any more). Flushes.
    """
    # In line behind whoever is adding one to the same story, so that two clicks never make two.
    lock(post.story)
    reasons = reasons_not_to_repost(actor, post)
    if reasons:
        raise Refused(reasons)
    account = check_addable(post.story, actor=actor, account_id=post.account_id)
    others = [p for p in queries.list_posts_of(post.story_id) if p.account_id == post.account_id]
    waiting = {p.id for p in others} - ever_live_among([p.id for p in others])
    if waiting:
        raise PostExists(
            _("Tayang ulang di %(account)s sudah disiapkan dan belum tayang.", account=account.name),
            post_id=max(waiting),
        )
    content = content_of(queries.get_current_version(post))
    assets = usable_assets(content, post.office_id, actor)
    return add_post(
        post.story, account, actor=actor, content_type_id=post.content_type_id, content=content, assets=assets,
        repost_of=post,
    )  # fmt: skip
