"""Questions that people type, with the statements that answer each, found among the first.

`questions.csv` was written by somebody who had read the two documents and nothing of the record. Each line has
what was typed, the ids of statements that answer it, and among how many of the first one of them has to be.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lineofsight.queries.record import View
from lineofsight.queries.search import search
from lineofsight.service.access.records import open_record
from lineofsight.service.receive.recipe import Outcome

QUESTIONS = list(csv.DictReader((Path(__file__).parent / "questions.csv").read_text("utf-8").splitlines()))
VIEW = View(None, datetime(2100, 1, 1, tzinfo=UTC), public=True)


def ids_found(typed: str) -> list[str]:
    return [hit.statement.id for hit in search(open_record("928"), VIEW, typed).hits]


def test_there_are_enough_questions_and_none_accepts_much() -> None:
    assert len(QUESTIONS) >= 50
    assert all(int(question["within"]) in (3, 5) for question in QUESTIONS)
    assert all(len(question["right_answers"].split()) <= 7 for question in QUESTIONS)


def test_every_answer_is_a_statement_of_the_record(record: Outcome) -> None:
    known = {statement.id for statement in search(open_record("928"), VIEW, "").index.statements}
    answers = {id for question in QUESTIONS for id in question["right_answers"].split()}
    assert answers - known == set()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["typed"])
def test_what_is_typed_is_answered_among_the_first(question: dict[str, str], record: Outcome) -> None:
    first = ids_found(question["typed"])[: int(question["within"])]
    assert set(question["right_answers"].split()) & set(first), f"found first: {first}"


@pytest.mark.parametrize(("among", "share"), [(1, 0.7), (3, 0.9)])
def test_most_answers_are_among_the_very_first(among: int, share: float, record: Outcome) -> None:
    first = {question["typed"]: ids_found(question["typed"])[:among] for question in QUESTIONS}
    right = {question["typed"]: set(question["right_answers"].split()) for question in QUESTIONS}
    missed = [typed for typed, found in first.items() if right[typed].isdisjoint(found)]
    assert len(missed) <= (1 - share) * len(QUESTIONS), missed
