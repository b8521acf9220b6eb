"""What waits for a named person or was set aside: it does not count as received (counting rules 4, 5 and 6)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import astuple
from datetime import date
from typing import Any

import pytest

from lineofsight.queries import deliveries as read
from lineofsight.queries.changes import FigureChange
from lineofsight.queries.sources import sources
from lineofsight.service.access.records import open_record
from lineofsight.service.models import Link
from lineofsight.service.receive import confirmation, recipe, waiting
from lineofsight.service.store import blobs, chain, clock, erasure
from lineofsight.service.store.verify import verify
from lineofsight.vocabulary.moments import microseconds, read_moment
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import NORTHSHIRE, RECORD, Home, a_statement, full_roster, load, written
from tests.support import answers
from tests.support.cases import AUTHORITY, SETTINGS, describe, files, night


def many(*numbers: int) -> list[dict[str, str]]:
    return [a_statement(f"s{number}") for number in numbers]


def told(outcome: recipe.Outcome) -> dict[str, Any]:
    return answers.delivery_of(outcome)


@pytest.fixture
def held(home: Home) -> recipe.Outcome:
    """A delivery of 9 October that waits, since it would withdraw 490 of 500 rows."""
    full_roster()
    load(*many(*range(500)), at="2019-10-07T05:00:00Z")
    outcome = load(*many(*range(10)), at="2019-10-09T05:00:00Z")
    assert told(outcome)["waiting"] is True
    return outcome


def confirm(outcome: recipe.Outcome) -> recipe.Outcome:
    return recipe.confirm(outcome.link.delivery, by="Ben", why="It was agreed.")


def set_aside(outcome: recipe.Outcome) -> recipe.Outcome:
    return recipe.set_aside(outcome.link.delivery, why="The extract was cut short.", by="Ben")


# -- rules 4 and 5 --------------------------------------------------------------------------------


@pytest.mark.databases
@pytest.mark.parametrize("decide", [lambda _: None, set_aside], ids=["waits", "set aside"])
def test_an_earlier_delivery_can_still_be_put_before_it(
    held: recipe.Outcome, decide: Callable[[recipe.Outcome], Any]
) -> None:
    decide(held)
    assert told(load(*many(*range(499)), at="2019-10-08T05:00:00Z"))["accepted"] == 0
    with pytest.raises(Refused, match="2019-10-08T05:00:00Z"):
        load(*many(1), at="2019-10-07T06:00:00Z")


def test_it_can_be_confirmed_after_an_earlier_one_was_loaded(held: recipe.Outcome) -> None:
    load(*many(*range(499)), at="2019-10-08T05:00:00Z")
    done = told(confirm(held))
    assert (done["received"], done["unchanged"], done["withdrawn"]) == (10, 10, 489)
    moments = [one["received_at"] for one in answers.every_delivery() if one["source"] == "record"]
    assert sorted(moments) == ["2019-10-07T05:00:00Z", "2019-10-08T05:00:00Z", "2019-10-09T05:00:00Z"]
    assert verify(each_row=True).holds


def test_it_cannot_be_confirmed_once_a_later_one_is_in_the_queue_or_read(held: recipe.Outcome) -> None:
    later = [written(*many(*range(501)))]
    recipe.receive(later, "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Cass")
    for _ in range(2):
        with pytest.raises(Refused, match="delivered again since"):
            confirm(held)
        for link in list(waiting.links()):
            recipe.read_waiting(link, by="work")
    assert told(set_aside(held))["set_aside"] is True


@pytest.mark.databases
def test_the_same_bytes_at_another_moment_are_a_delivery_of_their_own(held: recipe.Outcome) -> None:
    again = load(*many(*range(10)), at="2019-10-10T05:00:00Z")
    assert not again.already_received
    assert told(again)["received_at"] == "2019-10-10T05:00:00Z"
    assert told(again)["waiting"] is True
    # The same moment is the same delivery, and no moment adds nothing.
    assert load(*many(*range(10)), at="2019-10-09T05:00:00Z").link.delivery == held.link.delivery
    assert load(*many(*range(10))).link.delivery == again.link.delivery
    assert len([one for one in answers.every_delivery() if one["source"] == "record"]) == 3


def test_an_unchanged_night_is_a_delivery_of_its_own_at_its_own_moment(home: Home) -> None:
    load(a_statement("one"), at="2019-10-07T05:00:00Z")
    assert load(a_statement("one")).already_received
    second = load(a_statement("one"), at="2019-10-08T05:00:00Z")
    assert not second.already_received
    assert (told(second)["unchanged"], told(second)["received_at"]) == (1, "2019-10-08T05:00:00Z")


def test_what_was_set_aside_may_be_loaded_again(held: recipe.Outcome) -> None:
    set_aside(held)
    same_moment = load(*many(*range(10)), at="2019-10-09T05:00:00Z")
    assert same_moment.already_received
    assert told(same_moment)["set_aside"] is True
    again = load(*many(*range(10)), confirmed=True)
    assert not again.already_received
    assert told(again)["withdrawn"] == 490


@pytest.mark.databases
def test_a_queue_is_read_in_its_order_whatever_is_asked_for_meanwhile(home: Home) -> None:
    """A delivery in the queue counts as received although it is not read: its place is promised."""
    load(a_statement("one"), at="2019-10-07T05:00:00Z")
    at = answers.every_delivery()[0]
    queue = [
        recipe.receive(
            [written(a_statement("one", value=str(day)))],
            "a.jsonl",
            NORTHSHIRE,
            RECORD,
            received_at=clock.now().replace(year=2019, month=10, day=day, hour=0),
            by="Cass",
        )
        for day in (10, 12)
    ]
    recipe.read_waiting(queue[0].link, by="work")  # now the newest link is that of the earlier moment
    with pytest.raises(Refused, match="2019-10-12"):
        load(a_statement("one", value="7"), at="2019-10-11T05:00:00Z")
    assert at["waiting"] is False


# -- confirming and setting aside -----------------------------------------------------------------


@pytest.mark.databases
def test_who_set_it_aside_when_and_why_is_in_the_chain(home: Home, held: recipe.Outcome) -> None:
    arguments = (
        "deliveries",
        "set-aside",
        held.link.delivery,
        "--why",
        "It was cut  short.",
        "--by",
        "Ann Lee",
    )
    done = home.run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    (said,) = json.loads(done.stdout)
    assert (said["waiting"], said["set_aside"], said["would_change"]) == (False, True, None)
    assert said["received"] == said["accepted"] + said["unchanged"] + said["quarantined"] == 0
    says = chain.body_of(Link.objects.get(kind=chain.SET_ASIDE))
    assert (says["why"], says["by"]) == ("It was cut short.", "Ann Lee")
    aside = read.details(open_record(NORTHSHIRE), held.link.delivery).set_aside
    assert aside is not None
    assert (aside.by, aside.why) == ("Ann Lee", "It was cut short.")
    assert blobs.hash_of(said["sha256"]) == said["sha256"]
    assert verify(each_row=True).holds


def test_confirming_is_a_command_of_its_own(home: Home, held: recipe.Outcome) -> None:
    done = home.run("deliveries", "confirm", held.link.delivery, "--by", "Ann Lee", "--why", "Agreed.")
    assert "490 withdrawn" in done.stdout
    one = read.details(open_record(NORTHSHIRE), held.link.delivery)
    assert (one.confirmed_by, one.confirmed_why) == ("Ann Lee", "Agreed.")


def test_both_ask_for_a_name_and_setting_aside_for_a_reason(home: Home, held: recipe.Outcome) -> None:
    id = held.link.delivery
    for words in (
        ("confirm", id),
        ("set-aside", id, "--why", "It was cut short."),
        ("set-aside", id, "--by", "Ann"),
        ("set-aside", id, "--why", " ", "--by", "Ann"),
        ("set-aside", id, "--why", "It was cut short.", "--by", " "),
    ):
        done = home.run("deliveries", *words)
        assert done.returncode == 2, words
        assert len(done.stderr.strip().splitlines()) == 1
    assert told(held)["waiting"] is True


@pytest.mark.databases
def test_what_was_decided_is_not_decided_again(home: Home, held: recipe.Outcome) -> None:
    set_aside(held)
    first = Link.objects.get(source="record", kind=chain.READ).delivery
    for decide, id, why in (
        (confirm, held, "set aside"),
        (set_aside, held, "set aside already"),
        (set_aside, recipe.Outcome(Link.objects.get(kind=chain.READ, delivery=first)), "has been read"),
        (set_aside, recipe.Outcome(Link(delivery="0" * 16)), "no delivery of that id"),
    ):
        with pytest.raises(Refused, match=why):
            decide(id)
    assert Link.objects.filter(kind=chain.SET_ASIDE).count() == 1


def test_a_delivery_in_the_queue_may_be_set_aside_and_the_next_is_read(home: Home) -> None:
    first, second = (
        recipe.receive([written(a_statement(id))], "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Cass")
        for id in ("one", "two")
    )
    set_aside(first)
    assert [link.delivery for link in waiting.links()] == [second.link.delivery]
    assert home.run("work", "--once").returncode == 0
    assert [one["id"] for one in home.answer("statements")["statements"]] == ["two"]


@pytest.mark.databases
def test_set_aside_while_it_is_being_read_it_stays_set_aside(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued = recipe.receive(
        [written(a_statement("one"))], "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Cass"
    )
    really = recipe.compare.link_for

    def meanwhile(*arguments: Any) -> Any:
        set_aside(queued)
        return really(*arguments)

    monkeypatch.setattr(recipe.compare, "link_for", meanwhile)
    recipe.read_waiting(queued.link, by="work")
    assert told(queued)["set_aside"] is True
    assert not Link.objects.filter(kind=chain.READ, source="record").exists()


@pytest.mark.databases
def test_set_aside_it_does_not_advance_its_sources_clock(home: Home) -> None:
    describe(more='expected = "nightly"')
    night("2019-10-08", {"cin_episodes": OPEN, "involvements": involved("CW")})
    cut = night("2019-10-09", {"cin_episodes": OPEN, "involvements": involved("CW", 3)})

    def last() -> str:
        (source,) = sources(open_record(AUTHORITY), clock.now())
        return str(source.last_received)[:10]

    assert last() == "2019-10-09"  # it came, and a person is asked
    set_aside(cut)
    assert last() == "2019-10-08"


@pytest.mark.databases
def test_an_erasure_reaches_what_was_set_aside(home: Home, held: recipe.Outcome) -> None:
    aside = told(set_aside(held))
    assert erasure.erase_statement(NORTHSHIRE, "record/s3", "named somebody", by="Ben")
    assert blobs.hash_of(aside["sha256"]) is None
    assert verify(each_row=True).holds


# -- rule 6: the figure before and after ----------------------------------------------------------

CHILDREN = 150
OPEN = "\n".join(f"R{n}, C{n}, 2019-01-01, N,," for n in range(CHILDREN))


def involved(role: str, count: int = CHILDREN, *, first: int = 0) -> str:
    """An involvement of each child; those from `first` to `count` in another role."""
    return "\n".join(
        f"{n}, C{n}, W1, {role if n >= first else 'CW'}, TA, 2019-01-05,, R{n}" for n in range(count)
    )


def a_night(
    at: str, role: str = "CW", count: int = CHILDREN, *, changed: int | None = None
) -> recipe.Outcome:
    """A night of so many children; `changed`: how many of the last are in another role."""
    first = 0 if changed is None else count - changed
    episodes = "\n".join(OPEN.splitlines()[:count])
    return night(at, {"cin_episodes": episodes, "involvements": involved(role, count, first=first)})


@pytest.mark.parametrize(
    ("children", "changed", "waits", "tells"),
    [
        (150, 51, True, True),
        (150, 50, False, True),
        (150, 30, False, False),
        (150, 31, False, True),
        (40, 37, False, True),
        (20, 4, False, False),
        (24, 5, False, True),
        (20, 0, False, False),
        (8, 4, False, False),
    ],
)
def test_more_than_a_fifth_and_more_than_fifty_children_wait_and_fewer_are_told(
    home: Home, children: int, changed: int, waits: bool, tells: bool
) -> None:
    describe()
    a_night("2019-10-08", count=children)
    second = a_night("2019-10-09", "OTHER", children, changed=changed)
    assert told(second)["waiting"] is waits
    found = [one["says"] for one in answers.findings_of(second.link.delivery) if one["code"] == "W02"]
    assert bool(found) is tells
    for says in found:
        assert f"{changed} of {children} children" in says
        assert f"0 before, {changed} after" in says


@pytest.mark.databases
def test_before_and_after_are_shown_and_confirmed_they_come_true(home: Home) -> None:
    describe()
    first = a_night("2019-10-08")
    assert told(first)["waiting"] is False  # an authority's first delivery never waits
    held = a_night("2019-10-09", "OTHER")
    (would,) = [one["would_change"] for one in home.answer("deliveries") if one["waiting"]]
    before, after = would["figure"]["before"], would["figure"]["after"]
    assert (would["withdraws"], would["figure"]["children"]) == ({"involvement": 150}, 150)
    assert (before["population"], before["unallocated"]) == (150, 0)
    assert (after["population"], after["unallocated"], after["states"]["held"]) == (150, 150, 150)
    assert the_figure()["unallocated"] == 0
    done = told(confirm(held))
    assert (done["would_change"], done["accepted"]) == (None, 150)
    assert the_figure()["states"] == after["states"]


def the_figure() -> dict[str, Any]:
    """The figure of 9 October by everything known."""
    asked = answers.Asked(AUTHORITY)
    return answers.figure(asked, date(2019, 10, 9), answers.latest(asked))


def test_the_sentence_says_so_beside_json_too(home: Home) -> None:
    describe()
    a_night("2019-10-08")
    folder = home.path.parent / "night"
    folder.mkdir()
    for file in files({"cin_episodes": OPEN, "involvements": involved("OTHER")}):
        (folder / file.name).write_bytes(file.content)
    arguments = (
        "load",
        folder,
        "--authority",
        AUTHORITY,
        "--source",
        "nightly",
        "--received-at",
        "2019-10-09",
    )
    done = home.run(*arguments, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)[0]["waiting"] is True
    for part in ("150 of 150 children (100%)", "0 before, 150 after", "deliveries set-aside"):
        assert part in done.stderr
        assert part in home.run(*arguments).stdout


def test_children_who_would_be_counted_no_longer_are_a_change(home: Home) -> None:
    """Every episode closed in one night withdraws no row, and leaves nobody to count."""
    describe()
    a_night("2019-10-08")
    closed = "\n".join(f"R{n}, C{n}, 2019-01-01, N, 2019-10-08, RC1" for n in range(CHILDREN))
    held = night("2019-10-09", {"cin_episodes": closed, "involvements": involved("CW")})
    would = told(held)["would_change"]
    assert (would["figure"]["children"], would["figure"]["after"]["population"]) == (150, 0)


def test_many_more_without_a_worker_wait_though_nobody_changed(home: Home) -> None:
    describe()
    a_night("2019-10-08", count=100)
    added = "\n".join(f"R{n}, C{n}, 2019-01-01, N,," for n in range(160))
    held = night("2019-10-09", {"cin_episodes": added, "involvements": involved("CW", 100)})
    would = told(held)["would_change"]
    assert (would["figure"]["children"], would["figure"]["after"]["unallocated"]) == (0, 60)


def test_it_is_compared_as_at_the_day_of_receipt(home: Home) -> None:
    """An end that is still to come changes nothing on the day it is told; good news waits like bad."""
    describe()
    a_night("2019-10-08")
    later = "\n".join(f"{n}, C{n}, W1, CW, TA, 2019-01-05, 2019-12-01, R{n}" for n in range(CHILDREN))
    ending = night("2019-10-09", {"cin_episodes": OPEN, "involvements": later})
    assert told(ending)["waiting"] is False
    would = told(a_night("2019-12-02"))["would_change"]["figure"]
    assert (would["before"]["unallocated"], would["after"]["unallocated"]) == (150, 0)


def test_a_change_of_settings_waits_as_well(home: Home) -> None:
    describe()
    a_night("2019-10-08")
    path = home.path.parent / "other.toml"
    settings = SETTINGS.format(name="nightly", format="ssd_tables", roster="full", live="true", more="")
    path.write_text(settings.replace('["CW"]', '["NOBODY"]'))
    done = home.run("source", "set", path)
    assert done.returncode == 0
    (waits,) = [one for one in home.answer("deliveries") if one["waiting"]]
    assert f"lineofsight deliveries confirm {waits['id']}" in done.stdout
    assert "150 of 150 children" in done.stdout
    assert the_figure()["unallocated"] == 0
    assert home.run("deliveries", "confirm", waits["id"], "--by", "Ann Lee").returncode == 0
    assert the_figure()["unallocated"] == 150


@pytest.mark.databases
def test_settings_that_can_no_longer_be_confirmed_can_be_set_again(home: Home) -> None:
    describe()
    a_night("2019-10-08")
    text = SETTINGS.format(name="nightly", format="ssd_tables", roster="full", live="true", more="")
    content = text.replace('["CW"]', '["NOBODY"]').encode()
    _, first = recipe.set_source(content, by="Cass")
    describe("another")  # all settings of an authority are of one source
    with pytest.raises(Refused, match="delivered again since"):
        confirm(first)
    _, second = recipe.set_source(content, by="Cass")
    assert second.link.delivery != first.link.delivery
    assert told(confirm(second))["accepted"] == 1


def test_a_partial_list_beside_a_roster_is_compared_with_both(home: Home) -> None:
    """A second source that names a few children changes those alone."""
    describe()
    a_night("2019-10-08")
    describe("duty", roster="partial", kind="ssd_tables")
    second = night("2019-10-09", {"involvements": involved("OTHER", 8)}, source="duty")
    assert told(second)["waiting"] is False
    assert [one["code"] for one in answers.findings_of(second.link.delivery)].count("W02") == 0


@pytest.mark.slow
def test_the_figure_foretold_is_the_figure_that_comes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever nights of two sources bring, what is worked out beforehand is what the record answers afterwards."""
    foretold: list[FigureChange | None] = []
    really = confirmation.figure_change

    def noted(*arguments: Any) -> FigureChange | None:
        foretold.append(really(*arguments))
        return foretold[-1]

    monkeypatch.setattr(confirmation, "figure_change", noted)
    describe()
    describe("second", roster="partial")
    dice, asked = random.Random(35), answers.Asked(AUTHORITY)
    compared = 0
    for step in range(40):
        at = f"2019-10-{8 + step // 4:02}T0{step % 4 + 3}:00:00Z"
        outcome = night(at, drawn_night(dice), source=dice.choice(["nightly", "nightly", "second"]))
        change, told_at = foretold.pop(), microseconds(read_moment(at))
        foretold.clear()
        if change is None:
            continue
        assert chain.body_of(outcome.link)["kind"] == chain.READ
        now = answers.figure(asked, change.as_at, told_at)
        assert (now["population"], now["unallocated"], now["states"]) == astuple(change.after)
        compared += 1
    assert compared > 30


def drawn_night(dice: random.Random) -> dict[str, str]:
    """A night of up to thirty children: closed and open episodes, workers who leave, roles and teams of all kinds."""
    children = [n for n in range(30) if dice.random() < 0.9]
    staff = [n for n in range(6) if dice.random() < 0.9]
    jobs, days = ("Social Worker", "Team Manager"), ("", "2019-10-12", "2019-09-01")
    who, roles, teams = (
        ("W0", "W1", "W2", "W3", "W4", "W5", "UNKNOWN", ""),
        ("CW", "CW", "X", ""),
        ("TA", "TB"),
    )
    tables = {
        "cin_episodes": [f"R{n}, C{n}, 2019-01-01, N, {dice.choice(days)}, RC1" for n in children],
        "involvements": [
            f"{n}, {dice.choice((f'C{n}', ''))}, {dice.choice(who)}, {dice.choice(roles)}, {dice.choice(teams)}, "
            f"2019-01-0{dice.randint(2, 4)}, {dice.choice(days)}, R{n}"
            for n in children
            if dice.random() < 0.9
        ],
        "professionals": [f"W{n}, S{n}, {dice.choice(jobs)}, SW{n}, 1.0, {dice.choice(days)}" for n in staff],
    }
    return {name: "\n".join(rows) for name, rows in tables.items() if dice.random() < 0.95}
