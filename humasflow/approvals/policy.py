"""May this be submitted, may this person decide, and if not, why: all reasons at once, in plain words."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts import queries as accounts
from humasflow.accounts.policy import Principal
from humasflow.approvals.asking import asked, list_approvers
from humasflow.approvals.contents import Content, content_to_submit, is_unchanged, named
from humasflow.approvals.enums import PackageState, Verdict
from humasflow.approvals.models import Decision, Package, PackageItem, PackageStep
from humasflow.channels.adapters.base import Severity
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.core.localtime import show_instant
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.posts.models import Post, PostVersion
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.policy import reasons_not_ready

# Submitting is the first step of a draft's review; later, posts made or changed since are submitted by themselves.
SUBMITTABLE = frozenset({StoryState.DRAFT, StoryState.APPROVED, StoryState.PUBLISHED})

FALLBACK_ZONE = "Asia/Jakarta"  # a section has no zone of its own; an office always has

# Reasons that say "it is over", in contrast to "it is not yours to decide".
STALE = frozenset({"decided", "returned", "recalled", "voided", "changed", "step"})


def reasons_not_to_submit(actor: Principal, story: Story) -> list[Reason]:
    """Why the story (or what is new on it) cannot be submitted now; empty when it can."""
    return reasons_against(actor, content_to_submit(story), pending_package_id(story.id))


def pending_package_id(story_id: int) -> int | None:
    """The package of a story that waits for a decision."""
    return db.session.scalar(
        select(Package.id).where(Package.story_id == story_id, Package.state == PackageState.PENDING).limit(1)
    )


def reasons_against(actor: Principal, content: Content, pending_id: int | None) -> list[Reason]:
    """The same for content that was read already."""
    story = content.story
    if not actor.can(Permission.STORY_WRITE, story.office_id):
        return [Reason("permission", _("Pengajuan dilakukan oleh redaktur."))]
    if pending_id is not None:
        return [
            Reason(
                "pending",
                _(
                    "Pengajuan sebelumnya masih menunggu keputusan. Tarik kembali dahulu bila isinya perlu diubah."
                ),
            )
        ]
    if story.state not in SUBMITTABLE:
        return [
            Reason("state", _("Naskah berstatus “%(state)s” tidak dapat diajukan.", state=story.state.label))
        ]
    reasons: list[Reason] = []
    if not content.story_version.title.strip():
        reasons.append(Reason("title", _("Judul naskah masih kosong.")))
    reasons += reasons_not_ready(content.story_version)
    if not content.items:
        if story.state is StoryState.DRAFT:
            reasons.append(
                Reason("no_post", _("Belum ada publikasi. Buat sedikitnya satu untuk salah satu kanal."))
            )
        else:
            reasons.append(
                Reason("nothing_new", _("Semua publikasi naskah ini sudah disetujui; tidak ada yang baru."))
            )
    for item in content.items:
        reasons += [
            Reason(f"post_{item.post.id}_{problem.field}", named(item.post.account.name, problem.message))
            for problem in content.problems[item.post.id]
            if problem.severity is Severity.ERROR
        ]
    return reasons


def editors_of(package: Package) -> dict[int, list[str]]:
    """Who last edited what the package holds: user id → "" for the story, else the account's name. Two statements."""
    found: dict[int, list[str]] = {}
    author = db.session.scalar(
        select(StoryVersion.author_id).where(StoryVersion.id == package.story_version_id)
    )
    if author is not None:
        found[author] = [""]
    for user_id, account in db.session.execute(
        select(PostVersion.author_id, ChannelAccount.name)
        .join(PackageItem, PackageItem.post_version_id == PostVersion.id)
        .join(Post, PostVersion.post_id == Post.id)
        .join(ChannelAccount, Post.account_id == ChannelAccount.id)
        .where(PackageItem.package_id == package.id, PostVersion.author_id.is_not(None))
        .order_by(Post.id)
    ):
        found.setdefault(user_id or 0, []).append(account)
    return found


def barred_from(package: Package, office: Unit) -> frozenset[int]:
    """Who may not decide the package: submitter, last editors, and who decided an earlier step. Nobody when the office
    turned four eyes off.
    """
    if not office.four_eyes:
        return frozenset()
    return frozenset(
        {package.submitted_by, *editors_of(package), *(d.approver_id for d in package.decisions)}
    )


def asked_now(package: Package, office: Unit) -> Sequence[int]:
    """The people whom the current step asks today, four eyes considered."""
    step = current_step(package)
    if step is None:
        return ()
    return asked(step, package.story.section_id, list_approvers(office), barred=barred_from(package, office))


def current_step(package: Package) -> PackageStep | None:
    """The step that waits; None when nothing does."""
    if package.state is not PackageState.PENDING:
        return None
    return next((s for s in package.steps if s.position == package.step), None)


def can_decide(actor: Principal, package: Package) -> bool:
    """Whether the buttons are offered."""
    return not reasons_not_to_decide(actor, package)


def reasons_not_to_decide(actor: Principal, package: Package) -> list[Reason]:
    """Why this person cannot decide on the package now; empty when they can. Every way to decide asks here."""
    closed = reason_closed(package)
    if closed is not None:
        return [closed]
    if not is_unchanged(package):
        return [changed()]
    office = get_office(package.office_id)
    reasons = _four_eyes(actor, package) if office.four_eyes else []
    everyone = list_approvers(office)
    step = current_step(package)
    mine = step is not None and actor.id in asked(
        step, package.story.section_id, everyone, barred=barred_from(package, office) - {actor.id}
    )
    if not mine:
        reasons.append(_not_asked(package, asked_now(package, office)))
    return reasons


def changed() -> Reason:
    """What was read is not what stands there."""
    return Reason(
        "changed",
        _("Isi sudah berubah sejak diajukan, jadi paket ini tidak dapat diputuskan. Muat ulang halaman."),
    )


def reason_closed(package: Package) -> Reason | None:
    """Who decided what, when nothing waits any more."""
    if package.state is PackageState.PENDING:
        return None
    if package.state is PackageState.RECALLED:
        return Reason("recalled", _("Paket ini sudah ditarik kembali oleh redaktur."))
    if package.state is PackageState.VOIDED:
        return Reason("voided", _("Paket ini gugur karena isinya berubah sesudah diajukan."))
    last = package.decisions[-1] if package.decisions else None
    if last is None:
        return Reason("decided", _("Paket ini disetujui tanpa langkah persetujuan, sesuai alur kantor."))
    facts = {
        "who": last.decided_as,
        "when": show_instant(last.decided_at, get_office(package.office_id).timezone or FALLBACK_ZONE),
    }
    if last.verdict is Verdict.RETURN:
        return Reason("returned", _("Paket ini sudah dikembalikan oleh %(who)s pada %(when)s.", **facts))
    return Reason("decided", _("Paket ini sudah disetujui oleh %(who)s pada %(when)s.", **facts))


def _four_eyes(actor: Principal, package: Package) -> list[Reason]:
    reasons: list[Reason] = []
    if package.submitted_by == actor.id:
        reasons.append(
            Reason("submitter", _("Anda yang mengajukan paket ini; keputusan diambil oleh orang lain."))
        )
    edited = editors_of(package).get(actor.id, [])
    if "" in edited:
        reasons.append(
            Reason(
                "editor", _("Anda yang terakhir menyunting naskah ini; keputusan diambil oleh orang lain.")
            )
        )
    accounts_edited = ", ".join(name for name in edited if name)
    if accounts_edited:
        reasons.append(
            Reason(
                "post_editor",
                _(
                    "Anda yang terakhir menyunting publikasi %(accounts)s; keputusan diambil oleh orang lain.",
                    accounts=accounts_edited,
                ),
            )
        )
    earlier = next((d for d in package.decisions if d.approver_id == actor.id), None)
    if earlier is not None:
        reasons.append(
            Reason(
                "earlier_step",
                _(
                    "Anda sudah memutuskan langkah %(n)s paket ini; langkah berikutnya diputuskan orang lain.",
                    n=earlier.position,
                ),
            )
        )
    return reasons


def _not_asked(package: Package, people: Sequence[int]) -> Reason:
    names = ", ".join(names_in_order(people))
    step = current_step(package)
    label = step.label if step else ""
    if names:
        return Reason(
            "not_asked", _("Langkah ini (%(step)s) menunggu keputusan %(names)s.", step=label, names=names)
        )
    return Reason(
        "nobody",
        _(
            "Langkah ini (%(step)s) belum punya penyetuju yang dapat memutuskan hari ini. Mintalah admin kantor "
            "memberi peran Penyetuju atau menunjuk Plh.",
            step=label,
        ),
    )


def names_in_order(user_ids: Sequence[int]) -> list[str]:
    """Names for people, in the given order."""
    names: Mapping[int, str] = accounts.names_of(user_ids)
    return [names[i] for i in user_ids if i in names]


def reasons_not_to_recall(actor: Principal, package: Package) -> list[Reason]:
    """Why this person cannot take the package back now."""
    closed = reason_closed(package)
    if closed is not None:
        return [closed]
    if package.submitted_by != actor.id and not actor.can(Permission.STORY_WRITE, package.office_id):
        return [Reason("permission", _("Paket ditarik kembali oleh pengajunya atau oleh redaktur lain."))]
    return []


def decision_on(package: Package, position: int) -> Decision | None:
    """The decision on a step."""
    return next((d for d in package.decisions if d.position == position), None)
