"""Every JSON answer keeps to its published schema, and prints nothing beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

SCHEMAS = resources.files("lineofsight.service") / "schemas"
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


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "statements.yaml").write_text(STATEMENT)
    return home


def said(home: Path, *arguments: str) -> Any:
    """The one JSON document a command prints on stdout."""
    environment = {**os.environ, "LINEOFSIGHT_HOME": str(home)}
    command = [sys.executable, "-m", "lineofsight", *arguments, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_every_answer_of_the_commands_keeps_to_its_schema(home: Path) -> None:
    schema("verify").validate(said(home, "verify"))
    schema("statements").validate(said(home, "statements"))
    loaded = said(home, "load", str(home / "statements.yaml"), "--authority", "999", "--source", "by-hand")
    schema("load").validate(loaded)
    assert (loaded[0]["received"], loaded[0]["accepted"], loaded[0]["quarantined"]) == (3, 2, 1)
    schema("deliveries").validate(said(home, "deliveries"))
    findings = said(home, "findings", loaded[0]["id"])
    schema("findings").validate(findings)
    assert findings
    statements = said(home, "statements", "--as-at", "2019-10-08")
    schema("statements").validate(statements)
    assert statements["count"] == 2
    schema("verify").validate(said(home, "verify"))


def test_a_schema_lets_nothing_else_through() -> None:
    answer = {"holds": True, "head": None, "first": None, "failures": [], "more": 1}
    assert not schema("verify").is_valid(answer)


@pytest.mark.parametrize("name", ["deliveries", "findings", "load", "statement", "statements", "verify"])
def test_a_schema_is_one(name: str) -> None:
    assert schema(name)
