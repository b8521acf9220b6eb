"""Obligations, actions, questions and gates of a record: answers keep to their schemas, and rest on one view."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from lineofsight.queries import improvement, obligations, questions
from lineofsight.queries.as_json import to_json
from lineofsight.queries.record import View
from lineofsight.service.access.records import open_record
from lineofsight.service.receive import recipe
from lineofsight.service.receive.recipe import Outcome
from lineofsight.vocabulary.identifiers import SourceName
from tests.service.homes import Home, a_statement, keeps_to_its_schema, written
from tests.support import answers
from tests.support.cases import AUTHORITY, describe, night

NOW = datetime(2030, 1, 1, tzinfo=UTC)
EPISODES = "R1, C1, 2019-01-01, N,,\nR2, C2, 2019-02-01, N,,"
INVOLVEMENTS = "1, C1, W1, CW, TA, 2019-01-05,, R1\n2, C2, W2, CW, TB, 2019-03-05,, R2"
WORKERS = "W1, S1, Social Worker, SW1, 1.0,\nW2, S2, Social Worker, SW2, 1.0,"


def view(day: str, known_by: datetime = NOW) -> View:
    return View(date.fromisoformat(day), known_by)


@pytest.mark.parametrize("day", ["2012-01-01", "2019-10-08", "2026-01-01"])
def test_the_public_record_answers_as_its_schemas_say(record: Outcome, day: str) -> None:
    for name, read in (
        ("obligations", obligations.obligations),
        ("improvement", improvement.improvement),
        ("questions", questions.questions),
    ):
        keeps_to_its_schema(name, to_json(read(open_record("928"), view(day), date.fromisoformat(day))))


def test_the_public_record_s_promises_and_questions_are_rows_without_being_typed_again(
    record: Outcome,
) -> None:
    found = obligations.known(open_record("928"), view("2021-01-01"), date(2021, 1, 1))
    assert {"undertaking", "requirement"} <= {one.kind for one in found}
    assert {"kept", "broken"} <= {one.standing for one in found}
    asked = questions.known(open_record("928"), view("2029-01-01"), date(2029, 1, 1))
    assert {"answered", "none found"} <= {one.standing for one in asked}
    assert not obligations.known(
        open_record("928"), view("2021-01-01", datetime(2001, 1, 1, tzinfo=UTC)), date(2021, 1, 1)
    )


def act(id: str, on: str, step: str, **said: str) -> dict[str, str]:
    return a_statement(
        id, subject_kind="action", subject="nobody-waits", step=step, said_on=on, source_date=on, **said
    )


def put(id: str, on: str) -> dict[str, str]:
    return a_statement(
        id=id,
        subject_kind="question",
        subject="who holds the duty tray",
        step="asked",
        kind="question",
        said_on=on,
        asked_of="the director",
        says=f"It was asked ({id}).",
    )


def state(*statements: dict[str, str], by: str = "tests") -> None:
    recipe.load([written(*statements)], "s.jsonl", AUTHORITY, SourceName("by-hand"), received_at=None, by=by)


def test_a_test_is_measured_on_the_record_itself(home: Home) -> None:
    """C2 had nobody from 1 February until 4 March 2019, which only the extract can tell."""
    state(
        act("a", "2019-01-10", "agreed", test="unallocated: none for 1 week"),
        act("b", "2019-01-11", "said done"),
        act("c", "2019-01-12", "signed off"),
        act("d", "2019-01-20", "sustained"),
    )
    (before,) = improvement.actions(open_record("999"), view("2019-02-20"), date(2019, 2, 20))
    assert (before.standing, before.outcome and before.outcome.state) == ("sustained", "cannot be told")
    describe()
    night("2019-03-20", {"cin_episodes": EPISODES, "involvements": INVOLVEMENTS, "professionals": WORKERS})
    (after,) = improvement.actions(open_record("999"), view("2019-02-20"), date(2019, 2, 20))
    assert (after.standing, after.reopened_itself_on) == ("reopened", date(2019, 2, 1))
    (earlier,) = improvement.actions(open_record("999"), view("2019-01-25"), date(2019, 1, 25))
    assert earlier.standing == "sustained"
    (known_then,) = improvement.actions(
        open_record("999"), view("2019-02-20", datetime(2019, 3, 1, tzinfo=UTC)), date(2019, 2, 20)
    )
    assert known_then.standing == "sustained"


def test_seen_is_measured_too(home: Home) -> None:
    describe()
    night(
        "2019-03-20",
        {
            "cin_episodes": EPISODES,
            "involvements": INVOLVEMENTS,
            "professionals": WORKERS,
            "cin_visits": "C1, 2019-03-10, Y",
        },
    )
    state(act("a", "2019-01-10", "agreed", test="allocated but not seen: none for 2 days"))
    (found,) = improvement.actions(open_record("999"), view("2019-03-12"), date(2019, 3, 12))
    assert found.outcome and (found.outcome.state, found.outcome.count) == ("fails", 1)


def test_whoever_put_it_in_the_record_is_known(home: Home) -> None:
    state(act("a", "2019-01-10", "agreed"))
    state(act("b", "2019-01-11", "said done"), by="amira")
    (found,) = improvement.actions(open_record("999"), view("2019-02-01"), date(2019, 2, 1))
    assert improvement.reported_complete_by(open_record("999"), found) == {"amira"}


def test_the_command_answers(home: Home) -> None:
    state(act("a", "2019-01-10", "agreed", due_on="2019-01-31", owner="the director"))
    said = json.loads(home.run("obligations", "--authority", "999", "--as-at", "2019-02-01", "--json").stdout)
    keeps_to_its_schema("obligations", said)
    assert [(one["name"], one["standing"], one["owner"]) for one in said["obligations"]] == [
        ("nobody-waits", "overdue", "the director")
    ]
    text = home.run(
        "obligations", "--authority", "999", "--as-at", "2019-02-01", "--known-by", "2019-02-01"
    ).stdout
    assert "1 promised as at 2019-02-01" in text
    assert "overdue 1" in text


PROMISED = [
    ("obligations", "obligations", "nobody-waits", "No promises have been loaded."),
    (
        "actions",
        "improvement",
        "the director answers for it: no source names a holder",
        "No actions have been loaded.",
    ),
    ("questions", "questions", "asked of the director; 20 days", "No questions have been loaded."),
]


@pytest.mark.parametrize(("command", "schema", "told", "empty"), PROMISED)
def test_what_was_promised_and_asked_is_told_as_text_and_as_json(
    home: Home, command: str, schema: str, told: str, empty: str
) -> None:
    state(act("a", "2019-01-10", "agreed", due_on="2019-12-31", owner="the director"), put("q", "2019-01-12"))
    asking = (command, "--authority", "999", "--as-at", "2019-02-01")
    assert told in home.run(*asking).stdout
    keeps_to_its_schema(schema, json.loads(home.run(*asking, "--json").stdout))
    before = home.run(command, "--authority", "999", "--as-at", "2018-01-01").stdout
    assert told not in before
    assert empty in before


def test_a_recommendation_of_a_review_is_followed_one_by_one(home: Home) -> None:
    """To a role of the authority: to anybody else its own work is not there."""
    said = a_statement(
        id="told", subject_kind="review", subject="Child Zz", said_on="2019-01-05", kind="official record"
    )
    both = {"bears_on": "told", "owner": "the director", "due_on": "2019-01-31"}
    state(said, act("a", "2019-01-10", "agreed", **both))
    found = home.answer("reviews", "--authority", "999", "--as-at", "2019-02-01")["reviews"]
    (one,) = found[0]["recommendations"]
    assert (one["name"], one["standing"], one["owner"], one["overdue"]) == (
        "nobody-waits",
        "agreed",
        "the director",
        True,
    )
    hidden = answers.reviews("999", View(date(2019, 2, 1), NOW, public=True))
    assert [each["recommendations"] for each in hidden] == [[]]
