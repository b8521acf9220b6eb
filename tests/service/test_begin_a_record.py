"""From an empty folder to a public record: the files, the check without a home, and what is loaded from them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lineofsight.intake.skeleton import examples, skeleton
from lineofsight.service.cli.commands import lineofsight
from lineofsight.service.cli.recording import checked

EVERY_CHECK = {"S10", "S11", "S12", "S13", "S14", "S15"}


def run(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(lineofsight, [str(word) for word in words])
    return done.exit_code, done.output


def test_a_folder_nobody_has_written_in_holds_no_statement(tmp_path: Path) -> None:
    folder = tmp_path / "our-county"
    code, said = run("begin-record", folder, "--authority", "301")
    assert (code, "check-record" in said) == (0, True)
    assert "Barking and Dagenham (301)" in (folder / "00-begin-here.yaml").read_text("utf-8")
    found = checked(folder)
    assert (found.received, found.findings, found.leads_to_nothing) == (0, [], [])
    assert len(found.missing) == 6


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("statements: []\n")
    code, said = run("begin-record", tmp_path, "--authority", "301")
    assert code == 1
    assert "is not empty" in said
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_every_example_passes_the_check_once_its_marks_are_taken_off(tmp_path: Path) -> None:
    """A collector copies the examples: one that the check faults would teach the fault."""
    file = tmp_path / "examples.yaml"
    file.write_text(examples(), "utf-8")
    found = checked(file)
    assert (found.received, found.refused, found.findings, found.leads_to_nothing) == (7, 0, [], [])
    for name, text in skeleton("301", "X").items():
        if name != "00-begin-here.yaml":
            unmarked = "\n".join(line.removeprefix("# ") for line in text.splitlines())
            assert unmarked.split("  - id: ")[1].split("\n\n")[0] in examples(), name


def test_the_check_finds_hindsight_missing_sources_and_misattributed_kinds(tmp_path: Path) -> None:
    source = {"title": "Minutes", "publisher": "The council"}
    own = {"subject_kind": "service", "subject": "children's services", "said_by": "The council"}
    said = {
        **own,
        "said_on": "2018-10-17",
        "kind": "claim",
        "source": source,
        "confidence": "read",
        "says": "So.",
    }
    planted = [
        {**said, "id": "end", "about_to": "2019-03"},
        {**said, "id": "year", "says": "She left in 2021."},
        {**said, "id": "kind", "kind": "official record", "said_by": "Ofsted, as reported by a paper"},
        {**said, "id": "number", "value": "200", "says": "More than 200 cases."},
        {**said, "id": "found", "subject_kind": "inspection", "theme": "assessment"},
        {**said, "id": "note", "note": "Ours."},
        {**said, "id": "source", "source": {}},
        {**said, "id": "link", "contradicts": "nobody"},
    ]
    file = tmp_path / "s.json"
    file.write_text(json.dumps({"statements": planted}))
    found = checked(file)
    assert {(each.code, each.id) for each in found.findings} >= {
        ("S10", "end"),
        ("S11", "year"),
        ("S12", "kind"),
        ("S13", "number"),
        ("S14", "found"),
        ("S15", "note"),
        ("S01", "source"),
    }
    assert found.leads_to_nothing == ["link contradicts nobody"]
    code, text = run("check-record", file, "--json")
    answer = json.loads(text)
    assert code == 1
    assert (answer["received"], answer["accepted"], answer["refused"]) == (8, 6, 2)


def test_it_says_so_where_nothing_is_to_be_put_right(tmp_path: Path) -> None:
    file = tmp_path / "examples.yaml"
    file.write_text(examples(), "utf-8")
    code, said = run("check-record", file)
    assert code == 0
    assert "a second person must read" in said


@pytest.mark.parametrize("word", ["begin-record", "check-record"])
def test_neither_command_needs_a_home(word: str) -> None:
    from lineofsight.service.cli import _WITHOUT_HOME

    assert word in _WITHOUT_HOME
