"""The table of an offer. Nothing else decides what may follow what."""

from humasflow.core.machines import Machine, from_states
from humasflow.planning.campaigns.enums import OfferMove as M
from humasflow.planning.campaigns.enums import OfferState as S

# What was adopted stays adopted; who declined may be asked again.
OFFER: Machine[S, M] = Machine(
    "campaign offer",
    S.OFFERED,
    {
        M.ADOPT: from_states(S.OFFERED, to=S.ADOPTED),
        M.DECLINE: from_states(S.OFFERED, to=S.DECLINED, needs_reason=True),
        M.WITHDRAW: from_states(S.OFFERED, to=S.WITHDRAWN),
        M.RENEW: from_states(S.DECLINED, S.WITHDRAWN, to=S.OFFERED),
    },
)
