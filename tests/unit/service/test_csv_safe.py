"""No cell of a CSV begins as a formula does, wherever a spreadsheet takes it to begin."""

from __future__ import annotations

import csv
import io
import re

import pytest

from lineofsight.service.pages.csv_safe import csv_safe, written

HIDING = [
    "",
    " ",
    "\u200b",
    "\ufeff",
    "\u2060",
    "\u00ad",
    "\u00a0",
    "\u3000",
    "\x00",
    "\x0b",
    "\u202e",
    "\t",
    "\r",
    "\n",
    "\u0301",
]
SIGNS = ["=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212", "\ufe66", "\ufe62"]
BEFORE = [
    "",
    "name; ",
    "name;",
    "name,",
    "name|",
    "name\t",
    "a;b;",
    "x;\u200b",
    'q";',
    "name\n",
    "name\r\n",
    "name\u2028",
    "name\uff1b",
    "name\x1e",
    "name\v",
]


@pytest.mark.parametrize("before", BEFORE)
def test_no_part_of_a_cell_begins_with_a_sign(before: str) -> None:
    for hiding in HIDING:
        for sign in SIGNS:
            made = csv_safe(f"{before}{hiding}{sign}cmd")
            for part in re.split("[;,|\t\r\n\v\f\x1e\u2028\uff1b]", made):
                shown = re.sub(r"[\s\u200b\ufeff\u2060\u00ad\x00-\x1f\u202e\u0301\u3164\u2800\"]", "", part)
                assert not shown or shown[0] not in SIGNS, (before, hiding, sign, made)


@pytest.mark.parametrize(
    "cell", ["O'Brien, Ann", "north-safeguarding-1", "3 to 6; plan", 5, -5, None, "", "a = b", "25 %"]
)
def test_what_is_no_formula_stays_as_it_is(cell: object) -> None:
    assert csv_safe(cell) == cell


def test_rows_are_written_as_the_standard_says() -> None:
    text = written([["a", 'b"c'], ["=1", None]])
    assert list(csv.reader(io.StringIO(text))) == [["a", 'b"c'], ["'=1", ""]]
    assert text.endswith("\r\n")
