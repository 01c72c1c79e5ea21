"""Moving cards: where they may go, why not elsewhere, done once, and nothing lost on the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from humasflow.approvals import queries as approvals
from humasflow.approvals import services as approval_services
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.pages.desk import moving
from humasflow.pages.desk.moving import How
from humasflow.posts import queries as post_queries
from humasflow.posts import services as posts
from humasflow.stories.enums import Lane, StoryMove, StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import move_story
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[Any], Browser]
JSON = {"Accept": "application/json"}


def drop(browser: Browser, story: Story, **data: str) -> Any:
    """What the board's script sends: its token, where the card was and where it goes."""
    token = browser.get("/naskah/").soup.select_one("[data-csrf]")
    fields = {"csrf_token": str(token["data-csrf"]) if token else "", **data}
    Browser._forget()
    answer = browser.client.post(f"/naskah/{story.id}/pindah", data=fields, headers=JSON)
    db.session.expire_all()
    return answer


def digest_of(browser: Browser, story: Story, lane: str = "returned") -> str:
    """What a decision by this column would be about, as the script is told."""
    told = browser.client.get(f"/naskah/{story.id}/pindah", headers=JSON).json
    assert told is not None
    return str(next(t["digest"] for t in told["targets"] if t["lane"] == lane))


def ready(world: World, **changes: Any) -> Story:
    story = desk.story(world, **changes)
    desk.post(world, story)
    return story


def submitted(world: World, **changes: Any) -> Story:
    story = ready(world, **changes)
    approval_services.submit_package(story, actor=world.as_(world.editor))
    return story


def approved(world: World) -> Story:
    story = submitted(world)
    package = approvals.list_packages_of(story.id)[0]
    approval_services.approve(package, actor=world.as_(world.approver), digest=package.digest)
    return story


def hows(world: World, user: Any, story: Story) -> dict[Lane, How]:
    return {t.lane: t.how for t in moving.targets_of(world.as_(user), story)}


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_where_a_card_may_go_follows_the_policies(world: World) -> None:
    N, H, O, A, E = How.NOT, How.HERE, How.AT_ONCE, How.ASKED, How.ELSEWHERE  # noqa: N806, E741
    lanes = list(Lane)
    returned = submitted(world)
    package = approvals.list_packages_of(returned.id)[0]
    approval_services.send_back(
        package, actor=world.as_(world.approver), digest=package.digest, reason="Lengkapi"
    )
    timed = approved(world)
    post = post_queries.list_posts_of(timed.id)[0]
    posts.schedule_post(post, actor=world.as_(world.editor), due_at=clock.now() + timedelta(days=1))
    cases = [
        (ready(world), world.editor, [H, N, O, N, N, N, O]),
        (desk.story(world), world.editor, [H, N, N, N, N, N, O]),
        (ready(world), world.approver, [H, N, N, N, N, N, N]),
        (returned, world.editor, [N, H, O, N, N, N, O]),
        (submitted(world), world.editor, [O, N, H, N, N, N, A]),
        (submitted(world), world.approver, [A, A, H, E, N, N, N]),
        (submitted(world), world.lead, [N, N, H, N, N, N, N]),
        (approved(world), world.editor, [N, N, N, H, E, N, A]),
        (timed, world.editor, [N, N, N, E, H, N, A]),
        (desk.story(world, state=StoryState.ON_HOLD), world.editor, [O, N, N, N, N, N, H]),
        (desk.story(world, state=StoryState.PUBLISHED), world.editor, [N, N, N, N, N, H, N]),
    ]
    for n, (story, user, wanted) in enumerate(cases):
        assert hows(world, user, story) == dict(zip(lanes, wanted, strict=True)), n
        for target in moving.targets_of(world.as_(user), story):
            assert (target.how is How.NOT) == bool(target.reasons)
            assert all(str(r).endswith((".", "?")) for r in target.reasons)
            if target.how is How.ELSEWHERE:
                assert target.url
                assert target.label


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_what_is_refused_when_shown_is_refused_when_done(world: World) -> None:
    """Every column for every state and person: the service never does what the card said it would not."""
    stories = [ready(world), submitted(world), approved(world), desk.story(world, state=StoryState.ON_HOLD)]
    for story in stories:
        for user in (world.editor, world.approver, world.lead, world.section_approver):
            for target in moving.targets_of(world.as_(user), story):
                if target.how not in (How.NOT, How.ELSEWHERE):
                    continue
                before = (story.state, story.row_version)
                with pytest.raises(Refused):
                    moving.move_card(story, target.lane, actor=world.as_(user))
                assert (story.state, story.row_version) == before


def test_a_drop_submits_and_is_taken_back(world: World, browser_of: BrowserOf) -> None:
    story = ready(world)
    db.session.commit()
    browser = browser_of(world.editor)
    done = drop(browser, story, ke="in_review", dari="draft")
    assert done.status_code == 200
    assert done.json is not None
    assert (done.json["lane"], done.json["undo"]) == ("in_review", "draft")
    assert f'data-card="{story.id}"' in done.json["card"]
    again = drop(browser, story, ke="in_review", dari="draft")
    assert again.status_code == 200, "an answer that was lost is asked for again"
    assert len(approvals.list_packages_of(story.id)) == 1
    back = drop(browser, story, ke="draft", dari="in_review")
    assert back.json is not None
    assert back.json["lane"] == "draft"
    db.session.expire_all()
    assert story.state is StoryState.DRAFT


def test_a_refused_drop_says_every_reason(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, goal="", audience="", commit=True)
    browser = browser_of(world.editor)
    answer = drop(browser, story, ke="in_review", dari="draft")
    assert answer.status_code == 409
    assert answer.json is not None
    assert len(answer.json["reasons"]) >= 3
    told = browser.client.get(f"/naskah/{story.id}/pindah", headers=JSON).json
    assert told is not None
    target = next(t for t in told["targets"] if t["lane"] == "in_review")
    assert target["how"] == "not"
    assert target["reasons"] == answer.json["reasons"]
    assert target["url"] == f"/naskah/{story.id}/ajukan"


def test_a_card_that_somebody_else_moved_is_not_moved_again(world: World, browser_of: BrowserOf) -> None:
    story = ready(world)
    move_story(story, StoryMove.HOLD, actor=world.as_(world.other_editor))
    db.session.commit()
    answer = drop(browser_of(world.editor), story, ke="in_review", dari="draft")
    assert answer.status_code == 409
    assert answer.json is not None
    assert "Ditunda" in answer.json["error"]


def test_sending_back_needs_a_reason_and_what_was_shown(world: World, browser_of: BrowserOf) -> None:
    story = submitted(world)
    db.session.commit()
    browser = browser_of(world.approver)
    wanted = {"ke": "returned", "dari": "in_review", "digest": digest_of(browser, story)}
    assert drop(browser, story, **wanted).status_code == 422
    other = drop(browser, story, **wanted | {"digest": "0" * 64, "alasan": "Kurang"})
    assert other.status_code == 409
    done = drop(browser, story, **wanted, alasan="Lengkapi kutipan")
    assert done.status_code == 200
    db.session.expire_all()
    assert (story.state, story.last_reason, story.returns) == (StoryState.DRAFT, "Lengkapi kutipan", 1)
    assert done.json is not None
    assert "revisi ke-1" in done.json["card"]


def test_sending_back_by_the_draft_column_leads_to_what_was_returned(
    world: World, browser_of: BrowserOf
) -> None:
    story = submitted(world)
    db.session.commit()
    browser = browser_of(world.approver)
    digest = digest_of(browser, story, "draft")
    wanted = {"ke": "draft", "dari": "in_review", "digest": digest, "alasan": "Lengkapi kutipan"}
    done = drop(browser, story, **wanted)
    assert done.json is not None
    assert done.json["lane"] == "returned"
    again = drop(browser, story, **wanted)
    assert again.status_code == 409, "the script sees by where the card is that the first one was done"
    now = browser.client.get(f"/naskah/{story.id}/pindah", headers=JSON).json
    assert now is not None
    assert [t["lane"] for t in now["targets"] if t["how"] == "here"] == ["returned"]
    db.session.expire_all()
    assert story.returns == 1


def test_a_refused_form_keeps_the_reason(world: World, browser_of: BrowserOf) -> None:
    story = submitted(world)
    db.session.commit()
    browser = browser_of(world.approver)
    fields = browser.get(f"/naskah/{story.id}/pindah").form("/pindah") | {"ke": "returned", "form_token": ""}
    where = f"/naskah/{story.id}/pindah"
    missing = browser.post(where, fields | {"alasan": "  "}, status=422)
    assert "Tuliskan alasannya" in missing.main
    changed = browser.post(where, fields | {"alasan": "Kutipannya kurang", "digest": "0" * 64}, status=409)
    assert "berubah" in changed.main
    typed = changed.soup.select_one("#alasan-returned")
    assert typed is not None
    assert typed.get_text() == "Kutipannya kurang"
    long = browser.post(where, fields | {"alasan": "panjang " * 300}, status=422)
    assert long.soup.select_one("#alasan-returned").get_text().startswith("panjang")  # type: ignore[union-attr]
    package = approvals.list_packages_of(story.id)[0]
    approval_services.recall(package, actor=world.as_(world.editor))
    db.session.commit()
    gone = browser.post(where, fields | {"alasan": "Kutipannya kurang"}, status=409)
    assert "Kutipannya kurang" in gone.main, "also when nothing can be sent back any more"
    answer = drop(browser, story, ke="returned", dari="in_review", alasan="x" * 2001)
    assert (answer.status_code, answer.mimetype) == (422, "application/json")


def test_a_move_without_scripts_leads_back_to_the_same_desk(world: World, browser_of: BrowserOf) -> None:
    story = ready(world, title="Lelang")
    db.session.commit()
    browser = browser_of(world.editor)
    desk_page = browser.get("/naskah/?q=lelang&pemegang=saya")
    page = browser.get(desk_page.link("Pindahkan ke…"))
    form = page.soup.select_one("#ke-on_hold form")
    assert form is not None
    fields = {str(f["name"]): str(f["value"]) for f in form.select("input")}
    done = browser.post(f"/naskah/{story.id}/pindah", fields)
    assert done.location == f"/naskah/?q=lelang&pemegang=saya#naskah-{story.id}"
    fields |= {"ke": "draft", "dari": "on_hold", "kembali": "https://jahat.example/naskah/", "form_token": ""}
    assert "jahat" not in browser.post(f"/naskah/{story.id}/pindah", fields).location


def test_the_twin_lists_every_column_and_works_as_a_form(world: World, browser_of: BrowserOf) -> None:
    story = ready(world, title="Naskah untuk dipindah")
    db.session.commit()
    browser = browser_of(world.editor)
    board = browser.get("/naskah/")
    assert board.soup.select_one(f'[data-card="{story.id}"] a[href^="/naskah/{story.id}/pindah?"]')
    page = browser.get(f"/naskah/{story.id}/pindah")
    assert [li["id"] for li in page.soup.select(".moves > li")] == [f"ke-{lane.value}" for lane in Lane]
    assert "Di sini sekarang" in page.main
    assert page.soup.select("#ke-approved .reasons li")
    form = page.soup.select_one("#ke-on_hold form")
    assert form is not None
    fields = {str(f["name"]): str(f["value"]) for f in form.select("input")}
    done = browser.post(f"/naskah/{story.id}/pindah", fields)
    assert done.location.endswith(f"#naskah-{story.id}")
    assert story.state is StoryState.ON_HOLD
    twice = browser.post(f"/naskah/{story.id}/pindah", fields)
    assert twice.status == 303


def test_moving_is_for_those_who_see_the_story(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    story = ready(world)
    db.session.commit()
    browser_of(world.contributor).get(f"/naskah/{story.id}/pindah", status=403)
    browser_of(other_world.editor).get(f"/naskah/{story.id}/pindah", status=404)
    browser_of(other_world.editor).post(f"/naskah/{story.id}/pindah", {"ke": "on_hold"}, status=404)
    browser_of(world.editor).post(f"/naskah/{story.id}/pindah", {"ke": "entah"}, status=404)


def test_asking_costs_the_same_for_one_and_three_posts(
    world: World, browser_of: BrowserOf, statements: Any
) -> None:
    story = desk.story(world)
    counts = []
    browser = browser_of(world.editor)
    for account in ("facebook", "x", "instagram"):
        desk.post(world, story, account)
        db.session.commit()
        statements.reset()
        browser.client.get(f"/naskah/{story.id}/pindah", headers=JSON)
        counts.append(len(statements))
    assert counts[1] == counts[2]
