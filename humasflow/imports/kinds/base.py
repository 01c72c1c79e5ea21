"""What the engine asks of a kind of import, and what it gives it. A kind knows nothing of files, batches or pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from humasflow.accounts.policy import Principal
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit

P = TypeVar("P")


class Severity(StrEnum):
    """``ERROR``: the row cannot be taken. ``WARNING``: it can, and somebody should look. ``NOTE``: how it was read."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Outcome(StrEnum):
    """What became of a row: made, changed something known, was known already, left out, refused."""

    MADE = "made"
    CHANGED = "changed"
    KNOWN = "known"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True)
class Column:
    """A column that a table may have. ``headings``: how offices call it, lower case, Indonesian first, the first being
    the one we print; ``is_required``: a row without it is refused; ``example``: for the template; ``is_named``: its
    text means nothing without its label, as of one number among several.
    """

    key: str
    label: str
    headings: tuple[str, ...]
    is_required: bool = False
    example: str = ""
    hint: str = ""
    is_named: bool = False


@dataclass(frozen=True)
class Finding:
    """Something to be said of a row. ``column`` is a column's key, or empty for the row as a whole."""

    column: str
    severity: Severity
    message: str


@dataclass(frozen=True)
class Checked(Generic[P]):
    """A row as it was understood; ``value`` is None exactly where a finding is an error. ``same_as``: what makes two
    rows of a file the same thing (an address, an e-mail), empty where nothing does.
    """

    line: int
    value: P | None
    findings: tuple[Finding, ...] = ()
    same_as: str = ""


@dataclass(frozen=True)
class Applied:
    """What became of a row, and the row of ours that stands for it (``("delivery", 12)``). ``undo`` is what taking it
    back needs to know, as JSON.
    """

    line: int
    outcome: Outcome
    subject: tuple[str, int] | None = None
    reason: str = ""
    undo: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """A question of the kind's own beside the file; answered by a text, or, as ``is_flag``, by ``"y"`` or nothing."""

    key: str
    label: str
    hint: str = ""
    is_flag: bool = False


@dataclass(frozen=True)
class Context:
    """For whom and by whom. ``options``: the kind's own answers from the form (``document``, ``vouched``…), as text."""

    office: Unit
    actor: Principal
    options: Mapping[str, str]


class Kind(Protocol[P]):
    """One kind of import. Nothing is kept in it between calls: :meth:`prepare` gives what a run looks up once.

    A kind may also have ``options`` (a sequence of :class:`Option`), ``why_not(context)`` (a sentence why it cannot be
    imported with these options, or nothing), ``guess_defaults(office)`` (texts for columns that the file lacks),
    ``elsewhere`` (an endpoint and a sentence: where else such things come in), ``undone_at_once`` (how many rows are
    taken back in one transaction, where that is not one after the other), and ``is_whole`` where rows name each other:
    up to ``chunk`` rows are then compared, written and taken back together, and looked at again when one was mended.
    """

    code: str
    label: str  # "Publikasi yang sudah tayang"
    lead: str  # one sentence: what it is for
    permission: Permission
    columns: Sequence[Column]
    chunk: int  # how many rows are written in one transaction

    def choices(self, office: Unit) -> Mapping[str, Sequence[str]]:
        """The words that a column takes in this office, for the drop-downs of the template and for guessing."""

    def prepare(self, context: Context) -> Any:
        """What checking and applying look up once a run: types by word, accounts by kind… A few statements."""

    def check(self, line: int, cells: Mapping[str, str], context: Context, prepared: Any) -> Checked[P]:
        """Understand a row; ``cells`` by column key, stripped, missing ones empty. Asks nothing, writes nothing."""

    def compare(
        self, rows: Sequence[Checked[P]], context: Context, prepared: Any
    ) -> Mapping[int, Sequence[Finding]]:
        """What is to be said of many understood rows at once by their line: known already, twice in the office… One or
        two statements for all of them. Writes nothing.
        """

    def apply(self, rows: Sequence[Checked[P]], context: Context, prepared: Any) -> Sequence[Applied]:
        """Write at most ``chunk`` understood rows. Safe to repeat: what is there already is KNOWN. Flushes."""

    def take_back(self, applied: Sequence[Applied], context: Context) -> Mapping[int, str]:
        """Undo rows that were MADE or CHANGED, newest first; for each line that has to stay, why. Flushes."""
