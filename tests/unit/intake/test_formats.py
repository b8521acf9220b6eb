"""Every format that declares itself: its sample is read whole, and no bytes end its reader.

A new format needs nothing here: it is found, and its sample is the folder of its name in tests/unit/intake/samples.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineofsight.intake import formats as package
from lineofsight.intake import reader
from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.finding import REFUSED
from lineofsight.intake.formats import (
    formats,
    formats_for_sources,
    is_case_format,
    is_report_format,
    recognised,
)
from lineofsight.intake.unpacking import read_path
from lineofsight.record.tables import TABLES
from lineofsight.vocabulary.refusal import Refused
from tests.support.builders import RECEIVED_AT

SAMPLES = Path(__file__).parent / "samples"
CONTEXT = Context(RECEIVED_AT, authority="926")

every_format = pytest.mark.parametrize("name", formats())


@every_format
def test_its_sample_is_read_whole(name: str) -> None:
    reading = reader.read(name, read_path(SAMPLES / name), CONTEXT)
    assert set(reading.rows) <= set(TABLES)
    assert sum(rows.height for rows in reading.rows.values()) == reading.received > 0
    assert reading.quarantined == 0
    assert [one["says"][0] for one in reading.findings if REFUSED in one["severity"].to_list()] == []


@every_format
def test_it_takes_the_files_of_its_sample_by_their_names(name: str) -> None:
    assert all(formats()[name].takes(file) for file in read_path(SAMPLES / name))


@every_format
def test_what_it_says_of_itself_holds_together(name: str) -> None:
    one = formats()[name]
    assert one.title
    assert one.endings
    assert all(ending == ending.lower() and "." in ending for ending in one.endings)
    assert not one.for_sources or all(ending.startswith(".") for ending in one.endings)
    assert set(one.recognised_by) <= set(one.endings)
    assert one.is_case or not (one.columns or one.file_a_table or one.holds_until_next)


@every_format
@settings(max_examples=30, deadline=None)
@given(data=st.data(), content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(name: str, data: Any, content: bytes) -> None:
    ending = data.draw(st.sampled_from(formats()[name].endings))
    try:
        reading = reader.read(name, [NamedBytes(f"a{ending}", content)], CONTEXT)
    except Refused:
        return
    accepted = sum(rows.height for rows in reading.rows.values())
    assert reading.received == accepted + reading.quarantined


def test_only_formats_a_source_may_name_are_offered() -> None:
    assert "source" not in formats_for_sources()
    assert set(formats_for_sources()) == set(formats()) - {
        "source",
        "issue_answers",
        "holidays",
        "corrections",
        "service_file",
    }


def test_a_format_is_told_by_the_names_of_all_files_or_not_at_all() -> None:
    def told(*names: str) -> str | None:
        return recognised([NamedBytes(name) for name in names])

    assert told("A.PDF", "b.reading.json") == "inspection_report"
    assert told("outcomes.ods") == "inspection_outcomes"
    assert told("a.pdf", "statements.yaml") is None
    assert told() is None


def test_what_a_format_that_is_gone_means_is_not_guessed() -> None:
    assert not is_case_format("no longer here")
    assert not is_report_format(None)
    assert is_case_format("worklist")
    assert is_report_format("inspection_report")


@pytest.mark.parametrize("declared", ["not a format", formats()["worklist"]])
def test_a_module_that_declares_something_else_is_noticed(
    declared: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = ModuleType("lineofsight.intake.formats.odd")
    module.FORMAT = declared  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    (tmp_path / "odd.py").touch()
    monkeypatch.setattr(package, "__path__", [str(tmp_path)])
    with pytest.raises(TypeError, match="FORMAT of odd"):
        formats.__wrapped__()


def test_a_worklist_beside_a_file_that_cannot_be_read_withdraws_nothing() -> None:
    """The rows that are missing may stand in the file that was refused."""
    good = NamedBytes("north.csv", b"child,worker\n1,Ada Byron\n")
    refused = NamedBytes("south.csv", b"\x00\x01\x02")
    read = formats()["worklist"].read
    assert read([good], CONTEXT).unlimited == frozenset()
    assert read([good, refused], CONTEXT).unlimited == {"involvement"}
