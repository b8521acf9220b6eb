"""Count how many findings have each term: `python -m benchmarks.rarity FOLDER` writes `rarity.csv` from a folder of reports.

Every PDF in the folder and below it that is a report is read as a delivery is. Paragraphs are left out: some are the
text that follows the last finding.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.formats import inspection_report
from lineofsight.oversight.similarity import PARAGRAPH, terms_of
from lineofsight.vocabulary.rarity import FINDINGS, LEAST
from lineofsight.vocabulary.refusal import Refused

Findings = list[tuple[int, str]]
"""The findings of a report: each with its number in the report's list."""


def reports_in(folder: Path) -> dict[str, Findings]:
    """Each report of a folder by its path, with its findings. A PDF that is no report has none."""
    context = Context(datetime.now(UTC))
    found: dict[str, Findings] = {}
    for path in sorted(folder.rglob("*.pdf")):
        try:
            reading = inspection_report.read([NamedBytes(path.name, path.read_bytes())], context)
        except Refused as refused:
            print(refused, file=sys.stderr)
            continue
        rows = reading.rows["weakness"].to_dicts() if "weakness" in reading.rows else []
        found[str(path.relative_to(folder))] = [(row["number"], row["says"]) for row in rows]
    return found


def counted(findings: Iterable[str]) -> dict[str, int]:
    """How many findings have each term, the most first, of terms that at least `LEAST` have."""
    short = [says for says in findings if len(says.split()) <= PARAGRAPH]
    counts = Counter(term for says in short for term in set(terms_of(says)))
    common = sorted((-count, term) for term, count in counts.items() if count >= LEAST)
    return {FINDINGS: len(short), **{term: -count for count, term in common}}


def main() -> None:
    """Write the table."""
    reports = reports_in(Path(sys.argv[1]))
    table = counted(says for findings in reports.values() for _, says in findings)
    path = Path(str(resources.files("lineofsight.vocabulary"))) / "rarity.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("term", "findings"))
        rows.writerows(table.items())
    print(f"{len(reports)} reports, {table[FINDINGS]} findings, {len(table) - 1} terms")


if __name__ == "__main__":
    main()
