"""The office's own words: pasted many at once, taken out again."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.guidelines.models import GlossaryWord

LONGEST_WORD = 80
LONGEST_FOLDED = 160  # case-folding makes three letters of a few rare ones
LONGEST_MEANING = 200
MOST_AT_ONCE = 2000


@dataclass(frozen=True)
class WordsAdded:
    """What came of a paste: how many are new, took a new meaning, or stood there already; and the lines, whole, that
    are too long.
    """

    added: int
    explained: int
    known: int
    refused: tuple[str, ...]


def add_words(office_id: int, pasted: str, *, actor: audit.Actor | None) -> WordsAdded:
    """Add a word a line; ``KPKNL = Kantor Pelayanan …`` (or a tab, or a semicolon) adds its meaning too. A word that is
    known takes a new meaning where one is given. Flushes.
    """
    entries, refused = _read(pasted)
    if len(entries) > MOST_AT_ONCE:
        raise UserError(_("Tempelkan paling banyak %(n)s kata sekaligus.", n=MOST_AT_ONCE))
    known = {
        w.folded: w
        for w in db.session.scalars(select(GlossaryWord).where(GlossaryWord.office_id == office_id))
    }
    new = [key for key in entries if key not in known]
    now = clock.now()
    for key in new:
        word, meaning = entries[key]
        db.session.add(
            GlossaryWord(
                office_id=office_id, word=word, folded=key, meaning=meaning,
                added_by=actor.id if actor else None, added_at=now,
            )
        )  # fmt: skip
    explained = [key for key, (_word, meaning) in entries.items() if key in known and meaning]
    changed = [key for key in explained if known[key].meaning != entries[key][1]]
    for key in changed:
        known[key].meaning = entries[key][1]
    db.session.flush()
    if new or changed:
        audit.record(
            AuditAction.GLOSSARY_CHANGED, ("glossary", office_id), office_id=office_id, actor=actor,
            added=[entries[key][0] for key in new], explained=[entries[key][0] for key in changed],
        )  # fmt: skip
    return WordsAdded(len(new), len(changed), len(entries) - len(new) - len(changed), tuple(refused))


def _read(pasted: str) -> tuple[dict[str, tuple[str, str]], list[str]]:
    entries: dict[str, tuple[str, str]] = {}
    refused = []
    for line in pasted.replace("\x00", "").splitlines():
        word, meaning = _parted(line)
        if not word:
            continue
        folded = word.casefold()
        if len(word) > LONGEST_WORD or len(folded) > LONGEST_FOLDED or len(meaning) > LONGEST_MEANING:
            refused.append(line.strip())
            continue
        entries.setdefault(folded, (word, meaning))
    return entries, refused


def _parted(line: str) -> tuple[str, str]:
    for sign in ("\t", " = ", "=", ";"):
        if sign in line:
            word, _sign, meaning = line.partition(sign)
            return " ".join(word.split()), " ".join(meaning.split())
    return " ".join(line.split()), ""


def remove_words(office_id: int, word_ids: Iterable[int], *, actor: audit.Actor) -> int:
    """Take words out; how many there were. Numbers of another office's words are nobody's here."""
    wanted = list(word_ids)
    found = db.session.scalars(
        select(GlossaryWord).where(GlossaryWord.office_id == office_id, GlossaryWord.id.in_(wanted))
    ).all()
    if not found:
        return 0
    words = [w.word for w in found]
    db.session.execute(delete(GlossaryWord).where(GlossaryWord.id.in_([w.id for w in found])))
    db.session.flush()
    audit.record(
        AuditAction.GLOSSARY_CHANGED, ("glossary", office_id), office_id=office_id, actor=actor, removed=words
    )
    return len(words)
