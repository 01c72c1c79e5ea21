"""Typed access to the bundled platforms and content types."""

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

from humasflow.channels.adapters.base import Counter, Field, Limits
from humasflow.channels.adapters.variant import MediaKind
from humasflow.core.urls import NotHttpUrl, host_of

PRESETS = "humasflow.channels.presets"
ANY_PLATFORM = "*"

LIMIT_FIELDS = frozenset(
    {
        "title",
        "text",
        "text_with_media",
        "text_bytes",
        "url_length",
        "hashtags",
        "links",
        "media_min",
        "media_max",
        "alt_text",
        "ratio_min",
        "ratio_max",
        "video_bytes",
        "video_seconds",
        "first_comment",
    }
)
"""Limit names that :class:`Limits` enforces."""

INFORMATIVE_FIELDS = frozenset({"tags_total"})
"""Limits that are shown to people only: what they limit is not part of a post here."""


class PresetError(ValueError):
    """The bundled data, or an override of it, is not what it should be; the message names the entry."""


class UnknownPlatform(LookupError):
    """No bundled platform has this key."""


class UrlVerdict(StrEnum):
    """What an address tells about the account it should belong to."""

    BELONGS = "belongs"
    NOT_A_LINK = "not_a_link"
    OTHER_HOST = "other_host"
    OTHER_ACCOUNT = "other_account"


@dataclass(frozen=True, slots=True)
class LimitFact:
    """One limit as it was read: ``as_of`` is a month (YYYY-MM), ``unit`` the source's own wording."""

    field: str
    value: int
    unit: str
    as_of: str
    source: str


@dataclass(frozen=True, slots=True)
class Platform:
    """A kind of channel. ``hosts``: names whose addresses are its own, subdomains included; empty where every
    account has its own host (a portal, a Mastodon server).
    """

    key: str
    label: str
    icon: str
    adapter: str
    connector: str  # empty: by hand only
    hosts: tuple[str, ...]
    handle_pattern: re.Pattern[str] | None
    limits: Limits
    facts: tuple[LimitFact, ...]

    @property
    def limit_values(self) -> dict[str, int]:
        """The enforced limits by name, as they are stored with a channel kind."""
        return {fact.field: fact.value for fact in self.facts if fact.field in LIMIT_FIELDS}

    @property
    def limits_as_of(self) -> str:
        """The month of the oldest fact: the whole is no fresher. Empty without facts."""
        return min((fact.as_of for fact in self.facts), default="")

    @property
    def limits_source(self) -> str:
        """Where the facts were read, each source once."""
        return "; ".join(dict.fromkeys(fact.source for fact in self.facts))

    def check_url(self, url: str, *, handle: str = "", host: str = "") -> UrlVerdict:
        """Whether ``url`` can be a post of the account with this ``handle`` (or, on a platform of many hosts, of
        this ``host``). Where the address says nothing about the account, it passes: a person vouches for it.
        """
        try:
            found = host_of(url)
        except NotHttpUrl:
            return UrlVerdict.NOT_A_LINK
        wanted_hosts = self.hosts or ((_bare_host(host),) if host else ())
        if wanted_hosts and not any(found == name or found.endswith(f".{name}") for name in wanted_hosts):
            return UrlVerdict.OTHER_HOST
        named = self.handle_in(url)
        if handle and named is not None and _handle(named) != _handle(handle):
            return UrlVerdict.OTHER_ACCOUNT
        return UrlVerdict.BELONGS

    def handle_in(self, url: str) -> str | None:
        """The account an address names, or None where addresses of this form name none."""
        if self.handle_pattern is None:
            return None
        match = self.handle_pattern.fullmatch(unquote(urlsplit(url).path))
        return None if match is None else match[1]


@dataclass(frozen=True, slots=True)
class ContentTypePreset:
    """A kind of content (jenis konten). ``platforms``: where it is usual; empty means anywhere."""

    code: str
    label: str
    platforms: tuple[str, ...]

    def suits(self, platform: str) -> bool:
        """Whether it is offered first on that platform (its key)."""
        return not self.platforms or platform in self.platforms


@cache
def platforms() -> Mapping[str, Platform]:
    """The bundled platforms by key, in the order they are offered. Raises PresetError."""
    data = tomllib.loads(_read("platforms.toml"))
    found: dict[str, Platform] = {}
    for entry in data["platform"]:
        platform = _platform(entry)
        if platform.key in found:
            raise PresetError(f"platform {platform.key} is listed twice")
        found[platform.key] = platform
    return MappingProxyType(found)


def get_platform(key: str) -> Platform:
    """One bundled platform. Raises UnknownPlatform."""
    try:
        return platforms()[key]
    except KeyError:
        raise UnknownPlatform(key) from None


def platform_of_url(url: str) -> Platform | None:
    """The platform whose host the address has, for recognising a pasted link; None for any other site."""
    try:
        host = host_of(url)
    except NotHttpUrl:
        return None
    for platform in platforms().values():
        if any(host == name or host.endswith(f".{name}") for name in platform.hosts):
            return platform
    return None


@cache
def content_types() -> tuple[ContentTypePreset, ...]:
    """The bundled content types, in the order they are offered. Raises PresetError."""
    found: list[ContentTypePreset] = []
    for row in csv.DictReader(_read("content_types.csv").splitlines()):
        names = row["platforms"].split()
        if unknown := [name for name in names if name != ANY_PLATFORM and name not in platforms()]:
            raise PresetError(f"content type {row['code']} names unknown platforms: {', '.join(unknown)}")
        found.append(
            ContentTypePreset(row["code"], row["label"], () if ANY_PLATFORM in names else tuple(names))
        )
    return tuple(found)


def with_overrides(limits: Limits, overrides: Mapping[str, Any]) -> Limits:
    """``limits`` with what an account or an administrator set instead; None takes a limit away.

    Raises PresetError for an unknown name or a value that is no whole number from 0.
    """
    for name, value in overrides.items():
        if name not in LIMIT_FIELDS:
            raise PresetError(f"unknown limit: {name}")
        is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        if not is_count and value is not None:
            raise PresetError(f"limit {name} is not a whole number from 0: {value!r}")
    changes: dict[str, Any] = dict(overrides)
    if changes.get("media_min", 0) is None:
        changes["media_min"] = 0
    return replace(limits, **changes)


def limits_for(platform: str, *, counter: str, values: Mapping[str, Any]) -> Limits:
    """The limits of an account from what is stored: ``values`` holds every number (a missing one means no limit).

    What is no number (which media, forbidden characters, what only warns) comes with the bundled platform, where
    the key is one. Raises PresetError for an unknown counter, limit or a value that is no whole number from 0.
    """
    known = platforms().get(platform)
    rules = Limits() if known is None else known.limits
    try:
        bare = Limits(
            counter=Counter(counter),
            title_forbidden=rules.title_forbidden,
            media_kinds=rules.media_kinds,
            media_mixed=rules.media_mixed,
            advisory=rules.advisory,
        )
    except ValueError as error:
        raise PresetError(str(error)) from error
    return with_overrides(bare, values)


def _platform(entry: Mapping[str, Any]) -> Platform:
    key = str(entry["key"])
    try:
        facts = tuple(LimitFact(**fact) for fact in entry.get("limit", ()))
        if unknown := {fact.field for fact in facts} - LIMIT_FIELDS - INFORMATIVE_FIELDS:
            raise PresetError(f"unknown limits: {', '.join(sorted(unknown))}")
        base = Limits(
            counter=Counter(entry["counter"]),
            title_forbidden=str(entry.get("title_forbidden", "")),
            media_kinds=frozenset(MediaKind(kind) for kind in entry.get("media_kinds", MediaKind)),
            media_mixed=bool(entry.get("media_mixed", True)),
            advisory=frozenset(Field(field) for field in entry.get("advisory", ())),
        )
        pattern = entry.get("handle_pattern")
        return Platform(
            key=key,
            label=str(entry["label"]),
            icon=str(entry["icon"]),
            adapter=str(entry["adapter"]),
            connector=str(entry.get("connector", "")),
            hosts=tuple(entry["hosts"]),
            handle_pattern=re.compile(pattern, re.ASCII) if pattern else None,
            limits=with_overrides(
                base, {fact.field: fact.value for fact in facts if fact.field in LIMIT_FIELDS}
            ),
            facts=facts,
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise PresetError(f"platform {key}: {error}") from error


def _read(name: str) -> str:
    return files(PRESETS).joinpath(name).read_text(encoding="utf-8")


def _bare_host(host: str) -> str:
    """The host of what an administrator typed: a name or a whole address, ``www.`` dropped."""
    text = host.strip().lower()
    if "://" in text:
        text = urlsplit(text).hostname or text
    return text.split("/", 1)[0].split(":", 1)[0].removeprefix("www.")


def _handle(name: str) -> str:
    """Without its server, which no address of a post repeats behind the name."""
    return name.strip().lstrip("@").split("@")[0].casefold()
