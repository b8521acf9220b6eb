"""What stands where a worker should: a word for nobody, a team, or a name that a person should look at (rule 10).

A word for nobody is kept as written, since a source's settings may say more of it; who answers is decided where
states are. Only a team's name is moved to where teams stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import polars as pl

from lineofsight.intake.delivery import Context
from lineofsight.intake.finding import FILE, NOTE, ROW, WARNING, file_finding
from lineofsight.vocabulary.nobody import as_one_name, is_nobody, is_team, may_be_nobody, stands_for_nobody
from lineofsight.vocabulary.spellings import alike

_SETTLE = (
    "If this is a person, add the name to `people` in the source's settings. If it is a tray or a team, "
    "add it to `owners_that_do_not_count`."
)


def hands(texts: pl.DataFrame, context: Context) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Rows with plain cells `worker` and `team`, teams moved to where they belong, and what was found.

    Of the workers that the source's settings name nothing more is asked, and another spelling of a worker's name is
    read as that name.
    """
    alike_findings = _alike(texts, context)
    texts = _with_one_spelling(texts, context.spellings)
    settled = context.workers_named
    known = {as_one_name(name) for name in settled}
    workers = [name for name in texts["worker"].drop_nulls().unique() if as_one_name(name) not in known]
    as_worker, as_team = _counts(texts["worker"]), _counts(texts["team"])
    both = {
        as_one_name(worker)
        for worker, team in texts.select("worker", "team").drop_nulls().unique().rows()
        if as_one_name(worker) == as_one_name(team)
    }
    teams = [
        name
        for name in workers
        if is_team(name)
        or (not is_nobody(name) and _is_a_team_here(as_one_name(name), as_worker, as_team, both))
    ]
    nobody = [name for name in workers if name not in teams and is_nobody(name)]
    doubtful = [name for name in workers if name not in teams and may_be_nobody(name)]
    findings = [
        *_teams(texts, teams),
        *_nobody(texts, nobody),
        *_doubtful(texts, doubtful),
        *alike_findings,
    ]
    no_team = [name for name in texts["team"].drop_nulls().unique() if is_nobody(name)]
    return _moved(texts, teams, no_team), findings


def _with_one_spelling(texts: pl.DataFrame, spellings: Mapping[str, str]) -> pl.DataFrame:
    """Rows in which each worker whom the settings know under several names has the first of these."""
    written = {
        name: spellings[as_one_name(name)]
        for name in texts["worker"].drop_nulls().unique()
        if as_one_name(name) in spellings
    }
    return texts.with_columns(pl.col("worker").replace(written)) if written else texts


def _alike(texts: pl.DataFrame, context: Context) -> list[pl.DataFrame]:
    """A finding for each two names that may be one worker's, of which the settings say nothing."""
    names = texts["worker"].drop_nulls().unique(maintain_order=True).to_list()
    pairs = [pair for pair in alike(names) if not context.has_settled(*pair)]
    findings = []
    for one, other in pairs[:_MOST_ALIKE]:
        _, file, row = _first(texts, [other])
        _, first_file, first_row = _first(texts, [one])
        where = f"row {first_row:,}" if file == first_file else f"row {first_row:,} of {first_file!r}"
        says = (
            f"The worker's name in this row may be another spelling of the name in {where}: they differ in capitals, spaces, "
            "order or initials. They are counted as two workers."
        )
        findings.append(file_finding("N19", NOTE, file, says, _ALIKE, row=row))
    if len(pairs) > _MOST_ALIKE:
        _, file, row = _first(texts, [pairs[_MOST_ALIKE][1]])
        says = f"{len(pairs) - _MOST_ALIKE:,} more names, beginning with this one, may be other spellings of one worker's name."
        findings.append(file_finding("N19", NOTE, file, says, _ALIKE, row=row))
    return findings


_MOST_ALIKE = 20
_ALIKE = "Say in the source's settings whether the two names are one worker's (`same_worker`) or not (`different_workers`)."


def _is_a_team_here(name: str, as_worker: Counter[str], as_team: Counter[str], both: Collection[str]) -> bool:
    """Whether a name stands where teams stand so much oftener that it is none of a worker's.

    A team may bear its manager's name: two words are a person's unless they stand there once and as a team often.
    """
    if " " in name:
        return as_worker[name] == 1 and as_team[name] >= _OFTEN
    return name in both or as_team[name] > as_worker[name]


_OFTEN = 5


def _counts(cells: pl.Series) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text, count in cells.drop_nulls().value_counts().iter_rows():
        counts[as_one_name(text)] += count
    return counts


def _moved(texts: pl.DataFrame, teams: Collection[str], no_team: Collection[str]) -> pl.DataFrame:
    worker, team = pl.col("worker"), pl.col("team")
    is_a_team = worker.is_in(list(teams)).fill_null(False)
    named = pl.when(~team.is_in(list(no_team)).fill_null(False)).then(team)
    return texts.with_columns(
        pl.when(~is_a_team).then(worker).alias("worker"),
        pl.when(is_a_team).then(pl.coalesce(named, worker)).otherwise(named).alias("team"),
    )


def _first(texts: pl.DataFrame, names: Collection[str]) -> tuple[int, str, int]:
    """How many rows have one of the names as their worker, and the place of the first."""
    rows = texts.filter(pl.col("worker").is_in(list(names)))
    first = rows.row(0, named=True)
    return rows.height, str(first[FILE]), int(first[ROW])


def _in_rows(count: int) -> str:
    return "In this row" if count == 1 else f"In {count} rows, beginning with this one,"


def _teams(texts: pl.DataFrame, teams: Collection[str]) -> list[pl.DataFrame]:
    if not teams:
        return []
    count, file, row = _first(texts, teams)
    says = f"{_in_rows(count)} a team is named where the worker should be. No worker was read."
    do = "Name the worker. If it is a duty tray that should be shown, name it in the source's settings."
    return [file_finding("N11", WARNING, file, says, do, row=row)]


def _nobody(texts: pl.DataFrame, nobody: Collection[str]) -> list[pl.DataFrame]:
    if not nobody:
        return []
    count, file, row = _first(texts, nobody)
    says = (
        f"{_in_rows(count)} a word for nobody stands where the worker should, such as Unallocated or Vacant."
    )
    do = (
        "Nothing, if nobody is allocated. If a person is called so, add the name to `people` in the settings."
    )
    return [file_finding("N10", NOTE, file, says, do, row=row)]


def _doubtful(texts: pl.DataFrame, doubtful: Collection[str]) -> list[pl.DataFrame]:
    return [_looked_at(*_first(texts, [name])[1:]) for name in sorted(doubtful)]


def _looked_at(file: str, row: int) -> pl.DataFrame:
    """A name that a person should look at."""
    says = "The worker's name holds a word that is also used for a team, a tray or nobody. It was read as a person."
    return file_finding("N12", WARNING, file, says, _SETTLE, row=row)


def entries_for_nobody(workers: pl.DataFrame, settled: Collection[str]) -> list[pl.DataFrame]:
    """Findings about the list of workers: rows that stand for nobody, and names that a person should look at."""
    known = {as_one_name(name) for name in settled}
    nobody, doubtful = [], []
    for row in workers.select("worker", "name", "job_title", FILE, ROW).iter_rows(named=True):
        if {as_one_name(row[name]) for name in ("worker", "name") if row[name]} & known:
            continue
        if stands_for_nobody(row["worker"], row["name"], row["job_title"]):
            nobody.append(row)
        elif may_be_nobody(row["name"]):
            doubtful.append(row)
    findings = []
    if nobody:
        says = f"{_in_rows(len(nobody))} the list of workers holds an entry that stands for nobody. It is read as no worker."
        do = "Nothing, if that is right. If a person is called so, add the name to `people` in the settings."
        findings.append(file_finding("N10", NOTE, nobody[0][FILE], says, do, row=int(nobody[0][ROW])))
    return findings + [_looked_at(row[FILE], int(row[ROW])) for row in doubtful]
