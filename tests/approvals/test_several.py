"""Several packages in one act: only where the chain allows it, each by itself, with one line for each."""

from collections.abc import Callable
from typing import Any

import pytest

from humasflow.approvals import queries, services
from humasflow.approvals.enums import PackageState, StepScope
from humasflow.approvals.models import Package
from humasflow.approvals.services import Choice, several
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.posts import queries as posts
from humasflow.stories.enums import StoryState
from tests.approvals.desk import Desk, step
from tests.factories.world import World
from tests.support.page import Browser

pytestmark = pytest.mark.db


def choice(package: Package) -> Choice:
    return Choice(package.id, package.step, package.digest)


def allow(desk: Desk) -> None:
    desk.chain(step("Kantor", StepScope.OFFICE), allows_bulk=True)


def test_each_stands_or_falls_by_itself(desk: Desk, other_world: World) -> None:
    allow(desk)
    good, changed, taken, returned = (desk.submit(desk.ready("web")) for _ in range(4))
    chosen = [choice(p) for p in (good, changed, taken, returned)]
    desk.edit_post(posts.list_posts_of(changed.story_id)[0], "Teks lain")
    services.recall(taken, actor=desk.editor)
    services.send_back(returned, actor=desk.approver, digest=returned.digest, reason="Belum")
    own = desk.ready("web")
    foreign = Choice(999_999, 1, "0" * 64)
    outcomes = services.approve_several([*chosen, foreign], actor=desk.approver)
    assert [o.done for o in outcomes] == [True, False, False, False, False]
    assert "gugur" in outcomes[1].message
    assert "ditarik kembali" in outcomes[2].message
    assert "dikembalikan oleh" in outcomes[3].message
    assert outcomes[4].title == ""
    assert good.state is PackageState.APPROVED
    assert good.story.state is StoryState.APPROVED
    assert own.state is StoryState.DRAFT


def test_where_the_chain_does_not_allow_it_each_is_opened(desk: Desk) -> None:
    package = desk.submit(desk.ready("web"))
    [outcome] = services.approve_several([choice(package)], actor=desk.approver)
    assert not outcome.done
    assert "sendiri-sendiri" in outcome.message
    assert package.state is PackageState.PENDING


def test_what_was_allowed_when_it_was_submitted_holds(desk: Desk) -> None:
    allow(desk)
    package = desk.submit(desk.ready("web"))
    desk.chain(step("Kantor", StepScope.OFFICE))
    assert services.approve_several([choice(package)], actor=desk.approver)[0].done


def test_four_eyes_and_the_shown_version_hold_here_too(desk: Desk) -> None:
    allow(desk)
    package = desk.submit(desk.ready("web"))
    forged = Choice(package.id, 1, "f" * 64)
    for actor, wanted in ((desk.editor, choice(package)), (desk.approver, forged)):
        [outcome] = services.approve_several([wanted], actor=actor)
        assert not outcome.done
    assert package.state is PackageState.PENDING


def test_nothing_and_too_much_are_refused(desk: Desk) -> None:
    for chosen in ([], [Choice(n, 1, "0" * 64) for n in range(51)]):
        with pytest.raises(UserError):
            services.approve_several(chosen, actor=desk.approver)


def test_from_the_inbox_with_a_result_line_each(desk: Desk, browser_of: Callable[[Any], Browser]) -> None:
    allow(desk)
    first, second = (desk.submit(desk.ready("web")) for _ in range(2))
    desk.chain(step("Kantor", StepScope.OFFICE), content_type_id=desk.world.news.id)
    third = desk.submit(desk.ready("web"))
    db.session.commit()
    browser = browser_of(desk.world.approver)
    page = browser.get("/persetujuan/")
    boxes = [b["value"] for b in page.soup.select("input[name=package]")]
    assert [b.split(":")[0] for b in boxes] == [str(first.id), str(second.id)], (
        "only where the chain allows it"
    )
    assert f"Sidik isi {first.digest[:8]}" in page.main
    form = page.form("setujui-sekaligus")
    page = browser.post(
        "/persetujuan/setujui-sekaligus", {**form, "package": [*boxes, "kacau", "1:9:x"]}, status=200
    )
    assert "2 paket disetujui" in page.main
    assert page.main.count("Disetujui.") == 2
    assert [r.package_id for r in queries.list_waiting_for(desk.approver)] == [third.id]
    form = browser.get("/persetujuan/").soup
    assert not form.select("input[name=package]")


def test_ticking_nothing_says_so(desk: Desk, browser_of: Callable[[Any], Browser]) -> None:
    allow(desk)
    desk.submit(desk.ready("web"))
    db.session.commit()
    browser = browser_of(desk.world.approver)
    form = browser.get("/persetujuan/").form("setujui-sekaligus")
    form.pop("package", None)
    page = browser.post("/persetujuan/setujui-sekaligus", form, status=422)
    assert "Pilih sedikitnya satu paket" in page.main


def test_every_story_is_held_before_the_first_decision(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record is held from the first decision on: nobody may wait for a story then."""
    allow(desk)
    packages = [desk.submit(desk.ready("web")) for _ in range(3)]
    done: list[str] = []
    held, decided = several.lock_story, several.approve

    def lock_story(story_id: int) -> Any:
        done.append(f"story {story_id}")
        return held(story_id)

    def approve(package: Package, **named: Any) -> Any:
        done.append("decision")
        return decided(package, **named)

    monkeypatch.setattr(several, "lock_story", lock_story)
    monkeypatch.setattr(several, "approve", approve)
    services.approve_several([choice(p) for p in reversed(packages)], actor=desk.approver)
    assert done == [*(f"story {p.story_id}" for p in packages), *["decision"] * 3]
