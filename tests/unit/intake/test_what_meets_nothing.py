"""Children and roles that meet nothing known: one finding a delivery, and a line of its reading report."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from lineofsight.engines.local import empty_history
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.elsewhere import meets_others
from lineofsight.intake.finding import numbered
from lineofsight.intake.formats import worklist
from lineofsight.intake.roles import with_roles
from lineofsight.record import frames
from lineofsight.record.tables import TABLES
from lineofsight.vocabulary.moments import FOREVER

CONTEXT = Context(datetime(2026, 3, 16, 9, tzinfo=UTC))


def listed(*children: str, role: str = "Lead", worker: str = "Ada Byron") -> Reading:
    lines = "".join(f"{child},{worker},{role}\n" for child in children)
    text = f"Child ID,Allocated worker,Role\n{lines}"
    return worklist.read([NamedBytes("list.csv", text.encode())], CONTEXT)


def episodes(*children: str, source: str = "roster") -> pl.DataFrame:
    rows = empty_history(TABLES["episode"]).clear(len(children))
    cells = {"child": pl.Series(children, dtype=pl.String)}
    return rows.with_columns(
        **cells, **{frames.SOURCE: pl.lit(source), frames.WITNESSED_TO: pl.lit(FOREVER, pl.Int64)}
    )


@pytest.mark.parametrize(
    ("known", "met", "severity"),
    [
        (("8", "9"), 0, "warning"),
        (("1", "2", "9"), 2, "note"),
        (("01", "02", "3"), 1, "warning"),
        (("C1", "C2"), 0, "warning"),
    ],
)
def test_children_whom_no_other_source_knows(known: tuple[str, ...], met: int, severity: str) -> None:
    [join], [finding] = meets_others("list", listed("1", "2", "3"), episodes(*known))
    assert (join.rows, join.met) == (3, met)
    [says] = finding["says"]
    assert finding["severity"].to_list() == [severity]
    assert says.startswith("The list says nothing of any child") is (met == 0)
    assert ("differ only by" in says) is ("01" in known)
    assert ("look like" in says) is bool({"C1", "01"} & set(known))


def test_where_all_are_known_or_nobody_else_tells_there_is_nothing_to_tell() -> None:
    reading = listed("1", "2")
    [join], findings = meets_others("list", reading, episodes("1", "2", "3"))
    assert (join.met, findings) == (2, [])
    assert meets_others("list", reading, episodes("7", source="list")) == ([], [])
    assert meets_others("list", listed(), episodes("7")) == ([], [])
    assert meets_others("list", Reading({}, {}, 0, 0, []), episodes("7")) == ([], [])


def told(reading: Reading, *roles: str) -> list[str]:
    found = with_roles(reading, Context(CONTEXT.received_at, roles=frozenset(roles)))
    assert len([one for one in found.report.joins if one.column == "role"]) == len(found.findings) - len(
        reading.findings
    )
    return numbered(found.findings).filter(code="J05")["says"].to_list()


def test_roles_of_which_none_counts() -> None:
    assert told(listed("1", "2"), "CW")[0].startswith("The 2 rows with a worker have no role that")
    assert told(listed("1"), "CW")[0].startswith("The 1 row with a worker has no role that")
    assert "no role, and" in told(listed("1", role=""), "CW")[0]
    assert told(listed("1"), " lead ") == []
    assert told(listed("1", worker=""), "CW") == []
    assert with_roles(listed("1"), CONTEXT).report.joins == []
