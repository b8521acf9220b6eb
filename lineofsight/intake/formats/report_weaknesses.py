"""What a report says must improve: bulleted under ILACS, numbered before it, with points under points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lineofsight.intake.formats.pdf_text import Line
from lineofsight.intake.formats.report_layouts import LOOKED_AFTER, SINGLE, Report

_BULLET = re.compile(r"^(?P<mark>[\uf06e\u25fc\uf0a7\uf0be\uf0b7\u2022\u25aa\u25a0])\s*(?P<text>.*)$")
_DASH = re.compile(r"^(?P<mark>[\uf02d\u0336\u2013\u2014-])\s+(?P<text>.*)$")
_NUMBERED = re.compile(r"^(?P<number>\d{1,2})\.\s+(?P<text>\S.*)$")
_ILACS_HEAD = re.compile(
    r"(?i)^what needs to improve(?: in this area of social work practice)?\s*\??\s*\d?:?$"
)
_ILACS_END = re.compile(
    r"(?i)^(the experiences and progress of|the impact of leaders|main findings|findings and evaluation|this (?:visit|inspection))"
)
_SINGLE_HEAD = re.compile(r"(?i)^(recommendations|areas for improvement|priority and immediate action)\s*:?$")
_SINGLE_END = re.compile(
    r"(?i)^(summary for children|the experiences and progress of|inspection (?:findings|judgements)|about this inspection|"
    r"information about|service information|what the inspection judgements mean|local safeguarding children board|what does .{0,40}need to improve)"
)  # fmt: skip
_DUE = re.compile(
    r"(?i)^((?:to be completed )?(?:immediately|within (?:the next )?(?:\w+ )?months?(?: of .*)?|as a matter of urgency))\s*:?$"
)
_BOARD = re.compile(
    r"(?i)^the (?:local )?safeguarding children board \(lscb\)|^review of the effectiveness of the local safeguarding"
)
_TAG = re.compile(
    r"\s*\(((?:outcome|enabler) (?:one|two|three|four)(?:(?:,| and) (?:outcome |enabler )?(?:one|two|three|four))*)\)",
    re.IGNORECASE,
)
_REFERS = re.compile(r"\s*\((paragraphs? [\d ,and–-]+)\)", re.IGNORECASE)
_NONE = re.compile(
    r"(?i)\b(?:no|not any) (?:areas? for )?(?:priority|immediate|improvement|recommendations?)"
)
_LONGEST = 3_000


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
    """What was found; `headed`: there is such a section at all, so that none is told from not read."""

    items: tuple[Weakness, ...]
    headed: bool


def weaknesses_of(report: Report, lines: Sequence[Line]) -> Weaknesses:
    """The areas for improvement or recommendations to the authority, in their order."""
    if report.family in (SINGLE, LOOKED_AFTER):
        section = _section(_own(report, lines), _SINGLE_HEAD, _SINGLE_END, many=True)
    else:
        section = _section(lines, _ILACS_HEAD, _ILACS_END, many=False)
    items = tuple(_finished(one) for one in _items(section))
    return Weaknesses(tuple(one for one in items if not _NONE.search(one.says)), bool(section))


def _own(report: Report, lines: Sequence[Line]) -> list[Line]:
    """The lines before the board's own part, whose recommendations are not the authority's."""
    if report.kind == "board review":
        return list(lines)
    after = [at for at, line in enumerate(lines) if line.page > 4 and _BOARD.match(line.text)]
    return list(lines[: after[0]] if after else lines)


def _section(lines: Sequence[Line], head: re.Pattern[str], end: re.Pattern[str], *, many: bool) -> list[Line]:
    """The lines under the heading; the headings themselves stay where there may be several."""
    starts = [at for at, line in enumerate(lines) if head.match(line.text)]
    if not starts:
        return []
    found: list[Line] = [lines[starts[0]]] if many else []
    for line in lines[starts[0] + 1 :]:
        if end.match(line.text) and not _BULLET.match(line.text):
            break
        found.append(line)
    return found or [replace(lines[starts[0]], text="")]


def _items(lines: Sequence[Line]) -> Iterator[Weakness]:
    """Items as they come; a line that begins none goes on with the one before."""
    held: Weakness | None = None
    section, due, count, numbered = "", "", 0, 0
    parent: int | None = None
    for line in lines:
        if _SINGLE_HEAD.match(line.text) or _DUE.match(line.text):
            if held:
                yield held
            held, parent = None, None
            due = line.text.rstrip(": ").lower() if _DUE.match(line.text) else due
            section = section if _DUE.match(line.text) else line.text.rstrip(": ").capitalize()
            numbered = numbered if _DUE.match(line.text) else 0
            continue
        begun = _begins(line.text, numbered, in_numbered=parent is not None)
        if begun is None:
            held = replace(held, says=f"{held.says} {line.text}") if held else None
            continue
        if held:
            yield held
        label, text, under = begun
        count += 1
        if label:
            numbered, parent = int(label), count
        within = parent if under and parent is not None else None
        held = Weakness(
            count, label or _point(numbered, parent, count), within, section, due, text, line.page
        )
    if held:
        yield held


def _point(numbered: int, parent: int | None, count: int) -> str:
    return f"{numbered}, point {count - parent}" if parent is not None else str(count)


def _begins(text: str, numbered: int, *, in_numbered: bool) -> tuple[str, str, bool] | None:
    """The label, the words and whether it stands under another, where a line begins an item.

    A number begins one only where it follows the number before: `5. May 2016` in a sentence does not.
    """
    if (found := _NUMBERED.match(text)) and int(found.group("number")) == numbered + 1:
        return found.group("number"), found.group("text"), False
    if found := _BULLET.match(text):
        return "", found.group("text"), in_numbered
    if in_numbered and (found := _DASH.match(text)):
        return "", found.group("text"), True
    return None


def _finished(one: Weakness) -> Weakness:
    """An item with its tags and references taken out of its words."""
    tags = "; ".join(tag.capitalize() for tag in _TAG.findall(one.says))
    refers = "; ".join(_REFERS.findall(one.says))
    words = " ".join(_REFERS.sub("", _TAG.sub("", one.says)).split())[:_LONGEST]
    return replace(one, says=words.strip(), tag=tags, refers_to=refers)
