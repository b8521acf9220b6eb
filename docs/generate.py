"""Write the reference pages from the code: `python -m docs.generate`, or `--check` to compare only.

Everything in docs/reference is written here. Each page is a function that returns Markdown, and PAGES lists
them. A file in that folder that no function writes is out of step too.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docs import licences as licensing
from docs.provoked import provoked_findings

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
SCHEMAS = ROOT / "lineofsight" / "queries" / "schemas"
_NOTE = "<!-- Written by `python -m docs.generate`: change the code, not this page. -->"
_A_DAY = datetime(2020, 1, 1, tzinfo=UTC)


# -- Markdown -----------------------------------------------------------------------------------


def _page(title: str, intro: str, *parts: str) -> str:
    return "\n\n".join([_NOTE, f"# {title}", intro, *filter(None, parts)]) + "\n"


def _table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text.replace("|", "\\|").replace("\n", " ").strip()


def _code(text: str) -> str:
    return f"`{text}`"


# -- data dictionary ----------------------------------------------------------------------------


def data_dictionary() -> str:
    """Every table of the record, its columns and the codes they take."""
    from lineofsight.record.tables import TABLES

    sets = sorted({column.codes for table in TABLES.values() for column in table.columns if column.codes})
    intro = (
        f"The record has {len(TABLES)} tables. Days are stored as whole numbers (day 1 is 1 January of the year 1) and "
        "shown as dates. Every range runs from its first day up to its end, which is not included. The source that stated "
        "a row is part of the row's identity, with the key given here."
    )
    return _page(
        "Data dictionary", intro, *map(_table_part, TABLES.values()), "## Code sets", *map(_codes_part, sets)
    )


def _table_part(table: Any) -> str:
    facts = [f"Key: {', '.join(map(_code, table.key))}."]
    facts += [f"Begins with {_code(table.begins)}."] if table.begins else []
    facts += [f"Ends with {_code(table.ends)}."] if table.ends else []
    facts += [f"{', '.join(map(_code, table.child))} names a child."] if table.child else ["Names no child."]
    rows = [
        (
            _code(c.name),
            c.kind.value,
            "yes" if c.required else "",
            f"[{c.codes}](#{c.codes})" if c.codes else "",
            c.says,
        )
        for c in table.columns
    ]
    grid = _table(("column", "type", "required", "codes", "meaning"), rows)
    return f"## `{table.name}`\n\n{table.says} {' '.join(facts)}\n\n{grid}"


def _codes_part(name: str) -> str:
    from lineofsight.vocabulary.codes import code_set

    codes = code_set(name).values()
    dated = any(code.valid_from or code.valid_to for code in codes)
    heading = ("code", "meaning", "valid from", "valid to") if dated else ("code", "meaning")
    rows = [(_code(c.code), c.says, c.valid_from, c.valid_to)[: len(heading)] for c in codes]
    return f"### {name}\n\n{_table(heading, rows)}"


def tables_for_your_tools() -> str:
    """Every table that `export-tables` writes: the dictionary that lies beside the tables, as a page."""
    from lineofsight.queries.nightly import TABLES
    from lineofsight.service.exporting.files import markdown

    return f"{_NOTE}\n\n{markdown(TABLES)}"


# -- statement fields ---------------------------------------------------------------------------


def statement_fields() -> str:
    """The fields a person writes, in the order of the table."""
    from lineofsight.intake.formats.statements import WORKED_OUT, WRITTEN
    from lineofsight.record.tables.statement import STATEMENT

    rows = [
        (_code(name), _needed(name), _held(STATEMENT.column(name)), STATEMENT.column(name).says)
        for name in WRITTEN
    ]
    intro = (
        f"The {len(WRITTEN)} fields that you can write in a statement. In YAML and JSON you may also write the five "
        "`source_…` fields as a mapping `source` with `title`, `publisher`, `date`, `address` and `place`. "
        "[Write statements](../how-to/write-statements.md) shows them in use."
    )
    worked_out = ", ".join(map(_code, WORKED_OUT))
    close = f"Do not write {worked_out}: intake works them out from `about_from`, `about_to` and `said_on`."
    return _page(
        "Fields of a statement", intro, _table(("field", "required", "takes", "meaning"), rows), close
    )


def _needed(name: str) -> str:
    if name in required_fields():
        return "yes"
    return {
        "looked_in": "if `kind` is `not found`",
        "confidence": "no: empty means `unconfirmed`",
        "terms": "no: for a post, empty means `not stated`",
    }.get(name, "")


def required_fields() -> set[str]:
    from lineofsight.intake.checks import statement as checks

    return {check.column for check in checks._missing() if check.code == "S01"}


def _held(column: Any) -> str:
    from lineofsight.vocabulary.codes import code_set

    if column.codes:
        codes = ", ".join(map(_code, code_set(column.codes)))
        return f"{'any of' if column.kind.value == 'list' else 'one of'}: {codes}"
    if column.kind.value == "list":
        return "`id` or `source/id` of other statements"
    if column.kind.value == "day, month or year":
        return "a day, month or year" + (", or `open`" if column.name == "about_to" else "")
    return "text"


# -- transitions --------------------------------------------------------------------------------


def transitions() -> str:
    """What may follow what in each register, as a table and a diagram."""
    from lineofsight.oversight.state_machines import MACHINES

    intro = (
        "Which step may follow which in each register. Steps in delivered history are never refused. A step that cannot follow is shown as out of "
        "order. If other steps must have come before it, it is shown as after a gap. A step entered on a page must follow the table."
    )
    return _page("Transitions", intro, *map(_machine_part, MACHINES))


def _machine_part(machine: Any) -> str:
    rows = [(one.step, ", ".join(one.froms), one.to, one.says) for one in machine.transitions]
    grid = _table(("step", "from", "to", "meaning"), rows)
    return f"## {machine.name.capitalize()}\n\n{grid}\n\n```mermaid\n{machine.diagram()}\n```"


# -- commands -----------------------------------------------------------------------------------


def commands() -> str:
    """Every command with its arguments, options and example. Django must be set up."""
    intro = (
        "One console command, `lineofsight`; `python -m lineofsight` is the same. Every command answers `--help`. "
        "Exit codes: 0 means done, 1 means that the answer is no (`verify`, `restore` and `rebuild --compare`), "
        "2 means a mistake that you can correct (one sentence on stderr says how), and 70 means a fault of ours. "
        "`--json` prints one JSON document on stdout and nothing else there."
    )
    return _page("Commands", intro, *(_command_part(name, command) for name, command in every_command()))


def every_command() -> Iterator[tuple[str, Any]]:
    """Each command by its full name, in order, with its group's name in front."""
    from lineofsight.service.cli.commands import lineofsight

    yield from _within(lineofsight, "")


def _within(group: Any, before: str) -> Iterator[tuple[str, Any]]:
    for name, command in sorted(group.commands.items()):
        whole = f"{before}{name}"
        if not hasattr(command, "commands") or command.invoke_without_command:
            yield whole, command
        if hasattr(command, "commands"):
            yield from _within(command, f"{whole} ")


def _command_part(name: str, command: Any) -> str:
    import click

    context = click.Context(command, info_name=f"lineofsight {name}")
    usage = " ".join(command.collect_usage_pieces(context))
    says = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    options = [record for param in command.params if (record := param.get_help_record(context))]
    grid = _table(("option", "meaning"), [(_code(one), says) for one, says in options]) if options else ""
    example = (command.epilog or "").removeprefix("Example:").strip()
    shown = f"```console\n{example}\n```" if example else ""
    parts = [f"## `lineofsight {name}`", f"`lineofsight {name} {usage}`", says, grid, shown]
    return "\n\n".join(filter(None, parts))


# -- settings -----------------------------------------------------------------------------------


def settings() -> str:
    """Every setting. Django must be set up."""
    from lineofsight.service.settings import SETTINGS

    intro = (
        "Settings come only from the environment. `lineofsight settings` lists them and says which are set."
    )
    rows = [(_code(one.name), one.says, one.default) for one in SETTINGS]
    return _page("Settings", intro, _table(("variable", "meaning", "default"), rows))


# -- checks -------------------------------------------------------------------------------------


def checks() -> str:
    """Every check of intake: checks of statements from their declarations, other checks by provoking each."""
    heading = ("code", "severity", "field", "what is wrong", "what to do")
    intro = (
        "What intake can find, and what to do about it. **refused**: the row or file is in quarantine and is not part of the "
        "record. **warning**: it was accepted, but somebody should look at it. **note**: for information. A finding names the "
        "file, the row, the key and the column. It never repeats the value. `lineofsight findings DELIVERY` lists findings."
    )
    rows = _grouped(declared_checks())
    files = [
        (f["code"], f["severity"], f["column"] and _code(f["column"]), f["says"], f["do"])
        for f in provoked_findings(required_fields())
    ]
    said = "These sentences come from small files that provoke each finding. The words in quotation marks come from those files."
    return _page(
        "Checks",
        intro,
        "## Checks of a statement",
        _table(heading, rows),
        "## Checks of a file, a link or a key",
        said,
        _table(heading, files),
    )


def _grouped(declared: list[Any]) -> list[tuple[str, ...]]:
    """One line for checks with the same words for several columns; an ellipsis replaces the column's name."""
    columns: dict[tuple[str, ...], list[str]] = {}
    for check in declared:
        name = f" {check.column}"
        same = (check.code, check.severity, *(text.replace(name, " …") for text in (check.says, check.do)))
        columns.setdefault(same, []).append(check.column)
    return [_line(same, names) for same, names in columns.items()]


def _line(same: tuple[str, ...], names: list[str]) -> tuple[str, ...]:
    from lineofsight.intake.formats.statements import WRITTEN

    code, severity, says, do = same
    if len(names) == 1:
        says, do = (text.replace(" …", f" {names[0]}") for text in (says, do))
    listed = "every field" if set(names) >= set(WRITTEN) else ", ".join(map(_code, names))
    return code, severity, listed, says, do


def declared_checks() -> list[Any]:
    """The checks of a statement, in the order of their codes."""
    from lineofsight.intake.checks import statement as made
    from lineofsight.intake.checks.attribution import attribution_checks
    from lineofsight.intake.delivery import Context

    every = [
        *made._missing(),
        *made._unknown_codes(),
        *made._days(Context(_A_DAY)),
        *attribution_checks(),
        *made._harm(),
        *made._links(),
    ]
    return sorted(every, key=lambda check: check.code)


# -- formats ------------------------------------------------------------------------------------


def formats() -> str:
    """Every intake format, as each declares itself."""
    from lineofsight.intake.formats import formats as every

    rows = [
        (
            _code(one.name),
            one.title,
            ", ".join(map(_code, one.endings)),
            "yes" if one.is_case else "",
            ", ".join(map(_code, one.columns)),
            _when_used(one),
        )
        for one in every().values()
    ]
    intro = (
        "The formats in which a delivery can be read. A source's settings name one "
        "([describe a source](../how-to/describe-a-source.md)); a source that nobody has described delivers statements, "
        "unless the names of all its files end as the last column says."
    )
    heading = ("format", "what it is", "files", "children's records", "`[columns]` may name", "used")
    return _page("Formats", intro, _table(heading, rows))


def _when_used(one: Any) -> str:
    if not one.for_sources:
        return "for settings only; no source names it"
    told = " or ".join(map(_code, one.recognised_by))
    return f"where settings name it, or all files end in {told}" if told else "where settings name it"


# -- JSON Schemas -------------------------------------------------------------------------------


def json_schemas() -> str:
    """The schemas of what `--json` and `?format=json` answer."""
    from lineofsight.queries.published import ANSWERS

    rows = [
        (f"[{name}.json](../../lineofsight/queries/schemas/{name}.json)", title)
        for name, (_, title) in sorted(ANSWERS.items())
    ]
    intro = (
        "What a `--json` or `?format=json` answer holds, as JSON Schema. Each is written from the answer's "
        "type in `lineofsight/queries`, and tests hold the answers to it."
    )
    return _page("JSON Schemas", intro, _table(("schema", "of"), rows))


def schema_files() -> dict[Path, str]:
    """Every schema as it should be, by its path."""
    from lineofsight.queries.published import schemas

    written = {name: json.dumps(schema, ensure_ascii=False, indent=2) for name, schema in schemas().items()}
    return {SCHEMAS / f"{name}.json": f"{text}\n" for name, text in sorted(written.items())}


# -- licences -----------------------------------------------------------------------------------


def licences() -> str:
    """The licences of what is shipped and of every library of the lock. Raises ValueError where one is not allowed."""
    nobody = licensing.without_owner()
    if nobody:
        raise ValueError(f"say in docs/licences.py who made these, and their licence: {', '.join(nobody)}")
    for one in licensing.SHIPPED:
        licensing.check(one.files, one.licence)
    libraries = licensing.libraries((licensing.ROOT / "requirements.lock").read_text("utf-8"))
    intro = (
        "Line of Sight has the [MIT licence](../../LICENSE). This page lists what it ships that others made, and the libraries it runs on, which "
        "are installed beside it and come with their own licence files. A library whose licence is not listed at the end fails a test."
    )
    shipped = [(one.what, _code(one.files), one.licence, one.notice) for one in licensing.SHIPPED]
    notes = [(name, says) for name, says in licensing.ALLOWED.items()]
    return _page(
        "Licences",
        intro,
        "## Shipped with it",
        _table(("what", "files", "licence", "notice"), shipped),
        "The notices lie in `lineofsight/service/static/lineofsight/notices/`.",
        "## Libraries",
        _table(
            ("library", "version", "licence", "only where"),
            [(one.name, one.version, one.licence, one.marker and _code(one.marker)) for one in libraries],
        ),
        "## Licences that are allowed",
        _table(("licence", "to be kept to"), notes),
    )


# -- all ----------------------------------------------------------------------------------------

PAGES: dict[str, Callable[[], str]] = {
    "checks.md": checks,
    "commands.md": commands,
    "data-dictionary.md": data_dictionary,
    "formats.md": formats,
    "json-schemas.md": json_schemas,
    "licences.md": licences,
    "settings.md": settings,
    "statement-fields.md": statement_fields,
    "tables-for-your-tools.md": tables_for_your_tools,
    "transitions.md": transitions,
}
"""Every reference page and what writes it."""


def _contents(pages: dict[str, str]) -> str:
    titles = {
        name: next(line[2:] for line in text.splitlines() if line.startswith("# "))
        for name, text in pages.items()
    }
    lines = [f"- [{title}]({name})" for name, title in sorted(titles.items())]
    return _page(
        "Reference",
        "These pages are generated from the code, and a test checks that they match it.",
        "\n".join(lines),
    )


def written() -> dict[Path, str]:
    """Every reference page and schema as it should be, by its path. Django must be set up."""
    pages = {name: write() for name, write in PAGES.items()}
    pages["README.md"] = _contents(pages)
    return {**{REFERENCE / name: text for name, text in sorted(pages.items())}, **schema_files()}


def out_of_step() -> list[Path]:
    """The pages that are missing, that differ, or that no function writes."""
    should = written()
    differ = [path for path, text in should.items() if not path.exists() or path.read_text("utf-8") != text]
    there = {*REFERENCE.glob("*"), *SCHEMAS.glob("*")}
    return sorted([*differ, *(there - should.keys())])


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or say which are out of step."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is out of step")
    check = parser.parse_args(arguments).check
    _set_up_django()
    stale = out_of_step()
    names = [path.relative_to(ROOT).as_posix() for path in stale]
    if check:
        sys.stdout.write(
            "".join(f"{name} is out of step: run `python -m docs.generate`.\n" for name in names)
        )
        return 1 if stale else 0
    should = written()
    for folder in (REFERENCE, SCHEMAS):
        folder.mkdir(parents=True, exist_ok=True)
    for path in stale:
        if path in should:
            path.write_text(should[path], "utf-8")
        else:
            path.unlink()
    sys.stdout.write("".join(f"{name} written.\n" for name in names) or "Every reference page is in step.\n")
    return 0


def _set_up_django() -> None:
    """Set up Django without making a home or a key, because nothing here opens the record."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.service.settings")
    os.environ.setdefault("LINEOFSIGHT_SECRET_KEY", "for the documents only")
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
