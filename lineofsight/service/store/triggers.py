"""The triggers that keep the ledger append-only, for each database it runs on.

They refuse UPDATE, DELETE, an INSERT that would replace an existing row (which SQLite allows with INSERT OR
REPLACE) and, on PostgreSQL, TRUNCATE. A block may change only to the hash that the newest link, an
erasure, names for it. Whoever owns the database can drop a trigger; `verify` finds what is changed then.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_UNIQUE = {
    "service_link": "number = NEW.number OR hash = NEW.hash"
    " OR (kind IN ('received', 'read') AND kind = NEW.kind AND delivery = NEW.delivery)",
    "service_block": 'number = NEW.number OR (link_id = NEW.link_id AND "table" = NEW."table")',
    "service_erasedblock": "number = NEW.number",
}
_FIXED = ("number", "link_id", '"table"', "authority", "seals")
_NAMED = (  # by the newest link, which is an erasure and whose own text holds the hash
    "EXISTS (SELECT 1 FROM service_erasedblock e JOIN service_link l ON l.number = e.link_id"
    " WHERE e.block_id = OLD.number AND e.before = OLD.sha256 AND e.after = NEW.sha256"
    " AND l.number = (SELECT max(number) FROM service_link) AND l.kind = 'erased' AND {holds})"
)
_REFUSES = "the ledger is append-only"


def sqlite() -> list[str]:
    """The statements that make SQLite's triggers."""
    return [statement for table in _UNIQUE for statement in _sqlite_table(table)]


def _sqlite_table(table: str) -> list[str]:
    abort = f"BEGIN SELECT RAISE(ABORT, '{_REFUSES}'); END"
    there = f"(SELECT 1 FROM {table} WHERE {_UNIQUE[table]})"  # noqa: S608 - names of our own
    when = ""
    if table == "service_block":
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _FIXED)
        # SQLite has no SHA-256 of its own, so only `verify` checks that the body has this hash.
        when = f"WHEN {changed} OR NOT {_NAMED.format(holds='instr(l.body, NEW.sha256)')} "
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when}{abort}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {abort}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS {there} {abort}",
    ]


def postgresql() -> list[str]:
    """The statements that make PostgreSQL's triggers."""
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _FIXED)
    named = _NAMED.format(holds="position(NEW.sha256 in l.body) > 0")
    allowed = f"NOT ({changed}) AND encode(sha256(NEW.body), 'hex') = NEW.sha256 AND {named}"
    return [
        _function("ledger_refuses", f"RAISE EXCEPTION '{_REFUSES}';"),
        _function(
            "ledger_block_changes", f"IF {allowed} THEN RETURN NEW; END IF; RAISE EXCEPTION '{_REFUSES}';"
        ),
        *(statement for table in _UNIQUE for statement in _postgresql_table(table)),
    ]


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _postgresql_table(table: str) -> list[str]:
    updates = "ledger_block_changes" if table == "service_block" else "ledger_refuses"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {updates}()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_refuses()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses()",
    ]


def install(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers of the database the migration runs on."""
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[editor.connection.vendor]():
        editor.execute(statement)


def tables_of(editor: BaseDatabaseSchemaEditor) -> frozenset[str]:
    """The tables there are: a public record has none of children, so there is nothing to guard."""
    return frozenset(editor.connection.introspection.table_names())


def guard_looks(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers that keep the access log from being changed."""
    table = "service_look"
    if table not in tables_of(editor):
        return
    statements = [
        f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSES}'); END"
        for what in ("UPDATE", "DELETE")
    ]
    if editor.connection.vendor == "postgresql":
        statements = [
            f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
            f"FOR EACH {'STATEMENT' if what == 'TRUNCATE' else 'ROW'} EXECUTE FUNCTION ledger_refuses()"
            for what in ("UPDATE", "DELETE", "TRUNCATE")
        ]
    for statement in statements:
        editor.execute(statement)


# -- people and the access log ---------------------------------------------------------------------

_BY_ERASURE = (  # the newest link is an erasure in the same authority, and its number stands in for the child's
    "NEW.child = 'erasure ' || (SELECT max(number) FROM service_link) AND NEW.salt = '' AND EXISTS (SELECT 1 FROM service_link l"
    " WHERE l.number = (SELECT max(number) FROM service_link) AND l.kind = 'erased' AND l.authority = OLD.authority)"
)
_LOOK = ("number", "at", '"by"', "authority", "door")
_GLASS = ("number", "user_id", "authority", "at", "until")
_GRANT = ("number", "user_id", "role", "authority", "team", "worker", "given_by", "given_at")
_REQUEST = ("number", "kind", "user_id", "role", "authority", "team", "worker", "asked_by", "asked_at")
_ONE_TIME = ("number", "user_id", "token_hash", "code_hash", "made_by", "made_at", "until")
_ERASURE = ("number", "authority", "asked_by", "asked_at")
_DECISION = ("decided_by", "decided_at", "decision")
_RESTRICTION = ("number", "authority", '"by"', "at")
_ENDED = "OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.ended_by <> ''"
_LIFTED = "OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL AND NEW.lifted_by <> ''"


def _same(*names: str) -> str:
    return " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in names)


_CHANGES = {
    "service_look": f"{_same(*_LOOK)} AND {_BY_ERASURE}",
    "service_brokenglass": f"{_same(*_GLASS)} AND NEW.reason = '' AND {_BY_ERASURE}",
    "service_grant": f"{_same(*_GRANT)} AND {_ENDED}",
    "service_restriction": f"{_same(*_RESTRICTION)} AND (({_same('child', 'reason', 'salt', 'child_seal')} AND {_LIFTED})"
    f" OR ({_same('lifted_by', 'lifted_at')} AND NEW.reason = '' AND {_BY_ERASURE}))",
    "service_erasurerequest": f"{_same(*_ERASURE)} AND (({_same('child', 'reason', 'salt', 'child_seal')}"
    " AND OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL AND NEW.decided_by <> '')"
    f" OR ({_same(*_DECISION)} AND NEW.reason = '' AND {_BY_ERASURE}))",
    "service_rolerequest": f"{_same(*_REQUEST)} AND OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL"
    " AND NEW.decided_by <> ''",
    "service_onetimelink": f"{_same(*_ONE_TIME)} AND OLD.ended_at IS NULL AND NEW.wrong >= OLD.wrong",
    "service_restriction_allowed": "",
    "service_personchange": "",
    "service_appointment": "",
}
"""The one change that each table allows; empty where it allows none."""


_REQUESTS = ("service_rolerequest", "service_onetimelink")
_LATER = (*_REQUESTS, "service_erasurerequest", "service_appointment")
"""Tables about people that later migrations added."""


def guard_people(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers that let a grant only end, a restriction only be lifted, and nothing else change."""
    postgres = editor.connection.vendor == "postgresql"
    there = tables_of(editor)
    if "service_look" in there:
        on = " ON service_look" if postgres else ""
        editor.execute(f"DROP TRIGGER service_look_no_update{on}")  # it let no erasure through
    for table, allowed in _CHANGES.items():
        if table in _LATER or table not in there:
            continue
        for statement in (_guard_on_postgresql if postgres else _guard_on_sqlite)(table, allowed):
            editor.execute(statement)


def _guard_on_sqlite(table: str, allowed: str) -> list[str]:
    abort = f"BEGIN SELECT RAISE(ABORT, '{_REFUSES}'); END"
    when = f"WHEN NOT ({allowed.replace('IS NOT DISTINCT FROM', 'IS')}) " if allowed else ""
    key = "id" if table.endswith("_allowed") else "number"
    there = f"(SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - names of our own
    delete = f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {abort}"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when}{abort}",
        *([] if table == "service_look" else [delete]),
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS {there} {abort}",
    ]


def _guard_on_postgresql(table: str, allowed: str) -> list[str]:
    changes = "ledger_refuses"
    statements = []
    if allowed:
        changes = f"{table}_changes"
        body = f"IF {allowed} THEN RETURN NEW; END IF; RAISE EXCEPTION '{_REFUSES}';"
        statements.append(_function(changes, body))
    statements.append(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {changes}()"
    )
    if table == "service_look":
        return statements
    return [
        *statements,
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_refuses()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses()",
    ]


# -- the access chain ------------------------------------------------------------------------------

_RELEASED = (  # the newest link of the access chain releases the look: its key is the last number that goes
    "EXISTS (SELECT 1 FROM service_accesslink a WHERE a.number = (SELECT max(number) FROM service_accesslink)"
    " AND a.kind = 'released' AND OLD.number <= CAST(a.key AS bigint))"
)
GUARDED = (*_UNIQUE, *_CHANGES, "service_accesslink")
"""Every table whose rows triggers keep from being changed, taken out or replaced."""

_ACCESS_LINK_THERE = "(SELECT 1 FROM service_accesslink WHERE number = NEW.number OR hash = NEW.hash)"


def guard_requests(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers that let a request only be decided, once, and a link only end."""
    postgres = editor.connection.vendor == "postgresql"
    for table in _REQUESTS:
        for statement in (_guard_on_postgresql if postgres else _guard_on_sqlite)(table, _CHANGES[table]):
            editor.execute(statement)


def guard_appointments(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Guard appointments, and roles and requests again: SQLite drops their triggers when a column changes."""
    postgres = editor.connection.vendor == "postgresql"
    for table in ("service_grant", "service_rolerequest", "service_appointment"):
        for what in ("update", "delete", "replace", "truncate"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}{f' ON {table}' if postgres else ''}")
        for statement in (_guard_on_postgresql if postgres else _guard_on_sqlite)(table, _CHANGES[table]):
            editor.execute(statement)


def guard_erasure_requests(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers that let a request for an erasure be decided once, and be unnamed by the erasure."""
    table = "service_erasurerequest"
    if table in tables_of(editor):
        guard = _guard_on_postgresql if editor.connection.vendor == "postgresql" else _guard_on_sqlite
        for statement in guard(table, _CHANGES[table]):
            editor.execute(statement)


def guard_access_chain(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Guard the access chain, and make the triggers about people again: SQLite drops them when columns change."""
    postgres = editor.connection.vendor == "postgresql"
    there = tables_of(editor)
    for table, allowed in _CHANGES.items():
        if table in _LATER or table not in there:
            continue
        for what in ("update", "delete", "replace", "truncate"):
            on = f" ON {table}" if postgres else ""
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}{on}")
        for statement in (_guard_on_postgresql if postgres else _guard_on_sqlite)(table, allowed):
            editor.execute(statement)
    if "service_look" in there:
        for statement in _release_on_postgresql() if postgres else _release_on_sqlite():
            editor.execute(statement)
    for statement in _chain_on_postgresql() if postgres else _chain_on_sqlite():
        editor.execute(statement)


def _release_on_sqlite() -> list[str]:
    abort = f"BEGIN SELECT RAISE(ABORT, '{_REFUSES}'); END"
    return [
        f"CREATE TRIGGER service_look_no_delete BEFORE DELETE ON service_look WHEN NOT ({_RELEASED}) {abort}"
    ]


def _chain_on_sqlite() -> list[str]:
    abort = f"BEGIN SELECT RAISE(ABORT, '{_REFUSES}'); END"
    chain = "service_accesslink"
    return [
        f"CREATE TRIGGER {chain}_no_update BEFORE UPDATE ON {chain} {abort}",
        f"CREATE TRIGGER {chain}_no_delete BEFORE DELETE ON {chain} {abort}",
        f"CREATE TRIGGER {chain}_no_replace BEFORE INSERT ON {chain} WHEN EXISTS {_ACCESS_LINK_THERE} {abort}",
    ]


def _release_on_postgresql() -> list[str]:
    body = f"IF {_RELEASED} THEN RETURN OLD; END IF; RAISE EXCEPTION '{_REFUSES}';"
    return [
        _function("service_look_released", body),
        "CREATE TRIGGER service_look_no_delete BEFORE DELETE ON service_look"
        " FOR EACH ROW EXECUTE FUNCTION service_look_released()",
        "CREATE TRIGGER service_look_no_truncate BEFORE TRUNCATE ON service_look"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses()",
    ]


def _chain_on_postgresql() -> list[str]:
    statements = []
    for what in ("UPDATE", "DELETE", "TRUNCATE"):
        each = "STATEMENT" if what == "TRUNCATE" else "ROW"
        statements.append(
            f"CREATE TRIGGER service_accesslink_no_{what.lower()} BEFORE {what} ON service_accesslink"
            f" FOR EACH {each} EXECUTE FUNCTION ledger_refuses()"
        )
    return statements


# -- whether they are there -------------------------------------------------------------------------


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that a database should have for the tables it has, and that are gone or turned off."""
    postgres = connection.vendor == "postgresql"
    there = set(connection.introspection.table_names())
    changes = ("update", "delete", "truncate" if postgres else "replace")
    expected = {f"{table}_no_{change}" for table in GUARDED if table in there for change in changes}
    asked = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if postgres
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        present = {name for (name,) in cursor.fetchall()}
    return sorted(expected - present)
