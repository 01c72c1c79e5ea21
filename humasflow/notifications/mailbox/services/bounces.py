"""What came back: which mail of ours it was, what that means for it, and for its address."""

from collections.abc import Sequence

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.notifications.enums import MailFault, MailState
from humasflow.notifications.mailbox import dsn, queries
from humasflow.notifications.mailbox.dsn import Report, Weight
from humasflow.notifications.mailbox.parsing import Mail
from humasflow.notifications.models import MailMessage
from humasflow.notifications.services.holding import hold

_FAULTS = {
    Weight.ADDRESS: MailFault.BOUNCED_ADDRESS,
    Weight.REFUSED: MailFault.BOUNCED_REFUSED,
    Weight.FULL: MailFault.BOUNCED_FULL,
    Weight.DELAYED: MailFault.DELAYED,
}


def note_reports(office_id: int, mail: Mail) -> MailMessage | None:
    """Write down what a delivery report says of this office's mails; the first of them, None when it speaks of others.
    Flushes; a report that comes twice changes nothing.

    What a report is about is known by the Message-ID that it returns: it cannot be guessed, and only mails of the
    office whose mailbox it lies in are looked at, so nobody reports mail of another office as lost.
    """
    reports = dsn.reports_in(mail)
    ids = [i for report in reports for i in report.message_ids]
    sent = queries.list_sent_as(office_id, list(dict.fromkeys(ids)))
    found = None
    for ours in sent:
        report = _about(ours, reports, in_words=not dsn.is_formal(mail))
        if report is not None:
            _note(ours, report)
            found = found or ours
    return found


def _about(ours: MailMessage, reports: Sequence[Report], *, in_words: bool) -> Report | None:
    mine = [r for r in reports if ours.message_id in r.message_ids]
    exact = next((r for r in mine if r.recipient == ours.to_address.lower()), None)
    if exact is not None or in_words or not mine:
        return exact
    # The recipient had it forwarded, and it was lost there: this mail did not arrive, but their address is a good one.
    other = mine[0]
    weight = Weight.REFUSED if other.weight is Weight.ADDRESS else other.weight
    return Report(other.recipient, other.status, weight, other.said, other.message_ids)


def _note(mail: MailMessage, report: Report) -> None:
    error = " ".join((_FAULTS[report.weight].value, report.status or "-", report.said))
    if report.weight is Weight.DELAYED:
        if mail.state is MailState.SENT:
            mail.error = error
            db.session.flush()
        return
    # One that is waiting again was sent again by an admin since: this report is about the time before.
    if mail.state not in (MailState.SENT, MailState.FAILED):
        return
    mail.state, mail.error = MailState.BOUNCED, error
    db.session.flush()
    audit.record(
        AuditAction.MAIL_BOUNCED, ("mail", mail.id), office_id=mail.office_id, actor=None, to=mail.to_address,
        status=report.status, said=report.said,
    )  # fmt: skip
    if report.weight is Weight.ADDRESS:
        hold(mail)
