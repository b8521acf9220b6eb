"""How much of a folder of published reports is read: `python -m benchmarks.reports FOLDER`.

Every PDF under the folder is read. Printed for each layout and year: how many were
read whole, of how many which part was told unread, which were refused and why; and how long reading took beside bare extraction
of the text. With `--grades TABLE` the grades are compared with a table of somebody else's: a CSV with `pdf_filename`,
`local_authority`, `inspection_start_date` and a column for each grade.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.pdf_text import pages_of
from lineofsight.intake.formats.report_reading import ReportReading, reading_of
from lineofsight.vocabulary.refusal import Refused

_COLUMNS = {
    "overall_effectiveness_grade": ("overall effectiveness",),
    "impact_of_leaders_grade": ("impact of leaders",),
    "help_and_protection_grade": ("help and protection",),
    "in_care_grade": ("in care", "in care and care leavers"),
    "care_leavers_grade": ("care leavers",),
}
"""A table's columns, and the areas that they give."""
_GRADES = ("outstanding", "good", "requires improvement", "inadequate")


@dataclass(frozen=True)
class Tried:
    """One file: its reading, or why there is none, and the seconds that its text and the rest took."""

    path: Path
    reading: ReportReading | None
    why: str
    text_seconds: float
    seconds: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Read a folder's reports and print what came of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reports", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the PDFs are; folders in it are looked through")
    parser.add_argument("--grades", type=Path, metavar="TABLE", help="a table of grades to compare with")
    options = parser.parse_args(arguments)
    tried = list(_each(options.folder))
    if not tried:
        parser.error(f"There is no PDF in {options.folder}.")
    _print_layouts(tried)
    _print_time(tried)
    if options.grades:
        _compare(tried, options.grades)


def _each(folder: Path) -> Iterator[Tried]:
    """Every different PDF, once."""
    seen = set[str]()
    for path in sorted(folder.rglob("*.pdf")):
        file = NamedBytes(path.name, path=path)
        if file.sha256 in seen:
            continue
        seen.add(file.sha256)
        reading, why, begun = None, "", time.perf_counter()
        between = begun
        try:
            pages = pages_of(file)
            between = time.perf_counter()
            reading = reading_of(pages, path.name)
        except Refused as refused:
            why = str(refused)
        yield Tried(path, reading, why, between - begun, time.perf_counter() - between)


def _print_layouts(tried: Sequence[Tried]) -> None:
    """For each layout and year: how many were read whole; then every file of which something is missing."""
    counts: dict[str, Counter[str]] = {}
    for one in tried:
        layout, outcome = "refused", re.sub(r"^.*?' ", "", one.why)
        if one.reading:
            report = one.reading.report
            layout = f"{report.framework}, {report.kind}, {one.reading.begun_on:%Y}"
            outcome = "read whole" if not one.reading.unread else "something told unread"
        counts.setdefault(layout, Counter())[outcome] += 1
    for layout, outcomes in sorted(counts.items()):
        for outcome, count in outcomes.most_common():
            print(f"{layout}: {count} {outcome}")
    for one in tried:
        if one.reading and one.reading.unread:
            parts = "; ".join(
                f"{part.part} ({part.why})" if part.why else part.part for part in one.reading.unread
            )
            print(f"   {one.path.parent.name}/{one.path.name}: {parts}")
    items = sum(len(one.reading.weaknesses.items) for one in tried if one.reading)
    grades = sum(len(one.reading.judged) for one in tried if one.reading)
    print(f"{len(tried)} files, {grades:,} grades, {items:,} items that must improve")


def _print_time(tried: Sequence[Tried]) -> None:
    text, rest = sum(one.text_seconds for one in tried), sum(one.seconds for one in tried)
    print(
        f"{text:.1f} s for the text, {rest:.1f} s for the rest: {1 + rest / max(text, 1e-9):.2f} times bare extraction"
    )


def _compare(tried: Sequence[Tried], table: Path) -> None:
    """Grades beside a table's: the same, different, or in one of the two only. The table may be wrong too."""
    read = {_key(one): one.reading for one in tried if one.reading}
    counts = Counter[str]()
    with table.open(newline="", encoding="utf-8-sig") as rows:
        for row in csv.DictReader(rows):
            reading = read.get((row["local_authority"].lower(), row["pdf_filename"]))
            if reading is None or reading.report.family != "ilacs":
                continue
            ours = {judged.area: judged.grade for judged in reading.judged}
            for column, areas in _COLUMNS.items():
                mine = next((ours[area] for area in areas if area in ours), "")
                theirs = row[column].strip().lower().removesuffix(" to be good")
                theirs = theirs if theirs in _GRADES else ""
                outcome = "same" if mine == theirs else "different" if mine and theirs else "one has none"
                counts[outcome] += 1
                if outcome != "same":
                    print(
                        f"   {row['local_authority']}, {row['pdf_filename']}, {column}: {mine or '-'}, table {theirs or '-'}"
                    )
            counts[
                "first day "
                + ("same" if _day(row["inspection_start_date"]) == reading.begun_on else "different")
            ] += 1
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()))


def _key(one: Tried) -> tuple[str, str]:
    """Whose report a file is by the name of its folder, which begins with a number, and the file's name."""
    return one.path.parent.name.partition("_")[2].lower(), one.path.name


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day without a time
    except ValueError:
        return None


if __name__ == "__main__":
    main()
