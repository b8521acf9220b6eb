"""Files that name children are kept as long as the policy says: then they go, and what proves the rest stays."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from lineofsight.queries import deliveries as read
from lineofsight.service import cli
from lineofsight.service.access.records import open_record
from lineofsight.service.models import Link
from lineofsight.service.pages.deliveries import labels
from lineofsight.service.receive import recipe
from lineofsight.service.store import backup, blobs, chain, clock, picture, releasing, retention
from lineofsight.service.store.verify import summary, verify
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import Home, a_statement, filled_once, load
from tests.support.cases import AUTHORITY, describe, night

PERSON = "C1, 2010-01-02,"
EPISODE = "R{0}, C{0}, 2019-01-02,,,"


@contextmanager
def days_later(days: float) -> Iterator[datetime]:
    """The clock of this record, so many days on."""
    moment = datetime.now(UTC) + timedelta(days=days)
    with patch.object(clock, "now", lambda: moment):
        yield moment


def a_night(number: int = 1) -> recipe.Outcome:
    return night(f"2019-10-0{number}", {"person": PERSON, "cin_episodes": episodes(number)})


def episodes(count: int) -> str:
    return "\n".join(EPISODE.format(n) for n in range(1, count + 1))


def release() -> list[releasing.Released]:
    return releasing.release(by="Ben")


def file_count() -> int:
    return len(blobs.hashes())


@pytest.fixture
@filled_once
def two_nights(home: Home) -> Home:
    """Two nights of a case system, whose file of people is the same, and a public statement."""
    describe()
    a_night(1)
    a_night(2)
    load(a_statement("one"))
    return home


@pytest.mark.databases
def test_files_of_children_go_and_all_else_stays(two_nights: Home) -> None:
    before = {table: picture.history(AUTHORITY, table).rows() for table in ("child", "episode")}
    stored = file_count()
    with days_later(34):
        assert release() == []
    with days_later(36):
        (released,) = release()
        assert release() == []  # nothing twice
    assert len(released.due.deliveries) == 2
    assert file_count() == stored - len(released.due.hashes)
    left = {file["sha256"] for one in Link.objects.filter(kind="read") for file in chain.body_of(one)["kept"]}
    assert blobs.hashes() == left - set(released.due.hashes)
    public = chain.body_of(Link.objects.get(source="record", kind="read"))["sha256"]
    assert public in blobs.hashes()
    found = verify(each_row=True)
    assert found.holds, found.failures
    assert [one.files for one in found.releases] == [len(released.due.hashes)]
    assert "Released under the default policy (35 days): " in "\n".join(summary(found))
    assert picture.rebuild_and_compare() == []
    assert {table: picture.history(AUTHORITY, table).rows() for table in before} == before


@pytest.mark.databases
def test_a_missing_file_fails_unless_a_release_took_it_and_one_put_back_fails_too(two_nights: Home) -> None:
    sha256 = chain.body_of(Link.objects.filter(kind="read", source="nightly").first())["sha256"]
    path = blobs.path_of(sha256)
    content = path.read_bytes()
    path.unlink()
    assert {failure.why for failure in verify().failures} == {"they are missing"}
    path.write_bytes(content)
    with days_later(36):
        release()
    assert verify().holds
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    assert "released under the default policy (35 days), yet" in verify().failures[0].why


def test_a_delivery_that_waits_keeps_its_files_until_it_is_decided(home: Home) -> None:
    describe(roster="full")
    first = night("2019-10-01", {"cin_episodes": episodes(500)})
    held = night("2019-10-02", {"cin_episodes": episodes(10)})
    assert held.link.kind == chain.AWAITING_CONFIRMATION
    with days_later(400):
        (released,) = release()
        assert list(released.due.deliveries) == [first.link.delivery]
        assert recipe.confirm(held.link.delivery, by="Ben").link.kind == chain.READ
        assert release() == []  # its days begin when it is decided
    with days_later(436):
        assert [list(one.due.deliveries) for one in release()] == [[held.link.delivery]]
    assert verify().holds


def test_a_hold_keeps_one_delivery_or_all_until_it_ends(two_nights: Home) -> None:
    first = Link.objects.filter(kind="read", source="nightly").first()
    assert first is not None
    disputed = retention.hold(AUTHORITY, "the count is disputed", by="Ben", delivery=first.delivery)
    everything = retention.hold(AUTHORITY, "an inquiry", by="Ben")
    with pytest.raises(Refused, match="no delivery of that id"):
        retention.hold(AUTHORITY, "an inquiry", by="Ben", delivery="0" * 16)
    with days_later(100):
        assert release() == []
        retention.end_hold(AUTHORITY, everything.number, "it has reported", by="Ben")
        (released,) = release()
        assert first.delivery not in released.due.deliveries
        kept = {file["sha256"] for file in chain.body_of(first)["kept"]}
        assert kept <= blobs.hashes()  # also the file that both nights brought
        with pytest.raises(Refused, match="No hold of that number"):
            retention.end_hold(AUTHORITY, everything.number, "again", by="Ben")
        retention.end_hold(AUTHORITY, disputed.number, "settled", by="Ben")
        assert len(release()) == 1
        assert not kept & blobs.hashes()
    assert verify().holds


def test_a_policy_holds_from_its_day_and_is_named(two_nights: Home) -> None:
    arguments = ("retention", "set-files", "--authority", AUTHORITY, "--ground", "policy 7", "--by", "Ada")
    from_day = (datetime.now(UTC) + timedelta(days=3)).date()
    done = two_nights.run(*arguments, "--days", 2, "--from", from_day)
    assert done.returncode == 0, done.stderr
    refused = two_nights.run(*arguments, "--days", 0)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    with days_later(2):
        assert release() == []
    with days_later(4):
        release()
    assert two_nights.answer("verify")["holds"]
    (told,) = verify().releases
    assert (told.policy.days, told.policy.in_force_from, told.policy.set_by) == (2, from_day, "Ada")
    assert f"the policy in force from {from_day} (2 days)" in two_nights.run("verify").stdout


def test_the_command_says_first_what_it_would_do(two_nights: Home) -> None:
    assert "No file is due." in two_nights.run("release-files").stdout
    stored = file_count()
    with days_later(36):
        would = two_nights.answer("release-files", "--dry-run")
        assert (would["dry_run"], would["released"][0]["link"], file_count()) == (True, None, stored)
        did = two_nights.answer("release-files")
    assert did["released"][0]["deliveries"] == would["released"][0]["deliveries"]
    assert did["released"][0]["files"] == would["released"][0]["files"] == stored - file_count()


def test_the_reader_does_it_by_itself_once_a_day(two_nights: Home) -> None:
    stored = file_count()
    leftover = Path(two_nights.path) / "incoming" / "draft-left"
    with days_later(36) as moment:
        leftover.mkdir(parents=True)
        assert two_nights.run("work", "--once").returncode == 0
        assert file_count() < stored
        assert releasing.release_daily(by="Ben") == []
        a_third = Link.objects.filter(kind=chain.RELEASED).count()
    assert (a_third, leftover.exists(), moment > datetime.now(UTC)) == (1, False, True)


def test_bytes_that_come_again_are_stored_again_for_as_long(two_nights: Home) -> None:
    with days_later(36):
        release()
        again = night("2019-11-01", {"person": PERSON, "cin_episodes": episodes(3)})
        assert {file["sha256"] for file in chain.body_of(again.link)["kept"]} <= blobs.hashes()
        assert verify().holds
        assert release() == []
    with days_later(72):
        assert len(release()) == 1
    assert verify().holds


def test_a_delivery_of_released_files_says_when_and_why_they_are_gone(two_nights: Home) -> None:
    record = open_record(AUTHORITY)
    id = Link.objects.filter(kind="read", source="nightly").first().delivery  # type: ignore[union-attr]
    assert labels.details(read.details(record, id))["files_gone"] == ""
    retention.set_file_policy(AUTHORITY, 3, date(2019, 9, 1), "policy 7", by="Ada")
    with days_later(4):
        release()
    says = labels.details(read.details(open_record(AUTHORITY), id))["files_gone"]
    assert "the policy in force from 1 September 2019 keeps files that name children for 3 days" in says
    assert "rows and the fingerprints stay" in says


def test_a_backup_holds_no_released_file_and_restores_whole(
    two_nights: Home, tmp_path: Path, new_home
) -> None:  # type: ignore[no-untyped-def]
    with days_later(36):
        (released,) = release()
    file = tmp_path / "after.tar"
    backup.backup(file)
    content = file.read_bytes()
    assert not any(f"kept/{sha256}".encode() in content for sha256 in released.due.hashes)
    other = new_home("other")
    done = other.run("restore", file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Released under the default policy" in done.stdout


DYING = """
from datetime import UTC, datetime, timedelta
import sys
from lineofsight.service.store import anchor, blobs, chain, clock, releasing
later = datetime.now(UTC) + timedelta(days=36)
clock.now = lambda: later

def die(*_, **__):
    os._exit(9)

def then_die(function):
    def both(*arguments, **named):
        function(*arguments, **named)
        os._exit(9)
    return both

unlink = os.unlink
POINTS = {
    "before the link": lambda: setattr(chain, "append", die),
    "before the commit": lambda: setattr(chain, "append", then_die(chain.append)),
    "between link and delete": lambda: setattr(blobs.Arrival, "end", die),
    "between commit and anchor": lambda: setattr(anchor, "note", die),
    "after the first file": lambda: setattr(blobs.Path, "unlink", then_die(blobs.Path.unlink)),
    "after all files": lambda: setattr(blobs, "_remove_unnamed", then_die(blobs._remove_unnamed)),
}
POINTS[sys.argv[1]]()
releasing.release(by="Ben")
"""


@pytest.mark.slow
@pytest.mark.databases
@pytest.mark.parametrize(
    ("point", "is_committed"),
    [
        ("before the link", False),
        ("before the commit", False),
        ("between link and delete", True),
        ("between commit and anchor", True),
        ("after the first file", True),
        ("after all files", True),
    ],
)
def test_killed_at_a_point_nothing_more_is_lost_and_the_next_run_finishes(
    two_nights: Home, point: str, is_committed: bool
) -> None:
    stored = file_count()
    dying = two_nights.python(DYING, point)
    assert dying.wait(60) == 9, dying.communicate()
    found = verify(each_row=True)
    assert found.holds, found.failures
    assert bool(found.releases) is is_committed
    if not is_committed:
        assert file_count() == stored  # no file goes before a link says so
    with days_later(36):
        assert bool(release()) is not is_committed
    found = verify(each_row=True)
    assert (found.holds, len(found.releases)) == (True, 1), found.failures
    assert file_count() == stored - found.releases[0].files
    assert not list((blobs.folder() / "arriving").iterdir())


def test_what_releases_say_is_json_that_verify_reads(two_nights: Home) -> None:
    with days_later(36):
        (released,) = release()
    assert released.link is not None
    says = json.loads(released.link.body)
    assert says["policy"] == {"days": 35, "from": None, "set_by": ""}
    assert says["entries"] == 0


def test_what_a_killed_preview_left_is_removed_by_the_next(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, running = (tmp_path / f"lineofsight-keeps-nothing-{name}" for name in ("left", "running"))
    for folder in (left, running):
        folder.mkdir()
    a_day_ago = time.time() - 90_000
    os.utime(left, (a_day_ago, a_day_ago))
    cli._tidy_left_homes()
    assert (left.exists(), running.exists()) == (False, True)


def test_a_link_that_releases_files_under_no_policy_fails(two_nights: Home) -> None:
    sha256 = chain.body_of(Link.objects.filter(kind="read", source="nightly").first())["sha256"]  # type: ignore[arg-type]
    with chain.writing():
        says = {"deliveries": [], "released": [sha256]}
        chain.append(chain.NewLink(chain.RELEASED, AUTHORITY, "", "", says), by="Ben", at=clock.now())
    blobs.path_of(sha256).unlink()
    whys = {failure.why for failure in verify().failures}
    assert whys == {"it releases files and does not say under which policy"}
