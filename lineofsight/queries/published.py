"""Every answer that is printed as JSON, by the name of its schema: `schemas/NAME.json` is written from its type."""

from __future__ import annotations

from typing import Any

from lineofsight.queries.as_json import schema_of
from lineofsight.queries.bridges import Bridge
from lineofsight.queries.children import Child
from lineofsight.queries.clocks import Clocks
from lineofsight.queries.decisions import Decisions
from lineofsight.queries.deliveries import Delivery, Finding, Loaded, Verification
from lineofsight.queries.figures import Caseload, Figure, NotSeen, Register, Trend
from lineofsight.queries.holidays import DueDay, DueMoment
from lineofsight.queries.improvement import Improvement
from lineofsight.queries.inspections import Inspections
from lineofsight.queries.members_questions import MembersQuestions
from lineofsight.queries.obligations import Obligations
from lineofsight.queries.preview import Preview
from lineofsight.queries.quality import DataQuality
from lineofsight.queries.questions import Questions
from lineofsight.queries.reading import Reading
from lineofsight.queries.registers import Directions, Duties, Posts, Reviews
from lineofsight.queries.repeated import Recurrences
from lineofsight.queries.retention import FilesAnswer, RetentionDue, RetentionPolicy
from lineofsight.queries.search import SearchAnswer
from lineofsight.queries.statements import PublicRecordAnswer, StatementAnswer, StatementsAnswer
from lineofsight.queries.upkeep import Doctor, Drill

ANSWERS: dict[str, tuple[Any, str]] = {
    "bridge": (Bridge, "How one figure became another, child by child"),
    "caseload": (Caseload, "Children and full-time equivalent by worker and team"),
    "child": (Child, "One child: what is known, who answered when, and the deliveries that stated it"),
    "clocks": (Clocks, "Time limits of children: due, kept, broken, and when the record could know"),
    "data-quality": (DataQuality, "Data quality issues by cause, with their trend and what people answered"),
    "decisions": (Decisions, "Decisions and contracts, with what was said for and against"),
    "deliveries": (list[Delivery], "Every delivery, in the order it was acknowledged"),
    "doctor": (Doctor, "Whether an install is in order, and what to do where it is not"),
    "directions": (Directions, "Directions, notices and orders, and what each requires"),
    "duties": (Duties, "Who is liable for, commissions and operates each function"),
    "figure": (Figure | NotSeen, "A figure, and how it is worked out"),
    "findings": (list[Finding], "What the checks found in a delivery"),
    "improvement": (
        Improvement,
        "Actions of the improvement plan, checks on it, and coverage by area of practice",
    ),
    "inspections": (Inspections, "Inspections with their grades and findings"),
    "limit": (DueDay | DueMoment, "When a time limit ends, and why"),
    "load": (list[Loaded], "What became of each delivery that was loaded"),
    "members-questions": (
        MembersQuestions,
        "Questions that elected members asked, each with its clock and its answer",
    ),
    "obligations": (Obligations, "Everything promised by anyone, and where it stands"),
    "posts": (Posts, "The posts of a children’s service and their holders"),
    "public-record": (PublicRecordAnswer, "The first page of a public record, part by part"),
    "questions": (Questions, "Questions and readiness checks"),
    "reading": (Reading, "What was read of a delivery: files, columns, and how tables meet"),
    "recurrences": (Recurrences, "Findings that may be the same failing again"),
    "register": (Register, "A figure and the children behind it, those waiting longest first"),
    "release-files": (FilesAnswer, "Files deleted because the policy by which they are kept had passed"),
    "retention-due": (RetentionDue, "Children whose rows need not be kept any longer, and why"),
    "retention-policy": (
        RetentionPolicy,
        "How long files and rows are kept, what is held, and what was released",
    ),
    "restore-drill": (Drill, "How restoring a backup into a scratch home ended"),
    "reviews": (Reviews, "Reviews by code, with their time limits"),
    "search": (SearchAnswer, "Statements in which words are, the best first, with what links to each"),
    "statement": (StatementAnswer, "One statement known in a view, or none"),
    "statements": (StatementsAnswer, "Statements that speak about the day, with what links to each"),
    "trend": (Trend, "One row a day"),
    "preview": (Preview, "What files would tell if they were loaded"),
    "verify": (Verification, "Whether the record holds"),
}


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of every answer, by its name."""
    return {name: schema_of(kind, title) for name, (kind, title) in ANSWERS.items()}
