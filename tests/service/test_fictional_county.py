"""The fictional county's story, as the ordinary door takes it in and the ordinary answers tell it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from lineofsight.samples import county
from lineofsight.samples.county import duty_list, extracts, story
from lineofsight.service.cli import samples
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.moments import written
from tests.service.homes import Copy, Home, database_of, standing_in

SMALL = 600
WHOSE = ("--authority", county.AUTHORITY)
BEFORE_SPREE = story.SPREE[0] - timedelta(days=3)
AFTER_SPREE = story.SPREE[1] + timedelta(days=1)
NIGHTS = (
    story.FIRST_NIGHT,
    date(2018, 10, 1),
    date(2018, 10, 11),
    date(2018, 10, 16),
    story.PARKED,
    story.LEAVER_LEFT + timedelta(days=3),
    story.PEAK,
    BEFORE_SPREE,
    AFTER_SPREE,
    story.ZERO,
    story.LAST_NIGHT,
)


FEW = NIGHTS[:3]


@pytest.fixture
def fewer(smaller: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of its nights, for tests of loading."""
    monkeypatch.setattr(county, "demo_nights", lambda: FEW)


@pytest.fixture
def smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same county, of a fiftieth of the children and a dozen nights."""
    small = extracts.county(SMALL)
    monkeypatch.setattr(county, "zipped", lambda night: extracts.zipped(small.extract(night)))
    monkeypatch.setattr(county, "demo_nights", lambda: NIGHTS)
    monkeypatch.setattr(county, "duty_list_of", lambda day: duty_list.on_day(small, day))


def deliveries(home: Home) -> list[dict[str, Any]]:
    return [one for one in home.answer("deliveries", *WHOSE) if one["source"] == county.SOURCE]


def figure(home: Home, day: date, *more: str) -> dict[str, Any]:
    return home.answer("figure", "unallocated", *WHOSE, "--as-at", day.isoformat(), *more)


def bridge(home: Home, first: date, last: date) -> dict[str, Any]:
    return home.answer("bridge", "unallocated", *WHOSE, "--from", first.isoformat(), "--to", last.isoformat())


def held_by_reason(home: Home, day: date) -> dict[str, int]:
    return home.answer("caseload", *WHOSE, "--as-at", day.isoformat())["held_by_reason"]


@pytest.mark.slow
def test_it_tells_its_story_through_the_ordinary_door(home: Home, smaller: None) -> None:
    """One home, since loading is what takes time: the nights once, then each turn of the story."""
    samples.load_county("few")
    every = deliveries(home)
    assert len(every) == len(NIGHTS) + 1
    for one in every[:-1]:
        assert one["received"] == one["accepted"] + one["unchanged"] + one["quarantined"]
        assert one["quarantined"] == 5 and not one["waiting"]
    assert every[-1]["waiting"], "the extract cut short waits for a named person's word"
    assert [one["received_at"] for one in every[:-1]] == [written(county.received_at(one)) for one in NIGHTS]

    begun, peak, zero = (figure(home, day) for day in (story.FIRST_NIGHT, story.PEAK, story.ZERO))
    assert begun["unallocated"] < peak["unallocated"] / 3
    assert zero["unallocated"] == 0 and zero["population"] > 60
    assert peak["complete"] and peak["disagreements"] == 0

    before_the_visit = story.BACKDATED_TO[1] - timedelta(days=7)
    then = figure(home, before_the_visit, "--known-by", (before_the_visit + timedelta(days=1)).isoformat())
    assert then["unallocated"] > figure(home, before_the_visit)["unallocated"]
    assert bridge(home, date(2018, 10, 11), date(2018, 10, 16))["exits"]["corrected"] >= 2

    assert held_by_reason(home, story.PARKED)["manager"] >= 1
    assert held_by_reason(home, story.LEAVER_LEFT + timedelta(days=3))["leaver"] >= 2
    assert any(held_by_reason(home, day).get("duty tray") for day in NIGHTS)

    assert figure(home, date(2018, 10, 16))["disagreements"] > 0, "the duty list says otherwise of some"
    assert figure(home, duty_list.UNTIL)["disagreements"] == 0

    spree = bridge(home, BEFORE_SPREE, AFTER_SPREE)
    assert spree["exits"]["unexplained"] >= 3
    assert (
        spree["from"]["unallocated"] + sum(spree["arrivals"].values()) - sum(spree["exits"].values())
        == (spree["to"]["unallocated"])
    )
    repeated = home.answer("recurrences", *WHOSE)
    (chain,) = repeated["chains"]
    assert chain["times"] == 2 and "Synthetic" in chain["links"][0]["said_by"]
    decided = [
        earlier["verdict"]["verdict"]
        for candidate in repeated["candidates"]
        for earlier in candidate["earlier"]
        if earlier["verdict"]
    ]
    assert sorted(decided) == ["confirmed", "refused"]
    assert home.run("verify").returncode == 0


@pytest.mark.slow
def test_stopped_and_started_again_it_goes_on_and_loads_nothing_twice(
    home: Home, fewer: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(Exception):
        pass

    def until_the_second(night: date) -> bytes:
        if night >= NIGHTS[1]:
            raise Stopped
        return extracts.zipped(extracts.county(SMALL).extract(night))

    recipe.set_source(county.settings(), by="tests")  # described by hand before: that is left as it is
    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(county, "zipped", until_the_second)
        samples.load_county("few")
    assert len(deliveries(home)) == 1
    for _ in range(2):
        samples.load_county("few")
        assert len(deliveries(home)) == len(FEW) + 1
    described = [one for one in home.answer("deliveries", *WHOSE) if one["source"] != county.SOURCE]
    assert len(described) == 3 + len(county.DUTY_LIST_DAYS) + 2 + len(county.questions()), (
        "three descriptions, the duty list, the plan, the inspections and the members' questions"
    )


def test_nights_that_come_too_late_to_be_loaded_are_told_of(
    home: Home, fewer: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(county, "demo_nights", lambda: ())
    recipe.set_source(county.settings(), by="tests")
    samples._load_night(NIGHTS[1], county.zipped(NIGHTS[1]))
    monkeypatch.setattr(county, "nights", lambda: FEW[:2])
    samples.load_county("all")
    assert "1 nights of Thornmere come before the latest" in capsys.readouterr().err


def test_none_of_its_nights_may_be_asked_for(home: Home, fewer: None) -> None:
    samples.load_county("none")
    assert deliveries(home) == []


def test_its_nights_can_be_written_to_a_folder_and_loaded_by_hand(
    home: Home, fewer: None, tmp_path: Path
) -> None:
    folder = tmp_path / "nights"
    done = home.run("county", str(folder), "--from", "2018-12-24", "--to", "2018-12-26")
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "nightly-ssd.toml",
        "synthetic-thornmere-2018-12-24.zip",
        "synthetic-thornmere-2018-12-26.zip",
    ]
    assert home.run("source", "set", str(folder / names[0])).returncode == 0
    loaded = home.answer(
        "load",
        str(folder / names[1]),
        *WHOSE,
        "--source",
        county.SOURCE,
        "--received-at",
        "2018-12-25T06:00:00Z",
    )
    assert loaded[0]["accepted"] > 1_000
    assert home.run("county", str(folder), "--from", "2001-01-01").returncode == 2


def test_written_without_days_it_is_the_first_night(home: Home, fewer: None, tmp_path: Path) -> None:
    assert home.run("county", str(tmp_path / "one")).returncode == 0
    assert (tmp_path / "one" / county.delivery_name(story.FIRST_NIGHT)).exists()


# -- the whole county ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, _migrated: Copy, django_db_blocker: Any
) -> Iterator[Home]:
    """Every night of the demonstration, loaded once."""
    home = Home(tmp_path_factory.mktemp("whole") / "home")
    _migrated.put_into(home)
    with django_db_blocker.unblock(), standing_in(home, database_of(home)):
        samples.load_county("few")
        yield home
    home.end()


@pytest.mark.slow
@pytest.mark.sqlite
def test_the_whole_county_s_figures_are_those_that_its_page_tells(whole: Home) -> None:
    """docs/explanation/fictional-county.md quotes these."""
    rises = [figure(whole, date(2018, 4, 1)), figure(whole, date(2018, 8, 31)), figure(whole, story.PEAK)]
    told = [one["unallocated"] for one in rises]
    assert told[0] < 60 < told[1] < told[2] < 560
    assert figure(whole, story.ZERO)["unallocated"] == 0
    assert all(4_400 < one["population"] < 5_100 for one in rises)
    load = whole.answer("caseload", *WHOSE, "--as-at", "2019-03-31")
    holding = [one for one in load["workers"] if one["children"]]
    per = sum(one["children"] for one in holding) / sum(one["fte"] for one in holding)
    assert 17.8 < per < 19.8
    assert load["held_by_reason"]["leaver"] >= story.LEAVER_CHILDREN
    assert max(one["held"] for one in load["workers"] if one["left"]) == story.LEAVER_CHILDREN
    assert bridge(whole, BEFORE_SPREE, AFTER_SPREE)["exits"]["unexplained"] > 70
    for before, after in pairwise(deliveries(whole)[:-1]):
        assert before["received_at"] < after["received_at"]
