"""Every JSON answer keeps to its published schema, and prints nothing beside it."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from tests.service.homes import Home

SCHEMAS = resources.files("lineofsight.queries") / "schemas"
STATEMENT = (
    "statements:\n- {id: a, subject_kind: measure, subject: m, says: s, value: '3', said_by: x, said_on: 2019-10,"
    " kind: claim, contradicts: [b, nowhere], theme: [assessment], source: {title: t, publisher: p}}\n"
    "- {id: b, subject_kind: post, subject: m, says: s, said_by: x, said_on: '2019', kind: claim,"
    " source: {title: t, publisher: p}}\n- {id: c, says: no source}\n"
)


def schema(name: str) -> Draft202012Validator:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def said(home: Home, *arguments: str) -> Any:
    """The one JSON document a command prints on stdout."""
    done = home.run(*arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_every_answer_of_the_commands_keeps_to_its_schema(home: Home, tmp_path: Path) -> None:
    (tmp_path / "statements.yaml").write_text(STATEMENT)
    schema("verify").validate(said(home, "verify"))
    schema("statements").validate(said(home, "statements"))
    loaded = said(
        home, "load", str(tmp_path / "statements.yaml"), "--authority", "999", "--source", "by-hand"
    )
    schema("load").validate(loaded)
    assert (loaded[0]["received"], loaded[0]["accepted"], loaded[0]["quarantined"]) == (3, 2, 1)
    schema("deliveries").validate(said(home, "deliveries"))
    findings = said(home, "findings", loaded[0]["id"])
    schema("findings").validate(findings)
    assert findings
    statements = said(home, "statements", "--as-at", "2019-10-08")
    schema("statements").validate(statements)
    assert statements["count"] == 2
    found = Client().get("/public-record/999/statements?q=who%20said%203%3F&format=json").json()
    schema("search").validate(found)
    assert (found["count"], found["looked_for"]) == (1, ["3"])
    schema("verify").validate(said(home, "verify"))


SOURCE = (
    'name = "nightly"\nauthority = "999"\nformat = "ssd_tables"\nroster = "full"\n[allocation]\nroles_that_count = ["CW"]\n'
    'owners_that_do_not_count = [{ worker = "D1", why = "duty tray" }]\nseen_within_weeks = 4\n'
)
NIGHT = {
    "ssd_cin_episodes.csv": "cine_person_id,cine_referral_id,cine_referral_date\nC1,R1,2019-01-02\nC2,R2,2019-01-02\nC3,R3,\n",
    "ssd_involvements.csv": "invo_person_id,invo_professional_id,invo_professional_role_id,invo_professional_team,"
    "invo_involvement_start_date\nC1,W1,CW,T1,2019-01-05\nC2,D1,CW,T1,2019-01-05\nC3,,,T2,\n",
    "ssd_professionals.csv": "prof_professional_id,prof_full_time_equivalency\nW1,0.8\nD1,\n",
    "ssd_cin_visits.csv": "cinv_person_id,cinv_cin_visit_date,cinv_cin_visit_seen\nC1,2019-01-04,Y\n",
}


def test_every_answer_about_children_keeps_to_its_schema(home: Home, tmp_path: Path) -> None:
    night = tmp_path / "night"
    night.mkdir()
    for name, text in NIGHT.items():
        (night / name).write_text(text)
    (tmp_path / "source.toml").write_text(SOURCE)
    assert home.run("source", "set", tmp_path / "source.toml").returncode == 0
    said(
        home,
        "load",
        str(night),
        "--authority",
        "999",
        "--source",
        "nightly",
        "--received-at",
        "2019-10-08T03:00Z",
    )
    whose, on = ("--authority", "999"), ("--as-at", "2019-10-08")
    for measure in ("unallocated", "allocated-not-seen"):
        schema("figure").validate(said(home, "figure", measure, *whose, *on))
    register = said(home, "register", "unallocated", *whose, *on, "--definition", "open-episodes")
    schema("register").validate(register)
    assert [(row["child"], row["since"]) for row in register["children"]] == [
        ("C3", None),
        ("C2", "2019-01-02"),
    ]
    days = ("--from", "2019-10-01", "--to", "2019-10-08")
    schema("trend").validate(said(home, "trend", "unallocated", *whose, *days))
    schema("trend").validate(said(home, "trend", "unallocated", *whose, *days, "--as-known-then"))
    schema("bridge").validate(said(home, "bridge", "unallocated", *whose, *days))
    schema("caseload").validate(said(home, "caseload", *whose, *on))
    schema("child").validate(said(home, "child", "C1", *whose, "--by", "Cass"))


def test_a_schema_lets_nothing_else_through() -> None:
    answer = {"holds": True, "head": None, "first": None, "failures": [], "more": 1}
    assert not schema("verify").is_valid(answer)


@pytest.mark.parametrize(
    "name",
    sorted(path.name.removesuffix(".json") for path in SCHEMAS.iterdir() if path.name.endswith(".json")),
)
def test_a_schema_is_one(name: str) -> None:
    assert schema(name)
