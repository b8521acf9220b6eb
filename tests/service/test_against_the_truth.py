"""Extracts over many nights, and every figure, register and bridge beside what a slow and simple reckoning gives."""

from __future__ import annotations

import csv
import io
import random
from datetime import date
from typing import Any

import pytest

from lineofsight.intake.delivery import NamedBytes
from lineofsight.queries.record import moment_written
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.moments import end_of, known_then, microseconds
from tests.service.homes import Home
from tests.support import answers, truth
from tests.support.answers import Asked
from tests.support.cases import AUTHORITY, moment
from tests.support.truth import Night

BASE = date(2019, 9, 1).toordinal()
SETTINGS = b"""name = "nightly"
authority = "999"
format = "ssd_tables"
roster = "full"
[allocation]
roles_that_count = ["CW"]
owners_that_do_not_count = [{ worker = "duty", why = "duty tray" }, { job_title = "manager ", why = "manager" }]
placeholders = ["UNKNOWN"]
"""
COLUMNS = {
    "episode": ("ssd_cin_episodes.csv", {
        "child": "cine_person_id", "referral": "cine_referral_id", "begun": "cine_referral_date",
        "closed": "cine_close_date", "nfa": "cine_referral_nfa", "reason": "cine_close_reason"}),
    "involvement": ("ssd_involvements.csv", {
        "child": "invo_person_id", "referral": "invo_referral_id", "worker": "invo_professional_id",
        "team": "invo_professional_team", "role": "invo_professional_role_id",
        "begun": "invo_involvement_start_date", "ended": "invo_involvement_end_date"}),
    "worker": ("ssd_professionals.csv", {"worker": "prof_professional_id", "title": "prof_professional_job_title"}),
}  # fmt: skip


def as_file(rng: random.Random, table: str, rows: list[dict[str, Any]]) -> NamedBytes:
    name, columns = COLUMNS[table]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns.values())
    for row in rows:
        writer.writerow([_cell(rng, ours, row.get(ours)) for ours in columns])
    return NamedBytes(name, text.getvalue().encode())


def _cell(rng: random.Random, name: str, value: Any) -> str:
    if value is None:
        return rng.choice(["", "NULL"])
    if name in ("begun", "closed", "ended"):
        day = date.fromordinal(value)
        return rng.choice([day.isoformat(), f"{day.isoformat()} 00:00:00", day.strftime("%d/%m/%Y")])
    return str(value)


class County:
    """A few children and workers whose service changes a little every night."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.episodes: list[dict[str, Any]] = []
        self.involvements: list[dict[str, Any]] = []
        self.workers = {f"W{n}": "Social Worker" for n in range(5)} | {"M1": "Manager", "DUTY": "Tray"}

    def pick(self, *choices: Any) -> Any:
        return self.rng.choice(choices)

    def nights(self, count: int) -> list[Night]:
        found = []
        for at in range(count):
            self.live(BASE + 2 * at)
            tables = {
                "episode": self.episodes,
                "involvement": self.involvements,
                "worker": [{"worker": w, "title": t} for w, t in self.workers.items()],
            }
            kept = {
                name: [dict(row) for row in rows] for name, rows in tables.items() if self.rng.random() < 0.9
            }
            if at > 1 and self.rng.random() < 0.15:
                kept = {
                    name: [dict(row) for row in rows] for name, rows in found[-2].tables.items()
                }  # A, B, A
            found.append(Night(BASE + 2 * at, kept or {"worker": list(tables["worker"])}))
        return found

    def live(self, day: int) -> None:
        for _ in range(4):
            self.rng.choice(
                [self.refer, self.involve, self.involve, self.end, self.close, self.vanish, self.staff]
            )(day)

    def refer(self, day: int) -> None:
        number = len(self.episodes) + self.rng.randrange(10_000)
        self.episodes.append(
            {
                "child": f"C{self.rng.randrange(12)}",
                "referral": f"R{number}",
                "closed": None,
                "begun": day - self.rng.randrange(20),
                "nfa": self.pick("N", "N", "Y"),
                "reason": None,
            }
        )

    def involve(self, day: int) -> None:
        if not self.episodes:
            return self.refer(day)
        episode = self.rng.choice(self.episodes)
        worker = self.pick(*self.workers, None, "UNKNOWN", "W9")
        team = self.pick("T1", "T2", None)
        row = {
            "child": self.pick(episode["child"], episode["child"], None),
            "referral": episode["referral"],
            "worker": worker,
            "team": team,
            "role": self.pick("CW", "CW", "CW", "FS"),
            "begun": day - self.rng.randrange(15),
            "ended": None,
            "pool": team if worker is None else None,
        }
        key = truth.KEYS["involvement"]
        if all([one[part] for part in key] != [row[part] for part in key] for one in self.involvements):
            self.involvements.append(row)
        return None

    def end(self, day: int) -> None:
        if self.involvements:
            row = self.rng.choice(self.involvements)
            row["ended"] = self.pick(None, max(row["begun"], day - self.rng.randrange(8)))

    def close(self, day: int) -> None:
        if self.episodes:
            row = self.rng.choice(self.episodes)
            row["closed"] = max(row["begun"], day - self.rng.randrange(5))
            row["reason"] = self.pick("RC1", "RC8", "RC9", "RC5", None, "RC0")

    def vanish(self, _: int) -> None:
        for rows in (self.episodes, self.involvements):
            if len(rows) > 3 and self.rng.random() < 0.3:
                rows.pop(self.rng.randrange(len(rows)))

    def staff(self, _: int) -> None:
        worker = f"W{self.rng.randrange(5)}"
        if worker in self.workers and self.rng.random() < 0.5:
            del self.workers[worker]
        else:
            self.workers[worker] = self.pick("Social Worker", "Manager")


def by(day: int) -> int:
    return microseconds(end_of(date.fromordinal(day)))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2, 3))])
def test_every_answer_is_what_slow_reckoning_gives(home: Home, seed: int) -> None:
    county = County(seed)
    nights = county.nights(14)
    recipe.set_source(SETTINGS, by="tests")
    for one in nights:
        files = [as_file(county.rng, name, list(rows)) for name, rows in one.tables.items()]
        at = moment(date.fromordinal(one.day).isoformat())
        recipe.load(
            files, "night", AUTHORITY, SourceName("nightly"), received_at=at, by="tests", confirmed=True
        )
    for at, one in enumerate(nights):
        check_day(nights, one.day - county.rng.randrange(6), one.day + county.rng.randrange(3))
        check_known_then(nights, one.day + county.rng.randrange(2))
        if at % 3 == 2:
            first = nights[at - county.rng.randrange(1, 3)].day
            check_bridge(nights, first, one.day, nights[min(at + 1, len(nights) - 1)].day)


def check_day(nights: list[Night], day: int, known_by: int) -> None:
    asked, found = Asked(AUTHORITY), truth.world(nights, known_by)
    said = truth.states(found, day)
    answer = answers.register(asked, date.fromordinal(day), by(known_by))
    assert (answer["states"], answer["population"]) == (truth.counted(said), len(said))
    children = {row["child"]: (row["state"], row["reason"], row["since"]) for row in answer["children"]}
    assert children == {
        child: (state, why, date.fromordinal(truth.since(found, child, day, BASE - 40)).isoformat())
        for child, (state, why) in said.items()
        if state in ("held", "team_only", "none")
    }
    waits = [(-row["days"], row["child"]) for row in answer["children"]]
    assert waits == sorted(waits)
    trend = answers.trend(asked, date.fromordinal(day - 9), date.fromordinal(day), by(known_by))["days"]
    assert [row["states"] for row in trend] == [
        truth.counted(truth.states(found, day - 9 + n)) for n in range(10)
    ]


def check_known_then(nights: list[Night], last: int) -> None:
    """Each day of a trend as known then is what had been heard by the end of the day after."""
    first = last - 9
    answer = answers.trend(Asked(AUTHORITY), date.fromordinal(first), date.fromordinal(last), None)
    said = [truth.counted(truth.states(truth.world(nights, first + n + 1), first + n)) for n in range(10)]
    assert [row["states"] for row in answer["days"]] == said


def check_bridge(nights: list[Night], first: int, last: int, known_by: int) -> None:
    answer = answers.bridge(
        Asked(AUTHORITY), date.fromordinal(first), date.fromordinal(last), None, by(known_by)
    )
    assert answer["from"]["known_by"] == moment_written(microseconds(known_then(date.fromordinal(first))))
    before, after = truth.world(nights, first + 1), truth.world(nights, known_by)
    was = {
        child
        for child, (state, _) in truth.states(before, first).items()
        if state in ("held", "team_only", "none")
    }
    now = {
        child
        for child, (state, _) in truth.states(after, last).items()
        if state in ("held", "team_only", "none")
    }
    moves = {child: truth.move_out(nights, child, before, after, first, last) for child in was - now}
    moves |= {child: truth.move_in(child, after, first) for child in now - was}
    assert {row["child"]: row["move"] for row in answer["children"]} == moves
    assert len(was) + sum(answer["arrivals"].values()) - sum(answer["exits"].values()) == len(now)
