"""An evidence pack holds what was public on each day, nothing else, and finds every change that is made to it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from lineofsight.service.models import Link
from lineofsight.service.pages.evidence import views
from lineofsight.service.receive.recipe import Outcome
from lineofsight.service.store import chain, erasure
from tests.service.homes import NORTHSHIRE, Home, a_statement, filled_once, full_roster, load
from tests.support import surroundings
from tests.support.cases import describe, night

MARCH = ("evidence-pack", "--authority", "901", "--from", "2019-03-01", "--to", "2019-03-31")
PAGE = "/public-record/901/evidence"


def on(id: str, day: str, **said: str) -> dict[str, str]:
    """A statement that became public on a day."""
    return a_statement(id, **{"said_on": day, "source_date": day, **said})


@pytest.fixture
@filled_once
def march(home: Home) -> Home:
    """Claims, promises, questions and figures around March 2019, in an order that hindsight would change."""
    load(
        on("claim", "2019-03-05", says="All is well.", said_by="the leader"),
        on("early", "2019-02-01", says="A claim of February."),
        on(
            "denial", "2019-03-20", says='It is not <well> & "good".', contradicts="claim", said_by="a member"
        ),
        on("foresight", "2019-03-06", says="As later shown.", bears_on="denial"),
        on("late-denial", "2019-05-01", says="It never was well.", contradicts="claim"),
        on("promise", "2019-03-07", kind="undertaking", says="We shall publish it.", due_on="2019-03-25"),
        on("kept", "2019-06-01", kind="official record", says="It was published.", keeps="promise"),
        on("old-promise", "2018-01-01", kind="undertaking", says="We promise."),
        on("old-kept", "2018-02-01", kind="official record", says="Done.", keeps="old-promise"),
        on("question", "2019-03-10", kind="question", says="How many wait?", asked_of="the director"),
        on("sought", "2019-09-01", kind="not found", answers="question", looked_in="the minutes"),
        on(
            "figure",
            "2019-03-31",
            kind="official record",
            value="267",
            unit="children",
            counter="Ofsted",
            definition="open cases without a worker",
            topic="staffing",
        ),
        on("formula", "2019-03-12", says="=1+1", kind="reported", topic="money staffing"),
        a_statement("month", said_on="2019-03", source_date="2019-03", says="Some day of March."),
        on("Capitals", "2019-03-13", says="Small and large."),
        on(
            "own-question",
            "2019-03-11",
            kind="question",
            subject_kind="question",
            subject="q1",
            says="OWN WORK",
        ),
        on(
            "own-action",
            "2019-03-11",
            kind="undertaking",
            subject_kind="action",
            subject="a1",
            says="OWN WORK TOO",
        ),
    )
    return home


def made(home: Home, *more: str, folder: str = "pack", command: tuple[str, ...] = MARCH) -> Path:
    """A pack that the command writes."""
    out = home.path.parent / folder
    done = home.run(*command, *more, "--out", out)
    assert done.returncode == 0, done.stderr
    return out


def verified(folder: Path, *more: str) -> tuple[int, str]:
    """The exit code and the one sentence of a pack's own script, run as a stranger runs it: Python alone."""
    line = [sys.executable, "-I", "-S", str(folder / "verify.py"), *more]
    done = subprocess.run(line, capture_output=True, text=True, cwd="/", env={}, check=False)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1
    return done.returncode, done.stdout


def rows(folder: Path, name: str) -> dict[str, dict[str, Any]]:
    """A list's rows by the id of their statement."""
    found = json.loads((folder / f"{name}.json").read_text("utf-8"))["rows"]
    return {row["version"].partition("@")[0].partition("/")[2]: row for row in found}


def seal_again(folder: Path) -> None:
    """Write the manifest anew, as somebody who changed a file would."""
    names = [line.partition("  ")[2] for line in (folder / "MANIFEST.sha256").read_text().splitlines()]
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "MANIFEST.sha256").write_text("".join(lines))


def files_of(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


# -- what is in it ----------------------------------------------------------------------------------


@pytest.mark.databases
def test_a_whole_pack_verifies_itself(march: Home) -> None:
    folder = made(march)
    code, says = verified(folder)
    assert code == 0, says
    assert "are as they were sealed" in says
    assert chain.state() in says
    assert "without a gap" in says
    listed = (folder / "MANIFEST.sha256").read_text().splitlines()
    assert sorted(line[66:] for line in listed) == sorted(files_of(folder).keys() - {"MANIFEST.sha256"})
    assert all(hashlib.sha256((folder / line[66:]).read_bytes()).hexdigest() == line[:64] for line in listed)


def test_its_pages_need_nothing_beside_them(march: Home) -> None:
    folder = made(march)
    pages = list(folder.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        text = page.read_text("utf-8")
        assert not re.search(r"<script|<link|<img|<iframe|\bsrc=|@import|url\(", text)
        for href in re.findall(r'href="([^"]*)"', text):
            place = href.partition("#")[0]
            assert not place or (page.parent / place).resolve().is_file(), (page.name, href)


def test_each_day_shows_only_what_was_public_by_its_end(march: Home) -> None:
    folder = made(march)
    days = json.loads((folder / "days.json").read_text("utf-8"))["rows"]
    by_day = {(row["day"], row["version"].split("@")[0]) for row in days}
    assert ("2019-03-05", "record/claim") in by_day
    assert ("2019-03-31", "record/month") in by_day
    assert not {"record/early", "record/late-denial", "record/kept"} & {name for _, name in by_day}
    assert rows(folder, "days")["foresight"]["links"] == []
    assert [each["relation"] for each in rows(folder, "days")["denial"]["links"]] == ["contradicts"]
    page = (folder / "days.html").read_text("utf-8")
    sections = dict(re.findall(r'<section id="day-(.*?)"(.*?)</section>', page, re.DOTALL))
    assert "As later shown." in sections["2019-03-06"]
    assert "denial" not in sections["2019-03-06"]
    assert "denial" not in sections["2019-03-05"]
    assert "gives no exact day" in sections["2019-03-31"]
    assert "gives no exact day" not in sections["2019-03-05"]
    assert "It never was well." not in page
    assert "On the other" in page


def test_what_became_of_it_has_its_own_day(march: Home) -> None:
    folder = made(march)
    claim = rows(folder, "claims")["claim"]
    assert "early" not in rows(folder, "claims")
    assert [(each["relation"], each["public_on"]) for each in claim["outcomes"]] == [
        ("contradicted_by", "2019-03-20"),
        ("contradicted_by", "2019-05-01"),
    ]
    promises, questions = rows(folder, "promises"), rows(folder, "questions")
    assert set(promises) == {"promise"}
    assert promises["promise"]["status_at_end_of_period"] == "due, with no outcome found"
    assert promises["promise"]["status_of_pack"] == "kept"
    assert questions["question"]["status_of_pack"] == "no answer found"
    page = (folder / "questions.html").read_text("utf-8")
    assert "Searched: the minutes" in page
    assert "Looked for and not found: " in page
    assert "Answered by" not in page
    assert "after the period" in (folder / "claims.html").read_text("utf-8")
    figure = rows(folder, "figures")["figure"]
    assert (figure["value"], figure["counter"], figure["definition"]) == (
        "267",
        "Ofsted",
        "open cases without a worker",
    )
    assert "Was asked" in (folder / "who.html").read_text("utf-8")


def test_a_moment_that_is_given_hides_what_became_known_later(march: Home) -> None:
    folder = made(march, "--known-by", "2019-03-10")
    assert {row["day"] for row in rows(folder, "days").values()} == {
        "2019-03-05",
        "2019-03-06",
        "2019-03-07",
        "2019-03-10",
    }
    assert rows(folder, "claims")["claim"]["outcomes"] == []
    assert "the last day for which this pack has information" in (folder / "index.html").read_text("utf-8")
    assert all(b"not &lt;well" not in content for content in files_of(folder).values())
    assert verified(folder)[0] == 0


def test_topics_narrow_it(march: Home) -> None:
    folder = made(march, "--topic", "money", "--topic", "staffing")
    assert set(rows(folder, "days")) == {"figure", "formula"}
    assert rows(folder, "claims") == {}
    assert verified(folder)[0] == 0


def test_an_authoritys_own_work_is_not_in_it(march: Home) -> None:
    folder = made(march)
    for name, content in files_of(folder).items():
        assert b"OWN WORK" not in content, name
        assert b"own-question" not in content and b"own-action" not in content, name


def test_no_formula_runs_in_a_spreadsheet(march: Home) -> None:
    folder = made(march)
    for path in folder.glob("*.csv"):
        lines = csv.reader(io.StringIO(path.read_text("utf-8-sig")))
        assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "@"))], path.name
    assert "'=1+1" in (folder / "days.csv").read_text("utf-8-sig")


@pytest.mark.databases
def test_nothing_of_a_child_is_in_it_and_links_that_hold_children_are_hashes_only(march: Home) -> None:
    describe()
    night("2019-03-02", {"person": "CHILD-77, 2010-01-01,"})
    load(on("after", "2019-03-14", says="Said after the night."))
    folder = made(march)
    hidden = Link.objects.filter(authority="999")
    assert hidden.count() > 1
    for name, content in files_of(folder).items():
        assert b"CHILD-77" not in content, name
        for link in hidden:
            assert chain.body_of(link)["sha256"].encode() not in content, name
    code, says = verified(folder)
    assert code == 0
    assert f"{hidden.count()} links are not public" in says
    first = Link.objects.get(number=1)
    code, says = verified(folder, "--head", first.hash)
    assert (code, "older than some statements" in says) == (1, True)
    code, says = verified(folder, "--head", chain.state())
    assert (code, "not all public" in says) == (1, True)


@pytest.mark.databases
def test_nobody_who_signs_in_is_named_in_it(march: Home) -> None:
    User.objects.create(username="olive.officer")
    load(on("entered", "2019-03-15", says="Entered on a page."), source="by-hand", by="olive.officer")
    folder = made(march)
    assert "entered" in rows(folder, "days")
    assert all(b"olive" not in content for content in files_of(folder).values())
    code, says = verified(folder)
    assert code == 0
    assert "1 of them in deliveries whose text is not public" in says
    assert "1 of the sealed versions came with such a link" in (folder / "index.html").read_text("utf-8")
    assert verified(folder, "--head", chain.state())[0] == 1
    _in_seals(lambda proof: proof["blocks"][1]["statements"][0]["cells"].reverse())(folder)
    seal_again(folder)
    assert verified(folder)[0] == 1


def test_members_questions_are_followed_to_their_answer(march: Home) -> None:
    asks = {
        "subject_kind": "member question",
        "subject": "q-1",
        "said_by": "a member",
        "asked_of": "the director",
    }
    load(
        on("asked", "2019-03-10", kind="question", step="asked", due_on="2019-03-20", says="Why?", **asks),
        on("replied", "2019-04-10", kind="official record", step="answered", says="Because.", **asks),
        on("over", "2019-01-10", kind="question", step="asked", says="Old?", **{**asks, "subject": "q-0"}),
        on(
            "over-too",
            "2019-02-10",
            kind="official record",
            step="answered",
            says="Yes.",
            **{**asks, "subject": "q-0"},
        ),
        source="members-questions",
    )
    folder = made(march)
    assert re.search(r"<li>Answered:\s+<a", (folder / "questions.html").read_text("utf-8"))
    questions = rows(folder, "questions")
    assert set(questions) == {"question", "asked"}
    assert questions["asked"]["status_at_end_of_period"] == "overdue"
    assert questions["asked"]["status_of_pack"] == "answered"
    assert [each["public_on"] for each in questions["asked"]["outcomes"]] == ["2019-04-10"]


def test_a_later_version_moves_nothing_out_of_its_period(march: Home) -> None:
    load(
        on("claim", "2019-03-05", says="All is well indeed.", said_by="the leader"),
        on("denial", "2019-03-20", says="It is not good.", contradicts="claim", said_by="a member"),
        on("figure", "2019-03-31", kind="official record", value="268", unit="children", topic="staffing"),
    )
    folder = made(march)
    claim = rows(folder, "claims")["claim"]
    assert (claim["says"], claim["first_public_on"]) == ("All is well indeed.", "2019-03-05")
    assert claim["status_at_end_of_period"] == "contradicted"
    assert claim["outcomes"][0]["public_on"] == "2019-03-20"
    assert rows(folder, "figures")["figure"]["published_in_period"] == "yes"
    assert rows(folder, "days")["claim"]["says"] == "All is well."
    code, says = verified(folder)
    assert code == 0
    assert re.search(r" ([0-9]+) statements \(in [0-9]+ versions\) are as they were sealed", says)


def test_versions_and_withdrawals_stand_on_their_days(home: Home) -> None:
    full_roster()
    load(on("one", "2019-03-05", says="First words."), on("two", "2019-03-06"), at="2019-03-08T09:00:00Z")
    load(on("one", "2019-03-05", says="Other words."), at="2019-03-09T09:00:00Z")
    folder = made(home)
    days = json.loads((folder / "days.json").read_text("utf-8"))["rows"]
    assert [(row["day"], row["change"], row["says"]) for row in days] == [
        ("2019-03-05", "published", "First words."),
        ("2019-03-06", "published", "What was said in two."),
        ("2019-03-09", "replaces an earlier version", "Other words."),
        ("2019-03-09", "withdrawn", "What was said in two."),
    ]
    page = (folder / "days.html").read_text("utf-8")
    assert "which said: First words." in page
    assert "Withdrawn on this day" in page
    assert "First words." in (folder / "statements/record/one.html").read_text("utf-8")
    assert "has withdrawn" in (folder / "statements/record/two.html").read_text("utf-8")
    assert verified(folder)[0] == 0


def test_an_erasure_leaves_a_pack_that_verifies(march: Home) -> None:
    erasure.erase_statement(NORTHSHIRE, "record/denial", "named somebody", by="Ben")
    folder = made(march)
    assert verified(folder)[0] == 0
    assert all(b"not &lt;well" not in content for content in files_of(folder).values())


# -- the same question, the same bytes ----------------------------------------------------------------


@pytest.mark.databases
def test_the_same_question_gives_the_same_bytes(march: Home) -> None:
    one, other = made(march), made(march, folder="other")
    assert files_of(one) == files_of(other)
    known_by = json.loads((one / "days.json").read_text("utf-8"))["known_by"]
    assert files_of(made(march, "--known-by", known_by, folder="third")) == files_of(one)
    assert files_of(made(march, "--known-by", "2100-01-01", folder="fourth")) == files_of(one)
    query = {"from": "2019-03-01", "to": "2019-03-31", "format": "zip"}
    answer = Client().get(PAGE, query)
    assert answer["Content-Type"] == "application/zip"
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert content == b"".join(Client().get(PAGE, query).streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert inside == files_of(one)


# -- tampering ------------------------------------------------------------------------------------


def _append(name: str) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        with (folder / name).open("ab") as file:
            file.write(b" ")

    return tamper


def _remove(folder: Path) -> None:
    (folder / "who.html").unlink()


def _add(folder: Path) -> None:
    (folder / "statements" / "new.html").write_text("added")


def _hide(folder: Path) -> None:
    (folder / "claims.csv").rename(folder / "elsewhere")
    (folder / "claims.csv").symlink_to(folder / "elsewhere")


FILES = {
    **{
        name: _append(name)
        for name in (
            "index.html",
            "days.html",
            "claims.csv",
            "claims.json",
            "statements/record/claim.html",
            "statements.json",
            "statements.csv",
            "seals.json",
            "verify.py",
            "MANIFEST.sha256",
        )
    },
    "a file is missing": _remove,
    "a file is added": _add,
    "a file leads elsewhere": _hide,
}


@pytest.mark.parametrize("change", FILES)
def test_any_change_of_any_file_is_found(march: Home, change: str) -> None:
    folder = made(march)
    FILES[change](folder)
    code, says = verified(folder)
    assert code == 1
    assert says.startswith("This pack does not hold: ")


def _replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")

    return tamper


def _in_seals(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        proof = json.loads((folder / "seals.json").read_text("utf-8"))
        change(proof)
        (folder / "seals.json").write_text(json.dumps(proof), "utf-8")

    return tamper


def _says(proof: dict[str, Any]) -> None:
    cells = proof["blocks"][0]["statements"][0]["cells"]
    cells[proof["blocks"][0]["cells"].index("says")] = "Otherwise."


def _seal(proof: dict[str, Any]) -> None:
    proof["blocks"][0]["seals"][0] = "0" * 64


def _root(proof: dict[str, Any]) -> None:
    """The row, its seal, the root and the link are all made to fit: only the chain's next link, or a head, can tell."""
    link = proof["links"][0]
    link["text"] = link["text"].replace('"by":"Cass"', '"by":"Dora"')
    link["hash"] = hashlib.sha256(f"{link['previous']}\n{link['text']}".encode()).hexdigest()


def _text(proof: dict[str, Any]) -> None:
    proof["links"][0]["text"] = proof["links"][0]["text"].replace('"by":"Cass"', '"by":"Dora"')


def _leave_out(proof: dict[str, Any]) -> None:
    del proof["blocks"][0]["statements"][0]


def _rename(proof: dict[str, Any]) -> None:
    proof["blocks"][0]["statements"][0]["reference"] = "record/other"


def _whose(proof: dict[str, Any]) -> None:
    proof["authority"] = "928"


def _head(proof: dict[str, Any]) -> None:
    proof["head"]["hash"] = "0" * 64


SEALED = {
    "a page shows other words": _replace("claims.html", "All is well.", "All is not well."),
    "a statement's page shows other words": _replace(
        "statements/record/claim.html", "All is well.", "All was well."
    ),
    "a statement's page lacks a cell": _replace("statements/record/claim.html", "data-cell", "data-nothing"),
    "the list of statements says otherwise": _replace("statements.json", "All is well.", "All was well."),
    "another cell was sealed": _in_seals(_says),
    "another seal": _in_seals(_seal),
    "another link": _in_seals(_root),
    "another text of a link": _in_seals(_text),
    "a statement left out": _in_seals(_leave_out),
    "a statement renamed": _in_seals(_rename),
    "another authority's": _in_seals(_whose),
    "another head": _in_seals(_head),
    "no proof at all": _replace("seals.json", "{", "["),
}


@pytest.mark.parametrize("change", SEALED)
def test_a_change_is_found_also_where_the_manifest_was_written_anew(march: Home, change: str) -> None:
    load(on("next", "2019-03-14"))  # a link after the first, which covers it
    folder = made(march)
    SEALED[change](folder)
    seal_again(folder)
    code, says = verified(folder)
    assert code == 1
    assert says.startswith("This pack does not hold: ")
    assert len(says) < 200


def test_a_head_that_was_kept_elsewhere_covers_it(march: Home) -> None:
    head = chain.state()
    load(on("next", "2019-04-14"))
    folder = made(march)
    assert verified(folder, "--head", head)[0] == 0
    assert "covers every statement" in verified(folder, "--head", head.upper())[1]
    assert verified(folder, "--head", chain.state())[0] == 0
    assert verified(folder, "--head", "0" * 64)[0] == 1
    assert verified(folder, "--heads", head)[0] == 1


@pytest.mark.parametrize("line", ["../outside", "/etc/passwd", ""])
def test_a_manifest_leads_nowhere_outside(march: Home, line: str) -> None:
    folder = made(march)
    with (folder / "MANIFEST.sha256").open("a") as manifest:
        manifest.write(f"{'0' * 64}  {line}\n")
    assert verified(folder) == (1, "This pack does not hold: MANIFEST.sha256 cannot be read.\n")


# -- refusals, and the page ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--authority", "901", "--from", "2019-03-31", "--to", "2019-03-01"), "ends before it begins"),
        (("--authority", "901", "--from", "March", "--to", "2019-03-01"), "is not such a day"),
        (
            ("--authority", "901", "--from", "2019-03-01", "--to", "2019-03-31", "--topic", "x"),
            "is not a topic",
        ),
        (("--authority", "902", "--from", "2019-03-01", "--to", "2019-03-31"), "No public statements"),
        ((*MARCH[1:], "--known-by", "1990-01-01"), "No public statements"),
    ],
)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(
    march: Home, arguments: tuple[str, ...], why: str
) -> None:
    out = march.path.parent / "pack"
    done = march.run("evidence-pack", *arguments, "--out", out)
    assert done.returncode == 2
    assert why in done.stderr
    assert not out.exists()


def test_a_folder_that_holds_something_is_not_written_into(march: Home) -> None:
    out = march.path.parent / "pack"
    out.mkdir()
    made(march)
    done = march.run(*MARCH, "--out", out)
    assert done.returncode == 2
    assert "new or empty" in done.stderr
    assert verified(out)[0] == 0
    assert [path.name for path in out.parent.iterdir() if path.name.startswith(".")] == []


def test_the_page_offers_it_and_refuses_beside_the_field(march: Home) -> None:
    before = Link.objects.count()
    page = Client().get(PAGE)
    assert page.status_code == 200
    text = page.content.decode()
    assert 'aria-current="page"' in text
    assert 'name="topic"' in text
    for query, why in {
        "from=x&to=2019-03-31": "is not such a day",
        "from=&to=2019-03-31": "Give the first day of the period",
        "from=2019-03-31&to=2019-03-01": "ends before it begins",
        "from=2017-03-31&to=2019-04-02": "at most two years",
        "from=2019-03-01&to=2019-03-31&topic=x": "Select a valid choice",
        "known_by=1990-01-01": "No public statements",
    }.items():
        for kind in ("zip", "json"):
            answer = Client().get(f"{PAGE}?{query}&format={kind}")
            assert answer.status_code == (422 if kind == "zip" else 400)
            assert why in answer.content.decode()
    assert Client().get(f"{PAGE}?from=2017-04-01&to=2019-03-31&format=json").json()["claims"] > 0
    for day in ("1900-01-01", "2200-01-01", "2019-12-31"):
        assert Client().get(f"{PAGE}?as_at={day}").status_code == 200
    assert Client().get(f"{PAGE}?as_at=never&format=zip")["Content-Type"].startswith("text/html")
    assert Client().post(PAGE).status_code == 405
    assert Link.objects.count() == before


def test_packs_do_not_hold_every_thread(march: Home) -> None:
    with views._few_wait, views._few_wait:
        answer = Client().get(f"{PAGE}?from=2019-03-01&to=2019-03-31&format=zip")
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert "Try again in a minute" in answer.content.decode()
    answer = Client().get(f"{PAGE}?from=2019-03-01&to=2019-03-31&format=zip")
    assert answer["Content-Type"] == "application/zip"


# -- the demonstration ----------------------------------------------------------------------------


LETTER = "evidence-pack --authority 928 --from 2019-09-01 --to 2019-10-31"


def test_september_and_october_2019_of_one_county(record: Outcome, tmp_path: Path) -> None:
    """The two months around the open letter of October 2019, by the command line that the how-to page gives."""
    how_to = surroundings.ROOT / "docs" / "how-to" / "make-an-evidence-pack.md"
    assert f"lineofsight {LETTER}" in how_to.read_text("utf-8")
    folder = made(Home(Path(settings.HOME)), folder=str(tmp_path / "pack"), command=tuple(LETTER.split()))
    days = json.loads((folder / "days.json").read_text("utf-8"))["rows"]
    assert {row["day"] for row in days} >= {"2019-09-06", "2019-10-17", "2019-10-31"}
    assert all("2019-09-01" <= row["public_on"] <= "2019-10-31" for row in days)
    claims, questions = rows(folder, "claims"), rows(folder, "questions")
    assert [id for id in claims if id.startswith("letter-")][:3] == ["letter-1", "letter-2", "letter-3"]
    assert claims["letter-8"]["outcomes"] != []
    # What the letter itself asked for, by the end of the period without an answer.
    assert {"letter-19", "letter-20"} <= questions.keys()
    assert {questions[id]["status_at_end_of_period"] for id in ("letter-19", "letter-20")} == {
        "no answer found"
    }
    later = [each for row in (*claims.values(), *questions.values()) for each in row["outcomes"]]
    assert any(each["public_on"] > "2019-10-31" for each in later)
    assert all(each["public_on"] <= "2019-10-31" for row in days for each in row["links"])
    code, says = verified(folder)
    assert code == 0
    assert f"{len(rows(folder, 'statements'))} statements are as they were sealed" in says
    assert "without a gap" in says
