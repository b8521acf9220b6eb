"""The files with which anybody can begin an authority's public record: what to look for, where, and one example each.

The examples are comments, so that a folder nobody has written in yet holds no statement at all.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class _Topic:
    """One file: what belongs in it, where to look for it, and an example."""

    file: str
    title: str
    look_in: tuple[str, ...]
    example: str


_SOURCE = """    source:
      title: "{title}"
      publisher: "{publisher}"
      date: "{dated}"
      address: "https://example.org/"
      place: "page 3, paragraph 2"
    confidence: read"""


def _example(fields: str, title: str, publisher: str, dated: str) -> str:
    return f"{fields.strip(chr(10))}\n{_SOURCE.format(title=title, publisher=publisher, dated=dated)}"


_TOPICS = (
    _Topic(
        "10-documents.yaml",
        "The documents that people argue about: a letter, an article, a report. One statement for each sentence.",
        ("the document itself, in full",),
        _example(
            """
  - id: letter-1
    document: "An open letter"
    item: "L1"
    headline: "Seven directors in seven years"
    subject_kind: post
    subject: "director of children's services"
    topic: [leadership]
    says: "The open letter said that the service had had seven directors in seven years."
    value: "7"
    unit: "directors"
    said_by: "A councillor, as the letter names them"
    said_on: "2019-10"
    kind: claim
    known_from: "2019-10-09"
    known_because: "A newspaper cites the letter on that day."
""",
            "Open letter",
            "The group that published it",
            "2019-10",
        ),
    ),
    _Topic(
        "20-posts.yaml",
        "Who held which post: director, lead member, leader, chief executive, commissioner, chairs. One statement for coming,\n"
        "# one for leaving, each on its own day.",
        ("council papers: appointments, pay policy, cabinet lists", "local newspapers", "Ofsted's reports"),
        _example(
            """
  - id: director-appointed-2019
    headline: "A director is appointed"
    subject_kind: post
    subject: "director of children's services"
    topic: [leadership]
    says: "The council appointed a director for twelve months."
    event: appointed
    holder: "The name, as the source gives it"
    terms: fixed term
    said_by: "The council"
    said_on: "2019-02-01"
    kind: official record
""",
            "Minutes of the appointments committee",
            "The council",
            "2019-02-01",
        ),
    ),
    _Topic(
        "30-inspections.yaml",
        "Inspections, focused visits and monitoring visits: a statement for each grade, and one for each thing found.\n"
        "# Load the reports themselves too: `lineofsight load report.pdf` reads grades and areas for improvement.",
        ("Ofsted's reports site", "the council's own announcements (they are its claims, not Ofsted's)"),
        _example(
            """
  - id: inspection-2019-leaders
    headline: "Leaders graded inadequate, June 2019"
    subject_kind: inspection
    subject: "inspection, June 2019"
    topic: [inspection]
    theme: [leadership and governance]
    found: weakness
    says: "Ofsted graded the impact of leaders inadequate."
    value: "inadequate"
    unit: "grade"
    definition: "impact of leaders"
    said_by: "Ofsted"
    said_on: "2019-07-29"
    about_from: "2019-06"
    kind: official record
""",
            "Inspection of children's social care services",
            "Ofsted",
            "2019-07-29",
        ),
    ),
    _Topic(
        "40-orders-and-reviews.yaml",
        "Directions, notices and orders with each thing they require; reviews by their public code, and nothing else about a child.",
        (
            "GOV.UK: directions issued to the council",
            "the safeguarding partnership's site",
            "Parliament's answers",
        ),
        _example(
            """
  - id: direction-2018-a-plan
    headline: "The direction requires a plan by March"
    subject_kind: direction
    subject: "direction of November 2018"
    topic: [directions]
    says: "The direction required the council to send the department a plan by March 2019."
    due_on: "2019-03"
    said_by: "Secretary of State for Education"
    said_on: "2018-11-29"
    kind: official record
""",
            "Statutory direction",
            "Department for Education",
            "2018-11-29",
        ),
    ),
    _Topic(
        "50-figures-and-money.yaml",
        "Published counts, with who counted and by what definition; budget, outturn and variance by year; notices and warnings.",
        (
            "the department's statistics",
            "cabinet finance reports",
            "outturn returns (RO3)",
            "auditors' reports",
        ),
        _example(
            """
  - id: unallocated-october-2019
    headline: "More than 200 cases without a social worker"
    subject_kind: measure
    subject: "children without a social worker"
    topic: [allocation]
    says: "The director told the committee that more than 200 cases had no social worker."
    value: "200"
    bound: more than
    unit: "cases"
    definition: "not stated"
    counter: "the council"
    said_by: "Director of children's services, at the scrutiny committee"
    said_on: "2019-10-09"
    about_from: "2019-10-08"
    kind: official record
""",
            "Minutes of the scrutiny committee",
            "The council",
            "2019-10-09",
        ),
    ),
    _Topic(
        "60-asked-and-promised.yaml",
        "What was promised, by when; what was asked, of whom; and later, in statements of their own, what became of each.",
        ("council motions and minutes", "Hansard", "open letters"),
        _example(
            """
  - id: promise-all-allocated
    headline: "Every child to have a social worker by April"
    subject_kind: measure
    subject: "children without a social worker"
    topic: [allocation, improvement]
    says: "The leader said that every child would have a social worker by the end of April 2019."
    due_on: "2019-04"
    said_by: "Leader of the council"
    said_on: "2019-02-20"
    kind: undertaking
""",
            "Council, minutes",
            "The council",
            "2019-02-20",
        ),
    ),
    _Topic(
        "90-not-found.yaml",
        "What you looked for and did not find: say where. It is as useful as a find, and it is never shown as nought.",
        ("write down every place, with the day",),
        _example(
            """
  - id: no-answer-to-the-letter
    headline: "No answer to that letter was found"
    subject_kind: question
    subject: "request for an inquiry"
    topic: [transparency]
    says: "No answer to that letter was found."
    looked_in: "The Commissioner's site, the council's site and two newspapers, on 26 November 2026"
    said_by: "This record"
    said_on: "2026-11-26"
    kind: not found
    answers: [letter-1]
""",
            "Search for an answer",
            "This record",
            "2026-11-26",
        ),
    ),
)

_FIRST = """# The public record of {name} ({code}): begin here.
#
# One evening is enough for a beginning: the documents people argue about, who led the service, its inspections, and the
# counts that were published. Write in the files of this folder; remove the `[]` after `statements:` where you begin.
#
# Five rules. The check finds most breaches of them:
#   1. A statement says only what its author said, on its day. What came later is another statement, or your `note`.
#   2. `official record` is a document of the body itself that you have read. A newspaper's account is `reported`.
#   3. Every statement has its source: title, publisher, date, address, and the page or paragraph.
#   4. Numbers stay as they were said: `bound: more than`, and the source's own noun in `unit`.
#   5. No child: reviews by their public code; office-holders only, as sources name them.
#
# Check as often as you like; nothing is stored:   lineofsight check-record FOLDER
# Look at it in a browser:                         lineofsight load FOLDER --authority {code} --source public-record
#                                                  lineofsight serve
statements: []
"""


def skeleton(code: str, name: str) -> dict[str, str]:
    """The files of an empty public record, by name, with their text."""
    return {
        "00-begin-here.yaml": _FIRST.format(code=code, name=name),
        **{topic.file: _text(topic) for topic in _TOPICS},
    }


def _text(topic: _Topic) -> str:
    places = "".join(f"#   - {place}\n" for place in topic.look_in)
    example = "".join(f"# {line}".rstrip() + "\n" for line in topic.example.splitlines())
    return (
        f"# {topic.title}\n#\n# Where to look:\n{places}#\n# For example (an invented one; take the marks off and write your own):\n"
        f"#\n{example}\nstatements: []\n"
    )


def examples() -> str:
    """Every example as one statements file: what the comments say is what the check accepts."""
    return "statements:\n" + "\n".join(topic.example for topic in _TOPICS) + "\n"
