"""The documents are held to the code: what they name exists, what exists is named, what they show runs.

A block in docs/how-to whose first line gives a file (```yaml january.yaml) is that file. A `result` block
after it says what loading it gives. A `sh` block is run, in the order of its page and in a scratch home;
a `console` block is only read for the names of its commands and options.
"""

from __future__ import annotations

import ast
import importlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from docs import generate
from lineofsight.intake.formats.statements import WRITTEN
from lineofsight.intake.settings import read_settings
from lineofsight.queries import statements
from lineofsight.queries.record import View
from lineofsight.record.tables import TABLES
from lineofsight.service.access.records import open_record
from lineofsight.service.receive import recipe
from lineofsight.service.settings import SETTINGS
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from lineofsight.vocabulary.moments import moment_of, written
from tests.support import answers
from tests.support.surroundings import ROOT

DOCS = ROOT / "docs"
HOW_TO = DOCS / "how-to"
PROSE = ("README.md", "DEVELOPERS.md", "GLOSSARY.md", "CHANGELOG.md", "benchmarks/README.md")
PAGES = sorted([*(ROOT / name for name in PROSE), *DOCS.rglob("*.md")])
WRITE_STATEMENTS = HOW_TO / "write-statements.md"

FENCED = re.compile(r"^( *)```(\w*)(?: ([\w.-]+))?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
REFERENCE = re.compile(r"lineofsight(?:\.[A-Za-z_]\w*)+")
PLACE = re.compile(r"((?:lineofsight|tests|docs|benchmarks|frontend|\.ci)/[\w./-]*)(?:::(test_\w+))?")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> Iterator[tuple[str, str, str]]:
    """Language, file and text of every fenced block, without the indent of a list it stands in."""
    for indent, language, file, text in FENCED.findall(page.read_text("utf-8")):
        yield language, file, "".join(line.removeprefix(indent) for line in text.splitlines(keepends=True))


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCED.sub("", page.read_text("utf-8"))


every_page = pytest.mark.parametrize("document", PAGES, ids=name_of)


# ---- the reference is in step --------------------------------------------------------------------


def test_the_reference_pages_are_as_the_code_says() -> None:
    assert [name_of(page) for page in generate.out_of_step()] == [], "run `python -m docs.generate`"


@pytest.mark.slow
def test_check_names_the_page_that_is_out_of_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "REFERENCE", tmp_path / "reference")
    monkeypatch.setattr(generate, "SCHEMAS", tmp_path / "schemas")
    monkeypatch.setenv("LINEOFSIGHT_SECRET_KEY", "of this test")
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    (tmp_path / "reference" / "settings.md").write_text("changed", "utf-8")
    (tmp_path / "reference" / "left-over.md").write_text("nobody writes me", "utf-8")
    capsys.readouterr()
    assert generate.main(["--check"]) == 1
    said = capsys.readouterr().out
    assert "reference/left-over.md is out of step" in said
    assert "reference/settings.md is out of step" in said
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0


# ---- the first page --------------------------------------------------------------------------------


def test_the_readme_fits_on_a_screen_and_its_pictures_load_quickly() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\((docs/pictures/[\w.-]+)\)", readme)
    assert len(readme.splitlines()) <= 45
    assert len(pictures) == 3
    assert [name for name in pictures if (ROOT / name).stat().st_size >= 150_000] == []


# ---- what is named exists --------------------------------------------------------------------------


@every_page
def test_every_link_leads_somewhere(document: Path) -> None:
    targets = [to.split("#")[0] for to in LINK.findall(prose(document)) if not re.match(r"[a-z]+:", to)]
    assert [to for to in targets if to and not (document.parent / to).exists()] == []


@every_page
def test_every_file_named_is_there(document: Path) -> None:
    named = [match for span in CODE.findall(prose(document)) if (match := PLACE.fullmatch(span))]
    assert [one[0] for one in named if not is_there(one[1], one[2])] == []


def is_there(path: str, test: str | None) -> bool:
    """Whether a path exists, and holds the test it is named with."""
    place = ROOT / path
    return place.exists() and (test is None or f"def {test}(" in place.read_text("utf-8"))


@every_page
def test_every_piece_of_code_named_is_there(document: Path) -> None:
    named = {span for span in CODE.findall(prose(document)) if REFERENCE.fullmatch(span)}
    named -= {"lineofsight.sqlite3", "lineofsight.example.org"}  # a file of the home, a host
    assert sorted(one for one in named if resolved(one) is None) == []


def resolved(reference: str) -> object | None:
    """The module, class, function or value of a dotted name; a dataclass's field counts by its annotation."""
    parts = reference.split(".")
    found: object = importlib.import_module(parts[0])
    for at, part in enumerate(parts[1:], 2):
        after = _within(found, part, ".".join(parts[:at]))
        if after is None:
            return None
        found = after
    return found


def _within(holder: object, name: str, whole: str) -> object | None:
    if hasattr(holder, name):
        return getattr(holder, name)
    if isinstance(holder, ModuleType):
        try:
            return importlib.import_module(whole)
        except ModuleNotFoundError:
            return None
    return getattr(holder, "__annotations__", {}).get(name)


@pytest.mark.parametrize("name", ["lineofsight.record.block.Block.nothing", "lineofsight.nothing.at_all"])
def test_a_name_that_is_not_there_is_noticed(name: str) -> None:
    assert resolved(name) is None


def test_every_document_or_test_named_in_the_code_is_there() -> None:
    """Comments and messages go stale too: `docs/….md` and `tests/….py` in any of our files."""
    named = re.compile(r"\b(?:docs|tests)/[\w/.-]+\.(?:md|py)\b")
    ours = [*ROOT.glob("*.toml"), ROOT / "justfile", ROOT / "run"]
    for folder in ("lineofsight", "tests", "docs", "benchmarks"):
        ours += [path for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".html", ".yaml")]
    lost = {
        f"{name_of(path)}: {one}"
        for path in ours
        if path != Path(__file__)
        for one in named.findall(path.read_text("utf-8"))
        if not (ROOT / one).exists()
    }
    assert sorted(lost) == []


# ---- the glossary ----------------------------------------------------------------------------------


def test_every_term_of_the_glossary_names_where_it_lives() -> None:
    text = (ROOT / "GLOSSARY.md").read_text("utf-8")
    entries = re.findall(r"^- (\*\*.+?)(?=^- |^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert len(entries) > 50
    without = [one.splitlines()[0] for one in entries if not any(map(REFERENCE.fullmatch, CODE.findall(one)))]
    assert without == []


@pytest.mark.parametrize("code", [*code_set("statement_kind"), *code_set("confidence")])
def test_the_glossary_has_every_kind_and_confidence(code: str) -> None:
    assert f"*{code}*" in (ROOT / "GLOSSARY.md").read_text("utf-8")


# ---- what exists is documented ---------------------------------------------------------------------


def reference_page(name: str) -> str:
    return (generate.REFERENCE / name).read_text("utf-8")


def test_every_command_is_documented_with_an_example() -> None:
    page = reference_page("commands.md")
    for name, command in generate.every_command():
        assert f"## `lineofsight {name}`" in page
        assert command.help, name
        assert (command.epilog or "").removeprefix("Example:").strip(), f"{name} has no example"


def test_every_option_is_documented() -> None:
    page = reference_page("commands.md")
    for name, command in generate.every_command():
        part = page.split(f"## `lineofsight {name}`\n")[1].split("\n## ")[0]
        for param in command.params:
            silent = param.param_type_name == "argument" or getattr(param, "hidden", False)
            assert silent or param.opts[0] in part, f"{name} {param.opts}"


def test_every_setting_is_documented() -> None:
    page = reference_page("settings.md")
    assert [one.name for one in SETTINGS if f"`{one.name}`" not in page] == []


def test_every_setting_that_is_read_is_declared() -> None:
    """`lineofsight settings` and the reference list what SETTINGS declares: nothing else may be read."""
    read = re.compile(r"\b(?:LINEOFSIGHT_[A-Z_]+|DATABASE_URL)\b")
    text = "".join(path.read_text("utf-8") for path in (ROOT / "lineofsight").rglob("*.py"))
    assert sorted(set(read.findall(text)) - {one.name for one in SETTINGS}) == []


@pytest.mark.parametrize("name", WRITTEN)
def test_every_field_of_a_statement_is_documented(name: str) -> None:
    assert f"| `{name}` |" in reference_page("statement-fields.md")


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_table_and_column_is_in_the_dictionary(table: Any) -> None:
    part = reference_page("data-dictionary.md").split(f"## `{table.name}`\n")[1].split("\n## ")[0]
    assert [name for name in table.names if f"| `{name}` |" not in part] == []


def codes_of_checks() -> set[str]:
    """Every text in the code of intake, and of the flow, that is the code of a check."""
    service = ROOT / "lineofsight" / "service"
    sources = [*(ROOT / "lineofsight" / "intake").rglob("*.py"), *(service / "receive").glob("*.py")]
    trees = [ast.parse(path.read_text("utf-8")) for path in sources]
    texts = {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in texts if re.fullmatch(r"[A-Z][0-9]{2}", text)}


def test_every_check_is_documented() -> None:
    page = reference_page("checks.md")
    codes = codes_of_checks()
    assert {"S01", "P04", "F05", "K01", "L02", "W01", "W02"} <= codes
    assert sorted(code for code in codes if f"| {code} |" not in page) == []


def test_the_how_to_shows_every_required_field() -> None:
    page = prose(WRITE_STATEMENTS)
    assert [name for name in generate.required_fields() if f"`{name}`" not in page] == []
    for folder in ("decisions", "how-to", "assurance", "explanation"):
        for path in (DOCS / folder).glob("*.md"):
            assert is_linked(path), f"no page links to {name_of(path)}"


def is_linked(target: Path) -> bool:
    others = (page for page in PAGES if page != target)
    return any(
        (page.parent / to.split("#")[0]).resolve() == target
        for page in others
        for to in LINK.findall(prose(page))
        if not re.match(r"[a-z]+:", to)
    )


# ---- commands in the documents ---------------------------------------------------------------------


@cache
def command_lines() -> list[tuple[str, list[str]]]:
    """Every line of a shell block that starts our command, with its page."""
    lines = [
        (name_of(page), line)
        for page in PAGES
        for language, _, text in blocks(page)
        if language in ("sh", "console")
        for line in text.replace("\\\n", " ").splitlines()
    ]
    ours = re.compile(r"(?:\w+=\S+ )*lineofsight ")
    return [
        (page, shlex.split(line[at.end() :], comments=True))
        for page, line in lines
        if (at := ours.match(line))
    ]


def test_every_command_line_names_a_command_and_its_options() -> None:
    known = dict(generate.every_command())
    assert len(command_lines()) > 20
    for page, line in command_lines():
        name = " ".join(line[:2]) if " ".join(line[:2]) in known else line[0]
        assert name in known, f"{page}: lineofsight {' '.join(line)}"
        options = {opt for param in known[name].params for opt in param.opts}
        said = [word.split("=")[0] for word in line if word.startswith("--")]
        assert [one for one in said if one not in options] == [], f"{page}: lineofsight {' '.join(line)}"


# ---- the examples run ------------------------------------------------------------------------------


def examples() -> dict[str, str]:
    """The files shown in the how-to pages, by name."""
    return {file: text for page in sorted(HOW_TO.glob("*.md")) for _, file, text in blocks(page) if file}


def results() -> dict[str, list[str]]:
    """What write-statements.md says each of its files gives, by the file's name."""
    shown = [text.splitlines() for language, _, text in blocks(WRITE_STATEMENTS) if language == "result"]
    return {lines[0].split(":")[0]: lines for lines in shown}


def loaded(file: str, folder: Path) -> list[str]:
    """Load an example through the ordinary door; gives what happened as the page words it."""
    path = folder / file
    path.write_text(examples()[file], "utf-8")
    files, name = recipe.read_path_once(path)
    authority, source = AuthorityCode("999"), SourceName("example")
    outcome = recipe.load(files, name, authority, source, received_at=None, by="tests")
    one = answers.delivery_of(outcome)
    counts = "{received} received = {accepted} accepted + {unchanged} unchanged + {quarantined} quarantined"
    codes = " ".join(finding["code"] for finding in answers.findings_of(outcome.link.delivery))
    known = statements.statements(open_record(authority), View(None, datetime.now(UTC)))
    mine = [s for s in known if s.link == outcome.link.number]
    return [f"{file}: {counts.format(**one)}; findings: {codes}", *sorted(map(about, mine))]


def about(one: Any) -> str:
    ended = (one.last_day or date.max).isoformat()
    known = written(moment_of(one.attested_at))
    return (
        f"{one.id}: about {one.first_day.isoformat()} to {ended}, known from {known.replace('+00:00', 'Z')}"
    )


@pytest.mark.django_db
def test_the_examples_of_statements_give_what_the_page_says(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    said = results()
    assert [Path(file).suffix for file in said] == [".yaml", ".csv", ".jsonl"]
    for file, lines in said.items():
        assert loaded(file, tmp_path) == [lines[0], *sorted(lines[1:])]


def test_the_example_of_a_source_is_understood() -> None:
    settings = read_settings(examples()["example.toml"].encode())
    assert (settings.name, settings.authority, settings.withdraws) == ("example", "999", True)


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("document", sorted(HOW_TO.glob("*.md")), ids=name_of)
def test_the_shell_blocks_of_a_page_run(document: Path, tmp_path: Path) -> None:
    script = "\n".join(text for language, _, text in blocks(document) if language == "sh")
    if not script:
        return
    for file, text in examples().items():
        (tmp_path / file).write_text(text, "utf-8")
    if "load january.yaml" not in script:
        script = f"lineofsight load january.yaml --authority 999 --source example\n{script}"
    ours = f'lineofsight() {{ "{sys.executable}" -m lineofsight "$@"; }}'
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LINEOFSIGHT_HOME": str(tmp_path / "home"),
        "LANG": "C.UTF-8",
        "USER": "tests",
    }
    ran = subprocess.run(
        ["sh", "-euc", f"{ours}\n{script}"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, f"{script}\n{ran.stdout}\n{ran.stderr}"
