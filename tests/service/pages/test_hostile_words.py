"""Words meant to do harm, in every cell of an extract: pages escape them, CSV and JSON carry them harmlessly."""

from __future__ import annotations

import csv
import html
import io

import pytest

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.access import handles
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import SourceName
from tests.service.homes import Home, filled_once
from tests.service.pages.test_of_a_service import signed_in
from tests.support.cases import AUTHORITY, HEADINGS, describe, moment

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0",
    "{{7*7}}{% debug %}",
    "\u202eevil\u202c",
    "javascript:alert(1)",
    "x" * 5000,
)
AT = f"/service/{AUTHORITY}"


@pytest.fixture
@filled_once
def hostile(home: Home) -> Home:
    describe()
    tables: dict[str, list[list[str]]] = {
        name: [] for name in ("cin_episodes", "involvements", "person", "professionals")
    }
    for n, word in enumerate(HOSTILE):
        child = f"{word} {n}"
        tables["cin_episodes"].append([f"R{n}", child, "2019-01-01", "N", "", ""])
        tables["involvements"].append([str(n), child, word, word, word, "2019-01-05", "", f"R{n}"])
        tables["person"].append([child, "2010-01-01", ""])
        tables["professionals"].append([word, word, word, word, "1.0", ""])
    files = [NamedBytes(f"ssd_{name}.csv", _csv(name, rows)) for name, rows in tables.items()]
    recipe.load(
        files, "night", AUTHORITY, SourceName("nightly"), received_at=moment("2019-10-09"), by="tests"
    )
    return home


def _csv(name: str, rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS[name].split(","), *rows])
    return text.getvalue().encode()


@pytest.mark.parametrize(
    "path",
    ["/", "/unallocated/", "/children/", "/teams/", "/figure/", "/deliveries/", "/data-quality/"],
)
def test_no_page_gives_a_hostile_word_as_anything_but_words(hostile: Home, path: str) -> None:
    answer = signed_in("director").get(AT + path)
    page = answer.content.decode()
    assert answer.status_code == 200
    for word in HOSTILE[:2]:
        assert word not in page
    assert "7*7" not in page or "{{7*7}}" in html.unescape(page)
    assert 'href="javascript:' not in page


def test_a_childs_own_page_escapes_the_words_of_every_row(hostile: Home) -> None:
    client = signed_in("director")
    for n, word in enumerate(HOSTILE):
        handle = handles.handle_of(AUTHORITY, f"{word} {n}")
        answer = client.get(f"{AT}/child/{handle}/")
        assert answer.status_code in (200, 404)
        assert all(one not in answer.content.decode() for one in HOSTILE[:2])


def test_no_cell_of_the_csv_is_one_that_a_spreadsheet_would_run(hostile: Home) -> None:
    answer = signed_in("director").get(f"{AT}/unallocated/?format=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) > 1
    assert all(not cell.startswith(("=", "+", "@", "\t", "\r")) for row in rows for cell in row)
    assert any("cmd|" in cell for row in rows for cell in row)
