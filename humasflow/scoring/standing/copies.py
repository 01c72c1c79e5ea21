"""The copies of one scheme in many offices, and whose rules are really the same.

A hundred offices that took a scheme over have a hundred versions with the same content. They are read as plain text and
compared; only one version of each content becomes objects.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import selectinload

from humasflow.core.db import db
from humasflow.scoring.enums import VersionState
from humasflow.scoring.models import Component, SchemeVersion, ScoreScheme

# What two offices must have in common for their numbers to say the same. Labels are each office's own.
_RULES = (
    SchemeVersion.rounding, SchemeVersion.total_cap, cast(SchemeVersion.conversion, String),
    cast(SchemeVersion.bands, String),
)  # fmt: skip
_COMPONENT_RULES = (
    Component.key, Component.kind, Component.weight, Component.cap, Component.polarity, Component.partial_credit,
    cast(Component.parameters, String), cast(Component.content_types, String),
    cast(Component.channel_kinds, String), Component.counts_reposts, Component.counts_unverified,
)  # fmt: skip
# Beside them an office narrows by what only it has: accounts. A rate is read from them.
_OWN = (cast(Component.account_ids, String),)


@dataclass(frozen=True, slots=True)
class Copy:
    """An office's copy in effect. ``rules``: a version with the same content, its own or that of another office;
    ``differs``: whether the content is another than that of the version it was compared with.
    """

    scheme_id: int
    rules: SchemeVersion
    differs: bool


def copies_of(
    office_ids: Sequence[int], scheme_ids: Iterable[int], day: date, *, like: int
) -> dict[int, Copy]:
    """The copy in effect on a day by office: of several schemes in use the oldest. ``like``: the version to compare
    with. Four statements.
    """
    chosen = _in_effect(office_ids, scheme_ids, day)
    content = _content([*(version_id for _scheme, version_id in chosen.values()), like])
    models: dict[object, int] = {}
    for _scheme, version_id in chosen.values():
        models.setdefault(content[version_id], version_id)
    loaded = {
        v.id: v
        for v in db.session.scalars(
            select(SchemeVersion)
            .where(SchemeVersion.id.in_(models.values()))
            .options(selectinload(SchemeVersion.components))
        )
    }
    return {
        office_id: Copy(
            scheme_id,
            loaded[models[content[version_id]]],
            content[version_id][0] != content[like][0],
        )
        for office_id, (scheme_id, version_id) in chosen.items()
    }


def _in_effect(office_ids: Sequence[int], scheme_ids: Iterable[int], day: date) -> dict[int, tuple[int, int]]:
    """Scheme and version by office, as :func:`queries.version_at` chooses it."""
    rows = db.session.execute(
        select(ScoreScheme.office_id, ScoreScheme.id, SchemeVersion.id)
        .join(SchemeVersion, SchemeVersion.scheme_id == ScoreScheme.id)
        .where(
            ScoreScheme.office_id.in_(office_ids), ScoreScheme.id.in_(list(scheme_ids)),
            ScoreScheme.is_active.is_(True), SchemeVersion.state == VersionState.ACTIVE,
            SchemeVersion.effective_from <= day,
        )
        .order_by(ScoreScheme.id, SchemeVersion.effective_from.desc(), SchemeVersion.number.desc())
    )  # fmt: skip
    found: dict[int, tuple[int, int]] = {}
    for office_id, scheme_id, version_id in rows:
        found.setdefault(office_id, (scheme_id, version_id))
    return found


def _content(version_ids: Sequence[int]) -> dict[int, tuple[Any, Any]]:
    """What each version says, and what it narrows to. Two statements."""
    rules = {
        row[0]: tuple(row[1:])
        for row in db.session.execute(
            select(SchemeVersion.id, *_RULES).where(SchemeVersion.id.in_(version_ids))
        )
    }
    components: dict[int, list[tuple[Any, ...]]] = {id_: [] for id_ in rules}
    own: dict[int, list[Any]] = {id_: [] for id_ in rules}
    for row in db.session.execute(
        select(Component.version_id, *_OWN, *_COMPONENT_RULES)
        .where(Component.version_id.in_(version_ids))
        .order_by(Component.version_id, Component.position, Component.id)
    ):
        own[row[0]].append(row[1])
        components[row[0]].append(tuple(row[2:]))
    return {id_: ((rules[id_], tuple(components[id_])), tuple(own[id_])) for id_ in rules}
