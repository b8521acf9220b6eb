"""The homes that tests may ask for. A home is real: its database commits, its files are on a disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from filelock import FileLock
from pytest_django.plugin import DjangoDbBlocker

from lineofsight.samples import PUBLIC_RECORD
from lineofsight.service.models import Link
from lineofsight.service.receive.recipe import Outcome
from lineofsight.service.store import chain
from tests.service.homes import (
    Copy,
    Home,
    database_of,
    drop_filled,
    drop_postgres,
    make_postgres,
    postgres_url,
    standing_in,
)
from tests.support import surroundings
from tests.support.records import load_the_public_record


def _fill(blocker: DjangoDbBlocker, folder: Path, before: Copy | None, fill: Callable[[], object]) -> Copy:
    """A copy of a home after something was done to it."""
    home = Home(Path(f"{folder}-being-filled"))
    home.path.mkdir(parents=True)
    if surroundings.ON_POSTGRES:
        home.url = postgres_url(make_postgres())
    with blocker.unblock(), standing_in(home, database_of(home)):
        if before:
            before.put_into(home)
        fill()
        copy = Copy.of(home, Path(f"{folder}-copied"))
    if home.url:
        drop_postgres(database_of(home))
    copy.folder.rename(folder)  # the folder is there only when it is whole
    return Copy(folder, copy.database)


def _once_a_run(
    name: str,
    factory: pytest.TempPathFactory,
    blocker: DjangoDbBlocker,
    before: Copy | None,
    fill: Callable[[], object],
) -> Iterator[Copy]:
    """A filled home, made by whichever worker needs it first; on PostgreSQL by each worker for itself."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ and not surroundings.ON_POSTGRES:
        root = root.parent
    with FileLock(root / f"{name}.lock"):
        copy = Copy(root / name) if (root / name).exists() else _fill(blocker, root / name, before, fill)
    yield copy
    if copy.database:
        drop_postgres(copy.database)


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Copy]:
    """A home whose database has its tables and triggers, to be copied."""

    def migrate() -> None:
        call_command("migrate", verbosity=0, interactive=False)

    yield from _once_a_run("migrated", tmp_path_factory, django_db_blocker, None, migrate)
    drop_filled()


@pytest.fixture(scope="session")
def _public_record(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker, _migrated: Copy
) -> Iterator[Copy]:
    """A home in which the public record of one county is loaded, to be copied."""
    yield from _once_a_run(
        "public-record", tmp_path_factory, django_db_blocker, _migrated, load_the_public_record
    )


def _made_from(copy: Copy, path: Path) -> Home:
    home = Home(path)
    if surroundings.ON_POSTGRES:
        home.url = postgres_url(make_postgres(copy.database))
    copy.put_files_into(home)
    return home


def _end(home: Home) -> None:
    home.end()
    if home.url:
        drop_postgres(database_of(home))


@pytest.fixture(scope="session")
def django_db_setup(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker, _migrated: Copy
) -> Iterator[None]:
    """What `django_db` stands in: a home as well, so that a database is migrated once and not twice."""
    home = _made_from(_migrated, tmp_path_factory.mktemp("db") / "home")
    with django_db_blocker.unblock(), standing_in(home, database_of(home)):
        django_db_blocker.block()
        yield
        django_db_blocker.restore()
    _end(home)


@pytest.fixture
def new_home(tmp_path: Path, _migrated: Copy) -> Iterator[Callable[[str], Home]]:
    """Makes a home whose database has its tables; each name a home of its own."""
    made: list[Home] = []

    def make(name: str) -> Home:
        made.append(_made_from(_migrated, tmp_path / name))
        return made[-1]

    yield make
    for home in made:
        _end(home)


@pytest.fixture
def home(new_home: Callable[[str], Home], django_db_blocker: DjangoDbBlocker) -> Iterator[Home]:
    """A home in which this process and those it starts keep their record."""
    home = new_home("home")
    with django_db_blocker.unblock(), standing_in(home, database_of(home)):
        yield home


@pytest.fixture(scope="module")
def record(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    _public_record: Copy,
) -> Iterator[Outcome]:
    """The public record of one county, for tests that only read: gives what became of its delivery."""
    home = _made_from(_public_record, tmp_path_factory.mktemp("record") / "home")
    with django_db_blocker.unblock(), standing_in(home, database_of(home)):
        yield Outcome(Link.objects.get(source=PUBLIC_RECORD.source, kind=chain.READ))
    _end(home)
