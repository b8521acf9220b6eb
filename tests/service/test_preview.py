"""Looking at files before anything is adopted: the figure that loading gives, and nothing kept."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.contracts.test_schemas import NIGHT, schema
from tests.service.homes import Home

WORKLIST = "Cases of the north\nPrinted on 3 March 2026\nClient ID,Allocated worker,Team name\n1,Ada Byron,North\n2,Vacant,North\n3,,South\n"


@pytest.fixture
def night(tmp_path: Path) -> Path:
    folder = tmp_path / "night"
    folder.mkdir()
    for name, text in NIGHT.items():
        (folder / name).write_text(text)
    return folder


def previewed(home: Home, *arguments: Any) -> Any:
    done = home.run("preview", *map(str, arguments), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_it_says_what_loading_says_and_keeps_to_its_schema(home: Home, night: Path, tmp_path: Path) -> None:
    found = previewed(home, night, "--as-at", "2019-10-08")
    schema("preview").validate(found)
    (tmp_path / "source.toml").write_text(
        'name = "n"\nauthority = "999"\nformat = "ssd_tables"\nroster = "full"\ncovers = "service"\n'
    )
    assert home.run("source", "set", tmp_path / "source.toml").returncode == 0
    whose = ("--authority", "999")
    home.run("load", night, *whose, "--source", "n", "--received-at", "2019-10-08T03:00Z")
    loaded: Any = home.answer("register", "unallocated", *whose, "--as-at", "2019-10-08")
    for name in ("population", "unallocated", "states", "complete", "refused_rows"):
        assert found["figure"][name] == loaded[name]
    assert found["register"]["children"] == loaded["children"]
    assert found["changes"] is None


def test_a_worklist_with_a_title_and_headings_of_its_own(home: Home, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(WORKLIST)
    found = previewed(home, tmp_path / "list.csv")
    assert (found["figure"]["population"], found["figure"]["unallocated"]) == (3, 2)
    file = found["reading"][0]["report"]["files"][0]
    assert (file["heading_line"], file["read_as"]) == (3, "worklist")
    assert {column["column"]: column["how"] for column in file["columns"]}["worker"] == "guessed"


def test_two_files_are_compared_child_by_child(home: Home, tmp_path: Path) -> None:
    (tmp_path / "before.csv").write_text(WORKLIST)
    (tmp_path / "now.csv").write_text(
        WORKLIST.replace("2,Vacant", "2,Ben Okri").replace("3,,South\n", "4,,South\n")
    )
    found = previewed(home, tmp_path / "before.csv", tmp_path / "now.csv")
    assert [(one["child"], one["before"], one["after"]) for one in found["changes"]["children"]] == [
        ("2", "team_only", "allocated"),
        ("3", "team_only", None),
        ("4", None, "team_only"),
    ]


def test_nothing_is_kept_and_no_home_is_made(tmp_path: Path, night: Path) -> None:
    home = Home(tmp_path / "home", settings={"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere"})
    done = home.run_apart("preview", night, "--as-at", "2019-10-08")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 of 3 children have no allocated worker" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["night"]


@pytest.mark.parametrize("ending", ["html", "xlsx"])
def test_the_report_stands_by_itself(ending: str, home: Home, night: Path, tmp_path: Path) -> None:
    out = tmp_path / f"report.{ending}"
    assert home.run("preview", night, "--out", out, "--as-at", "2019-10-08").returncode == 0
    content = out.read_bytes()
    if ending == "html":
        assert b"1 of 3" in content and b"http" not in content.replace(b"http://www.w3.org/2000/svg", b"")
        return
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["Figure", "Without a worker", "Workers", "Reading", "Findings"]
    children = [row[0] for row in book.get_sheet_by_name("Without a worker").to_python()[1:]]
    assert children == ["C3"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere.csv"], "nowhere.csv"),
        (["notes.md"], "table"),
        (["list.csv", "list.csv", "list.csv"], "two to compare"),
        (["list.csv", "--out", "report.pdf"], ".html or .xlsx"),
    ],
)
def test_what_cannot_be_previewed_is_one_sentence(
    arguments: list[str], says: str, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text(WORKLIST)
    (tmp_path / "notes.md").write_text("No table.")
    done = home.run("preview", *arguments)
    assert done.returncode == 2
    assert says in done.stderr and "Traceback" not in done.stderr
