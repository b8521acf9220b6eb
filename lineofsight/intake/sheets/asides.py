"""Lines of a table that are no rows: dashes under the headings, hints, totals, counts, titles of groups, headings again."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LINE = re.compile(r"[-=_*~–—.\s+]{2,}")
_HINT_OF_A_DAY = re.compile(
    r"\(?(?:dd?|yyyy|mm?m?)[-/. ](?:mm?m?|dd?)[-/. ](?:yyyy|yy|dd)(?: ?hh?:mm(?::ss)?)?\)?", re.IGNORECASE
)
_HINT = re.compile(r"m ?/ ?f|y ?/ ?n|yes ?/ ?no|free ?text|text|code|choose|number", re.IGNORECASE)
_COUNTS = re.compile(
    r"(?:grand |sub-?)?totals?(?:[ :].*)?|(?:number|no\.?|count|sum|average|mean|median|percentage|%)(?: of .*| [a-z].*)?:?|of which.*"
    r"|(?:total )?(?:rows?|records?|lines?|results?|cases|children|caseload)(?: (?:affected|returned|selected|found|count|in total))?:?",
    re.IGNORECASE,
)
"""What stands before numbers in a summary."""
_NUMBER = re.compile(r"[£(]?-?[\d,.]+ ?%?\)?")
_AROUND = re.compile(
    r"\(?[\d,]+ (?:rows?|records?|lines?|results?)(?: (?:affected|returned|selected|found))?\)?\.?"
    r"|(?:total )?(?:rows?|records?)(?: count)?(?: (?:affected|returned|selected|found))? ?[:=] ?[\d,]+"
    r"|no (?:rows|records|data|results).*|applied filters?\b.*|filters? (?:applied)?.*|filters?:.*|end of (?:report|file|data|list|extract)\b.*"
    r"|(?:report|extract)? ?(?:run|printed|extracted|generated|produced|created|exported|refreshed|as at|correct as (?:at|of))\b.*[\d:].*"
    r"|page \d+(?: (?:of|/) \d+)?|official(?:[ -]*sensitive.*)?|confidential.*|source ?:.*|notes?:.*|completion time ?:.*|data source.*",
    re.IGNORECASE,
)
"""What stands by itself around a table."""
_WORDS = re.compile(
    r"[^:]*[A-Za-z]{2}[^:]*:.*|(?:.*[^A-Za-z])?[A-Za-z]{2,}[^A-Za-z0-9]+[A-Za-z]{2,}(?:[^A-Za-z].*)?",
    re.DOTALL,
)
"""A title: something with a colon after it, or at least two words. A number such as `AB 1002` is none."""
_LEAST_CELLS_OF_A_ROW = 3
_HINTS_WITHIN = 3


def is_aside(cells: Sequence[str], headings: Sequence[str]) -> bool:
    """Whether the cells of a line are none of a row's."""
    said = [cell.strip() for cell in cells if cell.strip()]
    if not said:
        return True
    plain = [cell.casefold() for cell in said]
    if plain == [name.casefold() for name in headings if name]:
        return True
    if all(map(_LINE.fullmatch, said)) or _is_hint(said):
        return True
    if _COUNTS.fullmatch(said[0]) and all(map(_NUMBER.fullmatch, said[1:])):
        return True
    if len(said) == 1 and _AROUND.fullmatch(said[0]):
        return True
    alone = len(said) == 1 and bool(cells[0].strip()) and len(headings) >= _LEAST_CELLS_OF_A_ROW
    return alone and bool(_WORDS.fullmatch(said[0]))


def looks_like_a_row(number: int, cells: Sequence[str], headings: Sequence[str]) -> bool:
    """Whether the cells of a line can be told quickly to be a row's: most lines are, and `is_aside` takes long.

    `number` is the line's below the headings: a hint stands in one of the first.
    """
    width = len(headings)
    if len(cells) != width or number <= _HINTS_WITHIN or width - cells.count("") <= max(2, width // 2):
        return False
    first = cells[0]
    return first[:1].isalnum() and first.casefold() != headings[0].casefold()


def _is_hint(said: Sequence[str]) -> bool:
    """Whether most cells tell how to fill the column in, such as `dd/mm/yyyy`, and no more than one says anything else."""
    hints = sum(bool(_HINT_OF_A_DAY.fullmatch(cell) or _HINT.fullmatch(cell)) for cell in said)
    return hints > 1 and len(said) - hints <= max(1, len(said) // 4)


def may_be_aside(delimiter: str, headings: Sequence[str]) -> str:
    """A pattern that every line of text fits that is an aside and has as many cells as the headings.

    It only sorts out, quickly, the lines of which `is_aside` is asked.
    """
    d = re.escape(delimiter)
    again = rf"(?i)^[\"\s{d}]*{re.escape(next(filter(None, headings), ''))}"
    one_cell = rf"^[{d}\s]*[^{d}]+[{d}\s]*$"
    no_letters = rf"^[-=_*~–—.+\"\s{d}]*$"
    words = r"(?i)total|count|sum|number|average|mean|of which|rows?|records?|filter|end of|report|extract|printed|generated|produced|page|official|confidential|source|note|completion|created|exported|refreshed|correct as|as at"
    return "|".join(
        (one_cell, no_letters, rf"^[\"\s{d}]*(?:\(?[\d,]+ )?(?:{words})(?:[\s:()\"{d}]|$)", again)
    )
