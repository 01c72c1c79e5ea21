"""Which addresses are of the public internet."""

import ipaddress

_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(n)
    for n in ("192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4", "100.64.0.0/10")
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
# Within it: protocol assignments (Teredo among them), documentation, 6to4. The last hides an IPv4 address.
_REFUSED_V6 = tuple(
    ipaddress.IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, for one machine. An IPv4 address inside an IPv6 one is
    judged as what it is, or refused.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        return found in _GLOBAL_V6 and found.is_global and not any(found in net for net in _REFUSED_V6)
    return found.is_global and not any(found in net for net in _REFUSED_V4)
