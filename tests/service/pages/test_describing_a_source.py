"""Describing a source by its files: from a list with its own headings to the right figure, and whatever goes wrong on the way."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.settings import read_settings
from lineofsight.queries.figures import FigureQuery, figure
from lineofsight.queries.sources import sources
from lineofsight.service.access.records import open_record
from lineofsight.service.cli.running import work
from lineofsight.service.models import AccessLogEntry, Link, Restriction
from lineofsight.service.receive import recipe, waiting
from lineofsight.service.receive.sources import settings_of
from lineofsight.service.store import chain, clock, reader_process
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.moments import london_day, microseconds
from tests.service.homes import Home
from tests.service.pages.test_of_a_service import signed_in
from tests.service.pages.test_of_deliveries import errors, read_all
from tests.support.cases import AUTHORITY, describe, files

AT = "/service/999/deliveries/new-source/"
LIST = """Weekly allocation list - Children's Services,,,,
Run on 25/11/2018 by the duty office,,,,
Kid ref,Who has them,Squad,Since when,Locality
101,Ann Smith,Thornmere East,01/09/2018,North
102,Ann Smith,Thornmere East,03/09/2018,North
103,Duty Tray East,Thornmere East,01/10/2018,North
104,Unallocated,Thornmere West,05/10/2018,North
105,Peter Manager,Thornmere West,05/10/2018,North
106,,Thornmere West,06/10/2018,North
107,Bea Jones,Thornmere West,06/10/2018,North
108,Karen Pool,Thornmere West,06/10/2018,North
"""
COLUMNS = {"child": "Kid ref", "worker": "Who has them", "team": "Squad", "start": "Since when"}
UNTITLED = LIST.partition("office,,,,\n")[2]
CASES = """Person ID,Allocated Worker,Allocated Team,Relationship Type,Start Date,End Date
1,Ann Smith,East,Allocated Worker,2018-09-01,
2,Ann Smith,East,Family Support,2018-09-01,
"""


def upload(text: str, name: str = "Weekly list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def start(client: Client, text: str = LIST, source: str = "weekly") -> Any:
    return client.post(f"{AT}files", {"source": source, "files": [upload(text)]})


def step(client: Client, name: str, **sent: Any) -> Any:
    """Send a step with what its page hides in its form."""
    page = client.get(f"{AT}{name}").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    hidden.pop("csrfmiddlewaretoken", None)
    line = {"line": hidden["shown_line"]} if hidden.get("shown_line") else {}
    chosen = {"format": hidden["shown_format"], **line} if "shown_format" in hidden else {}
    return client.post(f"{AT}{name}", {**hidden, **chosen, **sent})


def owners_settled() -> dict[str, str]:
    """Duty Tray East and Peter Manager do not count; Karen Pool is a person. In the order of the page."""
    return {
        "name-0": "nobody",
        "name-why-0": "duty tray",
        "name-1": "person",
        "name-why-1": "",
        "name-2": "nobody",
        "name-why-2": "manager",
    }


def to_the_figure(client: Client) -> Any:
    start(client)
    step(client, "columns", **COLUMNS)
    step(client, "owners", **owners_settled())
    assert step(client, "coverage", covers="service", roster="full")["Location"] == f"{AT}figure"
    return client.get(f"{AT}figure")


def test_from_a_list_with_its_own_headings_to_the_right_figure(home: Home) -> None:
    client = signed_in("analyst")
    assert start(client)["Location"] == f"{AT}columns"
    page = client.get(f"{AT}columns").content.decode()
    assert "headings in line 3" in page
    assert "Duty Tray East" in page
    assert "Nearly every line has a number of its own there." in page
    assert "It is the only column of days." in page
    assert step(client, "columns", **COLUMNS)["Location"] == f"{AT}owners"
    page = client.get(f"{AT}owners").content.decode()
    assert "Karen Pool" in page
    assert "Unallocated: 1, read as nobody" in page
    assert step(client, "owners", **owners_settled())["Location"] == f"{AT}coverage"
    assert step(client, "coverage", covers="service", roster="full")["Location"] == f"{AT}figure"
    page = " ".join(client.get(f"{AT}figure").content.decode().split())
    assert "<strong>4 of 8 children</strong> have no allocated worker" in page
    assert not Link.objects.exists()
    saved = step(client, "figure")
    assert Link.objects.filter(source="weekly", kind="received").count() == 1
    read_all()
    assert client.get(saved["Location"]).status_code == 200
    now = clock.now()
    found = figure(open_record(AUTHORITY), FigureQuery(london_day(now), microseconds(now)))
    assert (found.unallocated, found.population) == (4, 8)
    assert client.get(f"{AT}columns").status_code == 302, "the files are gone once they are saved"


def test_the_settings_are_kept_as_those_of_a_file_by_the_person_and_shown_as_toml(home: Home) -> None:
    client = signed_in("analyst")
    page = to_the_figure(client).content.decode()
    shown = page.partition('<pre class="los-code" tabindex="0">')[2].partition("</pre>")[0]
    shown = shown.replace("&quot;", '"').replace("&#x27;", "'")
    step(client, "figure")
    kept = settings_of(AUTHORITY, SourceName("weekly"))
    assert kept.said == read_settings(shown.encode()).said
    assert kept.columns == {**COLUMNS, "role": "", "end": "", "referral": ""}
    assert kept.said["allocation"] == {
        "owners_that_do_not_count": [
            {"worker": "Duty Tray East", "why": "duty tray"},
            {"worker": "Peter Manager", "why": "manager"},
        ],
        "people": ["Karen Pool"],
    }
    assert Link.objects.get(kind="read").source == "described-by-hand"
    assert chain.body_of(Link.objects.get(kind="read"))["by"] == "analyst"


def test_a_file_of_a_new_source_leads_from_the_page_that_loads_files_to_its_columns(home: Home) -> None:
    client = signed_in("analyst")
    answer = client.post("/service/999/deliveries/new", {"source": "a new source", "files": [upload(LIST)]})
    assert answer["Location"] == f"{AT}columns"
    assert b'value="weekly-list"' in client.get(f"{AT}files").content
    assert not Link.objects.exists()


def test_usual_headings_are_taken_with_the_reason_and_usual_roles_ticked(home: Home) -> None:
    client = signed_in("analyst")
    start(client, CASES)
    page = client.get(f"{AT}columns").content.decode()
    assert "look like an export from Mosaic" in page
    assert "As usually exported from Mosaic." in page
    sent = {
        "child": "Person ID",
        "worker": "Allocated Worker",
        "team": "Allocated Team",
        "role": "Relationship Type",
        "start": "Start Date",
        "end": "End Date",
    }
    step(client, "columns", **sent)
    page = client.get(f"{AT}owners").content.decode()
    boxes = re.findall(r'name="roles" value="(\d)"\s+id="\w+"( checked)?', page)
    assert sorted(ticked for _, ticked in boxes) == ["", " checked"]
    assert re.search(r"checked>\s*<label[^>]*>\s*Allocated Worker: 1 child", page)
    assert b"Tick at least one role" in step(client, "owners").content


def test_the_line_of_headings_can_be_changed(home: Home) -> None:
    client = signed_in("analyst")
    start(client)
    page = step(client, "columns", line="4", again="1").content.decode()
    assert 'name="shown_line" value="4"' in page
    assert "7 rows" in page


WRONG = [
    ("files", {"source": "weekly", "files": []}, "Choose the files to load."),
    ("files", {"source": "Weekly!", "files": [upload(LIST)]}, "small letters"),
    (
        "files",
        {"source": "weekly", "files": [upload("%PDF-1.4", "report.pdf")]},
        "None of these files is a table.",
    ),
    ("files", {"source": "weekly", "files": [upload(" \n", "list.csv")]}, "is empty"),
    (
        "files",
        {"source": "weekly", "files": [upload("PK\x03\x04 no workbook", "list.xlsx")]},
        "cannot be opened",
    ),
]


@pytest.mark.parametrize(("name", "sent", "says"), WRONG)
def test_a_wrong_file_is_refused_with_a_sentence_and_not_kept(
    home: Home, name: str, sent: dict[str, Any], says: str
) -> None:
    client = signed_in("analyst")
    assert says in errors(client.post(f"{AT}{name}", sent))
    assert client.get(f"{AT}columns").status_code == 302
    assert not list(reader_process.incoming().glob("draft-*"))


def test_what_is_wrong_at_each_later_step_is_said_there(home: Home) -> None:
    client = signed_in("analyst")
    start(client)
    assert "holds the child’s number" in errors(step(client, "columns", child="", worker="Who has them"))
    assert "is chosen twice" in errors(step(client, "columns", **{**COLUMNS, "team": "Kid ref"}))
    assert errors(step(client, "columns", format="annex_a"))
    step(client, "columns", **COLUMNS)
    assert "Say whether Karen Pool is a person." in errors(step(client, "owners"))
    nameless = {**owners_settled(), "name-why-0": " "}
    assert "Say why Duty Tray East does not count." in errors(step(client, "owners", **nameless))
    step(client, "owners", **owners_settled())
    assert "Choose which children" in errors(step(client, "coverage"))
    step(client, "coverage", covers="named", roster="full")
    assert "changed an answer in another window" in errors(step(client, "figure", settings="other"))
    assert not Link.objects.exists()


def test_a_name_that_a_source_has_is_not_given_again(home: Home) -> None:
    describe(more="valid_from = 2018-01-01")
    client = signed_in("analyst")
    answer = start(client, source="nightly")
    assert "already a source with this name" in errors(answer)
    assert 'href="/service/999/deliveries/new"' in answer.content.decode()
    at = "/service/999/deliveries/source?source=nightly"
    assert f'href="{at}"' in answer.content.decode()
    settings = client.get(at).content.decode()
    assert "name = &quot;nightly&quot;" in settings
    assert "valid_from = 2018-01-01" in settings
    assert "name = &quot;nightly&quot;" not in signed_in("administrator").get(at).content.decode()


def figure_page(client: Client) -> str:
    step(client, "coverage", covers="service", roster="full")
    return " ".join(client.get(f"{AT}figure").content.decode().split())


def test_every_worker_is_listed_and_one_who_does_not_count_changes_the_figure_shown_and_saved(
    home: Home,
) -> None:
    client = signed_in("analyst")
    start(client)
    step(client, "columns", **COLUMNS)
    page = client.get(f"{AT}owners").content.decode()
    assert "Whether Ann Smith counts" in page
    assert page.index("Whether Ann Smith counts") < page.index("Whether Bea Jones counts")
    assert "more, with fewer children" not in page
    step(client, "owners", **owners_settled(), **{"worker-0": "has left", "worker-1": ""})
    assert "<strong>6 of 8 children</strong> have no allocated worker" in figure_page(client)
    assert 'value="has left" selected' in client.get(f"{AT}owners").content.decode()
    step(client, "figure")
    read_all()
    kept = settings_of(AUTHORITY, SourceName("weekly")).said["allocation"]["owners_that_do_not_count"]
    assert kept[-1] == {"worker": "Ann Smith", "why": "has left"}
    now = clock.now()
    found = figure(open_record(AUTHORITY), FigureQuery(london_day(now), microseconds(now)))
    assert (found.unallocated, found.population) == (6, 8)


def test_workers_beyond_the_first_thirty_are_folded_and_unfolded_where_one_does_not_count(home: Home) -> None:
    client = signed_in("analyst")
    names = [f"Worker {one}{other}" for one in "ABCDEF" for other in "abcdef"]
    lines = "".join(f"{at},{name},East,01/09/2018\n" for at, name in enumerate(names, 101))
    start(client, f"Child ID,Worker,Team,Start date\n{lines}")
    step(client, "columns", child="Child ID", worker="Worker", team="Team", start="Start date")
    page = client.get(f"{AT}owners").content.decode()
    folded = page.partition("<details")[2].partition("</details>")[0]
    assert "6 more, with fewer children" in folded
    assert folded.count("<select") == 6
    assert not folded.startswith(' class="govuk-details" open')
    step(client, "owners", **{"worker-35": "manager"})
    assert '<details class="govuk-details" open>' in client.get(f"{AT}owners").content.decode()


def test_a_tray_or_a_word_for_nobody_taken_for_a_person_is_told_with_its_children(home: Home) -> None:
    client = signed_in("analyst")
    start(client)
    step(client, "columns", **COLUMNS)
    taken = {**owners_settled(), "name-0": "person", "people": ["0"]}
    step(client, "owners", **taken)
    page = figure_page(client)
    assert "<strong>2 of 8 children</strong> have no allocated worker" in page
    assert "<li>Duty Tray East: 1 child</li>" in page
    assert "<li>Unallocated: 1 child</li>" in page
    administrator = signed_in("administrator")
    assert b"Duty Tray East" not in administrator.get(f"{AT}figure").content


def test_children_in_more_than_one_row_and_an_impossible_day_are_told(home: Home) -> None:
    client = signed_in("analyst")
    start(
        client,
        LIST + "101,Ann Smith,Thornmere East,01/09/2018,North\n102,TBC,Thornmere East,31/02/2018,North\n",
    )
    step(client, "columns", **COLUMNS)
    step(client, "owners", **owners_settled())
    page = figure_page(client)
    assert "2 children appear more than once; for 1 the rows differ." in page
    assert "Row 10, column “Since when”: The first day cannot be read as a day." in page


def test_columns_that_look_exchanged_are_told_on_both_pages_and_not_refused(home: Home) -> None:
    client = signed_in("analyst")
    lines = "".join(
        f"{at},Worker {'ABCDEF'[at % 6]},Zone {'NS'[at % 2]},01/09/2018\n" for at in range(101, 125)
    )
    start(client, f"Child ID,Worker,Team,Start date\n{lines}")
    right = {"child": "Child ID", "worker": "Worker", "team": "Team", "start": "Start date"}
    step(client, "columns", **{**right, "worker": "Team", "team": "Worker"})
    told = "holds 2 values with about 12 rows each, and the team column “Worker” 6 values"
    assert told in client.get(f"{AT}owners").content.decode()
    step(client, "owners")
    page = figure_page(client)
    assert "<strong>0 of 24 children</strong>" in page
    assert told in page
    step(client, "columns", **right)
    assert "exchanged" not in client.get(f"{AT}owners").content.decode()


def test_a_step_cannot_be_skipped_and_another_upload_is_noticed(home: Home) -> None:
    client = signed_in("analyst")
    assert client.get(f"{AT}figure")["Location"] == f"{AT}files"
    start(client)
    assert client.get(f"{AT}figure")["Location"] == f"{AT}columns"
    answer = client.post(f"{AT}columns", {"draft": "of another window", **COLUMNS})
    assert answer["Location"] == f"{AT}columns"
    assert client.get(f"{AT}owners")["Location"] == f"{AT}columns"


def test_files_are_kept_for_an_hour_for_whoever_uploaded_them(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("analyst")
    start(client)
    assert client.get(f"{AT}columns").status_code == 200
    assert signed_in("director").get(f"{AT}columns").status_code == 302
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(f"{AT}columns").status_code == 302
    assert not list(reader_process.incoming().glob("draft-*"))


def test_values_names_and_children_are_hidden_from_whoever_may_not_see_them(home: Home) -> None:
    client = signed_in("administrator")
    assert "no line of headings that is known" in errors(start(client))
    named = UNTITLED.replace("Kid ref", "Child ID").replace("Who has them", "Worker").replace("Squad", "Team")
    assert start(client, named)["Location"] == f"{AT}columns"
    sent = {"child": "Child ID", "worker": "Worker", "team": "Team", "start": "Since when"}
    pages = [client.get(f"{AT}columns")]
    step(client, "columns", **sent)
    pages.append(client.get(f"{AT}owners"))
    assert b"4 names in the file may not be a person" in pages[-1].content
    step(client, "owners")
    step(client, "coverage", covers="service", roster="full")
    pages.append(client.get(f"{AT}figure"))
    assert b"2 of 8 children" in pages[-1].content
    for page in pages:
        assert page.status_code == 200
        assert not re.search(
            rb"\b10[1-8]\b|Ann Smith|Karen|Duty Tray|Thornmere East|Thornmere West", page.content
        )
    assert not AccessLogEntry.objects.exists()


def test_a_restricted_child_is_not_shown_and_every_child_shown_is_logged(home: Home) -> None:
    Restriction.objects.create(authority=AUTHORITY, child="103", reason="a reason", by="tests", at=1)
    client = signed_in("analyst")
    pages = [to_the_figure(client), client.get(f"{AT}columns")]
    for page in pages:
        assert not re.search(r"\b103\b", page.content.decode())
    seen = {entry.child for entry in AccessLogEntry.objects.all()}
    assert seen == {"101", "102", "104", "105", "106"}


def test_a_forged_form_is_refused(home: Home) -> None:
    client = Client(enforce_csrf_checks=True)
    signed = signed_in("analyst")
    client.cookies = signed.cookies
    for name in ("files", "columns", "owners", "coverage", "figure"):
        assert client.post(f"{AT}{name}", {"source": "weekly"}).status_code == 403


def test_no_step_asks_the_database_more_than_twelve_times(home: Home) -> None:
    client = signed_in("analyst")
    to_the_figure(client)
    counts = {}
    for name in ("files", "columns", "owners", "coverage", "figure"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{AT}{name}").status_code == 200
        counts[name] = len(
            [one for one in asked.captured_queries if not one["sql"].startswith(("BEGIN", "COMMIT"))]
        )
    assert max(counts.values()) <= 12, counts


def test_the_process_that_looks_is_limited_as_a_reading_is(
    home: Home, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.READ_APART = True
    client = signed_in("analyst")
    assert start(client)["Location"] == f"{AT}columns"
    monkeypatch.setattr(reader_process, "MOST_MEMORY", 2**20)
    assert "more memory than a delivery may" in errors(start(client))


def test_a_source_that_is_described_takes_the_next_file_without_a_question(home: Home) -> None:
    client = signed_in("analyst")
    to_the_figure(client)
    step(client, "figure")
    read_all()
    assert [one.name for one in sources(open_record(AUTHORITY), clock.now()) if one.name == "weekly"] == [
        "weekly"
    ]
    later = LIST.replace("106,,", "106,Bea Jones,")
    client.post("/service/999/deliveries/new", {"source": "weekly", "files": [upload(later)]})
    assert len(list(waiting.links())) == 1
    read_all()
    now = clock.now()
    found = figure(open_record(AUTHORITY), FigureQuery(london_day(now), microseconds(now)))
    assert (found.unallocated, found.population) == (3, 8)


def test_tables_of_the_dataset_show_roles_and_job_titles_and_give_the_figure(home: Home) -> None:
    client = signed_in("analyst")
    tables = {
        "cin_episodes": "R1, C1, 2019-01-01, N,,\nR2, C2, 2019-01-01, N,,\nR3, C3, 2019-01-01, N,,",
        "involvements": "1, C1, W1, CW, T1, 2019-01-05,, R1\n2, C2, M1, CW, T1, 2019-01-05,, R2\n3, C3, W1, EDT, T1, 2019-01-05,, R3",
        "professionals": "W1, S1, Social Worker, SW1, 1.0,\nM1, S2, Team Manager, SW2, 1.0,",
    }
    sent = [SimpleUploadedFile(one.name, one.content) for one in files(tables)]
    assert client.post(f"{AT}files", {"source": "nightly", "files": sent}).status_code == 302
    page = client.get(f"{AT}columns").content.decode()
    assert "This format names its own columns" in page
    assert step(client, "columns")["Location"] == f"{AT}owners"
    page = client.get(f"{AT}owners").content.decode()
    assert re.search(r"CW: 2 children", page)
    titles = dict(re.findall(r'name="(title-\d)"[^>]*?( checked)?>', page))
    assert titles == {"title-0": " checked", "title-1": ""}
    step(client, "owners", **{"roles": ["0"], "title-0": "on", "title-why-0": "manager"})
    step(client, "coverage", covers="service", roster="full")
    page = " ".join(client.get(f"{AT}figure").content.decode().split())
    assert "<strong>2 of 3 children</strong> have no allocated worker" in page
    assert "roles_that_count = [&quot;CW&quot;]" in page
    step(client, "figure")
    read_all()
    now = clock.now()
    found = figure(open_record(AUTHORITY), FigureQuery(london_day(now), microseconds(now)))
    assert (found.unallocated, found.population) == (2, 3)


def test_files_that_nobody_comes_back_for_are_removed_by_the_reader(home: Home) -> None:
    start(signed_in("analyst"))
    (draft,) = reader_process.incoming().glob("draft-*")
    assert CliRunner().invoke(work, ["--once"]).exit_code == 0
    assert draft.exists()
    old = draft.stat().st_mtime - 3700
    os.utime(draft, (old, old))
    assert CliRunner().invoke(work, ["--once"]).exit_code == 0
    assert not draft.exists()


CLOSED = """Case list,,,
Person ID,Allocated Worker,Team,Case status
1,Jo Smith,East,Open
2,"SMITH, Jo",East,Open
3,,East,Closed
4,,East,Case closed
5,,East,Open
"""


def test_closed_cases_are_ticked_and_left_out_and_two_spellings_are_one_worker_when_a_person_says_so(
    home: Home,
) -> None:
    client = signed_in("analyst")
    start(client, CLOSED, "cases")
    page = " ".join(client.get(f"{AT}columns").content.decode().split())
    assert "Which words under “Case status” mean that the case is closed?" in page
    assert "Closed (1 row)" in page
    assert page.count("checked>") == 2
    columns = {"child": "Person ID", "worker": "Allocated Worker", "team": "Team"}
    step(client, "columns", **columns, **{"closed-0": ["1", "2"]})
    page = " ".join(client.get(f"{AT}owners").content.decode().split())
    assert "Names that may be one worker’s" in page
    assert "Not decided: counted as two" in page
    answer = step(client, "owners", **{"alike-0": "same", "worker-0": "manager"})
    assert "say the same of both" in answer.content.decode()
    assert step(client, "owners", **{"alike-0": "same"}).status_code == 302
    step(client, "coverage", covers="service", roster="full")
    page = " ".join(client.get(f"{AT}figure").content.decode().split())
    assert "<strong>1 of 3 children</strong> has no allocated worker" in page
    assert "2 rows say that the case is closed, as you ticked, and are left out." in page
    step(client, "figure")
    read_all()
    kept = settings_of(AUTHORITY, SourceName("cases"))
    assert kept.closed == {"Case status": ["Closed", "Case closed"]}
    assert kept.said["allocation"]["same_worker"] == [["Jo Smith", "SMITH, Jo"]]
    now = clock.now()
    found = figure(open_record(AUTHORITY), FigureQuery(london_day(now), microseconds(now)))
    assert (found.unallocated, found.population) == (1, 3)


def test_the_service_today_says_what_a_single_list_does_not_know(home: Home) -> None:
    """Waits without a beginning stand apart, days before the list are not drawn, and both pages count one day."""
    client = signed_in("analyst")
    start(client, CLOSED, "cases")
    columns = {"child": "Person ID", "worker": "Allocated Worker", "team": "Team"}
    step(client, "columns", **columns, **{"closed-0": ["1", "2"]})
    step(client, "owners")
    step(client, "coverage", covers="service", roster="full")
    previewed = " ".join(client.get(f"{AT}figure").content.decode().split())
    step(client, "figure")
    read_all()
    today = " ".join(client.get("/service/999/").content.decode().split())
    yesterday = in_words((london_day(clock.now()) - timedelta(days=1)).isoformat())
    assert f"has no allocated worker on {yesterday}" in previewed
    assert f"on {yesterday}" in today
    assert f"{yesterday} is the day before the latest file was received" in today
    waits = today.partition("Time without an allocated worker")[2].partition("</table>")[0]
    assert re.search(r"26 weeks or more </th> <td[^>]*>.*?0", waits), "nobody is known to wait so long"
    assert "Not known since when" in waits
    assert (
        client.get("/service/999/unallocated?days_from=182").content.decode().count('data-label="Child"') == 0
    )
    assert f"Days before {yesterday} are not drawn." in today
    assert "Only one day of it is known yet, so there is no line to draw." in today
    months = today.partition("Show as a table, by month")[2].partition("</table>")[0]
    assert months.count("not known") > 20, "the days before the list are not known"


def test_the_service_today_tells_of_a_delivery_that_waits_for_confirmation(home: Home) -> None:
    source = describe("list", kind="worklist")
    first = "Child ID,Worker\n" + "".join(f"{n},Ann Lee\n" for n in range(130))
    recipe.load(
        [NamedBytes("list.csv", first.encode())], "list.csv", AUTHORITY, source, received_at=None, by="tests"
    )
    client = signed_in("analyst")
    assert "needs your confirmation" not in client.get("/service/999/").content.decode()
    second = [NamedBytes("list.csv", b"Child ID,Worker\n1,Ann Lee\n")]
    recipe.load(second, "list.csv", AUTHORITY, source, received_at=None, by="tests")
    page = client.get("/service/999/").content.decode()
    assert "A delivery needs your confirmation." in page
    delivery = Link.objects.filter(kind="held").last()
    assert delivery is not None
    assert f"/deliveries/{delivery.delivery}/" in page


def test_a_second_source_that_speaks_for_every_child_is_told_with_what_it_would_do_and_confirmed(
    home: Home,
) -> None:
    source = describe("list", kind="worklist", more='covers = "service"')
    first = b"Child ID,Worker,Role\n1,Ann Lee,CW\n2,Ann Lee,CW\n8,Ann Lee,CW\n9,Bea Roe,CW\n"
    recipe.load([NamedBytes("list.csv", first)], "list.csv", AUTHORITY, source, received_at=None, by="tests")
    client = signed_in("analyst")
    start(client, CLOSED, "cases")
    columns = {"child": "Person ID", "worker": "Allocated Worker", "team": "Team"}
    step(client, "columns", **columns)
    step(client, "owners")
    page = client.get(f"{AT}coverage").content.decode()
    assert "list already knows every child of the service." in page
    refused = step(client, "coverage", covers="service", roster="full")
    assert refused.status_code == 422
    assert "list already speaks for every child." in refused.content.decode()
    assert step(client, "coverage", covers="named", roster="full").status_code == 302
    assert "covers every child too" not in client.get(f"{AT}figure").content.decode()
    step(client, "coverage", covers="service", roster="full", second=["yes"])
    page = " ".join(client.get(f"{AT}figure").content.decode().split())
    assert "<strong>list covers every child too.</strong>" in page
    assert "4 children have a worker by the record now. 2 of them are not in these files" in page
    step(client, "figure")
    assert not Link.objects.filter(kind="held").exists(), "who saved it has confirmed it"
    assert settings_of(AUTHORITY, SourceName("cases")).said["covers"] == "service"


def test_settings_that_make_a_second_source_speak_for_every_child_wait_for_confirmation(home: Home) -> None:
    source = describe("list", kind="worklist", more='covers = "service"')
    first = b"Child ID,Worker,Role\n1,Ann Lee,CW\n2,Ann Lee,CW\n"
    recipe.load([NamedBytes("list.csv", first)], "list.csv", AUTHORITY, source, received_at=None, by="tests")
    describe("other", kind="worklist", more='covers = "service"')
    held = Link.objects.get(kind="held")
    assert held.source == "described-by-hand"
    page = signed_in("analyst").get(f"/service/999/deliveries/{held.delivery}/").content.decode()
    assert "The source other is to cover the whole service, as list already does." in page
    assert "2 children have a worker now" in page
    recipe.confirm(held.delivery, by="Ann Lee")
    describe("other", kind="worklist", more='covers = "service"\nexpected = "weekly"')
    assert Link.objects.filter(kind="held").count() == 1, "it is asked once"
    describe("third", kind="worklist", more="")
    assert Link.objects.filter(kind="held").count() == 1


def test_the_settings_of_a_source_are_shown_in_words_and_changed_by_the_same_steps(home: Home) -> None:
    settings = """covers = "service"
valid_from = 2018-01-01
[closed]
"Case status" = ["Closed"]
"""
    content = f'name = "cases"\nauthority = "999"\nformat = "worklist"\nroster = "full"\n{settings}'
    rules = """[allocation]
owners_that_do_not_count = [{ worker = "Gone Long", why = "has left" }, { worker = "A B", team = "East", why = "tray" }]
placeholders = ["X9"]
"""
    recipe.set_source(f"{content}{rules}".encode(), by="tests")
    recipe.load(
        [NamedBytes("list.csv", CLOSED.encode())],
        "list.csv",
        AUTHORITY,
        SourceName("cases"),
        received_at=None,
        by="tests",
    )
    client = signed_in("analyst")
    assert "/service/999/deliveries/sources/cases" in client.get("/service/999/deliveries/").content.decode()
    page = " ".join(client.get("/service/999/deliveries/sources/cases").content.decode().split())
    for words in (
        "Every child of the service",
        "The whole list again",
        "Under “Case status”: “Closed”",
        "1 January 2018",
    ):
        assert words in page
    assert "Worker Gone Long: has left" in page
    assert client.get("/service/999/deliveries/sources/nobody").status_code == 404
    begun = client.post("/service/999/deliveries/sources/cases")
    assert begun["Location"] == f"{AT}columns"
    page = client.get(f"{AT}columns").content.decode()
    assert page.count("checked>") == 1, "the steps are filled with what the settings say"
    columns = {"child": "Person ID", "worker": "Allocated Worker", "team": "Team"}
    step(client, "columns", **columns, **{"closed-0": ["1", "2"]})
    assert step(client, "owners", **{"worker-1": "manager"}).status_code == 302
    assert step(client, "coverage", covers="service", roster="full").status_code == 302
    page = " ".join(client.get(f"{AT}figure").content.decode().split())
    assert "<strong>2 of 3 children</strong> have no allocated worker" in page
    assert "With the settings as they are now, these files give <strong>2 of 4 children</strong>" in page
    assert "Save the settings" in page
    saved = step(client, "figure")
    assert saved["Location"] == "/service/999/deliveries/sources/cases"
    kept = settings_of(AUTHORITY, SourceName("cases"))
    assert kept.closed == {"Case status": ["Closed", "Case closed"]}
    assert kept.said["valid_from"] == "2018-01-01"
    assert kept.said["allocation"] == {
        "owners_that_do_not_count": [
            {"worker": "SMITH, Jo", "why": "manager"},
            {"worker": "Gone Long", "why": "has left"},
            {"worker": "A B", "team": "East", "why": "tray"},
        ],
        "placeholders": ["X9"],
    }, "what the files do not show stays"
    assert Link.objects.filter(source="cases", kind="read").count() == 1, "no file is loaded again"


def test_a_source_without_a_file_is_changed_as_text(home: Home) -> None:
    describe("empty", kind="worklist")
    client = signed_in("analyst")
    answer = client.post("/service/999/deliveries/sources/empty", follow=True)
    assert "No file of this source has been loaded." in answer.content.decode()


def test_a_service_without_data_leads_whoever_may_deliver_to_the_first_step(home: Home) -> None:
    page = signed_in("analyst").get("/service/999/").content.decode()
    assert f'href="{AT}files"' in page
    assert "Upload an export and see its figure" in page


def test_the_data_quality_page_tells_of_closed_cases_and_spellings_and_leads_to_the_settings(
    home: Home,
) -> None:
    source = describe("list", kind="worklist")
    recipe.load(
        [NamedBytes("list.csv", CLOSED.encode())], "list.csv", AUTHORITY, source, received_at=None, by="tests"
    )
    client = signed_in("analyst")
    issues = client.get("/service/999/data-quality/").content.decode()
    for words in ("a word such as Closed or Ended", "may be another spelling of the name in row"):
        assert words in issues
        link = re.search(rf'href="([^"]*/data-quality/[^"]+)"[^>]*>(?:(?!</a>).)*{words}', issues, re.DOTALL)
        assert link, words
        page = client.get(link[1].replace("&amp;", "&")).content.decode()
        assert 'href="/service/999/deliveries/sources/list"' in page
