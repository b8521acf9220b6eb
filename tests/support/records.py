"""A record with the public record of one county in it, for tests that only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from lineofsight.samples import PUBLIC_RECORD
from lineofsight.service.cli import samples
from lineofsight.service.receive import recipe


@contextmanager
def the_public_record() -> Iterator[recipe.Outcome]:
    """The sample loaded through the ordinary door, and taken back afterwards."""
    with transaction.atomic():
        files, name = recipe.read_path_once(PUBLIC_RECORD.folder)
        outcome = recipe.load(
            files, name, PUBLIC_RECORD.authority, PUBLIC_RECORD.source, received_at=None, by="tests"
        )
        samples.load_outcomes()
        yield outcome
        transaction.set_rollback(True)
