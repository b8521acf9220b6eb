"""Lists in blocks, as reports print them: a worker is named on the first row of a block, and the cells beneath are blank.

Read as they stand, such rows would say that nobody answers. They may as well mean the worker above, so they say neither:
to fill the name down would hide a child whom nobody has, wherever a blank cell does mean nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lineofsight.intake.cells import blank_cells
from lineofsight.intake.finding import WARNING, file_finding
from lineofsight.intake.unsure import BENEATH, UNSURE
from lineofsight.vocabulary.nobody import as_one_name

_FEWEST_BENEATH_ONE = 5
"""With a single block so many blank rows are needed: one worker and a few children without one is also a plain list."""
_FEWEST_LINES_BETWEEN = 2
_FEWEST_TOLD = 5
"""A list of fewer rows in which nobody is named is no news."""
_WHERE = "Write the worker on every row, or Unallocated where there is nobody, and load the list again."


def with_blocks(
    texts: pl.DataFrame, file: str, *, left_out: int = 0
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """One sheet's rows as written, those marked that stand in a block beneath its worker, and what there is to tell.

    `left_out`: the lines between the rows that are none: the workers may be named there.
    """
    if not {"child", "worker"} <= set(texts.columns) or not texts.height:
        return texts, []
    blank = blank_cells(texts["worker"])
    if blank.all():
        return _without_any(texts, file, left_out)
    if int(blank.sum()) * 2 < texts.height or blank[0]:
        return texts, []
    blocks = _blocks(texts, blank)
    if blocks is None:
        return texts, []
    team_blank = _team_blank(texts)
    beneath = blank & team_blank
    findings = [_told(file, int(beneath.sum()))] if beneath.any() else []
    if (blank & ~team_blank).any():
        if not _one_team_each(texts["team"], team_blank, blocks):
            return texts, []
        findings.append(_team_told(file, int((blank & ~team_blank).sum())))
    return (_marked(texts, beneath) if beneath.any() else texts), findings


def _team_blank(texts: pl.DataFrame) -> pl.Series:
    if "team" in texts.columns:
        return blank_cells(texts["team"])
    return pl.repeat(True, texts.height, eager=True)


def _marked(texts: pl.DataFrame, beneath: pl.Series) -> pl.DataFrame:
    return texts.with_columns(pl.when(beneath).then(pl.lit(BENEATH)).alias(UNSURE))


def _blocks(texts: pl.DataFrame, blank: pl.Series) -> list[int] | None:
    """The number of each row's block; None where the rows may as well stand in none.

    In blocks no worker is named twice, but again on a further page, and no child stands twice. A plain list names
    workers row after row, and those with several children several times.
    """
    names = [as_one_name(cell or "") for cell in texts["worker"]]
    heads = [at for at, is_blank_row in enumerate(blank) if not is_blank_row]
    again = [at for at, before in zip(heads[1:], heads, strict=False) if names[at] == names[before]]
    if any(not blank[at - 1] for at in again):
        return None
    named = [names[at] for at in sorted(set(heads) - set(again))]
    with_rows = sum(1 for at in heads if at + 1 < len(names) and blank[at + 1])
    if len(set(named)) < len(named) or with_rows * 2 < len(heads):
        return None
    if with_rows < 2 and (len(heads) > 1 or len(names) - 1 < _FEWEST_BENEATH_ONE):
        return None
    blocks = (~blank).cum_sum().to_list()
    children = [
        (block, child.strip())
        for block, child in zip(blocks, texts["child"], strict=True)
        if child and child.strip()
    ]
    return blocks if len(set(children)) == len(children) else None


def _one_team_each(teams: pl.Series, team_blank: pl.Series, blocks: Sequence[int]) -> bool:
    named: dict[int, set[str]] = {}
    for block, team, is_empty in zip(blocks, teams, team_blank, strict=True):
        if not is_empty:
            named.setdefault(block, set()).add(as_one_name(team))
    return all(len(of_block) == 1 for of_block in named.values())


def _told(file: str, rows: int) -> pl.DataFrame:
    says = (
        f"This list names each worker only once, on the first row of a block, and {rows} rows beneath name nobody. These "
        "rows were refused: it is not known whether the worker above answers for their children, or nobody does."
    )
    return file_finding("N14", WARNING, file, says, _WHERE)


def _team_told(file: str, rows: int) -> pl.DataFrame:
    says = (
        f"This list seems to name each worker only once, on the first row of a block, and {rows} rows beneath name a team "
        "and no worker. They were read as with a team and without a worker."
    )
    return file_finding("N15", WARNING, file, says, _WHERE)


def _without_any(texts: pl.DataFrame, file: str, left_out: int) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """A list in which no row names a worker: where lines stand between the rows, these may name them."""
    team_blank = _team_blank(texts)
    if left_out >= _FEWEST_LINES_BETWEEN and team_blank.all():
        says = (
            f"No row of this list names a worker, and {left_out} lines that are no rows were left out. They may name the "
            "workers of the rows beneath, so it is not known who answers for these children. The rows were refused."
        )
        return _marked(texts, team_blank), [file_finding("N14", WARNING, file, says, _WHERE)]
    if texts.height < _FEWEST_TOLD:
        return texts, []
    says = "No row of this list names a worker. Every child on it was read as having none."
    return texts, [file_finding("N16", WARNING, file, says, "Check that the column of workers was exported.")]
