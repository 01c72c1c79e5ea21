"""Videos on TikTok.

TikTok names a publication (``publish_id``) before a byte of it is sent, publishes by itself once the last one is
there, and can be asked about it: so a lost answer is never a riddle. An application that TikTok has not audited may
only post where nobody sees it; then a person posts instead.

Only videos: pictures would have to be fetched by TikTok from a domain that it has verified.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

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
    Outlet,
    Pending,
    Problem,
    ProblemCode,
    Quota,
    Ready,
    Receipt,
    Severity,
    Tokens,
)
from humasflow.channels.adapters.errors import (
    AdapterError,
    Conflict,
    Invalid,
    MediaRejected,
    OutcomeUnknown,
    Transient,
    Unsupported,
)
from humasflow.channels.adapters.http import Http
from humasflow.channels.adapters.oauth import (
    Granted,
    app_of,
    authorize_address,
    call_for_tokens,
    refresh_of,
)
from humasflow.channels.adapters.tiktok.api import API, PRIVATE_ONLY, TikTokApi, refusal
from humasflow.channels.adapters.tiktok.numbers import NAMES, numbers_of
from humasflow.channels.adapters.tiktok.upload import ADDRESS_LIVES, PIECE, TYPES, Plan, Uploads, plan
from humasflow.channels.adapters.validation import compose_text, validate_variant
from humasflow.channels.adapters.variant import (
    Account,
    AppKeys,
    Job,
    JsonObject,
    MediaItem,
    MediaKind,
    Variant,
)
from humasflow.core import clock

SIGN_IN = "https://www.tiktok.com/v2/auth/authorize/"
PUBLIC = "PUBLIC_TO_EVERYONE"
ASK_AGAIN = 5.0  # seconds; at most 30 questions a minute and account
ASK_MODERATION = 60.0
# A public post gets its number after moderation: a minute, sometimes hours. Without one nobody sees it, so when it is
# not there by now a person looks.
MODERATION = timedelta(hours=6)
_PROCESSING = frozenset({"PROCESSING_UPLOAD", "PROCESSING_DOWNLOAD"})


class TikTokAdapter:
    """Publishes to one TikTok account. ``base``: scheme and host of the interface; ``sign_in_at``: the sign-in page."""

    key = "tiktok"
    caps = Caps(two_step=True, can_find=True, trusts_absence=True, metrics=NAMES)
    app_provider = "tiktok"
    scopes = ("user.info.basic", "video.publish", "video.list")
    # TikTok has it for phones and desktop programs only (and hashes in hex there); a server has its secret.
    uses_pkce = False
    notes = ("unaudited_private_only", "videos_only", "no_edit", "no_retract")
    """Codes of what an administrator should know before connecting."""

    def __init__(self, http: Http, base: str = API, sign_in_at: str = SIGN_IN) -> None:
        self._http, self._base, self._sign_in_at = http, base, sign_in_at
        self._api = TikTokApi(http, base)
        self._uploads = Uploads(http)

    # Connecting

    def authorize_url(self, app: AppKeys, *, redirect_uri: str, state: str, challenge: str | None) -> str:
        """TikTok calls the client id ``client_key`` and separates scopes by commas."""
        return authorize_address(
            self._sign_in_at,
            {
                "client_key": app.client_id, "response_type": "code", "scope": ",".join(self.scopes),
                "redirect_uri": redirect_uri, "state": state,
            },
        )  # fmt: skip

    def exchange(self, app: AppKeys, *, code: str, redirect_uri: str, verifier: str | None) -> Grant:
        """A day of access, and a year in which it can be renewed."""
        return self._tokens(
            app, {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        ).as_grant()

    def outlets(self, app: AppKeys, grant: Grant) -> tuple[Outlet, ...]:
        """The one account that granted."""
        account = Account(0, self.key, secrets=grant.secrets, app=app)
        user = self._user(account)
        handle = str(self._creator(account).get("creator_username") or "")
        return (
            Outlet(
                external_id=str(user["open_id"]),
                name=str(user.get("display_name") or handle),
                handle=handle,
                url=_profile(handle),
                settings={"open_id": str(user["open_id"]), "username": handle},
            ),
        )

    def verify(self, account: Account) -> AccountInfo:
        """Who the token belongs to, and how long a video may be. Warns ``private_only`` where nothing public goes."""
        creator = self._creator(account)
        handle = str(creator.get("creator_username") or "")
        seconds = creator.get("max_video_post_duration_sec")
        return AccountInfo(
            name=str(creator.get("creator_nickname") or handle),
            handle=handle,
            url=_profile(handle),
            settings={"username": handle},
            limits={"video_seconds": seconds} if isinstance(seconds, int) and seconds > 0 else {},
            warnings=() if PUBLIC in _levels(creator) else (PRIVATE_ONLY,),
        )

    def refresh(self, account: Account) -> Tokens | None:
        """A new pair. Raises AuthRevoked when the token that renews is dead."""
        values = {"grant_type": "refresh_token", "refresh_token": refresh_of(account)}
        return self._tokens(app_of(account), values).as_tokens()

    def quota(self, account: Account) -> Quota | None:
        """TikTok tells only by refusing."""
        return None

    def _tokens(self, app: AppKeys, values: dict[str, str]) -> Granted:
        keys = {"client_key": app.client_id, "client_secret": app.client_secret}
        return call_for_tokens(self._http, f"{self._base}/v2/oauth/token/", values | keys)

    def _user(self, account: Account) -> dict[str, Any]:
        user = self._api.get(account, "/v2/user/info/?fields=open_id,display_name").get("user")
        if not isinstance(user, dict) or not user.get("open_id"):
            raise Transient("a success that says nothing")
        return user

    def _creator(self, account: Account) -> dict[str, Any]:
        return self._api.post(account, "/v2/post/publish/creator_info/query/", {})

    # Before publishing

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """Exactly one video; pictures are posted by hand."""
        problems = list(validate_variant(variant, limits, self.caps))
        known = {(problem.code, problem.item) for problem in problems}
        for index, item in enumerate(variant.media):
            if item.kind is not MediaKind.VIDEO and (ProblemCode.WRONG_KIND, index) not in known:
                problems.append(_wrong(ProblemCode.WRONG_KIND, item=index, detail=item.kind.value))
        videos = sum(item.kind is MediaKind.VIDEO for item in variant.media)
        if videos > 1 and (ProblemCode.TOO_MANY, None) not in known:
            problems.append(_wrong(ProblemCode.TOO_MANY, limit=1, actual=videos))
        if not variant.media and (ProblemCode.TOO_FEW, None) not in known:
            problems.append(_wrong(ProblemCode.TOO_FEW, limit=1, actual=0))
        return tuple(sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR))

    def prepare(self, job: Job) -> Ready | Pending:
        """Asks what the account may post, opens the publication, sends piece after piece up to the last.

        Raises Unsupported where nothing public goes.
        """
        item, state = _video_of(job.variant), dict(job.prepare_state)
        cut = plan(item.size)
        if not state.get("publish_id"):
            return self._open(job, item, cut, state)
        if state.get("is_sent"):
            return Pending({})  # TikTok had all of it and published none: that publication is over
        if _is_old(state, job.now or clock.now()):
            return Pending({})  # its address is dead, so what is not whole will never be: from the beginning
        sent = int(state.get("sent", 0))
        if sent < cut.count - 1:
            if not self._uploads.send(str(state["upload_url"]), job.files, item, cut, sent):
                return Pending({})
            state["sent"] = sent + 1
        return Ready(state) if int(state.get("sent", 0)) >= cut.count - 1 else Pending(state)

    def _open(self, job: Job, item: MediaItem, cut: Plan, state: dict[str, Any]) -> Pending:
        if "username" not in state:
            creator = self._creator(job.account)
            if PUBLIC not in _levels(creator):
                raise Unsupported(PRIVATE_ONLY)
            longest = creator.get("max_video_post_duration_sec")
            if isinstance(longest, int) and item.duration > longest > 0:
                raise Invalid(
                    "duration",
                    [_wrong(ProblemCode.TOO_LONG_VIDEO, limit=longest, actual=round(item.duration), item=0)],
                )
            off = {name: creator.get(name) is True for name in _SWITCHES}
            return Pending({"username": str(creator.get("creator_username") or ""), **off})
        opened = self._api.post(
            job.account,
            "/v2/post/publish/video/init/",
            {
                "post_info": {
                    "title": compose_text(job.variant),
                    "privacy_level": PUBLIC,
                    # What the account has switched off must be asked off, or TikTok refuses.
                    **{switch: state.get(name) is True for name, switch in _SWITCHES.items()},
                },
                "source_info": {
                    "source": "FILE_UPLOAD",
                    "video_size": cut.size,
                    "chunk_size": cut.length,
                    "total_chunk_count": cut.count,
                },
            },
        )
        if not opened.get("publish_id") or not opened.get("upload_url"):
            raise Transient("a success that says nothing")
        return Pending(
            {
                "username": state["username"],
                "publish_id": str(opened["publish_id"]),
                "upload_url": str(opened["upload_url"]),
                "opened_at": (job.now or clock.now()).isoformat(),
                "size": cut.size,
                "sent": 0,
            }
        )

    def poll(self, job: Job) -> Ready | Pending | Done:
        """How TikTok is getting on after the last piece."""
        if not job.prepare_state.get("is_sent"):
            return self.prepare(job)
        found = self.find(job)
        if isinstance(found, Receipt):
            return Done(found)
        if isinstance(found, CannotTell):
            raise OutcomeUnknown("unknown status")
        return found if isinstance(found, Pending) else Ready(job.prepare_state)

    # Publishing

    def carried(self, variant: Variant) -> int:
        """The last piece of the video, with what is left over."""
        return min(2 * PIECE, sum(item.size for item in variant.media))

    def commit(self, job: Job) -> Receipt | Pending:
        """The last piece; TikTok publishes when it has processed and looked at the video."""
        item, state = _video_of(job.variant), dict(job.prepare_state)
        cut = plan(item.size)
        if self._uploads.finish(str(state.get("upload_url", "")), job.files, item, cut):
            return Pending(state | {"is_sent": True}, retry_after=ASK_AGAIN, poll=True)
        # TikTok wants none of it: it is too late, or it has everything already.
        try:
            found, sha256 = self._status(job)
        except AdapterError as error:
            raise OutcomeUnknown(error.detail) from error
        if found.get("status") in _PROCESSING and _is_missing_bytes(job, found):
            raise Transient("upload_expired")
        answer = self._judged(job, found, sha256)
        if isinstance(answer, CannotTell):
            raise OutcomeUnknown("unknown status")
        return answer

    def find(self, job: Job) -> Receipt | Absent | CannotTell | Pending:
        """What TikTok says of the publication. Raises what made it fail, as its outcome.

        A video of which bytes are missing is absent once its address is dead: until then some may be on their way.
        """
        if not job.prepare_state.get("publish_id"):
            return Absent()
        found, sha256 = self._status(job)
        is_dead = _is_old(job.prepare_state, job.now or clock.now())
        if found.get("status") in _PROCESSING and is_dead and _is_missing_bytes(job, found):
            return Absent()
        return self._judged(job, found, sha256)

    def _status(self, job: Job) -> tuple[dict[str, Any], str]:
        publish_id = str(job.prepare_state.get("publish_id", ""))
        return self._api.ask(job.account, "/v2/post/publish/status/fetch/", {"publish_id": publish_id})

    def _judged(self, job: Job, found: dict[str, Any], sha256: str) -> Receipt | CannotTell | Pending:
        status = str(found.get("status", ""))
        if status == "PUBLISH_COMPLETE":
            return self._published(job, found, sha256)
        if status == "FAILED":
            raise _failure(str(found.get("fail_reason") or "")).as_outcome()
        if status in _PROCESSING:
            return Pending(
                job.prepare_state, retry_after=ASK_AGAIN, poll=bool(job.prepare_state.get("is_sent"))
            )
        return CannotTell()

    def _published(self, job: Job, found: dict[str, Any], sha256: str) -> Receipt | CannotTell | Pending:
        # The misspelling is TikTok's; the other spelling in case they mend it.
        posts = found.get("publicaly_available_post_id") or found.get("publicly_available_post_id")
        if isinstance(posts, list) and posts:
            name = str(job.prepare_state.get("username") or job.account.settings.get("username") or "")
            return Receipt(str(posts[0]), _address(name, str(posts[0])), sha256)
        since = job.committing_at or job.created_at
        if (job.now or clock.now()) - since < MODERATION:
            waiting = bool(job.prepare_state.get("is_sent"))
            return Pending(job.prepare_state, retry_after=ASK_MODERATION, poll=waiting)
        return CannotTell()  # "complete", and nothing that anybody could open

    def update(self, job: Job) -> Receipt:
        """Never: raises Unsupported."""
        raise Unsupported("no_edit")

    def retract(self, job: Job) -> None:
        """Never: raises Unsupported."""
        raise Unsupported("no_retract")

    def permalink(self, receipt: Receipt) -> str | None:
        """The address, known once TikTok gave the post its number."""
        return receipt.permalink

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """Views, likes, comments, shares (see numbers.py)."""
        return numbers_of(self._api, receipt, account, at=at)


_SWITCHES = {
    "comment_disabled": "disable_comment", "duet_disabled": "disable_duet", "stitch_disabled": "disable_stitch",
}  # fmt: skip


def _levels(creator: dict[str, Any]) -> tuple[str, ...]:
    found = creator.get("privacy_level_options")
    return tuple(str(level) for level in found) if isinstance(found, list) else ()


def _video_of(variant: Variant) -> MediaItem:
    if len(variant.media) != 1 or variant.media[0].kind is not MediaKind.VIDEO:
        raise Invalid("one video is needed", [_wrong(ProblemCode.TOO_FEW, limit=1, actual=0)])
    if variant.media[0].mime not in TYPES:
        raise MediaRejected(f"no video that TikTok takes: {variant.media[0].mime or 'unknown'}")
    return variant.media[0]


def _wrong(code: ProblemCode, **numbers: Any) -> Problem:
    return Problem(Severity.ERROR, Field.MEDIA, code, **numbers)


def _failure(reason: str) -> AdapterError:
    """Why nothing was published. What would pass for another publication does not for this one: it is over."""
    error = refusal(reason)
    return Conflict(reason or "failed") if error.is_retryable else error


def _is_missing_bytes(job: Job, found: dict[str, Any]) -> bool:
    """Whether TikTok says that it has less than the whole video. What it does not say is no yes."""
    got, size = found.get("uploaded_bytes"), job.prepare_state.get("size")
    return isinstance(got, int) and isinstance(size, int) and got < size


def _is_old(state: JsonObject, now: datetime) -> bool:
    return datetime.fromisoformat(str(state["opened_at"])) + ADDRESS_LIVES <= now


def _profile(handle: str) -> str:
    return f"https://www.tiktok.com/@{quote(handle)}" if handle else ""


def _address(handle: str, post_id: str) -> str | None:
    return f"{_profile(handle)}/video/{post_id}" if handle else None
