"""A person's rights: everything held about them in a folder, and what they say is wrong beside what the source says."""

from __future__ import annotations

import csv
import hashlib
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.access import handles
from lineofsight.service.models import AccessLogEntry, Grant
from lineofsight.service.receive import recipe
from lineofsight.service.store import erasure
from lineofsight.vocabulary.identifiers import SourceName
from tests.service.homes import Home, filled_once
from tests.support.cases import AUTHORITY, describe, moment

TABLES = {
    "person": "pers_person_id,pers_forename,pers_surname,pers_dob\nC1,Ada,Marker,2010-02-03\nC2,Ben,Other,2011-02-03\n",
    "cin_episodes": "cine_person_id,cine_referral_id,cine_referral_date\nC1,R1,2025-01-02\nC2,R2,2025-01-02\n",
    "family": "fami_family_id,fami_person_id\nF1,C1\nF1,C2\n",
    "mother": "moth_person_id,moth_childs_person_id\nC2,C1\n",
    "cla_episodes": "clae_person_id,clae_cla_id,clae_cla_episode_start_date\nC1,L1,2025-01-02\n",
    "cla_placement": "clap_cla_id,clap_cla_placement_start_date,clap_cla_placement_postcode\nL1,2025-01-02,ZZ1 1ZZ\n",
    "involvements": "invo_involvements_id,invo_person_id,invo_professional_id,invo_professional_role_id,"
    "invo_involvement_start_date\n1,C1,W1,CW,2025-01-03\n",
}


@pytest.fixture
@filled_once
def loaded(home: Home) -> Home:
    describe("nightly")
    for day, closed in (("2025-03-01", ""), ("2025-03-02", "2025-03-01")):
        more = f"cine_person_id,cine_referral_id,cine_referral_date,cine_close_date\nC1,R1,2025-01-02,{closed}\nC2,R2,2025-01-02,\n"
        files = [
            NamedBytes(f"ssd_{name}.csv", (more if name == "cin_episodes" else text).encode())
            for name, text in TABLES.items()
        ]
        recipe.load(files, "night", AUTHORITY, SourceName("nightly"), received_at=moment(day), by="tests")
    return home


def made(home: Home, child: str = "C1") -> Path:
    folder = home.path.parent / f"given-{child}"
    line = ("subject-access", "--authority", AUTHORITY, "--child", "-", "--out", folder, "--by", "A. Officer")
    done = home.run(*line, stdin=f"{child}\n")
    assert done.returncode == 0, done.stderr
    assert child not in done.stdout.replace(folder.name, "")
    return folder


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_folder_holds_every_version_of_every_row_and_opens_to_its_owner(loaded: Home) -> None:
    folder = made(loaded)
    episodes = table(folder, "rows/episode.csv")
    assert [(row["closed_on"], bool(row["replaced_at"])) for row in episodes] == [
        ("", True),
        ("2025-03-01", False),
    ]
    assert {path.stem for path in (folder / "rows").iterdir()} >= {
        "child",
        "family",
        "mother",
        "placement",
        "involvement",
    }
    assert len(table(folder, "deliveries.csv")) == 2
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    for name, expected in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected


def test_nothing_of_anybody_else_is_in_it_but_what_is_listed_for_review(loaded: Home) -> None:
    folder = made(loaded)
    everything = "".join(path.read_text("utf-8-sig") for path in folder.rglob("*") if path.is_file())
    assert "Ada" in everything
    assert "Ben" not in everything
    listed = {(row["table"], row["column"]) for row in table(folder, "to-review.csv")}
    assert {
        ("mother", "mother"),
        ("family", "family"),
        ("placement", "postcode"),
        ("involvement", "worker"),
    } <= listed
    for name in ("mother", "family"):
        assert all(
            cell != "C2" or (name, column) in listed
            for row in table(folder, f"rows/{name}.csv")
            for column, cell in row.items()
        )


def test_who_looked_is_in_it_and_so_is_this_look(loaded: Home) -> None:
    made(loaded)
    loaded.run("child", "C1", "--authority", AUTHORITY, "--by", "Somebody")
    looked = table(made_again(loaded), "who-looked.csv")
    assert [row["who"] for row in looked] == ["A. Officer", "Somebody", "A. Officer"]
    assert looked[-1]["where"] == "subject access"


def made_again(home: Home) -> Path:
    (home.path.parent / "given-C1").rename(home.path.parent / "before")
    return made(home)


def test_an_unknown_child_a_full_folder_and_no_name_are_each_a_sentence(loaded: Home) -> None:
    line = [
        "subject-access",
        "--authority",
        AUTHORITY,
        "--child",
        "-",
        "--out",
        loaded.path.parent / "x",
        "--by",
        "A",
    ]
    done = loaded.run(*line, stdin="C77\n")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "C77" not in done.stderr
    made(loaded)
    line[6] = loaded.path.parent / "given-C1"
    assert "holds something" in loaded.run(*line, stdin="C1\n").stderr
    assert AccessLogEntry.objects.filter(channel="subject access").count() == 1
    assert loaded.run(*line[:-2], stdin="C1\n").returncode == 2


def director() -> Client:
    user = User.objects.create(username="a.director")
    Grant.objects.create(user=user, authority=AUTHORITY, role="director", given_by="tests", given_at=1)
    client = Client()
    client.force_login(user)
    return client


def correction(**instead: str) -> dict[str, str]:
    given = {
        "row": "0",
        "part": "date of birth",
        "asked_by": "a parent",
        "requested": "It is the fourth of February.",
        "outcome": "to be corrected in the source system",
        "why": "",
    }
    return {**given, **instead}


def test_a_correction_stands_beside_what_the_source_says(loaded: Home) -> None:
    client = director()
    address = f"/service/{AUTHORITY}/child/{handles.handle_of(AUTHORITY, 'C1')}/"
    refused = client.post(f"{address}correct/", correction(outcome="refused"))
    assert refused.status_code == 422
    assert "Say why it was refused." in refused.content.decode()
    assert client.post(f"{address}correct/", correction()).status_code == 302
    page = client.get(address).content.decode()
    assert "It is the fourth of February." in page
    assert "3 February 2010" in page
    held: Any = json.loads((made(loaded) / "held.json").read_text())
    assert [row["cells"]["requested"] for row in held["rows"] if row["table"] == "correction"] == [
        "It is the fourth of February."
    ]


def test_a_correction_goes_with_the_child(loaded: Home) -> None:
    client = director()
    address = f"/service/{AUTHORITY}/child/{handles.handle_of(AUTHORITY, 'C1')}/"
    client.post(f"{address}correct/", correction())
    erasure.erase_child(AUTHORITY, "C1", "asked for", by="Ben")
    assert loaded.run("child", "C1", "--authority", AUTHORITY).returncode == 2
    assert loaded.run("verify").returncode == 0
    stored = b"".join(
        path.read_bytes() for path in loaded.path.rglob("*") if path.is_file() and "kept" in path.parts
    )
    assert b"fourth of February" not in stored
