"""A home made before a table had all its columns: it is read, built anew, added to and verified as before."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from lineofsight.engines import local
from lineofsight.intake.delivery import NamedBytes
from lineofsight.queries import statements as read
from lineofsight.queries.record import View
from lineofsight.record import block
from lineofsight.record.arrow import entry_schema
from lineofsight.record.tables import TABLES
from lineofsight.record.tables.statement import STATEMENT
from lineofsight.service.access.records import open_record
from lineofsight.service.access.view import present
from lineofsight.service.receive import recipe
from lineofsight.service.store import picture
from lineofsight.service.store.verify import verify
from lineofsight.vocabulary.identifiers import authority_code, source_name
from tests.service.homes import Home

pytestmark = pytest.mark.databases

STATED = {
    "subject_kind": "review",
    "subject": "Child Zz",
    "says": "s",
    "said_by": "x",
    "said_on": "2019-10-01",
    "kind": "claim",
    "source_title": "t",
    "source_publisher": "p",
}
LATER = ("step", "owner", "test", "evidence")


def load(*some: dict[str, str]) -> None:
    content = json.dumps({"statements": [{**STATED, **one} for one in some]}).encode()
    recipe.load(
        [NamedBytes("s.json", content)],
        "s.json",
        authority_code("928"),
        source_name("tests"),
        received_at=None,
        by="tests",
    )


def _before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pack statements as they were packed before those columns were there."""
    packed = block.pack

    def pack(table: object, entries: pa.Table) -> block.Block:
        if table is not STATEMENT:
            return packed(table, entries)  # type: ignore[arg-type]
        kept = pa.schema([one for one in entry_schema(STATEMENT) if one.name not in LATER])
        with monkeypatch.context() as older:
            older.setattr(block, "entry_schema", lambda _: kept)
            older.setattr(
                block,
                "block_schema",
                lambda _: pa.schema([*kept, pa.field("_leaf", pa.int32()), pa.field("_salt", pa.binary(16))]),
            )
            return packed(STATEMENT, entries)

    monkeypatch.setattr(block, "pack", pack)


def test_rows_written_before_a_column_was_added_are_read_with_it_empty(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        _before(older)
        load({"id": "old"})
    load({"id": "old"}, {"id": "new", "step": "published"})
    found = {one.id: one.step for one in read.statements(open_record("928"), View(None, present()))}
    assert found == {"old": None, "new": "published"}
    assert picture.rebuild_and_compare() == []
    assert verify().holds


def test_a_frame_that_lacks_nothing_is_given_as_it_is() -> None:
    rows = local.empty_history(TABLES["statement"])
    assert local.whole(TABLES["statement"], rows) is rows
    assert local.whole(TABLES["statement"], rows.drop("step")).columns[-1] == "step"
