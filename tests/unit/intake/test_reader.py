"""What a reader writes in its own process is read back whole."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lineofsight.intake import reader
from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.formats import format_named, formats

_PLAIN = "C1,R1,W1,2025-02-01,\nC2,R2,W2,2025-02-01,\n"


@pytest.mark.parametrize(
    ("rows", "refused", "files"),
    [
        (_PLAIN, 0, 0),
        (f"{_PLAIN}C1,R1,W1,2025-02-01,\n", 0, 0),
        (f"C3,R3,W3,2025-02-01,2024-02-01\n{_PLAIN}", 1, 1),
        (f"C3,R3,W3,soon,\n{_PLAIN}", 1, 1),
        ("", 0, 0),
    ],
)
def test_a_reading_is_the_same_written_and_read_back(
    rows: str, refused: int, files: int, tmp_path: Path
) -> None:
    """Also where the keys present are those of the rows, which are not written twice."""
    headings = "invo_person_id,invo_referral_id,invo_professional_id,invo_involvement_start_date"
    headings += ",invo_involvement_end_date\n"
    delivered = [NamedBytes("ssd_involvements.csv", f"{headings}{rows}".encode())]
    reading = reader.read("ssd_tables", delivered, Context(datetime(2026, 3, 16, 9, tzinfo=UTC)))
    assert reading.quarantined == refused
    reader.write_reading(tmp_path, reading)
    back = reader.read_reading(tmp_path)
    assert back.rows.keys() == reading.rows.keys()
    assert all(back.rows[name].equals(reading.rows[name]) for name in reading.rows)
    for name, present in reading.present.items():
        pairs = list(zip(back.present[name], present, strict=True))
        assert all(there.columns == here.columns and there.equals(here) for there, here in pairs)
    assert len(list(tmp_path.glob("present-*"))) == files


@pytest.mark.parametrize("loaded", [False, True])
def test_a_format_is_found_by_its_name_as_among_all(loaded: bool) -> None:
    expected = dict(formats())
    for name in ("", "pdf_text", "no_format", "../reader", *expected):
        if not loaded:
            formats.cache_clear()
        if name in expected:
            assert format_named(name) is expected[name]
        else:
            with pytest.raises(KeyError):
                format_named(name)


@pytest.mark.parametrize("name", ["ssd_tables", "worklist", "annex_a"])
def test_a_reader_loads_no_more_than_it_needs(name: str) -> None:
    """It is started for every delivery, and what it loads is most of what a small one waits for."""
    asks = "import sys; from lineofsight.intake import reader; reader.format_named(sys.argv[1]); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asks, name], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert f"lineofsight.intake.formats.{name}" in loaded
    assert not loaded & {"pyarrow", "narwhals", "pypdfium2", "django", "lineofsight.intake.formats.source"}
