"""The console command. Exits 0 on success, 1 where the answer is no, 2 on a mistake that can be mended.

What a person can mend is told in one sentence. A fault of ours exits with 70 and is told by where it
happened, never by its message: that may hold what was being read.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

import click
from django.core.exceptions import ImproperlyConfigured

_FAULT = 70
_WITHOUT_HOME = ("preview", "begin-record", "check-record")
"""Commands that keep nothing: they get a home of their own that is gone when they end."""
_PREFIX = "lineofsight-keeps-nothing-"


def main() -> None:
    """Run the command named by the arguments."""
    os.umask(0o077)  # what a record holds is for whoever keeps it
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.service.settings")
    try:
        sys.exit(_run_without_home() if sys.argv[1:2] and sys.argv[1] in _WITHOUT_HOME else _run())
    except BrokenPipeError:
        # Readers of a closed pipe (`| head`) are not a fault of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _run_without_home() -> int:
    """Run a command that keeps nothing, whatever home and database the environment names."""
    _tidy_left_homes()
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as home:
        before = {name: os.environ.pop(name, None) for name in ("LINEOFSIGHT_HOME", "DATABASE_URL")}
        os.environ["LINEOFSIGHT_HOME"] = home
        try:
            return _run()
        finally:
            os.environ.pop("LINEOFSIGHT_HOME", None)
            os.environ.update({name: value for name, value in before.items() if value is not None})


def _tidy_left_homes() -> None:
    """Remove such homes that killed commands left a day ago or earlier: what was read there may name children."""
    old = time.time() - 86_400
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if path.stat().st_mtime < old and path.stat().st_uid == os.getuid() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
        except OSError:
            continue  # another process was first


def _run() -> int:
    try:
        leaving = _group()(standalone_mode=False)
        sys.stdout.flush()
        return leaving if isinstance(leaving, int) else 0
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        return 2
    except click.UsageError as mistake:
        path = mistake.ctx.command_path if mistake.ctx else "lineofsight"
        _say(f"{mistake.format_message()} See {path} --help.")
        return 2
    except click.ClickException as mistake:
        _say(mistake.format_message())
        return 2
    except (click.Abort, KeyboardInterrupt):
        _say("Stopped.")
        return 130
    except BrokenPipeError:
        raise
    except UnicodeEncodeError as fault:
        return _not_text(fault)
    except Exception as fault:
        _say_fault(fault)
        return _FAULT


def _not_text(fault: UnicodeEncodeError) -> int:
    """Bytes that are not UTF-8 among the arguments, which only a path may hold, are a person's mistake."""
    if all(_is_text(word) for word in sys.argv):
        _say_fault(fault)
        return _FAULT
    _say("A word of the command is not UTF-8 text; write it in UTF-8.")
    return 2


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _say(sentence: str) -> None:
    click.echo("Error: " + " ".join(sentence.split()), err=True)


def _say_fault(fault: Exception) -> None:
    places = [
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(fault.__traceback__)
    ]
    _say(
        f"This is a fault of Line of Sight ({type(fault).__name__} at {' > '.join(places[-6:])}); please report that line."
    )


def _group() -> click.Group:
    """The commands; Django is set up first because they import its models."""
    import django

    try:
        django.setup()
    except (ImproperlyConfigured, OSError, ValueError) as fault:
        why = f"{fault.strerror}: {fault.filename}" if isinstance(fault, OSError) else str(fault)
        raise click.ClickException(
            f"The settings cannot be used: {why}. `lineofsight settings` lists them."
        ) from None
    from lineofsight.service.cli.commands import lineofsight

    return lineofsight
