"""Which report a PDF is: its kind, its framework, the body inspected, its days and who led it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lineofsight.intake.formats.pdf_text import Line
from lineofsight.intake.formats.report_days import fieldwork, one_day
from lineofsight.intake.formats.report_letters import Letter, letter_of
from lineofsight.vocabulary.authorities import Authority, authorities_named

CARE_LEAVERS_APART = date(2023, 1, 1)
"""From this day care leavers are judged apart (Ofsted, response to the consultation, 2 December 2022)."""
NO_OVERALL = date(2026, 4, 1)
"""From this day no overall grade is given (Ofsted, 27 November 2025)."""

VISITS = ("focused visit", "monitoring visit")
LOOKED_AFTER, SINGLE = "looked-after 2013", "single inspection framework"
_OPENING = 40
"""The lines in which a report says what it is."""


@dataclass(frozen=True)
class Report:
    """What a report says it is. A part is None or empty where it could not be read."""

    kind: str
    family: str
    """`ilacs`, or the framework's name where it has no versions."""
    body: str
    days: str
    begun_on: date | None
    ended_on: date | None
    published_on: date | None
    lead_inspector: str
    inspectors: tuple[str, ...] = ()
    theme: str = ""
    bodies: tuple[str, ...] = ()
    """Every name by which the report's opening calls the body inspected, the title's first."""

    @property
    def is_visit(self) -> bool:
        """Whether it is about a visit, which looks at one theme and grades nothing."""
        return self.kind in VISITS

    @property
    def framework(self) -> str:
        """The framework of its day."""
        if self.family != "ilacs" or self.begun_on is None:
            return "ILACS 2018" if self.family == "ilacs" else self.family
        if self.begun_on >= NO_OVERALL:
            return "ILACS 2026"
        return "ILACS 2023" if self.begun_on >= CARE_LEAVERS_APART else "ILACS 2018"

    @property
    def authorities(self) -> tuple[Authority, ...]:
        """The authorities that its names of the body may mean, by the first name that means any."""
        return next(filter(None, map(authorities_named, self.bodies or (self.body,))), ())


_BODY = r"(?:the )?(?P<body>[A-Z][\w’',.&\- ]{1,60}?)"
_TITLES: tuple[tuple[str, str, str], ...] = (
    (r"\bre-?inspection of services for children in need of help and protection", "re-inspection", SINGLE),
    (r"\binspection of services for children in need of help and protection", "full inspection", SINGLE),
    (r"\bfocused visit", "focused visit", "ilacs"),
    (r"\bmonitoring visit", "monitoring visit", "ilacs"),
    (r"\binspection of (?:local authority )?children’?'?s social care services", "full inspection", "ilacs"),
    (r"\binspection of .{2,80}? ?(?:local authority )?children’?'?s (?:social care )?services", "full inspection", "ilacs"),
    (r"\binspection of children’?'?s services", "full inspection", "ilacs"),
    (r"\binspection of (?:local authority )?(?:services for )?looked[ -]after children", "full inspection", LOOKED_AFTER),
    (r"\binspection of .{2,60}\b(?:children first|trust|achieving for children|together for children.{2,30})", "full inspection", "ilacs"),
    (r"(?<!safeguarding and )\blooked[ -]after children services", "full inspection", LOOKED_AFTER),
    (r"\breview of the effectiveness of the (?:local )?safeguarding children board", "board review", SINGLE),
)  # fmt: skip
_NAMED = re.compile(
    rf"(?i:inspection of|(?:focused|monitoring) visit (?:to|of)) {_BODY} (?i:local authority )?(?i:children’?'?s (?:social care )?services)"
)
_TRUST = re.compile(
    r"(?i:inspection of) (?P<body>[A-Z].{2,60}?(?:Trust|Children First|Achieving for Children))"
)
_TITLE_BEGINS = re.compile(r"(?i)(re-?)?inspection of|review of|focused visit|monitoring visit")
_NO_BODY = ("local authority", "services for", "children’s social care", "looked after children", "")
_DAYS = re.compile(r"(?i)\b(?:inspection|visit|review|fieldwork) dates? ?(?:: ?|(?=\d))")
_PUBLISHED = re.compile(r"(?i)\b(?:report )?published: ?(.{6,40})")
_LEAD = re.compile(r"(?i)^(?:lead|reporting) inspectors?\b ?:? ?")
_OFFICE = re.compile(
    r"(?i)[, –-]+(?:h[ei][rs] majesty[’']?s inspector|hmi|hm inspector|senior hmi|ofsted).*$"
)
_NAME = re.compile(r"[A-Z][\w’'.-]*(?: [\w’'.-]+){1,5}(?:,| and |$)")
"""A name, and no sentence about what a lead inspector did."""
_AFTER_DAYS = re.compile(
    r"(?i)^(lead inspector|report published|judgement|children’?'?s services in|reporting inspector)"
)


def report_of(lines: Sequence[Line]) -> Report | None:
    """What a report says it is; None where it is no report of a kind that is known."""
    if letter := letter_of(lines):
        return _from_letter(letter)
    opening = [line.text for line in lines[:_OPENING]]
    text = " ".join(opening)
    title = _title(opening)
    found = next(
        ((kind, family) for words, kind, family in _TITLES if re.search(words, title, re.IGNORECASE)), None
    )
    if found is None:
        return None
    days = _days(opening)
    begun, ended = fieldwork(days) or (None, None)
    published = _PUBLISHED.search(text)
    printed = one_day(published.group(1)) if published else None
    kind, family = found
    bodies = _bodies(opening, title)
    body = next(filter(authorities_named, bodies), "")
    return Report(kind, family, body, days, begun, ended, printed, _lead(lines), bodies=bodies)


def _from_letter(letter: Letter) -> Report:
    return Report(
        letter.kind,
        "ilacs",
        next(iter(letter.bodies), ""),
        letter.days,
        letter.begun_on,
        letter.ended_on,
        letter.written_on,
        "",
        letter.inspectors,
        letter.theme,
        letter.bodies,
    )


def _title(opening: Sequence[str]) -> str:
    """The words before the days of fieldwork: what follows tells of other inspections and visits."""
    until = next((at for at, line in enumerate(opening) if _DAYS.search(line) or _LEAD.match(line)), 8)
    return " ".join(opening[: until or 8])


def _bodies(opening: Sequence[str], title: str) -> tuple[str, ...]:
    """The names of the body inspected: in the title, on the lines before it, or on the line after it."""
    found = [named.group("body") for pattern in (_NAMED, _TRUST) if (named := pattern.search(title))]
    at = next((at for at, line in enumerate(opening) if _TITLE_BEGINS.match(line)), None)
    if at is not None:
        found += [" ".join(opening[:at]), *opening[at + 1 : at + 3]]
    cleaned = [
        re.sub(r"(?i)\s+(?:local authority|council[’']s)$", "", body).strip(" ,")
        for body in found
        if len(body) < 90
    ]
    return tuple(body for body in dict.fromkeys(cleaned) if body.lower() not in _NO_BODY)


def _days(opening: Sequence[str]) -> str:
    """The words after `Inspection dates:`, over lines, until something else begins."""
    for at, line in enumerate(opening):
        if begun := _DAYS.search(line):
            words = [line[begun.end() :]]
            for following in opening[at + 1 : at + 4]:
                if _AFTER_DAYS.match(following) or not re.search(r"\d", following):
                    break
                words.append(following)
            return " ".join(words).strip()
    return ""


def _lead(lines: Sequence[Line]) -> str:
    """Who led it, without the title that follows the name."""
    for at, line in enumerate(lines):
        if _LEAD.match(line.text):
            following = lines[at + 1].text if at + 1 < len(lines) else ""
            name = _OFFICE.sub("", _LEAD.sub("", line.text) or following).strip(" ,")
            if name and (":" in line.text or _NAME.match(name)):
                return name
    return ""
