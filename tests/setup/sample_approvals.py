"""The sample office shows a chain with two who are asked at once, an acting head, and something that could not wait."""

from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.accounts.queries import load_principal
from humasflow.approvals import queries
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.stories.enums import StoryState


def assert_several_are_asked_and_something_was_urgent(office: Unit) -> None:
    chains = {queries.told(steps) for steps in queries.preview_chains(office).values()}
    assert any("bersama-sama" in words and "salah satu dari grup Tim Humas" in words for words in chains)
    waiting = db.session.scalars(
        select(Package).where(
            Package.office_id == office.id, Package.state == PackageState.PENDING, Package.step == 2
        )
    ).one()
    assert waiting.decisions[0].decided_as.startswith("Plh. Kepala Seksi Pelayanan Lelang, ")
    assert len(waiting.decisions) == 2
    assert len(queries.list_deciders(waiting)) == 1
    lead = next(
        u for u in db.session.scalars(select(User).where(User.is_sample.is_(True)))
        if load_principal(u).can(Permission.CHILDREN_READ)
    )  # fmt: skip
    [flagged] = queries.list_flagged(load_principal(lead))
    assert flagged.title == "Layanan loket dialihkan sementara karena listrik padam"
    assert queries.urgent_flags([flagged.story_id]) == {flagged.story_id}
    assert flagged.asked_names
    package = db.session.get_one(Package, flagged.package_id)
    assert package.story.state is StoryState.PUBLISHED
