"""Pages of approvals: what waits, reading and deciding, submitting, and the chains."""

from humasflow.approvals.views import chains, inbox, reviewing, submitting
from humasflow.approvals.views.blueprint import blueprint

__all__ = ["blueprint", "chains", "inbox", "reviewing", "submitting"]
