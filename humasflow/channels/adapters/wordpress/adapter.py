"""The WordPress adapter.

A post is made as a draft that only the portal's own people can see, with its pictures and its text; the one
irreversible call then publishes that very draft, by its number. So however often the call is made, however late one of
them arrives, there is one post: a portal that is asked to make a post with a name that is taken makes a second one. It
is not called idempotent all the same: what people on the portal threw away meanwhile shall not come back by itself.

What is asked of an account: ``host`` (any address of the portal), ``settings["username"]`` (otherwise ``handle``) and
the secret ``password`` (a password for applications). ``settings``: ``rest_root`` (kept by ``verify``), ``categories``
(optional list of names that every post gets). Hashtags become the post's tags. The time of a post is the portal's own
at the moment of publishing: a time of ours a few seconds ahead of its clock would leave the post "scheduled".

Proven against WordPress 6.1 (tests/servers/wordpress).
"""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from humasflow.channels.adapters.base import (
    Absent,
    AccountInfo,
    CannotTell,
    Caps,
    Done,
    Field,
    Grant,
    Limits,
    Metric,
    Pending,
    Problem,
    ProblemCode,
    Quota,
    Ready,
    Receipt,
    Severity,
    Tokens,
)
from humasflow.channels.adapters.errors import AuthRevoked, Conflict, Forbidden, Transient, Unsupported
from humasflow.channels.adapters.http import Http, irreversible
from humasflow.channels.adapters.validation import validate_variant
from humasflow.channels.adapters.variant import Account, Job, MediaKind, Variant
from humasflow.channels.adapters.wordpress import files, posts, terms
from humasflow.channels.adapters.wordpress.content import as_title, body_of, file_slug, pictures_of, slug_of
from humasflow.channels.adapters.wordpress.discovery import Root, find_root
from humasflow.channels.adapters.wordpress.portal import (
    ROOT,
    Portal,
    authorization_of,
    portal_of,
    thing_of,
    username_of,
)
from humasflow.channels.adapters.wordpress.progress import Progress
from humasflow.channels.adapters.wordpress.refusals import (
    NO_SUCH_POST,
    NO_TRASH,
    NOT_TO_EDIT,
    TRASHED,
    code_of,
    refusal,
)

_MOST_DRAFTS: Final = 3  # made anew when people on the portal threw one away


class WordPressAdapter:
    """See the module."""

    key = "wordpress"
    caps = Caps(
        needs_title=True,
        needs_text=True,
        text_is_html=True,
        can_find=True,
        trusts_absence=True,
        can_edit=True,
        can_retract=True,
        is_proven=True,
    )

    def __init__(self, http: Http) -> None:
        self._http = http

    # The account

    def sign_in(self, account: Account) -> Grant:
        """Try the password that was typed, and keep it."""
        self.verify(account)
        return Grant({"password": account.secrets["password"].strip()})

    def verify(self, account: Account) -> AccountInfo:
        """Asks who we are, which is the only question that a wrong password cannot pass: elsewhere the portal answers
        it as it would any passer-by.
        """
        if not username_of(account) or not account.secrets.get("password", "").strip():
            raise AuthRevoked("no name or no password")
        root, me = self._who(account)
        may = me.get("capabilities")
        may = may if isinstance(may, dict) else {}
        if may and not may.get("publish_posts"):
            raise Forbidden("publish_posts")
        return AccountInfo(
            name=root.name or str(me.get("name") or username_of(account)),
            handle=str(me.get("username") or username_of(account)),
            url=root.home,
            settings={ROOT: root.url, "user_id": me["id"]},
            warnings=() if not may or may.get("upload_files") else ("no_uploads",),
        )

    def _who(self, account: Account) -> tuple[Root, dict[str, Any]]:
        """The portal, and whom it takes us for. One that is connected is asked where it was found; it is looked for
        once more only when no WordPress answers there.
        """
        kept = account.settings.get(ROOT)
        if isinstance(kept, str) and kept:
            try:
                return self._asked_at(Root(kept), account)
            except Unsupported:
                pass  # the portal has moved its API
        return self._asked_at(find_root(self._http, account.host), account)

    def _asked_at(self, root: Root, account: Account) -> tuple[Root, dict[str, Any]]:
        portal = Portal(self._http, root.url, authorization_of(account))
        try:
            me = portal.read("wp/v2/users/me", {"context": "edit"})
        except AuthRevoked as refused:
            if _told(portal, root).refuses_passwords:
                raise Forbidden("application_passwords_off") from refused
            raise
        return _told(portal, root), me

    def refresh(self, account: Account) -> Tokens | None:
        """A password for applications holds until somebody withdraws it."""
        return None

    def quota(self, account: Account) -> Quota | None:
        """A portal sets no number."""
        return None

    # The post

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """A title and a text are needed. Videos and documents are not sent."""
        kinds = tuple(
            Problem(Severity.ERROR, Field.MEDIA, ProblemCode.WRONG_KIND, item=index, detail=item.kind.value)
            for index, item in enumerate(variant.media)
            if item.kind is not MediaKind.IMAGE and item.kind in limits.media_kinds
        )
        return kinds + validate_variant(variant, limits, self.caps)

    def prepare(self, job: Job) -> Ready | Pending:
        """The draft, then its terms, its pictures and their words, one a call; away with pictures of an earlier try; at
        last its text.

        That last step is made at every call. Whatever is written, the draft is looked at before: it may have been
        thrown away, and its number may be another post's by now.
        """
        portal = portal_of(self._http, job.account)
        done = Progress.of(job.prepare_state, portal.root)
        if done.post is None:
            return self._begin(portal, job, done)
        try:
            draft, _answer = posts.look_at(portal, done.post)
        except Forbidden as refused:
            if refused.detail != NOT_TO_EDIT:  # so it is somebody else's
                raise
            draft = {}
        if draft is not None and not posts.belongs(draft, job):
            return _anew(replace(done, uploaded={}, resent=frozenset(), terms={}))
        if draft is None or draft.get("status") == "trash":
            return _anew(done)
        step = _next_step(portal, job, done)
        if step is not None:
            return Pending(step)
        if done.swept < len(files.WAYS):
            removed = files.sweep_one(portal, job, done.post, _kept(job, done), done.swept, done.removed)
            if removed is not None:
                return Pending(done.to_state(removed=sorted({*done.removed, removed})))
            return Pending(done.to_state(swept=done.swept + 1))
        saved = portal.write(f"wp/v2/posts/{done.post}", _content(job, done))
        return Ready(done.to_state()) if saved.get("status") != "trash" else _anew(done)

    def poll(self, job: Job) -> Ready | Pending | Done:
        """There is nothing to wait for."""
        return Ready(job.prepare_state)

    def commit(self, job: Job) -> Receipt | Pending:
        """Publish the draft. Doing so twice publishes one post."""
        portal = portal_of(self._http, job.account)
        done = Progress.of(job.prepare_state, portal.root)
        if done.post is None:
            raise Transient("there is no draft yet")
        draft, _answer = posts.look_at(portal, done.post)
        if draft is None or draft.get("status") == "trash" or not posts.belongs(draft, job):
            raise Transient("the draft is gone")
        answer = portal.ask("POST", f"wp/v2/posts/{done.post}", values={"status": "publish"}, by=irreversible)
        if code_of(answer) == NO_SUCH_POST:
            raise Transient("the draft is gone")
        thing = thing_of(answer, is_final=True)
        return posts.put_off(thing, job) or posts.receipt_of(thing, answer)

    def find(self, job: Job) -> Receipt | Absent | CannotTell | Pending:
        """By its number; without one by the address it would have, told from a stranger's by the marker in its text.

        A draft is not there for anybody.
        """
        portal = portal_of(self._http, job.account)
        done = Progress.of(job.prepare_state, portal.root)
        if done.post is None:
            found = posts.look_up(portal, job)
            return posts.found_as(found, job) if found else Absent()
        thing, answer = posts.look_at(portal, done.post)
        if thing is None or thing["id"] != done.post or not posts.belongs(thing, job):
            return CannotTell()
        return posts.found_as(thing, job, answer)

    def update(self, job: Job) -> Receipt:
        """Replace title, text and pictures; address and time stay. Pictures that fell out are taken away.

        Raises Conflict when the portal's people have taken the post down, or the number is another post's. May be
        repeated.
        """
        portal, number = portal_of(self._http, job.account), posts.post_of(job)
        thing, _answer = posts.look_at(portal, number)
        posts.require_ours(thing, job)
        posts.receipt_of(thing or {"status": "gone"})
        done = Progress.of(
            Progress.of(job.prepare_state, portal.root).to_state(post=number, described=[]), portal.root
        )
        while (step := _next_step(portal, job, done)) is not None:
            done = Progress.of(step, portal.root)
        content = {name: value for name, value in _content(job, done).items() if name != "slug"}
        answer = portal.ask("POST", f"wp/v2/posts/{number}", values=content)
        receipt = posts.receipt_of(thing_of(answer), answer)
        files.sweep(portal, job, number, keep=_kept(job, done))
        return receipt

    def retract(self, job: Job) -> None:
        """Into the portal's trash, where its people can get it back; a portal without one keeps a draft. The pictures
        that came with it are deleted: their addresses would stay open. May be repeated.

        Raises Conflict when the number is another post's.
        """
        portal, number = portal_of(self._http, job.account), posts.post_of(job)
        thing, _answer = posts.look_at(portal, number)
        posts.require_ours(thing, job)
        if thing is not None and thing.get("status") != "trash":
            _throw_away(portal, number)
        files.sweep(portal, job, number)

    def discard(self, job: Job) -> None:
        """The draft into the portal's trash, its pictures away. What anybody has published meanwhile stays."""
        portal = portal_of(self._http, job.account)
        number = Progress.of(job.prepare_state, portal.root).post
        draft = posts.look_at(portal, number)[0] if number is not None else None
        if number is None or draft is None or not posts.is_unseen(draft) or not posts.belongs(draft, job):
            return
        if draft.get("status") != "trash":
            _throw_away(portal, number)
        files.sweep(portal, job, number)

    def permalink(self, receipt: Receipt) -> str | None:
        """As the portal told it."""
        return receipt.permalink

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """WordPress counts no readers."""
        return ()

    @staticmethod
    def _begin(portal: Portal, job: Job, done: Progress) -> Pending:
        """The draft of an earlier try, or a new one."""
        found = posts.look_up(portal, job)
        if found is None:
            found = portal.write("wp/v2/posts", {"status": "draft", **_content(job, done)})
            return Pending(done.to_state(post=found["id"], drafts=done.drafts + 1))
        return Pending(done.to_state(post=found["id"]))


def _told(portal: Portal, root: Root) -> Root:
    """With what the portal says of itself, where it says that to us alone. Its name is all that hangs on it."""
    if root.index:
        return root
    try:
        answer = portal.ask("GET", "", query={"_fields": "name,home,url,authentication"})
    except Transient:
        return root
    return Root(root.url, answer.object()) if answer.is_ok else root


def _throw_away(portal: Portal, number: int) -> None:
    answer = portal.ask("DELETE", f"wp/v2/posts/{number}")
    code = code_of(answer)
    if code not in {TRASHED, NO_SUCH_POST} and (code or not answer.is_ok):
        if code != NO_TRASH and answer.status not in {403, 405, 501}:
            raise refusal(answer)
        # No trash, or a server that lets no DELETE through.
        portal.write(f"wp/v2/posts/{number}", {"status": "draft"})


def _anew(done: Progress) -> Pending:
    """Without a draft: the next step makes one. Raises Conflict when that goes on and on."""
    if done.drafts >= _MOST_DRAFTS:
        raise Conflict("somebody on the portal throws the draft away")
    return Pending(done.to_state(post=None, described=[], swept=0))


def _kept(job: Job, done: Progress) -> frozenset[int]:
    """The numbers of the pictures that belong to the post as it is wanted now."""
    names = (file_slug(job, one) for one in pictures_of(job.variant))
    return frozenset(done.uploaded[name].id for name in names if name in done.uploaded)


def _next_step(portal: Portal, job: Job, done: Progress) -> dict[str, Any] | None:
    """Make one more step and return the state after it; None when nothing but the text is left."""
    for kind, name in terms.wanted(job):
        if terms.key(kind, name) not in done.terms:
            found = terms.resolve(portal, kind, name)
            return done.to_state(terms={**done.terms, terms.key(kind, name): found})
    for item in pictures_of(job.variant):
        slug = file_slug(job, item)
        if slug not in done.uploaded:
            sent = files.upload(portal, job, item, done.post)
            kept = {name: one.to_state() for name, one in done.uploaded.items()}
            return done.to_state(uploaded={**kept, slug: sent.to_state()})
        if slug not in done.described and done.post is not None:
            try:
                files.describe(portal, job, item, done.uploaded[slug], done.post)
            except Conflict as gone:
                if gone.detail != NO_SUCH_POST or slug in done.resent:
                    raise
                kept = {name: one.to_state() for name, one in done.uploaded.items() if name != slug}
                # Somebody deleted the picture: it is sent once more.
                return done.to_state(uploaded=kept, resent=sorted({*done.resent, slug}))
            return done.to_state(described=sorted({*done.described, slug}))
    return None


def _content(job: Job, done: Progress) -> dict[str, Any]:
    variant = job.variant
    pictures = [
        done.uploaded[name] for one in pictures_of(variant) if (name := file_slug(job, one)) in done.uploaded
    ]
    content: dict[str, Any] = {
        "title": as_title(variant.title),
        "content": body_of(job, done.uploaded),
        "excerpt": as_title(variant.summary),
        "slug": slug_of(job),
        "featured_media": pictures[0].id if pictures else 0,
    }
    for kind in terms.KINDS:
        ids = [
            done.terms[key]
            for one, name in terms.wanted(job)
            if one == kind and (key := terms.key(one, name)) in done.terms
        ]
        # A draft that was found may bear hashtags that were taken out since. Categories are the account's: where it
        # names none, they are the portal's own affair.
        if ids or kind == terms.TAGS:
            content[kind] = ids
    return content
