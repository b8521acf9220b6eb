"""What was seen of an install. `looking` fills these in, `checks` judges them; none holds a child's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lineofsight.service.store.stamps import Stamp


@dataclass(frozen=True)
class Home:
    """The home's folder: whether this account can write there, and what others can."""

    path: str
    exists: bool
    writable: bool
    owner: str
    """The account that owns it, and `account` the one that runs this."""
    account: str
    foreign: int
    """How many of its files and folders belong to another account."""
    open_to_group: int
    open_to_all: int
    """How many of them the group, or everybody on the machine, can read or write."""
    mode: str | None
    """The mode it was made in."""


@dataclass(frozen=True)
class Settings:
    """The settings that can be unsafe, as the service understands them."""

    mode: str
    debug: bool
    secret_key: str
    """Only for the checks; no result repeats it."""
    hosts: tuple[str, ...]
    https: bool
    cookies_secure: bool
    proxy: str
    second_step: bool
    unknown: tuple[str, ...]
    """Variables that begin as ours do and that nothing reads."""
    known: tuple[str, ...]


@dataclass(frozen=True)
class Database:
    """The database, where it answers; else only why it does not."""

    vendor: str
    exists: bool = True
    fault: str = ""
    unapplied: tuple[str, ...] = ()
    """Migrations that the code has and the database has not."""
    newer: tuple[str, ...] = ()
    """Migrations that the database has and the code does not know."""
    missing_triggers: tuple[str, ...] = ()
    version: int = 0
    """PostgreSQL's, such as 150004; 0 on SQLite."""
    zone: str = "UTC"
    encrypted: bool = True
    remote: bool = False
    clock_ahead: timedelta = timedelta()
    """By how much its clock is ahead of this machine's; on SQLite that of the home's file system."""


@dataclass(frozen=True)
class Work:
    """The record's own state: deliveries and the reader."""

    links: int = 0
    newest: datetime | None = None
    """The moment of the newest link."""
    waiting: int = 0
    waiting_since: datetime | None = None
    to_confirm: int = 0
    to_confirm_since: datetime | None = None
    is_reading: bool = False
    """A reader holds a lease on a delivery."""
    late: tuple[tuple[str, str, timedelta], ...] = ()
    """The authority, name and delay of each source that is late."""


@dataclass(frozen=True)
class Disk:
    """Room, in bytes: on the home's disk, and what the record takes."""

    free: int
    total: int
    record: int
    backup_free: int | None = None
    """Room where the last backup was written, if that folder is there."""


@dataclass(frozen=True)
class Logs:
    """How long lines of the log are kept."""

    folder: str = ""
    oldest_days: int | None = None
    """Of the folder, where one was named."""
    journal: bool = False
    """Whether the machine has a systemd journal."""
    retention: str = ""
    """What the journal's own settings say of how long they keep lines."""


@dataclass(frozen=True)
class Through:
    """What asking the service's own health page through the proxy showed."""

    url: str
    fault: str = ""
    """Why it could not be asked, or asked safely."""
    status: int = 0
    hsts: str = ""
    certificate_until: datetime | None = None
    plain: int | None = None
    """The status of the same page over http; None where nothing listens there."""
    plain_to: str = ""
    """Where that answer leads."""
    address: str | None = None
    """The client's address as the service saw it; None where it would not say."""
    saw_https: bool = False
    host: str = ""
    spoofed: str = ""
    """The address that was claimed, falsely, in X-Forwarded-For."""


@dataclass(frozen=True)
class Facts:
    """Everything that was seen, and when."""

    now: datetime
    home: Home
    settings: Settings
    database: Database
    work: Work | None
    """None where the database could not say."""
    disk: Disk
    logs: Logs
    reader: Stamp | None = None
    verified: Stamp | None = None
    backed_up: Stamp | None = None
    drilled: Stamp | None = None
    through: Through | None = None
    """None where no address was named."""
