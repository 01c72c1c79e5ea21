"""The prose of the sample office, read once from the files in ``content/``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

TOPIC_FILES = ("lelang", "bmn", "piutang", "layanan")


@dataclass(frozen=True, slots=True)
class Topic:
    """A recurring subject of news. Texts have slots; ``objects`` are pairs (in a sentence, in a headline).
    ``headlines`` are pairs (headline, its own lead); an empty lead means that any of ``leads`` fits.
    """

    key: str
    pillar: str
    section: str
    pictures: tuple[str, ...]
    hashtags: tuple[str, ...]
    goal: str
    audience: str
    headlines: tuple[tuple[str, str], ...]
    leads: tuple[str, ...]
    details: tuple[str, ...]
    quotes: tuple[str, ...]
    closings: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    photos: tuple[str, ...]
    objects: tuple[tuple[str, str], ...]
    partners: tuple[str, ...]
    months: frozenset[int]
    amount: tuple[int, int]
    count: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A text written as a whole: an article, an announcement, a plain post."""

    title: str
    pillar: str
    section: str
    pictures: tuple[str, ...]
    paragraphs: tuple[str, ...]
    hashtags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commemoration:
    """A day with a fixed date and what the office posts on it."""

    month: int
    day: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PitchText:
    """A pitch in a contributor's own words."""

    topic: str
    title: str
    note: str
    place: str


@dataclass(frozen=True, slots=True)
class Talk:
    """What people write to each other: reasons and remarks."""

    reject: tuple[str, ...]
    park: tuple[str, ...]
    send_back: tuple[str, ...]
    approve: tuple[str, ...]
    verify: tuple[str, ...]
    new: tuple[PitchText, ...]
    parked: PitchText
    rejected: PitchText


@dataclass(frozen=True, slots=True)
class Library:
    """Everything there is to write with. ``pieces`` is by content code."""

    topics: Mapping[str, Topic]
    pieces: Mapping[str, tuple[Piece, ...]]
    commemorations: tuple[Commemoration, ...]
    talk: Talk


@cache
def load_library() -> Library:
    """The library; reads six small files the first time."""
    various, social = _read("ragam"), _read("unggahan")
    return Library(
        topics={row["key"]: _topic(row) for name in TOPIC_FILES for row in _read(name)["topic"]},
        pieces={
            "artikel": tuple(_piece(row) for row in _read("artikel")["piece"]),
            "pengumuman": tuple(_piece(row) for row in various["announcement"]),
            "infografis": tuple(_piece(row) for row in various["infographic"]),
            "klarifikasi_hoaks": tuple(_piece(row) for row in various["hoax"]),
            "pembaruan_profil": tuple(_piece(row) for row in various["profile"]),
            "unggahan": tuple(_piece(row) for row in social["post"]),
        },
        commemorations=tuple(Commemoration(**row) for row in social["day"]),
        talk=_talk(_read("percakapan")),
    )


def _read(name: str) -> dict[str, Any]:
    text = files("humasflow.setup.sample").joinpath("content", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _topic(row: dict[str, Any]) -> Topic:
    lists = ("pictures", "hashtags", "leads", "details", "quotes", "closings", "photos")
    low, high = row["count"]
    least, most = row.get("amount", (40, 900))
    return Topic(
        key=row["key"],
        pillar=row["pillar"],
        section=row["section"],
        goal=row["goal"],
        audience=row["audience"],
        headlines=tuple(_pair(text) for text in row["headlines"]),
        notes=tuple((title, note) for title, note in row["notes"]),
        objects=tuple(_pair(text) for text in row.get("objects", ())),
        partners=tuple(row.get("partners", ())),
        months=frozenset(row.get("months", range(1, 13))),
        amount=(least, most),
        count=(low, high),
        **{name: tuple(row[name]) for name in lists},
    )


def _pair(text: str) -> tuple[str, str]:
    first, _, second = text.partition("|")
    return first, second


def _piece(row: dict[str, Any]) -> Piece:
    return Piece(
        title=row["title"],
        pillar=row["pillar"],
        section=row["section"],
        pictures=tuple(row["pictures"]),
        paragraphs=tuple(row.get("paragraphs", ())) or (row["text"],),
        hashtags=tuple(row.get("hashtags", ())),
    )


def _talk(data: dict[str, Any]) -> Talk:
    return Talk(
        reject=tuple(data["reject"]),
        park=tuple(data["park"]),
        send_back=tuple(data["send_back"]),
        approve=tuple(data["approve"]),
        verify=tuple(data["verify"]),
        new=tuple(PitchText(**row) for row in data["pitch_new"]),
        parked=PitchText(**data["pitch_parked"][0]),
        rejected=PitchText(**data["pitch_rejected"][0]),
    )
