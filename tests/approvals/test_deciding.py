"""Who decides what: four eyes, steps, capacities, and two people at once."""

from datetime import date

import pytest

from humasflow.accounts.enums import Acting
from humasflow.accounts.models import RoleGrant
from humasflow.accounts.services import people
from humasflow.approvals import policy, queries, services
from humasflow.approvals.enums import PackageState, StepScope, Verdict
from humasflow.approvals.events import PackageApproved, PackageReturned, PackageStepApproved
from humasflow.approvals.models import Decision
from humasflow.approvals.services import ReasonNeeded
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import events
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound
from humasflow.core.permissions import Role
from humasflow.posts import queries as posts
from humasflow.stories.enums import StoryState
from tests.approvals.desk import Desk, step
from tests.factories.world import World

pytestmark = pytest.mark.db


def codes(desk: Desk, package: services.deciding.Package, user: object) -> set[str]:
    return {r.code for r in policy.reasons_not_to_decide(desk.as_(user), package)}  # type: ignore[arg-type]


def test_the_last_step_approves_package_and_story(desk: Desk) -> None:
    told: list[object] = []
    events._handlers[PackageApproved].append(told.append)
    story = desk.ready("web", "facebook")
    package = desk.submit(story)
    desk.approve(package)
    assert (package.state, story.state) == (PackageState.APPROVED, StoryState.APPROVED)
    assert package.closed_at is not None
    ids = [p.id for p in posts.list_posts_of(story.id)]
    assert all(a.approved and a.package_id == package.id for a in queries.approval_of(ids).values())
    assert told == [PackageApproved(package.id, story.id, desk.approver.id)]
    decision = package.decisions[0]
    assert decision.digest == package.digest
    assert decision.decided_as == "Kepala Seksi Hukum dan Informasi, Penyetuju Kantor"
    entry = next(
        e for e in audit.list_timeline(("story", story.id)) if e.action is AuditAction.PACKAGE_APPROVED
    )
    assert entry.actor_label == decision.decided_as


def test_sending_back_needs_a_reason_which_reaches_the_story(desk: Desk) -> None:
    told: list[object] = []
    events._handlers[PackageReturned].append(told.append)
    story = desk.ready()
    package = desk.submit(story)
    with pytest.raises(ReasonNeeded):
        services.send_back(package, actor=desk.approver, digest=package.digest, reason="  ")
    assert package.state is PackageState.PENDING
    services.send_back(package, actor=desk.approver, digest=package.digest, reason="Jumlah peserta 32.")
    assert package.state is PackageState.RETURNED
    assert (story.state, story.returns, story.last_reason) == (StoryState.DRAFT, 1, "Jumlah peserta 32.")
    assert told == [PackageReturned(package.id, story.id, desk.approver.id, "Jumlah peserta 32.")]
    assert package.decisions[0].reason == "Jumlah peserta 32."


def test_an_acting_head_decides_in_that_capacity(desk: Desk) -> None:
    acting = desk.person(
        "Pengganti", acting=Acting.PLH, position_title="Kepala Seksi Hukum dan Informasi",
    )  # fmt: skip
    package = desk.submit(desk.ready())
    desk.approve(package, by=desk.as_(acting))
    assert package.decisions[0].decided_as == "Plh. Kepala Seksi Hukum dan Informasi, Pengganti"


def test_an_acting_head_whose_days_are_over_decides_nothing(desk: Desk) -> None:
    acting = desk.person(
        "Pengganti", acting=Acting.PLH, position_title="Kepala Seksi", valid_until=date(2020, 1, 1)
    )
    package = desk.submit(desk.ready())
    with pytest.raises((NotAllowed, NotFound)):
        desk.approve(package, by=desk.as_(acting))
    assert acting not in queries.list_deciders(package)


def also_approver(desk: Desk, user: object) -> None:
    people.grant_role(
        user, desk.world.office, Role.APPROVER, actor=None, position_title="Kasi", valid_from=date(2019, 1, 1)
    )  # type: ignore[arg-type]


def test_who_submitted_does_not_approve(desk: Desk) -> None:
    also_approver(desk, desk.world.other_editor)
    package = desk.submit(desk.ready(), by=desk.other_editor)
    assert "submitter" in codes(desk, package, desk.world.other_editor)
    with pytest.raises(NotAllowed, match="Anda yang mengajukan"):
        desk.approve(package, by=desk.other_editor)
    assert package.decisions == []


def test_who_last_edited_the_story_or_a_post_does_not_approve(desk: Desk) -> None:
    also_approver(desk, desk.world.other_editor)
    story = desk.ready("facebook")
    desk.edit(story, by=desk.other_editor, title="Judul dari redaktur dua")
    package = desk.submit(story)
    assert "editor" in codes(desk, package, desk.world.other_editor)
    services.recall(package, actor=desk.editor)
    desk.edit(story, title="Judul dari redaktur satu")
    desk.edit_post(posts.list_posts_of(story.id)[0], "Teks dari redaktur dua", by=desk.other_editor)
    package = desk.submit(story)
    reasons = policy.reasons_not_to_decide(desk.other_editor, package)
    assert [r.code for r in reasons if r.code == "post_editor"]
    assert "Facebook Kantor" in " ".join(r.message for r in reasons)
    assert desk.world.other_editor not in queries.list_deciders(package)
    assert queries.count_waiting_for(desk.other_editor) == 0


def test_an_office_may_turn_four_eyes_off(desk: Desk) -> None:
    also_approver(desk, desk.world.editor)
    desk.world.office.four_eyes = False
    package = desk.submit(desk.ready())
    assert queries.count_waiting_for(desk.editor) == 1
    desk.approve(package, by=desk.editor)
    assert package.state is PackageState.APPROVED


def test_nobody_decides_two_steps_of_a_package(desk: Desk) -> None:
    second = desk.second_approver()
    desk.chain(step("Satu", StepScope.OFFICE), step("Dua", StepScope.OFFICE))
    told: list[object] = []
    events._handlers[PackageStepApproved].append(told.append)
    story = desk.ready()
    package = desk.submit(story)
    desk.approve(package)
    assert (package.state, package.step, story.state) == (PackageState.PENDING, 2, StoryState.IN_REVIEW)
    assert told == [PackageStepApproved(package.id, story.id, desk.approver.id)]
    with pytest.raises(NotAllowed, match="Anda sudah memutuskan langkah 1"):
        desk.approve(package)
    assert queries.list_deciders(package) == [second]
    desk.approve(package, by=desk.as_(second))
    assert package.state is PackageState.APPROVED
    assert [d.position for d in package.decisions] == [1, 2]


def test_with_four_eyes_off_one_person_may_decide_both_steps(desk: Desk) -> None:
    desk.chain(step("Satu", StepScope.OFFICE), step("Dua", StepScope.OFFICE))
    desk.world.office.four_eyes = False
    package = desk.submit(desk.ready())
    desk.approve(package)
    desk.approve(package)
    assert package.state is PackageState.APPROVED


def test_a_section_step_asks_the_sections_head(desk: Desk) -> None:
    desk.chain(step("Kepala seksi", StepScope.SECTION))
    package = desk.submit(desk.ready(section_id=desk.world.section.id))
    assert queries.list_deciders(package) == [desk.world.section_approver]
    reasons = policy.reasons_not_to_decide(desk.approver, package)
    assert "menunggu keputusan Penyetuju Seksi" in reasons[0].message
    desk.approve(package, by=desk.as_(desk.world.section_approver))
    assert package.decisions[0].decided_as == "Kepala Seksi Pelayanan Lelang, Penyetuju Seksi"


@pytest.mark.parametrize("section", ["other_section", None])
def test_a_section_without_an_approver_falls_back_to_the_office(desk: Desk, section: str | None) -> None:
    desk.chain(step("Kepala seksi", StepScope.SECTION))
    section_id = getattr(desk.world, section).id if section else None
    package = desk.submit(desk.ready(section_id=section_id))
    assert queries.list_deciders(package) == [desk.world.approver]
    assert "not_asked" in codes(desk, package, desk.world.section_approver)
    desk.approve(package)
    assert package.state is PackageState.APPROVED


def test_the_fallback_follows_the_calendar(desk: Desk) -> None:
    desk.chain(step("Kepala seksi", StepScope.SECTION))
    package = desk.submit(desk.ready(section_id=desk.world.section.id))
    grant = db.session.query(RoleGrant).filter_by(user_id=desk.world.section_approver.id).one()
    grant.valid_until = date(2020, 1, 1)
    db.session.flush()
    assert queries.list_deciders(package) == [desk.world.approver]


def test_an_office_step_does_not_ask_a_section_head(desk: Desk) -> None:
    package = desk.submit(desk.ready(section_id=desk.world.section.id))
    assert queries.list_deciders(package) == [desk.world.approver]
    with pytest.raises(NotAllowed, match="menunggu keputusan Penyetuju Kantor"):
        desk.approve(package, by=desk.as_(desk.world.section_approver))


def test_a_personal_step_asks_that_person_only(desk: Desk) -> None:
    second = desk.second_approver()
    desk.chain(step("Kepala Kantor", StepScope.PERSON, second.id))
    package = desk.submit(desk.ready())
    assert queries.list_deciders(package) == [second]
    assert "not_asked" in codes(desk, package, desk.world.approver)
    second.is_active = False
    db.session.flush()
    assert codes(desk, package, desk.world.approver) == {"nobody"}


def test_others_are_refused_and_another_office_learns_nothing(desk: Desk, other_world: World) -> None:
    package = desk.submit(desk.ready())
    for user in (desk.world.lead, desk.world.admin, desk.world.contributor):
        with pytest.raises(NotAllowed):
            desk.approve(package, by=desk.as_(user))
    with pytest.raises(NotFound):
        desk.approve(package, by=other_world.as_(other_world.approver))
    assert package.state is PackageState.PENDING


def test_who_comes_second_learns_who_decided_what(desk: Desk) -> None:
    second = desk.as_(desk.second_approver())
    package = desk.submit(desk.ready())
    desk.approve(package)
    with pytest.raises(
        Conflict, match=r"sudah disetujui oleh Kepala Seksi Hukum dan Informasi, Penyetuju Kantor pada"
    ):
        desk.approve(package, by=second)
    with pytest.raises(Conflict, match="sudah disetujui"):
        services.send_back(package, actor=second, digest=package.digest, reason="Belum")
    assert len(package.decisions) == 1


def test_a_click_meant_for_step_one_does_not_decide_step_two(desk: Desk) -> None:
    second = desk.as_(desk.second_approver())
    desk.chain(step("Satu", StepScope.OFFICE), step("Dua", StepScope.OFFICE))
    package = desk.submit(desk.ready())
    services.approve(package, actor=desk.approver, digest=package.digest, step=1)
    with pytest.raises(Conflict, match=r"Langkah 1 baru saja disetujui oleh .*Penyetuju Kantor"):
        services.approve(package, actor=second, digest=package.digest, step=1)
    assert package.step == 2


def test_the_constraint_holds_when_no_lock_does(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    package = desk.submit(desk.ready())
    db.session.add(
        Decision(
            package_id=package.id, position=1, approver_id=desk.world.lead.id, decided_as="Ketua", reason="",
            verdict=Verdict.APPROVE, digest=package.digest, decided_at=package.submitted_at,
        )
    )  # fmt: skip
    db.session.flush()
    with pytest.raises(Conflict):
        desk.approve(package)


def test_waiting_lists_cost_the_same_for_one_and_for_three(desk: Desk, statements: object) -> None:
    desk.submit(desk.ready("web"))
    counts = []
    for more in (0, 2):
        for _ in range(more):
            desk.submit(desk.ready("web", "facebook", "x"))
        db.session.commit()
        actor = desk.approver
        desk.world.office.id  # noqa: B018 (loaded again after the commit, outside the count)
        statements.reset()  # type: ignore[attr-defined]
        waiting = queries.count_waiting_for(actor)
        assert len(statements) <= 4  # type: ignore[arg-type]
        statements.reset()  # type: ignore[attr-defined]
        rows = queries.list_waiting_for(actor)
        counts.append((len(statements), len(rows) - waiting))  # type: ignore[arg-type]
    assert counts[0] == counts[1]
    assert len(rows) == 3
    assert rows[-1].channels[0][1] == "Situs berita"


def test_nothing_waits_for_people_who_may_not_decide(desk: Desk, statements: object) -> None:
    desk.submit(desk.ready())
    editor, lead = desk.editor, desk.as_(desk.world.lead)
    statements.reset()  # type: ignore[attr-defined]
    assert queries.count_waiting_for(editor) == queries.count_waiting_for(lead) == 0
    assert len(statements) == 0  # type: ignore[arg-type]
    assert [r.deciders_names for r in queries.list_pending(editor)] == [("Penyetuju Kantor",)]


def test_a_storys_decisions_cost_the_same_for_one_and_for_three(desk: Desk, statements: object) -> None:
    story = desk.ready()
    counts = []
    for times in (1, 2):
        for _ in range(times):
            package = desk.submit(story)
            services.send_back(package, actor=desk.approver, digest=package.digest, reason="Lagi")
        db.session.commit()
        ident = story.id
        statements.reset()  # type: ignore[attr-defined]
        found = queries.list_packages_of(ident)
        assert all(p.decisions[0].approver.name and p.steps and p.items and p.submitter.name for p in found)
        counts.append(len(statements))  # type: ignore[arg-type]
    assert counts[0] == counts[1]
    assert len(found) == 3
