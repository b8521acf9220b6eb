"""Killed at any moment a delivery is there whole or not at all; and several processes at once lose nothing."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest
from django.db import OperationalError

from lineofsight.service.models import Block, Link
from lineofsight.service.receive import recipe, waiting
from lineofsight.service.store import blobs, chain, clock, erasure, picture
from lineofsight.service.store.verify import verify
from tests.service.homes import NORTHSHIRE, RECORD, Home, a_statement, load, written
from tests.support import answers

pytestmark = [pytest.mark.slow, pytest.mark.databases]


ROWS = 4_000
LOADING = """
import sys
from pathlib import Path
from lineofsight.service.receive import recipe
from lineofsight.service.store import anchor, blobs, chain, erasure, picture
from lineofsight.vocabulary.identifiers import authority_code, source_name

def die(*_, **__):
    os._exit(9)

def then_die(function):
    def both(*arguments, **named):
        function(*arguments, **named)
        os._exit(9)
    return both

POINTS = {
    "as it arrives": lambda: setattr(blobs.Arrival, "keep", die),
    "once its bytes are kept": lambda: setattr(blobs.Arrival, "keep", then_die(blobs.Arrival.keep)),
    "before its head is meant": lambda: setattr(anchor, "mean", die),
    "once its head is meant": lambda: setattr(anchor, "mean", then_die(anchor.mean)),
    "before the commit": lambda: setattr(chain, "_insert_blocks", then_die(chain._insert_blocks)),
    "between commit and anchor": lambda: setattr(anchor, "note", die),
    "once its head is noted": lambda: setattr(anchor, "note", then_die(anchor.note)),
    "before its arrival ends": lambda: setattr(blobs.Arrival, "completed", die),
    "before history is caught up": lambda: setattr(picture, "catch_up_each", die),
    "before bytes are released": lambda: setattr(blobs.Arrival, "end", die),
}
POINTS.get(sys.argv[1], lambda: None)()
if len(sys.argv) > 3:
    erasure.erase_statement("901", sys.argv[3], "named somebody", by="Ben")
else:
    path = Path(sys.argv[2])
    files, name = recipe.read_path_once(path)
    recipe.load(files, name, authority_code("901"), source_name("record"), received_at=None, by="Cass")
"""
COMMITTED = {
    "between commit and anchor",
    "once its head is noted",
    "before its arrival ends",
    "before history is caught up",
}
POINTS = [
    "as it arrives",
    "once its bytes are kept",
    "before its head is meant",
    "once its head is meant",
    "before the commit",
    *sorted(COMMITTED),
]


def a_file(home: Home, name: str = "large", rows: int = 50) -> Path:
    path = home.path.parent / f"{name}.jsonl"
    path.write_bytes(written(*(a_statement(f"{name}-{number}") for number in range(rows))).content)
    return path


def check_whole_or_absent(rows: int) -> bool:
    """Whether the delivery is there; raises where only a part of it is."""
    found = verify(each_row=True)
    assert found.holds, found.failures
    read = Link.objects.filter(kind=chain.READ)
    assert read.count() == Block.objects.filter(table="statement").count()
    assert picture.history(NORTHSHIRE, "statement").height in ((0, rows) if read.count() < 2 else (rows,))
    return read.exists()


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point_it_is_whole_or_absent_and_loading_again_completes_it(
    home: Home, point: str
) -> None:
    path = a_file(home)
    dying = home.python(LOADING, point, path)
    assert dying.wait(60) == 9, dying.communicate()
    assert check_whole_or_absent(50) is (point in COMMITTED)
    again = home.answer("load", path, "--authority", "901", "--source", "record")[0]
    assert again["heard_before"] is (point in COMMITTED)
    assert check_whole_or_absent(50)
    assert len(answers.every_delivery()) == 1
    assert not list((blobs.folder() / "arriving").iterdir())
    assert len(blobs.hashes()) == 1


def test_bytes_of_a_killed_delivery_are_taken_away_by_the_next_to_come(home: Home) -> None:
    dying = home.python(LOADING, "once its bytes are kept", a_file(home))
    assert dying.wait(60) == 9
    assert len(blobs.hashes()) == 1
    assert verify().holds
    load(a_statement("one"), source="other")
    assert len(blobs.hashes()) == 1
    assert blobs.hashes() == {chain.body_of(Link.objects.get())["sha256"]}


@pytest.mark.parametrize(
    "point", ["before the commit", "between commit and anchor", "before bytes are released"]
)
def test_an_erasure_that_is_killed_is_whole_or_absent(home: Home, point: str) -> None:
    load(a_statement("one"), a_statement("two"))
    load(a_statement("three"), source="other")
    dying = home.python(LOADING.replace("_insert_blocks", "_rewrite"), point, "-", "record/one")
    assert dying.wait(60) == 9, dying.communicate()
    assert verify(each_row=True).holds
    ids = {one["id"] for one in home.answer("statements")["statements"]}
    assert ids == ({"one", "two", "three"} if point == "before the commit" else {"two", "three"})
    load(a_statement("four"), source="other")  # the next to come ends what was begun
    assert len(blobs.hashes()) == (3 if point == "before the commit" else 2)
    assert verify(each_row=True).holds
    if point == "before the commit":
        erasure.erase_statement(NORTHSHIRE, "record/one", "named somebody", by="Ben")
        assert verify(each_row=True).holds


def test_killed_at_random_moments_it_is_whole_or_absent(home: Home) -> None:
    """Each time a larger file than the last, so that each load is a delivery of its own."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    longest = 1.0
    outcomes = []
    for number in range(8):
        path = a_file(home, f"n{number}", ROWS)
        before = Link.objects.filter(kind=chain.READ).count()
        rows = picture.history(NORTHSHIRE, "statement").height
        begun = time.monotonic()
        dying = home.python(LOADING, "never", path)
        if number:
            try:
                dying.wait(chance.uniform(0.3 * longest, longest))
            except Exception:
                dying.send_signal(signal.SIGKILL)
        dying.wait(120)
        longest = max(longest, time.monotonic() - begun) if not number else longest
        found = verify()
        assert found.holds, (seed, found.failures)
        after = Link.objects.filter(kind=chain.READ).count()
        outcomes.append(after - before)
        assert after - before in (0, 1), seed
        assert picture.history(NORTHSHIRE, "statement").height == rows + ROWS * (after - before), seed
    load(a_statement("last"))
    assert verify(each_row=True).holds
    assert outcomes[0] == 1


def test_two_processes_loading_the_same_file_at_once_add_it_once(home: Home) -> None:
    path = a_file(home, rows=500)
    both = [home.python(LOADING, "never", path) for _ in range(2)]
    for one in both:
        assert one.wait(120) == 0, one.communicate()
    assert len(answers.every_delivery()) == 1
    assert Link.objects.filter(kind=chain.RECEIVED_AGAIN).count() == 1
    assert check_whole_or_absent(500)


def test_processes_loading_different_files_to_one_source_at_once_add_each_in_turn(home: Home) -> None:
    paths = [a_file(home, f"n{number}", 300) for number in range(4)]
    loading = [home.python(LOADING, "never", path) for path in paths]
    for one in loading:
        assert one.wait(120) == 0, one.communicate()
    found = answers.every_delivery()
    assert [one["accepted"] for one in found] == [300] * 4
    moments = [one["received_at"] for one in found]
    assert moments == sorted(moments)
    assert check_whole_or_absent(1200)
    assert home.run("rebuild", "--compare").returncode == 0


def test_two_readers_read_twenty_waiting_deliveries_once_each(home: Home) -> None:
    for number in range(20):
        source = RECORD if number % 2 else "other"
        files = [written(a_statement(f"s{number}"))]
        recipe.receive(files, "a.jsonl", NORTHSHIRE, source, received_at=None, by="Ben")
    readers = [home.start("work", "--once") for _ in range(2)]
    for reader in readers:
        assert reader.wait(120) == 0
    assert not any(one["waiting"] for one in answers.every_delivery())
    assert Link.objects.filter(kind=chain.READ).count() == 20
    assert not Link.objects.filter(kind=chain.RECEIVED_AGAIN).exists()
    said = "".join(reader.communicate()[1] for reader in readers)
    assert said.count("is read.") == 20
    assert picture.history(NORTHSHIRE, "statement").height == 20
    assert verify(each_row=True).holds


def test_a_reader_that_was_killed_holds_nobody_up_for_ever(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = recipe.receive(
        [written(a_statement("one"))], "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Ben"
    )
    assert waiting.take_lease(said.link)  # as by a reader that was killed just then
    assert recipe.read_waiting(said.link, by="Cass") is None
    real = clock.now()
    monkeypatch.setattr(clock, "now", lambda: real.replace(year=real.year + 1))
    assert recipe.read_waiting(said.link, by="Cass") is not None


def test_a_reader_outlives_a_database_that_was_busy(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that ended at such a fault would leave what was acknowledged unread for ever."""
    recipe.receive([written(a_statement("s1"))], "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Ben")
    reads, links = 0, waiting.links

    def busy(*asked: str) -> object:
        nonlocal reads
        reads += 1
        if reads < 3:
            raise OperationalError("database is locked")
        return links(*asked)

    monkeypatch.setattr(waiting, "links", busy)
    done = home.run("work", "--once")
    assert done.returncode == 0, done.stderr
    assert "is tried again" in done.stderr
    assert not links().exists()
