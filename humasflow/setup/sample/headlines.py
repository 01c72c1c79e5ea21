"""Headlines: dealt from the library so that no two in a plan are the same and subjects take turns."""

from collections import deque
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypeVar

from humasflow.setup.sample.facts import PLACES, Facts, draw_facts
from humasflow.setup.sample.library import Commemoration, Library, Piece, Topic, load_library

NEWS, FEATURED, ARTICLE = "berita_terbaru", "berita_utama", "artikel"
ANNOUNCEMENT, INFOGRAPHIC, HOAX = "pengumuman", "infografis", "klarifikasi_hoaks"
PROFILE, PLAIN = "pembaruan_profil", "unggahan"

# Subjects that come twice in a round: an office of this kind writes most about them.
_FREQUENT = (
    "lelang-bmn",
    "lelang-umkm",
    "lelang-sosialisasi",
    "sertifikasi",
    "layanan-terpadu",
    "bimtek-bmn",
)
_RECENT_PLACES = 4
_ATTEMPTS = 400

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft:
    """A headline with what it is about. ``subject`` says how to tell it; ``facts`` what happened. ``template`` is
    the headline before filling; ``lead`` its own lead, filled, or empty.
    """

    code: str
    title: str
    subject: Topic | Piece
    facts: Facts
    template: str = ""
    lead: str = ""

    @property
    def topic(self) -> Topic | None:
        """The recurring subject, None for a text written as a whole."""
        return self.subject if isinstance(self.subject, Topic) else None


class HeadlineDeck:
    """Deals headlines. Every title is dealt once in the life of a deck, whatever the content type."""

    def __init__(self, rng: Random, library: Library | None = None) -> None:
        self._rng = rng
        self._library = library or load_library()
        self._used: set[str] = set()
        self._topics: list[str] = []
        self._templates: dict[str, list[tuple[str, str]]] = {}
        self._pieces: dict[str, list[Piece]] = {}
        self._recent: deque[str] = deque(maxlen=_RECENT_PLACES)

    def news(self, day: date, code: str = NEWS, topic_key: str | None = None) -> Draft:
        """News of a day, about the given subject or the next one in turn. Raises RuntimeError when all is told."""
        for _ in range(_ATTEMPTS):
            topic = self._library.topics[topic_key or self._next_topic(day)]
            facts = draw_facts(self._rng, day, topic, self._places())
            template, lead = self._next_template(topic)
            title = facts.fill(template)
            if self._take(title, facts):
                return Draft(code, title, topic, facts, template, facts.fill(lead))
        raise RuntimeError(f"no unused headline for {code} on {day}")

    def piece(self, code: str, day: date) -> Draft:
        """The next whole text of a content type. Raises RuntimeError when none is left."""
        for _ in range(_ATTEMPTS):
            waiting = self._pieces.get(code)
            if not waiting:
                waiting = self._pieces[code] = self._shuffled(self._library.pieces[code])
            piece = waiting.pop()
            facts = draw_facts(self._rng, day, None, self._places())
            title = facts.fill(piece.title)
            if self._take(title, facts):
                return Draft(code, title, piece, facts)
        raise RuntimeError(f"no unused text for {code} on {day}")

    def commemoration(self, entry: Commemoration, day: date) -> Draft:
        """The post for a commemoration; ``day`` is that day in its year."""
        title = f"{entry.name} {day.year}"
        piece = Piece(
            title, "layanan", "hi", ("infographic",), (entry.text,), (_as_hashtag(entry.name), "#KPKNContoh")
        )
        facts = draw_facts(self._rng, day)
        if not self._take(title, facts):
            raise RuntimeError(f"{title} was dealt before")
        return Draft(PLAIN, title, piece, facts)

    def _take(self, title: str, facts: Facts) -> bool:
        if title.casefold() in self._used:
            return False
        self._used.add(title.casefold())
        self._recent.append(facts.place)
        return True

    def _places(self) -> list[str]:
        return [place for place in PLACES if place not in self._recent]

    def _next_topic(self, day: date) -> str:
        while True:
            if not self._topics:
                self._topics = self._shuffled((*self._library.topics, *_FREQUENT))
            key = self._topics.pop()
            if day.month in self._library.topics[key].months:
                return key

    def _next_template(self, topic: Topic) -> tuple[str, str]:
        waiting = self._templates.get(topic.key)
        if not waiting:
            waiting = self._templates[topic.key] = self._shuffled(topic.headlines)
        return waiting.pop()

    def _shuffled(self, items: tuple[T, ...]) -> list[T]:
        return self._rng.sample(items, len(items))


def _as_hashtag(name: str) -> str:
    return "#" + "".join(word[0].upper() + word[1:] for word in name.replace("-", " ").split())
