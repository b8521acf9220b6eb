"""The console command. Exits 0 on success, 1 where the answer is no, 2 on a mistake that can be mended."""

from __future__ import annotations

import os
import sys

import click


def main() -> None:
    """Run the command named by the arguments."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.service.settings")
    # Readers of a closed pipe (`| head`) are not a fault of ours.
    try:
        _group()(standalone_mode=False)
    except click.ClickException as mistake:
        mistake.show()
        sys.exit(2)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def _group() -> click.Group:
    """The commands; Django is set up first because they import its models."""
    import django  # noqa: PLC0415 - after the settings are named

    django.setup()
    from lineofsight.service.cli.commands import lineofsight  # noqa: PLC0415 - after Django is set up

    return lineofsight
