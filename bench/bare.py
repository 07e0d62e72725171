"""The other side of `qr`: a bare WSGI callable that does the same indexed read and sends as many bytes, with nothing in between."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

BODY = Path(os.environ["YIFA_BENCH_BODY"]).read_bytes()
STATEMENT = Path(os.environ["YIFA_BENCH_STATEMENT"]).read_text(encoding="utf-8")
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]
_local = threading.local()


def application(environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], Any]) -> Iterable[bytes]:
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(os.environ["YIFA_DATABASE_URL"], autocommit=True, row_factory=dict_row)
    row = _local.connection.execute(STATEMENT, [environ["PATH_INFO"].rpartition("/")[2]], prepare=True).fetchone()
    if row is None:
        start_response("404 Not Found", [("Content-Length", "0")])
        return []
    start_response("200 OK", HEADERS)
    return [BODY]
