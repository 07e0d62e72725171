"""One exchange with the server: several statements in one packet, their answers in one.

psycopg's own pipeline hands every statement to the network by itself, so that the server is woken for each, and its cursors read rows in
ways that an act does not need. Here each statement is prepared once a connection, all are written at once, and each answers with one row
at most. Values travel as text (bytes go out as they are); the server infers their types from the statement.
"""

from __future__ import annotations

import select
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import count, islice
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from psycopg import errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

# A statement with its parameters numbered ($1, $2 …), and their values.
Statement = tuple[str, Sequence[Any]]
# The first row that a statement answered with; None when it answered with none.
Row = tuple[str | None, ...] | None

BEGIN: Statement = ("BEGIN", ())
COMMIT: Statement = ("COMMIT", ())
ROLLBACK: Statement = ("ROLLBACK", ())
MOST = 100  # prepared statements that a connection keeps

# Text of a statement to the name it was prepared under, the longest unused first; gone with the connection.
_prepared: WeakKeyDictionary[psycopg.Connection[Any], dict[str, bytes]] = WeakKeyDictionary()
_numbers = count()


def raw() -> psycopg.Connection[Any]:
    """The psycopg connection under Django's, in autocommit: an act opens its own transaction and must be the outermost."""
    if connection.in_atomic_block:
        raise RuntimeError("an act is a transaction of its own: take() must not run inside another")
    connection.ensure_connection()
    return connection.connection  # type: ignore[no-any-return]  # Django types its driver connection as Any


@lru_cache(maxsize=1024)
def numbered(text: str) -> str:
    """`%s` as `$1`, `$2` …: how the server calls a parameter."""
    first, *rest = text.split("%s")
    return first + "".join(f"${n}{piece}" for n, piece in enumerate(rest, 1))


def exchange(conn: psycopg.Connection[Any], statements: Mapping[str, Statement]) -> dict[str, Row]:
    """Sends them all; answers, under their names, with the first row of each. Raises the server's first error: then `roll_back`."""
    try:
        return _pass(conn, statements)
    except errors.InvalidSqlStatementName:
        # After a rollback psycopg lets everything go that is prepared on the connection (DEALLOCATE ALL), and ours with its own.
        _prepared.pop(conn, None)
        if BEGIN not in statements.values():
            raise
    roll_back(conn)
    return _pass(conn, statements)


def roll_back(conn: psycopg.Connection[Any]) -> None:
    """Leaves the connection clean; one that was lost is let go, so that the next act gets a new one."""
    if conn.closed:
        connection.close()
    else:
        _pass(conn, {"roll back": ROLLBACK})


def _pass(conn: psycopg.Connection[Any], statements: Mapping[str, Statement]) -> dict[str, Row]:
    known = _prepared.setdefault(conn, {})
    used = {text: known.pop(text, None) for text, _ in statements.values()}
    new = {text: b"act%d" % next(_numbers) for text, name in used.items() if name is None}
    known.update((text, name) for text, name in used.items() if name is not None)
    idle = conn.pgconn.transaction_status == TransactionStatus.IDLE
    old = [*islice(known, max(0, len(known) + len(new) - MOST))] if idle else []
    try:
        results = _results(conn, [known.pop(text) for text in old], new, known | new, statements.values())
    except BaseException:
        # Whatever is still on its way has nobody left to read it.
        conn.close()
        raise
    prepared, answers = results[len(old) : len(old) + len(new)], results[len(old) + len(new) :]
    known.update((text, new[text]) for text, result in zip(new, prepared, strict=True) if result.status == ExecStatus.COMMAND_OK)
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise errors.error_from_result(result)
    return {name: _row(each) for name, each in zip(statements, answers, strict=True)}


def _row(result: PGresult) -> Row:
    values = [result.get_value(0, n) for n in range(result.nfields if result.ntuples else 0)]
    return tuple(value if value is None else value.decode() for value in values) or None


def _results(
    conn: psycopg.Connection[Any],
    old: Sequence[bytes],
    new: Mapping[str, bytes],
    names: Mapping[str, bytes],
    statements: Collection[Statement],
) -> list[PGresult]:
    """In this order: of letting `old` names go, of preparing `new` ones, of the statements."""
    wire = conn.pgconn
    wire.enter_pipeline_mode()
    for name in old:
        wire.send_query_params(b"DEALLOCATE " + name, None)
    for text, name in new.items():
        wire.send_prepare(name, text.encode())
    for text, params in statements:
        adapted = Transformer(conn)
        values = adapted.dump_sequence(params, [PyFormat.BINARY if type(each) is bytes else PyFormat.TEXT for each in params])
        wire.send_query_prepared(names[text], values, adapted.formats)
    wire.pipeline_sync()
    found = _received(wire)
    wire.exit_pipeline_mode()
    return found


def _received(wire: PGconn) -> list[PGresult]:
    """Sends what is written and waits for all of the answer, without holding up other threads."""
    socket = select.poll()
    while wire.flush():
        socket.register(wire.socket, select.POLLIN | select.POLLOUT)
        socket.poll()
        wire.consume_input()
    socket.register(wire.socket, select.POLLIN)
    found: list[PGresult] = []
    while True:
        while wire.is_busy():
            socket.poll()
            wire.consume_input()
        result = wire.get_result()
        if result is None:
            if wire.status == ConnStatus.BAD:
                raise errors.OperationalError("the connection to the server was lost")
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return found
        found.append(result)
