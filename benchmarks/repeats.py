"""How often similarity finds the earlier finding that is repeated: `python -m benchmarks.repeats FOLDER [--write]`.

FOLDER holds Ofsted's reports as a public collection has them: a folder for each authority (`80418_norfolk`), and files
whose names end in the day of publication (`… - 20 october 2015.pdf`). `judged.csv` gives findings by authority, day and
number, and the findings of the report before that name the same failing: the same practice for the same group, at
least in part. One reader judged them, who is not a practitioner. The part `tuning` chose weights and floor; `fresh` was
judged afterwards, before it was scored, and chose nothing. `--write` keeps the curve where the page draws it from.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from benchmarks.plain_tfidf import PlainTfIdf
from benchmarks.rarity import reports_in
from lineofsight.oversight.returning import FLOOR, OFFERED
from lineofsight.oversight.similarity import COMMON, Passage, Similarity
from lineofsight.vocabulary.days import MONTHS

JUDGED = Path(__file__).with_name("judged.csv")
PAIRS = Path(__file__).resolve().parents[2] / "shared" / "data" / "inspections" / "judged_pairs.json"
"""Pairs that somebody else judged, where they lie beside the project."""
CUTS = tuple(round(0.05 * step, 2) for step in range(13))
_DAY = re.compile(r"(\d{1,2}) (\w+) (\d{4})\.pdf$", re.IGNORECASE)

Best = Callable[[str, Sequence[str], int], list[tuple[str, float]]]


@dataclass(frozen=True)
class Case:
    """A finding, every finding of the report before, and those of them that it repeats."""

    later: str
    earlier: tuple[str, ...]
    repeats: frozenset[str]


@dataclass(frozen=True)
class Count:
    """What a floor gives: of some findings, those offered anything, those offered a repeat, and those that are repeats."""

    floor: float
    findings: int
    offered: int
    right: int
    repeats: int


def texts_in(folder: Path) -> dict[str, str]:
    """Every finding of a folder's reports by `authority/day/number`."""
    found = {}
    for path, findings in reports_in(folder).items():
        if day := _DAY.search(path):
            month = MONTHS.index(day[2].capitalize()) + 1
            authority = Path(path).parent.name.partition("_")[2]
            report = f"{authority}/{day[3]}-{month:02}-{int(day[1]):02}"
            found.update({f"{report}/{number}": says for number, says in findings})
    return found


def cases_of(part: str, texts: Iterable[str]) -> list[Case]:
    """The judged findings of one part that are there with their reports and every finding that they repeat."""
    by_report = _by_report(texts)
    found = []
    for row in csv.DictReader(JUDGED.read_text("utf-8").splitlines()):
        before, after = f"{row['authority']}/{row['earlier']}", f"{row['authority']}/{row['later']}"
        later = f"{after}/{row['number']}"
        repeats = frozenset(f"{before}/{number}" for number in row["repeats"].split())
        here = later in by_report.get(after, ()) and repeats <= set(by_report.get(before, ()))
        if row["part"] == part and before in by_report and here:
            found.append(Case(later, by_report[before], repeats))
    return found


def cases_judged_elsewhere(texts: Iterable[str]) -> list[Case]:
    """The pairs beside the project that are the same failing, and whose reports are there."""
    if not PAIRS.exists():
        return []
    by_report = _by_report(texts)
    same: dict[tuple[str, str], set[str]] = {}
    for pair in json.loads(PAIRS.read_text("utf-8")):
        before, after = (f"{pair['la']}/{pair[which]['report']}" for which in ("earlier", "later"))
        later, earlier = f"{after}/{pair['later']['bullet']}", f"{before}/{pair['earlier']['bullet']}"
        here = later in by_report.get(after, ()) and earlier in by_report.get(before, ())
        if pair["same_failing"] == "yes" and here:
            same.setdefault((later, before), set()).add(earlier)
    return [Case(later, by_report[before], frozenset(repeats)) for (later, before), repeats in same.items()]


def _by_report(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in texts:
        report = name.rpartition("/")[0]
        found[report] = (*found.get(report, ()), name)
    return found


def places(best: Best, cases: Iterable[Case]) -> list[int]:
    """The place of each repeated finding among the findings of its report, 1 the first; other repeats do not compete."""
    found = []
    for case in cases:
        for one in sorted(case.repeats):
            among = [name for name in case.earlier if name == one or name not in case.repeats]
            found.append([name for name, _ in best(case.later, among, len(among))].index(one) + 1)
    return found


def count(best: Best, cases: Sequence[Case], floor: float) -> Count:
    """What is offered at a floor."""
    offered = right = 0
    for case in cases:
        shown = {name for name, score in best(case.later, case.earlier, OFFERED) if score >= floor}
        offered += bool(shown)
        right += bool(shown & case.repeats)
    return Count(floor, len(cases), offered, right, sum(bool(case.repeats) for case in cases))


def main() -> None:
    """Print both side by side; with `--write`, keep the curve."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.repeats", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="keep the curve of every judged finding")
    options = parser.parse_args()
    texts = texts_in(options.folder)
    ours = Similarity(Passage(name, name.partition("/")[0], name, 0, says) for name, says in texts.items())
    both: dict[str, Best] = {"ours": ours.best, "plain TF-IDF": PlainTfIdf(texts, COMMON).best}
    parts = {part: cases_of(part, texts) for part in ("tuning", "fresh")}
    for part, cases in {**parts, "judged elsewhere": cases_judged_elsewhere(texts)}.items():
        _tell(part, both, cases, curve=part in parts)
    if options.write:
        every = [case for cases in parts.values() for case in cases]
        _write([count(ours.best, every, cut) for cut in CUTS])


def _tell(part: str, both: dict[str, Best], cases: Sequence[Case], *, curve: bool) -> None:
    print(f"\n{part}: {len(cases)} findings, {sum(bool(case.repeats) for case in cases)} of them repeats")
    for name, best in both.items():
        at = places(best, cases)
        first, three = sum(place == 1 for place in at), sum(place <= OFFERED for place in at)
        print(f"  {name:14} the repeated finding is first in {first}, among three in {three}, of {len(at)}")
    if curve:
        print("  floor   " + "".join(f"{name + ': precision, recall':32}" for name in both))
        for cut in CUTS:
            told = [count(best, cases, cut) for best in both.values()]
            cells = "".join(f"{f'{one.right}/{one.offered}  {one.right}/{one.repeats}':32}" for one in told)
            print(f"  {cut:.2f}{' *' if cut == FLOOR else '  '}  {cells}")


def _write(counts: Iterable[Count]) -> None:
    path = Path(str(resources.files("lineofsight.vocabulary"))) / "similarity_curve.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("floor", "findings", "offered", "right", "repeats"))
        rows.writerows(
            (f"{one.floor:.2f}", one.findings, one.offered, one.right, one.repeats) for one in counts
        )


if __name__ == "__main__":
    main()
