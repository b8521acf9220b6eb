"""Looks at an install and gathers the facts that the checks judge. Changes nothing: it makes no table and no home."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min, QuerySet

from lineofsight.queries.sources import late_sources
from lineofsight.service.access.records import open_records
from lineofsight.service.health import facts as seen
from lineofsight.service.models import Lease, Link
from lineofsight.service.receive import earlier
from lineofsight.service.settings import SETTINGS
from lineofsight.service.store import chain, clock, newer, stamps, triggers
from lineofsight.vocabulary.moments import microseconds, moment_of
from lineofsight.vocabulary.refusal import Refused

_MOST_FILES = 50_000
_JOURNAL = (
    "/etc/systemd/journald.conf",
    "/etc/systemd/journald.conf.d",
    "/run/systemd/journald.conf.d",
    "/usr/lib/systemd/journald.conf.d",
)
_RETENTION = re.compile(r"^\s*MaxRetentionSec\s*=\s*(\S.*?)\s*$", re.MULTILINE)
_OURS = "LINEOFSIGHT_"
_OF_TESTS = f"{_OURS}TEST_"
_LOCAL = ("", "localhost", "127.0.0.1", "::1")


def look(*, logs: Path | None = None, through: seen.Through | None = None) -> seen.Facts:
    """Everything there is to see of this install."""
    database = _database()
    return seen.Facts(
        now=clock.now(),
        home=_home(Path(settings.HOME)),
        settings=settings_seen(os.environ),
        database=database,
        work=None if not database.exists or database.fault or database.unapplied else _work(),
        disk=disk(),
        logs=_logs(logs),
        reader=stamps.read(stamps.READER),
        verified=stamps.read(stamps.VERIFIED),
        backed_up=stamps.read(stamps.BACKED_UP),
        drilled=stamps.read(stamps.DRILLED),
        through=through,
    )


def _home(home: Path) -> seen.Home:
    account = _name_of(os.geteuid())
    if not home.is_dir():
        return seen.Home(str(home), False, False, "nobody", account, 0, 0, 0, None)
    about = [entry.lstat() for entry in (home, *_entries(home))]
    mode = home / "mode"
    return seen.Home(
        path=str(home),
        exists=True,
        writable=os.access(home, os.W_OK | os.X_OK),
        owner=_name_of(about[0].st_uid),
        account=account,
        foreign=sum(one.st_uid != about[0].st_uid for one in about),
        # Where nobody else can enter the home, what lies in it is closed, whatever its own bits say.
        open_to_group=sum(bool(one.st_mode & 0o070) for one in about) if about[0].st_mode & 0o010 else 0,
        open_to_all=sum(bool(one.st_mode & 0o007) for one in about) if about[0].st_mode & 0o001 else 0,
        mode=mode.read_text("utf-8", "replace").strip() if os.access(mode, os.R_OK) else None,
    )


def _entries(home: Path) -> Iterator[Path]:
    """What lies in the home, up to a number that is enough to see how things are."""
    count = 0
    for folder, folders, files in os.walk(home):
        for name in (*folders, *files):
            path = Path(folder, name)
            if os.path.lexists(path):
                yield path
            count += 1
            if count == _MOST_FILES:
                return


def _name_of(number: int) -> str:
    """An account's name, or its number where it has none."""
    import pwd  # only where the platform has it

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def settings_seen(environment: Mapping[str, str]) -> seen.Settings:
    """The settings that can be unsafe."""
    known = tuple(one.name for one in SETTINGS)
    ours = sorted(name for name in environment if name.startswith(_OURS) and not name.startswith(_OF_TESTS))
    return seen.Settings(
        mode=settings.MODE,
        debug=settings.DEBUG,
        secret_key=settings.SECRET_KEY,
        hosts=tuple(settings.ALLOWED_HOSTS),
        https=settings.HTTPS,
        cookies_secure=settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE,
        proxy=settings.PROXY,
        second_step=settings.MFA_REQUIRED,
        unknown=tuple(name for name in ours if name not in known),
        known=known,
    )


def _database() -> seen.Database:
    vendor = connection.vendor
    if vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return seen.Database(vendor, exists=False)
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        before = clock.now()
        theirs, zone, encrypted, version = (
            _of_postgres() if vendor == "postgresql" else (_disks_clock(), "UTC", True, 0)
        )
        return seen.Database(
            vendor,
            unapplied=tuple(f"{one.app_label} {one.name}" for one, _ in plan),
            newer=newer.changes(executor.loader),
            missing_triggers=() if plan else tuple(triggers.missing(connection)),
            version=version,
            zone=zone,
            encrypted=encrypted,
            remote=str(connection.settings_dict.get("HOST") or "").partition("/")[0] not in _LOCAL,
            clock_ahead=theirs - before if theirs else timedelta(),
        )
    except DatabaseError as fault:
        return seen.Database(vendor, fault=type(fault).__name__)


def _of_postgres() -> tuple[datetime, str, bool, int]:
    """Its clock, the connection's time zone, whether the connection is encrypted, its version."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp(), current_setting('TimeZone'), current_setting('server_version_num')::int,"
            " coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)"
        )
        moment, zone, version, encrypted = cursor.fetchone()
    return moment, zone, encrypted, version


def _disks_clock() -> datetime | None:
    """The present moment as the file system of the home tells it; None where nothing can be written."""
    try:
        with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
            return moment_of(os.fstat(file.fileno()).st_mtime_ns // 1000)
    except OSError:
        return None


def _work() -> seen.Work | None:
    """The record's own state; None where it cannot be read."""
    now = clock.now()
    try:
        newest = Link.objects.order_by("-number").first()
        unread = earlier.unread()
        unconfirmed = to_confirm()
        return seen.Work(
            links=newest.number if newest else 0,
            newest=moment_of(newest.witnessed_at) if newest else None,
            waiting=unread.count(),
            waiting_since=_oldest(unread),
            to_confirm=unconfirmed.count(),
            to_confirm_since=_oldest(unconfirmed),
            is_reading=Lease.objects.filter(until__gt=microseconds(now)).exists(),
            late=tuple(
                (record.authority, one.name, one.late_by)
                for record in open_records()
                for one in late_sources(record, now)
                if one.late_by
            ),
        )
    except (DatabaseError, OSError, Refused):
        return None


def to_confirm() -> QuerySet[Link]:
    """The links of deliveries that need a person's confirmation, oldest first."""
    done = Link.objects.filter(kind__in=(chain.READ, chain.SET_ASIDE)).values("delivery")
    return chain.links(chain.AWAITING_CONFIRMATION).exclude(delivery__in=done)


def _oldest(links: QuerySet[Link]) -> datetime | None:
    oldest = links.aggregate(oldest=Min("witnessed_at"))["oldest"]
    return None if oldest is None else moment_of(oldest)


# -- room ------------------------------------------------------------------------------------------


def disk() -> seen.Disk:
    """Room on the home's disk, what the record takes, and room where the last backup was written."""
    home = Path(settings.HOME)
    usage = shutil.disk_usage(home if home.is_dir() else "/")
    backed_up = stamps.read(stamps.BACKED_UP)
    folder = Path(str(backed_up.says.get("folder", ""))) if backed_up else None
    there = folder is not None and folder.is_absolute() and folder.is_dir()
    return seen.Disk(
        free=usage.free,
        total=usage.total,
        record=sum(path.lstat().st_size for path in _entries(home) if path.is_file()) + database_bytes(),
        backup_free=shutil.disk_usage(folder).free if folder and there else None,
    )


def database_bytes() -> int:
    """How large a database outside the home is; 0 for SQLite's, whose file lies in the home, and where nobody can tell."""
    if connection.vendor != "postgresql":
        return 0
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    except DatabaseError:
        return 0


# -- the log ---------------------------------------------------------------------------------------


def _logs(folder: Path | None) -> seen.Logs:
    if folder is None:
        journal = Path("/run/systemd/journal").exists()
        return seen.Logs(journal=journal, retention=retention(map(Path, _JOURNAL)) if journal else "")
    try:
        oldest = min(path.stat().st_mtime for path in folder.iterdir() if path.is_file())
    except (OSError, ValueError):
        return seen.Logs(folder=str(folder))
    return seen.Logs(str(folder), int((clock.now().timestamp() - oldest) // 86_400))


def retention(places: Iterable[Path]) -> str:
    """How long the journal keeps lines, by its settings; the first place that says so counts, empty where none does."""
    for place in places:
        files = sorted(place.glob("*.conf")) if place.is_dir() else [place]
        for file in files:
            try:
                match = _RETENTION.search(file.read_text("utf-8", "replace"))
            except OSError:
                continue
            if match and match[1] not in ("0", "infinity"):
                return match[1]
    return ""
