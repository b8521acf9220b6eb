"""Letters about visits: a date, an addressee and an address; then the title, the days and the inspectors in prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lineofsight.intake.formats.pdf_text import Line
from lineofsight.intake.formats.report_days import fieldwork, one_day
from lineofsight.vocabulary.days import MONTHS

_TITLE = re.compile(r"(?i)^(?:focused|monitoring) visit (?:to|of) .+$")
_SERVICES = re.compile(
    r"(?i)(?:^|[,.]?\s+)(?:local authority(?:’s|'s)? )?children[’']?s (?:social care )?services\.?$"
)
_SUMMARY = re.compile(r"(?i)\bthis letter (?:summarises|contains|sets out|reports)\b")
_DATED = re.compile(rf"^\d{{1,2}}(?:st|nd|rd|th)? (?:{'|'.join(MONTHS)}),? \d{{4}}$")
_MONTH = "|".join(MONTHS)
_DAYS = re.compile(
    rf"(?i)\b(?:on|between|from|of|in)(?: the)? (\d{{1,2}}(?:(?:st|nd|rd|th)\b|{_MONTH}|\d{{4}}|\d{{1,2}}(?!\d)|and|to|until|of|the|[\s,–—-])*)"
)
_SENTENCE_ENDS = re.compile(r"(?<!\b[A-Z])(?<!\bSt)\.\d?(?= |$)")
_INSPECTORS = re.compile(
    r"(?i)\binspectors?(?: \(hmi\))?(?:,? for (?:this|the) (?:focused |monitoring )?visit,?)? (?:were|was)\b"
    r"|\b(?:carried out|undertaken|conducted|completed|led) by\b"
)
_OFFICE = re.compile(
    r"(?i)\b(?:(?:two|three|four|all|both) of (?:whom are )?)?(?:(?:acting |senior )?(?:h[ei][rs] majesty[’']?s|hm|ofsted|social care regulatory)"
    r" inspectors?|(?:senior )?hmis?|inspectors?\b|designate|regulatory|supernumerary|shadowing)\b"
)
_ORGAN = re.compile(r"Services|Chief|Majesty|Council|Education")
_NAME = re.compile(r"^[A-Z][\w’'-]+(?: (?:[a-z]{2,3} )?[A-Z][\w’'.-]*)+$")
_THEME = re.compile(
    r"(?i)\b(?:the )?(?:inspectors|visit|we) (?:looked (?:at|closely)|considered|reviewed|evaluated|focused on|examined|inspected|"
    r"explored|assessed)\b"
)
_LETTERHEAD = re.compile(
    r"(?i)^(?:ofsted|piccadilly gate|clive house|aviation house|agora|store street|manchester(?:,? m1 2wd)?|m1 2wd|"
    r"t:? ?0?300 123 \d{4}|textphone:? ?[\d ]+|(?:e:? ?)?enquiries@ofsted\.gov\.uk|(?:w:? ?)?www\.(?:gov\.uk/)?ofsted(?:\.gov\.uk)?)$"
)
"""The sender's own address, which stands in a margin and comes between the lines of a sentence."""
_VISITED = re.compile(r"(?i)\bvisit (?:to|of) (?P<body>.{3,80}?) (?:on|between|from) ")
_MOST_LINES = 80
"""The lines in which a letter says what it is about."""
_LONGEST_THEME = 400


@dataclass(frozen=True)
class Letter:
    """What a letter about a visit says it is. A part is None or empty where it could not be read."""

    kind: str
    bodies: tuple[str, ...]
    """How the title and the first sentence name the body visited."""
    days: str
    begun_on: date | None
    ended_on: date | None
    written_on: date | None
    inspectors: tuple[str, ...]
    theme: str


def is_letterhead(line: Line) -> bool:
    """Whether a line of the first page is part of the sender's address."""
    return line.page == 1 and _LETTERHEAD.match(line.text) is not None


def letter_of(lines: Sequence[Line]) -> Letter | None:
    """What a letter says it is; None where the lines are no letter about a visit."""
    opening = [line.text for line in lines[:_MOST_LINES] if not is_letterhead(line)]
    at = next((at for at, line in enumerate(opening) if _TITLE.match(line)), None)
    text = " ".join(opening)
    summary = _SUMMARY.search(text)
    if at is None or summary is None:
        return None
    kind, titled = _titled(opening, at)
    written = next((one_day(line) for line in opening[: at + 1] if _DATED.match(line)), None)
    sentences = _sentences(text[summary.start() :])
    visited = _VISITED.search(sentences[0]) if sentences else None
    bodies = (titled, _body(visited.group("body")) if visited else "")
    days, span = _days(sentences, written)
    begun, ended = span or (None, None)
    named = tuple(body for body in dict.fromkeys(bodies) if body)
    return Letter(kind, named, days, begun, ended, written, _inspectors(sentences), _theme(sentences))


def _titled(opening: Sequence[str], at: int) -> tuple[str, str]:
    """The kind of visit and the body it was to; a title may go on over two more lines, until it says `services`."""
    titles = [" ".join(opening[at:until]) for until in range(at + 1, at + 4)]
    title = next((title for title in titles if _SERVICES.search(title)), titles[0])
    kind, body = re.split(r"(?i) visit ", title, maxsplit=1)
    return f"{kind.lower()} visit", _body(re.sub(r"(?i)^(?:to|of) ", "", body))


def _body(words: str) -> str:
    """The body that words name, without what they say of its services."""
    return re.sub(r"(?i)^the |[’']s$", "", _SERVICES.sub("", words)).strip(" ,.")


def _sentences(text: str) -> list[str]:
    """The first sentences of a text."""
    found, start = list[str](), 0
    for end in _SENTENCE_ENDS.finditer(text):
        found.append(text[start : end.end()].strip())
        start = end.end()
        if len(found) == 14:
            break
    return found


def _days(sentences: Sequence[str], written: date | None) -> tuple[str, tuple[date, date] | None]:
    """The days of the visit as printed; a year they lack is that of the letter, or the year before it."""
    for sentence in sentences[:3]:
        for found in _DAYS.finditer(sentence):
            days = re.sub(r"(?i)\b(?:of|the) ", "", found.group(1)).strip(" ,–—-")
            years = (f"{days} {written.year}", f"{days} {written.year - 1}") if written else ()
            spans = [span for said in (days, *years) if (span := fieldwork(said))]
            before = [span for span in spans if written and span[1] <= written]
            if spans:
                return days, (before or spans)[0]
    return "", None


def _inspectors(sentences: Sequence[str]) -> tuple[str, ...]:
    """The inspectors whom the first sentences name, without their office."""
    for sentence in sentences[:5]:
        if found := _INSPECTORS.search(sentence):
            words = _OFFICE.sub(",", sentence[found.end() :])
            parts = re.split(r",|\band\b|\bwith\b|[()]|\bwho\b|\bas\b|\bfrom\b", words)
            names = [
                name for part in parts if _NAME.match(name := part.strip(" .:;")) and not _ORGAN.search(name)
            ]
            if names:
                return tuple(names)
    return ()


def _theme(sentences: Sequence[str]) -> str:
    """What the visit looked at: the first sentence that says so."""
    found = next((sentence for sentence in sentences if _THEME.search(sentence)), "")
    return found[:_LONGEST_THEME]
