"""Commands of the registers tell as text what their JSON says, of the public record and of nothing."""

from __future__ import annotations

import pytest

from lineofsight.samples import PUBLIC_RECORD, county
from tests.service.homes import Home

TOLD = [
    ("posts", "2019-10-09", "director of children's services: ", "No posts have been loaded."),
    ("reviews", "2019-06-11", "publication: withheld, Panel not shown", "No reviews have been loaded."),
    ("directions", "2019-07-01", "  issued 2018-11-", "No directions or notices have been loaded."),
    (
        "duties",
        "2022-01-01",
        "  operates: Northamptonshire Children's Trust",
        "No responsibilities have been loaded.",
    ),
    (
        "decisions",
        "2019-12-31",
        "plan for a children's trust, 2015 to 2018",
        "No decisions have been loaded.",
    ),
]


@pytest.mark.parametrize(("command", "day", "told", "empty"), TOLD)
def test_a_register_is_told_as_text(home: Home, command: str, day: str, told: str, empty: str) -> None:
    asking = (command, "--authority", "928", "--as-at", day)
    assert home.run(*asking).stdout.strip() == empty
    loaded = home.run("load", PUBLIC_RECORD.folder, "--authority", "928", "--source", "public-record")
    assert loaded.returncode == 0, loaded.stderr
    assert told in home.run(*asking).stdout
    assert home.answer(*asking)["authority"] == "928"


def test_the_fictional_countys_contract_has_a_target_revised_and_one_never(home: Home) -> None:
    loaded = home.run("load", county.plan(), "--authority", "999", "--source", "improvement-plan")
    assert loaded.returncode == 0, loaded.stderr
    told = home.run("decisions", "--authority", "999", "--as-at", "2019-07-19").stdout
    assert "indicator calls answered within a minute: 80 %; revised 2019-02-01" in told
    assert "indicator calls passed on the same day: 95 %; revised never" in told


@pytest.mark.parametrize("command", [row[0] for row in TOLD])
def test_a_command_that_does_not_say_whose_is_told_to(home: Home, command: str) -> None:
    done = home.run(command)
    assert (done.returncode, done.stderr) == (2, "Error: Say whose, with --authority CODE.\n")
