"""What the adapters refuse, and what they answer."""

import ast
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import humasflow.channels.adapters as package
from humasflow.channels.adapters import errors
from humasflow.channels.adapters.base import (
    Absent,
    CannotTell,
    Caps,
    Counter,
    Field,
    Limits,
    Problem,
    ProblemCode,
    Ready,
    Receipt,
    Severity,
    Tokens,
)
from humasflow.channels.adapters.manual import copy_kit
from humasflow.channels.adapters.registry import UnknownAdapter
from humasflow.channels.adapters.validation import compose_text, is_publishable, validate_variant
from humasflow.channels.adapters.variant import (
    Account,
    Action,
    Job,
    MediaItem,
    MediaKind,
    Variant,
    payload_digest,
)
from humasflow.channels.reaching import adapters, get_adapter

PICTURE = MediaItem(
    asset_id=1, filename="lelang.jpg", mime="image/jpeg", alt_text="Juru lelang mengetuk palu"
)
UNSPOKEN = replace(PICTURE, alt_text=" ")
VIDEO = MediaItem(asset_id=2, kind=MediaKind.VIDEO)
STORY = Variant(title="Lelang perdana", text="<p>Lelang berjalan lancar.</p>", media=(PICTURE,))
NOW = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)


def job(**changes) -> Job:
    settings = {
        "post_id": 42,
        "generation": 1,
        "action": Action.PUBLISH,
        "idempotency_key": "kunci",
        "account": Account(account_id=7, platform="website_own", handle="kantor"),
        "variant": STORY,
        "created_at": NOW,
        "destination": {"base_url": "https://humas.kantor.go.id/", "path": "/berita/kantor/lelang-perdana"},
    }
    return Job(**(settings | changes))


def found(problems) -> set[tuple]:
    return {(p.severity.value, p.field.value, p.code.value, p.limit, p.actual) for p in problems}


# Shared validation


@pytest.mark.parametrize(
    ("limits", "variant", "problem"),
    [
        (Limits(text=5), Variant(text="Lelang"), ("error", "text", "too_long", 5, 6)),
        (Limits(counter=Counter.WEIGHTED, text=3), Variant(text="👍👍"), ("error", "text", "too_long", 3, 4)),
        (
            Limits(text=9, text_with_media=3),
            Variant(text="Aset", media=(PICTURE,)),
            ("error", "text", "too_long", 3, 4),
        ),
        (
            Limits(counter=Counter.GRAPHEMES, text=9, text_bytes=5),
            Variant(text="日本"),
            ("error", "text", "too_long", 5, 6),
        ),
        (Limits(text=20), Variant(text="Aset", hashtags=("a" * 20,)), ("error", "text", "too_long", 20, 27)),
        (Limits(), Variant(), ("error", "text", "required", None, None)),
        (Limits(), Variant(title="Judul saja", text="  "), ("error", "text", "required", None, None)),
        (
            Limits(hashtags=1),
            Variant(text="#satu", hashtags=("dua", "#DUA", "Satu")),
            ("error", "hashtags", "too_many", 1, 2),
        ),
        (
            Limits(links=1),
            Variant(text="a.id b.id", link="https://a.id"),
            ("error", "link", "too_many", 1, 2),
        ),
        (
            Limits(),
            Variant(text="x", link="javascript:alert(1)"),
            ("error", "link", "not_a_link", None, None),
        ),
        (Limits(title=4), Variant(title="Lelang", text="x"), ("error", "title", "too_long", 4, 6)),
        (
            Limits(title_forbidden="<>"),
            Variant(title="a<b", text="x"),
            ("error", "title", "forbidden_character", None, None),
        ),
        (Limits(media_min=1), Variant(text="x"), ("error", "media", "too_few", 1, 0)),
        (Limits(media_max=1), Variant(media=(PICTURE, PICTURE)), ("error", "media", "too_many", 1, 2)),
        (
            Limits(media_kinds=frozenset({MediaKind.VIDEO})),
            Variant(media=(PICTURE,)),
            ("error", "media", "wrong_kind", None, None),
        ),
        (
            Limits(media_mixed=False),
            Variant(media=(PICTURE, VIDEO)),
            ("error", "media", "mixed_kinds", None, None),
        ),
        (Limits(), Variant(media=(UNSPOKEN,)), ("warning", "alt_text", "missing_alt_text", None, None)),
        (Limits(alt_text=3), Variant(media=(PICTURE,)), ("error", "alt_text", "too_long", 3, 25)),
    ],
)
def test_one_thing_wrong_is_one_problem(limits, variant, problem):
    assert found(validate_variant(variant, limits, Caps())) == {problem}


def test_what_fits_exactly_has_no_problem():
    limits = Limits(text=34, hashtags=1, links=1, media_min=1, media_max=1, title=14)
    variant = Variant(
        title="Lelang perdana",
        text="Lelang",
        link="https://kantor.go.id",
        hashtags=("BMN",),
        media=(PICTURE,),
    )

    assert len(compose_text(variant)) == 34
    assert validate_variant(variant, limits, Caps()) == ()


def test_everything_wrong_is_said_at_once_errors_first():
    variant = Variant(text="panjang #a #b", media=(UNSPOKEN, PICTURE))
    problems = validate_variant(variant, Limits(text=3, hashtags=1, media_max=1), Caps())

    assert [problem.code for problem in problems] == [
        ProblemCode.TOO_LONG,
        ProblemCode.TOO_MANY,
        ProblemCode.TOO_MANY,
        ProblemCode.MISSING_ALT_TEXT,
    ]
    assert problems[-1].item == 0
    assert not is_publishable(problems)
    assert is_publishable(problems[-1:])


def test_a_limit_the_platform_does_not_enforce_only_warns():
    limits = Limits(hashtags=1, advisory=frozenset({Field.HASHTAGS}))
    problems = validate_variant(Variant(text="#a #b"), limits, Caps())

    assert problems == (Problem(Severity.WARNING, Field.HASHTAGS, ProblemCode.TOO_MANY, 1, 2),)


def test_only_pictures_need_words():
    document = MediaItem(asset_id=3, kind=MediaKind.DOCUMENT)
    assert validate_variant(Variant(media=(VIDEO, document)), Limits(), Caps(needs_alt_text=True)) == ()


def test_the_text_as_it_goes_out_repeats_nothing():
    variant = Variant(
        text="Simak www.kantor.go.id/berita/1 #Lelang",
        link="https://kantor.go.id/berita/1/?utm_source=ig",
        hashtags=("lelang", "#BMN", "BMN", " ", "#"),
    )
    assert compose_text(variant) == "Simak www.kantor.go.id/berita/1 #Lelang\n\n#BMN"
    assert compose_text(Variant(text=" a ", link="https://a.id/x")) == "a\n\nhttps://a.id/x"
    assert compose_text(Variant(hashtags=("a", "b"))) == "#a #b"
    assert compose_text(Variant()) == ""


@given(st.text(), st.lists(st.text(max_size=8), max_size=4))
def test_any_text_gets_an_answer(text, tags):
    variant = Variant(title=text, text=text, link=text or None, hashtags=tuple(tags), media=(UNSPOKEN,))
    for adapter in adapters().values():
        adapter.validate(
            variant, Limits(counter=Counter.WEIGHTED, text=10, text_bytes=20, hashtags=1, links=0, title=5)
        )


# The own newsroom


def test_the_newsroom_needs_title_body_and_words_for_each_picture():
    web = get_adapter("web")

    assert web.validate(STORY, Limits()) == ()
    bare = Variant(text="<p> <br>&nbsp;</p>", media=(UNSPOKEN, PICTURE))
    assert found(web.validate(bare, Limits())) == {
        ("error", "title", "required", None, None),
        ("error", "text", "required", None, None),
        ("error", "alt_text", "missing_alt_text", None, None),
    }


def test_the_same_job_always_gives_the_same_receipt():
    web = get_adapter("web")
    ready = web.prepare(job())

    assert isinstance(ready, Ready)
    assert web.poll(job(prepare_state=ready.state)) == ready
    receipts = {web.commit(job(committing_at=NOW)) for _ in range(3)}
    assert receipts == {Receipt("42", "https://humas.kantor.go.id/berita/kantor/lelang-perdana")}
    assert web.caps.idempotent


def test_the_newsroom_can_tell_what_is_public():
    web = get_adapter("web")

    assert web.find(job(committing_at=NOW)) == Absent()
    live = job(external_id="42")
    assert web.find(live) == Receipt("42", "https://humas.kantor.go.id/berita/kantor/lelang-perdana")
    assert web.update(live) == web.find(live)
    web.retract(live)
    assert web.permalink(web.update(live)) == "https://humas.kantor.go.id/berita/kantor/lelang-perdana"


@pytest.mark.parametrize(
    "destination",
    [
        {},
        {"base_url": "https://humas.kantor.go.id"},
        {"base_url": "humas.kantor.go.id", "path": "/a"},
        {"base_url": "https://humas.kantor.go.id", "path": "//jahat.example"},
        {"base_url": "https://humas.kantor.go.id", "path": "https://jahat.example"},
        {"base_url": None, "path": "/a"},
    ],
)
def test_a_destination_outside_the_newsroom_is_refused_before_anything_happens(destination):
    with pytest.raises(errors.Invalid):
        get_adapter("web").prepare(job(destination=destination))
    with pytest.raises(errors.Invalid):
        get_adapter("web").commit(job(destination=destination))


# By hand


def test_on_a_manual_channel_nothing_goes_out_by_itself():
    manual = get_adapter("manual")

    assert manual.caps.by_hand
    assert manual.prepare(job()) == Ready({})
    assert manual.find(job()) == CannotTell()
    for step in (manual.commit, manual.update, manual.retract):
        with pytest.raises(errors.Unsupported):
            step(job())


def test_the_kit_holds_what_the_person_copies():
    variant = Variant(
        title=" Lelang ", text="Lelang & aset", link="https://a.id", hashtags=("BMN",), media=(PICTURE,)
    )
    kit = copy_kit(variant, "whatsapp")

    assert kit.title == "Lelang"
    assert kit.text == "Lelang & aset\n\nhttps://a.id\n\n#BMN"
    assert kit.media == (PICTURE,)
    assert kit.share_url == "https://wa.me/?text=Lelang%20%26%20aset%0A%0Ahttps%3A%2F%2Fa.id%0A%0A%23BMN"
    assert copy_kit(variant, "instagram").share_url is None
    assert copy_kit(Variant(media=(PICTURE,)), "whatsapp").share_url is None


@pytest.mark.parametrize("key", ["web", "manual"])
def test_accounts_without_credentials(key):
    adapter = get_adapter(key)
    account = Account(account_id=1, platform="facebook", handle="kantor.contoh")

    assert adapter.key == key
    assert adapter.verify(account).handle == "kantor.contoh"
    assert adapter.refresh(account) is None
    assert adapter.quota(account) is None
    assert adapter.metrics(Receipt("1"), account, at=NOW) == ()


def test_an_unknown_adapter_is_an_error():
    with pytest.raises(UnknownAdapter):
        get_adapter("telepati")


# What is stored and shown


def test_a_payload_reads_back_and_its_digest_is_stable():
    variant = Variant("Judul", "Teks é", "https://a.id", (PICTURE, VIDEO), ("a",))
    payload = variant.to_payload()

    assert Variant.from_payload(payload) == variant
    shuffled = dict(reversed(payload.items()))
    assert payload_digest(shuffled) == payload_digest(payload)
    assert payload_digest(replace(variant, text="Teks e").to_payload()) != payload_digest(payload)
    hidden = replace(PICTURE, public_url="https://a.id/rahasia")
    assert "rahasia" not in str(replace(variant, media=(hidden,)).to_payload())


def test_secrets_stay_out_of_representations():
    account = Account(account_id=1, platform="x", secrets={"token": "rahasia"})

    assert "rahasia" not in repr(account)
    assert "rahasia" not in repr(Tokens("rahasia", "rahasia", NOW))


def test_only_passing_failures_are_retryable():
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.AdapterError)
    ]

    assert {kind.__name__ for kind in kinds if kind.is_retryable} == {
        "RateLimited",
        "QuotaExceeded",
        "Transient",
    }
    assert len({kind.code for kind in kinds}) == len(kinds) == 12
    assert errors.RateLimited(retry_at=NOW).retry_at == NOW
    assert errors.QuotaExceeded("habis", resets_at=NOW).resets_at == NOW
    assert str(errors.Transient()) == "transient"


# What of the product an adapter may use: none of it knows Flask or the database.
PURE = (
    "humasflow.channels.adapters", "humasflow.core.clock", "humasflow.core.html", "humasflow.core.slugs", "humasflow.core.urls",
)  # fmt: skip


def test_adapters_know_neither_flask_nor_the_database():
    allowed = set(sys.stdlib_module_names) | {"regex", "humasflow"}
    for path in Path(package.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                assert name.split(".")[0] in allowed, (path.name, name)
                assert not name.startswith("humasflow.") or name.startswith(PURE), (path.name, name)
