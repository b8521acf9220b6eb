"""The grades of a report: each area's words with the grade that follows them, in the first place they stand together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import accumulate

from lineofsight.intake.formats.pdf_text import Line
from lineofsight.intake.formats.report_layouts import LOOKED_AFTER, SINGLE, VISITS, Report

GRADES = {
    "outstanding": "outstanding",
    "good": "good",
    "requires improvement to be good": "requires improvement",
    "requires improvement": "requires improvement",
    "adequate": "adequate",
    "inadequate": "inadequate",
    "not judged": "not judged",
}
"""What a report prints for a grade, and the grade."""
_GRADE = r"(?P<grade>outstanding|good|requires? improvement(?: to be good)?|adequate|inadequate|not judged)\b(?! (?:or|and) )"
_ILACS = (
    ("overall effectiveness", r"overall effectiveness"),
    (
        "impact of leaders",
        r"the impact of leaders on (?:social work )?practice(?: with children and families)?",
    ),
    ("help and protection", r"the experiences and progress of children who need help and protection"),
    ("in care and care leavers", r"the experiences and progress of children in care and care leavers"),
    ("in care", r"the experiences and progress of children in care"),
    ("care leavers", r"the experiences and progress of (?:children )?care leavers"),
)
"""In some reports of 2025 the table says `children care leavers`."""
_SINGLE = (
    ("help and protection", r"children who need help and protection"),
    ("looked after and permanence", r"children looked after and achieving permanence"),
    ("adoption", r"adoption performance"),
    ("experiences of care leavers", r"(?:the )?experiences and progress of care leavers"),
    ("leadership and governance", r"leadership, management and governance"),
)
_LOOKED_AFTER = (
    ("overall effectiveness", r"overall effectiveness"),
    ("capacity to improve", r"capacity to improve"),
    (
        "outcomes",
        r"outcomes for (?:children|looked[ -]after children|children and young people)[\w, ]{0,40}?",
    ),
    ("quality of provision", r"(?:the )?quality of (?:provision|services?|care)[\w, ]{0,40}?"),
    ("leadership and governance", r"leadership(?:,? (?:and )?management)?(?:,? and governance)?"),
)
_RECORD = re.compile(r"(?i)^record of (?:main )?findings")
"""Under this heading, on the last page, stand the grades of 2013."""
_SERVICES = r"children[’']?s services "
_IN = r"in (?:the )?[\w’',.&\- ]{2,60}? "
_OVERALL = re.compile(
    rf"(?:the overall judgement(?: is)?(?: that)?:? (?:{_SERVICES}(?:{_IN})?)?|{_SERVICES}{_IN})(?:is |are )?(?:judged to be )?{_GRADE}",
    re.IGNORECASE,
)
"""The single framework's sentence: until 2015 `The overall judgement is that …`, later `Children’s services in … are …`."""
_BOARD = re.compile(
    r"(?:the (?:local |[\w’' ]{2,40} )?safeguarding children board|the lscb) (?:\(lscb\) )?"
    rf"(?:is |are )?(?:judged to be )?{_GRADE}(?! (?:at|in|practice|progress|work|working|quality|enough)\b)",
    re.IGNORECASE,
)
_OPENING_PAGES = 3
_TITLE_LINES = 12
_WITH_BOARD = re.compile(r"(?i)\breview of the effectiveness of the (?:local )?safeguarding children")


@dataclass(frozen=True)
class Judged:
    """One grade: its area, the grade, the words as printed, and the page."""

    area: str
    grade: str
    printed: str
    page: int


def judgements_of(report: Report, lines: Sequence[Line]) -> list[Judged]:
    """The grades that a report gives, none twice; what is not found is not guessed."""
    if report.is_visit:
        return []
    if report.family == SINGLE:
        return _single(report, lines)
    if report.family == LOOKED_AFTER:
        last = [at for at, line in enumerate(lines) if _RECORD.match(line.text)]
        return _areas(_LOOKED_AFTER, lines[last[-1] :] if last else _opening(lines))
    return _areas(_ILACS, _opening(lines))


def required_areas(report: Report, lines: Sequence[Line], found: Set[str]) -> tuple[str, ...]:
    """The areas that a report's framework requires to be graded: any that is not read is told.

    Whether children in care and care leavers are judged together or apart is seen from which of them were found.
    """
    framework = report.framework
    if framework == "ILACS 2018" and found & {"in care", "care leavers"}:
        framework = "ILACS 2023"
    title = " ".join(line.text for line in lines[:_TITLE_LINES])
    with_board = report.family == SINGLE and _WITH_BOARD.search(title) is not None
    return areas_of(report.kind, framework, with_board=with_board)


def areas_of(kind: str, framework: str, *, with_board: bool = False) -> tuple[str, ...]:
    """The areas that an inspection of a kind under a framework grades."""
    if kind in VISITS:
        return ()
    if kind == "board review":
        return ("safeguarding board",)
    if framework == LOOKED_AFTER:
        return tuple(area for area, _ in _LOOKED_AFTER)
    if framework == SINGLE:
        board = ("safeguarding board",) if with_board else ()
        return ("overall effectiveness", *(area for area, _ in _SINGLE), *board)
    overall = () if framework == "ILACS 2026" else ("overall effectiveness",)
    care = ("in care and care leavers",) if framework == "ILACS 2018" else ("in care", "care leavers")
    return (*overall, "impact of leaders", "help and protection", *care)


def disputed_areas(report: Report, lines: Sequence[Line], judged: Sequence[Judged]) -> frozenset[str]:
    """The areas to which the headings of the report's parts give another grade than its first page does."""
    if report.family != "ilacs" or report.is_visit:
        return frozenset()
    after = _Text.of([line for line in lines if line.page > 1])
    headings = {one.area: one.grade for area, words in _ILACS for one in after.first(area, _heading(words))}
    return frozenset(one.area for one in judged if headings.get(one.area, one.grade) != one.grade)


def _heading(words: str) -> re.Pattern[str]:
    """The heading of a part, which ends in a colon and the grade."""
    return re.compile(rf"\b{words}: ?{_GRADE}", re.IGNORECASE)


def _single(report: Report, lines: Sequence[Line]) -> list[Judged]:
    opening, found = _opening(lines), list[Judged]()
    if report.kind != "board review":
        found += _Text.of(opening).first("overall effectiveness", _OVERALL)
        found += _areas(_SINGLE, opening)
    return found + _Text.of(lines).first("safeguarding board", _BOARD)


def _opening(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.page <= _OPENING_PAGES]


def _areas(areas: Sequence[tuple[str, str]], lines: Sequence[Line]) -> list[Judged]:
    text = _Text.of(lines)
    return [one for area, words in areas for one in text.first(area, _table_row(words))]


def _table_row(words: str) -> re.Pattern[str]:
    """An area's words with the grade straight after them, whatever line either breaks on.

    A colon, a full stop or the mark of a footnote may stand between.
    """
    return re.compile(rf"\b{words}\.? ?\d?(?:: ?| – | |(?<= )){_GRADE}", re.IGNORECASE)


@dataclass(frozen=True)
class _Text:
    """Lines as one text, with the page on which each part of it begins."""

    words: str
    starts: tuple[int, ...]
    pages: tuple[int, ...]

    @staticmethod
    def of(lines: Sequence[Line]) -> _Text:
        """The text of these lines."""
        ends = accumulate((len(line.text) + 1 for line in lines), initial=0)
        return _Text(
            " ".join(line.text for line in lines), tuple(ends)[:-1], tuple(line.page for line in lines)
        )

    def first(self, area: str, pattern: re.Pattern[str]) -> list[Judged]:
        """The grade of an area where a pattern first fits; none where it does not."""
        found = pattern.search(self.words)
        if found is None:
            return []
        grade = " ".join(found.group("grade").lower().split())
        grade = grade.replace("require improvement", "requires improvement")
        page = self.pages[bisect_right(self.starts, found.start()) - 1]
        return [Judged(area, GRADES[grade], found.group(0)[:200], page)]
