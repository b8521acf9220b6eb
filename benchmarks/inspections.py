"""Inspection reports beside bare text extraction, and candidates for a report's findings; judged pairs where they lie."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from benchmarks.measuring import Size, pair
from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.formats import inspection_report
from lineofsight.oversight.returning import OFFERED, offered
from lineofsight.oversight.similarity import Passage, Similarity
from tests.support.pdf import pdf

_PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "data" / "inspections"
"""The published reports and the pairs that people judged, where they lie beside the project."""
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


def measure(_home: Path, size: Size) -> None:
    """Time both; the published reports where they lie beside the project, else made-up ones."""
    published = [NamedBytes(path.name, path.read_bytes()) for path in sorted(_PUBLISHED.glob("*.pdf"))]
    files = published[: size.reports] or _made_up(size.reports)
    pages = sum(_extract(file) for file in files)
    print(f"{len(files)} reports, {pages} pages", flush=True)
    pair(
        "reports read, beside bare text extraction",
        1.3,
        lambda: [inspection_report.read([file], _CONTEXT) for file in files],
        lambda: [_extract(file) for file in files],
        size.rounds,
    )
    _candidates(size.rounds)
    if (_PUBLISHED / "judged_pairs.json").exists():
        _judged(published)


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


# -- the judged pairs ----------------------------------------------------------------------------


def _judged(files: list[NamedBytes]) -> None:
    """Precision and recall at cut-offs on the judged pairs whose words are given, beside plain TF-IDF."""
    pairs = [
        one
        for one in json.loads((_PUBLISHED / "judged_pairs.json").read_text("utf-8"))
        if "text" in one["earlier"] and "text" in one["later"]
    ]
    passages = _passages(pairs, files)
    for name, share in (("words and themes", None), ("TF-IDF cosine alone", 0.0)):
        alike = Similarity(passages.values()) if share is None else Similarity(passages.values(), share)
        scored = [
            (alike.score(_name(one, "later"), _name(one, "earlier")), one["same_failing"] == "yes")
            for one in pairs
        ]
        _tell(name, scored)
        _top_three(alike, pairs, passages)


def _name(one: dict[str, Any], which: str) -> str:
    return f"{one['la']}/{one[which]['report']}/{one[which]['bullet']}"


def _passages(pairs: list[dict[str, Any]], files: list[NamedBytes]) -> dict[str, Passage]:
    found = {}
    for one in pairs:
        for which in ("earlier", "later"):
            name = _name(one, which)
            found[name] = Passage(
                name, one["la"], one[which]["report"], int(one[which]["report"][:4]), one[which]["text"]
            )
    for file in files:
        for row in inspection_report.read([file], _CONTEXT).rows["weakness"].to_dicts():
            name = f"{file.name}/{row['number']}"
            found[name] = Passage(name, file.name, file.name, 0, row["says"])
    return found


def _tell(name: str, scored: list[tuple[float, bool]]) -> None:
    true = sum(yes for _, yes in scored)
    pairs = [(p, n) for p, yes in scored if yes for n, no in scored if not no]
    area = sum((p > n) + 0.5 * (p == n) for p, n in pairs) / len(pairs)
    print(f"{name}: {len(scored)} judged pairs, {true} the same; ranked right {area:.2f}", flush=True)
    for cut in (0.1, 0.15, 0.2, 0.25, 0.3):
        said = Counter(yes for score, yes in scored if score >= cut)
        print(
            f"   at {cut:.2f}: precision {said[True]}/{said.total()}, recall {said[True]}/{true}", flush=True
        )


def _top_three(alike: Similarity, pairs: list[dict[str, Any]], passages: dict[str, Passage]) -> None:
    """Of the pairs that are the same and whose whole earlier list is held: how often it is among the three best."""
    held = {
        "norfolk/2015-10-20": "norfolk-2015.pdf",
        "south gloucestershire/2017-02-13": "south-gloucestershire-2017.pdf",
    }
    same = [
        one
        for one in pairs
        if one["same_failing"] == "yes" and f"{one['la']}/{one['earlier']['report']}" in held
    ]
    hits = 0
    for one in same:
        file = held[f"{one['la']}/{one['earlier']['report']}"]
        earlier = [name for name in passages if name.startswith(f"{file}/")]
        best = [name for name, _ in alike.best(_name(one, "later"), earlier, OFFERED)]
        hits += f"{file}/{one['earlier']['bullet']}" in best
    print(f"   among the three best: {hits} of {len(same)} whose whole earlier list is held", flush=True)
