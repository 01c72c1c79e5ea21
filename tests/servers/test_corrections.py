"""A correction and a withdrawal as an office makes them, from the story to the page of a real server."""

from dataclasses import replace

import httpx

from humasflow.core.db import db
from humasflow.posts import queries as posts
from humasflow.posts import services as post_services
from humasflow.publishing import services
from humasflow.publishing.enums import FollowUp
from tests.publishing.test_correcting import correct
from tests.servers.mastodon.server import Mastodon
from tests.servers.office import Office
from tests.servers.wordpress.server import WordPress

WRONG, RIGHT = "Lelang dihadiri 40 peserta", "Lelang dihadiri 42 peserta"


def shown_at(address: str) -> httpx.Response:
    return httpx.get(address, follow_redirects=True, trust_env=False)


def test_the_words_of_a_status_are_corrected_and_the_status_is_withdrawn(
    office: Office, mastodon: Mastodon, reachable
):
    reachable(mastodon.port)
    account = office.mastodon(mastodon)
    post = office.due(account, words=WRONG, pictures=1)
    assert office.publish(post) == "published"
    delivery = office.delivery(post)
    address, external_id = delivery.permalink, delivery.external_id

    correct(office, post.story, title="Empat puluh dua peserta")
    content = post_services.content_of(posts.get_current_version(post))
    post_services.save_post_version(post, actor=office.editor, content=replace(content, text=RIGHT))
    office.work()
    assert mastodon.saying(RIGHT) == [], "nobody approved it yet"
    office.approve(office.submit(post.story))
    db.session.commit()
    office.publish(post)

    delivery = office.delivery(post)
    assert (delivery.correct_state, delivery.correcting_to_id) == (FollowUp.DONE, None)
    (shown,) = mastodon.saying(RIGHT)
    assert (shown["id"], shown["url"]) == (external_id, address)
    assert [m["description"] for m in shown["media_attachments"]] == ["Juru lelang 0"]
    assert mastodon.saying(WRONG) == []

    services.retract(delivery, actor=office.editor, reason="Datanya keliru")
    db.session.commit()
    assert office.publish(post) == "withdrawn"
    assert mastodon.saying(RIGHT) == []


def test_words_of_its_own_that_nobody_rewrote_are_left_to_a_person(
    office: Office, mastodon: Mastodon, reachable
):
    reachable(mastodon.port)
    post = office.due(office.mastodon(mastodon), words="Tidak ikut salah", pictures=0)
    assert office.publish(post) == "published"
    correct(office, post.story, title="Empat puluh dua peserta")
    office.approve(office.submit(post.story))
    db.session.commit()
    office.publish(post)
    delivery = office.delivery(post)
    assert delivery.correct_state is FollowUp.BY_HAND
    assert "ditulis sendiri" in delivery.follow_up_error
    assert len(mastodon.saying("Tidak ikut salah")) == 1


def test_an_article_is_corrected_at_its_address_and_withdrawn(
    office: Office, wordpress: WordPress, reachable
):
    reachable(wordpress.port)
    post = office.due(office.portal(wordpress), title="Empat puluh peserta hadir", pictures=1)
    assert office.publish(post) == "published"
    delivery = office.delivery(post)
    address = delivery.permalink
    assert "Empat puluh peserta" in shown_at(address).text

    correct(office, post.story, title="Empat puluh dua peserta hadir")
    office.work()
    assert "Empat puluh peserta" in shown_at(address).text
    office.approve(office.submit(post.story))
    db.session.commit()
    office.publish(post)

    delivery = office.delivery(post)
    assert (delivery.correct_state, delivery.permalink) == (FollowUp.DONE, address)
    assert "Empat puluh dua peserta hadir" in shown_at(address).text
    services.retract(delivery, actor=office.editor, reason="Datanya keliru")
    db.session.commit()
    assert office.publish(post) == "withdrawn"
    assert shown_at(address).status_code == 404
