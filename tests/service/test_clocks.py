"""The commands about time limits: limit, holidays, clocks."""

from __future__ import annotations

import pytest

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.models import AccessLogEntry
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import SourceName
from tests.service.homes import Home, filled_once
from tests.support.cases import AUTHORITY, describe, moment

NIGHTS = {
    "2025-01-10": {
        "cin_episodes": "cine_person_id,cine_referral_id,cine_referral_date\nC1,R1,2025-01-02\nC2,R2,2025-01-06\n",
        "cin_assessments": "cina_person_id,cina_referral_id,cina_assessment_start_date,cina_assessment_auth_date\n",
        "cla_episodes": "clae_person_id,clae_cla_id,clae_cla_episode_start_date\nC1,L1,2025-01-02\n",
        "cla_placement": "clap_cla_id,clap_cla_placement_start_date\nL1,2025-01-02\n",
    },
    "2025-03-12": {
        "cin_episodes": "cine_person_id,cine_referral_id,cine_referral_date\nC1,R1,2025-01-02\nC2,R2,2025-01-06\n",
        "cin_assessments": "cina_person_id,cina_referral_id,cina_assessment_start_date,cina_assessment_auth_date\n"
        "C2,R2,2025-01-07,2025-02-03\n",
        "cla_episodes": "clae_person_id,clae_cla_id,clae_cla_episode_start_date\nC1,L1,2025-01-02\n",
        "cla_placement": "clap_cla_id,clap_cla_placement_start_date\nL1,2025-01-02\n",
    },
}
ASK = ("clocks", "--authority", AUTHORITY, "--as-at", "2025-03-20")


@pytest.fixture
@filled_once
def loaded(home: Home) -> Home:
    describe("nightly")
    for day, tables in NIGHTS.items():
        files = [NamedBytes(f"ssd_{name}.csv", text.encode()) for name, text in tables.items()]
        recipe.load(files, "night", AUTHORITY, SourceName("nightly"), received_at=moment(day), by="tests")
    return home


def test_each_clock_says_when_it_was_due_broken_and_noticed(loaded: Home) -> None:
    said = loaded.answer(*ASK)
    found = {(row["child"], row["clock"]): row for row in said["clocks"]}
    late = found["C1", "assessment"]
    assert (late["due_on"], late["state"], late["breached_on"]) == ("2025-03-06", "overdue", "2025-03-07")
    assert late["noticed_at"] == "2025-03-12T06:00:00Z" or late["noticed_at"].startswith("2025-03-12")
    kept = found["C2", "assessment"]
    assert (kept["state"], kept["noticed_at"], kept["recorded_late"]) == ("met", None, True)
    assert found["C1", "care-review"]["state"] == "cannot_tell"
    assert found["C1", "care-visit"]["state"] == "cannot_tell"
    assert said["available"]["assessment"] is None
    assert said["available"]["care-review"] == "No source has delivered care review."
    assert "not set this limit" in said["available"]["protection-visit"]
    assert AccessLogEntry.objects.filter(channel="clocks").count()


def test_one_child_one_kind_and_what_is_due_soon(loaded: Home) -> None:
    own = loaded.answer(*ASK, "--child", "C1")["clocks"]
    assert {row["child"] for row in own} == {"C1"}
    assert own == [row for row in loaded.answer(*ASK)["clocks"] if row["child"] == "C1"]
    assert {row["clock"] for row in loaded.answer(*ASK, "--clock", "care-visit")["clocks"]} == {"care-visit"}
    early = ("clocks", "--authority", AUTHORITY, "--as-at", "2025-02-25", "--known-by", "2025-01-31")
    soon = loaded.answer(*early, "--due-within", "8")["clocks"]
    assert [(row["child"], row["due_on"]) for row in soon] == [("C1", "2025-03-06")]
    assert loaded.run(*ASK, "--clock", "nonsense").returncode == 2
    assert loaded.run("clocks", "--authority", "902", "--as-at", "2025-03-20").returncode == 2


def test_a_holiday_proclaimed_later_moves_a_due_day_from_then_on(loaded: Home) -> None:
    (loaded.path.parent / "holidays.csv").write_text("day,name\n2025-03-06,Day of thanks\nnonsense,x\n")
    done = loaded.run("holidays", "set", "holidays.csv", "--by", "A. Officer")
    assert done.returncode == 0
    limit = ("limit", "45 working days", "--from", "2025-01-02")
    assert loaded.answer(*limit)["due_on"] == "2025-03-07"
    assert loaded.answer(*limit, "--known-by", "2025-03-31")["due_on"] == "2025-03-06"
    now, then = (
        next(row for row in loaded.answer(*ASK, *more)["clocks"] if row["clock"] == "assessment")
        for more in ((), ("--known-by", "2025-03-31"))
    )
    assert (now["due_on"], then["due_on"]) == ("2025-03-07", "2025-03-06")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("4 fortnights", "--from", "2025-01-02"), "working days, days, weeks, months or hours"),
        (("3 months", "--from", "2025-01-02", "--convention", "1"), "--convention 0"),
        (("3 months", "--from", "soon"), "day"),
    ],
)
def test_a_limit_that_cannot_be_understood_is_one_sentence(
    home: Home, arguments: tuple[str, ...], says: str
) -> None:
    done = home.run("limit", *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert says in done.stderr


def test_hours_give_a_moment(home: Home) -> None:
    assert home.answer("limit", "72 hours", "--from", "2019-10-08T09:30")["due_at"] == "2019-10-11T09:30:00Z"


def test_an_authority_sets_its_own_limit_in_its_sources_settings(home: Home) -> None:
    settings = home.path.parent / "own.toml"
    settings.write_text(
        f'name = "own"\nauthority = "{AUTHORITY}"\nformat = "ssd_tables"\n[limits]\nprotection-visit = "10 working days"\n'
    )
    assert home.run("source", "set", settings).returncode == 0
    settings.write_text(settings.read_text().replace("10 working days", "soon"))
    assert "working days, days" in home.run("source", "set", settings).stderr
    settings.write_text(settings.read_text().replace("protection-visit", "assessment"))
    assert "[limits] says assessment" in home.run("source", "set", settings).stderr
