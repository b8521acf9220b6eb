"""Members' questions: asked in three fields, read by anybody, and answered, clarified or refused in public."""

from __future__ import annotations

import csv
import io
import logging
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from lineofsight.samples import county as samples
from lineofsight.service.access.view import present
from lineofsight.service.models import Link
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from lineofsight.vocabulary.moments import london_day
from tests.service.homes import Home, a_statement, filled_once, keeps_to_its_schema, written
from tests.service.pages.test_two_at_once import check_second, overtaken
from tests.service.pages.test_who_may import EPISODES, INVOLVEMENTS, WORKERS, _make, client_of
from tests.support.cases import describe, moment, night

LIST = "/public-record/999/questions"
BASE = "/service/999/members-questions/"
QUESTION = {
    "question": "How many children wait for a worker?",
    "asked_of": "director of children’s services",
    "time": "14",
}


@pytest.fixture
@filled_once
def county(home: Home) -> Home:
    describe()
    night("2019-10-09", {"cin_episodes": EPISODES, "involvements": INVOLVEMENTS, "professionals": WORKERS})
    for name, role in {
        "mem": "member",
        "max": "member",
        "dee": "director",
        "imp": "improvement lead",
    }.items():
        _make(name, [(role, "999", "", "")])
    return home


def today() -> date:
    return london_day(present())


def later(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def known(**asked: str) -> dict[str, Any]:
    answer = Client().get(LIST, {"as_at": today().isoformat(), "format": "json", **asked}).json()
    keeps_to_its_schema("members-questions", answer)
    return answer


def ask(client: Client, **said: str) -> str:
    """Ask, and give the question's handle."""
    answer = client.post(f"{BASE}new", {**QUESTION, **said})
    assert answer.status_code == 302, answer.content.decode()
    (handle,) = re.findall(rf"{BASE}(\w+)/receipt", answer["Location"])
    return str(handle)


def reply(client: Client, handle: str, step: str, says: str = "It is said.") -> HttpResponse:
    said = {"step": step, "says": says, "said_by": "director of children’s services"}
    return client.post(f"{BASE}{handle}/answer", said)


def question(handle: str) -> dict[str, Any]:
    return next(one for one in known()["questions"] if one["name"] == handle)


def text(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_before_any_the_page_says_why_it_is_empty_and_who_may_ask(county: Home) -> None:
    page = text(Client().get(LIST))
    assert (
        "No member had asked a question here by this day. Elected members with a sign-in can ask one." in page
    )
    assert known()["count"] == 0
    assert Client().get("/public-record/901/questions").status_code == 404


def test_the_form_has_three_fields_and_says_what_becomes_public(county: Home) -> None:
    page = client_of("mem").get(f"{BASE}new").content.decode()
    fields = set(re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', page))
    assert fields - {"csrfmiddlewaretoken"} == {"question", "asked_of", "time"}
    assert "public at once" in page


def test_a_member_asks_and_everybody_sees_it_with_its_clock(county: Home) -> None:
    member = client_of("mem")
    before = Link.objects.count()
    handle = ask(member)
    assert Link.objects.count() == before + 1
    receipt = text(member.get(f"{BASE}{handle}/receipt"))
    assert "Your question was asked" in receipt
    (one,) = known()["questions"]
    assert (one["name"], one["state"], one["asked_by"]) == (handle, "waiting", "elected member of Thornmere")
    assert (one["clock"]["due"], one["clock"]["law"]) == (later(14), None)
    for address in (f"{LIST}?as_at={today()}", f"{LIST}/{handle}"):
        page = Client().get(address).content.decode()
        assert QUESTION["question"] in page
        assert "the day that the member asked for; no law sets it" in page.lower()
        assert "mem\n" not in page
        assert ">mem<" not in page
    statement = Client().get(f"{one['steps'][0]['statement']['address']}?format=json")
    assert statement.status_code == 200
    assert '"mem"' not in statement.content.decode()


@pytest.mark.parametrize(
    ("time", "due", "law"),
    [("document", 11, "SI 2012/2089, regulation 17"), ("7", 7, None), ("28", 28, None), ("none", None, None)],
)
def test_the_due_day_and_its_rule(county: Home, time: str, due: int | None, law: str | None) -> None:
    one = question(ask(client_of("mem"), time=time))
    assert (one["clock"]["due"], one["clock"]["law"]) == (due and later(due), law)
    assert one["document"] is (time == "document")


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"question": " "}, "Enter your question."),
        ({"asked_of": ""}, "Enter the office or body that has to answer."),
        ({"time": ""}, "Choose the time for the answer."),
        ({"time": "3"}, "Choose the time for the answer."),
        ({"question": "What of C1?"}, "Remove the child’s number."),
        ({"question": "Is [C1]’s worker new!"}, "Remove the child’s number."),
        ({"question": "How many wait, C1/C9 among them?"}, "Remove the child’s number."),
        ({"asked_of": "the worker of C2"}, "Remove the child’s number."),
        ({"question": "Who is she, born on 3 May?"}, "identifies a person"),
        ({"question": "x" * 4001}, "at most 4000"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field_and_nothing_is_kept(
    county: Home, said: dict[str, str], says: str
) -> None:
    before = Link.objects.count()
    answer = client_of("mem").post(f"{BASE}new", {**QUESTION, **said})
    (field,) = said
    assert (answer.status_code, Link.objects.count()) == (422, before)
    assert says in answer.content.decode()
    assert f'href="#id_{field}"' in answer.content.decode()


def test_clarification_stops_the_clock_until_the_member_who_asked_says_what_is_meant(county: Home) -> None:
    member, director = client_of("mem"), client_of("dee")
    handle = ask(member)
    assert member.get(f"{BASE}{handle}/clarify").status_code == 200
    early = member.post(f"{BASE}{handle}/clarify", {"says": "This."})
    assert (early.status_code, "It is waiting, so it cannot be clarified" in text(early)) == (422, True)
    assert reply(director, handle, "clarification asked", "Which children?").status_code == 302
    stopped = question(handle)
    assert (stopped["state"], stopped["clock"]["stopped_since"]) == ("clarification asked", later(0))
    assert "Clock stopped since" in text(Client().get(f"{LIST}/{handle}"))
    in_nine = known(as_at=later(9))["questions"][0]["clock"]
    assert (in_nine["days_stopped"], in_nine["due"], in_nine["first_due"]) == (9, later(23), later(14))
    other = client_of("max")
    assert other.get(f"{BASE}{handle}/clarify").status_code == 403
    assert other.post(f"{BASE}{handle}/clarify", {"says": "This."}).status_code == 403
    assert f"{BASE}{handle}/clarify" in member.get(f"{LIST}/{handle}").content.decode()
    assert f"{BASE}{handle}/clarify" not in other.get(f"{LIST}/{handle}").content.decode()
    assert "Which children?" in text(member.get(f"{BASE}{handle}/clarify"))
    assert member.post(f"{BASE}{handle}/clarify", {"says": "All open ones."}).status_code == 302
    assert question(handle)["state"] == "waiting"


def test_an_answer_closes_it_and_any_member_may_follow_up(county: Home) -> None:
    member, other = client_of("mem"), client_of("max")
    handle = ask(member)
    early = other.post(f"{BASE}{handle}/follow-up", {"question": "And then?", "time": "7"})
    assert (early.status_code, "It has no answer yet" in text(early)) == (422, True)
    assert reply(client_of("imp"), handle, "answered", "Two wait.").status_code == 302
    assert "It is answered, so it cannot be" in text(reply(client_of("dee"), handle, "answer refused"))
    done = other.post(f"{BASE}{handle}/follow-up", {"question": "Until when?", "time": "7"})
    assert done.status_code == 302
    first, second = known()["questions"]
    assert (first["answer"]["says"], first["follow_ups"]) == ("Two wait.", [second["name"]])
    assert (second["follows"], second["state"], second["asked_of"]) == (
        handle,
        "waiting",
        QUESTION["asked_of"],
    )
    assert "Until when?" in text(Client().get(f"{LIST}/{handle}"))
    assert "A follow-up to" in text(Client().get(f"{LIST}/{second['name']}"))


def test_a_refusal_shows_its_reason_and_a_given_document_is_said_to_be_given(county: Home) -> None:
    member, director = client_of("mem"), client_of("dee")
    refused, given = ask(member, time="document"), ask(member, time="document")
    assert "Enter your answer" in text(reply(director, refused, "answer refused", " "))
    reply(director, refused, "answer refused", "It is confidential.")
    reply(director, given, "answered", "It is in the library.")
    page = text(Client().get(LIST, {"as_at": later(0)}))
    assert "Reason: It is confidential." in page
    assert "Document given" in page
    assert {one["name"]: one["state"] for one in known()["questions"]} == {
        refused: "refused",
        given: "answered",
    }


def test_the_list_is_narrowed_in_the_page_the_csv_and_the_json(county: Home) -> None:
    member = client_of("mem")
    waits, done = ask(member, question="=HYPERLINK(1)"), ask(member)
    reply(client_of("dee"), done, "answered")
    assert [one["name"] for one in known(state="answered")["questions"]] == [done]
    answer = Client().get(LIST, {"as_at": later(0), "state": "waiting", "format": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode().lstrip("\ufeff")))
    assert (row["name"], row["due"], row["synthetic"]) == (waits, later(14), "yes")
    assert row["question"].startswith("'")
    overdue = known(as_at=later(20))["states"]
    assert (overdue["overdue"], overdue["answered"]) == (1, 1)
    assert "overdue by 6 days" in text(Client().get(LIST, {"as_at": later(20), "state": "overdue"})).lower()
    unknown = Client().get(LIST, {"as_at": later(0), "state": "planted"})
    assert (unknown.status_code, b"planted" in unknown.content) == (200, False)
    assert "No question has this status" in text(Client().get(LIST, {"as_at": later(0), "state": "refused"}))


def test_a_page_of_an_earlier_day_says_how_many_were_asked_later(county: Home) -> None:
    handle = ask(client_of("mem"))
    page = text(Client().get(LIST, {"as_at": later(-1)}))
    assert "1 question was asked after this day." in page
    assert known(as_at=later(-1))["after_the_day"] == 1
    assert Client().get(f"{LIST}/{handle}").status_code == 200
    assert Client().get(f"{LIST}/{handle}", {"as_at": later(-1)}).status_code == 404


def test_what_the_authority_asks_itself_stays_inside_and_is_in_no_list_of_members(county: Home) -> None:
    inside = a_statement("own", subject_kind="question", subject="own", step="asked", kind="question")
    call = a_statement("call", kind="request", says="A newspaper asks for the number.")
    recipe.load(
        [written(inside, call)],
        "s.jsonl",
        AuthorityCode("999"),
        SourceName("by-hand"),
        received_at=moment("2019-10-02"),
        by="tests",
    )
    ask(client_of("mem"))
    assert [one["says"] for one in known()["questions"]] == [QUESTION["question"]]
    page = text(Client().get(LIST, {"as_at": later(0)}))
    assert "Asked in public, before this page existed 1 question, calls and requests" in page
    assert "What was said in own" not in page
    said = client_of("dee").get(f"/service/999/questions/?as_at={today()}&format=json").json()
    assert {one["name"] for one in said["questions"]} == {"own", "by-hand/call"}


def test_a_members_question_is_not_stated_by_hand(county: Home) -> None:
    said = {
        **a_statement(
            "forged", subject_kind="member question", subject="forged", step="asked", kind="question"
        ),
        "topic": "allocation",
    }
    before = Link.objects.count()
    answer = client_of("dee").post("/public-record/999/new", said)
    assert (answer.status_code, Link.objects.count()) == (422, before)
    assert "A member asks on the page of questions" in text(answer)


def test_menus_lead_to_the_questions(county: Home) -> None:
    ask(client_of("mem"))
    assert f'href="{LIST}?' in Client().get("/public-record/999/").content.decode()
    for name, words in (("mem", "Questions"), ("dee", "Members’ questions"), ("imp", "Members’ questions")):
        page = client_of(name).get("/service/999/").content.decode()
        assert re.search(rf'href="{LIST}">\s*{words}\s*</a>', page), name
    assert "Sign in to ask as a member" in Client().get(LIST).content.decode()
    assert f'href="{BASE}new"' in client_of("mem").get(LIST).content.decode()
    assert f"{BASE}new" not in client_of("dee").get(LIST).content.decode()


def test_two_replies_at_once_are_one(county: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = ask(client_of("mem"))
    before = Link.objects.count()
    director, lead = client_of("dee"), client_of("imp")
    answer = overtaken(
        monkeypatch,
        lambda: director.post(f"{BASE}{handle}/answer", {"step": "answered", "says": "A", "said_by": "x"}),
        lambda: lead.post(f"{BASE}{handle}/answer", {"step": "answer refused", "says": "B", "said_by": "x"}),
    )
    check_second(answer, before, "It is answered, so it cannot be answer refused")


def test_no_words_of_a_question_are_in_an_address_or_a_log(
    county: Home, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        handle = ask(client_of("mem"), question="Planted words?")
        client_of("mem").post(f"{BASE}new", {**QUESTION, "question": "Planted, born on 3 May?"})
        reply(client_of("dee"), handle, "answered", "Planted answer.")
    assert "lanted" not in caplog.text
    assert re.fullmatch(r"[0-9a-f]{16}", handle)


def test_the_fictional_countys_questions_stand_in_every_state(county: Home) -> None:
    for path, by in samples.questions():
        files, name = recipe.read_path_once(path)
        outcome = recipe.load(files, name, samples.AUTHORITY, samples.QUESTIONS, received_at=None, by=by)
        assert Client().get(LIST).status_code == 200
        assert outcome.link.kind == "read"
        assert recipe.was_read(files, samples.AUTHORITY, samples.QUESTIONS)
    found = known(as_at=samples.OPENS_ON.isoformat())
    assert all(found["states"].values()), found["states"]
    assert found["not_asked"] == []
    assert any(one["follow_ups"] for one in found["questions"])
    page = text(Client().get(LIST, {"as_at": samples.OPENS_ON.isoformat()}))
    for says in (
        "Overdue by 11 days",
        "Clock stopped since 11 July 2019. Stopped for 8 days. Due 22 July 2019 before the clock stopped.",
        "Answered 18 days late.",
        "Document given Stopped for 4 days. Due 18 May 2019 before the clock stopped.",
        "Follow-up question",
    ):
        assert says in page, says
    director = client_of("dee").get(LIST).content.decode()
    member = client_of("mem").get(LIST).content.decode()
    for one in found["questions"]:
        for viewer, link, where in (
            (director, "answer", not one["answer"]),
            (member, "follow-up", one["answer"]),
        ):
            assert (f"{BASE}{one['name']}/{link}" in viewer) is bool(where)
        alone = Client().get(one["address"], {"as_at": found["as_at"], "format": "json"}).json()
        keeps_to_its_schema("members-questions", alone)
        assert [each["name"] for each in alone["questions"]] == [one["name"]]


@pytest.mark.parametrize("address", ["receipt", "follow-up", "clarify"])
def test_a_question_that_nobody_asked_has_no_page(county: Home, address: str) -> None:
    assert client_of("mem").get(f"{BASE}{'0' * 16}/{address}").status_code == 404
