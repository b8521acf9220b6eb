"""A kept file opens only as what it was delivered as: no hash that somebody types opens an extract of children."""

from __future__ import annotations

import hashlib
import json
import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.evidence import check_evidence
from lineofsight.intake.formats import pdf_picture
from lineofsight.queries import improvement
from lineofsight.queries.children import numbers
from lineofsight.queries.record import View
from lineofsight.queries.statements import handle_of
from lineofsight.service.access import kept_files
from lineofsight.service.access.records import open_record
from lineofsight.service.access.view import present
from lineofsight.service.models import Grant
from lineofsight.service.receive import recipe, waiting
from lineofsight.service.store import chain
from lineofsight.vocabulary.identifiers import SourceName, authority_code
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import Home, a_statement, filled_once, written
from tests.service.pages.test_who_may import (
    EPISODES,
    INVOLVEMENTS,
    PEOPLE,
    READ,
    WORKERS,
    _make,
    client_of,
    filled,
)
from tests.support import pdf
from tests.support.cases import AUTHORITY, describe, moment, night

ELSEWHERE = authority_code("901")
PDF = b"%PDF-1.4\nnot much of one"
NO_CHILD = ("improvement", "commissioner", "partner", "partnership", "transition", "member", "administrator")
"""Without the auditor, who needs the hashes to prove that a file is the one that was delivered."""


def action(
    name: str, sha256: str, authority: str = AUTHORITY, *files: NamedBytes, source: str = "plans"
) -> None:
    said = a_statement(
        hashlib.sha256(name.encode()).hexdigest()[:12],
        subject_kind="action",
        subject=name,
        step="agreed",
        said_on="2019-09-01",
        source_date="2019-09-01",
        evidence=sha256,
    )
    recipe.load(
        [written(said), *files],
        "s.jsonl",
        authority_code(authority),
        SourceName(f"{source}-{len(name)}"),
        received_at=moment("2019-09-02"),
        by="tests",
    )


@pytest.fixture
@filled_once
def planted(home: Home) -> dict[str, Any]:
    """Children's rows, and every way anybody thought of to have their file given out."""
    describe()
    night("2019-10-09", {"cin_episodes": EPISODES, "involvements": INVOLVEMENTS, "professionals": WORKERS})
    link = (
        chain.links(chain.READ, AUTHORITY).filter(source="nightly").last()
        or chain.links(chain.READ, AUTHORITY).last()
    )
    assert link is not None
    kept = [file for file in chain.body_of(link)["kept"] if file["name"]]
    extract = kept[0]["sha256"]
    content = (home.path / "kept" / extract[:2] / extract).read_bytes()
    own = b"minutes of a meeting"
    own_hash = hashlib.sha256(own).hexdigest()
    action("typed", extract)
    action("typed elsewhere", extract, ELSEWHERE)
    action("the same bytes given again", extract, AUTHORITY, NamedBytes("x.evidence", content))
    action("own evidence", own_hash, AUTHORITY, NamedBytes("minutes.evidence", own))
    action("that of another", own_hash, ELSEWHERE)
    reading = {
        "inspection": [
            {
                "id": "ilacs-2019-06-24",
                "kind": "full inspection",
                "framework": "ILACS 2018",
                "begun_on": "2019-06-24",
                "report": extract,
            }
        ]
    }
    recipe.load(
        [NamedBytes("a.reading.json", json.dumps(reading).encode())],
        "a",
        AUTHORITY,
        SourceName("readings"),
        received_at=moment("2019-09-02"),
        by="tests",
    )
    for name, one in PEOPLE.items():
        if name != "nobody":
            _make(name, **one)
    return {
        "extract": extract,
        "content": content,
        "own": own,
        "own_hash": own_hash,
        "hashes": {file["sha256"] for file in chain.body_of(link)["kept"]} | {chain.body_of(link)["sha256"]},
    }


ACTIONS = ("typed", "typed elsewhere", "the same bytes given again", "own evidence", "that of another")


@pytest.mark.parametrize("name", PEOPLE)
def test_no_route_to_a_kept_file_gives_an_extract_to_anybody(planted: dict[str, Any], name: str) -> None:
    client = client_of(name)
    for authority in ("999", "901"):
        for one in ACTIONS:
            for sha256 in (planted["extract"], planted["own_hash"]):
                address = f"/service/{authority}/improvement/{handle_of(one)}/evidence/{sha256}"
                answer = client.get(address)
                assert planted["content"] not in answer.getvalue(), (name, address)
                opens = (authority, one, sha256) == ("999", "own evidence", planted["own_hash"])
                entitled = name in {
                    "manager",
                    "head",
                    "commissioner",
                    "partner",
                    "partnership",
                    "other-manager",
                    "glass",
                    "expired-glass",
                    "analyst",
                    "named",
                    "director",
                    "improvement",
                }
                assert (answer.status_code == 200) == (opens and entitled), (name, address)
    for rest in ("report", "report/1"):
        answer = client.get(f"/public-record/999/inspections/ilacs-2019-06-24/{rest}")
        assert answer.status_code in (302, 403, 404), (name, rest)


@pytest.mark.parametrize("name", NO_CHILD)
def test_no_answer_to_a_role_that_sees_no_child_holds_the_hash_of_childrens_files(
    planted: dict[str, Any], name: str
) -> None:
    client = client_of(name)
    deliveries = [link.delivery for link in chain.links(chain.READ, AUTHORITY)]
    addresses = {filled(address) for address in READ if "<" not in address or "<C" in address}
    addresses |= {f"service/999/deliveries/{one}/" for one in deliveries}
    addresses |= {
        "",
        "head/",
        "public-record/999",
        "public-record/999/inspections",
        "public-record/999/inspections/ilacs-2019-06-24",
        f"service/999/improvement/{handle_of('own evidence')}/",
    }
    for address in sorted(addresses):
        for query in ("", "?format=json", "?format=csv"):
            body = client.get(f"/{address}{query}").getvalue().decode("utf-8", "replace")
            assert not [one for one in planted["hashes"] if one in body], (name, address, query)
    assert numbers(open_record(AUTHORITY)) == {"C1", "C2", "C3"}


def test_a_reading_that_names_a_report_it_does_not_bring_is_told_so(planted: dict[str, Any]) -> None:
    found = chain.links(chain.READ, AUTHORITY).filter(source="readings").last()
    assert found is not None
    from tests.support import answers

    assert "I05" in {one["code"] for one in answers.findings_of(found.delivery)}


def test_evidence_is_checked_for_what_it_is() -> None:
    check_evidence(b"%PDF-1.7")
    check_evidence("höhe".encode())
    for content in (
        b"",
        b"MZ\x90\0",
        b"PK\x03\x04 not a document",
        b"\xff\xfe\x00\x01",
        b"x" * (20 * 2**20 + 1),
    ):
        with pytest.raises(Refused):
            check_evidence(content)


def test_a_case_systems_file_cannot_be_given_as_evidence(planted: dict[str, Any]) -> None:
    client = client_of("improvement")
    form = {
        "step": "evidence given",
        "says": "Shown.",
        "on": "2019-10-09",
        "said_by": "director",
        "source_title": "m",
        "source_publisher": "c",
        "file": SimpleUploadedFile("x.csv", planted["content"]),
    }
    answer = client.post(f"/service/999/improvement/{handle_of('own evidence')}/step", form)
    assert answer.status_code == 422
    assert "rows about children" in answer.content.decode()


# -- who delivered what is said to be done -----------------------------------------------------------


def say_done(by: str, how: str) -> None:
    said = a_statement(
        "done",
        subject_kind="action",
        subject="own evidence",
        step="said done",
        said_on="2019-09-03",
        source_date="2019-09-03",
        said_by="head of service",
    )
    files, name, source = [written(said)], "d.jsonl", SourceName("plans-12")
    if how == "load":
        recipe.load(files, name, AUTHORITY, source, received_at=moment("2019-09-04"), by=by)
    else:
        recipe.receive(files, name, AUTHORITY, source, received_at=moment("2019-09-04"), by=by)
        for link in list(waiting.links()):
            recipe.read_waiting(link, by="work (somebody)")


@pytest.mark.parametrize("how", ["load", "work"])
def test_whoever_delivered_that_it_is_done_cannot_sign_it_off(planted: dict[str, Any], how: str) -> None:
    say_done("director", how)
    now = present()
    one = improvement.action(
        open_record(AUTHORITY), View(london_day(now), now), london_day(now), "own evidence"
    )
    assert one is not None
    assert improvement.reported_complete_by(open_record(AUTHORITY), one) == {"director"}
    form = {
        "step": "signed off",
        "says": "Seen.",
        "on": "2019-10-09",
        "said_by": "scrutiny committee",
        "source_title": "m",
        "source_publisher": "c",
    }
    address = f"/service/999/improvement/{handle_of('own evidence')}/step"
    assert client_of("director").post(address, form).status_code == 422
    assert client_of("named").post(address, form).status_code == 302


def test_a_delivery_shows_who_delivered_it_and_apart_what_read_it(planted: dict[str, Any]) -> None:
    say_done("improvement", "work")
    link = chain.links(chain.READ, AUTHORITY).last()
    assert link is not None
    body = client_of("director").get(f"/service/999/deliveries/{link.delivery}/").content.decode()
    assert "improvement" in body
    assert "work (somebody)" in body
    assert (chain.body_of(link)["by"], chain.body_of(link)["read_by"]) == ("improvement", "work (somebody)")


# -- pictures -----------------------------------------------------------------------------------------


def test_many_threads_draw_pages_and_the_process_lives() -> None:
    file = NamedBytes("r.pdf", pdf.pdf([["a line"] * 30] * 6))
    wrong: list[object] = []

    def draw() -> None:
        for number in range(1, 7):
            picture = pdf_picture.picture_of(file, number)
            if not picture or not picture.startswith(b"\x89PNG"):
                wrong.append(picture)

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []


def test_nobody_without_a_role_reads_a_report(planted: dict[str, Any]) -> None:
    user = User.objects.get(username="no-role")
    assert not Grant.objects.filter(user=user).exists()
    assert kept_files.holds_children(planted["extract"])
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/public-record/999/inspections/ilacs-2019-06-24/report").status_code == 403
