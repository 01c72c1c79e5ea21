"""Who counts as a reader. Nothing here identifies anybody."""

import ipaddress
import re
from collections.abc import Collection

# Programs that fetch pages by themselves. "Cubot" is a make of telephone, not a robot.
_BOTS = re.compile(
    r"(?<!cu)bot\b|bot[/_-]|crawl|spider|slurp|scrap|preview|fetch|monitor|validator|archiv|facebookexternalhit|"
    r"^whatsapp/|headless|phantomjs|lighthouse|pagespeed|curl|wget|python|httpx|aiohttp|go-http|java/|okhttp|"
    r"libwww|node-fetch|axios|feed|rss|selenium|puppeteer|playwright|inspectiontool|googleother|mediapartners|"
    r"apis-google|pingdom|statuscake|embedly|chatgpt|claude|anthropic|perplexity|^ruby|^perl|^php",
    re.IGNORECASE,
)


def is_bot(user_agent: str) -> bool:
    """Whether a program rather than a person asks. Whoever does not say what it is, is taken for a program."""
    return not user_agent.strip() or _BOTS.search(user_agent) is not None


def comes_from_own_page(site: str | None, origin: str | None, own_origins: Collection[str]) -> bool:
    """Whether a request was made by a script of one of our own pages, by its headers ``Sec-Fetch-Site`` and ``Origin``.

    ``own_origins`` like ``https://berita.example``. Every browser in use sends ``Origin`` with a POST; a request
    without either header was not made by a page.
    """
    return site == "same-origin" if site is not None else origin in own_origins


def network_of(address: str) -> str:
    """The part of a network address that stays with one connection: a device changes the rest of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
