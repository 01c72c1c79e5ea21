"""The words people read: one word for one thing, spelled as EYD V has it, and nothing left outside the catalogue."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup, Comment, Doctype
from jinja2 import Environment

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ROOT / "humasflow/translations/en/LC_MESSAGES/messages.po"
TOPICS = ROOT / "humasflow/pages/manual/topics"
TEMPLATES = ROOT / "templates"

# What is written in the code, and what to write instead. The table is docs/glossary.md's "House words".
INDONESIAN = {
    r"[Ff]ile(?:nya)?": "berkas",
    r"[Ee]-?mail(?:nya)?": "surel",
    r"[Ll]ink(?:nya)?": "tautan",
    r"(?:up|down|Up|Down)load\w*": "unggah, unduh",
    r"[Pp]asswords?": "kata sandi",
    r"log ?(?:in|out)": "masuk, keluar",
    r"users?": "pengguna",
    r"[Ww]ebsites?": "situs",
    r"[Bb]rowser": "peramban",
    r"[Oo](?:n|ff)line": "tersambung, tanpa jaringan",
    r"[Ss]creenshots?": "tangkapan layar",
    r"[Dd]eadlines?": "tenggat",
    r"[Pp]review": "pratinjau",
    r"[Ss]preadsheet": "lembar kerja",
    r"[Pp]eladen": "server",
    r"[Gg]awai": "perangkat",
    r"[Pp]ostingan|posting": "publikasi, unggahan",
    r"[Mm]inggu(?:nya)?|[Ss]eminggu": "pekan (Minggu is the day)",
    r"[Nn]otulen(?:nya)?": "notula",
    r"[Kk]uartal(?:an)?": "triwulan",
    r"[Ss]ilahkan": "silakan",
    r"[Mm]erubah|[Dd]irubah": "mengubah, diubah",
    r"[Dd]imana|[Dd]isini|[Dd]isana|[Dd]i karenakan|[Kk]esini": "di mana, di sini, di sana, karena, ke sini",
    r"[Aa]ntar": "antar- joined to its word",
    r"[Nn]on": "non- joined to its word",
    r"[Kk]ada?luarsa|[Kk]adaluwarsa": "kedaluwarsa",
    r"[Rr]esiko|[Ii]jin|[Pp]raktek|[Aa]nalisa|[Aa]ktifitas|[Nn]omer|[Tt]erlanjur": "risiko, izin, praktik, analisis…",
    r"[Dd]ulu|[Jj]ika|[Kk]alau": "dahulu, bila",
    r"anda": "Anda",
}
# Names of menus in other programs, and days of the week.
ALLOWED = {
    "Outlook: File, Simpan Kalender.",
    "Berkas ini dikunci kata sandi. Buka di Excel, hapus kata sandinya (File, Info, Proteksi), lalu unggah lagi.",
    "Minggu",
    "Hari dalam sepekan dinomori 0 (Senin) sampai 6 (Minggu).",
}
ENGLISH_WORDS = {
    r"[Ee]-mails?": "email",
    r"[Cc]annot|(?:is|are|was|were|do|does|did|has|have) not": "can’t, isn’t…",
    r"[Ss]omebody|[Ee]verybody|[Aa]nybody": "someone, everyone, anyone",
    r"percent": "per cent",
    r"[Pp]ublications": "posts",
    r"[Nn]otices": "notifications",
    r"[Mm]end(?:ed|ing)?": "fix",
    r"[Ff]our eyes": "two-person rule",
    r"yang|tidak|belum|untuk|dengan": "a word left in Indonesian",
}
_NOT_WORDS = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
_QUOTED = re.compile(r"“[^”]*”|@\S+")
_SIGNS = {
    r"\.\.\.": "…",
    r"[\"']": "“ ” or ’",
    r"(?:%\(\w+\)s|\d|\}) %%(?!\w)": "10%, without a blank",
    r"  |\s[,.;:!](?!\S)": "one blank between words, none before a sign",
}

# What stands in a template as it is: names, keys, commands, values of attributes and classes of a page.
IN_TEMPLATES = {
    "Alt", "Atom", "Ctrl", "Ctrl K", "Enter", "Esc", "ID", "JSON Feed", "Mastodon", "NIP", "auth--wide", "humasflow",
    "humasflow ·", "jenis", "jumlah", "siaran_pers", "start", "tema", "wide",
    "guest\nguest__page", "http://127.0.0.1:8000/siapkan", "python -m humasflow.worker",
    "venv/bin/flask --app wsgi archive read arsip.zip", "venv/bin/flask --app wsgi setup-link",
}  # fmt: skip
_FOR_DEVELOPERS = {"pages/components_guide.html"}
_SPOKEN = ("title", "alt", "placeholder", "aria-label", "aria-description", "label")
_EXAMPLES = {"SP-12/KNL.1401/2026"}


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    """Every Indonesian text (each form) beside its English; that all of the code is here is test_translations'."""
    with ENGLISH.open("rb") as file:
        catalog = read_po(file, locale="en")
    pairs = []
    for message in catalog:
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else message.id
            strings = (message.string,) if isinstance(message.string, str) else message.string
            pairs += zip(ids, strings, strict=True)
    assert len(pairs) > 8000
    return pairs


def _wrong(text: str, table: dict[str, str]) -> Iterator[str]:
    plain = _NOT_WORDS.sub(" ", text)
    for word, better in table.items():
        if found := re.search(rf"(?<![\w.@/-])(?:{word})(?![\w@/-]|\.\w)", plain):
            yield f"{found[0]!r} in {text!r}: {better}"
    for sign, better in _SIGNS.items():
        if found := re.search(sign, text):
            yield f"{found[0]!r} in {text!r}: {better}"


def test_one_indonesian_word_for_one_thing(texts: list[tuple[str, str]]) -> None:
    wrong = [said for text, _ in texts if text not in ALLOWED for said in _wrong(text, INDONESIAN)]
    assert wrong == []


def test_english_is_english(texts: list[tuple[str, str]]) -> None:
    """Examples between quotation marks stay as they are typed."""
    wrong = [said for _, text in texts for said in _wrong(_QUOTED.sub("“ ”", text), ENGLISH_WORDS)]
    assert wrong == []


@pytest.mark.parametrize(("language", "table"), [("id", INDONESIAN), ("en", ENGLISH_WORDS)])
def test_the_help_keeps_to_the_same_words(language: str, table: dict[str, str]) -> None:
    wrong = []
    for path in sorted((TOPICS / language).glob("*.html")):
        for node in BeautifulSoup(path.read_text(), "html5lib").find_all(string=True):
            wrong += [f"{path.name}: {said}" for said in _wrong(" ".join(node.split()), table)]
    assert wrong == []


def test_sentences_end(texts: list[tuple[str, str]]) -> None:
    """A text of two sentences or more ends as sentences do, or in what is filled in."""
    two, ended = re.compile(r"[a-z\d”)]\. [A-Z]"), re.compile(r"(?:[.?!…:”)]|%\(\w+\)s|\})\s*$")
    wrong = [s for pair in texts for s in pair if s[:1].isupper() and two.search(s) and not ended.search(s)]
    assert wrong == []


def _markup(source: str) -> str:
    """The template's own text: what is filled in is a mark, statements are left out; so are names of drawings."""
    source = re.sub(r"{% block art %}[\w-]+{% endblock %}", "", source)
    parts = []
    for _line, kind, value in Environment(autoescape=True).lex(source):
        if kind == "data":
            parts.append(value)
        elif kind == "variable_end":
            parts.append("\ue000")
    return "".join(parts)


def _own_words(source: str) -> Iterator[str]:
    soup = BeautifulSoup(_markup(source), "html.parser")
    for node in soup.find_all(string=True):
        if isinstance(node, Comment | Doctype) or node.parent.name in ("script", "style"):
            continue
        for words in re.findall("[^\\W\\d_]{2,}[^\ue000]*", str(node)):
            if '"' not in words and ">" not in words:  # pieces of tags that a statement had cut
                yield words.strip()
    for tag in soup.find_all(True):
        for name in _SPOKEN:
            value = str(tag.get(name) or "").replace("\ue000", "")
            if re.search(r"[^\W\d_]{2,}", value) and value not in _EXAMPLES:
                yield f"{name}={value}"


def test_templates_say_nothing_outside_the_catalogue() -> None:
    wrong = {}
    for path in sorted(TEMPLATES.rglob("*.*")):
        name = path.relative_to(TEMPLATES).as_posix()
        if path.suffix in (".html", ".txt", ".xml") and name not in _FOR_DEVELOPERS:
            own = {words for words in _own_words(path.read_text()) if words not in IN_TEMPLATES}
            if own:
                wrong[name] = sorted(own)
    assert wrong == {}


def test_a_word_outside_the_catalogue_is_seen() -> None:
    seen = list(_own_words('<p title="Judul lama">{{ _("Ada") }} Halo{% if x %}, dunia{% endif %}</p>'))
    assert seen == ["Halo, dunia", "title=Judul lama"]


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("Pilih filenya.", INDONESIAN), ("Kirim e-mail", INDONESIAN), ("Tiap minggu", INDONESIAN), ("Tunggu...", INDONESIAN),
        ("%(n)s %% dari nilai", INDONESIAN), ("antar kantor", INDONESIAN), ("It can't be read.", ENGLISH_WORDS),
        ("It cannot be read.", ENGLISH_WORDS), ("3 publications", ENGLISH_WORDS),
    ],
)  # fmt: skip
def test_the_table_finds(text: str, table: dict[str, str]) -> None:
    assert list(_wrong(text, table))


@pytest.mark.parametrize(
    "text", ["%(file)s, %(minggu)s", "antarkantor", "%%n sel, %(n)s%%", "@nama@server", "dahulu"]
)
def test_the_table_leaves_alone(text: str) -> None:
    assert not list(_wrong(text, INDONESIAN))
