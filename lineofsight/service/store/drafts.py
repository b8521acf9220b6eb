"""Files of a source that somebody is describing: kept with other arriving files for an hour, and no part of the record."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.store import clock, reader_process

SECONDS = 3600
"""How long a draft is kept after its files were uploaded."""
_STATE = "draft.json"


@dataclass(frozen=True)
class Draft:
    """A source that is being described: its id, its files, when they were uploaded, and what was answered so far."""

    id: str
    folder: Path
    files: Sequence[NamedBytes]
    made_at: float
    answers: Mapping[str, Any]


def start(owner: str, files: Sequence[NamedBytes], answers: Mapping[str, Any]) -> Draft:
    """Keep the files of a new draft; one that the same owner had before is forgotten."""
    reader_process.tidy_incoming()
    folder = Path(tempfile.mkdtemp(prefix="draft-", dir=reader_process.incoming()))
    kept = []
    for number, file in enumerate(files):
        path = folder / f"file-{number}"
        with file.stream() as stream, path.open("wb") as out:
            shutil.copyfileobj(stream, out)
        kept.append({"name": file.name, "path": path.name})
    state = {"id": uuid4().hex, "made_at": clock.now().timestamp(), "files": kept, "answers": dict(answers)}
    _write(folder / _STATE, state)
    forget(owner)
    folder.rename(_folder(owner))
    return _opened(_folder(owner), state)


def current(owner: str) -> Draft | None:
    """The owner's draft; None where there is none, or it has expired."""
    folder = _folder(owner)
    try:
        state = json.loads((folder / _STATE).read_text())
    except (OSError, ValueError):
        return None
    if clock.now().timestamp() - state["made_at"] > SECONDS:
        forget(owner)
        return None
    return _opened(folder, state)


def answered(draft: Draft, answers: Mapping[str, Any]) -> Draft:
    """The draft with more answers, kept."""
    names = [{"name": file.name, "path": Path(str(file.path)).name} for file in draft.files]
    state = {
        "id": draft.id,
        "made_at": draft.made_at,
        "files": names,
        "answers": {**draft.answers, **answers},
    }
    _write(draft.folder / _STATE, state)
    return _opened(draft.folder, state)


def looked(draft: Draft, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is found in the draft's files; asked again, it is read from what was found before."""
    key = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:24]
    kept = draft.folder / f"found-{key}.json"
    try:
        return dict(json.loads(kept.read_text()))
    except (OSError, ValueError):
        found = reader_process.look(draft.files, asked)
    _write(kept, found)
    return found


def forget(owner: str) -> None:
    """Remove the owner's draft and everything found in its files."""
    shutil.rmtree(_folder(owner), ignore_errors=True)


def _folder(owner: str) -> Path:
    return reader_process.incoming() / f"draft-{hashlib.sha256(owner.encode()).hexdigest()[:32]}"


def _opened(folder: Path, state: Mapping[str, Any]) -> Draft:
    files = [NamedBytes(file["name"], path=folder / file["path"]) for file in state["files"]]
    return Draft(state["id"], folder, files, state["made_at"], state["answers"])


def _write(path: Path, state: Mapping[str, Any]) -> None:
    """Another process never reads half of the file."""
    part = path.with_name(f"{path.name}.{uuid4().hex}")
    part.write_text(json.dumps(state))
    part.replace(path)
