"""The office's own newsroom, served by this product.

A post is public exactly while its delivery holds a receipt, so the "call" is the writing of that receipt: it is
idempotent, its external id is the post's own id, and an interrupted one left nothing behind.
"""

from datetime import datetime
from urllib.parse import urljoin

from humasflow.channels.adapters.base import (
    Absent,
    AccountInfo,
    CannotTell,
    Caps,
    Done,
    Field,
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
from humasflow.channels.adapters.errors import Invalid
from humasflow.channels.adapters.validation import validate_variant
from humasflow.channels.adapters.variant import Account, Job, MediaKind, Variant
from humasflow.core.urls import is_http_url, safe_local_target


class WebAdapter:
    """Publishes to the own newsroom. ``job.destination``: ``base_url`` (http/https) and ``path`` (starts with /)."""

    key = "web"
    caps = Caps(
        needs_title=True,
        needs_text=True,
        needs_alt_text=True,
        text_is_html=True,
        idempotent=True,
        can_find=True,
        can_edit=True,
        can_retract=True,
    )

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """Title, body and an alternative text for every picture are required. Its pages show pictures only."""
        kinds = tuple(
            Problem(Severity.ERROR, Field.MEDIA, ProblemCode.WRONG_KIND, item=index, detail=item.kind.value)
            for index, item in enumerate(variant.media)
            if item.kind is not MediaKind.IMAGE and item.kind in limits.media_kinds
        )
        return kinds + validate_variant(variant, limits, self.caps)

    def verify(self, account: Account) -> AccountInfo:
        """Always usable: it is this installation."""
        return AccountInfo(name=account.handle or account.host or self.key, handle=account.handle)

    def refresh(self, account: Account) -> Tokens | None:
        """No credentials, nothing to refresh."""
        return None

    def quota(self, account: Account) -> Quota | None:
        """No limit."""
        return None

    def prepare(self, job: Job) -> Ready | Pending:
        """Checks the destination. Raises Invalid."""
        return Ready({"permalink": self._address(job)})

    def poll(self, job: Job) -> Ready | Pending | Done:
        """There is nothing to wait for."""
        return Ready(job.prepare_state)

    def commit(self, job: Job) -> Receipt | Pending:
        """The receipt by which the newsroom shows the post; the same job always gives the same one."""
        return self._receipt(job)

    def find(self, job: Job) -> Receipt | Absent | CannotTell:
        """Public if and only if a receipt was stored."""
        if job.external_id is None:
            return Absent()
        return Receipt(external_id=job.external_id, permalink=self._address(job))

    def update(self, job: Job) -> Receipt:
        """The newsroom shows the newest published payload; the address stays."""
        return self._receipt(job)

    def retract(self, job: Job) -> None:
        """The newsroom stops showing a post once its delivery says so; nothing is left to undo elsewhere."""

    def permalink(self, receipt: Receipt) -> str | None:
        """The public address."""
        return receipt.permalink

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """Readers are counted by the newsroom itself as they come, not fetched."""
        return ()

    def _receipt(self, job: Job) -> Receipt:
        return Receipt(external_id=str(job.post_id), permalink=self._address(job))

    @staticmethod
    def _address(job: Job) -> str:
        base = job.destination.get("base_url")
        path = job.destination.get("path")
        if not isinstance(base, str) or not is_http_url(base):
            raise Invalid("destination.base_url is not an http(s) address")
        if not isinstance(path, str) or safe_local_target(path) is None:
            raise Invalid("destination.path is not a path of this site")
        return urljoin(base, path)
