"""The statements behind each part of a public record: what its CSV holds."""

from __future__ import annotations

from lineofsight.oversight import promises, series
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.service.pages.public_record.asked import PublicPage


def counts(_asked: PublicPage, among: Statements) -> list[Statement]:
    """Every statement about children without a social worker, or waiting for an assessment."""
    return [each for each in among if each.subject in (series.UNALLOCATED, series.AWAITING)]


def of_posts(_asked: PublicPage, among: Statements) -> list[Statement]:
    """Every statement about a post."""
    return [each for each in among if each.subject_kind == "post"]


def of_inspections(_asked: PublicPage, among: Statements) -> list[Statement]:
    """Every statement about an inspection or a visit."""
    return [each for each in among if each.subject_kind == "inspection"]


def of_promises(asked: PublicPage, among: Statements) -> list[Statement]:
    """Every undertaking and requirement made by the day."""
    return [each.statement for each in promises.promises(among, asked.day)]


def of_requests(asked: PublicPage, among: Statements) -> list[Statement]:
    """Every request and question put by the day."""
    return [each.statement for each in promises.asked(among, asked.day)]


def of_years(_asked: PublicPage, among: Statements) -> list[Statement]:
    """Every figure of the yearly measures."""
    return [each for each in among if each.subject in series.YEARLY]
