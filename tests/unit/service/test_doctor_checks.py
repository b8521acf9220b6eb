"""Each check of `doctor` passes where things are in order, and fails for each thing that is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lineofsight.queries.upkeep import BROKEN, LOOK, OK
from lineofsight.service.health import facts as seen
from lineofsight.service.health.checks import judge
from lineofsight.service.store.stamps import Stamp

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
KEY = "Zp3xq8Lm0Tr5Vw2Yb7Nc4Kd9Hf6Jg1Rs8Ua5Eo2Iq7Wx3Pv"
URL = "https://los.example.org"


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def done(**span: float) -> Stamp:
    return Stamp(ago(**span), {"holds": True})


GOOD = seen.Facts(
    now=NOW,
    home=seen.Home("/srv/los", True, True, "los", "los", 0, 0, 0, "service"),
    settings=seen.Settings(
        mode="service",
        debug=False,
        secret_key=KEY,
        hosts=("los.example.org",),
        https=True,
        cookies_secure=True,
        proxy="127.0.0.1",
        second_step=True,
        unknown=(),
        known=("LINEOFSIGHT_MODE", "LINEOFSIGHT_HOSTS"),
    ),
    database=seen.Database("postgresql", version=150004),
    work=seen.Work(links=7, newest=ago(hours=4)),
    disk=seen.Disk(free=80 * 10**9, total=100 * 10**9, record=10**9),
    logs=seen.Logs(journal=True, retention="90day"),
    reader=done(seconds=5),
    verified=done(days=1),
    backed_up=done(hours=9),
    drilled=done(days=30),
    through=seen.Through(
        URL,
        status=200,
        hsts="max-age=31536000",
        certificate_until=NOW + timedelta(days=60),
        plain=301,
        plain_to=f"{URL}/",
        address="203.0.113.9",
        saw_https=True,
        host="los.example.org",
        spoofed="192.0.2.77",
    ),
)


def changed(part: str, **what: Any) -> seen.Facts:
    """The facts with one part changed; `part` empty changes the facts themselves."""
    return replace(GOOD, **({part: replace(getattr(GOOD, part), **what)} if part else what))


def test_where_everything_is_in_order_every_check_passes() -> None:
    results = judge(GOOD)
    assert [one for one in results if one.state != OK or one.do] == []
    assert len({one.check for one in results}) == len(results)


WRONG: tuple[tuple[str, str, seen.Facts, str], ...] = (
    ("home", BROKEN, changed("home", exists=False), "LINEOFSIGHT_HOME"),
    ("home", BROKEN, changed("home", writable=False), "chown"),
    ("home", BROKEN, changed("home", open_to_all=1), "1 file or folder in"),
    ("home", LOOK, changed("home", account="root"), "Run every command as los"),
    ("home", LOOK, changed("home", foreign=2), "2 files and folders"),
    ("home", LOOK, changed("home", open_to_group=2), "chmod"),
    ("home", BROKEN, changed("home", mode="public"), "LINEOFSIGHT_MODE=public"),
    ("mode", BROKEN, changed("settings", debug=True), "DEBUG"),
    ("mode", BROKEN, changed("settings", second_step=False), "LINEOFSIGHT_MFA"),
    ("mode", LOOK, changed("settings", mode="both"), "service or public"),
    ("secret key", BROKEN, changed("settings", secret_key="short"), "easy to guess"),
    ("secret key", BROKEN, changed("settings", secret_key="x" * 50), "easy to guess"),
    ("secret key", BROKEN, changed("settings", secret_key=f"django-insecure-{KEY}"), "easy to guess"),
    ("hosts", BROKEN, changed("settings", hosts=("*",)), "LINEOFSIGHT_HOSTS"),
    ("hosts", BROKEN, changed("settings", hosts=(".example.org",)), "LINEOFSIGHT_HOSTS"),
    ("https", BROKEN, changed("settings", https=False), "LINEOFSIGHT_HTTPS=1"),
    ("https", BROKEN, changed("settings", cookies_secure=False), "fault of ours"),
    ("https", LOOK, changed("settings", https=False, hosts=("localhost",)), "LINEOFSIGHT_PROXY"),
    ("variables", LOOK, changed("settings", unknown=("LINEOFSIGHT_MOED",)), "perhaps LINEOFSIGHT_MODE"),
    ("variables", LOOK, changed("settings", unknown=("LINEOFSIGHT_ZZZ",)), "Nothing reads LINEOFSIGHT_ZZZ."),
    ("database", BROKEN, changed("database", exists=False), "lineofsight verify"),
    ("database", BROKEN, changed("database", fault="OperationalError"), "DATABASE_URL"),
    ("database", BROKEN, changed("database", newer=("service 0099",)), "newer release"),
    ("database", BROKEN, changed("database", missing_triggers=("service_link_no_update",)), "1 trigger"),
    ("database", LOOK, changed("database", unapplied=("service 0009",)), "Back up"),
    ("database", BROKEN, changed("database", version=130001), "PostgreSQL 13"),
    ("database", LOOK, changed("database", zone="Europe/London"), "Europe/London"),
    ("database", BROKEN, changed("database", remote=True, encrypted=False), "sslmode"),
    ("clock", BROKEN, changed("work", newest=NOW + timedelta(hours=1)), "1 hour in the future"),
    ("clock", BROKEN, changed("database", clock_ahead=timedelta(minutes=-2)), "2 minutes"),
    ("clock", LOOK, changed("database", clock_ahead=timedelta(seconds=9)), "9 seconds"),
    ("disk", BROKEN, changed("disk", free=10**8), "100 MB"),
    ("disk", BROKEN, changed("disk", free=10**9), "Make room now"),
    ("disk", LOOK, changed("disk", backup_free=10**9), "Where backups go"),
    ("disk", LOOK, changed("disk", record=90 * 10**9), "takes already"),
    ("backup", BROKEN, changed("", backed_up=None), "never backed up"),
    ("backup", LOOK, changed("", backed_up=done(hours=40)), "1 day ago"),
    ("backup", BROKEN, changed("", backed_up=done(days=9)), "9 days ago"),
    ("restore drill", LOOK, changed("", drilled=None), "restore-drill"),
    ("restore drill", LOOK, changed("", drilled=done(days=200)), "200 days ago"),
    ("restore drill", BROKEN, changed("", drilled=Stamp(ago(days=1), {"holds": False})), "did not hold"),
    ("verify", LOOK, changed("", verified=None), "never verified"),
    ("verify", LOOK, changed("", verified=done(days=9)), "9 days ago"),
    ("verify", BROKEN, changed("", verified=Stamp(ago(days=1), {"holds": False})), "did not hold"),
    ("reader", LOOK, changed("", reader=None), "No reader ever"),
    ("reader", LOOK, changed("", reader=done(hours=1)), "1 hour old"),
    ("reader", BROKEN, replace(changed("work", waiting=1), reader=None), "Start"),
    ("deliveries", BROKEN, changed("work", waiting=2, waiting_since=ago(hours=2)), "2 deliveries not read"),
    ("deliveries", LOOK, changed("work", to_confirm=1, to_confirm_since=ago(days=4)), "1 delivery need"),
    (
        "sources",
        LOOK,
        changed("work", late=(("901", "nightly", timedelta(hours=14)),)),
        "nightly of 901 by 14 hours",
    ),
    ("log", LOOK, changed("logs", retention=""), "MaxRetentionSec"),
    ("log", LOOK, changed("logs", folder="/var/log/los"), "cannot be read"),
    ("log", LOOK, changed("logs", folder="/var/log/los", oldest_days=500), "logrotate"),
    ("proxy", BROKEN, changed("through", fault="timed out"), "timed out"),
    ("proxy", BROKEN, changed("through", status=400), "answered 400"),
    ("proxy", BROKEN, changed("through", address=None), "another install"),
    ("proxy", BROKEN, changed("through", address="192.0.2.77"), "claim any address"),
    ("proxy", BROKEN, changed("through", saw_https=False), "X-Forwarded-Proto"),
    ("proxy", BROKEN, changed("through", host="127.0.0.1:8000"), "Host header"),
    ("proxy", BROKEN, changed("through", host="example.org"), "was asked as example.org"),
    ("proxy", LOOK, changed("through", hsts=""), "Strict-Transport-Security"),
    ("proxy", LOOK, changed("through", certificate_until=NOW + timedelta(days=3)), "3 days"),
    ("proxy", LOOK, changed("through", plain=200, plain_to=""), "redirect"),
)


@pytest.mark.parametrize(
    ("check", "state", "facts", "words"), WRONG, ids=[f"{one[0]}: {one[3]}" for one in WRONG]
)
def test_what_is_wrong_is_said_with_what_to_do(check: str, state: str, facts: seen.Facts, words: str) -> None:
    results = {one.check: one for one in judge(facts)}
    found = results[check]
    assert (found.state, bool(found.do)) == (state, True)
    assert words in f"{found.seen} {found.do}"
    assert KEY not in str(results)


def test_every_check_has_a_failing_case() -> None:
    assert {one.check for one in judge(GOOD)} == {one[0] for one in WRONG}


@pytest.mark.parametrize(
    ("check", "facts"),
    [
        ("backup", replace(changed("work", links=0), backed_up=None)),
        ("reader", replace(changed("work", is_reading=True), reader=None)),
        ("https", changed("settings", https=False, proxy="", hosts=("localhost",))),
        ("log", changed("logs", folder="/var/log/los", oldest_days=30)),
        ("log", changed("logs", journal=False)),
        ("proxy", changed("", through=None)),
        ("database", changed("database", vendor="sqlite", version=0)),
    ],
)
def test_what_is_in_order_in_another_way_passes(check: str, facts: seen.Facts) -> None:
    assert {one.check: one.state for one in judge(facts)}[check] == OK


def test_where_the_database_does_not_answer_nothing_is_claimed_of_deliveries() -> None:
    states = {one.check: one.state for one in judge(changed("", work=None))}
    assert states["reader"] == states["deliveries"] == states["sources"] == LOOK
