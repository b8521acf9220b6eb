"""Checks of the install: folder, settings, database, clock, log. Each takes the facts and gives one line."""

from __future__ import annotations

import difflib
from datetime import timedelta

from lineofsight.queries.upkeep import BROKEN, LOOK, OK, Result
from lineofsight.service.health.facts import Facts
from lineofsight.service.health.wording import names, plural, span

_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
_LEAST_KEY = 40
_LEAST_POSTGRES = 140000
_LOG_DAYS = 400


def home(facts: Facts) -> Result:
    """Whether this account owns the home and nobody else on the machine can read it."""
    it = facts.home
    do = f"Run every command as {it.owner}, or give the folder to this account: chown -R {it.account} {it.path}"
    if not it.exists:
        return Result(
            "home", BROKEN, f"There is no folder {it.path}.", "Set LINEOFSIGHT_HOME to the home's folder."
        )
    if not it.writable:
        return Result(
            "home", BROKEN, f"{it.account} cannot write in {it.path}, which belongs to {it.owner}.", do
        )
    close = f"Close it: chmod -R go= {it.path}"
    if it.open_to_all:
        return Result(
            "home",
            BROKEN,
            f"Everybody on this machine can use {plural(it.open_to_all, 'file or folder', 'files and folders')} in {it.path}.",
            close,
        )
    if it.account != it.owner:
        return Result("home", LOOK, f"This runs as {it.account}, and {it.path} belongs to {it.owner}.", do)
    if it.foreign:
        return Result(
            "home",
            LOOK,
            f"{plural(it.foreign, 'file or folder', 'files and folders')} in {it.path} belong to another account.",
            do,
        )
    if it.open_to_group:
        return Result(
            "home",
            LOOK,
            f"The group can use {plural(it.open_to_group, 'file or folder', 'files and folders')} in {it.path}.",
            close,
        )
    if it.mode not in (None, facts.settings.mode):
        return Result(
            "home",
            BROKEN,
            f"{it.path} was made in mode {it.mode}, and LINEOFSIGHT_MODE is {facts.settings.mode}.",
            f"Set LINEOFSIGHT_MODE={it.mode}.",
        )
    return Result("home", OK, f"{it.path} belongs to {it.owner}, and nobody else can read it.")


def mode(facts: Facts) -> Result:
    """Whether a public record and children's records share a host, or somebody sees children without a second step."""
    it = facts.settings
    if it.debug:
        return Result(
            "mode",
            BROKEN,
            "Django's DEBUG is on: error pages show what was being worked on.",
            "Take it out of the settings.",
        )
    if it.mode == "service" and not it.second_step:
        return Result(
            "mode",
            BROKEN,
            "People can see children after a password alone.",
            "Take LINEOFSIGHT_MFA=optional out of the environment.",
        )
    if it.mode == "both":
        return Result(
            "mode",
            LOOK,
            "Children's records and public pages share this host, which is for demonstrations.",
            "Set LINEOFSIGHT_MODE to service or public before anything real is loaded.",
        )
    return Result("mode", OK, f"The mode is {it.mode}.")


def secret_key(facts: Facts) -> Result:
    """Whether the key that signs sessions is long and was not made up by hand."""
    key = facts.settings.secret_key
    if len(key) < _LEAST_KEY or len(set(key)) < 10 or "insecure" in key:
        return Result(
            "secret key",
            BROKEN,
            "The key that signs sessions is short or easy to guess.",
            "Take LINEOFSIGHT_SECRET_KEY out of the environment: one is made in the home. Everybody signs in again.",
        )
    return Result("secret key", OK, f"The key that signs sessions has {len(key)} characters.")


def hosts(facts: Facts) -> Result:
    """Whether the service answers only to host names it knows."""
    known = facts.settings.hosts
    wide = [name for name in known if name == "*" or name.startswith(".")]
    if wide or not known:
        return Result(
            "hosts",
            BROKEN,
            "The service answers to any host name.",
            "Set LINEOFSIGHT_HOSTS to the names that people use, separated by commas.",
        )
    return Result("hosts", OK, f"It answers to {names(known)}.")


def https(facts: Facts) -> Result:
    """Whether sign-ins can travel over a network unprotected."""
    it = facts.settings
    if not it.https and set(it.hosts) - _LOCAL:
        return Result(
            "https",
            BROKEN,
            f"People reach it as {names(sorted(set(it.hosts) - _LOCAL))}, and cookies may travel over plain HTTP.",
            "Put a proxy with TLS in front and set LINEOFSIGHT_HTTPS=1.",
        )
    if it.https and not it.cookies_secure:
        return Result(
            "https",
            BROKEN,
            "LINEOFSIGHT_HTTPS is 1, but cookies are not kept to HTTPS.",
            "Report this: it is a fault of ours.",
        )
    if it.proxy and not it.https:
        return Result(
            "https",
            LOOK,
            "LINEOFSIGHT_PROXY names a proxy, but LINEOFSIGHT_HTTPS is 0.",
            "Set LINEOFSIGHT_HTTPS=1, or take the proxy out.",
        )
    if not it.https:
        return Result("https", OK, "It answers on this machine only, without HTTPS.")
    return Result(
        "https", OK, f"Cookies go over HTTPS only; the proxy at {it.proxy or 'no address'} is believed."
    )


def variables(facts: Facts) -> Result:
    """Whether a variable that nobody reads is set: most likely a slip."""
    unknown = facts.settings.unknown
    if not unknown:
        return Result("variables", OK, "Every LINEOFSIGHT_ variable is one that is read.")
    near = [(name, difflib.get_close_matches(name, facts.settings.known, 1, cutoff=0.8)) for name in unknown]
    meant = [f"{name} (perhaps {found[0]})" if found else name for name, found in near]
    return Result(
        "variables",
        LOOK,
        f"Nothing reads {names(meant)}.",
        "Correct the name, or take it out; `lineofsight settings` lists all.",
    )


def database(facts: Facts) -> Result:
    """Whether the database answers, its tables are those of this release, and its triggers stand."""
    it = facts.database
    if not it.exists:
        return Result(
            "database", BROKEN, "There is no database yet.", "Run `lineofsight verify`, which makes it."
        )
    if it.fault:
        return Result(
            "database",
            BROKEN,
            f"The database does not answer ({it.fault}).",
            "Check DATABASE_URL, that the database runs, and that this account may use it.",
        )
    if it.newer:
        return Result(
            "database",
            BROKEN,
            f"A newer release has changed it ({names(it.newer)}).",
            "Install that release again, or restore the backup made before the upgrade.",
        )
    if it.missing_triggers:
        return Result(
            "database",
            BROKEN,
            f"{plural(len(it.missing_triggers), 'trigger is gone', 'triggers are gone')}, so that rows can be changed: {names(it.missing_triggers[:3])}.",
            "Find out who dropped them, run `lineofsight verify --each-row`, then restore a backup into an empty database.",
        )
    if it.unapplied:
        return Result(
            "database",
            LOOK,
            f"{plural(len(it.unapplied), 'change')} of this release are not made yet.",
            "Back up, then run `lineofsight verify`, which makes them.",
        )
    if it.version and it.version < _LEAST_POSTGRES:
        return Result(
            "database",
            BROKEN,
            f"It is PostgreSQL {it.version // 10000}.",
            "Upgrade to PostgreSQL 14 or later.",
        )
    if it.zone not in ("UTC", "Etc/UTC"):
        return Result(
            "database",
            LOOK,
            f"The connection's time zone is {it.zone}, not UTC.",
            "Take options=-c timezone out of DATABASE_URL.",
        )
    if it.remote and not it.encrypted:
        return Result(
            "database",
            BROKEN,
            "The connection to the database crosses a network unencrypted.",
            "Add ?sslmode=verify-full to DATABASE_URL.",
        )
    name = f"PostgreSQL {it.version // 10000}" if it.version else "SQLite"
    return Result("database", OK, f"{name} answers; its tables and triggers are those of this release.")


def clock(facts: Facts) -> Result:
    """Whether this machine's clock agrees with the database's, and nothing was recorded in the future."""
    ahead = facts.database.clock_ahead
    other = "the database's" if facts.database.vendor == "postgresql" else "that of the home's disk"
    do = "Have both machines keep time from the network (timedatectl set-ntp true)."
    if facts.work and facts.work.newest and facts.work.newest > facts.now + timedelta(seconds=5):
        return Result(
            "clock",
            BROKEN,
            f"The newest entry is {span(facts.work.newest - facts.now)} in the future: the clock was, or is, wrong.",
            do,
        )
    if abs(ahead) > timedelta(minutes=1):
        return Result("clock", BROKEN, f"The clock differs from {other} by {span(abs(ahead))}.", do)
    if abs(ahead) > timedelta(seconds=3):
        return Result("clock", LOOK, f"The clock differs from {other} by {span(abs(ahead))}.", do)
    return Result("clock", OK, f"The clock agrees with {other}, and nothing is recorded in the future.")


def log(facts: Facts) -> Result:
    """Whether lines of the log go after a stated time."""
    it = facts.logs
    if it.folder:
        if it.oldest_days is None:
            return Result(
                "log",
                LOOK,
                f"{it.folder} cannot be read, or is empty.",
                "Name the folder that holds the log with --logs.",
            )
        if it.oldest_days > _LOG_DAYS:
            return Result(
                "log",
                LOOK,
                f"The oldest file in {it.folder} is {it.oldest_days} days old.",
                "Have logrotate remove them after a stated time.",
            )
        return Result("log", OK, f"The oldest file in {it.folder} is {it.oldest_days} days old.")
    if it.journal and not it.retention:
        return Result(
            "log",
            LOOK,
            "The journal keeps lines until its room is used up.",
            "Set MaxRetentionSec in /etc/systemd/journald.conf.d, as packaging/systemd/journald.conf does.",
        )
    if it.journal:
        return Result("log", OK, f"The journal keeps lines for {it.retention}.")
    return Result("log", OK, "No journal on this machine; whoever starts the service keeps what it prints.")
