"""What it takes to preview a night of a county, beside reading its cells and hashing its bytes and no more."""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from benchmarks import county
from benchmarks.measuring import Size, pair
from lineofsight.engines.preview import ToPreview, preview
from lineofsight.intake.delivery import NamedBytes

_DAY = date(2019, 10, 8)


def measure(_home: Path, size: Size) -> None:
    """A night as the folder of tables that an analyst has; the promise is ten seconds for 30,000 children."""
    with tempfile.TemporaryDirectory() as folder:
        night = Path(folder) / "night.zip"
        night.write_bytes(county.zipped(county.county(size.children)))
        name = f"a preview of {size.children:,} children, beside reading and hashing the files"
        pair(name, 20, partial(_preview, night), partial(_bare, night), size.rounds)


def _preview(night: Path) -> None:
    found = preview([ToPreview(night.name, [NamedBytes(night.name, path=night)], _DAY)], None)
    assert found.figure.population, "the made-up county has children who are counted"


def _bare(night: Path) -> None:
    content = night.read_bytes()
    hashlib.sha256(content).hexdigest()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            pl.read_csv(archive.read(name), infer_schema=False)
