"""Commands that run the service: demo, serve, work, settings."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Sequence

import click
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connections

from lineofsight.intake.faults import FAULTS, place_of
from lineofsight.queries.record import AWAITING_CONFIRMATION, READ, SET_ASIDE
from lineofsight.queries.search_text import connect
from lineofsight.samples import PUBLIC_RECORD, county
from lineofsight.service.cli import samples, sign_ins, summary
from lineofsight.service.cli.wording import Example, answers, whoever
from lineofsight.service.models import Link
from lineofsight.service.receive import loading, notices, recipe, waiting
from lineofsight.service.serving import metrics, supervisor
from lineofsight.service.settings import SETTINGS
from lineofsight.service.store import clock, reader_process, releasing, stamps
from lineofsight.vocabulary.refusal import Refused


@click.command(cls=Example, example="lineofsight demo --port 8001")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-serve", is_flag=True, help="Load the samples and print the summary, but do not serve.")
@click.option(
    "--nights",
    default="few",
    show_default=True,
    type=click.Choice(["none", "few", "all"]),
    help="How many nights of the fictional county to load: none, those at which its story turns, or all 730 "
    "(about twenty minutes).",
)
@click.option(
    "--county-only", is_flag=True, hidden=True, help="Load the fictional county and print the sign-ins."
)
@click.pass_context
def demo(context: click.Context, port: int, no_serve: bool, nights: str, county_only: bool) -> None:
    """Load the samples through the ordinary door, print the summary, the address and the sign-in, and serve.

    The public record is served at once; the fictional county is loaded behind it, and the sign-ins are
    printed when it is there. Stopped and started again, it goes on with what is missing and loads nothing twice.
    """
    if county_only:
        _load_county(nights)
        return
    _load_public_record()
    if no_serve:
        _load_county(nights)
        return
    if "LINEOFSIGHT_MFA" not in os.environ:
        os.environ["LINEOFSIGHT_MFA"] = "optional"
        click.echo(
            "\nTwo-step sign-in is turned off for this demonstration; everywhere else it is on unless turned off."
        )
    if nights == "none":
        _load_county(nights)
        context.invoke(serve, port=port, workers=2)
        return
    click.echo(
        f"\n{county.NAME}, a fictional county, is loaded behind it; the sign-ins are printed when it is there.\n"
    )
    _serve(port, "127.0.0.1", 2, work=True, beside=["demo", "--county-only", "--nights", nights])


@answers
def _load_public_record() -> None:
    samples.load_public_record()
    samples.load_outcomes()
    click.echo(summary.summary_of(PUBLIC_RECORD.authority))


@answers
def _load_county(nights: str) -> None:
    try:
        samples.load_county(nights)
    finally:
        loading.ended()
    if nights != "none":
        click.echo(
            f"\n{county.NAME} is a fictional county, authority {county.AUTHORITY}. Begin with:  "
            f"lineofsight figure unallocated --authority {county.AUTHORITY} --as-at {county.OPENS_ON}"
        )
    sign_ins.make()


@click.command(cls=Example, example="lineofsight serve --port 8000 --workers 4")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-work", is_flag=True, help="Do not start a reader of waiting deliveries.")
@answers
def serve(port: int, workers: int, host: str = "127.0.0.1", *, no_work: bool = False) -> None:
    """Serve the pages, and read the deliveries that come by them."""
    _serve(port, host, workers, work=not no_work)


_BOTH = (
    "LINEOFSIGHT_MODE is both: children's records and pages that anybody may read share this host. That is for "
    "demonstrations. Otherwise run two installs: one in mode public, one in mode service."
)


@answers
def _serve(port: int, host: str, workers: int, *, work: bool, beside: Sequence[str] = ()) -> None:
    """Serve, and run one other command beside it, once."""
    connect().close()  # refuses where pages could not be searched
    measuring = metrics.place(settings.METRICS, settings.METRICS_TOKEN)
    listening = _listening(host, port)
    click.echo(f"Line of Sight is at http://{host}:{port}/  (Ctrl+C stops it)")
    if settings.MODE == "both":
        click.echo(_BOTH)
    sys.stdout.flush()
    connections.close_all()  # each worker opens its own
    with tempfile.TemporaryDirectory(prefix="lineofsight-metrics-") as shared:
        if measuring:
            os.environ[metrics.SHARED] = shared  # where the workers' counts meet: before any of them starts
            click.echo(f"Metrics are at http://{settings.METRICS}/metrics")
            sys.stdout.flush()
        supervisor.supervise(listening, workers, read=work, measure=bool(measuring), beside=beside)


def _listening(host: str, port: int) -> socket.socket:
    try:
        return supervisor.listen(host, port)
    except OSError as fault:
        raise Refused(
            f"The service cannot listen on {host} port {port} ({fault.strerror}); give another --port."
        ) from None


_SIGN_SECONDS = 10
_TRIES, _PAUSE = 10, 0.5
"""How often `work --once` tries again, and the seconds between."""


@click.command(cls=Example, example="lineofsight work --once")
@click.option("--once", is_flag=True, help="Read what waits now, then stop.")
@click.option(
    "--every", default=5.0, show_default=True, type=click.FloatRange(min=0.1), help="Seconds between looks."
)
@click.option("--beside", type=int, hidden=True, help="End when the parent process is not this one any more.")
@answers
def work(once: bool, every: float, beside: int | None) -> None:
    """Read waiting deliveries, oldest first. Several may run: each delivery is read once.

    A delivery that cannot be read is set aside with a finding that says why, and the others are read. Once a day
    it deletes the files of deliveries that name children, where the policy by which they are kept has passed.
    """
    faults = 0
    while True:
        faults = 0 if _read_waiting() else faults + 1
        if faults > _TRIES and once:
            raise Refused("Not every waiting delivery could be read; nothing was left half done. Try again.")
        if once and not faults:
            _tell_what_waits()
            return
        if beside is not None and os.getppid() != beside:
            return
        close_old_connections()
        time.sleep(min(every, _PAUSE) if once else every)


def _tell_what_waits() -> None:
    """Say that deliveries still wait: another reader has the first of them, or was killed while it read."""
    left = waiting.links().count()
    if left:
        click.echo(
            f"{left} still wait behind one that another reader has; run this again in a minute.", err=True
        )


def _read_waiting() -> bool:
    """Read what waits, oldest first; False where a fault of the moment kept something from being read.

    A reader outlives a database that was busy and a disk that was full, and reads what it can meanwhile:
    nothing else would read what has been acknowledged.
    """
    _tell_that_it_runs()
    try:
        reader_process.tidy_incoming()
        queue = list(waiting.links())
    except (OperationalError, InterfaceError, OSError) as fault:
        return _interrupted(fault)
    read = [_read(link) for link in queue]  # each of them, whatever became of the one before
    return all(read) and _release() and _tell_others()


def _tell_others() -> bool:
    """Send notices where somebody is to be told; one that cannot be sent is tried again and holds up nothing."""
    try:
        notices.tell_new()
    except (OperationalError, InterfaceError, OSError) as fault:
        return _interrupted(fault)
    return True


def _release() -> bool:
    """Release files that are due, once a day; False where it is to be tried again."""
    try:
        released = releasing.release_daily(by=f"work ({whoever()})")
    except (OperationalError, InterfaceError, OSError) as fault:
        return _interrupted(fault)
    for one in released:
        click.echo(
            f"Files of {len(one.due.deliveries)} deliveries were released under {one.due.policy.name}.",
            err=True,
        )
    return True


def _tell_that_it_runs() -> None:
    """Leave a sign that a reader runs, a few times a minute: `doctor` and monitors look for it."""
    last = stamps.read(stamps.READER)
    if last is None or abs((clock.now() - last.at).total_seconds()) > _SIGN_SECONDS:
        stamps.note(stamps.READER)


def _interrupted(fault: BaseException) -> bool:
    click.echo(f"Reading was interrupted ({type(fault).__name__}) and is tried again.", err=True)
    connections.close_all()
    return False


def _read(link: Link) -> bool:
    """Read one delivery; False where it is to be tried again. Whatever happens, the others can be read."""
    try:
        outcome = recipe.read_waiting(link, by=f"work ({whoever()})")
    except recipe.Busy as busy:
        click.echo(f"Delivery {link.delivery} waits: {busy}", err=True)
        return False
    except recipe.BytesChanged as changed:
        click.echo(f"Delivery {link.delivery} waits: {changed}", err=True)
        return True
    except (OperationalError, InterfaceError, OSError) as fault:
        return _interrupted(fault)
    except FAULTS as fault:
        # It could not even be set aside. Its place is told, and the delivery goes on waiting.
        click.echo(f"Delivery {link.delivery} waits: the program failed in {place_of(fault)}.", err=True)
        connections.close_all()
        return False
    if outcome is not None:
        click.echo(f"Delivery {link.delivery} of {link.source} {_BECAME[outcome.link.kind]}.", err=True)
    return True


_BECAME = {
    READ: "is read",
    AWAITING_CONFIRMATION: "waits for a named person to confirm it",
    SET_ASIDE: "could not be read and was set aside",
}
"""What became of a delivery, by the kind of its newest link."""


@click.command("settings", cls=Example, example="lineofsight settings")
def settings_command() -> None:
    """List the settings: environment variables, what each means, and what holds where it is not set."""
    for setting in SETTINGS:
        state = "set" if setting.name in os.environ else f"not set: {setting.default}"
        click.echo(f"{setting.name}\n    {setting.says}\n    {state}")


COMMANDS = (demo, serve, work, settings_command)
