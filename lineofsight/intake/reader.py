"""Reads one delivery in a process of its own: `python -m lineofsight.intake.reader JOB.json`.

Whatever a file does to its reader, it does to this process alone; whoever started it watches how much
memory and time it takes. What was read is written as Arrow files, never as anything that runs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.faults import FAULTS, place_of
from lineofsight.intake.formats import format_named
from lineofsight.intake.limits import check_delivery, check_unpacked
from lineofsight.intake.report import ReadingReport
from lineofsight.intake.roles import with_roles
from lineofsight.intake.unpacking import opened
from lineofsight.record.tables import TABLES
from lineofsight.vocabulary.moments import read_moment, written
from lineofsight.vocabulary.refusal import Refused

RESULT = "result.json"
MOST_RESULT_BYTES = 256 * 2**20
"""How much may have been read, as Arrow: whoever compares it holds it, and what was known before, in memory."""


class ReadingFailed(Exception):
    """The program failed in the reader's own process; the text is the place, as `faults.place_of` gives it."""


def read(kind: str, files: Sequence[NamedBytes], context: Context) -> Reading:
    """Read a delivery here and now; refuses what cannot be one."""
    check_delivery(files)
    inside = opened(files)
    check_unpacked(inside)
    return with_roles(format_named(kind).read(inside, context), context)


# -- the job, as whoever starts the reader writes it ------------------------------------------------


def write_job(folder: Path, kind: str, files: Sequence[NamedBytes], context: Context) -> Path:
    """Write what is to be read; files that are only in memory are laid beside it."""
    named = []
    for number, file in enumerate(files):
        path = file.path
        if path is None:
            path = folder / f"file-{number}"
            path.write_bytes(file.content)
        named.append({"name": file.name, "path": str(path)})
    stated = {
        "received_at": written(context.received_at),
        "ends_inclusive": context.ends_inclusive,
        "columns": dict(context.columns),
        "authority": context.authority,
        "workers_named": sorted(context.workers_named),
        "other_lists": context.other_lists,
        "roles": None if context.roles is None else sorted(context.roles),
        "closed": dict(context.closed),
        "is_full_list": context.is_full_list,
        "spellings": dict(context.spellings),
        "different": list(map(list, context.different)),
    }
    job = folder / "job.json"
    job.write_text(json.dumps({"format": kind, "files": named, "context": stated}))
    return job


# -- the reading, as the reader writes it ----------------------------------------------------------


def write_reading(folder: Path, reading: Reading) -> None:
    """Write a reading as Arrow files and a list of them."""
    size = sum(int(frame.estimated_size()) for frame in (*reading.rows.values(), *reading.findings))
    if size > MOST_RESULT_BYTES:
        raise Refused("The delivery holds more rows than can be compared at once; deliver it in parts.")
    tables = {
        name: _written(folder, f"rows-{at}", frame) for at, (name, frame) in enumerate(reading.rows.items())
    }
    present = {
        name: [
            _OF_ROWS if _are_keys_of(reading, name, frame) else _written(folder, f"present-{at}-{n}", frame)
            for n, frame in enumerate(frames)
        ]
        for at, (name, frames) in enumerate(reading.present.items())
    }
    findings = [_written(folder, f"findings-{at}", frame) for at, frame in enumerate(reading.findings)]
    result = {
        "rows": tables,
        "present": present,
        "findings": findings,
        "received": reading.received,
        "quarantined": reading.quarantined,
        "refused_rows": {
            name: _written(folder, f"refused-{at}", frame)
            for at, (name, frame) in enumerate(reading.refused_rows.items())
        },
        "unlimited": sorted(reading.unlimited),
        "lists": sorted(reading.lists),
        "subject_kinds": sorted(reading.subject_kinds),
        "report": reading.report.says(),
    }
    (folder / RESULT).write_text(json.dumps(result))


_OF_ROWS = ""
"""In place of a file: the keys present are those of the rows themselves, as where none was refused."""


def _are_keys_of(reading: Reading, name: str, keys: pl.DataFrame) -> bool:
    rows = reading.rows.get(name)
    return (
        rows is not None and keys.columns == list(TABLES[name].key) and keys.equals(rows.select(keys.columns))
    )


def _written(folder: Path, name: str, frame: pl.DataFrame) -> str:
    frame.write_ipc(folder / name)
    return name


def _result(folder: Path) -> dict[str, Any]:
    """What a reader wrote last. Raises Refused where it refused, ReadingFailed where the program failed."""
    result: dict[str, Any] = json.loads((folder / RESULT).read_text())
    if "refused" in result:
        raise Refused(result["refused"])
    if "failed" in result:
        raise ReadingFailed(result["failed"])
    return result


def read_reading(folder: Path) -> Reading:
    """The reading that a reader wrote; a refusal where it refused."""
    result = _result(folder)

    def frame(name: str) -> pl.DataFrame:
        return pl.read_ipc(folder / name)

    rows = {name: frame(file) for name, file in result["rows"].items()}
    return Reading(
        rows=rows,
        present={
            name: [rows[name].select(TABLES[name].key) if file == _OF_ROWS else frame(file) for file in files]
            for name, files in result["present"].items()
        },
        received=result["received"],
        quarantined=result["quarantined"],
        findings=[frame(file) for file in result["findings"]],
        unlimited=frozenset(result["unlimited"]),
        refused_rows={name: frame(file) for name, file in result["refused_rows"].items()},
        lists=frozenset(result["lists"]),
        subject_kinds=frozenset(result["subject_kinds"]),
        report=ReadingReport.of(result["report"]),
    )


# -- a report's pages, for whoever completes its reading ------------------------------------------

PAGES = "pages-"
"""A job of this name and a number draws that page of a report and those after it."""
PAGES_AT_ONCE = 12
"""How many pages one job draws, so that no report takes longer than a reading may."""


@dataclass(frozen=True)
class Pages:
    """A report's words, page by page, and the pictures of some of its pages as PNG, by their number from 1."""

    words: tuple[str, ...] = ()
    pictures: Mapping[int, bytes] = field(default_factory=dict)


def pages(file: NamedBytes, first: int = 1) -> Pages:
    """Every page's words, and the pictures of the page `first` and those after it; refuses what cannot be read."""
    # Only here: most deliveries hold no report, and would wait for what draws one.
    from lineofsight.intake.formats.pdf_picture import picture_of
    from lineofsight.intake.formats.pdf_text import pages_of

    words = pages_of(file)
    drawn = range(first, min(first + PAGES_AT_ONCE, len(words) + 1))
    return Pages(tuple(words), {number: picture_of(file, number) or b"" for number in drawn})


def read_pages(folder: Path) -> Pages:
    """The pages that a reader drew; a refusal where it refused."""
    result = _result(folder)
    pictures = {number: (folder / f"page-{number}").read_bytes() for number in result["drawn"]}
    return Pages(tuple(result["words"]), pictures)


def _write_pages(folder: Path, drawn: Pages) -> None:
    for number, picture in drawn.pictures.items():
        (folder / f"page-{number}").write_bytes(picture)
    (folder / RESULT).write_text(json.dumps({"words": drawn.words, "drawn": list(drawn.pictures)}))


def main(job: Path) -> None:
    """Read what a job names and write what came of it beside the job."""
    folder, stated = job.parent, json.loads(job.read_text())
    files = [NamedBytes(file["name"], path=Path(file["path"])) for file in stated["files"]]
    try:
        if stated["format"].startswith(PAGES):
            _write_pages(folder, pages(files[0], int(stated["format"].removeprefix(PAGES))))
            return
        about = stated["context"]
        context = Context(
            read_moment(about["received_at"]),
            about["ends_inclusive"],
            about["columns"],
            about["authority"],
            frozenset(about["workers_named"]),
            about["other_lists"],
            None if about["roles"] is None else frozenset(about["roles"]),
            about["closed"],
            about["is_full_list"],
            about["spellings"],
            about["different"],
        )
        write_reading(folder, read(stated["format"], files, context))
    except Refused as refused:
        (folder / RESULT).write_text(json.dumps({"refused": str(refused)}))
    except MemoryError:
        raise  # it ends here, as where the system ends it, and is tried again
    except FAULTS as fault:
        (folder / RESULT).write_text(json.dumps({"failed": place_of(fault)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
