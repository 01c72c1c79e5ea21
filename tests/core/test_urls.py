"""One publication, one key; and no way out of the site through a redirect."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from humasflow.core.urls import (
    MAX_URL_LENGTH,
    NotHttpUrl,
    canonical_url,
    host_of,
    is_http_url,
    safe_local_target,
)

HOSTS = st.sampled_from(
    [
        "kantor-contoh.example", "www.kantor.go.id", "m.facebook.com", "facebook.com", "id-id.facebook.com",
        "www.instagram.com", "twitter.com", "x.com", "youtu.be", "m.youtube.com", "www.tiktok.com", "t.me",
        "threads.net", "web.go.id", "www.m.web.kantor.id", "127.0.0.1", "[::1]", "KANTOR.GO.ID.",
    ]
)  # fmt: skip
PIECES = st.text(
    st.sampled_from(list("abcABC019-_.~!$&'()*+,;=:@%/é日?#[]{}|^`\"<>"))
    | st.characters(exclude_categories=["Z", "C"]),
    max_size=20,
)
URLS = st.builds(
    lambda scheme, host, port, path, query, fragment: f"{scheme}://{host}{port}/{path}?{query}#{fragment}",
    st.sampled_from(["http", "https", "HTTP", "Https"]),
    HOSTS,
    st.sampled_from(["", ":80", ":443", ":8080", ":"]),
    PIECES,
    PIECES,
    PIECES,
)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("HTTP://WWW.Kantor.GO.ID:80/Berita/14021/#isi", "https://kantor.go.id/Berita/14021"),
        ("https://kantor.go.id", "https://kantor.go.id"),
        ("https://kantor.go.id/", "https://kantor.go.id"),
        ("kantor.go.id/berita/1", "https://kantor.go.id/berita/1"),
        (" https://kantor.go.id/berita/1 ", "https://kantor.go.id/berita/1"),
        ("https://kantor.go.id:8080/a", "https://kantor.go.id:8080/a"),
        ("https://kantor.go.id/?b=2&a=1&utm_source=wa&fbclid=x", "https://kantor.go.id?a=1&b=2"),
        ("https://kantor.go.id//berita/./x/../1/", "https://kantor.go.id/berita/1"),
        ("https://kantor.go.id/%7Ehumas/%e2%82%ac/a%2fb", "https://kantor.go.id/~humas/%E2%82%AC/a%2Fb"),
        ("https://kantor.go.id/diskon 10%".replace(" ", "-"), "https://kantor.go.id/diskon-10%25"),
        ("https://web.go.id/a", "https://web.go.id/a"),
        ("https://www.web.kantor.id/a", "https://kantor.id/a"),
        ("https://m.facebook.com/story.php?story_fbid=12&id=34&mibextid=z", "https://facebook.com/permalink.php?id=34&story_fbid=12"),
        ("https://web.facebook.com/KPKNL.Contoh/posts/pfbid02AbC?__cft__[0]=AZ&__tn__=%2CO", "https://facebook.com/kpknl.contoh/posts/pfbid02AbC"),
        ("https://id-id.facebook.com/photo/?fbid=9&set=a.1", "https://facebook.com/photo.php?fbid=9"),
        ("https://www.facebook.com/watch/?v=77&ref=sharing", "https://facebook.com/watch?v=77"),
        ("https://fb.watch/AbC/", "https://fb.watch/AbC"),
        ("https://www.instagram.com/p/CAbC_1-x/?igshid=zz&img_index=2", "https://instagram.com/p/CAbC_1-x"),
        ("https://www.instagram.com/reel/CAbC_1-x/", "https://instagram.com/p/CAbC_1-x"),
        ("https://instagram.com/kantor.contoh/reel/CAbC_1-x", "https://instagram.com/p/CAbC_1-x"),
        ("https://www.instagram.com/Kantor/", "https://instagram.com/Kantor"),
        ("https://twitter.com/Kantor/status/123?s=20&t=abc", "https://x.com/i/status/123"),
        ("https://mobile.twitter.com/kantor/statuses/123/photo/1", "https://x.com/i/status/123"),
        ("https://x.com/i/web/status/123", "https://x.com/i/status/123"),
        ("https://x.com/Kantor", "https://x.com/kantor"),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc&t=9", "https://youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://m.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1", "https://youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "https://youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://www.tiktok.com/@Kantor/video/7?is_from_webapp=1&sender_device=pc", "https://tiktok.com/@kantor/video/7"),
        ("https://www.threads.net/@Kantor/post/AbC", "https://threads.com/@kantor/post/AbC"),
        ("https://t.me/s/kantor/15?single", "https://t.me/kantor/15"),
        ("https://kantör.example/a", "https://xn--kantr-mua.example/a"),
    ],
)  # fmt: skip
def test_two_ways_of_writing_one_address_have_one_key(written, key):
    assert canonical_url(written) == key
    assert canonical_url(key) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://kantor.go.id/berita?id=1", "https://kantor.go.id/berita?id=2"),
        ("https://kantor.go.id/Berita", "https://kantor.go.id/berita"),
        ("https://facebook.com/permalink.php?story_fbid=1&id=2", "https://facebook.com/permalink.php?story_fbid=3&id=2"),
        ("https://youtu.be/aaa", "https://youtu.be/aaA"),
        ("https://instagram.com/p/aaa", "https://instagram.com/p/aaA"),
        ("https://a.go.id/x", "https://b.go.id/x"),
    ],
)  # fmt: skip
def test_two_publications_keep_two_keys(one, other):
    assert canonical_url(one) != canonical_url(other)


@given(URLS)
@example("http://kantor.go.id/%%41")
@example("http://kantor.go.id/%25%34%31")
@example("https://x.com/%C3%89?x=%ff")
def test_the_key_of_a_key_is_itself(url):
    try:
        key = canonical_url(url)
    except NotHttpUrl:
        return
    assert canonical_url(key) == key
    assert key.startswith("https://")
    assert key.isascii()
    assert "#" not in key
    assert not key.endswith("/")


@given(st.sampled_from(["utm_source", "utm_x", "fbclid", "igsh", "GCLID"]), st.integers(0, 2))
def test_a_tracking_parameter_never_matters(name, place):
    pairs = ["a=1", "b=2"]
    pairs.insert(place, f"{name}=x%20y")
    assert canonical_url(f"https://kantor.go.id/x?{'&'.join(pairs)}") == "https://kantor.go.id/x?a=1&b=2"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "kantor", "javascript:alert(1)", "data:text/html,x", "ftp://kantor.go.id/a", "//kantor.go.id/a",
        "https://", "https:///a", "http://kantor.go.id:99999/", "http://kantor.go.id:x/", "https://user:p@kantor.go.id/",
        "https://bank.go.id@jahat.example/",
        "https://kan tor.go.id/", "https://kantor.go.id/\n", "https://kantor.go.id\\@x/",
        "https://-kantor.go.id/", "https://kantor..go.id/", "https://[::1/", "https://kantor.go.id/\x00", "http://%6b.id/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(text):
    assert not is_http_url(text)


@pytest.mark.parametrize(
    "text", ["", "kantor", "javascript:alert(1)", "https://a b.id/", "Berita 14021", "a@b.id"]
)
def test_text_that_is_no_address_has_no_key(text):
    with pytest.raises(NotHttpUrl):
        canonical_url(text)


def test_ordinary_addresses_are_web_addresses():
    assert is_http_url("https://kantor-contoh.example/berita/14021")
    assert is_http_url("http://127.0.0.1:8000/berita/")
    assert is_http_url("https://[2001:db8::1]/a")
    assert not is_http_url("https://kantor.go.id/" + "a" * MAX_URL_LENGTH)
    assert host_of("https://WWW.Kantor.go.id/a") == "www.kantor.go.id"


@pytest.mark.parametrize(
    "target", ["/", "/beranda", "/naskah/1?tab=versi&q=a//b#c", "/berita/kantor-contoh/", "/a@b"]
)
def test_a_path_of_this_site_is_followed(target):
    assert safe_local_target(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None, "", "beranda", "https://jahat.example/", "//jahat.example", "///jahat.example", "/\\jahat.example",
        "\\\\jahat", "/\t/jahat.example", "/\n/jahat", " /beranda", "/.//jahat.example",
        "/%2Fjahat.example", "/%5cjahat.example", "javascript:alert(1)",
        "http:/jahat", "?next=/", "/" + "a" * MAX_URL_LENGTH,
    ],
)  # fmt: skip
def test_a_way_out_of_the_site_is_not_followed(target):
    assert safe_local_target(target) is None


@given(st.text(st.sampled_from(list("/\\.:@?#%2fF5cC \t\nax")), max_size=12) | st.text(max_size=12))
def test_whatever_passes_stays_on_the_host(text):
    target = safe_local_target(f"/{text}")
    if target is not None:
        assert urlsplit(urljoin("https://kantor.go.id/masuk", target)).netloc == "kantor.go.id"
        assert not target.startswith(("//", "/\\"))
