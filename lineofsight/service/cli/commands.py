"""The group of commands."""

from __future__ import annotations

import click

from lineofsight.service.cli import (
    access_log,
    deliveries,
    evidence_pack,
    figures,
    inspecting,
    keeping,
    obligations,
    people,
    previewing,
    quality,
    reading,
    recording,
    registers,
    running,
    samples,
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Example:  lineofsight demo",
)
def lineofsight() -> None:
    """One true record of who answers for every child and every promise, as at any day."""


for command in (
    *running.COMMANDS,
    *previewing.COMMANDS,
    *reading.COMMANDS,
    *recording.COMMANDS,
    *deliveries.COMMANDS,
    *quality.COMMANDS,
    *figures.COMMANDS,
    *inspecting.COMMANDS,
    *registers.COMMANDS,
    *obligations.COMMANDS,
    *evidence_pack.COMMANDS,
    *keeping.COMMANDS,
    *samples.COMMANDS,
    *people.COMMANDS,
    *access_log.COMMANDS,
):
    lineofsight.add_command(command)
