"""What people answered about data quality issues: who owns one, and until when it is accepted."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

ISSUE_ANSWER = Table(
    name="issue_answer",
    says="A person's answer about a data quality issue: who owns it, or that it is known and accepted until a day.",
    columns=(
        Column(
            "issue",
            "the issue: its source, code, table or kind of file, and column, with `/` between them",
            required=True,
        ),
        Column("owner", "who puts it right in the source system: a post or a team"),
        Column("why", "why it is accepted"),
        Column("until", "the last day on which it is accepted; empty if it is not", Kind.DAY),
        Column("said_by", "who answered", required=True),
        Column("said_on", "the day it was answered", Kind.DAY, required=True),
    ),
    key=("issue",),
    begins="said_on",
)
