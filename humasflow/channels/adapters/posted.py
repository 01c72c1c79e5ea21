"""What a delivery became on its channel."""

from humasflow.channels.adapters.errors import Unsupported
from humasflow.channels.adapters.variant import Job


def posted_id(job: Job) -> str:
    """The id of the post. Raises Unsupported without one, before anything is asked: a person published it, and an
    address without its last part is the address of something else.
    """
    if not job.external_id:
        raise Unsupported("no_id")
    return job.external_id
