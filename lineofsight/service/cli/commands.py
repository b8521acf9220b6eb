"""The group of commands."""

from __future__ import annotations

import click
from django.conf import settings

from lineofsight.service.cli import (
    access_log,
    clocks,
    crossing,
    deliveries,
    doctor,
    drilling,
    evidence_pack,
    export_tables,
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
    retention,
    rights,
    running,
    samples,
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Example:  lineofsight demo" if settings.MODE == "both" else "Example:  lineofsight serve",
)
def lineofsight() -> None:
    """One true record of who answers for every child and every promise, as at any day."""


_OF_CHILDREN = (
    *previewing.COMMANDS,
    *quality.COMMANDS,
    *figures.COMMANDS,
    *clocks.OF_CHILDREN,
    *samples.COMMANDS,
    *access_log.COMMANDS,
    *retention.COMMANDS,
    *rights.COMMANDS,
    *crossing.OF_A_SERVICE,
    *export_tables.COMMANDS,
    obligations.actions,
    obligations.questions,
)
"""What a public record has no command for: children, and a service's own work."""
_LEFT_OUT = (
    *(() if settings.HOLDS_CHILDREN else _OF_CHILDREN),
    *(() if settings.MODE == "both" else (running.demo,)),
)

for command in (
    *running.COMMANDS,
    *previewing.COMMANDS,
    *reading.COMMANDS,
    *recording.COMMANDS,
    *deliveries.COMMANDS,
    *quality.COMMANDS,
    *figures.COMMANDS,
    *clocks.COMMANDS,
    *clocks.OF_CHILDREN,
    *inspecting.COMMANDS,
    *registers.COMMANDS,
    *obligations.COMMANDS,
    *evidence_pack.COMMANDS,
    *keeping.COMMANDS,
    *drilling.COMMANDS,
    *doctor.COMMANDS,
    *crossing.COMMANDS,
    *samples.COMMANDS,
    *people.COMMANDS,
    *access_log.COMMANDS,
    *retention.COMMANDS,
    *rights.COMMANDS,
    *export_tables.COMMANDS,
):
    if command not in _LEFT_OUT:
        lineofsight.add_command(command)
