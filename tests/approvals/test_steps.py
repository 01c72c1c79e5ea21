"""Groups, named people, acting heads, and several who are asked at the same time."""

from datetime import date
from typing import Any

import pytest

from humasflow.accounts.enums import Acting
from humasflow.accounts.models import RoleGrant, User
from humasflow.accounts.services import people
from humasflow.approvals import policy, queries, services
from humasflow.approvals.enums import PackageState, StepRule, StepScope
from humasflow.approvals.events import PackageApproved, PackageSeatApproved, PackageStepApproved
from humasflow.approvals.models import PackageSeat
from humasflow.approvals.services import AskeeContent, StepContent
from humasflow.approvals.services.chains import ChainRefused
from humasflow.approvals.services.groups import GroupRefused
from humasflow.core import events
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound
from humasflow.core.permissions import Role
from humasflow.stories.enums import StoryState
from humasflow.stories.services.confidentiality import make_confidential
from tests.approvals.desk import OFFICE, SECTION, Desk, person, step, together
from tests.factories.world import World

pytestmark = pytest.mark.db


def codes(desk: Desk, package: Any, user: User) -> set[str]:
    return {r.code for r in policy.reasons_not_to_decide(desk.as_(user), package)}


def deciders(package: Any) -> set[str]:
    return {u.name for u in queries.list_deciders(package)}


# Groups


def test_anybody_of_a_group_decides_for_it(desk: Desk) -> None:
    second, third = desk.second_approver(), desk.person("Anggota Tiga")
    desk.chain(StepContent("Tim Humas", [desk.group("Tim Humas", second, third)]))
    package = desk.submit(desk.ready())
    assert deciders(package) == {"Penyetuju Kedua", "Anggota Tiga"}
    assert "not_asked" in codes(desk, package, desk.world.approver)
    desk.approve(package, by=desk.as_(third))
    assert package.state is PackageState.APPROVED


def test_a_group_asked_as_a_whole_needs_every_member(desk: Desk) -> None:
    second, third = desk.second_approver(), desk.person("Anggota Tiga")
    team = desk.group("Tim Humas", second, third)
    desk.chain(
        StepContent("Tim Humas", [AskeeContent(StepScope.GROUP, group_id=team.group_id, everyone=True)])
    )
    package = desk.submit(desk.ready())
    desk.approve(package, by=desk.as_(second))
    assert package.state is PackageState.PENDING
    assert deciders(package) == {"Anggota Tiga"}
    assert "same_step" in codes(desk, package, second)
    desk.approve(package, by=desk.as_(third))
    assert package.state is PackageState.APPROVED


def test_a_waiting_package_asks_the_groups_members_of_today(desk: Desk) -> None:
    second, third = desk.second_approver(), desk.person("Anggota Tiga")
    team = desk.group("Tim Humas", second)
    desk.chain(StepContent("Tim Humas", [team]))
    package = desk.submit(desk.ready())
    group = queries.get_group(desk.world.office.id, team.group_id or 0)
    services.change_group(group, actor=desk.as_(desk.world.admin), name="Tim Humas", member_ids=[third.id])
    assert deciders(package) == {"Anggota Tiga"}
    with pytest.raises(NotAllowed):
        desk.approve(package, by=desk.as_(second))


def test_a_member_without_the_role_decides_nothing(desk: Desk) -> None:
    second = desk.second_approver()
    desk.chain(StepContent("Tim Humas", [desk.group("Tim Humas", second)]))
    package = desk.submit(desk.ready())
    grant = db.session.query(RoleGrant).filter_by(user_id=second.id).one()
    grant.valid_until = date(2020, 1, 1)
    db.session.flush()
    assert deciders(package) == set()
    with pytest.raises((NotAllowed, NotFound)):
        desk.approve(package, by=desk.as_(second))


def test_groups_hold_together(desk: Desk, other_world: World) -> None:
    admin = desk.as_(desk.world.admin)
    office = desk.world.office.id
    team = desk.group("Tim Humas", desk.world.approver)
    for name, members in (("tim humas", [desk.world.approver.id]), ("  ", [desk.world.approver.id]), ("Lain", []),
                          ("Lain", [desk.world.editor.id]), ("Lain", [other_world.approver.id])):  # fmt: skip
        with pytest.raises(GroupRefused):
            services.create_group(office, actor=admin, name=name, member_ids=members)
    group = queries.get_group(office, team.group_id or 0)
    desk.chain(StepContent("Tim Humas", [team]))
    with pytest.raises(GroupRefused, match="masih diminta di 1 langkah"):
        services.change_group(
            group, actor=admin, name="Tim Humas", member_ids=[desk.world.approver.id], is_active=False
        )
    stale = group.row_version
    services.change_group(
        group, actor=admin, name="Tim Publikasi", member_ids=[desk.world.section_approver.id]
    )
    with pytest.raises(Conflict):
        services.change_group(
            group, actor=admin, name="X", member_ids=[desk.world.approver.id], row_version=stale
        )
    with pytest.raises(NotFound):
        queries.get_group(other_world.office.id, group.id)
    with pytest.raises(NotAllowed):
        services.create_group(office, actor=desk.editor, name="Lain", member_ids=[desk.world.approver.id])


def test_chains_that_do_not_hold_together_are_refused(desk: Desk, other_world: World) -> None:
    second = desk.second_approver()
    foreign = services.create_group(
        other_world.office.id, actor=other_world.as_(other_world.admin), name="Lain",
        member_ids=[other_world.approver.id],
    )  # fmt: skip
    wrong = [
        [StepContent("Dua kali", [person(second), OFFICE]), StepContent("Lagi", [person(second)])],
        [StepContent("Kosong", [])],
        [StepContent("Lima", [OFFICE, SECTION, person(second), person(desk.world.approver), OFFICE])],
        [StepContent("Sama", [OFFICE, OFFICE])],
        [StepContent("Kantor lain", [AskeeContent(StepScope.GROUP, group_id=foreign.id)])],
        [StepContent("Bukan penyetuju", [person(desk.world.editor)])],
        [StepContent("Tanpa grup", [AskeeContent(StepScope.GROUP)])],
        [StepContent("Semua siapa", [AskeeContent(StepScope.OFFICE, everyone=True)])],
        [StepContent(str(n), [OFFICE]) for n in range(4)],
    ]
    for steps in wrong:
        with pytest.raises(ChainRefused):
            desk.chain(*steps)


# Several at the same time


def test_all_who_are_asked_together_have_to_agree(desk: Desk) -> None:
    told: list[object] = []
    for kind in (PackageSeatApproved, PackageStepApproved, PackageApproved):
        events._handlers[kind].append(told.append)
    second = desk.second_approver()
    desk.chain(together("Bersama", person(second), SECTION), step("Kantor", StepScope.OFFICE))
    story = desk.ready(section_id=desk.world.section.id)
    package = desk.submit(story)
    assert deciders(package) == {"Penyetuju Kedua", "Penyetuju Seksi"}
    desk.approve(package, by=desk.as_(desk.world.section_approver))
    assert (package.state, package.step) == (PackageState.PENDING, 1)
    assert deciders(package) == {"Penyetuju Kedua"}
    with pytest.raises(NotAllowed, match="Anda sudah menyetujui. Langkah ini masih menunggu"):
        desk.approve(package, by=desk.as_(desk.world.section_approver))
    desk.approve(package, by=desk.as_(second))
    assert package.step == 2
    desk.approve(package)
    assert story.state is StoryState.APPROVED
    assert [type(e) for e in told] == [PackageSeatApproved, PackageStepApproved, PackageApproved]
    assert [d.decided_as for d in package.decisions] == [
        "Kepala Seksi Pelayanan Lelang, Penyetuju Seksi", "Kepala Kantor, Penyetuju Kedua",
        "Kepala Seksi Hukum dan Informasi, Penyetuju Kantor",
    ]  # fmt: skip


def test_of_several_any_is_enough_where_the_office_says_so(desk: Desk) -> None:
    second = desk.second_approver()
    desk.chain(StepContent("Salah satu", [person(second), SECTION], StepRule.ANY))
    package = desk.submit(desk.ready(section_id=desk.world.section.id))
    desk.approve(package, by=desk.as_(second))
    assert package.state is PackageState.APPROVED


def test_one_who_sends_back_sends_all_of_it_back(desk: Desk) -> None:
    second = desk.second_approver()
    desk.chain(together("Bersama", person(second), SECTION))
    story = desk.ready(section_id=desk.world.section.id)
    package = desk.submit(story)
    desk.approve(package, by=desk.as_(desk.world.section_approver))
    services.send_back(package, actor=desk.as_(second), digest=package.digest, reason="Angkanya keliru")
    assert (package.state, story.state) == (PackageState.RETURNED, StoryState.DRAFT)
    again = desk.submit(story)
    assert deciders(again) == {"Penyetuju Kedua", "Penyetuju Seksi"}, "all are asked anew"


def test_nobody_fills_two_places_of_a_step(desk: Desk) -> None:
    second = desk.second_approver()
    desk.chain(together("Bersama", person(second), OFFICE))
    package = desk.submit(desk.ready())
    desk.approve(package, by=desk.as_(second))
    assert deciders(package) == {"Penyetuju Kantor"}
    with pytest.raises(NotAllowed):
        desk.approve(package, by=desk.as_(second))
    desk.approve(package)
    assert package.state is PackageState.APPROVED


def test_who_fits_two_places_leaves_the_one_that_another_can_fill(desk: Desk) -> None:
    """The office's approver is also the only one of the group: agreeing for the office would leave the group empty."""
    desk.second_approver()
    desk.chain(together("Bersama", OFFICE, desk.group("Tim", desk.world.approver)))
    package = desk.submit(desk.ready())
    desk.approve(package)
    assert deciders(package) == {"Penyetuju Kedua"}
    assert (package.decisions[0].askee, package.decisions[0].seat) == (2, 1)


def test_with_four_eyes_off_one_person_may_fill_both(desk: Desk) -> None:
    desk.world.office.four_eyes = False
    desk.chain(together("Bersama", OFFICE, desk.group("Tim", desk.world.approver)))
    package = desk.submit(desk.ready())
    desk.approve(package)
    assert package.state is PackageState.PENDING
    desk.approve(package)
    assert package.state is PackageState.APPROVED


def test_too_few_people_for_a_step_is_said_before_and_after_submitting(desk: Desk) -> None:
    desk.chain(together("Bersama", OFFICE, person(desk.world.approver)))
    story = desk.ready()
    steps = queries.steps_for(story.office_id, story.content_type_id)
    assert [p.enough for p in queries.preview_steps(desk.world.office, steps, None)] == [False]
    package = desk.submit(story)
    reasons = policy.reasons_not_to_decide(desk.editor, package)
    assert "nobody" in {r.code for r in reasons}
    assert "penyetuju tingkat kantor" in reasons[-1].message


def test_who_was_slower_learns_who_answered_for_the_group(desk: Desk) -> None:
    second, third = desk.second_approver(), desk.person("Anggota Tiga")
    desk.chain(together("Bersama", desk.group("Tim", second, third), OFFICE))
    package = desk.submit(desk.ready())
    desk.approve(package, by=desk.as_(third))
    # Penyetuju Kedua also fits the office's place.
    assert deciders(package) == {
        "Penyetuju Kantor",
        "Penyetuju Kedua",
    }
    desk.approve(package, by=desk.as_(second))
    with pytest.raises(Conflict, match="sudah disetujui"):
        desk.approve(package)


def test_a_changed_chain_leaves_what_waits_as_it_was_submitted(desk: Desk) -> None:
    second = desk.second_approver()
    desk.chain(together("Bersama", person(second), OFFICE))
    package = desk.submit(desk.ready())
    desk.chain(step("Satu saja", StepScope.OFFICE))
    assert db.session.query(PackageSeat).filter_by(package_id=package.id).count() == 2
    desk.approve(package)
    assert package.state is PackageState.PENDING
    desk.approve(package, by=desk.as_(second))
    assert package.state is PackageState.APPROVED


# Acting heads


def acting_for_head(desk: Desk, title: str = "Kepala Kantor", **grant: object) -> User:
    return desk.person("Pengganti", acting=Acting.PLH, position_title=title, **grant)


def test_the_acting_head_of_a_named_person_decides_in_their_place(desk: Desk) -> None:
    head = desk.second_approver()
    acting = acting_for_head(desk, title="kepala  kantor")
    desk.chain(step("Kepala Kantor", StepScope.PERSON, head.id))
    package = desk.submit(desk.ready())
    assert deciders(package) == {"Penyetuju Kedua", "Pengganti"}
    desk.approve(package, by=desk.as_(acting))
    assert package.decisions[0].decided_as == "Plh. kepala  kantor, Pengganti"


def test_acting_in_another_position_or_another_time_replaces_nobody(desk: Desk) -> None:
    head = desk.second_approver()
    acting_for_head(desk, title="Kepala Seksi Pelayanan Lelang")
    desk.person("Dulu", acting=Acting.PLH, position_title="Kepala Kantor", valid_until=date(2020, 1, 1))
    desk.person("Seksi", acting=Acting.PLH, position_title="Kepala Kantor", section=True)
    desk.chain(step("Kepala Kantor", StepScope.PERSON, head.id))
    assert deciders(desk.submit(desk.ready())) == {"Penyetuju Kedua"}


def test_an_acting_head_holds_the_office_of_one_who_left_until_there_is_a_new_one(desk: Desk) -> None:
    head = desk.second_approver()
    desk.chain(step("Kepala Kantor", StepScope.PERSON, head.id))
    package = desk.submit(desk.ready())
    grant = db.session.query(RoleGrant).filter_by(user_id=head.id).one()
    grant.valid_until = date(2020, 1, 1)
    db.session.flush()
    assert codes(desk, package, desk.world.approver) == {"nobody"}
    acting = desk.person("Pelaksana Tugas", acting=Acting.PLT, position_title="Kepala Kantor")
    desk.approve(package, by=desk.as_(acting))
    assert package.decisions[0].decided_as == "Plt. Kepala Kantor, Pelaksana Tugas"


def test_an_acting_head_stands_in_for_a_member_of_a_group(desk: Desk) -> None:
    head = desk.second_approver()
    acting = acting_for_head(desk)
    desk.chain(StepContent("Tim", [desk.group("Tim", head)]))
    package = desk.submit(desk.ready())
    assert deciders(package) == {"Penyetuju Kedua", "Pengganti"}
    desk.approve(package, by=desk.as_(acting))
    assert package.decisions[0].decided_as == "Plh. Kepala Kantor, Pengganti"


def test_an_acting_head_of_the_section_signs_for_the_section_although_they_hold_another_office(
    desk: Desk,
) -> None:
    """One person, two capacities: the record names the one that the step is about."""
    own = desk.person("Kasi Umum", position_title="Kepala Subbagian Umum")
    people.grant_role(
        own, desk.world.section, Role.APPROVER, actor=None, position_title="Kepala Seksi Pelayanan Lelang",
        acting=Acting.PLH, valid_from=date(2019, 1, 1),
    )  # fmt: skip
    desk.chain(together("Bersama", SECTION, OFFICE))
    package = desk.submit(desk.ready(section_id=desk.world.section.id))
    desk.approve(package, by=desk.as_(own))
    assert package.decisions[0].decided_as == "Plh. Kepala Seksi Pelayanan Lelang, Kasi Umum"
    desk.approve(package)
    assert package.state is PackageState.APPROVED


def test_of_two_capacities_in_the_office_the_one_of_the_step_is_signed(desk: Desk) -> None:
    own = desk.person("Kasi Umum", position_title="Kepala Subbagian Umum")
    people.grant_role(
        own, desk.world.office, Role.APPROVER, actor=None, position_title="Kepala Kantor", acting=Acting.PLH,
        valid_from=date(2019, 1, 1),
    )  # fmt: skip
    desk.chain(step("Kepala Kantor", StepScope.OFFICE))
    package = desk.submit(desk.ready())
    desk.approve(package, by=desk.as_(own))
    assert package.decisions[0].decided_as == "Plh. Kepala Kantor, Kasi Umum"


# Confidential stories


def test_only_named_approvers_are_asked_about_a_confidential_story(desk: Desk) -> None:
    second = desk.second_approver()
    story = desk.ready()
    make_confidential(story, actor=desk.editor, reader_ids=[second.id])
    package = desk.submit(story)
    assert deciders(package) == {"Penyetuju Kedua"}
    assert queries.count_waiting_for(desk.approver) == 0
    assert queries.list_pending(desk.approver) == []
    with pytest.raises(NotFound):
        queries.get_package(desk.approver, package.id)
    with pytest.raises((NotAllowed, NotFound)):
        desk.approve(package)
    assert queries.count_waiting_for(desk.as_(second)) == 1
    desk.approve(package, by=desk.as_(second))
    assert package.state is PackageState.APPROVED
