"""Inspections, from their reports and the official tables, and people's verdicts on repeated findings."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

INSPECTION = Table(
    name="inspection",
    says="An inspection or visit: who came when, under which framework, and what could not be read of it.",
    columns=(
        Column("id", "its name: the framework and the first day of fieldwork", required=True),
        Column("kind", "what kind of inspection or visit it was", required=True, codes="inspection_kind"),
        Column("framework", "the framework of the day", required=True, codes="framework"),
        Column("body", "the body inspected, as its name is printed"),
        Column("begun_on", "the first day of fieldwork", Kind.DAY, required=True),
        Column("ended_on", "the last day of fieldwork", Kind.DAY),
        Column("days", "the days of fieldwork as they are printed"),
        Column("published_on", "the day it was published", Kind.DAY),
        Column(
            "published_by",
            "what says on which day it was published: the report, its file's name, the official table",
        ),
        Column("lead_inspector", "who led it, where it says so"),
        Column("theme", "what a visit looked at"),
        Column(
            "without_overall", "why there is no overall grade, where there is none", codes="without_overall"
        ),
        Column("pages", "how many pages its report has", Kind.WHOLE),
        Column("report", "the hash of the report's bytes, in hexadecimal"),
        Column(
            "unread", "what could not be read of it; several are separated by `; `", Kind.LIST, separator="; "
        ),
    ),
    key=("id",),
    begins="begun_on",
)

JUDGEMENT = Table(
    name="judgement",
    says="A grade given to one area by one inspection. Never worked out, never carried to a successor.",
    columns=(
        Column("inspection", "the inspection's name", required=True),
        Column("area", "the area judged", required=True, codes="judgement_area"),
        Column("grade", "the grade", required=True, codes="grade"),
        Column("printed", "the area and the grade as they are printed"),
        Column("page", "the page of the report", Kind.WHOLE),
        Column("begun_on", "the first day of the inspection's fieldwork", Kind.DAY, required=True),
    ),
    key=("inspection", "area"),
    begins="begun_on",
)

WEAKNESS = Table(
    name="weakness",
    says="An area for improvement or a recommendation, in the inspectors' words, with its page.",
    columns=(
        Column("inspection", "the inspection's name", required=True),
        Column(
            "number",
            "its place among them, from 1; a point under another has its own",
            Kind.WHOLE,
            required=True,
        ),
        Column("label", "its number as printed, such as `8` or `8, second point`"),
        Column("within", "the number of the one it stands under", Kind.WHOLE),
        Column("section", "the heading it stands under, where there are several"),
        Column("due", "by when, as printed: immediately, within three months"),
        Column("says", "its words", required=True),
        Column("refers_to", "the paragraphs of the report it refers to, as printed"),
        Column("national_framework", "the outcome or enabler it is tagged with"),
        Column("page", "the page of the report", Kind.WHOLE),
        Column("begun_on", "the first day of the inspection's fieldwork", Kind.DAY, required=True),
    ),
    key=("inspection", "number"),
    begins="begun_on",
)

RETURNED = Table(
    name="returned",
    says="What a person said of two weaknesses: that they tell of the same failing, or that they do not, and why.",
    columns=(
        Column("later", "the later weakness: authority/inspection/number", required=True),
        Column("earlier", "the earlier weakness: authority/inspection/number", required=True),
        Column("verdict", "what the person said", required=True, codes="verdict"),
        Column("why", "why, in a sentence", required=True),
        Column("said_by", "who said it", required=True),
        Column("said_on", "the day it was said", Kind.DAY, required=True),
    ),
    key=("later", "earlier"),
    begins="said_on",
)

INSPECTION_TABLES: tuple[Table, ...] = (INSPECTION, JUDGEMENT, WEAKNESS, RETURNED)
"""The tables of inspections."""
