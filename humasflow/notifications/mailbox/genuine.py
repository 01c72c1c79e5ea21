"""Whether a mail's author is who it says, as the office's own server judged it (RFC 8601). Pure.

Only the topmost Authentication-Results of the trusted server is read: that is where the last server to touch the
mail put it, and a forged one can only stand below. What it says counts when it speaks of the domain in From: DMARC
passed, or a DKIM signature or SPF result that passed for that very domain.
"""

import re

from humasflow.notifications.mailbox.parsing import Mail

_METHOD = re.compile(r"(?i)\b(dmarc|dkim|spf)\s*=\s*(\w+)([^;]*)")
_COMMENT = re.compile(r"\([^()]*\)")


def is_genuine(mail: Mail, trusted_server: str) -> bool:
    """Whether the trusted server vouches for the domain in From. Always False where none is trusted."""
    domain = mail.sender.rpartition("@")[2]
    if not trusted_server or not domain:
        return False
    results = mail.headers("Authentication-Results")
    if not results:
        return False
    name, _separator, said = _COMMENT.sub(" ", results[0]).partition(";")
    if name.strip().split(" ")[0].lower() != trusted_server.strip().lower():
        return False
    return any(_vouches(*found, sender=mail.sender) for found in _METHOD.findall(said))


def _vouches(method: str, result: str, properties: str, *, sender: str) -> bool:
    if result.lower() != "pass":
        return False
    wanted = {"dmarc": "header.from", "dkim": "header.d", "spf": "smtp.mailfrom"}[method.lower()]
    found = re.search(rf"(?i){re.escape(wanted)}\s*=\s*\"?([^\s;\"]+)", properties)
    if found is None:
        return False
    named = found[1].lower().strip("<>")
    # Whoever has an account at the same provider passes SPF for its domain: where a whole address is named, it counts.
    return named == sender if "@" in named.lstrip("@") else named.lstrip("@") == sender.rpartition("@")[2]
