"""Erasing: the rows go from everywhere, what proves the rest stays, and nothing brings them back."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from django.db import connection

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, ROW, file_finding
from lineofsight.intake.format import Format
from lineofsight.intake.formats import formats
from lineofsight.queries import statements
from lineofsight.record.block import rows_that_break_their_seal, unpack
from lineofsight.record.entry import ATTESTED
from lineofsight.record.schema import Column, Table
from lineofsight.record.tables import TABLES
from lineofsight.service.access.records import open_record
from lineofsight.service.models import Block, Link
from lineofsight.service.receive import delivery, recipe
from lineofsight.service.store import backup, blobs, chain, erasure, picture
from lineofsight.service.store.verify import verify
from lineofsight.vocabulary.identifiers import source_name
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import (
    NORTHSHIRE,
    RECORD,
    Home,
    a_statement,
    database_of,
    filled_once,
    full_roster,
    load,
    standing_in,
    written,
)
from tests.support import answers

SECRET = "Peregrine-Falconbridge"


def secret(**said: str) -> dict[str, str]:
    return a_statement("secret", says=f"{SECRET} was named.", **said)


def everything_in(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def ids(home: Home, *arguments: str) -> list[str]:
    return sorted(one["id"] for one in home.answer("statements", *arguments)["statements"])


def erase(home: Home, reference: str = "record/secret") -> str:
    done = home.run(
        "erase", "--authority", "901", "--statement", reference, "--ground", "names a person", "--by", "Ben"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
@filled_once
def record(home: Home) -> Home:
    """A statement in three versions, once unchanged and once refused; others beside it; another source."""
    load(secret(), a_statement("two"), at="2019-10-01T00:00:00Z")
    load(secret(value="2"), a_statement("three"), at="2019-10-02T00:00:00Z")
    load(secret(value="2"), a_statement("four"), at="2019-10-03T00:00:00Z")  # unchanged: in no block of it
    load(secret(kind="nonsense"), a_statement("five"), at="2019-10-04T00:00:00Z")
    load(a_statement("six", bears_on="secret"), at="2019-10-05T00:00:00Z")
    load(a_statement("secret", says="Another source's own."), source="other")
    return home


@pytest.mark.databases
def test_it_goes_from_every_file_of_the_home(record: Home) -> None:
    connection.close()
    bodies = [bytes(one.body) for one in Block.objects.filter(table="statement", link__source="record")]
    connection.close()
    assert any(SECRET.encode() in content for _, content in everything_in(record.path))
    erase(record)
    connection.close()
    going = [body[at : at + 48] for body in bodies for at in range(0, len(body) - 48, 24)]
    held = {bytes(one.body) for one in Block.objects.all()}
    gone = [part for part in going if not any(part in body for body in held)]
    assert len(gone) > 20
    connection.close()
    for path, content in everything_in(record.path):
        assert SECRET.encode() not in content, path
        assert SECRET.encode("utf-16-le") not in content, path
        if path.suffix != ".tar":
            assert not any(part in content for part in gone), path


@pytest.mark.databases
def test_history_answers_and_findings_hold_it_no_more(record: Home) -> None:
    refused = [one["id"] for one in answers.every_delivery()][3]
    assert [one["key"] for one in answers.findings_of(refused)] == ["secret"]
    erase(record)
    assert ids(record) == ["five", "four", "secret", "six", "three", "two"]  # the other source's stays
    for known_by in ("2019-10-01", "2019-10-02", "2019-10-03"):
        found = record.answer("statements", "--known-by", known_by)["statements"]
        assert "901/record/secret" not in [one["reference"] for one in found]
    (left,) = answers.findings_of(refused)
    assert (left["code"], left["key"], left["file"]) == ("E01", None, "")
    assert left["says"] == "Erased, with what it was about: 1 finding."
    assert statements.versions(open_record(NORTHSHIRE), "record/secret") == []
    found = picture.history(NORTHSHIRE, "statement")
    assert found.filter((pl.col("id") == "secret") & (pl.col("_source") == "record")).height == 0


@pytest.mark.databases
def test_the_rows_that_stay_are_sealed_as_they_were(record: Home) -> None:
    before = {one.number: one for one in Block.objects.all()}
    erase(record)
    changed = 0
    for one in Block.objects.all():
        assert bytes(one.seals) == bytes(before[one.number].seals)
        assert rows_that_break_their_seal(bytes(one.body), bytes(one.seals)) == []
        changed += bytes(one.body) != bytes(before[one.number].body)
    assert changed == 3
    assert verify(each_row=True).holds


@pytest.mark.databases
def test_the_chain_says_who_when_and_on_what_ground_and_not_what(record: Home) -> None:
    erase(record)
    link = Link.objects.get(kind=chain.ERASED)
    says = chain.body_of(link)
    assert (says["ground"], says["by"], says["what"]) == ("names a person", "Ben", "statement")
    found = [one["id"] for one in answers.every_delivery()]
    assert [one["delivery"] for one in says["erased"]] == [found[0], found[1], found[3]]
    assert "secret" not in link.body
    assert [len(one["leaves"]) for one in says["erased"]] == [1, 1, 1]


@pytest.mark.databases
def test_the_bytes_of_every_delivery_that_held_it_are_released(record: Home) -> None:
    found = answers.every_delivery()
    erase(record)
    there = [blobs.path_of(one["sha256"]).exists() for one in found]
    # News, revised, unchanged and refused alike; a mere link to it, and another source's own, stay.
    assert there == [False, False, False, False, True, True]
    assert verify().holds
    assert [one["sha256"] for one in answers.every_delivery()] == [one["sha256"] for one in found]


@pytest.mark.databases
def test_bytes_that_deliveries_share_are_released_for_all_of_them(home: Home) -> None:
    load(secret())
    load(secret(), source="other")
    assert len(blobs.hashes()) == 1
    erase(home)
    assert blobs.hashes() == set()
    assert verify(each_row=True).holds
    assert ids(home) == ["secret"]  # the other source says it still
    erase(home, "other/secret")
    assert ids(home) == []
    assert verify(each_row=True).holds


@pytest.mark.databases
def test_erased_twice_is_refused_and_changes_nothing(record: Home) -> None:
    erase(record)
    head = record.run("head").stdout
    done = record.run(
        "erase", "--authority", "901", "--statement", "record/secret", "--ground", "g", "--by", "Ben"
    )
    assert done.returncode == 2
    assert "nothing was erased" in done.stderr
    assert record.run("head").stdout == head


@pytest.mark.databases
def test_several_erasures_of_one_block_are_all_accounted_for(record: Home) -> None:
    for id in ("secret", "two", "three"):
        erase(record, f"record/{id}")
    assert verify(each_row=True).holds
    assert ids(record) == ["five", "four", "secret", "six"]
    assert record.run("rebuild", "--compare").returncode == 0


def test_a_reference_may_be_written_as_answers_give_it(record: Home) -> None:
    assert "erased" in erase(record, "901/record/secret")


@pytest.mark.parametrize(
    "reference", ["record/nothing", "nothing/secret", "secret", "record/", "/", "", "902/record/secret"]
)
def test_what_is_not_there_is_refused(record: Home, reference: str) -> None:
    done = record.run("erase", "--authority", "901", "--statement", reference, "--ground", "g", "--by", "Ben")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert verify().holds


@pytest.mark.parametrize(("ground", "by"), [("", "Ben"), (" ", "Ben"), ("g", ""), ("g", " ")])
def test_nobody_erases_without_a_ground_and_a_name(record: Home, ground: str, by: str) -> None:
    done = record.run(
        "erase", "--authority", "901", "--statement", "record/secret", "--ground", ground, "--by", by
    )
    assert done.returncode == 2
    assert "secret" in ids(record)


@pytest.mark.databases
def test_loading_the_same_bytes_again_brings_nothing_back(home: Home) -> None:
    load(secret(), a_statement("two"))
    erase(home)
    assert load(secret(), a_statement("two")).already_received
    assert ids(home) == ["two"]
    assert blobs.hashes() == set()
    assert verify().holds


@pytest.mark.databases
def test_a_later_delivery_of_it_is_news_and_may_be_erased_again(home: Home) -> None:
    """What a source goes on saying is for the source to mend; the record does not pretend it was not said."""
    load(secret())
    erase(home)
    load(a_statement("two"))
    load(secret())  # the very bytes that were released: kept again, since a delivery brings them
    assert len(blobs.hashes()) == 2
    assert verify(each_row=True).holds
    assert ids(home) == ["secret", "two"]
    erase(home)
    assert len(blobs.hashes()) == 1
    assert verify(each_row=True).holds
    assert ids(home) == ["two"]


@pytest.mark.databases
def test_neither_a_rebuild_nor_a_later_backup_brings_it_back(
    record: Home, new_home: Callable[[str], Home]
) -> None:
    erase(record)
    assert record.run("rebuild", "--compare").returncode == 0
    file = record.path.parent / "backup.tar"
    backup.backup(file)
    assert SECRET.encode() not in file.read_bytes()
    other = new_home("restored")
    with standing_in(other, database_of(other)):
        assert other.run("restore", file).returncode == 0
        assert verify(each_row=True).holds
        assert ids(other) == ids(record)
        assert "Another source's own." in str(other.answer("statements"))
    assert ids(record) == ["five", "four", "secret", "six", "three", "two"]


@pytest.mark.databases
def test_a_full_roster_goes_on_after_an_erasure(home: Home) -> None:
    full_roster()
    load(secret(), a_statement("two"))
    erase(home)
    said = answers.delivery_of(load(a_statement("two"), a_statement("three")))
    assert (said["accepted"], said["unchanged"], said["withdrawn"]) == (1, 1, 0)


@pytest.mark.databases
def test_a_waiting_delivery_that_holds_it_is_released_and_read_as_refused(home: Home) -> None:
    load(secret())
    recipe.receive(
        [written(secret(), a_statement("two"))], "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Ben"
    )
    erase(home)
    assert blobs.hashes() == set()
    assert verify().holds
    assert home.run("work", "--once").returncode == 0
    one = home.answer("deliveries")[-1]
    assert (one["waiting"], one["quarantined"]) == (False, 1)
    assert "released under an erasure" in home.answer("findings", one["id"])[0]["says"]
    assert verify(each_row=True).holds
    assert ids(home) == []


def test_a_folder_goes_whole(home: Home) -> None:
    files = [written(secret(), name="a.jsonl"), written(a_statement("two"), name="b.jsonl")]
    recipe.load(files, "folder", NORTHSHIRE, RECORD, received_at=None, by="Cass")
    assert len(blobs.hashes()) == 3
    erase(home)
    assert blobs.hashes() == set()
    assert verify().holds


def test_files_that_readers_no_longer_need_go_at_once(record: Home) -> None:
    record.answer("statements")
    folder = picture.folder() / NORTHSHIRE / "statement"
    assert any(SECRET.encode() in path.read_bytes() for path in folder.glob("*.arrow"))
    rebuilt = picture.folder() / "rebuilt-left-behind"
    rebuilt.mkdir()
    (rebuilt / "a.arrow").write_text(SECRET)
    erase(record)
    assert not rebuilt.exists()
    assert not any(SECRET.encode() in path.read_bytes() for path in folder.glob("*.arrow"))


def test_files_that_a_killed_erasure_left_are_not_read(record: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader may have made them just before the erasure was committed, and the erasing process ended just after."""
    assert statements.versions(open_record(NORTHSHIRE), "record/secret")
    with monkeypatch.context() as killed:
        killed.setattr(picture, "forget", lambda *_: None)
        killed.setattr(picture, "catch_up", lambda *_: None)
        erasure.erase_statement(NORTHSHIRE, "record/secret", "names a person", by="Ben")
    assert statements.versions(open_record(NORTHSHIRE), "record/secret") == []


@pytest.mark.databases
def test_where_somebody_reads_the_freed_pages_are_said_to_be_there_and_scrub_ends_it(record: Home) -> None:
    done = record.run("scrub")
    assert done.returncode == 0


# -- children ---------------------------------------------------------------------------------------

PERSON = Table(
    name="person",
    says="A child, for these tests only.",
    columns=(Column("child", "who", required=True), Column("sibling", "whose"), Column("note", "what")),
    key=("child", "note"),
    child=("child", "sibling"),
)


def read_people(files: list[NamedBytes], context: Context) -> Reading:
    """A format for these tests only: `child,sibling,note` a line; a line that begins with ! is refused."""
    lines = [line.split(",") for file in files for line in file.content.decode().splitlines()]
    passed = [line for line in lines if not line[0].startswith("!")]
    schema = dict.fromkeys(PERSON.names, pl.String)
    rows = pl.DataFrame(
        [[cell or None for cell in line] for line in passed], schema=schema, orient="row"
    ).with_columns(
        pl.lit(context.received_us, pl.Int64).alias(ATTESTED),
        pl.lit("people.csv").alias(FILE),
        pl.lit(1, pl.Int64).alias(ROW),
    )
    refused = [
        file_finding("T01", "refused", "people.csv", "It was refused.", "Nothing.").with_columns(
            pl.lit(f"{line[0][1:]}/{line[2]}").alias("key"), pl.lit("person").alias("table")
        )
        for line in lines
        if line[0].startswith("!")
    ]
    present = pl.DataFrame(
        [[line[0].lstrip("!"), line[2]] for line in lines],
        schema=dict.fromkeys(PERSON.key, pl.String),
        orient="row",
    )
    return Reading({"person": rows}, {"person": [present]}, len(lines), len(refused), refused)


@pytest.fixture
def people(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A record with children in it, read by a format of these tests."""
    monkeypatch.setitem(TABLES, "person", PERSON)
    of_these_tests = Format(name="people", title="People", read=read_people, endings=(".csv",))
    monkeypatch.setitem(formats(), "people", of_these_tests)
    real = delivery.settings_of
    monkeypatch.setattr(
        delivery, "settings_of", lambda *named: dataclasses.replace(real(*named), format="people")
    )
    return home


def bring(*lines: str, source: str = "nightly") -> recipe.Outcome:
    files = [NamedBytes("people.csv", "\n".join(lines).encode())]
    return recipe.load(files, "people.csv", NORTHSHIRE, source_name(source), received_at=None, by="Cass")


@pytest.mark.databases
def test_a_child_goes_from_every_table_source_and_finding(people: Home) -> None:
    bring("c1,,one", "c2,c1,two", "c3,,three", "!c1,,four", "!c11,,five")
    bring("c1,,one", "c4,,six")
    bring("c1,,seven", "c5,,eight", source="other")
    bring("c6,,nine", "c11,,ten", source="other")
    done = people.run(
        "erase", "--authority", "901", "--child", "c1", "--ground", "court order", "--by", "Ben"
    )
    assert done.returncode == 0, done.stderr
    history = picture.history(NORTHSHIRE, "person")
    assert sorted(history["child"]) == ["c11", "c3", "c4", "c5", "c6"]
    found = [finding["key"] for one in answers.every_delivery() for finding in answers.findings_of(one["id"])]
    assert found == ["c11/five", None]  # and a note that one was erased
    there = [blobs.path_of(one["sha256"]).exists() for one in answers.every_delivery()]
    assert there == [False, False, False, True]
    assert verify(each_row=True).holds
    assert people.run("rebuild", "--compare").returncode == 0
    assert "c1" not in [
        cell
        for one in Block.objects.filter(table="person")
        for cell in unpack(bytes(one.body))["child"].to_pylist()
    ]
    again = people.run(
        "erase", "--authority", "901", "--child", "c1", "--ground", "court order", "--by", "Ben"
    )
    assert again.returncode == 2


def test_findings_about_a_child_whose_number_holds_a_stroke_go_too(people: Home) -> None:
    bring("la/1,,one", "la/2,,two", "!la/1,,three", "!la/2,,four")
    erasure.erase_child(NORTHSHIRE, "la/1", "court order", by="Ben")
    found = [finding["key"] for one in answers.every_delivery() for finding in answers.findings_of(one["id"])]
    assert found == ["la/2/four", None]


@pytest.mark.databases
def test_a_child_of_another_authority_stays(people: Home) -> None:
    bring("c1,,one")
    done = people.run(
        "erase", "--authority", "902", "--child", "c1", "--ground", "court order", "--by", "Ben"
    )
    assert done.returncode == 2
    assert picture.history(NORTHSHIRE, "person").height == 1


def test_a_child_named_in_a_zip_or_a_wide_text_is_found(home: Home) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep/a.csv", "x,c1,y")
    texts = ("c1", "a c1 b", "(c1)", "c12", "c1-2", "xc1")
    assert [erasure._holds_word(text.encode(), "c1") for text in texts] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert erasure._holds_word(packed.getvalue(), "c1")
    assert erasure._holds_word("\ufeffa,c1".encode("utf-16"), "c1")
    assert erasure._holds_word("é c1".encode("cp1252"), "c1")


def test_an_empty_name_is_refused(home: Home) -> None:
    with pytest.raises(Refused):
        erasure.erase_child(NORTHSHIRE, " ", "g", by="Ben")
