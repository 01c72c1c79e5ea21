"""Which way and how soon: defaults, an office's rules, a person's wishes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.core.permissions import Role
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.routing.choosing import (
    BRIEFS,
    DECISIONS,
    allowed,
    choices,
    choose,
    of_office,
    of_roles,
    usual,
)
from humasflow.notifications.routing.enums import NoticeChannel as C
from humasflow.notifications.routing.enums import NoticeMode as M
from humasflow.notifications.routing.enums import NoticeTopic, kinds_of, topic_of

kinds, roles, channels, modes = (st.sampled_from(list(e)) for e in (K, Role, C, M))
rules = st.dictionaries(st.tuples(kinds, roles, channels), modes, max_size=40)
ORDER = [M.NOW, M.DIGEST, M.OFF]


@pytest.mark.parametrize("kind", list(K))
def test_every_kind_has_exactly_one_topic(kind: K) -> None:
    assert [t for t in NoticeTopic if kind in kinds_of(t)] == [topic_of(kind)], (
        "give a new kind its topic in routing/enums.py"
    )


def test_every_topic_has_words_and_something_in_it() -> None:
    for topic in NoticeTopic:
        assert topic.label and topic.hint and kinds_of(topic)


@given(kind=kinds, held=st.sets(roles), channel=channels, stored=rules, wish=st.none() | modes)
def test_a_wish_goes_before_the_office_and_both_stay_within_what_may_be_chosen(
    kind: K, held: set[Role], channel: C, stored: dict[tuple[K, Role, C], M], wish: M | None
) -> None:
    chosen = choose(kind, held, channel, stored, wish)
    assert chosen in choices(kind, channel)
    if wish is None:
        assert chosen is of_roles(kind, held, channel, stored)
    elif wish in choices(kind, channel):
        assert chosen is wish


@given(kind=kinds, held=st.sets(roles, min_size=1), channel=channels, stored=rules)
def test_of_several_roles_the_most_direct_wins(
    kind: K, held: set[Role], channel: C, stored: dict[tuple[K, Role, C], M]
) -> None:
    each = [of_office(kind, role, channel, stored) for role in held]
    assert of_roles(kind, held, channel, stored) is min(each, key=ORDER.index)


@given(kind=kinds, held=st.sets(roles), stored=rules, wish=st.none() | modes)
def test_what_asks_for_something_is_always_in_the_product_and_there_is_no_digest_there(
    kind: K, held: set[Role], stored: dict[tuple[K, Role, C], M], wish: M | None
) -> None:
    chosen = choose(kind, held, C.IN_APP, stored, wish)
    assert chosen is not M.DIGEST
    if kind.needs_action or kind.is_trouble:
        assert chosen is M.NOW


def test_without_rules_it_is_as_it_always_was() -> None:
    for kind in set(K) - BRIEFS:
        for role in Role:
            assert usual(kind, role, C.IN_APP) is M.NOW
            assert (usual(kind, role, C.MAIL) is M.NOW) == kind.needs_action
    assert usual(K.PITCH_NEW, Role.EDITOR, C.MAIL) is M.DIGEST
    assert usual(K.POSTS_MOVED, Role.EDITOR, C.PUSH) is M.OFF


def test_briefs_come_by_mail_and_stand_on_a_page_instead_of_the_inbox() -> None:
    for kind in BRIEFS:
        assert usual(kind, Role.LEAD, C.MAIL) is M.NOW
        assert [usual(kind, Role.LEAD, c) for c in C if c is not C.MAIL] == [M.OFF] * (len(C) - 1)


def test_a_trouble_asks_for_something_and_a_decision_too() -> None:
    assert all(kind.needs_action for kind in K if kind.is_trouble)
    assert all(kind.needs_action for kind in DECISIONS)
    assert allowed(K.POST_FAILED, C.IN_APP, M.OFF) is M.NOW
    assert allowed(K.POST_FAILED, C.MAIL, M.OFF) is M.OFF
