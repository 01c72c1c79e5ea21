"""The token call that several platforms have in common, and forms with files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.channels.adapters import errors, oauth
from humasflow.channels.adapters.http import AnswerLost, NotReached
from humasflow.channels.adapters.multipart import FilePart, multipart
from humasflow.channels.adapters.variant import Account, AppKeys
from humasflow.core import clock
from tests.support.contract import parts_of
from tests.support.scripted import answer, script

AT = "https://akun.example/token"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def call(*lines, **more):
    told = script(*lines)
    with clock.moved_to(NOW):
        return oauth.call_for_tokens(told, AT, {"grant_type": "refresh_token"}, **more), told


def test_what_was_granted():
    granted, told = call(
        answer({"access_token": "baru", "refresh_token": "lagi", "expires_in": 7200, "scope": "a.b c.d"})
    )

    assert told.last.method == "POST" and told.last.form == {"grant_type": "refresh_token"}
    assert told.last.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert abs(granted.expires_at - NOW - timedelta(hours=2)) < timedelta(seconds=5)
    assert granted.scopes == ("a.b", "c.d") and granted.refresh_expires_at is None
    grant = granted.as_grant()
    assert grant.secrets == {"access_token": "baru", "refresh_token": "lagi"}
    assert granted.as_tokens().refresh == "lagi"
    assert "baru" not in repr(granted) + repr(grant) + repr(granted.as_tokens())


@pytest.mark.parametrize("refresh", [None, "", 5])
def test_an_empty_token_to_renew_takes_no_good_ones_place(refresh):
    granted, _told = call(answer({"access_token": "baru", "refresh_token": refresh, "expires_in": "0"}))

    assert granted.as_tokens().refresh is None
    assert granted.expires_at is None
    assert granted.as_grant().secrets == {"access_token": "baru"}


@pytest.mark.parametrize(
    ("line", "error", "detail"),
    [
        (
            answer({"error": "invalid_grant", "error_description": "rahasia"}, 400),
            errors.AuthRevoked,
            "invalid_grant",
        ),
        (answer({"error": "invalid_grant"}, 200), errors.AuthRevoked, "invalid_grant"),
        (
            answer({"error": {"code": "invalid_grant", "message": "x"}}, 400),
            errors.AuthRevoked,
            "invalid_grant",
        ),
        (answer({"error": "access_denied"}, 403), errors.AuthRevoked, "access_denied"),
        (answer({"error": "invalid_client"}, 401), errors.Forbidden, "invalid_client"),
        (answer({"error": "invalid_scope"}, 400), errors.Forbidden, "invalid_scope"),
        (answer({"error": "slow_down"}, 400), errors.RateLimited, "slow_down"),
        (answer("", 429), errors.RateLimited, "status 429"),
        (answer({"error": "temporarily_unavailable"}, 400), errors.Transient, "temporarily_unavailable"),
        (answer("<html>", 403), errors.Transient, "status 403"),
        (answer("<html>", 200), errors.Transient, "status 200"),
        (answer({"access_token": ""}, 200), errors.Transient, "status 200"),
        (answer({"access_token": None}, 200), errors.Transient, "status 200"),
        (answer([1], 500), errors.Transient, "status 500"),
        (NotReached("tls"), errors.Transient, "tls"),
        (AnswerLost("too_slow"), errors.Transient, "too_slow"),
    ],
)
def test_a_refusal_disconnects_only_when_the_grant_is_dead(line, error, detail):
    with pytest.raises(error) as refused:
        call(line)

    assert refused.value.detail == detail
    assert "rahasia" not in str(refused.value)


def test_a_platform_without_a_code_for_a_dead_grant():
    said = {"error": "invalid_request", "error_description": "Value passed for the token was invalid."}
    with pytest.raises(errors.AuthRevoked):
        call(answer(said, 400), dead_when=("token was invalid",))
    with pytest.raises(errors.Transient):
        call(answer(said, 400))


def test_what_an_account_has():
    account = Account(
        1, "x", secrets={"access_token": "a", "refresh_token": "r"}, app=AppKeys("kunci", "sandi")
    )

    assert (oauth.access_of(account), oauth.refresh_of(account), oauth.app_of(account).client_id) == (
        "a",
        "r",
        "kunci",
    )
    empty = replace(account, secrets={}, app=None)
    for ask, error in (
        (oauth.access_of, errors.AuthRevoked), (oauth.refresh_of, errors.AuthRevoked), (oauth.app_of, errors.Forbidden),
    ):  # fmt: skip
        with pytest.raises(error):
            ask(empty)


def test_the_address_of_a_sign_in_page():
    address = oauth.authorize_address(
        "https://akun.example/a", {"scope": "a b&c", "state": "s", "challenge": None}
    )

    assert parse_qs(urlsplit(address).query) == {"scope": ["a b&c"], "state": ["s"]}


@given(
    st.dictionaries(st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=8), st.text(max_size=40), max_size=3),
    st.lists(st.binary(max_size=400), max_size=3),
)  # fmt: skip
def test_a_form_reads_back_byte_by_byte(fields, files):
    fields = {f"f_{name}": value.replace("\r", "").replace("\n", "") for name, value in fields.items()}
    parts = [
        FilePart(
            f"file{index}",
            f"a{index}.bin",
            "application/octet-stream",
            len(one),
            lambda one=one: (one[:7], one[7:]),
        )
        for index, one in enumerate(files)
    ]
    body, headers = multipart(fields, parts)
    sent = b"".join(body)

    assert len(sent) == int(headers["Content-Length"])
    if not fields and not parts:
        return
    boundary = headers["Content-Type"].partition("boundary=")[2].encode()
    pieces = sent.split(b"--" + boundary)[1:-1]
    contents = [piece.partition(b"\r\n\r\n")[2][:-2] for piece in pieces]
    assert contents == [*(value.encode() for value in fields.values()), *files]


def test_a_form_as_another_program_reads_it():
    body, headers = multipart(
        {"chat": "@kantor"}, [FilePart.of("photo", 'a"b\r\n.jpg', "image/jpeg", b"\x00\xff--\r\n")]
    )
    parts = parts_of(b"".join(body), headers["Content-Type"])

    assert parts["chat"][2] == b"@kantor"
    assert parts["photo"] == ("a%22b%0D%0A.jpg", "image/jpeg", b"\x00\xff--\r\n")
