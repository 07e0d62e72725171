"""`yifa doctor`: what is wrong with this installation and what to do, one line each; exit 1 when something is."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from yifa.facts import queries as facts
from yifa.kernel.ledger import audit
from yifa.kernel.ledger import queries as ledger
from yifa.kernel.ledger.sealing import LedgerError
from yifa.laws import queries as laws
from yifa.site import frontend, local, postgres

OK, WARNING, WRONG = "ok", "warning", "wrong"
SIGNS = {OK: "✓", WARNING: "!", WRONG: "✗"}
OLDEST_SERVER = 15
LAG_SECONDS = 5
FREE_GIGABYTES = 5
CLOCK_SECONDS = 2
RECORD = tuple(f"ledger_{name}" for name in ("era", "entry", "payload", "leaf", "tile", "checkpoint", "erasure"))


@dataclass(frozen=True)
class Finding:
    level: str
    subject: str
    text: str
    todo: str = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--record", action="store_true", help="also check every entry of the record; takes its time")


def main(options: argparse.Namespace) -> int:
    found = list(examine(whole=options.record))
    if options.json:
        print(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    else:
        for finding in found:
            print(f"{SIGNS[finding.level]} {finding.subject}:{finding.text}" + (f"\n    → {finding.todo}" if finding.todo else ""))
    wrong = [finding for finding in found if finding.level == WRONG]
    if wrong:
        print(f"{len(wrong)} 处有问题:{'、'.join(finding.subject for finding in wrong)}", file=sys.stderr)
    return 1 if wrong else 0


def examine(*, whole: bool = False) -> Iterator[Finding]:
    """Every examination by itself: one that cannot even be made is a finding, not the end."""
    asked = {**EXAMINATIONS, "全部记录": whole_record} if whole else EXAMINATIONS
    for subject, look in asked.items():
        try:
            yield from (Finding(level, subject, text, todo) for level, text, todo in look())
        except Exception as problem:  # whatever it is, the administrator is to read it
            yield Finding(WRONG, subject, f"{type(problem).__name__}: {problem}".strip(), "先解决以上问题,再运行 yifa doctor")


Row = tuple[str, str, str]


def python() -> Iterator[Row]:
    fits = sys.version_info >= (3, 11)
    yield (OK if fits else WRONG, sys.version.split()[0], "" if fits else "需要 Python 3.11 或更高版本")


def server() -> Iterator[Row]:
    with psycopg.connect(settings.DATABASE_URL, connect_timeout=5) as connection:
        version = connection.info.server_version // 10000
        enough = version >= OLDEST_SERVER
        yield (OK if enough else WRONG, f"PostgreSQL {version}", "" if enough else f"需要 PostgreSQL {OLDEST_SERVER} 或更高版本")
        encoding = value(connection, "SHOW server_encoding")
        yield (OK if encoding == "UTF8" else WRONG, f"编码 {encoding}", "" if encoding == "UTF8" else "用 ENCODING 'UTF8' 重建数据库")
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            if (setting := value(connection, f"SHOW {name}")) == "off":
                yield WRONG, f"{name} = {setting},断电会丢失已确认的记录", f"在 postgresql.conf 中设 {name} = on"
        drift = abs((value(connection, "SELECT clock_timestamp()") - datetime.now(UTC)).total_seconds())
        if drift > CLOCK_SECONDS:
            yield WARNING, f"与本机时钟相差 {drift:.0f} 秒", "在两台机器上启用时间同步(chrony 或 systemd-timesyncd)"


def roles() -> Iterator[Row]:
    """The working role reads and appends; were it the owner or a superuser, the record would be protected by nothing but manners."""
    with psycopg.connect(settings.DATABASE_URL, connect_timeout=5) as connection:
        name, strong = connection.execute(
            "SELECT rolname, rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone() or ("", True)
        yield (WRONG if strong else OK, f"工作角色 {name}", "收回该角色的 SUPERUSER 和 CREATEROLE" if strong else "")
        owned = value(
            connection, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = current_user::regrole"
        )
        if owned:
            yield WRONG, f"工作角色拥有 {owned} 个对象", f"用 {postgres.OWNER} 运行 yifa migrate,并把这些对象改归它"
        query = """
            SELECT relname FROM pg_class WHERE oid = ANY(%s::regclass[]) AND (has_table_privilege(oid, 'UPDATE')
                OR has_table_privilege(oid, 'DELETE') OR has_table_privilege(oid, 'TRUNCATE'))
        """
        if open_tables := [str(table) for (table,) in connection.execute(query, [list(RECORD)])]:
            yield (
                WRONG,
                f"工作角色可以改写存证表 {'、'.join(open_tables)}",
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(open_tables)} FROM {name}",
            )


def migrations() -> Iterator[Row]:
    executor = MigrationExecutor(connections["default"])
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield (
        WRONG if missing else OK,
        f"{len(missing)} 个结构变更未应用" if missing else "结构是最新的",
        "运行 yifa migrate" if missing else "",
    )


def record() -> Iterator[Row]:
    lag = ledger.lag()
    waited = (timezone.now() - lag.oldest).total_seconds() if lag.oldest else 0.0
    late = waited > LAG_SECONDS
    text = f"待封存 {lag.entries} 条,最久等待 {waited:.1f} 秒,来源 {settings.LOG_ORIGIN}"
    todo = "看 follower 是否在运行及其日志;再查是否有长时间未结束的事务(pg_stat_activity.xact_start)" if late else ""
    yield (WRONG if late else OK), text, todo
    head = ledger.checkpoint()
    behind = (head.size if head else 0) - facts.position()
    yield (WARNING if behind > 1000 else OK), f"日志 {head.size if head else 0} 条,统计落后 {max(behind, 0)} 条", ""


def whole_record() -> Iterator[Row]:
    """Every body, chain, commitment and place, and the signed root."""
    try:
        found = audit.verify_record()
    except LedgerError as fault:
        yield WRONG, f"记录与自身不符：{fault}", "请保留现场，停止写入，用备份和监督方留存的检查点核对"
    else:
        yield OK, f"{found.entries} 条逐条核对无误，其中 {found.size} 条已封存，{found.erased} 份内容已依法清除", ""


def library() -> Iterator[Row]:
    empty = not laws.library(limit=1)[0]
    yield (WRONG if empty else OK, "没有法律文本" if empty else "已导入", "运行 yifa prepare" if empty else "")


def files() -> Iterator[Row]:
    folder = settings.FILES
    folder.mkdir(parents=True, exist_ok=True)
    writable = os.access(folder, os.W_OK)
    free = shutil.disk_usage(folder).free / 1e9
    yield (OK if writable else WRONG, str(folder), "" if writable else "让运行用户可以写入该文件夹")
    if free < FREE_GIGABYTES:
        yield WARNING, f"磁盘只剩 {free:.1f} GB", "扩容,或把 YIFA_FILES 移到更大的磁盘"


def secrets() -> Iterator[Row]:
    """Keys are readable by their owner only, and none is the one that stands in the source."""
    folder = local.var() / "secrets"
    loose = [path.name for path in (folder.iterdir() if folder.exists() else ()) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    yield (WRONG if loose else OK, f"权限过宽:{'、'.join(loose)}" if loose else "权限正确", f"chmod 600 {folder}/*" if loose else "")
    if settings.SECRET_KEY == "only-for-commands-that-sign-nothing":  # noqa: S105 - this is the check that it is not used
        yield WRONG, "YIFA_SECRET_KEY 没有设置", "设 YIFA_SECRET_KEY_FILE 指向一个随机密钥文件"


def pages() -> Iterator[Row]:
    built = (frontend.RESULT / "stamp").exists()
    yield (
        OK if built else WRONG,
        "样式与脚本已构建" if built else "样式与脚本未构建",
        "" if built else "运行 yifa build,再运行 yifa manage collectstatic",
    )


def publicity() -> Iterator[Row]:
    real = not settings.LOG_ORIGIN.startswith(("demo.", "drill."))
    if settings.DEBUG:
        yield (WRONG if real else WARNING), "YIFA_DEBUG 打开着,出错页会泄露内部信息", "关闭 YIFA_DEBUG"
    if real and not settings.PUBLIC_URL.startswith("https://"):
        yield WRONG, f"对外地址 {settings.PUBLIC_URL} 不是 https", "在反向代理上启用 TLS,并设 YIFA_PUBLIC_URL=https://…"
    yield OK, f"对外地址 {settings.PUBLIC_URL}", ""


EXAMINATIONS: dict[str, Callable[[], Iterator[Row]]] = {
    "Python": python,
    "数据库": server,
    "角色": roles,
    "结构": migrations,
    "存证": record,
    "法规库": library,
    "文件": files,
    "密钥": secrets,
    "页面": pages,
    "对外": publicity,
}


def value(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
