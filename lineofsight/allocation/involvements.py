"""The code that each involvement gives its child, over spans of days (counting rules 10 to 13)."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals.stable.v2 as nw

from lineofsight.allocation import states
from lineofsight.allocation.history import (
    EVIDENCE,
    AllocationHistory,
    AllocationSource,
    Frame,
    known_day,
    moment_for,
    stretched,
)
from lineofsight.allocation.owners import WorkerOn, breakpoints, code_of, worker_on
from lineofsight.allocation.spans import with_days_known, within
from lineofsight.record import frames

_WHO = ("_worker", "_team", "_role")
_COLUMNS = ("child", frames.SOURCE, "worker", "team", "role", "begun_on", frames.POSITION)


def involvement_spans(knowledge: AllocationHistory, first: int, last: int, moment: int | None) -> Frame:
    """Every involvement in the days asked; if it names no child, the child comes from its referral."""
    known = with_days_known(knowledge, knowledge.tables[EVIDENCE], moment)
    spans = knowledge.engine.keep(within(known, "begun_on", "ended_on", first, last))
    named = spans.filter(~nw.col("child").is_null()).select(*_COLUMNS, "lo", "hi")
    nameless = knowledge.engine.keep(spans.filter(nw.col("child").is_null()).drop("child"))
    if not knowledge.engine.rows(nameless.select(nw.len()))[0]["len"]:
        return named
    episodes = with_days_known(knowledge, knowledge.tables["episode"], moment)
    whose = episodes.select(
        "child", frames.SOURCE, "referral", nw.col("_lo").alias("_lo2"), nw.col("_hi").alias("_hi2")
    )
    found = nameless.join(whose, on=[frames.SOURCE, "referral"], how="inner").with_columns(
        nw.max_horizontal("lo", "_lo2").alias("lo"), nw.min_horizontal("hi", "_hi2").alias("hi")
    )
    found = found.filter(nw.col("lo") < nw.col("hi")).select(*_COLUMNS, "lo", "hi")
    return nw.concat([named, found])


def coded_spans(knowledge: AllocationHistory, first: int, last: int, moment: int | None) -> Frame:
    """Involvements with their `code`, each cut where the code changes because of its worker or the settings."""
    who = [nw.col(name).fill_null("").alias(f"_{name}") for name in ("worker", "role")]
    spans = knowledge.engine.keep(
        involvement_spans(knowledge, first, last, moment).with_columns(*who, _team_that_matters(knowledge))
    )
    combinations = knowledge.engine.rows(spans.select(frames.SOURCE, *_WHO).unique())
    standing = knowledge.engine.table(_standings(knowledge, combinations, first, last, moment))
    coded = spans.join(standing, on=[frames.SOURCE, *_WHO], how="inner").with_columns(
        nw.max_horizontal("lo", "_lo").alias("lo"), nw.min_horizontal("hi", "_hi").alias("hi")
    )
    return coded.filter(nw.col("lo") < nw.col("hi")).select(*_COLUMNS, "lo", "hi", "code")


def _team_that_matters(knowledge: AllocationHistory) -> nw.Expr:
    """The team if any settings name a team, otherwise only whether there is one: this leaves few combinations."""
    team = nw.col("team").fill_null("")
    if not any("team" in line.match for said in knowledge.settings for line in said.lines):
        team = nw.when(team.str.strip_chars() != "").then(nw.lit("a team")).otherwise(nw.lit(""))
    return team.alias("_team")


def _standings(
    knowledge: AllocationHistory,
    combinations: list[dict[str, str]],
    first: int,
    last: int,
    moment: int | None,
) -> dict[str, list[object]]:
    """The code of each source, worker, team and role, over days."""
    columns: dict[str, list[object]] = {name: [] for name in (frames.SOURCE, *_WHO, "_lo", "_hi", "code")}
    stretches = _one_day if first == last else _stretches
    for combination, lo, hi, code in stretches(knowledge, combinations, first, last, moment):
        cells = (combination[frames.SOURCE], *(combination[name] for name in _WHO), lo, hi, code)
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(cell)
    return columns


_Standing = Iterator[tuple[dict[str, str], int, int, int]]


def _one_day(
    knowledge: AllocationHistory, combinations: list[dict[str, str]], day: int, last: int, moment: int | None
) -> _Standing:
    """Each combination's code on one day; each worker is looked up once."""
    by = moment_for(day, moment)
    said = {
        source: knowledge.settings_on(source, day) for source in {one[frames.SOURCE] for one in combinations}
    }
    known: dict[tuple[str, str], WorkerOn] = {}
    for combination in combinations:
        source, worker = combination[frames.SOURCE], combination["_worker"]
        settings = said[source]
        if settings is None:
            continue
        if (source, worker) not in known:
            known[source, worker] = worker_on(knowledge.workers.of(source, worker), day, by)
        on = known[source, worker]
        yield (
            combination,
            day,
            last + 1,
            code_of(settings, on, worker=worker, team=combination["_team"], role=combination["_role"]),
        )


def _stretches(
    knowledge: AllocationHistory,
    combinations: list[dict[str, str]],
    first: int,
    last: int,
    moment: int | None,
) -> _Standing:
    """Each combination's code over many days, in stretches with the same code."""
    for combination in combinations:
        for lo, hi, code in _standing(knowledge, combination, first, last, moment):
            if code is not None:
                yield combination, lo, hi, code


def _standing(
    knowledge: AllocationHistory, combination: dict[str, str], first: int, last: int, moment: int | None
) -> list[tuple[int, int, int | None]]:
    source, worker = combination[frames.SOURCE], combination["_worker"]
    versions = knowledge.workers.of(source, worker) if worker else ()

    def at(day: int) -> int | None:
        said = knowledge.settings_on(source, day)
        if said is None:
            return None
        on = worker_on(versions, day, moment_for(day, moment))
        return code_of(said, on, worker=worker, team=combination["_team"], role=combination["_role"])

    own = [said for said in knowledge.settings if said.source == source]
    return stretched(breakpoints(own, versions), first, last, at)


def telling(
    knowledge: AllocationHistory, first: int, last: int, moment: int | None
) -> list[tuple[int, int, list[AllocationSource]]]:
    """The allocation sources over the days, latest receipt first."""
    days = knowledge.days_of_sources()
    if moment is None:
        days |= {known_day(one.moment) for one in knowledge.receipts}

    def at(day: int) -> list[AllocationSource]:
        return knowledge.sources(day, moment_for(day, moment))

    return stretched(days, first, last, at)


def best(code_name: str) -> nw.Expr:
    """The place of a code's state in the list of states, best first."""
    code = nw.col(code_name)
    held = nw.when(code < states.BY_TEAM).then(nw.lit(1))
    rest = held.otherwise(nw.when(code == states.BY_TEAM).then(nw.lit(2)).otherwise(nw.lit(3)))
    return nw.when(code == states.COUNTS).then(nw.lit(0)).otherwise(rest)
