"""History files: caught up step by step they are what they would be from scratch; readers never see half."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lineofsight.engines import local
from lineofsight.engines.local import HistoryFiles, Manifest, collect, empty_history, lazy
from lineofsight.record import frames, history
from lineofsight.record.entry import Entry, Operation
from lineofsight.vocabulary.moments import FOREVER
from tests.support.histories import KEYLESS, STAY, an_empty_block, as_blocks, histories

NewFiles = Callable[[], HistoryFiles]


@pytest.fixture
def new_files(tmp_path_factory: pytest.TempPathFactory) -> NewFiles:
    """Files in a folder that does not exist yet, another one each time."""
    return lambda: HistoryFiles(tmp_path_factory.mktemp("history") / "928" / "stay", STAY)


def said(position: int, child: str = "A", *, gone: bool = False) -> Entry:
    row = {"child": child, "place": "x", "begun_on": None, "ended_on": None, "count": position}
    return Entry(
        position, "one", Operation.WITHDRAWN if gone else Operation.STATED, row, position * 10, position * 10
    )


def take_in(files: HistoryFiles, *entries: Entry) -> None:
    """One catching up with these entries, each a block of its own."""
    files.catch_up(as_blocks(entries), entries[-1].position, f"hash-{entries[-1].position}")


def kept(files: HistoryFiles) -> list[tuple[int, int, int, object]]:
    names = [frames.POSITION, frames.ATTESTED_TO, frames.WITNESSED_TO, "count"]
    return files.rows().sort(frames.POSITION).select(names).rows()  # type: ignore[return-value]


by_scratch_and_by_step = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@by_scratch_and_by_step
@given(entries=histories(most=20), cuts=st.sets(st.integers(0, 20)))
def test_step_by_step_is_as_from_scratch_and_as_the_plain_rule(
    new_files: NewFiles, entries: list[Entry], cuts: set[int]
) -> None:
    """However deliveries are grouped into catchings-up (also empty ones), the rows and the ends of their
    spans are the same, and the same as plain Python gives."""
    stepped, whole = new_files(), new_files()
    for begin, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(entries)], strict=True):
        some = entries[begin:end]
        stepped.catch_up(as_blocks(some), some[-1].position if some else stepped.manifest().link, "")
    whole.replace(as_blocks(entries), len(entries), "")
    order = [frames.POSITION]
    assert stepped.rows().sort(order).equals(whole.rows().sort(order), null_equal=True)
    plain = sorted((s.entry.position, s.attested_to, s.witnessed_to) for s in history.spans(STAY, entries))
    assert [row[:3] for row in kept(stepped)] == plain


def test_no_history_is_empty_with_every_column(new_files: NewFiles) -> None:
    files = new_files()
    assert files.manifest() == Manifest()
    assert files.rows().equals(empty_history(STAY))
    take_in(files, said(1))
    assert files.rows().schema == empty_history(STAY).schema, "with rows it has the same form as without"
    assert empty_history(KEYLESS).height == 0


def test_it_is_caught_up_though_nothing_was_said_of_this_table(new_files: NewFiles) -> None:
    """Most deliveries say nothing of most tables; and of a block all of whose rows were erased nothing is left."""
    files = new_files()
    files.catch_up([], 7, "h7")
    assert files.manifest() == Manifest(7, "h7")
    assert files.rows().height == 0
    take_in(files, said(8))
    before = files.manifest()
    files.catch_up([an_empty_block(9)], 9, "h9")
    assert files.manifest() == Manifest(9, "h9", before.segments, before.ends)


def test_a_later_version_closes_the_one_before(new_files: NewFiles) -> None:
    files = new_files()
    take_in(files, said(1), said(2, "B"))
    take_in(files, said(3), said(4, "B", gone=True))
    assert kept(files) == [(1, 30, 30, 1), (2, 40, 40, 2), (3, FOREVER, FOREVER, 3)]


def test_a_segment_once_written_is_never_changed(new_files: NewFiles) -> None:
    """Others have it mapped into their memory: a version is closed in the file of ends, which is made anew."""
    files = new_files()
    take_in(files, said(1))
    first = files.manifest()
    seen = files.rows()
    bytes_before = {name: (files.folder / name).read_bytes() for name in first.files}
    take_in(files, said(2))
    assert {name: (files.folder / name).read_bytes() for name in first.files} == bytes_before
    assert seen[frames.ATTESTED_TO].to_list() == [FOREVER], "a picture opened before stays as it was"


def test_many_small_segments_become_one(new_files: NewFiles) -> None:
    """One more than the limit, and everything is written into one; nothing changes for a reader."""
    files, count = new_files(), local._MOST_SEGMENTS
    for number in range(1, count + 1):
        take_in(files, said(number, f"child {number % 7}"))
    assert len(files.manifest().segments) == count
    before = kept(files)
    take_in(files, said(count + 1, "another"))
    assert len(files.manifest().segments) == 1
    assert kept(files)[:-1] == before
    take_in(files, said(count + 2, "another"))
    assert len(files.manifest().segments) == 2
    assert kept(files)[-2][1] == (count + 2) * 10


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"link": "x"}',
        '{"what": 1}',
        '{"segments": 5}',
        '{"segments": [1], "ends": "e"}',
        "\udcff",
    ],
)
def test_an_unreadable_manifest_is_none(new_files: NewFiles, text: str) -> None:
    """Whatever was done to it, the files are made again from the ledger."""
    files = new_files()
    files.folder.mkdir(parents=True)
    (files.folder / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert files.manifest() == Manifest()
    assert files.rows().height == 0
    take_in(files, said(1))
    assert [row[0] for row in kept(files)] == [1]


@pytest.mark.parametrize("lost", ["segments", "ends"])
def test_a_manifest_that_names_a_file_that_is_gone_is_none(new_files: NewFiles, lost: str) -> None:
    files = new_files()
    take_in(files, said(1))
    gone = files.manifest().files[0 if lost == "segments" else -1]
    (files.folder / gone).unlink()
    assert files.manifest() == Manifest()


def test_a_manifest_that_is_a_folder_is_none(new_files: NewFiles) -> None:
    files = new_files()
    (files.folder / "manifest.json").mkdir(parents=True)
    assert files.manifest() == Manifest()


@pytest.mark.parametrize("content", [b"", b"nonsense", None])
def test_a_damaged_file_is_an_error_of_reading(new_files: NewFiles, content: bytes | None) -> None:
    """Not one of Arrow's own: whoever compares or opens history expects OSError, and rebuilds."""
    files = new_files()
    take_in(files, said(1))
    path = files.folder / files.manifest().ends
    path.write_bytes(path.read_bytes()[:200] if content is None else content)
    with pytest.raises(OSError, match=r"rebuild|empty"):
        files.rows()


def test_replacing_keeps_the_old_until_the_new_is_there(new_files: NewFiles) -> None:
    """A reader between the two, or a kill, must not find an empty history."""
    files = new_files()
    take_in(files, said(1))
    seen = []

    def blocks() -> object:
        seen.append(kept(files))
        yield from as_blocks([said(2)])

    files.replace(blocks(), 2, "h2")  # type: ignore[arg-type]
    assert [row[0] for row in seen[0]] == [1]
    assert [row[0] for row in kept(files)] == [2]


def test_blocks_already_taken_in_are_not_taken_in_again(new_files: NewFiles) -> None:
    """Two workers catch up at once: the slower one chose its blocks by an older manifest."""
    files = new_files()
    take_in(files, said(1))
    take_in(files, said(2))
    files.catch_up(as_blocks([said(2), said(3)]), 3, "h3")
    assert [row[0] for row in kept(files)] == [1, 2, 3]


def test_each_worker_builds_on_what_it_saw(new_files: NewFiles) -> None:
    """The slower of two workers may move the manifest back; the next catching up mends it, and at no time is
    a delivery missing that the manifest says was taken in."""
    files = new_files()
    take_in(files, said(1))
    seen = files.manifest()
    take_in(files, said(2))
    ahead = files.manifest()
    files.catch_up([], 1, "h1", seen)
    assert [row[0] for row in kept(files)] == [1]
    files.catch_up(as_blocks([said(3)]), 3, "h3", ahead)
    assert [row[0] for row in kept(files)] == [1, 2, 3]


def test_files_nobody_names_go_ten_minutes_after_they_were_last_named(new_files: NewFiles) -> None:
    """Not ten minutes after they were written: a reader may have read yesterday's manifest a moment ago."""
    files = new_files()
    take_in(files, said(1))
    old_ends = files.folder / files.manifest().ends
    _age(old_ends)
    stranger = files.folder / "left-by-a-kill.arrow"
    stranger.write_bytes(b"")
    _age(stranger)
    take_in(files, said(2))
    assert not stranger.exists()
    assert old_ends.exists()
    _age(old_ends)
    take_in(files, said(3))
    assert not old_ends.exists()
    assert [row[0] for row in kept(files)] == [1, 2, 3]


def _age(path: Path) -> None:
    os.utime(path, (1, 1))


def test_a_reader_whose_files_are_moved_on_reads_the_new_ones(
    new_files: NewFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the manifest and opening its files another worker may have moved on and tidied."""
    files = new_files()
    take_in(files, said(1))
    manifests = [Manifest(1, "", ["gone.arrow"], "gone.arrow"), files.manifest()]
    monkeypatch.setattr(files, "manifest", lambda: manifests.pop(0))
    assert files.rows().height == 1


@pytest.mark.slow
def test_readers_beside_a_writer_see_one_state_or_the_next(new_files: NewFiles) -> None:
    """As many rows as some delivery left, never a segment without its ends."""
    files, done = new_files(), threading.Event()
    take_in(files, said(1))
    seen: list[int] = []
    faults: list[BaseException] = []

    def look() -> None:
        reader = HistoryFiles(files.folder, STAY)
        while not done.is_set():
            try:
                rows = reader.rows()
                assert rows[frames.POSITION].sort().to_list() == list(range(1, rows.height + 1))
                seen.append(rows.height)
            except BaseException as fault:
                faults.append(fault)
                return

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(2, 61):
        take_in(files, said(number, f"child {number % 5}"))
    done.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert seen
    assert max(seen) <= 60


def test_the_manifest_is_plain_to_read(new_files: NewFiles) -> None:
    files = new_files()
    take_in(files, said(1))
    told = json.loads((files.folder / "manifest.json").read_text("utf-8"))
    assert told["link"] == 1
    assert told["hash"] == "hash-1"


def test_a_rule_is_collected() -> None:
    frame = pl.DataFrame({"begun_on": [1, 5, None], "ended_on": [3, None, 4]})
    assert collect(frames.holding(STAY, lazy(frame), 3))["begun_on"].to_list() == [None]
