"""A post's links as they go out: with the parameters by which the office's own statistics tell channels apart."""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from humasflow.channels.adapters.counters import find_links
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.slugs import slugify
from humasflow.core.urls import host_of, is_http_url
from humasflow.planning.campaigns.models import Campaign
from humasflow.stories.models import Story

MEDIUM = "social"
_KEPT = "campaigns_of_links"


def outgoing_link(account: ChannelAccount, link: str, *, adds_utm: bool, campaign: str) -> str:
    """The address that goes out: as typed, or with ``utm_source`` (the platform), ``utm_medium`` (social) and
    ``utm_campaign``. A parameter that is there already stays as it was typed; what is no address stays whole, for the
    channel's check to name.
    """
    link = link.strip()
    if not adds_utm or not is_http_url(link):
        return link
    parts = urlsplit(link)
    known = {name.lower() for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    wanted = {"utm_source": account.kind.code, "utm_medium": MEDIUM, "utm_campaign": campaign}
    added = urlencode([(k, v) for k, v in wanted.items() if k not in known and v], quote_via=quote)
    query = "&".join(part for part in (parts.query, added) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))


def counted_host(link: str, *texts: str) -> str:
    """The site whose visits are counted: that of the link, else the only one that the texts lead to. Empty: none, for
    the texts lead nowhere or to several sites and nobody said which one is meant.
    """
    if link:
        return _host(link)
    hosts = {_host(span.value) for text in texts for span in find_links(text)} - {""}
    return hosts.pop() if len(hosts) == 1 else ""


def with_outgoing_links(text: str, account: ChannelAccount, host: str, *, campaign: str) -> str:
    """A text in which every link to the counted site goes out with its parameters: a link that is counted under two
    addresses is counted under none. Other links stay.
    """
    pieces, at = [], 0
    for span in find_links(text):
        if host and _host(span.value) == host and "utm_source" not in span.value:
            whole = _whole(span.value)
            pieces += [text[at : span.start], outgoing_link(account, whole, adds_utm=True, campaign=campaign)]
            at = span.end
    return "".join([*pieces, text[at:]])


def campaign_code(story: Story) -> str:
    """``utm_campaign`` of a story: its campaign's name as an address part, else the story's number. One statement the
    first time in a unit of work, none without a campaign.
    """
    if story.campaign_id is None:
        return f"naskah-{story.id}"
    # Held here, the session finds it again without asking.
    held: dict[int, Campaign | None] = db.session().info.setdefault(_KEPT, {})
    held[story.campaign_id] = campaign = db.session.get(Campaign, story.campaign_id)
    return slugify(campaign.name, fallback=f"kampanye-{campaign.id}") if campaign else f"naskah-{story.id}"


def _host(link: str) -> str:
    """Empty for what is no address: the channel's check names it."""
    whole = _whole(link)
    return host_of(whole) if is_http_url(whole) else ""


def _whole(link: str) -> str:
    return link if "://" in link else f"https://{link}"
