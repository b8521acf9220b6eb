"""Small files and rows that provoke one finding for every intake code without a declared check."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

_A_DAY = datetime(2020, 1, 1, tzinfo=UTC)


def provoked_findings(required: Iterable[str]) -> list[dict[str, Any]]:
    """One finding for each other code, from reading files with that fault."""
    import polars as pl

    from lineofsight.intake.formats import source

    frames = [
        *_of_withdrawing(),
        *source.refusal("example.yaml", "(why the file could not be read)").findings,
        *_of_files(),
        *_of_comparing(required),
        *_of_cases(),
        *_of_workbooks(),
        *_of_real_files(),
        *_of_inspections(),
        *_of_teams(),
    ]
    found = pl.concat(frames).unique("code", keep="first", maintain_order=True).sort("code")
    return found.to_dicts()


def _of_files() -> Sequence[Any]:
    """F01 to F05 and F09: a wrong encoding, a broken row, a file that is not read, an unknown field and a wrong item."""
    from lineofsight.intake.delivery import Context, NamedBytes
    from lineofsight.intake.formats import statements

    files = [
        NamedBytes("a.csv", "id,says\n1,caf\xe9\n2,one,two\n".encode("cp1252")),
        NamedBytes("b.pdf", b""),
        NamedBytes("b.evidence", b"\0"),
        NamedBytes("c.yaml", b"- {id: a, colour: red}\n- not a statement\n"),
    ]
    return [one for one in statements.read(files, Context(_A_DAY)).findings if one["code"][0].startswith("F")]


def _of_teams() -> Sequence[Any]:
    """T01 to T05: a file of teams with one fault of every kind."""
    from lineofsight.intake.delivery import Context, NamedBytes
    from lineofsight.intake.formats import team_tree

    rows = "team,parent,from,until\n,a,,\nb,,,\nb,,,\nc,nowhere,,\nd,e,,\ne,d,,\nf,,,\nf,,2019-01-01,\n"
    return team_tree.read([NamedBytes("a.teams.csv", rows.encode())], Context(_A_DAY)).findings


def _of_cases() -> Sequence[Any]:
    """C, D, R and the other F codes: a case system's extract with one fault of every kind."""
    import polars as pl

    from lineofsight.intake.delivery import Context, NamedBytes
    from lineofsight.intake.formats import ssd_tables
    from lineofsight.intake.references import references
    from lineofsight.intake.shared_numbers import shared_numbers
    from lineofsight.record import frames
    from lineofsight.record.tables import TABLES
    from lineofsight.service.receive import compare
    from lineofsight.service.receive.delivery import Received
    from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
    from lineofsight.vocabulary.moments import FOREVER

    texts = {
        "ssd_person.csv": "pers_person_id,pers_dob,pers_death_date\nC1,1990-01-01,2019-01-01\n,2001-01-01,\nC8,soon,9999-12-31\n",
        "ssd_cin_episodes.csv": "cine_person_id,cine_referral_id,cine_referral_date,cine_close_date\nC1,R1,2018-01-01,\n"
        "C2,R2,2018-01-01,\nC3,R3,soon,\nC4,R4,2019-01-02,2019-01-01\nC5,R5\n",
        "ssd_cin_plans.csv": "cinp_person_id,cinp_cin_plan_start_date\nC9,2019-01-01\n",
        "ssd_involvements.csv": "invo_person_id,invo_referral_id,invo_professional_id\nC1,R1,W9\n,,W1\n",
        "ssd_professionals.csv": "prof_professional_id\nW1\n",
        "ssd_cin_visits.csv": "",
        "ssd_departments.csv": "dept_team_id,dept_team_parent_id\nT1,T2\nT2,T1\nT3,T9\n",
    }
    context = Context(_A_DAY)
    reading = ssd_tables.read([NamedBytes(name, text.encode()) for name, text in texts.items()], context)
    crossed = references(
        reading, lambda name: pl.DataFrame(schema=dict.fromkeys(TABLES[name].names, pl.String)), context
    )
    whose = (AuthorityCode("999"), SourceName("example"))
    received = Received(*whose, "ssd_tables", "night.zip", [], ("",), _A_DAY, backfilled=False, by="nobody")
    children = reading.rows["child"].with_columns(
        pl.lit("A1").alias("upn"), pl.lit("M1").alias("earlier_number")
    )
    other = children.with_columns(
        pl.lit("M1").alias("child"),
        pl.lit("other").alias(frames.SOURCE),
        pl.lit(FOREVER).alias(frames.WITNESSED_TO),
    )
    shared = shared_numbers("example", children, other)
    return [*reading.findings, *crossed, *shared, *compare.missing_files(received, ["involvement"])]


def _of_workbooks() -> Sequence[Any]:
    """A01 to A08: lists of an Annex A workbook with one fault of every kind."""
    from lineofsight.intake.delivery import Context, NamedBytes
    from lineofsight.intake.formats import annex_a
    from lineofsight.intake.sheets.book import BookSheet

    hands = "Allocated Team,Allocated Worker"
    texts = {
        "Notes.csv": "Child Unique ID,Gender\n1,Female\n",
        "List 4.csv": "Gender,Age\nFemale,3\n",
        "List 6.csv": f"Child Unique ID,CIN Start Date,{hands}\n0012,2019-01-01,North,Ada\n2,2019-01-01,North,Duty Team\n",
        "List 7.csv": f"Child Unique ID,Gender,{hands}\n12,Female,North,Bea\n",
        "List 9.csv": "Child Unique ID,Gender\n3,Male\n",
    }
    files = [NamedBytes(name, text.encode()) for name, text in texts.items()]
    found = annex_a.Found()
    sheet = BookSheet("List 8", "book.xlsx", [["Child Unique ID", "Gender"]], errors=2)
    annex_a.find_in_sheet(sheet, 8, found)
    return [*annex_a.read(files, Context(_A_DAY)).findings, *found.findings]


def _of_real_files() -> Sequence[Any]:
    """F10 to F14, the J and N codes, A09 and A10: tables dressed, numbers and names as people write them."""
    from lineofsight.intake.delivery import Context, NamedBytes
    from lineofsight.intake.formats import annex_a, ssd_tables, worklist
    from lineofsight.intake.references import references

    texts = {
        "ssd_person.csv": "Title\npers_person_id,pers_sex\nC1,?x\n1.23E+11,M,\nTotal,\n",
        "ssd_professionals_20200101.csv": "prof_professional_id,prof_professional_name,prof_full_time_equivalency\n"
        "W1,Ada Duty,37\nW2,Vacant,1\n",
        "ssd_professionals_20190101.csv": "prof_professional_id\nW1\n",
        "ssd_cin_episodes.csv": "cine_person_id,cine_referral_id,cine_referral_nfa\nC1,R1,perhaps\nC2,R2,N\n",
        "ssd_involvements.csv": "invo_person_id,invo_referral_id,invo_professional_id\nc1,R1,W1\nC1,R2,East Team\nC9,,Vacant\n",
    }
    context = Context(_A_DAY)
    reading = ssd_tables.read([NamedBytes(name, text.encode()) for name, text in texts.items()], context)
    crossed = references(reading, lambda name: reading.rows[name], context)
    listed = worklist.read([NamedBytes("list.csv", b"Client ID,Allocated worker\n1,Ada Duty\n")], context)
    workbook = annex_a.read(
        [NamedBytes("List 6.csv", b"Child Unique ID,Case Status,Allocated Worker\n1,Closed episode,Ada\n")],
        context,
    )
    staff = worklist.read(
        [NamedBytes("workforce.csv", b"Worker,Leaving date,Absent from,Case limit\nW1,,,about ten\n")],
        context,
    )
    return [*reading.findings, *crossed, *listed.findings, *workbook.findings, *staff.findings, *_of_blocks()]


def _of_blocks() -> Sequence[Any]:
    """N13 to N19, F15, F16, D05 to D07, J04 to J07: workers named once for several rows, days in another order, what meets nothing."""
    import polars as pl

    from lineofsight.engines.local import empty_history
    from lineofsight.intake.delivery import Context, NamedBytes
    from lineofsight.intake.elsewhere import meets_others
    from lineofsight.intake.formats import annex_a, worklist
    from lineofsight.intake.roles import with_roles
    from lineofsight.intake.sheets import said
    from lineofsight.record import frames
    from lineofsight.record.tables import TABLES
    from lineofsight.vocabulary.moments import FOREVER

    head = "Child ID,Allocated worker,Team\n"
    lists = {
        "blocks.csv": f"{head}1,Ada,\n2,,\n3,,\n4,Ben,\n5,,\n6,,\n",
        "teams.csv": f"{head}1,Ada,North\n2,,North\n3,,North\n4,Ben,South\n5,,South\n6,,South\n",
        "nobody.csv": f"{head}11,,\n12,,\n13,,\n14,,\n15,,\n",
    }
    context = Context(_A_DAY)
    closed = f"{head[:-1]},Case status\n1,Jo Smith,,Closed\n2,J. Smith,,Ended\n3,Jo Smith,,Open\n"
    of_closed = replace(context, closed={"Case status": ["Closed"]}, is_full_list=True)
    read = [
        worklist.read([NamedBytes(name, text.encode())], context).findings for name, text in lists.items()
    ]
    read.append(worklist.read([NamedBytes("closed.csv", closed.encode())], of_closed).findings)
    eight = b"Child Unique ID,Date Ceased to be Looked After,Allocated Worker\n1,soon,Ada\n"
    over = annex_a.read([NamedBytes("List 8.csv", eight)], context)
    american = "Child ID,Allocated worker,Role,Start date,End date\n1,Ada,Lead,12/31/2019,12/31/2019\n2,Ben,Lead,01/02/2019,31/12/2020\n"
    listed = worklist.read([NamedBytes("american.csv", american.encode())], context)
    of_roles = with_roles(replace(listed, findings=[]), replace(context, roles=frozenset({"CW"}))).findings
    episodes = empty_history(TABLES["episode"]).clear(1)
    episodes = episodes.with_columns(
        pl.lit("C1").alias("child"),
        pl.lit("other").alias(frames.SOURCE),
        pl.lit(FOREVER).alias(frames.WITNESSED_TO),
    )
    _, of_others = meets_others("list", listed, episodes)
    findings = [*over.findings, *listed.findings, *of_roles, *of_others, said.merged("list.xlsx List 6", 12)]
    findings.append(said.called_otherwise("list.xls", "a workbook", "text"))
    findings += _of_other_numbers()
    return [*findings, *(one for of_list in read for one in of_list)]


def _of_other_numbers() -> Sequence[Any]:
    """J06 and J07: rows under an earlier number, of a child and of one who was adopted."""
    from lineofsight.intake.delivery import Context, NamedBytes
    from lineofsight.intake.formats import ssd_tables

    texts = {
        "ssd_person.csv": "pers_person_id,pers_legacy_id\nC1,L1\nC2,L2\n",
        "ssd_cin_episodes.csv": "cine_person_id,cine_referral_id,cine_close_reason\nL1,R1,\nL2,R2,RC1\n",
    }
    files = [NamedBytes(name, text.encode()) for name, text in texts.items()]
    found = ssd_tables.read(files, Context(_A_DAY)).findings
    return [one for one in found if one["code"][0] in ("J06", "J07")]


def _of_inspections() -> Sequence[Any]:
    """I00 to I10: a report that is mostly unreadable, a file that is no report, a table of outcomes, a reading by hand."""
    from lineofsight.intake.delivery import Context, NamedBytes
    from lineofsight.intake.formats import inspection_outcomes, inspection_report
    from lineofsight.intake.formats.inspection_report import Rows
    from lineofsight.intake.formats.report_reading import Unread

    context = Context(_A_DAY, authority="926")
    rows = Rows(context)
    rows.refuse(
        "report.pdf",
        "(why the file could not be read)",
        "Download the report again, or enter its reading by hand.",
    )
    inspection_report.say_unread("report.pdf", rows, [Unread("grade of care leavers")])
    inspection_report.say_unpublished("report.pdf", rows)
    head = "Local authority name,Inspection date,Overall effectiveness"
    text = f"{head}\nNorfolk,2018-11-01,Good\nNorfolk,2018-11-01,Inadequate\nKent,2018-11-01,Good\n"
    tables = inspection_outcomes.read([NamedBytes("outcomes.csv", text.encode())], context)
    by_hand = inspection_report.read([NamedBytes("a.reading.json", b'{"judgement": [{}]}')], context)
    named = b'{"inspection": [{"id": "a", "kind": "full inspection", "framework": "ILACS 2018", "begun_on": "2019-06-24", "report": "0"}]}'
    other = inspection_report.read([NamedBytes("b.reading.json", named)], context)
    return [*rows.findings, *tables.findings, *by_hand.findings, *other.findings]


def _of_withdrawing() -> Sequence[Any]:
    """W01 to W05: a delivery that would withdraw or change more than is likely."""
    import polars as pl

    from lineofsight.intake.delivery import Context
    from lineofsight.queries.changes import FigureChange, Headline, SecondCovering
    from lineofsight.record.block import unpack
    from lineofsight.record.tables.finding import FINDING
    from lineofsight.service.receive import confirmation
    from lineofsight.service.receive.delivery import Received
    from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName

    whose = (AuthorityCode("999"), SourceName("example"))
    received = Received(
        *whose, "statements", "example.yaml", [], ("",), _A_DAY, backfilled=False, by="nobody"
    )
    change = FigureChange(_A_DAY.date(), 96, Headline(400, 30, {}), Headline(400, 126, {}))
    second = SecondCovering("other", ["worklist"], 370)
    link = confirmation.ask(
        received, Context(_A_DAY), {"statement": 120}, change, ["worklist"], second=[second]
    )
    held = unpack(link.blocks[FINDING.name].body).select(list(FINDING.names))
    return [pl.DataFrame(pl.from_arrow(held)), *confirmation.tell(received, change, {"involvement": 12})]


def _of_comparing(required: Iterable[str]) -> Sequence[Any]:
    """K01 and L02: the same key for two different statements, and a link without a target."""
    import polars as pl

    from lineofsight.engines.local import empty_history
    from lineofsight.intake import compare, links
    from lineofsight.intake.delivery import Context, NamedBytes
    from lineofsight.intake.formats import statements
    from lineofsight.record.tables.statement import STATEMENT

    whole = dict.fromkeys(required, "x") | {
        "subject_kind": "service",
        "kind": "claim",
        "said_on": "2019",
    }
    rows = [whole | {"contradicts": "nowhere"}, whole | {"says": "y"}]
    file = NamedBytes("d.json", json.dumps(rows).encode())
    context = Context(_A_DAY)
    reading = statements.read([file], context)
    nothing = empty_history(STATEMENT)
    twice = compare.compare(STATEMENT, reading, nothing, context, None).findings
    lost = links.links_to_nothing("example", reading.rows[STATEMENT.name], nothing)
    return [one for one in [*twice, *lost] if isinstance(one, pl.DataFrame) and one.height]
