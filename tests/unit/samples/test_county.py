"""The fictional county: invented from end to end, the same every time, and drawn to the published figures."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import polars as pl
import pytest

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.formats import ssd_tables, worklist
from lineofsight.intake.settings import read_settings
from lineofsight.record.tables import TABLES
from lineofsight.samples import county
from lineofsight.samples.county import duty_list, extracts, published, story
from lineofsight.samples.county.cases import NFA, a_case, a_child
from lineofsight.samples.county.dice import Dice
from lineofsight.samples.county.extracts import CHILDREN, County, Files, zipped
from lineofsight.samples.county.extracts import county as played
from lineofsight.samples.county.involvements import Book
from lineofsight.samples.county.teams import DUTY_TRAY

SMALL = 600
LAST = story.LAST_NIGHT
REFUSED = 5
"""Rows that no night's checks let pass."""


def small() -> County:
    return played(SMALL)


def reading(files: Files, night: date) -> Reading:
    return ssd_tables.read([NamedBytes(*file) for file in files], Context(county.received_at(night)))


@pytest.fixture(scope="module")
def last() -> Reading:
    """The last night of a small county, as it is read."""
    return reading(small().extract(LAST), LAST)


# -- nobody -----------------------------------------------------------------------------------------


def test_every_child_and_every_worker_says_that_it_is_synthetic(last: Reading) -> None:
    for name, rows in last.rows.items():
        for column in TABLES[name].child:
            assert rows[column].str.starts_with("SYN").all(), name
    people = last.rows["child"]
    assert set(people["forename"]) == {"Synthetic"}
    assert people["surname"].str.contains(r"^(Child|Restricted) \d{7}$").all()
    workers = last.rows["worker"]
    assert workers.filter(pl.col("worker") != DUTY_TRAY)["worker"].str.starts_with("SYNW").all()
    assert last.rows["involvement"]["worker"].drop_nulls().is_in(workers["worker"].to_list()).all()


def test_a_few_children_look_restricted() -> None:
    rows = small().rows("child", LAST)
    assert 0 < rows["surname"].str.starts_with("Restricted").sum() < rows.height / 100


def test_it_is_no_real_authority_and_says_so_in_every_name() -> None:
    assert (county.AUTHORITY, county.NAME) == ("999", "Thornmere")
    assert all("synthetic" in name for name, _ in small().extract(LAST))
    assert all("synthetic" in county.delivery_name(night) for night in county.nights())


# -- what a night is ----------------------------------------------------------------------------------


def test_every_file_and_column_is_the_dataset_s(last: Reading) -> None:
    """No file is left unread and no column unknown: the only findings are of the rows that are spoilt on purpose."""
    every = pl.concat(last.findings)
    found = every.filter(pl.col("severity") == "refused")
    assert set(every["code"]) - set(found["code"]) == {"N12"}, "the duty tray's name may be a person's"
    assert set(found["code"]) == {"C01", "C02", "D01", "D04"}
    assert last.quarantined == found.height == REFUSED
    assert last.received == sum(rows.height for rows in last.rows.values()) + REFUSED


def two_alike(played_county: County, nights: tuple[date, ...]) -> list[tuple[str, date]]:
    """The tables and nights in which two rows bear the same key; two visits of a day may say the same."""
    return [
        (name, night)
        for night in nights
        for name, rows in reading(played_county.extract(night), night).rows.items()
        if not name.endswith("_visit") and rows.select(TABLES[name].key).is_duplicated().any()
    ]


def test_no_two_rows_of_a_night_bear_the_same_key() -> None:
    assert two_alike(small(), (story.FIRST_NIGHT, story.VISIT[0], story.SPREE[1], LAST)) == []


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others() -> None:
    again = County(SMALL)
    for night in (story.FIRST_NIGHT, LAST):
        assert zipped(again.extract(night)) == zipped(small().extract(night))
    assert County(SMALL, seed=1).extract(LAST) != small().extract(LAST)


def test_a_night_tells_only_what_had_been_entered_by_then() -> None:
    rows = small().rows("involvement", story.VISIT[1])
    assert rows["begun_on"].max() <= story.VISIT[1]
    earlier = small().rows("involvement", story.ENTERED_BEFORE_THE_VISIT[0] - timedelta(days=1))
    key = ["child", "worker", "team", "role", "begun_on"]
    late = rows.join(earlier, on=key, how="anti", nulls_equal=True).filter(
        pl.col("begun_on") < story.ENTERED_BEFORE_THE_VISIT[0] - timedelta(days=4)
    )
    assert late.height >= 2


def test_the_extract_cut_short_lacks_involvements_and_is_otherwise_whole() -> None:
    night = county.CUT_SHORT
    files, rows = dict(small().extract(night)), small().rows("involvement", night)
    lines = {name: text.count(b"\n") for name, text in files.items()}
    assert lines["synthetic_ssd_involvements.csv"] < rows.height * 0.7
    assert lines["synthetic_ssd_person.csv"] == small().rows("child", night).height + 1


def test_its_source_is_described_and_its_nights_are_in_order() -> None:
    said = read_settings(county.settings())
    assert (said.name, said.authority, said.format, said.withdraws) == (
        county.SOURCE,
        "999",
        "ssd_tables",
        True,
    )
    nights, few = county.nights(), county.demo_nights()
    assert len(nights) == 730
    assert nights[0] == date(2018, 4, 1) and nights[-1] == date(2020, 3, 31)
    assert list(few) == sorted(set(few)) and set(few) < set(nights)
    moments = [county.received_at(night) for night in (*nights, county.CUT_SHORT)]
    assert moments == sorted(set(moments))
    assert {day for day, _ in county.DAYS} >= {county.OPENS_ON, story.ZERO}


def test_its_teams_have_numbers_that_can_be_read() -> None:
    assert len({team.id for team in county.TEAMS}) == len(county.TEAMS)
    assert ("north-safeguarding-1", "North safeguarding 1") in {(team.id, team.name) for team in county.TEAMS}
    rows = small().rows("involvement", LAST)
    assert set(rows["team"]) <= {team.id for team in county.TEAMS}


def test_how_many_wait_goes_from_day_to_day_in_a_straight_line() -> None:
    assert story.waiting_on(story.PEAK.toordinal()) == 500
    assert story.waiting_on(story.ZERO.toordinal()) == 0
    assert story.waiting_on(date(2021, 1, 1).toordinal()) == 0
    assert 30 < story.waiting_on(date(2018, 5, 1).toordinal()) < 110


def test_a_night_may_be_asked_for_by_its_day_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracts, "county", small)
    assert county.extract(LAST) == small().extract(LAST)
    assert county.zipped(LAST) == zipped(small().extract(LAST))


def test_its_duty_list_is_a_worklist_that_says_otherwise_of_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracts, "county", small)
    kept, ended = (read_settings(content) for content in county.duty_list_settings())
    assert (kept.name, kept.format, kept.withdraws) == (county.DUTY_LIST, "worklist", False)
    assert ended.valid_from == duty_list.UNTIL
    for day in county.DUTY_LIST_DAYS:
        moment = county.duty_list_received_at(day)
        assert moment < county.received_at(day - timedelta(days=1))
        file = NamedBytes(county.duty_list_name(day), county.duty_list_of(day))
        read = worklist.read([file], Context(moment, columns=kept.columns))
        said = read.rows["involvement"]
        assert (read.quarantined, list(read.findings)) == (0, [])
        assert {"SYN", DUTY_TRAY} >= {
            worker[:3] if worker != DUTY_TRAY else worker for worker in said["worker"]
        }
        assert 0 < said.filter(pl.col("worker") != DUTY_TRAY).height <= said.height
        assert "synthetic" in file.name


def test_no_two_involvements_begin_with_the_same_key() -> None:
    dice, book = Dice(1), Book()
    case = a_case(dice, 1, a_child(dice, 1, 737_000, NFA), 737_000, NFA, 0)
    first, second = (book.begin(case, "SYNW0001", "front-door", 737_000, 737_000) for _ in range(2))
    assert (first.begun, second.begun, second.entered) == (737_000, 737_001, 737_001)


# -- the published figures, on the whole county ---------------------------------------------------------


def of_the_year(rows: pl.DataFrame, column: str) -> int:
    return rows.filter(pl.col(column).is_between(date(2018, 4, 1), date(2019, 3, 31))).height


def running(rows: pl.DataFrame, begins: str = "begun_on", ends: str = "ended_on") -> pl.DataFrame:
    day = date(2019, 3, 31)
    return rows.filter((pl.col(begins) <= day) & (pl.col(ends).is_null() | (pl.col(ends) > day)))


@pytest.fixture(scope="module")
def whole() -> County:
    return played()


@pytest.mark.slow
def test_the_whole_county_is_drawn_to_the_figures_of_2019(whole: County) -> None:
    """Within the tolerance beside each: a story is told to scale, not copied."""
    episodes = whole.rows("episode", LAST)
    acted = episodes.filter(pl.col("nfa") == "N")
    open_ = running(acted, ends="closed_on")
    measured = {
        "ever known": (whole.rows("child", LAST).height, CHILDREN, 0.03),
        "open": (open_["child"].n_unique(), published.OPEN_EPISODES, 0.03),
        "referrals": (of_the_year(episodes, "begun_on"), published.REFERRALS, 0.02),
        "no further action": (
            of_the_year(episodes.filter(pl.col("nfa") == "Y"), "begun_on"),
            published.NO_FURTHER_ACTION,
            0.04,
        ),
        "enquiries": (of_the_year(whole.rows("enquiry", LAST), "begun_on"), published.ENQUIRIES, 0.12),
        "conferences": (of_the_year(whole.rows("conference", LAST), "held_on"), published.CONFERENCES, 0.12),
        "protection plans": (
            running(whole.rows("protection_plan", LAST)).height,
            published.PROTECTION_PLANS,
            0.1,
        ),
        "plans started": (
            of_the_year(whole.rows("protection_plan", LAST), "begun_on"),
            published.PROTECTION_STARTED,
            0.1,
        ),
        "looked after": (running(whole.rows("care_episode", LAST)).height, published.LOOKED_AFTER, 0.08),
        "care started": (
            of_the_year(whole.rows("care_episode", LAST), "begun_on"),
            published.CARE_STARTED,
            0.1,
        ),
    }
    wrong = {
        what: (is_, said) for what, (is_, said, share) in measured.items() if abs(is_ - said) > said * share
    }
    assert not wrong


@pytest.mark.slow
def test_assessments_and_workers_are_drawn_to_the_figures_of_2019(whole: County) -> None:
    done = whole.rows("assessment", LAST).filter(
        pl.col("authorised_on").is_between(date(2018, 4, 1), date(2019, 3, 31))
        & ~pl.col("child").str.starts_with("SYN9")
    )
    taken = done.select(pl.business_day_count("begun_on", "authorised_on")).to_series()
    assert published.ASSESSED_IN_45_DAYS - 0.08 < (taken <= 45).mean() < published.ASSESSED_IN_45_DAYS + 0.06
    assert 25 <= taken.median() <= 33
    workers = whole.rows("worker", date(2019, 3, 31))
    there = workers.filter(pl.col("left_on").is_null() & pl.col("registration").is_not_null())
    assert abs(there.height - published.WORKERS) < published.WORKERS * 0.06
    assert abs((there["agency"] == "Y").mean() - published.AGENCY_SHARE) < 0.05
    assert "fte" in there.columns and there["fte"].is_in(["1.0", "0.8", "0.6"]).all()


@pytest.mark.slow
def test_in_the_whole_county_no_two_rows_bear_the_same_key(whole: County) -> None:
    assert two_alike(whole, (story.FIRST_NIGHT, story.VISIT[0], story.PARKED, story.SPREE[1], LAST)) == []


@pytest.mark.slow
def test_the_whole_county_s_bytes_are_what_the_documents_were_written_from(whole: County) -> None:
    """Whoever changes a draw changes every figure that has been quoted: then say so, and mend the documents."""
    text = b"".join(content for _, content in whole.extract(story.PEAK))
    assert hashlib.sha256(text).hexdigest()[:16] == "46513e88c44fb856"
