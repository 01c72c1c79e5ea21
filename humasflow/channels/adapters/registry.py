"""Which adapter serves which key. Adapters that talk to a channel are given the way they talk."""

from collections.abc import Mapping
from types import MappingProxyType

from humasflow.channels.adapters.base import Adapter
from humasflow.channels.adapters.bluesky import BlueskyAdapter
from humasflow.channels.adapters.http import Http
from humasflow.channels.adapters.manual import ManualAdapter
from humasflow.channels.adapters.mastodon import MastodonAdapter
from humasflow.channels.adapters.meta.facebook import FacebookAdapter
from humasflow.channels.adapters.meta.instagram import InstagramAdapter
from humasflow.channels.adapters.meta.threads import ThreadsAdapter
from humasflow.channels.adapters.telegram import TelegramAdapter
from humasflow.channels.adapters.tiktok import TikTokAdapter
from humasflow.channels.adapters.web import WebAdapter
from humasflow.channels.adapters.wordpress import WordPressAdapter
from humasflow.channels.adapters.x import XAdapter
from humasflow.channels.adapters.youtube import YouTubeAdapter


class UnknownAdapter(LookupError):
    """No adapter has this key: the account was set up by a newer or a differently built installation."""


def make_adapters(http: Http) -> Mapping[str, Adapter]:
    """Every adapter by its key, talking through ``http``."""
    found: tuple[Adapter, ...] = (
        WebAdapter(),
        ManualAdapter(),
        WordPressAdapter(http),
        BlueskyAdapter(http),
        MastodonAdapter(http),
        FacebookAdapter(http),
        InstagramAdapter(http),
        ThreadsAdapter(http),
        XAdapter(http),
        YouTubeAdapter(http),
        TikTokAdapter(http),
        TelegramAdapter(http),
    )
    return MappingProxyType({adapter.key: adapter for adapter in found})
