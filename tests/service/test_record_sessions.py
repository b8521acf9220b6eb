"""A session on the record: states share what they read of the chain, and a session sees none of a later one."""

from __future__ import annotations

import pytest

from lineofsight.service.store import record as stored
from tests.service.homes import NORTHSHIRE, Home, a_statement, load

pytestmark = pytest.mark.databases


def test_states_share_their_links(home: Home) -> None:
    load(a_statement("one"))
    before = stored.open_record(NORTHSHIRE).links()
    load(a_statement("two"))
    after = stored.open_record(NORTHSHIRE).links()
    assert len(after) == len(before) + 1
    assert all(one is other for one, other in zip(before[:-1], after, strict=False))
    assert [link.number for link in after] == list(range(1, len(after) + 1))


def test_a_session_sees_nothing_that_was_appended_after_it_was_opened(home: Home) -> None:
    load(a_statement("one"))
    session = stored.open_record(NORTHSHIRE)
    load(a_statement("two"))
    now = stored.open_record(NORTHSHIRE).links()
    assert session.links() == now[:-1]


def test_links_of_another_chain_are_read_anew(home: Home) -> None:
    """As after a restore, in a process that goes on."""
    load(a_statement("one"))
    own = stored.open_record(NORTHSHIRE).links()
    stored._read[NORTHSHIRE] = tuple(
        stored.ChainLink(link.number, link.kind, "other", "", 0, "0" * 64, {}) for link in own
    )
    stored._links.cache_clear()
    assert stored.open_record(NORTHSHIRE).links() == own
