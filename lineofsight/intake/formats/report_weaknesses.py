"""What a report says must improve: bulleted under ILACS, numbered before it, with points under points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, takewhile

from lineofsight.intake.formats.pdf_text import Line
from lineofsight.intake.formats.report_layouts import LOOKED_AFTER, SINGLE, Report
from lineofsight.intake.formats.report_tags import without_tags

_BULLET = re.compile(
    r"^(?P<mark>[\uf02e-\uf0ff\u2022\u2023\u2043\u2219\u25a0\u25aa\u25cf\u25fc\u25fe\u00b7])\s*(?P<text>.*)$"
)
"""Marks from a symbol font come as private characters; of those, only U+F02D is a dash."""
_DASH = re.compile(r"^(?P<mark>[\uf02d\u0336\u2013\u2014-])\s+(?P<text>.*)$")
_NUMBERED = re.compile(r"^(?P<number>\d{1,3})\.(?:\s+(?P<spaced>\S.*)|(?P<close>[A-Z].*))?$")
_ILACS_HEAD = re.compile(
    r"(?i)^(what needs to improve(?: in this area of (?:social work )?practice)?|areas? for (?:priority action|improvement))\s*\??\s*\d?:?$"
)
_MARK = re.compile(r"^\d{1,2}$")
_ENDED = re.compile(r"[.;:)][’”\"]?\d{0,2}$")
_NOTE = re.compile(r"^\d{1,2} (?=[A-Z‘“]|https?:|www)")
_PRIORITY = ("area for priority action", "areas for priority action")
_ILACS_END = re.compile(
    r"^(?:(?:The e|E)xperiences and progress of|(?:The i|I)mpact of leaders|This (?:visit|inspection)|Yours (?:sincerely|faithfully)"
    r"|(?i:(?:headline |main )?findings(?: and evaluation)?|overview|strengths)$)"
)
"""An item's second line may begin with the same words, small."""
_SINGLE_HEAD = re.compile(
    r"(?i)^(recommendations|areas for improvement|(?:areas for )?priority and immediate action|what does the (?:local )?authority need to improve)\s*\??:?$"
)
_SINGLE_END = re.compile(
    r"^(Summary for [Cc]hildren|Yours (?:sincerely|faithfully)|The experiences and progress of|Inspection (?:findings|judgements?)|About (?:this|the) inspection|"
    r"(?:The (?:[Ll]ocal )?|Local )[Aa]uthority(?:[’']s| has) (?:.{0,30} )?[Ss]trengths|(?:Key )?[Ss]trengths$|Progress since the last inspection|"
    r"Outcomes for (?:looked|children)|Information about|Service information|What the inspection judgements mean|(?:The )?Local Safeguarding Children Board(?: \(LSCB\))?$|"
    r"What does the (?:LSCB|.{0,40}[Bb]oard) need to improve)"
)
"""Until 2015 the authority's strengths follow, their paragraphs numbered on from the areas for improvement."""
_DUE = re.compile(
    r"(?i)^((?:to be completed )?(?:immediately|within (?:the next )?(?:\w+ )?months?(?: of .*)?|as a matter of urgency))\s*:?$"
)
_BOARD = re.compile(
    r"^(?:Section 2:? ?)?The (?:Local )?Safeguarding Children Board(?: \(LSCB\))?$"
    r"|^(?:Section 2:? ?)?The (?:Local )?Safeguarding Children Board (?:\(LSCB\) )?(?:is|requires) "
    r"|^(?i:review of the effectiveness of the local safeguarding)"
)
_REFERS = re.compile(
    r"\s*\(((?:paragraphs?|pages?) [\d ,and–-]+(?:paragraphs? [\d ,and–-]+)?)\)", re.IGNORECASE
)
_NONE = re.compile(
    r"(?i)^(?:there (?:are|were) |(?:the |this )?(?:inspection|inspectors|visit) (?:found|identified) )?"
    r"(?:no|not any) (?:areas? for|priority|immediate|recommendations?\b)"
)
"""`No areas for priority action` is no item; `there has been no improvement in …` is one."""
_NONE_SENTENCE = re.compile(
    r"(?i)\b(?:no|not (?:find|identify|have) any)(?: areas? (?:for|of|requiring))? "
    r"(?:priority|immediate|improvement|areas? for improvement|recommendations?)\b"
)
_NO_HEADING = "the report has no heading under which it could stand"
_LIKE_HEAD = re.compile(
    r"^(?:What (?:the .{3,30} )?needs? to improve|Areas? (?:for|of|that need) (?:priority|improve))[^.]{0,60}$"
)
"""What may be a heading in other words: a list may stand under it that is not read."""
MOST_ITEMS = 40
LONGEST_ITEM = 1_200
"""No report from 2013 to 2026 has more items, or a longer one."""
_SENTENCE = re.compile(r"\b(?:needs?|should|must|is|are|was|were|has|have)\b")
_SHORT = 75
"""How long a heading inside a list may be."""


@dataclass(frozen=True)
class Weakness:
    """One thing to improve: where it stands, its words, what it refers to and how it is tagged."""

    number: int
    label: str
    within: int | None
    section: str
    due: str
    says: str
    page: int
    refers_to: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Weaknesses:
    """What was found. `none_stated`: the report says that there is nothing to improve."""

    items: tuple[Weakness, ...]
    none_stated: bool = False
    unread: str = ""
    """Why the list was not taken, where it could not be read for certain; it is empty then."""


def weaknesses_of(report: Report, lines: Sequence[Line]) -> Weaknesses:
    """The areas for improvement or recommendations to the authority, in their order.

    A list that cannot be right is not taken: a heading under which nothing stands, more items than any report
    has, an item that runs on over pages.
    """
    single = report.family in (SINGLE, LOOKED_AFTER)
    head, end = (_SINGLE_HEAD, _SINGLE_END) if single else (_ILACS_HEAD, _ILACS_END)
    sections = _sections(_own(report, lines) if single else lines, head, end)
    if not single:  # a letter may have a second list after its findings
        sections = [list(chain.from_iterable(_apart(sections)))] if sections else []
    # A page of contents repeats the heading: the section is the first that holds anything.
    lists = [_listed(section, head, bulleted=report.family == LOOKED_AFTER) for section in sections]
    chosen = next((one for one in lists if one.items), lists[-1] if lists else None)
    if chosen is None:
        missed = any(_LIKE_HEAD.match(line.text) for line in lines)
        return Weaknesses((), unread=_NO_HEADING if missed or not report.is_visit else "")
    taken = tuple(map(_finished, chosen.items))
    none_stated = any(_NONE.search(one.says) for one in taken) or chosen.none_stated
    items = _renumbered([one for one in taken if not _NONE.search(one.says)])
    if why := _doubt(chosen, items, none_stated=none_stated):
        return Weaknesses((), unread=why)
    return Weaknesses(items, none_stated)


def _doubt(listed: _List, items: Sequence[Weakness], *, none_stated: bool) -> str:
    """Why a list cannot be right; empty where nothing speaks against it."""
    if not items and not none_stated:
        return "nothing that begins an item stands under its heading"
    if listed.empty:
        return f"nothing that begins an item stands under the heading ‘{listed.empty[0]}’"
    if (count := sum(one.within is None for one in items)) > MOST_ITEMS:
        return f"{count} items were found, more than a report has"
    longest = max((len(one.says) for one in items), default=0)
    if longest > LONGEST_ITEM:
        return f"one item has {longest:,} letters, so it holds more than an item"
    if any(last > one.page + 1 for one, last in zip(listed.items, listed.last_pages, strict=True)):
        return "one item goes on over several pages"
    return ""


def _renumbered(items: Sequence[Weakness]) -> tuple[Weakness, ...]:
    """The items numbered from 1 again, where a line that says `none` was counted among them."""
    number = {one.number: at for at, one in enumerate(items, 1)}
    return tuple(replace(one, number=number[one.number], within=number.get(one.within or 0)) for one in items)


def _own(report: Report, lines: Sequence[Line]) -> list[Line]:
    """The lines before the board's own part, whose recommendations are not the authority's."""
    if report.kind == "board review":
        return list(lines)
    after = [at for at, line in enumerate(lines) if line.page > 4 and _BOARD.match(line.text)]
    return list(lines[: after[0]] if after else lines)


def _sections(lines: Sequence[Line], head: re.Pattern[str], end: re.Pattern[str]) -> list[list[Line]]:
    """From each heading to whatever ends the section; further headings stay among its lines."""
    starts = [at for at, line in enumerate(lines) if head.match(line.text)]
    return [list(takewhile(lambda line: not _ends(line, end), lines[at:])) for at in starts]


def _apart(sections: Sequence[Sequence[Line]]) -> list[Sequence[Line]]:
    """The sections without those that begin inside the one before, whose lines are among its own."""
    found = list[Sequence[Line]]()
    for section in sections:
        if not found or not any(line is section[0] for line in found[-1]):
            found.append(section)
    return found


def _ends(line: Line, end: re.Pattern[str]) -> bool:
    return bool(end.match(line.text)) and not _BULLET.match(line.text)


def _without_footnotes(section: Sequence[Line]) -> list[Line]:
    """A section without the notes at the foot of its pages and without their marks.

    A note begins with its number where the words before have ended, and nothing after it on the page begins
    an item. A mark stands on a line of its own.
    """
    kept, note_on = list[Line](), 0
    for at, line in enumerate(section):
        marked = _MARK.match(line.text) is not None
        if line.page != note_on and (marked or _NOTE.match(line.text)) and _begins_note(section, at):
            note_on = line.page
        elif line.page != note_on and not marked:
            kept.append(line)
    return kept


def _begins_note(section: Sequence[Line], at: int) -> bool:
    page = section[at].page
    before = section[at - 1].text if at else ""
    after = list(takewhile(lambda line: line.page == page, section[at + 1 :]))
    noted = _NOTE.match(section[at].text) or (after and re.match(r"[A-Z‘“]|https?:|www", after[0].text))
    begun = any(_BULLET.match(line.text) or _NUMBERED.match(line.text) for line in after)
    return bool(noted) and not begun and _ENDED.search(before) is not None


def _listed(section: Sequence[Line], head: re.Pattern[str], *, bulleted: bool) -> _List:
    """The items of a section."""
    listed = _List(head, bulleted)
    lines = _without_footnotes(section)
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        listed.take(line, following)
    listed.close()
    return listed


@dataclass
class _List:
    """Items as they come; a line that begins none goes on with the one before."""

    head: re.Pattern[str]
    bulleted: bool
    """Whether only marks begin items: the numbers are those of paragraphs."""
    items: list[Weakness] = field(default_factory=list)
    last_pages: list[int] = field(default_factory=list)
    """The page on which each item ends."""
    empty: list[str] = field(default_factory=list)
    """The headings under which words stand, and no item, and no sentence that there is none."""
    none_stated: bool = False
    heading: str = ""
    section: str = ""
    due: str = ""
    numbered: int = 0
    """The number last begun; it may go on under the next heading, or begin again there."""
    parent: int | None = None
    begun: bool = False
    fresh: bool = True
    prose: list[Line] = field(default_factory=list)
    """The lines under a heading that no mark or number begins."""

    def take(self, line: Line, following: Line | None) -> None:
        """One more line, and the one after it."""
        if found := self.head.match(line.text):
            self.close()
            self.heading = self.section = _headed(found.group(1))
        elif found := _DUE.match(line.text):
            self.begun, self.parent, self.due = False, None, found.group(1).lower()
        elif item := self._begins(line.text):
            self._begin(line, *item)
        elif self._is_heading(line, following):
            self.begun, self.parent = False, None
            self.section = ": ".join(filter(None, (self.heading, line.text.rstrip(":"))))
        elif self.begun:
            self.items[-1] = replace(self.items[-1], says=f"{self.items[-1].says} {line.text}")
            self.last_pages[-1] = line.page
        else:
            self.prose.append(line)

    def close(self) -> None:
        """The end of what stands under a heading: a priority action may be a paragraph without a mark."""
        words = " ".join(line.text for line in self.prose)
        if self.fresh and words:
            if _NONE_SENTENCE.search(words):
                self.none_stated = True
            elif self.heading.lower() in _PRIORITY:
                self._add(self.prose[0], "", words, None)
                self.last_pages[-1] = self.prose[-1].page
            else:
                self.empty.append(self.heading or "What needs to improve")
        self.begun, self.parent, self.fresh, self.prose = False, None, True, []

    def _is_heading(self, line: Line, following: Line | None) -> bool:
        """Whether a line divides the list: short, begun with a capital, after a whole item and before the next."""
        if following is None or not self._begins(following.text):
            return False
        words = line.text.rstrip(":")
        whole = not self.items or not self.begun or _ENDED.search(self.items[-1].says) is not None
        titled = words[0].isupper() and not _ENDED.search(words) and not _SENTENCE.search(words)
        return whole and titled and len(words) <= _SHORT

    def _begin(self, line: Line, label: str, text: str, under: bool) -> None:
        within = self.parent if under else None
        self._add(line, label, text, within)
        if label:
            self.numbered, self.parent = int(label), len(self.items)
        self.begun, self.fresh = True, False

    def _add(self, line: Line, label: str, text: str, within: int | None) -> None:
        count = len(self.items) + 1
        point = label or (f"{self.numbered}, point {count - within}" if within is not None else str(count))
        self.items.append(Weakness(count, point, within, self.section, self.due, text, line.page))
        self.last_pages.append(line.page)

    def _begins(self, text: str) -> tuple[str, str, bool] | None:
        """The label, the words and whether it stands under another, where a line begins an item.

        A number begins one only where it follows the number before: `5. May 2016` in a sentence does not.
        """
        if (
            not self.bulleted
            and (found := _NUMBERED.match(text))
            and self._follows(int(found.group("number")))
        ):
            return found.group("number"), found.group("spaced") or found.group("close") or "", False
        if found := _BULLET.match(text):
            return "", found.group("text"), self.parent is not None
        if self.parent is not None and (found := _DASH.match(text)):
            return "", found.group("text"), True
        return None

    def _follows(self, number: int) -> bool:
        """Whether a number goes on from the one before; the first under a heading may go on from paragraphs before it."""
        return number == self.numbered + 1 or self.fresh


def _headed(words: str) -> str:
    """A heading as it is kept; the one that every report has says nothing."""
    return "" if words.lower().startswith("what needs") else words.capitalize()


def _finished(one: Weakness) -> Weakness:
    """An item with its tags and references taken out of its words."""
    words, tags = without_tags(one.says)
    refers = "; ".join(_REFERS.findall(words))
    return replace(one, says=" ".join(_REFERS.sub("", words).split()), tag="; ".join(tags), refers_to=refers)
