"""The world that other tests stand on."""

import pytest

from humasflow.audit import queries as audit
from humasflow.core.permissions import Permission
from tests.factories.world import World

pytestmark = pytest.mark.db


def test_people_have_the_permissions_of_their_roles(world: World, other_world: World) -> None:
    editor = world.as_(world.editor)
    assert editor.can(Permission.STORY_WRITE)
    assert not editor.can(Permission.STORY_APPROVE)
    assert not editor.can(Permission.STORY_WRITE, other_world.office.id)
    assert world.as_(world.section_approver).section_in(world.office.id) == world.section.id


def test_the_record_of_a_new_office_is_whole(world: World) -> None:
    assert audit.check_chain(world.office.id) == []
