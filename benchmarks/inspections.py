"""Inspection reports beside bare text extraction, and candidates for findings, alone and from a record of many reports.

How often the candidates are right is measured by `python -m benchmarks.repeats FOLDER`.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pypdfium2 as pdfium

from benchmarks.measuring import Size, pair, seconds
from benchmarks.plain_tfidf import PlainTfIdf
from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.formats import inspection_report
from lineofsight.oversight.returning import OFFERED, offered
from lineofsight.oversight.similarity import COMMON, Passage
from lineofsight.queries import repeated
from lineofsight.queries.inspections import passages
from lineofsight.queries.record import View
from lineofsight.service.access.records import open_record
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.authorities import authorities
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from tests.support.pdf import pdf

_PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "data" / "inspections"
"""The published reports, where they lie beside the project."""
_CONTEXT = Context(datetime(2026, 6, 1, tzinfo=UTC))
_WORDS = [
    "visits",
    "plans",
    "caseloads",
    "supervision",
    "assessments",
    "pathway",
    "return",
    "interviews",
    "placements",
    "neglect",
    "permanence",
    "oversight",
]


_OF_EACH, _FINDINGS = 4, 8
"""How many reports each authority has, and how many findings a report has: about what is published."""
_LETTERS = str.maketrans("0123456789", "abcdefghij")


def measure(_home: Path, size: Size) -> None:
    """Time both; the published reports where they lie beside the project, else made-up ones."""
    published = [NamedBytes(path.name, path.read_bytes()) for path in sorted(_PUBLISHED.glob("*.pdf"))]
    files = published[: size.reports] or _made_up(size.reports)
    pages = sum(_extract(file) for file in files)
    print(f"{len(files)} reports, {pages} pages", flush=True)
    pair(
        "reports read, beside bare text extraction",
        1.2,
        lambda: [inspection_report.read([file], _CONTEXT) for file in files],
        lambda: [_extract(file) for file in files],
        size.rounds,
    )
    _candidates(size.rounds)
    _record_of_reports(size.record_reports, size.rounds)


def _extract(file: NamedBytes) -> int:
    document = pdfium.PdfDocument(file.content)
    for page in document:
        page.get_textpage().get_text_range()
    return len(document)


def _made_up(reports: int) -> list[NamedBytes]:
    first = [
        "Inspection of Norfolk local authority children’s services",
        "Inspection dates: 7 to 18 November 2022",
    ]
    sentences = [f"{n}. A sentence about {word} and what children said." for n, word in enumerate(_WORDS * 4)]
    report = pdf([first, ["What needs to improve?", "• Neglect."], *[sentences] * 12])
    return [NamedBytes(f"{number}.pdf", report) for number in range(reports)]


def _candidates(rounds: int) -> None:
    """Twenty-one reports of twenty findings: the most similar earlier findings of each, beside counting words in common."""
    findings = [
        Passage(
            f"926/a{n}/1",
            "926",
            "an inspection",
            n // 20,
            " ".join(_WORDS[(n * k) % len(_WORDS)] for k in range(1, 14)) + f" {n}",
        )
        for n in range(420)
    ]

    def ours() -> None:
        assert offered(findings, [])

    def theirs() -> None:
        words = {finding.reference: set(finding.says.split()) for finding in findings}
        for later in findings:
            common = (
                (len(words[later.reference] & words[earlier.reference]), earlier.reference)
                for earlier in findings
                if earlier.on < later.on
            )
            sorted(common, reverse=True)[:OFFERED]

    pair("similar findings among 420, beside words in common", 10, ours, theirs, rounds)


# -- a record of every authority's reports ---------------------------------------------------------


def _record_of_reports(reports: int, rounds: int) -> None:
    """The page's answer for an authority, beside plain TF-IDF whose rarity is counted over every report of the record.

    Each round asks an authority that was not asked before, so nothing of its answer is kept.
    """
    codes = sorted(authorities())[: max(2, -(-reports // _OF_EACH))]
    for code in codes:
        _load_reports(AuthorityCode(code), min(_OF_EACH, reports))
    print(f"{len(codes) * min(_OF_EACH, reports)} reports of {len(codes)} authorities", flush=True)
    view = View(None, datetime.now(UTC))
    unasked = {name: iter(codes) for name in ("ours", "theirs")}

    def ours() -> None:
        found = repeated.returns(open_record(next(unasked["ours"])), view)
        assert found.passages

    def theirs() -> None:
        record = open_record(next(unasked["theirs"]))
        every = {one.reference: one for code in codes for one in passages(record.of(code), view)}
        alike = PlainTfIdf({reference: one.says for reference, one in every.items()}, COMMON)
        for later in passages(record, view):
            earlier = [one.reference for one in passages(record, view) if one.on < later.on]
            alike.best(later.reference, earlier, OFFERED)

    pair("an authority's repeated findings, beside plain TF-IDF over all", 0.25, ours, theirs, rounds)
    crowded = AuthorityCode("926")
    _load_reports(crowded, reports, "crowded")
    single = seconds(lambda: repeated.returns(open_record(crowded), View(None, datetime.now(UTC))))
    print(f"one authority with {reports} reports of {_FINDINGS} findings: {single:.2f} s", flush=True)


def _load_reports(authority: AuthorityCode, reports: int, name: str = "made-up") -> None:
    """A delivery with readings of made-up reports, of findings each."""
    drawn = random.Random(f"{authority} {name}")
    rows: dict[str, list[dict[str, str]]] = {"inspection": [], "weakness": []}
    for number in range(reports):
        day = (date(2013, 11, 1) + timedelta(days=9 * number)).isoformat()
        one = {"id": f"ilacs-{day}", "kind": "full inspection", "framework": "ILACS 2018", "begun_on": day}
        rows["inspection"].append({**one, "without_overall": "not judged"})
        rows["weakness"] += [
            {
                "inspection": one["id"],
                "begun_on": day,
                "number": str(n),
                "label": str(n),
                "says": _finding(drawn),
            }
            for n in range(1, _FINDINGS + 1)
        ]
    file = NamedBytes(f"{name}{inspection_report.READING}", json.dumps(rows).encode())
    recipe.load([file], file.name, authority, SourceName("reports"), received_at=None, by="bench")


def _finding(drawn: random.Random) -> str:
    """Twenty-odd words, of which a third are rare."""
    words = [drawn.choice(_WORDS) for _ in range(8)] + [
        f"w{drawn.randrange(4_000)}x".translate(_LETTERS) for _ in range(8)
    ]
    drawn.shuffle(words)
    return f"The quality and timeliness of {' '.join(words)} for children."
