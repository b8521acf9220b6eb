"""Statements: what somebody said in public, with its source."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

RELATIONS: tuple[str, ...] = (
    "contradicts",
    "counts_differently",
    "also_says",
    "answers",
    "keeps",
    "breaks",
    "became_of",
    "corrects",
    "bears_on",
)
"""The links a statement may make to others, in the order they are shown."""

_LINKS = {
    "contradicts": "statements that cannot be true if it is: of the same thing and the same day",
    "counts_differently": "statements that count the same thing by another definition, area or day",
    "also_says": "statements that say the same, from another author or source",
    "answers": "requests, questions or claims it answers",
    "keeps": "undertakings or directions that it shows were kept",
    "breaks": "undertakings or directions that it shows were broken",
    "became_of": "statements whose later outcome it gives",
    "corrects": "statements it corrects; they remain as they were said",
    "bears_on": "statements it helps to judge",
}

STATEMENT = Table(
    name="statement",
    says="What somebody said in public about a service, with its source and date. A claim always stays a claim.",
    columns=(
        Column("id", "its name within its source, part of its address", required=True),
        Column("headline", "a short title", own_words=True),
        Column("subject_kind", "the kind of thing it is about", required=True, codes="subject_kind"),
        Column(
            "subject", "the thing it is about, by a name that stays the same", required=True, own_words=True
        ),
        Column("topic", "its topics; several are separated by spaces", Kind.LIST, codes="topic"),
        Column("says", "what was said, in plain words", required=True, own_words=True),
        Column("value", "the value, if one was given: a number, a grade, a name", own_words=True),
        Column("bound", "how the number is meant, if it is not exact", codes="value_bound"),
        Column("unit", "the unit of the value, in the source's own noun"),
        Column("definition", "what the value counts, by the counter's own definition", own_words=True),
        Column("counter", "who counted", own_words=True),
        Column("area", "the area of a value, if it is not the authority itself"),
        Column("event", "what happened to a post", codes="post_event"),
        Column("holder", "the office-holder, if the source names them", own_words=True),
        Column("terms", "on what terms the post was held", codes="post_terms"),
        Column(
            "step",
            "the step that was taken with a review, an instrument, an action or a question",
            codes="step",
        ),
        Column("owner", "the post that answers for an action, an undertaking or a requirement"),
        Column(
            "test",
            "the measure that shows that an action is sustained, such as `unallocated under 10 for 13 weeks`",
        ),
        Column("evidence", "the hash of a file with the evidence, or where the file is"),
        Column(
            "said_by",
            "who said it: an office or body, and the name if the source gives it",
            required=True,
            own_words=True,
        ),
        Column("said_on", "the day, month or year it was said", Kind.PERIOD, required=True),
        Column(
            "about_from",
            "the first day, month or year it is about; if empty, the day it was said",
            Kind.PERIOD,
        ),
        Column("about_to", "the last day, month or year it is about; `open` if it has no end", Kind.PERIOD),
        Column("begun_on", "the first day it is about, worked out from about_from", Kind.DAY, required=True),
        Column("ended_on", "the day after the last day it is about; empty if it has no end", Kind.DAY),
        Column("kind", "what kind of statement it is", required=True, codes="statement_kind"),
        Column("due_on", "the day, month or year promised or directed", Kind.PERIOD),
        Column("asked_of", "who was asked", own_words=True),
        Column("looked_in", "where somebody looked for something that was not found", own_words=True),
        Column(
            "theme",
            "the kind of failing it is about; several are separated by `; `",
            Kind.LIST,
            codes="theme",
            separator="; ",
        ),
        Column(
            "found",
            "whether an inspection or a review found a strength, a weakness or both",
            codes="strength_or_weakness",
        ),
        Column("document", "the document that contains this as a numbered statement"),
        Column("item", "its number in that document"),
        Column("source_title", "the title of the source", required=True, own_words=True),
        Column("source_publisher", "who published the source", required=True),
        Column("source_date", "the day, month or year of the source", Kind.PERIOD),
        Column("source_address", "where the source can be found"),
        Column("source_place", "where in the source it stands: a page or a paragraph"),
        Column("quotation", "a short quotation from that place, word for word", own_words=True),
        Column(
            "known_from",
            "the first day, month or year from which it can be shown that it was public; if empty, worked out",
            Kind.PERIOD,
        ),
        Column("known_because", "what shows that it was public from then", own_words=True),
        Column(
            "note",
            "our note: a remark of those who keep this record, never part of what was said",
            own_words=True,
        ),
        Column(
            "our_finding",
            "our finding on a numbered statement of a document, in one word; the note gives the reason",
            codes="our_finding",
        ),
        Column("noted_on", "the day, month or year on which the note was written", Kind.PERIOD),
        Column("confidence", "how well the source is known", required=True, codes="confidence"),
        *(
            Column(name, f"{says}; several are separated by spaces", Kind.LIST)
            for name, says in _LINKS.items()
        ),
    ),
    key=("id",),
    begins="begun_on",
    ends="ended_on",
)
