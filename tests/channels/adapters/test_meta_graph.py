"""What the Graph API's refusals mean, how calls are signed, and how Facebook Login becomes an account."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from humasflow.channels.adapters import errors
from humasflow.channels.adapters.http import AnswerLost, NotReached
from humasflow.channels.adapters.meta.facebook import FacebookAdapter
from humasflow.channels.adapters.meta.graph import GRAPH, VERSION, Graph, insights
from humasflow.channels.adapters.meta.instagram import InstagramAdapter
from humasflow.channels.adapters.meta.refusals import Duplicate
from humasflow.channels.adapters.oauth import OF_THE_APP
from humasflow.channels.adapters.variant import AppKeys
from humasflow.core import clock
from tests.support.scripted import answer, script

APP = AppKeys("123", "sandi-aplikasi")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def refused(code=None, subcode=None, status=400, **more):
    told = {"message": "Pesan", "type": "OAuthException", "code": code, "fbtrace_id": "x", **more}
    return answer({"error": told | ({"error_subcode": subcode} if subcode else {})}, status)


# Codes, subcodes and sentences: Meta's pages on errors of the Graph API and of the Instagram Platform (2 June 2026).
BEFORE = [
    (refused(4), errors.RateLimited),
    (refused(17, 2446079), errors.RateLimited),
    (refused(32), errors.RateLimited),
    (refused(613), errors.RateLimited),
    (refused(80002, status=403), errors.RateLimited),
    (refused(190, 460), errors.AuthRevoked),
    (refused(190, 458), errors.AuthRevoked),
    (refused(190, 463), errors.AuthExpired),
    (refused(190, status=401), errors.AuthExpired),
    (refused(10), errors.Forbidden),
    (refused(200), errors.Forbidden),
    (refused(25, 2207050), errors.Forbidden),
    (refused(100), errors.Invalid),
    (refused(368, 1390008), errors.Invalid),
    (refused(36004, 2207010), errors.Invalid),
    (refused(36000, 2207004), errors.MediaRejected),
    (refused(36003, 2207009), errors.MediaRejected),
    (refused(352, 2207026), errors.MediaRejected),
    (refused(9, 2207042), errors.QuotaExceeded),
    (refused(100, 33), errors.Conflict),
    (refused(100, status=404), errors.Conflict),
    (refused(803, status=404), errors.Conflict),
    (refused(9004, 2207052), errors.Transient),
    (refused(9007, 2207027), errors.Transient),
    (refused(24, 4279009), errors.Transient),
    (refused(-1, 2207001), errors.Transient),
    (refused(4, 2207051), errors.RateLimited),
    (refused(1, status=500), errors.Transient),
    (refused(2, is_transient=True), errors.Transient),
    (answer({"error": {"code": 190, "message": "x"}}, 200), errors.AuthExpired),
    (answer("<html>", 200), errors.Transient),
    (answer([1], 200), errors.Transient),
    (answer("<html>", 400), errors.Transient),
    (answer("<html>", 503), errors.Transient),
    (answer({"error": "teks"}, 401), errors.Transient),
    (AnswerLost("cut"), errors.Transient),
    (NotReached("tls"), errors.Transient),
]
PUBLISHING = [
    (refused(4, 2207051), errors.OutcomeUnknown),
    (refused(-1, 2207001), errors.OutcomeUnknown),
    (refused(-1, 2207008), errors.OutcomeUnknown),
    (refused(2, is_transient=True), errors.OutcomeUnknown),
    (refused(1, status=500), errors.OutcomeUnknown),
    (refused(506, 1455006), Duplicate),
    (refused(9007, 2207027), errors.Transient),
    (refused(24, 4279009), errors.Transient),
    (refused(4), errors.RateLimited),
    (refused(190, 460), errors.AuthRevoked),
    (refused(9, 2207042), errors.QuotaExceeded),
    (answer({"id": ""}), errors.OutcomeUnknown),
    (answer('{"id": "17'), errors.OutcomeUnknown),
    (answer("<html>", 403), errors.OutcomeUnknown),
    (AnswerLost("too_slow"), errors.OutcomeUnknown),
    (NotReached("unreachable"), errors.Transient),
]


@pytest.mark.parametrize(("line", "error"), BEFORE)
def test_what_a_refusal_means_before_publishing(line, error):
    with pytest.raises(errors.AdapterError) as told:
        Graph(script(line), GRAPH, "token").post("me/media", {})

    assert type(told.value) is error


@pytest.mark.parametrize(("line", "error"), PUBLISHING)
def test_what_a_refusal_means_while_publishing(line, error):
    with pytest.raises(errors.AdapterError) as told:
        Graph(script(line), GRAPH, "token").publish("me/feed", {}, "id")

    assert type(told.value) is error


def test_a_call_is_signed_and_a_refusal_keeps_no_secret():
    http = script(refused(190, message="Malformed access token EAAB-rahasia"))

    with pytest.raises(errors.AuthExpired) as told:
        Graph(http, GRAPH, "EAAB-rahasia", "sandi").get("me", fields="id")

    proof = hmac.new(b"sandi", b"EAAB-rahasia", hashlib.sha256).hexdigest()
    assert http.last.query == {"fields": "id", "access_token": "EAAB-rahasia", "appsecret_proof": proof}
    assert "rahasia" not in told.value.detail and "190/0" in told.value.detail
    assert "rahasia" not in repr(Graph(http, GRAPH, "EAAB-rahasia", "sandi"))


@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        ('{"17":[{"type":"pages","call_count":101,"estimated_time_to_regain_access":30}]}', 30),
        ('{"17":[{"estimated_time_to_regain_access":0}]}', None),
        ('{"17":{"x":1}}', None),
        ("[]", None),
        ("bukan json", None),
        ("", None),
    ],
)
def test_a_limit_says_when_it_ends_as_far_as_it_does(header, minutes):
    line = answer({"error": {"code": 4, "message": "x"}}, 400, x_business_use_case_usage=header)

    with clock.moved_to(NOW), pytest.raises(errors.RateLimited) as limit:
        Graph(script(line), GRAPH, "t").get("me")

    at = limit.value.retry_at
    assert (
        at is None if minutes is None else abs(at - NOW - timedelta(minutes=minutes)) < timedelta(seconds=5)
    )


def test_a_list_is_read_to_its_end_and_no_further_than_it_must():
    pages = [{"data": [{"id": str(n)}], "paging": {"cursors": {"after": f"c{n}"}}} for n in range(3)]
    http = script(answer(pages[0]), answer(pages[1]), answer({"data": []}))

    assert [one["id"] for one in Graph(http, GRAPH, "t").items("me/accounts")] == ["0", "1"]
    assert http.asked[1].query["after"] == "c0"
    with pytest.raises(errors.Transient):
        list(Graph(script(answer({"data": "x"})), GRAPH, "t").items("me/accounts"))


# Sentences and codes as Meta gives them (facebook-python-business-sdk 528, php-graph-sdk 531 and 538).
APP_IS_REFUSED = [
    refused(100, type="GraphMethodException", message="Invalid appsecret_proof provided in the API argument"),
    refused(1, message="Error validating client secret."),
    refused(101, message="Error validating application. Cannot get application info due to a system error."),
    refused(200, message="API access deactivated. To reactivate, go to the App Dashboard."),
]


@pytest.mark.parametrize("line", APP_IS_REFUSED)
def test_an_app_that_is_refused_is_nobodys_content_account_or_bad_moment(line):
    for ask in (
        lambda graph: graph.get("1"),
        lambda graph: graph.post("1/photos", {}),
        lambda graph: graph.publish("1/feed", {}, "id"),
    ):
        with pytest.raises(errors.Forbidden) as told:
            ask(Graph(script(line), GRAPH, "EAAB", "sandi-aplikasi"))
        assert told.value.detail in OF_THE_APP
    with pytest.raises(errors.Forbidden, match="invalid_client"):
        FacebookAdapter(script(line)).exchange(APP, code="x", redirect_uri="https://humas.id", verifier=None)


def test_insights_are_read_in_both_their_forms():
    told = {
        "data": [{"name": "reach", "values": [{"value": 3}]}, {"name": "views", "total_value": {"value": 5}}]
    }

    assert insights(told) == {"reach": 3, "views": 5} and insights({}) == {}


# Facebook Login


def test_the_page_is_facebooks_own():
    url = FacebookAdapter(script()).authorize_url(
        APP, redirect_uri="https://humas.id/b", state="s", challenge=None
    )

    assert url.startswith(f"https://www.facebook.com/{VERSION}/dialog/oauth?") and "sandi" not in url
    assert "scope=pages_show_list%2Cpages_read_engagement%2Cpages_manage_posts" in url
    assert "business_management" in url and "business_management" in FacebookAdapter.spared
    assert "business_management" in InstagramAdapter.spared & {*InstagramAdapter.scopes}


def test_a_code_becomes_a_long_token_and_the_token_pages():
    pages = {
        "data": [
            {"id": "1", "name": "Kantor", "username": "kantor", "link": "https://www.facebook.com/kantor", "access_token": "P1", "tasks": ["CREATE_CONTENT"]},
            {"id": "2", "name": "Hanya melihat", "access_token": "P2", "tasks": ["ANALYZE"]},
            {"id": "3", "name": "Tanpa token"},
        ]
    }  # fmt: skip
    http = script(
        answer({"access_token": "pendek", "expires_in": 5000}),
        answer({"access_token": "panjang", "expires_in": 5_183_944}),
        answer(pages),
    )
    adapter = FacebookAdapter(http)

    grant = adapter.exchange(APP, code="kode", redirect_uri="https://humas.id/b", verifier=None)
    outlets = adapter.outlets(APP, grant)

    assert http.asked[1].query["grant_type"] == "fb_exchange_token"
    assert grant.expires_at is None, "what is kept is the Page's token, which does not end with the person's"
    assert [(o.external_id, o.name, o.handle) for o in outlets] == [("1", "Kantor", "kantor")]
    assert outlets[0].secrets == {"access_token": "P1"} and outlets[0].settings == {"page_id": "1"}
    assert "P1" not in repr(outlets) and "panjang" not in repr(grant)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (refused(100, 36009, message="This authorization code has been used."), errors.AuthRevoked),
        (refused(1, message="sandi-aplikasi salah", status=500), errors.Transient),
        (answer({"token_type": "bearer"}), errors.Transient),
    ],
)
def test_a_code_that_gives_nothing(line, error):
    with pytest.raises(error) as told:
        FacebookAdapter(script(line)).exchange(APP, code="x", redirect_uri="https://humas.id", verifier=None)

    assert "sandi-aplikasi" not in json.dumps(told.value.detail)
