"""The supervisor of processes: a killed one comes back, none is left behind, a port belongs to one clone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from yifa.site import run

SLEEPER = "import time; time.sleep(60)"
PARENT = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); time.sleep(60)"


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("YIFA_VAR", str(tmp_path))
    yield tmp_path
    run.end_orphans(mark(tmp_path))


def mark(var: Path) -> bytes:
    return f"{run.MARK}={var}".encode()


def ours(var: Path) -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if run.marked(path, mark(var))]


def until(true: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_killed_process_is_started_again_and_its_children_do_not_live_on(var: Path, capfd: pytest.CaptureFixture[str]) -> None:
    web = run.Process("网站", "web", ["-c", PARENT])
    web.start()
    assert web.running is not None
    until(lambda: len(ours(var)) == 2)
    first = set(ours(var))
    os.kill(web.running.pid, signal.SIGKILL)
    until(lambda: not web.look())
    until(lambda: not first & set(ours(var)))
    assert "意外结束" in capfd.readouterr().err
    web.due = 0
    web.look()
    until(lambda: len(ours(var)) == 2)
    run.end([web])
    until(lambda: not ours(var))


def test_a_process_that_fails_at_once_is_not_hammered(var: Path) -> None:
    follower = run.Process("存证与统计", "follower", ["-c", "raise SystemExit('broken')"])
    pauses = []
    for _ in range(6):
        follower.start()
        until(lambda: not follower.look())
        pauses.append(follower.pause)
    assert pauses == [2, 4, 8, 16, 30, 30]
    assert "broken" in follower.log.read_text()


def test_a_process_that_runs_once_is_not_started_again(var: Path) -> None:
    demo = run.Process("演示数据", "demo", ["-c", "pass"], once=True)
    assert demo.look()
    until(lambda: not demo.look())
    assert not demo.look()


def test_children_never_see_the_owners_address(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIFA_DATABASE_OWNER_URL", "postgresql://owner@/yifa")
    monkeypatch.setenv("YIFA_DATABASE_URL", "postgresql://app@/yifa")
    child = run.Process("网站", "web", ["-c", "import os; print(sorted(name for name in os.environ if 'DATABASE' in name))"])
    child.start()
    assert child.running is not None
    child.running.wait()
    assert child.log.read_text().strip() == "['YIFA_DATABASE_URL']"


def test_processes_end_with_a_killed_supervisor(var: Path) -> None:
    program = (
        f"import time; from yifa.site import run; run.Process('a', 'a', ['-c', {SLEEPER!r}]).start(); print(1, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        until(lambda: ours(var))
        parent.kill()
    until(lambda: not ours(var))


def test_what_a_killed_run_left_is_ended_before_the_next(var: Path) -> None:
    left = subprocess.Popen([sys.executable, "-c", SLEEPER], env={**os.environ, run.MARK: str(var)}, start_new_session=True)
    other = subprocess.Popen([sys.executable, "-c", SLEEPER], env={**os.environ, run.MARK: f"{var}-other"}, start_new_session=True)
    until(lambda: ours(var))
    with run.alone(var / "run.lock"):
        left.wait(60)
        assert other.poll() is None
    other.kill()
    other.wait()


def test_one_run_for_one_folder(var: Path) -> None:
    with run.alone(var / "run.lock"), pytest.raises(run.RunError, match="已经有一个"), run.alone(var / "run.lock"):
        pass


def test_two_clones_get_two_ports_and_keep_them(var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = tmp_path / "second"
    with run.port_of_ours(0) as port:
        monkeypatch.setenv("YIFA_VAR", str(second))
        with run.port_of_ours(0) as other:
            assert port != other
        with pytest.raises(run.RunError, match=str(port)), run.port_of_ours(port):
            pass
    with run.port_of_ours(0) as again:
        assert again == other


def test_a_port_another_program_listens_on_is_not_taken(var: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        with pytest.raises(run.RunError, match=str(taken)), run.port_of_ours(taken):
            pass
