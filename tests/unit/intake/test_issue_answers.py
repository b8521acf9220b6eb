"""Answers about data quality issues as files: what is read, refused and counted."""

from __future__ import annotations

import json

import pytest

from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.formats.issue_answers import read
from lineofsight.vocabulary.refusal import Refused
from tests.support.builders import RECEIVED_AT

CONTEXT = Context(RECEIVED_AT)
ANSWER = {"issue": "nightly/C01/episode/child", "said_by": "ana", "said_on": "2019-10-09"}


def file(said: object) -> NamedBytes:
    return NamedBytes("a.issues.json", json.dumps(said).encode())


def test_an_answer_without_its_author_is_refused_and_counted() -> None:
    answers = [ANSWER, {**ANSWER, "said_by": " "}, {**ANSWER, "until": "soon"}, "words"]
    reading = read([file({"issue_answer": answers})], CONTEXT)
    assert (reading.received, reading.quarantined, reading.rows["issue_answer"].height) == (4, 3, 1)
    assert len(reading.findings) == 3


@pytest.mark.parametrize("said", [[], {}, {"issue_answer": []}, {"issue_answer": {}}, 3])
def test_a_file_without_answers_is_refused(said: object) -> None:
    with pytest.raises(Refused, match="has to hold a list"):
        read([file(said)], CONTEXT)


@pytest.mark.parametrize("content", [b"\xff", b"{", b"[" * 100_000])
def test_bytes_that_are_no_json_are_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="not JSON"):
        read([NamedBytes("a.issues.json", content)], CONTEXT)


def test_no_files_are_refused() -> None:
    with pytest.raises(Refused):
        read([], CONTEXT)
