"""Code sets: every one that a table names is there, whole and without doubles."""

from __future__ import annotations

from datetime import date

import pytest

from lineofsight.record.tables import TABLES
from lineofsight.vocabulary import codes
from lineofsight.vocabulary.codes import Code, code_set

NAMED = sorted({column.codes for table in TABLES.values() for column in table.columns if column.codes})


@pytest.mark.parametrize("name", NAMED)
def test_every_code_set_a_table_names_can_be_read(name: str) -> None:
    """Our own codes are small letters, since intake compares them so; the department's are capitals, as it writes them.

    None holds what parts codes in a list.
    """
    found = code_set(name)
    assert found
    for code, one in found.items():
        assert one.code == code == code.strip()
        assert code in (code.lower(), code.upper())
        assert one.says
        assert ";" not in code


def test_a_topic_is_one_word() -> None:
    """Topics are separated by spaces, so that one with a space in it could never be said."""
    assert not [code for code in code_set("topic") if " " in code]


def test_codes_stand_in_the_order_of_their_file() -> None:
    assert list(code_set("severity")) == ["refused", "warning", "note"]


def test_an_unknown_set_is_a_fault_of_ours() -> None:
    with pytest.raises(FileNotFoundError):
        code_set("no-such-set")


def test_a_code_has_the_days_it_was_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound left empty is no bound."""
    row = {"code": "RC1", "says": "closed", "valid_from": "2013-04-01", "valid_to": ""}
    assert codes._code(row) == Code("RC1", "closed", date(2013, 4, 1), None)
