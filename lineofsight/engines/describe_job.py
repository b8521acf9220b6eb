"""Looks at the files of a source that is being described, in a process of its own: `python -m … JOB.json`.

As `lineofsight.intake.reader` does for a reading: whatever a file does, it does to this process alone, and
what was found is written as JSON, never as anything that runs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lineofsight.engines.describing import Answer, children_named, columns_found, figure_found, owners_found
from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.faults import FAULTS, place_of
from lineofsight.intake.limits import check_delivery, check_unpacked
from lineofsight.intake.reader import RESULT, ReadingFailed
from lineofsight.intake.settings import read_settings
from lineofsight.intake.unpacking import opened
from lineofsight.queries.as_json import to_json
from lineofsight.vocabulary.moments import read_moment
from lineofsight.vocabulary.refusal import Refused


def answer(files: Sequence[NamedBytes], asked: Mapping[str, Any]) -> Answer:
    """What is found by `asked`: `task` is columns, owners, named or figure. Refuses files that cannot be read.

    `received_at` is a moment; `leave_out` the children who may not be shown; `columns`, `format` and `line`
    a person's choices; `settings` the TOML for the figure.
    """
    check_delivery(files)
    check_unpacked(opened(files))
    moment = read_moment(asked["received_at"])
    leave_out = asked["leave_out"]
    context = Context(
        moment,
        columns=asked.get("columns") or {},
        authority=asked["authority"],
        closed=asked.get("closed") or {},
        is_full_list=True,
    )
    if asked["task"] == "columns":
        found = columns_found(
            files,
            context,
            kind=asked.get("format"),
            line=asked.get("line"),
            leave_out=leave_out,
            by_shape=asked["by_shape"],
        )
        return dict(to_json(found))
    if asked["task"] == "owners":
        return dict(to_json(owners_found(files, asked["format"], context)))
    settings = read_settings(asked["settings"].encode())
    if asked["task"] == "named":
        return {"named": children_named(files, settings.format, settings.context(moment))}
    return dict(to_json(figure_found(opened(files), settings.name, settings, context.received_on, leave_out)))


def write_job(folder: Path, files: Sequence[NamedBytes], asked: Mapping[str, Any]) -> Path:
    """Write what is to be looked at; every file must be on the disk."""
    named = [{"name": file.name, "path": str(file.path)} for file in files]
    job = folder / "job.json"
    job.write_text(json.dumps({"files": named, "asked": asked}))
    return job


def read_answer(folder: Path) -> Answer:
    """The answer that the process wrote. Raises Refused where it refused, ReadingFailed where the program failed."""
    result = json.loads((folder / RESULT).read_text())
    if "refused" in result:
        raise Refused(result["refused"])
    if "failed" in result:
        raise ReadingFailed(result["failed"])
    return dict(result["found"])


def main(job: Path) -> None:
    """Look at what a job names and write what was found beside the job."""
    stated = json.loads(job.read_text())
    files = [NamedBytes(file["name"], path=Path(file["path"])) for file in stated["files"]]
    try:
        result: dict[str, Any] = {"found": answer(files, stated["asked"])}
    except Refused as refused:
        result = {"refused": str(refused)}
    except MemoryError:
        raise  # it ends here, as where the system ends it, and is tried again
    except FAULTS as fault:
        result = {"failed": place_of(fault)}
    (job.parent / RESULT).write_text(json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
