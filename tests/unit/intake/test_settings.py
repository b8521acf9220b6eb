"""What a source is, from its TOML file; and that file as a delivery."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.engines.local import empty_history
from lineofsight.intake.compare import compare
from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats import source
from lineofsight.intake.settings import plain_statements, read_settings
from lineofsight.record.tables.source import SOURCE
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from lineofsight.vocabulary.refusal import Refused
from tests.support.builders import CONTEXT

WHOLE = b"""
name = "public-record"
authority = "928"
format = "statements"
roster = "full"
valid_from = 2013-04-01
"""
LEAST = b'name = "a"\nauthority = "928"\nformat = "statements"\n'
NIGHTLY = LEAST.replace(b"statements", b"ssd_tables")


def test_settings_as_they_are_written() -> None:
    settings = read_settings(WHOLE)
    assert (settings.name, settings.authority, settings.format) == ("public-record", "928", "statements")
    assert settings.withdraws
    assert settings.valid_from == date(2013, 4, 1)
    assert json.loads(settings.whole)["roster"] == "full"


def test_what_is_not_said_is_partial_and_always() -> None:
    """Absence says nothing unless somebody says that it does. A byte-order mark is no part of the file."""
    settings = read_settings(b"\xef\xbb\xbf" + LEAST)
    assert not settings.withdraws
    assert settings.valid_from is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "lack name"),
        (b'name = "a"\nformat = "statements"\n', "lack authority"),
        (b'name = "a"\nauthority = "928"\n', "lack format"),
        (LEAST.replace(b'"928"', b"928"), "lack authority"),
        (LEAST.replace(b'"a"', b'"A b"'), "small letters"),
        (LEAST.replace(b"928", b"92"), "three digits"),
        (
            LEAST.replace(b'"statements"', b'"ssd"'),
            "format must be one of: annex_a, inspection_outcomes, inspection_report, ssd_tables",
        ),
        (NIGHTLY + b'covers = "all"\n', "covers must be one of: named, service"),
        (NIGHTLY + b'valid_to = "2019-01-01"\n', "valid_to must be a day without quotes"),
        (
            NIGHTLY + b"valid_from = 2019-01-01\nvalid_to = 2019-01-01\n",
            "valid_to must be a day after valid_from",
        ),
        (LEAST + b'covers = "service"\n', "covers, which this format does not use"),
        (LEAST + b'roster = "half"\n', "roster must be one of: full, partial"),
        (LEAST + b"roster = [1]\n", "roster must be one of"),
        (LEAST + b'valid_from = "2013-04-01"\n', "a day without quotes"),
        (LEAST + b"valid_from = 2013-04-01T00:00:00\n", "a day without quotes"),
        (LEAST + b"colour = 1\nzeal = 2\n", "say colour, zeal, which"),
        (b"name = ", "not TOML that can be read"),
        (b"\xff\xfe", "not TOML that can be read"),
        (b"valid_from = 2013-02-30", "not TOML that can be read"),
        (b"a = " + b"[" * 100_000, "over 64 kB"),
        (b"a = " + b"9" * 5_000, "not TOML that can be read"),
        (WHOLE + WHOLE, "not TOML that can be read"),
    ],
)
def test_what_cannot_be_understood_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_settings(content)


@given(st.binary(max_size=40))
def test_any_bytes_are_understood_or_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        read_settings(content)


def test_a_source_nobody_described_delivers_statements() -> None:
    settings = plain_statements(AuthorityCode("928"), SourceName("letters"))
    assert (settings.format, settings.roster, settings.name) == ("statements", "partial", "letters")


@pytest.mark.parametrize("content", [WHOLE, LEAST])
def test_settings_are_kept_as_a_row_and_come_back_the_same(content: bytes) -> None:
    reading = source.read([NamedBytes("source.toml", content)], CONTEXT)
    (row,) = reading.rows["source"].to_dicts()
    assert source.settings_from(row, AuthorityCode("928")) == read_settings(content)
    assert (reading.received, reading.quarantined, list(reading.findings)) == (1, 0, [])
    found = compare(SOURCE, reading, empty_history(SOURCE), CONTEXT, None)
    assert (found.accepted, found.entries.height) == (1, 1)


@pytest.mark.parametrize("count", [0, 2])
def test_a_source_is_described_by_one_file(count: int) -> None:
    """A second file would be dropped without a word."""
    with pytest.raises(Refused, match="one settings file"):
        source.read([NamedBytes("source.toml", WHOLE)] * count, CONTEXT)
