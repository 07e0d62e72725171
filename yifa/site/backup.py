"""`yifa backup FOLDER` and `yifa restore FOLDER/STAMP`.

A backup is a dump of one snapshot of the database, and after it the files that the record names: files are named by their digest and
never change, so they lie once beside all dumps and only new ones are copied. Keys are not in it: they are kept elsewhere, and the
backup only tells which ones fit. A restore goes into an empty database and begins a new era of the record.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from yifa.site import postgres

DUMP, MANIFEST = "database.dump", "manifest.json"
KEYS = {"SECRET_KEY": "签名", "PERSONAL_KEY": "个人信息"}


class BackupError(Exception):
    """The backup or the restore is not possible; the text says why and what to do."""


def arguments(parser: argparse.ArgumentParser) -> None:
    restoring = parser.prog.endswith("restore")
    parser.add_argument("folder", type=Path, help="the folder of one backup" if restoring else "the folder that holds all backups")
    parser.add_argument("--json", action="store_true", help="print the manifest")
    parser.set_defaults(restore=restoring)


def main(options: argparse.Namespace) -> int:
    try:
        manifest = restore(options.folder) if options.restore else backup(options.folder)
    except BackupError as problem:
        print(problem, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(manifest, ensure_ascii=False, indent=2))
    else:
        done, rows, files = "已恢复" if options.restore else "已备份", manifest["rows"], manifest["files"]
        print(f"{done}:{len(rows)} 张表 {sum(rows.values())} 行,{files} 个文件,{manifest['folder']}")
    return 0


def backup(folder: Path) -> dict[str, Any]:
    """Dump first, then copy files: what the dump names was on disk before it was recorded."""
    now = dt.datetime.now(dt.UTC)
    target = folder / now.strftime("%Y%m%dT%H%M%SZ")
    draft = target.with_suffix(".draft")
    draft.mkdir(mode=0o700, parents=True)
    with psycopg.connect(settings.DATABASE_OWNER_URL) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = str(one(connection, "SELECT pg_export_snapshot()"))
        rows = dict(count(connection))
        if not rows:
            raise BackupError("数据库是空的,没有可备份的内容:请先运行 yifa migrate")
        run("pg_dump", connection, "--format=custom", f"--snapshot={snapshot}", f"--file={draft / DUMP}")
        version = connection.info.server_version // 10000
    manifest = {
        "made_at": now.isoformat(timespec="seconds"),
        "folder": str(target.name),
        "origin": settings.LOG_ORIGIN,
        "server": version,
        "sha256": digest(draft / DUMP),
        "rows": rows,
        "files": copy_files(settings.FILES, folder / "files"),
        "keys": keys(),
    }
    (draft / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    draft.rename(target)
    return manifest


def restore(folder: Path) -> dict[str, Any]:
    """Everything or nothing: one transaction, then the new era; the rows are counted against the manifest."""
    if not (folder / MANIFEST).exists():
        raise BackupError(f"{folder} 里没有 {MANIFEST}:这不是一份完整的备份")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if digest(folder / DUMP) != manifest["sha256"]:
        raise BackupError(f"{folder / DUMP} 与备份清单的摘要不符:文件已损坏,不能恢复")
    if wrong := [KEYS[name] for name, mark in keys().items() if manifest["keys"].get(name) != mark]:
        raise BackupError(f"当前的{'、'.join(wrong)}密钥不是备份时的密钥:请先放回原来的密钥文件")
    with psycopg.connect(settings.DATABASE_OWNER_URL, autocommit=True) as connection:
        if filled := list(table_names(connection)):
            raise BackupError(f"目标数据库不是空的(已有 {len(filled)} 张表):请恢复到一个新建的空数据库")
        run(
            "pg_restore",
            connection,
            "--no-owner",
            "--exit-on-error",
            "--single-transaction",
            "--dbname",
            connection.info.dbname,
            str(folder / DUMP),
        )
        rows = dict(count(connection))
        if rows != manifest["rows"]:
            differing = sorted(name for name in {*rows, *manifest["rows"]} if rows.get(name) != manifest["rows"].get(name))
            raise BackupError(f"恢复后的行数与备份清单不符:{'、'.join(differing)}")
        era = one(connection, "SELECT ledger_new_era(%s)", f"恢复自 {manifest['made_at']} 的备份")
        connection.execute("ANALYZE")
    return {**manifest, "files": copy_files(folder.parent / "files", settings.FILES), "era": era}


def run(tool: str, connection: psycopg.Connection[Any], *words: str) -> None:
    """One of PostgreSQL's tools; where it goes and with which password stands in its environment, where others cannot read it."""
    place = conninfo_to_dict(settings.DATABASE_OWNER_URL)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE", "sslmode": "PGSSLMODE"}
    environment = {**os.environ, **{names[key]: str(value) for key, value in place.items() if key in names and value is not None}}
    command = [str(program(tool, connection.info.server_version // 10000)), *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(f"{tool} 失败:{done.stderr.strip()}")


def program(tool: str, version: int) -> Path:
    """The tool of the server's own version where it is installed, else the wheel's (a newer one may not write an older server)."""
    for folder in (os.environ.get("YIFA_POSTGRES_BIN"), f"/usr/lib/postgresql/{version}/bin"):
        if folder and (path := Path(folder) / tool).exists():
            return path
    return postgres.wheel() / tool


def table_names(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """The tables that hold rows of their own, partitions and not their parents."""
    query = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"
    for (name,) in connection.execute(query):
        yield name


def count(connection: psycopg.Connection[Any]) -> Iterator[tuple[str, int]]:
    for name in list(table_names(connection)):
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        yield name, row[0] if row else 0


def one(connection: psycopg.Connection[Any], query: str, *values: object) -> object:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None


def copy_files(source: Path, target: Path) -> int:
    """Copy what is not there yet, each file complete under its name or not at all; how many there are."""
    found = 0
    for path in sorted(source.rglob("*")) if source.exists() else ():
        if not path.is_file():
            continue
        found += 1
        place = target / path.relative_to(source)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            draft = place.with_name(f".{place.name}.{os.getpid()}")
            shutil.copyfile(path, draft)
            draft.rename(place)
    return found


def keys() -> dict[str, str]:
    """Which keys this installation has, told by a digest that gives nothing away."""
    return {name: hashlib.sha256(f"yifa backup {getattr(settings, name)}".encode()).hexdigest()[:16] for name in KEYS}


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
