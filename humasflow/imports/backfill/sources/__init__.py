"""How each source is read: an address or a file and a cursor in, one page of posts and the next cursor out.

None of them knows the database; what goes wrong is a :class:`SourceRefused` or an ``outbound.FetchFailed``.
"""

from humasflow.core.errors import UserError


class SourceRefused(UserError):
    """What is there is not what was promised; trying again changes nothing."""
