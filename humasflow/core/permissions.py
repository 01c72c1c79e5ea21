"""What a person may do: one documented enum, and which role carries what.

Services and templates ask for a permission, never for a role's name. A role is held in a unit for a span of dates
(see :mod:`humasflow.accounts`); holding it in an office covers the office's sections.
"""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Permission(StrEnum):
    """Alphabetical; ``room:what``."""

    ACCOUNT_MANAGE = "account:manage"  # people and their roles in the office
    AUDIT_READ = "audit:read"  # the office's whole record
    CALENDAR_READ = "calendar:read"  # the calendar of the office
    CHANNEL_MANAGE = "channel:manage"  # channel accounts, kinds, limits
    CHILDREN_READ = "children:read"  # standing of the offices below
    CONTRIBUTION_READ = "contribution:read"  # what each person of the office brought; one's own needs none
    DELIVERY_RESOLVE = "delivery:resolve"  # answer "unknown", retry, cancel a publication
    EVIDENCE_RECORD = "evidence:record"  # Tandai tayang on any manual task of the office
    EVIDENCE_VERIFY = "evidence:verify"  # confirm that a post is live and counts
    GUIDELINE_OVERRIDE = "guideline:override"  # set a blocking finding aside, with a reason
    IMPORT_RUN = "import:run"  # record past publications
    JOB_READ = "job:read"  # the outbox and its dead letters
    MEDIA_UPLOAD = "media:upload"
    METRIC_RECORD = "metric:record"  # numbers of engagement, typed, pasted or from a spreadsheet
    OFFICE_EXPORT = "office:export"  # everything the office owns, out of the product and into an empty one
    OFFICE_MANAGE = "office:manage"  # sections, content types, pillars, mail settings, approval chains
    PITCH_CREATE = "pitch:create"
    PITCH_READ_ALL = "pitch:read-all"  # everybody's pitches in the office
    PITCH_TRIAGE = "pitch:triage"  # accept, park, reject
    POST_SCHEDULE = "post:schedule"
    POST_WRITE = "post:write"
    REPORT_MAKE = "report:make"  # reports and evidence packs of the office; one's own report needs none
    SCORE_CLOSE = "score:close"  # sign a period, write adjustments
    SCORE_MANAGE = "score:manage"  # schemes, components, targets, how a publication is divided between people
    SCORE_MEASURE = "score:measure"  # marks, ranks, checklists and official results
    SCORE_REOPEN = "score:reopen"  # open a signed period again, with a reason
    SCORE_READ = "score:read"  # the office's standing
    STORY_APPROVE = "story:approve"  # may be an approver in a chain
    STORY_PUBLISH_URGENTLY = "story:publish-urgently"  # without approval, with a reason; another clears it
    STORY_READ = "story:read"
    STORY_WITHDRAW = "story:withdraw"
    STORY_WRITE = "story:write"


class Role(StrEnum):
    """Bundles of permissions that an admin gives to people."""

    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    APPROVER = "approver"
    LEAD = "lead"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """The role's name for people."""
        return str(_ROLE_LABELS[self])


_ROLE_LABELS = {
    Role.CONTRIBUTOR: _l("Kontributor"),
    Role.EDITOR: _l("Redaktur"),
    Role.APPROVER: _l("Penyetuju"),
    Role.LEAD: _l("Ketua tim"),
    Role.ADMIN: _l("Admin"),
}

_P = Permission
_CONTRIBUTOR = frozenset({_P.PITCH_CREATE, _P.MEDIA_UPLOAD, _P.CALENDAR_READ})
_EDITOR = _CONTRIBUTOR | {
    _P.DELIVERY_RESOLVE, _P.EVIDENCE_RECORD, _P.EVIDENCE_VERIFY, _P.IMPORT_RUN, _P.METRIC_RECORD, _P.PITCH_READ_ALL,
    _P.PITCH_TRIAGE, _P.REPORT_MAKE, _P.SCORE_MEASURE,
    _P.POST_SCHEDULE, _P.POST_WRITE, _P.SCORE_READ, _P.STORY_READ, _P.STORY_WITHDRAW, _P.STORY_WRITE,
    _P.STORY_PUBLISH_URGENTLY,
}  # fmt: skip
_APPROVER = _CONTRIBUTOR | {
    _P.GUIDELINE_OVERRIDE, _P.STORY_READ, _P.STORY_APPROVE, _P.SCORE_READ, _P.PITCH_READ_ALL,
}  # fmt: skip
_LEAD = _CONTRIBUTOR | {
    _P.AUDIT_READ, _P.CHILDREN_READ, _P.CONTRIBUTION_READ, _P.EVIDENCE_VERIFY, _P.METRIC_RECORD, _P.PITCH_READ_ALL,
    _P.REPORT_MAKE, _P.SCORE_CLOSE, _P.SCORE_MEASURE, _P.SCORE_READ, _P.STORY_READ,
    _P.GUIDELINE_OVERRIDE, _P.STORY_PUBLISH_URGENTLY,
}  # fmt: skip
_ADMIN = _CONTRIBUTOR | {
    _P.ACCOUNT_MANAGE, _P.AUDIT_READ, _P.CHANNEL_MANAGE, _P.IMPORT_RUN, _P.JOB_READ, _P.OFFICE_EXPORT, _P.OFFICE_MANAGE,
    _P.PITCH_READ_ALL, _P.REPORT_MAKE, _P.SCORE_MANAGE, _P.SCORE_MEASURE, _P.SCORE_READ, _P.SCORE_REOPEN, _P.STORY_READ,
}  # fmt: skip

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CONTRIBUTOR: _CONTRIBUTOR,
    Role.EDITOR: _EDITOR,
    Role.APPROVER: _APPROVER,
    Role.LEAD: _LEAD,
    Role.ADMIN: _ADMIN,
}
