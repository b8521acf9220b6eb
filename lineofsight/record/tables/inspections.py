"""Inspections, from their reports and the official tables, and people's verdicts on repeated findings."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

INSPECTION = Table(
    name="inspection",
    says="An inspection or visit: who came when, under which framework, and what could not be read in its report.",
    columns=(
        Column("id", "its name: the framework and the first day of fieldwork", required=True),
        Column("kind", "what kind of inspection or visit it was", required=True, codes="inspection_kind"),
        Column("framework", "the framework at that time", required=True, codes="framework"),
        Column("body", "the body inspected, with its printed name"),
        Column("begun_on", "the first day of fieldwork", Kind.DAY, required=True),
        Column("ended_on", "the last day of fieldwork", Kind.DAY),
        Column("days", "the days of fieldwork, as printed"),
        Column("published_on", "the day it was published", Kind.DAY),
        Column(
            "published_by",
            "where the publication day comes from: the report, its file's name, the official table",
        ),
        Column("lead_inspector", "who led it, if stated"),
        Column("theme", "what a visit looked at"),
        Column("without_overall", "why there is no overall grade, if there is none", codes="without_overall"),
        Column("pages", "how many pages its report has", Kind.WHOLE),
        Column("report", "the hash of the report's file, in hexadecimal"),
        Column(
            "unread",
            "what could not be read in its report; several are separated by `; `",
            Kind.LIST,
            separator="; ",
        ),
        Column(
            "inspectors",
            "who visited, where no lead is named; several are separated by `; `",
            Kind.LIST,
            separator="; ",
        ),
        Column(
            "published_in_name",
            "the day of publication in its file's name, where the report prints another",
            Kind.DAY,
        ),
        Column(
            "graded",
            "the areas that this reading grades, separated by `; `; any other that the source once gave no longer counts",
            Kind.LIST,
            codes="judgement_area",
            separator="; ",
        ),
        Column(
            "listed",
            "how many areas for improvement this reading lists; any more that the source once gave no longer count",
            Kind.WHOLE,
        ),
        Column("read_by", "who entered this reading by hand"),
    ),
    key=("id",),
    begins="begun_on",
)

JUDGEMENT = Table(
    name="judgement",
    says="A grade that one inspection gave one area. Never worked out, never passed to a successor.",
    columns=(
        Column("inspection", "the inspection's name", required=True),
        Column("area", "the area judged", required=True, codes="judgement_area"),
        Column("grade", "the grade", required=True, codes="grade"),
        Column("printed", "the area and the grade, as printed"),
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
            "its place in the list, from 1; a point under another has its own number",
            Kind.WHOLE,
            required=True,
        ),
        Column("label", "its number as printed, such as `8` or `8, second point`"),
        Column("within", "the number of the item it belongs to", Kind.WHOLE),
        Column("section", "the heading it is under, if there are several"),
        Column("due", "by when, as printed: immediately, within three months"),
        Column("says", "its words", required=True),
        Column("refers_to", "the paragraphs of the report it refers to, as printed"),
        Column("national_framework", "its outcome or enabler, as tagged"),
        Column("page", "the page of the report", Kind.WHOLE),
        Column("begun_on", "the first day of the inspection's fieldwork", Kind.DAY, required=True),
    ),
    key=("inspection", "number"),
    begins="begun_on",
)

RETURNED = Table(
    name="returned",
    says="A person's verdict on two weaknesses: whether they are the same failing, and why.",
    columns=(
        Column("later", "the later weakness: authority/inspection/number", required=True),
        Column("earlier", "the earlier weakness: authority/inspection/number", required=True),
        Column("verdict", "the verdict", required=True, codes="verdict"),
        Column("why", "why, in a sentence", required=True),
        Column("said_by", "who said it", required=True),
        Column("said_on", "the day it was said", Kind.DAY, required=True),
    ),
    key=("later", "earlier"),
    begins="said_on",
)

INSPECTION_TABLES: tuple[Table, ...] = (INSPECTION, JUDGEMENT, WEAKNESS, RETURNED)
"""The tables of inspections."""
