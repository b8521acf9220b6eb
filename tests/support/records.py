"""The public record of one county, loaded through the ordinary door."""

from __future__ import annotations

from lineofsight.samples import PUBLIC_RECORD
from lineofsight.service.cli import samples
from lineofsight.service.receive import recipe


def load_the_public_record() -> None:
    """Load the sample and what became of other authorities into the home stood in."""
    files, name = recipe.read_path_once(PUBLIC_RECORD.folder)
    recipe.load(files, name, PUBLIC_RECORD.authority, PUBLIC_RECORD.source, received_at=None, by="tests")
    samples.load_outcomes()
