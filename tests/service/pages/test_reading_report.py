"""What was read of a delivery: on its page, as JSON and on the command line."""

from __future__ import annotations

import json

from lineofsight.queries.reading import reading
from lineofsight.service.access.records import open_record
from lineofsight.service.models import Link
from tests.contracts.test_schemas import schema
from tests.service.homes import Home, a_statement, load
from tests.service.pages.test_of_a_service import signed_in
from tests.support.cases import AUTHORITY, describe, night

AT = "/service/999/deliveries/"
TABLES = {
    "cin_episodes": "R1, C1, 2019-01-01, N,,\nR2, C2, 2019-01-01, N,,",
    "involvements": "1, C1, 0098, CW, T1, 2019-01-05,, R1\n2, C2, 0099, CW, T1, 2019-01-05,, R2",
    "professionals": "W1, S1, Social Worker, SW1, 1.0,",
}


def a_night(tables: dict[str, str]) -> str:
    describe()
    return night("2019-10-08", tables).link.delivery


def test_every_column_is_told_found_or_missing_with_what_its_lack_costs(home: Home) -> None:
    delivery = a_night(TABLES)
    found = reading(open_record(AUTHORITY), delivery)
    assert found.reported and found.delivery.received == 5
    assert (found.outcomes.files_read, found.outcomes.rows) == (3, 5)
    every = [column for file in found.files for column in file.columns]
    outcomes = found.outcomes
    assert outcomes.found + outcomes.guessed + outcomes.missing == len(every)
    lacks = {(file.file, column.column): column.costs for file in found.files for column in file.columns}
    assert lacks["ssd_professionals.csv", "name"] is not None
    assert lacks["ssd_cin_episodes.csv", "closed_on"] is None, "it is there"


def test_a_delivery_says_the_same_on_its_page_as_json_and_on_the_command_line(home: Home) -> None:
    delivery = a_night(TABLES)
    client = signed_in("analyst")
    page = client.get(f"{AT}{delivery}/").content.decode()
    section = page.split('id="reading"')[1].split("</section>")[0]
    assert "ssd_cin_episodes.csv" in section
    assert "workers are shown by number only" in section
    assert "9999" in section and "0099" not in section, "shapes, and no number"
    answer = client.get(f"{AT}{delivery}/reading").json()
    said = json.loads(home.run("reading", delivery, "--json").stdout)
    synthetic = answer.pop("synthetic")
    assert (answer, synthetic) == (said, True)
    schema("reading").validate(said)
    assert "name: missing. workers are shown by number only" in home.run("reading", delivery).stdout


def test_a_delivery_without_a_report_says_so(home: Home) -> None:
    """Statements are no tables, and a link written before reports were kept holds none."""
    outcome = load(a_statement("one"), source="record")
    assert "reading" in json.loads(Link.objects.get(pk=outcome.link.pk).body)
    said = home.answer("reading", outcome.link.delivery)
    assert (said["reported"], said["files"], said["outcomes"]["rows"]) == (False, [], 0)
    assert "No reading report is kept" in home.run("reading", outcome.link.delivery).stdout


def test_a_delivery_that_is_not_there_has_none(home: Home) -> None:
    describe()
    done = home.run("reading", "0123456789abcdef")
    assert done.returncode == 2 and "There is no delivery of that id" in done.stderr
    assert signed_in("analyst").get(f"{AT}0123456789abcdef/reading").status_code == 404


def test_tables_that_do_not_meet_stand_first_and_the_others_are_folded_away(home: Home) -> None:
    delivery = a_night(TABLES)
    page = signed_in("analyst").get(f"{AT}{delivery}/").content.decode()
    lacking, meeting = page.split(">All found<")
    assert "worker in involvement" in lacking and "Differs" in lacking
    assert "referral in involvement" in meeting and "referral in involvement" not in lacking
    assert "0 (0%)" in lacking, "neither worker is in the list"
