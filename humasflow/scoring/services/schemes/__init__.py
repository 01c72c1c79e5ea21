"""Writing schemes: drafts, their activation, presets, and what is taken over from an office above.

A scheme's rules change by a new version; what counts already never does.
"""

from humasflow.scoring.services.schemes.activating import (
    RESCORE,
    activate_version,
    possible_starts,
    reasons_not_to_begin,
    replaced_by,
)
from humasflow.scoring.services.schemes.creating import (
    create_scheme,
    create_scheme_version,
    describe_scheme,
    score_again,
    set_active,
)
from humasflow.scoring.services.schemes.drafting import (
    component_of,
    discard_draft,
    move_component,
    remove_component,
    save_component,
    save_rules,
    save_weights,
    start_draft,
)
from humasflow.scoring.services.schemes.presets import start_from_preset
from humasflow.scoring.services.schemes.specs import (
    ComponentSpec,
    RulesSpec,
    SchemeRefused,
    rules_of,
    spec_of_component,
)
from humasflow.scoring.services.schemes.taking_over import take_over

__all__ = [
    "RESCORE",
    "ComponentSpec",
    "RulesSpec",
    "SchemeRefused",
    "activate_version",
    "component_of",
    "create_scheme",
    "create_scheme_version",
    "describe_scheme",
    "discard_draft",
    "move_component",
    "possible_starts",
    "reasons_not_to_begin",
    "remove_component",
    "replaced_by",
    "rules_of",
    "save_component",
    "save_rules",
    "save_weights",
    "score_again",
    "set_active",
    "spec_of_component",
    "start_draft",
    "start_from_preset",
    "take_over",
]
