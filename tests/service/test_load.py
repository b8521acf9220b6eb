"""Loading: what is added, what is not, and when it became known (counting rules 4, 5, 7 and 8)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lineofsight.queries.deliveries import details
from lineofsight.service.access.records import open_record
from lineofsight.service.models import Link
from lineofsight.service.receive import recipe, waiting
from lineofsight.service.store import blobs, chain, clock
from lineofsight.service.store.verify import verify
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import NORTHSHIRE, RECORD, Home, a_statement, full_roster, load, written
from tests.support import answers


def counts(delivery: Mapping[str, Any]) -> list[int]:
    return [delivery[name] for name in ("received", "accepted", "unchanged", "quarantined", "withdrawn")]


def told(outcome: recipe.Outcome) -> dict[str, Any]:
    return answers.delivery_of(outcome)


def ids(home: Home, *arguments: str) -> list[str]:
    return sorted(one["id"] for one in home.answer("statements", *arguments)["statements"])


# -- the two moments ------------------------------------------------------------------------------


@pytest.mark.databases
def test_a_backfilled_delivery_is_known_from_when_it_was_received_and_witnessed_from_when_it_was_loaded(
    home: Home,
) -> None:
    path = home.path.parent / "minutes.jsonl"
    path.write_bytes(written(a_statement("one", said_on="2019-03-01", source_date="2019-03-01")).content)
    before = datetime.now(UTC)
    arguments = (
        "--authority",
        "901",
        "--source",
        "record",
        "--received-at",
        "2019-10-09T06:00:00Z",
        "--by",
        "Cass",
    )
    said = home.answer("load", path, *arguments)[0]
    assert said["received_at"] == "2019-10-09T06:00:00Z"
    assert before < datetime.fromisoformat(said["witnessed_at"]) < datetime.now(UTC)
    # A statement became known on the day its source was published, never after it was received.
    assert ids(home, "--known-by", "2019-02-27") == []
    assert ids(home, "--known-by", "2019-03-01") == ["one"]
    assert ids(home, "--known-by", "2019-10-10") == ["one"]
    assert ids(home, "--known-by", "2019-10-10", "--witnessed") == []
    assert ids(home, "--witnessed") == ["one"]
    assert ids(home) == ["one"]
    one = home.answer("statements")["statements"][0]
    assert one["attested_at"] == "2019-03-01T00:00:00Z"
    assert one["witnessed_at"] == said["witnessed_at"]


@pytest.mark.databases
def test_a_revision_is_known_from_when_it_was_received_and_the_version_before_it_until_then(
    home: Home,
) -> None:
    load(a_statement("one", value="81"), at="2019-10-05T08:00:00Z")
    load(a_statement("one", value="151"), at="2019-10-09T06:00:00Z")

    def value(*arguments: str) -> list[str]:
        return [one["value"] for one in home.answer("statements", *arguments)["statements"]]

    assert value("--known-by", "2019-09-30T23:00:00Z") == ["81"]
    assert value("--known-by", "2019-10-09T05:59:59Z") == ["81"]
    assert value("--known-by", "2019-10-09T06:00:00Z") == ["151"]
    assert value() == ["151"]
    assert value("--witnessed", "--known-by", "2019-12-01") == []
    assert value("--witnessed") == ["151"]


def test_known_by_left_out_is_the_latest_moment_and_is_printed(home: Home) -> None:
    load(a_statement("one"), at="2019-10-09T06:00:00Z")
    load(a_statement("two"), at="2019-10-08T06:00:00Z", source="other")
    answer = home.answer("statements", "--authority", "901")
    assert answer["known_by"] == "2019-10-09T06:00:00Z"
    assert answer["count"] == 2
    witnessed = home.answer("statements", "--authority", "901", "--witnessed")
    assert witnessed["known_by"] == home.answer("deliveries")[-1]["witnessed_at"]


def test_as_at_gives_what_speaks_of_that_day(home: Home) -> None:
    load(a_statement("one", about_from="2019-09-01", about_to="2019-09-30"), a_statement("two"))
    assert ids(home, "--as-at", "2019-09-30") == ["one"]
    assert ids(home, "--as-at", "2019-10-01") == ["two"]


# -- rule 4 ---------------------------------------------------------------------------------------


def test_a_future_or_an_earlier_moment_is_refused_with_exit_code_2(home: Home) -> None:
    path = home.path.parent / "a.jsonl"
    path.write_bytes(written(a_statement("one")).content)
    load(a_statement("zero"), at="2019-10-09T06:00:00Z")
    begin = ("load", path, "--authority", "901", "--source", "record", "--received-at")
    future = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    for moment in (future, "2019-10-09T05:59:59Z", "2019-10-08"):
        done = home.run(*begin, moment)
        assert done.returncode == 2, moment
        assert len(done.stderr.strip().splitlines()) == 1
        assert done.stdout == ""
    assert len(home.answer("deliveries")) == 1
    assert len(blobs.hashes()) == 1
    assert (
        home.run(
            "load", path, "--authority", "901", "--source", "other", "--received-at", "2019-10-08"
        ).returncode
        == 0
    )


def test_an_equal_moment_is_allowed(home: Home) -> None:
    load(a_statement("one"), at="2019-10-09T06:00:00Z")
    load(a_statement("one", value="7"), at="2019-10-09T06:00:00Z")
    assert [
        one["value"] for one in home.answer("statements", "--known-by", "2019-10-09T06:00:00Z")["statements"]
    ] == ["7"]
    assert verify().holds


@pytest.mark.databases
def test_a_clock_that_went_back_neither_refuses_nor_disorders(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(a_statement("one"))
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() - timedelta(days=400))
    load(a_statement("two"))
    monkeypatch.undo()
    load(a_statement("three"))
    found = answers.every_delivery()
    for name in ("received_at", "witnessed_at"):
        moments = [datetime.fromisoformat(one[name]) for one in found]
        assert moments == sorted(moments)
    assert verify().holds


# -- rule 5 ---------------------------------------------------------------------------------------


@pytest.mark.databases
def test_the_same_bytes_twice_add_nothing_and_the_hearing_is_recorded(home: Home) -> None:
    first = load(a_statement("one"))
    again = load(a_statement("one"))
    assert again.already_received
    assert again.link.delivery == first.link.delivery
    assert len(answers.every_delivery()) == 1
    heard = Link.objects.get(kind=chain.RECEIVED_AGAIN)
    assert chain.body_of(heard)["repeats"] == first.link.delivery
    assert chain.body_of(heard)["by"] == "Cass"
    assert details(open_record(first.link.authority), first.link.delivery).received_again == 1


@pytest.mark.databases
def test_nights_a_b_a_are_three_deliveries(home: Home) -> None:
    full_roster()
    three = a_statement("three", said_on="2019-10-02", source_date="2019-10-02")
    a, b = [a_statement("one"), a_statement("two")], [a_statement("two"), three]
    said = [told(load(*night, at=f"2019-10-0{day}T05:00:00Z")) for day, night in enumerate((a, b, a), 1)]
    assert [counts(one) for one in said] == [[2, 2, 0, 0, 0], [2, 1, 1, 0, 1], [2, 1, 1, 0, 1]]
    assert len({one["id"] for one in said}) == 3
    for day, known in enumerate((["one", "two"], ["three", "two"], ["one", "two"]), 1):
        assert ids(home, "--known-by", f"2019-10-0{day}T05:00:00Z") == known
    # Each again, at its own moment: nothing is added, whichever came last.
    for day, night in enumerate((a, b, a), 1):
        assert load(*night, at=f"2019-10-0{day}T05:00:00Z").already_received
    assert len([one for one in answers.every_delivery() if one["source"] == "record"]) == 3


def test_the_same_bytes_of_another_source_or_authority_are_another_delivery(home: Home) -> None:
    load(a_statement("one"))
    assert not load(a_statement("one"), source="other").already_received
    assert len(blobs.hashes()) == 1


@pytest.mark.databases
def test_the_same_bytes_as_a_waiting_delivery_add_nothing(home: Home) -> None:
    files = [written(a_statement("one"))]
    first = recipe.receive(files, "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Cass")
    again = recipe.receive(files, "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Cass")
    assert again.already_received
    assert again.link.delivery == first.link.delivery
    assert recipe.load(files, "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Cass").already_received
    assert [one["waiting"] for one in answers.every_delivery()] == [False]


# -- rules 7 and 8 --------------------------------------------------------------------------------


@pytest.mark.databases
def test_the_key_tells_a_row_and_every_row_is_counted_once(home: Home) -> None:
    load(a_statement("one"), a_statement("two"))
    said = told(
        load(
            a_statement("one"),  # unchanged
            a_statement("two", value="7"),  # accepted
            a_statement("three"),  # accepted
            a_statement("three"),  # an identical repeat is unchanged
            a_statement("three", value="8"),  # a differing repeat is quarantined, and the first stands
            a_statement("bad", kind="nonsense"),  # quarantined
        )
    )
    assert counts(said) == [6, 2, 2, 2, 0]
    found = {one["code"]: one for one in answers.findings_of(said["id"])}
    assert found["K01"]["key"] == "three"
    assert found["K01"]["row"] == 5
    assert [one["value"] for one in home.answer("statements", "--about", "three")["statements"]] == [None]


@pytest.mark.databases
def test_a_quarantined_row_counts_as_present_and_the_last_accepted_one_stands(home: Home) -> None:
    full_roster()
    load(a_statement("one"), a_statement("two"))
    said = told(load(a_statement("one", kind="nonsense"), a_statement("two")))
    assert counts(said) == [2, 0, 1, 1, 0]
    assert ids(home) == ["one", "two"]


def test_a_partial_roster_withdraws_nothing(home: Home) -> None:
    load(a_statement("one"), a_statement("two"))
    assert counts(told(load(a_statement("three")))) == [1, 1, 0, 0, 0]
    assert ids(home) == ["one", "three", "two"]


@pytest.mark.databases
def test_a_withdrawn_row_was_known_until_it_was_withdrawn_and_may_come_again(home: Home) -> None:
    full_roster()
    one, two = a_statement("one"), a_statement("two")
    for day, night in enumerate(([one, two], [two], [two, one]), 1):
        load(*night, at=f"2019-10-0{day}T05:00:00Z")
    assert ids(home, "--known-by", "2019-10-01T05:00:00Z") == ["one", "two"]
    assert ids(home, "--known-by", "2019-10-02T05:00:00Z") == ["two"]
    assert ids(home, "--known-by", "2019-10-03T05:00:00Z") == ["one", "two"]


# -- refusals -------------------------------------------------------------------------------------


@pytest.mark.databases
def test_nothing_is_left_of_a_refused_delivery(home: Home) -> None:
    path = home.path.parent / "a.jsonl"
    path.write_text("{")
    done = home.run("load", path, "--authority", "901", "--source", "record")
    assert done.returncode == 2
    assert blobs.hashes() == set()
    assert blobs.strays() == []
    assert home.answer("deliveries") == []
    assert home.run("head").stdout.strip() == ""


def test_nobody_delivers_without_a_name(home: Home) -> None:
    with pytest.raises(Refused, match="who"):
        load(a_statement("one"), by=" ")


def test_a_folder_is_one_delivery_named_by_its_sorted_files(home: Home) -> None:
    folder = home.path.parent / "folder"
    folder.mkdir()
    for name in ("b", "a"):
        (folder / f"{name}.jsonl").write_bytes(written(a_statement(name)).content)
    said = home.answer("load", folder, "--authority", "901", "--source", "record")
    assert counts(said[0]) == [2, 2, 0, 0, 0]
    assert said[0]["sha256"] in blobs.hashes()
    lines = blobs.path_of(said[0]["sha256"]).read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["a.jsonl", "b.jsonl"]


@pytest.mark.databases
def test_several_paths_are_several_deliveries_and_those_before_a_refused_one_stay(home: Home) -> None:
    for name in ("a", "b"):
        (home.path.parent / f"{name}.jsonl").write_bytes(written(a_statement(name)).content)
    done = home.run("load", "a.jsonl", "b.jsonl", "missing.jsonl", "--authority", "901", "--source", "record")
    assert done.returncode == 2
    assert "The 2 given before it were loaded." in done.stderr
    assert len(home.answer("deliveries")) == 2


# -- waiting deliveries ---------------------------------------------------------------------------


@pytest.mark.databases
def test_waiting_deliveries_of_a_source_are_read_in_the_order_they_came(home: Home) -> None:
    full_roster()
    for number in (1, 2, 3):
        files = [written(a_statement("one", value=str(number)))]
        recipe.receive(files, "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Ben")
    queue = list(waiting.links())
    assert [one["waiting"] for one in answers.every_delivery()] == [False, True, True, True]
    assert recipe.read_waiting(queue[2], by="Cass") is None  # not its turn
    # Whoever loads next reads first what waits before them.
    load(a_statement("one", value="4"))
    assert not any(one["waiting"] for one in answers.every_delivery())
    history = [one["value"] for one in home.answer("statements")["statements"]]
    assert history == ["4"]
    moments = [one["received_at"] for one in answers.every_delivery()]
    assert moments == sorted(moments)


def test_a_waiting_delivery_that_cannot_be_read_becomes_one_finding(home: Home) -> None:
    path = home.path.parent / "a.jsonl"
    path.write_text("{")
    said = home.answer("load", path, "--authority", "901", "--source", "record", "--later")
    assert said[0]["waiting"] is True
    assert counts(said[0]) == [0, 0, 0, 0, 0]
    assert home.run("work", "--once").returncode == 0
    one = home.answer("deliveries")[0]
    assert one["waiting"] is False
    assert counts(one) == [1, 0, 0, 1, 0]
    assert [finding["code"] for finding in home.answer("findings", one["id"])] == ["F00"]
    assert home.run("verify").returncode == 0


def test_changed_bytes_of_a_waiting_delivery_are_never_read(home: Home) -> None:
    said = recipe.receive(
        [written(a_statement("one"))], "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Ben"
    )
    path = blobs.path_of(chain.body_of(said.link)["sha256"])
    content = path.read_bytes()
    path.write_bytes(written(a_statement("other")).content)
    done = home.run("work", "--once")
    assert done.returncode == 0
    assert "waits" in done.stderr
    assert home.answer("deliveries")[0]["waiting"] is True
    path.write_bytes(content)
    home.run("work", "--once")
    assert ids(home) == ["one"]


# -- rule 6 ---------------------------------------------------------------------------------------


def many(*numbers: int) -> list[dict[str, str]]:
    return [a_statement(f"s{number}") for number in numbers]


@pytest.mark.databases
def test_a_delivery_that_would_withdraw_too_much_waits_for_a_named_persons_word(home: Home) -> None:
    full_roster()
    load(*many(*range(500)))
    path = home.path.parent / "short.jsonl"
    path.write_bytes(written(*many(*range(399))).content)
    begin = ("load", path, "--authority", "901", "--source", "record")
    said = home.answer(*begin)[0]
    assert said["waiting"] is True
    assert counts(said) == [0, 0, 0, 0, 0]
    assert [one["code"] for one in home.answer("findings", said["id"])] == ["W01"]
    assert len(ids(home)) == 500
    assert home.run("work", "--once").returncode == 0
    assert home.answer(*begin)[0]["waiting"] is True  # and that it came again is noted
    assert home.answer(*begin)[0]["id"] == said["id"]
    # The word is a named person's.
    nameless = home.run(*begin, "--confirm-withdrawals")
    assert nameless.returncode == 2
    assert "--by" in nameless.stderr
    assert len(ids(home)) == 500
    done = home.answer(*begin, "--confirm-withdrawals", "--by", "Ben")[0]
    assert done["id"] == said["id"]
    assert done["waiting"] is False
    assert counts(done) == [399, 0, 399, 0, 101]
    assert len(ids(home)) == 399
    assert chain.body_of(Link.objects.get(kind=chain.READ, delivery=done["id"]))["confirmed_by"] == "Ben"
    assert verify(each_row=True).holds


def test_it_may_be_confirmed_by_its_id_too(home: Home) -> None:
    full_roster()
    load(*many(*range(500)))
    held = load(*many(*range(10)))
    done = home.answer("load", held.link.delivery, "--confirm-withdrawals", "--by", "Ben")[0]
    assert counts(done) == [10, 0, 10, 0, 490]
    for other in (held.link.delivery, "0" * 16):
        assert home.run("load", other, "--confirm-withdrawals", "--by", "Ben").returncode == 2


def test_confirmed_beforehand_it_is_read_at_once(home: Home) -> None:
    full_roster()
    load(*many(*range(500)))
    assert counts(told(load(*many(*range(10)), confirmed=True))) == [10, 0, 10, 0, 490]


@pytest.mark.parametrize(
    ("before", "after", "waits"),
    [
        (500, 400, False),
        (500, 399, True),
        (505, 404, False),
        (506, 405, False),
        (504, 403, True),
        (100, 0, False),
        (101, 0, True),
    ],
    ids=[
        "100 rows",
        "101 rows",
        "exactly a fifth",
        "less than a fifth",
        "more than a fifth",
        "100 of 100",
        "101 of 101",
    ],
)
def test_too_much_is_more_than_a_fifth_and_more_than_100_rows(
    home: Home, before: int, after: int, waits: bool
) -> None:
    full_roster()
    load(*many(*range(before)))
    assert told(load(*many(*range(after)), a_statement("new")))["waiting"] is waits


@pytest.mark.databases
def test_a_received_delivery_that_would_withdraw_too_much_is_held_back_by_work(home: Home) -> None:
    full_roster()
    load(*many(*range(500)))
    recipe.receive([written(*many(1))], "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Cass")
    done = home.run("work", "--once")
    assert "waits for a named person to confirm it" in done.stderr
    assert home.run("work", "--once").stderr == ""
    assert home.answer("deliveries")[-1]["waiting"] is True


@pytest.mark.databases
def test_a_held_delivery_that_another_has_overtaken_cannot_be_confirmed(home: Home) -> None:
    full_roster()
    load(*many(*range(500)))
    held = load(*many(1), at=None)
    load(*many(*range(500)), a_statement("new"))
    done = home.run("load", held.link.delivery, "--confirm-withdrawals", "--by", "Ben")
    assert done.returncode == 2
    assert "delivered again since" in done.stderr


def test_a_partial_roster_never_waits(home: Home) -> None:
    load(*many(*range(500)))
    assert told(load(*many(1)))["waiting"] is False


def test_it_prints_one_json_document(home: Home) -> None:
    path = home.path.parent / "a.jsonl"
    path.write_bytes(written(a_statement("one")).content)
    done = home.run("load", path, "--authority", "901", "--source", "record", "--json")
    assert isinstance(json.loads(done.stdout), list)
    assert done.stderr == ""
