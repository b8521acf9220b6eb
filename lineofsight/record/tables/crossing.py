"""What of a service's record may cross to a public home: these tables, and of each these columns, and nothing else.

A column that is new does not cross until somebody writes it here. Which rows cross is decided where the file is made.
"""

from __future__ import annotations

CROSSING: dict[str, tuple[str, ...]] = {
    "statement": (
        "id", "headline", "subject_kind", "subject", "topic", "says", "value", "bound", "unit", "definition", "counter",
        "area", "event", "holder", "terms", "step", "owner", "test", "said_by", "said_on", "about_from", "about_to",
        "begun_on", "ended_on", "kind", "due_on", "asked_of", "looked_in", "theme", "found", "document", "item",
        "source_title", "source_publisher", "source_date", "source_address", "source_place", "quotation", "known_from",
        "known_because", "note", "our_finding", "noted_on", "confidence", "contradicts", "counts_differently", "also_says",
        "answers", "keeps", "breaks", "became_of", "corrects", "bears_on",
    ),
    "inspection": (
        "id", "kind", "framework", "body", "begun_on", "ended_on", "days", "published_on", "published_by", "lead_inspector",
        "theme", "without_overall", "pages", "report", "unread", "inspectors", "published_in_name", "graded", "listed",
        "read_by",
    ),
    "judgement": ("inspection", "area", "grade", "printed", "page", "begun_on"),
    "weakness": (
        "inspection", "number", "label", "within", "section", "due", "says", "refers_to", "national_framework", "page",
        "begun_on",
    ),
    "returned": ("later", "earlier", "verdict", "why", "said_by", "said_on"),
}  # fmt: skip
"""The columns that cross, by table. `evidence` of a statement names files of the service's own work, so it does not."""

PEOPLE_NAMED: dict[str, str] = {"inspection": "read_by", "returned": "said_by"}
"""The columns in which pages write the name under which somebody signs in. It crosses as an office instead."""
