"""Seeded counties delivered night after night, and every answer beside the counting rules replayed cell by cell."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lineofsight.allocation.states import NEED_A_WORKER, OPEN_EPISODES
from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.moments import microseconds
from tests.service.homes import Home
from tests.support import answers, replay
from tests.support.answers import Asked
from tests.support.cases import AUTHORITY
from tests.support.replay import Receipt, Source

BASE = date(2019, 9, 20).toordinal()
WINDOW = BASE - 30
FIRST = BASE - 90
Line = dict[str, str]
COLUMNS = {
    "episode": ("cin_episodes", "cine_person_id cine_referral_id cine_referral_date cine_close_date cine_referral_nfa "
                "cine_close_reason", "child referral begun ended nfa reason"),
    "involvement": ("involvements", "invo_person_id invo_referral_id invo_professional_id invo_professional_team "
                    "invo_professional_role_id invo_involvement_start_date invo_involvement_end_date",
                    "child referral worker team role begun ended"),
    "worker": ("professionals", "prof_professional_id prof_staff_id prof_professional_job_title prof_leaving_date",
               "worker staff title left"),
    "assessment": ("cin_assessments", "cina_person_id cina_referral_id cina_assessment_start_date "
                   "cina_assessment_auth_date", "child referral begun authorised"),
    "need_plan": ("cin_plans", "cinp_person_id cinp_referral_id cinp_cin_plan_start_date cinp_cin_plan_end_date",
                  "child referral begun ended"),
    "care_episode": ("cla_episodes", "clae_person_id clae_cla_id clae_cla_episode_start_date "
                     "clae_cla_episode_ceased_date", "child care begun ended"),
}  # fmt: skip
OWNERS = [
    {"worker": " s3 ", "why": "duty tray"},
    {"job_title": "team MANAGER", "team": "T1", "why": "manager of one"},
    {"job_title": "director", "why": "director"},
]
NIGHTLY = """name = "nightly"
authority = "999"
format = "ssd_tables"
roster = "full"
window_start = {window}
ends = "{ends}"
[allocation]
roles_that_count = ["CW", "KEY"]
owners_that_do_not_count = [
  {{ worker = " s3 ", why = "duty tray" }},
  {{ job_title = "team MANAGER", team = "T1", why = "manager of one" }},
  {{ job_title = "director", why = "director" }},
]
placeholders = ["unknown", "-1"]
"""
DUTY = """name = "duty"
authority = "999"
format = "worklist"
roster = "full"
[allocation]
roles_that_count = ["CW"]
placeholders = ["unknown"]
"""


class County:
    """A small service whose record changes, is corrected and loses rows."""

    def __init__(self, seed: int, *, inclusive: bool) -> None:
        self.rng = random.Random(seed)
        self.inclusive = inclusive
        self.rows: dict[str, list[Line]] = {name: [] for name in COLUMNS}
        for at in range(6):
            self.hire(at)
        for _ in range(40):
            self.step(BASE - self.rng.randrange(40))

    def write(self, day: int | None) -> str:
        """A day as one of the ways it may be written."""
        if day is None:
            return self.rng.choice(["", "NULL", "9999-12-31", "1900-01-01 00:00:00"])
        on = date.fromordinal(day)
        eve = on - timedelta(days=1)
        ways = [on.isoformat(), f"{on} 00:00:00", f"{on}T13:05:00", on.strftime("%d/%m/%Y")]
        summer = date(2019, 4, 2) < on < date(2019, 10, 20)
        return self.rng.choice([*ways, f"{eve}T23:30:00Z"] if summer else ways)

    def read(self, text: str) -> int | None:
        """A day that was written; None where it cannot be one."""
        try:
            return replay.day_of(text)
        except ValueError:
            return None

    def hire(self, at: int) -> None:
        title = (
            self.rng.choice(["Social Worker", "Team Manager ", "Director"])
            if at % 3 == 2
            else "Social Worker"
        )
        self.rows["worker"].append({"worker": f"W{at}", "staff": f"S{at}", "title": title, "left": ""})

    def step(self, day: int) -> None:
        ways = 3 * [
            self.refer,
            self.involve,
            self.involve,
            self.involve,
            self.end,
            self.close,
            self.close,
            self.assess,
        ]
        ways += [
            self.correct,
            self.vanish,
            self.staff,
            self.staff,
            self.plan,
            self.plan,
            self.spoil,
            self.repeat,
        ]
        self.rng.choice(ways)(day)

    def some(self, table: str) -> Line:
        return self.rng.choice(self.rows[table]) if self.rows[table] else {}

    def refer(self, day: int) -> None:
        number = len(self.rows["episode"]) + 100 * self.rng.randrange(1000)
        self.rows["episode"].append(
            {
                "child": f"C{self.rng.randrange(30)}",
                "referral": f"R{number}",
                "ended": self.write(None),
                "begun": self.write(day - self.rng.randrange(25)),
                "reason": "",
                "nfa": self.rng.choice(["N", "", "0", "No", "N", "N", " y", "TRUE", "1", "Yes"]),
            }
        )

    def involve(self, day: int) -> None:
        if not (episode := self.some("episode")):
            return self.refer(day)
        worker = self.rng.choice(["W0", "W1", "W2", "W3", "W4", "W5", "W9", "", " ", "NULL", "UNKNOWN", "-1"])
        self.rows["involvement"].append(
            {
                "child": self.rng.choice([episode["child"]] * 3 + ["", "C3"]),
                "referral": episode["referral"],
                "worker": worker,
                "team": self.rng.choice(["T1", "T2", "", "NULL"]),
                "role": self.rng.choice(["CW", "cw ", "KEY", "FS", ""]),
                "ended": self.write(None),
                "begun": self.write(self.rng.choice([None, *[day - self.rng.randrange(20)] * 9])),
            }
        )
        return None

    def end(self, day: int) -> None:
        if row := self.some("involvement"):
            self.until(row, day)

    def until(self, row: Line, day: int) -> None:
        begun = self.read(row["begun"])
        row["ended"] = self.write(self.rng.choice([None, max(begun or 0, day - self.rng.randrange(12) + 2)]))

    def close(self, day: int) -> None:
        if row := self.some("episode"):
            self.until(row, day)
            row["reason"] = self.rng.choice(["RC1", "RC2", "RC5", "RC7", "RC8", "RC9", "", "RC10", "X"])

    def correct(self, day: int) -> None:
        if row := self.some("episode"):
            row["begun"] = self.write(min(day, self.read(row["ended"]) or day) - self.rng.randrange(15))
            row["nfa"] = self.rng.choice(["N", "N", "Y"])

    def vanish(self, _: int) -> None:
        rows = self.rows[
            self.rng.choice(["episode", "involvement", "assessment", "need_plan", "care_episode"])
        ]
        if len(rows) > 3:
            rows.pop(self.rng.randrange(len(rows)))

    def staff(self, day: int) -> None:
        if self.rng.random() < 0.4 and len(self.rows["worker"]) > 2:
            self.rows["worker"].pop(self.rng.randrange(len(self.rows["worker"])))
        elif (at := self.rng.randrange(6)) not in {int(row["worker"][1:]) for row in self.rows["worker"]}:
            self.hire(at)
        else:
            row = self.some("worker")
            row["title"] = self.rng.choice(["Social Worker", "Team Manager", "director "])
            row["left"] = self.rng.choice(["", "", self.write(day + self.rng.randrange(-6, 6))])

    def assess(self, day: int) -> None:
        if episode := self.some("episode"):
            self.rows["assessment"].append(
                {
                    "child": episode["child"],
                    "referral": self.rng.choice([episode["referral"], ""]),
                    "begun": self.write(day - self.rng.randrange(25)),
                    "authorised": self.write(self.rng.choice([None, day - self.rng.randrange(12), day + 3])),
                }
            )

    def plan(self, day: int) -> None:
        if episode := self.some("episode"):
            row = {
                "child": episode["child"],
                "begun": self.write(day - self.rng.randrange(15)),
                "ended": self.write(self.rng.choice([None, day + 2, day + 5])),
            }
            table, more = self.rng.choice([("need_plan", "referral"), ("care_episode", "care")])
            self.rows[table].append({**row, more: episode["referral"]})

    def spoil(self, day: int) -> None:
        """An end before the beginning, or no day at all; one that was spoilt before is put right."""
        for row in [*self.rows["involvement"], *self.rows["episode"]]:
            if row["ended"].strip() and self.read(row["ended"]) is None:
                row["ended"] = ""
        if self.rng.random() < 0.2:
            day_is = {"begun": "soon", "ended": ""}
            table, child = self.rng.choice(["involvement", "episode"]), f"Q{self.rng.randrange(9)}"
            more = (
                {"worker": "W1", "team": "T1", "role": "CW"}
                if table == "involvement"
                else {"nfa": "N", "reason": ""}
            )
            self.rows[table].append({"child": child, "referral": f"R{child}", **day_is, **more})
        elif row := self.some(self.rng.choice(["involvement", "episode"])):
            begun = self.read(row["begun"])
            row["ended"] = "soon" if begun is None else self.rng.choice(["31/02/2019", self.write(begun - 3)])

    def repeat(self, _: int) -> None:
        """The same row twice; sometimes the second says otherwise."""
        table = self.rng.choice(["episode", "involvement"])
        if row := self.some(table):
            other = {"team": "T3"} if table == "involvement" and row["worker"].strip(" NUL") else {}
            self.rows[table].append({**row, **self.rng.choice([{}, other])})

    def night(self, at: datetime) -> Receipt:
        for _ in range(9):
            self.step(at.toordinal())
        kept = [name for name in COLUMNS if self.rng.random() < 0.92] or ["episode"]
        return Receipt(at, {name: [dict(row) for row in self.rows[name]] for name in kept if self.rows[name]})


def received(rng: random.Random, day: int) -> datetime:
    """A moment of a night, often where London's day and UTC's differ."""
    hour, minute = rng.choice([(3, 0), (22, 59), (23, 0), (23, 30), (0, 0)])
    return datetime.combine(date.fromordinal(day), datetime.min.time(), UTC) + timedelta(
        hours=hour, minutes=minute
    )


def nights(county: County, count: int) -> list[Receipt]:
    found: list[Receipt] = []
    for at in range(count):
        moment = received(county.rng, BASE + 2 * at)
        one = county.night(moment)
        if at > 1 and county.rng.random() < 0.25:
            one = Receipt(moment, found[county.rng.choice([-1, -2])].tables)
        found.append(one)
    return found


def as_file(table: str, rows: Any) -> NamedBytes:
    name, theirs, ours = COLUMNS[table]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(theirs.split())
    writer.writerows([row[one] for one in ours.split()] for row in rows)
    return NamedBytes(f"ssd_{name}.csv", text.getvalue().encode())


def worklist(rng: random.Random, moment: datetime, county: County) -> Receipt:
    rows = [
        {
            "child": f"C{rng.randrange(35)}",
            "worker": rng.choice(["W0", "W1", "W7", "", "Unknown"]),
            "team": rng.choice(["T1", ""]),
            "role": rng.choice(["CW", "FS"]),
            "begun": rng.choice(["2019-09-01", "2019-09-01", "31/09/2019"]),
            "ended": "",
        }
        for _ in range(25)
    ]
    return Receipt(moment, {"involvement": rows})


def list_file(one: Receipt) -> NamedBytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["child", "worker", "team", "role", "start", "end"])
    ours = ("child", "worker", "team", "role", "begun", "ended")
    writer.writerows([row[name] for name in ours] for row in one.tables["involvement"])
    return NamedBytes("list.csv", text.getvalue().encode())


def deliver(name: str, one: Receipt) -> None:
    files = (
        [list_file(one)] if name == "duty" else [as_file(table, rows) for table, rows in one.tables.items()]
    )
    recipe.load(files, "night", AUTHORITY, SourceName(name), received_at=one.at, by="tests", confirmed=True)


def delivered(seed: int, *, inclusive: bool, two: bool) -> tuple[County, list[Source]]:
    county = County(seed, inclusive=inclusive)
    ends = "inclusive" if inclusive else "exclusive"
    recipe.set_source(NIGHTLY.format(ends=ends, window=date.fromordinal(WINDOW)).encode(), by="tests")
    told = nights(county, 8)
    found = [Source(told, frozenset({"CW", "KEY"}), OWNERS, frozenset({"UNKNOWN", "-1"}), WINDOW, inclusive)]
    for one in told:
        deliver("nightly", one)
    if two:
        recipe.set_source(DUTY.encode(), by="tests")
        lists = [worklist(county.rng, told[at].at + timedelta(hours=30), county) for at in (1, 4, 6)]
        for one in lists:
            deliver("duty", one)
        found.append(Source(lists, frozenset({"CW"}), (), frozenset({"UNKNOWN"})))
    return county, found


CASES = [
    pytest.param(
        seed,
        bool(seed % 2),
        seed % 3 == 2,
        OPEN_EPISODES if seed % 2 else NEED_A_WORKER,
        marks=[] if seed == 1 else [pytest.mark.slow],
    )
    for seed in range(6)
]
"""Of the first three one has each definition, each way of ending days, and two sources. The second is the quickest."""


@pytest.mark.parametrize(("seed", "inclusive", "two", "definition"), CASES)
def test_answers_are_what_the_rules_say_of_the_cells(
    home: Home, seed: int, inclusive: bool, two: bool, definition: Any
) -> None:
    county, sources = delivered(seed, inclusive=inclusive, two=two)
    asked, need = Asked(AUTHORITY, definition), definition is NEED_A_WORKER
    for one in sources[0].nights:
        for _ in range(2):
            by = one.at + timedelta(hours=county.rng.choice([0, 0, 7, 31]))
            check_day(asked, replay.known(sources, by, need), one.day - county.rng.randrange(-1, 8), by)
    ends = [one.day for one in sources[0].nights]
    for _ in range(5):
        first, last = sorted(county.rng.sample(ends, 2))
        check_bridge(asked, sources, need, first, last)
    check_trend(asked, sources, need, ends[0] - 3, ends[-1] + 2)


def check_day(asked: Asked, told: replay.Told, day: int, by: datetime) -> None:
    said = told.states(day)
    answer = answers.register(asked, date.fromordinal(day), microseconds(by))
    assert (answer["population"], answer["states"]) == (len(said), replay.counts(said)), (day, by)
    assert answer["disagreements"] == told.disagreements(day)
    assert answer["refused_rows"] == told.refused_rows()
    assert answer["complete"] == (not told.refused_rows() and not answer["states"]["cannot_tell"])
    children = {row["child"]: row for row in answer["children"]}
    assert set(children) == {child for child, one in said.items() if one[0] in replay.UNALLOCATED}
    for child, row in children.items():
        check_child(told, day, row, said[child])
    waits = [(-row["days"], row["child"]) for row in answer["children"]]
    assert waits == sorted(waits)


def check_child(told: replay.Told, day: int, row: dict[str, Any], said: Any) -> None:
    child = row["child"]
    since = told.since(child, day)
    assert (row["state"], row["reason"]) == said[:2]
    assert row["team"] in said[2], (row, said)
    assert (row["since"], row["days"]) == (date.fromordinal(since).isoformat(), day - since)
    begun = min(one["begun"] for one in told.open_episodes(child, day))
    assert row["episode_begun_on"] == date.fromordinal(begun).isoformat()
    assert row["last_worker"] in told.last_workers(child, since, FIRST), (row, day)


def check_bridge(asked: Asked, sources: list[Source], need: bool, first: int, last: int) -> None:
    by = sources[0].nights[-1].at
    answer = answers.bridge(asked, date.fromordinal(first), date.fromordinal(last), None, microseconds(by))
    before = replay.known(sources, replay.known_then(first), need)
    moves = {
        child: how for child, _, how in replay.moves(before, first, replay.known(sources, by, need), last)
    }
    assert {row["child"]: row["move"] for row in answer["children"]} == moves
    change = sum(answer["arrivals"].values()) - sum(answer["exits"].values())
    assert (answer["from"]["unallocated"] or 0) + change == (answer["to"]["unallocated"] or 0)


def check_trend(asked: Asked, sources: list[Source], need: bool, first: int, last: int) -> None:
    answer = answers.trend(asked, date.fromordinal(first), date.fromordinal(last), None)
    for day, row in enumerate(answer["days"], first):
        said = replay.known(sources, replay.known_then(day), need).states(day)
        assert row["states"] == replay.counts(said), day
