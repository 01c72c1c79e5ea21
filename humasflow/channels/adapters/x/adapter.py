"""Posts on X.

X has no key for a post and no edit. What it does have is a refusal of the same text twice within some time, and the
account's own timeline: a lost answer and that refusal both end in :meth:`XAdapter.find`. A text that is not there is
no proof, because the timeline may lag: absence is not trusted.
"""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
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
    Conflict,
    Invalid,
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
from humasflow.channels.adapters.posted import posted_id
from humasflow.channels.adapters.validation import compose_text, validate_variant
from humasflow.channels.adapters.variant import Account, AppKeys, Job, MediaKind, Variant
from humasflow.channels.adapters.x import media, timeline
from humasflow.channels.adapters.x.api import API, DUPLICATE, VERSION, XApi
from humasflow.channels.adapters.x.costs import COSTS
from humasflow.core import clock

SIGN_IN = "https://x.com/i/oauth2/authorize"
# The channel's clock may be behind ours; a text of a few minutes before cannot be another post's by chance, because X
# itself refuses the same text twice.
CLOCKS_APART = timedelta(minutes=2)
AN_EARLIER_TRY = timedelta(days=2)
SHOWN_AFTER = 60.0  # seconds in which the timeline has what was posted; each further look waits twice as long
LOOKS = 2  # further ones, before a duplicate is another post's
_METRICS = {
    "likes": ("like_count",),
    "comments": ("reply_count",),
    "shares": ("repost_count", "retweet_count"),  # the name in the contract as of 2.167, and the one before
    "quotes": ("quote_count",),
    "saves": ("bookmark_count",),
    "impressions": ("impression_count",),
}


class XAdapter:
    """Publishes to one X account. ``base``: scheme and host of the interface."""

    key = "x"
    caps = Caps(can_find=True, can_retract=True, metrics=tuple(_METRICS))
    app_provider = "x"
    scopes = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
    uses_pkce = True
    notes = ("pay_per_use", "link_costs_more", "no_edit")
    """Codes of what an administrator should know before connecting; the prices are in ``costs``."""
    costs = COSTS

    def __init__(self, http: Http, base: str = API) -> None:
        self._http, self._base = http, base
        self._api = XApi(http, base)

    # Connecting

    def authorize_url(self, app: AppKeys, *, redirect_uri: str, state: str, challenge: str | None) -> str:
        """X demands the challenge."""
        return authorize_address(
            SIGN_IN,
            {
                "response_type": "code", "client_id": app.client_id, "redirect_uri": redirect_uri,
                "scope": " ".join(self.scopes), "state": state, "code_challenge": challenge,
                "code_challenge_method": "S256" if challenge else None,
            },
        )  # fmt: skip

    def exchange(self, app: AppKeys, *, code: str, redirect_uri: str, verifier: str | None) -> Grant:
        """Two hours of access, and a token to renew it."""
        values = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        return self._tokens(app, values | ({"code_verifier": verifier} if verifier else {})).as_grant()

    def outlets(self, app: AppKeys, grant: Grant) -> tuple[Outlet, ...]:
        """The one account that granted."""
        account = Account(0, self.key, secrets=grant.secrets, app=app)
        user = self._me(account)
        name = str(user.get("username", ""))
        return (
            Outlet(
                external_id=str(user["id"]),
                name=str(user.get("name", name)),
                handle=name,
                url=f"https://x.com/{name}",
                settings={"user_id": str(user["id"]), "username": name},
            ),
        )

    def verify(self, account: Account) -> AccountInfo:
        """Who the token belongs to. Warns ``followers_only`` when the account is protected."""
        user = self._me(account)
        name = str(user.get("username", ""))
        return AccountInfo(
            name=str(user.get("name", name)),
            handle=name,
            url=f"https://x.com/{name}",
            settings={"user_id": str(user["id"]), "username": name},
            warnings=("followers_only",) if user.get("protected") is True else (),
        )

    def refresh(self, account: Account) -> Tokens | None:
        """A new pair: the token that renews is good for one time. Raises AuthRevoked when it is dead."""
        values = {"grant_type": "refresh_token", "refresh_token": refresh_of(account)}
        return self._tokens(app_of(account), values).as_tokens()

    def quota(self, account: Account) -> Quota | None:
        """What is left is told with a refusal only."""
        return None

    def _tokens(self, app: AppKeys, values: dict[str, str]) -> Granted:
        basic = base64.b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()
        return call_for_tokens(
            self._http,
            f"{self._base}/2/oauth2/token",
            values,
            headers={"Authorization": f"Basic {basic}"},
            dead_when=("token was invalid",),  # a dead refresh token is an "invalid_request" here
        )

    def _me(self, account: Account) -> dict[str, Any]:
        answer = self._api.ask(
            account, "GET", "/2/users/me", query={"user.fields": "name,username,protected,verified"}
        )
        user = answer.object().get("data")
        if not isinstance(user, dict) or not user.get("id"):
            raise Transient("a success that says nothing")
        return user

    # Before publishing

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """One video, or pictures: never both."""
        problems = list(validate_variant(variant, limits, self.caps))
        kinds = [item.kind for item in variant.media]
        if MediaKind.VIDEO in kinds and len(kinds) > 1:
            codes = {problem.code for problem in problems}
            if kinds.count(MediaKind.VIDEO) < len(kinds) and ProblemCode.MIXED_KINDS not in codes:
                problems.insert(0, Problem(Severity.ERROR, Field.MEDIA, ProblemCode.MIXED_KINDS))
            if kinds.count(MediaKind.VIDEO) > 1 and ProblemCode.TOO_MANY not in codes:
                problems.insert(
                    0,
                    Problem(
                        Severity.ERROR, Field.MEDIA, ProblemCode.TOO_MANY, 1, kinds.count(MediaKind.VIDEO)
                    ),
                )
        return tuple(problems)

    def prepare(self, job: Job) -> Ready | Pending:
        """One step of one medium a call."""
        now = job.now or clock.now()
        steps = [dict(step) for step in job.prepare_state.get("media", ())]
        for index, item in enumerate(job.variant.media):
            step = steps[index] if index < len(steps) else {}
            if media.is_done(step, item, now):
                continue
            step = media.advance(self._api, job.account, job.files, item, step, now)
            steps[index : index + 1] = [step]
            if step.get("stage") == media.PROCESSING:
                return Pending({"media": steps}, retry_after=media.wait_of(step), poll=True)
            return Pending({"media": steps})
        return Ready({"media": steps[: len(job.variant.media)]} if job.variant.media else {})

    def poll(self, job: Job) -> Ready | Pending | Done:
        """How a video is getting on."""
        now = job.now or clock.now()
        steps = [dict(step) for step in job.prepare_state.get("media", ())]
        for index, item in enumerate(job.variant.media[: len(steps)]):
            if steps[index].get("stage") == media.PROCESSING:
                step = media.advance(self._api, job.account, job.files, item, steps[index], now)
                steps[index] = step
                is_working = step.get("stage") == media.PROCESSING
                wait = media.wait_of(step) if is_working else 0.0
                return Pending({"media": steps}, retry_after=wait, poll=is_working)
        return Pending({"media": steps})

    # Publishing

    def commit(self, job: Job) -> Receipt | Pending:
        """The post. Pending for "duplicate": the timeline tells whose it is, once it has had the time to show it."""
        body: dict[str, Any] = {"text": compose_text(job.variant)}
        steps = job.prepare_state.get("media", ())
        if steps:
            body["media"] = {"media_ids": [str(step["id"]) for step in steps]}
        try:
            answer = self._api.publish(job.account, body)
        except OutcomeUnknown as error:
            if error.detail != DUPLICATE:
                raise
            return Pending(dict(job.prepare_state) | {DUPLICATE: 0}, retry_after=SHOWN_AFTER)
        data = answer.object().get("data")
        if not isinstance(data, dict) or not data.get("id"):
            raise OutcomeUnknown("a success that says nothing")
        return self._receipt(job.account, str(data["id"]), hashlib.sha256(answer.body).hexdigest())

    def find(self, job: Job) -> Receipt | Absent | CannotTell | Pending:
        """The account's own posts since it was to be made, but for other deliveries', by text and number of media.

        Media without a text look alike: then only a person can tell. Raises Invalid, as what became of it, when X
        refused it as a duplicate and the other post is none of this delivery's.
        """
        user = str(job.account.settings.get("user_id", ""))
        text, count = compose_text(job.variant), len(job.variant.media)
        if not user or not timeline.key_of(text):
            return CannotTell()
        # Since the delivery was made: what is older is another one. Unless a person said of an earlier try that it is
        # not there, and was mistaken.
        since = job.created_at - (CLOCKS_APART if job.generation == 1 else AN_EARLIER_TRY)
        found = self._api.read_posts(
            job.account,
            f"/2/users/{user}/tweets",
            "attachments,created_at,entities,note_tweet,text",
            {
                "start_time": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "max_results": "100",
                "exclude": "retweets",
            },
        )
        posts = found.get("data")
        same = [
            post
            for post in (posts if isinstance(posts, list) else ())
            if isinstance(post, dict)
            and post.get("id")
            and str(post["id"]) not in job.known_ids
            and timeline.is_same(post, text, count)
        ]
        if len(same) > 1:
            return CannotTell()
        if same:
            return self._receipt(job.account, str(same[0]["id"]))
        looked = job.prepare_state.get(DUPLICATE)
        if looked is None or job.generation > 1:
            return Absent()
        if looked < LOOKS:
            state = dict(job.prepare_state) | {DUPLICATE: looked + 1}
            return Pending(state, retry_after=SHOWN_AFTER * 2 ** (looked + 1))
        raise Invalid(DUPLICATE).as_outcome()

    def update(self, job: Job) -> Receipt:
        """Never: raises Unsupported."""
        raise Unsupported("no_edit")

    def retract(self, job: Job) -> None:
        """Delete it. Raises Unsupported for one of which no id is known."""
        post = quote(posted_id(job), safe="")
        try:
            answer = self._api.ask(job.account, "DELETE", f"/2/tweets/{post}")
        except Conflict:
            return  # it is gone already
        data = answer.object().get("data")
        if not isinstance(data, dict) or data.get("deleted") is not True:
            raise Transient("a success that says nothing")

    def permalink(self, receipt: Receipt) -> str | None:
        """The address; X finds the account by itself where it is not named."""
        return receipt.permalink or f"https://x.com/i/status/{receipt.external_id}"

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """Public numbers and impressions. Raises Conflict when the post is gone."""
        found = self._api.read_posts(
            account, f"/2/tweets/{quote(receipt.external_id, safe='')}", "public_metrics"
        )
        post = found.get("data")
        if not isinstance(post, dict):
            raise Conflict("not_found")
        numbers = post.get("public_metrics")
        numbers = numbers if isinstance(numbers, dict) else {}
        return tuple(Metric(name, _number(numbers, keys), VERSION, at) for name, keys in _METRICS.items())

    def _receipt(self, account: Account, post_id: str, sha256: str | None = None) -> Receipt:
        name = str(account.settings.get("username") or account.handle).lstrip("@")
        return Receipt(post_id, f"https://x.com/{name or 'i'}/status/{post_id}", sha256)


def _number(numbers: dict[str, Any], keys: tuple[str, ...]) -> int | None:
    """The first of these that is a number; None where there is none."""
    for key in keys:
        value = numbers.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None
